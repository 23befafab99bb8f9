//===- DeviceDots.h - halide.dot without instructions -----------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What halide.dot is on devices, whose code has no instructions of processors.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_EMIT_HALIDE_DEVICEDOTS_H
#define SYLVITE_LIB_EMIT_HALIDE_DEVICEDOTS_H

#include "Halide.h"
#include "sylvite/Dialect/Halide/HalideDialect.h"

namespace sylvite::emit {

/// The sum and its products, of operands as halide.dot has them.
Halide::Expr expandDot(halide::DotKind kind, const Halide::Expr &sum,
                       const Halide::Expr &a, const Halide::Expr &b);

} // namespace sylvite::emit

#endif // SYLVITE_LIB_EMIT_HALIDE_DEVICEDOTS_H
