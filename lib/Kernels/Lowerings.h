//===- Lowerings.h - The lowerings of the ops -------------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The functions behind the list of Lowerings.cpp, and what they share.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_KERNELS_LOWERINGS_H
#define SYLVITE_LIB_KERNELS_LOWERINGS_H

#include "sylvite/Kernels/Lowering.h"

namespace sylvite {

/// `activation` of a float of 32 or 64 bits.
Expr applyActivation(graph::Activation activation, Expr x);

/// The type to calculate in with elements of this type: f32 in place of
/// narrower floats, else the type itself.
mlir::Type getComputeType(mlir::Type element);

/// exp(x), and 0 for x < -87, where it is less than any normal f32. Takes -inf.
Expr expOrZero(Expr x);

/// An index of any integer type as an i32 inside [0, extent).
Expr clampIndex(Expr index, int64_t extent);

/// Notes on the call of a kernel that makes an op's result which ops it
/// computes (OriginOps.h).
void noteOrigins(mlir::Operation *op, LoweringContext &context);

/// The operand of an op that need not be there; none where it is not.
mlir::FailureOr<std::optional<Operand>> readOptional(KernelBuilder &kernel,
                                                     mlir::Value value);

/// "f32", "i64": an element type in the name of a kernel.
std::string getTypeName(mlir::Type element);

llvm::LogicalResult lowerArgmax(graph::ArgmaxOp op, LoweringContext &context);
llvm::LogicalResult lowerAttention(graph::AttentionOp op,
                                   LoweringContext &context);
/// Queries of a block of attention.
constexpr int64_t kAttentionRows = 8;
/// The result of an attention whose weights are calculated: their tensor.
/// The output of an attention whose queries go by blocks of `rows`. Where a
/// constant number of them, on `axis`, leaves a part of a block, the kernel
/// takes it as it comes: Halide folds it into bounds that it cannot prove then.
Output openQueries(Output output, unsigned axis, int64_t rows);
llvm::LogicalResult lowerWeightedSum(graph::AttentionOp op, mlir::Value weights,
                                     LoweringContext &context);
llvm::LogicalResult lowerCumsum(graph::CumsumOp op, LoweringContext &context);
llvm::LogicalResult lowerEmbedding(graph::EmbeddingOp op,
                                   LoweringContext &context);
llvm::LogicalResult lowerEmbeddings(graph::EmbeddingsOp op,
                                    LoweringContext &context);
llvm::LogicalResult lowerL2Normalize(graph::L2NormalizeOp op,
                                     LoweringContext &context);
llvm::LogicalResult lowerLayerNorm(graph::LayerNormOp op,
                                   LoweringContext &context);
llvm::LogicalResult lowerLinear(graph::LinearOp op, LoweringContext &context);
llvm::LogicalResult lowerLogSoftmax(graph::LogSoftmaxOp op,
                                    LoweringContext &context);
llvm::LogicalResult lowerMatmul(graph::MatmulOp op, LoweringContext &context);
llvm::LogicalResult lowerPositionalEncoding(graph::PositionalEncodingOp op,
                                            LoweringContext &context);
llvm::LogicalResult lowerRotaryEmbedding(graph::RotaryEmbeddingOp op,
                                         LoweringContext &context);
llvm::LogicalResult lowerPackRows(graph::PackRowsOp op,
                                  LoweringContext &context);
llvm::LogicalResult lowerPool(graph::PoolOp op, LoweringContext &context);
llvm::LogicalResult lowerReduce(graph::ReduceOp op, LoweringContext &context);
llvm::LogicalResult lowerRmsNorm(graph::RmsNormOp op, LoweringContext &context);
llvm::LogicalResult lowerScan(graph::ScanOp op, LoweringContext &context);
llvm::LogicalResult lowerScatter(graph::ScatterOp op, LoweringContext &context);
llvm::LogicalResult lowerSoftmax(graph::SoftmaxOp op, LoweringContext &context);
llvm::LogicalResult lowerUnpackRows(graph::UnpackRowsOp op,
                                    LoweringContext &context);
llvm::LogicalResult lowerUpdate(graph::UpdateOp op, LoweringContext &context);

} // namespace sylvite

#endif // SYLVITE_LIB_KERNELS_LOWERINGS_H
