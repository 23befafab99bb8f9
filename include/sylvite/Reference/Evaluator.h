//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Evaluates functions of graph ops in double precision: plain, slow, and the
/// measure of everything that is fast.
///
/// What "in double precision" means: every float, whatever its type, is a
/// double, and a cast between float types changes nothing. Integers are exact.
/// A function is evaluated op by op in its order, and a value is freed after
/// its last use. Calls of other functions of the module are evaluated as well.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_REFERENCE_EVALUATOR_H
#define SYLVITE_REFERENCE_EVALUATOR_H

#include "sylvite/Reference/Weights.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace sylvite {

/// What an input is called: its `graph.name`, else `argN`.
std::string getInputName(mlir::func::FuncOp function, unsigned argument);
/// What an output is called: its `graph.name`, else `resultN`.
std::string getOutputName(mlir::func::FuncOp function, unsigned result);

/// An error at a function, which begins with its name.
mlir::InFlightDiagnostic emitFunctionError(mlir::func::FuncOp function);

/// Tensors by the names of inputs.
using NamedTensors = llvm::StringMap<Tensor>;

/// Extents by the names of dimensions.
using DimExtents = std::vector<std::pair<std::string, int64_t>>;

struct Output {
  std::string name;
  Tensor value;
};

/// Gives the tensors of an op's operands and results.
using TensorLookup = llvm::function_ref<const Tensor &(mlir::Value)>;
/// Looks at an op that has been evaluated.
using OpObserver = std::function<void(mlir::Operation *, TensorLookup)>;

/// Evaluates a function. Inputs are found by name; one that is left out takes
/// its `graph.default`. `extents` binds dimensions that no input has. Emits an
/// error and fails where
/// - an input is missing, unknown or of another element class (integers for
///   integers, floats of any width for floats),
/// - the inputs' shapes contradict the types or each other, or exceed
///   `graph.dim_max`,
/// - a value lies outside `graph.range`, or an index outside its table,
/// - an op is none that the evaluator knows.
mlir::FailureOr<std::vector<Output>>
evaluateFunction(mlir::func::FuncOp function, const NamedTensors &inputs,
                 WeightProvider &weights, const DimExtents &extents = {},
                 const OpObserver &observer = {});

/// Evaluates a value that depends on nothing but weights and constants. Emits
/// an error and fails where that is not so, or an op cannot be evaluated.
mlir::FailureOr<Tensor> evaluateFixed(mlir::Value value,
                                      WeightProvider &weights);

} // namespace sylvite

#endif // SYLVITE_REFERENCE_EVALUATOR_H
