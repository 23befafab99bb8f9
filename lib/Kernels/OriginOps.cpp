//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The attributes that hold the numbers of ops.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Kernels/OriginOps.h"
#include "Lowerings.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinAttributes.h"

using namespace mlir;
using namespace sylvite;

static constexpr StringLiteral kNumber = "sylvite.op", kNumbers = "sylvite.ops";

void sylvite::setOriginNumber(Operation *op, int64_t number) {
  op->setAttr(kNumber, Builder(op->getContext()).getI64IntegerAttr(number));
}

std::optional<int64_t> sylvite::getOriginNumber(Operation *op) {
  auto number = op->getAttrOfType<IntegerAttr>(kNumber);
  return number ? std::optional(number.getInt()) : std::nullopt;
}

SmallVector<int64_t> sylvite::getOrigins(Operation *call) {
  auto numbers = call->getAttrOfType<DenseI64ArrayAttr>(kNumbers);
  return numbers ? SmallVector<int64_t>(numbers.asArrayRef())
                 : SmallVector<int64_t>();
}

void sylvite::setOrigins(Operation *call, ArrayRef<int64_t> numbers) {
  call->setAttr(kNumbers, DenseI64ArrayAttr::get(call->getContext(), numbers));
}

void sylvite::dropOrigins(Operation *call) { call->removeAttr(kNumbers); }

/// Adds the numbers of an op and of the deferred ones that are written with it.
static void collectOrigins(Operation *op, const LoweringContext &context,
                           llvm::SmallSetVector<int64_t, 4> &numbers) {
  if (std::optional<int64_t> number = getOriginNumber(op))
    numbers.insert(*number);
  for (Value operand : op->getOperands())
    if (Operation *behind = operand.getDefiningOp();
        behind && context.isDeferred(behind))
      collectOrigins(behind, context, numbers);
}

void sylvite::noteOrigins(Operation *op, LoweringContext &context) {
  if (!getOriginNumber(op) || op->getNumResults() == 0)
    return;
  llvm::SmallSetVector<int64_t, 4> numbers;
  collectOrigins(op, context, numbers);
  FailureOr<Value> tensor = context.getTensor(op->getResult(0));
  if (failed(tensor))
    return;
  if (auto call = context.getBase(*tensor).getDefiningOp<halide::InvokeOp>())
    setOrigins(call, numbers.getArrayRef());
}
