//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A block written into a tensor. The kernel writes the block and nothing else;
/// bufferization decides whether the tensor has to be copied first.
///
//===----------------------------------------------------------------------===//

#include "Lowerings.h"

using namespace mlir;
using namespace sylvite;

/// Where the block begins on the axis: the position as an i32 inside
/// [0, last]. It is clamped before its type changes, so that no bits are lost,
/// and after, which bounds it for Halide.
static Expr clampPosition(Expr position, Expr last) {
  Expr zero = last.like(0);
  Expr inside =
      clamp(position, position.like(0), cast(last, position.getType()));
  return clamp(cast(inside, last.getType()), zero, last);
}

LogicalResult sylvite::lowerUpdate(graph::UpdateOp op,
                                   LoweringContext &context) {
  Type element = op.getType().getElementType();
  Extents dims = getExtents(op.getInput()), block = getExtents(op.getRows());
  unsigned rank = dims.size(), axis = op.getAxis();
  KernelBuilder kernel(
      context, op.getLoc(),
      "update_" + getTypeName(element) + "_" + Twine(rank) + "d", "update");
  FailureOr<Operand> rows = kernel.read(op.getRows());
  FailureOr<Operand> position = kernel.read(op.getPosition());
  FailureOr<Value> tensor = context.getTensor(op.getInput());
  if (failed(rows) || failed(position) || failed(tensor))
    return failure();
  // Its extents are read off the tensor itself; its elements are not.
  if (!dims[axis].isStatic())
    kernel.addInput(*tensor);
  Expr last = kernel.extent(dims[axis]) - kernel.extent(block[axis]);

  // Where the block covers an axis, the place follows the variable; where it is
  // of one element, nothing has to be gone through.
  auto covers = [&](unsigned i) { return dims[i] == block[i]; };
  Func out = kernel.func("out", rank, element,
                         [&](Vars) { return kernel.undefined(element); });
  SmallVector<std::string> names;
  for (unsigned i = 0; i != rank; ++i)
    names.push_back("r" + llvm::utostr(i));
  SmallVector<Range> ranges;
  SmallVector<unsigned> rangeOf(rank);
  for (unsigned i = rank; i-- > 0;) {
    rangeOf[i] = ranges.size();
    if (!covers(i) && !block[i].isOne())
      ranges.push_back({names[i], kernel.index(0), kernel.extent(block[i])});
  }
  kernel.update(out, ranges, [&](Vars v, Vars r) {
    SmallVector<Expr> own = reversed(v), from, to;
    for (unsigned i = 0; i != rank; ++i) {
      if (covers(i)) {
        from.push_back(own[i]);
        to.push_back(own[i]);
        continue;
      }
      from.push_back(block[i].isOne() ? kernel.index(0) : r[rangeOf[i]]);
      Expr place = from[i] + double(op.getOffset(i));
      if (i == axis)
        place = place + clampPosition(position->at({}), last);
      to.push_back(place);
    }
    return Placed(rows->at(from), reversed(to));
  });
  Output output{out, dims, *tensor};
  context.setResult(op.getResult(), kernel.finish(output).front());
  return success();
}
