//===- WeightList.h - The packed weights of a model -------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The packed weights of a module, in the order in which they lie in the block:
/// what sylvite-lay-out-weights writes into the attribute `halide.weights` and
/// what the package phase packs.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_EMIT_HOST_WEIGHTLIST_H
#define SYLVITE_EMIT_HOST_WEIGHTLIST_H

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinOps.h"
#include "sylvite/Import/SafeTensors/SafeTensorsWriter.h"
#include "sylvite/Kernels/PackWeight.h"

#include <string>
#include <vector>

namespace sylvite {

/// One packed weight and its place.
struct HostWeight {
  /// Distinct among the weights of a module; made from the sources' names.
  std::string name;
  WeightSpec spec;
  /// First byte in the block, a multiple of 64.
  uint64_t offset = 0;
};

/// The module attribute that holds the list.
constexpr llvm::StringLiteral kWeightsAttr = "halide.weights";

/// Adds the distinct weights among `ops` to those that are `known`, in their
/// order, and gives them names and offsets. `indices` tells for each op which
/// weight it is.
mlir::FailureOr<std::vector<HostWeight>>
layOutWeights(llvm::ArrayRef<halide::WeightOp> ops,
              std::vector<HostWeight> known,
              llvm::SmallVectorImpl<size_t> &indices);

/// Where the bytes of these weights lie in a file.
llvm::Expected<SafeTensorsLayout>
getWeightsLayout(llvm::ArrayRef<HostWeight> weights);

/// The list as an attribute, and back. A module without it has no weights.
mlir::ArrayAttr printWeights(mlir::MLIRContext *context,
                             llvm::ArrayRef<HostWeight> weights);
mlir::FailureOr<std::vector<HostWeight>> getWeights(mlir::ModuleOp module);

} // namespace sylvite

#endif // SYLVITE_EMIT_HOST_WEIGHTLIST_H
