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

LogicalResult Node::checkArity() {
  const Arity *arity = lookUpArity(getType(), version);
  if (!arity || !(proto.domain().empty() || proto.domain() == "ai.onnx"))
    return success();
  for (unsigned i = 0; arity->required >> i; ++i)
    if ((arity->required >> i & 1) && !has(i))
      return invalid("operand " + Twine(i) + " is missing");
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
