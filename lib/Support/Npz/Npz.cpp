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

#include "sylvite/Support/FileTransaction.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"

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

struct FreeSource {
  void operator()(zip_source_t *source) const { zip_source_free(source); }
};
using Buffer = std::unique_ptr<zip_source_t, FreeSource>;

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
  // libzip calls this an operation that is not supported.
  if (sys::fs::exists(path) && !sys::fs::is_regular_file(path))
    return makeError(path, "is no file");
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

/// Makes the archive in `buffer`. libzip would write to a file of its own and
/// put it in the place of whatever is at the path, be it a device.
static Error writeArchive(zip_source_t *buffer, const NpzArrays &arrays) {
  zip_error_t error;
  zip_error_init(&error);
  Archive archive(zip_open_from_source(buffer, ZIP_TRUNCATE, &error));
  if (!archive)
    return createStringError(zip_error_strerror(&error));
  // The archive owns one reference, the caller another.
  zip_source_keep(buffer);
  std::vector<std::vector<char>> files;
  files.reserve(arrays.size());
  for (const auto &[name, array] : arrays) {
    std::string header = printNpyHeader(array);
    std::vector<char> &file = files.emplace_back(header.begin(), header.end());
    file.insert(file.end(), array.data.begin(), array.data.end());
    if (!addArray(archive.get(), name, file))
      return createStringError(zip_strerror(archive.get()));
  }
  if (zip_close(archive.get()) != 0)
    return createStringError(zip_strerror(archive.get()));
  archive.release();
  return Error::success();
}

/// Copies what `buffer` holds to `os`.
static Error copyTo(raw_ostream &os, zip_source_t *buffer) {
  auto fail = [&] {
    return createStringError(zip_error_strerror(zip_source_error(buffer)));
  };
  if (zip_source_open(buffer) != 0)
    return fail();
  std::vector<char> piece(1 << 20);
  zip_int64_t got;
  while ((got = zip_source_read(buffer, piece.data(), piece.size())) > 0)
    os.write(piece.data(), got);
  Error error = got < 0 ? fail() : Error::success();
  zip_source_close(buffer);
  return error;
}

Error sylvite::writeNpz(StringRef path, const NpzArrays &arrays) {
  FileTransaction transaction;
  Expected<raw_fd_ostream &> os = transaction.addStream(path);
  if (!os)
    return os.takeError();
  zip_error_t error;
  zip_error_init(&error);
  Buffer buffer(zip_source_buffer_create(nullptr, 0, 0, &error));
  if (!buffer)
    return makeError(path, zip_error_strerror(&error));
  if (Error error = writeArchive(buffer.get(), arrays))
    return makeError(path, toString(std::move(error)));
  // An archive of nothing, which libzip would not write, is its end alone.
  if (arrays.empty())
    (*os << "PK\5\6").write_zeros(18);
  else if (Error error = copyTo(*os, buffer.get()))
    return makeError(path, toString(std::move(error)));
  return transaction.commit();
}
