//===- PackWeight.h - The bytes of a packed weight --------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// From tensors in the model's files to the bytes that kernels read: what a
/// `halide.weight` says, carried out.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_KERNELS_PACKWEIGHT_H
#define SYLVITE_KERNELS_PACKWEIGHT_H

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "sylvite/Dialect/Halide/HalideDialect.h"
#include "sylvite/Import/SafeTensors/WeightStore.h"

namespace sylvite {

/// What a `halide.weight` says.
struct WeightSpec {
  /// The packed tensor.
  mlir::RankedTensorType type;
  /// Names in the model's files; or none, and a value.
  std::vector<std::string> sources;
  mlir::ElementsAttr value;
  /// The dimension along which the sources stand one after the other.
  int64_t axis = 0;
  /// Columns of a panel; 0 for none.
  int64_t panels = 0;
  bool transposed = false;
  /// What words are made of; null where elements are those of `type`.
  mlir::Type words;
  /// What is kept of the quantised matrix; none where it is not quantised.
  std::optional<halide::QuantizedPart> quantized;

  WeightSpec() = default;
  explicit WeightSpec(halide::WeightOp op);
  /// How many stand in one element of `type`.
  int64_t getWordElements() const;
  /// The elements of the packed tensor, and its shape with them.
  mlir::Type getElementType() const;
  llvm::SmallVector<int64_t> getShape() const;
};

/// Writes the bytes of a packed weight: as many as its type has, one byte for a
/// boolean.
///
/// With S the sources concatenated along `axis` (the rows of a matrix are its
/// dimension 0; a vector that is packed is a matrix of one row):
///
/// | | element |
/// | --- | --- |
/// | plain | S |
/// | `transposed` | y[k, n] = S[n, k] |
/// | `panels(w)` | y[n / w, k, n mod w] = S[k, n], 0 beyond the last column |
/// | both | y[n / w, k, n mod w] = S[n, k], 0 beyond the last row |
///
/// With `words` of bf16, [2 k, n] and [2 k + 1, n] of a panel stand side by
/// side, in one element of the type; with words of i8, [k, n], [k + K', n] and
/// so on, where K' is the number of words along the depth.
///
/// What is `quantized` is floats in the files, and one of the parts that
/// `halide.weight` lists. It takes a second look at them, for the scales;
/// numbers that are not finite are an error.
///
/// Floats of the file are widened or rounded to the floats of the type, f32,
/// f16 or bf16, and must lie in its range; other element types must be those of
/// the file. A plain weight may have other dimensions with as many elements.
/// Fails where a source is missing or does not fit; messages do not name the
/// weight. Takes memory for some 64 MB of the weight, for all of one that is
/// transposed without panels or quantised, and of one that is calculated.
llvm::Error packWeight(const WeightSpec &weight, const WeightStore &store,
                       llvm::raw_ostream &os);

} // namespace sylvite

#endif // SYLVITE_KERNELS_PACKWEIGHT_H
