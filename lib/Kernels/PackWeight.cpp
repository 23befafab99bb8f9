//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Packing of weights.
///
/// All sources are read as blocks of rows of one matrix S. A weight that is not
/// packed is written as the rows come, with dimensions merged so that sources
/// stand side by side in them. A packed one is put together in memory: rows are
/// read in blocks of sixteen, so that where they become columns, sixteen
/// neighbours are written at a time and each line of memory is touched once.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Kernels/PackWeight.h"
#include "QuantizeWeight.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"

#include <cmath>

using namespace mlir;
using namespace sylvite;
using llvm::Error;

WeightSpec::WeightSpec(halide::WeightOp op)
    : type(cast<RankedTensorType>(op.getType())), value(op.getValueAttr()),
      axis(op.getAxis()), panels(op.getPanels().value_or(0)),
      transposed(op.getTransposed()), words(op.getWords().value_or(Type())),
      quantized(op.getQuantized()) {
  for (StringRef source : op.getSources().getAsValueRange<StringAttr>())
    sources.push_back(source.str());
}

Type WeightSpec::getElementType() const {
  return words ? words : type.getElementType();
}

SmallVector<int64_t> WeightSpec::getShape() const {
  SmallVector<int64_t> shape(type.getShape());
  // A number has no last dimension, and is in no word.
  if (words)
    shape.back() *= getWordElements();
  return shape;
}

int64_t WeightSpec::getWordElements() const {
  if (!words)
    return 1;
  return type.getElementTypeBitWidth() / words.getIntOrFloatBitWidth();
}

//===----------------------------------------------------------------------===//
// Sources
//===----------------------------------------------------------------------===//

/// Bytes of an element in memory.
static unsigned getElementSize(Type type) {
  return llvm::divideCeil(type.getIntOrFloatBitWidth(), 8);
}

/// The bytes of a constant's elements, row-major.
static std::vector<char> getElements(ElementsAttr value) {
  unsigned size = getElementSize(value.getElementType());
  std::vector<char> bytes;
  auto append = [&](const APInt &bits) {
    uint64_t word = bits.getZExtValue();
    const char *begin = reinterpret_cast<const char *>(&word);
    bytes.insert(bytes.end(), begin, begin + size);
  };
  if (isa<FloatType>(value.getElementType()))
    for (const APFloat &number : value.getValues<APFloat>())
      append(number.bitcastToAPInt());
  else
    for (const APInt &number : value.getValues<APInt>())
      append(number);
  return bytes;
}

/// The elements of a constant of floats as f32.
static std::vector<char> getFloats(ElementsAttr value) {
  std::vector<char> bytes;
  for (APFloat number : value.getValues<APFloat>()) {
    bool losesInfo;
    number.convert(APFloat::IEEEsingle(), APFloat::rmNearestTiesToEven,
                   &losesInfo);
    float single = number.convertToFloat();
    const char *begin = reinterpret_cast<const char *>(&single);
    bytes.insert(bytes.end(), begin, begin + sizeof(float));
  }
  return bytes;
}

using Piece = WeightPiece;
using Matrix = WeightMatrix;

namespace {
/// Reads, packs and writes one weight, with elements of the size of T.
template <typename T>
class Packer {
public:
  Packer(const WeightSpec &weight, const WeightStore &store,
         llvm::raw_ostream &os)
      : weight(weight), store(store), os(os) {}

  /// Writes S as it is.
  Error writePlain(const Matrix &matrix);
  /// Writes panels of so many columns; a transposed matrix that has no panels
  /// is a panel as wide as it.
  Error writePanels(const Matrix &matrix, int64_t width);

private:
  /// The bytes of a piece whose floats are those of the packed tensor.
  llvm::Expected<ArrayRef<char>> getBytes(const Piece &piece);
  /// Reads elements of a piece whose floats are others.
  Error convert(const Piece &piece, int64_t first, MutableArrayRef<T> out);
  /// Reads elements of a piece, from `first` on.
  Error read(const Piece &piece, int64_t first, MutableArrayRef<T> out);
  /// Writes the elements [first, end) of a piece.
  Error writeElements(const Piece &piece, int64_t first, int64_t end);
  /// Copies what stands in the columns [begin, end) of panels.
  Error copyPiece(const Piece &piece, int64_t begin, int64_t end, int64_t depth,
                  int64_t width, MutableArrayRef<T> panels);
  void release(const Matrix &matrix);
  /// Notes that so many elements of a piece were passed, and gives back memory
  /// now and then: that of files, which can be read again.
  void pass(const Piece &piece, int64_t elements);

  const WeightSpec &weight;
  const WeightStore &store;
  llvm::raw_ostream &os;
  /// Bytes since memory was given back.
  int64_t passed = 0;
};
} // namespace

/// The shape of a source, and its place along the axis.
static Error checkSource(const WeightSpec &weight, const WeightStore &store,
                         StringRef name, ArrayRef<int64_t> &shape,
                         bool &converts) {
  llvm::Expected<WeightStore::Entry> entry = store.get(name);
  if (!entry)
    return entry.takeError();
  const TensorInfo &tensor = *entry->tensor;
  // What is quantised is read as f32.
  DType dtype =
      weight.quantized ? DType::F32 : *getDType(weight.getElementType());
  converts = tensor.dtype != dtype;
  bool isFloat = dtype == DType::F32 || roundsFromF32(dtype);
  if (converts && !(isFloat && widensToF32(tensor.dtype))) {
    return llvm::createStringError("tensor '" + name + "' is stored as " +
                                   getName(tensor.dtype) +
                                   ", which cannot become the weight's type");
  }
  shape = tensor.shape;
  return Error::success();
}

static std::string printShape(ArrayRef<int64_t> shape) {
  return "[" + llvm::join(llvm::map_range(shape, llvm::itostr), ", ") + "]";
}

/// Puts the sources together. Where S stays as it is, each dimension before the
/// axis is part of the rows and all others are part of the columns.
static llvm::Expected<Matrix> getMatrix(const WeightSpec &weight,
                                        const WeightStore &store,
                                        ArrayRef<char> value) {
  bool packed = weight.panels || weight.transposed || weight.quantized;
  Matrix matrix;
  SmallVector<int64_t> common;
  auto add = [&](StringRef name, ArrayRef<int64_t> shape,
                 bool converts) -> Error {
    int64_t rank = shape.size();
    // A vector is packed as a matrix of one row.
    bool isMatrix =
        rank == 2 || (rank == 1 && !weight.transposed && !weight.quantized);
    if (packed && !isMatrix)
      return llvm::createStringError(
          "only a matrix can be transposed or packed");
    if (weight.sources.size() > 1 && (weight.axis < 0 || weight.axis >= rank))
      return llvm::createStringError("there is no axis " +
                                     llvm::Twine(weight.axis) +
                                     " along which to concatenate");
    // All but the extent at the axis is that of the first source.
    SmallVector<int64_t> rest(shape);
    if (weight.axis < rank)
      rest[weight.axis] = 0;
    if (matrix.pieces.empty())
      common = rest;
    else if (rest != common)
      return llvm::createStringError("the shape of tensor '" + name +
                                     "' does not fit those beside it");
    auto product = [](ArrayRef<int64_t> extents) {
      return std::accumulate(extents.begin(), extents.end(), int64_t(1),
                             std::multiplies<>());
    };
    // A vector is a row.
    int64_t split =
        packed ? (rank == 2 ? 1 : 0) : std::min<int64_t>(weight.axis, rank);
    Piece piece{product(shape.take_front(split)),
                product(shape.drop_front(split))};
    piece.name = name;
    piece.bytes = value;
    piece.converts = converts;
    if (packed && rank == 2 && weight.axis == 0) {
      piece.firstRow = matrix.rows;
      matrix.columns = piece.columns;
      matrix.rows += piece.rows;
    } else {
      piece.firstColumn = matrix.columns;
      matrix.rows = piece.rows;
      matrix.columns += piece.columns;
    }
    matrix.pieces.push_back(piece);
    return Error::success();
  };

  if (weight.value)
    if (Error error = add("", weight.value.getShapedType().getShape(), false))
      return std::move(error);
  for (const std::string &name : weight.sources) {
    ArrayRef<int64_t> shape;
    bool converts;
    if (Error error = checkSource(weight, store, name, shape, converts))
      return std::move(error);
    if (Error error = add(name, shape, converts))
      return std::move(error);
  }

  // Axes of a plain weight may be split or merged.
  SmallVector<int64_t> shape = {matrix.rows, matrix.columns};
  if (weight.transposed)
    std::swap(shape[0], shape[1]);
  if (weight.panels)
    shape = {llvm::divideCeilSigned(shape[1], weight.panels),
             llvm::divideCeilSigned(shape[0], weight.getWordElements()),
             weight.panels};
  if (weight.quantized == halide::QuantizedPart::Offsets)
    shape[1] = 1;
  else if (weight.quantized == halide::QuantizedPart::Scales)
    shape = {shape[1]};
  int64_t elements = weight.type.getNumElements();
  int64_t given = ShapedType::getNumElements(shape);
  if (given != elements)
    return llvm::createStringError(
        "the files' tensors have " + llvm::Twine(given) +
        " elements when packed, the model expects " + llvm::Twine(elements));
  if (packed && ArrayRef(shape) != weight.type.getShape())
    return llvm::createStringError("the files' tensors are of the shape " +
                                   printShape(shape) +
                                   " when packed, the model expects " +
                                   printShape(weight.type.getShape()));
  return matrix;
}

//===----------------------------------------------------------------------===//
// Packing
//===----------------------------------------------------------------------===//

/// Elements that are converted at a time in weights that are not packed.
static constexpr int64_t kChunk = 1 << 16;
/// Bytes after which memory of a weight is given back: tensors may be larger
/// than the memory that there is.
static constexpr int64_t kPassBytes = 1 << 26;
/// Rows that are read at a time for packing: a line of memory of f32.
static constexpr int64_t kBlockRows = 16;

template <typename T>
llvm::Expected<ArrayRef<char>> Packer<T>::getBytes(const Piece &piece) {
  if (piece.name.empty())
    return piece.bytes;
  llvm::Expected<ArrayRef<uint8_t>> bytes = store.getBytes(piece.name);
  if (!bytes)
    return bytes.takeError();
  return ArrayRef(reinterpret_cast<const char *>(bytes->data()), bytes->size());
}

template <typename T>
Error Packer<T>::convert(const Piece &piece, int64_t first,
                         MutableArrayRef<T> out) {
  if constexpr (sizeof(T) == sizeof(float)) {
    return store.readAsF32(
        piece.name, {reinterpret_cast<float *>(out.data()), out.size()}, first);
  } else if constexpr (sizeof(T) == sizeof(uint16_t)) {
    std::vector<float> values(out.size());
    if (Error error = store.readAsF32(piece.name, values, first))
      return error;
    Type element = weight.getElementType();
    DType dtype = *getDType(element);
    roundFromF32(dtype, values, out);
    std::vector<float> rounded(out.size());
    widenToF32(dtype, reinterpret_cast<const uint8_t *>(out.data()), rounded);
    for (auto [value, stored] : llvm::zip_equal(values, rounded))
      if (std::isinf(stored) && !std::isinf(value))
        return llvm::createStringError("tensor '" + piece.name + "' holds " +
                                       llvm::formatv("{0}", value).str() +
                                       ", which is beyond the range of " +
                                       getName(dtype));
    return Error::success();
  }
  llvm_unreachable("checkSource lets only floats pass");
}

template <typename T>
Error Packer<T>::read(const Piece &piece, int64_t first,
                      MutableArrayRef<T> out) {
  if (piece.converts)
    return convert(piece, first, out);
  llvm::Expected<ArrayRef<char>> bytes = getBytes(piece);
  if (!bytes)
    return bytes.takeError();
  std::memcpy(out.data(), bytes->data() + first * sizeof(T),
              out.size() * sizeof(T));
  return Error::success();
}

template <typename T>
void Packer<T>::release(const Matrix &matrix) {
  for (const Piece &piece : matrix.pieces)
    store.release(piece.name);
}

template <typename T>
void Packer<T>::pass(const Piece &piece, int64_t elements) {
  passed += elements * sizeof(T);
  if (passed < kPassBytes)
    return;
  passed = 0;
  if (auto entry = store.lookup(piece.name); entry && entry->file)
    store.release(piece.name);
}

template <typename T>
Error Packer<T>::writeElements(const Piece &piece, int64_t first, int64_t end) {
  if (!piece.converts) {
    llvm::Expected<ArrayRef<char>> bytes = getBytes(piece);
    if (!bytes)
      return bytes.takeError();
    os.write(bytes->data() + first * sizeof(T), (end - first) * sizeof(T));
    return Error::success();
  }
  std::vector<T> chunk;
  for (; first < end; first += chunk.size()) {
    chunk.resize(std::min(kChunk, end - first));
    if (Error error = read(piece, first, chunk))
      return error;
    os.write(reinterpret_cast<const char *>(chunk.data()),
             chunk.size() * sizeof(T));
  }
  return Error::success();
}

template <typename T>
Error Packer<T>::writePlain(const Matrix &matrix) {
  for (int64_t row = 0; row != matrix.rows; ++row)
    for (const Piece &piece : matrix.pieces) {
      int64_t end = (row + 1) * piece.columns;
      for (int64_t first = end - piece.columns; first < end;) {
        int64_t next = std::min<int64_t>(end, first + kPassBytes / sizeof(T));
        if (Error error = writeElements(piece, first, next))
          return error;
        pass(piece, next - first);
        first = next;
      }
    }
  release(matrix);
  return Error::success();
}

/// Copies rows of S to panels of columns. `to` is the place of S[0, 0].
template <typename T>
static void copyRows(ArrayRef<T> block, int64_t rows, int64_t columns,
                     int64_t firstRow, int64_t firstColumn, int64_t depth,
                     int64_t width, T *to) {
  for (int64_t row = 0; row != rows; ++row) {
    const T *from = block.data() + row * columns;
    for (int64_t column = 0; column < columns;) {
      // As far as the panel goes.
      int64_t n = firstColumn + column;
      int64_t count = std::min(columns - column, width - n % width);
      T *panel = to + (n / width * depth + firstRow + row) * width;
      std::memcpy(panel + n % width, from + column, count * sizeof(T));
      column += count;
    }
  }
}

/// Copies rows of S to columns of one panel, in which they stand at `first`.
template <typename T>
static void copyRowsToColumns(ArrayRef<T> block, int64_t rows, int64_t columns,
                              int64_t firstColumn, int64_t width, T *panel,
                              int64_t first) {
  for (int64_t column = 0; column != columns; ++column) {
    T *to = panel + (firstColumn + column) * width + first;
    const T *from = block.data() + column;
    for (int64_t row = 0; row != rows; ++row)
      to[row] = from[row * columns];
  }
}

/// Writes panels with two neighbours along the depth side by side.
template <typename T>
static void writePairs(ArrayRef<T> panels, int64_t depth, int64_t width,
                       llvm::raw_ostream &os) {
  std::vector<T> pairs(2 * width);
  for (; !panels.empty(); panels = panels.drop_front(depth * width)) {
    for (int64_t k = 0; k < depth; k += 2) {
      for (int64_t n = 0; n != width; ++n) {
        pairs[2 * n] = panels[k * width + n];
        pairs[2 * n + 1] = k + 1 == depth ? 0 : panels[(k + 1) * width + n];
      }
      os.write(reinterpret_cast<const char *>(pairs.data()),
               pairs.size() * sizeof(T));
    }
  }
}

template <typename T>
Error Packer<T>::copyPiece(const Piece &piece, int64_t begin, int64_t end,
                           int64_t depth, int64_t width,
                           MutableArrayRef<T> panels) {
  // What of the piece stands there: rows of it if S is transposed.
  int64_t own = weight.transposed ? piece.firstRow : piece.firstColumn;
  int64_t extent = weight.transposed ? piece.rows : piece.columns;
  int64_t first = std::max(begin - own, int64_t(0)),
          last = std::min(end - own, extent);
  if (first >= last)
    return Error::success();
  std::vector<T> block;
  if (weight.transposed) {
    for (int64_t row = first; row < last;) {
      // Blocks end where panels do.
      int64_t n = own + row - begin;
      int64_t rows = std::min({kBlockRows, last - row, width - n % width});
      block.resize(rows * piece.columns);
      if (Error error = read(piece, row * piece.columns, block))
        return error;
      copyRowsToColumns<T>(block, rows, piece.columns, piece.firstColumn, width,
                           panels.data() + n / width * depth * width,
                           n % width);
      pass(piece, rows * piece.columns);
      row += rows;
    }
    return Error::success();
  }
  // Whole rows lie one behind the other, of parts one is read at a time.
  int64_t columns = last - first;
  int64_t most = columns == piece.columns ? kBlockRows : 1;
  for (int64_t row = 0; row < piece.rows;) {
    int64_t rows = std::min(most, piece.rows - row);
    block.resize(rows * columns);
    if (Error error = read(piece, row * piece.columns + first, block))
      return error;
    copyRows<T>(block, rows, columns, piece.firstRow + row, own + first - begin,
                depth, width, panels.data());
    // Pages around what was read are mapped as well.
    pass(piece, rows * piece.columns);
    row += rows;
  }
  return Error::success();
}

template <typename T>
Error Packer<T>::writePanels(const Matrix &matrix, int64_t width) {
  // The columns of S, or the rows, become columns of panels, the others run
  // through their depth.
  int64_t depth = weight.transposed ? matrix.columns : matrix.rows;
  int64_t columns = weight.transposed ? matrix.rows : matrix.columns;
  int64_t panelBytes = std::max<int64_t>(width * depth * sizeof(T), 1);
  int64_t most = std::max<int64_t>(kPassBytes / panelBytes, 1) * width;
  std::vector<T> packed;
  for (int64_t begin = 0; begin < columns; begin += most) {
    int64_t end = std::min(columns, begin + most);
    packed.assign(llvm::alignTo(end - begin, width) * depth, T());
    for (const Piece &piece : matrix.pieces)
      if (Error error = copyPiece(piece, begin, end, depth, width, packed))
        return error;
    if (end == columns)
      release(matrix);
    if (weight.words)
      writePairs<T>(packed, depth, width, os);
    else
      os.write(reinterpret_cast<const char *>(packed.data()),
               packed.size() * sizeof(T));
  }
  return Error::success();
}

/// With elements of the size of T.
template <typename T>
static Error pack(const WeightSpec &weight, const WeightStore &store,
                  llvm::raw_ostream &os) {
  std::vector<char> value;
  if (weight.value)
    value =
        weight.quantized ? getFloats(weight.value) : getElements(weight.value);
  llvm::Expected<Matrix> matrix = getMatrix(weight, store, value);
  if (!matrix)
    return matrix.takeError();
  if (weight.quantized)
    return writeQuantized(weight, store, *matrix, os);
  Packer<T> packer(weight, store, os);
  if (weight.panels)
    return packer.writePanels(*matrix, weight.panels);
  if (weight.transposed)
    return packer.writePanels(*matrix, matrix->rows);
  return packer.writePlain(*matrix);
}

Error sylvite::packWeight(const WeightSpec &weight, const WeightStore &store,
                          llvm::raw_ostream &os) {
  Type element = weight.getElementType();
  if (!getDType(element))
    return llvm::createStringError("no file holds elements of such a type");
  if (!weight.type.getNumElements())
    return Error::success();
  switch (getElementSize(element)) {
  case 1:
    return pack<uint8_t>(weight, store, os);
  case 2:
    return pack<uint16_t>(weight, store, os);
  case 4:
    return pack<uint32_t>(weight, store, os);
  default:
    return pack<uint64_t>(weight, store, os);
  }
}
