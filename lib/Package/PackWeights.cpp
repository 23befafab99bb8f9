//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Weights as kernels read them.
///
/// Sources are first brought together as one row-major array of the weight's element
/// type; packing then only moves elements of 1, 2, 4 or 8 bytes, whatever they mean.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Package/PackWeights.h"

#include "llvm/ADT/STLExtras.h"

#include <cstring>
#include <memory>
#include <numeric>

using namespace sylvite;
using namespace llvm;

namespace {

/// An array of elements that are not interpreted.
struct Array {
  SmallVector<int64_t, 4> shape;
  std::vector<char> bytes;
};

} // namespace

static Error makeError(const HostWeight &weight, const Twine &message) {
  return createStringError("weight '" + Twine(weight.name) + "': " + message);
}

static int64_t getProduct(ArrayRef<int64_t> extents) {
  return std::accumulate(extents.begin(), extents.end(), int64_t(1),
                         std::multiplies<int64_t>());
}

/// Bytes of an element; a bool takes one.
static int64_t getStoredBytes(const HostWeight &weight) {
  return divideCeil(weight.type.getElementTypeBitWidth(), 8);
}

//===----------------------------------------------------------------------===//
// Sources
//===----------------------------------------------------------------------===//

/// Reads a tensor of the files as elements of the weight's type.
static Error readSource(const HostWeight &weight, const WeightStore &store,
                        StringRef name, Array &array) {
  Expected<WeightStore::Entry> entry = store.get(name);
  if (!entry)
    return entry.takeError();
  const TensorInfo &tensor = *entry->tensor;
  array.shape = tensor.shape;
  array.bytes.resize(tensor.getNumElements() * getStoredBytes(weight));
  if (weight.type.getElementType().isF32() && widensToF32(tensor.dtype)) {
    auto *elements = reinterpret_cast<float *>(array.bytes.data());
    Error error = store.readAsF32(
        name, MutableArrayRef(elements, size_t(tensor.getNumElements())));
    store.release(name);
    return error;
  }
  Expected<ArrayRef<uint8_t>> bytes = store.getBytes(name);
  if (!bytes)
    return bytes.takeError();
  if (bytes->size() != array.bytes.size())
    return makeError(weight, "tensor '" + name + "' is stored as " +
                                 getName(tensor.dtype) +
                                 ", which cannot become the weight's type");
  std::memcpy(array.bytes.data(), bytes->data(), bytes->size());
  store.release(name);
  return Error::success();
}

/// Reads all sources, one behind the other along the weight's axis.
static Error readSources(const HostWeight &weight, const WeightStore &store,
                         Array &array) {
  if (weight.sources.size() == 1)
    return readSource(weight, store, weight.sources.front(), array);
  std::vector<Array> parts(weight.sources.size());
  for (auto [source, part] : zip(weight.sources, parts))
    if (Error error = readSource(weight, store, source, part))
      return error;

  size_t axis = weight.axis;
  array.shape = parts.front().shape;
  if (axis >= array.shape.size())
    return makeError(weight, "there is no axis " + Twine(axis) +
                                 " along which to concatenate");
  array.shape[axis] = 0;
  for (auto [source, part] : zip(weight.sources, parts)) {
    SmallVector<int64_t, 4> rest = part.shape, expected = array.shape;
    if (rest.size() == expected.size())
      rest[axis] = expected[axis] = 0;
    if (rest != expected)
      return makeError(weight, "the shape of tensor '" + source +
                                   "' does not fit those beside it");
    array.shape[axis] += part.shape[axis];
  }
  // Each part contributes one run of bytes per step of the outer axes.
  int64_t outer = getProduct(ArrayRef(array.shape).take_front(axis));
  array.bytes.reserve(getProduct(array.shape) * getStoredBytes(weight));
  for (int64_t i = 0; i < outer; ++i)
    for (const Array &part : parts) {
      size_t run = part.bytes.size() / outer;
      array.bytes.insert(array.bytes.end(), part.bytes.begin() + i * run,
                         part.bytes.begin() + (i + 1) * run);
    }
  return Error::success();
}

/// Writes the elements of a constant of the graph.
static Error readValue(const HostWeight &weight, Array &array) {
  array.shape = llvm::to_vector<4>(weight.type.getShape());
  size_t size = getStoredBytes(weight);
  auto append = [&](const APInt &bits) {
    uint64_t word = bits.getZExtValue();
    const char *bytes = reinterpret_cast<const char *>(&word);
    array.bytes.insert(array.bytes.end(), bytes, bytes + size);
  };
  if (isa<mlir::FloatType>(weight.type.getElementType())) {
    for (const APFloat &value : weight.value.getValues<APFloat>())
      append(value.bitcastToAPInt());
    return Error::success();
  }
  for (const APInt &value : weight.value.getValues<APInt>())
    append(value);
  return Error::success();
}

//===----------------------------------------------------------------------===//
// Packing
//===----------------------------------------------------------------------===//

/// Writes panels of `width` columns of a matrix [rows, columns], each row by
/// row; columns that are missing in the last one are zero. The element in row k
/// and column n is at k * rowStride + n * columnStride.
template <typename T>
static void writePanels(const T *matrix, int64_t rows, int64_t columns,
                        int64_t width, int64_t rowStride, int64_t columnStride,
                        raw_ostream &os) {
  std::vector<T> panel(rows * width);
  for (int64_t first = 0; first < columns; first += width) {
    int64_t present = std::min(width, columns - first);
    if (present < width)
      std::fill(panel.begin(), panel.end(), T(0));
    // The inner loop runs along memory on the side that is far apart.
    for (int64_t n = 0; n < present; ++n) {
      const T *column = matrix + (first + n) * columnStride;
      for (int64_t k = 0; k < rows; ++k)
        panel[k * width + n] = column[k * rowStride];
    }
    os.write(reinterpret_cast<const char *>(panel.data()),
             panel.size() * sizeof(T));
  }
}

template <typename T>
static void writePacked(const HostWeight &weight, const Array &array,
                        raw_ostream &os) {
  const T *matrix = reinterpret_cast<const T *>(array.bytes.data());
  bool transposed = weight.transposed;
  int64_t rows = array.shape[transposed ? 1 : 0];
  int64_t columns = array.shape[transposed ? 0 : 1];
  // All columns in one panel: the plain matrix, transposed.
  int64_t width = weight.panels.value_or(columns);
  writePanels(matrix, rows, columns, width, transposed ? 1 : columns,
              transposed ? rows : 1, os);
}

/// The shape that packing makes of `array`, or none where it is no matrix.
static std::optional<SmallVector<int64_t, 4>>
getPackedShape(const HostWeight &weight, const Array &array) {
  if (!weight.panels && !weight.transposed)
    return array.shape;
  if (array.shape.size() != 2)
    return std::nullopt;
  int64_t rows = array.shape[weight.transposed ? 1 : 0];
  int64_t columns = array.shape[weight.transposed ? 0 : 1];
  if (!weight.panels)
    return SmallVector<int64_t, 4>{rows, columns};
  return SmallVector<int64_t, 4>{
      int64_t(divideCeil(uint64_t(columns), uint64_t(*weight.panels))), rows,
      *weight.panels};
}

Error sylvite::packWeight(const HostWeight &weight, const WeightStore &store,
                          raw_ostream &os) {
  Array array;
  if (Error error = weight.value ? readValue(weight, array)
                                 : readSources(weight, store, array))
    return error;
  std::optional<SmallVector<int64_t, 4>> shape = getPackedShape(weight, array);
  if (!shape)
    return makeError(weight, "only a matrix can be transposed or packed");
  // Axes may be split or merged, elements must be as many.
  if (getProduct(*shape) != weight.type.getNumElements())
    return makeError(weight, "the files' tensors have " +
                                 Twine(getProduct(*shape)) +
                                 " elements when packed, the model expects " +
                                 Twine(weight.type.getNumElements()));
  if (!weight.panels && !weight.transposed) {
    os.write(array.bytes.data(), array.bytes.size());
    return Error::success();
  }
  switch (getStoredBytes(weight)) {
  case 1:
    writePacked<uint8_t>(weight, array, os);
    break;
  case 2:
    writePacked<uint16_t>(weight, array, os);
    break;
  case 4:
    writePacked<uint32_t>(weight, array, os);
    break;
  default:
    writePacked<uint64_t>(weight, array, os);
    break;
  }
  return Error::success();
}

mlir::FailureOr<std::optional<PackedWeights>>
sylvite::getPackedWeights(mlir::ModuleOp module, const WeightStore &store) {
  mlir::FailureOr<std::vector<HostWeight>> weights = getWeights(module);
  if (failed(weights))
    return mlir::failure();
  std::optional<PackedWeights> packed;
  if (weights->empty())
    return packed;
  Expected<SafeTensorsLayout> layout = getWeightsLayout(*weights);
  if (!layout)
    return module.emitError(toString(layout.takeError()));
  for (auto [index, weight] : enumerate(*weights))
    if (layout->getOffset(index) != weight.offset)
      return module.emitError()
             << "weight '" << weight.name << "' lies at " << weight.offset
             << ", its place is " << layout->getOffset(index);
  auto list =
      std::make_shared<std::vector<HostWeight>>(std::move(*weights));
  packed.emplace(PackedWeights{
      std::move(*layout), [list, &store](size_t index, raw_ostream &os) {
        return packWeight((*list)[index], store, os);
      }});
  return packed;
}
