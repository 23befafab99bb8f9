//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// --build-transformer: the model of "Attention Is All You Need" as a graph.
///
//===----------------------------------------------------------------------===//

#include "Translations.h"
#include "mlir/Tools/mlir-translate/Translation.h"
#include "sylvite/Import/Common/FileDiagnostic.h"
#include "sylvite/Import/Transformer/ImportTransformer.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/SourceMgr.h"

using namespace sylvite;
namespace cl = llvm::cl;

namespace {
struct TransformerOptions {
  cl::OptionCategory category{"Options of --build-transformer"};
  cl::opt<std::string> randomWeights{
      "random-weights",
      cl::desc("write random weights of the model to this file, for the graph "
               "to find them in"),
      cl::value_desc("file.safetensors"), cl::cat(category)};
  cl::opt<uint64_t> seed{"seed", cl::init(0),
                         cl::desc("of the random weights (default: 0)"),
                         cl::value_desc("n"), cl::cat(category)};
  cl::opt<int64_t> vocabulary{"vocabulary",
                              cl::desc("of a model by name, in place of 37000"),
                              cl::value_desc("n"), cl::cat(category)};
  cl::opt<int64_t> layers{"layers",
                          cl::desc("of a model by name, in place of 6"),
                          cl::value_desc("n"), cl::cat(category)};
  cl::opt<int64_t> maxLength{
      "max-length",
      cl::desc("the longest source and target of a model by "
               "name, in place of 1024"),
      cl::value_desc("n"), cl::cat(category)};
  cl::list<TransformerFunction> functions{
      "functions", cl::CommaSeparated,
      cl::desc("what the module offers (default: all)"),
      cl::values(clEnumValN(TransformerFunction::Encode, "encode",
                            "from a source to its memory"),
                 clEnumValN(TransformerFunction::Decode, "decode",
                            "from a memory and a target to every next token"),
                 clEnumValN(TransformerFunction::CrossKv, "cross_kv",
                            "from a memory to what each step needs of it"),
                 clEnumValN(TransformerFunction::Step, "step",
                            "from one token to the next, with caches"),
                 clEnumValN(TransformerFunction::Generate, "generate",
                            "from a source to tokens, each the likeliest one")),
      cl::cat(category)};

  mlir::OwningOpRef<mlir::Operation *> build(llvm::StringRef model,
                                             mlir::MLIRContext *context) const;
};
} // namespace

mlir::OwningOpRef<mlir::Operation *>
TransformerOptions::build(llvm::StringRef model,
                          mlir::MLIRContext *context) const {
  mlir::Location unknown = mlir::UnknownLoc::get(context);
  llvm::ArrayRef<TransformerFunction> wanted = kTransformerFunctions;
  if (!functions.empty())
    wanted = functions;
  std::optional<TransformerConfig> config = lookupTransformer(model);
  if (!config) {
    for (const cl::Option *option : std::initializer_list<const cl::Option *>{
             &randomWeights, &vocabulary, &layers, &maxLength})
      if (option->getNumOccurrences()) {
        mlir::emitError(unknown)
            << "--" << option->ArgStr << " is for a model by name ("
            << listTransformers() << "), not for the file " << model;
        return nullptr;
      }
    return importTransformer(model, context, wanted);
  }
  if (vocabulary.getNumOccurrences())
    config->vocabulary = vocabulary;
  if (layers.getNumOccurrences())
    config->layers = layers;
  if (maxLength.getNumOccurrences())
    config->maxLength = maxLength;
  mlir::OwningOpRef<mlir::ModuleOp> module =
      makeTransformer(*config, randomWeights, context, wanted);
  if (module && !randomWeights.empty())
    if (llvm::Error error =
            writeRandomTransformer(randomWeights, *config, seed)) {
      (void)emitFileErrors(std::move(error), unknown);
      return nullptr;
    }
  return module;
}

bool sylvite::isTransformerName(llvm::StringRef name) {
  return lookupTransformer(name).has_value();
}

void sylvite::registerBuildTransformer() {
  static TransformerOptions options;
  // The tool passes the model's name, or its file's, as the buffer's name.
  mlir::TranslateToMLIRRegistration registration(
      "build-transformer",
      "build the Transformer of 'Attention Is All You Need', by its name or "
      "from a safetensors file",
      [](llvm::SourceMgr &sources,
         mlir::MLIRContext *context) -> mlir::OwningOpRef<mlir::Operation *> {
        return options.build(sources.getMemoryBuffer(sources.getMainFileID())
                                 ->getBufferIdentifier(),
                             context);
      },
      registerTransformerDialects);
}
