//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Reading and writing .npy, above all files that are not what they should be.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Support/Npz/Npy.h"

#include <gtest/gtest.h>

#include <cstring>

using namespace sylvite;
using namespace llvm;

/// The bytes of a version 1 file.
static std::string makeFile(const std::string &header,
                            const std::string &data) {
  std::string file("\x93NUMPY\x01\x00", 8);
  file += char(header.size() & 0xff);
  file += char(header.size() >> 8);
  return file + header + data;
}

static Expected<NpyArray> parse(const std::string &file) {
  return parseNpy(ArrayRef(file.data(), file.size()));
}

/// The message that a file with this header and no elements gets.
static std::string getError(const std::string &header) {
  Expected<NpyArray> array = parse(makeFile(header, ""));
  return array ? "accepted" : toString(array.takeError());
}

TEST(Npy, ReadsRowMajor) {
  std::string data(24, '\0');
  for (int i = 0; i < 6; ++i)
    data[4 * i] = char(i);
  Expected<NpyArray> array = parse(makeFile(
      "{'descr': '<i4', 'fortran_order': False, 'shape': (2, 3), }\n", data));
  ASSERT_TRUE(bool(array)) << toString(array.takeError());
  EXPECT_EQ(array->type, ElementType::I32);
  EXPECT_EQ(array->shape, (std::vector<int64_t>{2, 3}));
  EXPECT_EQ(std::string(array->data.begin(), array->data.end()), data);
  EXPECT_EQ(array->getNumElements(), 6);
}

TEST(Npy, TurnsColumnMajorIntoRowMajor) {
  // a[i][j][k] = 6 i + 2 j + k, stored with i running fastest.
  std::string data;
  for (int k = 0; k < 2; ++k)
    for (int j = 0; j < 3; ++j)
      for (int i = 0; i < 2; ++i)
        data += char(6 * i + 2 * j + k);
  Expected<NpyArray> array = parse(makeFile(
      "{'descr': '|i1', 'fortran_order': True, 'shape': (2, 3, 2)}", data));
  ASSERT_TRUE(bool(array)) << toString(array.takeError());
  for (int i = 0; i < 12; ++i)
    EXPECT_EQ(array->data[i], i);
}

TEST(Npy, ReadsScalarsEmptyArraysAndOtherSpellings) {
  EXPECT_TRUE(bool(parse(
      makeFile("{'descr':'<f4','fortran_order':False,'shape':()}", "abcd"))));
  EXPECT_TRUE(bool(parse(makeFile(
      "{\"shape\": (0, 7,), \"fortran_order\": False, \"descr\": \"<f8\"}",
      ""))));
  std::string version2("\x93NUMPY\x02\x00\x31\x00\x00\x00", 12);
  version2 += "{'descr':'|u1','fortran_order':False,'shape':(2)}xy";
  Expected<NpyArray> array = parse(version2);
  ASSERT_TRUE(bool(array)) << toString(array.takeError());
  EXPECT_EQ(array->shape, std::vector<int64_t>{2});
}

TEST(Npy, RefusesTypesThatAreNotNumbers) {
  auto withType = [](const std::string &descr) {
    return getError("{'descr': " + descr +
                    ", 'fortran_order': False, 'shape': (0,), }");
  };
  EXPECT_EQ(withType("'|O'"), "arrays of Python objects are not supported");
  EXPECT_EQ(withType("'>f4'"), "big-endian elements ('>f4') are not supported");
  EXPECT_EQ(withType("'<U7'"), "element type '<U7' is not supported");
  EXPECT_EQ(withType("'<c8'"), "element type '<c8' is not supported");
  EXPECT_EQ(withType("''"), "element type '' is not supported");
  EXPECT_EQ(withType("[('a', '<f4')]"),
            "records and nested types are not supported");
  EXPECT_EQ(withType("'<f4'"), "accepted");
}

TEST(Npy, RefusesShapesThatOverflow) {
  auto withShape = [](const std::string &shape) {
    return getError(
        "{'descr': '<f4', 'fortran_order': False, 'shape': " + shape + ", }");
  };
  EXPECT_EQ(withShape("(4611686018427387904, 4)"), "'shape' is too large");
  EXPECT_EQ(withShape("(9223372036854775807,)"), "'shape' is too large");
  EXPECT_EQ(withShape("(0, 4294967296, 4294967296)"), "'shape' is too large");
  EXPECT_EQ(withShape("(99999999999999999999999,)"),
            "'shape' holds something else than extents");
  EXPECT_EQ(withShape("(-1,)"), "'shape' holds something else than extents");
  EXPECT_EQ(withShape("(True,)"), "'shape' holds something else than extents");
  EXPECT_EQ(withShape("(3 4)"), "'shape' is not closed");
  EXPECT_EQ(withShape("[3]"), "'shape' is not a tuple");
  std::string axes = "(";
  for (int i = 0; i < 33; ++i)
    axes += "1, ";
  EXPECT_EQ(withShape(axes + ")"), "'shape' has more than 32 axes");
  EXPECT_EQ(withShape("(1000000000000,)"),
            "holds 0 bytes of elements, its shape needs 4000000000000");
}

TEST(Npy, RefusesOtherHeaders) {
  EXPECT_EQ(getError(""), "the header is not a dictionary");
  EXPECT_EQ(getError("{"), "the header is not a dictionary");
  EXPECT_EQ(getError("{'descr'"), "the header is not a dictionary");
  EXPECT_EQ(getError("{'descr': '<f4'"), "the header is not a dictionary");
  EXPECT_EQ(getError("{'x': 1}"), "unknown key 'x'");
  EXPECT_EQ(getError("{'descr': '<f4', 'descr': '<f4'}"),
            "key 'descr' comes twice");
  EXPECT_EQ(getError("{'descr': '<f4'}"),
            "the header lacks one of 'descr', 'fortran_order' and 'shape'");
  EXPECT_EQ(getError("{'fortran_order': 0}"),
            "'fortran_order' is neither True nor False");
  EXPECT_EQ(getError("{'descr': '<f4', 'fortran_order': False, 'shape': ()} x"),
            "something follows the header's dictionary");
}

TEST(Npy, EveryTruncationIsAnError) {
  std::string file = makeFile(
      "{'descr': '<i4', 'fortran_order': False, 'shape': (2,), }", "12345678");
  ASSERT_TRUE(bool(parse(file)));
  for (size_t size = 0; size < file.size(); ++size) {
    Expected<NpyArray> array = parse(file.substr(0, size));
    EXPECT_FALSE(bool(array)) << size;
    consumeError(array.takeError());
  }
  Expected<NpyArray> longer = parse(file + "9");
  ASSERT_FALSE(bool(longer));
  EXPECT_EQ(toString(longer.takeError()),
            "holds 9 bytes of elements, its shape needs 8");
}

TEST(Npy, RefusesForeignFiles) {
  auto getError = [](const std::string &file) {
    return toString(parse(file).takeError());
  };
  EXPECT_EQ(getError("PK"), "is not an .npy array");
  EXPECT_EQ(getError(std::string("\x93NUMPY\x09\x00\x00\x00", 10)),
            ".npy format version 9 is not supported");
  EXPECT_EQ(getError(std::string("\x93NUMPY\x02\x00\xff\xff\xff\xff", 12)),
            "has a header of 4294967307 bytes, the limit is 65536");
}

TEST(Npy, WritesWhatNumPyWrites) {
  NpyArray array{ElementType::F32, {3, 4}, std::vector<char>(48)};
  std::string header = printNpyHeader(array);
  EXPECT_EQ(header.size(), 128u);
  EXPECT_EQ(header.substr(10, 59),
            "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }");
  EXPECT_EQ(header.back(), '\n');
  array.shape = {12};
  EXPECT_NE(printNpyHeader(array).find("'shape': (12,), }"), std::string::npos);
  array.shape = {};
  array.type = ElementType::BOOL;
  EXPECT_NE(printNpyHeader(array).find("'|b1'"), std::string::npos);
  EXPECT_NE(printNpyHeader(array).find("'shape': (), }"), std::string::npos);
}
