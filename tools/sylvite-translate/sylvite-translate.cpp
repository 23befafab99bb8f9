//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Translates between the IR and what is not IR: one translation at a time,
/// from a file, a folder or a model's name to a file.
///
/// Upstream's driver for translations opens its input as a file, but a model is
/// a folder; hence a main function of our own, with the options that tests of
/// translations use.
///
//===----------------------------------------------------------------------===//

#include "Translations.h"
#include "mlir/IR/AsmState.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Support/FileUtilities.h"
#include "mlir/Support/ToolUtilities.h"
#include "mlir/Tools/mlir-translate/Translation.h"
#include "sylvite/Support/Diagnostics/DiagnosticPrinter.h"
#include "sylvite/Support/FileTransaction.h"
#include "sylvite/Support/Version.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/WithColor.h"

#include <csignal>

namespace cl = llvm::cl;

/// Opens a file, or stands in for a folder, or for a model that is known by its
/// name, with an empty buffer of that name.
static std::unique_ptr<llvm::MemoryBuffer> openInput(llvm::StringRef path,
                                                     std::string &message) {
  bool isModel =
      sylvite::isTransformerName(path) && !llvm::sys::fs::exists(path);
  if (isModel || llvm::sys::fs::is_directory(path))
    return llvm::MemoryBuffer::getMemBufferCopy("", path);
  return mlir::openInputFile(path, &message);
}

/// Runs the translation on one buffer, with diagnostics shown beside its text.
static mlir::LogicalResult translate(const mlir::Translation &translation,
                                     std::unique_ptr<llvm::MemoryBuffer> buffer,
                                     llvm::raw_ostream &os) {
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  context.printOpOnDiagnostic(false);
  auto sources = std::make_shared<llvm::SourceMgr>();
  sources->AddNewSourceBuffer(std::move(buffer), llvm::SMLoc());
  sylvite::DiagnosticPrinter printer("sylvite-translate", *sources, &context);
  return translation(sources, os, &context);
}

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  // LLVM's libraries register hundreds of options of their own.
  cl::ResetCommandLineParser();
  // A file too large is an error like a full disk, of which writing tells.
  std::signal(SIGXFSZ, SIG_IGN);
  sylvite::registerBuildTransformer();
  sylvite::registerImportHuggingFace();
  sylvite::registerImportOnnx();
  sylvite::registerPrintHalide();

  cl::OptionCategory category("Options of sylvite-translate");
  cl::opt<std::string> input(cl::Positional,
                             cl::desc("<file, folder or model>"), cl::init("-"),
                             cl::cat(category));
  cl::opt<std::string> output("o", cl::desc("output file"),
                              cl::value_desc("file"), cl::init("-"),
                              cl::cat(category));
  cl::opt<bool> split("split-input-file",
                      cl::desc("translate each part between '// -----' lines "
                               "on its own"),
                      cl::cat(category));
  cl::opt<const mlir::Translation *, false, mlir::TranslationParser> requested(
      "", cl::desc("translation to perform"), cl::Required, cl::cat(category));
  mlir::registerAsmPrinterCLOptions();
  mlir::registerTranslationCLOptions();
  cl::SetVersionPrinter(sylvite::printVersion);
  cl::ParseCommandLineOptions(argc, argv,
                              "Sylvite's translations to and from its IR\n");

  auto fail = [](const llvm::Twine &message) {
    llvm::WithColor::error(llvm::errs(), "sylvite-translate")
        << message << '\n';
    return 1;
  };
  std::string message;
  std::unique_ptr<llvm::MemoryBuffer> buffer = openInput(input, message);
  if (!buffer)
    return fail(message);
  sylvite::FileTransaction transaction;
  llvm::Expected<llvm::raw_fd_ostream &> os = transaction.addStream(output);
  if (!os)
    return fail(toString(os.takeError()));
  auto result = mlir::splitAndProcessBuffer(
      std::move(buffer),
      [&](std::unique_ptr<llvm::MemoryBuffer> chunk, llvm::raw_ostream &os) {
        return translate(*requested, std::move(chunk), os);
      },
      *os, split ? mlir::kDefaultSplitMarker : "");
  if (failed(result))
    return 1;
  if (llvm::Error error = transaction.commit())
    return fail(toString(std::move(error)));
  return 0;
}
