//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Stacks of recurrent layers, and encoder-decoders: as ops and as loops.
///
//===----------------------------------------------------------------------===//

#include "Cells.h"
#include "Graphs.h"

using namespace mlir;
using namespace sylvite::graph;

using ScanStep = GraphBuilder::ScanStep;
using ScanNext = GraphBuilder::ScanNext;

static Value addWeight(GraphBuilder &b, const Notes &notes, const Twine &name) {
  return b.weight(name.str(), notes.shape(("w." + name).str()));
}

//===----------------------------------------------------------------------===//
// Layers
//===----------------------------------------------------------------------===//

namespace {
/// All layers of one name.
class Stack {
public:
  Stack(GraphBuilder &b, const Notes &notes, StringRef name)
      : b(b), notes(notes), name(name), cell(name.split('_').first),
        ends({""}) {
    if (name.ends_with("_bi"))
      ends.push_back("_reverse");
  }

  void build(bool asScans);

private:
  Value weight(StringRef part, int64_t layer, StringRef end) {
    return addWeight(b, notes, name + "." + part + "_l" + Twine(layer) + end);
  }
  /// Of both directions, one behind the other.
  Value joined(StringRef part, int64_t layer) {
    SmallVector<Value> parts;
    for (StringRef end : ends)
      parts.push_back(weight(part, layer, end));
    return parts.size() == 1 ? parts.front() : b.concat(parts, 0);
  }
  // The states of a layer; its last ones, of each direction, go to `lasts`.
  Value addOp(Value x, int64_t layer);
  Value addScans(Value x, int64_t layer);

  GraphBuilder &b;
  const Notes &notes;
  StringRef name, cell;
  SmallVector<StringRef> ends;
  SmallVector<Value> lasts;
};
} // namespace

Value Stack::addOp(Value x, int64_t layer) {
  RecurrentOptions options = {.bias = joined("bias_ih", layer),
                              .recurrentBias = joined("bias_hh", layer)};
  options.direction = ends.size() == 2 ? Direction::Both : Direction::Forward;
  options.resetAfter = true;
  options.transposeWeights = true;
  Value w = joined("weight_ih", layer), u = joined("weight_hh", layer);
  RecurrentResults results = cell == "rnn"   ? b.rnn(x, w, u, options)
                             : cell == "gru" ? b.gru(x, w, u, options)
                                             : b.lstm(x, w, u, options);
  int64_t hidden = notes.extent(("w." + name + ".weight_hh_l0").str(), 1);
  for (size_t i = 0; i < ends.size(); ++i)
    lasts.push_back(b.slice(results.last, 1, i * hidden, (i + 1) * hidden));
  return results.states;
}

Value Stack::addScans(Value x, int64_t layer) {
  SmallVector<Value> states;
  for (StringRef end : ends) {
    Value u = weight("weight_hh", layer, end);
    Value bias = weight("bias_hh", layer, end);
    Value rows = b.add(
        b.matmul(x, weight("weight_ih", layer, end), /*transposeRhs=*/true),
        weight("bias_ih", layer, end));
    Value zeros =
        b.broadcast(b.scalar(0, b.f32()),
                    {getDims(x)[0],
                     notes.extent(("w." + name + ".weight_hh_l0").str(), 1)});
    SmallVector<Value> inits(cell == "lstm" ? 2 : 1, zeros);
    auto step = [&](const ScanStep &step) {
      Value h = step.carried[0], row = step.elements[0];
      Value state = b.add(b.matmul(h, u, /*transposeRhs=*/true), bias);
      SmallVector<Value> next;
      if (cell == "rnn")
        next = {b.tanh(b.add(row, state))};
      else if (cell == "gru")
        next = {stepGru(b, row, state, h)};
      else
        next = stepLstm(b, row, state, step.carried[1]);
      return ScanNext{next, {next[0]}};
    };
    auto results =
        b.scan(inits, {rows}, {.axis = 1, .reverse = !end.empty()}, step);
    lasts.push_back(results[0]);
    states.push_back(results.back());
  }
  return states.size() == 1 ? states.front() : b.concat(states, 2);
}

void Stack::build(bool asScans) {
  Dim batch = b.dim("batch"), seq = b.dim("seq");
  Value x = b.input("x", {batch, seq, notes.extent("x", 2)}, b.f32());
  for (int64_t layer = 0;
       notes.has(("w." + name + ".weight_ih_l" + Twine(layer)).str()); ++layer)
    x = asScans ? addScans(x, layer) : addOp(x, layer);
  SmallVector<Value> rows;
  for (Value last : lasts)
    rows.push_back(b.reshape(last, {1, batch, getDims(last)[1]}));
  b.output("y", x);
  b.output("state", b.concat(rows, 0));
}

//===----------------------------------------------------------------------===//
// Encoder and decoder
//===----------------------------------------------------------------------===//

namespace {
/// An encoder-decoder.
struct Translator {
  Translator(GraphBuilder &b, const Notes &notes)
      : b(b), notes(notes), batch(b.dim("batch")),
        table(addWeight(b, notes, "seq2seq.emb")) {}

  Value get(StringRef name) { return addWeight(b, notes, "seq2seq." + name); }
  Value embed(StringRef name, Dim length) {
    return b.embedding(table, b.input(name, {batch, length}, b.i64()));
  }
  RecurrentResults encode() {
    return b.rnn(embed("source", b.dim("seq")), get("We"), get("Ue"),
                 {.bias = get("be")});
  }
  void decode(StringRef query);

  GraphBuilder &b;
  const Notes &notes;
  Dim batch;
  Value table;
};
} // namespace

void Translator::decode(StringRef query) {
  RecurrentResults source = encode();
  Value inputs = embed("target_in", b.dim("target"));
  Dim hidden = getDims(source.last)[1];
  Value summary = source.last;
  if (query == "mean" || query == "max")
    summary = b.reduce(query == "mean" ? ReduceKind::Mean : ReduceKind::Max,
                       source.states, 1, /*keepDims=*/false);
  Value wd = get("Wd"), ud = get("Ud"), cd = get("Cd"), bd = get("bd"),
        wo = get("Wo"), wy = get("Wy"), wc = get("Wc"), bo = get("bo");
  Value wa = query == "attention_general" ? get("Wa") : Value();
  auto results =
      b.scan({source.last}, {inputs}, {.axis = 1}, [&](const ScanStep &step) {
        Value h = step.carried[0], e = step.elements[0], c = summary;
        if (query.starts_with("attention")) {
          Value row = b.reshape(wa ? b.matmul(h, wa) : h, {batch, 1, hidden});
          Value scores = b.matmul(row, source.states, /*transposeRhs=*/true);
          c = b.reshape(b.matmul(b.softmax(scores, -1), source.states),
                        {batch, hidden});
        }
        Value sum = b.add(b.matmul(e, wd), b.matmul(h, ud));
        h = b.tanh(b.add(b.add(sum, b.matmul(c, cd)), bd));
        sum = b.add(b.matmul(h, wo), b.matmul(e, wy));
        Value y = b.softmax(b.add(b.add(sum, b.matmul(c, wc)), bo), -1);
        return ScanNext{{h}, {y, c}};
      });
  b.output("y", results[1]);
  b.output("c", results[2]);
}

void addRecurrentGraphs(Graphs &graphs) {
  for (StringRef name :
       {"rnn_tanh", "rnn_tanh_bi", "gru", "gru_bi", "lstm", "lstm_bi"})
    for (bool asScans : {false, true})
      graphs.addOne("recurrent", (asScans ? "scan_" + name : name).str(),
                    [=](GraphBuilder &b, const Notes &notes) {
                      Stack(b, notes, name).build(asScans);
                    });
  graphs.addOne("recurrent", "encoder",
                [](GraphBuilder &b, const Notes &notes) {
                  b.output("states", Translator(b, notes).encode().states);
                });
  for (StringRef query :
       {"last", "mean", "max", "attention_dot", "attention_general"})
    graphs.addOne("recurrent", ("seq2seq_" + query).str(),
                  [=](GraphBuilder &b, const Notes &notes) {
                    Translator(b, notes).decode(query);
                  });
}
