//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Activations, written in ops of the graph where it has none of the kind.
///
//===----------------------------------------------------------------------===//

#include "Operators.h"
#include "Parts.h"

using namespace mlir;
using namespace sylvite;
using graph::ComparePredicate;

static LogicalResult setGelu(Node &node, Value x, bool isTanh) {
  if (!x)
    return node.set(Value());
  return node.set(node.ops.create<graph::GeluOp>(
      x.getType(), x, isTanh ? UnitAttr::get(node.getContext()) : UnitAttr()));
}

static LogicalResult importGelu(Node &node) {
  std::string kind = node.getString("approximate", "none");
  if (kind != "none" && kind != "tanh")
    return node.unsupported("Gelu with approximate = " + kind);
  return setGelu(node, node.get(0), kind == "tanh");
}

/// Of both of them: Gelu of x + bias.
static LogicalResult importBiasGelu(Node &node) {
  Value x = node.get(0);
  if (node.has(1))
    x = node.ops.add(x, node.get(1));
  return setGelu(node, x, node.getType() == "FastGelu");
}

/// x sigmoid(alpha x).
static Value writeSwish(GraphWriter &ops, Value x, double alpha) {
  if (alpha == 1)
    return ops.unary<graph::SiluOp>(x);
  return ops.mul(x, ops.unary<graph::SigmoidOp>(ops.mul(x, alpha)));
}

static LogicalResult importSwish(Node &node) {
  double usual = node.getType() == "QuickGelu" ? 1.702 : 1.0;
  double alpha = node.getFloat("alpha", usual);
  return node.set(writeSwish(node.ops, node.get(0), alpha));
}

static LogicalResult importSwiGlu(Node &node) {
  GraphWriter &ops = node.ops;
  Value gate = writeSwish(ops, node.get(0), node.getFloat("alpha", 1.0));
  return node.set(ops.mul(gate, node.get(1)));
}

/// alpha x + beta, within 0 and 1.
static Value writeHardSigmoid(GraphWriter &ops, Value x, double alpha,
                              double beta) {
  Value y = ops.add(ops.mul(x, alpha), beta);
  return ops.minimum(ops.maximum(y, 0), 1);
}

static LogicalResult importHardSigmoid(Node &node) {
  double alpha = node.getFloat("alpha", 0.2), beta = node.getFloat("beta", 0.5);
  return node.set(writeHardSigmoid(node.ops, node.get(0), alpha, beta));
}

static LogicalResult importHardSwish(Node &node) {
  Value x = node.get(0);
  return node.set(node.ops.mul(x, writeHardSigmoid(node.ops, x, 1.0 / 6, 0.5)));
}

/// x where x >= 0 (or > 0), else something of x.
static Value chooseBySign(GraphWriter &ops, Value x, Value negative) {
  return ops.select(ops.compare(ComparePredicate::Lt, x, 0), negative, x);
}

static LogicalResult importLeakyRelu(Node &node) {
  Value x = node.get(0);
  double alpha = node.getFloat("alpha", 0.01);
  return node.set(chooseBySign(node.ops, x, node.ops.mul(x, alpha)));
}

static LogicalResult importPRelu(Node &node) {
  Value x = node.get(0), slope = node.get(1);
  return node.set(chooseBySign(node.ops, x, node.ops.mul(x, slope)));
}

/// factor (e^min(x, 0) - 1).
static Value writeExpMinusOne(GraphWriter &ops, Value x, double factor) {
  Value e = ops.unary<graph::ExpOp>(ops.minimum(x, 0));
  return ops.mul(ops.sub(e, 1), factor);
}

static LogicalResult importElu(Node &node) {
  GraphWriter &ops = node.ops;
  Value x = node.get(0);
  double alpha = node.getFloat("alpha", 1);
  return node.set(chooseBySign(ops, x, writeExpMinusOne(ops, x, alpha)));
}

static LogicalResult importCelu(Node &node) {
  GraphWriter &ops = node.ops;
  Value x = node.get(0);
  double alpha = node.getFloat("alpha", 1);
  Value e = writeExpMinusOne(ops, ops.div(x, alpha), alpha);
  return node.set(ops.add(ops.maximum(x, 0), ops.minimum(e, 0)));
}

static LogicalResult importSelu(Node &node) {
  GraphWriter &ops = node.ops;
  Value x = node.get(0);
  double alpha = node.getFloat("alpha", 1.67326319217681884765625);
  double gamma = node.getFloat("gamma", 1.05070102214813232421875);
  Value y = chooseBySign(ops, x, writeExpMinusOne(ops, x, alpha));
  return node.set(ops.mul(y, gamma));
}

static LogicalResult importThresholdedRelu(Node &node) {
  GraphWriter &ops = node.ops;
  Value x = node.get(0);
  double alpha = node.getFloat("alpha", 1);
  return node.set(ops.select(ops.compare(ComparePredicate::Gt, x, alpha), x,
                             ops.like(0, x)));
}

/// ln(1 + e^x) as max(x, 0) + ln(1 + e^-|x|), which does not overflow.
static Value writeSoftplus(GraphWriter &ops, Value x) {
  Value e = ops.unary<graph::ExpOp>(
      ops.unary<graph::NegOp>(ops.unary<graph::AbsOp>(x)));
  return ops.add(ops.maximum(x, 0), ops.unary<graph::LogOp>(ops.add(e, 1)));
}
static LogicalResult importSoftplus(Node &node) {
  return node.set(writeSoftplus(node.ops, node.get(0)));
}
static LogicalResult importMish(Node &node) {
  Value x = node.get(0);
  return node.set(node.ops.mul(
      x, node.ops.unary<graph::TanhOp>(writeSoftplus(node.ops, x))));
}
static LogicalResult importSoftsign(Node &node) {
  GraphWriter &ops = node.ops;
  Value x = node.get(0);
  return node.set(ops.div(x, ops.add(ops.unary<graph::AbsOp>(x), 1)));
}

static LogicalResult importShrink(Node &node) {
  GraphWriter &ops = node.ops;
  Value x = node.get(0);
  double bias = node.getFloat("bias", 0), lambd = node.getFloat("lambd", 0.5);
  Value zero = ops.like(0, x);
  Value high = ops.select(ops.compare(ComparePredicate::Gt, x, lambd),
                          ops.sub(x, bias), zero);
  return node.set(ops.select(ops.compare(ComparePredicate::Lt, x, -lambd),
                             ops.add(x, bias), high));
}

Value sylvite::activate(Node &node, StringRef name, Value x) {
  GraphWriter &ops = node.ops;
  double alpha = node.getFloat("activation_alpha", 0.01);
  double beta = node.getFloat("activation_beta", 0.5);
  node.ignore({"activation_gamma"});
  if (name.empty())
    return x;
  if (name == "Relu")
    return ops.unary<graph::ReluOp>(x);
  if (name == "Tanh")
    return ops.unary<graph::TanhOp>(x);
  if (name == "Sigmoid")
    return ops.unary<graph::SigmoidOp>(x);
  if (name == "LeakyRelu")
    return chooseBySign(ops, x, ops.mul(x, alpha));
  if (name == "HardSigmoid")
    return writeHardSigmoid(ops, x, alpha, beta);
  (void)node.unsupported("the activation " + name + " of " + node.getType());
  return {};
}

void sylvite::addActivations(Operators &operators) {
  operators.add("Sigmoid", importUnary<graph::SigmoidOp>);
  operators.add("Gelu", importGelu);
  operators.add("Gelu", importBiasGelu, "com.microsoft");
  operators.add("BiasGelu", importBiasGelu, "com.microsoft");
  operators.add("FastGelu", importBiasGelu, "com.microsoft");
  operators.add("QuickGelu", importSwish, "com.microsoft");
  operators.add("Swish", importSwish);
  operators.add("SwiGLU", importSwiGlu);
  operators.add("HardSigmoid", importHardSigmoid);
  operators.add("HardSwish", importHardSwish);
  operators.add("LeakyRelu", importLeakyRelu);
  operators.add("PRelu", importPRelu);
  operators.add("Elu", importElu);
  operators.add("Celu", importCelu);
  operators.add("Selu", importSelu);
  operators.add("ThresholdedRelu", importThresholdedRelu);
  operators.add("Softplus", importSoftplus);
  operators.add("Softsign", importSoftsign);
  operators.add("Mish", importMish);
  operators.add("Shrink", importShrink);
}
