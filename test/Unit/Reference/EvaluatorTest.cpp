//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What the evaluator asks of its inputs. That its ops compute the right thing
/// is tested in test/Reference, against NumPy.
///
//===----------------------------------------------------------------------===//

#include "GraphTest.h"

#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace sylvite;

namespace {
class EvaluatorTest : public GraphTest {
protected:
  FailureOr<std::vector<Output>> evaluate(llvm::StringRef text,
                                          const NamedTensors &inputs) {
    OwningOpRef<ModuleOp> module = parse(text);
    GeneratedWeights weights;
    return evaluateFunction(*module->getOps<func::FuncOp>().begin(), inputs,
                            weights);
  }
  Tensor ids(llvm::ArrayRef<int64_t> shape, double fill = 1) {
    return Tensor(shape, i64(), fill);
  }
};

/// Two inputs that share a dimension.
constexpr llvm::StringLiteral kTwoInputs = R"mlir(
  func.func @f(%a: tensor<?x?xi64, #graph.dims<batch, seq>>
                   {graph.name = "ids", graph.range = [0, 5]},
               %b: tensor<?x2xf32, #graph.dims<seq, _>>
                   {graph.default = 0.5 : f32})
      -> (tensor<?x?xi64, #graph.dims<batch, seq>> {graph.name = "same"},
          tensor<?x2xf32, #graph.dims<seq, _>>)
      attributes {graph.dim_max = {seq = 8 : i64}} {
    return %a, %b : tensor<?x?xi64, #graph.dims<batch, seq>>,
                    tensor<?x2xf32, #graph.dims<seq, _>>
  }
)mlir";
} // namespace

TEST_F(EvaluatorTest, EveryOpOfTheDialectHasAnEvaluator) {
  llvm::StringSet<> evaluated;
#define SYLVITE_EVALUATED_OP(Op)                                               \
  evaluated.insert(graph::Op::getOperationName());
#include "EvaluatedOps.def"
  // The evaluator itself runs what may have several results, and what reads
  // dimensions: test/Reference/control.mlir, recurrent.mlir and access.mlir.
  evaluated.insert(graph::ExtentOp::getOperationName());
  evaluated.insert(graph::ScanOp::getOperationName());
  evaluated.insert(graph::RnnOp::getOperationName());
  evaluated.insert(graph::GruOp::getOperationName());
  evaluated.insert(graph::LstmOp::getOperationName());
  for (RegisteredOperationName op :
       context.getRegisteredOperationsByDialect("graph")) {
    // Ends of regions and declarations in modules stand for no tensor.
    if (op.hasTrait<OpTrait::IsTerminator>() ||
        op.hasInterface<SymbolOpInterface>())
      continue;
    EXPECT_TRUE(evaluated.contains(op.getStringRef()))
        << op.getStringRef().str();
  }
}

TEST_F(EvaluatorTest, TakesInputsByNameAndFillsInDefaults) {
  auto outputs = evaluate(kTwoInputs, {{"ids", ids({3, 4}, 2)}});
  ASSERT_TRUE(succeeded(outputs)) << getMessages();
  EXPECT_EQ((*outputs)[0].name, "same");
  EXPECT_EQ((*outputs)[0].value.data, std::vector<double>(12, 2));
  EXPECT_EQ((*outputs)[1].name, "result1");
  EXPECT_EQ((*outputs)[1].value.shape, (llvm::SmallVector<int64_t>{4, 2}));
  EXPECT_EQ((*outputs)[1].value.data, std::vector<double>(8, 0.5));
}

TEST_F(EvaluatorTest, NamesWhatItDoesNotKnow) {
  EXPECT_TRUE(failed(evaluate(kTwoInputs, {{"id", ids({1, 1})}})));
  EXPECT_TRUE(hasMessage("@f: has no input 'id'; its inputs are ids, arg1"))
      << getMessages();
}

TEST_F(EvaluatorTest, RefusesContradictingExtents) {
  EXPECT_TRUE(failed(evaluate(
      kTwoInputs, {{"ids", ids({3, 4})}, {"arg1", Tensor({5, 2}, f32())}})));
  EXPECT_TRUE(hasMessage("input 'arg1' gives 'seq' the extent 5, but input "
                         "'ids' gave it 4"))
      << getMessages();
}

TEST_F(EvaluatorTest, RefusesAWrongStaticExtent) {
  EXPECT_TRUE(failed(evaluate(
      kTwoInputs, {{"ids", ids({3, 4})}, {"arg1", Tensor({4, 3}, f32())}})));
  EXPECT_TRUE(
      hasMessage("input 'arg1' has extent 3 at dimension 1, expected 2"))
      << getMessages();
}

TEST_F(EvaluatorTest, RefusesAnotherRank) {
  EXPECT_TRUE(failed(evaluate(kTwoInputs, {{"ids", ids({3})}})));
  EXPECT_TRUE(hasMessage("input 'ids' has rank 1, expected 2"))
      << getMessages();
}

TEST_F(EvaluatorTest, RefusesAnEmptyDimension) {
  EXPECT_TRUE(failed(evaluate(kTwoInputs, {{"ids", ids({3, 0})}})));
  EXPECT_TRUE(hasMessage("input 'ids' is empty along 'seq'")) << getMessages();
}

TEST_F(EvaluatorTest, RefusesMoreThanTheMaximum) {
  EXPECT_TRUE(failed(evaluate(kTwoInputs, {{"ids", ids({1, 9})}})));
  EXPECT_TRUE(hasMessage("dimension 'seq' is 9, more than its maximum 8"))
      << getMessages();
}

TEST_F(EvaluatorTest, RefusesValuesOutOfRange) {
  Tensor input = ids({2, 2});
  input.data[3] = 5;
  EXPECT_TRUE(failed(evaluate(kTwoInputs, {{"ids", input}})));
  EXPECT_TRUE(hasMessage("input 'ids' holds 5 at [1, 1], outside its range "
                         "[0, 5)"))
      << getMessages();
}

TEST_F(EvaluatorTest, RefusesFloatsForIntegers) {
  EXPECT_TRUE(failed(evaluate(kTwoInputs, {{"ids", Tensor({1, 1}, f32())}})));
  EXPECT_TRUE(hasMessage("input 'ids' is 'f32', expected 'i64'"))
      << getMessages();
}

TEST_F(EvaluatorTest, RefusesFractionsAmongIntegers) {
  EXPECT_TRUE(failed(evaluate(kTwoInputs, {{"ids", ids({1, 1}, 0.5)}})));
  EXPECT_TRUE(hasMessage("holds 0.5 at [0, 0], expected an integer"))
      << getMessages();
}

TEST_F(EvaluatorTest, ChecksProductsOfNames) {
  constexpr llvm::StringLiteral text = R"mlir(
    func.func @f(%a: tensor<?xf32, #graph.dims<batch*seq>>,
                 %b: tensor<?x?xf32, #graph.dims<batch, seq>>)
        -> tensor<?xf32, #graph.dims<batch*seq>> {
      return %a : tensor<?xf32, #graph.dims<batch*seq>>
    }
  )mlir";
  EXPECT_TRUE(succeeded(evaluate(
      text, {{"arg0", Tensor({6}, f32())}, {"arg1", Tensor({2, 3}, f32())}})));
  EXPECT_TRUE(failed(evaluate(
      text, {{"arg0", Tensor({7}, f32())}, {"arg1", Tensor({2, 3}, f32())}})));
  EXPECT_TRUE(hasMessage("input 'arg0' gives 'batch*seq' the extent 7, but its "
                         "names give 6"))
      << getMessages();
}

TEST_F(EvaluatorTest, NeedsWhatBindsAProduct) {
  EXPECT_TRUE(failed(evaluate(R"mlir(
    func.func @f(%a: tensor<?xf32, #graph.dims<batch*seq>>) {
      return
    }
  )mlir",
                              {{"arg0", Tensor({6}, f32())}})));
  EXPECT_TRUE(hasMessage("nothing binds the names of 'batch*seq' in input "
                         "'arg0'"))
      << getMessages();
}

TEST_F(EvaluatorTest, NeedsABody) {
  EXPECT_TRUE(failed(evaluate("func.func private @f()", {})));
  EXPECT_TRUE(hasMessage("needs a body of one block")) << getMessages();
}
