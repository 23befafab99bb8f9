//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Gives all buffers of a host function places in one arena.
///
/// A lifetime is an interval in the order of the program: from the first to the
/// last op that uses a buffer or a view of it. A buffer from outside of a loop
/// that is used inside lives as long as the loop; one that is made inside has
/// no use in the next step, and lives within it. Sizes are read off the values
/// that the allocations take, down to the dimensions. The plan is made from
/// both (ArenaPlan.h); here the allocations become views, and the function that
/// tells the arena's size is written.
///
//===----------------------------------------------------------------------===//

#include "ArenaPlan.h"
#include "sylvite/Emit/Host/Passes.h"
#include "sylvite/Emit/Host/Roles.h"
#include "sylvite/Support/ModuleTarget.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

#define DEBUG_TYPE "sylvite-plan-arena"

namespace sylvite {
#define GEN_PASS_DEF_PLANARENAPASS
#include "sylvite/Emit/Host/Passes.h.inc"
} // namespace sylvite

using namespace mlir;
using namespace sylvite;

//===----------------------------------------------------------------------===//
// Lifetimes and sizes
//===----------------------------------------------------------------------===//

namespace {

/// Reads sizes of one function.
class SizeReader {
public:
  explicit SizeReader(func::FuncOp function)
      : dims(getRoleArguments(function, Role::Dim)) {}

  /// The number of elements of a buffer whose dynamic extents are `extents`, or
  /// none where an op in between is not understood.
  std::optional<DimPolynomial> getElements(MemRefType type,
                                           ValueRange extents) const;

  /// The same for an argument, by the names of its axes.
  std::optional<DimPolynomial> getElements(BlockArgument argument) const;

  ArrayRef<BlockArgument> getDims() const { return dims; }

private:
  std::optional<DimPolynomial> read(Value value) const;
  std::optional<DimPolynomial> read(OpFoldResult value) const;
  /// The extent of a buffer at an axis.
  std::optional<DimPolynomial> readExtent(Value buffer, unsigned axis) const;

  SmallVector<BlockArgument> dims;
};

} // namespace

std::optional<DimPolynomial> SizeReader::read(Value value) const {
  if (auto argument = dyn_cast<BlockArgument>(value)) {
    const auto *dim = llvm::find(dims, argument);
    if (dim == dims.end())
      return std::nullopt;
    return DimPolynomial::getDim(dim - dims.begin());
  }
  APInt constant;
  if (matchPattern(value, m_ConstantInt(&constant)) && !constant.isNegative())
    return DimPolynomial(constant.getZExtValue());
  Operation *op = value.getDefiningOp();
  if (auto dim = dyn_cast<memref::DimOp>(op)) {
    std::optional<int64_t> axis = dim.getConstantIndex();
    return axis ? readExtent(dim.getSource(), *axis) : std::nullopt;
  }
  // What is known when the function runs has a bound to plan for.
  if (auto least = dyn_cast<arith::MinUIOp>(op))
    return read(least.getRhs());
  if (!isa<arith::AddIOp, arith::MulIOp>(op))
    return std::nullopt;
  std::optional<DimPolynomial> left = read(op->getOperand(0)),
                               right = read(op->getOperand(1));
  if (!left || !right)
    return std::nullopt;
  return isa<arith::AddIOp>(op) ? left->add(*right) : left->multiply(*right);
}

std::optional<DimPolynomial> SizeReader::read(OpFoldResult value) const {
  if (auto number = dyn_cast<Attribute>(value))
    return DimPolynomial(cast<IntegerAttr>(number).getInt());
  return read(cast<Value>(value));
}

std::optional<DimPolynomial> SizeReader::readExtent(Value buffer,
                                                    unsigned axis) const {
  auto type = cast<MemRefType>(buffer.getType());
  if (!type.isDynamicDim(axis))
    return DimPolynomial(type.getDimSize(axis));
  if (auto argument = dyn_cast<BlockArgument>(buffer)) {
    StringRef name = getAxisName(argument, axis);
    const auto *dim = llvm::find_if(
        dims, [&](BlockArgument d) { return getGraphName(d) == name; });
    return dim == dims.end() ? std::nullopt : read(Value(*dim));
  }
  Operation *op = buffer.getDefiningOp();
  unsigned dynamic = type.getDynamicDimIndex(axis);
  if (auto alloc = dyn_cast<memref::AllocOp>(op))
    return read(alloc.getDynamicSizes()[dynamic]);
  if (auto view = dyn_cast<memref::ViewOp>(op))
    return read(view.getSizes()[dynamic]);
  if (auto expand = dyn_cast<memref::ExpandShapeOp>(op))
    return read(expand.getMixedOutputShape()[axis]);
  if (auto collapse = dyn_cast<memref::CollapseShapeOp>(op)) {
    std::optional<DimPolynomial> product(1);
    ReassociationIndices group = collapse.getReassociationIndices()[axis];
    for (int64_t source : group) {
      std::optional<DimPolynomial> factor =
          readExtent(collapse.getSrc(), source);
      if (!factor || !product)
        return std::nullopt;
      product = product->multiply(*factor);
    }
    return product;
  }
  if (auto slice = dyn_cast<memref::SubViewOp>(op)) {
    SmallVector<OpFoldResult> sizes = slice.getMixedSizes();
    llvm::SmallBitVector dropped = slice.getDroppedDims();
    for (auto [source, size] : llvm::enumerate(sizes))
      if (!dropped.test(source) && axis-- == 0)
        return read(size);
  }
  return std::nullopt;
}

std::optional<DimPolynomial> SizeReader::getElements(MemRefType type,
                                                     ValueRange extents) const {
  std::optional<DimPolynomial> elements(1);
  unsigned nextDynamic = 0;
  for (int64_t extent : type.getShape()) {
    std::optional<DimPolynomial> factor = ShapedType::isDynamic(extent)
                                              ? read(extents[nextDynamic++])
                                              : DimPolynomial(extent);
    if (!factor || !elements)
      return std::nullopt;
    elements = elements->multiply(*factor);
  }
  return elements;
}

std::optional<DimPolynomial>
SizeReader::getElements(BlockArgument argument) const {
  auto type = cast<MemRefType>(argument.getType());
  std::optional<DimPolynomial> elements(1);
  for (int64_t axis = 0; axis < type.getRank() && elements; ++axis) {
    std::optional<DimPolynomial> factor = readExtent(argument, axis);
    elements = factor ? elements->multiply(*factor) : std::nullopt;
  }
  return elements;
}

/// Bytes of an element; a bool takes one.
static uint64_t getElementBytes(MemRefType type) {
  return llvm::divideCeil(type.getElementTypeBitWidth(), 8);
}

namespace {
/// Where ops stand in the order of the program: a loop begins before what is in
/// it, and ends after.
struct Positions {
  llvm::DenseMap<Operation *, unsigned> begin, end;
  unsigned count = 0;

  void add(Block &block) {
    for (Operation &op : block) {
      begin[&op] = count++;
      for (Region &region : op.getRegions())
        for (Block &inner : region)
          add(inner);
      end[&op] = op.getNumRegions() ? count++ : begin[&op];
    }
  }
};
} // namespace

/// Extends the lifetime of `buffer`, made in `home`, by all uses of `value` and
/// of views of it.
static void addUses(Value value, Block *home, const Positions &positions,
                    ArenaBuffer &buffer) {
  for (Operation *user : value.getUsers()) {
    // A view is no use of the memory; what it is made for is.
    if (isa<ViewLikeOpInterface>(user)) {
      for (Value view : user->getResults())
        addUses(view, home, positions, buffer);
      continue;
    }
    Operation *inHome = home->findAncestorOpInBlock(*user);
    buffer.first = std::min(buffer.first, positions.begin.lookup(inHome));
    buffer.last = std::max(buffer.last, positions.end.lookup(inHome));
  }
}

//===----------------------------------------------------------------------===//
// The program
//===----------------------------------------------------------------------===//

namespace {

struct PlanArenaPass : public sylvite::impl::PlanArenaPassBase<PlanArenaPass> {
  void runOnOperation() override;

private:
  LogicalResult plan(func::FuncOp function);

  /// Of what places are multiples, and whether they are a device's.
  int64_t alignment = 0;
  bool onDevice = false;
};

} // namespace

/// A function of the runtime on unsigned numbers whose largest stands for "too
/// large"; declared where it is first used.
static Value callRuntime(OpBuilder &builder, Location loc, StringRef name,
                         ValueRange operands) {
  auto module = builder.getBlock()->getParent()->getParentOfType<ModuleOp>();
  auto index = builder.getIndexType();
  if (!module.lookupSymbol(name)) {
    OpBuilder atStart = OpBuilder::atBlockBegin(module.getBody());
    SmallVector<Type> inputs(operands.size(), index);
    func::FuncOp::create(atStart, loc, name,
                         builder.getFunctionType(inputs, index))
        .setPrivate();
  }
  return func::CallOp::create(builder, loc, name, index, operands).getResult(0);
}

/// Replaces the allocations of a slot by views at `offset`.
static void makeViews(const ArenaSlot &slot, ArrayRef<memref::AllocOp> allocs,
                      Value arena, Value offset) {
  for (unsigned member : slot.members) {
    memref::AllocOp alloc = allocs[member];
    OpBuilder builder(alloc);
    Value view =
        memref::ViewOp::create(builder, alloc.getLoc(), alloc.getType(), arena,
                               offset, alloc.getDynamicSizes());
    alloc.replaceAllUsesWith(view);
    alloc.erase();
  }
}

/// Emits the bytes of a slot: the largest member, rounded up. The arena
/// was found to be no larger than memory, so this cannot overflow.
static Value emitSlotBytes(OpBuilder &builder, Location loc,
                           const ArenaSlot &slot, ValueRange dims,
                           int64_t alignment) {
  auto constant = [&](uint64_t value) -> Value {
    return arith::ConstantIndexOp::create(builder, loc, value);
  };
  auto add = [&](Value left, Value right) -> Value {
    return arith::AddIOp::create(builder, loc, left, right);
  };
  auto multiply = [&](Value left, Value right) -> Value {
    return arith::MulIOp::create(builder, loc, left, right);
  };
  Value bytes;
  bool rounded = true;
  for (const DimPolynomial &member : slot.bytes) {
    Value size = member.emit(dims, {constant, add, multiply});
    bytes = bytes ? arith::MaxUIOp::create(builder, loc, bytes, size) : size;
    rounded &= member.isMultipleOf(alignment);
  }
  if (rounded)
    return bytes;
  return arith::AndIOp::create(
      builder, loc, add(bytes, constant(alignment - 1)), constant(-alignment));
}

/// Writes the function that tells the bytes of the arena.
static void addSizeFunction(func::FuncOp function, ArrayRef<ArenaSlot> slots,
                            StringRef align,
                            ArrayRef<DimPolynomial> largestTensors) {
  OpBuilder builder(function->getContext());
  builder.setInsertionPointAfter(function);
  Location loc = function.getLoc();
  size_t numDims = getRoleArguments(function, Role::Dim).size();
  Type index = builder.getIndexType();
  auto size = func::FuncOp::create(
      builder, loc, (function.getName() + "_arena").str(),
      builder.getFunctionType(SmallVector<Type>(numDims, index), index));
  size.setPrivate();
  Block *body = size.addEntryBlock();
  builder.setInsertionPointToStart(body);

  auto constant = [&](uint64_t value) -> Value {
    return arith::ConstantIndexOp::create(builder, loc, value);
  };
  auto add = [&](Value left, Value right) {
    return callRuntime(builder, loc, "sylvite_add", {left, right});
  };
  auto multiply = [&](Value left, Value right) {
    return callRuntime(builder, loc, "sylvite_multiply", {left, right});
  };
  DimPolynomial::Emitter emitter{constant, add, multiply};
  Value total = constant(0);
  for (const ArenaSlot &slot : slots) {
    Value bytes;
    for (const DimPolynomial &member : slot.bytes) {
      Value size = member.emit(body->getArguments(), emitter);
      bytes = bytes ? arith::MaxUIOp::create(builder, loc, bytes, size) : size;
    }
    total = add(total, callRuntime(builder, loc, align, bytes));
  }
  // Adds nothing, or the largest number.
  for (const DimPolynomial &elements : largestTensors)
    total =
        add(total, callRuntime(builder, loc, "sylvite_check_elements",
                               elements.emit(body->getArguments(), emitter)));
  func::ReturnOp::create(builder, loc, total);
}

LogicalResult PlanArenaPass::plan(func::FuncOp function) {
  Block &body = function.getBody().front();
  SizeReader reader(function);
  Positions positions;
  positions.add(body);
  SmallVector<memref::AllocOp> allocs;
  function.walk<WalkOrder::PreOrder>(
      [&](memref::AllocOp alloc) { allocs.push_back(alloc); });

  // Sizes of the buffers, and of all tensors that kernels see.
  std::vector<ArenaBuffer> buffers;
  std::vector<DimPolynomial> largest;
  for (memref::AllocOp alloc : allocs) {
    MemRefType type = alloc.getType();
    std::optional<DimPolynomial> elements =
        reader.getElements(type, alloc.getDynamicSizes());
    std::optional<DimPolynomial> bytes =
        elements ? elements->multiply(DimPolynomial(getElementBytes(type)))
                 : std::nullopt;
    if (!bytes)
      return alloc.emitError("the size of this buffer is no sum of products of "
                             "the function's dimensions");
    addToMaximum(largest, *elements);
    ArenaBuffer buffer{positions.count, 0, *bytes};
    addUses(alloc, alloc->getBlock(), positions, buffer);
    buffers.push_back(std::move(buffer));
  }
  for (Role role : {Role::Input, Role::Output})
    for (BlockArgument argument : getRoleArguments(function, role)) {
      std::optional<DimPolynomial> elements = reader.getElements(argument);
      if (!elements)
        return function.emitError() << "argument " << argument.getArgNumber()
                                    << " has an axis that no dimension names";
      addToMaximum(largest, *elements);
    }

  SmallVector<int64_t> likely;
  SmallVector<StringRef> names;
  auto maxima = function->getAttrOfType<DictionaryAttr>("graph.dim_max");
  for (BlockArgument dim : reader.getDims()) {
    names.push_back(getGraphName(dim));
    auto max = maxima ? maxima.getAs<IntegerAttr>(names.back()) : IntegerAttr();
    // A batch of a few sentences of a usual length.
    likely.push_back(max ? std::min<int64_t>(max.getInt(), 128) : 8);
  }
  std::vector<ArenaSlot> slots = planArena(buffers, likely);

  function->setAttr(
      "sylvite.arena",
      StringAttr::get(&getContext(), printArena(slots, names, alignment)));
  addSizeFunction(function, slots,
                  onDevice ? "sylvite_align_device" : "sylvite_align", largest);
  Value arena =
      addRoleArgument(function, Role::Arena,
                      MemRefType::get({ShapedType::kDynamic},
                                      IntegerType::get(&getContext(), 8)));
  OpBuilder builder = OpBuilder::atBlockBegin(&body);
  SmallVector<Value> dims(reader.getDims());
  Value offset = arith::ConstantIndexOp::create(builder, function.getLoc(), 0);
  // All places first: the views take the place of ops of the body.
  SmallVector<Value> offsets;
  for (const ArenaSlot &slot : slots) {
    offsets.push_back(offset);
    if (&slot != &slots.back())
      offset = arith::AddIOp::create(
          builder, function.getLoc(), offset,
          emitSlotBytes(builder, function.getLoc(), slot, dims, alignment));
  }
  for (auto [slot, place] : llvm::zip(slots, offsets))
    makeViews(slot, allocs, arena, place);
  return success();
}

void PlanArenaPass::runOnOperation() {
  FailureOr<const Target *> target = findTarget(getOperation());
  if (failed(target))
    return signalPassFailure();
  // As the runtime aligns what it puts behind the kernels' part.
  onDevice = (*target)->device;
  alignment = onDevice ? 512 : 64;
  SmallVector<func::FuncOp> functions;
  for (func::FuncOp function : getOperation().getOps<func::FuncOp>())
    if (!function.isExternal())
      functions.push_back(function);
  for (func::FuncOp function : functions)
    if (getOperation().lookupSymbol((function.getName() + "_arena").str())) {
      function.emitError() << "the name " << function.getName()
                           << "_arena is taken; its size function needs it";
      return signalPassFailure();
    }
  for (func::FuncOp function : functions)
    if (failed(plan(function)))
      return signalPassFailure();
}
