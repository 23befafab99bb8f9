//===- PackWeights.h - Weights as kernels read them -------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Produces the packed weights of a model from the files that it was imported from,
/// one at a time: the memory needed is that of the largest one.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_PACKAGE_PACKWEIGHTS_H
#define SYLVITE_PACKAGE_PACKWEIGHTS_H

#include "sylvite/Emit/Host/WeightList.h"
#include "sylvite/Import/SafeTensors/WeightStore.h"
#include "sylvite/Package/Package.h"

namespace sylvite {

/// The bytes of one packed weight: sources are read from `store`, concatenated,
/// widened to the weight's element type, transposed and cut into panels, as
/// halide.weight says. Fails where a source is missing, or where its shape or
/// element type does not fit.
llvm::Error packWeight(const HostWeight &weight, const WeightStore &store,
                       llvm::raw_ostream &os);

/// All weights that the host phase laid out in `module`; none for a model
/// without weights. `store` must outlive the result.
mlir::FailureOr<std::optional<PackedWeights>>
getPackedWeights(mlir::ModuleOp module, const WeightStore &store);

} // namespace sylvite

#endif // SYLVITE_PACKAGE_PACKWEIGHTS_H
