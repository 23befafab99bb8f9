//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A search in depth, without recursion: graphs are deep.
///
//===----------------------------------------------------------------------===//

#include "NodeOrder.h"

using namespace sylvite;

NodeOrder::NodeOrder(const OnnxNodes &nodes)
    : nodes(nodes), states(nodes.size()) {
  for (auto [i, node] : llvm::enumerate(nodes))
    for (const std::string &output : node.output())
      if (!output.empty())
        producers.try_emplace(output, i);
}

bool NodeOrder::sort() {
  for (int i = 0; i != nodes.size(); ++i)
    if (!visit(i))
      return false;
  return true;
}

bool NodeOrder::visit(int root) {
  std::vector<std::pair<int, std::vector<int>>> stack;
  auto open = [&](int i) {
    states[i] = Open;
    stack.push_back({i, {}});
    collect(nodes[i], stack.back().second);
  };
  if (states[root] == New)
    open(root);
  while (!stack.empty()) {
    auto &[node, behind] = stack.back();
    if (behind.empty()) {
      states[node] = Done;
      order.push_back(node);
      stack.pop_back();
      continue;
    }
    int next = behind.back();
    behind.pop_back();
    if (states[next] == Open) {
      cycle = next;
      return false;
    }
    if (states[next] == New)
      open(next);
  }
  return true;
}

void NodeOrder::collect(const onnx::NodeProto &node,
                        std::vector<int> &behind) const {
  for (const onnx::AttributeProto &attribute : node.attribute()) {
    if (!attribute.has_g())
      continue;
    for (const onnx::NodeProto &inner : attribute.g().node())
      collect(inner, behind);
    for (const onnx::ValueInfoProto &output : attribute.g().output())
      add(output.name(), behind);
  }
  for (int i = node.input_size(); i-- > 0;)
    add(node.input(i), behind);
}

void NodeOrder::add(const std::string &name, std::vector<int> &behind) const {
  auto found = producers.find(name);
  if (found != producers.end() && states[found->second] != Done)
    behind.push_back(found->second);
}
