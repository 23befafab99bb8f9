//===- LoopNest.h - The loops of one stage ----------------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The loops of a function's definition or update, as directives change them.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_SCHEDULE_LOOPNEST_H
#define SYLVITE_LIB_SCHEDULE_LOOPNEST_H

#include "sylvite/Dialect/Halide/HalideDialect.h"
#include <optional>

namespace sylvite {

struct Loop {
  std::string name;
  /// Steps, where they are a constant number.
  std::optional<int64_t> extent;
  /// The variable it is a part of; empty where several were fused.
  std::string variable;
  bool isReduction = false;
  /// A reduction whose steps all write one place.
  bool isCarried = false;
  /// "vectorized", "unrolled", "parallel", "gpu_blocks" and so on, or "" for a
  /// plain loop.
  llvm::StringRef kind;
  /// The inner part that `vectorize by` makes has no name to call it by.
  bool isHidden = false;
};

class LoopNest {
public:
  /// The loops of a pure definition. `extents` are those known of its
  /// variables, innermost first.
  LoopNest(halide::FuncOp func, llvm::ArrayRef<std::optional<int64_t>> extents);
  /// The loops of an update: the reduction's inside of the pure ones.
  LoopNest(halide::UpdateOp update,
           llvm::ArrayRef<std::optional<int64_t>> extents);

  /// The loop of that name, or null.
  const Loop *find(llvm::StringRef name) const;
  /// "ni, mi, mo, no", innermost first.
  std::string getNames() const;
  /// "'acc'", "update 0 of 'acc'".
  llvm::StringRef getTitle() const { return title; }

  /// How far the loops inside of `name` go in `variable`, where that is a
  /// constant number.
  std::optional<int64_t> getExtentInside(llvm::StringRef name,
                                         llvm::StringRef variable) const;

  // Directives. Errors stand at them.
  mlir::LogicalResult apply(halide::SplitOp op);
  mlir::LogicalResult apply(halide::FuseOp op);
  mlir::LogicalResult apply(halide::ReorderOp op);
  mlir::LogicalResult apply(halide::VectorizeOp op);
  mlir::LogicalResult apply(halide::UnrollOp op);
  mlir::LogicalResult apply(halide::ParallelOp op);
  mlir::LogicalResult apply(halide::GpuBlocksOp op);
  mlir::LogicalResult apply(halide::GpuThreadsOp op);
  mlir::LogicalResult apply(halide::GpuLanesOp op);
  mlir::LogicalResult apply(halide::GpuSingleThreadOp op);
  mlir::LogicalResult apply(halide::AtomicOp op);
  mlir::LogicalResult apply(halide::PartitionOp op);
  mlir::LogicalResult apply(halide::PrefetchOp op);

private:
  /// The loop's place; an error at `op` where there is none.
  mlir::FailureOr<unsigned> require(mlir::Operation *op,
                                    llvm::StringRef name) const;
  /// The same of a loop that is still plain.
  mlir::FailureOr<unsigned> requirePlain(mlir::Operation *op,
                                         llvm::StringRef name) const;
  /// An error where a loop but `except` has the name.
  mlir::LogicalResult requireFree(mlir::Operation *op, llvm::StringRef name,
                                  llvm::StringRef except) const;
  /// An error where loops of the kind have more than `most` steps together.
  mlir::LogicalResult verifySize(mlir::Operation *op, llvm::StringRef kind,
                                 int64_t most) const;
  template <typename LoopsOp>
  mlir::LogicalResult markAll(LoopsOp op);
  template <typename LoopOp>
  mlir::LogicalResult mark(LoopOp op, llvm::StringRef kind, bool inner);

  std::string title;
  bool isUpdate;
  bool isAtomic = false;
  /// Innermost first.
  llvm::SmallVector<Loop> loops;
};

} // namespace sylvite

#endif // SYLVITE_LIB_SCHEDULE_LOOPNEST_H
