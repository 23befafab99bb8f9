//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Diagnostics for users: MLIR's form where there is a line to show, our own
/// for everything else, which MLIR would print as an unknown place.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Support/Diagnostics/DiagnosticPrinter.h"
#include "sylvite/Support/Diagnostics/Places.h"

#include "llvm/Support/JSON.h"
#include "llvm/Support/LineIterator.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/WithColor.h"

using namespace mlir;
using namespace sylvite;

/// Whether the location itself, not a part of it, is a line of a file.
static bool isLine(Location location) {
  auto file = dyn_cast<FileLineColLoc>(location);
  return file && file.getLine();
}

/// The first line of a file that is part of the location, or null: the one that
/// is shown.
static FileLineColLoc findLine(Location location) {
  FileLineColLoc line;
  location->walk([&](Location part) {
    if (!isLine(part))
      return WalkResult::advance();
    line = cast<FileLineColLoc>(part);
    return WalkResult::interrupt();
  });
  return line;
}

/// The places of a fused op beside the line that is shown: some, and how many
/// more.
static std::string describeOthers(Location location, FileLineColLoc line) {
  constexpr size_t shown = 3;
  if (!isa<FusedLoc>(location))
    return "";
  SmallVector<std::string> places = listPlaces(location);
  llvm::erase(places, describePlaces(line));
  std::string text = llvm::join(ArrayRef(places).take_front(shown), ", ");
  if (places.size() > shown)
    text += " and " + std::to_string(places.size() - shown) + " more";
  return text;
}

DiagnosticPrinter::DiagnosticPrinter(std::string tool, llvm::SourceMgr &sources,
                                     MLIRContext *context)
    : SourceMgrDiagnosticHandler(sources, context, isLine),
      tool(std::move(tool)) {
  setHandler([this](Diagnostic &diagnostic) {
    print(diagnostic.getLocation(), diagnostic.getSeverity(), diagnostic.str());
    for (Diagnostic &note : diagnostic.getNotes())
      print(note.getLocation(), note.getSeverity(), note.str());
  });
}

/// Whether the line that a diagnostic is about can be shown: a file of JSON may
/// be one long line, and what is no text does not belong on a terminal.
bool DiagnosticPrinter::isReadable(FileLineColLoc location) {
  constexpr size_t longest = 400;
  const llvm::MemoryBuffer *buffer = getBufferForFile(location.getFilename());
  if (!buffer)
    return true;
  llvm::line_iterator line(*buffer, /*SkipBlanks=*/false);
  while (!line.is_at_eof() && line.line_number() < location.getLine())
    ++line;
  return line.is_at_eof() ||
         (line->size() <= longest && llvm::json::isUTF8(*line) &&
          llvm::none_of(*line, [](char c) { return c > 0 && c < '\t'; }));
}

/// What a diagnostic that is about no line begins with.
std::string DiagnosticPrinter::getPlace(Location location) const {
  SmallVector<std::string> places = listPlaces(location);
  if (places.empty())
    return tool;
  if (places.size() == 1)
    return places.front();
  return places.front() + " and " + std::to_string(places.size() - 1) + " more";
}

void DiagnosticPrinter::print(Location location, DiagnosticSeverity severity,
                              const llvm::Twine &message) {
  if (FileLineColLoc line = findLine(location)) {
    emitDiagnostic(line, message, severity, isReadable(line));
    std::string others = describeOthers(location, line);
    if (!others.empty() && severity != DiagnosticSeverity::Note)
      emitDiagnostic(line, "it comes from " + others + " as well",
                     DiagnosticSeverity::Note, /*displaySourceLine=*/false);
    return;
  }
  std::string place = getPlace(location);
  switch (severity) {
  case DiagnosticSeverity::Error:
    llvm::WithColor::error(llvm::errs(), place) << message << '\n';
    break;
  case DiagnosticSeverity::Warning:
    llvm::WithColor::warning(llvm::errs(), place) << message << '\n';
    break;
  case DiagnosticSeverity::Remark:
    llvm::WithColor::remark(llvm::errs(), place) << message << '\n';
    break;
  case DiagnosticSeverity::Note:
    llvm::WithColor::note(llvm::errs(), place) << message << '\n';
    break;
  }
}
