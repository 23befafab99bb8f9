//===- CallArray.h - A buffer to call a kernel with -------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Memory with numbers of the kind that a model has there: random ones, the
/// same in every run.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_MEASURE_CALLARRAY_H
#define SYLVITE_MEASURE_CALLARRAY_H

#include "HalideRuntime.h"
#include "sylvite/Measure/KernelCalls.h"
#include "llvm/Support/Error.h"

namespace sylvite {

class CallArray {
public:
  /// Floating-point numbers are normal, integers are of the buffer's range. An
  /// element type that has no rule is an error.
  static llvm::Expected<CallArray> create(const CallBuffer &call);

  /// Halide's description of it, which is valid while this lives where it is.
  halide_buffer_t *describe();

private:
  template <typename T, typename Distribution>
  void fill(Distribution distribution, halide_type_t elementType);

  halide_type_t type = {};
  int64_t count = 1;
  std::vector<halide_dimension_t> dims;
  std::vector<char> memory;
  halide_buffer_t buffer = {};
};

} // namespace sylvite

#endif // SYLVITE_MEASURE_CALLARRAY_H
