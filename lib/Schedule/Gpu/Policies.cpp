//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The list of all policies for devices.
///
//===----------------------------------------------------------------------===//

#include "Gpu.h"
#include "llvm/ADT/StringSwitch.h"

using namespace sylvite;

Policy sylvite::findGpuPolicy(llvm::StringRef kernelClass) {
  return llvm::StringSwitch<Policy>(kernelClass)
      .Cases({"layer_norm", "rms_norm", "embeddings", "softmax", "normalize",
              "reduce", "argmax", "quantize"},
             scheduleGpuRows)
      .Cases({"linear", "matmul"}, scheduleGpuProduct)
      .Case("linear_norm", scheduleGpuLinearNorm)
      .Case("attention", scheduleGpuAttention)
      .Case("pool", scheduleGpuPool)
      .Default(nullptr);
}
