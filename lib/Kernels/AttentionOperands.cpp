//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What the products of attention read: queries, and keys and values as their
/// register tiles want them.
///
//===----------------------------------------------------------------------===//

#include "AttentionKernel.h"
#include "Bf16Words.h"
#include "sylvite/Kernels/Lowering.h"

using namespace mlir;
using namespace sylvite;

Expr AttentionKernel::at(const Operand &operand, Expr batch, Expr head,
                         Expr position, Expr feature) {
  SmallVector<Expr> coordinates(4);
  coordinates[axes.batch] = batch;
  coordinates[axes.heads] = head;
  coordinates[axes.sequence] = position;
  coordinates[axes.features] = feature;
  return cast(operand.at(coordinates), wide);
}

LogicalResult AttentionKernel::readOperands() {
  auto read = [&](Value from, std::optional<Operand> &to) {
    FailureOr<Operand> operand = kernel.read(from);
    if (failed(operand))
      return failure();
    to = *operand;
    return success();
  };
  if (failed(read(op.getQuery(), query)) || failed(read(op.getKey(), key)) ||
      failed(read(op.getValue(), value)))
    return failure();
  for (Value matrix : op.getSimilarityOperands()) {
    std::optional<Operand> operand;
    if (failed(read(matrix, operand)))
      return failure();
    similarity.push_back(*operand);
  }
  if (failed(mask.read()) || failed(formula.read()) ||
      (op.getBias() && failed(read(op.getBias(), bias))))
    return failure();
  return success();
}

//===----------------------------------------------------------------------===//
// Queries and keys
//===----------------------------------------------------------------------===//

/// query_part(n, qi, qo, h, b) or key_part(n, t, g, b): the vectors times a
/// matrix [features, n].
void AttentionKernel::writeProjection(StringRef name, bool isQuery,
                                      const Operand &matrix) {
  SmallVector<StringRef> vars = {"n", "t", "h", "b"};
  if (isQuery)
    vars = {"n", "qi", "qo", "h", "b"};
  const Operand &vectors = isQuery ? *query : *key;
  Func part = kernel.func(name, vars, wide,
                          [&](Vars) { return kernel.constant(wide, 0); });
  Expr features = kernel.extent(vectors.getExtents()[axes.features]);
  kernel.update(part, {{"f", kernel.index(0), features}}, [&](Vars v, Vars r) {
    Expr position = isQuery ? getQuery(v[1], v[2]) : v[1];
    Expr x = at(vectors, v.back(), v.end()[-2], position, r[0]);
    return part(v) + x * cast(matrix.at({r[0], v[0]}), wide);
  });
  (isQuery ? queryPart : keyPart) = part;
}

/// query_norm(qi, qo, h, b) or key_norm(t, g, b): 1 / |x|, and 0 for 0.
void AttentionKernel::writeNorm(StringRef name, bool isQuery) {
  SmallVector<StringRef> vars = {"t", "h", "b"};
  if (isQuery)
    vars = {"qi", "qo", "h", "b"};
  const Operand &vectors = isQuery ? *query : *key;
  Func squares = kernel.func(name, vars, wide,
                             [&](Vars) { return kernel.constant(wide, 0); });
  kernel.update(squares, {{"f", kernel.index(0), depth}}, [&](Vars v, Vars r) {
    Expr position = isQuery ? getQuery(v[0], v[1]) : v[0];
    Expr x = at(vectors, v.back(), v.end()[-2], position, r[0]);
    return squares(v) + x * x;
  });
  (isQuery ? queryNorm : keyNorm) = squares;
}

/// 1 / sqrt of a sum of squares, and 0 of 0.
static Expr invertNorm(Expr squares) {
  return select(squares > 0, 1.0 / sqrt(squares), squares.like(0));
}

Expr AttentionKernel::pairFeatures(Expr pair,
                                   function_ref<Expr(Expr feature)> read) {
  Expr low = pair * 2.0;
  return packBf16(read(low), read(low + 1.0));
}

Expr AttentionKernel::getProductDepth() {
  return form.isBf16 ? floorDiv(depth, 2) : depth;
}

void AttentionKernel::writeQuery() {
  bool isAdditive = op.getSimilarity() == graph::Similarity::Additive;
  if (isAdditive || op.getSimilarity() == graph::Similarity::General)
    writeProjection("query_part", /*isQuery=*/true, similarity[0]);
  if (op.getSimilarity() == graph::Similarity::Cosine)
    writeNorm("query_norm", /*isQuery=*/true);
  double scale = op.getScale().convertToDouble() * (scalesLate ? 1 : kLog2E);
  auto get = [&](Expr feature, Vars row) {
    if (queryPart.getOp()) {
      Expr x = queryPart({feature, row[0], row[1], row[2], row[3]});
      return isAdditive ? x : x * scale;
    }
    Expr x = at(*query, row[3], row[2], getQuery(row[0], row[1]), feature);
    x = x * scale;
    if (queryNorm.getOp())
      x = x * invertNorm(queryNorm(row));
    return x;
  };
  queries =
      kernel.func("query", {"f", "qi", "qo", "h", "b"}, factor, [&](Vars v) {
        Vars row = v.drop_front();
        if (!form.isBf16)
          return get(v[0], row);
        return pairFeatures(v[0], [&](Expr f) { return get(f, row); });
      });
}

Expr AttentionKernel::readKey(Expr feature, Expr place, Expr keyHead,
                              Expr batch) {
  Expr position = getKey(place);
  if (keyPart.getOp())
    return keyPart({feature, position, keyHead, batch});
  Expr x = at(*key, batch, keyHead, position, feature);
  if (keyNorm.getOp())
    x = x * invertNorm(keyNorm({position, keyHead, batch}));
  return x;
}

Expr AttentionKernel::readKeyFactor(Expr f, Expr place, Expr keyHead,
                                    Expr batch) {
  auto read = [&](Expr feature) {
    return readKey(feature, place, keyHead, batch);
  };
  return form.isBf16 ? pairFeatures(f, read) : read(f);
}

void AttentionKernel::writeKey() {
  if (op.getSimilarity() == graph::Similarity::Additive)
    writeProjection("key_part", /*isQuery=*/false, similarity[1]);
  if (op.getSimilarity() == graph::Similarity::Cosine)
    writeNorm("key_norm", /*isQuery=*/false);
  if (!form.hasPanels)
    return;
  int64_t lanes = form.lanes;
  std::optional<int64_t> features = getProductDepth().getConstantInt();
  // A device reads keys where they are: a shuffle would be one of memory there.
  bool onDevice = context.getTarget().device;
  if (!onDevice && features && *features % lanes == 0)
    return transposeKey();
  keys = kernel.func("key", {"ki", "f", "ko", "h", "b"}, factor, [&](Vars v) {
    return readKeyFactor(v[1], getPlace(v[0], v[2]), v[3], v[4]);
  });
}

/// Squares of lanes by lanes, as one sequence, whose halves are shuffled into
/// each other as often as it takes to transpose it.
void AttentionKernel::transposeKey() {
  int64_t lanes = form.lanes;
  SmallVector<StringRef> vars = {"i", "fo", "ko", "h", "b"};
  Func last = kernel.func("key_row0", vars, factor, [&](Vars v) {
    Expr feature = v[1] * double(lanes) + mod(v[0], lanes);
    Expr place = getPlace(floorDiv(v[0], lanes), v[2]);
    return readKeyFactor(feature, place, v[3], v[4]);
  });
  for (int64_t i = 1; int64_t(1) << i <= lanes; ++i) {
    std::string name = "key_row" + std::to_string(i);
    last = kernel.func(name, vars, factor, [&](Vars v) {
      SmallVector<Expr> first(v), second(v);
      first[0] = floorDiv(v[0], 2);
      second[0] = first[0] + lanes * lanes / 2;
      return select(mod(v[0], 2) == 0, last(first), last(second));
    });
  }
  keys = kernel.func("key", {"ki", "f", "ko", "h", "b"}, factor, [&](Vars v) {
    return last({mod(v[1], lanes) * double(lanes) + v[0], floorDiv(v[1], lanes),
                 v[2], v[3], v[4]});
  });
}

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

Expr AttentionKernel::readSeenValue(Expr feature, Expr ki, Expr ko,
                                    Expr keyHead, Expr batch) {
  Expr place = getPlace(ki, ko);
  Expr x = at(*value, batch, keyHead, getKey(place), feature);
  if (mask.hasKeyTable())
    return blend(mask.isKeySeen(ki, ko, place, batch), x, x.like(0));
  Expr seen = mask.isLess(place, numKeys);
  if (mask.hasKeyPart())
    seen = seen && mask.isKeySeen(ki, ko, place, batch);
  return select(likely(seen), x, x.like(0));
}

/// The bits of an infinity, as an integer; those of finite numbers are less
/// and those of NaNs greater, all without their signs.
static double getInfinity(Type wide) {
  bool isDouble = wide.isF64();
  return double(int64_t(isDouble ? 0x7ff : 0xff) << (isDouble ? 52 : 23));
}

/// The bits without their sign.
static Expr getMagnitude(Expr x) {
  unsigned width = x.getType().getIntOrFloatBitWidth();
  return reinterpret(abs(x), IntegerType::get(x.getType().getContext(), width));
}

Expr AttentionKernel::readFiniteValue(Expr feature, Expr ki, Expr ko,
                                      Expr keyHead, Expr batch) {
  Expr x = readSeenValue(feature, ki, ko, keyHead, batch);
  if (!mask.hasPairPart())
    return x;
  return blend(getMagnitude(x) < getInfinity(wide), x, x.like(0));
}

/// value(d, ki, ko, h, b), and for a mask that depends on the pair the greatest
/// bits of a panel's values without signs, value_bits(ko, h, b); then those
/// that are not finite are zero in `value`.
void AttentionKernel::writeValue() {
  SmallVector<StringRef> vars = {"d", "ki", "ko", "h", "b"};
  values = kernel.func("value", vars, factor, [&](Vars v) {
    if (!form.isBf16)
      return readFiniteValue(v[0], v[1], v[2], v[3], v[4]);
    Expr first = v[2] * 2.0;
    return packBf16(readFiniteValue(v[0], v[1], first, v[3], v[4]),
                    readFiniteValue(v[0], v[1], first + 1.0, v[3], v[4]));
  });
  if (!mask.hasPairPart())
    return;
  int64_t features = value->getExtents()[axes.features].getNumber();
  int64_t lanes = form.lanes;
  while (features % lanes)
    lanes /= 2;
  Type bits = kernel.getBuilder().getIntegerType(wide.getIntOrFloatBitWidth());
  Func lane = kernel.func("lane_bits", {"di", "ko", "h", "b"}, bits,
                          [&](Vars) { return kernel.constant(bits, 0); });
  SmallVector<sylvite::Range, 2> all = {
      {"do", kernel.index(0), kernel.index(features / lanes)},
      {"ki", kernel.index(0), kernel.index(form.lanes)}};
  kernel.update(lane, all, [&](Vars v, Vars r) {
    Expr feature = r[0] * double(lanes) + v[0];
    Expr x = readSeenValue(feature, r[1], v[1], v[2], v[3]);
    return max(lane(v), getMagnitude(x));
  });
  kernel.setNumber("value_lanes", lanes);
  valueBits = kernel.func("value_bits", {"ko", "h", "b"}, bits,
                          [&](Vars) { return kernel.constant(bits, 0); });
  kernel.update(valueBits, {{"di", kernel.index(0), kernel.index(lanes)}},
                [&](Vars v, Vars r) {
                  return max(valueBits(v), lane({r[0], v[0], v[1], v[2]}));
                });
}

Expr AttentionKernel::readValue(Expr feature, Expr ki, Expr ko, Expr keyHead,
                                Expr batch) {
  if (values.getOp())
    return values({feature, ki, ko, keyHead, batch});
  return at(*value, batch, keyHead, getKey(getPlace(ki, ko)), feature);
}

Expr AttentionKernel::hasOthers(Expr ko, Expr keyHead, Expr batch) {
  return valueBits({ko, keyHead, batch}) >= getInfinity(wide);
}

Expr AttentionKernel::readOther(Expr weight, Expr feature, Expr ki, Expr ko,
                                Expr keyHead, Expr batch) {
  Expr x = readSeenValue(feature, ki, ko, keyHead, batch);
  Expr counts = weight != 0 && getMagnitude(x) >= getInfinity(wide);
  return blend(counts, x, x.like(0));
}
