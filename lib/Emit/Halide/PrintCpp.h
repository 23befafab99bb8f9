//===- PrintCpp.h - Kernels as programs of Halide ---------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The parts of a printed kernel. Each prints into a function of C++ whose
/// names are kept in one scope.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_EMIT_HALIDE_PRINTCPP_H
#define SYLVITE_LIB_EMIT_HALIDE_PRINTCPP_H

#include "sylvite/Dialect/Halide/HalideDialect.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"

namespace sylvite::emit {

/// A loop of a stage, as its `Var` or `RVar` is called in C++.
struct CppLoop {
  std::string identifier;
  bool isRVar = false;
};

/// What the names of the IR are called in one function of C++.
class CppScope {
public:
  /// An identifier like `wanted` that nothing else in the function has, and
  /// that hides nothing of Halide's which printed code uses.
  std::string makeIdentifier(llvm::StringRef wanted);

  /// The identifier of the `Var` of that name; the same for equal names.
  std::string getVar(llvm::StringRef name);

  /// Functions and input buffers, by their names in the IR.
  llvm::StringMap<std::string> funcs;
  llvm::StringMap<std::string> inputs;
  /// The functions that are outputs, in their order.
  std::vector<std::string> outputs;
  /// The loops of a function's stages by their names: the pure definition, then
  /// the updates.
  llvm::StringMap<std::vector<llvm::StringMap<CppLoop>>> stages;

  /// `Var`s and `RVar`s that wait for their declaration, in order, each as it
  /// is declared: n("n").
  llvm::SmallVector<std::string> newVars;
  llvm::SmallVector<std::string> newRVars;

private:
  llvm::StringSet<> taken;
  llvm::StringMap<std::string> vars;
};

/// The name as a literal of C++.
std::string quoteCpp(llvm::StringRef name);

/// Prints the declarations that wait in the scope.
void printNewVars(CppScope &scope, llvm::raw_ostream &os);

/// Prints buffers, functions and updates.
mlir::LogicalResult printCppAlgorithm(halide::PipelineOp pipeline,
                                      CppScope &scope, llvm::raw_ostream &os);

/// Prints a schedule's directives as chains of calls. The algorithm must have
/// been printed into the scope, and the schedule must fit it.
mlir::LogicalResult printCppSchedule(halide::ScheduleOp schedule,
                                     CppScope &scope, llvm::raw_ostream &os);

/// Prints those functions of IntegerMath.h and VectorMath.h that `program`
/// calls.
void printCppHelpers(llvm::StringRef program, llvm::raw_ostream &os);

} // namespace sylvite::emit

#endif // SYLVITE_LIB_EMIT_HALIDE_PRINTCPP_H
