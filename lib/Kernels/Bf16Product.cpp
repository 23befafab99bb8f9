//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Words of bf16: made of rows, multiplied, and taken apart.
///
//===----------------------------------------------------------------------===//

#include "Bf16Product.h"
#include "Bf16Words.h"
#include "RightSide.h"
#include "sylvite/Kernels/Lowering.h"

using namespace mlir;
using namespace sylvite;

bool sylvite::isBf16Product(Value weight, Type input, Type sum) {
  return getElementTypeOrSelf(weight).isBF16() && input.isF32() &&
         sum.isF32() && LoweringContext::isWeight(weight);
}

Value sylvite::getBf16Rows(LoweringContext &context, Location loc, Value rows) {
  if (!context.getTarget().hasFastBf16Dots)
    return rows;
  Type bf16 = BFloat16Type::get(rows.getContext());
  Value &known = context.getRoundedRows(rows, bf16);
  if (known)
    return known;
  Extents extents = context.getExtents(rows);
  int64_t depth = extents.back().getNumber();
  KernelBuilder kernel(context, loc, "round_bf16_" + Twine(depth),
                       "elementwise");
  Buffer x = kernel.addInput(rows);
  Func out =
      kernel.func("out", {"k", "m"}, kernel.index(0).getType(), [&](Vars v) {
        Expr low = v[0] * 2.0, high = low + 1.0;
        Expr second;
        if (depth % 2 == 0)
          second = x({high, v[1]});
        else // The other half of the last word is zero.
          second = blend(high < double(depth),
                         x({min(high, double(depth - 1)), v[1]}),
                         kernel.constant(x.getType().getElementType(), 0));
        return packBf16(x({low, v[1]}), second);
      });
  Extent words(llvm::divideCeilSigned(depth, 2));
  // Looking up others may have moved the entry.
  Value made = kernel.finish(out, {extents[0], words});
  return context.getRoundedRows(rows, bf16) = made;
}

Func sylvite::writeBf16Product(KernelBuilder &kernel, Buffer rows, Value weight,
                               bool transposed, int64_t depth, Expr last) {
  RightSide panels = RightSide::readWords(kernel, weight, transposed, 2);
  Type f32 = OpBuilder(weight.getContext()).getF32Type();
  Func acc = kernel.func("acc", {"n", "m"}, f32,
                         [&](Vars) { return kernel.constant(f32, 0); });
  Expr words = kernel.index(llvm::divideCeilSigned(depth, 2));
  auto update =
      [&](function_ref<Expr(Expr sum, Expr k, Expr row, Expr word)> add) {
        kernel.update(acc, {{"k", kernel.index(0), words}},
                      [&](Vars v, Vars r) {
                        Expr word = panels.at({}, r[0], v[0]);
                        return Placed(add(acc(v), r[0], min(v[1], last), word));
                      });
      };
  if (rows.getType().getElementType() != f32) {
    update([&](Expr sum, Expr k, Expr row, Expr word) {
      return dotBf16(sum, rows({k, row}), word);
    });
    return acc;
  }

  auto addFirst = [&](Expr sum, Expr k, Expr row, Expr word) {
    Expr x = rows({k * 2.0, row});
    return sum + x * getLowBf16(word);
  };
  auto addSecond = [&](Expr sum, Expr k, Expr row, Expr word) {
    Expr high = k * 2.0 + 1.0, x;
    if (depth % 2 == 0)
      x = rows({high, row});
    else // The other half of the last word is zero, which times infinity is
         // NaN.
      x = blend(high < double(depth), rows({min(high, double(depth - 1)), row}),
                kernel.constant(f32, 0));
    return sum + x * getHighBf16(word);
  };
  // Both halves of a tile's words and its sums need more than 16 registers:
  // with these, all first halves come first.
  if (kernel.getContext().getTarget().vectorRegisters <= 16) {
    update(addFirst);
    update(addSecond);
  } else {
    update([&](Expr sum, Expr k, Expr row, Expr word) {
      return addSecond(addFirst(sum, k, row, word), k, row, word);
    });
  }
  return acc;
}
