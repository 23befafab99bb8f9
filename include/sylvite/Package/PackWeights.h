//===- PackWeights.h - The weights of a package -----------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The packed weights of a model, read from the files that it was imported
/// from, one at a time: the memory needed is that of the largest one.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_PACKAGE_PACKWEIGHTS_H
#define SYLVITE_PACKAGE_PACKWEIGHTS_H

#include "sylvite/Import/SafeTensors/WeightStore.h"
#include "sylvite/Package/Package.h"

namespace sylvite {

/// All weights that the host phase laid out in `module`; none for a model
/// without weights. `store` must outlive the result.
mlir::FailureOr<std::optional<PackedWeights>>
getPackedWeights(mlir::ModuleOp module, const WeightStore &store);

} // namespace sylvite

#endif // SYLVITE_PACKAGE_PACKWEIGHTS_H
