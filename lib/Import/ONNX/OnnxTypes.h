//===- OnnxTypes.h - Element types of ONNX ----------------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The element types of TensorProto by their numbers.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_IMPORT_ONNX_ONNXTYPES_H
#define SYLVITE_LIB_IMPORT_ONNX_ONNXTYPES_H

#include "sylvite/Import/SafeTensors/DType.h"

namespace sylvite {

struct OnnxType {
  uint32_t number;
  /// As ONNX writes it in lower case: "float", "int64".
  llvm::StringRef name;
  unsigned bits;
  bool isSigned;
  /// The number of the field of TensorProto that holds its elements where they
  /// are not raw: 4 float_data, 5 int32_data, 7 int64_data, 10 double_data, 11
  /// uint64_data.
  uint32_t field;
  /// The type of its elements in memory, where there is one. Those of less
  /// than 8 bits have a byte each.
  std::optional<DType> dtype;
};

/// The type of that number, or null.
const OnnxType *lookupOnnxType(uint64_t number);

} // namespace sylvite

#endif // SYLVITE_LIB_IMPORT_ONNX_ONNXTYPES_H
