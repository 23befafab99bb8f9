//===- SafeTensorsFuzzTest.cpp - Headers with random damage ---------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Damages a valid header in many ways, always the same ones. Each must end in
/// an error or in tensors that lie within the data; the sanitizer build sees to
/// it that nothing else is touched on the way.
///
//===----------------------------------------------------------------------===//

#include "TestFiles.h"
#include "sylvite/Import/SafeTensors/SafeTensorsFile.h"
#include <random>

using namespace sylvite;
using namespace sylvite::test;

static constexpr llvm::StringLiteral validHeader =
    R"({"__metadata__":{"format":"pt"},)"
    R"("a.weight":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},)"
    R"("a.bias":{"dtype":"F16","shape":[2],"data_offsets":[24,28]},)"
    R"("ids":{"dtype":"I64","shape":[],"data_offsets":[28,36]}})";
static constexpr uint64_t dataSize = 36;

namespace {
/// Makes one change after another to a header.
class Mutator {
public:
  explicit Mutator(unsigned seed) : random(seed) {}

  std::string mutate() {
    std::string header = validHeader.str();
    for (unsigned i = 0, n = 1 + below(4); i < n && !header.empty(); ++i)
      change(header);
    return header;
  }

private:
  size_t below(size_t limit) { return random() % limit; }

  void change(std::string &header) {
    static const char *const pieces[] = {
        "{",      "}",       "[",
        "]",      "\"",      ":",
        ",",      "0",       "-1",
        "1e9",    "null",    "\\u0000",
        "\\u",    "\"F64\"", "24",
        "[0,24]", "\xFF",    "18446744073709551616",
        "true",   " ",       "\"shape\":[],"};
    size_t place = below(header.size());
    switch (below(5)) {
    case 0: // another byte
      header[place] = char(below(256));
      break;
    case 1: // cut out
      header.erase(place, 1 + below(8));
      break;
    case 2: // put in
      header.insert(place, pieces[below(std::size(pieces))]);
      break;
    case 3: // say twice
      header.insert(place, header.substr(below(header.size()), below(40)));
      break;
    case 4: // cut off
      header.resize(place);
      break;
    }
  }

  // Its sequence is the same in every library, unlike the distributions'.
  std::mt19937 random;
};
} // namespace

TEST(SafeTensorsFuzz, TheUndamagedHeaderIsValid) {
  ASSERT_VALUE(header, parseSafeTensorsHeader("x", validHeader, dataSize));
  EXPECT_EQ(header.tensors.size(), 3u);
}

TEST(SafeTensorsFuzz, DamagedHeadersNeverMislead) {
  unsigned accepted = 0, refused = 0;
  for (unsigned seed = 0; seed < 20000; ++seed) {
    std::string text = Mutator(seed).mutate();
    // A copy without spare bytes behind it: reading past its end is seen.
    std::vector<char> exact(text.begin(), text.end());
    auto header = parseSafeTensorsHeader(
        "x", llvm::StringRef(exact.data(), exact.size()), dataSize);
    if (!header) {
      EXPECT_NE(llvm::toString(header.takeError()), "");
      ++refused;
      continue;
    }
    ++accepted;
    uint64_t covered = 0;
    for (const TensorInfo &tensor : header->tensors) {
      ASSERT_EQ(tensor.begin, covered) << text;
      ASSERT_LE(tensor.begin, tensor.end) << text;
      ASSERT_LE(tensor.end, dataSize) << text;
      ASSERT_EQ(tensor.getSizeInBytes() * 8,
                tensor.getNumElements() * uint64_t(getBitWidth(tensor.dtype)))
          << text;
      covered = tensor.end;
    }
    ASSERT_EQ(covered, dataSize) << text;
  }
  // Both outcomes occur, else the damage would prove nothing.
  EXPECT_GT(accepted, 100u);
  EXPECT_GT(refused, 10000u);
}

TEST(SafeTensorsFuzz, DamagedFilesNeverCrash) {
  TemporaryFolder folder;
  std::string whole = makeSafeTensors(validHeader, dataSize);
  std::mt19937 random(7);
  for (unsigned i = 0; i < 500; ++i) {
    std::string file = whole;
    // The length of the header is part of what gets damaged here.
    file[random() % 8] = char(random());
    file[random() % file.size()] = char(random());
    file.resize(file.size() - random() % 20);
    auto opened = SafeTensorsFile::open(folder.write("x.safetensors", file));
    if (!opened) {
      EXPECT_NE(llvm::toString(opened.takeError()), "");
      continue;
    }
    // Every byte that is promised can be read.
    uint64_t ones = 0, size = 0;
    for (const TensorInfo &tensor : opened->getTensors()) {
      size += tensor.getSizeInBytes();
      for (uint8_t byte : opened->getBytes(tensor))
        ones += llvm::popcount(byte);
    }
    EXPECT_LT(size, file.size());
    EXPECT_LE(ones, size * 8);
  }
}
