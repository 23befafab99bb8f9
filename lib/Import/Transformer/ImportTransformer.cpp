//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The paper's Transformer from a file: metadata, tensors, graph.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Import/Transformer/ImportTransformer.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "sylvite/Dialect/Graph/GraphDialect.h"
#include "sylvite/Import/Common/FileDiagnostic.h"
#include "sylvite/Import/SafeTensors/SafeTensorsFile.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"

using namespace sylvite;
using llvm::Error;
using llvm::StringRef;
using llvm::Twine;

//===----------------------------------------------------------------------===//
// Metadata
//===----------------------------------------------------------------------===//

namespace {
/// The pairs of a file, each checked as it is read. The first error is kept.
class Metadata {
public:
  explicit Metadata(const SafeTensorsFile &file) : file(file) {}

  /// A number from 1 to 2^31 - 1.
  int64_t readPositive(StringRef key, std::optional<int64_t> missing = {}) {
    std::optional<StringRef> text = find(key);
    if (!text && missing)
      return *missing;
    int64_t number = 1;
    if (!text)
      fail("its metadata has no '" + key +
           "', of the keys that tell what "
           "Transformer it is: vocab, d_model, heads, layers, feed_forward, "
           "norm_first");
    else if (text->getAsInteger(10, number) || number < 1 ||
             number > std::numeric_limits<int32_t>::max())
      fail("its metadata has " + key + " = " + quoted(*text) +
           ", but it must be a number from 1 to 2^31 - 1");
    else
      return number;
    return 1;
  }

  bool readBool(StringRef key) {
    StringRef text = find(key).value_or("");
    if (text != "true" && text != "false")
      fail("its metadata has " + key + " = " + quoted(text) +
           ", but it must be true or false");
    return text == "true";
  }

  double readNumber(StringRef key, double missing) {
    std::optional<StringRef> text = find(key);
    double number = missing;
    if (text && (text->getAsDouble(number) || !std::isfinite(number)))
      fail("its metadata has " + key + " = " + quoted(*text) +
           ", but it must be a number");
    return number;
  }

  void expect(StringRef key, StringRef value) {
    StringRef text = find(key).value_or(value);
    if (text != value)
      fail("its metadata has " + key + " = " + quoted(text) + ", but only " +
           value + " is supported");
  }

  Error takeError() {
    return error.empty() ? Error::success() : fileError(file.getPath(), error);
  }

private:
  std::optional<StringRef> find(StringRef key) const {
    for (const auto &[name, value] : file.getMetadata())
      if (name == key)
        return StringRef(value);
    return std::nullopt;
  }
  void fail(const Twine &message) {
    if (error.empty())
      error = message.str();
  }

  const SafeTensorsFile &file;
  std::string error;
};
} // namespace

static llvm::Expected<TransformerConfig>
readConfig(const SafeTensorsFile &file) {
  Metadata metadata(file);
  TransformerConfig config;
  config.vocabulary = metadata.readPositive("vocab");
  config.features = metadata.readPositive("d_model");
  config.heads = metadata.readPositive("heads");
  config.layers = metadata.readPositive("layers");
  config.hidden = metadata.readPositive("feed_forward");
  config.normFirst = metadata.readBool("norm_first");
  config.eps = metadata.readNumber("eps", config.eps);
  config.maxLength = metadata.readPositive("max_length", config.maxLength);
  metadata.expect("activation", "relu");
  if (Error error = metadata.takeError())
    return std::move(error);
  if (std::optional<std::string> why = checkTransformer(config))
    return fileError(file.getPath(), "its metadata is wrong: " + *why);
  return config;
}

//===----------------------------------------------------------------------===//
// Tensors
//===----------------------------------------------------------------------===//

static Error checkTensors(const SafeTensorsFile &file,
                          const TransformerConfig &config) {
  // Each layer has more than ten: a number of layers that would take long to
  // list is wrong.
  if (config.layers > int64_t(file.getTensors().size()))
    return fileError(file.getPath(),
                     "its metadata has layers = " + Twine(config.layers) +
                         ", but it holds no more than " +
                         Twine(file.getTensors().size()) + " tensors");
  llvm::StringSet<> known;
  for (const TransformerWeight &weight : getTransformerWeights(config)) {
    known.insert(weight.name);
    const TensorInfo *tensor = file.lookup(weight.name);
    if (!tensor)
      return fileError(file.getPath(), "there is no tensor " +
                                           quoted(weight.name) +
                                           ", which its metadata asks for");
    if (!widensToF32(tensor->dtype) ||
        llvm::ArrayRef<int64_t>(tensor->shape) != llvm::ArrayRef(weight.shape))
      return fileError(file.getPath(),
                       "tensor " + quoted(weight.name) + " is " +
                           describe(tensor->dtype, tensor->shape) +
                           ", but its metadata asks for " +
                           describe(DType::F32, weight.shape));
  }
  for (const TensorInfo &tensor : file.getTensors())
    if (!known.contains(tensor.name) &&
        !StringRef(tensor.name).starts_with(safeTensorsPaddingPrefix))
      return fileError(file.getPath(), "tensor " + quoted(tensor.name) +
                                           " is none of the Transformer that "
                                           "its metadata describes");
  return Error::success();
}

llvm::Expected<TransformerConfig>
sylvite::readTransformerConfig(StringRef path) {
  llvm::Expected<SafeTensorsFile> file = SafeTensorsFile::open(path);
  if (!file)
    return file.takeError();
  llvm::Expected<TransformerConfig> config = readConfig(*file);
  if (config)
    if (Error error = checkTensors(*file, *config))
      return std::move(error);
  return config;
}

//===----------------------------------------------------------------------===//
// Modules
//===----------------------------------------------------------------------===//

mlir::OwningOpRef<mlir::ModuleOp>
sylvite::makeTransformer(const TransformerConfig &config, StringRef file,
                         mlir::MLIRContext *context,
                         llvm::ArrayRef<TransformerFunction> functions) {
  context->loadDialect<graph::GraphDialect, mlir::func::FuncDialect>();
  mlir::Location unknown = mlir::UnknownLoc::get(context);
  if (std::optional<std::string> why = checkTransformer(config)) {
    mlir::emitError(unknown) << *why;
    return nullptr;
  }
  mlir::OwningOpRef<mlir::ModuleOp> module = mlir::ModuleOp::create(unknown);
  if (!file.empty())
    (*module)->setAttr(graph::GraphDialect::kWeightFiles,
                       mlir::Builder(context).getStrArrayAttr(file));
  if (mlir::failed(buildTransformer(*module, config, functions)))
    return nullptr;
  return module;
}

mlir::OwningOpRef<mlir::ModuleOp>
sylvite::importTransformer(StringRef file, mlir::MLIRContext *context,
                           llvm::ArrayRef<TransformerFunction> functions) {
  llvm::Expected<TransformerConfig> config = readTransformerConfig(file);
  if (!config) {
    (void)emitFileErrors(config.takeError(), mlir::UnknownLoc::get(context));
    return nullptr;
  }
  return makeTransformer(*config, file, context, functions);
}

void sylvite::registerTransformerDialects(mlir::DialectRegistry &registry) {
  registry.insert<graph::GraphDialect, mlir::func::FuncDialect>();
}
