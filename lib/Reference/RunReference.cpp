//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// From files to tensors, through the evaluator, and back.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Reference/RunReference.h"

#include "sylvite/Import/Common/FileDiagnostic.h"

using namespace mlir;
using namespace sylvite;

//===----------------------------------------------------------------------===//
// Arrays and tensors
//===----------------------------------------------------------------------===//

/// Reads elements of type T, little-endian as NumPy writes them here.
template <typename T>
static void readAs(ArrayRef<char> bytes, std::vector<double> &values,
                   llvm::function_ref<double(T)> convert) {
  for (size_t i = 0; i + sizeof(T) <= bytes.size(); i += sizeof(T)) {
    T element;
    std::memcpy(&element, bytes.data() + i, sizeof(T));
    values.push_back(convert(element));
  }
}

template <typename T>
static void readAs(ArrayRef<char> bytes, std::vector<double> &values) {
  readAs<T>(bytes, values, [](T element) { return double(element); });
}

llvm::Expected<Tensor> sylvite::toTensor(const NpyArray &array,
                                         RankedTensorType type) {
  if (isIntegerElement(array.type) != isa<IntegerType>(type.getElementType()))
    return llvm::createStringError(
        "is " + getElementName(array.type) + ", expected " +
        llvm::formatv("{0}", type.getElementType()).str());
  Tensor tensor;
  tensor.shape.assign(array.shape.begin(), array.shape.end());
  tensor.dtype = type.getElementType();
  switch (array.type) {
  case ElementType::F32:
    readAs<float>(array.data, tensor.data);
    break;
  case ElementType::F64:
    readAs<double>(array.data, tensor.data);
    break;
  case ElementType::F16:
    readAs<uint16_t>(array.data, tensor.data, halfToFloat);
    break;
  case ElementType::BF16:
    readAs<uint16_t>(array.data, tensor.data, bfloat16ToFloat);
    break;
  case ElementType::I8:
    readAs<int8_t>(array.data, tensor.data);
    break;
  case ElementType::I16:
    readAs<int16_t>(array.data, tensor.data);
    break;
  case ElementType::I32:
    readAs<int32_t>(array.data, tensor.data);
    break;
  case ElementType::I64:
    readAs<int64_t>(array.data, tensor.data);
    break;
  case ElementType::U16:
    readAs<uint16_t>(array.data, tensor.data);
    break;
  case ElementType::U32:
    readAs<uint32_t>(array.data, tensor.data);
    break;
  case ElementType::U64:
    readAs<uint64_t>(array.data, tensor.data);
    break;
  case ElementType::U8:
  case ElementType::BOOL:
    readAs<uint8_t>(array.data, tensor.data);
    break;
  }
  return tensor;
}

/// The elements as type T.
template <typename T>
static void write(const Tensor &tensor, ElementType type, NpyArray &array) {
  array.type = type;
  for (double value : tensor.data) {
    T element = T(value);
    const char *bytes = reinterpret_cast<const char *>(&element);
    array.data.insert(array.data.end(), bytes, bytes + sizeof(T));
  }
}

NpyArray sylvite::toNpy(const Tensor &tensor) {
  NpyArray array;
  array.shape.assign(tensor.shape.begin(), tensor.shape.end());
  unsigned width =
      tensor.isInteger() ? tensor.dtype.getIntOrFloatBitWidth() : 0;
  switch (width) {
  case 0:
    write<double>(tensor, ElementType::F64, array);
    break;
  case 1:
    write<uint8_t>(tensor, ElementType::BOOL, array);
    break;
  case 8:
    write<int8_t>(tensor, ElementType::I8, array);
    break;
  case 16:
    write<int16_t>(tensor, ElementType::I16, array);
    break;
  case 32:
    write<int32_t>(tensor, ElementType::I32, array);
    break;
  default:
    write<int64_t>(tensor, ElementType::I64, array);
    break;
  }
  return array;
}

//===----------------------------------------------------------------------===//
// The run
//===----------------------------------------------------------------------===//

func::FuncOp sylvite::findReferenceFunction(ModuleOp module, StringRef name) {
  SmallVector<func::FuncOp> candidates;
  std::vector<std::string> names;
  for (auto function : module.getOps<func::FuncOp>()) {
    if (!function.isPublic())
      continue;
    names.push_back(function.getName().str());
    if (name.empty() || function.getName() == name)
      candidates.push_back(function);
  }
  if (candidates.size() == 1)
    return candidates.front();
  if (names.empty())
    module.emitError("the module has no public function to evaluate");
  else if (name.empty())
    module.emitError("the module has several functions; choose one of ")
        << llvm::join(names, ", ");
  else
    module.emitError("the module has no function '")
        << name << "'; it has " << llvm::join(names, ", ");
  return {};
}

FailureOr<NamedTensors> sylvite::readReferenceInputs(func::FuncOp function,
                                                     StringRef path) {
  llvm::Expected<NpzArrays> arrays = readNpz(path);
  if (!arrays)
    return emitFileErrors(arrays.takeError(), function.getLoc());
  NamedTensors inputs;
  for (auto &[name, array] : *arrays) {
    RankedTensorType type;
    for (auto [i, argument] : llvm::enumerate(function.getArgumentTypes()))
      if (getInputName(function, i) == name)
        type = dyn_cast<RankedTensorType>(argument);
    if (!type)
      return emitFunctionError(function)
             << "has no input '" << name << "', which " << path << " holds";
    llvm::Expected<Tensor> tensor = toTensor(array, type);
    if (!tensor)
      return emitFunctionError(function)
             << "input '" << name << "' " << llvm::toString(tensor.takeError());
    inputs[name] = std::move(*tensor);
  }
  return inputs;
}

LogicalResult sylvite::runReference(ModuleOp module, const ReferenceRun &run) {
  func::FuncOp function = findReferenceFunction(module, run.function);
  if (!function)
    return failure();
  FailureOr<NamedTensors> inputs = readReferenceInputs(function, run.inputs);
  if (failed(inputs))
    return failure();
  FailureOr<WeightStore> store = WeightStore::fromModule(module);
  if (failed(store))
    return failure();
  StoredWeights weights(*store);
  FailureOr<std::vector<Output>> outputs =
      evaluateFunction(function, *inputs, weights, run.extents);
  if (failed(outputs))
    return failure();
  NpzArrays arrays;
  for (const Output &output : *outputs)
    arrays[output.name] = toNpy(output.value);
  if (llvm::Error error = writeNpz(run.outputs, arrays))
    return emitFileErrors(std::move(error), function.getLoc());
  return success();
}
