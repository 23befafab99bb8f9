//===- Parts.h - What several families of operators write -------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Parts of operators, for those of ONNX Runtime, which are several of the
/// standard's in one. Null goes through all of them, as through a GraphWriter.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_IMPORT_ONNX_PARTS_H
#define SYLVITE_LIB_IMPORT_ONNX_PARTS_H

#include "Importer.h"

namespace sylvite {

/// [batch, sequence, heads * features] -> [batch, heads, sequence, features].
mlir::Value splitHeads(Node &node, mlir::Value x, int64_t heads);
/// The way back.
mlir::Value mergeHeads(GraphWriter &ops, mlir::Value x);
/// Each key head as often as query heads read it.
mlir::Value repeatHeads(GraphWriter &ops, mlir::Value x, int64_t times);

/// How features are rotated: `features` of them, or all where that is 0.
struct Rotation {
  mlir::Value cosine, sine;
  int64_t features = 0;
  bool interleaved = false;
};
/// Rotates [batch, heads, sequence, features] by tables [rows, pairs] at
/// positions [batch, sequence], or by [batch, sequence, pairs] without
/// positions.
mlir::Value rotate(Node &node, mlir::Value x, Rotation rotation,
                   mlir::Value positions);

/// Rows of a table. Identifiers that are an input of the model are checked when
/// it is called.
mlir::Value lookUp(Node &node, mlir::Value table, mlir::Value indices);

/// The activation of ONNX Runtime's fused operators by its name; null after
/// something that is not supported.
mlir::Value activate(Node &node, llvm::StringRef name, mlir::Value x);

/// A scale or a zero point, one for a tensor or one for each element along an
/// axis, so that it broadcasts to a tensor of that rank.
mlir::Value alongAxis(GraphWriter &ops, mlir::Value factor, int64_t axis,
                      int64_t rank);
/// x as 8 bits and back, over the range of the whole tensor, as
/// DynamicQuantizeLinear has it.
mlir::Value roundToBytes(Node &node, mlir::Value x);

} // namespace sylvite

#endif // SYLVITE_LIB_IMPORT_ONNX_PARTS_H
