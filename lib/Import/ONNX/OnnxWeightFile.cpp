//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Finds the initializers of a model in the frame of its protobuf.
///
/// The fields walked are those of ModelProto (graph = 7), GraphProto
/// (initializer = 5) and TensorProto. Elements in `raw_data`, `float_data` and
/// `double_data` lie in the file as they lie in memory and stay there; those in
/// `int32_data`, `int64_data` and `uint64_data` are numbers of variable length
/// and are decoded.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Import/ONNX/OnnxWeightFile.h"
#include "OnnxTypes.h"
#include "WireReader.h"
#include "sylvite/Import/Common/FileDiagnostic.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/Path.h"

using namespace sylvite;
using llvm::ArrayRef;
using llvm::Error;
using llvm::StringRef;
using llvm::Twine;

namespace path = llvm::sys::path;

/// Initializers up to this many bytes stay in the graph.
static constexpr uint64_t kKept = 1024;

namespace {
/// A TensorProto as it is written.
struct RawTensor {
  StringRef name;
  llvm::SmallVector<int64_t, 4> dims;
  uint64_t type = 0;
  bool hasRaw = false, isExternal = false;
  ArrayRef<uint8_t> raw;
  /// Repeated fields of numbers: where their elements lie, and how.
  struct Part {
    uint32_t number;
    WireField::Kind kind;
    uint64_t value;
    ArrayRef<uint8_t> contents;
  };
  llvm::SmallVector<Part, 1> parts;
  StringRef location;
  std::optional<uint64_t> offset, length;
};
} // namespace

namespace sylvite {
class OnnxScanner {
public:
  OnnxScanner(OnnxWeightFile &file, StringRef name, ArrayRef<uint8_t> model)
      : file(file), name(name), model(model) {}

  Error scan();

private:
  Error scanGraph(const WireField &graph);
  Error scanTensor(ArrayRef<uint8_t> message, uint64_t offset,
                   RawTensor &tensor);
  Error scanExternal(ArrayRef<uint8_t> message, RawTensor &tensor);
  Error addTensor(const RawTensor &tensor);
  Error findBytes(const RawTensor &tensor, const OnnxType &type,
                  uint64_t elements, ArrayRef<uint8_t> &bytes);
  Error findExternal(const RawTensor &tensor, uint64_t size,
                     ArrayRef<uint8_t> &bytes);
  Error decode(const RawTensor &tensor, const OnnxType &type, uint64_t elements,
               ArrayRef<uint8_t> &bytes);
  /// Bytes of elements that are no whole ones, each in a byte of its own.
  ArrayRef<uint8_t> unpack(ArrayRef<uint8_t> packed, const OnnxType &type,
                           uint64_t elements);

  Error broken(uint64_t offset, const Twine &what) {
    return fileError(name, "byte " + Twine(offset) + ": " + what +
                               " is cut short or no protobuf; is this an "
                               "ONNX model? If so, fetch it again");
  }
  Error tensorError(const RawTensor &tensor, const Twine &message) {
    return fileError(name,
                     "initializer " + quoted(tensor.name) + " " + message);
  }
  ArrayRef<uint8_t> keep(std::vector<uint8_t> bytes) {
    file.decoded.push_back(
        std::make_unique<std::vector<uint8_t>>(std::move(bytes)));
    return *file.decoded.back();
  }

  OnnxWeightFile &file;
  /// The model's in messages.
  StringRef name;
  ArrayRef<uint8_t> model;
  llvm::StringMap<ArrayRef<uint8_t>> externals;
  llvm::StringMap<char> names;
};
} // namespace sylvite

//===----------------------------------------------------------------------===//
// The frame
//===----------------------------------------------------------------------===//

Error OnnxScanner::scan() {
  WireReader reader(model);
  while (std::optional<WireField> field = reader.next()) {
    if (field->number != 7 || field->kind != WireField::Bytes)
      continue;
    if (!file.graphs.empty())
      return fileError(name, "byte " + Twine(field->begin) +
                                 ": the model has a second graph");
    file.graphs.push_back(
        {field->lengthBegin, field->contentBegin, field->end});
    if (Error error = scanGraph(*field))
      return error;
  }
  if (reader.isBroken())
    return broken(reader.getPosition(), "the model");
  if (file.graphs.empty())
    return fileError(name, "the model has no graph; is this an ONNX model?");
  return Error::success();
}

Error OnnxScanner::scanGraph(const WireField &graph) {
  WireReader reader(graph.contents);
  uint64_t start = graph.contentBegin;
  while (std::optional<WireField> field = reader.next()) {
    if (field->number != 5 || field->kind != WireField::Bytes)
      continue;
    file.initializers.push_back({start + field->lengthBegin,
                                 start + field->contentBegin,
                                 start + field->end});
    RawTensor tensor;
    if (Error error =
            scanTensor(field->contents, start + field->contentBegin, tensor))
      return error;
    if (Error error = addTensor(tensor))
      return error;
  }
  if (reader.isBroken())
    return broken(start + reader.getPosition(), "the graph");
  return Error::success();
}

Error OnnxScanner::scanTensor(ArrayRef<uint8_t> message, uint64_t offset,
                              RawTensor &tensor) {
  WireReader reader(message);
  while (std::optional<WireField> field = reader.next()) {
    bool isNumber = field->kind == WireField::Varint;
    bool isBytes = field->kind == WireField::Bytes;
    switch (field->number) {
    case 1: // dims
      if (isNumber)
        tensor.dims.push_back(field->value);
      if (isBytes) {
        WireReader dims(field->contents);
        while (std::optional<uint64_t> dim = dims.nextVarint())
          tensor.dims.push_back(*dim);
        if (dims.isBroken())
          return broken(offset + field->contentBegin, "an initializer");
      }
      break;
    case 2: // data_type
      if (isNumber)
        tensor.type = field->value;
      break;
    case 8: // name
      if (isBytes)
        tensor.name = field->getText();
      break;
    case 9: // raw_data
      if (isBytes) {
        tensor.hasRaw = true;
        tensor.raw = field->contents;
      }
      break;
    case 4:  // float_data
    case 5:  // int32_data
    case 7:  // int64_data
    case 10: // double_data
    case 11: // uint64_data
      tensor.parts.push_back(
          {field->number, field->kind, field->value, field->contents});
      break;
    case 13: // external_data
      if (isBytes)
        if (Error error = scanExternal(field->contents, tensor))
          return error;
      break;
    case 14: // data_location
      tensor.isExternal = isNumber && field->value == 1;
      break;
    default:
      break;
    }
    bool isData = llvm::is_contained({4, 5, 7, 9, 10, 11}, field->number);
    if (isData && field->contents.size() > kKept)
      file.dropped.push_back({offset + field->begin, offset + field->end});
  }
  if (reader.isBroken())
    return broken(offset + reader.getPosition(), "an initializer");
  return Error::success();
}

Error OnnxScanner::scanExternal(ArrayRef<uint8_t> message, RawTensor &tensor) {
  WireReader reader(message);
  StringRef key, value;
  while (std::optional<WireField> field = reader.next()) {
    if (field->number == 1)
      key = field->getText();
    else if (field->number == 2)
      value = field->getText();
  }
  auto number = [&](std::optional<uint64_t> &to) -> Error {
    uint64_t parsed;
    if (value.getAsInteger(10, parsed))
      return tensorError(tensor, "has external data whose " + key + " is " +
                                     quoted(value) + ", which is no number");
    to = parsed;
    return Error::success();
  };
  if (key == "location")
    tensor.location = value;
  else if (key == "offset")
    return number(tensor.offset);
  else if (key == "length")
    return number(tensor.length);
  return Error::success();
}

//===----------------------------------------------------------------------===//
// Tensors
//===----------------------------------------------------------------------===//

Error OnnxScanner::addTensor(const RawTensor &tensor) {
  if (tensor.name.empty())
    return fileError(name, "an initializer has no name");
  if (!names.try_emplace(tensor.name).second)
    return tensorError(tensor, "is there twice");
  const OnnxType *type = lookupOnnxType(tensor.type);
  if (!type)
    return tensorError(tensor, "has the element type " + Twine(tensor.type) +
                                   ", which ONNX does not know");
  int64_t elements = 1;
  for (int64_t dim : tensor.dims)
    if (dim < 0 || llvm::MulOverflow(elements, dim, elements) ||
        elements > std::numeric_limits<int64_t>::max() / 128)
      return tensorError(tensor, "has an extent that is negative or a size "
                                 "that overflows 64 bits");
  // Text and complex numbers: an error where one is used.
  if (!type->dtype)
    return Error::success();
  ArrayRef<uint8_t> bytes;
  if (Error error = findBytes(tensor, *type, elements, bytes))
    return error;
  TensorInfo info;
  info.name = tensor.name.str();
  info.dtype = *type->dtype;
  info.shape.assign(tensor.dims.begin(), tensor.dims.end());
  info.begin = 0;
  info.end = bytes.size();
  file.tensors.push_back(std::move(info));
  file.bytes.push_back(bytes);
  return Error::success();
}

Error OnnxScanner::findBytes(const RawTensor &tensor, const OnnxType &type,
                             uint64_t elements, ArrayRef<uint8_t> &bytes) {
  uint64_t size = llvm::divideCeil(elements * type.bits, 8);
  if (tensor.isExternal) {
    if (Error error = findExternal(tensor, size, bytes))
      return error;
  } else if (tensor.hasRaw) {
    bytes = tensor.raw;
    if (bytes.size() != size)
      return tensorError(tensor, "has " + Twine(bytes.size()) +
                                     " bytes of data; " + type.name + " [" +
                                     Twine(elements) + " elements] has " +
                                     Twine(size));
  } else {
    return decode(tensor, type, elements, bytes);
  }
  if (type.bits < 8)
    bytes = unpack(bytes, type, elements);
  return Error::success();
}

ArrayRef<uint8_t> OnnxScanner::unpack(ArrayRef<uint8_t> packed,
                                      const OnnxType &type, uint64_t elements) {
  std::vector<uint8_t> bytes(elements);
  unsigned perByte = 8 / type.bits;
  for (uint64_t i = 0; i != elements; ++i) {
    uint8_t bits = packed[i / perByte] >> (i % perByte * type.bits);
    bits &= (1u << type.bits) - 1;
    // The sign goes on into the byte.
    if (type.isSigned && bits >> (type.bits - 1))
      bits |= 0xFF << type.bits;
    bytes[i] = bits;
  }
  return keep(std::move(bytes));
}

Error OnnxScanner::findExternal(const RawTensor &tensor, uint64_t size,
                                ArrayRef<uint8_t> &bytes) {
  StringRef location = tensor.location;
  if (location.empty())
    return tensorError(tensor, "has external data without a location");
  // A model must not reach outside its folder.
  bool isOutside = path::is_absolute(location) || location.contains('\0');
  for (auto part = path::begin(location); part != path::end(location); ++part)
    isOutside |= *part == "..";
  if (isOutside)
    return tensorError(tensor, "has external data in " + quoted(location) +
                                   ", which is not in the model's folder");
  auto [entry, isNew] = externals.try_emplace(location);
  if (isNew) {
    llvm::SmallString<256> full(path::parent_path(file.path));
    path::append(full, location);
    // Links are followed: what they lead to must be inside as well.
    llvm::SmallString<256> real, folder;
    StringRef parent = path::parent_path(file.path);
    if (!llvm::sys::fs::real_path(full, real) &&
        !llvm::sys::fs::real_path(parent.empty() ? "." : parent, folder) &&
        !real.str().starts_with((folder + "/").str()))
      return tensorError(tensor, "has external data in " + quoted(location) +
                                     ", a link that leads out of the model's "
                                     "folder");
    auto mapping = mapFile(full, "external data of an ONNX model");
    if (!mapping)
      return llvm::joinErrors(
          tensorError(tensor, "has external data in " + quoted(location) +
                                  ", which cannot be read: fetch that file as "
                                  "well"),
          mapping.takeError());
    if (*mapping)
      entry->second = {
          reinterpret_cast<const uint8_t *>((*mapping)->const_data()),
          (*mapping)->size()};
    file.mappings.push_back(std::move(*mapping));
  }
  ArrayRef<uint8_t> all = entry->second;
  uint64_t offset = tensor.offset.value_or(0);
  if (tensor.length && *tensor.length != size)
    return tensorError(tensor, "has external data of " + Twine(*tensor.length) +
                                   " bytes; its shape and type tell " +
                                   Twine(size));
  if (offset > all.size() || size > all.size() - offset)
    return tensorError(tensor, "has bytes [" + Twine(offset) + ", " +
                                   Twine(offset + size) + ") of " +
                                   quoted(location) + ", which has only " +
                                   Twine(all.size()) + ": fetch it again");
  bytes = all.slice(offset, size);
  return Error::success();
}

Error OnnxScanner::decode(const RawTensor &tensor, const OnnxType &type,
                          uint64_t elements, ArrayRef<uint8_t> &bytes) {
  // Elements that lie as they do in memory, in one piece.
  if (tensor.parts.size() == 1 && tensor.parts[0].number == type.field &&
      tensor.parts[0].kind == WireField::Bytes &&
      (type.field == 4 || type.field == 10)) {
    bytes = tensor.parts[0].contents;
    if (bytes.size() == elements * (type.bits / 8))
      return Error::success();
    return tensorError(tensor, "has " + Twine(bytes.size() / (type.bits / 8)) +
                                   " elements of data, its shape tells " +
                                   Twine(elements));
  }
  std::vector<uint8_t> decoded;
  // Several elements of less than 8 bits stand in one number.
  uint64_t perNumber = type.bits < 8 ? 8 / type.bits : 1;
  uint64_t numbers = llvm::divideCeil(elements, perNumber);
  unsigned size = std::max(type.bits / 8, 1u);
  uint64_t count = 0;
  auto append = [&](uint64_t value) {
    for (unsigned i = 0; i != size; ++i)
      decoded.push_back(value >> (8 * i));
    ++count;
  };
  for (const RawTensor::Part &part : tensor.parts) {
    if (part.number != type.field)
      return tensorError(tensor, "has elements in a field of another type");
    if (part.kind == WireField::Varint) {
      append(part.value);
    } else if (part.number == 4 || part.number == 10) {
      decoded.insert(decoded.end(), part.contents.begin(), part.contents.end());
      count += part.contents.size() / size;
    } else {
      WireReader reader(part.contents);
      while (std::optional<uint64_t> value = reader.nextVarint())
        append(*value);
      if (reader.isBroken())
        return tensorError(tensor, "has broken numbers");
    }
  }
  if (count != numbers || decoded.size() != numbers * size)
    return tensorError(tensor, "has " + Twine(count) +
                                   " elements of data, its shape tells " +
                                   Twine(numbers));
  bytes = keep(std::move(decoded));
  if (type.bits < 8)
    bytes = unpack(bytes, type, elements);
  return Error::success();
}

//===----------------------------------------------------------------------===//
// The file
//===----------------------------------------------------------------------===//

llvm::Expected<OnnxWeightFile> OnnxWeightFile::open(StringRef path) {
  auto mapping = mapFile(path, "an ONNX model");
  if (!mapping)
    return mapping.takeError();
  if (!*mapping)
    return fileError(path, "the file is empty");
  StringRef text((*mapping)->const_data(), (*mapping)->size());
  llvm::Expected<OnnxWeightFile> file = read(path, path, text);
  if (file)
    file->mappings.push_back(std::move(*mapping));
  return file;
}

llvm::Expected<OnnxWeightFile>
OnnxWeightFile::read(StringRef name, StringRef path, StringRef model) {
  OnnxWeightFile file;
  file.path = path.str();
  file.model = {reinterpret_cast<const uint8_t *>(model.data()), model.size()};
  OnnxScanner scanner(file, name, file.model);
  if (Error error = scanner.scan())
    return std::move(error);
  file.makeIndex();
  return file;
}

ArrayRef<uint8_t> OnnxWeightFile::getBytes(const TensorInfo &tensor) const {
  return bytes[&tensor - tensors.data()];
}

void OnnxWeightFile::release(const TensorInfo &tensor) const {
  ArrayRef<uint8_t> held = getBytes(tensor);
  // What was decoded lies in no file.
  for (const Mapping &mapping : mappings)
    if (mapping &&
        held.data() >=
            reinterpret_cast<const uint8_t *>(mapping->const_data()) &&
        held.data() < reinterpret_cast<const uint8_t *>(mapping->const_data()) +
                          mapping->size())
      return releasePages(held);
}

std::string OnnxWeightFile::getGraph() const {
  const char *model = reinterpret_cast<const char *>(this->model.data());
  uint64_t size = this->model.size();
  std::string text;
  // Copies [begin, end) but for what is dropped; ranges come in order.
  const auto *nextDropped = dropped.data(),
             *endDropped = dropped.data() + dropped.size();
  auto copy = [&](uint64_t begin, uint64_t end, std::string &to) {
    while (nextDropped != endDropped && nextDropped->begin < end) {
      to.append(model + begin, nextDropped->begin - begin);
      begin = nextDropped->end;
      ++nextDropped;
    }
    to.append(model + begin, end - begin);
  };
  auto write = [](const std::string &message, std::string &to) {
    writeVarint(message.size(), to);
    to += message;
  };
  const Message &graph = graphs.front();
  copy(0, graph.lengthBegin, text);
  std::string body;
  uint64_t position = graph.begin;
  for (const Message &initializer : initializers) {
    copy(position, initializer.lengthBegin, body);
    std::string tensor;
    copy(initializer.begin, initializer.end, tensor);
    write(tensor, body);
    position = initializer.end;
  }
  copy(position, graph.end, body);
  write(body, text);
  copy(graph.end, size, text);
  return text;
}
