//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A pass of ours runs after Halide's own, and before loops become
/// programs of a device.
///
//===----------------------------------------------------------------------===//

#include "LetNames.h"

#include <map>
#include <utility>

using namespace sylvite;
using namespace Halide::Internal;
using Halide::Expr;

/// Whether Halide has numbered the name through the process: a letter, or text
/// and a dollar, and a number; and what it appends to a value that it has
/// simplified.
static bool isNumbered(std::string name) {
  if (name.size() > 2 && name.compare(name.size() - 2, 2, ".s") == 0)
    name.resize(name.size() - 2);
  size_t end = name.find_last_not_of("0123456789");
  return end != std::string::npos && end + 1 < name.size() &&
         (end == 0 || name[end] == '$');
}

namespace {
class LetNumbering : public IRMutator {
  using IRMutator::visit;

  Expr visit(const Variable *variable) override {
    auto found = names.find(variable->name);
    if (found == names.end())
      return variable;
    return Variable::make(variable->type, found->second);
  }
  Expr visit(const Let *let) override { return rename<Let>(let); }
  Stmt visit(const LetStmt *let) override { return rename<LetStmt>(let); }

  /// The same with a number of ours, where Halide has given one. Names may be
  /// bound again inside.
  template <typename Binding>
  auto rename(const Binding *let) -> decltype(let->body) {
    Expr value = mutate(let->value);
    // No name that an algorithm can have, nor one that Halide makes later.
    std::string name =
        isNumbered(let->name) ? "t$" + std::to_string(count++) : let->name;
    std::string &now = names[let->name];
    std::string before = std::exchange(now, name);
    auto body = mutate(let->body);
    now = before.empty() ? let->name : before;
    return Binding::make(name, value, body);
  }

  /// By Halide's names.
  std::map<std::string, std::string> names;
  int count = 0;
};
} // namespace

void emit::numberLets(Halide::Pipeline &pipeline) {
  pipeline.add_custom_lowering_pass(new LetNumbering);
}

void emit::nameThreads() {
  gpu_thread_name(0);
  gpu_block_name(0);
}
