//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Operands of kernels: index maps and expressions in place of tensors.
///
//===----------------------------------------------------------------------===//

#include "ReadOperand.h"
#include "Lowerings.h"
#include "mlir/IR/Matchers.h"
#include "sylvite/Kernels/Lowering.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace sylvite;

bool sylvite::isLookThrough(Operation *op) {
  return isa<graph::WeightOp, graph::ConstantOp, graph::IotaOp,
             graph::TransposeOp, graph::ReshapeOp, graph::BroadcastToOp,
             graph::SliceOp, graph::ExtentOp>(op);
}

/// The single number of a constant, or null.
static TypedAttr getSplat(Value value) {
  auto constant = value.getDefiningOp<graph::ConstantOp>();
  if (!constant)
    return {};
  auto elements = dyn_cast<DenseElementsAttr>(constant.getValue());
  if (!elements || !elements.isSplat())
    return {};
  return elements.getSplatValue<TypedAttr>();
}

/// Does a reshape only split dimensions (and add or drop those of 1)? Then an
/// index of the input is a sum of the result's; merged ones need a division.
static bool onlySplits(graph::ReshapeOp op) {
  Extents from = getExtents(op.getInput()), to = getExtents(op.getResult());
  return llvm::all_of(getReshapeGroups(from, to), [&](ReshapeGroup group) {
    ArrayRef<Extent> run =
        ArrayRef(from).slice(group.firstLeft, group.endLeft - group.firstLeft);
    return llvm::count_if(run, [](Extent e) { return !e.isOne(); }) <= 1;
  });
}

bool ReadOperand::goesThrough(Value value) {
  LoweringContext &context = kernel.getContext();
  Operation *op = value.getDefiningOp();
  if (!op || !context.isDeferred(op))
    return false;
  if (LoweringContext::isWeight(value))
    return bool(getSplat(value));
  // A reshaped tensor is a view, which costs nothing.
  if (auto reshape = dyn_cast<graph::ReshapeOp>(op))
    return goesThrough(reshape.getInput()) && onlySplits(reshape);
  return true;
}

FailureOr<Operand> ReadOperand::read(Value value) {
  if (goesThrough(value))
    return readThrough(value);
  LoweringContext &context = kernel.getContext();
  FailureOr<Value> tensor = context.getTensor(value);
  if (failed(tensor))
    return failure();
  return kernel.readTensor(
      context.getView(*tensor, merge(context.getExtents(*tensor))));
}

//===----------------------------------------------------------------------===//
// Merged dimensions
//===----------------------------------------------------------------------===//

bool ReadOperand::collectTensors(Value value, SmallVectorImpl<Value> &tensors) {
  Operation *op = value.getDefiningOp();
  if (getSplat(value))
    return true;
  if (!graph::isElementwise(op) && !isa<graph::BroadcastToOp>(op))
    return false;
  for (Value operand : op->getOperands()) {
    if (!goesThrough(operand))
      tensors.push_back(operand);
    else if (!collectTensors(operand, tensors))
      return false;
  }
  return true;
}

void ReadOperand::mergeDims(Value root, bool through,
                            function_ref<bool(unsigned)> kind) {
  SmallVector<Value> tensors;
  if (!through && !goesThrough(root))
    tensors.push_back(root);
  else if (!collectTensors(root, tensors))
    return;
  Extents dims = getExtents(root);
  // What the run so far is: for each tensor, there or broadcast; last, of
  // which kind. Dimensions of 1 are all of it.
  std::optional<SmallVector<bool>> current;
  runs.emplace();
  for (unsigned i = 0; i != dims.size(); ++i) {
    if (dims[i].isOne())
      continue;
    SmallVector<bool> next;
    for (Value tensor : tensors) {
      Extents own = getExtents(tensor);
      unsigned missing = dims.size() - own.size();
      next.push_back(i >= missing && !own[i - missing].isOne());
    }
    next.push_back(kind && kind(i));
    if (current && *current != next)
      runs->push_back(i);
    current = next;
  }
  if (!dims.empty())
    runs->push_back(dims.size());
}

unsigned ReadOperand::getMerged(unsigned dim) const {
  if (!runs)
    return dim;
  return llvm::upper_bound(*runs, dim) - runs->begin();
}

Extents ReadOperand::merge(ArrayRef<Extent> extents) {
  if (!runs)
    return Extents(extents);
  unsigned rank = runs->empty() ? 0 : runs->back();
  assert(extents.size() <= rank && "the root has the greatest rank");
  Extents padded(rank - extents.size(), Extent(1)), merged;
  padded.append(extents.begin(), extents.end());
  unsigned begin = 0;
  for (unsigned end : *runs) {
    Extent product = getProduct(ArrayRef(padded).slice(begin, end - begin));
    // Without leading ones, as a broadcast operand is written.
    if (!merged.empty() || !product.isOne())
      merged.push_back(product);
    begin = end;
  }
  return merged;
}

//===----------------------------------------------------------------------===//
// Index maps
//===----------------------------------------------------------------------===//

static Operand::Access readTranspose(graph::TransposeOp op, Operand input) {
  SmallVector<int64_t> perm(op.getPerm());
  return [input, perm](Vars coordinates) {
    SmallVector<Expr> own(perm.size());
    for (auto [coordinate, axis] : llvm::zip(coordinates, perm))
      own[axis] = coordinate;
    return input.at(own);
  };
}

static Operand::Access readSlice(graph::SliceOp op, Operand input) {
  return [op, input](Vars coordinates) mutable {
    SmallVector<Expr> own(coordinates);
    own[op.getAxis()] = own[op.getAxis()] + double(op.getBegin());
    return input.at(own);
  };
}

/// Each group of dimensions of the result counts through one dimension of the
/// input, the last one fastest.
static Operand::Access readReshape(KernelBuilder &kernel, graph::ReshapeOp op,
                                   Operand input) {
  Extents to = getExtents(op.getResult());
  auto groups = getReshapeGroups(input.getExtents(), to);
  // Extents are written at the start of the kernel, and all of them now.
  SmallVector<Expr> factors;
  for (const Extent &extent : to)
    factors.push_back(kernel.extent(extent));
  return [=, &kernel](Vars coordinates) {
    SmallVector<Expr> own(input.getRank(), kernel.index(0));
    for (ReshapeGroup group : groups) {
      Expr sum = kernel.index(0);
      for (unsigned i = group.firstRight; i != group.endRight; ++i)
        if (!to[i].isOne())
          sum = sum * factors[i] + coordinates[i];
      for (unsigned i = group.firstLeft; i != group.endLeft; ++i)
        if (!input.getExtents()[i].isOne())
          own[i] = sum;
    }
    return input.at(own);
  };
}

/// A choice between the inputs. Indices of those that are not chosen are
/// clamped, because every load is done.
static Operand::Access readConcat(KernelBuilder &kernel, graph::ConcatOp op,
                                  std::vector<Operand> inputs) {
  // A place along the axis: a number, and what is dynamic of it.
  struct Place {
    std::optional<Expr> dynamic;
    int64_t number;
    Expr get(Expr index) const {
      return dynamic ? *dynamic + double(number) : index.like(double(number));
    }
  };
  unsigned axis = op.getAxis();
  // Extents are written at the start of the kernel, and all of them now.
  SmallVector<Place> begins, lasts;
  Place begin{{}, 0};
  for (const Operand &input : inputs) {
    const Extent &extent = input.getExtents()[axis];
    begins.push_back(begin);
    if (extent.isStatic()) {
      lasts.push_back({{}, extent.getNumber() - 1});
      begin.number += extent.getNumber();
      continue;
    }
    Expr size = kernel.extent(extent);
    lasts.push_back({size, -1});
    begin.dynamic = begin.dynamic ? *begin.dynamic + size : size;
  }
  return [=](Vars coordinates) {
    Expr index = coordinates[axis];
    SmallVector<Expr> values;
    for (auto [input, begin, last] : llvm::zip(inputs, begins, lasts)) {
      SmallVector<Expr> own(coordinates);
      own[axis] =
          clamp(index - begin.get(index), index.like(0), last.get(index));
      values.push_back(input.at(own));
    }
    Expr value = values.back();
    for (unsigned i = values.size() - 1; i-- != 0;)
      value = select(index < begins[i + 1].get(index), values[i], value);
    return value;
  };
}

/// A row of a table.
static Operand::Access readEmbedding(Operand table, Operand indices) {
  return [table, indices](Vars coordinates) {
    Expr index = indices.at(coordinates.drop_back());
    int64_t rows = table.getExtents().front().getNumber();
    return table.at({clampIndex(index, rows), coordinates.back()});
  };
}

/// input[p..., i..., s...].
static Operand::Access readGather(KernelBuilder &kernel, graph::GatherOp op,
                                  std::vector<Operand> operands) {
  Operand input = operands.front();
  std::vector<Operand> indices(operands.begin() + 1, operands.end());
  unsigned axis = op.getAxis(), count = indices.size();
  unsigned rank = getExtents(op.getResult()).size() - input.getRank() + count;
  // Extents are written at the start of the kernel, and all of them now.
  SmallVector<Expr> last;
  for (unsigned i = 0; i != count; ++i)
    last.push_back(kernel.extent(input.getExtents()[axis + i]) - 1);
  Type i32 = kernel.getBuilder().getI32Type();
  return [=](Vars coordinates) {
    SmallVector<Expr> own(coordinates.take_front(axis));
    Vars place = coordinates.slice(axis, rank);
    for (unsigned i = 0; i != count; ++i) {
      Expr index = cast(indices[i].atBroadcast(place), i32);
      own.push_back(clamp(index, index.like(0), last[i]));
    }
    llvm::append_range(own, coordinates.drop_front(axis + rank));
    return input.at(own);
  };
}

/// The input inside, the value around it.
static Operand::Access readPad(KernelBuilder &kernel, graph::PadOp op,
                               Operand input, Operand value) {
  SmallVector<Expr> extents;
  for (const Extent &extent : input.getExtents())
    extents.push_back(kernel.extent(extent));
  return [op, input, value, extents](Vars coordinates) mutable {
    SmallVector<Expr> own(coordinates);
    Expr inside;
    auto need = [&](Expr condition) {
      inside = inside ? inside && condition : condition;
    };
    for (unsigned i = 0; i != own.size(); ++i) {
      int64_t low = op.getLow()[i], high = op.getHigh()[i];
      if (!low && !high)
        continue;
      own[i] = own[i] - double(low);
      if (low)
        need(own[i] >= 0);
      if (high)
        need(own[i] < extents[i]);
      own[i] = clamp(own[i], own[i].like(0), extents[i] - 1);
    }
    Expr element = input.at(own);
    return inside ? select(inside, element, value.at({})) : element;
  };
}

FailureOr<Operand> ReadOperand::readThrough(Value value) {
  Operation *op = value.getDefiningOp();
  Extents extents = merge(getExtents(value));
  Type element = cast<RankedTensorType>(value.getType()).getElementType();
  if (TypedAttr number = getSplat(value))
    return Operand(extents, element, [this_ = &kernel, number](Vars) {
      return this_->constant(number);
    });
  if (auto iota = dyn_cast<graph::IotaOp>(op))
    return Operand(extents, element, [iota, element](Vars coordinates) mutable {
      return cast(coordinates[iota.getAxis()], element);
    });

  if (auto extent = dyn_cast<graph::ExtentOp>(op)) {
    Expr number = kernel.extent(graph::Dim(extent.getDimAttr()));
    return Operand(extents, element,
                   [number, element](Vars) { return cast(number, element); });
  }

  std::vector<Operand> inputs;
  for (Value input : op->getOperands()) {
    FailureOr<Operand> operand = read(input);
    if (failed(operand))
      return failure();
    inputs.push_back(*operand);
  }
  Operand::Access access;
  if (auto transpose = dyn_cast<graph::TransposeOp>(op))
    access = readTranspose(transpose, inputs.front());
  else if (auto slice = dyn_cast<graph::SliceOp>(op))
    access = readSlice(slice, inputs.front());
  else if (auto reshape = dyn_cast<graph::ReshapeOp>(op))
    access = readReshape(kernel, reshape, inputs.front());
  else if (auto concat = dyn_cast<graph::ConcatOp>(op))
    access = readConcat(kernel, concat, inputs);
  else if (auto gather = dyn_cast<graph::GatherOp>(op))
    access = readGather(kernel, gather, inputs);
  else if (auto pad = dyn_cast<graph::PadOp>(op))
    access = readPad(kernel, pad, inputs.front(), inputs.back());
  else if (isa<graph::EmbeddingOp>(op))
    access = readEmbedding(inputs.front(), inputs.back());
  else if (isa<graph::BroadcastToOp>(op))
    access = [input = inputs.front()](Vars coordinates) {
      return input.atBroadcast(coordinates);
    };
  else {
    assert(graph::isElementwise(op) && "nothing else is read through");
    if (!kernel.getContext().isDeferredNumber(value))
      ops.push_back(op->getName().stripDialect());
    access = [op, inputs](Vars coordinates) {
      SmallVector<Expr> elements;
      for (const Operand &input : inputs)
        elements.push_back(input.atBroadcast(coordinates));
      return writeElementwise(op, elements);
    };
  }
  return Operand(extents, element, access);
}

std::string sylvite::getExpressionName(const ReadOperand &reader,
                                       const Twine &last) {
  // Operands are read before their users, so that names stand in order.
  SmallVector<StringRef> ops(reader.getElementwiseOps());
  std::string expression = "elementwise" + llvm::utostr(ops.size());
  if (ops.size() <= 3)
    expression = llvm::join(ops, "_");
  std::string end = last.str();
  return expression + (expression.empty() || end.empty() ? "" : "_") + end;
}
