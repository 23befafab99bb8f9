//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Rules of the ops that stand in host programs.
///
//===----------------------------------------------------------------------===//

#include "mlir/IR/Builders.h"
#include "sylvite/Dialect/Halide/HalideDialect.h"

using namespace mlir;
using namespace sylvite::halide;

LogicalResult WeightOp::verify() {
  // HALIDE_WEIGHT-1
  if (getSources().empty() != getValue().has_value())
    return emitOpError("needs either sources or a value");
  // HALIDE_WEIGHT-2
  auto type = cast<ShapedType>(getType());
  if (getPanels() && (int64_t(*getPanels()) < 1 || type.getRank() != 3 ||
                      type.getDimSize(2) != int64_t(*getPanels())))
    return emitOpError("panels need a positive width and a result of rank 3 "
                       "that ends with it");
  // HALIDE_WEIGHT-3
  Type element = type.getElementType();
  if (getWords()) {
    bool fits = getWords()->isBF16()
                    ? element.isInteger(32)
                    : getWords()->isInteger(8) &&
                          (element.isInteger(32) || element.isInteger(16));
    if (!fits || !getPanels())
      return emitOpError("words need panels, and elements of bf16 and a result "
                         "of i32, or elements of i8 and one of i32 or i16");
  }
  // HALIDE_WEIGHT-4
  bool hasValues = getQuantized() == QuantizedPart::Values;
  if (hasValues != (getWords() && getWords()->isInteger(8)))
    return emitOpError("quantized(values) and words(i8) need each other");
  if (getQuantized() == QuantizedPart::Scales &&
      (!element.isF32() || type.getRank() != 1 || getPanels()))
    return emitOpError("quantized(scales) is a vector of f32, not ") << type;
  if (getQuantized() == QuantizedPart::Offsets &&
      (!element.isInteger(32) || !getPanels() || type.getDimSize(1) != 1))
    return emitOpError("quantized(offsets) is one row of i32 in panels, not ")
           << type;
  return success();
}

LogicalResult DimOp::verify() {
  // HALIDE_DIM-1
  if (getName().empty())
    return emitOpError("needs the name of a dimension");
  return success();
}

void InvokeOp::getEffects(
    SmallVectorImpl<SideEffects::EffectInstance<MemoryEffects::Effect>>
        &effects) {
  // On tensors a call is pure; on memrefs it reads and writes.
  for (OpOperand &input : getInputsMutable())
    if (isa<MemRefType>(input.get().getType()))
      effects.emplace_back(MemoryEffects::Read::get(), &input);
  for (OpOperand &output : getOutputsMutable()) {
    if (!isa<MemRefType>(output.get().getType()))
      continue;
    if (readsElements(output))
      effects.emplace_back(MemoryEffects::Read::get(), &output);
    effects.emplace_back(MemoryEffects::Write::get(), &output);
  }
}

bool InvokeOp::readsElements(OpOperand &operand) {
  auto kernel =
      SymbolTable::lookupNearestSymbolFrom<PipelineOp>(*this, getKernelAttr());
  if (!kernel)
    return true;
  unsigned number = operand.getOperandNumber(), inputs = getInputs().size();
  if (number < inputs)
    return llvm::any_of(kernel.getArgument(number).getUsers(),
                        llvm::IsaPred<LoadOp>);
  return bool(kernel.getResultAttr(number - inputs, HalideDialect::kInPlace));
}

LogicalResult InvokeOp::verify() {
  // INVOKE-2
  bool onTensors =
      llvm::all_of(getOutputs().getTypes(), llvm::IsaPred<RankedTensorType>);
  bool onMemRefs =
      llvm::all_of(getOutputs().getTypes(), llvm::IsaPred<MemRefType>);
  bool valid =
      onTensors ? llvm::equal(getOutputs().getTypes(), getResults().getTypes())
                : onMemRefs && getResults().empty();
  if (!valid)
    return emitOpError("results must be the outputs' types on tensors, and "
                       "none on memrefs");
  return success();
}

/// INVOKE-1: element types agree, and extents in reverse order.
static bool fits(Type operand, Type buffer) {
  auto shaped = dyn_cast<ShapedType>(operand);
  auto bufferType = cast<BufferType>(buffer);
  if (!shaped || !shaped.hasRank() ||
      shaped.getElementType() != bufferType.getElementType() ||
      shaped.getRank() != int64_t(bufferType.getRank()))
    return false;
  auto extents =
      llvm::zip(llvm::reverse(shaped.getShape()), bufferType.getShape());
  return llvm::all_of(extents, [](auto pair) {
    auto [have, want] = pair;
    return have == want || ShapedType::isDynamic(want);
  });
}

LogicalResult InvokeOp::verifySymbolUses(SymbolTableCollection &symbolTable) {
  auto kernel =
      symbolTable.lookupNearestSymbolFrom<PipelineOp>(*this, getKernelAttr());
  if (!kernel)
    return emitOpError("no halide.pipeline is called ") << getKernelAttr();
  auto check = [&](ValueRange operands, ArrayRef<Type> buffers,
                   StringRef what) -> LogicalResult {
    if (operands.size() != buffers.size())
      return emitOpError("passes ")
             << operands.size() << ' ' << what << "s, " << getKernelAttr()
             << " has " << buffers.size();
    for (auto [operand, buffer] : llvm::zip(operands, buffers))
      if (!fits(operand.getType(), buffer))
        return emitOpError(what)
               << ' ' << operand.getType() << " does not fit " << buffer;
    return success();
  };
  if (failed(check(getInputs(), kernel.getArgumentTypes(), "input")))
    return failure();
  return check(getOutputs(), kernel.getResultTypes(), "output");
}
