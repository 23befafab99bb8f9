//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The values of one evaluation, as the ops' evaluators see them.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_REFERENCE_FRAME_H
#define SYLVITE_LIB_REFERENCE_FRAME_H

#include "sylvite/Reference/Weights.h"

#include "mlir/IR/Operation.h"

namespace sylvite {

class Frame {
public:
  explicit Frame(WeightProvider &weights) : weights(weights) {}

  /// The tensor of a value that has been evaluated and is still used.
  const Tensor &operator[](mlir::Value value) const {
    auto found = values.find(value);
    assert(found != values.end() && "used before it is evaluated, or freed");
    return found->second;
  }

  void set(mlir::Value value, Tensor tensor) {
    values[value] = std::move(tensor);
  }
  void free(mlir::Value value) { values.erase(value); }

  WeightProvider &weights;

private:
  llvm::DenseMap<mlir::Value, Tensor> values;
};

} // namespace sylvite

#endif // SYLVITE_LIB_REFERENCE_FRAME_H
