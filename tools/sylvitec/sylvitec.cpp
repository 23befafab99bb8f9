//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The compiler: a model in, a library out.
///
//===----------------------------------------------------------------------===//

#include "Compilation.h"

#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "sylvite/InitAll.h"
#include "sylvite/Support/Diagnostics/DiagnosticPrinter.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/ThreadPool.h"
#include "llvm/Support/WithColor.h"

#include <csignal>

using namespace mlir;
using namespace sylvite;

/// Compiles in a context of its own.
static LogicalResult compile(const Options &options, TimingScope &timing) {
  DialectRegistry registry;
  registerAllDialects(registry);
  // Here, because other threads work in the context when they are needed.
  registerBuiltinDialectTranslation(registry);
  registerLLVMDialectTranslation(registry);
  llvm::DefaultThreadPool pool(llvm::hardware_concurrency(options.threads));
  MLIRContext context(registry, MLIRContext::Threading::DISABLED);
  context.loadAllAvailableDialects();
  if (pool.getMaxConcurrency() > 1)
    context.setThreadPool(pool);
  context.printOpOnDiagnostic(false);
  llvm::SourceMgr sources;
  DiagnosticPrinter printer("sylvitec", sources, &context);
  return Compilation(options, &context).run(timing);
}

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  // A file too large is an error like a full disk, of which writing tells.
  std::signal(SIGXFSZ, SIG_IGN);
  llvm::Expected<Options> options = parseOptions(argc, argv);
  if (!options) {
    llvm::WithColor::error(llvm::errs(), "sylvitec")
        << llvm::toString(options.takeError()) << '\n';
    return 1;
  }
  DefaultTimingManager timingManager;
  timingManager.setEnabled(options->timing);
  TimingScope timing = timingManager.getRootScope();
  return failed(compile(*options, timing));
}
