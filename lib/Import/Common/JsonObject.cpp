//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Reads one JSON object into an index of its members.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Import/Common/FileDiagnostic.h"
#include "sylvite/Import/Common/Json.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/JSON.h"

using namespace sylvite;

//===----------------------------------------------------------------------===//
// JsonDocument
//===----------------------------------------------------------------------===//

llvm::Expected<std::shared_ptr<const JsonDocument>>
JsonDocument::load(llvm::StringRef path, uint64_t maxBytes) {
  // The kind of file is asked first: opening a pipe would wait for its writer.
  llvm::sys::fs::file_status status;
  if (std::error_code code = llvm::sys::fs::status(path, status))
    return fileError(path, "cannot read the file: " + code.message());
  if (status.type() != llvm::sys::fs::file_type::regular_file)
    return fileError(path, "expected a file, found a directory or a device");
  if (status.getSize() > maxBytes)
    return fileError(path, "the file has " + llvm::Twine(status.getSize()) +
                               " bytes; a JSON file of this purpose has at "
                               "most " +
                               llvm::Twine(maxBytes));
  auto buffer = llvm::MemoryBuffer::getFile(path, /*IsText=*/false,
                                            /*RequiresNullTerminator=*/false);
  if (!buffer)
    return fileError(path,
                     "cannot read the file: " + buffer.getError().message());
  std::shared_ptr<const JsonDocument> document(
      new JsonDocument(path, std::move(*buffer)));
  size_t offset;
  if (!llvm::json::isUTF8(document->getText(), &offset))
    return document->error(offset, "the text is not UTF-8");
  return document;
}

llvm::Error JsonDocument::error(size_t offset,
                                const llvm::Twine &message) const {
  return textError(path, getText(), offset, message);
}

JsonReader JsonDocument::getReader(size_t offset) const {
  return JsonReader(
      getText(),
      [this](size_t place, const llvm::Twine &message) {
        return error(place, message);
      },
      offset);
}

//===----------------------------------------------------------------------===//
// JsonObject
//===----------------------------------------------------------------------===//

llvm::Expected<JsonObject>
JsonObject::read(std::shared_ptr<const JsonDocument> document,
                 JsonReader &reader) {
  JsonObject object;
  object.document = std::move(document);
  object.offset = reader.getOffset();
  llvm::Error error =
      reader.readObject([&](llvm::StringRef key, size_t keyOffset) {
        Member member{keyOffset, reader.getOffset()};
        if (!object.members.try_emplace(key, member).second)
          return reader.error(keyOffset,
                              "the key " + quoted(key) + " stands twice");
        return reader.skip();
      });
  if (error)
    return std::move(error);
  return object;
}

llvm::Expected<JsonObject> JsonObject::load(llvm::StringRef path) {
  auto document = JsonDocument::load(path);
  if (!document)
    return document.takeError();
  JsonReader reader = (*document)->getReader();
  auto object = read(*document, reader);
  if (!object)
    return object.takeError();
  if (llvm::Error error = reader.expectEnd())
    return std::move(error);
  return object;
}

llvm::Expected<std::vector<JsonObject>>
JsonObject::loadArray(llvm::StringRef path) {
  auto document = JsonDocument::load(path);
  if (!document)
    return document.takeError();
  JsonReader reader = (*document)->getReader();
  std::vector<JsonObject> objects;
  llvm::Error error = reader.readArray([&]() -> llvm::Error {
    auto object = read(*document, reader);
    if (!object)
      return object.takeError();
    objects.push_back(std::move(*object));
    return llvm::Error::success();
  });
  if (error)
    return std::move(error);
  if (llvm::Error error = reader.expectEnd())
    return std::move(error);
  return objects;
}

std::vector<llvm::StringRef> JsonObject::getKeys() const {
  std::vector<llvm::StringRef> keys;
  for (const auto &member : members)
    keys.push_back(member.getKey());
  llvm::sort(keys);
  return keys;
}

bool JsonObject::isSet(llvm::StringRef key) const {
  auto found = members.find(key);
  if (found == members.end())
    return false;
  // The syntax was checked when the object was read: an "n" begins a null.
  return document->getText()[found->second.valueOffset] != 'n';
}

llvm::Error JsonObject::error(llvm::StringRef key,
                              const llvm::Twine &message) const {
  auto found = members.find(key);
  return document->error(
      found == members.end() ? offset : found->second.keyOffset, message);
}

llvm::Expected<JsonReader> JsonObject::find(llvm::StringRef key) const {
  auto found = members.find(key);
  if (found == members.end())
    return error(key, "the member " + quoted(key) + " is missing");
  // Errors about the value name its key.
  return JsonReader(
      document->getText(),
      [document = document, key = key.str()](size_t offset,
                                             const llvm::Twine &message) {
        return document->error(offset, key + ": " + message);
      },
      found->second.valueOffset);
}

llvm::Error JsonObject::get(llvm::StringRef key, std::string &value) const {
  auto reader = find(key);
  return reader ? reader->readString(value) : reader.takeError();
}

llvm::Error JsonObject::get(llvm::StringRef key, int64_t &value) const {
  auto reader = find(key);
  return reader ? reader->readInteger(value) : reader.takeError();
}

llvm::Error JsonObject::get(llvm::StringRef key, double &value) const {
  auto reader = find(key);
  return reader ? reader->readNumber(value) : reader.takeError();
}

llvm::Error JsonObject::get(llvm::StringRef key, bool &value) const {
  auto reader = find(key);
  return reader ? reader->readBool(value) : reader.takeError();
}

llvm::Error JsonObject::forEachString(
    llvm::StringRef key,
    llvm::function_ref<llvm::Error(llvm::StringRef, llvm::StringRef)> member)
    const {
  auto reader = find(key);
  if (!reader)
    return reader.takeError();
  std::string value;
  return reader->readObject([&](llvm::StringRef name, size_t) -> llvm::Error {
    if (llvm::Error error = reader->readString(value))
      return error;
    return member(name, value);
  });
}
