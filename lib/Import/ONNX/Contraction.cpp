//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Matrix products: MatMul, Gemm, Einsum, and those of integers.
///
//===----------------------------------------------------------------------===//

#include "Operators.h"

using namespace mlir;
using namespace sylvite;
using graph::Dim;

/// numpy's product: a vector on the left is a row, on the right a column.
static Value writeMatmul(GraphWriter &ops, Value a, Value b) {
  if (!a || !b)
    return {};
  bool isRow = graph::getDims(a).size() == 1,
       isColumn = graph::getDims(b).size() == 1;
  if (isRow)
    a = ops.insertDim(a, 0);
  if (isColumn)
    b = ops.insertDim(b, 1);
  // Integers are multiplied as sums of products.
  Value result;
  if (a && b && isa<FloatType>(getElement(a))) {
    result = ops.matmul(a, b);
  } else if (a && b) {
    int64_t rank = std::max(graph::getDims(a).size(), graph::getDims(b).size());
    Value left = ops.insertDim(a, graph::getDims(a).size());
    Value right = ops.insertDim(b, graph::getDims(b).size() - 2);
    result = ops.reduce(graph::ReduceKind::Sum, ops.mul(left, right),
                        {rank - 1}, false);
  }
  if (!result)
    return {};
  if (isColumn)
    result = ops.dropDim(result, graph::getDims(result).size() - 1);
  if (isRow)
    result =
        ops.dropDim(result, graph::getDims(result).size() - (isColumn ? 1 : 2));
  return result;
}

static LogicalResult importMatmul(Node &node) {
  return node.set(0, writeMatmul(node.ops, node.get(0), node.get(1)),
                  node.getOnnxType(0));
}

static LogicalResult importGemm(Node &node) {
  GraphWriter &ops = node.ops;
  double alpha = node.getFloat("alpha", 1), beta = node.getFloat("beta", 1);
  bool transposeA = node.getInt("transA", 0),
       transposeB = node.getInt("transB", 0);
  Value a = node.get(0), b = node.get(1);
  if (!a || !b)
    return node.set(Value());
  Value product;
  if (isa<FloatType>(getElement(a))) {
    product = ops.matmul(a, b, transposeA, transposeB);
  } else {
    if (transposeA)
      a = ops.transpose(a, {1, 0});
    if (transposeB)
      b = ops.transpose(b, {1, 0});
    product = writeMatmul(ops, a, b);
  }
  if (alpha != 1)
    product = ops.mul(product, alpha);
  if (node.has(2)) {
    Value c = node.get(2);
    if (beta != 1)
      c = ops.mul(c, beta);
    product = ops.add(product, c);
  }
  return node.set(product);
}

/// Integers less their zero point, as i32.
static Value readQuantized(Node &node, unsigned operand, unsigned zeroPoint,
                           bool isRows) {
  GraphWriter &ops = node.ops;
  Type i32 = IntegerType::get(node.getContext(), 32);
  Value x = ops.cast(node.get(operand), i32);
  if (!node.has(zeroPoint))
    return x;
  Value zero = ops.cast(node.get(zeroPoint), i32);
  // One a row of the left side: a column. One a column of the right: a row.
  if (zero && isRows && graph::getDims(zero).size() == 1 &&
      !graph::getDims(zero)[0].isOne())
    zero = ops.insertDim(zero, 1);
  return ops.sub(x, zero);
}

static LogicalResult importMatmulInteger(Node &node) {
  Value a = readQuantized(node, 0, 2, true),
        b = readQuantized(node, 1, 3, false);
  return node.set(0, writeMatmul(node.ops, a, b), onnx::TensorProto::INT32);
}

//===----------------------------------------------------------------------===//
// Einsum
//===----------------------------------------------------------------------===//

namespace {
/// A tensor whose dimensions have letters.
struct Lettered {
  Value value;
  std::string letters;
};
} // namespace

/// The dimensions of the letters, in that order: those that are missing are 1.
static Value arrange(GraphWriter &ops, Lettered from, StringRef letters) {
  if (!from.value)
    return {};
  SmallVector<int64_t> perm;
  for (char letter : letters)
    if (size_t at = from.letters.find(letter); at != std::string::npos)
      perm.push_back(at);
  Value value = ops.transpose(from.value, perm);
  if (!value)
    return {};
  Dims dims, own = graph::getDims(value);
  auto next = own.begin();
  for (char letter : letters)
    dims.push_back(from.letters.find(letter) != std::string::npos ? *next++
                                                                  : Dim(1));
  return ops.reshape(value, dims);
}

/// Sums along dimensions whose letters are not among those kept.
static void sumOthers(GraphWriter &ops, Lettered &tensor, StringRef kept) {
  SmallVector<int64_t> axes;
  std::string letters;
  for (auto [i, letter] : llvm::enumerate(tensor.letters)) {
    if (kept.contains(letter))
      letters += letter;
    else
      axes.push_back(i);
  }
  if (axes.empty())
    return;
  tensor.value = ops.reduce(graph::ReduceKind::Sum, tensor.value, axes, false);
  tensor.letters = letters;
}

/// Dimensions of one letter become one: the diagonal.
static void takeDiagonals(GraphWriter &ops, Lettered &tensor) {
  for (size_t i = 0; i < tensor.letters.size(); ++i) {
    size_t j = tensor.letters.find(tensor.letters[i], i + 1);
    if (j == std::string::npos || !tensor.value)
      continue;
    // The two stand side by side, and one index goes along both.
    std::string rest;
    SmallVector<int64_t> perm = {int64_t(i), int64_t(j)};
    for (size_t k = 0; k != tensor.letters.size(); ++k)
      if (k != i && k != j) {
        perm.push_back(k);
        rest += tensor.letters[k];
      }
    Value moved = ops.transpose(tensor.value, perm);
    Dims dims = graph::getDims(moved);
    if (!ops.unify(dims[0], dims[1])) {
      tensor.value = {};
      return;
    }
    Value places = ops.iota({dims[0]}, 0, ops.i64());
    tensor = {ops.gather(moved, {places, places}, 0), tensor.letters[i] + rest};
    return takeDiagonals(ops, tensor);
  }
}

/// The product of extents as one dimension.
static std::optional<Dim> getProduct(ArrayRef<Dim> dims, MLIRContext *context) {
  std::optional<SymInt> product = SymInt(1);
  for (const Dim &dim : dims)
    if (product)
      product = SymInt::mul(*product, SymInt(dim));
  return product ? product->toDim(context) : std::nullopt;
}

/// a and b multiplied and summed over letters that are not kept.
static Lettered contract(Node &node, Lettered a, Lettered b, StringRef kept) {
  GraphWriter &ops = node.ops;
  // What only one of them has and nobody wants is summed before.
  sumOthers(ops, a, (kept + b.letters).str());
  sumOthers(ops, b, (kept + a.letters).str());
  std::string batch, sum, left, right;
  for (char letter : a.letters) {
    bool inB = b.letters.find(letter) != std::string::npos;
    (inB ? kept.contains(letter) ? batch : sum : left) += letter;
  }
  for (char letter : b.letters)
    if (a.letters.find(letter) == std::string::npos)
      right += letter;
  if (!a.value || !b.value)
    return {};
  Type element = getElement(a.value);
  if (sum.empty() || !isa<FloatType>(element)) {
    std::string all = batch + left + right + sum;
    Lettered product = {ops.mul(arrange(ops, a, all), arrange(ops, b, all)),
                        all};
    sumOthers(ops, product, kept);
    return product;
  }
  // [batch..., left, sum] x [batch..., sum, right].
  Value x = arrange(ops, a, batch + left + sum),
        y = arrange(ops, b, batch + sum + right);
  if (!x || !y)
    return {};
  Dims xDims = graph::getDims(x), yDims = graph::getDims(y);
  ArrayRef<Dim> leftDims = ArrayRef(xDims).slice(batch.size(), left.size());
  ArrayRef<Dim> sumDims = ArrayRef(xDims).take_back(sum.size());
  ArrayRef<Dim> rightDims = ArrayRef(yDims).take_back(right.size());
  for (auto [p, q] :
       llvm::zip(sumDims, ArrayRef(yDims).slice(batch.size(), sum.size())))
    if (!ops.unify(p, q))
      return {};
  auto one = getProduct(leftDims, node.getContext()),
       two = getProduct(sumDims, node.getContext()),
       three = getProduct(rightDims, node.getContext());
  if (!one || !two || !three)
    return {};
  Dims shape(xDims.begin(), xDims.begin() + batch.size()), other = shape;
  shape.append({*one, *two});
  other.assign(yDims.begin(), yDims.begin() + batch.size());
  other.append({*two, *three});
  Value product = ops.matmul(ops.reshape(x, shape), ops.reshape(y, other));
  if (!product)
    return {};
  Dims productDims = graph::getDims(product);
  Dims result(productDims.begin(), productDims.begin() + batch.size());
  result.append(leftDims.begin(), leftDims.end());
  result.append(rightDims.begin(), rightDims.end());
  return {ops.reshape(product, result), batch + left + right};
}

static LogicalResult importEinsum(Node &node) {
  GraphWriter &ops = node.ops;
  std::string equation = node.getString("equation", "");
  llvm::erase(equation, ' ');
  auto [inputs, output] = StringRef(equation).split("->");
  bool isExplicit = StringRef(equation).contains("->");
  SmallVector<StringRef> terms;
  inputs.split(terms, ',');
  if (terms.size() != node.getNumInputs())
    return node.invalid("the equation has " + Twine(terms.size()) +
                        " terms for " + Twine(node.getNumInputs()) +
                        " operands");
  // Dimensions that dots stand for get letters that nobody writes: those of
  // one place counted from the end are one.
  std::vector<Lettered> tensors;
  std::string dots;
  for (auto [i, term] : llvm::enumerate(terms)) {
    int64_t rank = node.getRank(i);
    if (node.isPoisoned())
      return failure();
    auto [before, behind] = term.split("...");
    bool hasDots = term.contains("...");
    int64_t written = before.size() + (hasDots ? behind.size() : 0);
    int64_t hidden = rank - written;
    for (char letter : (before + behind).str())
      if (!llvm::isAlpha(letter))
        return node.invalid("the equation has a '" + Twine(letter) + "'");
    if (hidden < 0 || (!hasDots && hidden) || hidden > 10)
      return node.invalid("term " + Twine(i) +
                          " does not fit an operand of "
                          "rank " +
                          Twine(rank));
    std::string letters = before.str();
    std::string own;
    for (int64_t k = hidden; k-- > 0;)
      own += char('0' + k);
    if (own.size() > dots.size())
      dots = own;
    letters += own + (hasDots ? behind.str() : "");
    tensors.push_back({node.get(i), letters});
  }
  std::string wanted;
  if (isExplicit) {
    auto [before, behind] = output.split("...");
    wanted = before.str() + (output.contains("...") ? dots + behind.str() : "");
  } else {
    // Letters that stand once, in alphabetical order.
    std::string all = inputs.str();
    for (char letter : all)
      if (llvm::isAlpha(letter) && llvm::count(all, letter) == 1)
        wanted += letter;
    llvm::sort(wanted);
    wanted = dots + wanted;
  }
  for (char letter : wanted)
    if (llvm::count(wanted, letter) != 1)
      return node.invalid("the result has a letter twice");
  for (Lettered &tensor : tensors)
    takeDiagonals(ops, tensor);
  Lettered result = tensors.front();
  for (size_t i = 1; i != tensors.size(); ++i) {
    std::string kept = wanted;
    for (size_t j = i + 1; j != tensors.size(); ++j)
      kept += tensors[j].letters;
    result = contract(node, result, tensors[i], kept);
  }
  sumOthers(ops, result, wanted);
  for (char letter : wanted)
    if (result.value && result.letters.find(letter) == std::string::npos)
      return node.invalid("the result has a letter that no operand has");
  return node.set(0, arrange(ops, result, wanted), node.getOnnxType(0));
}

void sylvite::addContractions(Operators &operators) {
  operators.add("MatMul", importMatmul);
  operators.add("Gemm", importGemm);
  operators.add("Einsum", importEinsum);
  operators.add("MatMulInteger", importMatmulInteger);
}
