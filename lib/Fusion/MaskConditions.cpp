//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Reads masks as tensors of two numbers.
///
/// (1 - m) * -10000 holds 0 where m is 1, and -10000 where it is 0: arithmetic
/// on a tensor of two numbers is arithmetic on the two.
///
/// Conditions are comparisons of positions (AffinePosition.h), of tensors with
/// numbers, booleans, and what logic makes of them.
///
//===----------------------------------------------------------------------===//

#include "MaskConditions.h"
#include "AffinePosition.h"
#include "Matchers.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/TypeSwitch.h"
#include <cmath>

using namespace mlir;
using namespace sylvite;
using graph::ComparePredicate;
using Kind = Condition::Kind;

/// No mask is calculated in more steps.
static constexpr unsigned kMaxDepth = 24;

/// What an op of arithmetic makes of two numbers; NaN for other ops.
static double apply(Operation *op, double a, double b) {
  return llvm::TypeSwitch<Operation *, double>(op)
      .Case([&](graph::AddOp) { return a + b; })
      .Case([&](graph::SubOp) { return a - b; })
      .Case([&](graph::MulOp) { return a * b; })
      .Case([&](graph::DivOp) { return a / b; })
      .Case([&](graph::MaximumOp) { return std::max(a, b); })
      .Case([&](graph::MinimumOp) { return std::min(a, b); })
      .Default([](Operation *) { return NAN; });
}

/// Does the comparison hold of two numbers?
static bool holds(ComparePredicate predicate, double a, double b) {
  switch (predicate) {
  case ComparePredicate::Eq:
    return a == b;
  case ComparePredicate::Ne:
    return a != b;
  case ComparePredicate::Lt:
    return a < b;
  case ComparePredicate::Le:
    return a <= b;
  case ComparePredicate::Gt:
    return a > b;
  case ComparePredicate::Ge:
    return a >= b;
  }
  llvm_unreachable("all predicates are above");
}

//===----------------------------------------------------------------------===//
// Tensors of two numbers
//===----------------------------------------------------------------------===//

std::nullopt_t ConditionReader::fail(const Twine &why, Operation *op) {
  // The innermost reason is the first one.
  if (reason.empty()) {
    reason = why.str();
    place = op;
  }
  return std::nullopt;
}

/// Do all roles of the view stand in dimensions of their own, keys among them,
/// and neither heads nor queries?
static bool isOfKeys(const View &view) {
  return view.findAxis(Role::Key) &&
         llvm::all_of(view.axes, [](const RoleList &axis) {
           return axis.empty() || axis == RoleList{Role::Batch} ||
                  axis == RoleList{Role::Key};
         });
}

std::optional<TwoNumbers> ConditionReader::readNumbers(const View &view,
                                                       unsigned depth) {
  Operation *op = view.value.getDefiningOp();
  Type element = getElementTypeOrSelf(view.value);
  if (depth > kMaxDepth)
    return fail("it is calculated in too many steps", op);
  if (std::optional<double> number = getNumber(view.value))
    return TwoNumbers{{}, *number, *number};
  if (element.isInteger(1)) {
    std::optional<Condition> condition = readCondition(view, depth + 1);
    if (!condition)
      return std::nullopt;
    return TwoNumbers{*condition, 1, 0};
  }
  if (auto constant = getConstantElements(view.value))
    return readConstant(*constant, view);
  if (std::optional<View> input = stepMove(view, extents))
    return readNumbers(*input, depth + 1);
  if (auto cast = dyn_cast_if_present<graph::CastOp>(op)) {
    auto numbers = readNumbers({cast.getInput(), view.axes}, depth + 1);
    if (!numbers)
      return std::nullopt;
    // Toward zero; what a narrower type makes of large numbers is not known.
    if (isa<IntegerType>(element)) {
      numbers->whenTrue = std::trunc(numbers->whenTrue);
      numbers->whenFalse = std::trunc(numbers->whenFalse);
      if (std::abs(numbers->whenTrue) > 127 ||
          std::abs(numbers->whenFalse) > 127)
        return fail("a large number is cast to an integer", op);
    }
    return numbers;
  }
  if (auto select = dyn_cast_if_present<graph::SelectOp>(op))
    return readSelect(select, view, depth);
  if (auto neg = dyn_cast_if_present<graph::NegOp>(op)) {
    auto numbers = readNumbers({neg.getInput(), view.axes}, depth + 1);
    if (numbers) {
      numbers->whenTrue = -numbers->whenTrue;
      numbers->whenFalse = -numbers->whenFalse;
    }
    return numbers;
  }
  if (isa_and_present<graph::AddOp, graph::SubOp, graph::MulOp, graph::DivOp,
                      graph::MaximumOp, graph::MinimumOp>(op)) {
    auto a = readNumbers(viewOperand(op->getOperand(0), view), depth + 1);
    auto b = readNumbers(viewOperand(op->getOperand(1), view), depth + 1);
    if (!a || !b)
      return std::nullopt;
    double values[2][2];
    for (bool x : {false, true})
      for (bool y : {false, true})
        values[x][y] = apply(op, x ? a->whenTrue : a->whenFalse,
                             y ? b->whenTrue : b->whenFalse);
    if (auto result = combine(a->condition, b->condition, values))
      return result;
    return fail("its elements have more than two values, or none (0 * inf)",
                op);
  }
  if (isa<IntegerType>(element))
    return readInteger(view);
  return fail("a tensor of numbers is not known to hold two different ones",
              op);
}

std::optional<TwoNumbers> ConditionReader::readInteger(const View &view) {
  auto argument = dyn_cast<BlockArgument>(view.value);
  if (!argument)
    return fail("integers are not known to be 0 and 1",
                view.value.getDefiningOp());
  // An argument without a range is believed: the formula means nothing for
  // other numbers.
  auto function =
      dyn_cast<FunctionOpInterface>(argument.getOwner()->getParentOp());
  if (function)
    if (auto range = function.getArgAttrOfType<ArrayAttr>(
            argument.getArgNumber(), graph::GraphDialect::kRange)) {
      int64_t low = cast<IntegerAttr>(range[0]).getInt(),
              high = cast<IntegerAttr>(range[1]).getInt();
      if (low < 0 || high > 2)
        return fail("an argument holds integers from " + Twine(low) + " to " +
                    Twine(high - 1) + ", not 0 and 1");
    }
  return TwoNumbers{{.kind = Kind::Keep, .operand = view}, 1, 0};
}

std::optional<TwoNumbers> ConditionReader::readSelect(graph::SelectOp op,
                                                      const View &view,
                                                      unsigned depth) {
  auto condition =
      readCondition(viewOperand(op.getCondition(), view), depth + 1);
  auto onTrue = readNumbers(viewOperand(op.getOnTrue(), view), depth + 1);
  auto onFalse = readNumbers(viewOperand(op.getOnFalse(), view), depth + 1);
  if (!condition || !onTrue || !onFalse)
    return std::nullopt;
  std::optional<TwoNumbers> result;
  if (onTrue->isConstant()) {
    double values[2][2] = {{onFalse->whenFalse, onFalse->whenTrue},
                           {onTrue->whenTrue, onTrue->whenTrue}};
    result = combine(*condition, onFalse->condition, values);
  } else if (onFalse->isConstant()) {
    double values[2][2] = {{onFalse->whenTrue, onFalse->whenTrue},
                           {onTrue->whenFalse, onTrue->whenTrue}};
    result = combine(*condition, onTrue->condition, values);
  }
  if (!result)
    return fail("a select takes more than two numbers", op);
  return result;
}

std::optional<TwoNumbers>
ConditionReader::readConstant(const ConstantElements &constant,
                              const View &view) {
  graph::ConstantOp op = constant.op;
  ArrayRef<double> elements = constant.elements;
  double high = *llvm::max_element(elements),
         low = *llvm::min_element(elements);
  SmallVector<bool> shown;
  for (double value : elements) {
    if (value != high && value != low)
      return fail("a constant holds more than two numbers", op);
    shown.push_back(value == high);
  }
  int64_t queries = 1, keys = 1;
  for (const auto &[axis, extent] : llvm::zip_equal(
           view.axes,
           cast<RankedTensorType>(view.value.getType()).getShape())) {
    if (axis.empty())
      continue;
    // Rows are queries.
    if (axis == RoleList{Role::Query} && keys == 1)
      queries = extent;
    else if (axis == RoleList{Role::Key})
      keys = extent;
    else
      return fail("a constant differs by batch or head", op);
  }
  OpBuilder builder(op);
  if (queries == 1 && !extents[Role::Query].isOne())
    // The same for all queries.
    return TwoNumbers{readShownKeys(shown, builder, op.getLoc()), high, low};
  std::optional<Condition> condition =
      ShownMatrix(shown, queries, keys).findCondition(builder, op.getLoc());
  if (!condition)
    return fail("a constant is no formula of queries and keys", op);
  return TwoNumbers{*condition, high, low};
}

//===----------------------------------------------------------------------===//
// Booleans
//===----------------------------------------------------------------------===//

/// The condition that the tensor, of zeros and ones, is not zero.
static Condition getCondition(const TwoNumbers &numbers) {
  if (numbers.isConstant())
    return Condition{.negated = numbers.whenTrue == 0};
  return numbers.whenTrue != 0 ? numbers.condition : !numbers.condition;
}

/// The condition position < 0.
static std::optional<Condition> readNegative(const AffinePosition &position) {
  int64_t i = position.query, j = position.key, n = position.number;
  if (!position.hasTensors()) {
    if (i == -1 && j == 1)
      return Condition{.kind = Kind::AtMost, .number = -n - 1};
    if (i == 1 && j == -1)
      return Condition{.kind = Kind::AtLeast, .number = n + 1};
    if (i == 0 && j == 1)
      return Condition{.kind = Kind::Prefix, .number = -n};
    if (i == 0 && j == -1)
      return !Condition{.kind = Kind::Prefix, .number = n + 1};
    if (i == 0 && j == 0)
      return Condition{.negated = n >= 0};
    return std::nullopt;
  }
  auto isOfBatch = [](ArrayRef<View> views) {
    return views.size() == 1 &&
           llvm::all_of(views.front().axes, [](const RoleList &axis) {
             return axis.empty() || axis == RoleList{Role::Batch};
           });
  };
  if (i == 0 && j == 1 && position.plus.empty() && isOfBatch(position.minus))
    return Condition{
        .kind = Kind::Padding, .number = -n, .operand = position.minus.front()};
  if (i == 0 && j == -1 && position.minus.empty() && isOfBatch(position.plus))
    return !Condition{.kind = Kind::Padding,
                      .number = n + 1,
                      .operand = position.plus.front()};
  return std::nullopt;
}

/// The condition position == 0.
static std::optional<Condition> readZero(const AffinePosition &position,
                                         const RoleExtents &extents) {
  if (position.query || position.key || position.number)
    return std::nullopt;
  ArrayRef<View> plus = position.plus, minus = position.minus;
  if (plus.size() + minus.size() == 1) {
    const View &only = plus.empty() ? minus.front() : plus.front();
    if (!isOfKeys(only))
      return std::nullopt;
    return !Condition{.kind = Kind::Keep, .operand = only};
  }
  if (plus.size() != 1 || minus.size() != 1 ||
      plus.front().value != minus.front().value ||
      extents[Role::Query] != extents[Role::Key])
    return std::nullopt;
  // One tensor, once along the queries and once along the keys.
  View first = plus.front(), second = minus.front();
  if (!isOfKeys(first))
    std::swap(first, second);
  View asKeys = second;
  for (RoleList &axis : asKeys.axes)
    if (axis == RoleList{Role::Query})
      axis = {Role::Key};
  if (!isOfKeys(first) || isOfKeys(second) || asKeys.axes != first.axes)
    return std::nullopt;
  return Condition{.kind = Kind::Document, .operand = first};
}

std::optional<Condition> ConditionReader::readCondition(const View &view,
                                                        unsigned depth) {
  auto read = [&]() -> std::optional<Condition> {
    Operation *op = view.value.getDefiningOp();
    if (depth > kMaxDepth)
      return fail("it is calculated in too many steps", op);
    if (std::optional<double> number = getNumber(view.value))
      return Condition{.negated = *number == 0};
    if (auto constant = getConstantElements(view.value)) {
      auto numbers = readConstant(*constant, view);
      return numbers ? std::optional(numbers->condition) : std::nullopt;
    }
    if (std::optional<View> input = stepMove(view, extents))
      return readCondition(*input, depth + 1);
    if (auto inverse = dyn_cast_if_present<graph::NotOp>(op)) {
      auto input = readCondition({inverse.getInput(), view.axes}, depth + 1);
      return input ? std::optional(!*input) : std::nullopt;
    }
    if (isa_and_present<graph::AndOp, graph::OrOp>(op)) {
      auto a = readCondition(viewOperand(op->getOperand(0), view), depth + 1);
      auto b = readCondition(viewOperand(op->getOperand(1), view), depth + 1);
      if (!a || !b)
        return std::nullopt;
      return isa<graph::AndOp>(op) ? *a && *b : *a || *b;
    }
    if (auto compare = dyn_cast_if_present<graph::CompareOp>(op))
      return readCompare(compare, view, depth);
    if (auto cast = dyn_cast_if_present<graph::CastOp>(op)) {
      View input{cast.getInput(), view.axes};
      // Whatever the integers are, not 0 is what `keep` asks.
      auto position = readPosition(input, extents);
      if (position)
        if (auto isZero = readZero(*position, extents))
          return !*isZero;
      auto numbers = readNumbers(input, depth + 1);
      if (!numbers)
        return std::nullopt;
      double values[2][2] = {
          {double(numbers->whenFalse != 0), double(numbers->whenTrue != 0)}};
      values[1][0] = values[0][0];
      values[1][1] = values[0][1];
      auto result = combine({}, numbers->condition, values);
      return getCondition(*result);
    }
    return fail("booleans are no formula of queries and keys", op);
  };
  std::optional<Condition> condition = read();
  if (condition) {
    if (!condition->boolean.value) {
      condition->boolean = view;
      condition->wasNegated = condition->negated;
    }
    return condition;
  }
  // However it is calculated: it says which keys are seen.
  if (!isOfKeys(view))
    return std::nullopt;
  reason.clear();
  return Condition{.kind = Kind::Keep, .operand = view, .boolean = view};
}

std::optional<Condition> ConditionReader::readCompare(graph::CompareOp op,
                                                      const View &view,
                                                      unsigned depth) {
  View lhs = viewOperand(op.getLhs(), view),
       rhs = viewOperand(op.getRhs(), view);
  auto left = readPosition(lhs, extents), right = readPosition(rhs, extents);
  std::optional<Condition> condition;
  if (left && right) {
    AffinePosition difference = *left - *right;
    AffinePosition one{.number = 1};
    switch (op.getPredicate()) {
    case ComparePredicate::Lt:
      condition = readNegative(difference);
      break;
    case ComparePredicate::Le:
      condition = readNegative(difference - one);
      break;
    case ComparePredicate::Gt:
      condition = readNegative(-difference);
      break;
    case ComparePredicate::Ge:
      condition = readNegative(-difference - one);
      break;
    case ComparePredicate::Eq:
    case ComparePredicate::Ne:
      condition = readZero(difference, extents);
      if (condition && op.getPredicate() == ComparePredicate::Ne)
        condition = !*condition;
      break;
    }
    if (condition)
      return condition;
    // A boolean of keys is a better operand than a guess at its integers.
    if (isOfKeys(view) || !difference.hasTensors())
      return fail("positions are compared in no way that masks have", op);
  }
  auto a = readNumbers(lhs, depth + 1), b = readNumbers(rhs, depth + 1);
  if (!a || !b)
    return std::nullopt;
  double values[2][2];
  for (bool x : {false, true})
    for (bool y : {false, true})
      values[x][y] = holds(op.getPredicate(), x ? a->whenTrue : a->whenFalse,
                           y ? b->whenTrue : b->whenFalse);
  auto result = combine(a->condition, b->condition, values);
  if (!result)
    return fail("two masks are compared", op);
  return getCondition(*result);
}
