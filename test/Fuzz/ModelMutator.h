//===- ModelMutator.h - ONNX models with random changes ---------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Changes models field by field, so that what comes out is still a protobuf
/// of the schema, and gets past the parser to what reads it.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_TEST_FUZZ_MODELMUTATOR_H
#define SYLVITE_TEST_FUZZ_MODELMUTATOR_H

#include "full_onnx.pb.h"
#include <random>

namespace sylvite::test {

class ModelMutator {
public:
  /// Equal seeds give equal changes, with every library.
  explicit ModelMutator(unsigned seed) : random(seed) {}

  /// Makes one change, or a few.
  void mutate(full_onnx::ModelProto &model);
  /// Takes a node, a weight or a function of another model over.
  void cross(full_onnx::ModelProto &model, const full_onnx::ModelProto &other);

private:
  using Field = google::protobuf::FieldDescriptor;
  using Message = google::protobuf::Message;

  size_t below(size_t limit) { return random() % limit; }
  int64_t pickInteger(int64_t old);
  double pickFloat();
  std::string pickText(const std::string &old);
  void change(Message &message);
  void changeElements(Message &message, const Field *field);
  void changeValue(Message &message, const Field *field, int index);

  std::mt19937 random;
  /// Texts of the model: names and types of operators are found among them.
  std::vector<std::string> texts;
};

} // namespace sylvite::test

#endif // SYLVITE_TEST_FUZZ_MODELMUTATOR_H
