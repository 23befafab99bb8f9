//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Graphs written in C++: each op is created with the type it infers.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Dialect/Graph/GraphBuilder.h"
#include "mlir/IR/Verifier.h"

using namespace mlir;
using namespace sylvite::graph;

GraphBuilder::GraphBuilder(ModuleOp module, StringRef name)
    : builder(module.getContext()) {
  builder.setInsertionPointToEnd(module.getBody());
  Location loc = NameLoc::get(builder.getStringAttr(name));
  function =
      func::FuncOp::create(builder, loc, name, builder.getFunctionType({}, {}));
  builder.setInsertionPointToStart(function.addEntryBlock());
}

FailureOr<func::FuncOp> GraphBuilder::finish() {
  if (hasFailed) {
    function.erase();
    return failure();
  }
  func::ReturnOp::create(builder, function.getLoc(), outputs);
  function.setFunctionType(builder.getFunctionType(
      function.getBody().getArgumentTypes(), ValueRange(outputs).getTypes()));
  function.setAllArgAttrs(inputAttrs);
  function.setAllResultAttrs(outputAttrs);
  if (!dimMax.empty())
    function->setAttr(GraphDialect::kDimMax,
                      dimMax.getDictionary(builder.getContext()));
  return function;
}

Value GraphBuilder::fail() {
  hasFailed = true;
  return {};
}

//===----------------------------------------------------------------------===//
// Locations
//===----------------------------------------------------------------------===//

GraphBuilder::Scope GraphBuilder::enter(const Twine &name) {
  size_t outerLength = path.size();
  if (!path.empty())
    path += '.';
  path += name.str();
  return Scope(*this, outerLength);
}

Location GraphBuilder::getLoc() {
  if (path.empty())
    return function.getLoc();
  return NameLoc::get(StringAttr::get(function.getContext(), path));
}

//===----------------------------------------------------------------------===//
// Dimensions, inputs and outputs
//===----------------------------------------------------------------------===//

Dim GraphBuilder::dim(StringRef name, std::optional<int64_t> max) {
  if (max)
    dimMax.set(name, builder.getI64IntegerAttr(*max));
  return Dim(builder.getStringAttr(name));
}

Value GraphBuilder::input(StringRef name, ArrayRef<Dim> dims, Type element,
                          const InputOptions &options) {
  NamedAttrList attrs;
  attrs.set(GraphDialect::kName, builder.getStringAttr(name));
  if (options.defaultValue)
    attrs.set(GraphDialect::kDefault,
              builder.getIntegerAttr(element, *options.defaultValue));
  if (options.range)
    attrs.set(
        GraphDialect::kRange,
        builder.getI64ArrayAttr({options.range->first, options.range->second}));
  inputAttrs.push_back(attrs.getDictionary(builder.getContext()));
  // The name makes the argument readable in the IR's text as well.
  return function.getBody().addArgument(
      getTensorType(dims, element), NameLoc::get(builder.getStringAttr(name)));
}

void GraphBuilder::output(StringRef name, Value value, Value inPlace) {
  if (!value) {
    fail();
    return;
  }
  NamedAttrList attrs;
  attrs.set(GraphDialect::kName, builder.getStringAttr(name));
  if (inPlace)
    attrs.set(
        GraphDialect::kInPlace,
        builder.getI64IntegerAttr(cast<BlockArgument>(inPlace).getArgNumber()));
  outputs.push_back(value);
  outputAttrs.push_back(attrs.getDictionary(builder.getContext()));
}

//===----------------------------------------------------------------------===//
// Ops
//===----------------------------------------------------------------------===//

template <typename OpTy>
Value GraphBuilder::infer(ValueRange operands,
                          typename OpTy::FoldAdaptor::Properties properties) {
  using Properties = typename OpTy::FoldAdaptor::Properties;
  if (!llvm::all_of(operands, [](Value operand) { return bool(operand); }))
    return fail();
  Location loc = getLoc();
  typename OpTy::Adaptor adaptor(operands, DictionaryAttr(), properties);
  SmallVector<Type> types;
  if (failed(OpTy::inferReturnTypes(builder.getContext(), loc, adaptor, types)))
    return fail();
  OperationState state(loc, OpTy::getOperationName());
  state.addOperands(operands);
  state.addTypes(types);
  if constexpr (!std::is_same_v<Properties, EmptyProperties>)
    state.getOrAddProperties<Properties>() = properties;
  return builder.create(state)->getResult(0);
}

template <typename OpTy, typename... Args>
Value GraphBuilder::create(Type type, Value input, Args &&...args) {
  if (!input)
    return fail();
  auto op =
      OpTy::create(builder, getLoc(), type, input, std::forward<Args>(args)...);
  if (failed(mlir::verify(op, /*verifyRecursively=*/false)))
    return fail();
  return op->getResult(0);
}

/// An axis that counts from the end where it is negative.
static int64_t getAxis(Value input, int64_t axis) {
  return axis < 0 ? axis + cast<RankedTensorType>(input.getType()).getRank()
                  : axis;
}

Value GraphBuilder::weight(StringRef name, ArrayRef<int64_t> shape) {
  return WeightOp::create(builder, getLoc(),
                          RankedTensorType::get(shape, f32()), name);
}

Value GraphBuilder::scalar(double value, Type element) {
  auto type = RankedTensorType::get({}, element);
  Attribute number =
      isa<FloatType>(element)
          ? Attribute(builder.getFloatAttr(element, value))
          : Attribute(builder.getIntegerAttr(element, int64_t(value)));
  return ConstantOp::create(builder, getLoc(),
                            DenseElementsAttr::get(type, ArrayRef(number)));
}

Value GraphBuilder::scalarLike(double value, Value like) {
  return like ? scalar(value, getElementTypeOrSelf(like)) : Value();
}

Value GraphBuilder::iota(ArrayRef<Dim> dims, int64_t axis) {
  auto op = IotaOp::create(builder, getLoc(), getTensorType(dims, i64()), axis);
  return failed(mlir::verify(op)) ? fail() : op.getResult();
}

Value GraphBuilder::add(Value lhs, Value rhs) {
  return infer<AddOp>({lhs, rhs});
}
Value GraphBuilder::sub(Value lhs, Value rhs) {
  return infer<SubOp>({lhs, rhs});
}
Value GraphBuilder::mul(Value lhs, Value rhs) {
  return infer<MulOp>({lhs, rhs});
}
Value GraphBuilder::div(Value lhs, Value rhs) {
  return infer<DivOp>({lhs, rhs});
}
Value GraphBuilder::pow(Value lhs, Value rhs) {
  return infer<PowOp>({lhs, rhs});
}
Value GraphBuilder::maximum(Value lhs, Value rhs) {
  return infer<MaximumOp>({lhs, rhs});
}
Value GraphBuilder::minimum(Value lhs, Value rhs) {
  return infer<MinimumOp>({lhs, rhs});
}
Value GraphBuilder::compare(ComparePredicate predicate, Value lhs, Value rhs) {
  CompareOp::Properties properties;
  properties.predicate =
      ComparePredicateAttr::get(builder.getContext(), predicate);
  return infer<CompareOp>({lhs, rhs}, properties);
}

Value GraphBuilder::add(Value lhs, double rhs) {
  return add(lhs, scalarLike(rhs, lhs));
}
Value GraphBuilder::mul(Value lhs, double rhs) {
  return mul(lhs, scalarLike(rhs, lhs));
}
Value GraphBuilder::div(Value lhs, double rhs) {
  return div(lhs, scalarLike(rhs, lhs));
}
Value GraphBuilder::pow(Value lhs, double rhs) {
  return pow(lhs, scalarLike(rhs, lhs));
}
Value GraphBuilder::sub(Value lhs, double rhs) {
  return sub(lhs, scalarLike(rhs, lhs));
}
Value GraphBuilder::minimum(Value lhs, double rhs) {
  return minimum(lhs, scalarLike(rhs, lhs));
}
Value GraphBuilder::maximum(Value lhs, double rhs) {
  return maximum(lhs, scalarLike(rhs, lhs));
}
Value GraphBuilder::compare(ComparePredicate predicate, Value lhs, double rhs) {
  return compare(predicate, lhs, scalarLike(rhs, lhs));
}

Value GraphBuilder::select(Value condition, Value onTrue, Value onFalse) {
  return infer<SelectOp>({condition, onTrue, onFalse});
}

Value GraphBuilder::cast(Value input, Type element) {
  if (!input)
    return fail();
  return create<CastOp>(getTensorType(getDims(input), element), input);
}

Value GraphBuilder::neg(Value input) {
  return input ? create<NegOp>(input.getType(), input) : fail();
}
Value GraphBuilder::abs(Value input) {
  return input ? create<AbsOp>(input.getType(), input) : fail();
}
Value GraphBuilder::exp(Value input) {
  return input ? create<ExpOp>(input.getType(), input) : fail();
}
Value GraphBuilder::log(Value input) {
  return input ? create<LogOp>(input.getType(), input) : fail();
}
Value GraphBuilder::sqrt(Value input) {
  return input ? create<SqrtOp>(input.getType(), input) : fail();
}
Value GraphBuilder::rsqrt(Value input) {
  return input ? create<RsqrtOp>(input.getType(), input) : fail();
}
Value GraphBuilder::tanh(Value input) {
  return input ? create<TanhOp>(input.getType(), input) : fail();
}
Value GraphBuilder::erf(Value input) {
  return input ? create<ErfOp>(input.getType(), input) : fail();
}
Value GraphBuilder::sin(Value input) {
  return input ? create<SinOp>(input.getType(), input) : fail();
}
Value GraphBuilder::cos(Value input) {
  return input ? create<CosOp>(input.getType(), input) : fail();
}
Value GraphBuilder::sigmoid(Value input) {
  return input ? create<SigmoidOp>(input.getType(), input) : fail();
}
Value GraphBuilder::relu(Value input) {
  return input ? create<ReluOp>(input.getType(), input) : fail();
}
Value GraphBuilder::silu(Value input) {
  return input ? create<SiluOp>(input.getType(), input) : fail();
}

Value GraphBuilder::gelu(Value input, bool approximateTanh) {
  return input ? create<GeluOp>(input.getType(), input, approximateTanh)
               : fail();
}

Value GraphBuilder::matmul(Value lhs, Value rhs, bool transposeRhs) {
  MatmulOp::Properties properties;
  if (transposeRhs)
    properties.transpose_rhs = builder.getUnitAttr();
  return infer<MatmulOp>({lhs, rhs}, properties);
}

Value GraphBuilder::reduce(ReduceKind kind, Value input, int64_t axis,
                           bool keepDims) {
  if (!input)
    return fail();
  ReduceOp::Properties properties;
  properties.kind = ReduceKindAttr::get(builder.getContext(), kind);
  properties.axes = builder.getDenseI64ArrayAttr(getAxis(input, axis));
  if (keepDims)
    properties.keepdims = builder.getUnitAttr();
  return infer<ReduceOp>({input}, properties);
}

Value GraphBuilder::softmax(Value input, int64_t axis) {
  return input ? create<SoftmaxOp>(input.getType(), input, getAxis(input, axis))
               : fail();
}

Value GraphBuilder::logSoftmax(Value input, int64_t axis) {
  return input ? create<LogSoftmaxOp>(input.getType(), input,
                                      getAxis(input, axis))
               : fail();
}

Value GraphBuilder::l2Normalize(Value input, int64_t axis, double eps) {
  return input ? create<L2NormalizeOp>(input.getType(), input,
                                       getAxis(input, axis), APFloat(eps))
               : fail();
}

template <typename OpTy>
Value GraphBuilder::norm(Value input, const NormOptions &options) {
  return input ? create<OpTy>(input.getType(), input, options.residual,
                              options.scale, options.bias, APFloat(options.eps))
               : fail();
}

Value GraphBuilder::layerNorm(Value input, const NormOptions &options) {
  return norm<LayerNormOp>(input, options);
}

Value GraphBuilder::rmsNorm(Value input, const NormOptions &options) {
  return norm<RmsNormOp>(input, options);
}

Value GraphBuilder::batchNorm(Value input, const BatchNormOptions &options) {
  if (!input)
    return fail();
  DenseI64ArrayAttr over;
  if (!options.over.empty()) {
    SmallVector<int64_t> axes;
    for (int64_t axis : options.over)
      axes.push_back(getAxis(input, axis));
    over = builder.getDenseI64ArrayAttr(axes);
  }
  return create<BatchNormOp>(
      input.getType(), input, options.mean, options.variance, options.scale,
      options.bias, getAxis(input, options.axis), over, APFloat(options.eps));
}

Value GraphBuilder::cumsum(Value input, int64_t axis) {
  return input ? create<CumsumOp>(input.getType(), input, getAxis(input, axis))
               : fail();
}

Value GraphBuilder::reshape(Value input, ArrayRef<Dim> dims) {
  if (!input)
    return fail();
  return create<ReshapeOp>(getTensorType(dims, getElementTypeOrSelf(input)),
                           input);
}

Value GraphBuilder::broadcast(Value input, ArrayRef<Dim> dims) {
  if (!input)
    return fail();
  return create<BroadcastToOp>(getTensorType(dims, getElementTypeOrSelf(input)),
                               input);
}

Value GraphBuilder::transpose(Value input, ArrayRef<int64_t> perm) {
  TransposeOp::Properties properties;
  properties.perm = builder.getDenseI64ArrayAttr(perm);
  return infer<TransposeOp>({input}, properties);
}

Value GraphBuilder::slice(Value input, int64_t axis, int64_t begin,
                          int64_t end) {
  if (!input)
    return fail();
  SliceOp::Properties properties;
  properties.axis = builder.getI64IntegerAttr(getAxis(input, axis));
  properties.begin = builder.getI64IntegerAttr(begin);
  properties.end = builder.getI64IntegerAttr(end);
  return infer<SliceOp>({input}, properties);
}

Value GraphBuilder::concat(ValueRange inputs, int64_t axis) {
  if (!llvm::all_of(inputs, [](Value input) { return bool(input); }))
    return fail();
  ConcatOp::Properties properties;
  properties.axis = builder.getI64IntegerAttr(
      inputs.empty() ? axis : getAxis(inputs.front(), axis));
  return infer<ConcatOp>(inputs, properties);
}

Value GraphBuilder::embedding(Value table, Value indices) {
  return infer<EmbeddingOp>({table, indices});
}

/// The region of a formula, with its body.
static void buildScore(OpBuilder &builder, AttentionOp op,
                       const AttentionOptions &options) {
  OpBuilder::InsertionGuard guard(builder);
  Type element = op.getType().getElementType(), index = builder.getIndexType();
  Location loc = op.getLoc();
  Block *block = builder.createBlock(&op.getScore(), {},
                                     {element, index, index, index, index},
                                     SmallVector<Location>(5, loc));
  auto argument = [&](unsigned number) {
    return Scalar(builder, block->getArgument(number));
  };
  Scalar score = options.score(
      {argument(0), argument(1), argument(2), argument(3), argument(4)});
  YieldOp::create(builder, loc, score.getValue());
}

AttentionOp GraphBuilder::makeAttention(Value query, Value key, Value value,
                                        const AttentionOptions &options,
                                        bool withWeights) {
  auto isNull = [](Value operand) { return !operand; };
  if (!query || !key || !value || llvm::any_of(options.with, isNull)) {
    fail();
    return {};
  }
  MaskAttr mask;
  SmallVector<Value> maskOperands;
  if (options.mask) {
    FailureOr<MaskAttr> attr = options.mask->getAttr(getLoc(), maskOperands);
    if (failed(attr)) {
      fail();
      return {};
    }
    mask = *attr;
  }
  // What does not fit is told by the verifier, so the result may be off here.
  SmallVector<Dim> dims = getDims(query);
  if (!dims.empty() && !getDims(value).empty())
    dims.back() = getDims(value).back();
  Type element = getElementTypeOrSelf(query);
  Type type = getTensorType(dims, element), weights;
  if (withWeights) {
    bool isBshd = options.layout == HeadLayout::Bshd;
    SmallVector<Dim> keyDims = getDims(key);
    if (dims.size() == 4 && keyDims.size() == 4)
      dims = {dims[0], dims[isBshd ? 2 : 1], dims[isBshd ? 1 : 2],
              keyDims[isBshd ? 1 : 2]};
    weights = getTensorType(dims, element);
  }
  auto op = AttentionOp::create(builder, getLoc(), type, weights, query, key,
                                value, options.with, maskOperands, options.bias,
                                options.similarity, APFloat(options.scale),
                                options.layout, mask, /*product=*/TypeAttr());
  if (options.score)
    buildScore(builder, op, options);
  if (succeeded(mlir::verify(op)))
    return op;
  fail();
  return {};
}

Value GraphBuilder::attention(Value query, Value key, Value value,
                              const AttentionOptions &options) {
  AttentionOp op =
      makeAttention(query, key, value, options, /*withWeights=*/false);
  return op ? op.getResult() : Value();
}

std::pair<Value, Value>
GraphBuilder::attentionWithWeights(Value query, Value key, Value value,
                                   const AttentionOptions &options) {
  AttentionOp op =
      makeAttention(query, key, value, options, /*withWeights=*/true);
  if (!op)
    return {};
  return {op.getResult(), op.getWeights()};
}

Value GraphBuilder::positionalEncoding(ArrayRef<Dim> dims, Type element,
                                       const PositionOptions &options) {
  auto op = PositionalEncodingOp::create(
      builder, getLoc(), getTensorType(dims, element), options.positions,
      APFloat(options.base));
  if (options.formula) {
    OpBuilder::InsertionGuard guard(builder);
    Type index = builder.getIndexType();
    Block *block = builder.createBlock(&op.getFormula(), {}, {index, index},
                                       SmallVector<Location>(2, op.getLoc()));
    Scalar value = options.formula(Scalar(builder, block->getArgument(0)),
                                   Scalar(builder, block->getArgument(1)));
    YieldOp::create(builder, op.getLoc(), value.getValue());
  }
  return failed(mlir::verify(op)) ? fail() : op.getResult();
}

Value GraphBuilder::rotaryEmbedding(Value input, const RotaryOptions &options) {
  if (!input)
    return fail();
  bool counts = !options.positions && !options.cos && !options.sin;
  return create<RotaryEmbeddingOp>(
      input.getType(), input, options.positions, options.cos, options.sin,
      counts ? builder.getI64IntegerAttr(getAxis(input, options.axis))
             : IntegerAttr(),
      builder.getF64FloatAttr(options.base),
      options.dims ? builder.getI64IntegerAttr(*options.dims) : IntegerAttr(),
      options.interleaved ? builder.getUnitAttr() : UnitAttr());
}
