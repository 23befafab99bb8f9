//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Translates host functions to the LLVM dialect, into a module of their own.
///
//===----------------------------------------------------------------------===//

#include "CollectInterface.h"
#include "HostTranslator.h"
#include "sylvite/Emit/Host/HostModule.h"
#include "sylvite/Emit/Host/Passes.h"
#include "sylvite/Emit/Host/Symbols.h"
#include "sylvite/Support/ModuleTarget.h"

#define DEBUG_TYPE "sylvite-lower-host"

namespace sylvite {
#define GEN_PASS_DEF_LOWERHOSTPASS
#include "sylvite/Emit/Host/Passes.h.inc"
} // namespace sylvite

using namespace mlir;
using namespace sylvite;

namespace {

struct LowerHostPass : public sylvite::impl::LowerHostPassBase<LowerHostPass> {
  using Base::Base;
  void runOnOperation() override;
};

} // namespace

void LowerHostPass::runOnOperation() {
  ModuleOp module = getOperation();
  // Size functions are private; what callers see is not.
  SmallVector<func::FuncOp> functions;
  for (func::FuncOp function : module.getOps<func::FuncOp>())
    if (function.isPublic() && !function.isExternal())
      functions.push_back(function);
  FailureOr<ModelInterface> interface =
      collectInterface(module, functions, prefix);
  if (failed(interface))
    return signalPassFailure();

  OpBuilder builder = OpBuilder::atBlockEnd(module.getBody());
  auto host = ModuleOp::create(builder, module.getLoc(), kHostModule);
  host->setAttr(kInterfaceAttr,
                builder.getStringAttr(printInterface(*interface)));
  LlvmTypes types(&getContext());
  FailureOr<const Target *> target = findTarget(module);
  if (failed(target))
    return signalPassFailure();
  HostTranslator translator(host, types, /*onDevice=*/(*target)->device);
  for (func::FuncOp function : functions) {
    auto arena = module.lookupSymbol<func::FuncOp>(
        (function.getName() + "_arena").str());
    if (!arena) {
      function.emitError("has no function that tells the arena's size");
      return signalPassFailure();
    }
    if (failed(translator.translate(function,
                                    getImplName(prefix, function.getName()))) ||
        failed(translator.translateArena(
            arena, getArenaName(prefix, function.getName()))))
      return signalPassFailure();
  }
  for (func::FuncOp function :
       llvm::make_early_inc_range(module.getOps<func::FuncOp>()))
    function.erase();
}
