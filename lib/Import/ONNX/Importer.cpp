//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Imports a model: its interface, and its nodes in an order in which each
/// finds its operands.
///
/// Nodes that use what cannot be had are passed over, and all that is missing
/// is reported at the end. What contradicts the standard ends the import at
/// once.
///
//===----------------------------------------------------------------------===//

#include "Importer.h"
#include "NodeOrder.h"
#include "Operators.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "sylvite/Import/Common/FileDiagnostic.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace sylvite;

/// Operator sets that are known. Before 7 most operators took other operands
/// and attributes.
static constexpr int64_t kOldestOpset = 7, kNewestOpset = 28;
/// Operators that were then what they are now.
static constexpr StringLiteral kOldOperators[] = {
    "Constant", "Identity", "MatMul",    "Not",    "Shape",
    "Size",     "Tanh",     "Transpose", "Sigmoid"};
/// Nodes of a model with its functions written out, which may be exponentially
/// more than those of its file.
static constexpr size_t kMaxNodes = 1 << 21;
/// Functions that call functions.
static constexpr unsigned kMaxCalls = 64;

Importer::Importer(const OnnxWeightFile &weights, const onnx::ModelProto &model,
                   StringRef fileName, DimNames &names,
                   const OnnxOptions &options, MLIRContext *context)
    : weights(weights), model(model), fileName(fileName), names(names),
      options(options), context(context), builder(context) {}

//===----------------------------------------------------------------------===//
// Locations and messages
//===----------------------------------------------------------------------===//

Location Importer::getFileLoc() {
  return NameLoc::get(StringAttr::get(context, fileName));
}

Location Importer::getInputLoc(StringRef name) {
  return NameLoc::get(
      StringAttr::get(context, fileName + ": input " + quoted(name)));
}

Location Importer::getNodeLoc(const onnx::NodeProto &node, size_t index,
                              const OnnxFrame &frame) {
  std::string text = fileName + ": " + frame.path + "node ";
  if (!node.name().empty())
    text += quoted(node.name()) + " ";
  text += "(" + StringRef(node.op_type()).take_front(100).str() + ", " +
          std::to_string(index) + ")";
  return NameLoc::get(StringAttr::get(context, text));
}

void Importer::limitRange(BlockArgument argument, int64_t rows) {
  if (argument.getOwner() != body)
    return;
  auto [entry, isNew] = ranges.try_emplace(argument.getArgNumber(), rows);
  if (!isNew)
    entry->second = std::min(entry->second, rows);
}

void Importer::noteUnsupported(Location loc, std::string what) {
  unsupported.push_back({loc, std::move(what)});
}

void Importer::emitFailure() {
  if (!unsupported.empty())
    return emitUnsupported();
  emitError(failedNode.value_or(getFileLoc()))
      << "cannot be imported: its operands are not those of the operator";
}

void Importer::emitUnsupported() {
  // One line for each thing, with the places where it is used.
  llvm::SetVector<StringRef> things;
  for (const Unsupported &entry : unsupported)
    things.insert(entry.what);
  InFlightDiagnostic error =
      mlir::emitError(unsupported.front().loc)
      << (things.size() == 1 ? "is not supported: " : "are not supported: ");
  llvm::interleave(
      things, [&](StringRef thing) { error << thing; }, [&] { error << "; "; });
  constexpr size_t shown = 20;
  for (const Unsupported &entry :
       ArrayRef(unsupported).drop_front().take_front(shown))
    error.attachNote(entry.loc) << entry.what;
  if (unsupported.size() > shown + 1)
    error.attachNote(getFileLoc())
        << unsupported.size() - shown - 1 << " more such nodes";
}

//===----------------------------------------------------------------------===//
// Nodes
//===----------------------------------------------------------------------===//

LogicalResult Importer::importNodes(const OnnxNodes &nodes, OnnxFrame &frame,
                                    OnnxScope &scope) {
  NodeOrder order(nodes);
  if (!order.sort())
    return emitError(getNodeLoc(nodes[order.cycle], order.cycle, frame))
           << "is a part of a cycle: it needs what it makes itself";
  for (int index : order.order)
    if (failed(importNode(nodes[index], index, frame, scope)))
      return failure();
  return success();
}

LogicalResult Importer::importSubgraph(const onnx::GraphProto &graph,
                                       OnnxFrame &frame, OnnxScope &scope) {
  for (const onnx::TensorProto &tensor : graph.initializer()) {
    FailureOr<OnnxValue> value = convertTensor(tensor, getFileLoc());
    if (failed(value))
      return failure();
    if (!scope.values.try_emplace(tensor.name(), *value).second)
      return emitError(getFileLoc())
             << "the initializer " << quoted(tensor.name())
             << " of a graph is there twice";
  }
  return importNodes(graph.node(), frame, scope);
}

LogicalResult Importer::checkNode(const onnx::NodeProto &node, Location loc,
                                  OnnxScope &scope) {
  for (const std::string &input : node.input())
    if (!input.empty() && !scope.lookup(input))
      return emitError(loc) << "reads " << quoted(input)
                            << ", which is no input, no initializer, and made "
                               "by no node";
  llvm::StringSet<> made, attributes;
  for (const std::string &output : node.output())
    if (!output.empty() &&
        (scope.values.contains(output) || !made.insert(output).second))
      return emitError(loc)
             << "makes " << quoted(output) << ", which is there already";
  for (const onnx::AttributeProto &attribute : node.attribute())
    if (!attributes.insert(attribute.name()).second)
      return emitError(loc)
             << "has attribute " << quoted(attribute.name()) << " twice";
  return success();
}

LogicalResult Importer::failNode(Location loc) {
  if (!failedNode)
    failedNode = loc;
  return failure();
}

/// What cannot be had makes nothing; so importers need not look.
static LogicalResult importOperator(Node &node, ImportFunction import) {
  if (node.hasPoisonedOperand()) {
    node.poison();
    return failure();
  }
  if (failed(node.checkArity()))
    return failure();
  return import(node);
}

LogicalResult Importer::importNode(const onnx::NodeProto &proto, size_t index,
                                   OnnxFrame &frame, OnnxScope &scope) {
  Location loc = getNodeLoc(proto, index, frame);
  if (++numNodes > kMaxNodes)
    return emitError(loc) << "is node " << kMaxNodes
                          << " of the model with its functions written out: "
                             "that many are not imported";
  if (failed(checkNode(proto, loc, scope)))
    return failure();
  StringRef domain = proto.domain();
  if (domain == "ai.onnx")
    domain = "";
  auto version = frame.opsets.find(domain);
  Node node(*this, proto, frame, scope, loc,
            version == frame.opsets.end() ? 1 : version->second);
  LogicalResult result = failure();
  if (domain.empty() && node.getVersion() < kOldestOpset &&
      !llvm::is_contained(kOldOperators, proto.op_type()))
    result =
        node.unsupported("operator " + proto.op_type() + " as operator set " +
                         Twine(node.getVersion()) + " has it");
  else if (ImportFunction import =
               Operators::all().lookup(domain, proto.op_type()))
    result = importOperator(node, import);
  else if (const onnx::FunctionProto *function =
               lookupFunction(domain, proto.op_type(), proto.overload()))
    result = importFunction(*function, node);
  else
    result = node.unsupported(
        "operator " + (domain.empty() ? "" : domain + ".") + proto.op_type());
  // What an importer leaves out when it cannot be written would be missing.
  if (failed(node.checkAttributes()) || node.ops.hasFailed())
    return failNode(loc);
  if (succeeded(result)) {
    for (const std::string &name : node.listUnknownAttributes())
      result = node.unsupported("attribute " + quoted(name) + " of " +
                                proto.op_type());
    if (succeeded(result))
      return success();
  }
  if (names.hasChanged() || !node.isPoisoned())
    return failNode(loc);
  for (const std::string &output : proto.output())
    if (!output.empty()) {
      OnnxValue value;
      value.poisoned = true;
      scope.values[output] = value;
    }
  return success();
}

//===----------------------------------------------------------------------===//
// Functions
//===----------------------------------------------------------------------===//

/// The key of a function of the model.
static std::string getFunctionKey(StringRef domain, StringRef name,
                                  StringRef overload) {
  return (domain + ":" + name + ":" + overload).str();
}

const onnx::FunctionProto *
Importer::lookupFunction(StringRef domain, StringRef name, StringRef overload) {
  return functions.lookup(getFunctionKey(domain, name, overload));
}

LogicalResult Importer::importFunction(const onnx::FunctionProto &function,
                                       Node &node) {
  if (node.getFrame().depth == kMaxCalls)
    return node.invalid("is the " + Twine(kMaxCalls) +
                        "th call inside of calls: functions must not call "
                        "themselves");
  if (int(node.getNumInputs()) > function.input_size() ||
      int(node.getNumOutputs()) > function.output_size())
    return node.invalid("has more operands or results than its function");
  OnnxFrame frame;
  frame.depth = node.getFrame().depth + 1;
  frame.path = node.getFrame().path;
  frame.path += node.getProto().name().empty()
                    ? node.getProto().op_type() + ": "
                    : quoted(node.getProto().name()) + ": ";
  frame.opsets = node.getFrame().opsets;
  for (const onnx::OperatorSetIdProto &opset : function.opset_import())
    frame.opsets[opset.domain() == "ai.onnx" ? "" : opset.domain()] =
        opset.version();
  for (const onnx::AttributeProto &attribute : function.attribute_proto()) {
    const onnx::AttributeProto *given = node.getAttribute(attribute.name());
    frame.attributes[attribute.name()] = given ? given : &attribute;
  }
  for (const std::string &name : function.attribute())
    if (const onnx::AttributeProto *given = node.getAttribute(name))
      frame.attributes[name] = given;
  OnnxScope scope;
  for (int i = 0; i != function.input_size(); ++i) {
    OnnxValue *given = node.has(i)
                           ? node.getScope().lookup(node.getProto().input(i))
                           : nullptr;
    // What is left out in the call is left out in the body.
    if (given)
      scope.values[function.input(i)] = *given;
  }
  // A body names operands that a call left out; there they are none.
  OnnxNodes nodes = function.node();
  for (onnx::NodeProto &inner : nodes)
    for (std::string &input : *inner.mutable_input())
      if (llvm::is_contained(function.input(), input) &&
          !scope.values.contains(input))
        input.clear();
  if (failed(importNodes(nodes, frame, scope)))
    return failure();
  for (int i = 0; i < function.output_size(); ++i) {
    OnnxValue *value = scope.lookup(function.output(i));
    if (!value)
      return node.invalid("the function does not make its result " +
                          quoted(function.output(i)));
    if (failed(node.setValue(i, *value)))
      return failure();
  }
  return success();
}

//===----------------------------------------------------------------------===//
// The model
//===----------------------------------------------------------------------===//

LogicalResult Importer::readOperatorSets(OnnxFrame &frame) {
  if (model.opset_import_size() == 0)
    return emitError(getFileLoc()) << "the model names no operator set";
  for (const onnx::OperatorSetIdProto &opset : model.opset_import()) {
    std::string domain = opset.domain() == "ai.onnx" ? "" : opset.domain();
    auto [entry, isNew] = frame.opsets.try_emplace(domain, opset.version());
    if (!isNew && entry->second != opset.version())
      return emitError(getFileLoc())
             << "the model is of two versions of the operator set "
             << quoted(opset.domain());
    if (domain.empty() &&
        (opset.version() < 1 || opset.version() > kNewestOpset))
      return emitError(getFileLoc())
             << "the model is of operator set " << opset.version()
             << "; known are 1 to " << kNewestOpset;
  }
  return success();
}

LogicalResult Importer::readFunctions() {
  for (const onnx::FunctionProto &function : model.functions())
    if (!functions
             .try_emplace(getFunctionKey(function.domain(), function.name(),
                                         function.overload()),
                          &function)
             .second)
      return emitError(getFileLoc())
             << "the function " << quoted(function.name()) << " is there twice";
  return success();
}

LogicalResult Importer::importModel() {
  OnnxFrame frame;
  OnnxScope scope;
  if (failed(readOperatorSets(frame)) || failed(readFunctions()) ||
      failed(importInputs(model.graph(), scope)) ||
      failed(importInitializers(model.graph(), scope)) ||
      failed(importNodes(model.graph().node(), frame, scope)))
    return failure();
  return importOutputs(model.graph(), scope);
}

OwningOpRef<ModuleOp> Importer::run() {
  module = ModuleOp::create(UnknownLoc::get(context));
  builder.setInsertionPointToEnd(module->getBody());
  auto function = func::FuncOp::create(builder, getFileLoc(), "main",
                                       builder.getFunctionType({}, {}));
  body = function.addEntryBlock();
  builder.setInsertionPointToStart(body);
  if (failed(importModel()))
    return nullptr;
  // What was only known is a constant where it was first asked for: fine, as
  // nodes come in order; nothing else can be out of order.
  return std::move(module);
}
