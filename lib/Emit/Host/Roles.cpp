//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What an argument of a host function is.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Emit/Host/Roles.h"

#include "mlir/IR/Builders.h"

using namespace mlir;
using namespace sylvite;

StringRef sylvite::getRoleName(Role role) {
  switch (role) {
  case Role::Dim:
    return "dim";
  case Role::Weights:
    return "weights";
  case Role::Input:
    return "input";
  case Role::Output:
    return "output";
  case Role::Arena:
    return "arena";
  }
  llvm_unreachable("every role has a name");
}

std::optional<Role> sylvite::getRole(func::FuncOp function, unsigned argument) {
  auto name = function.getArgAttrOfType<StringAttr>(argument, kRoleAttr);
  if (!name)
    return std::nullopt;
  for (Role role :
       {Role::Dim, Role::Weights, Role::Input, Role::Output, Role::Arena})
    if (name.getValue() == getRoleName(role))
      return role;
  return std::nullopt;
}

SmallVector<BlockArgument> sylvite::getRoleArguments(func::FuncOp function,
                                                     Role role) {
  SmallVector<BlockArgument> arguments;
  for (BlockArgument argument : function.getArguments())
    if (getRole(function, argument.getArgNumber()) == role)
      arguments.push_back(argument);
  return arguments;
}

BlockArgument sylvite::getRoleArgument(func::FuncOp function, Role role) {
  SmallVector<BlockArgument> arguments = getRoleArguments(function, role);
  return arguments.size() == 1 ? arguments.front() : BlockArgument();
}

BlockArgument sylvite::addRoleArgument(func::FuncOp function, Role role,
                                       Type type) {
  Builder builder(function.getContext());
  unsigned number = function.getNumArguments();
  auto attributes = builder.getDictionaryAttr(builder.getNamedAttr(
      kRoleAttr, builder.getStringAttr(getRoleName(role))));
  // Fails only for signatures that cannot be changed; ours can.
  LogicalResult inserted =
      function.insertArgument(number, type, attributes, function.getLoc());
  assert(succeeded(inserted) && "a function's arguments can be changed");
  (void)inserted;
  return function.getArgument(number);
}

static func::FuncOp getFunction(BlockArgument argument) {
  return cast<func::FuncOp>(argument.getOwner()->getParentOp());
}

StringRef sylvite::getGraphName(BlockArgument argument) {
  auto name = getFunction(argument).getArgAttrOfType<StringAttr>(
      argument.getArgNumber(), kNameAttr);
  return name ? name.getValue() : StringRef();
}

StringRef sylvite::getAxisName(BlockArgument argument, int64_t axis) {
  auto dims = getFunction(argument).getArgAttrOfType<ArrayAttr>(
      argument.getArgNumber(), kDimsAttr);
  if (!dims || axis >= int64_t(dims.size()))
    return {};
  auto name = dyn_cast<StringAttr>(dims[axis]);
  return name ? name.getValue() : StringRef();
}
