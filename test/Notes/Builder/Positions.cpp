//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Positional encodings: sinusoidal, made up, rotary, relative bias.
///
//===----------------------------------------------------------------------===//

#include "Graphs.h"
#include "sylvite/Dialect/Graph/Scores.h"

#include <cmath>

using namespace mlir;
using namespace sylvite::graph;

/// The dimension of positions: static, or with a maximum, or without.
static Dim getLength(GraphBuilder &b, int64_t length, StringRef kind) {
  if (kind == "static")
    return length;
  // A bound that is not the length itself.
  return kind == "bounded" ? b.dim("seq", length + 7) : b.dim("seq");
}

//===----------------------------------------------------------------------===//
// A vector a position
//===----------------------------------------------------------------------===//

/// The encoding added to x.
static Graphs::BuildOne encode(std::string kind, PositionOptions options) {
  return [=](GraphBuilder &b, const Notes &notes) {
    SmallVector<Dim> dims{getLength(b, notes.number("length"), kind),
                          int64_t(notes.number("size"))};
    Value x = b.input("x", dims, b.f32());
    b.output("y", b.add(x, b.positionalEncoding(dims, b.f32(), options)));
  };
}

static Scalar makeUp(Scalar position, Scalar channel) {
  Type f32 = position.getBuilder().getF32Type();
  Scalar p = toFloat(position, f32), i = toFloat(channel, f32);
  return tanh(0.1 * p) * cos(p / (1 + i)) + 1 / (1 + p + i);
}

static Graphs::BuildOne rotate(std::string kind, bool interleaved) {
  return [=](GraphBuilder &b, const Notes &notes) {
    Value x = b.input("x",
                      {b.dim("batch"), notes.extent("x", 1),
                       getLength(b, notes.extent("x", 2), kind),
                       notes.extent("x", 3)},
                      b.f32());
    b.output("y", b.rotaryEmbedding(x, {.interleaved = interleaved}));
  };
}

//===----------------------------------------------------------------------===//
// Relative bias
//===----------------------------------------------------------------------===//

/// The bucket of each distance back. Logarithms are f64: a bucket begins where
/// one is whole, and may have come out a little less.
static Value getBucket(GraphBuilder &b, Value distance, int64_t buckets) {
  int64_t exact = buckets / 2;
  double factor = (buckets - exact) / std::log(128.0 / exact);
  Type f64 = Float64Type::get(distance.getContext());
  Value ratio = b.mul(b.cast(b.maximum(distance, 1), f64), 1.0 / exact);
  Value steps = b.cast(b.add(b.mul(b.log(ratio), factor), 1e-9), b.i64());
  Value far = b.minimum(b.add(steps, exact), buckets - 1);
  return b.select(b.compare(ComparePredicate::Lt, distance, exact), distance,
                  far);
}

/// The bias [heads, seq, seq] of positions.
static Value makeBias(GraphBuilder &b, Value table, Value p, bool causal) {
  Dim seq = getDims(p).front();
  int64_t buckets = getDims(table).front().size;
  Value ahead = b.sub(p, b.reshape(p, {seq, 1}));
  Value bucket;
  if (causal) {
    bucket = getBucket(b, b.maximum(b.neg(ahead), 0), buckets);
  } else {
    Value later = b.compare(ComparePredicate::Gt, ahead, 0);
    Value side =
        b.select(later, b.scalar(buckets / 2, b.i64()), b.scalar(0, b.i64()));
    bucket = b.add(getBucket(b, b.abs(ahead), buckets / 2), side);
  }
  return b.transpose(b.embedding(table, bucket), {2, 0, 1});
}

static Value addTable(GraphBuilder &b, const Notes &notes) {
  return b.input("table",
                 {notes.extent("t5_table", 0), notes.extent("t5_table", 1)},
                 b.f32());
}

static Graphs::BuildOne biasT5(bool causal) {
  return [=](GraphBuilder &b, const Notes &notes) {
    Value p = b.input("p", {b.dim("seq")}, b.i64());
    b.output("y", makeBias(b, addTable(b, notes), p, causal));
  };
}

/// Attention of x to itself with the bias: by a formula, or as a tensor.
static Graphs::BuildOne attendT5(bool causal, bool formula) {
  return [=](GraphBuilder &b, const Notes &notes) {
    Dim seq = b.dim("seq");
    int64_t heads = notes.extent("t5_table", 1);
    Value x = b.input("x", {b.dim("batch"), heads, seq, 16}, b.f32());
    Value table = addTable(b, notes);
    AttentionOptions options;
    if (causal)
      options.mask = Mask::causal();
    if (formula)
      options.score = relativeBias(table, causal);
    else
      options.bias = makeBias(b, table, b.iota({seq}, 0), causal);
    b.output("y", b.attention(x, x, x, options));
  };
}

void addPositionsGraphs(Graphs &graphs) {
  auto add = [&](const Twine &name, Graphs::BuildOne build) {
    graphs.addOne("positions", name.str(), std::move(build));
  };
  for (std::string kind : {"static", "bounded", "unbounded"}) {
    add("sinusoidal_" + kind, encode(kind, {}));
    add("made_up_" + kind, encode(kind, {.formula = makeUp}));
    add("rotary_half_" + kind, rotate(kind, /*interleaved=*/false));
    add("rotary_interleaved_" + kind, rotate(kind, /*interleaved=*/true));
  }
  for (bool causal : {false, true})
    for (bool formula : {false, true})
      add(Twine(formula ? "t5_formula" : "t5_tensor") +
              (causal ? "_causal" : ""),
          attendT5(causal, formula));
  add("t5_bias", biasT5(/*causal=*/false));
  add("t5_bias_causal", biasT5(/*causal=*/true));
}
