//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What is bound outside of a kernel and used inside becomes its argument; so
/// bindings outside are changed, and those inside are left.
///
//===----------------------------------------------------------------------===//

#include "DeviceBools.h"

using namespace sylvite;
using namespace Halide::Internal;
using Halide::Expr;

namespace {
class WidenBools : public IRMutator {
  using IRMutator::visit;

  Stmt visit(const For *loop) override {
    return is_gpu(loop->for_type) ? Stmt(loop) : IRMutator::visit(loop);
  }

  Stmt visit(const LetStmt *let) override {
    Halide::Type type = let->value.type();
    if (!type.is_bool() || !type.is_scalar())
      return IRMutator::visit(let);
    Expr wide = Variable::make(Halide::Int(32), let->name);
    Stmt body = substitute(let->name, wide != 0, let->body);
    return LetStmt::make(let->name, Halide::select(let->value, 1, 0),
                         mutate(body));
  }
};
} // namespace

void emit::widenDeviceBools(Halide::Pipeline &pipeline) {
  pipeline.add_custom_lowering_pass(new WidenBools);
}
