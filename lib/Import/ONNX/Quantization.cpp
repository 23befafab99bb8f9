//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Floats as integers and back: one factor for a tensor, one along an axis, or
/// one for each block of an axis.
///
//===----------------------------------------------------------------------===//

#include "Operators.h"
#include "Parts.h"

using namespace mlir;
using namespace sylvite;
using graph::Dim;

/// The numbers that an integer type holds; none for other types.
static std::optional<std::pair<double, double>> getRange(int64_t onnxType) {
  switch (onnxType) {
  case onnx::TensorProto::UINT8:
    return std::pair(0.0, 255.0);
  case onnx::TensorProto::INT8:
    return std::pair(-128.0, 127.0);
  case onnx::TensorProto::UINT16:
    return std::pair(0.0, 65535.0);
  case onnx::TensorProto::INT16:
    return std::pair(-32768.0, 32767.0);
  case onnx::TensorProto::UINT4:
    return std::pair(0.0, 15.0);
  case onnx::TensorProto::INT4:
    return std::pair(-8.0, 7.0);
  case onnx::TensorProto::UINT2:
    return std::pair(0.0, 3.0);
  case onnx::TensorProto::INT2:
    return std::pair(-2.0, 1.0);
  default:
    return std::nullopt;
  }
}

/// A scale or a zero point, so that it broadcasts to a tensor of these
/// dimensions.
static Value spread(Node &node, Value factor, ArrayRef<Dim> dims) {
  if (!factor)
    return {};
  GraphWriter &ops = node.ops;
  Dims own = graph::getDims(factor);
  int64_t rank = dims.size(), block = node.getInt("block_size", 0);
  int64_t axis = node.getInt("axis", 1);
  if (own.empty() || (own.size() == 1 && own[0].isOne()))
    return alongAxis(ops, factor, 0, rank);
  if (axis < -rank || axis >= rank) {
    (void)node.checkAxis(axis, rank);
    return {};
  }
  axis += axis < 0 ? rank : 0;
  if (own.size() == 1)
    return alongAxis(ops, factor, axis, rank);
  if (int64_t(own.size()) != rank || block < 1 || !own[axis].isStatic() ||
      !dims[axis].isStatic() || own[axis].size * block < dims[axis].size) {
    (void)node.invalid("has factors that do not fit its blocks");
    return {};
  }
  // Each as often as its block is long.
  Dims one(own), many, merged(own);
  one.insert(one.begin() + axis + 1, Dim(1));
  many = one;
  many[axis + 1] = Dim(block);
  merged[axis] = Dim(own[axis].size * block);
  Value all =
      ops.reshape(ops.broadcast(ops.reshape(factor, one), many), merged);
  return ops.slice(all, axis, 0, dims[axis].size);
}

Value sylvite::alongAxis(GraphWriter &ops, Value factor, int64_t axis,
                         int64_t rank) {
  if (!factor)
    return {};
  Dims own = graph::getDims(factor);
  if (own.empty() || (own.size() == 1 && own[0].isOne()))
    return ops.reshape(factor, {});
  if (own.size() != 1)
    return ops.error("has factors of rank " + Twine(own.size()) +
                     "; one for a tensor or a vector is known");
  Dims along(rank, Dim(1));
  along[axis] = own[0];
  return ops.reshape(factor, along);
}

/// saturate(round(x / scale) + zero), as that type.
static Value quantize(Node &node, Value x, Value scale, Value zero,
                      int64_t onnxType) {
  GraphWriter &ops = node.ops;
  auto range = getRange(onnxType);
  if (!x || !scale || !range)
    return {};
  Value y = ops.unary<graph::RoundOp>(ops.div(x, scale));
  if (zero)
    y = ops.add(y, ops.cast(zero, ops.f32()));
  y = ops.minimum(ops.maximum(y, range->first), range->second);
  return ops.cast(y, node.getImporter().convertType(onnxType));
}

static LogicalResult importQuantize(Node &node) {
  GraphWriter &ops = node.ops;
  Dims dims = node.getDims(0);
  node.ignore({"saturate", "precision"});
  int64_t type = node.getInt("output_dtype", 0);
  if (node.has(2))
    type = node.getOnnxType(2);
  if (!type)
    type = onnx::TensorProto::UINT8;
  if (node.isPoisoned())
    return failure();
  if (!getRange(type))
    return node.unsupported(
        "a quantisation to " +
        onnx::TensorProto_DataType_Name(onnx::TensorProto_DataType(type)));
  Value x = ops.cast(node.get(0), ops.f32());
  Value scale = ops.cast(spread(node, node.get(1), dims), ops.f32());
  Value zero = node.has(2) ? spread(node, node.get(2), dims) : Value();
  if (node.has(2) && !zero)
    return node.set(Value());
  return node.set(0, quantize(node, x, scale, zero, type), type);
}

static LogicalResult importDequantize(Node &node) {
  GraphWriter &ops = node.ops;
  Dims dims = node.getDims(0);
  Value x = node.get(0), scale = spread(node, node.get(1), dims);
  int64_t type = node.getInt("output_dtype", 0);
  if (!x || !scale)
    return node.set(Value());
  if (!isa<IntegerType>(getElement(x)))
    return node.unsupported("floats of 8 bits");
  Type i32 = IntegerType::get(node.getContext(), 32);
  Value number = ops.cast(x, i32);
  if (node.has(2)) {
    Value zero = spread(node, node.get(2), dims);
    number = ops.sub(number, ops.cast(zero, i32));
  }
  Value y = ops.mul(ops.cast(number, ops.f32()), ops.cast(scale, ops.f32()));
  int64_t result = type ? type : node.getOnnxType(1);
  Type element = node.getImporter().convertType(result);
  if (!element)
    return node.unsupported("a result of that type");
  return node.set(0, ops.cast(y, element), result);
}

namespace {
/// A tensor as bytes: (values - zero) * scale, the zero point as f32.
struct Bytes {
  Value values, scale, zero;
};
} // namespace

/// The range of a tensor, widened to hold 0, becomes 0 to 255.
static Bytes quantizeDynamically(Node &node, Value x) {
  GraphWriter &ops = node.ops;
  if (!x)
    return {};
  int64_t rank = graph::getDims(x).size();
  SmallVector<int64_t> axes;
  for (int64_t i = 0; i != rank; ++i)
    axes.push_back(i);
  Value high = x, low = x;
  if (rank) {
    high = ops.reduce(graph::ReduceKind::Max, x, axes, false);
    low = ops.reduce(graph::ReduceKind::Min, x, axes, false);
  }
  high = ops.maximum(high, 0);
  low = ops.minimum(low, 0);
  Value scale = ops.div(ops.sub(high, low), 255);
  Value place = ops.div(ops.unary<graph::NegOp>(low), scale);
  // Of zeros alone the scale is 0: any zero point will do.
  Value isZero = ops.compare(graph::ComparePredicate::Eq, scale, 0);
  place = ops.select(isZero, ops.like(0, place), place);
  Value zero =
      ops.unary<graph::RoundOp>(ops.minimum(ops.maximum(place, 0), 255));
  Value divisor = ops.select(isZero, ops.like(1, scale), scale);
  return {quantize(node, x, divisor, zero, onnx::TensorProto::UINT8), scale,
          zero};
}

Value sylvite::roundToBytes(Node &node, Value x) {
  GraphWriter &ops = node.ops;
  auto [values, scale, zero] = quantizeDynamically(node, x);
  return ops.mul(ops.sub(ops.cast(values, ops.f32()), zero), scale);
}

static LogicalResult importDynamicQuantize(Node &node) {
  int32_t type = onnx::TensorProto::UINT8;
  Type element = node.getImporter().convertType(type);
  auto [values, scale, zero] = quantizeDynamically(node, node.get(0));
  if (failed(node.set(0, values, type)) || failed(node.set(1, scale)))
    return failure();
  return node.set(2, node.ops.cast(zero, element), type);
}

/// Quantised operands and result, and floats in between.
static LogicalResult importQLinearMatmul(Node &node) {
  GraphWriter &ops = node.ops;
  auto read = [&](unsigned operand, bool isRows) -> Value {
    Value x = node.get(operand), scale = node.get(operand + 1),
          zero = node.get(operand + 2);
    if (!x || !scale || !zero)
      return {};
    // One factor a row of the left side is a column.
    for (Value *factor : {&scale, &zero})
      if (isRows && *factor && graph::getDims(*factor).size() == 1 &&
          !graph::getDims(*factor)[0].isOne())
        *factor = ops.insertDim(*factor, 1);
    Value number = ops.sub(ops.cast(x, ops.f32()), ops.cast(zero, ops.f32()));
    return ops.mul(number, ops.cast(scale, ops.f32()));
  };
  Value product = ops.matmul(read(0, true), read(3, false));
  Value scale = node.get(6), zero = node.get(7);
  if (!product || !scale || !zero)
    return node.set(Value());
  int32_t type = node.getOnnxType(7);
  return node.set(
      0, quantize(node, product, ops.cast(scale, ops.f32()), zero, type), type);
}

void sylvite::addQuantization(Operators &operators) {
  operators.add("QuantizeLinear", importQuantize);
  operators.add("DequantizeLinear", importDequantize);
  operators.add("QuantizeLinear", importQuantize, "com.microsoft");
  operators.add("DequantizeLinear", importDequantize, "com.microsoft");
  operators.add("QLinearMatMul", importQLinearMatmul);
  operators.add("DynamicQuantizeLinear", importDynamicQuantize);
}
