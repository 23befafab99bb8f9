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
/// Beside the mask itself there is, for a block of queries, the range of keys
/// that some of them see, which loops over keys are cut to.
///
/// Masks that are read of operands have functions that calculate their ranges:
///
///     length(b)                    how many keys a `padding` shows
///     mask(ki, ko, b), end(b)      `keep` on keys: all bits or none, and how
///                                  many keys are left after the last one shown
///     document_low(qo, b), document_high(qo, b)
///                                  the documents of a block's queries
///     document_begin(qo, b), document_end(qo, b)
///                                  the keys of these documents
///
/// (those of a second operand are called length1, document1_low, ...).
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_KERNELS_ATTENTIONMASK_H
#define SYLVITE_LIB_KERNELS_ATTENTIONMASK_H

#include "sylvite/Kernels/KernelBuilder.h"
#include <map>

namespace sylvite {

/// Keys from `begin` to before `end`; either is null where nothing is known.
struct KeyRange {
  Expr begin, end;
};

class AttentionMask {
public:
  /// A block of queries: its number, its first and its last query. With
  /// `isStatic`, what operands tell is left out.
  struct Block {
    Expr number, first, last, batch;
    bool isStatic = false;
  };

  AttentionMask(graph::AttentionOp op, KernelBuilder &kernel)
      : op(op), kernel(kernel) {}

  /// Gets the mask's operands, as arguments of the kernel.
  llvm::LogicalResult read();

  // Numbers of batch, query and key are i32 and inside the extents; so are the
  // extents of queries and keys, which `setExtents` tells.
  void setExtents(Expr queries, Expr keys) {
    numQueries = queries;
    numKeys = keys;
  }
  /// Writes the functions above, for blocks of `rows` queries and panels of
  /// `lanes` keys. Without it a mask reads its operands wherever it is asked,
  /// and of those only `padding` tells a range.
  void writeTables(int64_t rows, int64_t lanes);

  /// From here on says a < b by the sign of the difference. Halide solves
  /// comparisons for the variables in them, and cuts what is computed to that:
  /// a device's tiles would not be at constant places any more, and bounds,
  /// which the processor calculates, would ask for what only the device has.
  void compareByBits() { comparesByBits = true; }
  /// Is one number of a query or key less than the other?
  Expr isLess(Expr a, Expr b) const {
    return comparesByBits ? shiftRight(a - b, 31) != 0 : a < b;
  }
  Expr isAtMost(Expr a, Expr b) const {
    return comparesByBits ? isLess(a, b + 1) : a <= b;
  }

  /// Are there any? Then ranges depend on what operands hold.
  bool hasTables() const;

  /// Is there a mask at all?
  bool hasAny() const { return hasKeyPart() || hasPairPart(); }
  /// Is there a part that depends on the key alone?
  bool hasKeyPart() const { return !keyPart.empty(); }
  /// Is it a table, which also hides lanes past the last key?
  bool hasKeyTable() const { return bool(keyTable.getOp()); }
  /// Is there a part that depends on the pair?
  bool hasPairPart() const { return !pairPart.empty(); }

  /// The part that depends on the key alone, for a lane of a panel.
  Expr isKeySeen(Expr ki, Expr ko, Expr key, Expr batch);
  /// The part that depends on the pair.
  Expr isPairSeen(Expr batch, Expr query, Expr key);

  /// No query of the block sees a key outside of this.
  KeyRange getSeen(const Block &block);

private:
  /// Where the keys of a document lie.
  struct Documents {
    Func low, high, begin, end;
  };

  Expr write(graph::MaskAttr mask, Expr batch, Expr query, Expr key);
  void writeLength(graph::MaskAttr leaf);
  /// How many keys a `padding` shows, of its function or its operand.
  Expr getLength(graph::MaskAttr leaf, Expr batch);
  Expr readLength(graph::MaskAttr leaf, Expr batch);
  void writeKeyTable(int64_t lanes);
  void writeDocuments(graph::MaskAttr leaf, int64_t rows);
  KeyRange getSeen(graph::MaskAttr mask, const Block &block);
  /// The query's place among the keys, if both sequences end together.
  Expr alignToEnd(Expr query) { return query + (numKeys - numQueries); }

  graph::AttentionOp op;
  KernelBuilder &kernel;
  std::vector<Operand> operands;
  llvm::SmallVector<graph::MaskAttr> keyPart, pairPart;
  bool comparesByBits = false;
  Expr numQueries, numKeys;
  Func keyTable, keyEnd;
  /// By their operands.
  std::map<int64_t, Func> lengths;
  std::map<int64_t, Documents> documents;
};

} // namespace sylvite

#endif // SYLVITE_LIB_KERNELS_ATTENTIONMASK_H
