//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Evaluates a function of a graph file.
///
//===----------------------------------------------------------------------===//

#include "Reference.h"
#include "sylvite/Dialect/Graph/GraphDialect.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Parser/Parser.h"
#include "sylvite/Import/SafeTensors/WeightPaths.h"
#include "sylvite/Support/Diagnostics/DiagnosticPrinter.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/SourceMgr.h"

using namespace mlir;

LogicalResult sylvite::runReferenceMode(llvm::StringRef graph,
                                        const ReferenceRun &run) {
  MLIRContext context(MLIRContext::Threading::DISABLED);
  context
      .loadDialect<graph::GraphDialect, arith::ArithDialect, func::FuncDialect,
                   math::MathDialect, tensor::TensorDialect>();
  context.printOpOnDiagnostic(false);
  llvm::SourceMgr sources;
  DiagnosticPrinter printer("sylvite-run", sources, &context);
  OwningOpRef<ModuleOp> module =
      parseSourceFile<ModuleOp>(graph, sources, &context);
  if (!module)
    return failure();
  resolveWeightFiles(*module, llvm::sys::path::parent_path(graph));
  return runReference(*module, run);
}
