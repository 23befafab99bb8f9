//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// How many operands and results operators of the standard have, by version, as
/// the package `onnx` tells. So importers find what they must have.
///
//===----------------------------------------------------------------------===//

#include "Importer.h"

using namespace mlir;
using namespace sylvite;

namespace {
struct Arity {
  llvm::StringLiteral name;
  int64_t since;
  /// A bit for each operand that must be there.
  uint32_t required;
  int64_t operands, results;
};
} // namespace

/// By name and version; scripts/onnx-arity.py writes it.
static constexpr Arity kArities[] = {
#include "OnnxArity.inc"
};

/// Of ONNX Runtime's operators, the operands that must be there.
static constexpr std::pair<llvm::StringLiteral, uint32_t> kRuntime[] = {
    {"Attention", 0x3},
    {"BiasGelu", 0x3},
    {"BiasSoftmax", 0x3},
    {"DequantizeLinear", 0x3},
    {"DynamicQuantizeMatMul", 0x7},
    {"EmbedLayerNormalization", 0x6D},
    {"FastGelu", 0x1},
    {"FusedGemm", 0x3},
    {"FusedMatMul", 0x3},
    {"Gelu", 0x1},
    {"GroupQueryAttention", 0x61},
    {"MatMulIntegerToFloat", 0xF},
    {"MatMulNBits", 0x7},
    {"MultiHeadAttention", 0x1},
    {"QAttention", 0x1F},
    {"QuantizeLinear", 0x3},
    {"QuickGelu", 0x1},
    {"RotaryEmbedding", 0xF},
    {"SkipLayerNormalization", 0x7},
    {"SkipSimplifiedLayerNormalization", 0x7},
    {"TransposeMatMul", 0x3},
};

/// Of the newest version up to the given one; null for what is not known.
static const Arity *lookUpArity(StringRef name, int64_t version) {
  const Arity *behind = llvm::upper_bound(
      kArities, std::pair(name, version),
      [](const std::pair<StringRef, int64_t> &key, const Arity &arity) {
        return key < std::pair<StringRef, int64_t>(arity.name, arity.since);
      });
  if (behind == std::begin(kArities) || std::prev(behind)->name != name)
    return nullptr;
  return std::prev(behind);
}

/// Fails where an operand is missing.
static LogicalResult checkRequired(Node &node, uint32_t required) {
  for (unsigned i = 0; i < 32 && required >> i; ++i)
    if ((required >> i & 1) && !node.has(i))
      return node.invalid("operand " + Twine(i) + " is missing");
  return success();
}

LogicalResult Node::checkArity() {
  StringRef domain = proto.domain();
  if (domain == "com.microsoft") {
    for (auto [name, required] : kRuntime)
      if (name == getType())
        return checkRequired(*this, required);
    return success();
  }
  std::string key = domain.empty() || domain == "ai.onnx"
                        ? getType().str()
                        : (domain + ":" + getType()).str();
  const Arity *arity = lookUpArity(key, version);
  if (!arity)
    return success();
  if (failed(checkRequired(*this, arity->required)))
    return failure();
  if (getNumInputs() > arity->operands)
    return invalid("has " + Twine(getNumInputs()) + " operands; " + getType() +
                   " takes up to " + Twine(arity->operands));
  if (getNumOutputs() > arity->results)
    return invalid("has " + Twine(getNumOutputs()) + " results; " + getType() +
                   " gives up to " + Twine(arity->results));
  return success();
}

bool Node::hasPoisonedOperand() {
  return llvm::any_of(proto.input(), [&](const std::string &name) {
    OnnxValue *value = name.empty() ? nullptr : scope.lookup(name);
    return value && value->poisoned;
  });
}
