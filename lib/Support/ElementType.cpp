//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Names of element types.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Support/ElementType.h"

#include "mlir/IR/BuiltinTypes.h"
#include "llvm/Support/ErrorHandling.h"

using namespace sylvite;
using llvm::StringRef;

namespace {

struct Row {
  ElementType type;
  int64_t bytes;
  StringRef name, cType, npy;
};

} // namespace

static const Row rows[] = {
#define SYLVITE_ELEMENT_TYPE(name, number, bytes, text, c_type, npy)           \
  {ElementType::name, bytes, text, #c_type, npy},
#include "sylvite/Runtime/ElementTypes.def"
};

static const Row &getRow(ElementType type) {
  for (const Row &row : rows)
    if (row.type == type)
      return row;
  llvm_unreachable("every element type has a row");
}

int64_t sylvite::getElementBytes(ElementType type) {
  return getRow(type).bytes;
}

StringRef sylvite::getElementName(ElementType type) {
  return getRow(type).name;
}

StringRef sylvite::getElementCType(ElementType type) {
  return getRow(type).cType;
}

StringRef sylvite::getElementNpy(ElementType type) { return getRow(type).npy; }

std::optional<ElementType> sylvite::getElementType(mlir::Type type) {
  if (type.isF32())
    return ElementType::F32;
  if (type.isF64())
    return ElementType::F64;
  if (type.isF16())
    return ElementType::F16;
  if (type.isBF16())
    return ElementType::BF16;
  if (type.isInteger(1))
    return ElementType::BOOL;
  if (type.isUnsignedInteger(8))
    return ElementType::U8;
  if (type.isUnsignedInteger(16))
    return ElementType::U16;
  if (type.isUnsignedInteger(32))
    return ElementType::U32;
  if (type.isUnsignedInteger(64))
    return ElementType::U64;
  if (!type.isSignlessInteger() && !type.isSignedInteger())
    return std::nullopt;
  switch (type.getIntOrFloatBitWidth()) {
  case 8:
    return ElementType::I8;
  case 16:
    return ElementType::I16;
  case 32:
    return ElementType::I32;
  case 64:
    return ElementType::I64;
  default:
    return std::nullopt;
  }
}

std::optional<ElementType> sylvite::getElementTypeByName(StringRef name) {
  for (const Row &row : rows)
    if (row.name == name)
      return row.type;
  return std::nullopt;
}

std::optional<ElementType> sylvite::getElementTypeByNpy(StringRef npy) {
  for (const Row &row : rows)
    if (row.npy == npy)
      return row.type;
  return std::nullopt;
}

bool sylvite::isIntegerElement(ElementType type) {
  switch (type) {
  case ElementType::F32:
  case ElementType::F64:
  case ElementType::F16:
  case ElementType::BF16:
    return false;
  default:
    return true;
  }
}
