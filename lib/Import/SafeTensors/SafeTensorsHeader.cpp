//===- SafeTensorsHeader.cpp - Parse and check a header -------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Two steps. First the JSON is walked over once: each entry has exactly its
/// three fields, of the right kinds, and its byte range is as long as its shape
/// and dtype say. Then the ranges are put in order: together they must cover
/// the data without a hole, an overlap or a rest.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Import/Common/FileDiagnostic.h"
#include "sylvite/Import/Common/Json.h"
#include "sylvite/Import/SafeTensors/SafeTensorsFile.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/raw_ostream.h"
#include <limits>

using namespace sylvite;

/// More extents than any tensor has; bounds what a hostile shape costs.
static constexpr size_t maxRank = 64;

/// What to do about a file that is broken; ends the messages about one.
static constexpr llvm::StringLiteral advice =
    "; the file is damaged or was not written as safetensors: fetch or convert "
    "it again";

namespace {
/// Walks over the JSON of one header.
class HeaderParser {
public:
  HeaderParser(llvm::StringRef path, llvm::StringRef json)
      : path(path),
        reader(json, [this](size_t offset, const llvm::Twine &message) {
          // The header starts behind the 8 bytes of its length.
          return fileError(this->path, "header, byte " +
                                           llvm::Twine(offset + 8) + ": " +
                                           where() + message + advice);
        }) {}

  llvm::Error parse(SafeTensorsHeader &header);

private:
  llvm::Error parseMetadata(SafeTensorsHeader &header);
  llvm::Error parseTensor(TensorInfo &tensor);
  llvm::Error parseDTypeField(TensorInfo &tensor);
  llvm::Error parseShape(TensorInfo &tensor);
  llvm::Error parseOffsets(TensorInfo &tensor);

  /// The tensor that is being read, as the start of a message.
  std::string where() const {
    return current ? "tensor " + quoted(current->name) + ": " : "";
  }

  llvm::StringRef path;
  JsonReader reader;
  const TensorInfo *current = nullptr;
};
} // namespace

llvm::Error HeaderParser::parseDTypeField(TensorInfo &tensor) {
  size_t offset = reader.getOffset();
  std::string name;
  if (llvm::Error e = reader.readString(name))
    return e;
  std::optional<DType> dtype = parseDType(name);
  if (!dtype)
    return fileError(path, "header, byte " + llvm::Twine(offset + 8) + ": " +
                               where() + "unknown dtype " + quoted(name) +
                               "; known are " + listDTypes());
  tensor.dtype = *dtype;
  return llvm::Error::success();
}

llvm::Error HeaderParser::parseShape(TensorInfo &tensor) {
  return reader.readArray([&]() -> llvm::Error {
    size_t offset = reader.getOffset();
    uint64_t extent;
    if (llvm::Error e = reader.readUnsigned(extent))
      return e;
    if (extent > uint64_t(std::numeric_limits<int64_t>::max()))
      return reader.error(offset, "the extent " + llvm::Twine(extent) +
                                      " in its shape is absurd");
    if (tensor.shape.size() == maxRank)
      return reader.error(offset, "its shape has more than " +
                                      llvm::Twine(maxRank) + " extents");
    tensor.shape.push_back(extent);
    return llvm::Error::success();
  });
}

llvm::Error HeaderParser::parseOffsets(TensorInfo &tensor) {
  size_t offset = reader.getOffset();
  unsigned count = 0;
  llvm::Error error = reader.readArray([&]() -> llvm::Error {
    uint64_t value;
    if (llvm::Error e = reader.readUnsigned(value))
      return e;
    if (count == 0)
      tensor.begin = value;
    else
      tensor.end = value;
    if (++count > 2)
      return reader.error(offset, "data_offsets holds more than two numbers");
    return llvm::Error::success();
  });
  if (error)
    return error;
  if (count != 2)
    return reader.error(offset, "data_offsets must hold two numbers, [begin, "
                                "end]");
  return llvm::Error::success();
}

llvm::Error HeaderParser::parseTensor(TensorInfo &tensor) {
  size_t offset = reader.getOffset();
  bool hasDType = false, hasShape = false, hasOffsets = false;
  llvm::Error error = reader.readObject(
      [&](llvm::StringRef key, size_t keyOffset) -> llvm::Error {
        bool *seen = key == "dtype"          ? &hasDType
                     : key == "shape"        ? &hasShape
                     : key == "data_offsets" ? &hasOffsets
                                             : nullptr;
        if (!seen)
          return reader.error(keyOffset, "unknown field " + quoted(key));
        if (*seen)
          return reader.error(keyOffset,
                              "the field " + quoted(key) + " stands twice");
        *seen = true;
        if (seen == &hasDType)
          return parseDTypeField(tensor);
        if (seen == &hasShape)
          return parseShape(tensor);
        return parseOffsets(tensor);
      });
  if (error)
    return error;
  if (!hasDType || !hasShape || !hasOffsets)
    return reader.error(offset, llvm::Twine("the field '") +
                                    (!hasDType   ? "dtype"
                                     : !hasShape ? "shape"
                                                 : "data_offsets") +
                                    "' is missing");
  if (tensor.begin > tensor.end)
    return reader.error(offset, "data_offsets [" + llvm::Twine(tensor.begin) +
                                    ", " + llvm::Twine(tensor.end) +
                                    "] ends before it begins");

  // The size that shape and dtype ask for, in bits: some types are narrower
  // than a byte.
  int64_t bits = getBitWidth(tensor.dtype);
  for (int64_t extent : tensor.shape)
    if (llvm::MulOverflow(bits, extent, bits))
      return reader.error(offset, "the size of " +
                                      describe(tensor.dtype, tensor.shape) +
                                      " overflows 64 bits");
  if (bits % 8 != 0)
    return reader.error(offset, describe(tensor.dtype, tensor.shape) +
                                    " does not fill whole bytes");
  if (uint64_t(bits / 8) != tensor.getSizeInBytes())
    return reader.error(
        offset, describe(tensor.dtype, tensor.shape) + " has " +
                    llvm::Twine(bits / 8) + " bytes, but data_offsets [" +
                    llvm::Twine(tensor.begin) + ", " + llvm::Twine(tensor.end) +
                    "] span " + llvm::Twine(tensor.getSizeInBytes()));
  return llvm::Error::success();
}

llvm::Error HeaderParser::parseMetadata(SafeTensorsHeader &header) {
  llvm::StringSet<> keys;
  return reader.readObject([&](llvm::StringRef key,
                               size_t keyOffset) -> llvm::Error {
    if (!keys.insert(key).second)
      return reader.error(keyOffset,
                          "the metadata key " + quoted(key) + " stands twice");
    // `key` lives in the caller's buffer; take it before reading on.
    auto &entry = header.metadata.emplace_back(key.str(), "");
    return reader.readString(entry.second);
  });
}

llvm::Error HeaderParser::parse(SafeTensorsHeader &header) {
  llvm::StringSet<> names;
  llvm::Error error = reader.readObject([&](llvm::StringRef name,
                                            size_t offset) -> llvm::Error {
    if (!names.insert(name).second)
      return reader.error(offset, "the name " + quoted(name) + " stands twice");
    if (name == "__metadata__")
      return parseMetadata(header);
    TensorInfo tensor{name.str(), DType::F32, {}, 0, 0};
    current = &tensor;
    if (llvm::Error e = parseTensor(tensor))
      return e;
    current = nullptr;
    header.tensors.push_back(std::move(tensor));
    return llvm::Error::success();
  });
  if (error)
    return error;
  return reader.expectEnd();
}

/// The format allows neither holes nor overlaps nor bytes behind the last
/// tensor: a file that has one was cut, patched or made to mislead.
static llvm::Error checkCoverage(llvm::StringRef path,
                                 llvm::ArrayRef<TensorInfo> tensors,
                                 uint64_t dataSize) {
  auto range = [](const TensorInfo &tensor) {
    return "tensor " + quoted(tensor.name) + ", bytes [" +
           std::to_string(tensor.begin) + ", " + std::to_string(tensor.end) +
           ") of the data";
  };
  uint64_t covered = 0;
  const TensorInfo *previous = nullptr;
  for (const TensorInfo &tensor : tensors) {
    if (tensor.end > dataSize)
      return fileError(path,
                       range(tensor) +
                           ", goes beyond the end of the file, which has " +
                           llvm::Twine(dataSize) +
                           " bytes of data; it was cut short: fetch it "
                           "again");
    if (tensor.begin < covered)
      return fileError(path, range(tensor) + ", overlaps with " +
                                 range(*previous) + advice);
    if (tensor.begin > covered)
      return fileError(path, range(tensor) + ", leaves the bytes from " +
                                 llvm::Twine(covered) + " on to no tensor" +
                                 advice);
    covered = tensor.end;
    previous = &tensor;
  }
  if (covered != dataSize)
    return fileError(path, "the last " + llvm::Twine(dataSize - covered) +
                               " bytes, from byte " + llvm::Twine(covered) +
                               " of the data on, belong to no tensor" + advice);
  return llvm::Error::success();
}

llvm::Expected<SafeTensorsHeader>
sylvite::parseSafeTensorsHeader(llvm::StringRef path, llvm::StringRef json,
                                uint64_t dataSize) {
  // The format asks for the brace at the very start; white space may follow the
  // object, as padding.
  if (!json.starts_with("{"))
    return fileError(path, "the header does not begin with '{'" + advice);
  size_t offset;
  if (!llvm::json::isUTF8(json, &offset))
    return fileError(path, "header, byte " + llvm::Twine(offset + 8) +
                               ": the text is not UTF-8" + advice);
  SafeTensorsHeader header;
  if (llvm::Error error = HeaderParser(path, json).parse(header))
    return std::move(error);
  // An empty tensor lies between its neighbours, so the end decides as well;
  // the name makes the order one of a kind.
  llvm::sort(header.tensors, [](const TensorInfo &a, const TensorInfo &b) {
    return std::tie(a.begin, a.end, a.name) < std::tie(b.begin, b.end, b.name);
  });
  if (llvm::Error error = checkCoverage(path, header.tensors, dataSize))
    return std::move(error);
  return header;
}
