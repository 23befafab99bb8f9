//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Recognises rotations of pairs of features.
///
/// A part of a tensor is one feature of each pair: a half, or every other
/// feature. A sum is matched against the tensor and its exchanged parts; what
/// puts two parts together is matched part by part.
///
//===----------------------------------------------------------------------===//

#include "Formulas.h"
#include "Matchers.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/IRMapping.h"
#include "sylvite/Fusion/FusionRemarks.h"
#include "sylvite/Fusion/Passes.h"

#define DEBUG_TYPE "sylvite-raise-rotary"

namespace sylvite {
#define GEN_PASS_DEF_RAISEROTARYPASS
#include "sylvite/Fusion/Passes.h.inc"
} // namespace sylvite

using namespace mlir;
using namespace sylvite;
using graph::Dim;

static constexpr StringLiteral kFamily = "rotary";

//===----------------------------------------------------------------------===//
// Parts
//===----------------------------------------------------------------------===//

namespace {
/// One feature of each pair of a tensor.
struct Part {
  Value tensor;
  bool interleaved, second;
};
} // namespace

static int64_t getLast(Value value) {
  auto type = cast<RankedTensorType>(value.getType());
  return type.getRank() ? type.getShape().back() : 1;
}

/// Is the reshape one that only splits the last axis, into [pairs, 2]?
static bool splitsPairs(graph::ReshapeOp op) {
  SmallVector<Dim> from = graph::getDims(op.getInput()),
                   to = graph::getDims(op.getResult());
  return to.size() == from.size() + 1 && to.back() == Dim(2) &&
         from.back() == Dim(2 * to.end()[-2].size) &&
         ArrayRef(from).drop_back() == ArrayRef(to).drop_back(2);
}

/// What only adds or drops a last axis of extent 1.
static Value skipLastOne(Value value) {
  auto reshape = value.getDefiningOp<graph::ReshapeOp>();
  if (!reshape)
    return value;
  SmallVector<Dim> from = graph::getDims(reshape.getInput()),
                   to = graph::getDims(reshape.getResult());
  SmallVector<Dim> &longer = from.size() > to.size() ? from : to;
  if (longer.empty() || !longer.back().isOne())
    return value;
  longer.pop_back();
  return from == to ? reshape.getInput() : value;
}

static std::optional<Part> matchPart(Value value) {
  auto slice = skipLastOne(value).getDefiningOp<graph::SliceOp>();
  if (!slice)
    return std::nullopt;
  Value input = slice.getInput();
  int64_t rank = cast<RankedTensorType>(input.getType()).getRank();
  int64_t begin = slice.getBegin(), length = slice.getEnd() - begin;
  if (int64_t(slice.getAxis()) != rank - 1 || getLast(input) != 2 * length ||
      begin % length)
    return std::nullopt;
  auto split = input.getDefiningOp<graph::ReshapeOp>();
  if (length == 1 && split && splitsPairs(split))
    return Part{split.getInput(), /*interleaved=*/true, begin != 0};
  return Part{input, /*interleaved=*/false, begin != 0};
}

/// Two parts that a concatenation, or one under a reshape, makes a whole of.
static std::optional<std::pair<Value, Value>> matchWhole(Value value,
                                                         bool &interleaved) {
  auto reshape = value.getDefiningOp<graph::ReshapeOp>();
  interleaved = false;
  if (reshape) {
    SmallVector<Dim> from = graph::getDims(reshape.getInput()),
                     to = graph::getDims(reshape.getResult());
    if (from.size() != to.size() + 1 || from.back() != Dim(2) ||
        to.back() != Dim(2 * from.end()[-2].size) ||
        ArrayRef(to).drop_back() != ArrayRef(from).drop_back(2))
      return std::nullopt;
    interleaved = true;
    value = reshape.getInput();
  }
  auto concat = value.getDefiningOp<graph::ConcatOp>();
  if (!concat || concat.getInputs().size() != 2 ||
      int64_t(concat.getAxis()) != concat.getType().getRank() - 1)
    return std::nullopt;
  Value first = concat.getInputs()[0], second = concat.getInputs()[1];
  if (getLast(first) != getLast(second) || (interleaved && getLast(first) != 1))
    return std::nullopt;
  return std::pair(first, second);
}

/// The tensor whose pairs (a, b) `value` has as (-b, a).
static std::optional<Part> matchTurned(Value value) {
  bool interleaved;
  auto whole = matchWhole(value, interleaved);
  if (!whole)
    return std::nullopt;
  auto neg = skipLastOne(whole->first).getDefiningOp<graph::NegOp>();
  if (!neg)
    return std::nullopt;
  auto first = matchPart(neg.getInput()), second = matchPart(whole->second);
  if (!first || !second || first->tensor != second->tensor ||
      first->interleaved != interleaved || second->interleaved != interleaved ||
      !first->second || second->second)
    return std::nullopt;
  return first;
}

//===----------------------------------------------------------------------===//
// Rotations
//===----------------------------------------------------------------------===//

namespace {
struct Rotation {
  Value input, cos, sin;
  bool interleaved = false;
};
} // namespace

/// x c + r s, where r has the pairs of x turned.
static std::optional<Rotation> matchSum(graph::AddOp add) {
  std::optional<Rotation> found;
  matchEither(add, [&](Value lhs, Value rhs) {
    auto straight = lhs.getDefiningOp<graph::MulOp>();
    auto turned = rhs.getDefiningOp<graph::MulOp>();
    if (!straight || !turned)
      return false;
    return matchEither(turned, [&](Value r, Value sin) {
      std::optional<Part> part = matchTurned(r);
      return part && matchEither(straight, [&](Value x, Value cos) {
               if (x == part->tensor)
                 found = Rotation{x, cos, sin, part->interleaved};
               return found.has_value();
             });
    });
  });
  return found;
}

/// A part times a table.
static bool matchProduct(Value value, const Part &part, Value table) {
  auto mul = value.getDefiningOp<graph::MulOp>();
  return mul && matchEither(mul, [&](Value x, Value other) {
           std::optional<Part> own = matchPart(x);
           return own && own->tensor == part.tensor &&
                  own->interleaved == part.interleaved &&
                  own->second == part.second && other == table;
         });
}

/// The parts a c - b s and b c + a s.
static std::optional<Rotation> matchParts(Value whole) {
  bool interleaved;
  auto parts = matchWhole(whole, interleaved);
  if (!parts)
    return std::nullopt;
  auto sub = skipLastOne(parts->first).getDefiningOp<graph::SubOp>();
  auto add = skipLastOne(parts->second).getDefiningOp<graph::AddOp>();
  auto ac = sub ? sub.getLhs().getDefiningOp<graph::MulOp>() : graph::MulOp();
  auto bs = sub ? sub.getRhs().getDefiningOp<graph::MulOp>() : graph::MulOp();
  if (!add || !ac || !bs)
    return std::nullopt;
  std::optional<Rotation> found;
  matchEither(ac, [&](Value a, Value cos) {
    std::optional<Part> first = matchPart(a);
    if (!first || first->second || first->interleaved != interleaved)
      return false;
    Part second = *first;
    second.second = true;
    Value sin = bs.getLhs();
    if (!matchProduct(bs, second, sin))
      sin = bs.getRhs();
    bool matches =
        matchProduct(bs, second, sin) &&
        matchEither(add, [&](Value bc, Value as) {
          return matchProduct(bc, second, cos) && matchProduct(as, *first, sin);
        });
    if (matches)
      found = Rotation{first->tensor, cos, sin, interleaved};
    return matches;
  });
  return found;
}

//===----------------------------------------------------------------------===//
// Tables
//===----------------------------------------------------------------------===//

/// The first half of a table whose halves are equal, written anew behind the
/// ops that repeat it; or null.
static Value getHalf(Value table, OpBuilder &builder) {
  Operation *op = table.getDefiningOp();
  if (!op)
    return {};
  if (auto concat = dyn_cast<graph::ConcatOp>(op)) {
    bool repeats =
        concat.getInputs().size() == 2 &&
        int64_t(concat.getAxis()) == concat.getType().getRank() - 1 &&
        concat.getInputs()[0] == concat.getInputs()[1];
    return repeats ? concat.getInputs()[0] : Value();
  }
  auto halve = [](Type type) {
    SmallVector<Dim> dims = graph::getDims(cast<RankedTensorType>(type));
    dims.back() = Dim(dims.back().size / 2);
    return graph::getTensorType(dims, getElementTypeOrSelf(type));
  };
  // Ops of one value, and products with a number.
  Value input;
  if (isa<graph::CosOp, graph::SinOp, graph::CastOp>(op))
    input = op->getOperand(0);
  if (auto mul = dyn_cast<graph::MulOp>(op))
    matchEither(mul, [&](Value value, Value number) {
      if (getNumber(number))
        input = value;
      return bool(input);
    });
  // What moves the axes before the last one.
  if (isa<graph::ReshapeOp, graph::BroadcastToOp>(op) &&
      getLast(op->getOperand(0)) == getLast(table))
    input = op->getOperand(0);
  Value half = input ? getHalf(input, builder) : Value();
  if (!half)
    return {};
  IRMapping mapping;
  mapping.map(input, half);
  builder.setInsertionPoint(op);
  Operation *copy = builder.clone(*op, mapping);
  copy->getResult(0).setType(halve(table.getType()));
  return copy->getResult(0);
}

/// Do the table's places broadcast to those of the input?
static bool fits(Value table, Value input) {
  SmallVector<Dim> dims = graph::getDims(table), to = graph::getDims(input);
  if (dims.empty() || to.empty())
    return false;
  auto both = graph::broadcastDims(ArrayRef(dims).drop_back(),
                                   ArrayRef(to).drop_back());
  return both && ArrayRef<Dim>(*both) == ArrayRef(to).drop_back();
}

/// Brings the tables to the op's form; false where they have none.
static bool prepareTables(Rotation &rotation, OpBuilder &builder) {
  int64_t features = getLast(rotation.input);
  for (Value *table : {&rotation.cos, &rotation.sin}) {
    *table = skipBroadcasts(*table);
    // Of parts [..., pairs, 1].
    if (getLast(*table) == 1 && features > 2) {
      SmallVector<Dim> dims = graph::getDims(*table);
      if (dims.size() < 2 || dims.end()[-2] != Dim(features / 2))
        return false;
      dims.pop_back();
      Value inner = skipLastOne(*table);
      builder.setInsertionPointAfterValue(*table);
      *table =
          inner != *table
              ? inner
              : graph::ReshapeOp::create(
                    builder, table->getLoc(),
                    graph::getTensorType(dims, getElementTypeOrSelf(*table)),
                    *table);
    }
    if (getLast(*table) != features && getLast(*table) != features / 2)
      return false;
    if (!fits(*table, rotation.input))
      return false;
  }
  if (rotation.cos.getType() != rotation.sin.getType())
    return false;
  // Interleaved, halves are of other pairs.
  if (getLast(rotation.cos) == features && !rotation.interleaved) {
    Value cos = getHalf(rotation.cos, builder),
          sin = getHalf(rotation.sin, builder);
    if (cos && sin && cos.getType() == sin.getType()) {
      rotation.cos = cos;
      rotation.sin = sin;
    }
  }
  return true;
}

//===----------------------------------------------------------------------===//
// The pass
//===----------------------------------------------------------------------===//

/// Takes along the features that pass: the concatenation of the rotated ones
/// with the rest of the tensor that they were cut from.
static Operation *findWhole(Value rotated, const Rotation &rotation) {
  auto front = rotation.input.getDefiningOp<graph::SliceOp>();
  auto concat = dyn_cast_if_present<graph::ConcatOp>(getOnlyUser(rotated));
  if (!front || !concat || concat.getInputs().size() != 2 ||
      concat.getInputs()[0] != rotated || front.getBegin() != 0)
    return nullptr;
  auto back = concat.getInputs()[1].getDefiningOp<graph::SliceOp>();
  int64_t last = concat.getType().getRank() - 1;
  bool matches =
      back && back.getInput() == front.getInput() &&
      int64_t(front.getAxis()) == last && int64_t(back.getAxis()) == last &&
      int64_t(concat.getAxis()) == last && back.getBegin() == front.getEnd() &&
      int64_t(back.getEnd()) == getLast(front.getInput());
  return matches ? concat : nullptr;
}

static void raise(Operation *root, Rotation rotation,
                  llvm::SmallPtrSetImpl<Operation *> &erased) {
  OpBuilder builder(root);
  if (!prepareTables(rotation, builder))
    return remarkMissed(root, kFamily,
                        {"the tables do not broadcast to the features",
                         rotation.cos.getDefiningOp(), ""});
  Value rotated = root->getResult(0), input = rotation.input;
  IntegerAttr dims;
  Operation *end = root;
  if (Operation *whole = findWhole(rotated, rotation)) {
    end = whole;
    input = input.getDefiningOp<graph::SliceOp>().getInput();
    dims = builder.getI64IntegerAttr(getLast(rotated));
  }
  builder.setInsertionPoint(end);
  auto op = graph::RotaryEmbeddingOp::create(
      builder, fuseLocs({root, end}), input.getType(), input,
      /*positions=*/Value(), rotation.cos, rotation.sin,
      /*axis=*/IntegerAttr(), builder.getF64FloatAttr(1e4), dims,
      rotation.interleaved ? builder.getUnitAttr() : UnitAttr());
  end->getResult(0).replaceAllUsesWith(op);
  eraseDead(end, &erased);
  remarkFused(op, kFamily,
              Twine(rotation.interleaved ? "neighbours" : "halves") +
                  (dims ? ", features that pass" : ""));
}

/// A sum with turned pairs that is no rotation.
static void explain(graph::AddOp add) {
  matchEither(add, [&](Value, Value rhs) {
    auto mul = rhs.getDefiningOp<graph::MulOp>();
    bool turned = mul && matchEither(mul, [](Value r, Value) {
                    return matchTurned(r).has_value();
                  });
    if (turned)
      remarkMissed(
          add, kFamily,
          {"the other summand is no product of the same tensor", mul, ""});
    return turned;
  });
}

namespace {
struct RaiseRotaryPass
    : public sylvite::impl::RaiseRotaryPassBase<RaiseRotaryPass> {
  void runOnOperation() override;
};
} // namespace

void RaiseRotaryPass::runOnOperation() {
  SmallVector<Operation *> candidates;
  getOperation().walk([&](Operation *op) {
    if (isa<graph::AddOp, graph::ConcatOp, graph::ReshapeOp>(op))
      candidates.push_back(op);
  });
  llvm::SmallPtrSet<Operation *, 16> erased;
  for (Operation *op : candidates) {
    // A part of one that was raised.
    if (erased.contains(op))
      continue;
    std::optional<Rotation> rotation;
    if (auto add = dyn_cast<graph::AddOp>(op)) {
      rotation = matchSum(add);
      if (!rotation)
        explain(add);
    } else {
      rotation = matchParts(op->getResult(0));
    }
    if (rotation)
      raise(op, *rotation, erased);
  }
}
