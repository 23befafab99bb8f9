//===- InitAll.h - What the tools register ----------------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The dialects and passes that every tool knows, in the order of the flow.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_INITALL_H
#define SYLVITE_INITALL_H

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Func/Extensions/InlinerExtension.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Transforms/Passes.h"
#include "sylvite/Dialect/Graph/GraphDialect.h"
#include "sylvite/Dialect/Halide/HalideDialect.h"
#include "sylvite/Emit/Host/Passes.h"
#include "sylvite/Fusion/Passes.h"
#include "sylvite/Fusion/Pipeline.h"
#include "sylvite/Kernels/Passes.h"
#include "sylvite/Pipelines/Passes.h"
#include "sylvite/Pipelines/Pipelines.h"
#include "sylvite/Precision/Passes.h"
#include "sylvite/Reference/Passes.h"
#include "sylvite/Schedule/Passes.h"

namespace sylvite {

inline void registerAllDialects(mlir::DialectRegistry &registry) {
  registry.insert<
      graph::GraphDialect, halide::HalideDialect, mlir::arith::ArithDialect,
      mlir::bufferization::BufferizationDialect, mlir::func::FuncDialect,
      mlir::LLVM::LLVMDialect, mlir::math::MathDialect,
      mlir::memref::MemRefDialect, mlir::scf::SCFDialect,
      mlir::tensor::TensorDialect>();
  mlir::func::registerInlinerExtension(registry);
}

inline void registerAllPasses() {
  mlir::registerCanonicalizerPass();
  mlir::registerCSEPass();
  mlir::registerInlinerPass();
  mlir::PassPipelineRegistration<>("sylvite-fusion",
                                   "all fusion passes, in their order",
                                   populateFusionPipeline);
  registerSylviteFusionPasses();
  registerSylviteReferencePasses();
  registerSylvitePrecisionPasses();
  registerSylviteKernelsPasses();
  registerSylviteSchedulePasses();
  registerSylviteEmitHostPasses();
  registerSylvitePipelinesPasses();
  registerPhasePipelines();
}

} // namespace sylvite

#endif // SYLVITE_INITALL_H
