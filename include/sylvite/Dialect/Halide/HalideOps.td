//===- HalideOps.td - All ops of the halide dialect ---------*- tablegen -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_DIALECT_HALIDE_HALIDEOPS_TD
#define SYLVITE_DIALECT_HALIDE_HALIDEOPS_TD

include "sylvite/Dialect/Halide/Algorithm.td"
include "sylvite/Dialect/Halide/Schedule.td"
include "sylvite/Dialect/Halide/Host.td"

#endif // SYLVITE_DIALECT_HALIDE_HALIDEOPS_TD
