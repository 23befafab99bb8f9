//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Norms, activations, gated units, softmax.
///
//===----------------------------------------------------------------------===//

#include "Graphs.h"

using namespace mlir;
using namespace sylvite::graph;

static int64_t getFeatures(const Notes &notes) { return notes.extent("x", -1); }

static Value addInput(GraphBuilder &b, const Notes &notes, StringRef name) {
  return b.input(name, {b.dim("batch"), b.dim("seq"), getFeatures(notes)},
                 b.f32());
}

static Value addVector(GraphBuilder &b, const Notes &notes, StringRef name) {
  return b.input(name, {getFeatures(notes)}, b.f32());
}

//===----------------------------------------------------------------------===//
// Norms
//===----------------------------------------------------------------------===//

static void buildLayerNorm(GraphBuilder &b, const Notes &notes) {
  Value x = addInput(b, notes, "x");
  b.output("y", b.layerNorm(x, {.scale = addVector(b, notes, "weight"),
                                .bias = addVector(b, notes, "bias"),
                                .eps = notes.number("eps")}));
}

static void buildResidualLayerNorm(GraphBuilder &b, const Notes &notes) {
  Value x = addInput(b, notes, "x"), r = addInput(b, notes, "residual");
  b.output("y",
           b.layerNorm(b.add(x, r), {.scale = addVector(b, notes, "weight"),
                                     .bias = addVector(b, notes, "bias"),
                                     .eps = notes.number("eps")}));
}

static void buildRmsNorm(GraphBuilder &b, const Notes &notes) {
  Value x = addInput(b, notes, "x");
  b.output("y", b.rmsNorm(x, {.scale = addVector(b, notes, "weight"),
                              .eps = notes.number("eps")}));
}

static void buildStoredBatchNorm(GraphBuilder &b, const Notes &notes) {
  Value x = addInput(b, notes, "x");
  b.output("y", b.batchNorm(x, {.mean = addVector(b, notes, "running_mean"),
                                .variance = addVector(b, notes, "running_var"),
                                .scale = addVector(b, notes, "weight"),
                                .bias = addVector(b, notes, "bias"),
                                .eps = notes.number("eps")}));
}

/// With statistics of the batch along some axes.
static Graphs::BuildOne batchNorm(std::vector<int64_t> over) {
  return [=](GraphBuilder &b, const Notes &notes) {
    Value x = addInput(b, notes, "x");
    b.output("y", b.batchNorm(x, {.over = over,
                                  .scale = addVector(b, notes, "weight"),
                                  .bias = addVector(b, notes, "bias"),
                                  .eps = notes.number("eps")}));
  };
}

static void buildNormThenLinear(GraphBuilder &b, const Notes &notes) {
  Value x = addInput(b, notes, "x");
  auto vector = [&](StringRef name) {
    return b.weight(name, notes.shape(name));
  };
  Value y = b.batchNorm(x, {.mean = vector("running_mean"),
                            .variance = vector("running_var"),
                            .scale = vector("weight"),
                            .bias = vector("bias"),
                            .eps = notes.number("eps")});
  b.output("y", b.add(b.matmul(y, vector("w1")), vector("b1")));
}

//===----------------------------------------------------------------------===//
// Functions of x
//===----------------------------------------------------------------------===//

static Graphs::BuildOne
ofInput(std::function<Value(GraphBuilder &, Value)> apply) {
  return [=](GraphBuilder &b, const Notes &notes) {
    b.output("y", apply(b, addInput(b, notes, "x")));
  };
}

/// activation(h_1) h_2, with the halves of h = x W.
static Graphs::BuildOne
gated(std::function<Value(GraphBuilder &, Value)> activate) {
  return [=](GraphBuilder &b, const Notes &notes) {
    int64_t hidden = notes.extent("w1", 1);
    Value h =
        b.matmul(addInput(b, notes, "x"), b.weight("w1", notes.shape("w1")));
    Value gate = b.slice(h, -1, 0, hidden / 2);
    b.output("y", b.mul(activate(b, gate), b.slice(h, -1, hidden / 2, hidden)));
  };
}

void addNormsGraphs(Graphs &graphs) {
  auto add = [&](StringRef name, Graphs::BuildOne build) {
    graphs.addOne("norms", name, std::move(build));
  };
  add("layer_norm", buildLayerNorm);
  add("residual_layer_norm", buildResidualLayerNorm);
  add("rms_norm", buildRmsNorm);
  add("batch_norm_features", buildStoredBatchNorm);
  add("batch_norm_batch_statistics", batchNorm({0, 1}));
  add("batch_norm_same_position", batchNorm({0}));
  add("batch_norm_then_linear", buildNormThenLinear);

  auto gelu = [](GraphBuilder &b, Value x) { return b.gelu(x); };
  auto silu = [](GraphBuilder &b, Value x) { return b.silu(x); };
  add("gelu_erf", ofInput(gelu));
  add("gelu_tanh", ofInput([](GraphBuilder &b, Value x) {
        return b.gelu(x, /*approximateTanh=*/true);
      }));
  add("silu", ofInput(silu));
  add("relu", ofInput([](GraphBuilder &b, Value x) { return b.relu(x); }));
  add("sigmoid",
      ofInput([](GraphBuilder &b, Value x) { return b.sigmoid(x); }));
  add("quick_gelu", ofInput([](GraphBuilder &b, Value x) {
        return b.mul(x, b.sigmoid(b.mul(x, 1.702)));
      }));
  add("softmax",
      ofInput([](GraphBuilder &b, Value x) { return b.softmax(x, -1); }));
  add("log_softmax",
      ofInput([](GraphBuilder &b, Value x) { return b.logSoftmax(x, -1); }));
  add("softmax_axis1",
      ofInput([](GraphBuilder &b, Value x) { return b.softmax(x, 1); }));
  add("swiglu", gated(silu));
  add("geglu", gated(gelu));
}
