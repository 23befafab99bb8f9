//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Tags, lengths and numbers of variable length.
///
//===----------------------------------------------------------------------===//

#include "WireReader.h"

using namespace sylvite;

std::optional<uint64_t> WireReader::nextVarint() {
  if (position == message.size())
    return std::nullopt;
  uint64_t value = 0;
  for (unsigned shift = 0; shift < 70; shift += 7) {
    if (position == message.size())
      break;
    uint8_t byte = message[position++];
    // The tenth byte has one bit of the number.
    if (shift == 63 && byte > 1)
      break;
    value |= uint64_t(byte & 0x7F) << shift;
    if (!(byte & 0x80))
      return value;
  }
  broken = true;
  return std::nullopt;
}

std::optional<WireField> WireReader::next() {
  WireField field{};
  field.begin = position;
  std::optional<uint64_t> tag = nextVarint();
  if (!tag)
    return std::nullopt;
  field.number = *tag >> 3;
  field.kind = WireField::Kind(*tag & 7);
  if (*tag >> 3 == 0 || *tag >> 3 > 0x1FFFFFFF)
    return fail();
  field.lengthBegin = field.contentBegin = position;
  auto take = [&](uint64_t length) {
    if (length > message.size() - position)
      return false;
    field.contentBegin = position;
    field.contents = message.slice(position, length);
    position += length;
    return true;
  };
  switch (field.kind) {
  case WireField::Varint: {
    std::optional<uint64_t> value = nextVarint();
    if (!value)
      return fail();
    field.value = *value;
    break;
  }
  case WireField::Fixed64:
    if (!take(8))
      return fail();
    break;
  case WireField::Fixed32:
    if (!take(4))
      return fail();
    break;
  case WireField::Bytes: {
    std::optional<uint64_t> length = nextVarint();
    if (!length || !take(*length))
      return fail();
    break;
  }
  default:
    // Groups, which the schema has none of.
    return fail();
  }
  field.end = position;
  return field;
}

void sylvite::writeVarint(uint64_t value, std::string &to) {
  for (; value > 0x7F; value >>= 7)
    to += char(0x80 | (value & 0x7F));
  to += char(value);
}
