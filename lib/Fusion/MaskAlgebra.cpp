//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Writes conditions as mask algebra.
///
/// Bounds of a conjunction are taken together: j - i between two numbers is a
/// window if the upper one is the last key that a causal mask shows. All other
/// leaves have one mask each. What is negated has none, but a boolean tensor of
/// it, if there is one, can be kept by.
///
//===----------------------------------------------------------------------===//

#include "MaskAlgebra.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace sylvite;
using graph::Dim;
using graph::MaskAttr;
using graph::MaskKind;
using Kind = Condition::Kind;

namespace sylvite {
struct MaskWriter {
  MLIRContext *context;
  RaisedMask &raised;
  unsigned firstOperand;
  std::string &reason;

  /// A null mask is one that shows everything.
  FailureOr<MaskAttr> write(const Condition &condition);

private:
  FailureOr<MaskAttr> fail(const Twine &why) {
    reason = why.str();
    return failure();
  }
  FailureOr<MaskAttr> writeConjunction(ArrayRef<Condition> parts);
  FailureOr<MaskAttr> writeBounds(std::optional<int64_t> least,
                                  std::optional<int64_t> most);
  FailureOr<MaskAttr> keepBoolean(const Condition &condition);
  MaskAttr getLeaf(MaskKind kind, int64_t value = 0) {
    return MaskAttr::get(context, kind, value, ArrayRef<MaskAttr>());
  }
  MaskAttr addOperand(MaskKind kind, RaisedMask::Operand operand) {
    raised.operands.push_back(std::move(operand));
    return getLeaf(kind, firstOperand + raised.operands.size() - 1);
  }
};
} // namespace sylvite

/// j - i at the last key that the last query sees, if it is one number.
static std::optional<int64_t> getEnd(const RoleExtents &extents) {
  Dim queries = extents[Role::Query], keys = extents[Role::Key];
  if (queries == keys)
    return 0;
  if (queries.isStatic() && keys.isStatic())
    return keys.size - queries.size;
  return std::nullopt;
}

FailureOr<MaskAttr> MaskWriter::writeBounds(std::optional<int64_t> least,
                                            std::optional<int64_t> most) {
  std::optional<int64_t> end = getEnd(raised.extents);
  if (!most)
    return fail("keys before a query are hidden, but not those behind it");
  if (!least && *most == 0)
    return getLeaf(MaskKind::Causal);
  if (!end || *most != *end)
    return fail("a query sees keys up to " + Twine(*most) +
                " positions behind it, which is neither its own position nor "
                "the end");
  if (!least)
    return getLeaf(MaskKind::CausalToEnd);
  if (*least > *most)
    return fail("a mask hides everything");
  return getLeaf(MaskKind::Window, *most - *least + 1);
}

FailureOr<MaskAttr> MaskWriter::writeConjunction(ArrayRef<Condition> parts) {
  std::optional<int64_t> least, most;
  MaskAttr mask;
  for (const Condition &part : parts) {
    if (part.kind == Kind::AtMost)
      most = std::min(most.value_or(part.number), part.number);
    if (part.kind == Kind::AtLeast)
      least = std::max(least.value_or(part.number), part.number);
  }
  if (least || most) {
    FailureOr<MaskAttr> bounds = writeBounds(least, most);
    if (failed(bounds))
      return failure();
    mask = *bounds;
  }
  for (const Condition &part : parts) {
    if (part.kind == Kind::AtMost || part.kind == Kind::AtLeast)
      continue;
    FailureOr<MaskAttr> next = write(part);
    if (failed(next))
      return failure();
    mask = MaskAttr::conjunction(mask, *next);
  }
  return mask;
}

/// Is the view one of keys, and perhaps the batch?
static bool isOperand(const View &view, bool hasKeys) {
  RoleList order = view.getOrder();
  if (!order.empty() && order.front() == Role::Batch)
    order.erase(order.begin());
  return hasKeys ? order == RoleList{Role::Key} : order.empty();
}

FailureOr<MaskAttr> MaskWriter::keepBoolean(const Condition &condition) {
  if (!condition.boolean.value || !isOperand(condition.boolean, true))
    return fail("a negated condition on queries and keys has no mask");
  return addOperand(
      MaskKind::Keep,
      {condition.boolean, condition.negated != condition.wasNegated});
}

FailureOr<MaskAttr> MaskWriter::write(const Condition &condition) {
  switch (condition.kind) {
  case Kind::True:
    if (condition.negated)
      return fail("a mask hides everything");
    return MaskAttr();
  case Kind::And:
    return writeConjunction(condition.parts);
  case Kind::AtMost:
  case Kind::AtLeast:
    return writeConjunction(condition);
  case Kind::Or: {
    SmallVector<MaskAttr> masks;
    for (const Condition &part : condition.parts) {
      FailureOr<MaskAttr> next = write(part);
      if (failed(next) || !*next)
        return next;
      masks.push_back(*next);
    }
    return MaskAttr::get(context, MaskKind::Or, 0, masks);
  }
  case Kind::Prefix:
    if (condition.negated)
      return keepBoolean(condition);
    if (condition.number < 1)
      return fail("a mask hides everything");
    return getLeaf(MaskKind::Prefix, condition.number);
  case Kind::Padding:
    if (condition.negated || !isOperand(condition.operand, false))
      return keepBoolean(condition);
    return addOperand(MaskKind::Padding, {.view = condition.operand,
                                          .hasKeys = false,
                                          .number = condition.number});
  case Kind::Keep: {
    RoleList order = condition.operand.getOrder();
    if (!isOperand(condition.operand, true))
      return fail(llvm::is_contained(order, Role::Heads) ||
                          llvm::is_contained(order, Role::Group)
                      ? "a mask differs by head"
                  : llvm::is_contained(order, Role::Key)
                      ? "a mask of queries and keys is no formula"
                      : "a mask hides queries, not keys");
    return addOperand(MaskKind::Keep, {condition.operand, condition.negated});
  }
  case Kind::Document:
    if (condition.negated)
      return fail("a negated condition on queries and keys has no mask");
    return addOperand(MaskKind::Document, {condition.operand});
  }
  llvm_unreachable("all kinds are above");
}

std::optional<RaisedMask> RaisedMask::get(MLIRContext *context,
                                          const Condition &condition,
                                          const RoleExtents &extents,
                                          unsigned firstOperand,
                                          std::string &reason) {
  RaisedMask raised(extents);
  MaskWriter writer{context, raised, firstOperand, reason};
  FailureOr<MaskAttr> mask = writer.write(condition);
  if (failed(mask))
    return std::nullopt;
  raised.mask = *mask;
  return raised;
}

SmallVector<Value> RaisedMask::makeOperands(OpBuilder &builder,
                                            Location loc) const {
  SmallVector<Value> values;
  for (const Operand &operand : operands) {
    Value value = operand.view.value;
    auto element = cast<IntegerType>(getElementTypeOrSelf(value));
    auto makeNumber = [&](int64_t number, IntegerType type) -> Value {
      return graph::ConstantOp::create(
          builder, loc,
          DenseElementsAttr::get(RankedTensorType::get({}, type),
                                 APInt(type.getWidth(), number, true)));
    };
    if (operand.negated && element.getWidth() == 1)
      value = graph::NotOp::create(builder, loc, value);
    else if (operand.negated)
      value =
          graph::CompareOp::create(builder, loc, graph::ComparePredicate::Eq,
                                   value, makeNumber(0, element));
    if (operand.number) {
      // Neither the number nor the sum need fit a narrower type.
      IntegerType wide = builder.getI64Type();
      if (element != wide)
        value = graph::CastOp::create(
            builder, loc, graph::getTensorType(graph::getDims(value), wide),
            value);
      value = graph::AddOp::create(builder, loc, value,
                                   makeNumber(operand.number, wide));
    }

    // [batch, keys] or [batch], from what may be the same for all of a batch.
    SmallVector<Dim> dims = {extents[Role::Batch]};
    if (operand.hasKeys)
      dims.push_back(extents[Role::Key]);
    SmallVector<Dim> own = dims;
    if (!operand.view.findAxis(Role::Batch))
      own.front() = Dim(1);
    value = reshapeTo(builder, loc, value, own);
    if (own != dims)
      value = graph::BroadcastToOp::create(
          builder, loc, graph::getTensorType(dims, getElementTypeOrSelf(value)),
          value);
    values.push_back(value);
  }
  return values;
}
