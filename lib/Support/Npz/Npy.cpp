//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Reading and writing .npy.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Support/Npz/Npy.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Endian.h"

#include <cstring>
#include <numeric>

using namespace sylvite;
using namespace llvm;

template <typename... Args>
static Error makeError(const char *format, const Args &...args) {
  return createStringError(inconvertibleErrorCode(), format, args...);
}

int64_t NpyArray::getNumElements() const {
  return std::accumulate(shape.begin(), shape.end(), int64_t(1),
                         std::multiplies<int64_t>());
}

//===----------------------------------------------------------------------===//
// The Python literal
//===----------------------------------------------------------------------===//

namespace {

/// Parses "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }": a
/// dictionary of exactly these keys, in any order.
class HeaderParser {
public:
  HeaderParser(StringRef text, NpyHeader &header)
      : rest(text), header(header) {}

  Error parse();

private:
  /// Skips white space and consumes `token` if it comes next.
  bool consume(StringRef token) {
    rest = rest.ltrim();
    return rest.consume_front(token);
  }
  /// A string in single or double quotes, without escapes.
  std::optional<StringRef> parseString();
  Error parseEntry(StringRef key);
  Error parseType();
  Error parseOrder();
  Error parseShape();

  StringRef rest;
  NpyHeader &header;
};

} // namespace

std::optional<StringRef> HeaderParser::parseString() {
  rest = rest.ltrim();
  if (rest.empty() || (rest[0] != '\'' && rest[0] != '"'))
    return std::nullopt;
  size_t end = rest.find(rest[0], 1);
  if (end == StringRef::npos)
    return std::nullopt;
  StringRef text = rest.slice(1, end);
  rest = rest.drop_front(end + 1);
  return text;
}

Error HeaderParser::parseType() {
  std::optional<StringRef> descr = parseString();
  if (!descr)
    return makeError("records and nested types are not supported");
  StringRef npy = *descr;
  if (npy.consume_front(">"))
    return makeError("big-endian elements ('%s') are not supported",
                     descr->str().c_str());
  if (!npy.consume_front("<") && !npy.consume_front("|"))
    npy.consume_front("=");
  if (npy.starts_with("O"))
    return makeError("arrays of Python objects are not supported");
  std::optional<ElementType> type = getElementTypeByNpy(npy);
  if (!type)
    return makeError("element type '%s' is not supported",
                     descr->str().c_str());
  header.type = *type;
  return Error::success();
}

Error HeaderParser::parseOrder() {
  if (consume("True"))
    header.columnMajor = true;
  else if (!consume("False"))
    return makeError("'fortran_order' is neither True nor False");
  return Error::success();
}

Error HeaderParser::parseShape() {
  if (!consume("("))
    return makeError("'shape' is not a tuple");
  uint64_t elements = 1;
  while (!consume(")")) {
    rest = rest.ltrim();
    uint64_t extent;
    if (rest.consumeInteger(10, extent) || extent > INT64_MAX)
      return makeError("'shape' holds something else than extents");
    header.shape.push_back(int64_t(extent));
    // The product of the other extents counts even where one is zero.
    if (__builtin_mul_overflow(elements, std::max<uint64_t>(extent, 1),
                               &elements) ||
        elements > INT64_MAX / 8)
      return makeError("'shape' is too large");
    if (!consume(",")) {
      if (!consume(")"))
        return makeError("'shape' is not closed");
      break;
    }
  }
  if (header.shape.size() > 32)
    return makeError("'shape' has more than 32 axes");
  return Error::success();
}

Error HeaderParser::parseEntry(StringRef key) {
  if (key == "descr")
    return parseType();
  if (key == "fortran_order")
    return parseOrder();
  if (key == "shape")
    return parseShape();
  return makeError("unknown key '%s'", key.str().c_str());
}

Error HeaderParser::parse() {
  SmallVector<StringRef> seen;
  if (!consume("{"))
    return makeError("the header is not a dictionary");
  while (!consume("}")) {
    std::optional<StringRef> key = parseString();
    if (!key || !consume(":"))
      return makeError("the header is not a dictionary");
    if (is_contained(seen, *key))
      return makeError("key '%s' comes twice", key->str().c_str());
    seen.push_back(*key);
    if (Error error = parseEntry(*key))
      return error;
    if (!consume(",") && !rest.ltrim().starts_with("}"))
      return makeError("the header is not a dictionary");
  }
  if (seen.size() != 3)
    return makeError("the header lacks one of 'descr', 'fortran_order' and "
                     "'shape'");
  if (!rest.trim().empty())
    return makeError("something follows the header's dictionary");
  return Error::success();
}

//===----------------------------------------------------------------------===//
// Files
//===----------------------------------------------------------------------===//

static constexpr StringLiteral magic = "\x93NUMPY";

Expected<NpyHeader> sylvite::parseNpyHeader(ArrayRef<char> bytes) {
  StringRef text(bytes.data(), bytes.size());
  if (!text.consume_front(magic) || text.size() < 4)
    return makeError("is not an .npy array");
  // Version 1 has a 16-bit length, 2 and 3 a 32-bit one.
  unsigned version = uint8_t(text[0]);
  if (version < 1 || version > 3)
    return makeError(".npy format version %u is not supported", version);
  size_t lengthBytes = version == 1 ? 2 : 4;
  text = text.drop_front(2);
  if (text.size() < lengthBytes)
    return makeError("is truncated in the header");
  uint64_t length = version == 1 ? support::endian::read16le(text.data())
                                 : support::endian::read32le(text.data());
  text = text.drop_front(lengthBytes);
  NpyHeader header;
  header.dataOffset = magic.size() + 2 + lengthBytes + length;
  if (header.dataOffset > maxNpyHeaderBytes)
    return makeError("has a header of %llu bytes, the limit is %llu",
                     static_cast<unsigned long long>(header.dataOffset),
                     static_cast<unsigned long long>(maxNpyHeaderBytes));
  if (text.size() < length)
    return makeError("is truncated in the header");
  if (Error error = HeaderParser(text.take_front(length), header).parse())
    return std::move(error);
  header.dataBytes = getElementBytes(header.type);
  for (int64_t extent : header.shape)
    header.dataBytes *= extent;
  return header;
}

/// Copies column-major elements at `from` into row-major order.
static void transpose(const NpyHeader &header, const char *from, char *to) {
  size_t rank = header.shape.size();
  uint64_t size = getElementBytes(header.type);
  uint64_t elements = header.dataBytes / size;
  // Bytes between neighbours along each axis of the source.
  SmallVector<uint64_t> strides(rank, size);
  for (size_t axis = 1; axis < rank; ++axis)
    strides[axis] = strides[axis - 1] * header.shape[axis - 1];

  SmallVector<int64_t> index(rank, 0);
  for (uint64_t i = 0; i < elements; ++i, to += size) {
    uint64_t offset = 0;
    for (size_t axis = 0; axis < rank; ++axis)
      offset += index[axis] * strides[axis];
    std::memcpy(to, from + offset, size);
    for (size_t axis = rank; axis-- > 0;) {
      if (++index[axis] < header.shape[axis])
        break;
      index[axis] = 0;
    }
  }
}

Expected<NpyArray> sylvite::parseNpy(ArrayRef<char> bytes) {
  Expected<NpyHeader> header = parseNpyHeader(bytes);
  if (!header)
    return header.takeError();
  if (bytes.size() - header->dataOffset != header->dataBytes)
    return makeError(
        "holds %llu bytes of elements, its shape needs %llu",
        static_cast<unsigned long long>(bytes.size() - header->dataOffset),
        static_cast<unsigned long long>(header->dataBytes));
  NpyArray array{header->type, header->shape, {}};
  array.data.resize(header->dataBytes);
  const char *elements = bytes.data() + header->dataOffset;
  if (header->columnMajor && header->shape.size() > 1)
    transpose(*header, elements, array.data.data());
  else
    std::copy_n(elements, header->dataBytes, array.data.data());
  return array;
}

std::string sylvite::printNpyHeader(const NpyArray &array) {
  std::string shape = "(";
  for (int64_t extent : array.shape)
    shape += std::to_string(extent) + ", ";
  // NumPy writes (3,) and (3, 4).
  if (array.shape.size() == 1)
    shape.pop_back();
  else if (!array.shape.empty())
    shape.resize(shape.size() - 2);
  shape += ")";

  const char *order = getElementBytes(array.type) == 1 ? "|" : "<";
  std::string text = (Twine("{'descr': '") + order + getElementNpy(array.type) +
                      "', 'fortran_order': False, 'shape': " + shape + ", }")
                         .str();
  // The elements begin at a multiple of 64; a line break ends the header.
  size_t front = magic.size() + 4;
  text.append(alignTo(front + text.size() + 1, 64) - front - text.size() - 1,
              ' ');
  text += '\n';
  std::string header = magic.str();
  header += {'\x01', '\x00', char(text.size() & 0xff), char(text.size() >> 8)};
  return header + text;
}
