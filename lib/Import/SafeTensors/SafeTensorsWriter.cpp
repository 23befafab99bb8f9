//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Lays out the header and the data, then streams tensors into their places.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Import/SafeTensors/SafeTensorsWriter.h"
#include "sylvite/Import/Common/FileDiagnostic.h"
#include "sylvite/Import/SafeTensors/SafeTensorsFile.h"
#include "sylvite/Support/FileTransaction.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/raw_ostream.h"

using namespace sylvite;

//===----------------------------------------------------------------------===//
// Layout
//===----------------------------------------------------------------------===//

static llvm::Error checkName(llvm::StringRef name, llvm::StringSet<> &names) {
  auto refuse = [&](const llvm::Twine &why) {
    return llvm::createStringError("cannot write the tensor " + quoted(name) +
                                   ": " + why);
  };
  if (name.empty())
    return refuse("its name is empty");
  if (name.starts_with("__"))
    return refuse("names that begin with '__' are the file's own");
  if (!llvm::json::isUTF8(name))
    return refuse("its name is not UTF-8");
  if (!names.insert(name).second)
    return refuse("another one has the same name");
  return llvm::Error::success();
}

/// The bytes of a tensor.
static llvm::Expected<uint64_t> computeSize(const TensorSpec &tensor) {
  int64_t bits = getBitWidth(tensor.dtype);
  for (int64_t extent : tensor.shape)
    if (extent < 0 || llvm::MulOverflow(bits, extent, bits))
      return llvm::createStringError(
          "cannot write the tensor " + quoted(tensor.name) + ": " +
          describe(tensor.dtype, tensor.shape) + " is no size");
  if (bits % 8 != 0)
    return llvm::createStringError(
        "cannot write the tensor " + quoted(tensor.name) + ": " +
        describe(tensor.dtype, tensor.shape) + " does not fill whole bytes");
  return uint64_t(bits / 8);
}

static void writeEntry(llvm::json::OStream &json, llvm::StringRef name,
                       DType dtype, llvm::ArrayRef<int64_t> shape,
                       uint64_t begin, uint64_t end) {
  json.attributeObject(name, [&] {
    json.attribute("dtype", getName(dtype));
    json.attributeArray("shape", [&] {
      for (int64_t extent : shape)
        json.value(extent);
    });
    json.attributeArray("data_offsets", [&] {
      json.value(begin);
      json.value(end);
    });
  });
}

llvm::Expected<SafeTensorsLayout> SafeTensorsLayout::create(
    std::vector<TensorSpec> tensors,
    llvm::ArrayRef<std::pair<std::string, std::string>> metadata) {
  SafeTensorsLayout layout;
  layout.tensors = std::move(tensors);
  llvm::StringSet<> names;
  for (const TensorSpec &tensor : layout.tensors) {
    if (llvm::Error error = checkName(tensor.name, names))
      return std::move(error);
    llvm::Expected<uint64_t> size = computeSize(tensor);
    if (!size)
      return size.takeError();
    // Far below 2^64, so that adding the padding and the header is safe too.
    if (*size > uint64_t(1) << 62 || layout.dataSize + *size > uint64_t(1)
                                                                   << 62)
      return llvm::createStringError("cannot write the tensor " +
                                     quoted(tensor.name) +
                                     ": the file would be too large");
    layout.offsets.push_back(layout.dataSize);
    layout.sizes.push_back(*size);
    layout.dataSize = llvm::alignTo(layout.dataSize + *size, alignment);
  }

  std::string json;
  llvm::raw_string_ostream os(json);
  llvm::json::OStream out(os);
  out.object([&] {
    if (!metadata.empty())
      out.attributeObject("__metadata__", [&] {
        for (const auto &[key, value] : metadata)
          out.attribute(key, value);
      });
    for (auto [i, tensor] : llvm::enumerate(layout.tensors)) {
      uint64_t end = layout.offsets[i] + layout.sizes[i];
      uint64_t next = llvm::alignTo(end, alignment);
      writeEntry(out, tensor.name, tensor.dtype, tensor.shape,
                 layout.offsets[i], end);
      if (next != end)
        writeEntry(out, (safeTensorsPaddingPrefix + llvm::Twine(i)).str(),
                   DType::U8, {int64_t(next - end)}, end, next);
    }
  });
  // White space behind the object moves the data to its alignment.
  json.resize(llvm::alignTo(json.size() + 8, alignment) - 8, ' ');
  if (json.size() > maxSafeTensorsHeader)
    return llvm::createStringError(
        "cannot write the file: its header would have " +
        llvm::Twine(json.size()) + " bytes, the format's limit is " +
        llvm::Twine(maxSafeTensorsHeader));
  layout.header.resize(8);
  llvm::support::endian::write64le(layout.header.data(), json.size());
  layout.header += json;
  return layout;
}

//===----------------------------------------------------------------------===//
// Writing
//===----------------------------------------------------------------------===//

llvm::Error sylvite::writeSafeTensors(const SafeTensorsLayout &layout,
                                      WriteTensor writeTensor,
                                      llvm::raw_ostream &os) {
  os << layout.getHeader();
  return writeSafeTensorsData(layout, writeTensor, os);
}

llvm::Error sylvite::writeSafeTensorsData(const SafeTensorsLayout &layout,
                                          WriteTensor writeTensor,
                                          llvm::raw_ostream &os) {
  for (size_t i = 0; i < layout.getTensors().size(); ++i) {
    uint64_t start = os.tell();
    if (llvm::Error error = writeTensor(i, os))
      return error;
    // A tensor of the wrong length would shift all that follow.
    uint64_t written = os.tell() - start;
    if (written != layout.getSize(i))
      return llvm::createStringError(
          "tensor " + quoted(layout.getTensors()[i].name) + " has " +
          llvm::Twine(layout.getSize(i)) + " bytes, but " +
          llvm::Twine(written) + " were written");
    os.write_zeros(llvm::offsetToAlignment(
        written, llvm::Align(SafeTensorsLayout::alignment)));
  }
  return llvm::Error::success();
}

llvm::Error sylvite::writeSafeTensorsFile(llvm::StringRef path,
                                          const SafeTensorsLayout &layout,
                                          WriteTensor writeTensor) {
  FileTransaction transaction;
  llvm::Expected<llvm::raw_fd_ostream &> os = transaction.addStream(path);
  if (!os)
    return os.takeError();
  if (llvm::Error error = writeSafeTensors(layout, writeTensor, *os))
    return fileError(path, "cannot write the file: " +
                               llvm::toString(std::move(error)));
  return transaction.commit();
}
