//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Writing, and what can go wrong.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Import/SafeTensors/SafeTensorsWriter.h"
#include "TestFiles.h"
#include "sylvite/Import/SafeTensors/SafeTensorsFile.h"
#include <csignal>
#include <sys/resource.h>

using namespace sylvite;
using namespace sylvite::test;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

/// Tensors whose sizes are and are not multiples of the alignment.
static std::vector<TensorSpec> makeSpecs() {
  return {{"w", DType::F32, {4, 4}},
          {"b", DType::F16, {3}},
          {"none", DType::F32, {0, 7}},
          {"\"odd\" \xC3\xA9", DType::I64, {}},
          {"last", DType::U8, {65}}};
}

/// Writes each byte of tensor i as i + 1.
static llvm::Error fill(const SafeTensorsLayout &layout, size_t tensor,
                        llvm::raw_ostream &os) {
  os << std::string(layout.getSize(tensor), char(tensor + 1));
  return llvm::Error::success();
}

static std::string writeToString(const SafeTensorsLayout &layout) {
  std::string text;
  llvm::raw_string_ostream os(text);
  EXPECT_SUCCESS(writeSafeTensors(
      layout,
      [&](size_t tensor, llvm::raw_ostream &os) {
        return fill(layout, tensor, os);
      },
      os));
  return text;
}

TEST(SafeTensorsWriter, TheReaderReadsItBack) {
  TemporaryFolder folder;
  ASSERT_VALUE(layout, SafeTensorsLayout::create(
                           makeSpecs(), {{"format", "x"}, {"k", "\n\"v\""}}));
  std::string path = folder / "out.safetensors";
  EXPECT_SUCCESS(writeSafeTensorsFile(
      path, layout, [&](size_t tensor, llvm::raw_ostream &os) {
        return fill(layout, tensor, os);
      }));
  EXPECT_THAT(folder.list(), ElementsAre("out.safetensors"));

  ASSERT_VALUE(file, SafeTensorsFile::open(path));
  EXPECT_THAT(file.getMetadata(),
              ElementsAre(Pair("format", "x"), Pair("k", "\n\"v\"")));
  for (auto [i, spec] : llvm::enumerate(layout.getTensors())) {
    const TensorInfo *tensor = file.lookup(spec.name);
    ASSERT_TRUE(tensor) << spec.name;
    EXPECT_EQ(tensor->dtype, spec.dtype);
    EXPECT_EQ(tensor->shape, spec.shape);
    EXPECT_EQ(tensor->begin, layout.getOffset(i));
    EXPECT_EQ(tensor->getSizeInBytes(), layout.getSize(i));
    for (uint8_t byte : file.getBytes(*tensor))
      EXPECT_EQ(byte, i + 1);
  }
  EXPECT_EQ(slurp(path).size(), layout.getFileSize());
}

TEST(SafeTensorsWriter, EverythingIsAligned) {
  ASSERT_VALUE(layout, SafeTensorsLayout::create(makeSpecs()));
  EXPECT_EQ(layout.getDataStart() % 64, 0u);
  for (size_t i = 0; i < layout.getTensors().size(); ++i)
    EXPECT_EQ(layout.getOffset(i) % 64, 0u);
  EXPECT_EQ(layout.getFileSize() % 64, 0u);
}

TEST(SafeTensorsWriter, TheSameInputGivesTheSameBytes) {
  ASSERT_VALUE(one, SafeTensorsLayout::create(makeSpecs(), {{"a", "b"}}));
  ASSERT_VALUE(two, SafeTensorsLayout::create(makeSpecs(), {{"a", "b"}}));
  EXPECT_EQ(writeToString(one), writeToString(two));
}

TEST(SafeTensorsWriter, RefusesBadNamesAndSizes) {
  auto refuse = [](std::vector<TensorSpec> specs) {
    return messageOf(SafeTensorsLayout::create(std::move(specs)));
  };
  EXPECT_THAT(refuse({{"a", DType::F32, {1}}, {"a", DType::F32, {1}}}),
              HasSubstr("another one has the same name"));
  EXPECT_THAT(refuse({{"", DType::F32, {1}}}), HasSubstr("its name is empty"));
  EXPECT_THAT(refuse({{"__metadata__", DType::F32, {1}}}),
              HasSubstr("are the file's own"));
  EXPECT_THAT(refuse({{"\xFF", DType::F32, {1}}}), HasSubstr("not UTF-8"));
  EXPECT_THAT(refuse({{"a", DType::F32, {-1}}}), HasSubstr("is no size"));
  EXPECT_THAT(refuse({{"a", DType::F32, {1ll << 40, 1ll << 40}}}),
              HasSubstr("is no size"));
  EXPECT_THAT(refuse({{"a", DType::U8, {1ll << 59}},
                      {"b", DType::U8, {1ll << 59}},
                      {"c", DType::U8, {1ll << 59}},
                      {"d", DType::U8, {1ll << 59}},
                      {"e", DType::U8, {1ll << 59}},
                      {"f", DType::U8, {1ll << 59}},
                      {"g", DType::U8, {1ll << 59}},
                      {"h", DType::U8, {1ll << 59}},
                      {"i", DType::U8, {1ll << 59}}}),
              HasSubstr("the file would be too large"));
}

TEST(SafeTensorsWriter, ATensorOfTheWrongLengthIsAnError) {
  TemporaryFolder folder;
  ASSERT_VALUE(layout, SafeTensorsLayout::create({{"a", DType::F32, {4}}}));
  std::string path = folder.write("out.safetensors", "old");
  for (unsigned length : {15, 17}) {
    llvm::Error error =
        writeSafeTensorsFile(path, layout, [&](size_t, llvm::raw_ostream &os) {
          os << std::string(length, 'x');
          return llvm::Error::success();
        });
    EXPECT_THAT(messageOf(std::move(error)),
                HasSubstr("tensor 'a' has 16 bytes, but " +
                          std::to_string(length) + " were written"));
  }
  // What was there is untouched, and nothing lies beside it.
  EXPECT_EQ(slurp(path), "old");
  EXPECT_THAT(folder.list(), ElementsAre("out.safetensors"));
}

TEST(SafeTensorsWriter, AFailingCallbackLeavesNothing) {
  TemporaryFolder folder;
  ASSERT_VALUE(layout, SafeTensorsLayout::create({{"a", DType::F32, {4}}}));
  llvm::Error error = writeSafeTensorsFile(
      folder / "out.safetensors", layout, [&](size_t, llvm::raw_ostream &) {
        return llvm::createStringError("no such weight");
      });
  EXPECT_THAT(messageOf(std::move(error)),
              HasSubstr("out.safetensors: cannot write the file: no such "
                        "weight"));
  EXPECT_TRUE(folder.list().empty());
}

TEST(SafeTensorsWriter, AFolderThatIsMissingIsAnError) {
  TemporaryFolder folder;
  ASSERT_VALUE(layout, SafeTensorsLayout::create({}));
  auto write = [&](llvm::StringRef path) {
    return messageOf(
        writeSafeTensorsFile(path, layout, [](size_t, llvm::raw_ostream &) {
          return llvm::Error::success();
        }));
  };
  EXPECT_THAT(write(folder / "none/out.safetensors"),
              HasSubstr("cannot be written: No such file or directory"));
  EXPECT_THAT(write(folder.getPath()), HasSubstr("is a folder"));
  EXPECT_TRUE(folder.list().empty());
}

/// A full disk is imitated with a limit on file sizes, which makes write() fail
/// in the same place; in a process of its own, as a limit cannot be taken back.
TEST(SafeTensorsWriter, AFullDiskLeavesNothing) {
  TemporaryFolder folder;
  ASSERT_VALUE(layout,
               SafeTensorsLayout::create({{"a", DType::U8, {1 << 20}}}));
  std::string path = folder.write("out.safetensors", "old");
  auto writeWithLimit = [&] {
    signal(SIGXFSZ, SIG_IGN);
    rlimit limit = {1 << 16, 1 << 16};
    setrlimit(RLIMIT_FSIZE, &limit);
    std::string message = messageOf(writeSafeTensorsFile(
        path, layout, [&](size_t tensor, llvm::raw_ostream &os) {
          return fill(layout, tensor, os);
        }));
    llvm::errs() << message << '\n';
    llvm::errs().flush();
    _exit(folder.list().size() == 1 ? 0 : 1);
  };
  EXPECT_EXIT(writeWithLimit(), testing::ExitedWithCode(0),
              "out.safetensors: cannot be written: File too large");
  EXPECT_EQ(slurp(path), "old");
}
