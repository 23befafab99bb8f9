//===- QuantizeWeight.h - Weights as integers of eight bits -----*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The parts of a quantised weight, as `halide.weight` lists them, and the
/// matrix that packing has made of a weight's sources.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_KERNELS_QUANTIZEWEIGHT_H
#define SYLVITE_LIB_KERNELS_QUANTIZEWEIGHT_H

#include "sylvite/Kernels/PackWeight.h"

namespace sylvite {

/// One source, as rows of a matrix that lie somewhere in S.
struct WeightPiece {
  int64_t rows, columns;
  int64_t firstRow = 0, firstColumn = 0;
  /// The name in the store; or, without one, the bytes.
  llvm::StringRef name;
  llvm::ArrayRef<char> bytes;
  /// The file has other floats than the packed tensor.
  bool converts = false;
};

/// The concatenated sources.
struct WeightMatrix {
  std::vector<WeightPiece> pieces;
  int64_t rows = 0, columns = 0;
};

/// Quantises a matrix of floats and writes the part that `weight` asks for. The
/// bytes of pieces without a name are those of f32. Takes memory for that part
/// and a few rows.
llvm::Error writeQuantized(const WeightSpec &weight, const WeightStore &store,
                           const WeightMatrix &matrix, llvm::raw_ostream &os);

} // namespace sylvite

#endif // SYLVITE_LIB_KERNELS_QUANTIZEWEIGHT_H
