//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Weights, constants and ops that only move elements.
///
//===----------------------------------------------------------------------===//

#include "ShapeRules.h"
#include "mlir/IR/Builders.h"
#include "sylvite/Dialect/Graph/SymInt.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace sylvite;
using namespace sylvite::graph;

//===----------------------------------------------------------------------===//
// weight, constant, iota
//===----------------------------------------------------------------------===//

/// The last two components of a dotted name, fit for an SSA name.
static std::string getShortName(StringRef name) {
  SmallVector<StringRef> parts;
  name.split(parts, '.');
  std::string text;
  for (StringRef part : ArrayRef(parts).take_back(2))
    (text += text.empty() ? "" : "_") += part;
  return text;
}

void WeightOp::getAsmResultNames(OpAsmSetValueNameFn setName) {
  setName(getResult(), getShortName(getName()));
}

LogicalResult WeightOp::verify() {
  // WEIGHT-1
  if (!getType().hasStaticShape())
    return emitOpError("must have a static type, not ") << getType();
  return success();
}

void ConstantOp::getAsmResultNames(OpAsmSetValueNameFn setName) {
  setName(getResult(), "cst");
}

LogicalResult
ConstantOp::inferReturnTypes(MLIRContext *, std::optional<Location>, ValueRange,
                             DictionaryAttr attrs, OpaqueProperties properties,
                             RegionRange, SmallVectorImpl<Type> &types) {
  Attribute value;
  if (auto *prop = properties.as<Properties *>())
    value = prop->value;
  if (!value)
    value = attrs.get("value");
  if (!value)
    return failure();
  types.push_back(cast<ElementsAttr>(value).getType());
  return success();
}

OpFoldResult ConstantOp::fold(FoldAdaptor) { return getValue(); }

LogicalResult IotaOp::verify() {
  // IOTA-1
  int64_t rank = getType().getRank();
  if (getAxis() >= uint64_t(rank))
    return emitOpError("axis ")
           << int64_t(getAxis()) << " is outside a tensor of rank " << rank;
  return success();
}

//===----------------------------------------------------------------------===//
// transpose
//===----------------------------------------------------------------------===//

LogicalResult TransposeOp::inferReturnTypes(MLIRContext *,
                                            std::optional<Location> loc,
                                            Adaptor adaptor,
                                            SmallVectorImpl<Type> &types) {
  auto input = cast<RankedTensorType>(adaptor.getInput().getType());
  SmallVector<Dim> dims = getDims(input), result;
  SmallVector<bool> seen(dims.size());
  // TRANSPOSE-1
  bool valid = adaptor.getPerm().size() == dims.size();
  for (int64_t axis : adaptor.getPerm()) {
    valid = valid && axis >= 0 && axis < int64_t(dims.size()) && !seen[axis];
    if (!valid)
      break;
    seen[axis] = true;
    result.push_back(dims[axis]);
  }
  if (!valid)
    return emitOptionalError(loc, "perm is not a permutation of the input's ",
                             dims.size(), " dimensions");
  types.push_back(getTensorType(result, input.getElementType()));
  return success();
}

OpFoldResult TransposeOp::fold(FoldAdaptor) {
  // The input's type may have an encoding of no meaning, which results drop.
  if (llvm::is_sorted(getPerm()) && getInput().getType() == getType())
    return getInput();
  if (auto inner = getInput().getDefiningOp<TransposeOp>()) {
    // transpose(transpose(x)) -> transpose(x)
    SmallVector<int64_t> perm;
    for (int64_t axis : getPerm())
      perm.push_back(inner.getPerm()[axis]);
    setPerm(perm);
    getInputMutable().assign(inner.getInput());
    return getResult();
  }
  return {};
}

//===----------------------------------------------------------------------===//
// reshape, broadcast
//===----------------------------------------------------------------------===//

LogicalResult ReshapeOp::verify() {
  auto input = cast<RankedTensorType>(getInput().getType());
  // RESHAPE-1
  if (input.getElementType() != getType().getElementType())
    return emitOpError("changes the element type from ")
           << input.getElementType() << " to " << getType().getElementType();
  // RESHAPE-2
  SmallVector<Dim> from = getDims(input), to = getDims(getType());
  if (input != getType() && !haveSameElementCount(from, to))
    return emitOpError("from ")
           << toString(from) << " to " << toString(to)
           << " does not provably keep the number of elements";
  return success();
}

OpFoldResult ReshapeOp::fold(FoldAdaptor) {
  if (getInput().getType() == getType())
    return getInput();
  if (auto inner = getInput().getDefiningOp<ReshapeOp>()) {
    // reshape(reshape(x)) -> reshape(x)
    getInputMutable().assign(inner.getInput());
    return getResult();
  }
  return {};
}

LogicalResult BroadcastToOp::verify() {
  // BROADCAST_TO-1
  SmallVector<Dim> from = getDims(getInput()), to = getDims(getType());
  auto both = broadcastDims(from, to);
  if (!both || ArrayRef<Dim>(*both) != ArrayRef<Dim>(to) ||
      cast<RankedTensorType>(getInput().getType()).getElementType() !=
          getType().getElementType())
    return emitOpError("input ")
           << getInput().getType() << " does not broadcast to " << getType();
  return success();
}

OpFoldResult BroadcastToOp::fold(FoldAdaptor) {
  return getInput().getType() == getType() ? getInput() : Value();
}

//===----------------------------------------------------------------------===//
// slice, concat
//===----------------------------------------------------------------------===//

LogicalResult SliceOp::inferReturnTypes(MLIRContext *,
                                        std::optional<Location> loc,
                                        Adaptor adaptor,
                                        SmallVectorImpl<Type> &types) {
  auto input = cast<RankedTensorType>(adaptor.getInput().getType());
  int64_t axis = adaptor.getAxis(), begin = adaptor.getBegin(),
          end = adaptor.getEnd();
  // SLICE-1
  if (axis < 0 || axis >= input.getRank())
    return emitOptionalError(loc, "axis ", axis,
                             " is outside a tensor of rank ", input.getRank());
  SmallVector<Dim> dims = getDims(input);
  // SLICE-2
  int64_t extent = dims[axis].isStatic() ? dims[axis].size : 1;
  if (begin < 0 || begin >= end || end > extent)
    return emitOptionalError(loc, "range [", begin, ", ", end,
                             ") is empty or outside the extent ", extent,
                             " of axis ", axis);
  dims[axis] = Dim(end - begin);
  types.push_back(getTensorType(dims, input.getElementType()));
  return success();
}

OpFoldResult SliceOp::fold(FoldAdaptor) {
  return getInput().getType() == getType() ? getInput() : Value();
}

/// slice(transpose(x)) -> transpose(slice(x))
static LogicalResult sliceFirst(SliceOp op, PatternRewriter &rewriter) {
  auto transpose = op.getInput().getDefiningOp<TransposeOp>();
  if (!transpose)
    return rewriter.notifyMatchFailure(op, "slices no transpose");
  int64_t axis = transpose.getPerm()[op.getAxis()];
  Value slice = SliceOp::create(rewriter, op.getLoc(), transpose.getInput(),
                                axis, op.getBegin(), op.getEnd());
  rewriter.replaceOpWithNewOp<TransposeOp>(op, slice, transpose.getPerm());
  return success();
}

/// slice(concat(x, y)) -> slice(x), where nothing of y is in it
static LogicalResult sliceOneInput(SliceOp op, PatternRewriter &rewriter) {
  auto concat = op.getInput().getDefiningOp<ConcatOp>();
  if (!concat || concat.getAxis() != op.getAxis())
    return rewriter.notifyMatchFailure(op, "slices no concat along its axis");
  int64_t axis = op.getAxis(), begin = op.getBegin(), end = op.getEnd();
  for (Value input : concat.getInputs()) {
    int64_t extent = getDims(input)[axis].size;
    if (ShapedType::isDynamic(extent))
      break;
    if (begin >= extent) {
      begin -= extent;
      end -= extent;
      continue;
    }
    if (end > extent)
      break;
    rewriter.replaceOpWithNewOp<SliceOp>(op, input, axis, begin, end);
    return success();
  }
  return rewriter.notifyMatchFailure(op, "takes parts of several inputs");
}

void SliceOp::getCanonicalizationPatterns(RewritePatternSet &patterns,
                                          MLIRContext *) {
  patterns.add(sliceFirst);
  patterns.add(sliceOneInput);
}

LogicalResult ConcatOp::inferReturnTypes(MLIRContext *,
                                         std::optional<Location> loc,
                                         Adaptor adaptor,
                                         SmallVectorImpl<Type> &types) {
  // CONCAT-1
  if (adaptor.getInputs().empty())
    return emitOptionalError(loc, "needs at least one input");
  auto first = cast<RankedTensorType>(adaptor.getInputs().front().getType());
  int64_t axis = adaptor.getAxis();
  // CONCAT-2
  if (axis < 0 || axis >= first.getRank())
    return emitOptionalError(loc, "axis ", axis,
                             " is outside a tensor of rank ", first.getRank());
  SmallVector<Dim> dims = getDims(first);
  std::optional<SymInt> extent = SymInt(0);
  for (Value input : adaptor.getInputs()) {
    auto type = cast<RankedTensorType>(input.getType());
    if (type.getRank() != first.getRank() ||
        type.getElementType() != first.getElementType())
      return emitOptionalError(
          loc, "inputs' ranks or element types differ: ", first, " and ", type);
    SmallVector<Dim> next = getDims(type);
    if (!next[axis].isStatic() && !next[axis].name)
      return emitOptionalError(loc, "extent at axis ", axis,
                               " is neither static nor named");
    extent = SymInt::add(*extent, SymInt(next[axis]));
    if (!extent)
      return emitOptionalError(loc, "the sum of extents at axis ", axis,
                               " is too large");
    next[axis] = dims[axis];
    if (ArrayRef<Dim>(next) != ArrayRef<Dim>(dims))
      return emitOptionalError(loc, "inputs differ outside axis ", axis, ": ",
                               first, " and ", type);
  }
  dims[axis] = *extent->toDim(first.getContext());
  types.push_back(getTensorType(dims, first.getElementType()));
  return success();
}

OpFoldResult ConcatOp::fold(FoldAdaptor) {
  bool same =
      getInputs().size() == 1 && getInputs().front().getType() == getType();
  return same ? getInputs().front() : Value();
}

//===----------------------------------------------------------------------===//
// derived_weight
//===----------------------------------------------------------------------===//

Value DerivedWeightOp::getYielded() {
  return cast<YieldOp>(getBody().front().getTerminator()).getValue();
}

LogicalResult DerivedWeightOp::verifyRegions() {
  Block &block = getBody().front();
  auto yield = block.empty() ? YieldOp() : dyn_cast<YieldOp>(block.back());
  // DERIVED_WEIGHT-1
  auto type = yield ? dyn_cast<RankedTensorType>(yield.getValue().getType())
                    : RankedTensorType();
  if (!type || !type.hasStaticShape())
    return emitOpError("must yield a tensor of a static type");
  // DERIVED_WEIGHT-2
  for (Operation &op : block)
    if (!isa<GraphDialect>(op.getDialect()))
      return op.emitOpError("stands in a derived weight, whose ops are those "
                            "of the graph dialect");
  return success();
}

//===----------------------------------------------------------------------===//
// Costs
//===----------------------------------------------------------------------===//

#define MOVEMENT(Op)                                                           \
  OpCost Op::getCost(const Workload &workload) {                               \
    return workload.getMovement();                                             \
  }
MOVEMENT(WeightOp)
MOVEMENT(DerivedWeightOp)
MOVEMENT(ConstantOp)
MOVEMENT(IotaOp)
MOVEMENT(TransposeOp)
MOVEMENT(ReshapeOp)
MOVEMENT(BroadcastToOp)
MOVEMENT(SliceOp)
MOVEMENT(ConcatOp)
#undef MOVEMENT
