//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Prints systems of the notes as graphs, built by the C++ API for the sizes of
/// an .npz file.
///
//===----------------------------------------------------------------------===//

#include "Graphs.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Verifier.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/ToolOutputFile.h"
#include "llvm/Support/WithColor.h"

using namespace mlir;
namespace cl = llvm::cl;

namespace {
struct Options {
  cl::OptionCategory category{"Options of sylvite-notes-graphs"};
  cl::opt<std::string> notes{cl::Positional, cl::Required, cl::desc("FILE.npz"),
                             cl::cat(category)};
  cl::list<std::string> graphs{cl::Positional, cl::OneOrMore,
                               cl::desc("GRAPH..."), cl::cat(category)};
  cl::list<std::string> weights{
      "weights", cl::desc("A file of weights that the module names"),
      cl::value_desc("file.safetensors"), cl::cat(category)};
  cl::opt<std::string> output{"o", cl::init("-"),
                              cl::desc("Where to write the module"),
                              cl::value_desc("file"), cl::cat(category)};
};
} // namespace

static int fail(const Twine &message) {
  llvm::WithColor::error(llvm::errs(), "sylvite-notes-graphs")
      << message << '\n';
  return 1;
}

static int run(const Options &options) {
  llvm::Expected<Notes> notes = Notes::read(options.notes);
  if (!notes)
    return fail(toString(notes.takeError()));
  Graphs graphs;
  addAttentionGraphs(graphs);
  addMultiHeadGraphs(graphs);
  addNormsGraphs(graphs);
  addPositionsGraphs(graphs);
  addRecurrentGraphs(graphs);
  addG2pGraphs(graphs);

  MLIRContext context(MLIRContext::Threading::DISABLED);
  context.loadDialect<arith::ArithDialect, func::FuncDialect,
                      sylvite::graph::GraphDialect, math::MathDialect,
                      tensor::TensorDialect>();
  OwningOpRef<ModuleOp> module = ModuleOp::create(UnknownLoc::get(&context));
  if (!options.weights.empty()) {
    SmallVector<StringRef> files(options.weights.begin(),
                                 options.weights.end());
    (*module)->setAttr(sylvite::graph::GraphDialect::kWeightFiles,
                       Builder(&context).getStrArrayAttr(files));
  }
  StringRef file = llvm::sys::path::stem(options.notes);
  for (const std::string &name : options.graphs) {
    const Graphs::Build *build = graphs.find(file, name);
    if (!build)
      return fail("no graph '" + name + "' for a file '" + file + "'");
    if (failed((*build)(*module, *notes)))
      return 1;
    if (!notes->getError().empty())
      return fail(options.notes + ": " + notes->getError());
  }
  if (failed(verify(*module)))
    return 1;
  std::error_code code;
  llvm::ToolOutputFile output(options.output, code, llvm::sys::fs::OF_Text);
  if (code)
    return fail(options.output + ": " + code.message());
  module->print(output.os());
  output.keep();
  return 0;
}

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  cl::ResetCommandLineParser();
  Options options;
  cl::HideUnrelatedOptions(options.category);
  cl::ParseCommandLineOptions(argc, argv,
                              "Graphs of the notes, built in C++\n");
  return run(options);
}
