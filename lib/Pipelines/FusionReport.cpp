//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The report of fusion. Passes may run on several functions at once, so that
/// remarks come in any order; within one function it is that of the passes.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Pipelines/FusionReport.h"

#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Remarks.h"
#include "sylvite/Fusion/FusionRemarks.h"
#include "sylvite/Support/Diagnostics/Places.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FormatVariadic.h"

#include <map>
#include <mutex>

using namespace mlir;
using namespace sylvite;

//===----------------------------------------------------------------------===//
// Collecting
//===----------------------------------------------------------------------===//

/// What the listener has heard. The context owns the listener and may outlive
/// the report.
struct FusionReport::Collected {
  std::mutex mutex;
  /// By function; those of one function stay in the order of the passes.
  std::multimap<std::string, FusionCandidate> candidates;
};

namespace {
class Listener : public remark::detail::MLIRRemarkStreamerBase {
public:
  using Hear = std::function<void(const remark::detail::Remark &)>;
  explicit Listener(Hear hear) : hear(std::move(hear)) {}

  void streamOptimizationRemark(const remark::detail::Remark &remark) override {
    hear(remark);
  }

private:
  Hear hear;
};
} // namespace

FusionReport::FusionReport(MLIRContext *context)
    : context(context), collected(std::make_shared<Collected>()) {
  auto hear = [collected = collected](const remark::detail::Remark &remark) {
    FusionCandidate candidate{remark.getRemarkName().str(),
                              remark.getRemarkType() ==
                                  llvm::remarks::Type::Passed,
                              remark.getFunction().str(),
                              remark.getLocation(),
                              {}};
    for (const auto &note : remark.getArgs())
      candidate.notes.push_back({note.key, note.val});
    std::lock_guard lock(collected->mutex);
    collected->candidates.emplace(candidate.function, candidate);
  };
  remark::RemarkCategories categories;
  categories.passed = categories.missed = "^" + kFusionCategory.str() + "$";
  // Cannot fail: only streamers that write files do.
  (void)remark::enableOptimizationRemarks(
      *context, std::make_unique<Listener>(hear),
      std::make_unique<remark::RemarkEmittingPolicyAll>(), categories);
}

FusionReport::~FusionReport() { context->setRemarkEngine(nullptr); }

std::vector<FusionCandidate> FusionReport::getCandidates() const {
  std::lock_guard lock(collected->mutex);
  std::vector<FusionCandidate> candidates;
  for (const auto &[function, candidate] : collected->candidates)
    candidates.push_back(candidate);
  return candidates;
}

//===----------------------------------------------------------------------===//
// Counting and checking
//===----------------------------------------------------------------------===//

std::vector<FusionCount> FusionReport::countFamilies() const {
  std::map<std::string, FusionCount> counts;
  for (const FusionCandidate &candidate : getCandidates()) {
    FusionCount &count = counts[candidate.family];
    count.family = candidate.family;
    ++(candidate.fused ? count.fused : count.missed);
  }
  std::vector<FusionCount> families;
  for (auto &[family, count] : counts)
    families.push_back(count);
  return families;
}

std::string
sylvite::getNoteText(const std::pair<std::string, std::string> &note) {
  // What a remark says without a key.
  if (note.first == "Remark")
    return note.second;
  return llvm::formatv("{0}: {1}", StringRef(note.first).lower(), note.second);
}

LogicalResult
FusionReport::check(llvm::ArrayRef<FusionExpectation> expectations) const {
  std::vector<FusionCandidate> candidates = getCandidates();
  bool met = true;
  for (const FusionExpectation &expected : expectations) {
    FusionCount count;
    for (const FusionCandidate &candidate : candidates)
      if (candidate.family == expected.family)
        ++(candidate.fused ? count.fused : count.missed);
    if (expected.count ? count.fused == *expected.count
                       : count.fused && !count.missed)
      continue;
    met = false;
    InFlightDiagnostic error = emitError(UnknownLoc::get(context));
    error << "expected " << expected.family << " to be fused";
    if (expected.count)
      error << ' ' << *expected.count
            << (*expected.count == 1 ? " time" : " times");
    error << ", but " << count.fused << (count.fused == 1 ? " was" : " were")
          << " and " << count.missed << (count.missed == 1 ? " was" : " were")
          << " missed";
    for (const FusionCandidate &candidate : candidates) {
      if (candidate.fused || candidate.family != expected.family)
        continue;
      Diagnostic &note = error.attachNote(candidate.location);
      note << "missed";
      for (const auto &part : candidate.notes)
        note << "; " << getNoteText(part);
    }
  }
  return success(met);
}

//===----------------------------------------------------------------------===//
// Printing
//===----------------------------------------------------------------------===//

void FusionReport::printCandidates(llvm::raw_ostream &os) const {
  for (const FusionCandidate &candidate : getCandidates()) {
    std::string places = describePlaces(candidate.location);
    os << (candidate.fused ? "fused  " : "missed ") << candidate.family
       << " at " << (places.empty() ? "an unknown place" : places) << '\n';
    for (const auto &note : candidate.notes)
      os << "       " << getNoteText(note) << '\n';
  }
}

FusedWork sylvite::getFusedWork(const FunctionCost &cost) {
  FusedWork work;
  work.function = cost.function;
  llvm::StringSet<> names;
  for (const CostRow &row : cost.kernels) {
    double flops = row.runs * row.getFlops();
    names.insert(row.name);
    ++work.calls;
    work.flops += flops;
    if (row.isFused)
      work.fused += flops;
  }
  work.kernels = names.size();
  for (const auto &[name, extent] : cost.shape.extents)
    work.shape += (work.shape.empty() ? "" : ", ") + name + " = " +
                  std::to_string(extent);
  return work;
}

void FusionReport::printTable(llvm::raw_ostream &os,
                              ArrayRef<FunctionCost> costs) const {
  std::vector<FusionCount> families = countFamilies();
  if (families.empty()) {
    os << "fusion: no candidates\n";
  } else {
    os << llvm::formatv("{0,-24}{1,12}{2,8}{3,8}\n", "family", "candidates",
                        "fused", "missed");
    FusionCount all{"all"};
    auto print = [&](const FusionCount &count) {
      os << llvm::formatv("{0,-24}{1,12}{2,8}{3,8}\n", count.family,
                          count.fused + count.missed, count.fused,
                          count.missed);
      all.fused += count.fused;
      all.missed += count.missed;
    };
    llvm::for_each(families, print);
    print(FusionCount(all));
  }
  if (llvm::all_of(
          costs, [](const FunctionCost &cost) { return cost.kernels.empty(); }))
    return;
  os << '\n'
     << llvm::formatv("{0,-24}{1,12}{2,8}{3,8}{4,8}  {5}\n", "function",
                      "kernels", "calls", "MFLOP", "fused", "at");
  for (const FunctionCost &cost : costs) {
    FusedWork work = getFusedWork(cost);
    os << llvm::formatv("{0,-24}{1,12}{2,8}{3,8:F1}{4,7:F1}%  {5}\n",
                        work.function, work.kernels, work.calls,
                        work.flops / 1e6, 100 * work.getShare(),
                        work.shape.empty() ? "its shapes" : work.shape);
  }
}
