//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The list of all policies.
///
//===----------------------------------------------------------------------===//

#include "Policies.h"
#include "llvm/ADT/StringSwitch.h"

using namespace sylvite;

Policy sylvite::findPolicy(llvm::StringRef kernelClass) {
  return llvm::StringSwitch<Policy>(kernelClass)
      .Case("argmax", scheduleArgmax)
      .Case("attention", scheduleAttention)
      .Cases({"copy", "elementwise", "gather", "scatter"}, scheduleFallback)
      .Cases({"layer_norm", "rms_norm", "embeddings"}, scheduleNorm)
      .Case("pool", schedulePool)
      .Case("quantize", scheduleQuantize)
      .Case("reduce", scheduleReduce)
      .Case("scan", scheduleScan)
      .Cases({"softmax", "normalize"}, scheduleSoftmax)
      .Cases({"linear", "matmul"}, scheduleProduct)
      .Case("linear_norm", scheduleLinearNorm)
      .Case("update", scheduleUpdate)
      .Default(nullptr);
}
