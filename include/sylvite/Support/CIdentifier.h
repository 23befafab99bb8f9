//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Names that are safe in generated C: what users call their models, inputs and
/// dimensions may be anything.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_SUPPORT_CIDENTIFIER_H
#define SYLVITE_SUPPORT_CIDENTIFIER_H

#include "llvm/ADT/StringRef.h"

#include <string>

namespace sylvite {

/// Whether `name` can be a name in C and in C++: an identifier, not a keyword
/// and not reserved for the compiler.
bool isCIdentifier(llvm::StringRef name);

/// `name` with every other character replaced by an underscore, for example
/// "all_MiniLM_L6_v2" for "all-MiniLM-L6-v2". Never empty, never a keyword.
std::string makeCIdentifier(llvm::StringRef name);

} // namespace sylvite

#endif // SYLVITE_SUPPORT_CIDENTIFIER_H
