//===- GraphWriter.h - Ops of the graph, one call each ----------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Writes ops of the graph at one location. Types are inferred. After a failure
/// a call gives null, and null goes through all later calls in silence.
///
/// Names of dimensions that must be one extent for an op to make sense become
/// one: see DimNames.h.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_IMPORT_ONNX_GRAPHWRITER_H
#define SYLVITE_LIB_IMPORT_ONNX_GRAPHWRITER_H

#include "DimNames.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/Verifier.h"
#include "sylvite/Dialect/Graph/GraphDialect.h"
#include "sylvite/Dialect/Graph/SymInt.h"
#include <functional>

namespace sylvite {

using Dims = llvm::SmallVector<graph::Dim>;

class GraphWriter {
public:
  GraphWriter(mlir::OpBuilder &builder, mlir::Location loc, DimNames &names)
      : builder(builder), loc(loc), names(names) {}

  mlir::OpBuilder &getBuilder() { return builder; }
  mlir::MLIRContext *getContext() { return builder.getContext(); }
  mlir::Location getLoc() const { return loc; }
  DimNames &getNames() { return names; }
  mlir::Type f32() { return builder.getF32Type(); }
  mlir::Type i64() { return builder.getI64Type(); }
  mlir::Type i1() { return builder.getI1Type(); }

  /// An op whose result follows from its operands and properties.
  template <typename OpTy>
  mlir::Value infer(mlir::ValueRange operands,
                    typename OpTy::FoldAdaptor::Properties properties = {}) {
    using Properties = typename OpTy::FoldAdaptor::Properties;
    if (!llvm::all_of(operands, [](mlir::Value v) { return bool(v); }))
      return {};
    typename OpTy::Adaptor adaptor(operands, mlir::DictionaryAttr(),
                                   properties);
    llvm::SmallVector<mlir::Type> types;
    if (failed(
            OpTy::inferReturnTypes(builder.getContext(), loc, adaptor, types)))
      return fail();
    if (!fits(types.front()))
      return {};
    mlir::OperationState state(loc, OpTy::getOperationName());
    state.addOperands(operands);
    state.addTypes(types);
    if constexpr (!std::is_same_v<Properties, mlir::EmptyProperties>)
      state.getOrAddProperties<Properties>() = properties;
    return builder.create(state)->getResult(0);
  }

  /// An op whose result type is given; its rules are checked.
  template <typename OpTy, typename... Args>
  mlir::Value create(mlir::Type type, mlir::Value input, Args &&...args) {
    if (!input || !type || !fits(type))
      return {};
    auto op =
        OpTy::create(builder, loc, type, input, std::forward<Args>(args)...);
    if (failed(mlir::verify(op, /*verifyRecursively=*/false)))
      return fail();
    return op->getResult(0);
  }

  /// Pointwise with one operand.
  template <typename OpTy>
  mlir::Value unary(mlir::Value input) {
    return create<OpTy>(input ? input.getType() : mlir::Type(), input);
  }
  /// Pointwise with two operands that broadcast.
  template <typename OpTy>
  mlir::Value binary(mlir::Value lhs, mlir::Value rhs) {
    if (!unify({lhs, rhs}))
      return {};
    return infer<OpTy>({lhs, rhs});
  }

  mlir::Value add(mlir::Value a, mlir::Value b) {
    return binary<graph::AddOp>(a, b);
  }
  mlir::Value sub(mlir::Value a, mlir::Value b) {
    return binary<graph::SubOp>(a, b);
  }
  mlir::Value mul(mlir::Value a, mlir::Value b) {
    return binary<graph::MulOp>(a, b);
  }
  mlir::Value div(mlir::Value a, mlir::Value b) {
    return binary<graph::DivOp>(a, b);
  }
  mlir::Value maximum(mlir::Value a, mlir::Value b) {
    return binary<graph::MaximumOp>(a, b);
  }
  mlir::Value minimum(mlir::Value a, mlir::Value b) {
    return binary<graph::MinimumOp>(a, b);
  }
  // With a number of the tensor's type.
  mlir::Value add(mlir::Value a, double b) { return add(a, like(b, a)); }
  mlir::Value sub(mlir::Value a, double b) { return sub(a, like(b, a)); }
  mlir::Value sub(double a, mlir::Value b) { return sub(like(a, b), b); }
  mlir::Value mul(mlir::Value a, double b) { return mul(a, like(b, a)); }
  mlir::Value div(mlir::Value a, double b) { return div(a, like(b, a)); }
  mlir::Value div(double a, mlir::Value b) { return div(like(a, b), b); }
  mlir::Value maximum(mlir::Value a, double b) {
    return maximum(a, like(b, a));
  }
  mlir::Value minimum(mlir::Value a, double b) {
    return minimum(a, like(b, a));
  }
  mlir::Value compare(graph::ComparePredicate predicate, mlir::Value a,
                      mlir::Value b);
  mlir::Value compare(graph::ComparePredicate predicate, mlir::Value a,
                      double b) {
    return compare(predicate, a, like(b, a));
  }
  mlir::Value select(mlir::Value condition, mlir::Value onTrue,
                     mlir::Value onFalse);
  mlir::Value cast(mlir::Value input, mlir::Type element);

  /// A number of rank 0.
  mlir::Value scalar(double number, mlir::Type element);
  /// The same of the element type of `value`.
  mlir::Value like(double number, mlir::Value value);
  mlir::Value constant(mlir::DenseElementsAttr value);
  /// A vector of i64.
  mlir::Value constant(llvm::ArrayRef<int64_t> integers);
  /// 0, 1, 2, ... along an axis.
  mlir::Value iota(llvm::ArrayRef<graph::Dim> dims, int64_t axis,
                   mlir::Type element);
  /// An integer in terms of dimensions, as an i64 of rank 0.
  mlir::Value integer(const SymInt &number);

  mlir::Value reshape(mlir::Value input, llvm::ArrayRef<graph::Dim> dims);
  mlir::Value broadcast(mlir::Value input, llvm::ArrayRef<graph::Dim> dims);
  mlir::Value transpose(mlir::Value input, llvm::ArrayRef<int64_t> perm);
  mlir::Value slice(mlir::Value input, int64_t axis, int64_t begin,
                    int64_t end);
  /// Elements from `begin` on along an axis, as many as the dimension has.
  mlir::Value part(mlir::Value input, int64_t axis, const SymInt &begin,
                   const graph::Dim &length);
  mlir::Value concat(llvm::ArrayRef<mlir::Value> inputs, int64_t axis);
  mlir::Value matmul(mlir::Value lhs, mlir::Value rhs,
                     bool transposeLhs = false, bool transposeRhs = false);
  mlir::Value reduce(graph::ReduceKind kind, mlir::Value input,
                     llvm::ArrayRef<int64_t> axes, bool keepDims);
  mlir::Value softmax(mlir::Value input, int64_t axis);
  /// Elements at places: see `graph.gather`.
  mlir::Value gather(mlir::Value input, llvm::ArrayRef<mlir::Value> indices,
                     int64_t axis);
  /// Elements at these places along an axis.
  mlir::Value take(mlir::Value input, int64_t axis,
                   llvm::ArrayRef<int64_t> places);
  /// No elements along an axis.
  mlir::Value takeNone(mlir::Value input, int64_t axis);
  /// What a step of a loop is given.
  struct ScanStep {
    mlir::Value number;
    llvm::SmallVector<mlir::Value> carried, elements;
  };
  /// Gives the next carried values and the step's part of the outputs.
  using ScanBody = std::function<
      std::pair<llvm::SmallVector<mlir::Value>, llvm::SmallVector<mlir::Value>>(
          const ScanStep &)>;
  /// A loop along an axis: see `graph.scan`. The last carried values, then the
  /// outputs; none after a failure. `steps` is for loops without sequences.
  llvm::SmallVector<mlir::Value> scan(llvm::ArrayRef<mlir::Value> inits,
                                      llvm::ArrayRef<mlir::Value> sequences,
                                      int64_t axis, const ScanBody &body,
                                      std::optional<graph::Dim> steps = {});
  /// Elements in the other order along an axis.
  mlir::Value flip(mlir::Value input, int64_t axis);
  /// A dimension of 1 in front of `axis`.
  mlir::Value insertDim(mlir::Value input, int64_t axis);
  /// Without a dimension of 1.
  mlir::Value dropDim(mlir::Value input, int64_t axis);

  /// Makes dimensions agree that broadcasting, aligned at the last one, needs
  /// to. False after a failure, or where the import must begin again.
  bool unify(llvm::ArrayRef<mlir::Value> values);
  bool unifyDims(llvm::ArrayRef<graph::Dim> a, llvm::ArrayRef<graph::Dim> b);
  /// Makes two dimensions one extent.
  bool unify(const graph::Dim &a, const graph::Dim &b);

  /// Emits an error at the location.
  mlir::Value error(const llvm::Twine &message);
  bool hasFailed() const { return failed_; }

private:
  /// Reports an axis that a tensor does not have.
  bool hasAxis(mlir::Value input, int64_t axis);
  /// Reports a tensor whose bytes 64 bits cannot count.
  bool fits(mlir::Type type);

  mlir::Value fail() {
    failed_ = true;
    return {};
  }

  mlir::OpBuilder &builder;
  mlir::Location loc;
  DimNames &names;
  bool failed_ = false;
};

/// The tensor type of a value.
inline mlir::RankedTensorType getTensorType(mlir::Value value) {
  return mlir::cast<mlir::RankedTensorType>(value.getType());
}
inline mlir::Type getElement(mlir::Value value) {
  return getTensorType(value).getElementType();
}

} // namespace sylvite

#endif // SYLVITE_LIB_IMPORT_ONNX_GRAPHWRITER_H
