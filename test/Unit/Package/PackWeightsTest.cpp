//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Packing weights, compared with the definition by indices.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Package/PackWeights.h"
#include "TempFolder.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/MLIRContext.h"
#include <gtest/gtest.h>

#include <cstring>

using namespace sylvite;
using namespace llvm;

namespace {

/// A weights file with q [3, 2], k [2, 2] (both f32), h [2] (f16), n [2] (i64).
class PackWeights : public testing::Test {
protected:
  void SetUp() override {
    auto layout = SafeTensorsLayout::create({{"q", DType::F32, {3, 2}},
                                             {"k", DType::F32, {2, 2}},
                                             {"h", DType::F16, {2}},
                                             {"n", DType::I64, {2}}});
    ASSERT_TRUE(bool(layout)) << toString(layout.takeError());
    Error error = writeSafeTensorsFile(
        folder.getPath("w.safetensors"), *layout,
        [](size_t tensor, raw_ostream &os) {
          auto put = [&](const auto &values) {
            os.write(reinterpret_cast<const char *>(values), sizeof(values));
          };
          const float q[] = {1, 2, 3, 4, 5, 6}, k[] = {7, 8, 9, 10};
          const uint16_t h[] = {0x3c00, 0xc100}; // 1.0 and -2.5
          const int64_t n[] = {-1, 5};
          switch (tensor) {
          case 0:
            put(q);
            break;
          case 1:
            put(k);
            break;
          case 2:
            put(h);
            break;
          case 3:
            put(n);
            break;
          }
          return Error::success();
        });
    ASSERT_FALSE(bool(error)) << toString(std::move(error));
    auto opened = WeightStore::open({folder.getPath("w.safetensors")});
    ASSERT_TRUE(bool(opened)) << toString(opened.takeError());
    store.emplace(std::move(*opened));
  }

  HostWeight makeWeight(std::vector<std::string> sources,
                        ArrayRef<int64_t> shape, mlir::Type element) {
    HostWeight weight;
    weight.name = "w";
    weight.sources = std::move(sources);
    weight.type = mlir::RankedTensorType::get(shape, element);
    return weight;
  }
  template <typename T>
  std::vector<T> pack(const HostWeight &weight) {
    std::string bytes;
    raw_string_ostream os(bytes);
    Error error = packWeight(weight, *store, os);
    EXPECT_FALSE(bool(error)) << toString(std::move(error));
    std::vector<T> values(bytes.size() / sizeof(T));
    std::memcpy(values.data(), bytes.data(), bytes.size());
    return values;
  }
  std::string getError(const HostWeight &weight) {
    std::string bytes;
    raw_string_ostream os(bytes);
    return toString(packWeight(weight, *store, os));
  }

  TempFolder folder;
  std::optional<WeightStore> store;
  mlir::MLIRContext context;
  mlir::Builder builder{&context};
  mlir::Type f32 = builder.getF32Type();
};

using Floats = std::vector<float>;

} // namespace

TEST_F(PackWeights, PlainAndReshaped) {
  EXPECT_EQ(pack<float>(makeWeight({"q"}, {3, 2}, f32)),
            (Floats{1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(pack<float>(makeWeight({"q"}, {6}, f32)),
            (Floats{1, 2, 3, 4, 5, 6}));
}

TEST_F(PackWeights, WidensHalfs) {
  EXPECT_EQ(pack<float>(makeWeight({"h"}, {2}, f32)), (Floats{1, -2.5}));
  EXPECT_EQ(pack<uint16_t>(makeWeight({"h"}, {2}, builder.getF16Type())),
            (std::vector<uint16_t>{0x3c00, 0xc100}));
  EXPECT_EQ(pack<int64_t>(makeWeight({"n"}, {2}, builder.getI64Type())),
            (std::vector<int64_t>{-1, 5}));
}

TEST_F(PackWeights, Concatenates) {
  EXPECT_EQ(pack<float>(makeWeight({"q", "k"}, {5, 2}, f32)),
            (Floats{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}));
  HostWeight columns = makeWeight({"k", "k"}, {2, 4}, f32);
  columns.axis = 1;
  EXPECT_EQ(pack<float>(columns), (Floats{7, 8, 7, 8, 9, 10, 9, 10}));
}

TEST_F(PackWeights, Transposes) {
  HostWeight weight = makeWeight({"q"}, {2, 3}, f32);
  weight.transposed = true;
  EXPECT_EQ(pack<float>(weight), (Floats{1, 3, 5, 2, 4, 6}));
}

// The packed element [p][k][j] is that of row k and column p * width + j, or 0
// where there is no such column.
TEST_F(PackWeights, CutsIntoPanels) {
  HostWeight weight = makeWeight({"q", "k"}, {3, 2, 2}, f32);
  weight.transposed = true;
  weight.panels = 2;
  // Stored [N = 5, K = 2]: the columns are (1 2) (3 4) (5 6) (7 8) (9 10).
  EXPECT_EQ(pack<float>(weight), (Floats{1, 3, 2, 4, 5, 7, 6, 8, 9, 0, 10, 0}));

  HostWeight plain = makeWeight({"q"}, {1, 3, 4}, f32);
  plain.panels = 4;
  // Stored [K = 3, N = 2].
  EXPECT_EQ(pack<float>(plain), (Floats{1, 2, 0, 0, 3, 4, 0, 0, 5, 6, 0, 0}));
}

TEST_F(PackWeights, WritesConstants) {
  HostWeight weight = makeWeight({}, {2, 2}, f32);
  weight.value =
      mlir::DenseElementsAttr::get(weight.type, ArrayRef<float>{1, 2, 3, 4});
  EXPECT_EQ(pack<float>(weight), (Floats{1, 2, 3, 4}));
  weight.value = mlir::DenseElementsAttr::get(weight.type, 7.0f);
  EXPECT_EQ(pack<float>(weight), (Floats{7, 7, 7, 7}));
  HostWeight bools = makeWeight({}, {3}, builder.getI1Type());
  bools.value = mlir::DenseElementsAttr::get(bools.type,
                                             ArrayRef<bool>{true, false, true});
  EXPECT_EQ(pack<uint8_t>(bools), (std::vector<uint8_t>{1, 0, 1}));
}

TEST_F(PackWeights, RefusesWhatDoesNotFit) {
  EXPECT_NE(getError(makeWeight({"z"}, {3, 2}, f32)).find("z"),
            std::string::npos);
  EXPECT_EQ(getError(makeWeight({"q"}, {7}, f32)),
            "weight 'w': the files' tensors have 6 elements when packed, the "
            "model expects 7");
  EXPECT_EQ(getError(makeWeight({"n"}, {2}, f32)),
            "weight 'w': tensor 'n' is stored as I64, which cannot become the "
            "weight's type");
  EXPECT_EQ(getError(makeWeight({"q", "h"}, {3, 3}, f32)),
            "weight 'w': the shape of tensor 'h' does not fit those beside it");
  HostWeight axis = makeWeight({"q", "k"}, {5, 2}, f32);
  axis.axis = 2;
  EXPECT_EQ(getError(axis),
            "weight 'w': there is no axis 2 along which to concatenate");
  HostWeight vector = makeWeight({"h"}, {2}, f32);
  vector.transposed = true;
  EXPECT_EQ(getError(vector),
            "weight 'w': only a matrix can be transposed or packed");
}
