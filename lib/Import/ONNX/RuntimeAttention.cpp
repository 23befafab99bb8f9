//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The attentions of ONNX Runtime: projections, masks in several forms, a cache
/// and rotary embeddings in one operator. They are written as products, masks
/// and a softmax, like the standard's.
///
/// Where ONNX Runtime adds `mask_filter_value`, -10000, keys are hidden: that
/// differs for queries alone that see no key.
///
//===----------------------------------------------------------------------===//

#include "Operators.h"
#include "Parts.h"
#include <cmath>

using namespace mlir;
using namespace sylvite;
using graph::ComparePredicate;
using graph::Dim;

static constexpr llvm::StringLiteral kDomain = "com.microsoft";

//===----------------------------------------------------------------------===//
// What all have in common
//===----------------------------------------------------------------------===//

namespace {
/// softmax(softcap(scale q k^T) + bias, where conditions hold) v.
struct Heads {
  /// [batch, heads, sequence, features]; keys and values may have fewer heads.
  Value query, key, value;
  double scale = 0, softcap = 0;
  /// True where a key is seen, as they broadcast to [batch, heads, queries,
  /// keys].
  SmallVector<Value> kept;
  Value bias;

  explicit operator bool() const { return query && key && value; }
  Dim getBatch() const { return graph::getDims(query)[0]; }
  Dim getQueries() const { return graph::getDims(query)[2]; }
  Dim getKeys() const { return graph::getDims(key)[2]; }
};
} // namespace

/// The result as [batch, heads, queries, features].
static Value writeAttention(Node &node, Heads heads) {
  if (!heads)
    return {};
  GraphWriter &ops = node.ops;
  Dims query = graph::getDims(heads.query), key = graph::getDims(heads.key);
  if (query.size() != 4 || key.size() != 4 ||
      graph::getDims(heads.value).size() != 4 || !query[1].isStatic() ||
      !key[1].isStatic() || !query[3].isStatic() || key[1].size == 0 ||
      query[1].size % key[1].size) {
    (void)node.invalid("the query's heads are no multiple of the key's");
    return {};
  }
  int64_t times = query[1].size / key[1].size;
  double scale =
      heads.scale ? heads.scale : 1 / std::sqrt(double(query[3].size));
  Value scores = ops.mul(
      ops.matmul(heads.query, repeatHeads(ops, heads.key, times), false, true),
      scale);
  if (heads.softcap > 0)
    scores = ops.mul(ops.unary<graph::TanhOp>(ops.div(scores, heads.softcap)),
                     heads.softcap);
  if (heads.bias)
    scores = ops.add(scores, heads.bias);
  Value kept;
  for (Value condition : heads.kept)
    kept = kept ? ops.binary<graph::AndOp>(kept, condition) : condition;
  if (kept)
    scores = ops.select(kept, scores, ops.like(-INFINITY, scores));
  return ops.matmul(ops.softmax(scores, 3),
                    repeatHeads(ops, heads.value, times));
}

/// Positions along an axis of [batch, heads, queries, keys].
static Value count(GraphWriter &ops, const Dim &dim, int64_t axis) {
  Dims dims(4, Dim(1));
  dims[axis] = dim;
  return ops.iota(dims, axis, ops.i64());
}

/// A number for each row of the batch, as [batch, 1, 1, 1].
static Value alongBatch(GraphWriter &ops, Value numbers, const Dim &batch) {
  if (!numbers)
    return {};
  Dims dims = graph::getDims(numbers);
  if (dims.size() == 1 && !ops.unify(dims[0], batch))
    return {};
  return ops.reshape(ops.cast(numbers, ops.i64()),
                     {batch, Dim(1), Dim(1), Dim(1)});
}

/// Keys up to the query's own, which stands `before` keys behind its number.
static void hideFuture(GraphWriter &ops, Heads &heads, Value before) {
  Value i = count(ops, heads.getQueries(), 2),
        j = count(ops, heads.getKeys(), 3);
  if (before)
    i = ops.add(i, before);
  heads.kept.push_back(ops.compare(ComparePredicate::Le, j, i));
}

/// The mask operand, of one of these shapes:
///
///   [batch]                keys before these lengths are seen
///   [2 * batch]            keys before the ends and from the starts on
///   [batch, keys]          those that are not 0
///   [batch, queries, keys] the same by query
static LogicalResult readMask(Node &node, unsigned operand, Heads &heads) {
  if (!node.has(operand) || !heads)
    return success();
  GraphWriter &ops = node.ops;
  Value mask = node.get(operand);
  if (!mask)
    return failure();
  Dims dims = graph::getDims(mask);
  Dim batch = heads.getBatch(), keys = heads.getKeys();
  if (dims.size() == 1) {
    Value j = count(ops, keys, 3), ends = mask;
    if (SymInt(dims[0]) == *SymInt::mul(SymInt(batch), SymInt(2))) {
      Value starts = ops.part(mask, 0, SymInt(batch), batch);
      heads.kept.push_back(
          ops.compare(ComparePredicate::Ge, j, alongBatch(ops, starts, batch)));
      ends = ops.part(mask, 0, SymInt(0), batch);
    } else if (!ops.unify(dims[0], batch)) {
      return failure();
    }
    heads.kept.push_back(
        ops.compare(ComparePredicate::Lt, j, alongBatch(ops, ends, batch)));
    return success(heads.kept.back());
  }
  if (dims.size() != 2 && dims.size() != 3)
    return node.unsupported("a mask of rank " + Twine(dims.size()));
  Value kept = ops.compare(ComparePredicate::Ne, mask, 0);
  kept = ops.insertDim(kept, 1);
  if (dims.size() == 2)
    kept = ops.insertDim(kept, 1);
  heads.kept.push_back(kept);
  return success(kept);
}

/// What no implementation of the operator for a processor has, either.
static LogicalResult refuseShared(Node &node, unsigned operand) {
  if (node.getInt("past_present_share_buffer", 0) || node.has(operand))
    return node.unsupported("a cache that is written in place, with "
                            "past_sequence_length");
  return success();
}

static double getScale(Node &node) {
  node.ignore({"mask_filter_value"});
  return node.getFloat("scale", 0);
}

//===----------------------------------------------------------------------===//
// Attention and QAttention
//===----------------------------------------------------------------------===//

/// The cache [2, batch, heads, keys, features] in front of keys and values; how
/// many keys it holds, or null.
static FailureOr<Value> prependPast(Node &node, unsigned operand,
                                    Heads &heads) {
  GraphWriter &ops = node.ops;
  if (!node.has(operand))
    return Value();
  Value past = node.get(operand);
  if (!past || !heads)
    return failure();
  Dims dims = graph::getDims(past);
  if (dims.size() != 5 || dims[0] != Dim(2))
    return node.invalid("the past has rank " + Twine(dims.size()) +
                        "; expected [2, batch, heads, keys, features]");
  auto take = [&](int64_t which) {
    return ops.dropDim(ops.slice(past, 0, which, which + 1), 0);
  };
  heads.key = ops.concat({take(0), heads.key}, 2);
  heads.value = ops.concat({take(1), heads.value}, 2);
  if (!heads)
    return failure();
  return ops.integer(SymInt(dims[3]));
}

/// What is left once there is one tensor of all projections.
static LogicalResult attend(Node &node, Value projected, Heads heads,
                            unsigned mask, unsigned past, unsigned bias) {
  GraphWriter &ops = node.ops;
  int64_t number = node.getInt("num_heads", 0);
  heads.scale = getScale(node);
  bool isCausal = node.getInt("unidirectional", 0);
  if (node.getInt("do_rotary", 0))
    return node.unsupported("Attention with rotary embeddings");
  std::optional<SmallVector<int64_t>> sizes = node.getInts("qkv_hidden_sizes");
  if (!projected)
    return node.set(Value());
  Dims dims = graph::getDims(projected);
  if (dims.size() != 3 || !dims[2].isStatic())
    return node.invalid("takes an input of rank 3 and a static weight");
  int64_t all = dims[2].size;
  if (!sizes)
    sizes = SmallVector<int64_t>(3, all / 3);
  if (sizes->size() != 3 ||
      llvm::any_of(*sizes, [&](int64_t n) { return n < 1 || n > all; }) ||
      (*sizes)[0] + (*sizes)[1] + (*sizes)[2] != all)
    return node.invalid("the weight has " + Twine(all) +
                        " columns, which are not those of query, key and "
                        "value");
  int64_t begin = 0;
  Value *parts[] = {&heads.query, &heads.key, &heads.value};
  for (auto [part, size] : llvm::zip(parts, *sizes)) {
    *part =
        splitHeads(node, ops.slice(projected, 2, begin, begin + size), number);
    begin += size;
  }
  FailureOr<Value> before = prependPast(node, past, heads);
  if (failed(before) || !heads)
    return node.set(Value());
  if (node.wants(1)) {
    Value present = ops.concat(
        {ops.insertDim(heads.key, 0), ops.insertDim(heads.value, 0)}, 0);
    if (failed(node.set(1, present)))
      return failure();
  }
  if (isCausal)
    hideFuture(ops, heads, *before);
  if (failed(readMask(node, mask, heads)))
    return failure();
  if (bias && node.has(bias) && !(heads.bias = node.get(bias)))
    return failure();
  return node.set(mergeHeads(ops, writeAttention(node, heads)));
}

static LogicalResult importAttention(Node &node) {
  if (failed(refuseShared(node, 6)))
    return failure();
  Value projected = node.ops.matmul(node.get(0), node.get(1));
  if (node.has(2))
    projected = node.ops.add(projected, node.get(2));
  return attend(node, projected, {}, /*mask=*/3, /*past=*/4, /*bias=*/5);
}

static LogicalResult importQAttention(Node &node) {
  GraphWriter &ops = node.ops;
  if (failed(refuseShared(node, 9)))
    return failure();
  auto read = [&](unsigned operand, unsigned scale, unsigned zero) {
    Value x = ops.cast(node.get(operand), ops.f32());
    if (node.has(zero))
      x = ops.sub(x, ops.cast(alongAxis(ops, node.get(zero), 1, 2), ops.f32()));
    return ops.mul(x, alongAxis(ops, node.get(scale), 1, 2));
  };
  Value projected = ops.matmul(read(0, 3, 6), read(1, 4, 7));
  projected = ops.add(projected, node.get(2));
  return attend(node, projected, {}, /*mask=*/5, /*past=*/8, /*bias=*/0);
}

//===----------------------------------------------------------------------===//
// MultiHeadAttention
//===----------------------------------------------------------------------===//

/// One of the tensors that [batch, sequence, heads, number, features] holds.
static Value unpack(GraphWriter &ops, Value packed, int64_t which) {
  Value part = ops.dropDim(ops.slice(packed, 3, which, which + 1), 3);
  return ops.transpose(part, {0, 2, 1, 3});
}

/// Queries, keys and values in all forms that they may have.
static LogicalResult readHeads(Node &node, int64_t number, Heads &heads) {
  GraphWriter &ops = node.ops;
  Value q = node.get(0), k = node.has(1) ? node.get(1) : Value(),
        v = node.has(2) ? node.get(2) : Value();
  if (!q || (node.has(1) && !k) || (node.has(2) && !v))
    return failure();
  auto rank = [](Value x) { return x ? graph::getDims(x).size() : 0; };
  auto isPacked = [&](Value x, int64_t parts) {
    return rank(x) == 5 && graph::getDims(x)[3] == Dim(parts);
  };
  // The bias is for what heads are made of.
  if (node.has(3)) {
    Value bias = node.get(3);
    if (!bias || rank(q) != 3 || rank(bias) != 1)
      return bias ? node.unsupported("a bias of packed queries") : failure();
    int64_t begin = 0;
    for (Value *x : {&q, &k, &v}) {
      if (rank(*x) != 3)
        continue;
      Dim size = graph::getDims(*x)[2];
      if (!size.isStatic())
        return node.invalid("has a dynamic number of features");
      *x = ops.add(*x, ops.slice(bias, 0, begin, begin + size.size));
      begin += size.size;
    }
  }
  auto split = [&](Value x) {
    return rank(x) == 3 ? splitHeads(node, x, number) : x;
  };
  if (!k && isPacked(q, 3)) {
    heads.query = unpack(ops, q, 0);
    heads.key = unpack(ops, q, 1);
    heads.value = unpack(ops, q, 2);
  } else if (!v && isPacked(k, 2)) {
    heads.query = split(q);
    heads.key = unpack(ops, k, 0);
    heads.value = unpack(ops, k, 1);
  } else if (k && v) {
    heads.query = split(q);
    heads.key = split(k);
    heads.value = split(v);
  } else {
    return node.invalid("has neither keys and values nor packed ones");
  }
  if (!heads)
    return failure();
  for (Value x : {heads.query, heads.key, heads.value})
    if (rank(x) != 4)
      return node.invalid("has queries, keys or values of rank " +
                          Twine(rank(x)));
  return success();
}

/// Takes [batch, heads, keys, features] in front of keys and values.
static LogicalResult prependPast(Node &node, unsigned operand, Heads &heads,
                                 Value *before) {
  if (!node.has(operand))
    return success();
  GraphWriter &ops = node.ops;
  Value pastKey = node.get(operand), pastValue = node.get(operand + 1);
  if (!pastKey || !pastValue)
    return failure();
  Dims dims = graph::getDims(pastKey);
  if (dims.size() != 4 || graph::getDims(pastValue).size() != 4)
    return node.invalid("the past must have rank 4");
  if (dims[2] == Dim(0))
    return success();
  heads.key = ops.concat({pastKey, heads.key}, 2);
  heads.value = ops.concat({pastValue, heads.value}, 2);
  *before = ops.integer(SymInt(dims[2]));
  return success(bool(heads));
}

static LogicalResult importMultiHead(Node &node) {
  GraphWriter &ops = node.ops;
  Heads heads;
  int64_t number = node.getInt("num_heads", 0);
  heads.scale = getScale(node);
  bool isCausal = node.getInt("unidirectional", 0);
  if (failed(refuseShared(node, 8)))
    return failure();
  if (node.has(9))
    return node.unsupported("a cache of several beams");
  if (node.wants(3))
    return node.unsupported("scores as results");
  Value before;
  if (failed(readHeads(node, number, heads)) ||
      failed(prependPast(node, 6, heads, &before)))
    return failure();
  if (node.wants(1) && failed(node.set(1, heads.key)))
    return failure();
  if (node.wants(2) && failed(node.set(2, heads.value)))
    return failure();
  if (isCausal)
    hideFuture(ops, heads, before);
  if (failed(readMask(node, 4, heads)))
    return failure();
  if (node.has(5) && !(heads.bias = node.get(5)))
    return failure();
  return node.set(mergeHeads(ops, writeAttention(node, heads)));
}

//===----------------------------------------------------------------------===//
// GroupQueryAttention
//===----------------------------------------------------------------------===//

/// [batch, heads, keys, features] with new keys in place of those from `start`
/// up to `end`, numbers for each row of the batch; zeros behind.
static Value writeIntoCache(GraphWriter &ops, Value past, Value fresh,
                            Value start, Value end, const Dim &keys) {
  if (!past || !fresh || !start)
    return {};
  Dims old = graph::getDims(past), added = graph::getDims(fresh);
  Value place = ops.iota({keys}, 0, ops.i64());
  Value last = ops.integer(*SymInt::sub(SymInt(old[2]), SymInt(1)));
  Value kept = ops.gather(past, ops.minimum(place, last), 2);
  // [batch, keys] places among the new keys.
  Value first = ops.reshape(start, {old[0], Dim(1)});
  last = ops.integer(*SymInt::sub(SymInt(added[2]), SymInt(1)));
  Value own = ops.minimum(
      ops.maximum(ops.sub(place, first), ops.scalar(0, ops.i64())), last);
  Value row = ops.iota({old[0], Dim(1)}, 0, ops.i64());
  Value taken = ops.gather(ops.transpose(fresh, {0, 2, 1, 3}), {row, own}, 0);
  taken = ops.transpose(taken, {0, 2, 1, 3});
  Value j = count(ops, keys, 2);
  taken = ops.select(ops.compare(ComparePredicate::Lt, j, end), taken,
                     ops.like(0, taken));
  return ops.select(ops.compare(ComparePredicate::Lt, j, start), kept, taken);
}

static LogicalResult refuseForGroups(Node &node) {
  for (StringRef name : {"smooth_softmax", "sliding_window_cache",
                         "kv_cache_bit_width", "qk_output"})
    if (node.getInt(name, 0))
      return node.unsupported("GroupQueryAttention with " + name);
  for (StringRef name : {"k_quant_type", "v_quant_type"})
    if (node.getString(name, "NONE") != "NONE")
      return node.unsupported("GroupQueryAttention with " + name);
  node.ignore({"qk_norm_epsilon", "q_norm_epsilon", "k_norm_epsilon"});
  if (node.has(11))
    return node.unsupported("GroupQueryAttention with a head_sink");
  for (unsigned i = 12; i != 17; ++i)
    if (node.has(i))
      return node.unsupported("GroupQueryAttention with operand " + Twine(i));
  return success();
}

static LogicalResult importGroupQuery(Node &node) {
  GraphWriter &ops = node.ops;
  int64_t queryHeads = node.getInt("num_heads", 0),
          keyHeads = node.getInt("kv_num_heads", 0);
  Heads heads;
  heads.scale = node.getFloat("scale", 0);
  heads.softcap = node.getFloat("softcap", 0);
  bool isCausal = node.getInt("causal", 1),
       rotates = node.getInt("do_rotary", 0);
  int64_t window = node.getInt("local_window_size", -1);
  Rotation rotation;
  rotation.interleaved = node.getInt("rotary_interleaved", 0);
  if (failed(refuseForGroups(node)))
    return failure();
  constexpr int64_t kMaxHeads = 1 << 20;
  if (queryHeads < 1 || keyHeads < 1 || queryHeads > kMaxHeads ||
      keyHeads > kMaxHeads)
    return node.invalid("has " + Twine(queryHeads) + " heads, and " +
                        Twine(keyHeads) + " of keys");
  Value q = node.get(0), k = node.has(1) ? node.get(1) : Value(),
        v = node.has(2) ? node.get(2) : Value(), lengths = node.get(5);
  if (!q || !lengths || (node.has(1) && !k) || (node.has(2) && !v))
    return node.set(Value());
  if (!k) {
    // All three in one tensor.
    Dims dims = graph::getDims(q);
    int64_t all = queryHeads + 2 * keyHeads;
    if (dims.size() != 3 || !dims[2].isStatic() || queryHeads < 1 ||
        keyHeads < 1 || dims[2].size % all)
      return node.invalid("has " + Twine(all) +
                          " heads, which the features do not fill");
    int64_t size = dims[2].size / all, behind = queryHeads * size;
    Value packed = q;
    q = ops.slice(packed, 2, 0, behind);
    k = ops.slice(packed, 2, behind, behind + keyHeads * size);
    v = ops.slice(packed, 2, behind + keyHeads * size, dims[2].size);
  }
  heads.query = splitHeads(node, q, queryHeads);
  heads.key = splitHeads(node, k, keyHeads);
  heads.value = splitHeads(node, v, keyHeads);
  if (!heads)
    return node.set(Value());
  Dim batch = heads.getBatch(), sequence = heads.getQueries();
  // How many keys of each row there are, and how many of them were before.
  Value total =
      ops.add(alongBatch(ops, lengths, batch), ops.scalar(1, ops.i64()));
  Value before;
  bool hasPast =
      node.has(3) && node.getRank(3) == 4 && node.getDims(3)[2] != Dim(0);
  if (hasPast)
    before = ops.sub(total, ops.integer(SymInt(sequence)));
  if (rotates) {
    rotation.cosine = node.get(7);
    rotation.sine = node.get(8);
    Value positions;
    if (node.has(9) && hasPast) {
      positions = node.get(9);
    } else {
      positions = ops.iota({Dim(1), sequence}, 1, ops.i64());
      if (before)
        positions = ops.add(positions, ops.reshape(before, {batch, Dim(1)}));
    }
    Dims table = rotation.cosine ? graph::getDims(rotation.cosine) : Dims();
    if (table.size() == 2 && table[1].isStatic() &&
        graph::getDims(heads.query)[3] != Dim(2 * table[1].size))
      rotation.features = 2 * table[1].size;
    heads.query = rotate(node, heads.query, rotation, positions);
    heads.key = rotate(node, heads.key, rotation, positions);
  }
  if (hasPast && heads) {
    Value pastKey = node.get(3), pastValue = node.get(4);
    if (!pastKey || !pastValue || graph::getDims(pastValue).size() != 4)
      return node.set(Value());
    std::optional<SymInt> sum =
        SymInt::add(SymInt(graph::getDims(pastKey)[2]), SymInt(sequence));
    std::optional<Dim> keys =
        sum ? sum->toDim(node.getContext()) : std::nullopt;
    if (!keys)
      return node.unsupported("a cache of that length");
    heads.key = writeIntoCache(ops, pastKey, heads.key, before, total, *keys);
    heads.value =
        writeIntoCache(ops, pastValue, heads.value, before, total, *keys);
  }
  if (!heads)
    return node.set(Value());
  if (node.wants(1) && failed(node.set(1, heads.key)))
    return failure();
  if (node.wants(2) && failed(node.set(2, heads.value)))
    return failure();
  Value j = count(ops, heads.getKeys(), 3);
  heads.kept.push_back(ops.compare(ComparePredicate::Lt, j, total));
  if (isCausal)
    hideFuture(ops, heads, before);
  if (window > 0) {
    Value i = count(ops, sequence, 2);
    if (before)
      i = ops.add(i, before);
    heads.kept.push_back(
        ops.compare(ComparePredicate::Gt, j,
                    ops.sub(i, ops.scalar(double(window), ops.i64()))));
  }
  if (node.has(10) && !(heads.bias = node.get(10)))
    return failure();
  return node.set(mergeHeads(ops, writeAttention(node, heads)));
}

void sylvite::addRuntimeAttention(Operators &operators) {
  operators.add("Attention", importAttention, kDomain);
  operators.add("QAttention", importQAttention, kDomain);
  operators.add("MultiHeadAttention", importMultiHead, kDomain);
  operators.add("GroupQueryAttention", importGroupQuery, kDomain);
}
