//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Element types, tensors that stand in a model, and values that are known when
/// it is compiled as tensors of the graph.
///
//===----------------------------------------------------------------------===//

#include "Tensors.h"
#include "OnnxTypes.h"
#include "sylvite/Import/Common/FileDiagnostic.h"
#include <set>

using namespace mlir;
using namespace sylvite;

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

std::string sylvite::getTypeName(int64_t onnxType) {
  const OnnxType *type = lookupOnnxType(onnxType);
  return type ? type->name.str() : std::to_string(onnxType);
}

DenseElementsAttr sylvite::readElements(RankedTensorType type,
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

OnnxValue sylvite::makeConstant(DenseElementsAttr elements, Location loc,
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
