//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Names of dimensions and what they stand for.
///
//===----------------------------------------------------------------------===//

#include "DimNames.h"
#include "sylvite/Dialect/Graph/SymInt.h"
#include "llvm/ADT/StringExtras.h"

using namespace sylvite;

/// A name of ONNX, any text, as an identifier.
static std::string makeIdentifier(llvm::StringRef name) {
  std::string identifier;
  for (char c : name)
    identifier += llvm::isAlnum(c) || c == '_' ? c : '_';
  if (identifier.empty() || llvm::isDigit(identifier.front()) ||
      identifier == "_")
    identifier = "d" + identifier;
  return identifier;
}

graph::Dim DimNames::get(llvm::StringRef name, mlir::MLIRContext *context) {
  std::string current = makeIdentifier(name);
  order.try_emplace(current, order.size());
  for (auto found = targets.find(current); found != targets.end();
       found = targets.find(current)) {
    if (found->second.number != mlir::ShapedType::kDynamic)
      return graph::Dim(found->second.number);
    current = found->second.name;
  }
  if (!isComposed(current))
    return graph::Dim(mlir::StringAttr::get(context, current));
  // Names in a sum may have been merged since.
  std::optional<SymInt> sum = SymInt::parse(current);
  if (sum)
    sum = sum->substitute(
        [&](llvm::StringRef leaf) { return SymInt(get(leaf, context)); });
  std::optional<graph::Dim> dim = sum ? sum->toDim(context) : std::nullopt;
  return dim ? *dim : graph::Dim(mlir::StringAttr::get(context, name));
}

bool DimNames::merge(const graph::Dim &a, const graph::Dim &b) {
  if (a == b)
    return true;
  // A sum is another name for a name that is not a part of it.
  auto isSumOf = [&](const graph::Dim &sum, const graph::Dim &name) {
    return !sum.isStatic() && sum.name && sum.name.getValue().contains('(') &&
           !llvm::is_contained(getLeafNames(sum.name.getValue()),
                               name.name.getValue());
  };
  // Names that are products have no place of their own.
  auto isName = [&](const graph::Dim &dim) {
    return !dim.isStatic() && dim.name && order.contains(dim.name.getValue());
  };
  if (isName(a) && isName(b)) {
    auto [first, second] =
        order.lookup(a.name.getValue()) < order.lookup(b.name.getValue())
            ? std::pair(a, b)
            : std::pair(b, a);
    targets[second.name.getValue()].name = first.name.str();
  } else if (isName(a) && b.isStatic()) {
    targets[a.name.getValue()].number = b.size;
  } else if (isName(b) && a.isStatic()) {
    targets[b.name.getValue()].number = a.size;
  } else if (isName(a) && isSumOf(b, a)) {
    targets[a.name.getValue()].name = b.name.str();
  } else if (isName(b) && isSumOf(a, b)) {
    targets[b.name.getValue()].name = a.name.str();
  } else {
    return false;
  }
  changed = true;
  return true;
}

void DimNames::limit(llvm::StringRef name, int64_t max) {
  auto [entry, isNew] = limits.try_emplace(name.str(), max);
  if (!isNew)
    entry->second = std::min(entry->second, max);
}
