//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A name keeps what Halide says of its loop and loses the process' number,
/// "gemm_par_for_out_s0_n_no__7"; loops that are then called alike are numbered
/// in order. Bodies refer to a function by a variable "::NAME".
///
//===----------------------------------------------------------------------===//

#include "TaskNames.h"
#include "StableNames.h"

#include <map>

using namespace sylvite;
using Halide::Internal::LoweredFunc;
using Names = std::map<std::string, std::string>;

namespace {
class Renamer : public Halide::Internal::IRMutator {
public:
  Renamer(const Names &names) : names(names) {}

private:
  using IRMutator::visit;
  Halide::Expr visit(const Halide::Internal::Variable *variable) override {
    auto found = names.find(variable->name);
    if (found == names.end())
      return variable;
    return Halide::Internal::Variable::make(variable->type, found->second);
  }

  /// By the variables that refer to the functions.
  const Names &names;
};
} // namespace

void emit::renameTasks(Halide::Module &module) {
  Names names;
  StableNames taken;
  taken.add(module.name());
  for (LoweredFunc &function : module.functions()) {
    if (function.linkage != Halide::LinkageType::Internal)
      continue;
    std::string name = taken.add(function.name);
    names["::" + function.name] = "::" + name;
    function.name = name;
  }
  if (names.empty())
    return;
  Renamer renamer(names);
  for (LoweredFunc &function : module.functions())
    function.body = renamer.mutate(function.body);
}
