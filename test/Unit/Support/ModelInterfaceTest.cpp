//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The interface of a compiled library as JSON, and back.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Support/ModelInterface.h"

#include <gtest/gtest.h>

using namespace sylvite;

/// An encoder with everything an interface can say.
static ModelInterface makeInterface() {
  FunctionInfo encode;
  encode.name = "encode";
  encode.dims = {{"batch", 0}, {"seq", 512}};
  ParameterInfo ids{"input_ids", ElementType::I64, {-1, -2}, {}, {{0, 30522}}};
  ParameterInfo mask{"attention_mask", ElementType::I64, {-1, -2}, 1, {}};
  ParameterInfo bias{"bias", ElementType::F32, {2}, 0.5, {}};
  encode.inputs = {ids, mask, bias};
  encode.outputs = {{"pooled", ElementType::F32, {-1, 384}, {}, {}}};
  encode.lengthsInput = 1;
  encode.arenaFormula = "64 * batch";
  return {"bert",
          {{"x86-64-v3",
            {"linear", "attention"},
            {{"encode",
              {{"linear", "layer.0", "2 * batch", "8 * batch"},
               {"attention", "", "", ""}}}}}},
          1024,
          {encode}};
}

TEST(ModelInterface, IsPrintedAsJson) {
  EXPECT_EQ(
      printInterface(makeInterface()),
      R"({"functions":[{"arena":"64 * batch",)"
      R"("dims":[{"name":"batch"},{"max":512,"name":"seq"}],)"
      R"("inputs":[{"dims":["batch","seq"],"dtype":"i64","name":"input_ids",)"
      R"("range":[0,30522]},{"default":1,"dims":["batch","seq"],)"
      R"("dtype":"i64","name":"attention_mask"},{"default":0.5,"dims":[2],)"
      R"("dtype":"f32","name":"bias"}],"lengths":"attention_mask",)"
      R"("name":"encode","outputs":[{"dims":["batch",384],"dtype":"f32",)"
      R"("name":"pooled"}]}],"prefix":"bert",)"
      R"("targets":[{"calls":{"encode":[{"bytes":"8 * batch",)"
      R"("flops":"2 * batch","kernel":"linear","place":"layer.0"},)"
      R"({"kernel":"attention"}]},"kernels":["linear","attention"],)"
      R"("name":"x86-64-v3"}],)"
      R"("weight_bytes":1024})");
}

TEST(ModelInterface, ComesBackTheSame) {
  std::string text = printInterface(makeInterface());
  llvm::Expected<ModelInterface> back = parseInterface(text);
  ASSERT_TRUE(bool(back)) << toString(back.takeError());
  EXPECT_EQ(printInterface(*back), text);
  EXPECT_EQ(back->functions[0].lengthsInput, 1);
  EXPECT_EQ(back->functions[0].getShapeText(back->functions[0].outputs[0]),
            "[batch, 384]");
  auto calls = back->variants[0].calls["encode"];
  ASSERT_EQ(calls.size(), 2u);
  EXPECT_EQ(calls[0].flops, "2 * batch");
}

TEST(ModelInterface, WrongTextIsAnError) {
  std::string text = printInterface(makeInterface());
  auto parseWith = [&](llvm::StringRef from, llvm::StringRef to) {
    std::string changed = text;
    changed.replace(changed.find(from), from.size(), to);
    return toString(parseInterface(changed).takeError());
  };
  EXPECT_NE(parseWith("\"i64\"", "\"i65\"").find("unknown element type"),
            std::string::npos);
  EXPECT_NE(parseWith("[\"batch\",384]", "[\"botch\",384]")
                .find("expected a number or the name of a dimension"),
            std::string::npos);
  EXPECT_NE(parseWith("[0,30522]", "[0]").find("expected two integers"),
            std::string::npos);
  EXPECT_NE(parseWith("384", "-384").find("not negative"), std::string::npos);
  EXPECT_TRUE(errorToBool(parseInterface("{").takeError()));
  EXPECT_TRUE(errorToBool(parseInterface("[]").takeError()));
}

TEST(ModelInterface, TellsInWhichPartsCallsRun) {
  ModelInterface interface = makeInterface();
  FunctionInfo &encode = interface.functions[0];
  EXPECT_EQ(encode.getPart({40, 100}), 0);
  EXPECT_EQ(encode.getPartText(), "");
  encode.batchDim = 0;
  encode.batchRows = -2;
  EXPECT_EQ(encode.getPart({40, 100}), 2);
  EXPECT_EQ(encode.getPart({40, 512}), 1);
  EXPECT_EQ(encode.getPart({4, 8}), 4);
  EXPECT_EQ(encode.getPartText(), "max(1, 256 / seq) of batch");

  std::string text = printInterface(interface);
  EXPECT_NE(text.find(R"("parts":{"dim":"batch","rows":"seq"})"),
            std::string::npos);
  auto parseWith = [&](llvm::StringRef parts) {
    std::string changed = text, from = R"({"dim":"batch","rows":"seq"})";
    changed.replace(changed.find(from), from.size(), parts);
    return parseInterface(changed);
  };
  llvm::Expected<ModelInterface> back =
      parseWith(R"({"dim":"batch","rows":50})");
  ASSERT_TRUE(bool(back)) << toString(back.takeError());
  EXPECT_EQ(back->functions[0].getPart({40, 100}), 5);
  EXPECT_EQ(back->functions[0].getPartText(), "5 of batch");
  for (llvm::StringRef wrong :
       {R"({"dim":"batch"})", R"({"dim":3,"rows":"seq"})",
        R"({"dim":"batch","rows":0})", R"({"dim":"batch","rows":-1})",
        R"({"dim":"batch","rows":"rows"})"})
    EXPECT_TRUE(errorToBool(parseWith(wrong).takeError())) << wrong.str();
}

TEST(ModelInterface, TellsThePrecisionThatWasAskedFor) {
  ModelInterface interface = makeInterface();
  EXPECT_EQ(printInterface(interface).find("precision"), std::string::npos);
  interface.precision = "bf16";
  std::string text = printInterface(interface);
  EXPECT_NE(text.find(R"("precision":"bf16")"), std::string::npos);
  llvm::Expected<ModelInterface> back = parseInterface(text);
  ASSERT_TRUE(bool(back)) << toString(back.takeError());
  EXPECT_EQ(back->precision, "bf16");
}

TEST(ModelInterface, OfSeveralTargetsIsMerged) {
  ModelInterface weak = makeInterface(), strong = makeInterface();
  strong.variants = {{"zen4", {"linear"}, {}}};
  strong.weightBytes = 2048;
  strong.functions[0].arenaFormula = "128 * seq";
  llvm::Expected<ModelInterface> merged = mergeInterfaces({weak, strong});
  ASSERT_TRUE(bool(merged)) << toString(merged.takeError());
  EXPECT_EQ(merged->getTargetText(), "x86-64-v3, zen4");
  EXPECT_EQ(merged->weightBytes, 2048u);
  EXPECT_EQ(merged->functions[0].arenaFormula, "max(64 * batch, 128 * seq)");
  ASSERT_EQ(merged->variants.size(), 2u);
  EXPECT_EQ(merged->variants[1].kernels, std::vector<std::string>{"linear"});

  strong.functions[0].inputs[0].range = {0, 5};
  EXPECT_EQ(toString(mergeInterfaces({weak, strong}).takeError()),
            "the functions for zen4 differ from those for x86-64-v3");
}

TEST(ModelInterface, DefaultsHaveTheBitsOfTheirType) {
  auto bits = [](ElementType type, std::variant<int64_t, double> value) {
    return ParameterInfo{"x", type, {}, value, {}}.getDefaultBits();
  };
  EXPECT_EQ(bits(ElementType::F32, 1.0), 0x3f800000u);
  EXPECT_EQ(bits(ElementType::F32, int64_t(1)), 0x3f800000u);
  EXPECT_EQ(bits(ElementType::F64, 1.0), 0x3ff0000000000000u);
  EXPECT_EQ(bits(ElementType::F16, 1.0), 0x3c00u);
  EXPECT_EQ(bits(ElementType::BF16, 1.0), 0x3f80u);
  EXPECT_EQ(bits(ElementType::I64, int64_t(-1)), UINT64_MAX);
  EXPECT_EQ(bits(ElementType::I32, 7.0), 7u);
}

TEST(ModelInterface, PublicNamesBeginWithThePrefix) {
  std::vector<std::string> names = getPublicNames(makeInterface());
  EXPECT_EQ(names.size(), 18u);
  for (const std::string &name : names)
    EXPECT_EQ(name.rfind("bert_", 0), 0u) << name;
  EXPECT_EQ(names.back(), "bert_encode_lengths");
}
