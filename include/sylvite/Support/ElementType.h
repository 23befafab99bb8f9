//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Element types of a compiled function's inputs and outputs, and what the same
/// type is called in descriptions, in C and in .npy files. One list,
/// Runtime/ElementTypes.def, is behind all of them.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_SUPPORT_ELEMENTTYPE_H
#define SYLVITE_SUPPORT_ELEMENTTYPE_H

#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <optional>

namespace mlir {
class Type;
} // namespace mlir

namespace sylvite {

enum class ElementType : int32_t {
#define SYLVITE_ELEMENT_TYPE(name, number, bytes, text, c_type, npy)           \
  name = number,
#include "sylvite/Runtime/ElementTypes.def"
};

/// Bytes of one element.
int64_t getElementBytes(ElementType type);

/// The name in descriptions and messages, for example "i64".
llvm::StringRef getElementName(ElementType type);

/// The type in C, for example "int64_t"; f16 and bf16 travel as uint16_t.
llvm::StringRef getElementCType(ElementType type);

/// Type character and size of .npy files, for example "i8" for i64.
llvm::StringRef getElementNpy(ElementType type);

/// The element type of tensors of an MLIR type; none for types that cannot
/// leave a compiled function.
std::optional<ElementType> getElementType(mlir::Type type);

std::optional<ElementType> getElementTypeByName(llvm::StringRef name);
std::optional<ElementType> getElementTypeByNpy(llvm::StringRef npy);

/// Whether values are integers (bool counts as one).
bool isIntegerElement(ElementType type);

} // namespace sylvite

#endif // SYLVITE_SUPPORT_ELEMENTTYPE_H
