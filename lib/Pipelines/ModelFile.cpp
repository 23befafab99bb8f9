//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Models and dumped phases as files.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Pipelines/ModelFile.h"

#include "mlir/Parser/Parser.h"
#include "sylvite/Dialect/Graph/GraphDialect.h"
#include "sylvite/Dialect/Halide/HalideDialect.h"
#include "sylvite/Emit/Host/HostModule.h"
#include "sylvite/Import/HuggingFace/ImportHuggingFace.h"
#include "sylvite/Import/SafeTensors/WeightPaths.h"
#include "sylvite/Import/Transformer/ImportTransformer.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using namespace sylvite;
namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;

/// In front of the name of a model that is known by it.
static constexpr StringLiteral kTransformerPrefix = "transformer:";

/// Reads IR as text or bytecode.
static OwningOpRef<ModuleOp> readIR(StringRef file, MLIRContext *context) {
  OwningOpRef<ModuleOp> module =
      parseSourceFile<ModuleOp>(file, ParserConfig(context));
  if (module)
    resolveWeightFiles(*module, path::parent_path(file));
  return module;
}

StringRef sylvite::getModelName(StringRef path) {
  return path.consume_front(kTransformerPrefix) ? path : "";
}

OwningOpRef<ModuleOp> sylvite::readModel(StringRef model,
                                         MLIRContext *context,
                                         const OnnxOptions &onnx) {
  if (fs::is_directory(model))
    return importHuggingFace(model, {}, context);
  if (auto config = lookupTransformer(getModelName(model)))
    return makeTransformer(*config, /*file=*/"", context);
  StringRef extension = path::extension(model);
  bool isIR = model == "-" || extension == ".mlir" || extension == ".mlirbc";
  auto fail = [&](const Twine &message) {
    emitError(UnknownLoc::get(context), model) << ": " << message;
    return nullptr;
  };
  if (model != "-" && !fs::exists(model)) {
    if (!getModelName(model).empty())
      return fail("no such model; known are " + listTransformers());
    return fail("no such file or folder");
  }
  if (extension == ".onnx")
    return importONNX(model, onnx, context);
  if (extension == ".safetensors")
    return importTransformer(model, context);
  if (!isIR)
    return fail("is no model: expected a folder with config.json and "
                "model.safetensors, an .onnx model, a .mlir file, or a "
                ".safetensors file of a Transformer");
  return readIR(model, context);
}

void sylvite::printModel(ModuleOp module, StringRef folder,
                         llvm::raw_ostream &os) {
  auto files =
      module->getAttrOfType<ArrayAttr>(graph::GraphDialect::kWeightFiles);
  if (files)
    module->setAttr(graph::GraphDialect::kWeightFiles,
                    getWeightFilesFrom(module, folder));
  module->print(os);
  os << '\n';
  if (files)
    module->setAttr(graph::GraphDialect::kWeightFiles, files);
}

FailureOr<Phase> sylvite::findPhase(ModuleOp module) {
  if (module.lookupSymbol<ModuleOp>(kHostModule))
    return Phase::Host;
  auto functions = module.getOps<func::FuncOp>();
  if (llvm::none_of(functions,
                    [](func::FuncOp function) { return function.isPublic(); }))
    return module.emitError("there is no public function to compile");
  if (!module.getOps<halide::ScheduleOp>().empty())
    return Phase::Schedule;
  if (!module.getOps<halide::PipelineOp>().empty())
    return Phase::Kernels;
  return Phase::Import;
}
