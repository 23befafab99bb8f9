//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Files that appear together or not at all.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Support/FileTransaction.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include <gtest/gtest.h>

#include <set>

using namespace sylvite;
using namespace llvm;
namespace fs = llvm::sys::fs;

namespace {

/// A folder of its own for each test.
class Transaction : public testing::Test {
protected:
  void SetUp() override {
    ASSERT_FALSE(fs::createUniqueDirectory("transaction", folder));
  }
  void TearDown() override { fs::remove_directories(folder); }

  std::string getPath(StringRef name) {
    SmallString<128> path = folder;
    sys::path::append(path, name);
    return std::string(path);
  }
  std::set<std::string> list() {
    std::set<std::string> names;
    std::error_code error;
    for (fs::directory_iterator it(folder, error), end; it != end && !error;
         it.increment(error))
      names.insert(sys::path::filename(it->path()).str());
    return names;
  }
  std::string read(StringRef name) {
    auto buffer = MemoryBuffer::getFile(getPath(name));
    return buffer ? (*buffer)->getBuffer().str() : "(none)";
  }
  void write(StringRef name, StringRef text) {
    FileTransaction files;
    *files.addStream(getPath(name)) << text;
    ASSERT_FALSE(errorToBool(files.commit()));
  }

  SmallString<128> folder;
};

} // namespace

TEST_F(Transaction, FilesAppearAtTheCommit) {
  FileTransaction files;
  Expected<raw_fd_ostream &> a = files.addStream(getPath("a"));
  ASSERT_TRUE(bool(a)) << toString(a.takeError());
  *a << "first";
  Expected<std::string> b = files.addFile(getPath("b"));
  ASSERT_TRUE(bool(b)) << toString(b.takeError());
  {
    // As a linker does it: a new file in the place of the temporary one.
    std::error_code error;
    fs::remove(*b);
    raw_fd_ostream(*b, error) << "second";
  }
  EXPECT_EQ(read("a"), "(none)");
  EXPECT_EQ(read("b"), "(none)");
  ASSERT_FALSE(errorToBool(files.commit()));
  EXPECT_EQ(read("a"), "first");
  EXPECT_EQ(read("b"), "second");
  EXPECT_EQ(list(), (std::set<std::string>{"a", "b"}));
}

TEST_F(Transaction, WithoutACommitNothingChanges) {
  write("a", "before");
  {
    FileTransaction files;
    *files.addStream(getPath("a")) << "after";
    *files.addStream(getPath("b")) << "after";
  }
  EXPECT_EQ(read("a"), "before");
  EXPECT_EQ(list(), std::set<std::string>{"a"});
}

TEST_F(Transaction, AFailureTakesAllFilesBack) {
  FileTransaction files;
  *files.addStream(getPath("a")) << "text";
  *files.addStream(getPath("b")) << "text";
  // A folder takes the name of the second file in the meantime.
  ASSERT_FALSE(fs::create_directory(getPath("b")));
  Error error = files.commit();
  ASSERT_TRUE(bool(error));
  EXPECT_EQ(toString(std::move(error)).rfind(getPath("b") + ": ", 0), 0u);
  EXPECT_EQ(list(), std::set<std::string>{"b"});
}

TEST_F(Transaction, RefusesWhatCannotBeWritten) {
  FileTransaction files;
  EXPECT_EQ(toString(files.addStream(std::string(folder)).takeError()),
            (folder + ": is a folder, not a file to write").str());
  EXPECT_EQ(toString(files.addStream(getPath("no/a")).takeError()),
            getPath("no/a") + ": cannot be written: No such file or directory");
}

TEST_F(Transaction, PipesAndDevicesAreWrittenToAndStay) {
  ASSERT_FALSE(fs::create_link("/dev/full", getPath("full")));
  ASSERT_FALSE(fs::create_link("/dev/null", getPath("null")));
  {
    FileTransaction files;
    Expected<raw_fd_ostream &> os = files.addStream(getPath("null"));
    ASSERT_TRUE(bool(os)) << toString(os.takeError());
    *os << "text";
    EXPECT_FALSE(errorToBool(files.commit()));
  }
  {
    FileTransaction files;
    Expected<raw_fd_ostream &> os = files.addStream(getPath("full"));
    ASSERT_TRUE(bool(os)) << toString(os.takeError());
    *os << "text";
    EXPECT_NE(toString(files.commit()).find("No space left"),
              std::string::npos);
  }
  FileTransaction files;
  EXPECT_EQ(toString(files.addFile(getPath("null")).takeError()),
            getPath("null") + ": is no file that could be replaced");
  EXPECT_TRUE(fs::is_symlink_file(getPath("null")));
  EXPECT_EQ(list(), (std::set<std::string>{"full", "null"}));
}
