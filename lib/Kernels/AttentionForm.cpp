//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The choice of a form, and the remark on it.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Kernels/AttentionForm.h"
#include "Lowerings.h"
#include "mlir/IR/Remarks.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "sylvite/Dialect/Graph/MaskTiles.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MathExtras.h"
#include <cmath>

using namespace mlir;
using namespace sylvite;

/// Scores and weights of a block, in bytes: the first cache of a core.
static constexpr int64_t kBlockBytes = 32 << 10;
/// What a block of threads of a device shares while it goes through all keys:
/// of the 32 KiB that each device has, a few bytes are for what is small.
static constexpr int64_t kSharedBytes = 30 << 10;
/// Queries of such a block, and keys of its steps.
static constexpr int64_t kMostOnlineRows = 16, kOnlineKeys = 32;
/// Keys of a step with one query, which has nothing else for threads to do.
static constexpr int64_t kOnlineKeysOfOne = 64;
/// Queries of a block: the rows of a register tile of scores.
static constexpr int64_t kMostRows = 8;

/// The shortest vectors that products of bf16 have.
static constexpr int64_t kLeastDotLanes = 4;

AttentionForm::AttentionForm(graph::AttentionOp op, const Target &target) {
  unsigned sequence = op.getAxes().sequence;
  auto isMultiple = [&](Value operand, int64_t factor) {
    graph::Dim features = graph::getDims(operand)[op.getAxes().features];
    return features.isStatic() && features.size % factor == 0;
  };
  graph::Dim queries = graph::getDims(op.getQuery())[sequence],
             keys = graph::getDims(op.getKey())[sequence];
  unsigned bits =
      getComputeType(op.getType().getElementType()).getIntOrFloatBitWidth();
  lanes = target.vectorLanes * 32 / bits;
  rows = kMostRows;
  if (queries.isStatic() && queries.size < rows)
    rows = llvm::PowerOf2Ceil(queries.size);
  packsValues = rows > 1;
  hasPanels = rows > 1 || op.getSimilarity() == graph::Similarity::Additive;
  isOnline = target.device && !op.getWeights();
  isBf16 = op.getProduct() && target.hasFastBf16Dots && !target.device &&
           packsValues && !op.getWeights() &&
           op.getSimilarity() != graph::Similarity::Additive &&
           isMultiple(op.getQuery(), 2) &&
           isMultiple(op.getValue(), kLeastDotLanes);
  int64_t most = kBlockBytes / (2 * rows * bits / 8);
  // The weights of a row that are a result are all there anyway.
  bool fits = keys.isStatic() && keys.size <= most;
  blockKeys = fits || op.getWeights() ? 0 : most;
  if (isOnline)
    fitBlocks(op, bits);
}

void AttentionForm::fitBlocks(graph::AttentionOp op, unsigned bits) {
  auto getExtent = [&](Value operand, unsigned axis) {
    graph::Dim dim = graph::getDims(operand)[axis];
    return dim.isStatic() ? dim.size : kMostOnlineRows;
  };
  graph::AttentionOp::Axes axes = op.getAxes();
  int64_t depth = getExtent(op.getQuery(), axes.features),
          features = getExtent(op.getValue(), axes.features);
  bool isOne = rows == 1;
  blockKeys = isOne ? kOnlineKeysOfOne : kOnlineKeys;
  lanes = blockKeys;
  packsValues = false;
  hasPanels = true;
  // Queries and keys, scores or weights, and sums with what belongs to them.
  auto getBytes = [&](bool withKeys) {
    int64_t row = depth + 2 * blockKeys + 2 * features;
    int64_t keys = withKeys ? (blockKeys + 1) * depth : 0;
    return (rows * row + keys) * (bits / 8);
  };
  rows = isOne ? 1 : kMostOnlineRows;
  sharesKeys = getBytes(/*withKeys=*/true) <= kSharedBytes;
  while (rows > 1 && getBytes(sharesKeys) > kSharedBytes)
    rows /= 2;
}

std::string AttentionForm::str() const {
  std::string text =
      llvm::formatv("blocks of {0} {1}", rows, rows == 1 ? "query" : "queries");
  if (blockKeys)
    text += llvm::formatv(" by {0} keys", blockKeys);
  if (isOnline)
    text += ", online";
  if (isBf16)
    text += ", products of bf16";
  return text;
}

/// Extents that a remark takes where they are not static.
static constexpr int64_t kExampleExtent = 1024;

void sylvite::remarkForm(graph::AttentionOp op, const AttentionForm &form) {
  auto options =
      remark::RemarkOpts::name("attention").category(kKernelCategory);
  if (auto function = op->getParentOfType<FunctionOpInterface>())
    options = options.function(function.getName());
  remark::detail::InFlightRemark remark = remark::passed(op.getLoc(), options);
  if (!remark)
    return;
  std::string text = form.str();
  if (graph::MaskAttr mask = op.getMaskAttr()) {
    auto getExtent = [&](Value operand) {
      graph::Dim dim = graph::getDims(operand)[op.getAxes().sequence];
      return dim.isStatic() ? dim.size : kExampleExtent;
    };
    graph::ScoreExtents all = {getExtent(op.getQuery()),
                               getExtent(op.getKey())};
    graph::MaskedScores scores =
        graph::countMaskedScores(mask, all, {form.rows, form.lanes});
    auto percent = [&](int64_t part) {
      return std::lround(100 * scores.getShare(part));
    };
    text += llvm::formatv("; of {0} x {1} scores the mask skips {2} %, {3} % "
                          "need no mask, {4} % are mixed",
                          all.queries, all.keys, percent(scores.empty),
                          percent(scores.full), percent(scores.mixed));
  }
  remark << text;
}

Output sylvite::openQueries(Output output, unsigned axis, int64_t rows) {
  const Extent &queries = output.extents[axis];
  if (queries.isStatic() && queries.getNumber() > rows &&
      queries.getNumber() % rows != 0)
    output.openAxis = axis;
  return output;
}
