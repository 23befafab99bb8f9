//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Casts, also of what is known when compiled, and what changes nothing.
///
//===----------------------------------------------------------------------===//

#include "Operators.h"
#include <cmath>

using namespace mlir;
using namespace sylvite;

/// How many bits of a byte a type has; 0 for those of whole bytes.
static unsigned getNarrowBits(int64_t onnxType) {
  switch (onnxType) {
  case onnx::TensorProto::INT4:
  case onnx::TensorProto::UINT4:
    return 4;
  case onnx::TensorProto::INT2:
  case onnx::TensorProto::UINT2:
    return 2;
  default:
    return 0;
  }
}

/// The low bits of a number as a number of a narrow type.
static Value wrapNarrow(GraphWriter &ops, Value x, unsigned bits,
                        bool isSigned) {
  if (!x)
    return {};
  x = ops.cast(x, IntegerType::get(ops.getContext(), 32));
  auto apply = [&](graph::BitKind kind, int64_t number) {
    graph::BitwiseOp::Properties properties;
    properties.kind = graph::BitKindAttr::get(ops.getContext(), kind);
    x = ops.infer<graph::BitwiseOp>({x, ops.like(number, x)}, properties);
  };
  apply(graph::BitKind::And, (1 << bits) - 1);
  if (!isSigned)
    return x;
  apply(graph::BitKind::Xor, 1 << (bits - 1));
  return ops.sub(x, 1 << (bits - 1));
}

static LogicalResult castTo(Node &node, int64_t onnxType) {
  Type element = node.getImporter().convertType(onnxType);
  if (!element)
    return node.unsupported(
        "a cast to an element type that is none here, " +
        onnx::TensorProto_DataType_Name(onnx::TensorProto_DataType(onnxType)));
  if (unsigned bits = getNarrowBits(onnxType)) {
    bool isSigned = onnxType == onnx::TensorProto::INT4 ||
                    onnxType == onnx::TensorProto::INT2;
    Value wrapped = wrapNarrow(node.ops, node.get(0), bits, isSigned);
    return node.set(0, node.ops.cast(wrapped, element), onnxType);
  }
  if (const KnownTensor *known = node.getKnown(0)) {
    KnownTensor result = *known;
    result.element = element;
    bool isKnown = true;
    for (KnownNumber &number : result.numbers) {
      std::optional<double> value = number.toDouble();
      if (isa<FloatType>(element)) {
        isKnown &= value.has_value();
        if (value)
          number = KnownNumber::ofFloat(*value);
      } else if (element.isInteger(1)) {
        std::optional<int> order;
        if (number.isFloat)
          order = number.number != 0;
        else
          order = SymInt::compare(number.integer, SymInt(0));
        isKnown &= order.has_value();
        number = SymInt(order.value_or(0) != 0);
      } else if (number.isFloat) {
        isKnown &= std::fabs(number.number) < 0x1p62;
        if (isKnown)
          number = SymInt(int64_t(std::trunc(number.number)));
      }
    }
    if (isKnown)
      return node.setKnown(0, std::move(result), onnxType);
  }
  return node.set(0, node.ops.cast(node.get(0), element), onnxType);
}

static LogicalResult importCast(Node &node) {
  node.ignore({"saturate", "round_mode"});
  return castTo(node, node.getInt("to", 0));
}

static LogicalResult importCastLike(Node &node) {
  node.ignore({"saturate", "round_mode"});
  int32_t type = node.getOnnxType(1);
  if (!type)
    return node.invalid("its second operand has no element type");
  return castTo(node, type);
}

static LogicalResult importIdentity(Node &node) {
  OnnxValue *value = node.getScope().lookup(node.getProto().input(0));
  (void)node.getDims(0);
  return node.setValue(0, *value);
}

void sylvite::addCasts(Operators &operators) {
  operators.add("Cast", importCast);
  operators.add("CastLike", importCastLike);
  operators.add("Identity", importIdentity);
}
