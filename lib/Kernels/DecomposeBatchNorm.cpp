//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Writes batch norms as the ops that they are made of: reductions and
/// elementwise ops, which have kernels.
///
//===----------------------------------------------------------------------===//

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "sylvite/Dialect/Graph/GraphDialect.h"
#include "sylvite/Kernels/Passes.h"

#define DEBUG_TYPE "sylvite-decompose-batch-norm"

namespace sylvite {
#define GEN_PASS_DEF_DECOMPOSEBATCHNORMPASS
#include "sylvite/Kernels/Passes.h.inc"
} // namespace sylvite

using namespace mlir;
using namespace sylvite;

namespace {
/// Writes one norm.
class Decomposition {
public:
  explicit Decomposition(graph::BatchNormOp op)
      : op(op), builder(op), loc(op.getLoc()),
        element(op.getType().getElementType()) {}

  Value write();

private:
  /// A vector of the channels, so that it broadcasts to the input.
  Value spread(Value vector);
  /// (variance + eps)^-1/2.
  Value getInverse(Value variance);
  template <typename OpTy>
  Value create(Value lhs, Value rhs) {
    return OpTy::create(builder, loc, lhs, rhs);
  }
  Value average(Value input) {
    auto kind = graph::ReduceKindAttr::get(builder.getContext(),
                                           graph::ReduceKind::Mean);
    return graph::ReduceOp::create(builder, loc, kind, input, op.getOverAttr(),
                                   /*keepdims=*/builder.getUnitAttr());
  }

  graph::BatchNormOp op;
  OpBuilder builder;
  Location loc;
  Type element;
};

struct DecomposeBatchNorm
    : public sylvite::impl::DecomposeBatchNormPassBase<DecomposeBatchNorm> {
  void runOnOperation() override {
    getOperation().walk([](graph::BatchNormOp op) {
      op.replaceAllUsesWith(Decomposition(op).write());
      op.erase();
    });
  }
};
} // namespace

Value Decomposition::spread(Value vector) {
  int64_t behind = op.getType().getRank() - 1 - op.getAxis();
  if (!behind)
    return vector;
  SmallVector<graph::Dim> dims = graph::getDims(vector);
  dims.append(behind, graph::Dim(1));
  return graph::ReshapeOp::create(builder, loc,
                                  graph::getTensorType(dims, element), vector);
}

Value Decomposition::getInverse(Value variance) {
  auto scalar = RankedTensorType::get({}, element);
  double eps = op.getEps().convertToDouble();
  Value number = graph::ConstantOp::create(
      builder, loc,
      DenseElementsAttr::get(scalar,
                             Attribute(builder.getFloatAttr(element, eps))));
  Value sum = create<graph::AddOp>(variance, number);
  return graph::RsqrtOp::create(builder, loc, sum.getType(), sum);
}

Value Decomposition::write() {
  Value x = op.getInput(), factor;
  if (op.getOver()) {
    x = create<graph::SubOp>(x, average(x));
    factor = getInverse(average(create<graph::MulOp>(x, x)));
    if (op.getScale())
      factor = create<graph::MulOp>(factor, spread(op.getScale()));
  } else {
    x = create<graph::SubOp>(x, spread(op.getMean()));
    // Of the vectors, before they are spread.
    factor = getInverse(op.getVariance());
    if (op.getScale())
      factor = create<graph::MulOp>(factor, op.getScale());
    factor = spread(factor);
  }
  Value y = create<graph::MulOp>(x, factor);
  return op.getBias() ? create<graph::AddOp>(y, spread(op.getBias())) : y;
}
