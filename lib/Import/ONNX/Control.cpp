//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Control flow that is settled when a model is compiled.
///
//===----------------------------------------------------------------------===//

#include "Operators.h"

using namespace mlir;
using namespace sylvite;

/// The branch of a known condition is written in place of the node.
static LogicalResult importIf(Node &node) {
  const onnx::AttributeProto *thenBranch = node.getAttribute("then_branch"),
                             *elseBranch = node.getAttribute("else_branch");
  if (!thenBranch || !elseBranch)
    return node.invalid("needs two branches");
  FailureOr<SmallVector<int64_t>> condition =
      node.getIntegers(0, "a condition");
  if (failed(condition))
    return failure();
  if (condition->size() != 1)
    return node.invalid("takes one condition");
  const onnx::GraphProto &graph =
      condition->front() ? thenBranch->g() : elseBranch->g();
  OnnxScope scope;
  scope.parent = &node.getScope();
  if (failed(node.getImporter().importSubgraph(graph, node.getFrame(), scope)))
    return failure();
  if (graph.output_size() != int(node.getNumOutputs()))
    return node.invalid("the branch gives another number of results");
  for (int i = 0; i != graph.output_size(); ++i) {
    OnnxValue *value = scope.lookup(graph.output(i).name());
    if (!value)
      return node.invalid("the branch does not make its result");
    if (failed(node.setValue(i, *value)))
      return failure();
  }
  return success();
}

void sylvite::addControl(Operators &operators) {
  operators.add("If", importIf);
}
