//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Weights by name from several files.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Import/SafeTensors/WeightStore.h"
#include "TestFiles.h"
#include "mlir/Parser/Parser.h"
#include "sylvite/Dialect/Graph/GraphDialect.h"
#include "sylvite/Import/SafeTensors/SafeTensorsWriter.h"

using namespace sylvite;
using namespace sylvite::test;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

namespace {
class WeightStoreTest : public testing::Test {
protected:
  /// Writes a file that holds one tensor with the given bytes.
  std::string writeTensor(llvm::StringRef file, TensorSpec spec,
                          llvm::StringRef bytes) {
    std::string path = folder / file;
    auto layout = SafeTensorsLayout::create({std::move(spec)});
    EXPECT_TRUE(bool(layout));
    EXPECT_SUCCESS(
        writeSafeTensorsFile(path, *layout, [&](size_t, llvm::raw_ostream &os) {
          os << bytes;
          return llvm::Error::success();
        }));
    return path;
  }

  /// Writes two shards, with the tensors "a" and "b", and an index.
  void writeShards(llvm::StringRef index) {
    writeTensor("one.safetensors", {"a", DType::U8, {1}}, "x");
    writeTensor("two.safetensors", {"b", DType::U8, {1}}, "y");
    folder.write("model.safetensors.index.json", index);
  }

  TemporaryFolder folder;
};
} // namespace

TEST_F(WeightStoreTest, WidensToF32) {
  llvm::StringRef halves("\x00\x3E\x00\xC0\x01\x00", 6);
  llvm::StringRef bfloats("\xC0\x3F\x00\xC0", 4);
  ASSERT_VALUE(
      store, WeightStore::open(
                 {writeTensor("a", {"half", DType::F16, {3}}, halves),
                  writeTensor("b", {"brain", DType::BF16, {1, 2}}, bfloats)}));
  ASSERT_VALUE(half, store.readAsF32("half"));
  EXPECT_THAT(half, ElementsAre(1.5f, -2.0f, 0x1p-24f));
  ASSERT_VALUE(brain, store.readAsF32("brain"));
  EXPECT_THAT(brain, ElementsAre(1.5f, -2.0f));
  // A part, as packing reads it.
  float part[2];
  EXPECT_SUCCESS(store.readAsF32("half", part, 1));
  EXPECT_THAT(part, ElementsAre(-2.0f, 0x1p-24f));
  EXPECT_THAT(messageOf(store.readAsF32("half", part, 2)),
              HasSubstr("elements [2, 4) of tensor 'half' were asked for, it "
                        "has 3"));
  EXPECT_THAT(messageOf(store.readAsF32("half", part, -1)),
              HasSubstr("were asked for"));
}

TEST_F(WeightStoreTest, GivesStoredBytes) {
  ASSERT_VALUE(store, WeightStore::open({writeTensor(
                          "a", {"ids", DType::I16, {2}}, "\x01\x02\x03\x04")}));
  ASSERT_VALUE(bytes, store.getBytes("ids"));
  EXPECT_THAT(bytes, ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(messageOf(store.readAsF32("ids")),
              AllOf(HasSubstr("tensor 'ids' holds I16"),
                    HasSubstr("must be F32, F16 or BF16")));
  store.release("ids");
  store.release("unknown");
}

TEST_F(WeightStoreTest, SaysWhereItLooked) {
  std::string path = writeTensor("a", {"x", DType::U8, {1}}, "x");
  ASSERT_VALUE(store, WeightStore::open({path}));
  EXPECT_EQ(messageOf(store.getBytes("y")),
            "no weight file holds the tensor 'y'; looked in " + path);
  EXPECT_FALSE(store.lookup("y"));
}

TEST_F(WeightStoreTest, FilesMustNotShareAName) {
  EXPECT_THAT(messageOf(WeightStore::open(
                  {writeTensor("a", {"x", DType::U8, {1}}, "x"),
                   writeTensor("b", {"x", DType::U8, {1}}, "x")})),
              AllOf(HasSubstr("tensor 'x' is also in"),
                    HasSubstr("must not share a name")));
}

TEST_F(WeightStoreTest, OpensAFolderWithOneFile) {
  writeTensor("model.safetensors", {"x", DType::U8, {1}}, "x");
  ASSERT_VALUE(store, WeightStore::openFolder(folder.getPath()));
  EXPECT_THAT(store.getPaths(), ElementsAre(folder / "model.safetensors"));
}

TEST_F(WeightStoreTest, OpensAFolderWithShards) {
  writeShards(R"({"metadata": {"total_size": 2},
                  "weight_map": {"b": "two.safetensors",
                                 "a": "one.safetensors"}})");
  ASSERT_VALUE(store, WeightStore::openFolder(folder.getPath()));
  EXPECT_THAT(store.getPaths(), ElementsAre(folder / "one.safetensors",
                                            folder / "two.safetensors"));
  ASSERT_VALUE(bytes, store.getBytes("b"));
  EXPECT_THAT(bytes, ElementsAre('y'));
}

TEST_F(WeightStoreTest, ChecksTheIndex) {
  auto refuse = [&](llvm::StringRef index) {
    writeShards(index);
    return messageOf(WeightStore::openFolder(folder.getPath()));
  };
  EXPECT_THAT(refuse(R"({"weight_map": {"a": "three.safetensors"}})"),
              AllOf(HasSubstr("index.json:1:2: "),
                    HasSubstr("'three.safetensors', which is not in the "
                              "folder")));
  EXPECT_THAT(refuse(R"({"weight_map": {"a": "two.safetensors",
                                        "b": "two.safetensors",
                                        "c": "one.safetensors"}})"),
              HasSubstr("tensor 'a' is said to be in 'two.safetensors', but it "
                        "is in 'one.safetensors'"));
  EXPECT_THAT(refuse(R"({"weight_map": {"c": "two.safetensors"}})"),
              HasSubstr("tensor 'c' is said to be in 'two.safetensors', but no "
                        "shard holds it"));
  EXPECT_THAT(refuse(R"({"weight_map": {"a": "../one.safetensors"}})"),
              HasSubstr("'../one.safetensors', which is no file name"));
  EXPECT_THAT(refuse(R"({"weight_map": {"a": ".."}})"),
              HasSubstr("which is no file name"));
  EXPECT_THAT(refuse(R"({"weight_map": {}})"), HasSubstr("lists no tensor"));
  EXPECT_THAT(refuse(R"({"weight_map": {"a": 1}})"),
              HasSubstr("expected a string, found a number"));
  EXPECT_THAT(refuse("{}"), HasSubstr("the member 'weight_map' is missing"));
}

TEST_F(WeightStoreTest, AFolderWithoutWeightsSaysWhatToDo) {
  EXPECT_THAT(messageOf(WeightStore::openFolder(folder.getPath())),
              AllOf(HasSubstr("neither model.safetensors nor"),
                    HasSubstr("convert other weights")));
}

//===----------------------------------------------------------------------===//
// The store of a module
//===----------------------------------------------------------------------===//

namespace {
class ModuleWeightsTest : public WeightStoreTest {
protected:
  ModuleWeightsTest() {
    context.loadDialect<graph::GraphDialect>();
    context.getDiagEngine().registerHandler([this](mlir::Diagnostic &d) {
      llvm::raw_string_ostream(messages)
          << d.getLocation() << ": " << d << "\n";
    });
  }

  /// A module with one weight of that type, named "w".
  mlir::OwningOpRef<mlir::ModuleOp> parse(llvm::StringRef files,
                                          llvm::StringRef type) {
    return mlir::parseSourceString<mlir::ModuleOp>(
        ("module attributes {graph.weight_files = [" + files +
         "]} { %w = graph.weight \"w\" : " + type + " loc(\"layer.w\") }")
            .str(),
        &context);
  }

  std::string refuse(llvm::StringRef files, llvm::StringRef type) {
    messages.clear();
    auto module = parse(files, type);
    EXPECT_TRUE(module);
    EXPECT_TRUE(mlir::failed(WeightStore::fromModule(*module)));
    return messages;
  }

  mlir::MLIRContext context;
  std::string messages;
};
} // namespace

TEST_F(ModuleWeightsTest, OpensWhatTheModuleLists) {
  std::string path = writeTensor("a", {"w", DType::F16, {2}},
                                 llvm::StringRef("\0\x3C\0\0", 4));
  auto module = parse("\"" + path + "\"", "tensor<2xf32>");
  ASSERT_TRUE(module);
  auto store = WeightStore::fromModule(*module);
  ASSERT_TRUE(mlir::succeeded(store)) << messages;
  ASSERT_VALUE(values, store->readAsF32("w"));
  EXPECT_THAT(values, ElementsAre(1.0f, 0.0f));
}

TEST_F(ModuleWeightsTest, AModuleWithoutWeightsNeedsNoFiles) {
  auto module = mlir::parseSourceString<mlir::ModuleOp>("module {}", &context);
  auto store = WeightStore::fromModule(*module);
  ASSERT_TRUE(mlir::succeeded(store));
  EXPECT_TRUE(store->getFiles().empty());
}

TEST_F(ModuleWeightsTest, ErrorsStandAtTheWeight) {
  EXPECT_THAT(refuse("", "tensor<2xf32>"),
              AllOf(HasSubstr("loc(\"layer.w\"): "),
                    HasSubstr("the module names no weight files: list them in "
                              "its attribute graph.weight_files")));
  std::string file =
      "\"" + writeTensor("a", {"w", DType::I16, {2}}, "\x01\x02\x03\x04") +
      "\"";
  EXPECT_THAT(refuse(file, "tensor<1x2xf32>"),
              AllOf(HasSubstr("loc(\"layer.w\"): "),
                    HasSubstr("has the type 'tensor<1x2xf32>', but the tensor "
                              "in"),
                    HasSubstr("is I16 [2]")));
  EXPECT_THAT(refuse(file, "tensor<2xf32>"),
              HasSubstr("holds I16; weights must be F32, F16 or BF16"));
  std::string other =
      "\"" + writeTensor("b", {"v", DType::U8, {1}}, "x") + "\"";
  EXPECT_THAT(refuse(other, "tensor<2xf32>"),
              HasSubstr("no weight file holds the tensor 'w'; looked in"));
}

TEST_F(ModuleWeightsTest, ErrorsAboutFilesStandInThem) {
  std::string path = folder.write("a", "short");
  EXPECT_THAT(refuse("\"" + path + "\"", "tensor<2xf32>"),
              AllOf(HasSubstr("loc(\"" + path + "\":0:0): "),
                    HasSubstr("the file has 5 bytes")));
}
