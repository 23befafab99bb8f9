//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Looks for calls that no function of the runtime answers: a linker would find
/// out, or worse, a program that is loaded late.
///
//===----------------------------------------------------------------------===//

#include "CheckDots.h"

using namespace mlir;
using namespace sylvite;
using namespace Halide::Internal;

LogicalResult emit::checkDotTarget(halide::PipelineOp pipeline,
                                   const Target &target) {
  // They are written out there.
  if (target.device)
    return success();
  WalkResult result = pipeline.walk([&](halide::DotOp op) {
    bool isBytes = op.getKind() == halide::DotKind::U8S8;
    // PMADDWD is part of all.
    if (op.getKind() == halide::DotKind::S16S8 ||
        target.has(isBytes ? "avx512vnni" : "avx512bf16"))
      return WalkResult::advance();
    op.emitError(isBytes ? "VPDPBUSD" : "VDPBF16PS")
        << " is not an instruction of " << target.name
        << ": compile for zen4, or write the product out";
    return WalkResult::interrupt();
  });
  return failure(result.wasInterrupted());
}

namespace {
class FindScalarDots : public IRVisitor {
public:
  bool found = false;

private:
  using IRVisitor::visit;
  void visit(const Call *call) override {
    bool isDot = call->name == "dpbusd" || call->name == "dpbf16ps";
    int lanes = call->type.lanes();
    found |= isDot && lanes % 16 != 0 && lanes != 8 && lanes != 4;
    IRVisitor::visit(call);
  }
};
} // namespace

LogicalResult emit::checkDotVectors(Location loc,
                                    const Halide::Module &lowered) {
  FindScalarDots finder;
  for (const LoweredFunc &function : lowered.functions())
    function.body.accept(&finder);
  if (!finder.found)
    return success();
  return emitError(loc, "a halide.dot is not in vectors of 4, 8 or 16: "
                        "vectorize a loop around it by one of these");
}
