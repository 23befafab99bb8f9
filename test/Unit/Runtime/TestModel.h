//===-- TestModel.h - A compiled library made by hand -----------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A descriptor like the one the compiler makes: one function `scale` of
/// dimensions batch and seq,
///
///   ids   i64 [batch, seq] in [0, 10)
///   mask  i64 [batch, seq], default 1, may be given as lengths
///   gain  f32 [2], default 2.5
///   out   f32 [batch, seq]     = ids * mask * gain[0]
///   sum   i64 [batch]          = row sums of mask
///
/// whose "kernels" are plain C++.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_TEST_UNIT_RUNTIME_TESTMODEL_H
#define SYLVITE_TEST_UNIT_RUNTIME_TESTMODEL_H

#include "Internal.h"

#include <vector>

struct TestModel {
  TestModel();

  /// Opens the model without weights and makes a context.
  sylvite_context *open();
  void close();

  sylvite_dim dims[2];
  sylvite_tensor inputs[3], outputs[2];
  sylvite_function function;
  sylvite_weights weights;
  sylvite_descriptor descriptor;
  /// The descriptor alone; tests may add others.
  const sylvite_descriptor *variants[4] = {&descriptor};
  sylvite_model *model = nullptr;
  sylvite_context *context = nullptr;

  /// What the implementation returns, and whether it tells halide_error.
  static int32_t result;
  static const char *reported;
  /// The arena that the implementation saw last.
  static uint8_t *arena;
  /// Bytes the arena function asks for, and what it asks for each row besides.
  static uint64_t arenaBytes, rowBytes;
  /// The extents of batch that the implementation saw.
  static std::vector<int64_t> batches;
};

#endif // SYLVITE_TEST_UNIT_RUNTIME_TESTMODEL_H
