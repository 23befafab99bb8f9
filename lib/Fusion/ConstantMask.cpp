//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Formulas of masks that are written out as constants.
///
/// A formula is guessed of the elements, and holds if all elements are as it
/// says: what lies between two diagonals (causal, window); the same but for the
/// first keys, which all queries see, or for some keys, which none sees; and
/// the same within documents.
///
//===----------------------------------------------------------------------===//

#include "ConstantMask.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/IntEqClasses.h"

using namespace mlir;
using namespace sylvite;
using Kind = Condition::Kind;

//===----------------------------------------------------------------------===//
// Elements
//===----------------------------------------------------------------------===//

static SmallVector<double> getElements(ElementsAttr attr) {
  SmallVector<double> elements;
  if (auto floats = dyn_cast<DenseFPElementsAttr>(attr))
    for (const APFloat &value : floats)
      elements.push_back(value.convertToDouble());
  else if (auto integers = dyn_cast<DenseIntElementsAttr>(attr))
    for (const APInt &value : integers)
      elements.push_back(value.getBitWidth() == 1 ? value.getZExtValue()
                                                  : value.getSExtValue());
  return elements;
}

std::optional<ConstantElements> sylvite::getConstantElements(Value value) {
  Operation *op = value.getDefiningOp();
  if (auto constant = dyn_cast_if_present<graph::ConstantOp>(op)) {
    ConstantElements found{constant, getElements(constant.getValue())};
    if (found.elements.empty())
      return std::nullopt;
    return found;
  }
  auto slice = dyn_cast_if_present<graph::SliceOp>(op);
  if (!slice)
    return std::nullopt;
  std::optional<ConstantElements> found = getConstantElements(slice.getInput());
  if (!found)
    return std::nullopt;
  ArrayRef<int64_t> shape =
      cast<RankedTensorType>(slice.getInput().getType()).getShape();
  auto axis = int64_t(slice.getAxis()), begin = int64_t(slice.getBegin()),
       end = int64_t(slice.getEnd());
  int64_t extent = shape[axis], inner = 1;
  for (int64_t size : shape.drop_front(axis + 1))
    inner *= size;
  SmallVector<double> kept;
  for (auto [i, element] : llvm::enumerate(found->elements)) {
    int64_t position = int64_t(i) / inner % extent;
    if (begin <= position && position < end)
      kept.push_back(element);
  }
  found->elements = std::move(kept);
  return found;
}

//===----------------------------------------------------------------------===//
// Keys
//===----------------------------------------------------------------------===//

/// A vector of keys as an operand.
static View makeKeys(DenseElementsAttr keys, OpBuilder &builder, Location loc) {
  Value value = graph::ConstantOp::create(builder, loc, keys);
  return {value, {{Role::Key}}};
}

Condition sylvite::readShownKeys(ArrayRef<bool> shown, OpBuilder &builder,
                                 Location loc) {
  int64_t length = llvm::count(shown, true);
  if (length == int64_t(shown.size()))
    return Condition();
  if (!llvm::is_contained(shown.take_front(length), false))
    return Condition{.kind = Kind::Prefix, .number = length};
  auto type =
      RankedTensorType::get({int64_t(shown.size())}, builder.getI1Type());
  return Condition{
      .kind = Kind::Keep,
      .operand = makeKeys(DenseElementsAttr::get(type, shown), builder, loc)};
}

//===----------------------------------------------------------------------===//
// Queries and keys
//===----------------------------------------------------------------------===//

/// Of what matters, all between two diagonals is shown, and nothing else.
std::optional<Condition> ShownMatrix::readDiagonals(
    llvm::function_ref<bool(int64_t, int64_t)> matters) const {
  int64_t most = -queries, least = keys;
  for (int64_t i = 0; i < queries; ++i)
    for (int64_t j = 0; j < keys; ++j)
      if (at(i, j) && matters(i, j)) {
        most = std::max(most, j - i);
        least = std::min(least, j - i);
      }
  bool isAbove = false, isBelow = false;
  for (int64_t i = 0; i < queries; ++i)
    for (int64_t j = 0; j < keys; ++j) {
      if (at(i, j) || !matters(i, j))
        continue;
      if (least <= j - i && j - i <= most)
        return std::nullopt;
      isAbove |= j - i > most;
      isBelow |= j - i < least;
    }
  Condition condition;
  if (isAbove)
    condition = {.kind = Kind::AtMost, .number = most};
  if (isBelow)
    condition = condition && Condition{.kind = Kind::AtLeast, .number = least};
  return condition;
}

/// Some keys are hidden from all queries.
std::optional<Condition> ShownMatrix::readColumns(OpBuilder &builder,
                                                  Location loc) const {
  SmallVector<bool> seen(keys, false);
  for (int64_t i = 0; i < queries; ++i)
    for (int64_t j = 0; j < keys; ++j)
      seen[j] |= at(i, j);
  if (!llvm::is_contained(seen, false) || !llvm::is_contained(seen, true))
    return std::nullopt;
  std::optional<Condition> diagonals =
      readDiagonals([&](int64_t, int64_t j) { return seen[j]; });
  if (!diagonals)
    return std::nullopt;
  return readShownKeys(seen, builder, loc) && *diagonals;
}

/// All queries see the first keys.
std::optional<Condition> ShownMatrix::readPrefix() const {
  auto isSeenByAll = [&](int64_t j) {
    for (int64_t i = 0; i < queries; ++i)
      if (!at(i, j))
        return false;
    return true;
  };
  int64_t length = 0;
  while (length < keys && isSeenByAll(length))
    ++length;
  if (length == 0)
    return std::nullopt;
  std::optional<Condition> diagonals =
      readDiagonals([&](int64_t, int64_t j) { return j >= length; });
  if (!diagonals)
    return std::nullopt;
  return Condition{.kind = Kind::Prefix, .number = length} || *diagonals;
}

/// Queries see keys of their own document alone. The queries are the last
/// positions.
std::optional<Condition> ShownMatrix::readDocuments(OpBuilder &builder,
                                                    Location loc) const {
  int64_t first = keys - queries;
  if (first < 0)
    return std::nullopt;
  llvm::IntEqClasses classes(keys);
  for (int64_t i = 0; i < queries; ++i)
    for (int64_t j = 0; j < keys; ++j)
      if (at(i, j))
        classes.join(i + first, j);
  classes.compress();
  if (classes.getNumClasses() < 2)
    return std::nullopt;
  std::optional<Condition> diagonals = readDiagonals(
      [&](int64_t i, int64_t j) { return classes[i + first] == classes[j]; });
  if (!diagonals)
    return std::nullopt;
  SmallVector<int64_t> documents;
  for (int64_t j = 0; j < keys; ++j)
    documents.push_back(classes[j]);
  auto type = RankedTensorType::get({keys}, builder.getI64Type());
  Condition document{
      .kind = Kind::Document,
      .operand = makeKeys(DenseElementsAttr::get(type, ArrayRef(documents)),
                          builder, loc)};
  return document && *diagonals;
}

std::optional<Condition> ShownMatrix::findCondition(OpBuilder &builder,
                                                    Location loc) const {
  if (auto found = readDiagonals([](int64_t, int64_t) { return true; }))
    return found;
  if (auto found = readPrefix())
    return found;
  if (auto found = readColumns(builder, loc))
    return found;
  return readDocuments(builder, loc);
}
