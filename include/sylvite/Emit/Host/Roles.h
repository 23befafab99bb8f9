//===- Roles.h - What an argument of a host function is ---------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Arguments of a host function on its way to a program: the named dimensions,
/// the block of weights, inputs, outputs and the arena. The attribute
/// `sylvite.role` of an argument says which it is, so that passes need not
/// count.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_EMIT_HOST_ROLES_H
#define SYLVITE_EMIT_HOST_ROLES_H

#include "mlir/Dialect/Func/IR/FuncOps.h"

#include <optional>

namespace sylvite {

enum class Role { Dim, Weights, Input, Output, Arena };

constexpr llvm::StringLiteral kRoleAttr = "sylvite.role";
constexpr llvm::StringLiteral kNameAttr = "graph.name";
constexpr llvm::StringLiteral kDimsAttr = "graph.dims";
/// Of a result: the number of the argument that it is written into.
constexpr llvm::StringLiteral kInPlaceResultAttr = "graph.in_place";
/// Of an input that is written as well: the name of the result that is left in
/// it.
constexpr llvm::StringLiteral kInPlaceAttr = "sylvite.in_place";

/// The name that stands in the attribute, for example "input".
llvm::StringRef getRoleName(Role role);

/// The role of an argument, or none before it has one.
std::optional<Role> getRole(mlir::func::FuncOp function, unsigned argument);

/// All arguments with that role, in order.
llvm::SmallVector<mlir::BlockArgument>
getRoleArguments(mlir::func::FuncOp function, Role role);

/// The only argument with that role, or null.
mlir::BlockArgument getRoleArgument(mlir::func::FuncOp function, Role role);

/// Adds an argument with a role behind the others.
mlir::BlockArgument addRoleArgument(mlir::func::FuncOp function, Role role,
                                    mlir::Type type);

/// `graph.name` of an argument; empty without one.
llvm::StringRef getGraphName(mlir::BlockArgument argument);

/// The name of an axis by `graph.dims` of its argument; empty for one without.
llvm::StringRef getAxisName(mlir::BlockArgument argument, int64_t axis);

} // namespace sylvite

#endif // SYLVITE_EMIT_HOST_ROLES_H
