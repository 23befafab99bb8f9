//===- ScheduleBuilder.h - Writes one schedule ------------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Writes the directives of one `halide.schedule`, so that a policy reads like
/// a Halide schedule:
///
///     s.func("out").split("n", "no", "ni", 64).vectorize("ni", 16);
///     s.func("acc").computeAt("out", "no");
///     s.update("acc").reorder({"n", "m", "k"});
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_SCHEDULE_SCHEDULEBUILDER_H
#define SYLVITE_SCHEDULE_SCHEDULEBUILDER_H

#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "sylvite/Dialect/Halide/HalideDialect.h"
#include "sylvite/Schedule/CostModel.h"
#include "sylvite/Support/Target.h"
#include <optional>

namespace sylvite {

class ScheduleBuilder;

/// Directives on one stage of a function, or on the function.
class StageBuilder {
public:
  using Tail = halide::TailStrategy;

  StageBuilder(ScheduleBuilder &schedule, llvm::StringRef func,
               mlir::IntegerAttr update)
      : schedule(&schedule), func(func), update(update) {}

  // Loops.
  StageBuilder &split(llvm::StringRef var, llvm::StringRef outer,
                      llvm::StringRef inner, int64_t factor,
                      Tail tail = Tail::RoundUp);
  StageBuilder &fuse(llvm::StringRef inner, llvm::StringRef outer,
                     llvm::StringRef fused);
  /// Innermost first.
  StageBuilder &reorder(llvm::ArrayRef<llvm::StringRef> vars);
  /// With a factor splits first; without one the loop is short and constant.
  StageBuilder &vectorize(llvm::StringRef var, int64_t factor = 0,
                          Tail tail = Tail::Auto);
  StageBuilder &unroll(llvm::StringRef var, int64_t factor = 0,
                       Tail tail = Tail::Auto);
  StageBuilder &parallel(llvm::StringRef var, int64_t factor = 0,
                         Tail tail = Tail::Auto);
  /// Innermost first.
  StageBuilder &gpuBlocks(llvm::ArrayRef<llvm::StringRef> vars);
  StageBuilder &gpuThreads(llvm::ArrayRef<llvm::StringRef> vars);
  StageBuilder &gpuSingleThread();
  StageBuilder &atomic();
  StageBuilder &partition(llvm::StringRef var, halide::Partition policy);
  /// What `directives` say holds where a dimension of the output is that small.
  StageBuilder &specialize(unsigned dim, int64_t most,
                           llvm::function_ref<void(StageBuilder &)> directives);

  // The function.
  /// Of the consumer's pure definition, or of one of its updates.
  StageBuilder &computeAt(llvm::StringRef consumer, llvm::StringRef var,
                          std::optional<unsigned> update = {});
  StageBuilder &computeRoot();
  StageBuilder &hoistStorage(llvm::StringRef consumer, llvm::StringRef var);
  StageBuilder &storeIn(halide::MemoryType memory);
  /// Innermost first.
  StageBuilder &reorderStorage(llvm::ArrayRef<llvm::StringRef> vars);
  StageBuilder &alignBounds(llvm::StringRef var, int64_t factor);
  StageBuilder &boundStorage(llvm::StringRef var, int64_t extent);
  StageBuilder &boundExtent(llvm::StringRef var, int64_t extent);
  StageBuilder &bound(llvm::StringRef var, int64_t min, int64_t extent);

private:
  ScheduleBuilder *schedule;
  llvm::StringRef func;
  mlir::IntegerAttr update;
};

class ScheduleBuilder {
public:
  /// Makes an empty schedule behind the pipeline.
  ScheduleBuilder(halide::PipelineOp pipeline, const Target &target,
                  const CostModel &costs);

  halide::PipelineOp getPipeline() const { return pipeline; }
  const Target &getTarget() const { return target; }
  const CostModel &getCosts() const { return costs; }

  //===--- The algorithm --------------------------------------------------===//

  bool has(llvm::StringRef func) { return bool(pipeline.lookupFunc(func)); }
  /// How many updates a function has.
  unsigned getNumUpdates(llvm::StringRef func);
  /// Extents of an output buffer, innermost first.
  llvm::ArrayRef<int64_t> getOutputShape(unsigned output = 0);
  /// The class of the kernel, or "".
  llvm::StringRef getClass();
  /// An integer attribute of the pipeline.
  std::optional<int64_t> getNumber(llvm::StringRef attribute);
  /// Lanes that a vector of the type's elements has: never more than of f32,
  /// because narrower types are widened somewhere.
  int64_t getLanes(mlir::Type element);
  /// The largest power of two that divides `extent` and is at most `lanes`.
  static int64_t getDividingLanes(int64_t extent, int64_t lanes);

  //===--- Directives -----------------------------------------------------===//

  StageBuilder func(llvm::StringRef name) {
    return StageBuilder(*this, name, {});
  }
  StageBuilder update(llvm::StringRef name, unsigned index = 0) {
    return StageBuilder(*this, name, builder.getI64IntegerAttr(index));
  }
  mlir::ImplicitLocOpBuilder &getBuilder() { return builder; }

private:
  halide::PipelineOp pipeline;
  const Target &target;
  const CostModel &costs;
  mlir::ImplicitLocOpBuilder builder;
  halide::ScheduleOp schedule;
};

} // namespace sylvite

#endif // SYLVITE_SCHEDULE_SCHEDULEBUILDER_H
