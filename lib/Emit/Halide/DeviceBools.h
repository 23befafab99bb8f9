//===- DeviceBools.h - Truth values for kernels -----------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Has the processor give truth values to kernels of a device as integers of 32
/// bits. Halide makes one byte of each, which Vulkan has no type for: a kernel
/// would read its neighbours, too.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_EMIT_HALIDE_DEVICEBOOLS_H
#define SYLVITE_LIB_EMIT_HALIDE_DEVICEBOOLS_H

#include "Halide.h"

namespace sylvite::emit {

/// Does so in what will be lowered of the pipeline.
void widenDeviceBools(Halide::Pipeline &pipeline);

} // namespace sylvite::emit

#endif // SYLVITE_LIB_EMIT_HALIDE_DEVICEBOOLS_H
