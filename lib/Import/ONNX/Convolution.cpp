//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Convolutions, as products of gathered windows with the weight.
///
//===----------------------------------------------------------------------===//

#include "Operators.h"

using namespace mlir;
using namespace sylvite;
using graph::Dim;

namespace {
/// What a convolution does along one axis of space.
struct Window {
  int64_t extent, kernel, stride, dilation, low, high;

  int64_t getOutput() const {
    int64_t reach = dilation * (kernel - 1) + 1;
    return (extent + low + high - reach) / stride + 1;
  }
};
} // namespace

/// The windows of a node; fails where an axis is not static.
static FailureOr<SmallVector<Window>>
getWindows(Node &node, ArrayRef<Dim> space, ArrayRef<int64_t> kernel) {
  size_t rank = space.size();
  SmallVector<int64_t> ones(rank, 1), zeros(2 * rank, 0);
  SmallVector<int64_t> strides = node.getInts("strides").value_or(ones),
                       dilations = node.getInts("dilations").value_or(ones),
                       pads = node.getInts("pads").value_or(zeros);
  std::string autoPad = node.getString("auto_pad", "NOTSET");
  if (strides.size() != rank || dilations.size() != rank ||
      pads.size() != 2 * rank)
    return node.invalid("has strides, dilations or pads of another rank");
  SmallVector<Window> windows;
  for (size_t i = 0; i != rank; ++i) {
    if (!space[i].isStatic())
      return node.unsupported("a convolution along the dynamic axis " +
                              space[i].name.str());
    Window window{space[i].size, kernel[i], strides[i],
                  dilations[i],  pads[i],   pads[i + rank]};
    if (window.stride < 1 || window.dilation < 1 || window.kernel < 1 ||
        window.low < 0 || window.high < 0 || window.dilation > (1 << 20) ||
        window.low > (1 << 20) || window.high > (1 << 20) ||
        window.kernel > (1 << 20) || window.stride > (1 << 20))
      return node.invalid("has a stride, a dilation or a padding that cannot "
                          "be");
    if (autoPad == "SAME_UPPER" || autoPad == "SAME_LOWER") {
      int64_t output = llvm::divideCeil(window.extent, window.stride);
      int64_t need = std::max<int64_t>(
          (output - 1) * window.stride + window.dilation * (window.kernel - 1) +
              1 - window.extent,
          0);
      window.low = autoPad == "SAME_UPPER" ? need / 2 : need - need / 2;
      window.high = need - window.low;
    } else if (autoPad == "VALID") {
      window.low = window.high = 0;
    } else if (autoPad != "NOTSET") {
      return node.invalid("auto_pad is none that there is");
    }
    if (window.extent + window.low + window.high <
        window.dilation * (window.kernel - 1) + 1)
      return node.invalid("its kernel is larger than the input");
    windows.push_back(window);
  }
  return windows;
}

/// [n, c, x...] -> [n, c, y, k, y, k, ...]: the elements of each window.
static Value gatherWindows(GraphWriter &ops, Value x,
                           ArrayRef<Window> windows) {
  if (!x)
    return {};
  size_t rank = windows.size();
  SmallVector<int64_t> low = {0, 0}, high = {0, 0};
  bool pads = false;
  for (const Window &window : windows) {
    low.push_back(window.low);
    high.push_back(window.high);
    pads |= window.low || window.high;
  }
  if (pads) {
    graph::PadOp::Properties properties;
    properties.low = ops.getBuilder().getDenseI64ArrayAttr(low);
    properties.high = ops.getBuilder().getDenseI64ArrayAttr(high);
    x = ops.infer<graph::PadOp>({x, ops.like(0, x)}, properties);
  }
  // From the last axis to the first, so that places stay where they are.
  for (size_t i = rank; i-- > 0;) {
    const Window &window = windows[i];
    int64_t axis = 2 + i, output = window.getOutput();
    if (!x)
      return {};
    if (window.kernel == 1 && window.stride == 1) {
      x = ops.insertDim(x, axis + 1);
      continue;
    }
    // Windows side by side are a reshape.
    int64_t extent = window.extent + window.low + window.high;
    if (window.kernel == window.stride && window.dilation == 1) {
      x = ops.slice(x, axis, 0, output * window.kernel);
      if (!x)
        return {};
      Dims dims = graph::getDims(x);
      dims[axis] = Dim(output);
      dims.insert(dims.begin() + axis + 1, Dim(window.kernel));
      x = ops.reshape(x, dims);
      continue;
    }
    (void)extent;
    Dims square = {Dim(output), Dim(window.kernel)};
    Value place = ops.iota(square, 0, ops.i64()),
          offset = ops.iota(square, 1, ops.i64());
    if (window.stride != 1)
      place = ops.mul(place, window.stride);
    if (window.dilation != 1)
      offset = ops.mul(offset, window.dilation);
    x = ops.gather(x, ops.add(place, offset), axis);
  }
  return x;
}

static LogicalResult importConv(Node &node) {
  GraphWriter &ops = node.ops;
  Dims dims = node.getDims(0), wDims = node.getDims(1);
  if (node.isPoisoned())
    return failure();
  size_t rank = dims.size() - 2;
  int64_t groups = node.getInt("group", 1);
  if (dims.size() < 3 || wDims.size() != dims.size() || !dims[1].isStatic() ||
      !llvm::all_of(wDims, [](const Dim &dim) { return dim.isStatic(); }))
    return node.invalid("takes [n, c, space...] and weights of that rank");
  SmallVector<int64_t> kernel;
  for (const Dim &dim : ArrayRef(wDims).drop_front(2))
    kernel.push_back(dim.size);
  if (auto given = node.getInts("kernel_shape");
      given && ArrayRef<int64_t>(*given) != ArrayRef<int64_t>(kernel))
    return node.invalid("kernel_shape is not that of the weight");
  int64_t channels = dims[1].size, outputs = wDims[0].size;
  if (groups < 1 || channels % groups || outputs % groups ||
      wDims[1].size != channels / groups)
    return node.invalid("channels do not make " + Twine(groups) + " groups");
  FailureOr<SmallVector<Window>> windows =
      getWindows(node, ArrayRef(dims).drop_front(2), kernel);
  if (failed(windows))
    return failure();
  Value x = gatherWindows(ops, node.get(0), *windows), weight = node.get(1);
  if (!x || !weight)
    return node.set(Value());
  // [n, g, c, y, k, ...] -> [n, g, y..., c, k...] -> [n, g, places, depth].
  Dims split = graph::getDims(x);
  split[1] = Dim(channels / groups);
  split.insert(split.begin() + 1, Dim(groups));
  x = ops.reshape(x, split);
  SmallVector<int64_t> perm = {0, 1};
  int64_t places = 1, depth = channels / groups;
  Dims space;
  for (size_t i = 0; i != rank; ++i) {
    perm.push_back(3 + 2 * i);
    places *= (*windows)[i].getOutput();
    space.push_back(Dim((*windows)[i].getOutput()));
  }
  perm.push_back(2);
  for (size_t i = 0; i != rank; ++i) {
    perm.push_back(4 + 2 * i);
    depth *= kernel[i];
  }
  x = ops.transpose(x, perm);
  int64_t each = outputs / groups;
  Value y;
  if (groups == 1) {
    x = ops.reshape(x, {dims[0], Dim(places), Dim(depth)});
    Value matrix = ops.reshape(weight, {Dim(outputs), Dim(depth)});
    y = ops.matmul(x, matrix, false, true);
    if (node.has(2))
      y = ops.add(y, node.get(2));
    y = ops.transpose(y, {0, 2, 1});
  } else {
    x = ops.reshape(x, {dims[0], Dim(groups), Dim(places), Dim(depth)});
    Value matrix = ops.reshape(weight, {Dim(groups), Dim(each), Dim(depth)});
    y = ops.transpose(ops.matmul(x, matrix, false, true), {0, 1, 3, 2});
    y = ops.reshape(y, {dims[0], Dim(outputs), Dim(places)});
    if (node.has(2))
      y = ops.add(y, ops.insertDim(node.get(2), 1));
  }
  Dims result = {dims[0], Dim(outputs)};
  result.append(space);
  return node.set(ops.reshape(y, result));
}

/// A convolution of each channel by itself over what came before and the input,
/// of which the end is kept for the next call.
static LogicalResult importCausalConv(Node &node) {
  GraphWriter &ops = node.ops;
  Dims dims = node.getDims(0), wDims = node.getDims(1);
  if (node.isPoisoned())
    return failure();
  std::string activation = node.getString("activation", "none");
  if (dims.size() != 3 || wDims.size() != 3 || !wDims[2].isStatic() ||
      !dims[2].isStatic() || !dims[1].isStatic())
    return node.unsupported("CausalConvWithState of a dynamic length");
  int64_t k = wDims[2].size, length = dims[2].size;
  // Each tap is written by itself.
  constexpr int64_t kMaxTaps = 1024;
  if (k > kMaxTaps)
    return node.unsupported("a kernel of " + Twine(k) + " elements");
  Value x = node.get(0), weight = node.get(1);
  if (!x || !weight)
    return node.set(Value());
  if (node.has(3)) {
    if (k > 1)
      x = ops.concat({node.get(3), x}, 2);
  } else if (k > 1) {
    graph::PadOp::Properties properties;
    properties.low = ops.getBuilder().getDenseI64ArrayAttr({0, 0, k - 1});
    properties.high = ops.getBuilder().getDenseI64ArrayAttr({0, 0, 0});
    x = ops.infer<graph::PadOp>({x, ops.like(0, x)}, properties);
  }
  // In single precision, as the sums of products that there are elsewhere.
  Type element = getElement(weight);
  Type wide = element.getIntOrFloatBitWidth() < 32 ? ops.f32() : element;
  weight = ops.cast(weight, wide);
  Value sum;
  for (int64_t i = 0; i != k; ++i) {
    Value part = ops.cast(ops.slice(x, 2, i, i + length), wide);
    // [c, 1, k] -> [c, 1].
    Value factor =
        ops.reshape(ops.slice(weight, 2, i, i + 1), {dims[1], Dim(1)});
    Value product = ops.mul(part, factor);
    sum = sum ? ops.add(sum, product) : product;
  }
  if (node.has(2))
    sum = ops.add(sum, ops.cast(ops.insertDim(node.get(2), 1), wide));
  if (activation == "silu" || activation == "swish")
    sum = ops.unary<graph::SiluOp>(sum);
  else if (activation != "none")
    return node.unsupported("the activation " + activation);
  if (node.wants(1)) {
    Value state =
        k == 1 ? ops.takeNone(x, 2) : ops.slice(x, 2, length, length + k - 1);
    if (failed(node.set(1, state)))
      return failure();
  }
  return node.set(ops.cast(sum, element));
}

void sylvite::addConvolutions(Operators &operators) {
  operators.add("Conv", importConv);
  operators.add("CausalConvWithState", importCausalConv);
}
