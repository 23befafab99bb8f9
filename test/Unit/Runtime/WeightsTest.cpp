//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Mapping and checking weights.
///
//===----------------------------------------------------------------------===//

#include "TestModel.h"

#include <gtest/gtest.h>

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

#include <string>

namespace {

/// A model that expects the file made by file().
class Weights : public testing::Test {
protected:
  void SetUp() override {
    header = R"({"__metadata__":{"sylvite.hash":"0123abcd"},)"
             R"("w":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}})";
    header.resize(120, ' ');
    data = "0123456789abcdef";
    test.weights.bytes = data.size();
    test.weights.hash = "0123abcd";
    // FNV-1a of the header, as the writer computes it.
    uint64_t sum = 0xcbf29ce484222325u;
    for (unsigned char c : header)
      sum = (sum ^ c) * 0x100000001b3u;
    test.weights.header_checksum = sum;
  }

  /// The bytes of a file with the given header.
  std::string file(const std::string &text) {
    std::string bytes(8, '\0');
    for (int i = 0; i < 8; ++i)
      bytes[i] = char(text.size() >> (8 * i));
    return bytes + text + data;
  }

  /// Opens the model with a file of these bytes.
  int openWith(const std::string &bytes) {
    int descriptor;
    path.clear();
    EXPECT_FALSE(llvm::sys::fs::createTemporaryFile("weights", "safetensors",
                                                    descriptor, path));
    llvm::FileRemover remover(path);
    {
      llvm::raw_fd_ostream stream(descriptor, /*shouldClose=*/true);
      stream << bytes;
    }
    sylvite_model *model = nullptr;
    int code = sylvite_open(test.variants, path.c_str(), nullptr, &model);
    if (code == SYLVITE_OK) {
      seen.assign(reinterpret_cast<const char *>(model->weights),
                  test.weights.bytes);
    } else {
      EXPECT_EQ(model, nullptr);
      details = sylvite_last_error(nullptr);
      EXPECT_EQ(details.rfind(path.str().str() + ": ", 0), 0u) << details;
      details.erase(0, path.size() + 2);
    }
    sylvite_close(model);
    return code;
  }

  TestModel test;
  llvm::SmallString<64> path;
  std::string header, data, seen, details;
};

} // namespace

TEST_F(Weights, AreTheDataOfTheFile) {
  ASSERT_EQ(openWith(file(header)), SYLVITE_OK) << sylvite_last_error(nullptr);
  EXPECT_EQ(seen, data);
}

TEST_F(Weights, TruncatedAtAnyPlaceAreRefused) {
  std::string whole = file(header);
  for (size_t size = 0; size < whole.size(); ++size)
    EXPECT_EQ(openWith(whole.substr(0, size)), SYLVITE_ERROR_WEIGHTS_FORMAT)
        << size;
  EXPECT_EQ(details, "holds 15 bytes of data, expected 16; is it truncated?");
  EXPECT_EQ(openWith(whole + "x"), SYLVITE_ERROR_WEIGHTS_FORMAT);
}

TEST_F(Weights, AHeaderLongerThanTheFileIsRefused) {
  std::string whole = file(header);
  for (int i = 0; i < 8; ++i)
    whole[i] = '\xff';
  EXPECT_EQ(openWith(whole), SYLVITE_ERROR_WEIGHTS_FORMAT);
  EXPECT_EQ(details, "the header's length, 18446744073709551615, is more than "
                     "the file's 144 bytes");
}

TEST_F(Weights, OfAnotherModelAreRefused) {
  std::string other = header;
  other.replace(other.find("0123abcd"), 8, "fedc9876");
  EXPECT_EQ(openWith(file(other)), SYLVITE_ERROR_WEIGHTS_MISMATCH);
  EXPECT_EQ(details, "was written for another library (sylvite.hash is "
                     "fedc9876, expected 0123abcd)");
}

TEST_F(Weights, ThatAreNoneOfOursAreRefused) {
  for (const char *text : {"{}", "", "{\"sylvite.hash\"",
                           "{\"sylvite.hash\":", "{\"sylvite.hash\": 0123abcd}",
                           "{\"sylvite.hash\":\"0123abcd"}) {
    EXPECT_EQ(openWith(file(text)), SYLVITE_ERROR_WEIGHTS_MISMATCH) << text;
    EXPECT_EQ(details, "is no weights file of a compiled library (its metadata "
                       "has no sylvite.hash)");
  }
}

TEST_F(Weights, RewrittenByAnotherToolAreRefused) {
  std::string moved = header;
  moved.replace(moved.find("[0,16]"), 6, "[4,16]");
  EXPECT_EQ(openWith(file(moved)), SYLVITE_ERROR_WEIGHTS_MISMATCH);
  EXPECT_EQ(details,
            "was rewritten by another tool; use the file as the compiler "
            "wrote it");
}

TEST_F(Weights, MustBeAlignedInTheFile) {
  std::string odd = header.substr(0, 119);
  uint64_t sum = 0xcbf29ce484222325u;
  for (unsigned char c : odd)
    sum = (sum ^ c) * 0x100000001b3u;
  test.weights.header_checksum = sum;
  EXPECT_EQ(openWith(file(odd)), SYLVITE_ERROR_WEIGHTS_FORMAT);
}

TEST_F(Weights, ThatAreNoFileAreRefused) {
  sylvite_model *model = nullptr;
  EXPECT_EQ(sylvite_open(test.variants, "/nonexistent/w", nullptr, &model),
            SYLVITE_ERROR_WEIGHTS_FILE);
  EXPECT_STREQ(sylvite_last_error(nullptr),
               "/nonexistent/w: No such file or directory");
  EXPECT_EQ(sylvite_open(test.variants, "/", nullptr, &model),
            SYLVITE_ERROR_WEIGHTS_FILE);
  EXPECT_STREQ(sylvite_last_error(nullptr), "/: is not a regular file");
}

TEST_F(Weights, LieBesideTheProgramUnlessTold) {
  // The descriptor's constants tell which file the library is.
  static const sylvite_weights constant = {nullptr, 16, "no.safetensors", "",
                                           0};
  test.descriptor.weights = &constant;
  sylvite_model *model = nullptr;
  EXPECT_EQ(sylvite_open(test.variants, nullptr, nullptr, &model),
            SYLVITE_ERROR_WEIGHTS_FILE);
  std::string program = llvm::sys::fs::getMainExecutable(nullptr, nullptr);
  llvm::SmallString<256> folder(program);
  llvm::sys::path::remove_filename(folder);

  std::string text = sylvite_last_error(nullptr);
  size_t end = text.find("/no.safetensors: No such file or directory");
  ASSERT_NE(end, std::string::npos) << text;
  llvm::SmallString<256> real;
  ASSERT_FALSE(llvm::sys::fs::real_path(text.substr(0, end), real));
  EXPECT_EQ(real, folder);
}

TEST_F(Weights, EmbeddedNeedNoFile) {
  alignas(64) static const uint8_t blob[16] = {7};
  test.weights.embedded = blob;
  sylvite_model *model = nullptr;
  ASSERT_EQ(sylvite_open(test.variants, nullptr, nullptr, &model), SYLVITE_OK);
  EXPECT_EQ(model->weights, blob);
  sylvite_close(model);
}
