//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The C header of a library, above all with names that are no names in C. That
/// it compiles and agrees with the library is tested with a whole one.
///
//===----------------------------------------------------------------------===//

#include "Header.h"

#include <gtest/gtest.h>

using namespace sylvite;
using namespace llvm;

static std::string print(const ModelInterface &interface) {
  std::string text;
  raw_string_ostream os(text);
  printHeader(interface, "tiny.safetensors", os);
  return text;
}

static ModelInterface makeInterface() {
  FunctionInfo run;
  run.name = "run";
  run.dims = {{"batch", 0}, {"seq", 512}};
  run.inputs = {{"input_ids", ElementType::I64, {-1, -2}, {}, {{0, 9}}},
                {"attention_mask", ElementType::I32, {-1, -2}, 1, {}}};
  run.outputs = {{"hidden", ElementType::F32, {-1, -2, 384}, {}, {}}};
  run.lengthsInput = 1;
  run.arenaFormula = "64 * batch * seq";
  return {"tiny", {{"x86-64-v3", {}, {}}, {"zen4", {}, {}}}, 1024, {run}};
}

/// Whether `text` has these lines one below the other.
static testing::AssertionResult has(const std::string &text,
                                    const std::string &lines) {
  if (text.find(lines) != std::string::npos)
    return testing::AssertionSuccess();
  return testing::AssertionFailure() << "no\n" << lines << "in\n" << text;
}

TEST(Header, DeclaresFunctionsWithTheirDimensions) {
  std::string text = print(makeInterface());
  EXPECT_TRUE(has(text, "int tiny_run(tiny_context *context, int64_t batch, "
                        "int64_t seq,\n"
                        "             const int64_t *input_ids, const int32_t "
                        "*attention_mask,\n"
                        "             float *hidden);\n"));
  EXPECT_TRUE(has(text, "int tiny_run_lengths(tiny_context *context, int64_t "
                        "batch, int64_t seq,\n"
                        "                     const int64_t *input_ids, const "
                        "int32_t *lengths,\n"
                        "                     float *hidden);\n"));
  EXPECT_TRUE(has(text, "uint64_t tiny_run_arena_bytes(int64_t batch, int64_t "
                        "seq);\n"));
  EXPECT_TRUE(has(text, " *   batch  1 or more\n *   seq    1 to 512\n"));
  EXPECT_TRUE(has(text, " *   input_ids       int64_t [batch, seq], 0 <= value "
                        "< 9\n *   attention_mask  int32_t [batch, seq], NULL "
                        "means all 1\n"));
  EXPECT_TRUE(has(text, " *   64 * batch * seq\n"));
  EXPECT_TRUE(has(text, "  TINY_ERROR_VALUE = 4,\n"));
  EXPECT_TRUE(has(text, " *   x86-64-v3, zen4\n"));
  EXPECT_TRUE(has(text, "int tiny_open_target(const char *weights_path, const "
                        "char *target,\n"
                        "                     tiny_model **model);\n"));
}

TEST(Header, TellsInWhichPartsCallsRun) {
  ModelInterface interface = makeInterface();
  interface.functions[0].batchDim = 0;
  interface.functions[0].batchRows = -2;
  EXPECT_TRUE(has(print(interface),
                  " *   64 * batch * seq\n"
                  " * for at most max(1, 256 / seq) of batch: more is "
                  "calculated in parts.\n"));
}

TEST(Header, MakesNamesSafe) {
  ModelInterface interface = makeInterface();
  FunctionInfo &run = interface.functions.front();
  run.inputs[0].name = "input.1 */ evil(); /*";
  run.inputs[1].name = "seq";
  run.outputs[0].name = "context";
  run.lengthsInput = -1;
  std::string text = print(interface);
  EXPECT_TRUE(has(text, "const int64_t *input_1_evil_, const int32_t *seq_2,"));
  EXPECT_TRUE(has(text, "float *context_2);"));
  EXPECT_TRUE(has(text, "; called input.1 * / evil(); /* in the model\n"));
  EXPECT_EQ(text.find("*/ evil"), std::string::npos);
  EXPECT_EQ(text.find("tiny_run_lengths"), std::string::npos);
}

TEST(Header, KeepsTheNameOfLengthsForTheFunctionThatTakesThem) {
  ModelInterface interface = makeInterface();
  FunctionInfo &run = interface.functions.front();
  run.outputs[0].name = "lengths";
  EXPECT_TRUE(has(print(interface), "float *lengths_2);"));
  run.lengthsInput = -1;
  EXPECT_TRUE(has(print(interface), "float *lengths);"));
}

TEST(Header, KeepsToEightyColumns) {
  ModelInterface interface = makeInterface();
  for (int i = 0; i < 20; ++i)
    interface.functions[0].outputs.push_back(
        {"output_" + std::to_string(i), ElementType::BF16, {-1, 4}, {}, {}});
  std::string text = print(interface);
  EXPECT_TRUE(has(text, "uint16_t [batch, 4] holding bf16"));
  SmallVector<StringRef> lines;
  StringRef(text).split(lines, '\n');
  for (StringRef line : lines)
    EXPECT_LE(line.size(), 80u) << line.str();
}
