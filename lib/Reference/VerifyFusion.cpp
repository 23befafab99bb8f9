//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Evaluates functions around passes.
///
/// The instrumentation clones the functions before a watched pass. Behind it,
/// a function that the pass has changed is evaluated, and so is its clone,
/// unless it is what the last watched pass has left: then its results are known
/// already. An instrumentation cannot fail a pass manager, so that a pass
/// behind all others does it.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Reference/VerifyFusion.h"
#include "Compare.h"

#include "sylvite/Dialect/Graph/GraphDialect.h"
#include "sylvite/Reference/GeneratedInputs.h"

#include "mlir/Pass/PassInstrumentation.h"

#include <map>
#include <mutex>

using namespace mlir;
using namespace sylvite;

bool sylvite::rewritesGraphs(const Pass &pass) {
  StringRef name = pass.getArgument();
  if (name == "canonicalize" || name == "cse")
    return true;
  return name.consume_front("sylvite-") &&
         (name.starts_with("fuse") || name.starts_with("raise") ||
          name.starts_with("decompose") || name.starts_with("normalize"));
}

namespace {
/// A function at one time, with what it computes for the generated inputs.
struct Snapshot {
  OwningOpRef<func::FuncOp> function;
  std::vector<GeneratedCase> cases;
  /// Outputs of each case; empty until they are evaluated.
  std::vector<std::vector<Output>> results;
};

/// What the instrumentation and the pass behind all others share.
struct Verification {
  explicit Verification(VerifyFusionOptions options)
      : options(std::move(options)) {}

  void before(Pass *pass, Operation *op);
  void after(Pass *pass, Operation *op);
  void forget(Pass *pass, Operation *op);
  bool hasFailed();

private:
  LogicalResult check(Pass *pass, Snapshot &earlier, func::FuncOp now);
  LogicalResult evaluate(Snapshot &snapshot, WeightProvider &weights);

  VerifyFusionOptions options;
  /// Passes over functions run in several threads. One evaluation at a time:
  /// it may need as much memory as the model.
  std::mutex mutex;
  bool failed = false;
  /// Clones of the functions under the op that a pass is running on.
  std::map<std::pair<Pass *, Operation *>, std::vector<Snapshot>> running;
  /// What was evaluated last, by the function's name.
  std::map<std::string, Snapshot> known;
};

struct VerifyFusionInstrumentation : public PassInstrumentation {
  explicit VerifyFusionInstrumentation(std::shared_ptr<Verification> shared)
      : verification(std::move(shared)) {}

  void runBeforePass(Pass *pass, Operation *op) override {
    verification->before(pass, op);
  }
  void runAfterPass(Pass *pass, Operation *op) override {
    verification->after(pass, op);
  }
  void runAfterPassFailed(Pass *pass, Operation *op) override {
    verification->forget(pass, op);
  }

private:
  std::shared_ptr<Verification> verification;
};

/// Fails if a result has changed.
struct VerifyFusionPass
    : public PassWrapper<VerifyFusionPass, OperationPass<>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(VerifyFusionPass)

  explicit VerifyFusionPass(std::shared_ptr<Verification> shared)
      : verification(std::move(shared)) {}

  StringRef getName() const override { return "VerifyFusionPass"; }
  void runOnOperation() override {
    markAllAnalysesPreserved();
    if (verification->hasFailed())
      signalPassFailure();
  }

private:
  std::shared_ptr<Verification> verification;
};
} // namespace

static bool hasGraphOps(func::FuncOp function) {
  WalkResult walk = function.walk([](Operation *op) {
    return isa<graph::GraphDialect>(op->getDialect()) ? WalkResult::interrupt()
                                                      : WalkResult::advance();
  });
  return walk.wasInterrupted();
}

/// Does a function call others? These may be changing in another thread; each
/// is verified by itself.
static bool hasCalls(func::FuncOp function) {
  return function.walk([](func::CallOp) { return WalkResult::interrupt(); })
      .wasInterrupted();
}

/// The functions of graph ops that a pass on `op` may change, but for those
/// that call others.
static std::vector<func::FuncOp> getFunctions(Operation *op) {
  std::vector<func::FuncOp> functions;
  op->walk([&](func::FuncOp function) {
    if (hasGraphOps(function) && !hasCalls(function))
      functions.push_back(function);
  });
  return functions;
}

static bool isSame(func::FuncOp a, func::FuncOp b) {
  return OperationEquivalence::isEquivalentTo(
      a, b, OperationEquivalence::IgnoreLocations);
}

bool Verification::hasFailed() {
  std::lock_guard<std::mutex> lock(mutex);
  return failed;
}

void Verification::before(Pass *pass, Operation *op) {
  if (!options.isWatched(*pass))
    return;
  std::lock_guard<std::mutex> lock(mutex);
  // The first pass that changes a result is the one to name.
  if (failed)
    return;
  std::vector<Snapshot> &snapshots = running[{pass, op}];
  snapshots.clear();
  for (func::FuncOp function : getFunctions(op))
    snapshots.push_back({function.clone(), {}, {}});
}

void Verification::forget(Pass *pass, Operation *op) {
  std::lock_guard<std::mutex> lock(mutex);
  running.erase({pass, op});
}

void Verification::after(Pass *pass, Operation *op) {
  if (!options.isWatched(*pass))
    return;
  std::lock_guard<std::mutex> lock(mutex);
  auto found = running.find({pass, op});
  if (found == running.end())
    return;
  std::vector<Snapshot> snapshots = std::move(found->second);
  running.erase(found);
  for (Snapshot &snapshot : snapshots) {
    func::FuncOp now;
    op->walk([&](func::FuncOp function) {
      if (function.getName() == snapshot.function->getName())
        now = function;
    });
    if (!now) {
      // A pass may remove what nobody can call.
      if (!snapshot.function->isPublic())
        continue;
      op->emitError("pass '")
          << pass->getArgument() << "' removed the function @"
          << snapshot.function->getName();
      failed = true;
    } else if (!isSame(*snapshot.function, now) &&
               mlir::failed(check(pass, snapshot, now))) {
      failed = true;
    }
    if (failed)
      return;
  }
}

LogicalResult Verification::evaluate(Snapshot &snapshot,
                                     WeightProvider &weights) {
  for (const GeneratedCase &next : snapshot.cases) {
    FailureOr<std::vector<Output>> outputs = evaluateFunction(
        *snapshot.function, next.inputs, weights, next.extents);
    if (mlir::failed(outputs))
      return failure();
    snapshot.results.push_back(std::move(*outputs));
  }
  return success();
}

/// Emits an error if the outputs of one call differ.
static LogicalResult compareOutputs(Pass *pass, func::FuncOp function,
                                    const GeneratedCase &inputs,
                                    ArrayRef<Output> before,
                                    ArrayRef<Output> after, double tolerance) {
  auto fail = [&](const Output &output) {
    InFlightDiagnostic error = function.emitError("pass '")
                               << pass->getArgument()
                               << "' changed the result '" << output.name
                               << "' of @" << function.getName();
    error.attachNote() << "inputs: " << inputs.description;
    return error;
  };
  if (before.size() != after.size())
    return function.emitError("pass '")
           << pass->getArgument() << "' changed the number of results of @"
           << function.getName() << " from " << before.size() << " to "
           << after.size();
  for (auto [a, b] : llvm::zip_equal(before, after)) {
    if (a.value.shape != b.value.shape || a.value.dtype != b.value.dtype)
      return fail(a) << " from " << a.value.getType() << " to "
                     << b.value.getType();
    std::optional<Difference> difference = compare(a.value, b.value, tolerance);
    if (!difference)
      continue;
    int64_t position = difference->position;
    return fail(a) << " by up to " << toString(difference->largest) << ": "
                   << toString(getIndex(a.value.shape, position)) << " was "
                   << toString(a.value.data[position]) << " and is "
                   << toString(b.value.data[position]) << "; "
                   << difference->count << " of " << a.value.getNumElements()
                   << " elements differ";
  }
  return success();
}

LogicalResult Verification::check(Pass *pass, Snapshot &earlier,
                                  func::FuncOp now) {
  auto module = now->getParentOfType<ModuleOp>();
  StoredOrGeneratedWeights weights(module);
  auto cannotEvaluate = [&](StringRef when) {
    return now.emitError("cannot check pass '")
           << pass->getArgument() << "': @" << now.getName()
           << " cannot be evaluated " << when << " it";
  };

  Snapshot &last = known[now.getName().str()];
  if (last.function && isSame(*last.function, *earlier.function)) {
    earlier.cases = std::move(last.cases);
    earlier.results = std::move(last.results);
  } else {
    FailureOr<std::vector<GeneratedCase>> cases =
        generateInputs(*earlier.function);
    if (mlir::failed(cases))
      return cannotEvaluate("before");
    earlier.cases = std::move(*cases);
    if (mlir::failed(evaluate(earlier, weights)))
      return cannotEvaluate("before");
  }

  Snapshot later{now.clone(), earlier.cases, {}};
  if (mlir::failed(evaluate(later, weights)))
    return cannotEvaluate("after");
  for (auto [inputs, before, after] :
       llvm::zip_equal(earlier.cases, earlier.results, later.results))
    if (mlir::failed(compareOutputs(pass, now, inputs, before, after,
                                    options.tolerance)))
      return failure();
  last = std::move(later);
  return success();
}

void sylvite::addVerifyFusion(PassManager &manager,
                              VerifyFusionOptions options) {
  auto verification = std::make_shared<Verification>(std::move(options));
  manager.addInstrumentation(
      std::make_unique<VerifyFusionInstrumentation>(verification));
  manager.addPass(std::make_unique<VerifyFusionPass>(verification));
}
