//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Row reductions by lanes.
///
//===----------------------------------------------------------------------===//

#include "RowReduction.h"
#include "sylvite/Kernels/Lowering.h"
#include "llvm/ADT/bit.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace sylvite;

/// How many elements of a row are reduced side by side.
static int64_t getNumLanes(const Target &target, Type type,
                           const Extent &length) {
  int64_t lanes = (length.isStatic() ? 4 : 2) * target.vectorLanes;
  if (type.getIntOrFloatBitWidth() > 32)
    lanes /= 2;
  if (length.isStatic())
    lanes = std::min<int64_t>(
        lanes,
        llvm::bit_floor(uint64_t(std::max<int64_t>(length.getNumber(), 1))));
  return lanes;
}

Func sylvite::reduceRows(KernelBuilder &kernel, const RowReduction &r) {
  Type type = r.neutral.getType();
  Expr length = kernel.extent(r.length), zero = kernel.index(0);
  if (type.isInteger(1)) {
    Func total =
        kernel.func(r.name, r.rows, type, [&](Vars) { return r.neutral; });
    SmallVector<Range> ranges{{"k", zero, length}};
    llvm::append_range(ranges, r.others);
    kernel.update(total, ranges, [&](Vars rows, Vars k) {
      return r.combine(total(rows), r.element(k, rows));
    });
    return total;
  }

  int64_t lanes = getNumLanes(kernel.getContext().getTarget(), type, r.length);
  int64_t known = r.length.getNumber();
  Expr numLanes = kernel.index(lanes);
  Expr steps = r.length.isStatic() ? kernel.index(known / lanes)
                                   : floorDiv(length, numLanes);
  std::string lanesName = (r.name + "_lanes").str();
  SmallVector<StringRef> vars{"lane"};
  llvm::append_range(vars, r.rows);
  Func partial =
      kernel.func(lanesName, vars, type, [&](Vars) { return r.neutral; });
  SmallVector<Range> ranges{{"step", zero, steps}};
  llvm::append_range(ranges, r.others);
  kernel.update(partial, ranges, [&](Vars v, Vars s) {
    SmallVector<Expr> place(s);
    place[0] = s[0] * numLanes + v[0];
    return r.combine(partial(v), r.element(place, v.drop_front()));
  });
  if (!r.length.isStatic()) {
    // What is left over goes into the first lanes.
    ranges[0] = {"rest", steps, steps + 1.0};
    kernel.update(partial, ranges, [&](Vars v, Vars k) {
      SmallVector<Expr> place(k);
      place[0] = k[0] * numLanes + v[0];
      kernel.where(place[0] < length);
      return r.combine(partial(v), r.element(place, v.drop_front()));
    });
  } else if (known % lanes != 0) {
    // The last elements, as many as there are lanes; those that have been
    // combined before do not count.
    Expr last = kernel.index(known - lanes);
    kernel.update(partial, r.others, [&](Vars v, Vars k) {
      SmallVector<Expr> place{v[0] + last};
      llvm::append_range(place, k);
      Expr element = r.element(place, v.drop_front());
      return r.combine(partial(v),
                       select(place[0] < steps * numLanes, r.neutral, element));
    });
  }
  Func total =
      kernel.func(r.name, r.rows, type, [&](Vars) { return r.neutral; });
  kernel.update(total, {{"lane", zero, numLanes}}, [&](Vars rows, Vars lane) {
    SmallVector<Expr> place{lane[0]};
    llvm::append_range(place, rows);
    return r.combine(total(rows), partial(place));
  });
  return total;
}

Expr sylvite::addElements(Expr a, Expr b) { return a + b; }
Expr sylvite::maxElements(Expr a, Expr b) { return max(a, b); }

Func sylvite::sumRows(KernelBuilder &kernel, StringRef name,
                      ArrayRef<StringRef> rows, const Extent &length, Type type,
                      function_ref<Expr(Expr, Vars)> element) {
  return reduceRows(kernel,
                    {name, rows, length, /*others=*/{},
                     kernel.constant(type, 0), addElements,
                     [&](Vars k, Vars row) { return element(k[0], row); }});
}
