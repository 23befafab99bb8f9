//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Binding names to extents, and types to shapes.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Reference/DimBindings.h"
#include "sylvite/Dialect/Graph/GraphDialect.h"
#include "sylvite/Dialect/Graph/SymInt.h"

#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace sylvite;

llvm::Error DimBindings::bind(RankedTensorType type,
                              llvm::ArrayRef<int64_t> shape,
                              llvm::StringRef what) {
  if (type.getRank() != int64_t(shape.size()))
    return llvm::createStringError(what + " has rank " +
                                   llvm::Twine(shape.size()) + ", expected " +
                                   llvm::Twine(type.getRank()));
  for (auto [i, dim] : llvm::enumerate(graph::getDims(type))) {
    if (dim.isStatic()) {
      if (dim.size == shape[i])
        continue;
      return llvm::createStringError(
          what + " has extent " + llvm::Twine(shape[i]) + " at dimension " +
          llvm::Twine(i) + ", expected " + llvm::Twine(dim.size));
    }
    if (!dim.name)
      return llvm::createStringError("dimension " + llvm::Twine(i) + " of " +
                                     what + " has no name");
    if (shape[i] < 1)
      return llvm::createStringError(what + " is empty along '" +
                                     dim.name.getValue() +
                                     "'; every dimension has at least one "
                                     "element");
    llvm::StringRef name = dim.name.getValue();
    if (isComposed(name))
      composed.insert({name.str(), {shape[i], what.str()}});
    else if (llvm::Error error = bind(name, shape[i], what))
      return error;
  }
  return llvm::Error::success();
}

llvm::Error DimBindings::bind(llvm::StringRef name, int64_t extent,
                              llvm::StringRef what) {
  auto [bound, isNew] = extents.insert({name.str(), {extent, what.str()}});
  if (isNew || bound->second.extent == extent)
    return llvm::Error::success();
  return llvm::createStringError(what + " gives '" + name + "' the extent " +
                                 llvm::Twine(extent) + ", but " +
                                 bound->second.origin + " gave it " +
                                 llvm::Twine(bound->second.extent));
}

llvm::Error DimBindings::checkComposed() const {
  for (const auto &[name, binding] : composed) {
    std::optional<int64_t> extent = lookup(name);
    if (!extent)
      return llvm::createStringError("nothing binds the names of '" + name +
                                     "' in " + binding.origin);
    if (*extent != binding.extent)
      return llvm::createStringError(
          binding.origin + " gives '" + name + "' the extent " +
          llvm::Twine(binding.extent) + ", but its names give " +
          llvm::Twine(*extent));
  }
  return llvm::Error::success();
}

std::optional<int64_t> DimBindings::lookup(llvm::StringRef name) const {
  std::optional<SymInt> extent = SymInt::parse(name);
  if (!extent)
    return std::nullopt;
  return extent->evaluate([&](llvm::StringRef leaf) -> std::optional<int64_t> {
    auto bound = extents.find(leaf.str());
    if (bound == extents.end())
      return std::nullopt;
    return bound->second.extent;
  });
}

llvm::Expected<llvm::SmallVector<int64_t>>
DimBindings::resolve(RankedTensorType type) const {
  llvm::SmallVector<int64_t> shape;
  for (auto [i, dim] : llvm::enumerate(graph::getDims(type))) {
    if (dim.isStatic()) {
      shape.push_back(dim.size);
      continue;
    }
    if (!dim.name)
      return llvm::createStringError("dimension " + llvm::Twine(i) +
                                     " has no name, so its extent is unknown");
    std::optional<int64_t> extent = lookup(dim.name.getValue());
    if (!extent)
      return llvm::createStringError("no argument binds the dimension '" +
                                     dim.name.getValue() + "'");
    shape.push_back(*extent);
  }
  return shape;
}

std::string DimBindings::toString() const {
  std::string text;
  llvm::raw_string_ostream os(text);
  llvm::interleaveComma(extents, os, [&](const auto &entry) {
    os << entry.first << " = " << entry.second.extent;
  });
  return text;
}
