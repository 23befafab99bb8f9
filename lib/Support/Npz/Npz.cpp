//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Reading and writing .npz by way of libzip.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Support/Npz/Npz.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Errc.h"

#include <memory>
#include <zip.h>

using namespace sylvite;
using namespace llvm;

/// An error whose message begins with "PATH: ".
static Error makeError(StringRef path, const Twine &message) {
  return createStringError(inconvertibleErrorCode(),
                           Twine(path) + ": " + message);
}

static std::string getMessage(int code) {
  zip_error_t error;
  zip_error_init_with_code(&error, code);
  std::string message = zip_error_strerror(&error);
  zip_error_fini(&error);
  return message;
}

namespace {

/// Closes without writing; writing is an explicit zip_close.
struct Discard {
  void operator()(zip_t *archive) const { zip_discard(archive); }
};
using Archive = std::unique_ptr<zip_t, Discard>;

struct CloseFile {
  void operator()(zip_file_t *file) const { zip_fclose(file); }
};
using File = std::unique_ptr<zip_file_t, CloseFile>;

} // namespace

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

/// Appends up to `limit` bytes to `bytes`, in pieces: the archive may promise
/// sizes that never come. Returns false on a read error.
static bool readBytes(zip_file_t *file, uint64_t limit,
                      std::vector<char> &bytes) {
  constexpr uint64_t piece = 4 << 20;
  while (limit > 0) {
    uint64_t wanted = std::min(limit, piece), used = bytes.size();
    bytes.resize(used + wanted);
    zip_int64_t got = zip_fread(file, bytes.data() + used, wanted);
    bytes.resize(used + std::max<zip_int64_t>(got, 0));
    if (got <= 0)
      return got == 0;
    limit -= uint64_t(got);
  }
  return true;
}

static Expected<NpyArray> readArray(zip_t *archive, uint64_t index,
                                    StringRef path) {
  File file(zip_fopen_index(archive, index, 0));
  if (!file)
    return makeError(path, zip_strerror(archive));
  std::vector<char> bytes;
  auto reportRead = [&] {
    return makeError(path, zip_file_strerror(file.get()));
  };
  if (!readBytes(file.get(), maxNpyHeaderBytes, bytes))
    return reportRead();
  Expected<NpyHeader> header = parseNpyHeader(bytes);
  if (!header)
    return makeError(path, toString(header.takeError()));
  // One byte more than the shape needs tells that there are too many.
  uint64_t size = header->dataOffset + header->dataBytes;
  if (size >= bytes.size() &&
      !readBytes(file.get(), size - bytes.size() + 1, bytes))
    return reportRead();
  Expected<NpyArray> array = parseNpy(bytes);
  if (!array)
    return makeError(path, toString(array.takeError()));
  return array;
}

Expected<NpzArrays> sylvite::readNpz(StringRef path) {
  int code = 0;
  Archive archive(zip_open(path.str().c_str(), ZIP_RDONLY, &code));
  if (!archive)
    return makeError(path, getMessage(code));
  NpzArrays arrays;
  zip_int64_t entries = zip_get_num_entries(archive.get(), 0);
  for (zip_int64_t i = 0; i < entries; ++i) {
    const char *entry = zip_get_name(archive.get(), i, ZIP_FL_ENC_RAW);
    StringRef name = entry ? entry : "";
    if (!name.consume_back(".npy"))
      return makeError(path, "'" + name + "' is not an .npy array");
    Expected<NpyArray> array =
        readArray(archive.get(), i, (path + ": '" + name + "'").str());
    if (!array)
      return array.takeError();
    if (!arrays.emplace(name, std::move(*array)).second)
      return makeError(path, "'" + name + "' comes twice");
  }
  return arrays;
}

//===----------------------------------------------------------------------===//
// Writing
//===----------------------------------------------------------------------===//

/// Adds one array, uncompressed like NumPy's savez. `file` holds the bytes of
/// the .npy file and must live until the archive is closed.
static bool addArray(zip_t *archive, const std::string &name,
                     const std::vector<char> &file) {
  zip_source_t *source =
      zip_source_buffer(archive, file.data(), file.size(), /*freep=*/0);
  if (!source)
    return false;
  zip_int64_t index =
      zip_file_add(archive, (name + ".npy").c_str(), source, ZIP_FL_ENC_UTF_8);
  if (index < 0) {
    zip_source_free(source);
    return false;
  }
  // The first day that the format knows, so that bytes depend on arrays alone.
  constexpr uint16_t firstDay = (1 << 5) | 1;
  return zip_set_file_compression(archive, index, ZIP_CM_STORE, 0) == 0 &&
         zip_file_set_dostime(archive, index, 0, firstDay, 0) == 0;
}

Error sylvite::writeNpz(StringRef path, const NpzArrays &arrays) {
  int code = 0;
  Archive archive(
      zip_open(path.str().c_str(), ZIP_CREATE | ZIP_TRUNCATE, &code));
  if (!archive)
    return makeError(path, getMessage(code));
  std::vector<std::vector<char>> files;
  files.reserve(arrays.size());
  for (const auto &[name, array] : arrays) {
    std::string header = printNpyHeader(array);
    std::vector<char> &file = files.emplace_back(header.begin(), header.end());
    file.insert(file.end(), array.data.begin(), array.data.end());
    if (!addArray(archive.get(), name, file))
      return makeError(path, zip_strerror(archive.get()));
  }
  // libzip writes to a temporary file and renames it.
  if (zip_close(archive.get()) != 0)
    return makeError(path, zip_strerror(archive.get()));
  archive.release();
  return Error::success();
}
