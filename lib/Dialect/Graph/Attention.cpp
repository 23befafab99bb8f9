//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Syntax and rules of graph.attention.
///
//===----------------------------------------------------------------------===//

#include "ShapeRules.h"
#include "mlir/IR/Builders.h"
#include "sylvite/Dialect/Graph/MaskSyntax.h"

using namespace mlir;
using namespace sylvite::graph;

//===----------------------------------------------------------------------===//
// mask(causal and keep(%m)): the attribute's indices are written as operands.
//===----------------------------------------------------------------------===//

ParseResult sylvite::graph::parseMaskExpression(
    OpAsmParser &parser, MaskAttr &mask,
    SmallVectorImpl<OpAsmParser::UnresolvedOperand> &operands) {
  auto parseOperand = [&](int64_t &index) -> ParseResult {
    index = operands.size();
    return parser.parseOperand(operands.emplace_back());
  };
  FailureOr<MaskAttr> parsed = parseMaskExpression(parser, parseOperand);
  if (failed(parsed))
    return failure();
  mask = *parsed;
  return success();
}

void sylvite::graph::printMaskExpression(OpAsmPrinter &printer, Operation *,
                                         MaskAttr mask, OperandRange operands) {
  printMaskExpression(printer, mask, [&](int64_t index) {
    // An index out of range is invalid, but generic printing must not crash.
    if (index >= 0 && size_t(index) < operands.size())
      printer << operands[index];
    else
      printer << index;
  });
}

//===----------------------------------------------------------------------===//
// Rules
//===----------------------------------------------------------------------===//

AttentionOp::Axes AttentionOp::getAxes() {
  if (getLayout() == HeadLayout::Bshd)
    return {0, 2, 1, 3};
  return {0, 1, 2, 3};
}

int64_t AttentionOp::getHeads() {
  return getDims(getQuery())[getAxes().heads].size;
}

int64_t AttentionOp::getKeyHeads() {
  return getDims(getKey())[getAxes().heads].size;
}

/// ATTENTION-5
static LogicalResult verifyMask(AttentionOp op, Dim batch, Dim keys) {
  OperandRange operands = op.getMaskOperands();
  int64_t used = 0;
  LogicalResult result = success();
  auto visit = [&](MaskAttr leaf) {
    if (!leaf.takesOperand() || failed(result))
      return;
    if (leaf.getValue() != used || used >= int64_t(operands.size())) {
      result = op.emitOpError("mask names operand ")
               << leaf.getValue() << ", expected the next one, " << used
               << " of " << operands.size();
      return;
    }
    SmallVector<Dim> expected = {batch};
    if (leaf.getKind() != MaskKind::Padding)
      expected.push_back(keys);
    if (getDims(operands[used]) != expected)
      result = op.emitOpError("mask '")
               << stringifyMaskKind(leaf.getKind()) << "' takes a tensor "
               << toString(expected) << ", not "
               << toString(getDims(operands[used]));
    ++used;
  };
  if (op.getMaskAttr())
    op.getMaskAttr().walkLeaves(visit);
  if (failed(result))
    return failure();
  if (used != int64_t(operands.size()))
    return op.emitOpError("has ") << operands.size() << " mask operands, but "
                                  << "the mask names " << used;
  return success();
}

/// ATTENTION-7
static LogicalResult verifySimilarity(AttentionOp op, Dim features) {
  OperandRange operands = op.getSimilarityOperands();
  auto isMatrix = [&](Value value, std::optional<Dim> columns) {
    SmallVector<Dim> dims = getDims(value);
    return dims.size() == 2 && dims[0] == features &&
           (!columns || dims[1] == *columns);
  };
  bool valid = false;
  switch (op.getSimilarity()) {
  case Similarity::Dot:
  case Similarity::Cosine:
    valid = operands.empty();
    break;
  case Similarity::General:
    valid = operands.size() == 1 && isMatrix(operands[0], features);
    break;
  case Similarity::Additive:
    valid = operands.size() == 3 && isMatrix(operands[0], std::nullopt);
    if (valid) {
      Dim hidden = getDims(operands[0])[1];
      valid = isMatrix(operands[1], hidden) && isVector(operands[2], hidden);
    }
    break;
  }
  if (!valid)
    return op.emitOpError("similarity '")
           << stringifySimilarity(op.getSimilarity())
           << "' does not have the operands it needs";
  return success();
}

/// ATTENTION-8
static LogicalResult verifyScore(AttentionOp op, Type element) {
  if (op.getScore().empty())
    return success();
  Block &block = op.getScore().front();
  bool valid = block.getNumArguments() == 5 &&
               block.getArgument(0).getType() == element &&
               llvm::all_of(block.getArguments().drop_front(),
                            [](Value arg) { return arg.getType().isIndex(); });
  // Rules are checked before blocks are: there may be no last op.
  auto yield = block.empty() ? YieldOp() : dyn_cast<YieldOp>(block.back());
  if (!valid || !yield || yield.getValue().getType() != element)
    return op.emitOpError("score must take (")
           << element << ", index, index, index, index) and yield " << element;
  return success();
}

LogicalResult AttentionOp::verify() {
  Type element = getType().getElementType();
  // ATTENTION-1
  for (Value value : {getQuery(), getKey(), getValue(), getResult()}) {
    auto type = cast<RankedTensorType>(value.getType());
    if (type.getRank() != 4 || type.getElementType() != element)
      return emitOpError("query, key, value and result must have rank 4 and "
                         "one element type, not ")
             << type;
  }
  if (failed(verifyOneElementType(*this)))
    return failure();
  SmallVector<Dim> q = getDims(getQuery()), k = getDims(getKey()),
                   v = getDims(getValue()), o = getDims(getType());
  Axes axes = getAxes();
  // ATTENTION-2
  if (q[axes.batch] != k[axes.batch] || q[axes.batch] != v[axes.batch])
    return emitOpError("batches differ: ")
           << toString(q) << ", " << toString(k) << ", " << toString(v);
  if (k[axes.sequence] != v[axes.sequence] || k[axes.heads] != v[axes.heads])
    return emitOpError("key and value differ in sequence or heads: ")
           << toString(k) << " and " << toString(v);
  if (q[axes.features] != k[axes.features] &&
      getSimilarity() != Similarity::Additive)
    return emitOpError("query and key differ in features: ")
           << toString(q) << " and " << toString(k);
  // ATTENTION-3
  if (!q[axes.heads].isStatic() || !k[axes.heads].isStatic() ||
      k[axes.heads].size < 1 || q[axes.heads].size % k[axes.heads].size)
    return emitOpError("query heads must be a static multiple of key heads: ")
           << toString(q[axes.heads]) << " and " << toString(k[axes.heads]);
  // ATTENTION-4
  SmallVector<Dim> expected = q;
  expected[axes.features] = v[axes.features];
  if (o != expected)
    return emitOpError("result must be ")
           << toString(expected) << ", not " << toString(o);
  if (failed(verifyMask(*this, q[axes.batch], k[axes.sequence])))
    return failure();
  SmallVector<Dim> scores = {q[axes.batch], q[axes.heads], q[axes.sequence],
                             k[axes.sequence]};
  // ATTENTION-6
  if (getBias()) {
    auto both = broadcastDims(getDims(getBias()), scores);
    if (!both || *both != scores)
      return emitOpError("bias ")
             << toString(getDims(getBias())) << " does not broadcast to "
             << toString(scores);
  }
  if (failed(verifySimilarity(*this, q[axes.features])) ||
      failed(verifyScore(*this, element)))
    return failure();
  // ATTENTION-9
  if (getWeights() && (getDims(getWeights()) != scores ||
                       getElementTypeOrSelf(getWeights()) != element))
    return emitOpError("weights must be ")
           << toString(scores) << " of " << element << ", not "
           << getWeights().getType();
  // ATTENTION-10
  if (std::optional<Type> product = getProduct();
      product && (!product->isBF16() || !element.isF32()))
    return emitOpError("products of ")
           << *product << " are not possible with operands of " << element
           << ": they are of bf16, with operands of f32";
  return success();
}
