//===- Weights.h - Packed weights on their way out --------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Writes packed weights, to a safetensors file or into an object, and the small
/// object by which the library knows them.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_PACKAGE_WEIGHTS_H
#define SYLVITE_LIB_PACKAGE_WEIGHTS_H

#include "sylvite/Package/Package.h"

#include "llvm/Support/MemoryBuffer.h"

namespace sylvite {

/// What a library has to know of its weights. See sylvite_weights.
struct WeightsRecord {
  uint64_t bytes = 0;
  std::string fileName;
  std::string hash;
  uint64_t headerChecksum = 0;
  bool embedded = false;
};

/// Writes the safetensors file to `os`, which can seek, and fills in `record`.
llvm::Error writeWeightsFile(const PackedWeights &weights,
                             llvm::raw_fd_ostream &os, WeightsRecord &record);

/// Writes an object that defines the data as `symbol`.
llvm::Error writeWeightsObject(const PackedWeights &weights,
                               llvm::StringRef symbol, llvm::raw_ostream &os,
                               WeightsRecord &record);

/// Compiles the constant sylvite_weights of the library called `prefix`.
llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>>
emitWeightsRecord(llvm::StringRef prefix, const WeightsRecord &record);

} // namespace sylvite

#endif // SYLVITE_LIB_PACKAGE_WEIGHTS_H
