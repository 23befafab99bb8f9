//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Makes linear layers of products with weights.
///
/// From a product with a trained matrix the pass follows the only user upwards:
/// a sum with a vector is the bias, and then a known function the activation.
/// A transpose of the weight becomes `transpose_weight`. Whatever has a second
/// user is the layer's result, and what comes behind it stays.
///
//===----------------------------------------------------------------------===//

#include "Epilogue.h"
#include "Formulas.h"
#include "Matchers.h"
#include "sylvite/Fusion/Passes.h"

#define DEBUG_TYPE "sylvite-fuse-linear"

namespace sylvite {
#define GEN_PASS_DEF_FUSELINEARPASS
#include "sylvite/Fusion/Passes.h.inc"
} // namespace sylvite

using namespace mlir;
using namespace sylvite;

static constexpr StringLiteral kFamily = "linear";

namespace {
/// A layer, as far as it has been followed.
struct Linear {
  Value input, weight, bias;
  graph::Activation activation = graph::Activation::None;
  bool transposed = false;
  /// From the product on; the last one gives the result.
  SmallVector<Operation *> ops;
  std::string what;

  Value getResult() const { return ops.back()->getResult(0); }
};
} // namespace

/// Why the product is no linear layer, or nothing.
static std::optional<MissedFusion> check(graph::MatmulOp matmul) {
  if (!isTrained(matmul.getRhs()))
    return MissedFusion{"the weight stands on the left", nullptr,
                        "write x W in place of W x"};
  auto weight = cast<RankedTensorType>(matmul.getRhs().getType());
  if (weight.getRank() != 2)
    return MissedFusion{
        "the weight has rank " + std::to_string(weight.getRank()),
        matmul.getRhs().getDefiningOp(), "reshape it to a matrix"};
  if (matmul.getTransposeLhs())
    return MissedFusion{"the input is transposed",
                        matmul.getLhs().getDefiningOp(), ""};
  return std::nullopt;
}

static Linear startAt(graph::MatmulOp matmul) {
  Linear linear{matmul.getLhs(), matmul.getRhs()};
  linear.transposed = matmul.getTransposeRhs();
  // Of rank 2, so that every transpose that is none exchanges both.
  while (auto transpose = linear.weight.getDefiningOp<graph::TransposeOp>()) {
    linear.weight = transpose.getInput();
    linear.transposed ^= !llvm::is_sorted(transpose.getPerm());
  }
  linear.ops = {matmul};
  linear.what = "matmul";
  return linear;
}

/// A layer that is one already may still get its bias and activation.
static Linear startAt(graph::LinearOp op) {
  Linear linear{op.getInput(), op.getWeight(), op.getBias()};
  linear.transposed = op.getTransposeWeight();
  linear.ops = {op};
  linear.what = "linear";
  return linear;
}

/// Takes the first user that `absorb` wants, if it is the only one; otherwise
/// leaves a remark there.
static void follow(Linear &linear,
                   llvm::function_ref<bool(Operation *)> absorb) {
  Value result = linear.getResult();
  if (result.hasOneUse()) {
    Operation *user = *result.user_begin();
    if (absorb(user))
      linear.ops.push_back(user);
    return;
  }
  Linear before = linear;
  for (Operation *user : result.getUsers()) {
    if (!absorb(user))
      continue;
    linear = before;
    return remarkMissed(user, kFamily,
                        {"the layer's result before it has a second user",
                         getOtherUser(result, user), ""});
  }
}

static void followBias(Linear &linear) {
  follow(linear, [&](Operation *user) {
    Value result = linear.getResult();
    auto add = dyn_cast<graph::AddOp>(user);
    if (!add || add.getType() != result.getType())
      return false;
    Value other = add.getLhs() == result ? add.getRhs() : add.getLhs();
    int64_t features =
        cast<RankedTensorType>(result.getType()).getShape().back();
    Value bias = matchVector(other, features);
    if (!bias)
      return false;
    linear.bias = bias;
    linear.what += ", bias";
    return true;
  });
}

static void followActivation(Linear &linear) {
  follow(linear, [&](Operation *user) {
    graph::Activation activation = getActivation(user);
    if (activation == graph::Activation::None)
      return false;
    linear.activation = activation;
    linear.what += ", " + stringifyActivation(activation).str();
    return true;
  });
}

static void fuse(Linear linear) {
  if (!linear.bias)
    followBias(linear);
  followActivation(linear);
  // A layer that nothing comes to stays as it is.
  if (linear.ops.size() == 1 && isa<graph::LinearOp>(linear.ops.front()))
    return;
  OpBuilder builder(linear.ops.back());
  auto fused = graph::LinearOp::create(
      builder, fuseLocs(linear.ops), linear.getResult().getType(), linear.input,
      linear.weight, /*weight_scale=*/Value(), linear.bias,
      /*residual=*/Value(),
      /*norm_scale=*/Value(), /*norm_bias=*/Value(), linear.activation,
      graph::NormKind::None, llvm::APFloat(1e-5), linear.transposed);
  linear.getResult().replaceAllUsesWith(fused);
  eraseDead(linear.ops.back());
  remarkFused(fused, kFamily, linear.what);
}

/// Leaves a remark at the product of a layer with activation and another layer
/// of the same input.
static void remarkGate(graph::LinearOp gate) {
  if (gate.getActivation() == graph::Activation::None)
    return;
  for (Operation *user : gate->getUsers()) {
    auto mul = dyn_cast<graph::MulOp>(user);
    if (!mul)
      continue;
    Value other =
        mul.getLhs() == gate.getResult() ? mul.getRhs() : mul.getLhs();
    auto layer = other.getDefiningOp<graph::LinearOp>();
    if (layer && layer.getInput() == gate.getInput())
      remarkMissed(
          mul, "gate",
          {"a layer has no place for the product with a gate, which is "
           "a kernel of its own",
           gate, ""});
  }
}

namespace {
struct FuseLinearPass
    : public sylvite::impl::FuseLinearPassBase<FuseLinearPass> {
  void runOnOperation() override;
};
} // namespace

void FuseLinearPass::runOnOperation() {
  SmallVector<Operation *> candidates;
  getOperation().walk([&](Operation *op) {
    if (isa<graph::LinearOp>(op) ||
        (isa<graph::MatmulOp>(op) &&
         llvm::any_of(op->getOperands(), isTrained)))
      candidates.push_back(op);
  });
  // No candidate is erased before its turn: what comes behind it is none.
  for (Operation *op : candidates) {
    if (auto linear = dyn_cast<graph::LinearOp>(op)) {
      bool hasEnd = linear.getResidual() ||
                    linear.getNorm() != graph::NormKind::None ||
                    linear.getActivation() != graph::Activation::None;
      if (!hasEnd)
        fuse(startAt(linear));
      continue;
    }
    auto matmul = cast<graph::MatmulOp>(op);
    if (std::optional<MissedFusion> why = check(matmul))
      remarkMissed(matmul, kFamily, *why);
    else
      fuse(startAt(matmul));
  }
  getOperation().walk(remarkGate);
}
