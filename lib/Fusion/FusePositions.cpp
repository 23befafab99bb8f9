//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Writes encodings of positions as lookups in tables, or as arithmetic.
///
/// Angles are calculated in double precision: position times a constant
/// frequency, of which sine and cosine are rounded to the element type. A table
/// is the same formula for all positions below the bound, of constants alone.
///
//===----------------------------------------------------------------------===//

#include "Formulas.h"
#include "Matchers.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/IRMapping.h"
#include "sylvite/Fusion/FusionRemarks.h"
#include "sylvite/Fusion/Passes.h"

#include <cmath>

#define DEBUG_TYPE "sylvite-fuse-positions"

namespace sylvite {
#define GEN_PASS_DEF_FUSEPOSITIONSPASS
#include "sylvite/Fusion/Passes.h.inc"
} // namespace sylvite

using namespace mlir;
using namespace sylvite;
using graph::Dim;
using graph::GraphDialect;

static constexpr StringLiteral kFamily = "positions";

//===----------------------------------------------------------------------===//
// Bounds
//===----------------------------------------------------------------------===//

/// The largest extent of a dimension, if it has a bound.
static std::optional<int64_t> getBound(Dim dim, func::FuncOp function) {
  if (dim.isStatic())
    return dim.size;
  auto maxima = function->getAttrOfType<DictionaryAttr>(GraphDialect::kDimMax);
  auto bound =
      maxima && dim.name ? maxima.getAs<IntegerAttr>(dim.name) : IntegerAttr();
  if (!bound)
    return std::nullopt;
  return bound.getInt();
}

/// A number that all of the positions are below, none of them negative.
static std::optional<int64_t> getBound(Value positions, func::FuncOp function) {
  if (auto argument = dyn_cast<BlockArgument>(positions)) {
    auto range = function.getArgAttrOfType<ArrayAttr>(argument.getArgNumber(),
                                                      GraphDialect::kRange);
    if (!range || cast<IntegerAttr>(range[0]).getInt() < 0)
      return std::nullopt;
    return cast<IntegerAttr>(range[1]).getInt();
  }
  Operation *op = positions.getDefiningOp();
  if (auto iota = dyn_cast<graph::IotaOp>(op))
    return getBound(graph::getDims(positions)[iota.getAxis()], function);
  if (auto number = getNumber(positions)) {
    if (*number < 0)
      return std::nullopt;
    return int64_t(*number) + 1;
  }
  if (auto add = dyn_cast<graph::AddOp>(op)) {
    auto lhs = getBound(add.getLhs(), function);
    auto rhs = getBound(add.getRhs(), function);
    int64_t sum;
    if (!lhs || !rhs || llvm::AddOverflow(*lhs, *rhs, sum))
      return std::nullopt;
    return sum - 1;
  }
  if (isa<graph::ReshapeOp, graph::BroadcastToOp, graph::TransposeOp,
          graph::SliceOp>(op))
    return getBound(op->getOperand(0), function);
  if (auto cast = dyn_cast<graph::CastOp>(op);
      cast && isa<IntegerType>(getElementTypeOrSelf(cast.getInput())))
    return getBound(cast.getInput(), function);
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// Tables
//===----------------------------------------------------------------------===//

namespace {
/// Sine of position times frequency plus phase, for each channel.
struct Waves {
  std::vector<double> frequencies, phases;
};

/// Writes what replaces one op.
class Writer {
public:
  Writer(Operation *op, Value positions, int64_t maxBytes)
      : builder(op), loc(op->getLoc()), positions(positions),
        bound(getBound(positions, op->getParentOfType<func::FuncOp>())),
        maxBytes(maxBytes),
        element(getElementTypeOrSelf(op->getResult(0).getType())) {}

  /// Waves at the positions: a channel more than the positions have axes.
  Value write(const Waves &waves);
  /// A formula at the positions, or null where it has to be evaluated.
  Value write(graph::PositionalEncodingOp encoding);

  /// How many rows tables have, where there are any.
  std::optional<int64_t> getRows(int64_t channels) const;
  void remark(Operation *result, int64_t channels) const;

private:
  Value constant(ArrayRef<double> numbers);
  Value evaluate(Value at, const Waves &waves);
  Value iota(int64_t rows) {
    auto type = RankedTensorType::get({rows}, builder.getI64Type());
    return graph::IotaOp::create(builder, loc, type, /*axis=*/0);
  }

  OpBuilder builder;
  Location loc;
  Value positions;
  std::optional<int64_t> bound;
  int64_t maxBytes;
  Type element;
};
} // namespace

std::optional<int64_t> Writer::getRows(int64_t channels) const {
  int64_t bytes;
  if (!bound || *bound < 1 || llvm::MulOverflow(*bound, channels * 8, bytes) ||
      bytes > maxBytes)
    return std::nullopt;
  return *bound;
}

void Writer::remark(Operation *result, int64_t channels) const {
  if (std::optional<int64_t> rows = getRows(channels))
    return remarkFused(result, kFamily,
                       "table of " + Twine(*rows) +
                           (*rows == 1 ? " position" : " positions"));
  if (bound)
    return remarkMissed(result, kFamily,
                        {"a table of " + std::to_string(*bound) +
                             " positions is larger than the limit of " +
                             std::to_string(maxBytes) + " bytes",
                         nullptr, "raise max-bytes"});
  remarkMissed(result, kFamily,
               {"the positions have no bound", positions.getDefiningOp(),
                "give the dimension a maximum (graph.dim_max) or the positions "
                "a range (graph.range)"});
}

Value Writer::constant(ArrayRef<double> numbers) {
  auto type =
      RankedTensorType::get({int64_t(numbers.size())}, builder.getF64Type());
  return graph::ConstantOp::create(builder, loc,
                                   DenseElementsAttr::get(type, numbers));
}

Value Writer::evaluate(Value at, const Waves &waves) {
  Type f64 = builder.getF64Type();
  SmallVector<Dim> dims = graph::getDims(at);
  Value wide =
      graph::CastOp::create(builder, loc, graph::getTensorType(dims, f64), at);
  dims.push_back(Dim(1));
  wide = graph::ReshapeOp::create(builder, loc, graph::getTensorType(dims, f64),
                                  wide);
  Value angle =
      graph::MulOp::create(builder, loc, wide, constant(waves.frequencies));
  if (llvm::any_of(waves.phases, [](double phase) { return phase != 0; }))
    angle = graph::AddOp::create(builder, loc, angle, constant(waves.phases));
  Value sine = graph::SinOp::create(builder, loc, angle.getType(), angle);
  if (element == f64)
    return sine;
  return graph::CastOp::create(
      builder, loc, graph::getTensorType(graph::getDims(sine), element), sine);
}

Value Writer::write(const Waves &waves) {
  std::optional<int64_t> rows = getRows(waves.frequencies.size());
  // All positions in order are the table itself.
  auto count = positions.getDefiningOp<graph::IotaOp>();
  if (!rows || (count && count.getType().getShape() == ArrayRef(*rows)))
    return evaluate(positions, waves);
  return graph::EmbeddingOp::create(builder, loc, evaluate(iota(*rows), waves),
                                    positions);
}

Value Writer::write(graph::PositionalEncodingOp encoding) {
  int64_t channels = encoding.getType().getShape().back();
  std::optional<int64_t> rows = getRows(channels);
  bool readsOutside = false;
  encoding.getFormula().walk([&](Operation *inner) {
    for (Value operand : inner->getOperands())
      readsOutside |= operand.getParentRegion() != &encoding.getFormula();
  });
  if (!rows || readsOutside)
    return {};
  IRMapping mapping;
  auto table =
      cast<graph::PositionalEncodingOp>(builder.cloneWithoutRegions(*encoding));
  encoding.getFormula().cloneInto(&table.getFormula(), mapping);
  table.getPositionsMutable().clear();
  table.getResult().setType(RankedTensorType::get({*rows, channels}, element));
  return graph::EmbeddingOp::create(builder, loc, table, positions);
}

//===----------------------------------------------------------------------===//
// Ops
//===----------------------------------------------------------------------===//

/// 0, 1, 2, ... along a dimension.
static Value countAlong(Operation *op, Dim dim) {
  OpBuilder builder(op);
  return graph::IotaOp::create(
      builder, op->getLoc(), graph::getTensorType({dim}, builder.getI64Type()),
      /*axis=*/0);
}

static void rewrite(graph::PositionalEncodingOp op, int64_t maxBytes) {
  SmallVector<Dim> dims = graph::getDims(op.getResult());
  int64_t channels = dims.back().size;
  Value positions = op.getPositions();
  if (!positions) {
    // A table as it is.
    bool isTable = dims.size() == 2 && dims.front().isStatic();
    if (isTable && !op.getFormula().empty())
      return;
    positions = countAlong(op, dims.end()[-2]);
  }
  Writer writer(op, positions, maxBytes);
  Value result;
  if (op.getFormula().empty()) {
    Waves waves;
    double base = op.getBase().convertToDouble();
    for (int64_t i = 0; i != channels; ++i) {
      waves.frequencies.push_back(std::pow(base, -2.0 * (i / 2) / channels));
      waves.phases.push_back(i % 2 ? M_PI_2 : 0);
    }
    result = writer.write(waves);
  } else {
    result = writer.write(op);
  }
  writer.remark(result ? result.getDefiningOp() : op, channels);
  if (!result) {
    eraseDead(positions.getDefiningOp() ? positions.getDefiningOp() : op);
    return;
  }
  OpBuilder builder(op);
  if (result.getType() != op.getType())
    result = graph::BroadcastToOp::create(builder, op.getLoc(), op.getType(),
                                          result);
  op.replaceAllUsesWith(result);
  op.erase();
}

static void rewrite(graph::RotaryEmbeddingOp op, int64_t maxBytes) {
  if (op.getCos())
    return;
  SmallVector<Dim> dims = graph::getDims(op.getResult());
  Value positions = op.getPositions();
  if (!positions)
    positions = countAlong(op, dims[*op.getAxis()]);
  Writer writer(op, positions, maxBytes);
  int64_t pairs = op.getRotated() / 2;
  double base = op.getBase().convertToDouble();
  auto makeWaves = [&](double phase) {
    Waves waves;
    for (int64_t k = 0; k != pairs; ++k) {
      waves.frequencies.push_back(std::pow(base, -2.0 * k / op.getRotated()));
      waves.phases.push_back(phase);
    }
    return waves;
  };
  Value cos = writer.write(makeWaves(M_PI_2)), sin = writer.write(makeWaves(0));
  writer.remark(cos.getDefiningOp(), pairs);
  OpBuilder builder(op);
  // A count along an axis stands in front of the axes behind it.
  if (op.getAxis() && *op.getAxis() + 2 != dims.size()) {
    SmallVector<Dim> table{dims[*op.getAxis()]};
    table.append(dims.size() - 2 - *op.getAxis(), Dim(1));
    table.push_back(Dim(pairs));
    auto type = graph::getTensorType(table, op.getType().getElementType());
    cos = graph::ReshapeOp::create(builder, op.getLoc(), type, cos);
    sin = graph::ReshapeOp::create(builder, op.getLoc(), type, sin);
  }
  Value result = graph::RotaryEmbeddingOp::create(
      builder, op.getLoc(), op.getType(), op.getInput(), /*positions=*/Value(),
      cos, sin, /*axis=*/IntegerAttr(), op.getBaseAttr(),
      op.getRotaryDimsAttr(), op.getInterleavedAttr());
  op.replaceAllUsesWith(result);
  op.erase();
}

namespace {
struct FusePositionsPass
    : public sylvite::impl::FusePositionsPassBase<FusePositionsPass> {
  using FusePositionsPassBase::FusePositionsPassBase;
  void runOnOperation() override;
};
} // namespace

void FusePositionsPass::runOnOperation() {
  SmallVector<Operation *> ops;
  getOperation().walk([&](Operation *op) {
    if (isa<graph::PositionalEncodingOp, graph::RotaryEmbeddingOp>(op))
      ops.push_back(op);
  });
  for (Operation *op : ops) {
    if (auto encoding = dyn_cast<graph::PositionalEncodingOp>(op))
      rewrite(encoding, maxBytes);
    else
      rewrite(cast<graph::RotaryEmbeddingOp>(op), maxBytes);
  }
}
