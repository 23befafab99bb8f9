//===- GraphBuilder.h - Write graphs in C++ ---------------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Builds a function of graph ops, one call an op, with named dimensions:
///
///     GraphBuilder b(module, "encode");
///     Dim batch = b.dim("batch"), seq = b.dim("seq", /*max=*/512);
///     Value ids = b.input("input_ids", {batch, seq}, b.i64(), {.range = ...});
///     Value x = b.embedding(b.weight("word.weight", {30522, 384}), ids);
///     b.output("last_hidden_state", b.add(x, b.weight("bias", {384})));
///     if (failed(b.finish())) ...
///
/// Types are inferred. What does not fit together is reported once, at the
/// location of the op; the null value that results passes through all later
/// calls in silence, and `finish` fails. So callers need not check in between.
///
/// Locations are paths of modules, as the model's own code would spell them:
/// within `auto scope = b.enter("encoder.layer.0")` all ops are located at
/// `encoder.layer.0` and what nested scopes append to it.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_DIALECT_GRAPH_GRAPHBUILDER_H
#define SYLVITE_DIALECT_GRAPH_GRAPHBUILDER_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinOps.h"
#include "sylvite/Dialect/Graph/GraphDialect.h"
#include "sylvite/Dialect/Graph/Mask.h"
#include "sylvite/Dialect/Graph/Scalar.h"

namespace sylvite::graph {

/// What the score region of graph.attention is given.
struct ScoreArguments {
  Scalar score, batch, head, query, key;
};

/// Gives the new score. Scores.h has those with a name.
using ScoreFunction = std::function<Scalar(const ScoreArguments &)>;

/// The optional parts of graph.attention.
struct AttentionOptions {
  Similarity similarity = Similarity::Dot;
  /// The operands that the similarity needs.
  llvm::ArrayRef<mlir::Value> with = {};
  double scale = 1;
  HeadLayout layout = HeadLayout::Bhsd;
  std::optional<Mask> mask = {};
  mlir::Value bias = {};
  ScoreFunction score = {};
};

/// The optional parts of graph.positional_encoding.
struct PositionOptions {
  /// In place of 0, 1, 2, ...
  mlir::Value positions = {};
  double base = 1e4;
  /// In place of sine and cosine: the value for a position and a channel.
  std::function<Scalar(Scalar, Scalar)> formula = {};
};

/// The parts of graph.rotary_embedding: positions, or an axis, or tables.
struct RotaryOptions {
  mlir::Value positions = {}, cos = {}, sin = {};
  /// Along which positions are counted where nothing else tells them.
  int64_t axis = -2;
  double base = 1e4;
  /// All features unless told.
  std::optional<int64_t> dims = {};
  bool interleaved = false;
};

/// The parts of graph.batch_norm: stored statistics, or the axes over which
/// they are taken of the batch.
struct BatchNormOptions {
  mlir::Value mean = {}, variance = {};
  llvm::ArrayRef<int64_t> over = {};
  mlir::Value scale = {}, bias = {};
  /// That of the channels.
  int64_t axis = -1;
  double eps = 1e-5;
};

/// The optional parts of graph.layer_norm and graph.rms_norm.
struct NormOptions {
  mlir::Value residual = {}, scale = {}, bias = {};
  double eps = 1e-5;
};

enum class RecurrentCell;

/// The optional parts of graph.rnn, graph.gru and graph.lstm.
struct RecurrentOptions {
  mlir::Value bias = {}, recurrentBias = {}, initial = {};
  /// Of an LSTM alone.
  mlir::Value initialCell = {};
  mlir::Value lengths = {};
  Direction direction = Direction::Forward;
  /// That of time, 0 or 1.
  int64_t axis = 1;
  /// Of the state, of gates, and of an LSTM's output.
  Activation activation = Activation::Tanh;
  Activation gateActivation = Activation::Sigmoid;
  Activation outputActivation = Activation::Tanh;
  /// Of a GRU alone.
  bool resetAfter = false;
  bool transposeWeights = false;
};

/// What they give: states of all steps, the last one, an LSTM's last cell.
struct RecurrentResults {
  mlir::Value states, last, lastCell;
};

class GraphBuilder {
public:
  /// What a caller of the compiled function may and must pass for an input.
  struct InputOptions {
    /// The value that fills the input when a caller leaves it out; without one
    /// the input is required.
    std::optional<int64_t> defaultValue = {};
    /// lo and hi: every value satisfies lo <= v < hi.
    std::optional<std::pair<int64_t, int64_t>> range = {};
  };

  /// Starts a function of that name at the end of the module.
  GraphBuilder(mlir::ModuleOp module, llvm::StringRef name);

  /// Sets the function's types and attributes and ends its body. Fails if
  /// anything before did, with the diagnostics already emitted; the function is
  /// then removed.
  mlir::FailureOr<mlir::func::FuncOp> finish();

  //===--------------------------------------------------------------------===//
  // Locations
  //===--------------------------------------------------------------------===//

  /// Ends a scope when it goes.
  class Scope {
  public:
    ~Scope() { builder.path.resize(outerLength); }
    Scope(const Scope &) = delete;

  private:
    friend class GraphBuilder;
    Scope(GraphBuilder &builder, size_t outerLength)
        : builder(builder), outerLength(outerLength) {}
    GraphBuilder &builder;
    size_t outerLength;
  };

  /// Appends a name, or several with dots between, to the path of modules.
  [[nodiscard]] Scope enter(const llvm::Twine &name);

  /// The path of modules, with dots.
  llvm::StringRef getPath() const { return path; }

  /// The path of modules as a location.
  mlir::Location getLoc();

  //===--------------------------------------------------------------------===//
  // Dimensions, element types, inputs and outputs
  //===--------------------------------------------------------------------===//

  /// A dynamic dimension. `max` is an upper bound that callers are held to.
  Dim dim(llvm::StringRef name, std::optional<int64_t> max = {});

  mlir::Type f32() { return builder.getF32Type(); }
  mlir::Type i64() { return builder.getI64Type(); }

  mlir::Value input(llvm::StringRef name, llvm::ArrayRef<Dim> dims,
                    mlir::Type element, const InputOptions &options);
  mlir::Value input(llvm::StringRef name, llvm::ArrayRef<Dim> dims,
                    mlir::Type element) {
    return input(name, dims, element, InputOptions());
  }

  /// With `inPlace`, an input of the same type, callers pass one array for
  /// both, which is read and then written.
  void output(llvm::StringRef name, mlir::Value value,
              mlir::Value inPlace = {});

  //===--------------------------------------------------------------------===//
  // Ops
  //===--------------------------------------------------------------------===//

  /// A trained f32 tensor, by its name in the weight files.
  mlir::Value weight(llvm::StringRef name, llvm::ArrayRef<int64_t> shape);

  /// A tensor of rank 0.
  mlir::Value scalar(double value, mlir::Type element);

  /// 0, 1, 2, ... along one axis, as i64.
  mlir::Value iota(llvm::ArrayRef<Dim> dims, int64_t axis);

  mlir::Value add(mlir::Value lhs, mlir::Value rhs);
  mlir::Value sub(mlir::Value lhs, mlir::Value rhs);
  mlir::Value mul(mlir::Value lhs, mlir::Value rhs);
  mlir::Value div(mlir::Value lhs, mlir::Value rhs);
  mlir::Value pow(mlir::Value lhs, mlir::Value rhs);
  mlir::Value maximum(mlir::Value lhs, mlir::Value rhs);
  mlir::Value minimum(mlir::Value lhs, mlir::Value rhs);
  mlir::Value compare(ComparePredicate predicate, mlir::Value lhs,
                      mlir::Value rhs);

  /// The same with a number of the tensor's element type on the right.
  mlir::Value add(mlir::Value lhs, double rhs);
  mlir::Value mul(mlir::Value lhs, double rhs);
  mlir::Value div(mlir::Value lhs, double rhs);
  mlir::Value pow(mlir::Value lhs, double rhs);
  mlir::Value sub(mlir::Value lhs, double rhs);
  mlir::Value maximum(mlir::Value lhs, double rhs);
  mlir::Value minimum(mlir::Value lhs, double rhs);
  mlir::Value compare(ComparePredicate predicate, mlir::Value lhs, double rhs);

  mlir::Value select(mlir::Value condition, mlir::Value onTrue,
                     mlir::Value onFalse);
  mlir::Value cast(mlir::Value input, mlir::Type element);

  mlir::Value neg(mlir::Value input);
  mlir::Value abs(mlir::Value input);
  mlir::Value exp(mlir::Value input);
  mlir::Value log(mlir::Value input);
  mlir::Value sqrt(mlir::Value input);
  mlir::Value rsqrt(mlir::Value input);
  mlir::Value tanh(mlir::Value input);
  mlir::Value erf(mlir::Value input);
  mlir::Value sin(mlir::Value input);
  mlir::Value cos(mlir::Value input);
  mlir::Value sigmoid(mlir::Value input);
  mlir::Value relu(mlir::Value input);
  mlir::Value silu(mlir::Value input);
  /// With the approximation by tanh on request.
  mlir::Value gelu(mlir::Value input, bool approximateTanh = false);

  /// lhs * rhs, or lhs * transpose(rhs).
  mlir::Value matmul(mlir::Value lhs, mlir::Value rhs,
                     bool transposeRhs = false);

  /// Negative axes count from the end, here and below.
  mlir::Value reduce(ReduceKind kind, mlir::Value input, int64_t axis,
                     bool keepDims);
  mlir::Value softmax(mlir::Value input, int64_t axis);
  mlir::Value logSoftmax(mlir::Value input, int64_t axis);
  mlir::Value l2Normalize(mlir::Value input, int64_t axis, double eps = 1e-12);
  mlir::Value layerNorm(mlir::Value input, const NormOptions &options);
  mlir::Value rmsNorm(mlir::Value input, const NormOptions &options);
  mlir::Value batchNorm(mlir::Value input, const BatchNormOptions &options);
  mlir::Value cumsum(mlir::Value input, int64_t axis);

  mlir::Value reshape(mlir::Value input, llvm::ArrayRef<Dim> dims);
  mlir::Value broadcast(mlir::Value input, llvm::ArrayRef<Dim> dims);
  mlir::Value transpose(mlir::Value input, llvm::ArrayRef<int64_t> perm);
  mlir::Value slice(mlir::Value input, int64_t axis, int64_t begin,
                    int64_t end);
  mlir::Value concat(mlir::ValueRange inputs, int64_t axis);
  mlir::Value embedding(mlir::Value table, mlir::Value indices);

  /// A vector for each position; `dims` end with the channels.
  mlir::Value positionalEncoding(llvm::ArrayRef<Dim> dims, mlir::Type element,
                                 const PositionOptions &options);
  mlir::Value positionalEncoding(llvm::ArrayRef<Dim> dims, mlir::Type element) {
    return positionalEncoding(dims, element, PositionOptions());
  }
  mlir::Value rotaryEmbedding(mlir::Value input, const RotaryOptions &options);
  mlir::Value rotaryEmbedding(mlir::Value input) {
    return rotaryEmbedding(input, RotaryOptions());
  }

  mlir::Value attention(mlir::Value query, mlir::Value key, mlir::Value value,
                        const AttentionOptions &options);
  mlir::Value attention(mlir::Value query, mlir::Value key, mlir::Value value) {
    return attention(query, key, value, AttentionOptions());
  }
  /// The same with its weights, [batch, heads, queries, keys], as the second
  /// value; null values after a failure.
  std::pair<mlir::Value, mlir::Value>
  attentionWithWeights(mlir::Value query, mlir::Value key, mlir::Value value,
                       const AttentionOptions &options);

  /// The index of the largest element, as i64, without the axis.
  mlir::Value argmax(mlir::Value input, int64_t axis);

  /// Recurrent layers of one or both directions.
  RecurrentResults rnn(mlir::Value input, mlir::Value weight,
                       mlir::Value recurrentWeight,
                       const RecurrentOptions &options);
  RecurrentResults gru(mlir::Value input, mlir::Value weight,
                       mlir::Value recurrentWeight,
                       const RecurrentOptions &options);
  RecurrentResults lstm(mlir::Value input, mlir::Value weight,
                        mlir::Value recurrentWeight,
                        const RecurrentOptions &options);

  //===--------------------------------------------------------------------===//
  // Loops, state, calls
  //===--------------------------------------------------------------------===//

  struct ScanOptions {
    /// The time axis of sequences and outputs.
    int64_t axis = 0;
    bool reverse = false;
    /// The number of steps, where there are no sequences.
    std::optional<Dim> steps = {};
  };
  /// What a step is given: its number, the carried values, and the sequences'
  /// elements.
  struct ScanStep {
    mlir::Value number;
    llvm::SmallVector<mlir::Value> carried, elements;
  };
  /// What it gives: the next carried values, its part of the outputs, and, if
  /// the scan may end before the last step, whether it ends here.
  struct ScanNext {
    llvm::SmallVector<mlir::Value> carry, emit;
    mlir::Value stop = {};
  };

  /// A loop over time: see `graph.scan`. Returns the last carried values, then
  /// the outputs; null values after a failure.
  llvm::SmallVector<mlir::Value>
  scan(mlir::ValueRange inits, mlir::ValueRange sequences,
       const ScanOptions &options,
       llvm::function_ref<ScanNext(const ScanStep &)> body);

  /// `input` with the block at `offsets`, and at `position` along the axis,
  /// replaced by `rows`.
  mlir::Value update(mlir::Value input, mlir::Value rows, mlir::Value position,
                     int64_t axis, llvm::ArrayRef<int64_t> offsets = {});

  /// Calls another function; its dimensions have the names they have here.
  llvm::SmallVector<mlir::Value> call(mlir::func::FuncOp callee,
                                      mlir::ValueRange operands);

private:
  /// Null after a failure.
  AttentionOp makeAttention(mlir::Value query, mlir::Value key,
                            mlir::Value value, const AttentionOptions &options,
                            bool withWeights);

  /// An op whose result type follows from its operands.
  template <typename OpTy>
  mlir::Value infer(mlir::ValueRange operands,
                    typename OpTy::FoldAdaptor::Properties properties = {});

  /// An op whose result type is given.
  template <typename OpTy, typename... Args>
  mlir::Value create(mlir::Type type, mlir::Value input, Args &&...args);

  /// A norm along the last axis.
  template <typename OpTy>
  mlir::Value norm(mlir::Value input, const NormOptions &options);

  RecurrentResults recurrent(RecurrentCell cell, mlir::Value input,
                             mlir::Value weight, mlir::Value recurrentWeight,
                             const RecurrentOptions &options);

  /// A number with the element type of `like`.
  mlir::Value scalarLike(double value, mlir::Value like);

  /// Remembers the failure; its diagnostic has been emitted.
  mlir::Value fail();

  mlir::OpBuilder builder;
  mlir::func::FuncOp function;
  std::string path;
  bool hasFailed = false;
  mlir::NamedAttrList dimMax;
  llvm::SmallVector<mlir::DictionaryAttr> inputAttrs, outputAttrs;
  llvm::SmallVector<mlir::Value> outputs;
};

} // namespace sylvite::graph

#endif // SYLVITE_DIALECT_GRAPH_GRAPHBUILDER_H
