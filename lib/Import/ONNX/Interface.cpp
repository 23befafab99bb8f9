//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The model's inputs, its initializers, and its outputs, which are the
/// function's arguments, weights and results.
///
//===----------------------------------------------------------------------===//

#include "OnnxTypes.h"
#include "Tensors.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "sylvite/Import/Common/FileDiagnostic.h"

using namespace mlir;
using namespace sylvite;
using graph::Dim;
using graph::GraphDialect;

/// Integer tensors up to this size are constants of the graph, which passes may
/// look at: masks that exporters store are among them.
static constexpr int64_t kMaxConstantElements = 1 << 20;

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
