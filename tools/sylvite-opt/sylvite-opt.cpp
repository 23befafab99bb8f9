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

#include "mlir/Support/FileUtilities.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/ToolOutputFile.h"

using namespace mlir;

static llvm::cl::opt<bool> verifyFusion(
    "verify-fusion",
    llvm::cl::desc("Evaluate functions before and after every pass over graphs "
                   "and name the pass that changes a result"));

/// What MlirOptMain does, with the verification behind the passes that the
/// command line asks for.
static LogicalResult runVerified(llvm::StringRef input, llvm::StringRef output,
                                 DialectRegistry &registry) {
  MlirOptMainConfig fromOptions = MlirOptMainConfig::createFromCLOptions();
  MlirOptMainConfig config = fromOptions;
  config.setPassPipelineSetupFn([&](PassManager &manager) {
    if (failed(fromOptions.setupPassPipeline(manager)))
      return failure();
    sylvite::addVerifyFusion(manager);
    return success();
  });

  std::string message;
  auto buffer = openInputFile(input, &message);
  auto file = buffer ? openOutputFile(output, &message) : nullptr;
  if (!file) {
    llvm::errs() << "error: " << message << '\n';
    return failure();
  }
  if (failed(MlirOptMain(file->os(), std::move(buffer), registry, config)))
    return failure();
  file->keep();
  return success();
}

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  DialectRegistry registry;
  sylvite::registerAllDialects(registry);
  sylvite::registerAllPasses();
  auto [input, output] = registerAndParseCLIOptions(
      argc, argv, "Sylvite's optimizer driver\n", registry);
  if (verifyFusion)
    return asMainReturnCode(runVerified(input, output, registry));
  return asMainReturnCode(MlirOptMain(argc, argv, input, output, registry));
}
