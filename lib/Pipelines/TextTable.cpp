//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Aligns columns and shortens numbers.
///
//===----------------------------------------------------------------------===//

#include "TextTable.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/FormatVariadic.h"

using namespace sylvite;
using namespace llvm;

std::string sylvite::formatNumber(double number, StringRef unit) {
  constexpr const char *prefixes[] = {"", "k", "M", "G", "T", "P", "E"};
  size_t power = 0;
  // 999.5 would be written as 1000.
  for (; number >= 999.5 && power + 1 < std::size(prefixes); ++power)
    number /= 1000;
  int digits = power == 0 ? 0 : number < 9.995 ? 2 : number < 99.95 ? 1 : 0;
  std::string text;
  raw_string_ostream os(text);
  os << format("%.*f", digits, number);
  StringRef prefix = prefixes[power];
  if (!prefix.empty() || !unit.empty())
    os << ' ' << prefix << unit;
  return text;
}

std::string sylvite::formatShare(double part, double all) {
  return formatv("{0:F1} %", all ? 100 * part / all : 0.0);
}

std::string sylvite::formatSeconds(double seconds) {
  return formatv("{0:F1} us", seconds * 1e6);
}

void TextTable::add(std::vector<std::string> row) {
  widths.resize(std::max(widths.size(), row.size()));
  for (auto [width, cell] : zip(widths, row))
    width = std::max(width, cell.size());
  rows.push_back(std::move(row));
}

void TextTable::print(raw_ostream &os) const {
  for (const std::vector<std::string> &row : rows) {
    std::string line;
    for (auto [column, cell] : enumerate(row)) {
      std::string blanks(widths[column] - cell.size(), ' ');
      bool isLeft = column == 0 || column + 1 == widths.size();
      line += (column ? "  " : "") + (isLeft ? cell + blanks : blanks + cell);
    }
    os << StringRef(line).rtrim() << '\n';
  }
}
