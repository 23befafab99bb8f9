//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Archives of arrays.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Support/Npz/Npz.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"
#include <gtest/gtest.h>

using namespace sylvite;
using namespace llvm;

namespace {

/// A path for one archive, removed at the end.
class Npz : public testing::Test {
protected:
  void SetUp() override {
    ASSERT_FALSE(sys::fs::createTemporaryFile("arrays", "npz", path));
    remover.setFile(path);
  }

  std::string read() {
    auto buffer = MemoryBuffer::getFile(path);
    return buffer ? (*buffer)->getBuffer().str() : "";
  }
  void write(StringRef bytes) {
    std::error_code error;
    raw_fd_ostream(path, error) << bytes;
  }
  /// Reads the archive, which must fail, and returns the message.
  std::string getError() {
    Expected<NpzArrays> arrays = readNpz(path);
    if (arrays)
      return "accepted";
    std::string message = toString(arrays.takeError());
    EXPECT_EQ(message.rfind(path.str().str() + ": ", 0), 0u) << message;
    return message.substr(path.size() + 2);
  }

  SmallString<64> path;
  FileRemover remover;
};

} // namespace

static NpzArrays makeArrays() {
  NpzArrays arrays;
  arrays["ids"] = {ElementType::I32, {2}, {1, 0, 0, 0, 2, 0, 0, 0}};
  arrays["mask"] = {ElementType::BOOL, {1, 3}, {1, 0, 1}};
  return arrays;
}

TEST_F(Npz, ReadsWhatItWrote) {
  ASSERT_FALSE(errorToBool(writeNpz(path, makeArrays())));
  Expected<NpzArrays> arrays = readNpz(path);
  ASSERT_TRUE(bool(arrays)) << toString(arrays.takeError());
  ASSERT_EQ(arrays->size(), 2u);
  EXPECT_EQ((*arrays)["ids"].type, ElementType::I32);
  EXPECT_EQ((*arrays)["ids"].data, makeArrays()["ids"].data);
  EXPECT_EQ((*arrays)["mask"].shape, (std::vector<int64_t>{1, 3}));
}

TEST_F(Npz, TheSameArraysMakeTheSameBytes) {
  ASSERT_FALSE(errorToBool(writeNpz(path, makeArrays())));
  std::string first = read();
  write("something else");
  ASSERT_FALSE(errorToBool(writeNpz(path, makeArrays())));
  EXPECT_EQ(read(), first);
}

TEST_F(Npz, ArraysLongerThanAHeaderAreWhole) {
  NpzArrays arrays;
  NpyArray &array = arrays["long"];
  array = {ElementType::U8, {9000000}, std::vector<char>(9000000)};
  for (size_t i = 0; i < array.data.size(); ++i)
    array.data[i] = char(i * 7 + i / 4096);
  ASSERT_FALSE(errorToBool(writeNpz(path, arrays)));
  Expected<NpzArrays> back = readNpz(path);
  ASSERT_TRUE(bool(back)) << toString(back.takeError());
  EXPECT_EQ((*back)["long"].data, array.data);
}

TEST_F(Npz, WhatIsNoArchiveIsRefused) {
  write("not a zip archive");
  EXPECT_NE(getError().find("ot a zip archive"), std::string::npos);
  path = "/nonexistent/x.npz";
  EXPECT_NE(getError().find("No such file"), std::string::npos);
}

TEST_F(Npz, EveryTruncationIsAnErrorAndNoCrash) {
  ASSERT_FALSE(errorToBool(writeNpz(path, makeArrays())));
  std::string whole = read();
  for (size_t size = 0; size < whole.size(); ++size) {
    write(whole.substr(0, size));
    EXPECT_NE(getError(), "accepted") << size;
  }
}

TEST_F(Npz, AChangedByteIsFound) {
  ASSERT_FALSE(errorToBool(writeNpz(path, makeArrays())));
  std::string whole = read();
  size_t at = whole.find("\x93NUMPY");
  whole[at + 128] ^= 1; // the first element
  write(whole);
  EXPECT_EQ(getError(), "'ids': CRC error");
}

TEST_F(Npz, WritingWhereOneCannotIsAnError) {
  Error error = writeNpz("/nonexistent/x.npz", makeArrays());
  ASSERT_TRUE(bool(error));
  EXPECT_EQ(toString(std::move(error)).rfind("/nonexistent/x.npz: ", 0), 0u);
}

TEST_F(Npz, NoArraysAreAnArchiveAsWell) {
  ASSERT_FALSE(errorToBool(writeNpz(path, {})));
  Expected<NpzArrays> arrays = readNpz(path);
  ASSERT_TRUE(bool(arrays)) << toString(arrays.takeError());
  EXPECT_TRUE(arrays->empty());
}

TEST_F(Npz, DevicesAreWrittenToAndNotReplaced) {
  ASSERT_FALSE(errorToBool(writeNpz("/dev/null", makeArrays())));
  EXPECT_EQ(sys::fs::get_file_type("/dev/null"),
            sys::fs::file_type::character_file);
  EXPECT_NE(toString(writeNpz("/dev/full", makeArrays())).find("No space left"),
            std::string::npos);
}

TEST_F(Npz, WhatIsNoFileIsNotRead) {
  EXPECT_EQ(toString(readNpz("/dev/zero").takeError()),
            "/dev/zero: is no file");
  EXPECT_EQ(toString(readNpz("/tmp").takeError()), "/tmp: is no file");
}
