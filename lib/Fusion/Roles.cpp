//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Roles of dimensions, followed through transposes and reshapes.
///
//===----------------------------------------------------------------------===//

#include "Roles.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace sylvite;
using graph::Dim;

RoleList RoleExtents::strip(ArrayRef<Role> roles) const {
  RoleList kept;
  for (Role role : roles)
    if (!(*this)[role].isOne())
      kept.push_back(role);
  return kept;
}

SmallVector<Dim> RoleExtents::getShape(ArrayRef<Role> roles) const {
  SmallVector<Dim> shape;
  for (Role role : roles)
    shape.push_back((*this)[role]);
  return shape;
}

RoleExtents RoleExtents::with(Role role, Dim dim) const {
  RoleExtents result = *this;
  result.dims[unsigned(role)] = dim;
  return result;
}

RoleList RoleExtents::flatten(ArrayRef<RoleList> axes) const {
  RoleList all;
  for (const RoleList &axis : axes)
    all.append(strip(axis));
  return all;
}

SmallVector<Dim> RoleExtents::getShape(ArrayRef<RoleList> axes) const {
  SmallVector<Dim> shape;
  for (const RoleList &axis : axes) {
    Dim product(1);
    for (Role role : strip(axis)) {
      Dim dim = (*this)[role];
      if (product.isOne())
        product = dim;
      else
        product = Dim(product.size * dim.size);
    }
    shape.push_back(product);
  }
  return shape;
}

RoleList View::getOrder() const {
  RoleList order;
  for (const RoleList &axis : axes)
    order.append(axis);
  return order;
}

std::optional<unsigned> View::findAxis(Role role) const {
  for (auto [i, axis] : llvm::enumerate(axes))
    if (axis.size() == 1 && axis.front() == role)
      return i;
  return std::nullopt;
}

std::optional<View> sylvite::viewTrailing(Value value, ArrayRef<RoleList> axes,
                                          const RoleExtents &extents) {
  SmallVector<Dim> dims = graph::getDims(value);
  if (dims.size() > axes.size())
    return std::nullopt;
  axes = axes.take_back(dims.size());
  View view{value, {}};
  for (auto [dim, axis, extent] :
       llvm::zip_equal(dims, axes, extents.getShape(axes))) {
    if (!dim.isOne() && dim != extent)
      return std::nullopt;
    view.axes.push_back(dim.isOne() ? RoleList() : extents.strip(axis));
  }
  return view;
}

std::optional<View> sylvite::spread(Value value, ArrayRef<Role> order,
                                    const RoleExtents &extents) {
  View view{value, {}};
  for (const Dim &dim : graph::getDims(value)) {
    RoleList &axis = view.axes.emplace_back();
    if (dim.isOne())
      continue;
    // Roles have extents other than 1, so the first product that is equal is
    // the only one.
    do {
      if (order.empty())
        return std::nullopt;
      axis.push_back(order.front());
      order = order.drop_front();
    } while (!graph::haveSameElementCount(
        extents.getShape(ArrayRef<Role>(axis)), {dim}));
  }
  if (!order.empty())
    return std::nullopt;
  return view;
}

View sylvite::viewOperand(Value operand, const View &view) {
  SmallVector<Dim> dims = graph::getDims(operand);
  View result{operand, {}};
  for (auto [dim, axis] :
       llvm::zip_equal(dims, ArrayRef(view.axes).take_back(dims.size())))
    result.axes.push_back(dim.isOne() ? RoleList() : axis);
  return result;
}

std::optional<View> sylvite::stepBack(const View &view,
                                      const RoleExtents &extents) {
  Operation *op = view.value.getDefiningOp();
  if (auto transpose = dyn_cast_if_present<graph::TransposeOp>(op)) {
    View input{transpose.getInput(), {}};
    input.axes.resize(view.axes.size());
    for (auto [i, axis] : llvm::enumerate(transpose.getPerm()))
      input.axes[axis] = view.axes[i];
    return input;
  }
  if (auto reshape = dyn_cast_if_present<graph::ReshapeOp>(op))
    return spread(reshape.getInput(), view.getOrder(), extents);
  return std::nullopt;
}

std::optional<View> sylvite::stepForward(const View &view, Operation *user,
                                         const RoleExtents &extents) {
  if (auto transpose = dyn_cast<graph::TransposeOp>(user)) {
    View result{transpose.getResult(), {}};
    for (int64_t axis : transpose.getPerm())
      result.axes.push_back(view.axes[axis]);
    return result;
  }
  if (auto reshape = dyn_cast<graph::ReshapeOp>(user))
    return spread(reshape.getResult(), view.getOrder(), extents);
  return std::nullopt;
}

Value sylvite::reshapeTo(OpBuilder &builder, Location loc, Value value,
                         ArrayRef<Dim> dims) {
  RankedTensorType type =
      graph::getTensorType(dims, getElementTypeOrSelf(value));
  if (value.getType() == type)
    return value;
  return graph::ReshapeOp::create(builder, loc, type, value);
}

Value sylvite::materialize(OpBuilder &builder, Location loc, const View &view,
                           ArrayRef<RoleList> axes,
                           const RoleExtents &extents) {
  RoleList given = view.getOrder(), wanted = extents.flatten(axes);
  Value value = view.value;
  if (given != wanted) {
    // Dimensions of extent 1 come with the last reshape.
    value =
        reshapeTo(builder, loc, value, extents.getShape(ArrayRef<Role>(given)));
    SmallVector<int64_t> perm;
    for (Role role : wanted)
      perm.push_back(llvm::find(given, role) - given.begin());
    value = graph::TransposeOp::create(builder, loc, value, perm);
  }
  return reshapeTo(builder, loc, value, extents.getShape(axes));
}
