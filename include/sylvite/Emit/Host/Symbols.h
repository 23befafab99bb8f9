//===- Symbols.h - Names inside a compiled library --------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Names of the symbols by which the objects of one library find each other.
/// They begin with the library's prefix and are made local when it is packaged;
/// what users see are the names of getPublicNames().
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_EMIT_HOST_SYMBOLS_H
#define SYLVITE_EMIT_HOST_SYMBOLS_H

#include "sylvite/Support/Target.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/Twine.h"

#include <algorithm>
#include <string>

namespace sylvite {

/// The function that runs the kernels of `function` (sylvite_impl).
inline std::string getImplName(llvm::StringRef prefix,
                               llvm::StringRef function) {
  return (prefix + "__" + function + "_impl").str();
}

/// The function that tells how much arena `function` needs (sylvite_arena).
inline std::string getArenaName(llvm::StringRef prefix,
                                llvm::StringRef function) {
  return (prefix + "__" + function + "_arena").str();
}

/// The constant sylvite_descriptor of the code for `target`.
inline std::string getDescriptorName(llvm::StringRef prefix,
                                     llvm::StringRef target) {
  std::string name = (prefix + "__descriptor_" + target).str();
  std::replace(name.begin(), name.end(), '-', '_');
  std::replace(name.begin(), name.end(), '+', '_');
  return name;
}

/// The constant sylvite_device_api of the runtime for a kind of device.
inline std::string getDeviceApiName(Device::Api api) {
  return ("sylvite_" + getApiName(api)).str();
}

/// The array of pointers to all descriptors, the strongest first, then null.
inline std::string getVariantsName(llvm::StringRef prefix) {
  return (prefix + "__variants").str();
}

/// The constant sylvite_weights, made when the weights are written.
inline std::string getWeightsName(llvm::StringRef prefix) {
  return (prefix + "__weights").str();
}

/// The bytes of embedded weights.
inline std::string getWeightDataName(llvm::StringRef prefix) {
  return (prefix + "__weight_data").str();
}

} // namespace sylvite

#endif // SYLVITE_EMIT_HOST_SYMBOLS_H
