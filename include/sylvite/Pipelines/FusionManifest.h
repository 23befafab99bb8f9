//===- FusionManifest.h - What an earlier build fused -----------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A file that lists what one build fused, for the next one to check: something
/// of it that is fused no more is an error there.
///
/// It is YAML, one entry a fused candidate, in the order of the report:
///
///   version: 1
///   fused:
///     - { family: attention, function: main, places: [ 'node /0/Softmax' ] }
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_PIPELINES_FUSIONMANIFEST_H
#define SYLVITE_PIPELINES_FUSIONMANIFEST_H

#include "sylvite/Pipelines/FusionReport.h"
#include "llvm/Support/Error.h"

namespace sylvite {

class FusionManifest {
public:
  /// One thing that was fused; `places` are those of its location.
  struct Entry {
    std::string family, function;
    std::vector<std::string> places;

    bool operator==(const Entry &other) const = default;
  };

  FusionManifest() = default;
  /// Of what is fused among candidates.
  explicit FusionManifest(llvm::ArrayRef<FusionCandidate> candidates);

  /// Reads a file; the error names it and the line.
  static llvm::Expected<FusionManifest> read(llvm::StringRef path);
  void write(llvm::raw_ostream &os) const;

  /// Emits an error for each entry that is fused no more, at the candidate that
  /// was missed in its place, with the reason. A model whose places have other
  /// names passes if as much of each family is fused in each function; else all
  /// that was missed is listed. `path` names the manifest in messages.
  mlir::LogicalResult check(llvm::ArrayRef<FusionCandidate> candidates,
                            llvm::StringRef path,
                            mlir::MLIRContext *context) const;

private:
  std::vector<Entry> entries;
};

} // namespace sylvite

#endif // SYLVITE_PIPELINES_FUSIONMANIFEST_H
