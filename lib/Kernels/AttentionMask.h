//===- AttentionMask.h - Which keys a query sees ----------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The mask algebra of graph.attention in a kernel. A mask is a conjunction of
/// two parts, of which either may be empty:
///
/// - What depends on the key alone (`padding`, `keep`, `prefix`, and the like
///   of them): it is the same for all queries and heads of a batch.
/// - What depends on the pair (`causal`, `window`, `document`).
///
/// Beside the mask itself there are bounds on the keys that some of a range of
/// queries see, which make loops over keys shorter.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_KERNELS_ATTENTIONMASK_H
#define SYLVITE_LIB_KERNELS_ATTENTIONMASK_H

#include "sylvite/Kernels/KernelBuilder.h"

namespace sylvite {

class AttentionMask {
public:
  AttentionMask(graph::AttentionOp op, KernelBuilder &kernel)
      : op(op), kernel(kernel) {}

  /// Gets the mask's operands, as arguments of the kernel.
  llvm::LogicalResult read();

  /// Is there a part that depends on the key alone?
  bool hasKeyPart() const { return !keyPart.empty(); }
  /// Does that part read operands?
  bool readsKeys() const;
  /// Is there a part that depends on the pair?
  bool hasPairPart() const { return !pairPart.empty(); }

  // Numbers of batch, query and key are i32 and inside the extents; so are the
  // extents of queries and keys, which `setExtents` tells.
  void setExtents(Expr queries, Expr keys) {
    numQueries = queries;
    numKeys = keys;
  }
  /// The part that depends on the key alone.
  Expr isKeySeen(Expr batch, Expr key);
  /// The part that depends on the pair.
  Expr isPairSeen(Expr batch, Expr query, Expr key);

  // The pair's part may bound the keys of a range of queries.
  /// Is something known of the last key that a query sees, or of the first?
  bool hasEnd() const { return hasBound(Side::End); }
  bool hasBegin() const { return hasBound(Side::Begin); }
  /// No query up to `query` sees a key from this one on.
  Expr getEnd(Expr query) { return getBound(Side::End, query); }
  /// No query from `query` on sees a key before this one.
  Expr getBegin(Expr query) { return getBound(Side::Begin, query); }

private:
  Expr write(graph::MaskAttr mask, Expr batch, Expr query, Expr key);
  enum class Side { Begin, End };
  static bool isBounded(graph::MaskAttr mask, Side side);
  bool hasBound(Side side) const;
  Expr getBound(Side side, Expr query);
  Expr getBound(graph::MaskAttr mask, Side side, Expr query);
  /// The query's place among the keys, if both sequences end together.
  Expr alignToEnd(Expr query) { return query + (numKeys - numQueries); }

  graph::AttentionOp op;
  KernelBuilder &kernel;
  std::vector<Operand> operands;
  llvm::SmallVector<graph::MaskAttr> keyPart, pairPart;
  Expr numQueries, numKeys;
};

} // namespace sylvite

#endif // SYLVITE_LIB_KERNELS_ATTENTIONMASK_H
