//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Makes one op of a sum of embeddings and the norm behind it.
///
/// A tree of sums whose leaves are all lookups is one sum, whatever its order.
/// The pass takes the largest such trees: a sum that is a summand of another
/// one stands for nothing by itself. A single lookup counts only with a norm.
///
/// Lookups times a number, as the first Transformers have, come first: they are
/// lookups in a table times the number, which is calculated at compile time.
///
//===----------------------------------------------------------------------===//

#include "Epilogue.h"
#include "Formulas.h"
#include "Matchers.h"
#include "mlir/IR/TypeUtilities.h"
#include "sylvite/Fusion/Passes.h"

#define DEBUG_TYPE "sylvite-fuse-embeddings"

namespace sylvite {
#define GEN_PASS_DEF_FUSEEMBEDDINGSPASS
#include "sylvite/Fusion/Passes.h.inc"
} // namespace sylvite

using namespace mlir;
using namespace sylvite;

static constexpr StringLiteral kFamily = "embeddings";

//===----------------------------------------------------------------------===//
// Factors
//===----------------------------------------------------------------------===//

/// The lookup that `product` multiplies by a number, and the number.
static std::pair<graph::EmbeddingOp, Value> matchScaledLookup(Value product) {
  Operation *op = product.getDefiningOp();
  if (!isa_and_present<graph::MulOp, graph::DivOp>(op))
    return {};
  for (unsigned i : {0, 1}) {
    auto lookup = op->getOperand(i).getDefiningOp<graph::EmbeddingOp>();
    Value number = op->getOperand(1 - i);
    bool isDivisor = isa<graph::DivOp>(op) && i == 1;
    if (lookup && !isDivisor && getNumber(number) &&
        lookup.getType() == product.getType())
      return {lookup, number};
  }
  return {};
}

/// Multiplies the table in the place of what is looked up.
static void scaleTable(Operation *product, graph::EmbeddingOp lookup,
                       Value number) {
  Value table = lookup.getTable();
  // The table of an input may change, and one that is read elsewhere too would
  // be stored twice.
  if (!isTrained(table))
    return;
  if (!lookup->hasOneUse() || !table.hasOneUse())
    return remarkMissed(
        product, kFamily,
        {"a factor of a lookup stays, as its table has a second user",
         lookup->hasOneUse() ? getOtherUser(table, lookup)
                             : getOtherUser(lookup, product),
         ""});
  OpBuilder builder(lookup);
  Location loc = fuseLocs({lookup, product});
  // A number of rank 0, whatever shape it was repeated to.
  Type element = getElementTypeOrSelf(table.getType());
  auto scalar = RankedTensorType::get({}, element);
  Value factor = graph::ConstantOp::create(
      builder, loc,
      DenseElementsAttr::get(scalar, ArrayRef<Attribute>(FloatAttr::get(
                                         element, *getNumber(number)))));
  Value scaled =
      isa<graph::DivOp>(product)
          ? graph::DivOp::create(builder, loc, table, factor).getResult()
          : graph::MulOp::create(builder, loc, table, factor).getResult();
  lookup.getTableMutable().assign(scaled);
  lookup->setLoc(loc);
  product->getResult(0).replaceAllUsesWith(lookup);
  eraseDead(product);
}

//===----------------------------------------------------------------------===//
// Sums
//===----------------------------------------------------------------------===//

/// Is the value a lookup, or a sum of such values that nothing else uses?
static bool isLookupSum(Value value) {
  if (auto add = value.getDefiningOp<graph::AddOp>())
    return llvm::all_of(add->getOperands(), [](Value summand) {
      return summand.hasOneUse() && isLookupSum(summand);
    });
  return bool(value.getDefiningOp<graph::EmbeddingOp>());
}

/// The lookups of a sum, left to right, and the sums between them.
static void collect(Value value, SmallVectorImpl<graph::EmbeddingOp> &lookups,
                    SmallVectorImpl<Operation *> &ops) {
  Operation *op = value.getDefiningOp();
  if (auto lookup = dyn_cast<graph::EmbeddingOp>(op))
    lookups.push_back(lookup);
  else
    for (Value summand : op->getOperands())
      collect(summand, lookups, ops);
  ops.push_back(op);
}

/// Checks what the op demands of all lookups together.
static std::optional<MissedFusion> check(ArrayRef<graph::EmbeddingOp> lookups) {
  auto getFeatures = [](graph::EmbeddingOp lookup) {
    return graph::getDims(lookup.getTable()).back();
  };
  for (graph::EmbeddingOp lookup : lookups) {
    Type element =
        cast<RankedTensorType>(lookup.getTable().getType()).getElementType();
    if (!isa<FloatType>(element))
      return MissedFusion{"a table is not of floats", lookup, ""};
    if (getFeatures(lookup) != getFeatures(lookups.front()))
      return MissedFusion{"the tables differ in features", lookup, ""};
  }
  return std::nullopt;
}

/// A sum of a lookup with something else, if that could have been a lookup too.
static void explain(graph::AddOp add) {
  matchEither(add, [&](Value summand, Value other) {
    if (!isLookupSum(summand))
      return false;
    if (isLookupSum(other)) {
      Value shared = summand.hasOneUse() ? other : summand;
      remarkMissed(
          add, kFamily,
          {"a summand has a second user", getOtherUser(shared, add), ""});
    } else if (isTrained(other)) {
      remarkMissed(add, kFamily,
                   {"a summand is a weight and no lookup",
                    other.getDefiningOp(), "look it up by an index"});
    }
    return true;
  });
}

/// The norm that is the only user of `value`, if it should become a part.
static std::optional<NormParts> findNorm(Value value,
                                         const NormEpiloguePolicy &policy) {
  for (Operation *user : value.getUsers()) {
    std::optional<NormParts> norm = getNormParts(user);
    if (!norm || norm->input != value)
      continue;
    std::optional<MissedFusion> why = shouldNotFuseNorm(*norm, policy);
    if (!why)
      return norm;
    remarkMissed(user, kFamily, *why);
  }
  return std::nullopt;
}

/// `root` is the outermost sum, or the lookup if there is one alone.
static void fuse(Operation *root, const NormEpiloguePolicy &policy) {
  SmallVector<graph::EmbeddingOp> lookups;
  SmallVector<Operation *> from;
  collect(root->getResult(0), lookups, from);
  if (std::optional<MissedFusion> why = check(lookups))
    return remarkMissed(root, kFamily, *why);
  std::optional<NormParts> norm = findNorm(root->getResult(0), policy);
  if (lookups.size() == 1 && !norm)
    return;
  SmallVector<Value> tables, indices;
  for (graph::EmbeddingOp lookup : lookups) {
    tables.push_back(lookup.getTable());
    indices.push_back(lookup.getIndices());
  }
  Operation *end = norm ? norm->op : root;
  if (norm)
    from.push_back(end);
  OpBuilder builder(end);
  auto fused = graph::EmbeddingsOp::create(
      builder, fuseLocs(from), end->getResult(0).getType(), tables, indices,
      norm ? norm->scale : Value(), norm ? norm->bias : Value(),
      norm ? norm->kind : graph::NormKind::None,
      norm ? norm->eps : llvm::APFloat(1e-5));
  end->getResult(0).replaceAllUsesWith(fused);
  eraseDead(end);
  std::string count = std::to_string(tables.size());
  remarkFused(fused, kFamily,
              Twine(count) + (tables.size() == 1 ? " table" : " tables") +
                  (norm ? ", " + getName(norm->kind).str() : ""));
}

namespace {
struct FuseEmbeddingsPass
    : public sylvite::impl::FuseEmbeddingsPassBase<FuseEmbeddingsPass> {
  using FuseEmbeddingsPassBase::FuseEmbeddingsPassBase;
  void runOnOperation() override;
};
} // namespace

void FuseEmbeddingsPass::runOnOperation() {
  SmallVector<Operation *> products;
  getOperation().walk([&](Operation *op) {
    if (isa<graph::MulOp, graph::DivOp>(op))
      products.push_back(op);
  });
  for (Operation *op : products)
    if (auto [lookup, number] = matchScaledLookup(op->getResult(0)); lookup)
      scaleTable(op, lookup, number);

  SmallVector<Operation *> roots;
  getOperation().walk([&](Operation *op) {
    if (op->getNumResults() != 1)
      return;
    Operation *user = getOnlyUser(op->getResult(0));
    bool isSummand =
        isa_and_present<graph::AddOp>(user) && isLookupSum(user->getResult(0));
    if (isLookupSum(op->getResult(0)) && !isSummand)
      roots.push_back(op);
    else if (auto add = dyn_cast<graph::AddOp>(op); add && !isSummand)
      explain(add);
  });
  for (Operation *op : roots)
    fuse(op, {maxNormFeatures});
}
