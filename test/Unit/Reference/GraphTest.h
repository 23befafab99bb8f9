//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A fixture that parses graphs and keeps the diagnostics.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_TEST_UNIT_REFERENCE_GRAPHTEST_H
#define SYLVITE_TEST_UNIT_REFERENCE_GRAPHTEST_H

#include "sylvite/Dialect/Graph/GraphDialect.h"
#include "sylvite/Reference/Evaluator.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Parser/Parser.h"

#include "gtest/gtest.h"

namespace sylvite {

class GraphTest : public testing::Test {
protected:
  GraphTest()
      : handler(&context, [this](mlir::Diagnostic &diagnostic) {
          messages.push_back(diagnostic.str());
          for (mlir::Diagnostic &note : diagnostic.getNotes())
            messages.push_back(note.str());
        }) {
    context.loadDialect<graph::GraphDialect, mlir::arith::ArithDialect,
                        mlir::func::FuncDialect, mlir::math::MathDialect,
                        mlir::tensor::TensorDialect>();
  }

  mlir::OwningOpRef<mlir::ModuleOp> parse(llvm::StringRef text) {
    auto module = mlir::parseSourceString<mlir::ModuleOp>(text, &context);
    EXPECT_TRUE(module) << getMessages();
    return module;
  }

  /// All diagnostics so far, one a line.
  std::string getMessages() const { return llvm::join(messages, "\n"); }
  bool hasMessage(llvm::StringRef part) const {
    return llvm::StringRef(getMessages()).contains(part);
  }

  mlir::Type f32() { return mlir::Float32Type::get(&context); }
  mlir::Type i64() { return mlir::IntegerType::get(&context, 64); }

  mlir::MLIRContext context;
  std::vector<std::string> messages;
  mlir::ScopedDiagnosticHandler handler;
};

} // namespace sylvite

#endif // SYLVITE_TEST_UNIT_REFERENCE_GRAPHTEST_H
