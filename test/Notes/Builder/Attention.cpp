//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Attention in all its forms: scores, masks, formulas, grouped heads.
///
//===----------------------------------------------------------------------===//

#include "Graphs.h"
#include "sylvite/Dialect/Graph/Scores.h"

#include <cmath>
#include <limits>

using namespace mlir;
using namespace sylvite::graph;

namespace {
/// Query, key and value as inputs, and the sizes of the notes.
struct Inputs {
  Inputs(GraphBuilder &b, const Notes &notes, StringRef queries = "q")
      : heads(notes.extent("k", 1)), features(notes.extent("q", 3)),
        batch(b.dim("batch")), seq(b.dim("seq")), keys(b.dim("keys")),
        q(b.input("q", {batch, notes.extent(queries, 1), seq, features},
                  b.f32())),
        k(b.input("k", {batch, heads, keys, features}, b.f32())),
        v(b.input("v", {batch, heads, keys, notes.extent("v", 3)}, b.f32())),
        scale(1 / std::sqrt(double(features))) {}

  int64_t heads, features;
  Dim batch, seq, keys;
  Value q, k, v;
  double scale;
};
} // namespace

using Options = AttentionOptions;
using GetOptions = std::function<Options(const Inputs &, const Notes &)>;

/// An attention of these inputs alone.
static Graphs::BuildOne attend(GetOptions options) {
  return [=](GraphBuilder &b, const Notes &notes) {
    Inputs in(b, notes);
    b.output("o", b.attention(in.q, in.k, in.v, options(in, notes)));
  };
}

/// The same, and its weights as the second result.
static Graphs::BuildOne attendWithWeights(GetOptions options) {
  return [=](GraphBuilder &b, const Notes &notes) {
    Inputs in(b, notes);
    auto [o, weights] =
        b.attentionWithWeights(in.q, in.k, in.v, options(in, notes));
    b.output("o", o);
    b.output("weights", weights);
  };
}

//===----------------------------------------------------------------------===//
// Scores, with their weights
//===----------------------------------------------------------------------===//

using Score =
    std::function<Value(GraphBuilder &, const Inputs &, const Notes &)>;

/// Softmax of a score and the weighted sum, both as outputs.
static Graphs::BuildOne withWeights(Score score) {
  return [=](GraphBuilder &b, const Notes &notes) {
    Inputs in(b, notes);
    Value weights = b.softmax(score(b, in, notes), -1);
    b.output("o", b.matmul(weights, in.v));
    b.output("weights", weights);
  };
}

static Value scoreDot(GraphBuilder &b, const Inputs &in, const Notes &) {
  return b.matmul(in.q, in.k, /*transposeRhs=*/true);
}

static Value scoreScaled(GraphBuilder &b, const Inputs &in,
                         const Notes &notes) {
  return b.mul(scoreDot(b, in, notes), in.scale);
}

/// q_h W_h . k_h.
static Value scoreGeneral(GraphBuilder &b, const Inputs &in, const Notes &) {
  Value w = b.input("w", {in.heads, in.features, in.features}, b.f32());
  return b.matmul(b.matmul(in.q, w), in.k, /*transposeRhs=*/true);
}

static Value scoreCosine(GraphBuilder &b, const Inputs &in,
                         const Notes &notes) {
  Value q = b.l2Normalize(in.q, -1), k = b.l2Normalize(in.k, -1);
  return b.mul(b.matmul(q, k, /*transposeRhs=*/true),
               notes.number("cosine_temperature"));
}

/// v_h . tanh(q_h Wq_h + k_h Wk_h).
static Value scoreAdditive(GraphBuilder &b, const Inputs &in,
                           const Notes &notes) {
  int64_t heads = in.heads, hidden = notes.extent("additive_v", 1);
  Value wq = b.input("wq", {heads, in.features, hidden}, b.f32());
  Value wk = b.input("wk", {heads, in.features, hidden}, b.f32());
  Value va = b.input("va", {heads, hidden}, b.f32());
  Value left =
      b.reshape(b.matmul(in.q, wq), {in.batch, heads, in.seq, 1, hidden});
  Value right =
      b.reshape(b.matmul(in.k, wk), {in.batch, heads, 1, in.keys, hidden});
  Value parts =
      b.mul(b.tanh(b.add(left, right)), b.reshape(va, {heads, 1, 1, hidden}));
  return b.reduce(ReduceKind::Sum, parts, -1, /*keepDims=*/false);
}

//===----------------------------------------------------------------------===//
// Masks
//===----------------------------------------------------------------------===//

/// The number after the word in `mask_window4_to_end`.
static int64_t getNumber(StringRef name, StringRef word) {
  int64_t number = 1;
  name.substr(name.find(word) + word.size()).consumeInteger(10, number);
  return number;
}

static Mask getMask(GraphBuilder &b, const Inputs &in, StringRef name) {
  if (name.contains("padding") || name.contains("dead")) {
    Mask padding = Mask::padding(b.input("lengths", {in.batch}, b.i64()));
    return name.contains("causal") ? Mask::causalToEnd() & padding : padding;
  }
  if (name.contains("window"))
    return Mask::window(getNumber(name, "window"));
  if (name.contains("prefix"))
    return Mask::prefix(getNumber(name, "prefix")) | Mask::causalToEnd();
  if (name.contains("document"))
    return Mask::document(b.input("documents", {in.batch, in.keys}, b.i64()));
  return name.contains("from_start") ? Mask::causal() : Mask::causalToEnd();
}

/// A bias that hides all keys from queries 0 and 1.
static Value hideFromTwo(GraphBuilder &b, const Inputs &in) {
  Value query = b.iota({in.seq, 1}, 0);
  return b.select(b.compare(ComparePredicate::Lt, query, 2),
                  b.scalar(-std::numeric_limits<double>::infinity(), b.f32()),
                  b.scalar(0, b.f32()));
}

static Graphs::BuildOne masked(std::string name) {
  return [=](GraphBuilder &b, const Notes &notes) {
    Inputs in(b, notes);
    AttentionOptions options = {.scale = in.scale,
                                .mask = getMask(b, in, name)};
    if (name == "mask_dead_rows")
      options.bias = hideFromTwo(b, in);
    b.output("o", b.attention(in.q, in.k, in.v, options));
  };
}

/// A graph for each mask, whatever the numbers in its name.
static void addMasks(Graphs &graphs) {
  for (StringRef name :
       {"mask_padding", "mask_causal_from_start", "mask_causal_to_end",
        "mask_document", "mask_causal_and_padding", "mask_dead_rows"})
    graphs.addOne("attention", name, masked(name.str()));
  for (int64_t length = 1; length <= 64; ++length)
    for (StringRef kind : {"window", "prefix"}) {
      std::string name = ("mask_" + kind + Twine(length) + "_to_end").str();
      graphs.addOne("attention", name, masked(name));
    }
}

//===----------------------------------------------------------------------===//
// Formulas and sizes
//===----------------------------------------------------------------------===//

/// score - slope[h] (i + T - S - j), to the end.
static void buildAlibi(GraphBuilder &b, const Notes &notes) {
  Inputs in(b, notes);
  Value slopes = b.input("slopes", {in.heads}, b.f32());
  int64_t ahead = notes.extent("k", 2) - notes.extent("q", 2);
  AttentionOptions options = {.scale = in.scale, .mask = Mask::causalToEnd()};
  options.score = alibi(slopes, ahead);
  b.output("o", b.attention(in.q, in.k, in.v, options));
}

static void buildBias(GraphBuilder &b, const Notes &notes) {
  Inputs in(b, notes);
  Value bias = b.input("bias", {in.heads, in.seq, in.keys}, b.f32());
  b.output("o",
           b.attention(in.q, in.k, in.v, {.scale = in.scale, .bias = bias}));
}

static void buildGrouped(GraphBuilder &b, const Notes &notes) {
  Inputs in(b, notes, "q_grouped");
  b.output("o", b.attention(in.q, in.k, in.v, {.scale = in.scale}));
}

void addAttentionGraphs(Graphs &graphs) {
  auto add = [&](StringRef name, Graphs::BuildOne build) {
    graphs.addOne("attention", name, std::move(build));
  };
  auto addBoth = [&](StringRef name, GetOptions options) {
    add(name, attend(options));
    add(("both_" + name).str(), attendWithWeights(options));
  };
  addBoth("dot", [](const Inputs &, const Notes &) { return Options(); });
  addBoth("scaled", [](const Inputs &in, const Notes &) {
    return Options{.scale = in.scale};
  });
  addBoth("cosine", [](const Inputs &, const Notes &notes) {
    return Options{.similarity = Similarity::Cosine,
                   .scale = notes.number("cosine_temperature")};
  });
  add("large", attend([](const Inputs &in, const Notes &) {
        return Options{.scale = 300 * in.scale};
      }));
  add("softcap", attend([](const Inputs &in, const Notes &notes) {
        return Options{.scale = in.scale,
                       .score = softCap(notes.number("softcap"))};
      }));
  add("weights_dot", withWeights(scoreDot));
  add("weights_scaled", withWeights(scoreScaled));
  add("weights_general", withWeights(scoreGeneral));
  add("weights_cosine", withWeights(scoreCosine));
  add("weights_additive", withWeights(scoreAdditive));
  add("alibi_causal", buildAlibi);
  add("bias", buildBias);
  add("grouped", buildGrouped);
  addMasks(graphs);
}
