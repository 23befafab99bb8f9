//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The families, put together.
///
//===----------------------------------------------------------------------===//

#include "Operators.h"

using namespace sylvite;

/// The standard's domain has two spellings.
static std::string getKey(llvm::StringRef domain, llvm::StringRef name) {
  if (domain == "ai.onnx")
    domain = "";
  return (domain + ":" + name).str();
}

void Operators::add(llvm::StringRef name, ImportFunction import,
                    llvm::StringRef domain) {
  bool isNew = functions.try_emplace(getKey(domain, name), import).second;
  assert(isNew && "an operator has one importer");
  (void)isNew;
}

ImportFunction Operators::lookup(llvm::StringRef domain,
                                 llvm::StringRef name) const {
  return functions.lookup(getKey(domain, name));
}

const Operators &Operators::all() {
  static const Operators all = [] {
    Operators operators;
    addActivations(operators);
    addAttention(operators);
    addCasts(operators);
    addConstants(operators);
    addContractions(operators);
    addControl(operators);
    addConvolutions(operators);
    addElementwise(operators);
    addGather(operators);
    addLosses(operators);
    addMovements(operators);
    addNorms(operators);
    addQuantization(operators);
    addRecurrent(operators);
    addReductions(operators);
    addRunning(operators);
    addRuntimeAttention(operators);
    addRuntimeFused(operators);
    addRuntimeQuantized(operators);
    addShapes(operators);
    addSlices(operators);
    addUnary(operators);
    return operators;
  }();
  return all;
}
