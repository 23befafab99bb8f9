//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Identifiers of printed programs. Names of the IR may be anything, and a
/// variable of C++ hides a function of the same name.
///
//===----------------------------------------------------------------------===//

#include "PrintCpp.h"
#include "sylvite/Support/CIdentifier.h"

using namespace sylvite;
using namespace sylvite::emit;
using llvm::StringRef;

/// What printed code calls from Halide and its helpers.
static bool isUsedByPrintedCode(StringRef name) {
  static const llvm::StringSet<> names = {"BFloat",
                                          "Bool",
                                          "Expr",
                                          "Float",
                                          "Func",
                                          "Halide",
                                          "ImageParam",
                                          "Int",
                                          "Internal",
                                          "Pipeline",
                                          "RDom",
                                          "RVar",
                                          "Target",
                                          "UInt",
                                          "Var",
                                          "LoopLevel",
                                          "abs",
                                          "bool",
                                          "bfloat16_t",
                                          "cast",
                                          "ceil",
                                          "clamp",
                                          "compile",
                                          "cos",
                                          "erf",
                                          "exp",
                                          "exp2_f32",
                                          "exp_f32",
                                          "float16_t",
                                          "floor",
                                          "int16_t",
                                          "int32_t",
                                          "int64_t",
                                          "int8_t",
                                          "log",
                                          "main",
                                          "max",
                                          "min",
                                          "pow",
                                          "reinterpret",
                                          "round",
                                          "select",
                                          "sin",
                                          "sqrt",
                                          "std",
                                          "tanh",
                                          "tanh_f32",
                                          "target",
                                          "trunc",
                                          "uint16_t",
                                          "uint32_t",
                                          "uint64_t",
                                          "uint8_t",
                                          "NAN",
                                          "MemoryType",
                                          "OutputFileType",
                                          "Partition",
                                          "TailStrategy",
                                          "div_round_to_zero",
                                          "mod_round_to_zero"};
  return names.contains(name);
}

std::string CppScope::makeIdentifier(StringRef wanted) {
  std::string base = makeCIdentifier(wanted), identifier = base;
  if (isUsedByPrintedCode(base))
    identifier = base += "_";
  // Two underscores in a row are the compiler's.
  StringRef separator = StringRef(base).ends_with("_") ? "" : "_";
  for (unsigned i = 1; !taken.insert(identifier).second; ++i)
    identifier = base + separator.str() + std::to_string(i);
  return identifier;
}

std::string CppScope::getVar(StringRef name) {
  auto [found, isNew] = vars.try_emplace(name);
  if (isNew) {
    found->second = makeIdentifier(name);
    newVars.push_back(found->second + "(" + quoteCpp(name) + ")");
  }
  return found->second;
}

std::string emit::quoteCpp(StringRef name) {
  std::string text;
  llvm::raw_string_ostream os(text);
  os << '"';
  os.write_escaped(name);
  os << '"';
  return text;
}

void emit::printNewVars(CppScope &scope, llvm::raw_ostream &os) {
  auto print = [&](StringRef type, llvm::SmallVector<std::string> &variables) {
    if (!variables.empty())
      os << "  " << type << ' ' << llvm::join(variables, ", ") << ";\n";
    variables.clear();
  };
  print("Var", scope.newVars);
  print("RVar", scope.newRVars);
}
