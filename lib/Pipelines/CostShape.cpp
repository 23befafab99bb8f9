//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Reading extents, and checking them against functions.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Pipelines/CostShape.h"

#include "sylvite/Dialect/Graph/GraphDialect.h"
#include "sylvite/Dialect/Graph/SymInt.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringExtras.h"

#include <numeric>

using namespace mlir;
using namespace sylvite;

/// Extents of tensors that kernels can index.
static constexpr int64_t kMaxExtent = std::numeric_limits<int32_t>::max();

//===----------------------------------------------------------------------===//
// Text
//===----------------------------------------------------------------------===//

std::string CostShape::print() const {
  std::string text;
  for (const auto &[name, extent] : extents) {
    text += (text.empty() ? "" : ", ") + name + " = " + std::to_string(extent);
    auto found = lengths.find(name);
    if (found == lengths.end())
      continue;
    auto numbers = llvm::map_range(
        found->second, [](int64_t length) { return std::to_string(length); });
    text += " (lengths " + llvm::join(numbers, "/") + ")";
  }
  return text;
}

llvm::Error sylvite::parseCostShape(StringRef text, CostShape &shape) {
  auto fail = [&](StringRef entry, StringRef reason) {
    return llvm::createStringError(
        "'" + entry.str() + "': " + reason.str() +
        "; expected an extent, for example seq=128, or one with lengths, "
        "seq=128:64 or seq=128:64/100");
  };
  for (StringRef entry : llvm::split(text, ',')) {
    auto [name, numbers] = entry.split('=');
    auto [number, lengths] = numbers.split(':');
    int64_t extent;
    if (name.empty() || number.getAsInteger(10, extent))
      return fail(entry, "is no name with an extent");
    if (extent < 1 || extent > kMaxExtent)
      return fail(entry, "the extent is not between 1 and 2^31 - 1");
    if (!shape.extents.try_emplace(name.str(), extent).second)
      return fail(entry, "the name stands twice");
    if (!numbers.contains(':'))
      continue;
    for (StringRef part : llvm::split(lengths, '/')) {
      int64_t length;
      if (part.getAsInteger(10, length) || length < 0 || length > extent)
        return fail(entry, "a length is no number between 0 and the extent");
      shape.lengths[name.str()].push_back(length);
    }
  }
  return llvm::Error::success();
}

//===----------------------------------------------------------------------===//
// Functions
//===----------------------------------------------------------------------===//

/// Notes the dimension that a mask operand is about.
static void notePadding(std::map<std::string, graph::Dim> &padded,
                        const graph::Dim &batch, const graph::Dim &positions) {
  if (!positions.isStatic() && positions.name)
    padded.try_emplace(positions.name.str(), batch);
}

/// Visits the ops of a function and of those that it calls.
static void walkWithCallees(func::FuncOp function,
                            function_ref<void(Operation *)> visit) {
  llvm::SetVector<func::FuncOp> functions;
  functions.insert(function);
  for (size_t i = 0; i < functions.size(); ++i) {
    func::FuncOp next = functions[i];
    next.walk([&](Operation *op) {
      visit(op);
      if (auto call = dyn_cast<func::CallOp>(op))
        if (auto callee = SymbolTable::lookupNearestSymbolFrom<func::FuncOp>(
                call, call.getCalleeAttr()))
          functions.insert(callee);
    });
  }
}

/// The dimensions of which masks hide positions, with their batches.
static std::map<std::string, graph::Dim> findPadding(func::FuncOp function) {
  std::map<std::string, graph::Dim> padded;
  walkWithCallees(function, [&](Operation *op) {
    if (auto pool = dyn_cast<graph::PoolOp>(op); pool && pool.getMask()) {
      SmallVector<graph::Dim> dims = graph::getDims(pool.getInput());
      notePadding(padded, dims[0], dims[1]);
    }
    auto attention = dyn_cast<graph::AttentionOp>(op);
    if (!attention || !attention.getMaskAttr())
      return;
    graph::AttentionOp::Axes axes = attention.getAxes();
    SmallVector<graph::Dim> dims = graph::getDims(attention.getKey());
    attention.getMaskAttr().walkLeaves([&](graph::MaskAttr leaf) {
      if (leaf.getKind() == graph::MaskKind::Padding ||
          leaf.getKind() == graph::MaskKind::Keep)
        notePadding(padded, dims[axes.batch], dims[axes.sequence]);
    });
  });
  return padded;
}

std::vector<FunctionDim> sylvite::getFunctionDims(func::FuncOp function) {
  llvm::SetVector<StringRef> names;
  auto add = [&](Type type) {
    auto tensor = dyn_cast<RankedTensorType>(type);
    if (!tensor)
      return;
    for (const graph::Dim &dim : graph::getDims(tensor))
      if (!dim.isStatic() && dim.name)
        names.insert_range(getLeafNames(dim.name.getValue()));
  };
  llvm::for_each(function.getArgumentTypes(), add);
  llvm::for_each(function.getResultTypes(), add);
  walkWithCallees(function, [&](Operation *op) {
    llvm::for_each(op->getResultTypes(), add);
  });

  // Lengths tell how many rows there are.
  walkWithCallees(function, [&](Operation *op) {
    if (auto pack = dyn_cast<graph::PackRowsOp>(op))
      names.remove(pack.getRows().getValue());
  });
  std::map<std::string, graph::Dim> padded = findPadding(function);
  auto maxima =
      function->getAttrOfType<DictionaryAttr>(graph::GraphDialect::kDimMax);
  std::vector<FunctionDim> dims;
  for (StringRef name : names) {
    FunctionDim dim{name.str(), 0, std::nullopt};
    if (auto max = maxima ? maxima.getAs<IntegerAttr>(name) : IntegerAttr())
      dim.max = max.getInt();
    if (auto found = padded.find(dim.name); found != padded.end())
      dim.paddedIn = found->second;
    dims.push_back(dim);
  }
  return dims;
}

CostShape sylvite::getUsualShape(ArrayRef<FunctionDim> dims) {
  CostShape shape;
  for (const FunctionDim &dim : dims)
    shape.extents[dim.name] = dim.max ? std::min<int64_t>(dim.max, 128) : 1;
  return shape;
}

llvm::Expected<CostShape> sylvite::selectShape(const CostShape &shape,
                                               func::FuncOp function) {
  auto fail = [&](const Twine &message) {
    return llvm::createStringError("function " + function.getName() + ": " +
                                   message);
  };
  std::vector<FunctionDim> dims = getFunctionDims(function);
  CostShape selected;
  for (const FunctionDim &dim : dims) {
    auto extent = shape.extents.find(dim.name);
    if (extent == shape.extents.end())
      return fail("the extent of its dimension '" + dim.name + "' is missing");
    if (dim.max && extent->second > dim.max)
      return fail("'" + dim.name + "' is at most " + Twine(dim.max));
    selected.extents[dim.name] = extent->second;
  }
  for (const FunctionDim &dim : dims) {
    auto lengths = shape.lengths.find(dim.name);
    if (lengths == shape.lengths.end() || !dim.paddedIn)
      continue;
    const graph::Dim &batch = *dim.paddedIn;
    double rows = batch.isStatic() ? batch.size
                  : batch.name     ? selected.extents[batch.name.str()]
                                   : 1;
    if (lengths->second.size() != 1 && lengths->second.size() != rows)
      return fail("'" + dim.name + "' has " + Twine(lengths->second.size()) +
                  " lengths, but there are " + Twine(int64_t(rows)) +
                  " rows of its batch: give one for all or one each");
    selected.lengths[dim.name] = lengths->second;
  }
  return selected;
}

llvm::Error sylvite::checkShape(const CostShape &shape,
                                ArrayRef<func::FuncOp> functions) {
  llvm::SetVector<StringRef> names, padded;
  std::vector<FunctionDim> dims;
  for (func::FuncOp function : functions)
    for (FunctionDim &dim : getFunctionDims(function))
      dims.push_back(std::move(dim));
  for (const FunctionDim &dim : dims) {
    names.insert(dim.name);
    if (dim.paddedIn)
      padded.insert(dim.name);
  }
  auto list = [](ArrayRef<StringRef> all) {
    return all.empty() ? "none" : llvm::join(all, ", ");
  };
  for (const auto &[name, extent] : shape.extents)
    if (!names.contains(name))
      return llvm::createStringError("there is no dimension '" + name +
                                     "', but " + list(names.getArrayRef()));
  for (const auto &[name, lengths] : shape.lengths)
    if (!padded.contains(name))
      return llvm::createStringError(
          "'" + name +
          "' has lengths, but no mask of attention or pooling "
          "hides positions of it; dimensions with such a mask: " +
          list(padded.getArrayRef()));
  return llvm::Error::success();
}

/// How many rows of a batch are within their lengths.
static int64_t countRows(graph::PackRowsOp pack, const CostShape &shape,
                         const graph::Workload &workload) {
  auto [batch, sequence] = pack.getPositions();
  int64_t items = workload.getExtent(batch);
  auto lengths = shape.lengths.find(sequence.name ? sequence.name.str() : "");
  int64_t rows = 0;
  if (lengths == shape.lengths.end())
    rows = items * workload.getExtent(sequence);
  else if (lengths->second.size() == 1)
    rows = items * lengths->second.front();
  else
    rows = std::accumulate(lengths->second.begin(), lengths->second.end(),
                           int64_t(0));
  return std::max<int64_t>(rows, 1);
}

graph::Workload sylvite::getWorkload(const CostShape &shape,
                                     func::FuncOp function) {
  graph::Workload workload;
  for (const auto &[name, extent] : shape.extents)
    workload.setExtent(name, extent);
  for (const FunctionDim &dim : getFunctionDims(function))
    if (auto found = shape.lengths.find(dim.name);
        found != shape.lengths.end() && dim.paddedIn)
      workload.setLengths(dim.name, *dim.paddedIn, found->second);
  walkWithCallees(function, [&](Operation *op) {
    if (auto pack = dyn_cast<graph::PackRowsOp>(op))
      workload.setExtent(pack.getRows().getValue(),
                         countRows(pack, shape, workload));
  });
  return workload;
}
