//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The report of fusion for programs, as YAML.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Pipelines/FusionReport.h"

#include "sylvite/Support/Diagnostics/Places.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/YAMLTraits.h"

using namespace mlir;
using namespace sylvite;

namespace {
/// A candidate; sequences of YAML are made of what can be empty.
struct Entry {
  const FusionCandidate *candidate = nullptr;
};

/// What the document holds.
struct Report {
  std::vector<Entry> candidates;
  std::vector<FusionCount> families;
  std::vector<FusedWork> functions;
};
} // namespace

LLVM_YAML_IS_SEQUENCE_VECTOR(Entry)
LLVM_YAML_IS_SEQUENCE_VECTOR(FusionCount)
LLVM_YAML_IS_SEQUENCE_VECTOR(FusedWork)

template <>
struct llvm::yaml::MappingTraits<Entry> {
  static void mapping(IO &io, Entry &entry) {
    FusionCandidate candidate = *entry.candidate;
    SmallVector<std::string> list = listPlaces(candidate.location);
    std::vector<std::string> places(list.begin(), list.end());
    io.mapRequired("family", candidate.family);
    io.mapRequired("fused", candidate.fused);
    io.mapRequired("function", candidate.function);
    io.mapRequired("places", places);
    for (auto &[key, value] : candidate.notes) {
      // What a remark says without a key is what was made.
      std::string name = key == "Remark" ? "what" : StringRef(key).lower();
      io.mapRequired(name.c_str(), value);
    }
  }
};

template <>
struct llvm::yaml::MappingTraits<FusionCount> {
  static void mapping(IO &io, FusionCount &count) {
    unsigned candidates = count.fused + count.missed;
    io.mapRequired("family", count.family);
    io.mapRequired("candidates", candidates);
    io.mapRequired("fused", count.fused);
    io.mapRequired("missed", count.missed);
  }
};

template <>
struct llvm::yaml::MappingTraits<FusedWork> {
  static void mapping(IO &io, FusedWork &work) {
    double share = work.getShare();
    io.mapRequired("function", work.function);
    io.mapRequired("shape", work.shape);
    io.mapRequired("kernels", work.kernels);
    io.mapRequired("calls", work.calls);
    io.mapRequired("flop", work.flops);
    io.mapRequired("fused-share", share);
  }
};

template <>
struct llvm::yaml::MappingTraits<Report> {
  static void mapping(IO &io, Report &report) {
    io.mapRequired("candidates", report.candidates);
    io.mapRequired("families", report.families);
    io.mapOptional("functions", report.functions);
  }
};

void FusionReport::printYaml(llvm::raw_ostream &os,
                             ArrayRef<FunctionCost> costs) const {
  std::vector<FusionCandidate> candidates = getCandidates();
  Report report{{}, countFamilies(), {}};
  for (const FusionCandidate &candidate : candidates)
    report.candidates.push_back({&candidate});
  for (const FunctionCost &cost : costs)
    if (!cost.kernels.empty())
      report.functions.push_back(getFusedWork(cost));
  llvm::yaml::Output output(os);
  output << report;
}
