//===- ShapeRules.h - Shape rules that several ops share --------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Rules of shapes that several ops share, each under the number that the ops'
/// descriptions give it.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_DIALECT_GRAPH_SHAPERULES_H
#define SYLVITE_LIB_DIALECT_GRAPH_SHAPERULES_H

#include "sylvite/Dialect/Graph/GraphDialect.h"

namespace sylvite::graph {

/// `[batch, 12, seq]`, for messages.
std::string toString(llvm::ArrayRef<Dim> dims);

/// BROADCAST-1 and BROADCAST-2: the broadcast shape of all types, with
/// `element` as its element type (the operands' own when null).
mlir::FailureOr<mlir::RankedTensorType>
inferBroadcast(std::optional<mlir::Location> loc, mlir::TypeRange types,
               mlir::Type element = {});

/// A vector of `features` elements, for biases and scales.
bool isVector(mlir::Value value, Dim features);

/// eps >= 0, and no NaN.
bool isEpsilon(const llvm::APFloat &eps);

/// All floats among the operands have the result's element type; indices and
/// masks have types of their own.
mlir::LogicalResult verifyOneElementType(mlir::Operation *op);

/// FLOP of an activation for one element.
double getFlops(Activation activation);

/// FLOP of a region of scalars.
double countFlops(mlir::Region &formula);

/// FLOP of a norm for one row of so many features.
double getNormFlops(NormKind kind, bool hasScale, bool hasBias,
                    int64_t features);

} // namespace sylvite::graph

#endif // SYLVITE_LIB_DIALECT_GRAPH_SHAPERULES_H
