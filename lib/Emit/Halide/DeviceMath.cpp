//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Reductions and polynomials are the usual ones for 53 bits: by Cody and Waite
/// (Software Manual for the Elementary Functions, 1980), with the coefficients
/// of fdlibm (Sun Microsystems, 1993).
///
//===----------------------------------------------------------------------===//

#include "DeviceMath.h"

#include "llvm/ADT/bit.h"
#include <initializer_list>

using namespace sylvite;
using namespace Halide::Internal;
using Halide::cast;
using Halide::Expr;
using Halide::reinterpret;
using Halide::select;

static Expr number(double value) {
  return FloatImm::make(Halide::Float(64), value);
}

/// first + x (second + x (...)).
static Expr horner(Expr x, std::initializer_list<double> coefficients) {
  Expr sum;
  for (auto it = std::rbegin(coefficients); it != std::rend(coefficients); ++it)
    sum = sum.defined() ? number(*it) + x * sum : number(*it);
  return sum;
}

/// The sine of x plus so many quarters of a turn. The error is some units of
/// the last digit for |x| below 2^20 pi / 2; then pi / 2 has too few digits
/// here.
static Expr sineOfTurned(Expr x, int quarters) {
  Expr scaled = x * number(0.63661977236758134308);
  Expr half = select(scaled < number(0), number(-0.5), number(0.5));
  Expr quarter = cast<int64_t>(scaled + half);
  Expr n = cast<double>(quarter);
  Expr r = x - n * number(1.57079632673412561417e+00);
  r = r - n * number(6.07710050630396597660e-11);
  r = r - n * number(2.02226624871116645580e-21);
  Expr z = r * r;
  Expr sine =
      r +
      r * z *
          horner(z, {-1.66666666666666324348e-01, 8.33333333332248946124e-03,
                     -1.98412698298579493134e-04, 2.75573137070700676789e-06,
                     -2.50507602534068634195e-08, 1.58969099521155010221e-10});
  Expr cosine =
      number(1) - z * number(0.5) +
      z * z *
          horner(z, {4.16666666666666019037e-02, -1.38888888888741095749e-03,
                     2.48015872894767294178e-05, -2.75573143513906633035e-07,
                     2.08757232129817482790e-09, -1.13596475577881948265e-11});
  Expr place = (quarter + Expr(int64_t(quarters))) & Expr(int64_t(3));
  Expr size =
      select((place & Expr(int64_t(1))) == Expr(int64_t(0)), sine, cosine);
  return select((place & Expr(int64_t(2))) == Expr(int64_t(0)), size, -size);
}

/// ln x of a normal number; of 0 and below what the processor says.
static Expr logarithm(Expr x) {
  Expr bits = reinterpret<int64_t>(x);
  // From half the square root of 2 to the square root.
  Expr moved = bits + Expr(int64_t(0x00095f6200000000));
  Expr exponent = (moved >> Expr(int64_t(52))) - Expr(int64_t(1023));
  Expr m = reinterpret<double>(bits - (exponent << Expr(int64_t(52))));
  Expr f = m - number(1), s = f / (number(2) + f), z = s * s;
  Expr rest = z * horner(z, {6.666666666666735130e-01, 3.999999999940941908e-01,
                             2.857142874366239149e-01, 2.222219843214978396e-01,
                             1.818357216161805012e-01, 1.531383769920937332e-01,
                             1.479819860511658591e-01});
  Expr halfSquare = f * f * number(0.5), n = cast<double>(exponent);
  Expr result = n * number(6.93147180369123816490e-01) -
                ((halfSquare - (s * (halfSquare + rest) +
                                n * number(1.90821492927058770002e-10))) -
                 f);
  Expr infinity = reinterpret<double>(Expr(int64_t(0x7ff0000000000000)));
  Expr none = reinterpret<double>(Expr(int64_t(0x7ff8000000000000)));
  result = select(x == number(0), -infinity, result);
  result = select(x < number(0), none, result);
  // Infinity and what is no number stay as they are.
  return select((bits & Expr(int64_t(0x7ff0000000000000))) ==
                    Expr(int64_t(0x7ff0000000000000)),
                select(x < number(0), none, x), result);
}

namespace {
class LowerMath : public IRMutator {
  using IRMutator::visit;

  Stmt visit(const For *loop) override {
    bool before = isInside;
    isInside |= is_gpu(loop->for_type);
    Stmt changed = IRMutator::visit(loop);
    isInside = before;
    return changed;
  }

  Expr visit(const Call *call) override {
    Expr changed = IRMutator::visit(call);
    call = changed.as<Call>();
    if (!isInside || !call || call->args.size() != 1 ||
        call->type != Halide::Float(64))
      return changed;
    Expr x = call->args[0], lowered;
    if (call->name == "sin_f64")
      lowered = sineOfTurned(x, 0);
    else if (call->name == "cos_f64")
      lowered = sineOfTurned(x, 1);
    else if (call->name == "log_f64")
      lowered = logarithm(x);
    else
      return changed;
    // Its constants.
    return mutate(lowered);
  }

  Expr visit(const FloatImm *constant) override {
    if (!isInside || constant->type != Halide::Float(64) ||
        double(float(constant->value)) == constant->value)
      return constant;
    return reinterpret<double>(
        Expr(llvm::bit_cast<int64_t>(double(constant->value))));
  }

  bool isInside = false;
};
} // namespace

void emit::lowerDeviceMath(Halide::Pipeline &pipeline) {
  pipeline.add_custom_lowering_pass(new LowerMath);
}
