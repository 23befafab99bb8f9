//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Prints what functions compute: one line for each result of each public
/// function, with inputs from the graph itself or made up.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Reference/GeneratedInputs.h"
#include "sylvite/Reference/Passes.h"

#define DEBUG_TYPE "sylvite-evaluate"

namespace sylvite {
#define GEN_PASS_DEF_EVALUATEPASS
#include "sylvite/Reference/Passes.h.inc"
} // namespace sylvite

using namespace mlir;
using namespace sylvite;

namespace {
struct EvaluatePass : public sylvite::impl::EvaluatePassBase<EvaluatePass> {
  using EvaluatePassBase::EvaluatePassBase;
  void runOnOperation() override;
};
} // namespace

/// Evaluates one call and prints its results.
static LogicalResult evaluateAndPrint(func::FuncOp function,
                                      const NamedTensors &inputs,
                                      WeightProvider &weights,
                                      const DimExtents &extents = {}) {
  FailureOr<std::vector<Output>> outputs =
      evaluateFunction(function, inputs, weights, extents);
  if (failed(outputs))
    return failure();
  for (const Output &output : *outputs) {
    llvm::outs() << '@' << function.getName() << ' ' << output.name << " = "
                 << output.value.getType() << ' ';
    printElements(llvm::outs(), output.value);
    llvm::outs() << '\n';
  }
  return success();
}

/// Evaluates the calls that are made up for a function.
static LogicalResult evaluateGenerated(func::FuncOp function,
                                       WeightProvider &weights) {
  FailureOr<std::vector<GeneratedCase>> cases = generateInputs(function);
  if (failed(cases))
    return failure();
  for (const GeneratedCase &next : *cases) {
    llvm::outs() << '@' << function.getName() << " (" << next.description
                 << ")\n";
    if (failed(evaluateAndPrint(function, next.inputs, weights, next.extents)))
      return failure();
  }
  return success();
}

/// The weights of the module's files; emits an error where they do not hold
/// what the graph asks for.
static FailureOr<WeightStore> openWeights(ModuleOp module) {
  return WeightStore::fromModule(module);
}

void EvaluatePass::runOnOperation() {
  ModuleOp module = getOperation();
  markAllAnalysesPreserved();
  StoredOrGeneratedWeights generated(module);
  std::optional<WeightStore> store;
  std::optional<StoredWeights> stored;
  if (!generate) {
    FailureOr<WeightStore> opened = openWeights(module);
    if (failed(opened))
      return signalPassFailure();
    store.emplace(std::move(*opened));
    stored.emplace(*store);
  }
  for (auto function : module.getOps<func::FuncOp>()) {
    if (!function.isPublic())
      continue;
    LogicalResult result =
        generate ? evaluateGenerated(function, generated)
                 : evaluateAndPrint(function, NamedTensors(), *stored);
    if (failed(result))
      return signalPassFailure();
  }
  // The tool that prints the module behind this has a stream of its own.
  llvm::outs().flush();
}
