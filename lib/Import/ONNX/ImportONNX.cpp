//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// From a file to a module: reads it without its weights, and imports it as
/// often as names of dimensions turn out to be one.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Import/ONNX/ImportONNX.h"
#include "Importer.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "sylvite/Import/Common/FileDiagnostic.h"
#include "llvm/Support/Path.h"
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

using namespace mlir;
using namespace sylvite;

/// Graphs in graphs; more than that are no model that anybody wrote.
static constexpr int kMaxDepth = 100;

/// Parses the graph of a model; false where it is no such message.
static bool parseModel(const std::string &text, onnx::ModelProto &model) {
  // Messages of protobuf's own would go past the diagnostics.
  google::protobuf::SetLogHandler(nullptr);
  google::protobuf::io::ArrayInputStream array(text.data(), int(text.size()));
  google::protobuf::io::CodedInputStream stream(&array);
  stream.SetRecursionLimit(kMaxDepth);
  stream.SetTotalBytesLimit(std::numeric_limits<int>::max());
  return model.ParseFromCodedStream(&stream) && stream.ConsumedEntireMessage();
}

static OwningOpRef<ModuleOp>
importWeights(llvm::Expected<OnnxWeightFile> weights, StringRef path,
              const OnnxOptions &options, MLIRContext *context) {
  context->loadDialect<graph::GraphDialect, func::FuncDialect>();
  Location unknown = UnknownLoc::get(context);
  auto fail = [&](llvm::Error error) {
    (void)emitFileErrors(std::move(error), unknown);
    return nullptr;
  };
  if (!weights)
    return fail(weights.takeError());
  onnx::ModelProto model;
  {
    std::string text = weights->getGraph();
    if (text.size() > size_t(std::numeric_limits<int>::max()))
      return fail(fileError(path, "the graph without its weights has 2 GB or "
                                  "more: keep weights as initializers"));
    if (!parseModel(text, model))
      return fail(fileError(path, "is no ONNX model, or one that was cut "
                                  "short: fetch it again"));
  }
  DimNames names;
  while (true) {
    names.clearLimits();
    OwningOpRef<ModuleOp> module;
    // What is said of a model with names that are one is not worth repeating.
    std::vector<Diagnostic> messages;
    {
      ScopedDiagnosticHandler handler(context, [&](Diagnostic &diagnostic) {
        messages.push_back(std::move(diagnostic));
        return success();
      });
      Importer importer(*weights, model, llvm::sys::path::filename(path), names,
                        options, context);
      module = importer.run();
      if (!module && messages.empty() && !names.hasChanged())
        importer.emitFailure();
    }
    // Each round leaves fewer names, so this ends.
    if (names.takeChanged())
      continue;
    for (Diagnostic &message : messages)
      context->getDiagEngine().emit(std::move(message));
    if (module)
      (*module)->setAttr(
          graph::GraphDialect::kWeightFiles,
          ArrayAttr::get(context, StringAttr::get(context, path)));
    return module;
  }
}

OwningOpRef<ModuleOp> sylvite::importONNX(StringRef path,
                                          const OnnxOptions &options,
                                          MLIRContext *context) {
  return importWeights(OnnxWeightFile::open(path), path, options, context);
}

OwningOpRef<ModuleOp> sylvite::importONNXText(StringRef model, StringRef path,
                                              const OnnxOptions &options,
                                              MLIRContext *context) {
  return importWeights(OnnxWeightFile::read(path, path, model), path, options,
                       context);
}

void sylvite::registerOnnxDialects(DialectRegistry &registry) {
  registry.insert<graph::GraphDialect, func::FuncDialect>();
}
