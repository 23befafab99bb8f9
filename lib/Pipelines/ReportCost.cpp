//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The report of costs for IR text.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Pipelines/CostReport.h"
#include "sylvite/Pipelines/Passes.h"

#define DEBUG_TYPE "sylvite-report-cost"

namespace sylvite {
#define GEN_PASS_DEF_REPORTCOSTPASS
#include "sylvite/Pipelines/Passes.h.inc"
} // namespace sylvite

using namespace mlir;
using namespace sylvite;

namespace {
struct ReportCostPass
    : public sylvite::impl::ReportCostPassBase<ReportCostPass> {
  using ReportCostPassBase::ReportCostPassBase;
  void runOnOperation() override;
};
} // namespace

void ReportCostPass::runOnOperation() {
  CostOptions options;
  for (const std::string &dim : dims)
    if (llvm::Error error = parseCostShape(dim, options.shape)) {
      emitError(UnknownLoc::get(&getContext()))
          << "dim: " << toString(std::move(error));
      return signalPassFailure();
    }
  CostReport report(std::move(options));
  if (failed(report.readGraph(getOperation())))
    return signalPassFailure();
  if (json)
    report.printJson(llvm::outs());
  else
    report.print(llvm::outs());
  llvm::outs().flush();
  markAllAnalysesPreserved();
}
