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

Expr AttentionMask::write(MaskAttr mask, Expr batch, Expr query, Expr key) {
  auto operand = [&]() -> const Operand & { return operands[mask.getValue()]; };
  switch (mask.getKind()) {
  case MaskKind::Causal:
    return isAtMost(key, query);
  case MaskKind::CausalToEnd:
    return isAtMost(key, alignToEnd(query));
  case MaskKind::Window: {
    Expr end = alignToEnd(query);
    return isLess(end - double(mask.getValue()), key) && isAtMost(key, end);
  }
  case MaskKind::Prefix:
    return isLess(key, key.like(mask.getValue()));
  case MaskKind::Padding:
    return isLess(key, getLength(mask, batch));
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

bool AttentionMask::hasTables() const {
  return !lengths.empty() || !documents.empty() || keyTable.getOp();
}

Expr AttentionMask::isKeySeen(Expr ki, Expr ko, Expr key, Expr batch) {
  if (hasKeyTable())
    return keyTable({ki, ko, batch}) != 0;
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
// Tables
//===----------------------------------------------------------------------===//

void AttentionMask::writeTables(int64_t rows, int64_t lanes) {
  bool keeps = false;
  if (MaskAttr mask = op.getMaskAttr())
    mask.walkLeaves([&](MaskAttr leaf) {
      if (leaf.getKind() == MaskKind::Padding)
        writeLength(leaf);
    });
  for (MaskAttr part : keyPart)
    part.walkLeaves(
        [&](MaskAttr leaf) { keeps |= leaf.getKind() == MaskKind::Keep; });
  if (keeps)
    writeKeyTable(lanes);
  for (MaskAttr part : pairPart)
    part.walkLeaves([&](MaskAttr leaf) {
      if (leaf.getKind() == MaskKind::Document)
        writeDocuments(leaf, rows);
    });
}

Expr AttentionMask::readLength(MaskAttr leaf, Expr batch) {
  Type i32 = numKeys.getType();
  Expr length = operands[leaf.getValue()].at({batch});
  // Bounded as a number of its own type: it may be too large for an index.
  if (length.getType().getIntOrFloatBitWidth() < 32)
    length = cast(length, i32);
  Expr keys = cast(numKeys, length.getType());
  return cast(clamp(length, length.like(0), keys), i32);
}

void AttentionMask::writeLength(MaskAttr leaf) {
  std::string name = "length";
  if (!lengths.empty())
    name += std::to_string(lengths.size());
  lengths[leaf.getValue()] =
      kernel.func(name, {"b"}, numKeys.getType(),
                  [&](Vars v) { return readLength(leaf, v[0]); });
}

Expr AttentionMask::getLength(MaskAttr leaf, Expr batch) {
  auto table = lengths.find(leaf.getValue());
  return table == lengths.end() ? readLength(leaf, batch)
                                : table->second({batch});
}

void AttentionMask::writeKeyTable(int64_t lanes) {
  auto isSeen = [&](Expr key, Expr batch) {
    Expr all;
    for (MaskAttr part : keyPart) {
      Expr seen = write(part, batch, Expr(), key);
      all = all ? all && seen : seen;
    }
    return all;
  };
  Type i32 = numKeys.getType();
  Func table = kernel.func("mask", {"ki", "ko", "b"}, i32, [&](Vars v) {
    Expr place = v[1] * double(lanes) + v[0];
    Expr seen = isSeen(min(place, numKeys - 1), v[2]);
    return select(seen && place < numKeys, kernel.index(-1), kernel.index(0));
  });
  keyEnd =
      kernel.func("end", {"b"}, i32, [&](Vars) { return kernel.index(0); });
  kernel.update(keyEnd, {{"t", kernel.index(0), numKeys}}, [&](Vars v, Vars r) {
    return select(isSeen(r[0], v[0]), max(keyEnd(v), r[0] + 1), keyEnd(v));
  });
  keyTable = table;
}

void AttentionMask::writeDocuments(MaskAttr leaf, int64_t rows) {
  const Operand &operand = operands[leaf.getValue()];
  std::string prefix = "document";
  if (!documents.empty())
    prefix += std::to_string(documents.size());
  Type type = operand.getElementType(), i32 = numKeys.getType();
  auto reduce = [&](StringRef name, Type type, Expr initial,
                    sylvite::Range range,
                    function_ref<Expr(Expr, Expr, Vars)> step) {
    Func func = kernel.func(prefix + name.str(), {"qo", "b"}, type,
                            [&](Vars) { return initial; });
    kernel.update(func, {range},
                  [&](Vars v, Vars r) { return step(func(v), r[0], v); });
    return func;
  };
  // The numbers of the block's documents.
  auto getDocument = [&](Expr qi, Vars v) {
    Expr query = min(v[0] * double(rows) + qi, numQueries - 1);
    return operand.at({v[1], max(alignToEnd(query), 0)});
  };
  sylvite::Range queries = {"qi", kernel.index(0), kernel.index(rows)};
  unsigned width = type.getIntOrFloatBitWidth();
  auto constant = [&](const APInt &number) {
    return kernel.constant(IntegerAttr::get(type, number));
  };
  Documents known;
  known.low = reduce(
      "_low", type, constant(APInt::getSignedMaxValue(width)), queries,
      [&](Expr f, Expr qi, Vars v) { return min(f, getDocument(qi, v)); });
  known.high = reduce(
      "_high", type, constant(APInt::getSignedMinValue(width)), queries,
      [&](Expr f, Expr qi, Vars v) { return max(f, getDocument(qi, v)); });
  // Their keys.
  auto isNear = [&](Expr key, Vars v) {
    Expr document = operand.at({v[1], key});
    return known.low(v) <= document && document <= known.high(v);
  };
  sylvite::Range keys = {"t", kernel.index(0), numKeys};
  known.begin =
      reduce("_begin", i32, numKeys, keys, [&](Expr f, Expr t, Vars v) {
        return min(f, select(isNear(t, v), t, numKeys));
      });
  known.end =
      reduce("_end", i32, kernel.index(0), keys, [&](Expr f, Expr t, Vars v) {
        return max(f, select(isNear(t, v), t + 1, kernel.index(0)));
      });
  documents[leaf.getValue()] = known;
}

//===----------------------------------------------------------------------===//
// Ranges
//===----------------------------------------------------------------------===//

/// The smaller or larger of two numbers, and the one where only one is known.
static Expr least(Expr a, Expr b) {
  return bool(a) && bool(b) ? min(a, b) : a ? a : b;
}
static Expr most(Expr a, Expr b) {
  return bool(a) && bool(b) ? max(a, b) : a ? a : b;
}
/// The same, known only where both are.
static Expr leastOfKnown(Expr a, Expr b) {
  return bool(a) && bool(b) ? min(a, b) : Expr();
}
static Expr mostOfKnown(Expr a, Expr b) {
  return bool(a) && bool(b) ? max(a, b) : Expr();
}

static KeyRange intersect(const KeyRange &a, const KeyRange &b) {
  return {most(a.begin, b.begin), least(a.end, b.end)};
}

KeyRange AttentionMask::getSeen(MaskAttr mask, const Block &block) {
  switch (mask.getKind()) {
  case MaskKind::Causal:
    return {{}, block.last + 1};
  case MaskKind::CausalToEnd:
    return {{}, alignToEnd(block.last) + 1};
  case MaskKind::Window:
    return {alignToEnd(block.first) - double(mask.getValue() - 1),
            alignToEnd(block.last) + 1};
  case MaskKind::Prefix:
    return {{}, numKeys.like(mask.getValue())};
  case MaskKind::Padding:
    if (block.isStatic)
      return {};
    return {{}, getLength(mask, block.batch)};
  case MaskKind::Keep:
    return {};
  case MaskKind::Document: {
    auto known = documents.find(mask.getValue());
    if (block.isStatic || known == documents.end())
      return {};
    return {known->second.begin({block.number, block.batch}),
            known->second.end({block.number, block.batch})};
  }
  case MaskKind::And: {
    KeyRange all;
    for (MaskAttr child : mask.getChildren())
      all = intersect(all, getSeen(child, block));
    return all;
  }
  case MaskKind::Or: {
    // Known only where all are.
    std::optional<KeyRange> all;
    for (MaskAttr child : mask.getChildren()) {
      KeyRange range = getSeen(child, block);
      if (!all) {
        all = range;
        continue;
      }
      all->begin = leastOfKnown(all->begin, range.begin);
      all->end = mostOfKnown(all->end, range.end);
    }
    return *all;
  }
  }
  llvm_unreachable("all masks are above");
}

KeyRange AttentionMask::getSeen(const Block &block) {
  KeyRange all;
  for (MaskAttr part : pairPart)
    all = intersect(all, getSeen(part, block));
  for (MaskAttr part : keyPart)
    all = intersect(all, getSeen(part, block));
  if (keyEnd.getOp() && !block.isStatic)
    all.end = least(all.end, keyEnd({block.batch}));
  return all;
}
