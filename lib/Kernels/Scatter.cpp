//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Elements put at places that are calculated: a copy of the input, which one
/// update changes at a place after the other.
///
//===----------------------------------------------------------------------===//

#include "Lowerings.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace sylvite;

static Expr combine(graph::ScatterKind kind, Expr old, Expr update) {
  switch (kind) {
  case graph::ScatterKind::Set:
    return update;
  case graph::ScatterKind::Add:
    return old + update;
  case graph::ScatterKind::Mul:
    return old * update;
  case graph::ScatterKind::Max:
    return max(old, update);
  case graph::ScatterKind::Min:
    return min(old, update);
  }
  llvm_unreachable("all kinds are listed");
}

LogicalResult sylvite::lowerScatter(graph::ScatterOp op,
                                    LoweringContext &context) {
  Type element = op.getType().getElementType();
  Type wide = getComputeType(element);
  Extents dims = getExtents(op.getInput()),
          picked = getExtents(op.getUpdates());
  KernelBuilder kernel(context, op.getLoc(),
                       "scatter_" + graph::stringifyScatterKind(op.getKind()) +
                           "_" + getTypeName(element) + "_" +
                           Twine(dims.size()) + "d",
                       "scatter");
  FailureOr<Operand> input = kernel.read(op.getInput());
  FailureOr<Operand> updates = kernel.read(op.getUpdates());
  if (failed(input) || failed(updates))
    return failure();
  std::vector<Operand> indices;
  for (Value value : op.getIndices()) {
    FailureOr<Operand> index = kernel.read(value);
    if (failed(index))
      return failure();
    indices.push_back(*index);
  }
  unsigned axis = op.getAxis(), count = indices.size();
  unsigned rank = picked.size() - (dims.size() - count);
  SmallVector<Expr> last;
  for (unsigned i = 0; i != count; ++i)
    last.push_back(kernel.extent(dims[axis + i]) - 1);

  Func out = kernel.func("out", std::max<size_t>(dims.size(), 1), element,
                         [&](Vars v) {
                           SmallVector<Expr> own = reversed(v);
                           return input->at(Vars(own).take_back(dims.size()));
                         });
  // Innermost first, so that updates come in row-major order.
  SmallVector<std::string> names;
  for (unsigned i = 0; i != picked.size(); ++i)
    names.push_back("r" + llvm::utostr(i));
  SmallVector<Range> ranges;
  for (auto [name, extent] : llvm::zip(names, llvm::reverse(picked)))
    ranges.push_back({name, kernel.index(0), kernel.extent(extent)});
  if (ranges.empty())
    ranges.push_back({"r0", kernel.index(0), kernel.index(1)});
  Type i32 = kernel.getBuilder().getI32Type();
  kernel.update(out, ranges, [&](Vars, Vars r) {
    SmallVector<Expr> from = reversed(r.take_front(picked.size()));
    SmallVector<Expr> to(Vars(from).take_front(axis));
    for (unsigned i = 0; i != count; ++i) {
      Expr index =
          cast(indices[i].atBroadcast(Vars(from).slice(axis, rank)), i32);
      to.push_back(clamp(index, index.like(0), last[i]));
    }
    llvm::append_range(to, Vars(from).drop_front(axis + rank));
    SmallVector<Expr> place = reversed(to);
    Expr value = cast(updates->at(from), wide);
    Expr old = op.getKind() == graph::ScatterKind::Set
                   ? value
                   : cast(out(Vars(place)), wide);
    return Placed(cast(combine(op.getKind(), old, value), element), place);
  });
  context.setResult(op.getResult(), kernel.finish(out, dims));
  return success();
}
