//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The bytes of packed weights.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Kernels/PackWeight.h"
#include "../Import/TestFiles.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/MLIRContext.h"
#include "sylvite/Import/SafeTensors/SafeTensorsWriter.h"

using namespace sylvite;
using namespace sylvite::test;
using testing::ElementsAre;
using testing::HasSubstr;

namespace {
/// A matrix of distinct numbers.
struct Source {
  std::string name;
  int64_t rows, columns;
  float at(int64_t row, int64_t column) const {
    return float(name[0]) * 1e5f + float(row * columns + column);
  }
};

class PackWeightTest : public testing::Test {
protected:
  /// Adds a tensor to the file that `open` writes.
  void add(TensorSpec spec, std::string bytes) {
    specs.push_back(std::move(spec));
    contents.push_back(std::move(bytes));
  }
  void add(const Source &source) {
    std::string bytes;
    for (int64_t i = 0; i < source.rows * source.columns; ++i) {
      float number = source.at(i / source.columns, i % source.columns);
      bytes.append(reinterpret_cast<const char *>(&number), sizeof(float));
    }
    add({source.name, DType::F32, {source.rows, source.columns}}, bytes);
  }
  const WeightStore &open() {
    std::string path = folder / "weights.safetensors";
    auto layout = SafeTensorsLayout::create(specs);
    EXPECT_TRUE(bool(layout));
    EXPECT_SUCCESS(writeSafeTensorsFile(
        path, *layout, [&](size_t tensor, llvm::raw_ostream &os) {
          os << contents[tensor];
          return llvm::Error::success();
        }));
    auto opened = WeightStore::open({path});
    EXPECT_TRUE(bool(opened));
    store.emplace(std::move(*opened));
    return *store;
  }

  WeightSpec makeSpec(llvm::ArrayRef<int64_t> shape,
                      std::vector<std::string> sources,
                      mlir::Type element = {}) {
    WeightSpec spec;
    spec.type = mlir::RankedTensorType::get(
        shape, element ? element : builder.getF32Type());
    spec.sources = std::move(sources);
    return spec;
  }

  /// Packs and gives the elements.
  template <typename T = float>
  std::vector<T> pack(const WeightSpec &spec) {
    std::string bytes;
    llvm::raw_string_ostream os(bytes);
    EXPECT_SUCCESS(packWeight(spec, *store, os));
    EXPECT_EQ(bytes.size(), spec.type.getNumElements() * sizeof(T));
    std::vector<T> elements(bytes.size() / sizeof(T));
    std::memcpy(elements.data(), bytes.data(), elements.size() * sizeof(T));
    return elements;
  }
  std::string packError(const WeightSpec &spec) {
    std::string bytes;
    llvm::raw_string_ostream os(bytes);
    return messageOf(packWeight(spec, *store, os));
  }

  TemporaryFolder folder;
  std::vector<TensorSpec> specs;
  std::vector<std::string> contents;
  std::optional<WeightStore> store;
  mlir::MLIRContext context;
  mlir::Builder builder{&context};
};
} // namespace

TEST_F(PackWeightTest, PlainIsTheFile) {
  Source a{"a", 3, 2}, b{"b", 3, 4};
  add(a);
  add(b);
  open();
  EXPECT_THAT(pack(makeSpec({3, 2}, {"a"})),
              ElementsAre(a.at(0, 0), a.at(0, 1), a.at(1, 0), a.at(1, 1),
                          a.at(2, 0), a.at(2, 1)));
  // Side by side.
  WeightSpec both = makeSpec({3, 6}, {"a", "b"});
  both.axis = 1;
  std::vector<float> packed = pack(both);
  for (int64_t row = 0; row < 3; ++row)
    for (int64_t column = 0; column < 6; ++column)
      EXPECT_EQ(packed[row * 6 + column],
                column < 2 ? a.at(row, column) : b.at(row, column - 2));
}

TEST_F(PackWeightTest, PlainLargerThanWhatIsReadAtATime) {
  Source a{"a", 3, 70000};
  add(a);
  open();
  std::vector<float> packed = pack(makeSpec({3, 70000}, {"a"}));
  for (int64_t i : {0, 65535, 65536, 69999, 70000, 140000, 209999})
    EXPECT_EQ(packed[i], a.at(i / 70000, i % 70000)) << i;
}

/// All forms of panels of [out, in] and [in, out], with sizes that no panel and
/// no block of rows divides.
TEST_F(PackWeightTest, Panels) {
  Source a{"a", 70, 37}, b{"b", 21, 37}, c{"c", 70, 19};
  for (const Source &source : {a, b, c})
    add(source);
  open();
  for (bool transposed : {false, true}) {
    for (const Source &second : {b, c}) {
      int64_t axis = second.name == "b" ? 0 : 1;
      int64_t rows = axis ? 70 : 91, columns = axis ? 56 : 37;
      auto at = [&](int64_t row, int64_t column) {
        if (axis == 0)
          return row < 70 ? a.at(row, column) : b.at(row - 70, column);
        return column < 37 ? a.at(row, column) : c.at(row, column - 37);
      };
      int64_t depth = transposed ? columns : rows;
      int64_t width = transposed ? rows : columns;
      for (int64_t panels : {1, 8, 24, 64, 128}) {
        int64_t count = (width + panels - 1) / panels;
        WeightSpec spec = makeSpec({count, depth, panels}, {"a", second.name});
        spec.axis = axis;
        spec.panels = panels;
        spec.transposed = transposed;
        std::vector<float> packed = pack(spec);
        for (int64_t n = 0; n < count * panels; ++n) {
          for (int64_t k = 0; k < depth; ++k) {
            float want = n >= width ? 0.0f : transposed ? at(n, k) : at(k, n);
            ASSERT_EQ(packed[(n / panels * depth + k) * panels + n % panels],
                      want)
                << "panels " << panels << ", transposed " << transposed
                << ", axis " << axis << ", n " << n << ", k " << k;
          }
        }
      }
    }
  }
}

TEST_F(PackWeightTest, TransposedWithoutPanels) {
  Source a{"a", 35, 3};
  add(a);
  open();
  WeightSpec spec = makeSpec({3, 35}, {"a"});
  spec.transposed = true;
  std::vector<float> packed = pack(spec);
  for (int64_t k = 0; k < 3; ++k)
    for (int64_t n = 0; n < 35; ++n)
      EXPECT_EQ(packed[k * 35 + n], a.at(n, k));
}

TEST_F(PackWeightTest, VectorsAreRows) {
  add({"x", DType::BF16, {2}}, std::string("\xC0\x3F\x00\xC0", 4));
  add({"y", DType::F16, {1}}, std::string("\x00\x3E", 2));
  open();
  EXPECT_THAT(pack(makeSpec({3}, {"x", "y"})), ElementsAre(1.5f, -2.0f, 1.5f));
  WeightSpec spec = makeSpec({2, 1, 2}, {"x", "y"});
  spec.panels = 2;
  EXPECT_THAT(pack(spec), ElementsAre(1.5f, -2.0f, 1.5f, 0.0f));
}

TEST_F(PackWeightTest, OtherTypesAreCopied) {
  add({"half", DType::F16, {2, 1}}, std::string("\x01\x02\x03\x04", 4));
  add({"ids", DType::I64, {1}}, std::string("\x07\0\0\0\0\0\0\0", 8));
  open();
  WeightSpec half = makeSpec({1, 2}, {"half"}, builder.getF16Type());
  half.transposed = true;
  EXPECT_THAT(pack<uint16_t>(half), ElementsAre(0x0201, 0x0403));
  EXPECT_THAT(pack<int64_t>(makeSpec({1}, {"ids"}, builder.getI64Type())),
              ElementsAre(7));
}

TEST_F(PackWeightTest, WiderFloatsAreRounded) {
  // 1 + 2^-9 lies below the middle of two bf16, 1 + 3 * 2^-8 on one.
  const float numbers[] = {1, -2, 1.001953125f, 1.01171875f, 1e5f, 0};
  std::string bytes(reinterpret_cast<const char *>(numbers), sizeof(numbers));
  add({"w", DType::F32, {3, 2}}, bytes);
  add({"small", DType::F32, {2}}, bytes.substr(0, 8));
  open();
  WeightSpec spec = makeSpec({1, 2, 4}, {"w"}, builder.getBF16Type());
  spec.panels = 4;
  spec.transposed = true;
  EXPECT_THAT(pack<uint16_t>(spec),
              ElementsAre(0x3F80, 0x3F80, 0x47C3, 0, 0xC000, 0x3F82, 0, 0));
  EXPECT_THAT(pack<uint16_t>(makeSpec({2}, {"small"}, builder.getF16Type())),
              ElementsAre(0x3C00, 0xC000));
  EXPECT_THAT(packError(makeSpec({3, 2}, {"w"}, builder.getF16Type())),
              HasSubstr("tensor 'w' holds 100000.00, which is beyond the range "
                        "of F16"));
}

TEST_F(PackWeightTest, WordsHoldTwoNeighbours) {
  // S[k, n], three deep: the last word has one.
  const float numbers[] = {1, -2, 3, 4, 5, 6};
  add({"w", DType::F32, {3, 2}},
      std::string(reinterpret_cast<const char *>(numbers), sizeof(numbers)));
  open();
  WeightSpec spec = makeSpec({1, 2, 4}, {"w"}, builder.getI32Type());
  spec.panels = 4;
  spec.words = builder.getBF16Type();
  EXPECT_EQ(spec.getShape(), llvm::SmallVector<int64_t>({1, 2, 8}));
  EXPECT_THAT(pack<uint32_t>(spec),
              ElementsAre(0x40403F80, 0x4080C000, 0, 0, 0x40A0, 0x40C0, 0, 0));
}

TEST_F(PackWeightTest, Quantised) {
  // Outputs are rows, five deep. The third has the scale 2: 1, 3 and 5 are
  // ties.
  const float numbers[] = {5, 0, -5,  2.5f, 1, 0, 0,   0,
                           0, 0, 254, 1,    3, 5, -127};
  add({"w", DType::F32, {3, 5}},
      std::string(reinterpret_cast<const char *>(numbers), sizeof(numbers)));
  const float infinite[] = {1, INFINITY};
  add({"inf", DType::F32, {1, 2}},
      std::string(reinterpret_cast<const char *>(infinite), sizeof(infinite)));
  open();
  WeightSpec values = makeSpec({1, 2, 4}, {"w"}, builder.getI32Type());
  values.panels = 4;
  values.transposed = true;
  values.words = builder.getI8Type();
  values.quantized = halide::QuantizedPart::Values;
  EXPECT_EQ(values.getShape(), llvm::SmallVector<int64_t>({1, 2, 16}));
  // Words have the numbers 0, 2, 4 and 1, 3 of a row; what is beyond is zero.
  EXPECT_THAT(pack<uint32_t>(values),
              ElementsAre(0x19817f, 0, 0xc0027f, 0, 0x3f00, 0, 0x200, 0));
  WeightSpec scales = makeSpec({3}, {"w"});
  scales.transposed = true;
  scales.quantized = halide::QuantizedPart::Scales;
  const float step = 1 / 127.f;
  EXPECT_THAT(pack(scales),
              ElementsAre(5 * step, 0x1p-100f * step, 254 * step));
  WeightSpec offsets = makeSpec({1, 1, 4}, {"w"}, builder.getI32Type());
  offsets.panels = 4;
  offsets.transposed = true;
  offsets.quantized = halide::QuantizedPart::Offsets;
  EXPECT_THAT(pack<int32_t>(offsets), ElementsAre(-11264, 0, -8576, 0));
  scales.sources = {"inf"};
  scales.type = mlir::RankedTensorType::get({1}, builder.getF32Type());
  EXPECT_EQ(packError(scales), "holds INF, which cannot be quantised: compile "
                               "with another precision");
}

TEST_F(PackWeightTest, Constants) {
  open();
  auto spec = [&](mlir::ElementsAttr value) {
    WeightSpec spec;
    spec.value = value;
    spec.type = mlir::cast<mlir::RankedTensorType>(value.getType());
    return spec;
  };
  auto matrix = mlir::RankedTensorType::get({2, 2}, builder.getF32Type());
  auto value = mlir::DenseElementsAttr::get(matrix, {1.0f, 2.0f, 3.0f, 4.0f});
  EXPECT_THAT(pack(spec(value)), ElementsAre(1, 2, 3, 4));
  WeightSpec transposed = spec(value);
  transposed.transposed = true;
  EXPECT_THAT(pack(transposed), ElementsAre(1, 3, 2, 4));
  EXPECT_THAT(pack(spec(mlir::DenseElementsAttr::get(matrix, 0.5f))),
              ElementsAre(0.5f, 0.5f, 0.5f, 0.5f));
  auto flags = mlir::RankedTensorType::get({3}, builder.getI1Type());
  EXPECT_THAT(pack<uint8_t>(spec(
                  mlir::DenseElementsAttr::get(flags, {true, false, true}))),
              ElementsAre(1, 0, 1));
}

TEST_F(PackWeightTest, WhatDoesNotFitIsAnError) {
  add(Source{"a", 3, 2});
  add(Source{"b", 3, 4});
  add({"ids", DType::I64, {1}}, std::string(8, '\0'));
  open();
  EXPECT_THAT(packError(makeSpec({3, 2}, {"z"})), HasSubstr("'z'"));
  EXPECT_EQ(packError(makeSpec({7}, {"a"})),
            "the files' tensors have 6 elements when packed, the model expects "
            "7");
  WeightSpec panels = makeSpec({2, 1, 3}, {"a"});
  panels.panels = 3;
  EXPECT_EQ(packError(panels),
            "the files' tensors have 9 elements when packed, the model expects "
            "6");
  WeightSpec transposed = makeSpec({3, 2}, {"a"});
  transposed.transposed = true;
  EXPECT_EQ(packError(transposed),
            "the files' tensors are of the shape [2, 3] when packed, the model "
            "expects [3, 2]");
  EXPECT_EQ(packError(makeSpec({6, 2}, {"a", "b"})),
            "the shape of tensor 'b' does not fit those beside it");
  EXPECT_EQ(packError(makeSpec({4, 2}, {"a", "ids"})),
            "tensor 'ids' is stored as I64, which cannot become the weight's "
            "type");
  WeightSpec outside = makeSpec({3, 6}, {"a", "b"});
  outside.axis = 2;
  EXPECT_EQ(packError(outside),
            "there is no axis 2 along which to concatenate");
  WeightSpec vector = makeSpec({1}, {"ids"}, builder.getI64Type());
  vector.transposed = true;
  EXPECT_EQ(packError(vector), "only a matrix can be transposed or packed");
}

TEST_F(PackWeightTest, PlainMayHaveOtherDimensions) {
  Source a{"a", 3, 2};
  add(a);
  open();
  EXPECT_EQ(pack(makeSpec({6}, {"a"})), pack(makeSpec({3, 2}, {"a"})));
}
