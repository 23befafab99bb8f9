//===- Precision.h - In which precision weights are stored ------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The precisions by their names, and the one that a module notes.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_PRECISION_PRECISION_H
#define SYLVITE_PRECISION_PRECISION_H

#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"

#include <optional>
#include <string>
#include <vector>

namespace sylvite {

/// How weights of layers are stored.
enum class Precision { F32, BF16, F16, Int8 };

struct PrecisionInfo {
  Precision precision;
  /// As users write it.
  llvm::StringRef name;
};

/// All precisions, widest first.
llvm::ArrayRef<PrecisionInfo> getPrecisions();

llvm::StringRef getPrecisionName(Precision precision);

/// The precision of that name, or an error that lists them.
llvm::Expected<Precision> parsePrecision(llvm::StringRef name);

/// What was made of one linear layer.
struct LayerPrecision {
  std::string function;
  /// The weight's tensors; the first one, and how many others.
  std::string weight;
  int64_t inputs = 0, outputs = 0;
  bool isQuantized = false;
  /// The relative error of the product, or of the weight alone; none where
  /// nothing is known of it.
  std::optional<double> error;
  bool isOfProduct = false;
  /// Why it stays as it is.
  std::string reason;
};

/// What sylvite-lower-precision decided of each layer.
struct PrecisionReport {
  std::vector<LayerPrecision> layers;
  /// Prints a table of the layers.
  void print(llvm::raw_ostream &os) const;
};

/// The relative error beyond which a layer is not quantised.
constexpr double kPrecisionLimit = 0.05;

/// The module attribute that names the precision to which weights have been
/// lowered. Without it they are as the model has them.
constexpr llvm::StringLiteral kPrecisionAttr = "sylvite.precision";

} // namespace sylvite

#endif // SYLVITE_PRECISION_PRECISION_H
