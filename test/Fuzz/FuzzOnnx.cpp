//===- FuzzOnnx.cpp - The importer of ONNX under libFuzzer ----------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Each input is a model. It must be imported or be refused with a message;
/// sanitizers and assertions see to the rest. run_fuzzer.py runs it.
///
//===----------------------------------------------------------------------===//

#include "ImportText.h"
#include "ModelMutator.h"

using namespace sylvite::test;

extern "C" size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max);

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  importText({reinterpret_cast<const char *>(data), size});
  return 0;
}

/// The model's bytes in place of the data; 0 where they are too many.
static size_t store(const full_onnx::ModelProto &model, uint8_t *data,
                    size_t max) {
  size_t size = model.ByteSizeLong();
  return size <= max && model.SerializePartialToArray(data, int(size)) ? size
                                                                       : 0;
}

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size,
                                          size_t max, unsigned seed) {
  google::protobuf::SetLogHandler(nullptr);
  full_onnx::ModelProto model;
  // Bytes now and then, for the frame of the file.
  if (seed % 8 && model.ParsePartialFromArray(data, int(size))) {
    ModelMutator(seed).mutate(model);
    if (size_t changed = store(model, data, max))
      return changed;
  }
  return LLVMFuzzerMutate(data, size, max);
}

extern "C" size_t LLVMFuzzerCustomCrossOver(const uint8_t *first,
                                            size_t firstSize,
                                            const uint8_t *second,
                                            size_t secondSize, uint8_t *out,
                                            size_t max, unsigned seed) {
  google::protobuf::SetLogHandler(nullptr);
  full_onnx::ModelProto model, other;
  if (!model.ParsePartialFromArray(first, int(firstSize)) ||
      !other.ParsePartialFromArray(second, int(secondSize)))
    return 0;
  ModelMutator(seed).cross(model, other);
  return store(model, out, max);
}
