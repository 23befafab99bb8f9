//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Looks up the target that a module names.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Support/ModuleTarget.h"

using namespace mlir;
using namespace sylvite;

StringRef sylvite::getTargetName(ModuleOp module) {
  auto name = module->getAttrOfType<StringAttr>(kTargetAttr);
  return name ? name.getValue() : StringRef();
}

FailureOr<const Target *> sylvite::findTarget(ModuleOp module) {
  llvm::Expected<const Target &> target = getTarget(
      module->hasAttr(kTargetAttr) ? getTargetName(module) : "x86-64-v3");
  if (!target)
    return module.emitError(llvm::toString(target.takeError())), failure();
  return &*target;
}
