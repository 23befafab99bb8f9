//===- AttentionKernel.h - Attention as one kernel --------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What the parts of the lowering of `graph.attention` share. Attention.cpp
/// lists the functions of the kernel and has the scores and what becomes of
/// them, AttentionOnline.cpp the same for devices, AttentionOperands.cpp what
/// the two products read.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_KERNELS_ATTENTIONKERNEL_H
#define SYLVITE_LIB_KERNELS_ATTENTIONKERNEL_H

#include "AttentionMask.h"
#include "ScoreFormula.h"
#include "sylvite/Kernels/AttentionForm.h"

namespace sylvite {

/// What a masked score is, and the least maximum.
constexpr double kMasked = -1e30, kLeastMax = -1e29;
/// Panels that a register tile of scores may have.
constexpr int64_t kTilePanels = 2;
constexpr double kLog2E = 1.4426950408889634;
/// Features of a group that a running maximum and sum belong to.
constexpr int64_t kStateFeatures = 4;

class AttentionKernel {
public:
  AttentionKernel(graph::AttentionOp op, LoweringContext &context);
  llvm::LogicalResult lower();

private:
  llvm::LogicalResult readOperands();

  // Coordinates. Those past the end are the last query's and key's.
  Expr getQuery(Expr qi, Expr qo) {
    return min(qo * double(form.rows) + qi, numQueries - 1);
  }
  Expr getKey(Expr place) { return min(place, numKeys - 1); }
  /// A key's number, which may be past the end.
  Expr getPlace(Expr ki, Expr ko) { return ko * double(form.lanes) + ki; }
  Expr getKeyHead(Expr head) { return floorDiv(head, double(group)); }
  Expr at(const Operand &operand, Expr batch, Expr head, Expr position,
          Expr feature);

  // The operands of the scores' product.
  void writeQuery();
  void writeKey();
  void writeProjection(llvm::StringRef name, bool isQuery,
                       const Operand &matrix);
  void writeNorm(llvm::StringRef name, bool isQuery);
  /// A feature of a key.
  Expr readKey(Expr feature, Expr place, Expr keyHead, Expr batch);
  /// The same, or a pair of features.
  Expr readKeyFactor(Expr f, Expr place, Expr keyHead, Expr batch);
  /// key(ki, f, ko, h, b), where vectors divide the features.
  void transposeKey();

  /// A part of what both products of bf16 multiply: its word of two features.
  Expr pairFeatures(Expr pair, llvm::function_ref<Expr(Expr feature)> read);
  /// Features, or words of them, of a query or a key.
  Expr getProductDepth();

  // The values, and the one of a key of a panel.
  void writeValue();
  Expr readValue(Expr feature, Expr ki, Expr ko, Expr keyHead, Expr batch);
  /// A value of the operand, and zero where the key is seen by no query.
  Expr readSeenValue(Expr feature, Expr ki, Expr ko, Expr keyHead, Expr batch);
  /// The same, but zero where a loop of its own adds what is not finite.
  Expr readFiniteValue(Expr feature, Expr ki, Expr ko, Expr keyHead,
                       Expr batch);
  /// Has a panel values that are not finite?
  Expr hasOthers(Expr ko, Expr keyHead, Expr batch);
  /// Such a value, where the weight is not zero; else zero.
  Expr readOther(Expr weight, Expr feature, Expr ki, Expr ko, Expr keyHead,
                 Expr batch);

  void writeDot();
  void writeLaneDot();
  void writeScore();
  void writeMax();
  void writeWeight();
  void writeSum();
  void writeAcc();
  /// Adds to `acc` all values, or only those that are not finite.
  void accumulate(bool ofOthers);
  void writeMean();
  /// Puts blocks of keys together.
  void writeMerged();
  /// All that follows scores where blocks of keys come one after the other.
  void writeOnline();
  void writeBlockMax();
  void writeBlockWeight();
  void writeBlockSum();
  void writeBlockAcc();
  void writeState();
  Func writeInverse(Func total, llvm::ArrayRef<llvm::StringRef> vars);

  /// The kernels' ends.
  void finishResult();
  llvm::LogicalResult finishWeights();

  // Blocks. `block` is (kb, qo, h, b).
  /// The panels of a block of keys, from its first one on, or as many groups of
  /// `panels`.
  sylvite::Range getPanels(llvm::StringRef name = "ko", int64_t panels = 1) {
    return {name, kernel.index(0),
            form.blockKeys ? kernel.index(form.blockKeys / getWidth(panels))
                           : countPanels(panels)};
  }
  Expr getPanel(Expr ko, Expr kb, int64_t panels = 1) {
    return form.blockKeys ? kb * double(form.blockKeys / getWidth(panels)) + ko
                          : ko;
  }
  /// Keys of some panels, and how many groups of so many all keys make.
  int64_t getWidth(int64_t panels) { return panels * form.lanes; }
  Expr countPanels(int64_t panels = 1) {
    double width = getWidth(panels);
    return floorDiv(numKeys + (width - 1), width);
  }
  AttentionMask::Block getQueries(Vars block) {
    Expr first = block[1] * double(form.rows);
    return {block[1], first, min(first + double(form.rows - 1), numQueries - 1),
            block[3]};
  }
  /// Inside an update over runs of `width` keys that begin with `first`: leaves
  /// those of which a query of the block may see some.
  void restrictKeys(Expr first, int64_t width, Vars block);
  /// The key, or the panel of `width` keys, inside of those that some query of
  /// the block may see, which it is already: bounds inference does not see that
  /// by two conditions.
  Expr clampToSeen(Expr place, int64_t width, Vars block);
  /// Inside an update of scores: leaves out panels that no query of the block
  /// sees, `panels` from `ko` on, by what operands tell. Bounds inference cuts
  /// loops to what indices tell, not to a function's values.
  void restrictPanels(Expr ko, int64_t panels, Vars block);
  /// A sum or a maximum over the scores or weights of a row: first for each
  /// lane of a panel, then over lanes.
  /// `panels` of them stand for one in `element`.
  Func reduceRows(llvm::StringRef name, double initial, int64_t panels,
                  llvm::function_ref<Expr(Expr, Expr)> combine,
                  llvm::function_ref<Expr(Vars)> element);

  graph::AttentionOp op;
  LoweringContext &context;
  mlir::Type element, wide;
  /// What both products multiply: `wide`, or words of bf16.
  mlir::Type factor;
  AttentionForm form;
  KernelBuilder kernel;
  AttentionMask mask;
  ScoreFormula formula;
  std::optional<Operand> query, key, value, bias;
  std::vector<Operand> similarity;
  graph::AttentionOp::Axes axes;
  int64_t group;
  /// Is a score multiplied by log2(e) after the product, not before?
  bool scalesLate;
  Expr numQueries, numKeys, numPanels, depth;
  Func queryPart, keyPart, queryNorm, keyNorm;
  Func queries, keys, values, valueBits, dot, score, maximum, weight, sum, acc,
      state, mean;
};

} // namespace sylvite

#endif // SYLVITE_LIB_KERNELS_ATTENTIONKERNEL_H
