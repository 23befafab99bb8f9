//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Normalisation.
///
//===----------------------------------------------------------------------===//

#include "Operators.h"

using namespace mlir;
using namespace sylvite;
using graph::Dim;
using graph::ReduceKind;

/// (x - mean) / sqrt(variance + eps), or x / sqrt(mean(x^2) + eps), with the
/// statistics along axes. Calculated in f32 where the type is narrower.
static Value normalize(GraphWriter &ops, Value x, ArrayRef<int64_t> axes,
                       bool isRms, double eps, Value *mean = nullptr,
                       Value *inverse = nullptr) {
  Value centred = x;
  if (!isRms) {
    Value average = ops.reduce(ReduceKind::Mean, x, axes, true);
    if (mean)
      *mean = average;
    centred = ops.sub(x, average);
  }
  Value variance =
      ops.reduce(ReduceKind::Mean, ops.mul(centred, centred), axes, true);
  Value factor = ops.unary<graph::RsqrtOp>(ops.add(variance, eps));
  if (inverse)
    *inverse = factor;
  return ops.mul(centred, factor);
}

/// Is this a vector of a static type, as the norms of the graph take it?
static bool isPlainVector(Value value, const Dim &features) {
  if (!value)
    return true;
  Dims dims = graph::getDims(value);
  return dims.size() == 1 && dims.front() == features;
}

/// LayerNormalization and RMSNormalization from `axis` on.
template <bool isRms>
static LogicalResult importLayerNorm(Node &node) {
  GraphWriter &ops = node.ops;
  Dims dims = node.getDims(0);
  FailureOr<int64_t> axis = node.getAxis(-1);
  if (failed(axis))
    return failure();
  double eps = node.getFloat("epsilon", 1e-5);
  int64_t stash = node.getInt("stash_type", 1);
  Value x = node.get(0), scale = node.has(1) ? node.get(1) : Value(),
        bias = node.has(2) ? node.get(2) : Value();
  if (!x || (node.has(1) && !scale) || (node.has(2) && !bias))
    return node.set(Value());
  int64_t rank = dims.size();
  bool wantsStatistics = node.wants(1) || node.wants(2);
  Type element = getElement(x);
  if (*axis == rank - 1 && dims.back().isStatic() && !wantsStatistics &&
      isPlainVector(scale, dims.back()) && isPlainVector(bias, dims.back())) {
    using OpTy =
        std::conditional_t<isRms, graph::RmsNormOp, graph::LayerNormOp>;
    return node.set(ops.create<OpTy>(x.getType(), x, Value(), scale, bias,
                                     ops.getBuilder().getF64FloatAttr(eps)));
  }
  SmallVector<int64_t> axes;
  for (int64_t i = *axis; i != rank; ++i)
    axes.push_back(i);
  Type wide =
      stash == 11 ? Type(Float64Type::get(node.getContext())) : Type(ops.f32());
  if (element.getIntOrFloatBitWidth() > wide.getIntOrFloatBitWidth())
    wide = element;
  Value mean, inverse;
  Value y =
      normalize(ops, ops.cast(x, wide), axes, isRms, eps, &mean, &inverse);
  y = ops.cast(y, element);
  if (scale)
    y = ops.mul(y, scale);
  if (bias)
    y = ops.add(y, bias);
  if (node.wants(1) && failed(node.set(1, isRms ? inverse : mean)))
    return failure();
  if (node.wants(2) && failed(node.set(2, inverse)))
    return failure();
  return node.set(y);
}

/// A vector of channels as [1, c, 1, ...] for a tensor of a rank.
static Value alongChannels(GraphWriter &ops, Value vector, int64_t rank) {
  if (!vector)
    return {};
  Dims dims(rank, Dim(1));
  if (graph::getDims(vector).size() != 1)
    return ops.error("needs vectors of one element for each channel");
  dims[1] = graph::getDims(vector)[0];
  return ops.reshape(vector, dims);
}

static LogicalResult importBatchNorm(Node &node) {
  GraphWriter &ops = node.ops;
  Dims dims = node.getDims(0);
  if (node.isPoisoned())
    return failure();
  double eps = node.getFloat("epsilon", 1e-5);
  node.ignore({"momentum", "spatial"});
  if (node.getInt("training_mode", 0) || node.getNumOutputs() > 1)
    return node.unsupported("BatchNormalization in training");
  if (dims.size() < 2)
    return node.invalid("takes tensors of rank 2 or more");
  Value x = node.get(0);
  Value operands[4];
  for (unsigned i = 0; i != 4; ++i) {
    operands[i] = node.get(i + 1);
    if (!x || !operands[i])
      return node.set(Value());
    operands[i] = ops.cast(operands[i], getElement(x));
    if (graph::getDims(operands[i]).size() != 1)
      return node.invalid("needs vectors of one element for each channel");
    if (!ops.unify(graph::getDims(operands[i])[0], dims[1]))
      return node.set(Value());
  }
  auto [scale, bias, mean, variance] = operands;
  return node.set(ops.create<graph::BatchNormOp>(
      x.getType(), x, mean, variance, scale, bias,
      ops.getBuilder().getI64IntegerAttr(1), DenseI64ArrayAttr(),
      ops.getBuilder().getF64FloatAttr(eps)));
}

static LogicalResult importInstanceNorm(Node &node) {
  GraphWriter &ops = node.ops;
  int64_t rank = node.getRank(0);
  if (node.isPoisoned())
    return failure();
  double eps = node.getFloat("epsilon", 1e-5);
  if (rank < 3)
    return node.invalid("takes tensors of rank 3 or more");
  SmallVector<int64_t> axes;
  for (int64_t i = 2; i != rank; ++i)
    axes.push_back(i);
  Value y = normalize(ops, node.get(0), axes, false, eps);
  y = ops.mul(y, alongChannels(ops, node.get(1), rank));
  return node.set(ops.add(y, alongChannels(ops, node.get(2), rank)));
}

static LogicalResult importGroupNorm(Node &node) {
  GraphWriter &ops = node.ops;
  Dims dims = node.getDims(0);
  if (node.isPoisoned())
    return failure();
  int64_t rank = dims.size(), groups = node.getInt("num_groups", 0);
  double eps = node.getFloat("epsilon", 1e-5);
  node.ignore({"stash_type"});
  if (rank < 2 || groups < 1 || !dims[1].isStatic() || dims[1].size % groups)
    return node.invalid("channels do not make " + Twine(groups) + " groups");
  // [n, c, ...] -> [n, g, c / g, ...].
  Dims split(dims);
  split[1] = Dim(groups);
  split.insert(split.begin() + 2, Dim(dims[1].size / groups));
  SmallVector<int64_t> axes;
  for (int64_t i = 2; i != rank + 1; ++i)
    axes.push_back(i);
  Value x = node.get(0), scale = node.get(1), bias = node.get(2);
  if (!x || !scale || !bias)
    return node.set(Value());
  Value y = normalize(ops, ops.reshape(x, split), axes, false, eps);
  // Before opset 21, one scale and one bias a group.
  bool isOfGroups = node.getVersion() < 21 &&
                    graph::getDims(scale)[0] == Dim(groups) &&
                    Dim(groups) != dims[1];
  if (isOfGroups)
    y = ops.add(ops.mul(y, alongChannels(ops, scale, rank + 1)),
                alongChannels(ops, bias, rank + 1));
  y = ops.reshape(y, dims);
  if (!isOfGroups)
    y = ops.add(ops.mul(y, alongChannels(ops, scale, rank)),
                alongChannels(ops, bias, rank));
  return node.set(y);
}

static LogicalResult importLpNorm(Node &node) {
  GraphWriter &ops = node.ops;
  int64_t rank = node.getRank(0);
  if (node.isPoisoned())
    return failure();
  FailureOr<int64_t> axis = node.getAxis(-1, rank);
  if (failed(axis))
    return failure();
  int64_t p = node.getInt("p", 2);
  Value x = node.get(0), norm;
  if (p == 1)
    norm = ops.reduce(ReduceKind::Sum, ops.unary<graph::AbsOp>(x), *axis, true);
  else if (p == 2)
    norm = ops.unary<graph::SqrtOp>(
        ops.reduce(ReduceKind::Sum, ops.mul(x, x), *axis, true));
  else
    return node.invalid("p must be 1 or 2");
  // Of zeros there are zeros.
  Value isZero = ops.compare(graph::ComparePredicate::Eq, norm, 0);
  return node.set(ops.select(isZero, ops.like(0, x), ops.div(x, norm)));
}

static LogicalResult importMeanVariance(Node &node) {
  GraphWriter &ops = node.ops;
  int64_t rank = node.getRank(0);
  if (node.isPoisoned())
    return failure();
  SmallVector<int64_t> axes =
      node.getInts("axes").value_or(SmallVector<int64_t>{0, 2, 3});
  FailureOr<SmallVector<int64_t>> checked = node.checkAxes(axes, rank);
  if (failed(checked))
    return failure();
  llvm::sort(*checked);
  Value x = node.get(0);
  Value centred = ops.sub(x, ops.reduce(ReduceKind::Mean, x, *checked, true));
  Value deviation = ops.unary<graph::SqrtOp>(
      ops.reduce(ReduceKind::Mean, ops.mul(centred, centred), *checked, true));
  return node.set(ops.div(centred, ops.add(deviation, 1e-9)));
}

static LogicalResult importDropout(Node &node) {
  node.ignore({"ratio", "seed", "is_test"});
  if (node.has(2)) {
    FailureOr<double> training = node.getNumber(2, "training_mode");
    if (failed(training))
      return failure();
    if (*training != 0)
      return node.unsupported("Dropout in training");
  }
  if (node.wants(1)) {
    Dims dims = node.getDims(0);
    Value all = node.ops.broadcast(node.ops.scalar(1, node.ops.i1()), dims);
    if (failed(node.set(1, all, onnx::TensorProto::BOOL)))
      return failure();
  }
  return node.set(0, node.get(0), node.getOnnxType(0));
}

/// x + skip (+ bias), normalised; ONNX Runtime's fusion of the two.
template <bool isRms>
static LogicalResult importSkipNorm(Node &node) {
  GraphWriter &ops = node.ops;
  double eps = node.getFloat("epsilon", 1e-12);
  Value sum = ops.add(node.get(0), node.get(1));
  unsigned beta = isRms ? 0 : 3, bias = isRms ? 3 : 4;
  if (node.has(bias))
    sum = ops.add(sum, node.get(bias));
  if (!sum)
    return node.set(Value());
  if (node.wants(1) || node.wants(2))
    return node.unsupported("statistics as results");
  if (node.wants(3) && failed(node.set(3, sum)))
    return failure();
  Value scale = node.get(2),
        shift = beta && node.has(beta) ? node.get(beta) : Value();
  if (!scale)
    return node.set(Value());
  using OpTy = std::conditional_t<isRms, graph::RmsNormOp, graph::LayerNormOp>;
  return node.set(ops.create<OpTy>(sum.getType(), sum, Value(), scale, shift,
                                   ops.getBuilder().getF64FloatAttr(eps)));
}

void sylvite::addNorms(Operators &operators) {
  operators.add("LayerNormalization", importLayerNorm<false>);
  operators.add("RMSNormalization", importLayerNorm<true>);
  // ONNX Runtime has them under the standard's domain.
  operators.add("SimplifiedLayerNormalization", importLayerNorm<true>);
  operators.add("BatchNormalization", importBatchNorm);
  operators.add("InstanceNormalization", importInstanceNorm);
  operators.add("GroupNormalization", importGroupNorm);
  operators.add("LpNormalization", importLpNorm);
  operators.add("MeanVarianceNormalization", importMeanVariance);
  operators.add("Dropout", importDropout);
  operators.add("SkipLayerNormalization", importSkipNorm<false>,
                "com.microsoft");
  operators.add("SkipSimplifiedLayerNormalization", importSkipNorm<true>,
                "com.microsoft");
}
