//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Reading good and hostile files.
///
//===----------------------------------------------------------------------===//

#include "TestFiles.h"
#include "sylvite/Import/SafeTensors/SafeTensorsFile.h"
#include <sys/stat.h>

using namespace sylvite;
using namespace sylvite::test;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;
using testing::StartsWith;

namespace {
class SafeTensorsReader : public testing::Test {
protected:
  /// Opens a file with this header and so many bytes of data, and gives the
  /// error that must come of it.
  std::string refuse(llvm::StringRef header, size_t dataSize) {
    std::string path =
        folder.write("x.safetensors", makeSafeTensors(header, dataSize));
    std::string message = messageOf(SafeTensorsFile::open(path));
    EXPECT_THAT(message, StartsWith(path + ": "));
    return message;
  }

  /// The same for the bytes of a whole file.
  std::string refuseFile(llvm::StringRef contents) {
    return messageOf(
        SafeTensorsFile::open(folder.write("x.safetensors", contents)));
  }

  TemporaryFolder folder;
};
} // namespace

TEST_F(SafeTensorsReader, ReadsTensorsAndMetadata) {
  std::string path = folder.write(
      "x.safetensors", makeSafeTensors(
                           R"({"__metadata__": {"format": "pt", "by": "me"},
              "later": {"data_offsets": [4, 12], "shape": [2, 1],
                        "dtype": "F32"},
              "first": {"dtype": "BF16", "shape": [2], "data_offsets": [0, 4]},
              "empty": {"dtype": "F64", "shape": [3, 0], "data_offsets": [4, 4]},
              "scalar": {"dtype": "I8", "shape": [], "data_offsets": [12, 13]}
             }      )",
                           13));
  ASSERT_VALUE(file, SafeTensorsFile::open(path));
  EXPECT_THAT(file.getMetadata(),
              ElementsAre(Pair("format", "pt"), Pair("by", "me")));
  // In the order of the data, not of the header.
  std::vector<std::string> names;
  for (const TensorInfo &tensor : file.getTensors())
    names.push_back(tensor.name);
  EXPECT_THAT(names, ElementsAre("first", "empty", "later", "scalar"));

  const TensorInfo *later = file.lookup("later");
  ASSERT_TRUE(later);
  EXPECT_EQ(later->dtype, DType::F32);
  EXPECT_THAT(later->shape, ElementsAre(2, 1));
  EXPECT_EQ(later->getNumElements(), 2);
  EXPECT_THAT(file.getBytes(*later), ElementsAre(4, 5, 6, 7, 8, 9, 10, 11));
  EXPECT_EQ(file.lookup("scalar")->getNumElements(), 1);
  EXPECT_EQ(file.lookup("empty")->getNumElements(), 0);
  EXPECT_EQ(file.lookup("none"), nullptr);

  // Released bytes can be read again.
  file.release(*later);
  EXPECT_THAT(file.getBytes(*later), ElementsAre(4, 5, 6, 7, 8, 9, 10, 11));
}

TEST_F(SafeTensorsReader, ReleasedPagesAreReadAgain) {
  // Large enough that whole pages lie inside the tensor.
  constexpr size_t size = 1 << 20;
  std::string path = folder.write(
      "x.safetensors",
      makeSafeTensors(
          R"({"a":{"dtype":"U8","shape":[1048576],"data_offsets":[0,1048576]}})",
          size));
  ASSERT_VALUE(file, SafeTensorsFile::open(path));
  const TensorInfo &tensor = *file.lookup("a");
  file.release(tensor);
  llvm::ArrayRef<uint8_t> bytes = file.getBytes(tensor);
  ASSERT_EQ(bytes.size(), size);
  for (size_t i = 0; i < size; ++i)
    ASSERT_EQ(bytes[i], uint8_t(i));
}

TEST_F(SafeTensorsReader, AFileWithoutTensorsIsValid) {
  ASSERT_VALUE(file, SafeTensorsFile::open(folder.write(
                         "x.safetensors", makeSafeTensors("{}", 0))));
  EXPECT_TRUE(file.getTensors().empty());
}

TEST_F(SafeTensorsReader, RefusesWhatIsNoFile) {
  EXPECT_THAT(messageOf(SafeTensorsFile::open(folder / "none")),
              HasSubstr("cannot read the file: No such file"));
  EXPECT_THAT(messageOf(SafeTensorsFile::open(folder.getPath())),
              HasSubstr("found a directory"));
  // Opening a pipe without a writer would wait for ever.
  std::string pipe = folder / "pipe";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_THAT(messageOf(SafeTensorsFile::open(pipe)),
              HasSubstr("found a directory or a device"));
}

TEST_F(SafeTensorsReader, RefusesTruncatedFiles) {
  std::string whole = makeSafeTensors(
      R"({"a":{"dtype":"U8","shape":[8],"data_offsets":[0,8]}})", 8);
  // Whatever is cut off, it is noticed.
  for (size_t size = 0; size < whole.size(); ++size)
    EXPECT_NE(refuseFile(llvm::StringRef(whole).take_front(size)), "");
  EXPECT_THAT(refuseFile(""), HasSubstr("the file has 0 bytes"));
  EXPECT_THAT(refuseFile(llvm::StringRef(whole).drop_back(30)),
              AllOf(HasSubstr("byte 0: the header is said to have"),
                    HasSubstr("was cut short")));
  EXPECT_THAT(refuseFile(llvm::StringRef(whole).drop_back(3)),
              AllOf(HasSubstr("tensor 'a', bytes [0, 8) of the data, goes "
                              "beyond the end of the file, which has 5 bytes"),
                    HasSubstr("was cut short")));
}

TEST_F(SafeTensorsReader, RefusesAbsurdHeaderLengths) {
  std::string huge(16, '\xFF');
  EXPECT_THAT(refuseFile(huge),
              HasSubstr("18446744073709551615 bytes, the format's limit is "
                        "100000000"));
  std::string overLimit(8, '\0');
  llvm::support::endian::write64le(overLimit.data(), maxSafeTensorsHeader + 1);
  EXPECT_THAT(refuseFile(overLimit), HasSubstr("the format's limit"));
}

TEST_F(SafeTensorsReader, RefusesHeadersThatAreNoObject) {
  EXPECT_THAT(refuse("", 0), HasSubstr("does not begin with '{'"));
  EXPECT_THAT(refuse(" {}", 0), HasSubstr("does not begin with '{'"));
  EXPECT_THAT(refuse("[]", 0), HasSubstr("does not begin with '{'"));
  EXPECT_THAT(refuse("{} {}", 0), HasSubstr("byte 11: expected the end"));
  EXPECT_THAT(refuse("{\"a", 0), HasSubstr("byte 9: a string has no closing"));
  EXPECT_THAT(refuse("{\"\xC0\x80\":1}", 0), HasSubstr("not UTF-8"));
  EXPECT_THAT(refuse("{\"a\":1}", 0),
              HasSubstr("tensor 'a': expected an object, found a number"));
  EXPECT_THAT(refuse(R"({"__metadata__":{"a":1}})", 0),
              HasSubstr("expected a string, found a number"));
  EXPECT_THAT(refuse(R"({"__metadata__":{"a":"1","a":"2"}})", 0),
              HasSubstr("the metadata key 'a' stands twice"));
  EXPECT_THAT(refuse(R"({"__metadata__":{},"__metadata__":{}})", 0),
              HasSubstr("the name '__metadata__' stands twice"));
}

TEST_F(SafeTensorsReader, RefusesDeepNesting) {
  EXPECT_THAT(refuse("{\"a\":" + std::string(1 << 20, '['), 0),
              HasSubstr("expected an object, found an array"));
  EXPECT_THAT(refuse("{\"a\":{\"shape\":" + std::string(1 << 20, '['), 0),
              HasSubstr("expected a number, found an array"));
}

TEST_F(SafeTensorsReader, RefusesTwoTensorsOfOneName) {
  EXPECT_THAT(refuse(R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},
                 "\u0061":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}})",
                     2),
              HasSubstr("the name 'a' stands twice"));
}

TEST_F(SafeTensorsReader, RefusesBadFields) {
  auto tensor = [&](llvm::StringRef fields) {
    return refuse(("{\"a\":{" + fields + "}}").str(), 4);
  };
  EXPECT_THAT(tensor(R"("dtype":"F31","shape":[1],"data_offsets":[0,4])"),
              AllOf(HasSubstr("tensor 'a': unknown dtype 'F31'"),
                    HasSubstr("known are BOOL, F4,")));
  EXPECT_THAT(tensor(R"("dtype":"F32","shape":[1])"),
              HasSubstr("the field 'data_offsets' is missing"));
  EXPECT_THAT(tensor(R"("dtype":"F32","data_offsets":[0,4])"),
              HasSubstr("the field 'shape' is missing"));
  EXPECT_THAT(tensor(R"("shape":[1],"data_offsets":[0,4])"),
              HasSubstr("the field 'dtype' is missing"));
  EXPECT_THAT(tensor(R"("dtype":"F32","dtype":"F32")"),
              HasSubstr("the field 'dtype' stands twice"));
  EXPECT_THAT(tensor(R"("dtyp":"F32")"), HasSubstr("unknown field 'dtyp'"));
  EXPECT_THAT(tensor(R"("dtype":7)"),
              HasSubstr("expected a string, found a number"));
  EXPECT_THAT(tensor(R"("dtype":"F32","shape":[-1],"data_offsets":[0,4])"),
              HasSubstr("'-1' is not an integer"));
  EXPECT_THAT(tensor(R"("dtype":"F32","shape":[1.0],"data_offsets":[0,4])"),
              HasSubstr("'1.0' is not an integer"));
  EXPECT_THAT(tensor(R"("dtype":"F32","shape":1,"data_offsets":[0,4])"),
              HasSubstr("expected an array, found a number"));
  EXPECT_THAT(tensor(R"("dtype":"F32","shape":[1],"data_offsets":[0])"),
              HasSubstr("must hold two numbers"));
  EXPECT_THAT(tensor(R"("dtype":"F32","shape":[1],"data_offsets":[0,4,8])"),
              HasSubstr("more than two numbers"));
  EXPECT_THAT(tensor(R"("dtype":"F32","shape":[1],"data_offsets":[4,0])"),
              HasSubstr("data_offsets [4, 0] ends before it begins"));
}

TEST_F(SafeTensorsReader, RefusesSizesThatContradict) {
  EXPECT_THAT(
      refuse(R"({"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,20]}})",
             20),
      HasSubstr("tensor 'a': F32 [2, 3] has 24 bytes, but data_offsets [0, 20] "
                "span 20"));
  EXPECT_THAT(
      refuse(R"({"a":{"dtype":"F4","shape":[3],"data_offsets":[0,2]}})", 2),
      HasSubstr("F4 [3] does not fill whole bytes"));
}

TEST_F(SafeTensorsReader, RefusesAbsurdSizes) {
  EXPECT_THAT(refuse(R"({"a":{"dtype":"F32","shape":[4294967296,4294967296],
                      "data_offsets":[0,0]}})",
                     0),
              HasSubstr("the size of F32 [4294967296, 4294967296] overflows"));
  EXPECT_THAT(refuse(R"({"a":{"dtype":"U8","shape":[18446744073709551615],
                              "data_offsets":[0,18446744073709551615]}})",
                     0),
              HasSubstr("the extent 18446744073709551615 in its shape"));
  EXPECT_THAT(refuse(R"({"a":{"dtype":"U8","shape":[1152921504606846975],
                              "data_offsets":[0,1152921504606846975]}})",
                     0),
              HasSubstr("goes beyond the end of the file"));
  std::string ones = "1";
  for (int i = 0; i < 64; ++i)
    ones += ",1";
  EXPECT_THAT(refuse("{\"a\":{\"dtype\":\"U8\",\"shape\":[" + ones +
                         "],\"data_offsets\":[0,1]}}",
                     1),
              HasSubstr("more than 64 extents"));
}

TEST_F(SafeTensorsReader, RefusesOverlapsAndHoles) {
  EXPECT_THAT(
      refuse(R"({"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},
                 "b":{"dtype":"U8","shape":[4],"data_offsets":[3,7]}})",
             7),
      HasSubstr("tensor 'b', bytes [3, 7) of the data, overlaps with tensor "
                "'a', bytes [0, 4) of the data"));
  EXPECT_THAT(refuse(R"({"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},
                 "b":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}})",
                     4),
              HasSubstr("overlaps with tensor 'a'"));
  EXPECT_THAT(
      refuse(R"({"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},
                 "b":{"dtype":"U8","shape":[3],"data_offsets":[5,8]}})",
             8),
      HasSubstr("tensor 'b', bytes [5, 8) of the data, leaves the bytes from 4 "
                "on to no tensor"));
  EXPECT_THAT(refuse(R"({"a":{"dtype":"U8","shape":[4],
                              "data_offsets":[0,4]}})",
                     6),
              HasSubstr("the last 2 bytes, from byte 4 of the data on, belong "
                        "to no tensor"));
  EXPECT_THAT(refuse("{}", 1), HasSubstr("the last 1 bytes"));
}

TEST_F(SafeTensorsReader, NamesInMessagesAreHarmless) {
  std::string name(1000, 'n');
  std::string message = refuse("{\"\\u001b[31m" + name + "\":1}", 0);
  EXPECT_THAT(message, HasSubstr("\\1B[31mnnn"));
  EXPECT_LT(message.size(), 600u);
}
