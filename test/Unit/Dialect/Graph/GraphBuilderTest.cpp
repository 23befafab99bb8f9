//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Graphs written in C++: types, locations, and what does not fit together.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Dialect/Graph/GraphBuilder.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Verifier.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

using namespace mlir;
using namespace sylvite::graph;
using testing::HasSubstr;

namespace {
class GraphBuilderTest : public testing::Test {
protected:
  GraphBuilderTest() {
    context.loadDialect<arith::ArithDialect, func::FuncDialect, GraphDialect,
                        math::MathDialect, tensor::TensorDialect>();
    module = ModuleOp::create(UnknownLoc::get(&context));
    context.getDiagEngine().registerHandler([this](Diagnostic &diagnostic) {
      ++diagnostics;
      llvm::raw_string_ostream(messages)
          << diagnostic.getLocation() << ": " << diagnostic << "\n";
    });
  }

  /// The type of a value as text.
  static std::string typeOf(Value value) {
    std::string text;
    llvm::raw_string_ostream(text) << value.getType();
    return text;
  }

  static std::string locOf(Value value) {
    std::string text;
    llvm::raw_string_ostream(text) << value.getLoc();
    return text;
  }

  MLIRContext context;
  OwningOpRef<ModuleOp> module;
  std::string messages;
  unsigned diagnostics = 0;
};
} // namespace

TEST_F(GraphBuilderTest, BuildsAVerifiedFunction) {
  GraphBuilder b(*module, "encode");
  Dim batch = b.dim("batch"), seq = b.dim("seq", 64);
  Value ids = b.input("input_ids", {batch, seq}, b.i64(), {.range = {{0, 9}}});
  Value mask = b.input("mask", {batch, seq}, b.i64(), {.defaultValue = 1});
  Value x = b.embedding(b.weight("table", {9, 4}), ids);
  b.output("hidden", x);
  b.output("count", b.reduce(ReduceKind::Sum, b.cast(mask, b.f32()), -1,
                             /*keepDims=*/false));
  auto function = b.finish();
  ASSERT_TRUE(succeeded(function)) << messages;
  EXPECT_TRUE(succeeded(verify(*module)));

  EXPECT_EQ(function->getName(), "encode");
  std::string text;
  llvm::raw_string_ostream(text) << *function;
  EXPECT_THAT(text,
              HasSubstr("graph.name = \"input_ids\", graph.range = [0, 9]"));
  EXPECT_THAT(text,
              HasSubstr("graph.default = 1 : i64, graph.name = \"mask\""));
  EXPECT_THAT(text, HasSubstr("tensor<?x?x4xf32, #graph.dims<batch, seq, _>> "
                              "{graph.name = \"hidden\"}"));
  EXPECT_THAT(text, HasSubstr("tensor<?xf32, #graph.dims<batch>> {graph.name = "
                              "\"count\"}"));
  EXPECT_THAT(text, HasSubstr("graph.dim_max = {seq = 64 : i64}"));
}

TEST_F(GraphBuilderTest, InfersTypes) {
  GraphBuilder b(*module, "f");
  Dim n = b.dim("n"), m = b.dim("m");
  Value x = b.input("x", {n, m, 4}, b.f32());
  EXPECT_EQ(typeOf(b.reduce(ReduceKind::Max, x, -1, /*keepDims=*/true)),
            "tensor<?x?x1xf32, #graph.dims<n, m, _>>");
  EXPECT_EQ(typeOf(b.reduce(ReduceKind::Mean, x, 1, /*keepDims=*/false)),
            "tensor<?x4xf32, #graph.dims<n, _>>");
  EXPECT_EQ(typeOf(b.transpose(x, {2, 0, 1})),
            "tensor<4x?x?xf32, #graph.dims<_, n, m>>");
  EXPECT_EQ(typeOf(b.matmul(x, x, /*transposeRhs=*/true)),
            "tensor<?x?x?xf32, #graph.dims<n, m, m>>");
  EXPECT_EQ(typeOf(b.reshape(x, {n, m, 2, 2})),
            "tensor<?x?x2x2xf32, #graph.dims<n, m, _, _>>");
  EXPECT_EQ(typeOf(b.compare(ComparePredicate::Ge, x, 0.5)),
            "tensor<?x?x4xi1, #graph.dims<n, m, _>>");
  EXPECT_EQ(typeOf(b.slice(x, 2, 1, 3)),
            "tensor<?x?x2xf32, #graph.dims<n, m, _>>");
  EXPECT_EQ(typeOf(b.iota({n, m}, 1)), "tensor<?x?xi64, #graph.dims<n, m>>");
  EXPECT_EQ(typeOf(b.softmax(x, -1)), typeOf(x));
  EXPECT_EQ(typeOf(b.scalar(2, b.i64())), "tensor<i64>");
}

TEST_F(GraphBuilderTest, ScopesMakeLocations) {
  GraphBuilder b(*module, "f");
  Value x = b.input("x", {4}, b.f32());
  EXPECT_EQ(locOf(b.relu(x)), "loc(\"f\")");
  {
    auto outer = b.enter("encoder.layer." + llvm::Twine(3));
    EXPECT_EQ(locOf(b.relu(x)), "loc(\"encoder.layer.3\")");
    {
      auto inner = b.enter("dense");
      EXPECT_EQ(locOf(b.relu(x)), "loc(\"encoder.layer.3.dense\")");
    }
    EXPECT_EQ(b.getPath(), "encoder.layer.3");
  }
  EXPECT_EQ(locOf(b.relu(x)), "loc(\"f\")");
}

TEST_F(GraphBuilderTest, AMistakeIsReportedOnceAtItsPlace) {
  GraphBuilder b(*module, "f");
  Dim n = b.dim("n");
  Value x = b.input("x", {n, 4}, b.f32());
  {
    auto scope = b.enter("bad");
    Value wrong = b.matmul(x, b.weight("w", {5, 4}));
    EXPECT_FALSE(wrong);
    // What follows from it is silent.
    b.output("y", b.softmax(b.add(b.mul(wrong, 2.0), x), -1));
  }
  EXPECT_TRUE(failed(b.finish()));
  EXPECT_EQ(diagnostics, 1u) << messages;
  EXPECT_THAT(messages, HasSubstr("loc(\"bad\"): "));
  EXPECT_THAT(messages, HasSubstr("contracted extents differ"));
  // No half of a function is left.
  EXPECT_TRUE(module->getBody()->empty());
}

TEST_F(GraphBuilderTest, GivenTypesAreVerified) {
  GraphBuilder b(*module, "f");
  Value x = b.input("x", {b.dim("n"), 4}, b.f32());
  EXPECT_FALSE(b.reshape(x, {b.dim("n"), 5}));
  EXPECT_FALSE(b.softmax(x, 7));
  EXPECT_FALSE(b.iota({4}, 1));
  EXPECT_EQ(diagnostics, 3u) << messages;
  EXPECT_TRUE(failed(b.finish()));
}

TEST_F(GraphBuilderTest, AttentionHasAMaskAndAFormula) {
  GraphBuilder b(*module, "f");
  Dim n = b.dim("n"), s = b.dim("s");
  Value x = b.input("x", {n, 2, s, 8}, b.f32());
  Value lengths = b.input("lengths", {n}, b.i64());
  Value keep = b.input("keep", {n, s}, b.i64());
  Value slopes = b.input("slopes", {2}, b.f32());
  AttentionOptions options = {.scale = 0.5};
  options.mask = Mask::causal() & Mask::padding(lengths) & Mask::keep(keep) |
                 Mask::prefix(5);
  options.score = [&](const ScoreArguments &a) {
    Scalar distance = toFloat(abs(a.query - a.key), b.f32());
    return select(a.key % 2 == 0, a.score,
                  a.score - read(slopes, {a.head}) * log(1 + distance));
  };
  Value o = b.attention(x, x, x, options);
  EXPECT_EQ(typeOf(o), typeOf(x));
  b.output("o", o);
  auto function = b.finish();
  ASSERT_TRUE(succeeded(function)) << messages;
  EXPECT_TRUE(succeeded(verify(*module))) << messages;
  std::string text;
  llvm::raw_string_ostream(text) << *function;
  EXPECT_THAT(text, HasSubstr("scale(5.000000e-01) mask(causal and "
                              "padding(%arg1) and keep(%arg2) or prefix(5))"));
  EXPECT_THAT(text, HasSubstr("tensor.extract %arg3["));
  EXPECT_THAT(text, HasSubstr("math.log"));
}

TEST_F(GraphBuilderTest, AttentionGivesItsWeightsToo) {
  GraphBuilder b(*module, "f");
  Dim n = b.dim("n"), s = b.dim("s"), t = b.dim("t");
  Value q = b.input("q", {n, s, 4, 8}, b.f32());
  Value k = b.input("k", {n, t, 2, 8}, b.f32());
  Value v = b.input("v", {n, t, 2, 6}, b.f32());
  auto [o, p] = b.attentionWithWeights(q, k, v, {.layout = HeadLayout::Bshd});
  ASSERT_TRUE(o && p) << messages;
  EXPECT_EQ(getDims(o), (SmallVector<Dim>{n, s, 4, 6}));
  EXPECT_EQ(getDims(p), (SmallVector<Dim>{n, 4, s, t}));
}

TEST_F(GraphBuilderTest, AttentionThatDoesNotFitIsReportedOnce) {
  GraphBuilder b(*module, "f");
  Dim n = b.dim("n"), s = b.dim("s");
  Value x = b.input("x", {n, 2, s, 8}, b.f32());
  Value wide = b.input("wide", {n, 2, s, 9}, b.f32());
  EXPECT_FALSE(b.attention(x, wide, x));
  EXPECT_EQ(diagnostics, 1u) << messages;
  EXPECT_FALSE(b.attention(x, x, x, {.mask = Mask::window(0)}));
  EXPECT_EQ(diagnostics, 2u) << messages;
  // An operand that came to nothing was reported then.
  EXPECT_FALSE(b.attention(x, x, x, {.mask = Mask::padding(Value())}));
  EXPECT_EQ(diagnostics, 2u) << messages;
  EXPECT_TRUE(failed(b.finish()));
}

TEST_F(GraphBuilderTest, PositionsAndRotations) {
  GraphBuilder b(*module, "f");
  Dim n = b.dim("n"), s = b.dim("s", 64);
  Value x = b.input("x", {n, 2, s, 8}, b.f32());
  Value p = b.input("p", {n, s}, b.i64(), {.range = {{0, 64}}});
  EXPECT_EQ(typeOf(b.positionalEncoding({s, 16}, b.f32())),
            "tensor<?x16xf32, #graph.dims<s, _>>");
  EXPECT_EQ(typeOf(b.positionalEncoding({n, s, 16}, b.f32(), {.positions = p})),
            "tensor<?x?x16xf32, #graph.dims<n, s, _>>");
  Value made = b.positionalEncoding(
      {s, 16}, b.f32(), {.formula = [&](Scalar position, Scalar channel) {
        return sin(toFloat(position, b.f32()) / toFloat(channel + 1, b.f32()));
      }});
  EXPECT_EQ(typeOf(made), "tensor<?x16xf32, #graph.dims<s, _>>");
  Value y = b.rotaryEmbedding(x, {.dims = 4, .interleaved = true});
  EXPECT_EQ(typeOf(y), typeOf(x));
  EXPECT_EQ(
      typeOf(b.rotaryEmbedding(y, {.positions = b.reshape(p, {n, 1, s})})),
      typeOf(x));
  b.output("y", y);
  auto function = b.finish();
  ASSERT_TRUE(succeeded(function)) << messages;
  EXPECT_TRUE(succeeded(verify(*module))) << messages;
  std::string text;
  llvm::raw_string_ostream(text) << *function;
  EXPECT_THAT(text, HasSubstr("axis(2) dims(4) interleaved"));
}

TEST_F(GraphBuilderTest, BatchNormOfBothKinds) {
  GraphBuilder b(*module, "f");
  Value x = b.input("x", {b.dim("n"), b.dim("s"), 8}, b.f32());
  Value v = b.weight("v", {8});
  EXPECT_EQ(typeOf(b.batchNorm(x, {.mean = v, .variance = v, .scale = v})),
            typeOf(x));
  EXPECT_EQ(typeOf(b.batchNorm(x, {.over = {0, -2}, .bias = v})), typeOf(x));
  EXPECT_EQ(diagnostics, 0u) << messages;
  EXPECT_FALSE(b.batchNorm(x, {.mean = v}));
  EXPECT_EQ(diagnostics, 1u) << messages;
}

TEST_F(GraphBuilderTest, LoopsStateAndCalls) {
  Dim batch(StringAttr::get(&context, "batch"));
  GraphBuilder inner(*module, "double");
  Value z = inner.input("z", {batch, 8}, inner.f32());
  inner.output("twice", inner.add(z, z));
  auto callee = inner.finish();
  ASSERT_TRUE(succeeded(callee)) << messages;

  GraphBuilder b(*module, "f");
  Dim seq = b.dim("seq"), capacity = b.dim("capacity");
  Value x = b.input("x", {batch, seq, 8}, b.f32());
  Value h = b.input("h", {batch, 8}, b.f32());
  Value cache = b.input("cache", {batch, seq, 8}, b.f32());
  auto states =
      b.scan({h}, {x}, {.axis = 1}, [&](const GraphBuilder::ScanStep &step) {
        Value sum = b.add(step.carried[0], step.elements[0]);
        Value next = b.call(*callee, sum)[0];
        return GraphBuilder::ScanNext{{next}, {b.argmax(next, -1)}};
      });
  ASSERT_EQ(states.size(), 2u) << messages;
  EXPECT_EQ(typeOf(states[0]), typeOf(h));
  EXPECT_EQ(typeOf(states[1]), "tensor<?x?xi64, #graph.dims<batch, seq>>");
  // As many steps as callers want tokens.
  auto tokens = b.scan({}, {}, {.axis = 0, .steps = capacity},
                       [&](const GraphBuilder::ScanStep &step) {
                         Value stop =
                             b.compare(ComparePredicate::Ge, step.number, 2.0);
                         return GraphBuilder::ScanNext{{}, {step.number}, stop};
                       });
  ASSERT_EQ(tokens.size(), 1u) << messages;
  b.output("last", states[0]);
  b.output("tokens", tokens[0]);
  b.output(
      "cache",
      b.update(cache, b.reshape(h, {batch, 1, 8}), b.scalar(3, b.i64()), 1),
      cache);
  auto function = b.finish();
  ASSERT_TRUE(succeeded(function)) << messages;
  EXPECT_TRUE(succeeded(verify(*module))) << messages;
  std::string text;
  llvm::raw_string_ostream(text) << *function;
  EXPECT_THAT(text, HasSubstr("graph.in_place = 2 : i64"));
  EXPECT_THAT(text, HasSubstr("stop("));
}

TEST_F(GraphBuilderTest, LoopsThatDoNotFit) {
  GraphBuilder b(*module, "f");
  Value x = b.input("x", {4, 8}, b.f32());
  auto none = [](const GraphBuilder::ScanStep &) {
    return GraphBuilder::ScanNext{};
  };
  EXPECT_TRUE(b.scan({}, {x}, {.axis = 2}, none).empty());
  EXPECT_THAT(messages, HasSubstr("axis 2 is outside of the sequence"));
  // Gives nothing to carry on.
  EXPECT_TRUE(b.scan({x}, {x}, {}, none).empty() || failed(b.finish()));
  EXPECT_GE(diagnostics, 1u);
}

TEST_F(GraphBuilderTest, RecurrentLayers) {
  GraphBuilder b(*module, "f");
  Dim batch = b.dim("batch"), seq = b.dim("seq");
  Value x = b.input("x", {batch, seq, 6}, b.f32());
  Value lengths = b.input("lengths", {batch}, b.i64());
  auto rnn = b.rnn(x, b.weight("w", {6, 4}), b.weight("u", {4, 4}), {});
  EXPECT_EQ(typeOf(rnn.states),
            "tensor<?x?x4xf32, #graph.dims<batch, seq, _>>");
  EXPECT_EQ(typeOf(rnn.last), "tensor<?x4xf32, #graph.dims<batch, _>>");
  EXPECT_FALSE(rnn.lastCell);
  auto gru = b.gru(x, b.weight("w3", {24, 6}), b.weight("u3", {24, 4}),
                   {.lengths = lengths,
                    .direction = Direction::Both,
                    .resetAfter = true,
                    .transposeWeights = true});
  EXPECT_EQ(typeOf(gru.last), "tensor<?x8xf32, #graph.dims<batch, _>>");
  auto lstm = b.lstm(b.transpose(x, {1, 0, 2}), b.weight("w4", {6, 16}),
                     b.weight("u4", {4, 16}),
                     {.initial = rnn.last, .initialCell = rnn.last, .axis = 0});
  EXPECT_EQ(typeOf(lstm.states),
            "tensor<?x?x4xf32, #graph.dims<seq, batch, _>>");
  EXPECT_EQ(typeOf(lstm.lastCell), typeOf(rnn.last));
  b.output("y", lstm.lastCell);
  auto function = b.finish();
  ASSERT_TRUE(succeeded(function)) << messages;
  EXPECT_TRUE(succeeded(verify(*module))) << messages;
}

TEST_F(GraphBuilderTest, RecurrentLayersThatDoNotFit) {
  GraphBuilder b(*module, "f");
  Value x = b.input("x", {2, 3, 6}, b.f32());
  Value w = b.weight("w", {6, 4}), u = b.weight("u", {4, 4});
  EXPECT_FALSE(b.gru(x, w, u, {}).last);
  EXPECT_EQ(diagnostics, 1u) << messages;
  EXPECT_THAT(messages, HasSubstr("give 3 x 4 both"));
  EXPECT_FALSE(b.rnn(b.rnn(x, w, u, {.axis = 2}).states, w, u, {}).last);
  EXPECT_EQ(diagnostics, 2u) << messages;
  EXPECT_TRUE(failed(b.finish()));
}
