//===- Operators.h - The table of operators ---------------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Operators by domain and name. Each family of them has a file, which adds
/// what it imports.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_IMPORT_ONNX_OPERATORS_H
#define SYLVITE_LIB_IMPORT_ONNX_OPERATORS_H

#include "Importer.h"

namespace sylvite {

using ImportFunction = llvm::LogicalResult (*)(Node &);

/// Imports what the graph has an op for, of one operand.
template <typename OpTy>
llvm::LogicalResult importUnary(Node &node) {
  return node.set(node.ops.unary<OpTy>(node.get(0)));
}

class Operators {
public:
  /// All that there are.
  static const Operators &all();

  /// Of the standard's own domain, or of another.
  void add(llvm::StringRef name, ImportFunction import,
           llvm::StringRef domain = "");
  /// Null for an operator that nobody added.
  ImportFunction lookup(llvm::StringRef domain, llvm::StringRef name) const;

private:
  llvm::StringMap<ImportFunction> functions;
};

void addActivations(Operators &operators);
void addAttention(Operators &operators);
void addCasts(Operators &operators);
void addConstants(Operators &operators);
void addContractions(Operators &operators);
void addControl(Operators &operators);
void addConvolutions(Operators &operators);
void addElementwise(Operators &operators);
void addGather(Operators &operators);
void addLosses(Operators &operators);
void addMovements(Operators &operators);
void addNorms(Operators &operators);
void addQuantization(Operators &operators);
void addRecurrent(Operators &operators);
void addReductions(Operators &operators);
void addRunning(Operators &operators);
void addRuntimeAttention(Operators &operators);
void addRuntimeFused(Operators &operators);
void addRuntimeQuantized(Operators &operators);
void addShapes(Operators &operators);
void addSlices(Operators &operators);
void addUnary(Operators &operators);

} // namespace sylvite

#endif // SYLVITE_LIB_IMPORT_ONNX_OPERATORS_H
