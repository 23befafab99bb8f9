//===- TextTable.h - Tables for people --------------------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Columns of text, and numbers in them with few digits.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_PIPELINES_TEXTTABLE_H
#define SYLVITE_LIB_PIPELINES_TEXTTABLE_H

#include "llvm/Support/raw_ostream.h"

#include <string>
#include <vector>

namespace sylvite {

/// Three digits and the unit's thousands: "2.87 G".
std::string formatNumber(double number, llvm::StringRef unit);
/// "12.5 %".
std::string formatShare(double part, double all);
/// "12.5 us".
std::string formatSeconds(double seconds);

/// Text in columns, of which the first and the last are flush left.
class TextTable {
public:
  explicit TextTable(std::vector<std::string> heads) { add(std::move(heads)); }
  void add(std::vector<std::string> row);
  void print(llvm::raw_ostream &os) const;

private:
  std::vector<std::vector<std::string>> rows;
  std::vector<size_t> widths;
};

} // namespace sylvite

#endif // SYLVITE_LIB_PIPELINES_TEXTTABLE_H
