//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The flow of an import: modules, configuration, weights, graph.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Import/HuggingFace/ImportHuggingFace.h"
#include "Checkpoint.h"
#include "ConfigReader.h"
#include "EncoderBuilder.h"
#include "EncoderFamily.h"
#include "SentenceModules.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "sylvite/Import/Common/FileDiagnostic.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace sylvite;

/// Reads `config.json`: the family, and what it says about the model.
static mlir::FailureOr<std::pair<const EncoderFamily *, EncoderConfig>>
readConfig(const JsonObject &object, mlir::MLIRContext *context) {
  ConfigReader reader(object, context);
  std::string modelType = reader.readString("model_type");
  if (reader.failed())
    return mlir::failure();
  const EncoderFamily *family = lookupEncoderFamily(modelType);
  if (!family) {
    reader.error("model_type", "unknown model_type " + quoted(modelType) +
                                   "; known are " + listModelTypes());
    return mlir::failure();
  }
  refuseUnsupported(reader);
  EncoderConfig config;
  family->readConfig(reader, config);
  if (reader.failed())
    return mlir::failure();
  return std::make_pair(family, config);
}

/// The pooling's configuration states the width as well; it must be the same.
static llvm::Error checkPoolingWidth(const SentenceModules &modules,
                                     const EncoderConfig &config) {
  static constexpr llvm::StringLiteral key = "word_embedding_dimension";
  if (!modules.poolingConfig || !modules.poolingConfig->isSet(key))
    return llvm::Error::success();
  int64_t width;
  if (llvm::Error error = modules.poolingConfig->get(key, width))
    return error;
  if (width == config.get(Extent::Hidden))
    return llvm::Error::success();
  return modules.poolingConfig->error(
      key, key + " = " + llvm::Twine(width) + ", but the encoder's " +
               config.extents[unsigned(Extent::Hidden)].key + " is " +
               llvm::Twine(config.get(Extent::Hidden)));
}

/// The encoder, and what follows it, as one function.
static mlir::LogicalResult
buildEncode(mlir::ModuleOp module, const EncoderFamily &family,
            const EncoderConfig &config, const Checkpoint &checkpoint,
            const SentenceModules &modules, bool byLengths) {
  graph::GraphBuilder builder(module, "encode");
  EncoderBuilder encoder(builder, family, config, checkpoint);
  EncoderInputs inputs = encoder.inputs(byLengths);
  mlir::Value x = family.buildEmbeddings(encoder, inputs);
  mlir::Value bias = encoder.attentionBias(inputs);
  for (int64_t layer = 0; layer < config.numLayers; ++layer)
    x = encoder.layer(layer, x, bias);
  // Nobody sees what is computed for padding then.
  if (byLengths)
    x = encoder.zeroPadding(x, inputs);
  builder.output("last_hidden_state", x);
  if (modules.pooling != Pooling::None) {
    mlir::Value sentence = encoder.pool(modules.pooling, x, inputs);
    if (modules.normalize)
      sentence = encoder.normalize(sentence);
    builder.output("sentence_embedding", sentence);
  }
  return builder.finish();
}

mlir::OwningOpRef<mlir::ModuleOp>
sylvite::importHuggingFace(llvm::StringRef folder,
                           const HuggingFaceOptions &options,
                           mlir::MLIRContext *context) {
  context->loadDialect<graph::GraphDialect, mlir::func::FuncDialect>();
  mlir::Location unknown = mlir::UnknownLoc::get(context);
  auto fail = [&](llvm::Error error) {
    (void)emitFileErrors(std::move(error), unknown);
    return nullptr;
  };
  if (!llvm::sys::fs::is_directory(folder))
    return fail(fileError(folder, "expected a model folder, with config.json "
                                  "and model.safetensors"));
  llvm::Expected<SentenceModules> modules =
      readSentenceModules(folder, options);
  if (!modules)
    return fail(modules.takeError());

  llvm::SmallString<256> configPath(modules->encoderFolder);
  llvm::sys::path::append(configPath, "config.json");
  llvm::Expected<JsonObject> object = JsonObject::load(configPath);
  if (!object)
    return fail(object.takeError());
  auto familyAndConfig = readConfig(*object, context);
  if (mlir::failed(familyAndConfig))
    return nullptr;
  const auto &[family, config] = *familyAndConfig;
  if (llvm::Error error = checkPoolingWidth(*modules, config))
    return fail(std::move(error));

  mlir::FailureOr<Checkpoint> checkpoint =
      Checkpoint::open(modules->encoderFolder, *family, config, context);
  if (mlir::failed(checkpoint))
    return nullptr;

  mlir::OwningOpRef<mlir::ModuleOp> module = mlir::ModuleOp::create(unknown);
  mlir::SmallVector<mlir::Attribute> files;
  for (const std::string &path : checkpoint->getPaths())
    files.push_back(mlir::StringAttr::get(context, path));
  (*module)->setAttr(graph::GraphDialect::kWeightFiles,
                     mlir::ArrayAttr::get(context, files));
  if (mlir::failed(buildEncode(*module, *family, config, *checkpoint, *modules,
                               options.lengths)))
    return nullptr;
  return module;
}

void sylvite::registerHuggingFaceDialects(mlir::DialectRegistry &registry) {
  registry.insert<graph::GraphDialect, mlir::func::FuncDialect>();
}
