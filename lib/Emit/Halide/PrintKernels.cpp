//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Kernels as text, one after the other in the order of the module.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Emit/Halide/PrintKernels.h"
#include "CompileKernel.h"

using namespace mlir;
using namespace sylvite;
using namespace sylvite::emit;

LogicalResult sylvite::printHalideStmts(ModuleOp module, raw_ostream &os,
                                        const EmitKernelsOptions &options) {
  FailureOr<std::vector<Kernel>> kernels = collectKernels(module, options);
  if (failed(kernels))
    return failure();
  for (const Kernel &kernel : *kernels) {
    FailureOr<std::string> text = compileToStmt(kernel, options);
    if (failed(text))
      return failure();
    os << *text;
  }
  return success();
}
