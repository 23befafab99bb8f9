//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Builds loops over time, state and calls.
///
//===----------------------------------------------------------------------===//

#include "mlir/IR/Verifier.h"
#include "sylvite/Dialect/Graph/GraphBuilder.h"

using namespace mlir;
using namespace sylvite::graph;

static bool areAllThere(ValueRange values) {
  return llvm::all_of(values, [](Value value) { return bool(value); });
}

static Type getI64Scalar(MLIRContext *context) {
  return RankedTensorType::get({}, IntegerType::get(context, 64));
}

SmallVector<Value>
GraphBuilder::scan(ValueRange inits, ValueRange sequences,
                   const ScanOptions &options,
                   function_ref<ScanNext(const ScanStep &)> body) {
  // The body is not called: it could not say what it gives.
  if (!areAllThere(inits) || !areAllThere(sequences)) {
    fail();
    return {};
  }
  Location loc = getLoc();
  Region region;
  Block &block = region.emplaceBlock();
  ScanStep step;
  step.number = block.addArgument(getI64Scalar(builder.getContext()), loc);
  for (Value init : inits)
    step.carried.push_back(block.addArgument(init.getType(), loc));
  std::optional<Dim> time = options.steps;
  for (Value sequence : sequences) {
    SmallVector<Dim> dims = getDims(sequence);
    if (options.axis < 0 || options.axis >= int64_t(dims.size())) {
      emitError(loc) << "axis " << options.axis
                     << " is outside of the sequence " << sequence.getType();
      fail();
      return {};
    }
    if (!time)
      time = dims[options.axis];
    dims.erase(dims.begin() + options.axis);
    step.elements.push_back(block.addArgument(
        getTensorType(dims, getElementTypeOrSelf(sequence)), loc));
  }

  ScanNext next;
  {
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToStart(&block);
    next = body(step);
    if (!areAllThere(next.carry) || !areAllThere(next.emit)) {
      fail();
      return {};
    }
    NextOp::create(builder, loc, next.carry, next.emit, next.stop);
  }

  SmallVector<Type> types(inits.getTypes());
  for (Value value : next.emit) {
    SmallVector<Dim> dims = getDims(value);
    if (!time || options.axis < 0 || options.axis > int64_t(dims.size())) {
      emitError(loc) << "a scan without sequences needs the dimension of its "
                        "steps, and an axis inside of its outputs";
      fail();
      return {};
    }
    dims.insert(dims.begin() + options.axis, *time);
    types.push_back(getTensorType(dims, getElementTypeOrSelf(value)));
  }
  IntegerAttr steps;
  if (next.emit.empty() && sequences.empty() && time && time->isStatic())
    steps = builder.getI64IntegerAttr(time->size);
  auto op = ScanOp::create(builder, loc, types, inits, sequences, options.axis,
                           options.reverse, steps);
  op.getBody().takeBody(region);
  if (failed(mlir::verify(op, /*verifyRecursively=*/false))) {
    fail();
    return {};
  }
  return llvm::to_vector_of<Value>(op.getResults());
}

Value GraphBuilder::update(Value input, Value rows, Value position,
                           int64_t axis, ArrayRef<int64_t> offsets) {
  if (!input || !rows || !position)
    return fail();
  int64_t rank = getDims(input).size();
  DenseI64ArrayAttr places;
  if (!offsets.empty())
    places = builder.getDenseI64ArrayAttr(offsets);
  auto op = UpdateOp::create(builder, getLoc(), input.getType(), input, rows,
                             position, axis < 0 ? axis + rank : axis, places);
  return failed(mlir::verify(op)) ? fail() : op.getResult();
}

SmallVector<Value> GraphBuilder::call(func::FuncOp callee,
                                      ValueRange operands) {
  if (!areAllThere(operands)) {
    fail();
    return {};
  }
  if (operands.getTypes() != callee.getArgumentTypes()) {
    emitError(getLoc()) << "@" << callee.getName() << " takes ("
                        << callee.getArgumentTypes() << "), not ("
                        << operands.getTypes() << ")";
    fail();
    return {};
  }
  auto op = func::CallOp::create(builder, getLoc(), callee, operands);
  return llvm::to_vector_of<Value>(op.getResults());
}

Value GraphBuilder::argmax(Value input, int64_t axis) {
  if (!input)
    return fail();
  ArgmaxOp::Properties properties;
  int64_t rank = getDims(input).size();
  properties.axis = builder.getI64IntegerAttr(axis < 0 ? axis + rank : axis);
  SmallVector<Type> types;
  ArgmaxOp::Adaptor adaptor(input, DictionaryAttr(), properties);
  if (failed(ArgmaxOp::inferReturnTypes(builder.getContext(), getLoc(), adaptor,
                                        types)))
    return fail();
  return ArgmaxOp::create(builder, getLoc(), types.front(), input,
                          properties.axis);
}
