//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// ONNX Runtime's products of integers. They are written with the floats that
/// the integers stand for: weights become those when the model is compiled, and
/// the products are layers as any other.
///
//===----------------------------------------------------------------------===//

#include "Operators.h"
#include "Parts.h"

using namespace mlir;
using namespace sylvite;
using graph::BitKind;
using graph::Dim;

static constexpr llvm::StringLiteral kDomain = "com.microsoft";

/// (x - zero) * scale of a matrix, where each column may have factors of its
/// own.
static Value readMatrix(Node &node, unsigned operand, unsigned scale,
                        unsigned zero) {
  GraphWriter &ops = node.ops;
  Value x = ops.cast(node.get(operand), ops.f32());
  if (!x)
    return {};
  int64_t rank = graph::getDims(x).size();
  if (rank < 1)
    return ops.error("takes a matrix");
  if (node.has(zero))
    x = ops.sub(
        x, ops.cast(alongAxis(ops, node.get(zero), rank - 1, rank), ops.f32()));
  return ops.mul(x, alongAxis(ops, node.get(scale), rank - 1, rank));
}

static LogicalResult setSum(Node &node, Value y, unsigned bias) {
  if (node.has(bias))
    y = node.ops.add(y, node.get(bias));
  return node.set(y);
}

static LogicalResult importDynamicMatmul(Node &node) {
  Value a = roundToBytes(node, node.get(0));
  return setSum(node, node.ops.matmul(a, readMatrix(node, 1, 2, 3)), 4);
}

static LogicalResult importMatmulToFloat(Node &node) {
  Value a = readMatrix(node, 0, 2, 4), b = readMatrix(node, 1, 3, 5);
  return setSum(node, node.ops.matmul(a, b), 6);
}

//===----------------------------------------------------------------------===//
// MatMulNBits
//===----------------------------------------------------------------------===//

/// Numbers of `bits` each, the lowest bits first, of bytes along the last
/// dimension, as f32.
static Value unpackBits(GraphWriter &ops, Value bytes, int64_t bits) {
  if (!bytes)
    return {};
  Dims dims = graph::getDims(bytes);
  Value words = ops.cast(bytes, IntegerType::get(ops.getContext(), 32));
  auto apply = [&](BitKind kind, Value x, int64_t number) {
    graph::BitwiseOp::Properties properties;
    properties.kind = graph::BitKindAttr::get(ops.getContext(), kind);
    return ops.infer<graph::BitwiseOp>({x, ops.like(double(number), x)},
                                       properties);
  };
  SmallVector<Value> parts;
  int64_t count = 8 / bits, rank = dims.size();
  for (int64_t i = 0; i != count; ++i) {
    Value part = i ? apply(BitKind::Shr, words, i * bits) : words;
    part = apply(BitKind::And, part, (1 << bits) - 1);
    parts.push_back(ops.insertDim(part, rank));
  }
  dims.back() = Dim(dims.back().size * count);
  return ops.cast(ops.reshape(ops.concat(parts, rank), dims), ops.f32());
}

static LogicalResult importMatmulBits(Node &node) {
  GraphWriter &ops = node.ops;
  int64_t rows = node.getInt("K", 0), columns = node.getInt("N", 0),
          bits = node.getInt("bits", 4), block = node.getInt("block_size", 0);
  node.ignore({"accuracy_level"});
  if (node.getInt("weight_prepacked", 0))
    return node.unsupported("MatMulNBits with weights of another layout");
  if (node.has(4))
    return node.unsupported("MatMulNBits with a g_idx");
  if (bits != 2 && bits != 4 && bits != 8)
    return node.unsupported("MatMulNBits of " + Twine(bits) + " bits");
  if (rows < 1 || columns < 1 || block < 16 || block > (1 << 20))
    return node.invalid("has no numbers K, N and block_size that go together");
  int64_t blocks = llvm::divideCeil(rows, block);
  Value bytes = node.get(1), scale = node.get(2), x = node.get(0);
  if (!bytes || !scale || !x)
    return node.set(Value());
  Type element = getElement(x);
  Dims packed = {Dim(columns), Dim(blocks), Dim(block * bits / 8)};
  if (!graph::haveSameElementCount(graph::getDims(bytes), packed) ||
      !graph::haveSameElementCount(graph::getDims(scale),
                                   {Dim(columns), Dim(blocks)}))
    return node.invalid("B and scales are not those of " + Twine(columns) +
                        " columns in " + Twine(blocks) + " blocks of " +
                        Twine(block));
  Value number = unpackBits(ops, ops.reshape(bytes, packed), bits);
  Value zero;
  if (!node.has(3)) {
    zero = ops.scalar(double(1 << (bits - 1)), ops.f32());
  } else {
    zero = node.get(3);
    if (!zero)
      return node.set(Value());
    if (getElement(zero).isInteger()) {
      Dims own = {Dim(columns), Dim(llvm::divideCeil(blocks * bits, 8))};
      if (!graph::haveSameElementCount(graph::getDims(zero), own))
        return node.invalid("zero_points are not one a block");
      zero = unpackBits(ops, ops.reshape(zero, own), bits);
      zero = ops.slice(zero, 1, 0, blocks);
    }
    zero = ops.reshape(ops.cast(zero, ops.f32()),
                       {Dim(columns), Dim(blocks), Dim(1)});
  }
  scale = ops.reshape(ops.cast(scale, ops.f32()),
                      {Dim(columns), Dim(blocks), Dim(1)});
  Value weight = ops.mul(ops.sub(number, zero), scale);
  weight = ops.reshape(weight, {Dim(columns), Dim(blocks * block)});
  weight = ops.cast(ops.slice(weight, 1, 0, rows), element);
  return setSum(node, ops.matmul(x, ops.transpose(weight, {1, 0})), 5);
}

void sylvite::addRuntimeQuantized(Operators &operators) {
  operators.add("DynamicQuantizeMatMul", importDynamicMatmul, kDomain);
  operators.add("MatMulIntegerToFloat", importMatmulToFloat, kDomain);
  operators.add("MatMulNBits", importMatmulBits, kDomain);
}
