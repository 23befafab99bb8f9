//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Arrays in NumPy's .npy format: a short Python literal that tells element
/// type, order and shape, then the elements.
///
/// Files come from anywhere, so nothing is believed: sizes are computed without
/// overflow and compared with the bytes that are there, Python objects are
/// refused, and column-major ("Fortran order") arrays are put into row-major
/// order.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_SUPPORT_NPZ_NPY_H
#define SYLVITE_SUPPORT_NPZ_NPY_H

#include "sylvite/Support/ElementType.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"

#include <string>
#include <vector>

namespace sylvite {

/// A dense row-major array.
struct NpyArray {
  ElementType type = ElementType::F32;
  std::vector<int64_t> shape;
  /// Little-endian elements; aligned for every element type.
  std::vector<char> data;

  int64_t getNumElements() const;
};

/// The front of an .npy file.
struct NpyHeader {
  ElementType type = ElementType::F32;
  bool columnMajor = false;
  std::vector<int64_t> shape;
  /// Where the elements begin and how many bytes they take.
  uint64_t dataOffset = 0, dataBytes = 0;
};

/// Parses the front of a file from its first bytes. `bytes` may end after the
/// header; `maxNpyHeaderBytes` are always enough.
llvm::Expected<NpyHeader> parseNpyHeader(llvm::ArrayRef<char> bytes);

/// The longest header accepted, the magic string included.
constexpr uint64_t maxNpyHeaderBytes = 64 * 1024;

/// Parses a whole .npy file.
llvm::Expected<NpyArray> parseNpy(llvm::ArrayRef<char> bytes);

/// The header that NumPy would write for the array, padded to 64 bytes.
std::string printNpyHeader(const NpyArray &array);

} // namespace sylvite

#endif // SYLVITE_SUPPORT_NPZ_NPY_H
