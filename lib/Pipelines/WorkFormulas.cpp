//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Newton's interpolation, dimension by dimension, of costs on a grid.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Pipelines/WorkFormulas.h"

#include "KernelCosts.h"
#include "sylvite/Dialect/Halide/HalideDialect.h"
#include "sylvite/Support/ArenaFormula.h"
#include "sylvite/Support/Diagnostics/Places.h"
#include "sylvite/Support/WorkAttrs.h"

#include <cmath>

using namespace mlir;
using namespace sylvite;

/// With more the grid would be large; no model has as many.
static constexpr size_t kMaxDims = 5;
/// Extents on the grid, and off it; smaller ones where a dimension has a limit.
static constexpr int64_t kGrid[] = {8, 16, 24};
static constexpr int64_t kElsewhere = 11;

struct WorkFormulas::Function {
  std::string name;
  std::vector<std::string> dims;
  std::vector<std::vector<int64_t>> points;
  std::vector<KernelCosts> samples;
  /// The extents off the grid and the costs there.
  llvm::StringMap<uint64_t> elsewhere;
  std::optional<KernelCosts> check;
};

WorkFormulas::WorkFormulas() = default;
WorkFormulas::~WorkFormulas() = default;

//===----------------------------------------------------------------------===//
// Polynomials
//===----------------------------------------------------------------------===//

/// Replaces the values of a polynomial at `points` by its coefficients, those
/// of lower powers first. `values` are `stride` apart.
static void solve(ArrayRef<int64_t> points, double *values, size_t stride) {
  size_t count = points.size();
  auto at = [&](size_t i) -> double & { return values[i * stride]; };
  // Divided differences ...
  for (size_t order = 1; order < count; ++order)
    for (size_t i = count - 1; i >= order; --i)
      at(i) = (at(i) - at(i - 1)) / double(points[i] - points[i - order]);
  // ... and their products multiplied out, from the innermost bracket.
  for (size_t bracket = count - 1; bracket-- > 0;)
    for (size_t i = bracket; i + 1 < count; ++i)
      at(i) -= double(points[bracket]) * at(i + 1);
}

/// "2 * batch * seq * seq" of a coefficient with the powers of dimensions.
static std::string printTerm(uint64_t coefficient, ArrayRef<std::string> dims,
                             ArrayRef<unsigned> powers) {
  SmallVector<std::string> factors;
  for (auto [dim, power] : llvm::zip_equal(dims, powers))
    factors.append(power, dim);
  if (coefficient != 1 || factors.empty())
    factors.insert(factors.begin(), std::to_string(coefficient));
  return llvm::join(factors, " * ");
}

std::string sylvite::interpolate(ArrayRef<std::string> dims,
                                 ArrayRef<std::vector<int64_t>> points,
                                 std::vector<double> samples) {
  size_t stride = samples.size();
  for (const std::vector<int64_t> &axis : points) {
    size_t outer = stride;
    stride /= axis.size();
    for (size_t start = 0; start < samples.size(); start += outer)
      for (size_t inner = 0; inner < stride; ++inner)
        solve(axis, &samples[start + inner], stride);
  }
  SmallVector<std::string> terms;
  SmallVector<unsigned> powers(dims.size());
  for (size_t index = samples.size(); index-- > 0;) {
    double whole = std::round(samples[index]);
    // Differences of large numbers lose some digits.
    if (std::abs(whole - samples[index]) > 1e-3 || whole < 0)
      return "";
    if (whole == 0)
      continue;
    size_t rest = index;
    for (size_t dim = dims.size(); dim-- > 0; rest /= points[dim].size())
      powers[dim] = rest % points[dim].size();
    terms.push_back(printTerm(uint64_t(whole), dims, powers));
  }
  return terms.empty() ? "0" : llvm::join(terms, " + ");
}

//===----------------------------------------------------------------------===//
// Functions
//===----------------------------------------------------------------------===//

/// Extents for a dimension with that limit (0 for none): three where it has as
/// many.
static std::vector<int64_t> choosePoints(int64_t max) {
  if (!max || max >= kGrid[2])
    return {std::begin(kGrid), std::end(kGrid)};
  std::vector<int64_t> points;
  for (int64_t extent = 1; extent <= std::min<int64_t>(max, 3); ++extent)
    points.push_back(extent);
  return points;
}

static KernelCosts lookAt(func::FuncOp function, ArrayRef<std::string> dims,
                          ArrayRef<int64_t> extents) {
  CostShape shape;
  for (auto [dim, extent] : llvm::zip_equal(dims, extents))
    shape.extents[dim] = extent;
  return KernelCosts(function, getWorkload(shape, function));
}

void WorkFormulas::trace(ModuleOp module) {
  functions.clear();
  for (func::FuncOp function : getCostFunctions(module)) {
    std::vector<FunctionDim> dims = getFunctionDims(function);
    if (dims.size() > kMaxDims)
      continue;
    auto &traced = *functions.emplace_back(std::make_unique<Function>());
    traced.name = function.getName().str();
    SmallVector<int64_t> elsewhere;
    size_t count = 1;
    for (const FunctionDim &dim : dims) {
      traced.dims.push_back(dim.name);
      traced.points.push_back(choosePoints(dim.max));
      count *= traced.points.back().size();
      elsewhere.push_back(dim.max ? std::min(dim.max, kElsewhere) : kElsewhere);
      traced.elsewhere[dim.name] = elsewhere.back();
    }
    SmallVector<int64_t> extents(dims.size());
    for (size_t sample = 0; sample < count; ++sample) {
      size_t rest = sample;
      for (size_t dim = dims.size(); dim-- > 0;) {
        ArrayRef<int64_t> points = traced.points[dim];
        extents[dim] = points[rest % points.size()];
        rest /= points.size();
      }
      traced.samples.push_back(lookAt(function, traced.dims, extents));
    }
    traced.check = lookAt(function, traced.dims, elsewhere);
  }
}

/// The kind of the kernel's `halide.dot`, or none.
static std::optional<halide::DotKind> findDot(ModuleOp module,
                                              halide::InvokeOp invoke) {
  std::optional<halide::DotKind> kind;
  Operation *kernel =
      SymbolTable::lookupNearestSymbolFrom(invoke, invoke.getKernelAttr());
  if (kernel)
    kernel->walk([&](halide::DotOp dot) { kind = dot.getKind(); });
  return kind;
}

void WorkFormulas::annotate(ModuleOp module) const {
  for (const std::unique_ptr<Function> &traced : functions) {
    auto function = module.lookupSymbol<func::FuncOp>(traced->name);
    if (!function)
      continue;
    struct Work {
      std::vector<double> flops, bytes;
    };
    llvm::MapVector<Operation *, Work> calls;
    for (const KernelCosts &costs : traced->samples)
      costs.read(function, [&](halide::InvokeOp invoke, CostRow row) {
        calls[invoke].flops.push_back(row.getFlops());
        calls[invoke].bytes.push_back(row.getBytes());
      });
    traced->check->read(function, [&](halide::InvokeOp invoke, CostRow row) {
      auto note = [&](StringRef name, std::vector<double> &samples,
                      double expected) {
        std::string formula =
            interpolate(traced->dims, traced->points, std::move(samples));
        std::optional<uint64_t> value =
            evaluateArena(formula, traced->elsewhere);
        if (!formula.empty() && value && double(*value) == expected)
          invoke->setAttr(name, StringAttr::get(module.getContext(), formula));
      };
      if (std::string place = findModule(invoke.getLoc()); !place.empty())
        invoke->setAttr(kPlaceAttr,
                        StringAttr::get(module.getContext(), place));
      if (std::optional<halide::DotKind> kind = findDot(module, invoke))
        invoke->setAttr(kProductAttr,
                        StringAttr::get(module.getContext(),
                                        halide::stringifyDotKind(*kind)));
      note(kFlopsAttr, calls[invoke].flops, row.getFlops());
      note(kBytesAttr, calls[invoke].bytes, row.getBytes());
    });
  }
}
