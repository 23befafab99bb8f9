//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Calls a function with the arrays of an .npz file and writes its outputs to
/// another.
///
//===----------------------------------------------------------------------===//

#include "Reference.h"

#include "llvm/Support/CommandLine.h"
#include "llvm/Support/InitLLVM.h"

namespace cl = llvm::cl;

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  cl::OptionCategory category("Options of sylvite-run");
  cl::opt<std::string> reference(
      "reference",
      cl::desc("evaluate a function of this graph in double precision"),
      cl::value_desc("GRAPH.mlir"), cl::Required, cl::cat(category));
  cl::opt<std::string> function(
      "function", cl::desc("name of the function (default: the only one)"),
      cl::value_desc("name"), cl::cat(category));
  cl::opt<std::string> inputs(
      "inputs", cl::desc("arrays by the names of inputs"),
      cl::value_desc("FILE.npz"), cl::Required, cl::cat(category));
  cl::opt<std::string> outputs(
      "outputs", cl::desc("where the outputs are written, by their names"),
      cl::value_desc("FILE.npz"), cl::Required, cl::cat(category));
  cl::HideUnrelatedOptions(category);
  cl::ParseCommandLineOptions(argc, argv, "Runs models\n");
  return failed(sylvite::runReferenceMode(reference,
                                          {function, inputs, outputs}));
}
