//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Imports a model: its inputs, its initializers, its nodes in an order in
/// which each finds its operands, its outputs.
///
/// Nodes that use what cannot be had are passed over, and all that is missing
/// is reported at the end. What contradicts the standard ends the import at
/// once.
///
//===----------------------------------------------------------------------===//

#include "Importer.h"
#include "NodeOrder.h"
#include "OnnxTypes.h"
#include "Operators.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "sylvite/Import/Common/FileDiagnostic.h"
#include "llvm/ADT/SetVector.h"
#include <set>

using namespace mlir;
using namespace sylvite;
using graph::Dim;
using graph::GraphDialect;

/// Integer tensors up to this size are constants of the graph, which passes may
/// look at: masks that exporters store are among them.
static constexpr int64_t kMaxConstantElements = 1 << 20;
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
// Types and tensors
//===----------------------------------------------------------------------===//

Type Importer::convertType(int64_t onnxType) {
  auto integer = [&](unsigned width, bool isUnsigned = false) {
    return IntegerType::get(context, width,
                            isUnsigned ? IntegerType::Unsigned
                                       : IntegerType::Signless);
  };
  switch (onnxType) {
  case onnx::TensorProto::FLOAT:
    return Float32Type::get(context);
  case onnx::TensorProto::DOUBLE:
    return Float64Type::get(context);
  case onnx::TensorProto::FLOAT16:
    return Float16Type::get(context);
  case onnx::TensorProto::BFLOAT16:
    return BFloat16Type::get(context);
  case onnx::TensorProto::BOOL:
    return integer(1);
  // Types of less than 8 bits have a byte for each element.
  case onnx::TensorProto::UINT4:
  case onnx::TensorProto::UINT2:
  case onnx::TensorProto::UINT8:
    return integer(8, /*isUnsigned=*/true);
  case onnx::TensorProto::UINT16:
    return integer(16, /*isUnsigned=*/true);
  case onnx::TensorProto::UINT32:
    return integer(32, /*isUnsigned=*/true);
  case onnx::TensorProto::UINT64:
    return integer(64, /*isUnsigned=*/true);
  case onnx::TensorProto::INT4:
  case onnx::TensorProto::INT2:
  case onnx::TensorProto::INT8:
    return integer(8);
  case onnx::TensorProto::INT16:
    return integer(16);
  case onnx::TensorProto::INT32:
    return integer(32);
  case onnx::TensorProto::INT64:
    return integer(64);
  default:
    return {};
  }
}

/// The name of an element type in messages.
static std::string getTypeName(int64_t onnxType) {
  const OnnxType *type = lookupOnnxType(onnxType);
  return type ? type->name.str() : std::to_string(onnxType);
}

/// Elements in memory as an attribute; booleans have a byte each.
static DenseElementsAttr readElements(RankedTensorType type,
                                      ArrayRef<uint8_t> bytes) {
  if (type.getElementType().isInteger(1)) {
    SmallVector<bool> values;
    for (uint8_t byte : bytes)
      values.push_back(byte != 0);
    return DenseElementsAttr::get(type, values);
  }
  // The buffer need not be aligned: the attribute copies it.
  return DenseElementsAttr::getFromRawBuffer(
      type,
      ArrayRef(reinterpret_cast<const char *>(bytes.data()), bytes.size()));
}

/// A value of elements that stand in the model.
static OnnxValue makeConstant(DenseElementsAttr elements, Location loc,
                              OpBuilder &builder, int32_t onnxType) {
  OnnxValue value;
  value.onnxType = onnxType;
  if (elements.getNumElements() <= kMaxKnownElements)
    value.known =
        std::make_shared<KnownTensor>(KnownTensor::fromAttribute(elements));
  else
    value.tensor = graph::ConstantOp::create(builder, loc, elements);
  return value;
}

FailureOr<OnnxValue> Importer::convertTensor(const onnx::TensorProto &tensor,
                                             Location loc) {
  // The same reader as for initializers, by way of a model that has just this.
  onnx::ModelProto small;
  onnx::TensorProto *copy = small.mutable_graph()->add_initializer();
  *copy = tensor;
  copy->set_name("value");
  std::string text;
  if (!small.SerializeToString(&text))
    return emitError(loc) << "holds a tensor that is too large";
  llvm::Expected<OnnxWeightFile> file =
      OnnxWeightFile::read(fileName, weights.getPath(), text);
  if (!file)
    return emitError(loc) << llvm::toString(file.takeError());
  Type element = convertType(tensor.data_type());
  const TensorInfo *info = file->lookup("value");
  if (!element || !info) {
    noteUnsupported(loc, "elements of type " + getTypeName(tensor.data_type()));
    OnnxValue value;
    value.poisoned = true;
    return value;
  }
  return makeConstant(readElements(RankedTensorType::get(info->shape, element),
                                   file->getBytes(*info)),
                      loc, builder, tensor.data_type());
}

Value Importer::materialize(OnnxValue &value, GraphWriter &ops) {
  if (value.tensor || !value.known)
    return value.tensor;
  // In front of the loop that is being written, if one is: there it is seen
  // from inside of it and behind it.
  OpBuilder::InsertionGuard guard(builder);
  if (builder.getInsertionBlock() != body)
    builder.setInsertionPointToEnd(body);
  const KnownTensor &known = *value.known;
  if (DenseElementsAttr elements = known.toAttribute()) {
    value.tensor = ops.constant(elements);
    return value.tensor;
  }
  // Dimensions as data.
  SmallVector<Value> numbers;
  for (const KnownNumber &number : known.numbers)
    numbers.push_back(ops.cast(ops.integer(number.integer), known.element));
  if (numbers.size() == 1) {
    Dims dims(known.shape.begin(), known.shape.end());
    value.tensor = ops.reshape(numbers.front(), dims);
    return value.tensor;
  }
  for (Value &number : numbers)
    number = ops.insertDim(number, 0);
  Dims dims(known.shape.begin(), known.shape.end());
  value.tensor = ops.reshape(ops.concat(numbers, 0), dims);
  return value.tensor;
}

std::string Importer::describeOrigin(const OnnxValue &value) {
  // The inputs that the value is calculated of.
  std::set<std::string> inputs;
  SmallVector<Value> behind;
  if (value.tensor)
    behind.push_back(value.tensor);
  llvm::DenseSet<Value> seen;
  while (!behind.empty()) {
    Value next = behind.pop_back_val();
    if (!seen.insert(next).second)
      continue;
    if (Operation *op = next.getDefiningOp())
      llvm::append_range(behind, op->getOperands());
    else if (auto argument = dyn_cast<BlockArgument>(next);
             argument && argument.getOwner() == body)
      inputs.insert(quoted(argumentNames[argument.getArgNumber()]));
  }
  if (inputs.empty())
    return "data";
  return (inputs.size() == 1 ? "the input " : "the inputs ") +
         llvm::join(inputs, ", ");
}

//===----------------------------------------------------------------------===//
// Inputs, initializers, outputs
//===----------------------------------------------------------------------===//

FailureOr<RankedTensorType>
Importer::convertInputType(const onnx::ValueInfoProto &input) {
  std::string what = "input " + quoted(input.name());
  if (!input.type().has_tensor_type()) {
    noteUnsupported(getFileLoc(), what + " that is no tensor");
    return failure();
  }
  const onnx::TypeProto::Tensor &tensor = input.type().tensor_type();
  Type element = convertType(tensor.elem_type());
  if (!element) {
    noteUnsupported(getFileLoc(), what + " with elements of type " +
                                      getTypeName(tensor.elem_type()));
    return failure();
  }
  if (!tensor.has_shape()) {
    noteUnsupported(getFileLoc(), what + " of unknown rank");
    return failure();
  }
  Dims dims;
  int64_t bytes = 8;
  for (auto [axis, dim] : llvm::enumerate(tensor.shape().dim())) {
    if (dim.has_dim_value()) {
      if (dim.dim_value() < 0)
        return emitError(getFileLoc())
               << what << " has the extent " << dim.dim_value();
      if (llvm::MulOverflow(bytes, std::max<int64_t>(dim.dim_value(), 1),
                            bytes))
        return emitError(getFileLoc())
               << what << " has a size that overflows 64 bits";
      dims.push_back(Dim(dim.dim_value()));
    } else if (!dim.dim_param().empty()) {
      dims.push_back(names.get(dim.dim_param(), context));
    } else {
      dims.push_back(
          names.get(input.name() + "_" + std::to_string(axis), context));
    }
  }
  return graph::getTensorType(dims, element);
}

LogicalResult Importer::importInputs(const onnx::GraphProto &graph,
                                     OnnxScope &scope) {
  for (const onnx::ValueInfoProto &input : graph.input()) {
    // Initializers may stand among the inputs, as defaults: here they are
    // constants.
    if (weights.lookup(input.name()))
      continue;
    if (input.name().empty())
      return emitError(getFileLoc()) << "an input has no name";
    if (scope.values.contains(input.name()))
      return emitError(getFileLoc())
             << "the input " << quoted(input.name()) << " is there twice";
    OnnxValue &value = scope.values[input.name()];
    value.onnxType = input.type().tensor_type().elem_type();
    FailureOr<RankedTensorType> type = convertInputType(input);
    if (failed(type)) {
      value.poisoned = true;
      if (unsupported.empty())
        return failure();
      continue;
    }
    auto given = options.inputValues.find(input.name());
    if (given != options.inputValues.end()) {
      if (!type->hasStaticShape() ||
          type->getNumElements() != int64_t(given->second.size()))
        return emitError(getFileLoc())
               << "the input " << quoted(input.name()) << " is " << *type
               << "; " << given->second.size() << " values were given for it";
      KnownTensor known;
      known.element = type->getElementType();
      known.shape.assign(type->getShape().begin(), type->getShape().end());
      for (double number : given->second)
        known.numbers.push_back(known.isFloat()
                                    ? KnownNumber::ofFloat(number)
                                    : KnownNumber(SymInt(int64_t(number))));
      value.known = std::make_shared<KnownTensor>(std::move(known));
      continue;
    }
    value.tensor = body->addArgument(*type, getInputLoc(input.name()));
    argumentNames.push_back(input.name());
  }
  for (const auto &[name, values] : options.inputValues)
    if (!scope.values.contains(name))
      return emitError(getFileLoc()) << "values were given for " << quoted(name)
                                     << ", which is no input of the model";
  return success();
}

LogicalResult Importer::importInitializers(const onnx::GraphProto &graph,
                                           OnnxScope &scope) {
  if (graph.sparse_initializer_size())
    noteUnsupported(getFileLoc(), "sparse initializers");
  for (const onnx::SparseTensorProto &sparse : graph.sparse_initializer())
    scope.values[sparse.values().name()].poisoned = true;
  for (const onnx::TensorProto &tensor : graph.initializer()) {
    OnnxValue value;
    value.onnxType = tensor.data_type();
    const TensorInfo *info = weights.lookup(tensor.name());
    Type element = convertType(tensor.data_type());
    Location loc = NameLoc::get(StringAttr::get(context, tensor.name()));
    if (!element || !info) {
      noteUnsupported(getFileLoc(), "initializer " + quoted(tensor.name()) +
                                        " with elements of type " +
                                        getTypeName(tensor.data_type()));
      value.poisoned = true;
    } else {
      auto type = RankedTensorType::get(info->shape, element);
      bool isFloat = isa<FloatType>(element);
      int64_t elements = info->getNumElements();
      if (isFloat ? elements > 1 : elements > kMaxConstantElements)
        value.tensor =
            graph::WeightOp::create(builder, loc, type, tensor.name());
      else
        value = makeConstant(readElements(type, weights.getBytes(*info)), loc,
                             builder, tensor.data_type());
      // Small vectors of floats may be sizes or factors.
      if (isFloat && elements > 1 && elements <= 16)
        value.known = std::make_shared<KnownTensor>(KnownTensor::fromAttribute(
            readElements(type, weights.getBytes(*info))));
    }
    scope.values[tensor.name()] = value;
  }
  return success();
}

LogicalResult Importer::importOutputs(const onnx::GraphProto &graph,
                                      OnnxScope &scope) {
  if (!graph.output_size())
    return emitError(getFileLoc()) << "the model has no output";
  SmallVector<Value> results;
  for (const onnx::ValueInfoProto &output : graph.output()) {
    OnnxValue *value = scope.lookup(output.name());
    if (!value)
      return emitError(getFileLoc())
             << "the output " << quoted(output.name()) << " is made by no node";
    if (value->poisoned)
      continue;
    GraphWriter ops(builder, getFileLoc(), names);
    Value tensor = materialize(*value, ops);
    if (!tensor)
      return failure();
    results.push_back(tensor);
  }
  if (!unsupported.empty()) {
    emitUnsupported();
    return failure();
  }
  func::ReturnOp::create(builder, getFileLoc(), results);
  auto function = cast<func::FuncOp>(body->getParentOp());
  function.setFunctionType(builder.getFunctionType(
      body->getArgumentTypes(), ValueRange(results).getTypes()));
  StringAttr nameAttr = builder.getStringAttr(GraphDialect::kName);
  for (auto [i, name] : llvm::enumerate(argumentNames)) {
    function.setArgAttr(i, nameAttr, builder.getStringAttr(name));
    if (auto range = ranges.find(i); range != ranges.end())
      function.setArgAttr(i, GraphDialect::kRange,
                          builder.getI64ArrayAttr({0, range->second}));
  }
  for (auto [i, output] : llvm::enumerate(graph.output()))
    function.setResultAttr(i, nameAttr, builder.getStringAttr(output.name()));
  NamedAttrList limits;
  for (const auto &[name, max] : names.getLimits())
    limits.set(name, builder.getI64IntegerAttr(max));
  if (!limits.empty())
    function->setAttr(GraphDialect::kDimMax, limits.getDictionary(context));
  return success();
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
