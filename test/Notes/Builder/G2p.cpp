//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A model that tells how English words are spoken: the GRU encoder-decoder of
/// the Python package g2p-en, with its whole greedy decoding.
///
//===----------------------------------------------------------------------===//

#include "Cells.h"
#include "Graphs.h"

using namespace mlir;
using namespace sylvite::graph;

/// Phonemes that begin and end a word, and how many there are at most.
static constexpr int64_t kBegin = 2, kEnd = 3, kMaxPhonemes = 20;

/// Phonemes [batch, 20] of letters [batch, letters]. Behind a word's end
/// phoneme there are further ones, and zeros where all words have ended.
static void buildG2p(GraphBuilder &b, const Notes &notes) {
  auto get = [&](StringRef name) { return b.weight(name, notes.shape(name)); };
  Dim batch = b.dim("batch");
  Value letters = b.input("letters", {batch, b.dim("letters")}, b.i64(),
                          {.range = {{0, notes.extent("enc_emb", 0)}}});
  Value lengths = b.input("lengths", {batch}, b.i64());

  Value word = b.gru(b.embedding(get("enc_emb"), letters), get("enc_w_ih"),
                     get("enc_w_hh"),
                     {.bias = get("enc_b_ih"),
                      .recurrentBias = get("enc_b_hh"),
                      .lengths = lengths,
                      .resetAfter = true,
                      .transposeWeights = true})
                   .last;

  Value table = get("dec_emb"), w = get("dec_w_ih"), u = get("dec_w_hh"),
        bias = get("dec_b_ih"), stateBias = get("dec_b_hh"),
        output = get("fc_w"), outputBias = get("fc_b");
  auto project = [&](Value x, Value weight, Value bias) {
    return b.add(b.matmul(x, weight, /*transposeRhs=*/true), bias);
  };
  Value begin = b.broadcast(b.scalar(kBegin, b.i64()), {batch});
  Value running = b.broadcast(b.scalar(1, b.i64()), {batch});
  auto results = b.scan(
      {word, begin, running}, {}, {.axis = 1, .steps = Dim(kMaxPhonemes)},
      [&](const GraphBuilder::ScanStep &step) -> GraphBuilder::ScanNext {
        Value h = step.carried[0], runs = step.carried[2];
        Value row = project(b.embedding(table, step.carried[1]), w, bias);
        h = stepGru(b, row, project(h, u, stateBias), h);
        Value phoneme = b.argmax(project(h, output, outputBias), -1);
        phoneme = b.select(b.compare(ComparePredicate::Ne, runs, 0), phoneme,
                           b.scalar(kEnd, b.i64()));
        runs = b.cast(b.compare(ComparePredicate::Ne, phoneme, kEnd), b.i64());
        Value any = b.reduce(ReduceKind::Max, runs, 0, /*keepDims=*/false);
        return {{h, phoneme, runs},
                {phoneme},
                b.compare(ComparePredicate::Eq, any, 0)};
      });
  b.output("phonemes", results.empty() ? Value() : results.back());
}

void addG2pGraphs(Graphs &graphs) {
  graphs.addOne("checkpoint", "g2p", buildG2p);
}
