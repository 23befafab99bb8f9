//===- WorkFormulas.h - Work of kernels as formulas -------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The FLOP and bytes of each call of a kernel as polynomials in the function's
/// dimensions, for a profiler that knows extents only when the program runs.
///
/// Ops tell their costs at given extents (Dialect/Graph/Cost.h), not as
/// formulas. Costs are looked at in a grid of extents, the polynomial of at
/// most second degree in each dimension that goes through these is taken, and
/// is kept only if it also holds at another place. What is not such a
/// polynomial, or has coefficients that are not whole and positive, has no
/// formula.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_PIPELINES_WORKFORMULAS_H
#define SYLVITE_PIPELINES_WORKFORMULAS_H

#include "mlir/IR/BuiltinOps.h"

#include <memory>

namespace sylvite {

class WorkFormulas {
public:
  WorkFormulas();
  ~WorkFormulas();

  /// Looks at the numbered ops of all public functions, before kernels are
  /// formed.
  void trace(mlir::ModuleOp module);
  /// Notes at the calls of kernels, in the attributes of WorkAttrs.h, what they
  /// have to do and for whom.
  void annotate(mlir::ModuleOp module) const;

private:
  struct Function;
  std::vector<std::unique_ptr<Function>> functions;
};

/// The polynomial through samples on a grid: `samples` has one value for each
/// choice of one of `points` per dimension, the last dimension fastest. As
/// text, "2 * batch * seq + 8"; empty where a coefficient is not a whole
/// positive number.
std::string interpolate(llvm::ArrayRef<std::string> dims,
                        llvm::ArrayRef<std::vector<int64_t>> points,
                        std::vector<double> samples);

} // namespace sylvite

#endif // SYLVITE_PIPELINES_WORKFORMULAS_H
