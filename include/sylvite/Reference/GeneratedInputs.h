//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Inputs made up for a function, so that it can be evaluated without data.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_REFERENCE_GENERATEDINPUTS_H
#define SYLVITE_REFERENCE_GENERATEDINPUTS_H

#include "sylvite/Reference/Evaluator.h"

namespace sylvite {

/// One call of a function.
struct GeneratedCase {
  /// What is particular about it: `batch = 4, seq = 5; mask: by row ...`.
  std::string description;
  NamedTensors inputs;
  /// All dimensions, those among them that only results have.
  DimExtents extents;
};

/// Calls that together meet what goes wrong in practice. The same function
/// always gets the same ones:
///
/// - dimensions: all 1; different numbers, some of them odd, for different
///   names; 1 beside more than 1; never more than `graph.dim_max`;
/// - masks (integers in [0, 2), booleans, and integers of rank 2 and more
///   without a `graph.range`): ones throughout, and by row, in turn: random,
///   zeros throughout, padding in front, padding behind;
/// - lengths (integers of rank 0 and 1 without a `graph.range`): from 0 on;
/// - other integers: random within `graph.range`, both ends among them;
/// - floats: random in [-2, 2), and in one case a hundred times that.
///
/// A graph that masks with a finite number, such as -10000, gives a query that
/// sees no key the mean of all values, where masks proper give zero. If a
/// constant of the function is such a number, or one that is subtracted or
/// multiplied by 0 and -1, rows of zeros, padding in front, lengths below 1 and
/// large floats are left out, and random rows begin with 1.
///
/// Emits an error and fails for an argument that is no tensor of named
/// dimensions.
mlir::FailureOr<std::vector<GeneratedCase>>
generateInputs(mlir::func::FuncOp function);

/// Whether a constant of the function is a finite number of -1000 or less, or
/// of more than 10000 (the base of rotary embeddings).
bool masksWithFiniteNumber(mlir::func::FuncOp function);

} // namespace sylvite

#endif // SYLVITE_REFERENCE_GENERATEDINPUTS_H
