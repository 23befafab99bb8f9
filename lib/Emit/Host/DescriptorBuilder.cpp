//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The constants the runtime reads.
///
//===----------------------------------------------------------------------===//

#include "DescriptorBuilder.h"

#include "sylvite/Emit/Host/Symbols.h"
#include "sylvite/Runtime/Descriptor.h"
#include "sylvite/Support/Target.h"

#include "mlir/IR/ImplicitLocOpBuilder.h"

using namespace mlir;
using namespace sylvite;

namespace {

/// Adds constants. A constant is an initializer of nested values; each kind of
/// value has one function.
class DescriptorBuilder {
public:
  DescriptorBuilder(ModuleOp host, const ModelInterface &interface,
                    const LlvmTypes &types)
      : interface(interface), types(types),
        builder(host.getLoc(), host.getContext()), host(host) {}

  LogicalResult addDescriptor();
  void addVariants();
  void addDescription();

private:
  /// Adds a constant of `type` whose value `initialize` makes.
  void addConstant(const Twine &name, Type type,
                   function_ref<Value()> initialize,
                   LLVM::Linkage linkage = LLVM::Linkage::Internal);
  /// Adds an array of `count` elements that `initialize` makes.
  void addArray(const Twine &name, Type element, size_t count,
                function_ref<Value(size_t)> initialize);

  // Values in an initializer.
  Value makeStruct(Type type, ArrayRef<Value> fields);
  Value makeInteger(Type type, uint64_t value);
  Value makeAddress(const Twine &symbol);
  /// The address of a string constant, which is added where it is new.
  Value makeString(StringRef text);

  void addParameters(const Twine &name, ArrayRef<ParameterInfo> parameters);
  Value makeParameter(const Twine &name, const ParameterInfo &parameter);
  void addFunction(const FunctionInfo &function);
  Value makeFunction(const FunctionInfo &function);

  const ModelInterface &interface;
  const LlvmTypes &types;
  ImplicitLocOpBuilder builder;
  ModuleOp host;
  llvm::StringMap<std::string> strings;
};

} // namespace

/// The array of sylvite_function.
static std::string getFunctionsName(StringRef prefix) {
  return (prefix + "__functions").str();
}

std::string sylvite::getDescribeName(StringRef prefix) {
  return (prefix + "__describe").str();
}

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

void DescriptorBuilder::addConstant(const Twine &name, Type type,
                                    function_ref<Value()> initialize,
                                    LLVM::Linkage linkage) {
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToEnd(host.getBody());
  auto global = LLVM::GlobalOp::create(builder, type, /*isConstant=*/true,
                                       linkage, name.str(), Attribute());
  builder.createBlock(&global.getInitializerRegion());
  LLVM::ReturnOp::create(builder, initialize());
}

void DescriptorBuilder::addArray(const Twine &name, Type element, size_t count,
                                 function_ref<Value(size_t)> initialize) {
  Type type = LLVM::LLVMArrayType::get(element, count);
  addConstant(name, type, [&]() -> Value {
    Value array = LLVM::ZeroOp::create(builder, type);
    for (size_t i = 0; i < count; ++i)
      array = LLVM::InsertValueOp::create(builder, array, initialize(i),
                                          int64_t(i));
    return array;
  });
}

Value DescriptorBuilder::makeStruct(Type type, ArrayRef<Value> fields) {
  Value value = LLVM::ZeroOp::create(builder, type);
  for (auto [index, field] : llvm::enumerate(fields))
    value = LLVM::InsertValueOp::create(builder, value, field, int64_t(index));
  return value;
}

Value DescriptorBuilder::makeInteger(Type type, uint64_t value) {
  return LLVM::ConstantOp::create(builder, type,
                                  builder.getIntegerAttr(type, int64_t(value)));
}

Value DescriptorBuilder::makeAddress(const Twine &symbol) {
  return LLVM::AddressOfOp::create(builder, types.pointer, symbol.str());
}

Value DescriptorBuilder::makeString(StringRef text) {
  std::string &name = strings[text];
  if (name.empty()) {
    name = interface.prefix + "__string_" + std::to_string(strings.size());
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToStart(host.getBody());
    std::string bytes = text.str() + '\0';
    LLVM::GlobalOp::create(builder,
                           LLVM::LLVMArrayType::get(types.i8, bytes.size()),
                           /*isConstant=*/true, LLVM::Linkage::Internal, name,
                           builder.getStringAttr(bytes));
  }
  return makeAddress(name);
}

//===----------------------------------------------------------------------===//
// Structures
//===----------------------------------------------------------------------===//

void DescriptorBuilder::addParameters(const Twine &name,
                                      ArrayRef<ParameterInfo> parameters) {
  std::string base = name.str();
  for (auto [index, parameter] : llvm::enumerate(parameters))
    addArray(base + "_shape_" + Twine(index), types.i64, parameter.shape.size(),
             [&, &parameter = parameter](size_t axis) {
               return makeInteger(types.i64, parameter.shape[axis]);
             });
  addArray(base, types.tensor, parameters.size(), [&](size_t index) {
    return makeParameter(base + "_shape_" + Twine(index), parameters[index]);
  });
}

Value DescriptorBuilder::makeParameter(const Twine &shape,
                                       const ParameterInfo &parameter) {
  uint32_t flags = (parameter.defaultValue ? SYLVITE_HAS_DEFAULT : 0) |
                   (parameter.range ? SYLVITE_HAS_RANGE : 0) |
                   (parameter.inPlace.empty() ? 0 : SYLVITE_IS_WRITTEN);
  std::pair<int64_t, int64_t> range =
      parameter.range.value_or(std::pair<int64_t, int64_t>(0, 0));
  return makeStruct(types.tensor,
                    {makeString(parameter.name),
                     makeInteger(types.i32, uint32_t(parameter.type)),
                     makeInteger(types.i32, flags), makeAddress(shape),
                     makeInteger(types.i64, parameter.shape.size()),
                     makeInteger(types.i64, parameter.getDefaultBits()),
                     makeInteger(types.i64, range.first),
                     makeInteger(types.i64, range.second)});
}

void DescriptorBuilder::addFunction(const FunctionInfo &function) {
  std::string base = interface.prefix + "__" + function.name;
  addArray(base + "_dims", types.dim, function.dims.size(), [&](size_t index) {
    const DimInfo &dim = function.dims[index];
    return makeStruct(types.dim,
                      {makeString(dim.name), makeInteger(types.i64, dim.max)});
  });
  addParameters(base + "_inputs", function.inputs);
  addParameters(base + "_outputs", function.outputs);
}

Value DescriptorBuilder::makeFunction(const FunctionInfo &function) {
  std::string base = interface.prefix + "__" + function.name;
  return makeStruct(
      types.function,
      {makeString(function.name), makeAddress(base + "_dims"),
       makeAddress(base + "_inputs"), makeAddress(base + "_outputs"),
       makeInteger(types.i32, function.dims.size()),
       makeInteger(types.i32, function.inputs.size()),
       makeInteger(types.i32, function.outputs.size()),
       makeInteger(types.i32, function.lengthsInput),
       makeInteger(types.i32, function.batchDim),
       makeInteger(types.i64, function.batchRows),
       makeAddress(getImplName(interface.prefix, function.name)),
       makeAddress(getArenaName(interface.prefix, function.name))});
}

/// The bits of sylvite_descriptor.cpu_features.
static uint64_t getCpuFeatures(const Target &target) {
  uint64_t bits = 0;
  for (StringRef feature : target.features) {
#define SYLVITE_CPU_FEATURE(name, bit, text, leaf, reg, cpuid_bit, state)      \
  if (feature == text)                                                         \
    bits |= SYLVITE_CPU_##name;
#include "sylvite/Runtime/CpuFeatures.def"
  }
  return bits;
}

LogicalResult DescriptorBuilder::addDescriptor() {
  if (interface.variants.size() != 1)
    return host.emitError("the program is not for one target but for ")
           << interface.variants.size();
  const std::string &name = interface.variants.front().target;
  llvm::Expected<const Target &> target = getTarget(name);
  if (!target)
    return host.emitError(toString(target.takeError()));
  const std::string &prefix = interface.prefix;
  // Defined by the package phase, which writes the weights.
  builder.setInsertionPointToStart(host.getBody());
  LLVM::GlobalOp::create(builder, types.i8, /*isConstant=*/true,
                         LLVM::Linkage::External, getWeightsName(prefix),
                         Attribute());

  std::string api;
  if (target->device) {
    // Defined by the runtime for it.
    api = getDeviceApiName(target->device->api);
    LLVM::GlobalOp::create(builder, types.i8, /*isConstant=*/true,
                           LLVM::Linkage::External, api, Attribute());
  }

  for (const FunctionInfo &function : interface.functions)
    addFunction(function);
  size_t count = interface.functions.size();
  std::string functions = getFunctionsName(prefix);
  addArray(functions, types.function, count,
           [&](size_t i) { return makeFunction(interface.functions[i]); });
  auto initialize = [&] {
    return makeStruct(types.descriptor,
                      {makeInteger(types.i32, SYLVITE_ABI_VERSION),
                       makeInteger(types.i32, count), makeAddress(functions),
                       makeAddress(getWeightsName(prefix)), makeString(name),
                       makeInteger(types.i64, getCpuFeatures(*target)),
                       api.empty()
                           ? Value(LLVM::ZeroOp::create(builder, types.pointer))
                           : makeAddress(api)});
  };
  // Seen by the list of them, which may be in another object.
  addConstant(getDescriptorName(prefix, name), types.descriptor, initialize,
              LLVM::Linkage::External);
  return success();
}

void DescriptorBuilder::addVariants() {
  const std::string &prefix = interface.prefix;
  size_t count = interface.variants.size();
  auto getName = [&](size_t i) {
    // Strongest first.
    return getDescriptorName(prefix, interface.variants[count - 1 - i].target);
  };
  for (size_t i = 0; i < count; ++i) {
    if (host.lookupSymbol(getName(i)))
      continue;
    builder.setInsertionPointToStart(host.getBody());
    LLVM::GlobalOp::create(builder, types.descriptor, /*isConstant=*/true,
                           LLVM::Linkage::External, getName(i), Attribute());
  }
  addArray(getVariantsName(prefix), types.pointer, count + 1, [&](size_t i) {
    return i < count ? makeAddress(getName(i))
                     : Value(LLVM::ZeroOp::create(builder, types.pointer));
  });
}

void DescriptorBuilder::addDescription() {
  builder.setInsertionPointToStart(host.getBody());
  std::string describe = printInterface(interface) + '\0';
  LLVM::GlobalOp::create(
      builder, LLVM::LLVMArrayType::get(types.i8, describe.size()),
      /*isConstant=*/true, LLVM::Linkage::Internal,
      getDescribeName(interface.prefix), builder.getStringAttr(describe));
}

LogicalResult sylvite::addDescriptor(ModuleOp host,
                                     const ModelInterface &interface,
                                     const LlvmTypes &types) {
  return DescriptorBuilder(host, interface, types).addDescriptor();
}

void sylvite::addLibraryConstants(ModuleOp host,
                                  const ModelInterface &interface,
                                  const LlvmTypes &types) {
  DescriptorBuilder builder(host, interface, types);
  builder.addVariants();
  builder.addDescription();
}
