//===- FusionReport.h - What was fused, and what not and why ----*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Collects the remarks that fusion passes leave about each candidate, counts
/// them by family, prints them for people and compares them with what is
/// expected.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_PIPELINES_FUSIONREPORT_H
#define SYLVITE_PIPELINES_FUSIONREPORT_H

#include "mlir/IR/Location.h"
#include "mlir/IR/MLIRContext.h"
#include "sylvite/Pipelines/CostReport.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sylvite {

/// What may be fused, and whether it was.
struct FusionCandidate {
  /// "attention", "layer_norm" ...
  std::string family;
  bool fused;
  std::string function;
  mlir::Location location;
  /// What else the remark says, in its words: "Reason", "Suggestion" and so on.
  std::vector<std::pair<std::string, std::string>> notes;
};

/// How many candidates of a family there were.
struct FusionCount {
  std::string family;
  unsigned fused = 0, missed = 0;
};

/// One entry of --expect-fused: without a number, one at least and none missed.
struct FusionExpectation {
  std::string family;
  std::optional<unsigned> count;
};

/// What part of a function's work is done in kernels that calculate several ops
/// of the graph, or one that stands for several.
struct FusedWork {
  std::string function;
  /// Distinct kernels, and calls of them.
  size_t kernels = 0, calls = 0;
  /// FLOP of all kernels and of fused ones.
  double flops = 0, fused = 0;
  /// The extents that this is for: "batch = 1, seq = 128".
  std::string shape;

  double getShare() const { return flops ? fused / flops : 1; }
};
FusedWork getFusedWork(const FunctionCost &cost);

/// One of a candidate's notes, for a person.
std::string getNoteText(const std::pair<std::string, std::string> &note);

class FusionReport {
public:
  /// Listens to the remarks of a context from now on. There may be one listener
  /// per context.
  explicit FusionReport(mlir::MLIRContext *context);
  ~FusionReport();
  FusionReport(const FusionReport &) = delete;
  FusionReport &operator=(const FusionReport &) = delete;

  /// Function by function, each in the order in which passes left them.
  std::vector<FusionCandidate> getCandidates() const;

  /// By family, in the order of the names.
  std::vector<FusionCount> countFamilies() const;

  /// Prints each candidate.
  void printCandidates(llvm::raw_ostream &os) const;
  /// Prints a table: what candidates of each family there were, how many are
  /// fused and how many missed. With the costs of functions also what part of
  /// their work fused kernels do, where kernels are known.
  void printTable(llvm::raw_ostream &os,
                  llvm::ArrayRef<FunctionCost> costs = {}) const;
  /// Prints all of that as YAML.
  void printYaml(llvm::raw_ostream &os,
                 llvm::ArrayRef<FunctionCost> costs = {}) const;

  /// Emits an error for each expectation that does not hold, with the missed
  /// candidates of the family as notes.
  mlir::LogicalResult
  check(llvm::ArrayRef<FusionExpectation> expectations) const;

private:
  struct Collected;
  mlir::MLIRContext *context;
  std::shared_ptr<Collected> collected;
};

} // namespace sylvite

#endif // SYLVITE_PIPELINES_FUSIONREPORT_H
