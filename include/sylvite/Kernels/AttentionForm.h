//===- AttentionForm.h - How attention is calculated ------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The form that the kernel of a `graph.attention` has, which its extents, the
/// target and the size of caches decide.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_KERNELS_ATTENTIONFORM_H
#define SYLVITE_KERNELS_ATTENTIONFORM_H

#include "sylvite/Dialect/Graph/GraphDialect.h"
#include "sylvite/Support/Target.h"

namespace sylvite {

struct AttentionForm {
  /// Queries of a block, whose scores are in memory at the same time.
  int64_t rows;
  /// Keys of a panel: lanes of a vector.
  int64_t lanes;
  /// Keys of a block where they are too many for all scores of a block of
  /// queries to stay in the cache; else 0.
  int64_t blockKeys;
  /// With one query, every key is read once: scores are sums over its features
  /// in place. With several, keys are transposed into panels first.
  bool hasPanels;
  /// Are values copied, so that a register tile's loads are whole cache lines
  /// one after the other? Not with one query, which reads each once.
  bool packsValues;

  /// Does one block of threads go through all blocks of keys, with a running
  /// maximum and sum? Then a panel is a block. So it is on devices.
  bool isOnline;
  /// Does such a block keep its keys in shared memory?
  bool sharesKeys = false;

  AttentionForm(graph::AttentionOp op, const Target &target);

  /// Do both products multiply words of two bf16? Then `features` of queries
  /// and keys are pairs, and so are weights and values: those of the same lane
  /// of two panels.
  bool isBf16;
  /// Panels whose weights and values stand side by side in words.
  int64_t getWeightPanels() const { return isBf16 ? 2 : 1; }

  /// "blocks of 8 queries by 512 keys".
  std::string str() const;

private:
  /// Chooses the blocks of a device.
  void fitBlocks(graph::AttentionOp op, unsigned bits);
};

/// The category of remarks on kernels.
constexpr llvm::StringLiteral kKernelCategory = "sylvite-kernels";

/// Notes the form and, for a mask, the share of scores that are skipped, whole
/// or mixed. Extents that are not static are taken to be 1024.
void remarkForm(graph::AttentionOp op, const AttentionForm &form);

} // namespace sylvite

#endif // SYLVITE_KERNELS_ATTENTIONFORM_H
