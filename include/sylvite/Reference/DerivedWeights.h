//===- DerivedWeights.h - Weights calculated of weights ---------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What the bodies of `graph.derived_weight` compute, as tensors of a store.
///
/// A body is evaluated in double precision when its weight is read, and rounded
/// once to the weight's own type. That takes eight bytes an element for each
/// tensor that is alive in the body, and happens for one weight at a time.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_REFERENCE_DERIVEDWEIGHTS_H
#define SYLVITE_REFERENCE_DERIVEDWEIGHTS_H

#include "mlir/IR/BuiltinOps.h"
#include "sylvite/Import/SafeTensors/WeightStore.h"

namespace sylvite {

/// Adds a module's derived weights to the store of its files. Module and store
/// must outlive all reading, and the store must not move. Fails, with an error
/// at the weight, for elements that no file can hold.
mlir::LogicalResult addDerivedWeights(mlir::ModuleOp module,
                                      WeightStore &store);

} // namespace sylvite

#endif // SYLVITE_REFERENCE_DERIVEDWEIGHTS_H
