//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Mask algebra as expressions.
///
//===----------------------------------------------------------------------===//

#include "AttentionMask.h"

using namespace mlir;
using namespace sylvite;
using graph::MaskAttr;
using graph::MaskKind;

/// Does a mask depend on the query?
static bool dependsOnQuery(MaskAttr mask) {
  bool depends = false;
  mask.walkLeaves([&](MaskAttr leaf) {
    depends |= leaf.getKind() != MaskKind::Padding &&
               leaf.getKind() != MaskKind::Keep &&
               leaf.getKind() != MaskKind::Prefix;
  });
  return depends;
}

/// Calls `visit` for the parts that hold together.
static void forEachConjunct(MaskAttr mask,
                            llvm::function_ref<void(MaskAttr)> visit) {
  if (mask.getKind() != MaskKind::And)
    return visit(mask);
  for (MaskAttr child : mask.getChildren())
    forEachConjunct(child, visit);
}

LogicalResult AttentionMask::read() {
  for (Value value : op.getMaskOperands()) {
    FailureOr<Operand> operand = kernel.read(value);
    if (failed(operand))
      return failure();
    operands.push_back(*operand);
  }
  if (MaskAttr mask = op.getMaskAttr())
    forEachConjunct(mask, [&](MaskAttr part) {
      (dependsOnQuery(part) ? pairPart : keyPart).push_back(part);
    });
  return success();
}

bool AttentionMask::readsKeys() const {
  bool reads = false;
  for (MaskAttr part : keyPart)
    part.walkLeaves([&](MaskAttr leaf) { reads |= leaf.takesOperand(); });
  return reads;
}

Expr AttentionMask::write(MaskAttr mask, Expr batch, Expr query, Expr key) {
  auto operand = [&]() -> const Operand & { return operands[mask.getValue()]; };
  switch (mask.getKind()) {
  case MaskKind::Causal:
    return key <= query;
  case MaskKind::CausalToEnd:
    return key <= alignToEnd(query);
  case MaskKind::Window: {
    Expr end = alignToEnd(query);
    return end - double(mask.getValue()) < key && key <= end;
  }
  case MaskKind::Prefix:
    return key < double(mask.getValue());
  case MaskKind::Padding: {
    Expr length = operand().at({batch});
    // Compared as numbers of the operand's type: a length may be too large for
    // an index.
    if (length.getType().getIntOrFloatBitWidth() > 32)
      return cast(key, length.getType()) < length;
    return key < cast(length, key.getType());
  }
  case MaskKind::Keep: {
    Expr keep = operand().at({batch, key});
    return cast(keep, kernel.getBuilder().getI1Type());
  }
  case MaskKind::Document: {
    // A query in front of the first key belongs to no document.
    Expr place = alignToEnd(query);
    Expr document = operand().at({batch, max(place, 0)});
    return place >= 0 && document == operand().at({batch, key});
  }
  case MaskKind::And:
  case MaskKind::Or: {
    Expr all;
    for (MaskAttr child : mask.getChildren()) {
      Expr seen = write(child, batch, query, key);
      if (all)
        seen = mask.getKind() == MaskKind::And ? all && seen : all || seen;
      all = seen;
    }
    return all;
  }
  }
  llvm_unreachable("all masks are above");
}

Expr AttentionMask::isKeySeen(Expr batch, Expr key) {
  Expr all;
  for (MaskAttr part : keyPart) {
    Expr seen = write(part, batch, Expr(), key);
    all = all ? all && seen : seen;
  }
  return all;
}

Expr AttentionMask::isPairSeen(Expr batch, Expr query, Expr key) {
  Expr all;
  for (MaskAttr part : pairPart) {
    Expr seen = write(part, batch, query, key);
    all = all ? all && seen : seen;
  }
  return all;
}

//===----------------------------------------------------------------------===//
// Bounds
//===----------------------------------------------------------------------===//

bool AttentionMask::isBounded(MaskAttr mask, Side side) {
  auto isChildBounded = [&](MaskAttr child) { return isBounded(child, side); };
  switch (mask.getKind()) {
  case MaskKind::Window:
    return true;
  case MaskKind::Causal:
  case MaskKind::CausalToEnd:
  case MaskKind::Prefix:
    return side == Side::End;
  case MaskKind::Padding:
  case MaskKind::Keep:
  case MaskKind::Document:
    return false;
  case MaskKind::And:
    return llvm::any_of(mask.getChildren(), isChildBounded);
  case MaskKind::Or:
    return llvm::all_of(mask.getChildren(), isChildBounded);
  }
  llvm_unreachable("all masks are above");
}

bool AttentionMask::hasBound(Side side) const {
  return llvm::any_of(pairPart,
                      [&](MaskAttr part) { return isBounded(part, side); });
}

Expr AttentionMask::getBound(MaskAttr mask, Side side, Expr query) {
  switch (mask.getKind()) {
  case MaskKind::Causal:
    return query + 1;
  case MaskKind::CausalToEnd:
    return alignToEnd(query) + 1;
  case MaskKind::Window:
    return side == Side::End ? alignToEnd(query) + 1
                             : alignToEnd(query) - double(mask.getValue() - 1);
  case MaskKind::Prefix:
    return query.like(mask.getValue());
  case MaskKind::And:
  case MaskKind::Or: {
    // All hold, so that the tightest counts; or one does, and the widest.
    bool isMin = (mask.getKind() == MaskKind::And) == (side == Side::End);
    Expr all;
    for (MaskAttr child : mask.getChildren()) {
      if (!isBounded(child, side))
        continue;
      Expr bound = getBound(child, side, query);
      if (all)
        bound = isMin ? min(all, bound) : max(all, bound);
      all = bound;
    }
    return all;
  }
  default:
    llvm_unreachable("the mask is bounded");
  }
}

Expr AttentionMask::getBound(Side side, Expr query) {
  Expr all;
  for (MaskAttr part : pairPart) {
    if (!isBounded(part, side))
      continue;
    Expr bound = getBound(part, side, query);
    if (all)
      bound = side == Side::End ? min(all, bound) : max(all, bound);
    all = bound;
  }
  return all;
}
