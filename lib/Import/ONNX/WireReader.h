//===- WireReader.h - The frame of a protobuf -------------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Walks the fields of a protobuf message without reading what they hold.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_IMPORT_ONNX_WIREREADER_H
#define SYLVITE_LIB_IMPORT_ONNX_WIREREADER_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include <cstdint>
#include <optional>

namespace sylvite {

/// One field: its number, where its bytes lie in the message that the reader
/// walks, and its value or contents.
struct WireField {
  enum Kind { Varint = 0, Fixed64 = 1, Bytes = 2, Fixed32 = 5 };
  uint32_t number;
  Kind kind;
  /// [begin, end) with the tag; of Bytes, the length stands at `lengthBegin`
  /// and what it holds at `contentBegin`.
  uint64_t begin, lengthBegin, contentBegin, end;
  /// Of a Varint.
  uint64_t value;
  /// Of Bytes and of fixed ones.
  llvm::ArrayRef<uint8_t> contents;

  llvm::StringRef getText() const {
    return {reinterpret_cast<const char *>(contents.data()), contents.size()};
  }
};

class WireReader {
public:
  explicit WireReader(llvm::ArrayRef<uint8_t> message) : message(message) {}

  /// The next field; none at the end, and none, with `isBroken`, where there is
  /// no field but bytes are left.
  std::optional<WireField> next();
  bool isBroken() const { return broken; }
  uint64_t getPosition() const { return position; }

  /// The next number of variable length; none at the end.
  std::optional<uint64_t> nextVarint();

private:
  std::optional<WireField> fail() {
    broken = true;
    return std::nullopt;
  }

  llvm::ArrayRef<uint8_t> message;
  uint64_t position = 0;
  bool broken = false;
};

/// Appends a number of variable length.
void writeVarint(uint64_t value, std::string &to);

} // namespace sylvite

#endif // SYLVITE_LIB_IMPORT_ONNX_WIREREADER_H
