//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Evaluates a function with the arrays of an .npz file.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_REFERENCE_RUNREFERENCE_H
#define SYLVITE_REFERENCE_RUNREFERENCE_H

#include "sylvite/Reference/Evaluator.h"
#include "sylvite/Support/Npz/Npz.h"

namespace sylvite {

/// Which function of which files.
struct ReferenceRun {
  /// May be empty if the module has one public function.
  std::string function;
  /// Arrays by the names of inputs.
  std::string inputs;
  /// Written whole or not at all: floats as float64, integers as their type.
  std::string outputs;
  /// Of dimensions that no input tells.
  DimExtents extents = {};
};

/// Evaluates a function of a module of graph ops. Weights come from the files
/// that the module lists. Emits an error and fails where a file cannot be read
/// or written, and where `evaluateFunction` fails.
mlir::LogicalResult runReference(mlir::ModuleOp module,
                                 const ReferenceRun &run);

/// The function of that name, or the only public one where it is empty. Emits
/// an error and gives null where there is none.
mlir::func::FuncOp findReferenceFunction(mlir::ModuleOp module,
                                         llvm::StringRef name);

/// Reads arrays by the names of inputs. Emits an error at the function, about
/// the file.
mlir::FailureOr<NamedTensors> readReferenceInputs(mlir::func::FuncOp function,
                                                  llvm::StringRef path);

/// The array as a tensor of the type's element type. Fails for what is no
/// number, for floats where integers are expected, and the other way round.
llvm::Expected<Tensor> toTensor(const NpyArray &array,
                                mlir::RankedTensorType type);

/// The tensor as an array: floats as float64, integers as their type.
NpyArray toNpy(const Tensor &tensor);

} // namespace sylvite

#endif // SYLVITE_REFERENCE_RUNREFERENCE_H
