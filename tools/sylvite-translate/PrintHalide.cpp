//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// --halide-to-stmt and --halide-to-cpp: kernels as text.
///
//===----------------------------------------------------------------------===//

#include "Translations.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Tools/mlir-translate/Translation.h"
#include "sylvite/Dialect/Graph/GraphDialect.h"
#include "sylvite/Dialect/Halide/HalideDialect.h"
#include "sylvite/Emit/Halide/PrintKernels.h"
#include "llvm/Support/CommandLine.h"

using namespace sylvite;
namespace cl = llvm::cl;

namespace {
struct KernelOptions {
  cl::OptionCategory category{"Options of the translations of kernels"};
  cl::opt<std::string> target{
      "target",
      cl::desc("target whose schedules are taken (default: the module's)"),
      cl::cat(category)};
  cl::opt<bool> asserts{"asserts",
                        cl::desc("keep Halide's checks of buffers and bounds"),
                        cl::cat(category)};
  cl::opt<bool> defaultSchedule{
      "default-schedule",
      cl::desc("leave kernels without a schedule to Halide's default"),
      cl::cat(category)};
  cl::opt<std::string> deviceFolder{
      "device-folder",
      cl::desc("write each program of --halide-to-device into a file of its "
               "own in this folder, SPIR-V as binary"),
      cl::value_desc("folder"), cl::cat(category)};

  EmitKernelsOptions get() const {
    EmitKernelsOptions options;
    options.target = target;
    options.asserts = asserts;
    options.allowUnscheduled = defaultSchedule;
    return options;
  }
};
} // namespace

void sylvite::registerPrintHalide() {
  static KernelOptions options;
  auto registerDialects = [](mlir::DialectRegistry &registry) {
    registry.insert<graph::GraphDialect, halide::HalideDialect,
                    mlir::arith::ArithDialect, mlir::func::FuncDialect,
                    mlir::math::MathDialect, mlir::scf::SCFDialect,
                    mlir::tensor::TensorDialect>();
  };
  mlir::TranslateFromMLIRRegistration stmt(
      "halide-to-stmt", "print the loops that Halide makes of kernels",
      [](mlir::ModuleOp module, llvm::raw_ostream &os) {
        return printHalideStmts(module, os, options.get());
      },
      registerDialects);
  mlir::TranslateFromMLIRRegistration cpp(
      "halide-to-cpp", "print kernels as a program of Halide in C++",
      [](mlir::ModuleOp module, llvm::raw_ostream &os) {
        return printHalideCpp(module, os, options.get());
      },
      registerDialects);
  mlir::TranslateFromMLIRRegistration device(
      "halide-to-device",
      "print what kernels are on a GPU: OpenCL C, SPIR-V or PTX",
      [](mlir::ModuleOp module, llvm::raw_ostream &os) {
        return printDevicePrograms(module, os, options.deviceFolder,
                                   options.get());
      },
      registerDialects);
}
