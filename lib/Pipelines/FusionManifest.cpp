//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Writes, reads and checks manifests. Candidates are known by their places: a
/// fused op has those of all that it was made of, so that what is missed in its
/// stead has some of them.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Pipelines/FusionManifest.h"

#include "mlir/IR/Diagnostics.h"
#include "sylvite/Support/Diagnostics/Places.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/YAMLTraits.h"

#include <map>

using namespace mlir;
using namespace sylvite;

static constexpr int kVersion = 1;

//===----------------------------------------------------------------------===//
// The file
//===----------------------------------------------------------------------===//

namespace {
struct File {
  int version = kVersion;
  std::vector<FusionManifest::Entry> fused;
};
} // namespace

LLVM_YAML_IS_SEQUENCE_VECTOR(sylvite::FusionManifest::Entry)

template <>
struct llvm::yaml::MappingTraits<FusionManifest::Entry> {
  static void mapping(IO &io, FusionManifest::Entry &entry) {
    io.mapRequired("family", entry.family);
    io.mapRequired("function", entry.function);
    io.mapRequired("places", entry.places);
  }
};

template <>
struct llvm::yaml::MappingTraits<File> {
  static void mapping(IO &io, File &file) {
    io.mapRequired("version", file.version);
    io.mapRequired("fused", file.fused);
  }
};

FusionManifest::FusionManifest(ArrayRef<FusionCandidate> candidates) {
  for (const FusionCandidate &candidate : candidates)
    if (candidate.fused) {
      SmallVector<std::string> places = listPlaces(candidate.location);
      entries.push_back({candidate.family,
                         candidate.function,
                         {places.begin(), places.end()}});
    }
}

void FusionManifest::write(llvm::raw_ostream &os) const {
  File file{kVersion, entries};
  llvm::yaml::Output output(os);
  output << file;
}

llvm::Expected<FusionManifest> FusionManifest::read(StringRef path) {
  auto buffer = llvm::MemoryBuffer::getFile(path, /*IsText=*/true);
  if (!buffer)
    return llvm::createStringError(path + ": " + buffer.getError().message());
  std::string message;
  // The first one is the one that matters.
  auto note = [](const llvm::SMDiagnostic &diagnostic, void *text) {
    auto &message = *static_cast<std::string *>(text);
    if (message.empty())
      message =
          (":" + Twine(diagnostic.getLineNo()) + ":" +
           Twine(diagnostic.getColumnNo() + 1) + ": " + diagnostic.getMessage())
              .str();
  };
  llvm::yaml::Input input((*buffer)->getBuffer(), nullptr, note, &message);
  File file;
  input >> file;
  if (input.error() || !message.empty())
    return llvm::createStringError(
        path + (message.empty() ? ": is empty" : message) +
        "; expected what --write-fusion-manifest writes");
  if (file.version != kVersion)
    return llvm::createStringError(
        path + ": is a manifest of version " + Twine(file.version) +
        "; this compiler knows version " + Twine(kVersion) +
        ": write it anew by --write-fusion-manifest");
  FusionManifest manifest;
  manifest.entries = std::move(file.fused);
  return manifest;
}

//===----------------------------------------------------------------------===//
// Checking
//===----------------------------------------------------------------------===//

/// How many places two have in common.
static size_t countCommon(ArrayRef<std::string> a, ArrayRef<std::string> b) {
  return llvm::count_if(a, [&](const std::string &place) {
    return llvm::is_contained(b, place);
  });
}

/// The missed candidate that stands where the entry was fused; null where it
/// is fused, or nothing stands there.
static const FusionCandidate *findMissed(const FusionManifest::Entry &entry,
                                         ArrayRef<FusionCandidate> candidates) {
  const FusionCandidate *best = nullptr;
  size_t most = 0;
  for (const FusionCandidate &candidate : candidates) {
    if (candidate.family != entry.family ||
        candidate.function != entry.function)
      continue;
    SmallVector<std::string> places = listPlaces(candidate.location);
    if (candidate.fused &&
        ArrayRef<std::string>(places) == ArrayRef<std::string>(entry.places))
      return nullptr;
    // What several candidates share, a mask or a file, decides nothing.
    size_t common = countCommon(entry.places, places);
    if (common > most || (common == most && best && best->fused)) {
      best = common ? &candidate : best;
      most = common;
    }
  }
  return best && !best->fused ? best : nullptr;
}

/// Why something was missed, and what to change.
static void addNotes(Diagnostic &diagnostic, const FusionCandidate &candidate) {
  for (const auto &note : candidate.notes)
    diagnostic << "; " << getNoteText(note);
}

LogicalResult FusionManifest::check(ArrayRef<FusionCandidate> candidates,
                                    StringRef path,
                                    MLIRContext *context) const {
  bool met = true;
  using Key = std::pair<std::string, std::string>;
  std::map<Key, std::pair<unsigned, unsigned>> counts;
  std::map<Key, bool> isReported;
  for (const FusionCandidate &candidate : candidates)
    counts[{candidate.function, candidate.family}].second += candidate.fused;
  for (const Entry &entry : entries) {
    Key key = {entry.function, entry.family};
    ++counts[key].first;
    const FusionCandidate *missed = findMissed(entry, candidates);
    if (!missed)
      continue;
    met = false;
    isReported[key] = true;
    InFlightDiagnostic error = mlir::emitError(missed->location);
    error << entry.family << " is not fused any more, as it was when " << path
          << " was written";
    addNotes(*error.getUnderlyingDiagnostic(), *missed);
  }
  for (const auto &[key, count] : counts) {
    auto [before, now] = count;
    if (now >= before || isReported[key])
      continue;
    met = false;
    // Places have changed: all that were missed may be what is not fused now.
    SmallVector<const FusionCandidate *> missed;
    for (const FusionCandidate &candidate : candidates)
      if (!candidate.fused && candidate.function == key.first &&
          candidate.family == key.second)
        missed.push_back(&candidate);
    InFlightDiagnostic error = mlir::emitError(
        missed.empty() ? UnknownLoc::get(context) : missed.front()->location);
    error << "function " << key.first << " has " << now << " fused "
          << key.second << ", and had " << before << " when " << path
          << " was written";
    if (missed.empty())
      error << "; nothing like it is there any more";
    for (const FusionCandidate *candidate : missed)
      addNotes(error.attachNote(candidate->location) << "missed", *candidate);
  }
  return success(met);
}
