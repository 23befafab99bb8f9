//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Maps files of weights and finds their tensors.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Import/SafeTensors/WeightFile.h"
#include "sylvite/Import/Common/FileDiagnostic.h"
#include "sylvite/Import/ONNX/OnnxWeightFile.h"
#include "sylvite/Import/SafeTensors/SafeTensorsFile.h"
#include "llvm/ADT/ScopeExit.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include <sys/mman.h>

using namespace sylvite;

namespace fs = llvm::sys::fs;

int64_t TensorInfo::getNumElements() const {
  int64_t product = 1;
  for (int64_t extent : shape)
    product *= extent;
  return product;
}

std::string sylvite::describe(DType dtype, llvm::ArrayRef<int64_t> shape) {
  std::string text;
  llvm::raw_string_ostream os(text);
  os << getName(dtype) << " [";
  llvm::interleaveComma(shape, os);
  os << ']';
  return text;
}

WeightFile::~WeightFile() = default;

template <typename FileT>
static llvm::Expected<std::unique_ptr<WeightFile>>
openAs(llvm::StringRef path) {
  llvm::Expected<FileT> file = FileT::open(path);
  if (!file)
    return file.takeError();
  return std::make_unique<FileT>(std::move(*file));
}

llvm::Expected<std::unique_ptr<WeightFile>>
WeightFile::open(llvm::StringRef path) {
  if (llvm::sys::path::extension(path) == ".onnx")
    return openAs<OnnxWeightFile>(path);
  return openAs<SafeTensorsFile>(path);
}

void WeightFile::makeIndex() {
  index.clear();
  for (auto [position, tensor] : llvm::enumerate(tensors))
    index[tensor.name] = position;
}

const TensorInfo *WeightFile::lookup(llvm::StringRef name) const {
  auto found = index.find(name);
  return found == index.end() ? nullptr : &tensors[found->second];
}

llvm::Expected<std::unique_ptr<fs::mapped_file_region>>
sylvite::mapFile(llvm::StringRef path, llvm::StringRef kind) {
  auto cannotRead = [&](std::error_code code) {
    return fileError(path, "cannot read the file: " + code.message());
  };
  // The kind of file is asked first: opening a pipe would wait for its writer.
  fs::file_status status;
  if (std::error_code code = fs::status(path, status))
    return cannotRead(code);
  if (status.type() != fs::file_type::regular_file)
    return fileError(path,
                     "expected " + kind + ", found a directory or a device");

  llvm::Expected<fs::file_t> handle = fs::openNativeFileForRead(path);
  if (!handle)
    return cannotRead(llvm::errorToErrorCode(handle.takeError()));
  // The mapping outlives the handle.
  llvm::scope_exit close([&] { fs::closeFile(*handle); });
  if (std::error_code code = fs::status(*handle, status))
    return cannotRead(code);
  // There is no mapping of nothing.
  if (!status.getSize())
    return nullptr;
  std::error_code code;
  auto mapping = std::make_unique<fs::mapped_file_region>(
      *handle, fs::mapped_file_region::readonly, status.getSize(),
      /*offset=*/0, code);
  if (code)
    return fileError(path,
                     "cannot map the file into memory: " + code.message());
  return mapping;
}

void sylvite::releasePages(llvm::ArrayRef<uint8_t> bytes) {
  // Only pages that belong to the bytes alone; their neighbours may be in use.
  uint64_t page = llvm::sys::Process::getPageSizeEstimate();
  uint64_t first = reinterpret_cast<uintptr_t>(bytes.data());
  uint64_t begin = llvm::alignTo(first, page);
  uint64_t end = llvm::alignDown(first + bytes.size(), page);
  if (begin >= end)
    return;
  // A hint: that it failed would change nothing but the memory in use.
  (void)madvise(reinterpret_cast<void *>(begin), end - begin, MADV_DONTNEED);
}
