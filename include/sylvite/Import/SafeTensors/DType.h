//===- DType.h - Element types of safetensors files -------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The element types that safetensors files know, and how the narrow floats
/// among them become f32.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_IMPORT_SAFETENSORS_DTYPE_H
#define SYLVITE_IMPORT_SAFETENSORS_DTYPE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include <cstdint>
#include <optional>

namespace mlir {
class Type;
} // namespace mlir

namespace sylvite {

enum class DType : uint8_t {
#define SYLVITE_DTYPE(NAME, BITS) NAME,
#include "sylvite/Import/SafeTensors/DTypes.def"
};

/// The spelling in a header: "BF16".
llvm::StringRef getName(DType dtype);

/// Bits per element.
unsigned getBitWidth(DType dtype);

/// The element type that a header spells so, if there is one.
std::optional<DType> parseDType(llvm::StringRef name);

/// How files hold the elements of an MLIR type; none for types that they cannot
/// hold.
std::optional<DType> getDType(mlir::Type type);

/// All spellings, separated by commas, for messages.
std::string listDTypes();

/// Whether each value of the type is a float: F32, F16 and BF16.
bool widensToF32(DType dtype);

/// Widens little-endian elements of a type for which `widensToF32` holds. Reads
/// `out.size()` elements from `bytes`, which need no alignment. Exact, also for
/// subnormals and infinities; a NaN stays a NaN.
void widenToF32(DType dtype, const uint8_t *bytes,
                llvm::MutableArrayRef<float> out);

/// Whether `roundFromF32` makes the type of floats: F16 and BF16.
bool roundsFromF32(DType dtype);

/// Rounds floats to a type for which `roundsFromF32` holds, to the nearest with
/// ties to even. A NaN stays a NaN; what is beyond the type's range becomes
/// infinite.
void roundFromF32(DType dtype, llvm::ArrayRef<float> values,
                  llvm::MutableArrayRef<uint16_t> out);

/// The bits of the nearest IEEE half.
uint16_t floatToHalf(float value);

/// The bits of the nearest bfloat16.
uint16_t floatToBfloat16(float value);

/// The IEEE half with these bits as a float.
float halfToFloat(uint16_t bits);

/// The bfloat16 with these bits as a float.
float bfloat16ToFloat(uint16_t bits);

} // namespace sylvite

#endif // SYLVITE_IMPORT_SAFETENSORS_DTYPE_H
