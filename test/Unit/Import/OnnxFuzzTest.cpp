//===- OnnxFuzzTest.cpp - ONNX models with random damage ------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Changes small models in many ways, always the same ones. Each must be
/// imported or be refused with a message. `make fuzz` does the same with
/// libFuzzer, from more models and for longer.
///
//===----------------------------------------------------------------------===//

#include "../../Fuzz/ImportText.h"
#include "../../Fuzz/ModelMutator.h"
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

using namespace sylvite::test;

/// y = softmax(x w + b), by way of a function and a branch, with a shape that
/// is calculated.
static constexpr char kModel[] = R"(
  ir_version: 10
  opset_import { version: 21 }
  opset_import { domain: "com.example" version: 1 }
  functions {
    name: "Layer" domain: "com.example" input: "a" output: "b"
    node { op_type: "LeakyRelu" input: "a" output: "b"
           attribute { name: "alpha" type: FLOAT f: 0.5 } }
    opset_import { version: 21 }
  }
  graph {
    name: "g"
    initializer { name: "w" data_type: 1 dims: 4 dims: 4
      float_data: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16] }
    initializer { name: "b" data_type: 1 dims: 4 raw_data: "aaaabbbbccccdddd" }
    initializer { name: "two" data_type: 7 dims: 2 int64_data: [2, 2] }
    initializer { name: "yes" data_type: 9 int32_data: 1 }
    input { name: "x" type { tensor_type { elem_type: 1
      shape { dim { dim_param: "batch" } dim { dim_value: 4 } } } } }
    node { op_type: "MatMul" input: "x" input: "w" output: "p" name: "product" }
    node { op_type: "Add" input: "p" input: "b" output: "s" }
    node { op_type: "Layer" domain: "com.example" input: "s" output: "l" }
    node { op_type: "Shape" input: "l" output: "n"
           attribute { name: "end" type: INT i: 1 } }
    node { op_type: "Concat" input: "n" input: "two" output: "to"
           attribute { name: "axis" type: INT i: 0 } }
    node { op_type: "Reshape" input: "l" input: "to" output: "r" }
    node { op_type: "If" input: "yes" output: "i"
      attribute { name: "then_branch" type: GRAPH g {
        name: "then" node { op_type: "Neg" input: "r" output: "t" }
        output { name: "t" } } }
      attribute { name: "else_branch" type: GRAPH g {
        name: "else" node { op_type: "Abs" input: "r" output: "e" }
        output { name: "e" } } } }
    node { op_type: "Softmax" input: "i" output: "y"
           attribute { name: "axis" type: INT i: -1 } }
    output { name: "y" type { tensor_type { elem_type: 1 } } }
  }
)";

static full_onnx::ModelProto getModel() {
  full_onnx::ModelProto model;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(kModel, &model));
  return model;
}

TEST(OnnxFuzz, TheUnchangedModelIsImported) {
  EXPECT_TRUE(importText(getModel().SerializeAsString()));
}

TEST(OnnxFuzz, ChangedModelsAreImportedOrRefused) {
  unsigned imported = 0, refused = 0;
  for (unsigned seed = 0; seed < 3000; ++seed) {
    full_onnx::ModelProto model = getModel();
    ModelMutator(seed).mutate(model);
    ++(importText(model.SerializePartialAsString()) ? imported : refused);
  }
  // Changes that always break a model, or never, would test little.
  EXPECT_GT(imported, 200u);
  EXPECT_GT(refused, 1000u);
}

TEST(OnnxFuzz, ModelsThatAreCutShortAreRefused) {
  std::string text = getModel().SerializeAsString();
  for (size_t size = 0; size < text.size(); ++size)
    EXPECT_FALSE(importText(text.substr(0, size))) << size;
}
