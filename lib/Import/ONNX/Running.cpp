//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Running sums and products.
///
//===----------------------------------------------------------------------===//

#include "Operators.h"

using namespace mlir;
using namespace sylvite;
using graph::Dim;

/// Products of all elements up to each along an axis: a loop, as the graph has
/// an op for sums alone.
static Value multiplyAlong(GraphWriter &ops, Value x, int64_t axis) {
  if (!x)
    return {};
  Dims dims = graph::getDims(x);
  dims.erase(dims.begin() + axis);
  SmallVector<Value> results =
      ops.scan(ops.broadcast(ops.like(1, x), dims), x, axis,
               [&](const GraphWriter::ScanStep &step) {
                 using Values = SmallVector<Value>;
                 Value next = ops.mul(step.carried[0], step.elements[0]);
                 return std::pair<Values, Values>({next}, {next});
               });
  return results.size() == 2 ? results[1] : Value();
}

template <bool isProduct>
static LogicalResult importRunning(Node &node) {
  GraphWriter &ops = node.ops;
  Dims dims = node.getDims(0);
  if (node.isPoisoned())
    return failure();
  FailureOr<SmallVector<int64_t>> given = node.getIntegers(1, "an axis");
  if (failed(given))
    return failure();
  if (given->size() != 1)
    return node.invalid("takes one axis");
  FailureOr<int64_t> axis = node.checkAxis(given->front(), dims.size());
  if (failed(axis))
    return failure();
  bool exclusive = node.getInt("exclusive", 0),
       reverse = node.getInt("reverse", 0);
  Value x = node.get(0);
  if (reverse)
    x = ops.flip(x, *axis);
  if (exclusive) {
    // 0, x_0, x_1, ... (of products 1): what stands in front.
    if (!dims[*axis].isStatic())
      return node.unsupported("an exclusive sum or product along a dynamic "
                              "axis");
    int64_t extent = dims[*axis].size;
    SmallVector<int64_t> low(dims.size(), 0), high(dims.size(), 0);
    low[*axis] = 1;
    graph::PadOp::Properties properties;
    properties.low = ops.getBuilder().getDenseI64ArrayAttr(low);
    properties.high = ops.getBuilder().getDenseI64ArrayAttr(high);
    x = ops.infer<graph::PadOp>({x, ops.like(isProduct, x)}, properties);
    x = ops.slice(x, *axis, 0, extent);
  }
  if (isProduct)
    x = multiplyAlong(ops, x, *axis);
  else
    x = ops.create<graph::CumsumOp>(x ? x.getType() : Type(), x, *axis);
  if (reverse)
    x = ops.flip(x, *axis);
  return node.set(0, x, node.getOnnxType(0));
}

void sylvite::addRunning(Operators &operators) {
  operators.add("CumSum", importRunning<false>);
  operators.add("CumProd", importRunning<true>);
}
