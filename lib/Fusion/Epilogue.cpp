//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Ops behind a linear layer or a sum of embeddings.
///
//===----------------------------------------------------------------------===//

#include "Epilogue.h"
#include "Formulas.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace sylvite;
using graph::Activation;
using graph::NormKind;

std::optional<NormParts> sylvite::getNormParts(Operation *op) {
  auto getParts = [](auto norm, NormKind kind) -> std::optional<NormParts> {
    return NormParts{norm,
                     kind,
                     norm.getInput(),
                     norm.getResidual(),
                     norm.getScale(),
                     norm.getBias(),
                     norm.getEps()};
  };
  if (auto norm = dyn_cast_if_present<graph::LayerNormOp>(op))
    return getParts(norm, NormKind::Layer);
  if (auto norm = dyn_cast_if_present<graph::RmsNormOp>(op))
    return getParts(norm, NormKind::Rms);
  return std::nullopt;
}

StringRef sylvite::getName(NormKind kind) {
  return kind == NormKind::Rms ? "rms norm" : "layer norm";
}

Activation sylvite::getActivation(Operation *op) {
  return llvm::TypeSwitch<Operation *, Activation>(op)
      .Case([](graph::ReluOp) { return Activation::Relu; })
      .Case([](graph::GeluOp gelu) {
        return gelu.getApproximateTanh() ? Activation::GeluTanh
                                         : Activation::GeluErf;
      })
      .Case([](graph::SiluOp) { return Activation::Silu; })
      .Case([](graph::TanhOp) { return Activation::Tanh; })
      .Case([](graph::SigmoidOp) { return Activation::Sigmoid; })
      .Default(Activation::None);
}

std::optional<MissedFusion>
sylvite::shouldNotFuseNorm(const NormParts &norm,
                           const NormEpiloguePolicy &policy) {
  Operation *producer = norm.input.getDefiningOp();
  if (Operation *other = getOtherUser(norm.input, norm.op))
    return MissedFusion{"the norm's input has a second user", other,
                        "a model that normalises behind the sum (post-norm) "
                        "needs the sum for the norm alone"};
  if (norm.residual)
    return MissedFusion{"the norm has a residual of its own", producer, ""};
  if (!norm.scale)
    return MissedFusion{"the norm has no scale", producer,
                        "give it a scale of ones"};
  int64_t features =
      cast<RankedTensorType>(norm.input.getType()).getShape().back();
  if (features > policy.maxFeatures)
    return MissedFusion{"a row of " + std::to_string(features) +
                            " features is longer than the limit of " +
                            std::to_string(policy.maxFeatures),
                        producer, "raise max-norm-features"};
  return std::nullopt;
}
