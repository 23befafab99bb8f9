//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Named arrays in NumPy's .npz format: a zip archive with one .npy file per
/// array.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_SUPPORT_NPZ_NPZ_H
#define SYLVITE_SUPPORT_NPZ_NPZ_H

#include "sylvite/Support/Npz/Npy.h"

#include <map>
#include <string>

namespace sylvite {

/// Arrays by name, without the archive's ".npy".
using NpzArrays = std::map<std::string, NpyArray>;

/// Reads all arrays of an archive, compressed or not. Messages begin with the
/// path and the array's name.
llvm::Expected<NpzArrays> readNpz(llvm::StringRef path);

/// Writes an archive; the file appears whole or not at all, and the same arrays
/// make the same bytes.
llvm::Error writeNpz(llvm::StringRef path, const NpzArrays &arrays);

} // namespace sylvite

#endif // SYLVITE_SUPPORT_NPZ_NPZ_H
