//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Rows without their padding.
///
/// Two kernels come first for each tensor of lengths. One gives where each
/// sequence ends among the packed rows, and how many there are: the host
/// program reads that number as the extent of all packed tensors, which kernels
/// then need not know anything of. The other gives which row of the batch each
/// packed row is.
///
//===----------------------------------------------------------------------===//

#include "Lowerings.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace sylvite;

/// The extent of the packed rows, at most all there are. The bound is also what
/// memory is planned for.
static Value readCount(LoweringContext &context, Location loc, StringAttr name,
                       Value count, const Extent &all) {
  OpBuilder &host = context.getHostBuilder();
  Value zero = arith::ConstantIndexOp::create(host, loc, 0);
  Value number = tensor::ExtractOp::create(host, loc, count, zero);
  Value rows =
      arith::IndexCastOp::create(host, loc, host.getIndexType(), number);
  auto extent =
      arith::MinUIOp::create(host, loc, rows, context.getHostExtent(all));
  extent->setAttr(kExtentName, name);
  return extent;
}

/// ends[b]: the rows of sequences up to b. count[0]: all, one at least.
static LogicalResult writeEnds(LoweringContext &context, Location loc,
                               Value lengths, const Extent &batch,
                               const Extent &sequence, Value &ends,
                               Value &count) {
  KernelBuilder kernel(context, loc, "row_ends", "gather");
  FailureOr<Operand> given = kernel.read(lengths);
  if (failed(given))
    return failure();
  Type i32 = kernel.getBuilder().getI32Type();
  Type i64 = kernel.getBuilder().getI64Type();
  Expr last = cast(kernel.extent(sequence), i64);
  Func out = kernel.func("out", {"b"}, i32, [&](Vars v) {
    Expr length = cast(given->at({v[0]}), i64);
    return cast(clamp(length, length.like(0), last), i32);
  });
  Expr items = kernel.extent(batch);
  kernel.update(out, {{"r", kernel.index(1), items}}, [&](Vars, Vars r) {
    return Placed(out({r[0]}) + out({r[0] - 1}), {r[0]});
  });
  Func number = kernel.func("out1", {"x"}, i64, [&](Vars) {
    return cast(max(out({items - 1}), 1), i64);
  });
  SmallVector<Value> results =
      kernel.finish({Output{out, {batch}}, Output{number, {Extent(1)}}});
  ends = results[0];
  count = results[1];
  return success();
}

namespace {
/// Where the rows of a sequence are among the packed ones.
struct Sequence {
  Sequence(KernelBuilder &kernel, const Operand &ends, Expr item)
      : begin(select(item > 0, ends.at({max(item - 1, 0)}), kernel.index(0))),
        length(ends.at({item}) - begin) {}
  Expr begin, length;
};
} // namespace

/// places[r]: the number of row r in the batch, and 0 behind the last row.
static Value writePlaces(LoweringContext &context, Location loc, Value ends,
                         const Extent &batch, const Extent &sequence) {
  KernelBuilder kernel(context, loc, "row_places", "gather");
  Operand end = kernel.readTensor(ends);
  Extent all = batch * sequence;
  Expr items = kernel.extent(batch), positions = kernel.extent(sequence);
  Expr last = kernel.extent(all) - 1;
  Func out = kernel.func("out", {"r"}, kernel.getBuilder().getI32Type(),
                         [&](Vars) { return kernel.index(0); });
  kernel.update(
      out, {{"s", kernel.index(0), positions}, {"b", kernel.index(0), items}},
      [&](Vars, Vars r) {
        Sequence rows(kernel, end, r[1]);
        kernel.where(r[0] < rows.length);
        return Placed(r[1] * positions + r[0],
                      {clamp(rows.begin + r[0], kernel.index(0), last)});
      });
  return kernel.finish(out, all);
}

template <typename OpTy>
static FailureOr<PackedRows *> getRows(OpTy op, LoweringContext &context) {
  PackedRows &rows = context.getPackedRows(op.getRows().getValue());
  auto [batch, sequence] = op.getPositions();
  if (rows.lengths) {
    if (rows.lengths == op.getLengths() && rows.batch == Extent(batch) &&
        rows.sequence == Extent(sequence))
      return &rows;
    return op.emitError("'") << op.getRows().getValue()
                             << "' names the rows of other lengths or of "
                                "another sequence as well";
  }
  if (isa<graph::UnpackRowsOp>(op.getOperation()))
    return op.emitError("no graph.pack_rows before it names '")
           << op.getRows().getValue() << "'";
  rows.lengths = op.getLengths();
  rows.batch = batch;
  rows.sequence = sequence;
  Location loc = op.getLoc();
  Value count;
  if (failed(writeEnds(context, loc, rows.lengths, rows.batch, rows.sequence,
                       rows.ends, count)))
    return failure();
  rows.places = writePlaces(context, loc, rows.ends, rows.batch, rows.sequence);
  context.bindExtent(
      op.getRows().getValue(),
      readCount(context, loc, op.getRows(), count, rows.batch * rows.sequence));
  return &rows;
}

/// "pack_rows_f32_2d".
template <typename OpTy>
static std::string getName(OpTy op) {
  auto type = cast<RankedTensorType>(op.getInput().getType());
  return (op->getName().stripDialect() + "_" +
          getTypeName(type.getElementType()) + "_" + Twine(type.getRank()) +
          "d")
      .str();
}

LogicalResult sylvite::lowerPackRows(graph::PackRowsOp op,
                                     LoweringContext &context) {
  FailureOr<PackedRows *> rows = getRows(op, context);
  if (failed(rows))
    return failure();
  KernelBuilder kernel(context, op.getLoc(), getName(op), "gather");
  FailureOr<Operand> input = kernel.read(op.getInput());
  if (failed(input))
    return failure();
  Operand places = kernel.readTensor((*rows)->places);
  Expr items = kernel.extent((*rows)->batch);
  Expr positions = kernel.extent((*rows)->sequence);
  Extents dims = getExtents(op.getResult());
  Func out =
      kernel.func("out", dims.size(), input->getElementType(), [&](Vars v) {
        Expr place = places.at({v.back()});
        Expr item =
            clamp(floorDiv(place, positions), kernel.index(0), items - 1);
        Expr position =
            clamp(place - item * positions, kernel.index(0), positions - 1);
        SmallVector<Expr> from = {item, position};
        llvm::append_range(from, reversed(v.drop_back()));
        return input->at(from);
      });
  context.setResult(op.getResult(), kernel.finish(out, dims));
  return success();
}

LogicalResult sylvite::lowerUnpackRows(graph::UnpackRowsOp op,
                                       LoweringContext &context) {
  FailureOr<PackedRows *> rows = getRows(op, context);
  if (failed(rows))
    return failure();
  KernelBuilder kernel(context, op.getLoc(), getName(op), "gather");
  FailureOr<Operand> input = kernel.read(op.getInput());
  if (failed(input))
    return failure();
  Operand ends = kernel.readTensor((*rows)->ends);
  Expr last = kernel.extent(input->getExtents().front()) - 1;
  Extents dims = getExtents(op.getResult());
  Func out =
      kernel.func("out", dims.size(), input->getElementType(), [&](Vars v) {
        SmallVector<Expr> place = reversed(v);
        Sequence sequence(kernel, ends, place[0]);
        SmallVector<Expr> from = {
            clamp(sequence.begin + place[1], kernel.index(0), last)};
        llvm::append_range(from, ArrayRef(place).drop_front(2));
        Expr value = input->at(from);
        return select(place[1] < sequence.length, value, value.like(0));
      });
  context.setResult(op.getResult(), kernel.finish(out, dims));
  return success();
}
