//===- QuantizeLayers.h - Linear layers of integers -------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Chooses the layers that get a product of integers, and rewrites them.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_PRECISION_QUANTIZELAYERS_H
#define SYLVITE_LIB_PRECISION_QUANTIZELAYERS_H

#include "sylvite/Precision/Precision.h"

namespace sylvite {

struct QuantizeOptions {
  /// [FUNCTION=]FILE.npz, or empty.
  std::string calibrate;
  double limit = kPrecisionLimit;
};

/// Emits an error and fails where the file of inputs cannot be used.
mlir::LogicalResult quantizeLayers(mlir::ModuleOp module,
                                   const QuantizeOptions &options,
                                   PrecisionReport &report);

} // namespace sylvite

#endif // SYLVITE_LIB_PRECISION_QUANTIZELAYERS_H
