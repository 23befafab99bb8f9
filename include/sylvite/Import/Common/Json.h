//===- Json.h - JSON with places and bounds ---------------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Model files bring JSON from strangers: configurations, and safetensors
/// headers of up to 100 MB. LLVM's JSON library recurses once per nesting level
/// without a limit, builds a tree many times the size of the text, keeps the
/// last of two equal keys without a word, and does not say where a value stood.
/// So there are two small readers here:
///
/// - `JsonReader` walks over text from front to back and builds nothing; the
///   caller says what it expects next. Memory stays bounded whatever the text.
/// - `JsonObject` indexes the members of one object, for configuration files
///   whose members are asked for by name; each member knows its place.
///
/// Both hold to RFC 8259 and refuse everything beyond it.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_IMPORT_COMMON_JSON_H
#define SYLVITE_IMPORT_COMMON_JSON_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBuffer.h"
#include <functional>
#include <memory>
#include <string>

namespace sylvite {

/// What a JSON value is, told from its first character.
enum class JsonKind { Object, Array, String, Number, Bool, Null };

/// The name of a kind with its article, for messages: "an object".
llvm::StringRef describe(JsonKind kind);

/// A cursor over JSON text.
class JsonReader {
public:
  /// Makes the error for byte `offset` of the text.
  using ErrorAt =
      std::function<llvm::Error(size_t offset, const llvm::Twine &message)>;

  /// Values nested deeper than this are refused.
  static constexpr unsigned maxDepth = 64;

  /// Reads `text` from byte `offset` on. The text must outlive the reader.
  JsonReader(llvm::StringRef text, ErrorAt errorAt, size_t offset = 0)
      : text(text), errorAt(std::move(errorAt)), position(offset) {}

  /// The kind of the value that comes next.
  llvm::Error peek(JsonKind &kind);

  /// Reads an object. `member` is called per member with its key and the key's
  /// place; it must read or skip exactly the member's value.
  llvm::Error readObject(
      llvm::function_ref<llvm::Error(llvm::StringRef key, size_t keyOffset)>
          member);

  /// Reads an array. `element` must read or skip exactly one value.
  llvm::Error readArray(llvm::function_ref<llvm::Error()> element);

  llvm::Error readString(std::string &value);

  /// Reads an integer from 0 to 2^64 - 1, as offsets and extents are.
  llvm::Error readUnsigned(uint64_t &value);

  /// Reads an integer, or fails for 1.5, 1e3 and what exceeds 64 bits.
  llvm::Error readInteger(int64_t &value);

  /// Reads a number; one beyond the range of a double is an error.
  llvm::Error readNumber(double &value);

  llvm::Error readBool(bool &value);

  /// Passes over any value, checking its syntax.
  llvm::Error skip();

  /// Fails if anything but white space is left.
  llvm::Error expectEnd();

  /// The place of the next token.
  size_t getOffset();

  llvm::Error error(size_t offset, const llvm::Twine &message) const {
    return errorAt(offset, message);
  }

private:
  void skipWhitespace();
  llvm::Error expect(JsonKind kind);
  llvm::Error consume(char c);
  llvm::Error consumeWord(llvm::StringRef word);
  llvm::Error readNumberToken(llvm::StringRef &token);
  llvm::Error readEscape(std::string &value);
  llvm::Error readHexDigits(unsigned &value);

  llvm::StringRef text;
  ErrorAt errorAt;
  size_t position;
  unsigned depth = 0;
};

/// A JSON text file.
class JsonDocument {
public:
  /// Reads the file whole. Fails if it is not a regular file of at most
  /// `maxBytes` bytes of UTF-8. Its syntax is checked as it is read.
  static llvm::Expected<std::shared_ptr<const JsonDocument>>
  load(llvm::StringRef path, uint64_t maxBytes = uint64_t(64) << 20);

  llvm::StringRef getPath() const { return path; }
  llvm::StringRef getText() const { return buffer->getBuffer(); }

  /// An error at byte `offset`, shown as line and column.
  llvm::Error error(size_t offset, const llvm::Twine &message) const;

  JsonReader getReader(size_t offset = 0) const;

private:
  JsonDocument(llvm::StringRef path, std::unique_ptr<llvm::MemoryBuffer> buffer)
      : path(path), buffer(std::move(buffer)) {}

  std::string path;
  std::unique_ptr<llvm::MemoryBuffer> buffer;
};

/// The members of one JSON object by name. A key that stands twice is an error.
class JsonObject {
public:
  /// Reads a file that holds one object.
  static llvm::Expected<JsonObject> load(llvm::StringRef path);

  /// Reads a file that holds an array of objects.
  static llvm::Expected<std::vector<JsonObject>>
  loadArray(llvm::StringRef path);

  llvm::StringRef getPath() const { return document->getPath(); }

  bool has(llvm::StringRef key) const { return members.contains(key); }

  /// The keys, in alphabetical order.
  std::vector<llvm::StringRef> getKeys() const;

  /// Whether the member is there and is not null. Configurations write null for
  /// "not set".
  bool isSet(llvm::StringRef key) const;

  /// An error at the member's key, or at the object where the member is
  /// missing.
  llvm::Error error(llvm::StringRef key, const llvm::Twine &message) const;

  /// Each reads a member that must be there, and of the kind that is asked for.
  llvm::Error get(llvm::StringRef key, std::string &value) const;
  llvm::Error get(llvm::StringRef key, int64_t &value) const;
  llvm::Error get(llvm::StringRef key, double &value) const;
  llvm::Error get(llvm::StringRef key, bool &value) const;

  /// Calls `member` for each member of the object under `key`, all of whose
  /// values must be strings, in the order of the file.
  llvm::Error
  forEachString(llvm::StringRef key,
                llvm::function_ref<llvm::Error(llvm::StringRef name,
                                               llvm::StringRef value)>
                    member) const;

private:
  struct Member {
    size_t keyOffset, valueOffset;
  };

  static llvm::Expected<JsonObject>
  read(std::shared_ptr<const JsonDocument> document, JsonReader &reader);

  /// A reader at the member's value.
  llvm::Expected<JsonReader> find(llvm::StringRef key) const;

  std::shared_ptr<const JsonDocument> document;
  size_t offset = 0;
  llvm::StringMap<Member> members;
};

} // namespace sylvite

#endif // SYLVITE_IMPORT_COMMON_JSON_H
