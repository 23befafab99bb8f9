//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The host program of a module.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Emit/Host/HostModule.h"

#include "sylvite/Emit/Host/EmitObject.h"
#include "sylvite/Emit/Host/Passes.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "mlir/Transforms/Passes.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"

using namespace mlir;
using namespace sylvite;

void sylvite::populateHostPipeline(OpPassManager &passes,
                                   const HostOptions &options) {
  passes.addPass(createLayOutWeightsPass());
  // Equal extents become one value, so that buffers of one shape are seen to
  // be.
  passes.addPass(createCSEPass());
  passes.addPass(createBufferizeHostPass());
  passes.addPass(createPlanArenaPass());
  passes.addPass(createLowerHostPass({options.prefix}));
  passes.addPass(createAddEntryPointsPass({options.variant}));
}

/// The host program, or null after an error.
static ModuleOp getHost(ModuleOp module) {
  auto host = module.lookupSymbol<ModuleOp>(kHostModule);
  if (!host)
    module.emitError("there is no host program; run the host phase first");
  return host;
}

FailureOr<ModelInterface> sylvite::getInterface(ModuleOp module) {
  ModuleOp host = getHost(module);
  if (!host)
    return failure();
  auto text = host->getAttrOfType<StringAttr>(kInterfaceAttr);
  if (!text)
    return host.emitError() << "lacks the attribute " << kInterfaceAttr;
  llvm::Expected<ModelInterface> interface = parseInterface(text);
  if (!interface)
    return host.emitError()
           << kInterfaceAttr << ": " << toString(interface.takeError());
  return *interface;
}

/// Compiles a program in the LLVM dialect.
static FailureOr<std::unique_ptr<llvm::MemoryBuffer>> compile(ModuleOp host) {
  DialectRegistry registry;
  registerBuiltinDialectTranslation(registry);
  registerLLVMDialectTranslation(registry);
  host->getContext()->appendDialectRegistry(registry);
  llvm::LLVMContext context;
  std::unique_ptr<llvm::Module> program =
      translateModuleToLLVMIR(host, context, kHostModule);
  if (!program)
    return failure();
  // Where the file came from is nobody's business, and would change the bytes.
  program->setSourceFileName("");
  llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>> object =
      emitObject(*program);
  if (!object)
    return host.emitError(toString(object.takeError()));
  return std::move(*object);
}

FailureOr<std::unique_ptr<llvm::MemoryBuffer>>
sylvite::emitHost(ModuleOp module) {
  ModuleOp host = getHost(module);
  if (!host)
    return failure();
  return compile(host);
}

FailureOr<std::unique_ptr<llvm::MemoryBuffer>>
sylvite::emitEntryPoints(MLIRContext *context,
                         const ModelInterface &interface) {
  context->loadDialect<LLVM::LLVMDialect>();
  OwningOpRef<ModuleOp> host =
      ModuleOp::create(UnknownLoc::get(context), kHostModule);
  addEntryPoints(*host, interface);
  return compile(*host);
}
