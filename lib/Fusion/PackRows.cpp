//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Computes layers on the rows of a batch that are no padding.
///
/// Attentions whose mask hides keys past lengths tell what the rows of a batch
/// are: a tensor of lengths, and the dimensions of batch and sequence. Backward
/// from the results it is found out of which tensors nobody sees more than
/// those rows. An op that computes each row by itself, and whose result is one
/// of them, then takes packed rows and gives packed rows; where another op
/// reads the result it is unpacked, with zeros for padding.
///
//===----------------------------------------------------------------------===//

#include "MaskConditions.h"
#include "Matchers.h"
#include "mlir/IR/TypeUtilities.h"
#include "sylvite/Dialect/Graph/Elementwise.h"
#include "sylvite/Dialect/Graph/SymInt.h"
#include "sylvite/Fusion/FusionRemarks.h"
#include "sylvite/Fusion/Passes.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringSet.h"

#define DEBUG_TYPE "sylvite-pack-rows"

namespace sylvite {
#define GEN_PASS_DEF_PACKROWSPASS
#include "sylvite/Fusion/Passes.h.inc"
} // namespace sylvite

using namespace mlir;
using namespace sylvite;

using graph::Dim;

static constexpr StringLiteral kFamily = "rows";

namespace {
/// The rows of a batch: positions of sequences below their lengths.
struct Rows {
  Value lengths;
  Dim batch, sequence;

  bool operator==(const Rows &other) const {
    return lengths == other.lengths && batch == other.batch &&
           sequence == other.sequence;
  }
};

/// Packs the rows of one kind in one block.
class RowPacker {
public:
  RowPacker(Block &block, const Rows &rows, StringAttr name)
      : block(block), rows(rows), name(name) {}

  /// The ops that can be computed on rows alone.
  void findOps();
  bool isWorthIt() const;
  void pack();

private:
  bool hasRows(Value value) const;
  bool hasLeadingRows(Value value) const;
  bool isWithin(Value condition) const;
  bool isUnseen(Value value) const { return unseen.contains(value); }
  bool keepsRows(Operation *op) const;
  bool isUnseenIn(OpOperand &use) const;
  bool isUnseenInAttention(graph::AttentionOp op, unsigned operand) const;

  RankedTensorType getPackedType(Value value) const;
  Value getPacked(OpBuilder &builder, Value value);
  Value getPackedOperand(OpBuilder &builder, Operation *user, Value value);
  void packOp(Operation *op);
  void unpack(Operation *op);

  Block &block;
  Rows rows;
  StringAttr name;
  /// Of these nobody sees rows that are padding.
  llvm::DenseSet<Value> unseen;
  llvm::SetVector<Operation *> ops;
  DenseMap<Value, Value> packed;
};
} // namespace

//===----------------------------------------------------------------------===//
// What there is to pack
//===----------------------------------------------------------------------===//

/// The tensor that only got other dimensions of 1.
static Value skipReshapes(Value lengths) {
  while (auto reshape = lengths.getDefiningOp<graph::ReshapeOp>()) {
    if (!llvm::equal(llvm::make_filter_range(
                         graph::getDims(reshape.getInput()),
                         [](const Dim &dim) { return !dim.isOne(); }),
                     llvm::make_filter_range(
                         graph::getDims(lengths),
                         [](const Dim &dim) { return !dim.isOne(); })))
      break;
    lengths = reshape.getInput();
  }
  return lengths;
}

/// Calls `visit` with the mask operand of each `padding` that a query has to
/// pass, whatever else the mask says.
static void visitPadding(graph::AttentionOp op,
                         function_ref<void(Value)> visit) {
  std::function<void(graph::MaskAttr)> walk = [&](graph::MaskAttr mask) {
    if (mask.getKind() == graph::MaskKind::Padding)
      visit(op.getMaskOperands()[mask.getValue()]);
    if (mask.getKind() == graph::MaskKind::And)
      llvm::for_each(mask.getChildren(), walk);
  };
  if (op.getMaskAttr())
    walk(op.getMaskAttr());
}

/// The lengths of an attention's keys, in the order of the mask.
static SmallVector<Rows> getRows(graph::AttentionOp op) {
  SmallVector<Rows> found;
  graph::AttentionOp::Axes axes = op.getAxes();
  SmallVector<Dim> dims = graph::getDims(op.getKey());
  visitPadding(op, [&](Value lengths) {
    found.push_back(
        {skipReshapes(lengths), dims[axes.batch], dims[axes.sequence]});
  });
  return found;
}

/// Are both dimensions there once, so that they are the rows?
bool RowPacker::hasRows(Value value) const {
  SmallVector<Dim> dims = graph::getDims(value);
  return llvm::count(dims, rows.batch) == 1 &&
         llvm::count(dims, rows.sequence) == 1;
}

bool RowPacker::hasLeadingRows(Value value) const {
  SmallVector<Dim> dims = graph::getDims(value);
  return dims.size() >= 2 && hasRows(value) && dims[0] == rows.batch &&
         dims[1] == rows.sequence;
}

/// Is the condition, a boolean [batch, sequence] or [batch, sequence, 1], true
/// where a position is below the length of its sequence?
bool RowPacker::isWithin(Value condition) const {
  SmallVector<Dim> dims = graph::getDims(condition);
  if (!hasLeadingRows(condition) ||
      !llvm::all_of(ArrayRef(dims).drop_front(2),
                    [](const Dim &dim) { return dim.isOne(); }) ||
      !getElementTypeOrSelf(condition).isInteger(1))
    return false;
  RoleExtents extents(rows.batch, 1, 1, 1, rows.sequence, 1);
  View view{condition, {{Role::Batch}, {Role::Key}}};
  view.axes.resize(dims.size());
  std::optional<Condition> read = ConditionReader(extents).readCondition(view);
  return read && read->kind == Condition::Kind::Padding && !read->negated &&
         read->number == 0 && read->operand.axes.size() >= 1 &&
         skipReshapes(read->operand.value) == rows.lengths;
}

//===----------------------------------------------------------------------===//
// What nobody sees
//===----------------------------------------------------------------------===//

/// Does the op compute a row of its result from the same row of its operands,
/// wherever that stands?
static bool computesRows(Operation *op) {
  return graph::isElementwise(op) ||
         isa<graph::LinearOp, graph::LayerNormOp, graph::RmsNormOp,
             graph::EmbeddingOp, graph::EmbeddingsOp>(op);
}

/// Does the op give rows from the same rows, by their positions? Batch and
/// sequence are dimensions of the result, so that nothing is cut off from them.
bool RowPacker::keepsRows(Operation *op) const {
  if (auto reshape = dyn_cast<graph::ReshapeOp>(op))
    return hasLeadingRows(reshape.getInput()) && hasLeadingRows(reshape);
  return computesRows(op) || isa<graph::TransposeOp, graph::SliceOp,
                                 graph::ConcatOp, graph::RotaryEmbeddingOp>(op);
}

bool RowPacker::isUnseenInAttention(graph::AttentionOp op,
                                    unsigned operand) const {
  graph::AttentionOp::Axes axes = op.getAxes();
  Value value = op->getOperand(operand);
  SmallVector<Dim> dims = graph::getDims(value);
  if (dims[axes.batch] != rows.batch || dims[axes.sequence] != rows.sequence)
    return false;
  // Queries are the rows of the result; their weights have other dimensions.
  if (operand == 0)
    return isUnseen(op->getResult(0)) &&
           llvm::all_of(op->getResults().drop_front(),
                        [](Value result) { return result.use_empty(); });
  return operand <= 2 && llvm::is_contained(getRows(op), rows);
}

/// Does the user need none of the value's rows that are padding?
bool RowPacker::isUnseenIn(OpOperand &use) const {
  Operation *user = use.getOwner();
  // In a region of an op, or a result.
  if (user->getBlock() != &block || user->getNumResults() == 0)
    return false;
  if (auto attention = dyn_cast<graph::AttentionOp>(user))
    return isUnseenInAttention(attention, use.getOperandNumber());
  if (auto pool = dyn_cast<graph::PoolOp>(user))
    return use.getOperandNumber() == 0 && pool.getMask() &&
           pool.getKind() != graph::PoolKind::Cls && isWithin(pool.getMask());
  if (auto select = dyn_cast<graph::SelectOp>(user);
      select && use.getOperandNumber() == 1 && isWithin(select.getCondition()))
    return true;
  if (!keepsRows(user) || !isUnseen(user->getResult(0)))
    return false;
  if (auto linear = dyn_cast<graph::LinearOp>(user))
    return use.get() == linear.getInput() || use.get() == linear.getResidual();
  return true;
}

void RowPacker::findOps() {
  for (Operation &op : llvm::reverse(block)) {
    if (op.getNumResults() == 0)
      continue;
    Value result = op.getResult(0);
    if (!hasRows(result) ||
        !llvm::all_of(result.getUses(),
                      [&](OpOperand &use) { return isUnseenIn(use); }))
      continue;
    unseen.insert(result);
    if (computesRows(&op) && hasLeadingRows(result))
      ops.insert(&op);
  }
}

/// Packing and unpacking go once over memory; layers are worth that.
bool RowPacker::isWorthIt() const {
  return llvm::any_of(ops,
                      [](Operation *op) { return isa<graph::LinearOp>(op); });
}

//===----------------------------------------------------------------------===//
// The rewriting
//===----------------------------------------------------------------------===//

RankedTensorType RowPacker::getPackedType(Value value) const {
  SmallVector<Dim> dims = graph::getDims(value);
  dims.erase(dims.begin());
  dims[0] = Dim(name);
  return graph::getTensorType(dims, getElementTypeOrSelf(value));
}

/// The packed rows of a value that has them in front.
Value RowPacker::getPacked(OpBuilder &builder, Value value) {
  if (Value known = packed.lookup(value))
    return known;
  Value result;
  // Movements inside of rows are movements of packed rows.
  if (auto reshape = value.getDefiningOp<graph::ReshapeOp>();
      reshape && hasLeadingRows(reshape.getInput()) &&
      packed.contains(reshape.getInput())) {
    result = graph::ReshapeOp::create(builder, reshape.getLoc(),
                                      getPackedType(value),
                                      getPacked(builder, reshape.getInput()));
  } else if (auto slice = value.getDefiningOp<graph::SliceOp>();
             slice && slice.getAxis() >= 2 &&
             packed.contains(slice.getInput())) {
    result = graph::SliceOp::create(
        builder, slice.getLoc(), getPackedType(value),
        getPacked(builder, slice.getInput()), slice.getAxis() - 1,
        slice.getBegin(), slice.getEnd());
  } else {
    result = graph::PackRowsOp::create(
        builder, value.getLoc(), getPackedType(value), value, rows.lengths);
  }
  return packed[value] = result;
}

/// An operand of an op on rows. What broadcasts to all rows alike stays.
Value RowPacker::getPackedOperand(OpBuilder &builder, Operation *user,
                                  Value value) {
  if (hasLeadingRows(value))
    return getPacked(builder, value);
  SmallVector<Dim> dims = graph::getDims(value);
  // Of lookups, the shape is that of all indices.
  size_t rank = graph::getDims(user->getResult(0)).size();
  if (isa<graph::EmbeddingOp, graph::EmbeddingsOp>(user))
    --rank;
  if (dims.size() + 2 <= rank)
    return value;
  SmallVector<Dim> whole = {rows.batch, rows.sequence};
  whole.append(dims.end() - (rank - 2), dims.end());
  auto type = graph::getTensorType(whole, getElementTypeOrSelf(value));
  return getPacked(builder, graph::BroadcastToOp::create(
                                builder, value.getLoc(), type, value));
}

/// Is the op's operand something that has rows, or broadcasts to them?
static bool isRowOperand(Operation *op, unsigned operand) {
  Value value = op->getOperand(operand);
  if (graph::isElementwise(op))
    return true;
  if (auto linear = dyn_cast<graph::LinearOp>(op))
    return value == linear.getInput() || value == linear.getResidual();
  if (auto norm = dyn_cast<graph::LayerNormOp>(op))
    return value == norm.getInput() || value == norm.getResidual();
  if (auto norm = dyn_cast<graph::RmsNormOp>(op))
    return value == norm.getInput() || value == norm.getResidual();
  if (auto lookup = dyn_cast<graph::EmbeddingOp>(op))
    return value == lookup.getIndices();
  return llvm::is_contained(cast<graph::EmbeddingsOp>(op).getIndices(), value);
}

void RowPacker::packOp(Operation *op) {
  OpBuilder builder(op);
  // What this chooses for padding is what unpacking gives.
  if (auto select = dyn_cast<graph::SelectOp>(op);
      select && isWithin(select.getCondition()) &&
      getNumber(select.getOnFalse()) == 0.0 &&
      select.getOnTrue().getType() == select.getType()) {
    packed[select] = getPacked(builder, select.getOnTrue());
    return;
  }
  SmallVector<Value> operands;
  for (OpOperand &operand : op->getOpOperands())
    operands.push_back(isRowOperand(op, operand.getOperandNumber())
                           ? getPackedOperand(builder, op, operand.get())
                           : operand.get());
  Operation *onRows = builder.clone(*op);
  onRows->setOperands(operands);
  onRows->getResult(0).setType(getPackedType(op->getResult(0)));
  packed[op->getResult(0)] = onRows->getResult(0);
}

/// Gives other users of an op's result all of it again.
void RowPacker::unpack(Operation *op) {
  Value result = op->getResult(0);
  OpBuilder builder(op);
  builder.setInsertionPointAfter(op);
  Value whole =
      graph::UnpackRowsOp::create(builder, op->getLoc(), result.getType(),
                                  packed.lookup(result), rows.lengths);
  result.replaceAllUsesWith(whole);
}

void RowPacker::pack() {
  // A selection of zero for padding may be seen and still be packed.
  for (auto select : block.getOps<graph::SelectOp>())
    if (hasLeadingRows(select) && isWithin(select.getCondition()) &&
        getNumber(select.getOnFalse()) == 0.0 && isUnseen(select.getOnTrue()))
      ops.insert(select);
  SmallVector<Operation *> ordered(ops.takeVector());
  llvm::sort(ordered, [](Operation *left, Operation *right) {
    return left->isBeforeInBlock(right);
  });
  unsigned layers = llvm::count_if(
      ordered, [](Operation *op) { return isa<graph::LinearOp>(op); });
  for (Operation *op : ordered)
    packOp(op);
  Operation *first =
      packed.lookup(ordered.front()->getResult(0)).getDefiningOp();
  remarkFused(first, kFamily,
              Twine(ordered.size()) + " ops, " + Twine(layers) +
                  " layers among them, on rows below their lengths");
  llvm::SmallPtrSet<Operation *, 8> erased;
  for (Operation *op : llvm::reverse(ordered)) {
    if (erased.contains(op))
      continue;
    if (!op->use_empty())
      unpack(op);
    eraseDead(op, &erased);
  }
}

namespace {
struct PackRowsPass : public sylvite::impl::PackRowsPassBase<PackRowsPass> {
  void runOnOperation() override;
};
} // namespace

/// A name for rows that nothing in the function has.
static StringAttr makeName(func::FuncOp function, llvm::StringSet<> &taken) {
  std::string name = "rows";
  for (unsigned i = 1; !taken.insert(name).second; ++i)
    name = "rows" + std::to_string(i);
  return StringAttr::get(function.getContext(), name);
}

static llvm::StringSet<> collectNames(func::FuncOp function) {
  llvm::StringSet<> names;
  auto add = [&](Type type) {
    if (auto tensor = dyn_cast<RankedTensorType>(type))
      for (const Dim &dim : graph::getDims(tensor))
        if (!dim.isStatic() && dim.name)
          names.insert_range(getLeafNames(dim.name.getValue()));
  };
  llvm::for_each(function.getArgumentTypes(), add);
  llvm::for_each(function.getResultTypes(), add);
  function.walk(
      [&](Operation *op) { llvm::for_each(op->getResultTypes(), add); });
  return names;
}

void PackRowsPass::runOnOperation() {
  func::FuncOp function = getOperation();
  if (!function.getBody().hasOneBlock())
    return;
  Block &block = function.getBody().front();
  SmallVector<Rows> kinds;
  for (auto attention : block.getOps<graph::AttentionOp>())
    for (const Rows &rows : getRows(attention))
      if (!rows.batch.isOne() || !rows.sequence.isOne())
        if (!llvm::is_contained(kinds, rows))
          kinds.push_back(rows);
  llvm::StringSet<> names = collectNames(function);
  for (const Rows &rows : kinds) {
    // The lengths must be there before the first row.
    if (Operation *op = rows.lengths.getDefiningOp();
        op && !isa<graph::WeightOp>(op))
      continue;
    RowPacker finder(block, rows, StringAttr());
    finder.findOps();
    if (!finder.isWorthIt())
      continue;
    RowPacker packer(block, rows, makeName(function, names));
    packer.findOps();
    packer.pack();
  }
}
