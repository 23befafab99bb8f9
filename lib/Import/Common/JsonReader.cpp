//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The cursor: tokens, numbers and strings as RFC 8259 has them.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Import/Common/FileDiagnostic.h"
#include "sylvite/Import/Common/Json.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/ConvertUTF.h"
#include <cmath>

using namespace sylvite;

llvm::StringRef sylvite::describe(JsonKind kind) {
  switch (kind) {
  case JsonKind::Object:
    return "an object";
  case JsonKind::Array:
    return "an array";
  case JsonKind::String:
    return "a string";
  case JsonKind::Number:
    return "a number";
  case JsonKind::Bool:
    return "true or false";
  case JsonKind::Null:
    return "null";
  }
  llvm_unreachable("all kinds are listed");
}

void JsonReader::skipWhitespace() {
  position = std::min(text.find_first_not_of(" \t\r\n", position), text.size());
}

size_t JsonReader::getOffset() {
  skipWhitespace();
  return position;
}

llvm::Error JsonReader::peek(JsonKind &kind) {
  skipWhitespace();
  if (position == text.size())
    return error(position, "the text ends where a value was expected");
  switch (char c = text[position]) {
  case '{':
    kind = JsonKind::Object;
    break;
  case '[':
    kind = JsonKind::Array;
    break;
  case '"':
    kind = JsonKind::String;
    break;
  case 't':
  case 'f':
    kind = JsonKind::Bool;
    break;
  case 'n':
    kind = JsonKind::Null;
    break;
  default:
    if (c != '-' && !llvm::isDigit(c))
      return error(position, "expected a value, found " +
                                 quoted(text.substr(position, 1)));
    kind = JsonKind::Number;
  }
  return llvm::Error::success();
}

llvm::Error JsonReader::expect(JsonKind kind) {
  JsonKind found;
  if (llvm::Error e = peek(found))
    return e;
  if (found != kind)
    return error(position,
                 "expected " + describe(kind) + ", found " + describe(found));
  return llvm::Error::success();
}

llvm::Error JsonReader::consume(char c) {
  skipWhitespace();
  if (position == text.size())
    return error(position, llvm::Twine("the text ends where '") +
                               llvm::Twine(c) + "' was expected");
  if (text[position] != c)
    return error(position, llvm::Twine("expected '") + llvm::Twine(c) +
                               "', found " + quoted(text.substr(position, 1)));
  ++position;
  return llvm::Error::success();
}

llvm::Error JsonReader::readObject(
    llvm::function_ref<llvm::Error(llvm::StringRef, size_t)> member) {
  if (llvm::Error e = expect(JsonKind::Object))
    return e;
  if (++depth > maxDepth)
    return error(position, "values are nested deeper than " +
                               llvm::Twine(maxDepth) + " levels");
  ++position;
  skipWhitespace();
  bool empty = text.substr(position).starts_with("}");
  std::string key;
  while (!empty) {
    size_t keyOffset = getOffset();
    if (llvm::Error e = readString(key))
      return e;
    if (llvm::Error e = consume(':'))
      return e;
    if (llvm::Error e = member(key, keyOffset))
      return e;
    skipWhitespace();
    if (!text.substr(position).starts_with(","))
      break;
    ++position;
  }
  --depth;
  return consume('}');
}

llvm::Error JsonReader::readArray(llvm::function_ref<llvm::Error()> element) {
  if (llvm::Error e = expect(JsonKind::Array))
    return e;
  if (++depth > maxDepth)
    return error(position, "values are nested deeper than " +
                               llvm::Twine(maxDepth) + " levels");
  ++position;
  skipWhitespace();
  bool empty = text.substr(position).starts_with("]");
  while (!empty) {
    if (llvm::Error e = element())
      return e;
    skipWhitespace();
    if (!text.substr(position).starts_with(","))
      break;
    ++position;
  }
  --depth;
  return consume(']');
}

llvm::Error JsonReader::readHexDigits(unsigned &value) {
  llvm::StringRef digits = text.substr(position, 4);
  if (digits.size() != 4 || !llvm::all_of(digits, llvm::isHexDigit))
    return error(position, "expected four hexadecimal digits after '\\u'");
  digits.getAsInteger(16, value);
  position += 4;
  return llvm::Error::success();
}

/// Reads what follows a backslash and appends the character that it means.
llvm::Error JsonReader::readEscape(std::string &value) {
  size_t start = position - 1;
  if (position == text.size())
    return error(start, "the text ends inside a string");
  char c = text[position++];
  switch (c) {
  case '"':
  case '\\':
  case '/':
    value += c;
    return llvm::Error::success();
  case 'b':
    value += '\b';
    return llvm::Error::success();
  case 'f':
    value += '\f';
    return llvm::Error::success();
  case 'n':
    value += '\n';
    return llvm::Error::success();
  case 'r':
    value += '\r';
    return llvm::Error::success();
  case 't':
    value += '\t';
    return llvm::Error::success();
  case 'u':
    break;
  default:
    return error(start,
                 "unknown escape " + quoted(text.slice(start, position)));
  }
  unsigned codePoint;
  if (llvm::Error e = readHexDigits(codePoint))
    return e;
  // Characters beyond 16 bits are written as two surrogates.
  if (codePoint >= 0xD800 && codePoint < 0xE000) {
    unsigned low = 0;
    if (codePoint < 0xDC00 && text.substr(position).starts_with("\\u")) {
      position += 2;
      if (llvm::Error e = readHexDigits(low))
        return e;
    }
    if (low < 0xDC00 || low >= 0xE000)
      return error(start, "a surrogate stands alone");
    codePoint = 0x10000 + ((codePoint - 0xD800) << 10) + (low - 0xDC00);
  }
  char utf8[UNI_MAX_UTF8_BYTES_PER_CODE_POINT];
  char *end = utf8;
  llvm::ConvertCodePointToUTF8(codePoint, end);
  value.append(utf8, end);
  return llvm::Error::success();
}

llvm::Error JsonReader::readString(std::string &value) {
  if (llvm::Error e = expect(JsonKind::String))
    return e;
  size_t start = position++;
  value.clear();
  while (position < text.size()) {
    unsigned char c = text[position++];
    if (c == '"')
      return llvm::Error::success();
    if (c == '\\') {
      if (llvm::Error e = readEscape(value))
        return e;
    } else if (c < 0x20) {
      return error(position - 1,
                   "control characters inside a string must be escaped");
    } else {
      value += c;
    }
  }
  return error(start, "a string has no closing '\"'");
}

/// Reads a number as RFC 8259 spells one: no leading zeros, no "+", no ".5".
llvm::Error JsonReader::readNumberToken(llvm::StringRef &token) {
  if (llvm::Error e = expect(JsonKind::Number))
    return e;
  size_t start = position;
  auto next = [&] { return position < text.size() ? text[position] : '\0'; };
  auto digits = [&] {
    size_t first = position;
    while (llvm::isDigit(next()))
      ++position;
    return position - first;
  };
  bool good = true;
  if (next() == '-')
    ++position;
  if (next() == '0')
    ++position;
  else
    good &= digits() > 0;
  if (next() == '.') {
    ++position;
    good &= digits() > 0;
  }
  if (next() == 'e' || next() == 'E') {
    ++position;
    if (next() == '+' || next() == '-')
      ++position;
    good &= digits() > 0;
  }
  // A digit here follows a leading zero; a letter makes a word of it.
  good &= !llvm::isAlnum(next());
  token = text.slice(start, position);
  if (!good)
    return error(start, "malformed number");
  return llvm::Error::success();
}

llvm::Error JsonReader::readUnsigned(uint64_t &value) {
  size_t start = getOffset();
  llvm::StringRef token;
  if (llvm::Error e = readNumberToken(token))
    return e;
  if (token.getAsInteger(10, value))
    return error(start, quoted(token) + " is not an integer from 0 to 2^64-1");
  return llvm::Error::success();
}

llvm::Error JsonReader::readInteger(int64_t &value) {
  size_t start = getOffset();
  llvm::StringRef token;
  if (llvm::Error e = readNumberToken(token))
    return e;
  if (token.getAsInteger(10, value))
    return error(start, quoted(token) + " is not an integer of 64 bits");
  return llvm::Error::success();
}

llvm::Error JsonReader::readNumber(double &value) {
  size_t start = getOffset();
  llvm::StringRef token;
  if (llvm::Error e = readNumberToken(token))
    return e;
  if (!llvm::to_float(token, value) || !std::isfinite(value))
    return error(start, quoted(token) + " is beyond the range of a double");
  return llvm::Error::success();
}

llvm::Error JsonReader::consumeWord(llvm::StringRef word) {
  if (!text.substr(position).starts_with(word))
    return error(position, "expected a value, found " +
                               quoted(text.substr(position, word.size())));
  position += word.size();
  return llvm::Error::success();
}

llvm::Error JsonReader::readBool(bool &value) {
  if (llvm::Error e = expect(JsonKind::Bool))
    return e;
  value = text[position] == 't';
  return consumeWord(value ? "true" : "false");
}

llvm::Error JsonReader::skip() {
  JsonKind kind;
  if (llvm::Error e = peek(kind))
    return e;
  switch (kind) {
  case JsonKind::Object:
    return readObject([&](llvm::StringRef, size_t) { return skip(); });
  case JsonKind::Array:
    return readArray([&] { return skip(); });
  case JsonKind::String: {
    std::string ignored;
    return readString(ignored);
  }
  case JsonKind::Number: {
    llvm::StringRef ignored;
    return readNumberToken(ignored);
  }
  case JsonKind::Bool: {
    bool ignored;
    return readBool(ignored);
  }
  case JsonKind::Null:
    return consumeWord("null");
  }
  llvm_unreachable("all kinds are listed");
}

llvm::Error JsonReader::expectEnd() {
  skipWhitespace();
  if (position != text.size())
    return error(position, "expected the end of the text, found " +
                               quoted(text.substr(position, 1)));
  return llvm::Error::success();
}
