//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Passes that change results, and that they are caught and named.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Reference/VerifyFusion.h"
#include "GraphTest.h"

#include "mlir/Pass/PassManager.h"

using namespace mlir;
using namespace sylvite;

namespace {
/// A pass whose name and work are given.
template <typename OpT>
struct TestPass : public PassWrapper<TestPass<OpT>, OperationPass<OpT>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(TestPass)

  TestPass(std::string name, std::function<void(OpT)> work)
      : name(std::move(name)), work(std::move(work)) {}
  StringRef getArgument() const override { return name; }
  void runOnOperation() override { work(this->getOperation()); }

  std::string name;
  std::function<void(OpT)> work;
};

using ModulePass = TestPass<ModuleOp>;
using FunctionPass = TestPass<func::FuncOp>;

/// The deliberate mistake: the approximation in place of the exact gelu.
void approximateGelu(Operation *root) {
  root->walk([](graph::GeluOp op) { op.setApproximateTanh(true); });
}

/// Allowed: the operands of an addition the other way round.
void swapAddition(Operation *root) {
  root->walk([](graph::AddOp op) {
    Value lhs = op.getLhs(), rhs = op.getRhs();
    op.getLhsMutable().assign(rhs);
    op.getRhsMutable().assign(lhs);
  });
}

constexpr llvm::StringLiteral kGelu = R"mlir(
  func.func @block(%x: tensor<?x4xf32, #graph.dims<seq, _>> {graph.name = "x"})
      -> (tensor<?x4xf32, #graph.dims<seq, _>> {graph.name = "y"}) {
    %b = graph.weight "layer.bias" : tensor<4xf32>
    %s = graph.add %x, %b : (tensor<?x4xf32, #graph.dims<seq, _>>,
                             tensor<4xf32>) -> tensor<?x4xf32, #graph.dims<seq, _>>
    %y = graph.gelu %s : tensor<?x4xf32, #graph.dims<seq, _>>
    return %y : tensor<?x4xf32, #graph.dims<seq, _>>
  }
)mlir";

class VerifyFusionTest : public GraphTest {
protected:
  /// Runs passes over modules and functions, verified.
  LogicalResult run(llvm::StringRef text,
                    std::vector<std::unique_ptr<Pass>> passes) {
    OwningOpRef<ModuleOp> module = parse(text);
    PassManager manager(&context);
    for (auto &pass : passes) {
      if (pass->getOpName() == func::FuncOp::getOperationName())
        manager.addNestedPass<func::FuncOp>(std::move(pass));
      else
        manager.addPass(std::move(pass));
    }
    addVerifyFusion(manager);
    return manager.run(*module);
  }

  template <typename PassT, typename Work>
  LogicalResult run(llvm::StringRef text, std::string name, Work work) {
    std::vector<std::unique_ptr<Pass>> passes;
    passes.push_back(std::make_unique<PassT>(std::move(name), work));
    return run(text, std::move(passes));
  }
};
} // namespace

TEST_F(VerifyFusionTest, NamesTheModulePassThatChangesAResult) {
  EXPECT_TRUE(
      failed(run<ModulePass>(kGelu, "sylvite-fuse-wrong", approximateGelu)));
  EXPECT_TRUE(hasMessage("pass 'sylvite-fuse-wrong' changed the result 'y' of "
                         "@block by up to "))
      << getMessages();
  EXPECT_TRUE(hasMessage("inputs: smallest; seq = 1")) << getMessages();
}

TEST_F(VerifyFusionTest, NamesTheFunctionPassThatChangesAResult) {
  EXPECT_TRUE(
      failed(run<FunctionPass>(kGelu, "sylvite-raise-wrong", approximateGelu)));
  EXPECT_TRUE(hasMessage("pass 'sylvite-raise-wrong' changed the result 'y'"))
      << getMessages();
}

TEST_F(VerifyFusionTest, LetsAPassThroughThatKeepsResults) {
  EXPECT_TRUE(
      succeeded(run<ModulePass>(kGelu, "sylvite-fuse-right", swapAddition)))
      << getMessages();
  EXPECT_EQ(getMessages(), "");
}

TEST_F(VerifyFusionTest, LeavesOtherPassesAlone) {
  EXPECT_TRUE(
      succeeded(run<ModulePass>(kGelu, "sylvite-lower-gelu", approximateGelu)));
  EXPECT_EQ(getMessages(), "");
}

TEST_F(VerifyFusionTest, NamesTheFirstOfSeveralPasses) {
  std::vector<std::unique_ptr<Pass>> passes;
  passes.push_back(
      std::make_unique<ModulePass>("sylvite-fuse-right", swapAddition));
  passes.push_back(
      std::make_unique<ModulePass>("sylvite-fuse-wrong", approximateGelu));
  passes.push_back(
      std::make_unique<ModulePass>("sylvite-fuse-worse", [](ModuleOp module) {
        module->walk([](graph::GeluOp op) {
          op.getResult().replaceAllUsesWith(op.getInput());
        });
      }));
  EXPECT_TRUE(failed(run(kGelu, std::move(passes))));
  EXPECT_TRUE(hasMessage("'sylvite-fuse-wrong'")) << getMessages();
  EXPECT_FALSE(hasMessage("'sylvite-fuse-right'")) << getMessages();
  EXPECT_FALSE(hasMessage("'sylvite-fuse-worse'")) << getMessages();
}

// Between two watched passes the results come from the first. A pass that is
// not watched may change them meanwhile, and is not blamed on the second.
TEST_F(VerifyFusionTest, ComparesWithWhatThePassMet) {
  std::vector<std::unique_ptr<Pass>> passes;
  passes.push_back(
      std::make_unique<ModulePass>("sylvite-fuse-right", swapAddition));
  passes.push_back(
      std::make_unique<ModulePass>("sylvite-lower-gelu", approximateGelu));
  passes.push_back(
      std::make_unique<ModulePass>("sylvite-fuse-again", swapAddition));
  EXPECT_TRUE(succeeded(run(kGelu, std::move(passes)))) << getMessages();
}

// softmax gives zeros where nothing is seen, the naive formula NaN: only a row
// that is masked throughout tells them apart.
TEST_F(VerifyFusionTest, MeetsRowsThatSeeNothing) {
  constexpr llvm::StringLiteral text = R"mlir(
    func.func @masked(%m: tensor<?x?xi64, #graph.dims<batch, seq>>)
        -> tensor<?x?xf32, #graph.dims<batch, seq>> {
      %zero = graph.constant dense<0> : tensor<i64>
      %one = graph.constant dense<1.0> : tensor<f32>
      %hide = graph.constant dense<0xFF800000> : tensor<f32>
      %seen = graph.compare ne %m, %zero
          : (tensor<?x?xi64, #graph.dims<batch, seq>>, tensor<i64>)
          -> tensor<?x?xi1, #graph.dims<batch, seq>>
      %s = graph.select %seen, %one, %hide
          : (tensor<?x?xi1, #graph.dims<batch, seq>>, tensor<f32>, tensor<f32>)
          -> tensor<?x?xf32, #graph.dims<batch, seq>>
      %p = graph.softmax %s axis(1) : tensor<?x?xf32, #graph.dims<batch, seq>>
      return %p : tensor<?x?xf32, #graph.dims<batch, seq>>
    }
  )mlir";
  auto exponentiate = [](ModuleOp module) {
    module->walk([](graph::SoftmaxOp op) {
      OpBuilder builder(op);
      Value power = graph::ExpOp::create(builder, op.getLoc(), op.getInput());
      Value sum = graph::ReduceOp::create(
          builder, op.getLoc(), graph::ReduceKind::Sum, power,
          llvm::ArrayRef<int64_t>{1}, /*keepdims=*/true);
      Value quotient = graph::DivOp::create(builder, op.getLoc(), power, sum);
      op.getResult().replaceAllUsesWith(quotient);
      op.erase();
    });
  };
  EXPECT_TRUE(
      failed(run<ModulePass>(text, "sylvite-fuse-softmax", exponentiate)));
  EXPECT_TRUE(hasMessage("by up to inf")) << getMessages();
  EXPECT_TRUE(hasMessage("arg0: random, zeros, padding in front"))
      << getMessages();
}

// With a finite mask, such a row is the mean of everything before and zero
// after; that is what fusion is allowed to change, and nothing else.
TEST_F(VerifyFusionTest, AllowsZerosWhereAFiniteMaskHidesEverything) {
  constexpr llvm::StringLiteral text = R"mlir(
    func.func @masked(%m: tensor<?x?xi1, #graph.dims<batch, seq>>)
        -> tensor<?x?xf32, #graph.dims<batch, seq>> {
      %one = graph.constant dense<1.0> : tensor<f32>
      %hide = graph.constant dense<-1.0e4> : tensor<f32>
      %s = graph.select %m, %one, %hide
          : (tensor<?x?xi1, #graph.dims<batch, seq>>, tensor<f32>, tensor<f32>)
          -> tensor<?x?xf32, #graph.dims<batch, seq>>
      %p = graph.softmax %s axis(1) : tensor<?x?xf32, #graph.dims<batch, seq>>
      return %p : tensor<?x?xf32, #graph.dims<batch, seq>>
    }
  )mlir";
  auto setMask = [](double value) {
    return [value](ModuleOp module) {
      module->walk([&](graph::ConstantOp op) {
        auto dense = cast<DenseElementsAttr>(op.getValue());
        if (dense.getSplatValue<APFloat>().isNegative())
          op.setValueAttr(
              DenseElementsAttr::get(dense.getType(), float(value)));
      });
    };
  };
  EXPECT_TRUE(succeeded(
      run<ModulePass>(text, "sylvite-normalize-mask", setMask(-INFINITY))))
      << getMessages();
  EXPECT_TRUE(
      failed(run<ModulePass>(text, "sylvite-normalize-mask", setMask(-2))));
}

TEST_F(VerifyFusionTest, MissesNoResultThatIsGone) {
  EXPECT_TRUE(
      failed(run<ModulePass>(kGelu, "sylvite-fuse-away", [](ModuleOp module) {
        (*module.getOps<func::FuncOp>().begin()).erase();
      })));
  EXPECT_TRUE(
      hasMessage("pass 'sylvite-fuse-away' removed the function @block"))
      << getMessages();
}

TEST_F(VerifyFusionTest, SaysWhatItCannotEvaluate) {
  auto addConstant = [](ModuleOp module) {
    module->walk([](graph::GeluOp op) {
      OpBuilder builder(op);
      arith::ConstantIndexOp::create(builder, op.getLoc(), 1);
    });
  };
  EXPECT_TRUE(failed(run<ModulePass>(kGelu, "sylvite-fuse-odd", addConstant)));
  EXPECT_TRUE(hasMessage("'arith.constant' op does not give a tensor"))
      << getMessages();
  EXPECT_TRUE(hasMessage("cannot check pass 'sylvite-fuse-odd': @block cannot "
                         "be evaluated after it"))
      << getMessages();
}

TEST_F(VerifyFusionTest, WatchesPassesOverGraphsByName) {
  auto isWatched = [](std::string name) {
    return rewritesGraphs(ModulePass(std::move(name), nullptr));
  };
  EXPECT_TRUE(isWatched("sylvite-fuse-attention"));
  EXPECT_TRUE(isWatched("sylvite-raise-softmax"));
  EXPECT_TRUE(isWatched("sylvite-decompose-recurrent"));
  EXPECT_TRUE(isWatched("sylvite-normalize-graph"));
  EXPECT_TRUE(isWatched("canonicalize"));
  EXPECT_FALSE(isWatched("sylvite-evaluate"));
  EXPECT_FALSE(isWatched("fuse"));
}
