//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The JSON readers.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Import/Common/Json.h"
#include "TestFiles.h"
#include "sylvite/Import/Common/FileDiagnostic.h"

using namespace sylvite;
using namespace sylvite::test;
using testing::HasSubstr;

/// A reader whose errors read "OFFSET: MESSAGE".
static JsonReader makeReader(llvm::StringRef text) {
  return JsonReader(text, [](size_t offset, const llvm::Twine &message) {
    return llvm::createStringError(llvm::Twine(offset) + ": " + message);
  });
}

/// Whether the text is JSON; if not, why.
static std::string check(llvm::StringRef text) {
  JsonReader reader = makeReader(text);
  if (llvm::Error error = reader.skip())
    return llvm::toString(std::move(error));
  return llvm::toString(reader.expectEnd());
}

static std::string readString(llvm::StringRef text) {
  JsonReader reader = makeReader(text);
  std::string value;
  if (llvm::Error error = reader.readString(value))
    return "error " + llvm::toString(std::move(error));
  return value;
}

TEST(JsonReader, AcceptsWhatIsJson) {
  for (llvm::StringRef text :
       {"{}", "[]", " [ ] ", "0", "-0", "1.5e-7", "1E+2", "\"\"", "true",
        "false", "null", "{\"a\":[1,{\"b\":null}],\"c\":\"d\"}\n",
        "[\"\\u00e9\\n\\/\"]"})
    EXPECT_EQ(check(text), "") << text.str();
}

TEST(JsonReader, RefusesWhatIsNot) {
  for (llvm::StringRef text : {"",
                               "{",
                               "[",
                               "[1,]",
                               "[1 2]",
                               "{\"a\"}",
                               "{\"a\":}",
                               "{\"a\":1,}",
                               "{a:1}",
                               "{'a':1}",
                               "01",
                               "+1",
                               ".5",
                               "1.",
                               "1e",
                               "-",
                               "--1",
                               "1a",
                               "NaN",
                               "Infinity",
                               "tru",
                               "nulL",
                               "\"",
                               "\"\\x\"",
                               "\"\\u12g4\"",
                               "\"\n\"",
                               "[]]",
                               "{} x",
                               "// c\n1",
                               "\"\\ud800\"",
                               "\"\\udc00\"",
                               "\"\\ud800\\u0041\"",
                               "]",
                               ",",
                               ":"})
    EXPECT_NE(check(text), "") << text.str();
}

TEST(JsonReader, DecodesEscapes) {
  EXPECT_EQ(readString(R"("a\"\\\/\b\f\n\r\tz")"), "a\"\\/\b\f\n\r\tz");
  EXPECT_EQ(readString(R"("\u0041\u00e9\u20ac")"), "A\xC3\xA9\xE2\x82\xAC");
  EXPECT_EQ(readString(R"("\ud83d\ude00")"), "\xF0\x9F\x98\x80");
}

TEST(JsonReader, BoundsNesting) {
  std::string deep(JsonReader::maxDepth, '[');
  deep += std::string(JsonReader::maxDepth, ']');
  EXPECT_EQ(check(deep), "");
  // Far deeper than a stack would bear.
  EXPECT_THAT(check(std::string(1 << 22, '[')), HasSubstr("nested deeper"));
  std::string objects;
  for (int i = 0; i < 1 << 18; ++i)
    objects += "{\"a\":";
  EXPECT_THAT(check(objects), HasSubstr("nested deeper"));
}

TEST(JsonReader, TellsTheKindThatItFound) {
  JsonReader reader = makeReader("  \"x\"");
  uint64_t value;
  EXPECT_EQ(messageOf(reader.readUnsigned(value)),
            "2: expected a number, found a string");
}

TEST(JsonReader, IntegersAreExact) {
  uint64_t value;
  EXPECT_SUCCESS(makeReader("18446744073709551615").readUnsigned(value));
  EXPECT_EQ(value, ~uint64_t(0));
  for (llvm::StringRef text :
       {"18446744073709551616", "-1", "1.0", "1e3", "99999999999999999999999"})
    EXPECT_THAT(messageOf(makeReader(text).readUnsigned(value)),
                HasSubstr("is not an integer"))
        << text.str();
  int64_t negative;
  EXPECT_SUCCESS(makeReader("-9223372036854775808").readInteger(negative));
  EXPECT_EQ(negative, std::numeric_limits<int64_t>::min());
  EXPECT_THAT(
      messageOf(makeReader("9223372036854775808").readInteger(negative)),
      HasSubstr("is not an integer"));
}

TEST(JsonReader, NumbersBeyondADoubleAreErrors) {
  double value;
  EXPECT_SUCCESS(makeReader("1e-12").readNumber(value));
  EXPECT_EQ(value, 1e-12);
  EXPECT_THAT(messageOf(makeReader("1e999").readNumber(value)),
              HasSubstr("beyond the range"));
}

TEST(JsonObject, ReadsMembersByName) {
  TemporaryFolder folder;
  ASSERT_VALUE(object, JsonObject::load(folder.write(
                           "a.json", R"({"s": "x", "i": -3, "d": 0.5,
                                         "b": true, "n": null})")));
  std::string text;
  int64_t integer;
  double number;
  bool flag;
  EXPECT_SUCCESS(object.get("s", text));
  EXPECT_SUCCESS(object.get("i", integer));
  EXPECT_SUCCESS(object.get("d", number));
  EXPECT_SUCCESS(object.get("b", flag));
  EXPECT_EQ(text, "x");
  EXPECT_EQ(integer, -3);
  EXPECT_EQ(number, 0.5);
  EXPECT_TRUE(flag);
  EXPECT_TRUE(object.has("n"));
  EXPECT_FALSE(object.isSet("n"));
  EXPECT_FALSE(object.isSet("missing"));
}

TEST(JsonObject, ErrorsTellLineAndColumn) {
  TemporaryFolder folder;
  std::string path = folder.write("a.json", "{\n  \"i\": \"seven\"\n}\n");
  ASSERT_VALUE(object, JsonObject::load(path));
  int64_t integer;
  EXPECT_EQ(messageOf(object.get("i", integer)),
            path + ":2:8: i: expected a number, found a string");
  EXPECT_EQ(messageOf(object.get("j", integer)),
            path + ":1:1: the member 'j' is missing");
  EXPECT_EQ(messageOf(object.error("i", "is odd")), path + ":2:3: is odd");
}

TEST(JsonObject, AKeyMayStandOnce) {
  TemporaryFolder folder;
  std::string path = folder.write("a.json", "{\"a\": 1,\n \"\\u0061\": 2}");
  EXPECT_EQ(messageOf(JsonObject::load(path)),
            path + ":2:2: the key 'a' stands twice");
}

TEST(JsonObject, RefusesWhatIsNoTextFile) {
  TemporaryFolder folder;
  EXPECT_THAT(messageOf(JsonObject::load(folder.getPath())),
              HasSubstr("expected a file, found a directory"));
  EXPECT_THAT(messageOf(JsonObject::load(folder / "none.json")),
              HasSubstr("cannot read the file: No such file"));
  EXPECT_THAT(messageOf(JsonObject::load(folder.write("b", "{\"\xFF\": 1}"))),
              HasSubstr(":1:3: the text is not UTF-8"));
  EXPECT_THAT(messageOf(JsonObject::load(folder.write("c", "{} {}"))),
              HasSubstr(":1:4: expected the end of the text"));
  EXPECT_THAT(messageOf(JsonDocument::load(folder.write("d", "[1, 2]"), 5)),
              HasSubstr("has 6 bytes"));
}
