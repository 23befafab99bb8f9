//===- NodeOrder.h - Nodes behind what they need ----------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Puts nodes into an order in which each comes behind those that make its
/// operands; the model's own order where that is one.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_IMPORT_ONNX_NODEORDER_H
#define SYLVITE_LIB_IMPORT_ONNX_NODEORDER_H

#include "Importer.h"

namespace sylvite {

class NodeOrder {
public:
  explicit NodeOrder(const OnnxNodes &nodes);

  /// False where there is a cycle, of which `cycle` is a node.
  bool sort();

  std::vector<int> order;
  int cycle = -1;

private:
  enum State : char { New, Open, Done };

  bool visit(int root);
  /// The nodes that a node, or a graph in it, reads; the first one last.
  void collect(const onnx::NodeProto &node, std::vector<int> &behind) const;
  void add(const std::string &name, std::vector<int> &behind) const;

  const OnnxNodes &nodes;
  std::vector<State> states;
  llvm::StringMap<int> producers;
};

} // namespace sylvite

#endif // SYLVITE_LIB_IMPORT_ONNX_NODEORDER_H
