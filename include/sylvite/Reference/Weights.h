//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Where the evaluator takes the values of `graph.weight` from.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_REFERENCE_WEIGHTS_H
#define SYLVITE_REFERENCE_WEIGHTS_H

#include "sylvite/Import/SafeTensors/WeightStore.h"
#include "sylvite/Reference/Tensor.h"

#include "llvm/ADT/StringMap.h"

namespace sylvite {

/// Weights by name.
class WeightProvider {
public:
  virtual ~WeightProvider() = default;
  /// The weight of that name; it has the type's shape and element type.
  virtual llvm::Expected<Tensor> load(llvm::StringRef name,
                                      mlir::RankedTensorType type) = 0;
};

/// Values made up from the weight's name: the same name, type and seed always
/// give the same values. They lie in (-1, 1) / sqrt(n), n the last extent, so
/// that a chain of matrix products keeps its magnitude.
class GeneratedWeights : public WeightProvider {
public:
  explicit GeneratedWeights(uint64_t seed = 0) : seed(seed) {}
  llvm::Expected<Tensor> load(llvm::StringRef name,
                              mlir::RankedTensorType type) override;

private:
  uint64_t seed;
};

/// The values of safetensors files. The store must outlive the provider.
class StoredWeights : public WeightProvider {
public:
  explicit StoredWeights(const WeightStore &store) : store(&store) {}
  llvm::Expected<Tensor> load(llvm::StringRef name,
                              mlir::RankedTensorType type) override;

private:
  const WeightStore *store;
};

/// The values of the module's weight files, and generated ones for weights that
/// these do not hold or if a file cannot be opened.
class StoredOrGeneratedWeights : public WeightProvider {
public:
  explicit StoredOrGeneratedWeights(mlir::ModuleOp module);
  llvm::Expected<Tensor> load(llvm::StringRef name,
                              mlir::RankedTensorType type) override;

private:
  std::optional<WeightStore> store;
  GeneratedWeights generated;
};

} // namespace sylvite

#endif // SYLVITE_REFERENCE_WEIGHTS_H
