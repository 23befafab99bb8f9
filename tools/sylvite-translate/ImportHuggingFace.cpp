//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// --import-huggingface: a model folder to a graph.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Import/HuggingFace/ImportHuggingFace.h"
#include "Translations.h"
#include "mlir/Tools/mlir-translate/Translation.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/SourceMgr.h"

using namespace sylvite;
namespace cl = llvm::cl;

namespace {
struct ImportOptions {
  cl::OptionCategory category{"Options of --import-huggingface"};
  cl::opt<Pooling> pooling{
      "pooling",
      cl::desc("how a sentence embedding is made (default: as "
               "modules.json says)"),
      cl::values(clEnumValN(Pooling::None, "none", "not at all"),
                 clEnumValN(Pooling::Mean, "mean", "mean of the tokens"),
                 clEnumValN(Pooling::Cls, "cls", "first token"),
                 clEnumValN(Pooling::Max, "max", "maximum of the tokens")),
      cl::cat(category)};
  cl::opt<bool> normalize{
      "normalize",
      cl::desc("divide the sentence embedding by its norm (default: as "
               "modules.json says, unless --pooling is given)"),
      cl::cat(category)};
  cl::opt<bool> lengths{
      "lengths",
      cl::desc("take the lengths of sentences in place of attention_mask, and "
               "compute nothing for padding"),
      cl::cat(category)};

  HuggingFaceOptions get() const {
    HuggingFaceOptions options;
    if (pooling.getNumOccurrences())
      options.pooling = pooling.getValue();
    if (normalize.getNumOccurrences())
      options.normalize = normalize.getValue();
    options.lengths = lengths;
    return options;
  }
};
} // namespace

void sylvite::registerImportHuggingFace() {
  static ImportOptions options;
  // A folder has no contents; the tool passes its path as the buffer's name.
  mlir::TranslateToMLIRRegistration registration(
      "import-huggingface", "import a Hugging Face model folder as a graph",
      [](llvm::SourceMgr &sources,
         mlir::MLIRContext *context) -> mlir::OwningOpRef<mlir::Operation *> {
        llvm::StringRef folder =
            sources.getMemoryBuffer(sources.getMainFileID())
                ->getBufferIdentifier();
        return importHuggingFace(folder, options.get(), context);
      },
      registerHuggingFaceDialects);
}
