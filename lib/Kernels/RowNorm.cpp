//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The functions of a norm along rows.
///
//===----------------------------------------------------------------------===//

#include "RowNorm.h"
#include "RowReduction.h"

using namespace mlir;
using namespace sylvite;

/// The place of an element in its row and the row, as x takes them.
static SmallVector<Expr> join(Expr place, Vars row) {
  SmallVector<Expr> v{place};
  llvm::append_range(v, row);
  return v;
}

Func sylvite::normalizeRows(KernelBuilder &kernel, Func x,
                            const Extent &features, const RowNorm &norm,
                            Type element) {
  Type wide = x.getOp().getType().getElementType();
  SmallVector<StringRef> vars =
      llvm::map_to_vector(x.getOp().getVars().getAsRange<StringAttr>(),
                          [](StringAttr name) { return name.getValue(); });
  ArrayRef<StringRef> rows = ArrayRef(vars).drop_front();
  if (norm.kind == graph::NormKind::None)
    return kernel.func("out", vars, element,
                       [&](Vars v) { return cast(x(v), element); });

  Expr count = cast(kernel.extent(features), wide);
  Func mean;
  if (norm.kind == graph::NormKind::Layer) {
    Func sum = sumRows(kernel, "sum", rows, features, wide,
                       [&](Expr k, Vars row) { return x(join(k, row)); });
    mean = kernel.func("mean", rows, wide,
                       [&](Vars row) { return sum(row) / count; });
  }
  // The element, with the mean taken off.
  auto center = [&](Vars v) {
    return mean.getOp() ? x(v) - mean(v.drop_front()) : x(v);
  };
  Func squares =
      sumRows(kernel, "squares", rows, features, wide, [&](Expr k, Vars row) {
        Expr element = center(join(k, row));
        return element * element;
      });
  Func inverse = kernel.func("inverse", rows, wide, [&](Vars row) {
    return 1.0 / sqrt(squares(row) / count + norm.eps);
  });
  return kernel.func("out", vars, element, [&](Vars v) {
    Expr y = center(v) * inverse(v.drop_front());
    if (norm.scale)
      y = y * cast(norm.scale->at({v[0]}), wide);
    if (norm.bias)
      y = y + cast(norm.bias->at({v[0]}), wide);
    return cast(y, element);
  });
}
