//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The summary of a compilation, a line for each thing worth knowing.
///
//===----------------------------------------------------------------------===//

#include "Summary.h"

#include "sylvite/Support/ArenaFormula.h"

#include "llvm/Support/FormatVariadic.h"

using namespace sylvite;
using namespace llvm;

/// A size as people say it.
static std::string formatBytes(uint64_t bytes) {
  if (bytes < 1000)
    return formatv("{0} B", bytes);
  if (bytes < 1000000)
    return formatv("{0:F1} kB", bytes / 1e3);
  return formatv("{0:F1} MB", bytes / 1e6);
}

/// "6 attention, 13 layer_norm; 2 missed".
static std::string formatFusions(ArrayRef<FusionCount> counts) {
  std::string text;
  unsigned missed = 0;
  for (const FusionCount &count : counts) {
    missed += count.missed;
    if (!count.fused)
      continue;
    text += text.empty() ? "" : ", ";
    text += formatv("{0} {1}", count.fused, count.family);
  }
  if (text.empty())
    text = "none";
  if (missed)
    text += formatv("; {0} missed (--explain-fusion tells why)", missed);
  return text;
}

/// "encode: 13824 * batch * seq bytes (1.8 MB at batch = 1, seq = 128)". A
/// formula too long to be read in one line is left to the header.
static std::string formatArena(const FunctionInfo &function) {
  constexpr size_t longest = 60;
  const std::string &formula = function.arenaFormula;
  StringMap<uint64_t> dims;
  std::string example;
  // One sentence of a usual length: dimensions with a limit are lengths.
  for (const DimInfo &dim : function.dims) {
    uint64_t extent = dim.max ? std::min<uint64_t>(dim.max, 128) : 1;
    dims[dim.name] = extent;
    example += (example.empty() ? " at " : ", ") + dim.name + " = " +
               std::to_string(extent);
  }
  std::optional<uint64_t> bytes = evaluateArena(formula, dims);
  std::string text = function.name + ": " + formula + " bytes";
  if (!bytes || function.dims.empty() || *bytes == 0)
    return text;
  std::string size = formatBytes(*bytes) + example;
  return formula.size() > longest
             ? function.name + ": " + size + ", by a formula in the header"
             : text + " (" + size + ")";
}

void sylvite::printSummary(const Summary &summary, raw_ostream &os) {
  const PackagedModel &model = summary.model;
  os << formatv("target   {0}{1}\n", model.interface.getTargetText(),
                summary.isNative ? " (native)" : "");
  if (summary.isFused)
    os << "fused    " << formatFusions(summary.fusions) << '\n';
  for (auto [variant, counts] : zip(model.interface.variants, model.counts))
    os << formatv("kernels  {0} distinct, {1} calls, {2} from the cache{3}\n",
                  counts.kernels, counts.calls, counts.cached,
                  model.counts.size() > 1 ? " for " + variant.target : "");
  if (!model.interface.precision.empty())
    os << "weights  of layers as " << model.interface.precision << '\n';
  for (const FunctionInfo &function : model.interface.functions)
    os << "memory   " << formatArena(function) << '\n';
  for (const PackagedFile &file : model.files)
    os << formatv("wrote    {0} ({1})\n", file.path, formatBytes(file.bytes));
  os << formatv("time     {0:F1} s\n", summary.seconds);
}
