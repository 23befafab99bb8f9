//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// One run of the compiler: the phases in order, and what is written between
/// them.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_TOOLS_SYLVITEC_COMPILATION_H
#define SYLVITE_TOOLS_SYLVITEC_COMPILATION_H

#include "Options.h"
#include "Progress.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/OwningOpRef.h"
#include "mlir/Support/Timing.h"
#include "sylvite/Pipelines/DeviceReport.h"
#include "sylvite/Pipelines/WorkFormulas.h"
#include "sylvite/Precision/Precision.h"
#include "sylvite/Support/Target.h"

#include <deque>

namespace sylvite {

class Compilation {
public:
  /// Works in `context`, which has all dialects and shows diagnostics.
  Compilation(const Options &options, mlir::MLIRContext *context);
  ~Compilation();

  /// Runs all phases that the options ask for. Failures have been emitted.
  mlir::LogicalResult run(mlir::TimingScope &timing);

private:
  mlir::LogicalResult runPhase(Phase phase, mlir::TimingScope &timing);
  mlir::LogicalResult import();
  mlir::LogicalResult checkStart();
  mlir::LogicalResult settleTargets();
  mlir::LogicalResult checkTargets();
  mlir::LogicalResult settlePrefix();
  /// Makes a module for each target of the one for all.
  void fork();
  mlir::LogicalResult runPasses(Phase phase, mlir::TimingScope &timing);
  mlir::LogicalResult runPasses(Phase phase, size_t index,
                                mlir::TimingScope &timing);
  mlir::LogicalResult reportFusion();
  /// Compares with what was expected and with an earlier build, and writes what
  /// a later one is to be compared with.
  mlir::LogicalResult checkFusion();
  /// The end of the explanation, once all of it is known.
  void explainFusion();
  bool needsCosts() const {
    return options.reportCost || options.explainFusion != Options::Explain::No;
  }
  /// Reads costs off what a phase has left.
  mlir::LogicalResult readCosts(Phase phase);
  mlir::LogicalResult reportCosts();
  mlir::LogicalResult dumpSchedules();
  mlir::LogicalResult dumpPhase(Phase phase);
  mlir::LogicalResult dumpModule(mlir::ModuleOp module,
                                 const std::string &name);
  mlir::LogicalResult printResult();
  mlir::LogicalResult package(mlir::TimingScope &timing);

  /// The module for all targets, or for the only one.
  mlir::ModuleOp getModule() const { return *modules.front(); }

  /// Where reports go: the standard output, unless IR is printed there.
  llvm::raw_ostream &getReportStream() const;

  const Options &options;
  mlir::MLIRContext *context;
  Progress progress;
  FusionReport fusion;
  PrecisionReport precision;
  CostReport costs;
  std::optional<DeviceReport> device;
  std::string prefix;
  /// Weakest first.
  TargetList targets;
  /// Whether the target is what this machine has.
  bool isNative = false;
  /// One, and from the kernels phase on one for each target.
  std::vector<mlir::OwningOpRef<mlir::ModuleOp>> modules;
  /// Of each target.
  std::deque<WorkFormulas> work;
  double start;
  /// Clears the line of progress before a diagnostic is shown.
  mlir::DiagnosticEngine::HandlerID clearProgress;
};

} // namespace sylvite

#endif // SYLVITE_TOOLS_SYLVITEC_COMPILATION_H
