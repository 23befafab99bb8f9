//===- Reduction.td - Sums, norms, softmax ------------------*- tablegen -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_DIALECT_GRAPH_REDUCTION_TD
#define SYLVITE_DIALECT_GRAPH_REDUCTION_TD

include "sylvite/Dialect/Graph/GraphAttributes.td"

def Graph_ReduceOp : Graph_Op<"reduce", [Pure,
    InferTypeOpAdaptor]> {
  let summary = "sum, mean, maximum, minimum or product along axes";
  let description = [{
    With `keepdims` a reduced dimension stays, with extent 1.

    Rules:
    - REDUCE-1: axes are distinct and 0 <= axis < rank.

    ```mlir
    func.func @example(%x: tensor<?x8xf32, #graph.dims<seq, _>>)
        -> tensor<?x1xf32, #graph.dims<seq, _>> {
      %y = graph.reduce mean %x axes [1] keepdims
          : (tensor<?x8xf32, #graph.dims<seq, _>>)
          -> tensor<?x1xf32, #graph.dims<seq, _>>
      return %y : tensor<?x1xf32, #graph.dims<seq, _>>
    }
    ```
  }];
  let arguments = (ins Graph_ReduceKindAttr:$kind, Graph_Tensor:$input,
                       DenseI64ArrayAttr:$axes, UnitAttr:$keepdims);
  let results = (outs Graph_Tensor:$result);
  let assemblyFormat = [{
    custom<Keyword>($kind) $input `axes` $axes (`keepdims` $keepdims^)?
    attr-dict `:` functional-type(operands, results)
  }];
}

def Graph_ArgmaxOp : Graph_Op<"argmax", [Pure, InferTypeOpAdaptor]> {
  let summary = "where the maximum along one axis stands";
  let description = [{
    The index of the largest element of each line, the first of equal ones. A
    NaN is never the largest; a line of nothing else gives 0.

    Rules:
    - ARGMAX-1: 0 <= axis < rank.

    ```mlir
    func.func @example(%logits: tensor<?x74xf32, #graph.dims<batch, _>>)
        -> tensor<?xi64, #graph.dims<batch>> {
      %token = graph.argmax %logits axis(1)
          : (tensor<?x74xf32, #graph.dims<batch, _>>)
          -> tensor<?xi64, #graph.dims<batch>>
      return %token : tensor<?xi64, #graph.dims<batch>>
    }
    ```
  }];
  let arguments = (ins Graph_Tensor:$input, I64Attr:$axis);
  let results = (outs Graph_IntTensor:$result);
  let assemblyFormat = [{
    $input `axis` `(` $axis `)` attr-dict
    `:` functional-type(operands, results)
  }];
}

class Graph_AxisOp<string mnemonic, Type type, list<Trait> traits = []>
    : Graph_Op<mnemonic, !listconcat(traits,
        [Pure, SameOperandsAndResultType])> {
  let arguments = (ins type:$input, I64Attr:$axis);
  let results = (outs type:$result);
  let assemblyFormat = "$input `axis` `(` $axis `)` attr-dict `:` type($input)";
  let hasVerifier = 1;
}

def Graph_CumsumOp : Graph_AxisOp<"cumsum", Graph_Tensor> {
  let summary = "running sum along one axis";
  let description = [{
    y[i] = x[0] + ... + x[i].

    Rules:
    - AXIS-1: 0 <= axis < rank.

    ```mlir
    func.func @example(%x: tensor<2x8xi64>) -> tensor<2x8xi64> {
      %y = graph.cumsum %x axis(1) : tensor<2x8xi64>
      return %y : tensor<2x8xi64>
    }
    ```
  }];
}

def Graph_SoftmaxOp : Graph_AxisOp<"softmax", Graph_FloatTensor> {
  let summary = "exp(x) / sum exp(x) along one axis";
  let description = [{
    Computed after subtracting the maximum. A slice that is -inf throughout
    (a query that sees no key) gives zeros, never NaN.

    Rules: AXIS-1.

    ```mlir
    func.func @example(%x: tensor<2x8xf32>) -> tensor<2x8xf32> {
      %y = graph.softmax %x axis(1) : tensor<2x8xf32>
      return %y : tensor<2x8xf32>
    }
    ```
  }];
}

def Graph_LogSoftmaxOp : Graph_AxisOp<"log_softmax", Graph_FloatTensor> {
  let summary = "x - ln sum exp(x) along one axis";
  let description = [{
    Rules: AXIS-1.

    ```mlir
    func.func @example(%x: tensor<2x8xf32>) -> tensor<2x8xf32> {
      %y = graph.log_softmax %x axis(1) : tensor<2x8xf32>
      return %y : tensor<2x8xf32>
    }
    ```
  }];
}

def Graph_L2NormalizeOp : Graph_AxisOp<"l2_normalize", Graph_FloatTensor> {
  let summary = "x / max(|x|, eps) along one axis";
  let description = [{
    |x| is the Euclidean norm along `axis`.

    Rules: AXIS-1, and
    - L2_NORMALIZE-1: eps >= 0.

    ```mlir
    func.func @example(%x: tensor<2x8xf32>) -> tensor<2x8xf32> {
      %y = graph.l2_normalize %x axis(1) {eps = 1.0e-12 : f64} : tensor<2x8xf32>
      return %y : tensor<2x8xf32>
    }
    ```
  }];
  let arguments = (ins Graph_FloatTensor:$input, I64Attr:$axis,
                       DefaultValuedAttr<F64Attr, "1.0e-12">:$eps);
}

class Graph_NormOp<string mnemonic>
    : Graph_Op<mnemonic, [Pure, AttrSizedOperandSegments,
                          AllTypesMatch<["input", "result"]>]> {
  let arguments = (ins Graph_FloatTensor:$input,
                       Optional<Graph_FloatTensor>:$residual,
                       Optional<Graph_FloatTensor>:$scale,
                       Optional<Graph_FloatTensor>:$bias,
                       DefaultValuedAttr<F64Attr, "1.0e-5">:$eps);
  let results = (outs Graph_FloatTensor:$result);
  let assemblyFormat = [{
    $input (`residual` `(` $residual^ `)`)? (`scale` `(` $scale^ `)`)?
    (`bias` `(` $bias^ `)`)? (`eps` `(` $eps^ `)`)? attr-dict
    `:` functional-type(operands, results)
  }];
  let hasVerifier = 1;
}

def Graph_LayerNormOp : Graph_NormOp<"layer_norm"> {
  let summary = "layer normalisation along the last axis";
  let description = [{
    With z = x + residual (x alone without one), and mean and variance along
    the last axis: y = (z - mean) / sqrt(variance + eps) scale + bias.
    Source: Ba, Kiros and Hinton, "Layer Normalization", 2016.

    Rules:
    - NORM-1: scale and bias have the last axis' extent as their only one, and
      the input's element type.
    - NORM-2: the residual has the input's type.
    - NORM-3: eps >= 0 and the last axis is static.

    ```mlir
    func.func @example(%x: tensor<?x8xf32, #graph.dims<seq, _>>,
                       %r: tensor<?x8xf32, #graph.dims<seq, _>>,
                       %g: tensor<8xf32>, %b: tensor<8xf32>)
        -> tensor<?x8xf32, #graph.dims<seq, _>> {
      %y = graph.layer_norm %x residual(%r) scale(%g) bias(%b) eps(1.0e-12)
          : (tensor<?x8xf32, #graph.dims<seq, _>>,
             tensor<?x8xf32, #graph.dims<seq, _>>, tensor<8xf32>, tensor<8xf32>)
          -> tensor<?x8xf32, #graph.dims<seq, _>>
      return %y : tensor<?x8xf32, #graph.dims<seq, _>>
    }
    ```
  }];
}

def Graph_RmsNormOp : Graph_NormOp<"rms_norm"> {
  let summary = "root-mean-square normalisation along the last axis";
  let description = [{
    With z = x + residual: y = z / sqrt(mean(z^2) + eps) scale + bias.
    Source: Zhang and Sennrich, "Root Mean Square Layer Normalization", 2019.

    Rules: NORM-1, NORM-2, NORM-3.

    ```mlir
    func.func @example(%x: tensor<4x8xf32>, %g: tensor<8xf32>)
        -> tensor<4x8xf32> {
      %y = graph.rms_norm %x scale(%g)
          : (tensor<4x8xf32>, tensor<8xf32>) -> tensor<4x8xf32>
      return %y : tensor<4x8xf32>
    }
    ```
  }];
}

def Graph_BatchNormOp : Graph_Op<"batch_norm", [Pure, AttrSizedOperandSegments,
    AllTypesMatch<["input", "result"]>]> {
  let summary = "batch normalisation of channels";
  let description = [{
    With c the index at `axis`, the channel:

        y = (x - mean[c]) / sqrt(variance[c] + eps) scale[c] + bias[c]

    `mean` and `variance` are statistics stored by training. Without them, they
    are those of the batch itself, along the axes that `over` lists: all others
    have statistics of their own. So [batch, seq, features] normalised over
    [0, 1] has one mean a feature, and over [0] one a feature and position. The
    variance is that of the population, divided by the count.
    Source: Ioffe and Szegedy, "Batch Normalization", 2015.

    Rules:
    - BATCH_NORM-1: 0 <= axis < rank.
    - BATCH_NORM-2: there are a mean and a variance, or axes to go `over`.
    - BATCH_NORM-3: the axes to go over are distinct, inside the rank, and not
      the channels' own.
    - BATCH_NORM-4: mean, variance, scale and bias have the channels' extent as
      their only one, and the input's element type.
    - BATCH_NORM-5: eps >= 0.

    ```mlir
    func.func @example(%x: tensor<?x?x8xf32, #graph.dims<batch, seq, _>>,
                       %m: tensor<8xf32>, %v: tensor<8xf32>,
                       %g: tensor<8xf32>, %b: tensor<8xf32>)
        -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>> {
      %y = graph.batch_norm %x mean(%m) variance(%v) scale(%g) bias(%b) axis(2)
          : (tensor<?x?x8xf32, #graph.dims<batch, seq, _>>, tensor<8xf32>,
             tensor<8xf32>, tensor<8xf32>, tensor<8xf32>)
          -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
      %z = graph.batch_norm %y scale(%g) axis(2) over [0, 1] eps(1.0e-3)
          : (tensor<?x?x8xf32, #graph.dims<batch, seq, _>>, tensor<8xf32>)
          -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
      return %z : tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
    }
    ```
  }];
  let arguments = (ins Graph_FloatTensor:$input,
                       Optional<Graph_FloatTensor>:$mean,
                       Optional<Graph_FloatTensor>:$variance,
                       Optional<Graph_FloatTensor>:$scale,
                       Optional<Graph_FloatTensor>:$bias,
                       I64Attr:$axis, OptionalAttr<DenseI64ArrayAttr>:$over,
                       DefaultValuedAttr<F64Attr, "1.0e-5">:$eps);
  let results = (outs Graph_FloatTensor:$result);
  let assemblyFormat = [{
    $input (`mean` `(` $mean^ `)`)? (`variance` `(` $variance^ `)`)?
    (`scale` `(` $scale^ `)`)? (`bias` `(` $bias^ `)`)? `axis` `(` $axis `)`
    (`over` $over^)? (`eps` `(` $eps^ `)`)? attr-dict
    `:` functional-type(operands, results)
  }];
  let hasVerifier = 1;
}

#endif // SYLVITE_DIALECT_GRAPH_REDUCTION_TD
