//===- Roles.h - Which dimension means what ---------------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Dimensions by their meaning in an attention. A tensor's dimension may be the
/// batch, the heads, a sequence or the features, or several of them merged
/// ([batch * heads, queries, features]). Roles follow a value backward through
/// transposes and reshapes, so that neither needs to be matched by its form.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_FUSION_ROLES_H
#define SYLVITE_LIB_FUSION_ROLES_H

#include "mlir/IR/Builders.h"
#include "sylvite/Dialect/Graph/GraphDialect.h"
#include <array>
#include <optional>

namespace sylvite {

/// Query heads are `Heads` (those of keys and values) times `Group` (the query
/// heads that share one of them).
enum class Role { Batch, Heads, Group, Query, Key, Features };

using RoleList = llvm::SmallVector<Role, 4>;
/// The roles of each dimension of a tensor, the slowest first.
using AxisRoles = llvm::SmallVector<RoleList, 4>;

/// The extent of every role in one attention. A role of extent 1 stands in no
/// tensor: where its dimension is does not matter.
class RoleExtents {
public:
  RoleExtents(graph::Dim batch, graph::Dim heads, graph::Dim group,
              graph::Dim queries, graph::Dim keys, graph::Dim features)
      : dims{batch, heads, group, queries, keys, features} {}

  graph::Dim operator[](Role role) const { return dims[unsigned(role)]; }
  /// The same but for one role.
  RoleExtents with(Role role, graph::Dim dim) const;

  /// The list without the roles of extent 1.
  RoleList strip(llvm::ArrayRef<Role> roles) const;
  /// All roles of the dimensions, slowest first, without those of extent 1.
  RoleList flatten(llvm::ArrayRef<RoleList> axes) const;

  /// The shape of a tensor that has these roles, one each dimension.
  llvm::SmallVector<graph::Dim> getShape(llvm::ArrayRef<Role> roles) const;
  /// The shape of a tensor with these roles in each dimension. Roles that share
  /// one are static, but for one of them.
  llvm::SmallVector<graph::Dim> getShape(llvm::ArrayRef<RoleList> axes) const;

private:
  std::array<graph::Dim, 6> dims;
};

/// A tensor with the roles of each dimension; more than one are merged, the
/// slowest first, and none means extent 1.
struct View {
  mlir::Value value;
  llvm::SmallVector<RoleList, 4> axes;

  /// All roles, slowest first.
  RoleList getOrder() const;

  /// The dimension that is this role and nothing else.
  std::optional<unsigned> findAxis(Role role) const;
};

/// The roles of the last dimensions of `value`, of which those with extent 1
/// have none; the others must have their roles' extent. None if they have not.
std::optional<View> viewTrailing(mlir::Value value,
                                 llvm::ArrayRef<RoleList> axes,
                                 const RoleExtents &extents);

/// `value` with all of `order` spread over its dimensions in that order, each
/// dimension a product of roles.
std::optional<View> spread(mlir::Value value, llvm::ArrayRef<Role> order,
                           const RoleExtents &extents);

/// The view of a tensor that broadcasts to `view`, as an operand does to an
/// elementwise op's result.
View viewOperand(mlir::Value operand, const View &view);

/// The view of what `view` is a transpose or reshape of.
std::optional<View> stepBack(const View &view, const RoleExtents &extents);

/// The view of what `user`, a transpose or a reshape, makes of `view`.
std::optional<View> stepForward(const View &view, mlir::Operation *user,
                                const RoleExtents &extents);

/// The viewed elements as a tensor with these roles in each dimension: the
/// value itself, a reshape, or a reshape and a transpose.
mlir::Value materialize(mlir::OpBuilder &builder, mlir::Location loc,
                        const View &view, llvm::ArrayRef<RoleList> axes,
                        const RoleExtents &extents);

/// `value`, or a reshape of it.
mlir::Value reshapeTo(mlir::OpBuilder &builder, mlir::Location loc,
                      mlir::Value value, llvm::ArrayRef<graph::Dim> dims);

} // namespace sylvite

#endif // SYLVITE_LIB_FUSION_ROLES_H
