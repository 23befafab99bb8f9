//===- ReductionUse.h - Do updates use their domains? -----------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Halide knows of an update's reduction domain through the variables that its
/// value and its place use. An update that uses none runs once.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_DIALECT_HALIDE_REDUCTIONUSE_H
#define SYLVITE_DIALECT_HALIDE_REDUCTIONUSE_H

#include "sylvite/Dialect/Halide/HalideDialect.h"

namespace sylvite::halide {

/// Do the value and the place of an update use one of its reduction variables?
bool usesReduction(UpdateOp op);

} // namespace sylvite::halide

#endif // SYLVITE_DIALECT_HALIDE_REDUCTIONUSE_H
