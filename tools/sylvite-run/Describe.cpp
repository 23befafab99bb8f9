//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What a library offers, for people.
///
//===----------------------------------------------------------------------===//

#include "Describe.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace sylvite;
using namespace llvm;

/// Prints rows below a title, the columns one below the other.
static void printTable(StringRef title, ArrayRef<std::vector<std::string>> rows,
                       raw_ostream &os) {
  if (rows.empty())
    return;
  std::vector<size_t> widths;
  for (const std::vector<std::string> &row : rows)
    for (auto [column, cell] : enumerate(row)) {
      widths.resize(std::max(widths.size(), column + 1));
      widths[column] = std::max(widths[column], cell.size());
    }
  os << "  " << title << '\n';
  for (const std::vector<std::string> &row : rows) {
    std::string line;
    for (auto [column, cell] : enumerate(row)) {
      raw_string_ostream(line) << left_justify(cell, widths[column]) << "  ";
    }
    os << "    " << StringRef(line).rtrim() << '\n';
  }
}

static std::vector<std::string> describe(const FunctionInfo &function,
                                         const ParameterInfo &parameter) {
  std::vector<std::string> notes;
  if (parameter.range)
    notes.push_back(formatv("{0} to {1}", parameter.range->first,
                            parameter.range->second - 1));
  if (parameter.defaultValue)
    notes.push_back(
        "optional, " +
        std::visit([](auto value) { return formatv("{0}", value).str(); },
                   *parameter.defaultValue) +
        " where left out");
  if (!parameter.inPlace.empty())
    notes.push_back("replaced by " + (parameter.inPlace == parameter.name
                                          ? "its new value"
                                          : parameter.inPlace));
  return {parameter.name, getElementName(parameter.type).str(),
          function.getShapeText(parameter), join(notes, "; ")};
}

static void describe(const FunctionInfo &function, raw_ostream &os) {
  using Rows = std::vector<std::vector<std::string>>;
  os << "\nfunction " << function.name << '\n';
  Rows dims, inputs, outputs;
  for (const DimInfo &dim : function.dims)
    dims.push_back(
        {dim.name, dim.max ? formatv("1 to {0}", dim.max).str() : "1 or more"});
  for (const ParameterInfo &input : function.inputs)
    inputs.push_back(describe(function, input));
  for (const ParameterInfo &output : function.outputs)
    outputs.push_back(describe(function, output));
  printTable("dimensions", dims, os);
  printTable("inputs", inputs, os);
  printTable("outputs", outputs, os);
  os << "  arena\n    " << function.arenaFormula << " bytes";
  if (std::string part = function.getPartText(); !part.empty())
    os << ", for " << part << " at a time";
  os << '\n';
}

static std::string countKernels(const VariantInfo &variant) {
  size_t count = variant.kernels.size();
  return std::to_string(count) + (count == 1 ? " kernel" : " kernels");
}

/// What the library was compiled for, and which of it would run here.
static void describeTargets(const Library &library, raw_ostream &os) {
  const ModelInterface &interface = library.getInterface();
  Expected<std::string> chosen = library.chooseTarget();
  os << interface.prefix << ": compiled for " << interface.getTargetText()
     << ", ";
  if (interface.variants.size() == 1)
    os << countKernels(interface.variants.front()) << ", ";
  os << interface.weightBytes << " bytes of weights";
  if (!interface.precision.empty())
    os << ", of layers as " << interface.precision;
  os << '\n';
  if (interface.variants.size() > 1) {
    std::vector<std::vector<std::string>> rows;
    for (const VariantInfo &variant : interface.variants)
      rows.push_back(
          {variant.target, countKernels(variant),
           chosen && *chosen == variant.target ? "chosen here" : ""});
    printTable("targets", rows, os);
  }
  if (!chosen)
    os << "  cannot be opened here: " << toString(chosen.takeError()) << '\n';
}

void sylvite::describe(const Library &library, raw_ostream &os) {
  describeTargets(library, os);
  const ModelInterface &interface = library.getInterface();
  for (const FunctionInfo &function : interface.functions)
    ::describe(function, os);
}
