//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The report of costs as tables and as JSON.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Pipelines/CostReport.h"

#include "TextTable.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"

using namespace sylvite;
using namespace llvm;

//===----------------------------------------------------------------------===//
// Tables
//===----------------------------------------------------------------------===//

/// Prints rows and their sum. Columns that say nothing are left out.
static void printRows(StringRef what, ArrayRef<CostRow> rows,
                      const CostOptions &options, raw_ostream &os) {
  bool hasRuns = any_of(rows, [](const CostRow &row) { return row.runs != 1; });
  bool hasTime = options.peak || options.bandwidth;
  std::vector<std::string> heads = {what.str(), "result"};
  if (hasRuns)
    heads.push_back("runs");
  append_range(heads, std::vector<std::string>{"FLOP", "weights", "read",
                                               "written", "FLOP/B", "padding",
                                               "masked", "arena"});
  if (hasTime)
    heads.push_back("at least");
  heads.push_back("place");
  TextTable table(heads);
  auto add = [&](const CostRow &row, double seconds) {
    std::vector<std::string> cells = {row.name, row.result};
    if (hasRuns)
      cells.push_back(row.name == "total" && row.result.empty()
                          ? ""
                          : formatv("{0}", uint64_t(row.runs)).str());
    double flops = row.getFlops(), bytes = row.getBytes();
    cells.push_back(formatNumber(flops, ""));
    cells.push_back(formatNumber(row.weights, "B"));
    cells.push_back(formatNumber(row.read, "B"));
    cells.push_back(formatNumber(row.written, "B"));
    cells.push_back(formatv("{0:F1}", bytes ? flops / bytes : 0.0));
    cells.push_back(formatShare(row.padding, flops));
    cells.push_back(formatShare(row.masked, flops));
    cells.push_back(formatNumber(row.arena, "B"));
    if (hasTime)
      cells.push_back(formatSeconds(seconds));
    cells.push_back(row.place);
    table.add(std::move(cells));
  };
  double seconds = 0;
  for (const CostRow &row : rows) {
    double one = predictSeconds(row, options).value_or(0);
    seconds += one * row.runs;
    add(row, one);
  }
  CostRow total = getTotal(rows);
  add(total, seconds);
  table.print(os);
  os << formatv("of {0}FLOP, {1} in matrix products\n",
                formatNumber(total.getFlops(), ""),
                formatShare(total.products, total.getFlops()));
}

void CostReport::print(raw_ostream &os) const {
  for (const FunctionCost &cost : costs) {
    std::string shape = cost.shape.print();
    os << "cost of " << cost.function << (shape.empty() ? "" : " at ") << shape
       << "\n\n";
    printRows("op", cost.ops, options, os);
    if (!cost.kernels.empty()) {
      os << '\n';
      printRows("kernel", cost.kernels, options, os);
    }
    if (cost.arena)
      os << "arena " << formatNumber(*cost.arena, "B") << ": "
         << cost.arenaFormula << '\n';
    os << '\n';
  }
}

//===----------------------------------------------------------------------===//
// JSON
//===----------------------------------------------------------------------===//

/// Whole where it is.
static json::Value toJson(double number) {
  if (number == std::floor(number) && std::abs(number) < 9e15)
    return int64_t(number);
  return number;
}

static json::Object toJson(const CostRow &row) {
  json::Object object{{"name", row.name},
                      {"flops", toJson(row.getFlops())},
                      {"product_flops", toJson(row.products)},
                      {"bytes_of_weights", toJson(row.weights)},
                      {"bytes_read", toJson(row.read)},
                      {"bytes_written", toJson(row.written)},
                      {"padding_flops", toJson(row.padding)},
                      {"masked_flops", toJson(row.masked)},
                      {"arena_bytes", toJson(row.arena)}};
  if (row.getBytes())
    object["intensity"] = row.getFlops() / row.getBytes();
  return object;
}

/// Rows, and their sum.
static void addRows(json::Object &to, StringRef what, StringRef total,
                    ArrayRef<CostRow> rows, const CostOptions &options) {
  json::Array array;
  double seconds = 0;
  bool hasTime = options.peak || options.bandwidth;
  for (const CostRow &row : rows) {
    json::Object object = toJson(row);
    object["result"] = row.result;
    object["place"] = row.place;
    object["runs"] = toJson(row.runs);
    if (std::optional<double> one = predictSeconds(row, options)) {
      object["seconds"] = *one;
      seconds += row.runs * *one;
    }
    array.push_back(std::move(object));
  }
  json::Object sum = toJson(getTotal(rows));
  if (hasTime)
    sum["seconds"] = seconds;
  to[what] = std::move(array);
  to[total] = std::move(sum);
}

void CostReport::printJson(raw_ostream &os, json::Object device) const {
  json::Array functions;
  for (const FunctionCost &cost : costs) {
    json::Object extents, lengths;
    for (const auto &[name, extent] : cost.shape.extents)
      extents[name] = extent;
    for (const auto &[name, rows] : cost.shape.lengths)
      lengths[name] = json::Array(rows);
    json::Object object{{"function", cost.function},
                        {"extents", std::move(extents)},
                        {"lengths", std::move(lengths)}};
    addRows(object, "ops", "ops_total", cost.ops, options);
    if (!cost.kernels.empty())
      addRows(object, "kernels", "kernels_total", cost.kernels, options);
    if (cost.arena)
      object["arena"] = json::Object{{"formula", cost.arenaFormula},
                                     {"bytes", toJson(*cost.arena)}};
    functions.push_back(std::move(object));
  }
  json::Object report{{"functions", std::move(functions)}};
  if (options.peak)
    report["peak_gflops"] = options.peak;
  if (options.bandwidth)
    report["bandwidth_gbytes"] = options.bandwidth;
  if (!device.empty())
    report["device"] = std::move(device);
  os << formatv("{0:2}\n", json::Value(std::move(report)));
}
