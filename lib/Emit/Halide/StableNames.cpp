//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Numbers of Halide stand after two underscores, where a language has no
/// dollars.
///
//===----------------------------------------------------------------------===//

#include "StableNames.h"

using namespace sylvite;

/// The name without a number at its end.
static std::string dropNumber(const std::string &name) {
  size_t end = name.find_last_not_of("0123456789");
  bool isNumbered = end != std::string::npos && end + 1 < name.size() &&
                    end > 1 && name[end] == '_' && name[end - 1] == '_';
  return isNumbered ? name.substr(0, end - 1) : name;
}

std::string emit::StableNames::add(const std::string &name) {
  std::string base = dropNumber(name), stable = base;
  for (int i = 1; !taken.insert(stable).second; ++i)
    stable = base + "__" + std::to_string(i);
  return stable;
}
