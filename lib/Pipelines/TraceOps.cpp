//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Numbers ops and lets others look at them.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Pipelines/TraceOps.h"

#include "sylvite/Dialect/Graph/GraphDialect.h"
#include "sylvite/Dialect/Halide/HalideDialect.h"
#include "sylvite/Kernels/OriginOps.h"

using namespace mlir;
using namespace sylvite;

static void numberOps(ModuleOp module) {
  // What an op is does not depend on extents.
  graph::Workload any;
  int64_t number = 0;
  module.walk([&](graph::CostOpInterface op) {
    if (!op.getCost(any).isMovement)
      setOriginNumber(op, number++);
  });
}

namespace {
class TraceOpsPass : public PassWrapper<TraceOpsPass, OperationPass<ModuleOp>> {
public:
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(TraceOpsPass)
  explicit TraceOpsPass(OpTracer trace) : trace(std::move(trace)) {}
  StringRef getName() const final { return "sylvite-trace-ops"; }
  void runOnOperation() final {
    numberOps(getOperation());
    if (failed(trace(getOperation())))
      signalPassFailure();
  }

private:
  OpTracer trace;
};
} // namespace

std::unique_ptr<Pass> sylvite::createTraceOpsPass(OpTracer trace) {
  return std::make_unique<TraceOpsPass>(std::move(trace));
}

void sylvite::dropOpNumbers(ModuleOp module) {
  module.walk([](halide::InvokeOp invoke) { dropOrigins(invoke); });
}
