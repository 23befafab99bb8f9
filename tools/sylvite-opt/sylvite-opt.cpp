//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Runs single passes and pipelines over IR text, for tests and inspection.
///
//===----------------------------------------------------------------------===//

#include "sylvite/InitAll.h"
#include "sylvite/Reference/VerifyFusion.h"
#include "sylvite/Support/FileTransaction.h"

#include "mlir/Support/FileUtilities.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/WithColor.h"

#include <csignal>

using namespace mlir;

static llvm::cl::opt<bool> verifyFusion(
    "verify-fusion",
    llvm::cl::desc("Evaluate functions before and after every pass over graphs "
                   "and name the pass that changes a result"));

/// What MlirOptMain does, with the verification behind the passes that the
/// command line asks for, and with an output that may be the input: MLIR's own
/// truncates the file that it has mapped into memory.
static llvm::Error run(llvm::StringRef input, llvm::StringRef output,
                       DialectRegistry &registry) {
  MlirOptMainConfig fromOptions = MlirOptMainConfig::createFromCLOptions();
  MlirOptMainConfig config = fromOptions;
  config.setPassPipelineSetupFn([&](PassManager &manager) {
    if (failed(fromOptions.setupPassPipeline(manager)))
      return failure();
    if (verifyFusion)
      sylvite::addVerifyFusion(manager);
    return success();
  });

  std::string message;
  auto buffer = openInputFile(input, &message);
  if (!buffer)
    return llvm::createStringError(message);
  sylvite::FileTransaction transaction;
  llvm::Expected<llvm::raw_fd_ostream &> os = transaction.addStream(output);
  if (!os)
    return os.takeError();
  if (failed(MlirOptMain(*os, std::move(buffer), registry, config)))
    return llvm::createStringError("");
  return transaction.commit();
}

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  // A file too large is an error like a full disk, of which writing tells.
  std::signal(SIGXFSZ, SIG_IGN);
  DialectRegistry registry;
  sylvite::registerAllDialects(registry);
  sylvite::registerAllPasses();
  auto [input, output] = registerAndParseCLIOptions(
      argc, argv, "Sylvite's optimizer driver\n", registry);
  MlirOptMainConfig config = MlirOptMainConfig::createFromCLOptions();
  if (config.shouldShowDialects() || config.shouldListPasses())
    return asMainReturnCode(MlirOptMain(argc, argv, input, output, registry));
  llvm::Error error = run(input, output, registry);
  if (!error)
    return 0;
  // Empty where diagnostics have said it.
  if (std::string message = toString(std::move(error)); !message.empty())
    llvm::WithColor::error(llvm::errs(), "sylvite-opt") << message << '\n';
  return 1;
}
