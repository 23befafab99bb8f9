//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Makes up inputs: extents for the names, then values by the kind of argument.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Reference/GeneratedInputs.h"
#include "Random.h"

#include "sylvite/Dialect/Graph/GraphDialect.h"
#include "sylvite/Dialect/Graph/SymInt.h"
#include "sylvite/Reference/DimBindings.h"

#include <cmath>

using namespace mlir;
using namespace sylvite;
using graph::GraphDialect;

namespace {
/// What an argument's values mean.
enum class InputKind { Float, Mask, Lengths, Range };

/// How a row of a mask looks.
enum class MaskRow { Ones, Random, Zeros, PaddingInFront, PaddingBehind };

/// What is common to the inputs of a case.
struct CasePlan {
  StringRef name;
  /// Extents for the names in the order of their appearance, repeated.
  SmallVector<int64_t> extents;
  /// Rows of a mask in turn.
  SmallVector<MaskRow> maskRows;
  double magnitude = 2;
};
} // namespace

static StringRef toString(MaskRow row) {
  switch (row) {
  case MaskRow::Ones:
    return "ones";
  case MaskRow::Random:
    return "random";
  case MaskRow::Zeros:
    return "zeros";
  case MaskRow::PaddingInFront:
    return "padding in front";
  case MaskRow::PaddingBehind:
    return "padding behind";
  }
  llvm_unreachable("all rows are above");
}

bool sylvite::masksWithFiniteNumber(func::FuncOp function) {
  auto isFiniteMask = [](double value) {
    return std::isfinite(value) && (value <= -1000 || value > 10000);
  };
  WalkResult walk = function.walk([&](graph::ConstantOp op) {
    if (!isa<FloatType>(op.getType().getElementType()))
      return WalkResult::advance();
    llvm::Expected<Tensor> constant = toTensor(op.getValue());
    if (!constant) {
      // The evaluator will say that it cannot read the constant.
      llvm::consumeError(constant.takeError());
      return WalkResult::advance();
    }
    return llvm::any_of(constant->data, isFiniteMask) ? WalkResult::interrupt()
                                                      : WalkResult::advance();
  });
  return walk.wasInterrupted();
}

static InputKind getKind(func::FuncOp function, unsigned argument,
                         RankedTensorType type) {
  if (isa<FloatType>(type.getElementType()))
    return InputKind::Float;
  auto range =
      function.getArgAttrOfType<ArrayAttr>(argument, GraphDialect::kRange);
  if (!range)
    return type.getElementType().isInteger(1) || type.getRank() >= 2
               ? InputKind::Mask
               : InputKind::Lengths;
  bool isBoolean = cast<IntegerAttr>(range[0]).getInt() == 0 &&
                   cast<IntegerAttr>(range[1]).getInt() == 2;
  return isBoolean ? InputKind::Mask : InputKind::Range;
}

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

static void fillMask(Tensor &mask, ArrayRef<MaskRow> rows, bool keepsFirst,
                     Random &random) {
  if (mask.shape.empty()) {
    mask.data[0] = 1;
    return;
  }
  // A mask of rank 1 has one row; others have rows by their first dimension.
  int64_t count = mask.getRank() == 1 ? 1 : mask.shape[0];
  int64_t length = count ? mask.getNumElements() / count : 0;
  for (int64_t row = 0; row < count; ++row) {
    // At least one position is padding and one is not, if there are two.
    int64_t split = length < 2 ? 0 : 1 + random.below(length - 1);
    for (int64_t i = 0; i < length; ++i) {
      double &value = mask.data[row * length + i];
      switch (rows[row % rows.size()]) {
      case MaskRow::Ones:
        value = 1;
        break;
      case MaskRow::Random:
        value = (keepsFirst && i == 0) || random.below(2);
        break;
      case MaskRow::Zeros:
        value = 0;
        break;
      case MaskRow::PaddingInFront:
        value = i >= split;
        break;
      case MaskRow::PaddingBehind:
        value = i < split || length < 2;
        break;
      }
    }
  }
}

static void fillRange(Tensor &tensor, ArrayAttr range, Random &random) {
  int64_t lo = cast<IntegerAttr>(range[0]).getInt();
  int64_t hi = cast<IntegerAttr>(range[1]).getInt();
  for (auto [i, value] : llvm::enumerate(tensor.data))
    value = i == 0   ? double(lo)
            : i == 1 ? double(hi - 1)
                     : double(lo + int64_t(random.below(uint64_t(hi) - lo)));
}

//===----------------------------------------------------------------------===//
// Cases
//===----------------------------------------------------------------------===//

/// The names of a function's dimensions in the order of their appearance, the
/// factors of products singly; none if an argument is no tensor.
static FailureOr<SmallVector<StringRef>> getNames(func::FuncOp function) {
  SmallVector<StringRef> names;
  SmallVector<Type> types(function.getArgumentTypes());
  // Some dimensions have no input: how many tokens to generate.
  llvm::append_range(types, function.getResultTypes());
  for (Type type : types) {
    auto tensor = dyn_cast<RankedTensorType>(type);
    if (!tensor)
      return emitFunctionError(function)
             << "takes or gives " << type
             << "; inputs are made up for tensors alone";
    for (const graph::Dim &dim : graph::getDims(tensor)) {
      if (dim.isStatic() || !dim.name)
        continue;
      for (StringRef name : getLeafNames(dim.name.getValue()))
        if (!llvm::is_contained(names, name))
          names.push_back(name);
    }
  }
  return names;
}

static FailureOr<GeneratedCase> makeCase(func::FuncOp function,
                                         ArrayRef<StringRef> names,
                                         const CasePlan &plan,
                                         bool finiteMask) {
  GeneratedCase result;
  auto maxima = function->getAttrOfType<DictionaryAttr>(GraphDialect::kDimMax);
  DimBindings dims;
  int64_t longest = 1;
  for (auto [i, name] : llvm::enumerate(names)) {
    int64_t extent = plan.extents[i % plan.extents.size()];
    if (maxima)
      if (auto limit = maxima.getAs<IntegerAttr>(name))
        extent = std::min(extent, limit.getInt());
    longest = std::max(longest, extent);
    llvm::cantFail(dims.bind(name, extent, "a generated input"));
    result.extents.emplace_back(name, extent);
  }
  std::vector<std::string> notes = {plan.name.str()};
  if (!names.empty())
    notes.push_back(dims.toString());

  for (BlockArgument argument : function.getArguments()) {
    unsigned number = argument.getArgNumber();
    std::string name = getInputName(function, number);
    auto type = cast<RankedTensorType>(argument.getType());
    llvm::Expected<SmallVector<int64_t>> shape = dims.resolve(type);
    if (!shape)
      return emitFunctionError(function)
             << "input '" << name << "': " << llvm::toString(shape.takeError());
    if (!sylvite::getNumElements(*shape))
      return emitFunctionError(function)
             << "input '" << name << "' is too large";
    Tensor tensor(*shape, type.getElementType());
    Random random(name, llvm::xxh3_64bits(plan.name));
    switch (getKind(function, number, type)) {
    case InputKind::Float:
      for (double &value : tensor.data)
        value = random.uniform(-plan.magnitude, plan.magnitude);
      break;
    case InputKind::Mask:
      fillMask(tensor, plan.maskRows, finiteMask, random);
      notes.push_back(name + ": " +
                      llvm::join(llvm::map_range(plan.maskRows,
                                                 [](MaskRow row) {
                                                   return ::toString(row);
                                                 }),
                                 ", "));
      break;
    case InputKind::Lengths:
      for (double &value : tensor.data)
        value =
            finiteMask ? 1 + random.below(longest) : random.below(longest + 1);
      break;
    case InputKind::Range:
      fillRange(
          tensor,
          function.getArgAttrOfType<ArrayAttr>(number, GraphDialect::kRange),
          random);
      break;
    }
    result.inputs[name] = std::move(tensor);
  }
  result.description = llvm::join(notes, "; ");
  return result;
}

FailureOr<std::vector<GeneratedCase>>
sylvite::generateInputs(func::FuncOp function) {
  FailureOr<SmallVector<StringRef>> names = getNames(function);
  if (failed(names))
    return failure();
  bool finiteMask = masksWithFiniteNumber(function);
  SmallVector<MaskRow> rows = {MaskRow::Random, MaskRow::Zeros,
                               MaskRow::PaddingInFront, MaskRow::PaddingBehind};
  if (finiteMask)
    rows = {MaskRow::Random, MaskRow::Ones, MaskRow::PaddingBehind};

  SmallVector<CasePlan> plans = {
      {"smallest", {1}, {MaskRow::Ones}},
      {"uneven", {4, 5, 7, 3, 2, 6}, rows},
      {"one position", {3, 1, 2}, {rows[1], MaskRow::Ones}},
  };
  bool hasFloats = llvm::any_of(function.getArgumentTypes(), [](Type type) {
    return isa<FloatType>(getElementTypeOrSelf(type));
  });
  if (hasFloats && !finiteMask)
    plans.push_back({"large numbers", {2, 7, 3, 5}, rows, 200});

  std::vector<GeneratedCase> cases;
  for (const CasePlan &plan : plans) {
    FailureOr<GeneratedCase> next =
        makeCase(function, *names, plan, finiteMask);
    if (failed(next))
      return failure();
    cases.push_back(std::move(*next));
  }
  return cases;
}
