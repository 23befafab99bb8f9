//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Attention and rotary embeddings. Attention is written as the products, masks
/// and softmax that it stands for, which the fusion phase makes one op where it
/// can; what it exposes of the scores is there by itself.
///
//===----------------------------------------------------------------------===//

#include "Operators.h"
#include "Parts.h"
#include <cmath>

using namespace mlir;
using namespace sylvite;
using graph::ComparePredicate;
using graph::Dim;

//===----------------------------------------------------------------------===//
// Heads
//===----------------------------------------------------------------------===//

Value sylvite::splitHeads(Node &node, Value x, int64_t heads) {
  if (!x)
    return {};
  GraphWriter &ops = node.ops;
  Dims dims = graph::getDims(x);
  if (dims.size() != 3 || heads < 1 || !dims[2].isStatic() ||
      dims[2].size % heads) {
    (void)node.invalid("has " + Twine(heads) +
                       " heads, which the features do not fill");
    return {};
  }
  x = ops.reshape(x, {dims[0], dims[1], Dim(heads), Dim(dims[2].size / heads)});
  return ops.transpose(x, {0, 2, 1, 3});
}

Value sylvite::mergeHeads(GraphWriter &ops, Value x) {
  if (!x)
    return {};
  Dims dims = graph::getDims(x);
  if (dims.size() != 4 || !dims[1].isStatic() || !dims[3].isStatic())
    return ops.error("has heads or features of a dynamic number");
  x = ops.transpose(x, {0, 2, 1, 3});
  return ops.reshape(x, {dims[0], dims[2], Dim(dims[1].size * dims[3].size)});
}

Value sylvite::repeatHeads(GraphWriter &ops, Value x, int64_t times) {
  if (!x || times == 1)
    return x;
  Dims dims = graph::getDims(x);
  if (dims.size() != 4 || !dims[1].isStatic())
    return ops.error("needs keys and values of rank 4 with a static number of "
                     "heads");
  Dims one = {dims[0], dims[1], Dim(1), dims[2], dims[3]};
  Dims many = one, merged = dims;
  many[2] = Dim(times);
  merged[1] = Dim(dims[1].size * times);
  return ops.reshape(ops.broadcast(ops.reshape(x, one), many), merged);
}

//===----------------------------------------------------------------------===//
// Attention
//===----------------------------------------------------------------------===//

namespace {
/// Which keys a query does not see, and what is added to its scores.
struct Masks {
  /// Conditions, true where a key is seen.
  SmallVector<Value> kept;
  Value bias;
};
} // namespace

/// The mask operand: booleans are a condition, numbers are added. One that is
/// shorter than the keys hides those behind it.
static LogicalResult readMask(Node &node, unsigned operand, const Dim &keys,
                              Masks &masks) {
  if (!node.has(operand))
    return success();
  GraphWriter &ops = node.ops;
  Value mask = node.get(operand);
  if (!mask)
    return failure();
  bool isCondition = getElement(mask).isInteger(1);
  Dims dims = graph::getDims(mask);
  if (dims.empty())
    return node.invalid("the mask must have dimensions");
  if (dims.back().isStatic() && keys.isStatic() && !dims.back().isOne() &&
      dims.back().size < keys.size) {
    SmallVector<int64_t> low(dims.size(), 0), high(dims.size(), 0);
    high.back() = keys.size - dims.back().size;
    graph::PadOp::Properties properties;
    properties.low = ops.getBuilder().getDenseI64ArrayAttr(low);
    properties.high = ops.getBuilder().getDenseI64ArrayAttr(high);
    mask = ops.infer<graph::PadOp>(
        {mask, ops.like(isCondition ? 0 : -INFINITY, mask)}, properties);
  }
  if (isCondition)
    masks.kept.push_back(mask);
  else
    masks.bias = mask;
  return success();
}

static LogicalResult importAttention(Node &node) {
  GraphWriter &ops = node.ops;
  int64_t rank = node.getRank(0);
  if (node.isPoisoned())
    return failure();
  Value q = node.get(0), k = node.get(1), v = node.get(2);
  int64_t queryHeads = node.getInt("q_num_heads", 0);
  int64_t keyHeads = node.getInt("kv_num_heads", 0);
  if (rank == 3) {
    q = splitHeads(node, q, queryHeads);
    k = splitHeads(node, k, keyHeads);
    v = splitHeads(node, v, keyHeads);
  } else if (rank != 4) {
    return node.invalid("takes tensors of rank 3 or 4");
  }
  // The cache comes in front.
  Value past;
  if (node.has(4)) {
    Value pastKey = node.get(4), pastValue = node.get(5);
    if (!pastKey || !pastValue || !k || !v)
      return node.set(Value());
    if (graph::getDims(pastKey).size() != 4)
      return node.invalid("needs a past of rank 4");
    past = ops.integer(SymInt(graph::getDims(pastKey)[2]));
    k = ops.concat({pastKey, k}, 2);
    v = ops.concat({pastValue, v}, 2);
  }
  if (!q || !k || !v)
    return node.set(Value());
  Dims qDims = graph::getDims(q), kDims = graph::getDims(k);
  if (qDims.size() != 4 || kDims.size() != 4 || graph::getDims(v).size() != 4 ||
      !qDims[1].isStatic() || !kDims[1].isStatic() || !qDims[3].isStatic() ||
      kDims[1].size == 0 || qDims[1].size % kDims[1].size)
    return node.invalid("the query's heads are no multiple of the key's");
  if (node.wants(1) && failed(node.set(1, k)))
    return failure();
  if (node.wants(2) && failed(node.set(2, v)))
    return failure();
  int64_t times = qDims[1].size / kDims[1].size;
  Value keys = repeatHeads(ops, k, times), values = repeatHeads(ops, v, times);

  Type element = getElement(q);
  double scale = node.getFloat("scale", 1 / std::sqrt(double(qDims[3].size)));
  double softcap = node.getFloat("softcap", 0);
  int64_t mode = node.getInt("qk_matmul_output_mode", 0);
  bool isCausal = node.getInt("is_causal", 0);
  int64_t left = node.getInt("left_window_size", -1),
          right = node.getInt("right_window_size", -1);
  int64_t precision = node.getInt("softmax_precision", 0);

  Value scores = ops.mul(ops.matmul(q, keys, false, true), scale);
  Value exposed = scores;
  if (softcap > 0) {
    scores =
        ops.mul(ops.unary<graph::TanhOp>(ops.div(scores, softcap)), softcap);
    if (mode == 1)
      exposed = scores;
  }
  Masks masks;
  if (failed(readMask(node, 3, kDims[2], masks)))
    return failure();
  Dims square = {qDims[2], kDims[2]};
  Value lengths;
  if (node.has(6)) {
    // Keys past the length of each row are none.
    lengths = ops.reshape(ops.cast(node.get(6), ops.i64()),
                          {qDims[0], Dim(1), Dim(1), Dim(1)});
    masks.kept.push_back(ops.compare(
        ComparePredicate::Lt, ops.iota({kDims[2]}, 0, ops.i64()), lengths));
  }
  if (isCausal || left >= 0 || right >= 0) {
    // Positions of queries among the keys.
    Value i = ops.iota(square, 0, ops.i64()),
          j = ops.iota(square, 1, ops.i64());
    if (past)
      i = ops.add(i, past);
    else if (lengths)
      i = ops.add(i, ops.sub(lengths, ops.integer(SymInt(qDims[2]))));
    if (isCausal)
      masks.kept.push_back(ops.compare(ComparePredicate::Le, j, i));
    if (left >= 0)
      masks.kept.push_back(
          ops.compare(ComparePredicate::Ge, j, ops.sub(i, left)));
    if (right >= 0)
      masks.kept.push_back(
          ops.compare(ComparePredicate::Le, j, ops.add(i, right)));
  }
  if (masks.bias)
    scores = ops.add(scores, ops.cast(masks.bias, element));
  if (precision) {
    Type wide = node.getImporter().convertType(precision);
    if (!wide || !isa<FloatType>(wide))
      return node.unsupported("a softmax of that precision");
    scores = ops.cast(scores, wide);
  }
  Value kept;
  for (Value condition : masks.kept)
    kept = kept ? ops.binary<graph::AndOp>(kept, condition) : condition;
  if (kept)
    scores = ops.select(kept, scores, ops.like(-INFINITY, scores));
  if (mode == 2)
    exposed = ops.cast(scores, element);
  Value probabilities = ops.cast(ops.softmax(scores, 3), element);
  if (mode == 3)
    exposed = probabilities;
  if (node.wants(3) && failed(node.set(3, exposed)))
    return failure();
  Value result = ops.matmul(probabilities, values);
  return node.set(rank == 3 ? mergeHeads(ops, result) : result);
}

//===----------------------------------------------------------------------===//
// FlexAttention
//===----------------------------------------------------------------------===//

/// Runs a graph that is given as an attribute on one tensor.
static Value applyGraph(Node &node, StringRef name, Value input) {
  const onnx::GraphProto *body = node.getGraph(name);
  if (!body || !input)
    return input;
  const onnx::GraphProto &graph = *body;
  if (graph.input_size() != 1 || graph.output_size() != 1) {
    (void)node.invalid(name + " must take and give one tensor");
    return {};
  }
  OnnxScope scope;
  scope.parent = &node.getScope();
  OnnxValue value;
  value.tensor = input;
  value.onnxType = graph.input(0).type().tensor_type().elem_type();
  scope.values[graph.input(0).name()] = value;
  if (failed(node.getImporter().importSubgraph(graph, node.getFrame(), scope)))
    return {};
  OnnxValue *result = scope.lookup(graph.output(0).name());
  return result && !result->poisoned
             ? node.getImporter().materialize(*result, node.ops)
             : Value();
}

static LogicalResult importFlexAttention(Node &node) {
  GraphWriter &ops = node.ops;
  Value q = node.get(0), k = node.get(1), v = node.get(2);
  if (!q || !k || !v)
    return node.set(Value());
  Dims qDims = graph::getDims(q), kDims = graph::getDims(k);
  if (qDims.size() != 4 || kDims.size() != 4 || !qDims[1].isStatic() ||
      !kDims[1].isStatic() || !qDims[3].isStatic() || kDims[1].size == 0 ||
      qDims[1].size % kDims[1].size)
    return node.invalid("takes tensors of rank 4, with heads of the query that "
                        "are a multiple of the key's");
  int64_t times = qDims[1].size / kDims[1].size;
  double scale = node.getFloat("scale", 1 / std::sqrt(double(qDims[3].size)));
  int64_t precision = node.getInt("softmax_precision", 0);
  Type element = getElement(q);
  Type wide = element.getIntOrFloatBitWidth() < 32 ? ops.f32() : element;
  if (precision)
    wide = node.getImporter().convertType(precision);
  if (!wide || !isa<FloatType>(wide))
    return node.unsupported("a softmax of that precision");
  Value scores = ops.matmul(q, repeatHeads(ops, k, times), false, true);
  scores =
      applyGraph(node, "score_mod", ops.cast(ops.mul(scores, scale), wide));
  Value probabilities = applyGraph(node, "prob_mod", ops.softmax(scores, 3));
  return node.set(
      ops.matmul(ops.cast(probabilities, element), repeatHeads(ops, v, times)));
}

//===----------------------------------------------------------------------===//
// Linear attention
//===----------------------------------------------------------------------===//

namespace {
/// The parts of linear attention that its steps read, [batch, heads, time,
/// ...].
struct Recurrence {
  Value query, key, value, decay, beta;
  double scale;
  int64_t times;
};
} // namespace

/// One step: the next state, and the step's part of the result.
static std::pair<Value, Value> writeStep(GraphWriter &ops, Value state,
                                         ArrayRef<Value> elements,
                                         const Recurrence &recurrence) {
  // [batch, heads, features] each.
  Value q = elements[0], k = elements[1], v = elements[2];
  size_t next = 3;
  Value column = ops.insertDim(k, 3);
  if (recurrence.decay) {
    Value decay = ops.unary<graph::ExpOp>(elements[next++]);
    state = ops.mul(state, ops.insertDim(decay, 3));
  }
  if (recurrence.beta) {
    // What the state already gives for the key is taken off.
    Value known =
        ops.reduce(graph::ReduceKind::Sum, ops.mul(state, column), {2}, false);
    v = ops.mul(elements[next++], ops.sub(v, known));
  }
  state = ops.add(state, ops.mul(column, ops.insertDim(v, 2)));
  Value read = repeatHeads(ops, state, recurrence.times);
  Value result = ops.reduce(graph::ReduceKind::Sum,
                            ops.mul(read, ops.insertDim(q, 3)), {2}, false);
  return {state, ops.mul(result, recurrence.scale)};
}

static LogicalResult importLinearAttention(Node &node) {
  GraphWriter &ops = node.ops;
  int64_t queryHeads = node.getInt("q_num_heads", 0);
  int64_t keyHeads = node.getInt("kv_num_heads", 0);
  node.ignore({"chunk_size"});
  std::string rule = node.getString("update_rule", "gated_delta");
  bool isGated = rule == "gated" || rule == "gated_delta";
  bool isDelta = rule == "delta" || rule == "gated_delta";
  if (!isGated && !isDelta && rule != "linear")
    return node.invalid("update_rule is none that there is");
  if (isGated != node.has(4) || isDelta != node.has(5))
    return node.invalid("has other operands than its update_rule needs");
  if (queryHeads < 1 || keyHeads < 1 || queryHeads % keyHeads)
    return node.invalid("the query's heads are no multiple of the key's");
  Type element = node.getElement(0);
  Recurrence recurrence;
  recurrence.times = queryHeads / keyHeads;
  auto read = [&](unsigned operand, int64_t heads) {
    return splitHeads(node, ops.cast(node.get(operand), ops.f32()), heads);
  };
  recurrence.query = read(0, queryHeads);
  recurrence.key = read(1, keyHeads);
  recurrence.value = read(2, keyHeads);
  if (isGated)
    recurrence.decay = read(4, keyHeads);
  if (isDelta) {
    Dims dims = node.getDims(5);
    recurrence.beta =
        read(5, !dims.empty() && dims.back().isOne() ? 1 : keyHeads);
  }
  if (!recurrence.query || !recurrence.key || !recurrence.value ||
      (isGated && !recurrence.decay) || (isDelta && !recurrence.beta))
    return node.set(Value());
  Dims kDims = graph::getDims(recurrence.key),
       vDims = graph::getDims(recurrence.value);
  recurrence.scale = node.getFloat("scale", 0);
  if (recurrence.scale == 0)
    recurrence.scale = 1 / std::sqrt(double(kDims[3].size));
  Dims stateDims = {kDims[0], kDims[1], kDims[3], vDims[3]};
  Type stateType = element;
  Value state = ops.broadcast(ops.scalar(0, ops.f32()), stateDims);
  if (node.has(3)) {
    Value past = node.get(3);
    if (!past)
      return node.set(Value());
    stateType = getElement(past);
    state = ops.cast(past, ops.f32());
  }
  SmallVector<Value> sequences = {recurrence.query, recurrence.key,
                                  recurrence.value};
  if (recurrence.decay)
    sequences.push_back(recurrence.decay);
  if (recurrence.beta)
    sequences.push_back(recurrence.beta);
  SmallVector<Value> results = ops.scan(
      state, sequences, /*axis=*/2, [&](const GraphWriter::ScanStep &step) {
        auto [next, result] =
            writeStep(ops, step.carried.front(), step.elements, recurrence);
        return std::pair<SmallVector<Value>, SmallVector<Value>>({next},
                                                                 {result});
      });
  if (results.size() != 2)
    return node.set(Value());
  if (node.wants(1) && failed(node.set(1, ops.cast(results[0], stateType))))
    return failure();
  return node.set(ops.cast(mergeHeads(ops, results[1]), element));
}

//===----------------------------------------------------------------------===//
// Rotary embeddings
//===----------------------------------------------------------------------===//

Value sylvite::rotate(Node &node, Value x, Rotation rotation, Value positions) {
  GraphWriter &ops = node.ops;
  auto [cosine, sine, features, interleaved] = rotation;
  if (positions) {
    cosine = ops.gather(cosine, positions, 0);
    sine = ops.gather(sine, positions, 0);
  }
  if (!x || !cosine || !sine)
    return {};
  Dims all = graph::getDims(x);
  if (all.size() != 4 || graph::getDims(cosine).size() != 3 ||
      graph::getDims(sine).size() != 3) {
    (void)node.invalid("rotates by tables of another rank than it takes");
    return {};
  }
  // [batch, sequence, pairs] beside [batch, heads, sequence, features].
  cosine = ops.insertDim(cosine, 1);
  sine = ops.insertDim(sine, 1);
  if (!cosine || !sine)
    return {};
  Dims table = graph::getDims(cosine), places(all.begin(), all.end() - 1);
  if (!ops.unifyDims(places, ArrayRef(table).drop_back()))
    return {};
  auto op = graph::RotaryEmbeddingOp::create(
      ops.getBuilder(), ops.getLoc(), x.getType(), x, Value(), cosine, sine,
      IntegerAttr(), ops.getBuilder().getF64FloatAttr(1e4),
      features ? ops.getBuilder().getI64IntegerAttr(features) : IntegerAttr(),
      interleaved ? UnitAttr::get(node.getContext()) : UnitAttr());
  if (failed(mlir::verify(op, /*verifyRecursively=*/false)))
    return {};
  return op.getResult();
}

/// ONNX Runtime's takes the positions before the tables.
template <bool isRuntimes>
static LogicalResult importRotary(Node &node) {
  GraphWriter &ops = node.ops;
  int64_t heads = node.getInt("num_heads", 0);
  Rotation rotation;
  rotation.features = node.getInt("rotary_embedding_dim", 0);
  rotation.interleaved = node.getInt("interleaved", 0);
  if (isRuntimes && node.getFloat("scale", 1) != 1)
    return node.unsupported("RotaryEmbedding with a scale");
  node.ignore({"is_packed_batching"});
  Dims dims = node.getDims(0);
  Value x = node.get(0);
  unsigned positionOperand = isRuntimes ? 1 : 3, tables = isRuntimes ? 2 : 1;
  rotation.cosine = node.get(tables);
  rotation.sine = node.get(tables + 1);
  if (!x || !rotation.cosine || !rotation.sine)
    return node.set(Value());
  bool isFlat = dims.size() == 3;
  Dims table = graph::getDims(rotation.cosine);
  if (isFlat && heads == 0 && isRuntimes && dims[2].isStatic() &&
      table.size() == 2 && table[1].isStatic() && table[1].size)
    heads = dims[2].size / (2 * table[1].size);
  if (isFlat)
    x = splitHeads(node, x, heads);
  if (!x)
    return node.set(Value());
  if (graph::getDims(x).size() != 4)
    return node.invalid("takes a tensor of rank 3 or 4");
  Value positions;
  if (node.has(positionOperand)) {
    positions = node.get(positionOperand);
    if (!positions)
      return node.set(Value());
    Dims places = graph::getDims(positions);
    // ONNX Runtime also takes one number, from which it counts.
    if (isRuntimes && places.size() == 1 && places[0].isOne()) {
      Dim sequence = graph::getDims(x)[2];
      positions = ops.add(ops.iota({Dim(1), sequence}, 1, ops.i64()),
                          ops.reshape(positions, {}));
    }
  }
  Value result = rotate(node, x, rotation, positions);
  return node.set(isFlat ? mergeHeads(ops, result) : result);
}

void sylvite::addAttention(Operators &operators) {
  operators.add("Attention", importAttention);
  operators.add("LinearAttention", importLinearAttention);
  operators.add("FlexAttention", importFlexAttention, "ai.onnx.preview");
  operators.add("RotaryEmbedding", importRotary<false>);
  operators.add("RotaryEmbedding", importRotary<true>, "com.microsoft");
}
