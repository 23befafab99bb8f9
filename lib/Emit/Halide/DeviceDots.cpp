//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Takes words apart by shifts of 32 bits: not all devices have smaller
/// integers.
///
//===----------------------------------------------------------------------===//

#include "DeviceDots.h"

using namespace sylvite;
using Halide::cast;
using Halide::Expr;
using Halide::reinterpret;

/// Bits of a word, as a number with a sign. Of integers with a sign Halide
/// takes it that shifts lose none.
static Expr takeSigned(Expr word, int from, int width) {
  Expr top = cast<uint32_t>(word) << (32 - width - from);
  return reinterpret<int32_t>(top) >> (32 - width);
}

/// Half of a word as the high half of a float.
static Expr takeFloat(Expr word, bool isHigh) {
  Expr bits = cast<uint32_t>(word);
  return reinterpret<float>(isHigh ? bits & 0xFFFF0000u : bits << 16);
}

static constexpr const char *kByteDot = "sylvite_byte_dot";

namespace {
/// Halide knows sums of four lanes of widening products as DP4A, but no
/// algorithm can have them outside of vectors.
class ByteDotLowering : public Halide::Internal::IRMutator {
  using IRMutator::visit;
  Expr visit(const Halide::Internal::Call *call) override {
    using Halide::Internal::VectorReduce;
    if (call->name != kByteDot)
      return IRMutator::visit(call);
    Expr sum = mutate(call->args[0]);
    Expr a = reinterpret(Halide::UInt(8, 4), mutate(call->args[1]));
    Expr b = reinterpret(Halide::Int(8, 4), mutate(call->args[2]));
    Expr products = cast(Halide::Int(32, 4), Halide::widening_mul(a, b));
    return sum + VectorReduce::make(VectorReduce::Add, products, 1);
  }
};
} // namespace

void emit::lowerByteDots(Halide::Pipeline &pipeline) {
  pipeline.add_custom_lowering_pass(new ByteDotLowering);
}

Expr emit::expandDot(halide::DotKind kind, const Device &device,
                     const Expr &sum, const Expr &a, const Expr &b) {
  using Halide::Internal::Call;
  if (kind == halide::DotKind::U8S8 && device.api == Device::Api::Cuda)
    return Call::make(Halide::Int(32), kByteDot, {sum, a, b}, Call::PureExtern);
  Expr left = cast<int32_t>(a), right = cast<int32_t>(b), result = sum;
  switch (kind) {
  case halide::DotKind::U8S8:
    for (int from = 0; from != 32; from += 8)
      result = result + ((left >> from) & 255) * takeSigned(right, from, 8);
    return result;
  case halide::DotKind::S16S8:
    for (int part = 0; part != 2; ++part)
      result = result +
               takeSigned(left, 16 * part, 16) * takeSigned(right, 8 * part, 8);
    return result;
  case halide::DotKind::BF16:
    for (bool isHigh : {false, true})
      result = result + takeFloat(left, isHigh) * takeFloat(right, isHigh);
    return result;
  }
  llvm_unreachable("all kinds are above");
}
