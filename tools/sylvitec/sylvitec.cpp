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

#include "mlir/IR/Diagnostics.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "sylvite/InitAll.h"
#include "sylvite/Pipelines/Places.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/ThreadPool.h"
#include "llvm/Support/WithColor.h"

using namespace mlir;
using namespace sylvite;

namespace {
/// Shows diagnostics beside the line they are about. Others are about a module
/// of the model, a file, or the program.
class DiagnosticPrinter : public SourceMgrDiagnosticHandler {
public:
  DiagnosticPrinter(llvm::SourceMgr &sources, MLIRContext *context)
      : SourceMgrDiagnosticHandler(sources, context) {
    setHandler([this](Diagnostic &diagnostic) { print(diagnostic); });
  }

private:
  void print(Diagnostic &diagnostic);
  void print(Location location, DiagnosticSeverity severity,
             const llvm::Twine &message);
};
} // namespace

/// Whether a line of a file is part of the location.
static bool hasLine(Location location) {
  return location
      ->walk([](Location part) {
        auto file = dyn_cast<FileLineColLoc>(part);
        return file && file.getLine() ? WalkResult::interrupt()
                                      : WalkResult::advance();
      })
      .wasInterrupted();
}

/// The place of a diagnostic that is about no line.
static std::string getPlace(Location location) {
  if (auto file = dyn_cast<FileLineColLoc>(location))
    return file.getFilename().str();
  std::string places = describePlaces(location);
  return places.empty() ? "sylvitec" : places;
}

void DiagnosticPrinter::print(Diagnostic &diagnostic) {
  if (hasLine(diagnostic.getLocation()))
    return emitDiagnostic(diagnostic);
  print(diagnostic.getLocation(), diagnostic.getSeverity(), diagnostic.str());
  for (Diagnostic &note : diagnostic.getNotes())
    print(note.getLocation(), note.getSeverity(), note.str());
}

void DiagnosticPrinter::print(Location location, DiagnosticSeverity severity,
                              const llvm::Twine &message) {
  if (hasLine(location))
    return emitDiagnostic(location, message, severity);
  std::string place = getPlace(location);
  switch (severity) {
  case DiagnosticSeverity::Error:
    llvm::WithColor::error(llvm::errs(), place) << message << '\n';
    break;
  case DiagnosticSeverity::Warning:
    llvm::WithColor::warning(llvm::errs(), place) << message << '\n';
    break;
  default:
    llvm::WithColor::note(llvm::errs(), place) << message << '\n';
  }
}

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
  DiagnosticPrinter printer(sources, &context);
  return Compilation(options, &context).run(timing);
}

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
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
