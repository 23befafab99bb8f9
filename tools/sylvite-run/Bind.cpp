//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// From named arrays to arguments.
///
//===----------------------------------------------------------------------===//

#include "Bind.h"

#include "sylvite/Support/ArenaFormula.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace sylvite;
using namespace llvm;

namespace {

/// Binds the arrays of one file.
class Binder {
public:
  Binder(const FunctionInfo &function, const NpzArrays &arrays, StringRef path)
      : function(function), arrays(arrays), path(path),
        dims(function.dims.size(), -1), origins(function.dims.size()) {}

  Expected<BoundArguments>
  bind(ArrayRef<std::pair<std::string, int64_t>> extents);

private:
  /// Extents that follow from others.
  void bindComposed();
  Error checkNames() const;
  Error bindExtent(StringRef name, int64_t extent);
  Error bindArray(const ParameterInfo &input, const NpyArray &array);
  /// "PATH: 'INPUT' MESSAGE, expected TYPE SHAPE".
  Error makeError(const ParameterInfo &input, const Twine &message) const;

  const FunctionInfo &function;
  const NpzArrays &arrays;
  StringRef path;
  std::vector<int64_t> dims;
  /// What told a dimension: an input with quotes, or the caller.
  std::vector<std::string> origins;
};

} // namespace

static std::string printShape(ArrayRef<int64_t> shape) {
  return "[" +
         join(map_range(shape, [](int64_t e) { return std::to_string(e); }),
              ", ") +
         "]";
}

Error Binder::makeError(const ParameterInfo &input,
                        const Twine &message) const {
  return createStringError(Twine(path) + ": '" + input.name + "' " + message +
                           ", expected " + getElementName(input.type) + " " +
                           function.getShapeText(input));
}

Error Binder::checkNames() const {
  for (const auto &[name, array] : arrays)
    if (none_of(function.inputs, [&, &name = name](const ParameterInfo &input) {
          return input.name == name;
        })) {
      auto names = map_range(function.inputs, [](const ParameterInfo &input) {
        return input.name;
      });
      return createStringError(Twine(path) + ": '" + name +
                               "' is no input of function " + function.name +
                               ", which has " + join(names, ", "));
    }
  for (const ParameterInfo &input : function.inputs)
    if (!input.defaultValue && !arrays.count(input.name))
      return makeError(input, "is missing");
  return Error::success();
}

Error Binder::bindArray(const ParameterInfo &input, const NpyArray &array) {
  if (array.type != input.type)
    return makeError(input,
                     "has elements of type " + getElementName(array.type));
  if (array.shape.size() != input.shape.size())
    return makeError(input, "has the shape " + printShape(array.shape));
  for (auto [extent, expected] : zip(array.shape, input.shape)) {
    if (expected >= 0) {
      if (extent != expected)
        return makeError(input, "has the shape " + printShape(array.shape));
      continue;
    }
    size_t dim = -1 - expected;
    if (dims[dim] < 0) {
      dims[dim] = extent;
      origins[dim] = "'" + input.name + "'";
    } else if (dims[dim] != extent) {
      return makeError(input, "has the shape " + printShape(array.shape) +
                                  ", but " + function.dims[dim].name + " is " +
                                  Twine(dims[dim]) + " by " + origins[dim]);
    }
  }
  return Error::success();
}

Error Binder::bindExtent(StringRef name, int64_t extent) {
  auto dim = find_if(function.dims, [&](const DimInfo &info) {
    return StringRef(info.name) == name;
  });
  if (dim == function.dims.end())
    return createStringError("--dim: function " + function.name +
                             " has no dimension '" + name + "'");
  dims[dim - function.dims.begin()] = extent;
  origins[dim - function.dims.begin()] = "--dim";
  return Error::success();
}

void Binder::bindComposed() {
  StringMap<uint64_t> known;
  for (auto [dim, extent] : zip(function.dims, dims))
    if (extent >= 0)
      known[dim.name] = extent;
  for (auto [dim, extent] : zip(function.dims, dims))
    if (std::optional<uint64_t> value;
        extent < 0 && dim.isComposed() &&
        (value = evaluateArena(dim.name, known)) && isInt<32>(*value))
      extent = *value;
}

Expected<BoundArguments>
Binder::bind(ArrayRef<std::pair<std::string, int64_t>> extents) {
  if (Error error = checkNames())
    return std::move(error);
  for (const auto &[name, extent] : extents)
    if (Error error = bindExtent(name, extent))
      return std::move(error);
  BoundArguments bound;
  for (const ParameterInfo &input : function.inputs) {
    auto array = arrays.find(input.name);
    if (array == arrays.end()) {
      bound.inputs.push_back(nullptr);
      continue;
    }
    if (Error error = bindArray(input, array->second))
      return std::move(error);
    bound.inputs.push_back(array->second.data.data());
  }
  bindComposed();
  for (auto [dim, extent] : zip(function.dims, dims))
    if (extent < 0)
      return createStringError(
          Twine(path) + ": no input in it tells the dimension " + dim.name +
          "; give it by --dim=" + dim.name + "=extent");
  bound.dims = std::move(dims);
  return bound;
}

Expected<BoundArguments>
sylvite::bindInputs(const FunctionInfo &function, const NpzArrays &arrays,
                    StringRef path,
                    ArrayRef<std::pair<std::string, int64_t>> extents) {
  return Binder(function, arrays, path).bind(extents);
}

void sylvite::takeInPlace(const FunctionInfo &function, NpzArrays &inputs,
                          NpzArrays &outputs) {
  for (const ParameterInfo &input : function.inputs)
    if (auto array = inputs.find(input.name);
        !input.inPlace.empty() && array != inputs.end())
      outputs[input.inPlace] = std::move(array->second);
}

Expected<NpzArrays> sylvite::makeOutputs(const FunctionInfo &function,
                                         ArrayRef<int64_t> dims) {
  NpzArrays arrays;
  for (const ParameterInfo &output : function.outputs) {
    NpyArray &array = arrays[output.name];
    array.type = output.type;
    uint64_t bytes = getElementBytes(output.type);
    bool overflow = false;
    for (int64_t extent : output.shape) {
      array.shape.push_back(extent < 0 ? dims[-1 - extent] : extent);
      overflow |=
          __builtin_mul_overflow(bytes, uint64_t(array.shape.back()), &bytes);
    }
    // The library itself would refuse that; here it would end the tool.
    if (overflow || bytes > uint64_t(1) << 40)
      return createStringError("output '" + output.name + "' would have the " +
                               "shape " + printShape(array.shape) +
                               ", which is too large");
    array.data.resize(bytes);
  }
  return arrays;
}
