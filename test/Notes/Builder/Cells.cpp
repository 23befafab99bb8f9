//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Steps of recurrent cells: gates are slices, in PyTorch's order.
///
//===----------------------------------------------------------------------===//

#include "Cells.h"

using namespace mlir;
using namespace sylvite::graph;

/// Part `number` of `count` equal ones along the last axis.
static Value getPart(GraphBuilder &b, Value x, int64_t number, int64_t count) {
  if (!x)
    return x;
  int64_t size = getDims(x).back().size / count;
  return b.slice(x, -1, number * size, (number + 1) * size);
}

Value stepGru(GraphBuilder &b, Value row, Value state, Value h) {
  auto gate = [&](Value x, int64_t number) { return getPart(b, x, number, 3); };
  Value r = b.sigmoid(b.add(gate(row, 0), gate(state, 0)));
  Value z = b.sigmoid(b.add(gate(row, 1), gate(state, 1)));
  Value n = b.tanh(b.add(gate(row, 2), b.mul(r, gate(state, 2))));
  return b.add(n, b.mul(z, b.sub(h, n)));
}

SmallVector<Value> stepLstm(GraphBuilder &b, Value row, Value state,
                            Value cell) {
  Value sum = b.add(row, state);
  auto gate = [&](int64_t number) { return getPart(b, sum, number, 4); };
  Value in = b.mul(b.sigmoid(gate(0)), b.tanh(gate(2)));
  Value next = b.add(b.mul(b.sigmoid(gate(1)), cell), in);
  return {b.mul(b.sigmoid(gate(3)), b.tanh(next)), next};
}
