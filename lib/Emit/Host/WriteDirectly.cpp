//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Takes copies away by calculating into their target from the start.
///
//===----------------------------------------------------------------------===//

#include "WriteDirectly.h"

#include "sylvite/Dialect/Halide/HalideDialect.h"
#include "sylvite/Emit/Host/Roles.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Iterators.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

using namespace mlir;
using namespace sylvite;

/// Does a kernel want more alignment of this operand than any caller's buffer
/// of its element type has?
static bool wantsAlignment(OpOperand &use) {
  auto invoke = dyn_cast<halide::InvokeOp>(use.getOwner());
  if (!invoke)
    return false;
  auto kernel = SymbolTable::lookupNearestSymbolFrom<halide::PipelineOp>(
      invoke, invoke.getKernelAttr());
  unsigned number = use.getOperandNumber(), inputs = invoke.getInputs().size();
  StringRef align = halide::HalideDialect::kAlign;
  auto wanted =
      number < inputs
          ? kernel.getArgAttrOfType<IntegerAttr>(number, align)
          : kernel.getResultAttrOfType<IntegerAttr>(number - inputs, align);
  auto type = cast<MemRefType>(use.get().getType());
  return wanted && wanted.getInt() * 8 > type.getElementTypeBitWidth();
}

/// The same for a buffer and all views of it.
static bool isAligned(Value buffer) {
  for (OpOperand &use : buffer.getUses()) {
    if (wantsAlignment(use))
      return true;
    if (isa<ViewLikeOpInterface>(use.getOwner()) &&
        llvm::any_of(use.getOwner()->getResults(), isAligned))
      return true;
  }
  return false;
}

/// Makes the value of which `reshape` makes `buffer`'s, or null
/// where that is not known.
static Value invertReshape(OpBuilder &builder, Operation *reshape,
                           Value buffer) {
  Location loc = reshape->getLoc();
  if (auto expand = dyn_cast<memref::ExpandShapeOp>(reshape))
    return memref::CollapseShapeOp::create(builder, loc, buffer,
                                           expand.getReassociationIndices());
  auto collapse = dyn_cast<memref::CollapseShapeOp>(reshape);
  if (!collapse)
    return {};
  // Extents that were merged are known where the buffer was made.
  auto alloc = collapse.getSrc().getDefiningOp<memref::AllocOp>();
  if (!alloc)
    return {};
  FailureOr<MemRefType> type = memref::ExpandShapeOp::computeExpandedType(
      cast<MemRefType>(buffer.getType()), collapse.getSrcType().getShape(),
      collapse.getReassociationIndices());
  if (failed(type))
    return {};
  return memref::ExpandShapeOp::create(builder, loc, *type, buffer,
                                       collapse.getReassociationIndices(),
                                       alloc.getMixedSizes());
}

/// May a buffer of `type` take the place of the allocation that `copy` copies,
/// behind `reshapes`? A row has a type that tells its offset: kernels do not
/// care, but reshapes have to be of one kind.
static bool canReplace(memref::AllocOp alloc, MemRefType type,
                       ArrayRef<Operation *> reshapes, memref::CopyOp copy) {
  if (type == alloc.getType())
    return true;
  if (type.getShape() != alloc.getType().getShape() ||
      type.getElementType() != alloc.getType().getElementType())
    return false;
  Operation *last = reshapes.empty() ? copy : reshapes.back();
  return llvm::all_of(alloc->getUsers(),
                      [&](Operation *user) {
                        return user == last ||
                               isa<halide::InvokeOp, memref::CopyOp>(user);
                      }) &&
         llvm::all_of(reshapes,
                      [](Operation *reshape) { return reshape->hasOneUse(); });
}

/// Lets the buffer that `copy` copies to another one be that one.
static void writeDirectly(memref::CopyOp copy) {
  SmallVector<Operation *> reshapes;
  Value source = copy.getSource();
  while (isa_and_nonnull<memref::ExpandShapeOp, memref::CollapseShapeOp>(
      source.getDefiningOp())) {
    reshapes.push_back(source.getDefiningOp());
    source = source.getDefiningOp()->getOperand(0);
  }
  auto alloc = source.getDefiningOp<memref::AllocOp>();
  // Whoever made the buffer in another way may have others use it.
  if (!alloc || isAligned(source))
    return;
  Value buffer = copy.getTarget();
  if (auto row = buffer.getDefiningOp<memref::SubViewOp>()) {
    // The row has to be known where the buffer was made.
    if (alloc->getBlock() != copy->getBlock() ||
        llvm::any_of(row->getOperands(), [&](Value operand) {
          Operation *producer = operand.getDefiningOp();
          return producer && producer->getBlock() == alloc->getBlock() &&
                 alloc->isBeforeInBlock(producer);
        }))
      return;
    row->moveBefore(alloc);
  }
  OpBuilder builder(alloc);
  for (Operation *reshape : reshapes) {
    buffer = invertReshape(builder, reshape, buffer);
    if (!buffer)
      return;
  }
  if (!canReplace(alloc, cast<MemRefType>(buffer.getType()), reshapes, copy))
    return;
  copy.erase();
  for (Operation *reshape : reshapes)
    if (reshape->use_empty())
      reshape->erase();
  alloc.replaceAllUsesWith(buffer);
  alloc.erase();
}

/// Is this a row of a buffer that its block uses for nothing else, and that was
/// made outside of the block?
static bool isRowAlone(Value target) {
  auto row = target.getDefiningOp<memref::SubViewOp>();
  if (!row || row.getSource().getParentBlock() == row->getBlock())
    return false;
  Operation *loop = row->getParentOp();
  return llvm::all_of(row.getSource().getUsers(), [&](Operation *user) {
    return user == row || !loop->isProperAncestor(user);
  });
}

void sylvite::writeDirectly(func::FuncOp function) {
  function.walk([&](memref::CopyOp copy) {
    auto target = dyn_cast<BlockArgument>(copy.getTarget());
    bool isResult = target && target.getOwner()->isEntryBlock() &&
                    target.getOwner()->getParentOp() == function &&
                    getRole(function, target.getArgNumber()) == Role::Output &&
                    copy->getParentOp() == function;
    if (isResult || isRowAlone(copy.getTarget()))
      ::writeDirectly(copy);
  });
}

/// Are the extents that `expand` makes those of `source`, which was collapsed
/// in the same groups? Their products are. So is the only dynamic one of a
/// group; of several, the values have to be those that the buffer was made
/// with.
static bool hasExtentsOf(memref::ExpandShapeOp expand, Value source) {
  auto type = cast<MemRefType>(source.getType());
  if (llvm::all_of(expand.getReassociationIndices(),
                   [&](const ReassociationIndices &group) {
                     return llvm::count_if(group, [&](int64_t axis) {
                              return type.isDynamicDim(axis);
                            }) <= 1;
                   }))
    return true;
  auto alloc = source.getDefiningOp<memref::AllocOp>();
  return alloc && alloc.getMixedSizes() == expand.getMixedOutputShape();
}

/// The buffer behind reshapes that undo each other.
static Value skipInverse(Operation &op) {
  auto expand = dyn_cast<memref::ExpandShapeOp>(op);
  auto collapse = dyn_cast<memref::CollapseShapeOp>(op);
  Value source;
  if (expand) {
    auto before = expand.getSrc().getDefiningOp<memref::CollapseShapeOp>();
    if (before &&
        before.getReassociationIndices() == expand.getReassociationIndices() &&
        before.getSrcType() == expand.getResultType() &&
        hasExtentsOf(expand, before.getSrc()))
      source = before.getSrc();
  } else if (collapse) {
    auto before = collapse.getSrc().getDefiningOp<memref::ExpandShapeOp>();
    if (before &&
        before.getReassociationIndices() ==
            collapse.getReassociationIndices() &&
        before.getSrcType() == collapse.getResultType())
      source = before.getSrc();
  }
  return source;
}

static void eraseDead(func::FuncOp function) {
  function.walk<WalkOrder::PostOrder, ReverseIterator>([](Operation *op) {
    if (isOpTriviallyDead(op))
      op->erase();
  });
}

void sylvite::cleanUpBuffers(func::FuncOp function) {
  eraseDead(function);
  function.walk([](Operation *op) {
    if (Value source = skipInverse(*op))
      op->getResult(0).replaceAllUsesWith(source);
    auto copy = dyn_cast<memref::CopyOp>(op);
    if (copy && copy.getSource() == copy.getTarget())
      copy.erase();
  });
  eraseDead(function);
}
