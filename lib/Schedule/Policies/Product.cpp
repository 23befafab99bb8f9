//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Matrix products: linear layers and `graph.matmul`.
///
/// The result is cut into tiles of as many rows and columns as registers hold
/// sums for. For each tile, the innermost loop goes over k: one element of each
/// row is broadcast and multiplied with a line of the panel, which lies in
/// memory just so. All of a tile is calculated; at the lower edge rows are
/// repeated, and only what exists is stored. A single row, as of the next token
/// of a sentence, has tiles of one row.
///
///   for block of rows (block)            its rows stay in the L2 cache
///     for panel of columns (no)          with the blocks: tasks of the threads
///       for tile (mo)                    the panel stays in the L2 cache
///         acc = 0
///         for k
///           for row of the tile, for vector of the panel (unrolled)
///             acc += x[row, k] * weight[panel, k, vector]
///         out = epilogue(acc)
///
/// With few panels, all blocks are calculated for one panel after the other:
/// blocks of as many rows as the cache holds would be too few tasks.
///
/// A norm needs all columns of a row. There, the product of a block of rows
/// goes into a buffer, and its rows are normed while they are in the cache.
/// Blocks are tasks, and so are the panels within a block: each panel is read
/// once for all rows of it, and one block is work for several threads.
///
//===----------------------------------------------------------------------===//

#include "../Policies.h"
#include "Rows.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace sylvite;
using Tail = halide::TailStrategy;

namespace {
class ProductPolicy {
public:
  explicit ProductPolicy(ScheduleBuilder &s)
      : s(s), panel(s.getTarget().panelColumns),
        rows(s.getCosts().tileRows ? s.getCosts().tileRows
                                   : s.getTarget().tileRows) {
    Type element = s.getPipeline().lookupFunc("acc").getType().getElementType();
    lanes = s.getLanes(element);
    rows = std::min(rows, getMostRows());
    // Sums of twice the size: half as many fit.
    if (lanes < s.getTarget().vectorLanes)
      rows = std::max<int64_t>(rows / 2, 1);
  }

  /// How many rows of sums fit into the registers beside what is multiplied.
  int64_t getMostRows();
  /// Cuts a function of (n, m, ...) into tiles (ni, mi) of rows (mo) and panels
  /// (no), with `acc` in registers.
  void tile(StringRef func, int64_t columns);
  /// The loops of a tile of that many rows, inside of a panel.
  void tileRows(StageBuilder &stage, int64_t tileRows, Tail tail);
  /// The same of the output, in tasks of some rows.
  void tileOutput();
  /// Packs the right side, where that is the kernel's work.
  void packRightSide();

  /// Is it a layer, whose rows are clamped wherever they are read?
  bool isLinear() { return s.getClass().starts_with("linear"); }

  ScheduleBuilder &s;
  int64_t panel, rows, lanes;
};
} // namespace

int64_t ProductPolicy::getMostRows() {
  bool isOfPairs = false;
  s.getPipeline().walk([&](halide::DotOp dot) {
    isOfPairs |= dot.getKind() == halide::DotKind::S16S8;
  });
  // Elsewhere the addition is part of the instruction, and an operand of it
  // comes from memory. Here the product needs a register for itself, and so do
  // the row's number and each vector of the weight, which was widened. One sum
  // too many, and a step waits for its way through memory: it took twice as
  // long.
  int64_t vectors = panel / lanes;
  return isOfPairs ? (s.getTarget().vectorRegisters - 2) / vectors - 1 : rows;
}

/// What a split of `extent` by `factor` needs.
static Tail getTail(int64_t extent, int64_t factor) {
  bool divides = !ShapedType::isDynamic(extent) && extent % factor == 0;
  return divides ? Tail::RoundUp : Tail::GuardWithIf;
}

/// Makes one parallel loop of several, innermost first.
static void parallelize(StageBuilder stage, ArrayRef<StringRef> loops) {
  stage.parallel(fuseLoops(stage, loops, "task"));
}

void ProductPolicy::tileRows(StageBuilder &stage, int64_t tileRows, Tail tail) {
  stage.split("m", "mo", "mi", tileRows, tail)
      .reorder({"ni", "mi", "mo", "no"});
  stage.vectorize("ni", lanes).unroll("ni").unroll("mi");
}

void ProductPolicy::tile(StringRef func, int64_t columns) {
  StageBuilder stage = s.func(func);
  stage.split("n", "no", "ni", panel, getTail(columns, panel));
  SmallVector<StringRef> vars = getVars(s.getPipeline().lookupFunc("acc"));
  StageBuilder sums = s.func("acc");
  if (isLinear()) {
    // Rows beyond the last one may be calculated, so that a tile is whole
    // without a bound on the sums, which would hold for the single row too.
    stage.specialize(/*dim=*/1, /*most=*/1, [&](StageBuilder &single) {
      tileRows(single, 1, Tail::RoundUp);
      if (columns > panel)
        single.parallel("no");
    });
    tileRows(stage, rows, Tail::PredicateStores);
    sums.computeAt(func, "mo").boundExtent("n", panel);
  } else {
    tileRows(stage, rows, Tail::GuardWithIf);
    sums.computeAt(func, "mo").boundExtent("n", panel).boundExtent("m", rows);
  }

  for (StringRef batch : ArrayRef(vars).drop_front(2))
    sums.boundExtent(batch, 1);
  sums.storeIn(halide::MemoryType::Register)
      .vectorize("n", lanes)
      .unroll("n")
      .unroll("m");
  for (unsigned index = 0; index != s.getNumUpdates("acc"); ++index)
    s.update("acc", index)
        .reorder({"n", "m", "k"})
        .vectorize("n", lanes)
        .unroll("n")
        .unroll("m");
}

/// The number of steps over k, or what is likely.
static int64_t getDepth(ScheduleBuilder &s) {
  halide::FuncOp acc = s.getPipeline().lookupFunc("acc");
  APInt depth;
  if (matchPattern(halide::getUpdates(acc).front().getTo().front(),
                   m_ConstantInt(&depth)))
    return depth.getSExtValue();
  return 128;
}

/// Columns of a matrix whose number of columns is not known, for what is only
/// about speed: those of a short sequence.
static constexpr int64_t kLikelyColumns = 128;

/// Panels up to which blocks of rows are small, so that there are tasks for all
/// threads.
static constexpr int64_t kFewPanels = 4;

void ProductPolicy::tileOutput() {
  int64_t columns = s.getOutputShape().front();
  tile("out", columns);
  int64_t width = ShapedType::isDynamic(columns) ? kLikelyColumns : panel;
  bool hasManyPanels =
      !ShapedType::isDynamic(columns) && columns > kFewPanels * panel;
  int64_t blockRows = s.getCosts().getProductRows(width, getDepth(s));
  if (hasManyPanels)
    blockRows = std::max(blockRows, s.getCosts().getCachedRows(getDepth(s)));
  StageBuilder stage = s.func("out");
  // Halide does not see that a tile ends inside of a block of one tile.
  stage.split("mo", "block", "mo", std::max<int64_t>(blockRows / rows, 2),
              Tail::GuardWithIf);
  // Loops of one step stay out of the tasks, and so do panels whose number is
  // not known: Halide no longer sees that a tile ends with them once they are
  // fused with others.
  SmallVector<StringRef> inside{"mo"}, tasks{"block"};
  auto place = [&](StringRef loop, bool isTask) {
    (isTask ? tasks : inside).push_back(loop);
  };
  place("no", !ShapedType::isDynamic(columns) && columns > panel);
  if (hasManyPanels)
    std::reverse(tasks.begin(), tasks.end());
  SmallVector<StringRef> vars = getVars(s.getPipeline().lookupFunc("out"));
  for (auto [var, extent] :
       llvm::drop_begin(llvm::zip_equal(vars, s.getOutputShape()), /*N=*/2))
    place(var, extent != 1);
  llvm::append_range(inside, tasks);
  stage.reorder(inside);
  parallelize(stage, tasks);
}

void ProductPolicy::packRightSide() {
  halide::FuncOp rhs = s.getPipeline().lookupFunc("rhs");
  if (!rhs)
    return;
  StageBuilder stage = s.func("rhs");
  stage.computeRoot().boundExtent("ni", panel).vectorize("ni", lanes);
  SmallVector<StringRef> vars = getVars(rhs);
  parallelize(stage, ArrayRef(vars).drop_front(2));
}

void sylvite::scheduleProduct(ScheduleBuilder &s) {
  ProductPolicy policy(s);
  policy.packRightSide();
  policy.tileOutput();
}

/// With more, threads have about as much to do when blocks are all they get.
static constexpr int64_t kFewBlocks = 16;

void sylvite::scheduleLinearNorm(ScheduleBuilder &s) {
  ProductPolicy policy(s);
  policy.packRightSide();
  int64_t columns = s.getOutputShape().front();
  Type element = s.getPipeline().lookupFunc("out").getType().getElementType();
  vectorizeRow(s.func("out"), "n", getVectors(s, element, columns));
  // Whole tiles: bounds of sums would not be constant else.
  int64_t blockRows = llvm::alignTo(s.getCosts().normRows, policy.rows);
  RowSchedule rows(s, {"m"}, blockRows);
  s.func("input").computeAt("out", rows.getTask());
  policy.tile("input", columns);
  // Threads that find no block share the panels of one, where there are so few
  // blocks that it matters.
  if (columns > policy.panel)
    s.func("input").specialize(
        /*dim=*/1, kFewBlocks * blockRows,
        [](StageBuilder &stage) { stage.parallel("no"); });
  rows.placeNorm();
}
