//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Writes the functions that DeviceProduct.h lists.
///
//===----------------------------------------------------------------------===//

#include "DeviceProduct.h"

using namespace mlir;
using namespace sylvite;

/// Numbers along k of a step: with 64 columns and 32 rows, 6 KiB of f32.
static constexpr int64_t kStepDepth = 16;
/// Rows that such a product has at most: more read the right side so often that
/// it is better shared.
static constexpr int64_t kMostRows = 4;
/// Threads that share a column.
static constexpr int64_t kRowLanes = 8;

namespace {
class DeviceProductWriter {
public:
  DeviceProductWriter(KernelBuilder &kernel, const DeviceProduct &product)
      : kernel(kernel), product(product) {}
  Func writeStaged();
  Func writeOfFewRows();

private:
  /// One of the sides at k of a step. Beyond the depth both are zero: what is
  /// read there may be anything.
  Expr read(Expr k, int64_t step, function_ref<Expr(Expr k)> at);
  Expr readLeft(Expr k, int64_t step, Expr m, Vars batch) {
    return read(k, step, [&](Expr k) { return product.left(k, m, batch); });
  }
  Expr readRight(Expr k, int64_t step, Expr n, Vars batch) {
    return read(k, step, [&](Expr k) { return product.right(k, n, batch); });
  }
  Expr add(Expr sum, Expr left, Expr right) {
    return product.add ? product.add(sum, left, right) : sum + left * right;
  }
  Expr getZero() { return kernel.constant(product.type, 0); }
  /// The steps of so many numbers that the depth has.
  sylvite::Range getSteps(int64_t step) {
    return {"ko", kernel.index(0),
            floorDiv(product.depth + double(step - 1), double(step))};
  }
  KernelBuilder &kernel;
  const DeviceProduct &product;
};
} // namespace

Expr DeviceProductWriter::read(Expr k, int64_t step,
                               function_ref<Expr(Expr k)> at) {
  auto get = [&](Expr k) {
    Expr x = at(k);
    return product.add ? x : cast(x, product.type);
  };
  std::optional<int64_t> constant = product.depth.getConstantInt();
  if (constant && *constant % step == 0)
    return get(k);
  Expr x = get(min(k, product.depth - 1));
  return select(k < product.depth, x, x.like(0));
}

Func DeviceProductWriter::writeStaged() {
  SmallVector<StringRef> vars(product.vars);
  vars.insert(vars.begin() + 2, "ko");
  vars[0] = "ki";
  auto getK = [&](Expr ki, Expr ko) { return ko * double(kStepDepth) + ki; };
  Func left = kernel.func("left", vars, product.type, [&](Vars v) {
    return readLeft(getK(v[0], v[2]), kStepDepth, v[1], v.drop_front(3));
  });
  vars[0] = "n";
  vars[1] = "ki";
  Func right = kernel.func("right", vars, product.type, [&](Vars v) {
    return readRight(getK(v[1], v[2]), kStepDepth, v[0], v.drop_front(3));
  });
  vars[1] = "m";
  auto zero = [&](Vars) { return getZero(); };
  Func part = kernel.func("part", vars, product.type, zero);
  sylvite::Range step = {"ki", kernel.index(0), kernel.index(kStepDepth)};
  kernel.update(part, {step}, [&](Vars v, Vars r) {
    SmallVector<Expr> row(v), column(v);
    row[0] = r[0];
    column[1] = r[0];
    return add(part(v), left(row), right(column));
  });
  Func acc = kernel.func("acc", product.vars, product.type, zero);
  kernel.update(acc, {getSteps(kStepDepth)}, [&](Vars v, Vars r) {
    SmallVector<Expr> place(v);
    place.insert(place.begin() + 2, r[0]);
    return acc(v) + part(place);
  });
  kernel.setNumber("step_depth", kStepDepth);
  return acc;
}

Func DeviceProductWriter::writeOfFewRows() {
  auto zero = [&](Vars) { return getZero(); };
  SmallVector<StringRef> vars(product.vars);
  vars.insert(vars.begin() + 1, "ki");
  Func lane = kernel.func("lane", vars, product.type, zero);
  kernel.update(lane, {getSteps(kRowLanes)}, [&](Vars v, Vars r) {
    Expr k = r[0] * double(kRowLanes) + v[1];
    Vars batch = v.drop_front(3);
    return add(lane(v), readLeft(k, kRowLanes, v[2], batch),
               readRight(k, kRowLanes, v[0], batch));
  });
  Func acc = kernel.func("acc", product.vars, product.type, zero);
  kernel.update(acc, {{"ki", kernel.index(0), kernel.index(kRowLanes)}},
                [&](Vars v, Vars r) {
                  SmallVector<Expr> place(v);
                  place.insert(place.begin() + 1, r[0]);
                  return acc(v) + lane(place);
                });
  kernel.setNumber("row_lanes", kRowLanes);
  return acc;
}

Func sylvite::writeDeviceProduct(KernelBuilder &kernel,
                                 const DeviceProduct &product) {
  DeviceProductWriter writer(kernel, product);
  bool isFew = product.rows.isStatic() && product.rows.getNumber() <= kMostRows;
  return isFew ? writer.writeOfFewRows() : writer.writeStaged();
}
