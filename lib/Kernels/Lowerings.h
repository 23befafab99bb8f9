//===- Lowerings.h - The lowerings of the ops ---------------------*- C++
//-*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The functions behind the list of Lowerings.cpp, and what they share.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_KERNELS_LOWERINGS_H
#define SYLVITE_LIB_KERNELS_LOWERINGS_H

#include "sylvite/Kernels/Lowering.h"

namespace sylvite {

/// `activation` of a float of 32 or 64 bits.
Expr applyActivation(graph::Activation activation, Expr x);

/// The type to calculate in with elements of this type: f32 in place of
/// narrower floats, else the type itself.
mlir::Type getComputeType(mlir::Type element);

/// "f32", "i64": an element type in the name of a kernel.
std::string getTypeName(mlir::Type element);

} // namespace sylvite

#endif // SYLVITE_LIB_KERNELS_LOWERINGS_H
