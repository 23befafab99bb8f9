//===- Contraction.td - Matrix products ---------------------*- tablegen -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_DIALECT_GRAPH_CONTRACTION_TD
#define SYLVITE_DIALECT_GRAPH_CONTRACTION_TD

include "sylvite/Dialect/Graph/GraphAttributes.td"

def Graph_MatmulOp : Graph_Op<"matmul", [Pure,
    InferTypeOpAdaptor]> {
  let summary = "batched matrix product";
  let description = [{
    y[..., m, n] = sum_k a[..., m, k] b[..., k, n]; with `transpose_lhs`
    (`transpose_rhs`) the last two dimensions of a (b) stand the other way
    round. Leading dimensions broadcast.

    Rules:
    - MATMUL-1: both ranks are at least 2, and the element types are equal.
    - MATMUL-2: the contracted extents are equal.
    - MATMUL-3: the leading dimensions broadcast (BROADCAST-2).

    ```mlir
    func.func @example(%x: tensor<?x?x384xf32, #graph.dims<batch, seq, _>>,
                       %w: tensor<1536x384xf32>)
        -> tensor<?x?x1536xf32, #graph.dims<batch, seq, _>> {
      %y = graph.matmul %x, %w {transpose_rhs}
          : (tensor<?x?x384xf32, #graph.dims<batch, seq, _>>,
             tensor<1536x384xf32>)
          -> tensor<?x?x1536xf32, #graph.dims<batch, seq, _>>
      return %y : tensor<?x?x1536xf32, #graph.dims<batch, seq, _>>
    }
    ```
  }];
  let arguments = (ins Graph_FloatTensor:$lhs, Graph_FloatTensor:$rhs,
                       UnitAttr:$transpose_lhs, UnitAttr:$transpose_rhs);
  let results = (outs Graph_FloatTensor:$result);
  let assemblyFormat =
      "$lhs `,` $rhs attr-dict `:` functional-type(operands, results)";
}

def Graph_QuantizeOp : Graph_Op<"quantize", [Pure, InferTypeOpAdaptor,
    DeclareOpInterfaceMethods<OpAsmOpInterface, ["getAsmResultNames"]>]> {
  let summary = "a weight as integers of eight bits and scales";
  let description = [{
    Each line of a matrix that has one place along `axis` gets a scale s of its
    own, and its numbers become the integers nearest to w / s, ties to even.
    With m the largest magnitude of the line, or 2^-100 where that is larger,
    s = m / 127: integers lie within +-127.

    Numbers that are not finite cannot be quantised: the model is not compiled.

    Rules:
    - QUANTIZE-1: the input is a static matrix and `axis` one of its dimensions.

    ```mlir
    func.func @example() -> (tensor<1536x384xi8>, tensor<1536xf32>) {
      %w = graph.weight "dense.weight" : tensor<1536x384xf32>
      %q, %s = graph.quantize %w axis(0)
          : (tensor<1536x384xf32>) -> (tensor<1536x384xi8>, tensor<1536xf32>)
      return %q, %s : tensor<1536x384xi8>, tensor<1536xf32>
    }
    ```
  }];
  let arguments = (ins Graph_FloatTensor:$input, I64Attr:$axis);
  let results = (outs Graph_IntTensor:$values, Graph_FloatTensor:$scales);
  let assemblyFormat = [{
    $input `axis` `(` $axis `)` attr-dict `:` functional-type(operands, results)
  }];
}

def Graph_LinearOp : Graph_Op<"linear", [Pure, AttrSizedOperandSegments]> {
  let summary = "matrix product with its whole epilogue";
  let description = [{
    y = norm(activation(x W + bias) + residual), each part but the product
    optional. The weight is [in, out], with `transpose_weight` [out, in] (as
    PyTorch stores it). `norm` is that of `graph.layer_norm` or
    `graph.rms_norm` along the output features.

    Rules:
    - LINEAR-1: the weight has rank 2 and a static type, and its input extent
      is the input's last extent.
    - LINEAR-2: the result has the input's leading dimensions and the weight's
      output extent.
    - LINEAR-3: bias, norm scale and norm bias have the output extent as their
      only one.
    - LINEAR-4: the residual has the result's type.
    - LINEAR-5: a norm has a scale and eps >= 0, and without norm there is
      neither norm scale nor norm bias.
    - LINEAR-6: bias, residual and the norm's vectors have the result's element
      type; input and weight have that or, each for itself, a narrower float.
    - LINEAR-7: a quantised weight is one of i8 with a scale of f32 for each
      output, input and result are of f32, and the input has at most 65536
      features.

    Elements of narrower types are widened, exactly, and the sum is one of the
    result's type: a weight stored as bf16 changes the weight, and nothing else.

    With `quantized`, the product is one of integers. Of each row of the input
    the number of largest magnitude, the first of them, stays as it is. The
    others are quantised as `graph.quantize` does it, in f32: with m the largest
    magnitude among them, or 2^-100, x becomes the integer q nearest to
    x (127 / m), ties to even. The sum of q W is exact. It is multiplied with the
    row's scale m / 127, the one number's product is added, and the output's
    scale multiplies both. A row with a NaN, or with an infinite number, has a
    result without finite numbers.

    ```mlir
    func.func @example(%x: tensor<?x384xf32, #graph.dims<seq, _>>,
                       %w: tensor<1536x384xf32>, %b: tensor<1536xf32>)
        -> tensor<?x1536xf32, #graph.dims<seq, _>> {
      %y = graph.linear %x, %w bias(%b) activation(gelu_erf) {transpose_weight}
          : (tensor<?x384xf32, #graph.dims<seq, _>>, tensor<1536x384xf32>,
             tensor<1536xf32>) -> tensor<?x1536xf32, #graph.dims<seq, _>>
      return %y : tensor<?x1536xf32, #graph.dims<seq, _>>
    }
    ```
  }];
  let arguments = (ins
    Graph_FloatTensor:$input, Graph_Tensor:$weight,
    Optional<Graph_FloatTensor>:$weight_scale,
    Optional<Graph_FloatTensor>:$bias,
    Optional<Graph_FloatTensor>:$residual,
    Optional<Graph_FloatTensor>:$norm_scale,
    Optional<Graph_FloatTensor>:$norm_bias,
    DefaultValuedAttr<Graph_ActivationAttr,
                      "::sylvite::graph::Activation::None">:$activation,
    DefaultValuedAttr<Graph_NormKindAttr,
                      "::sylvite::graph::NormKind::None">:$norm,
    DefaultValuedAttr<F64Attr, "1.0e-5">:$eps,
    UnitAttr:$transpose_weight);
  let results = (outs Graph_FloatTensor:$result);
  let assemblyFormat = [{
    $input `,` $weight (`quantized` `(` $weight_scale^ `)`)? (`bias` `(` $bias^ `)`)?
    (`activation` `(` custom<Keyword>($activation)^ `)`)?
    (`residual` `(` $residual^ `)`)?
    (`norm` `(` custom<Keyword>($norm)^ `)`)?
    (`scale` `(` $norm_scale^ `)`)? (`shift` `(` $norm_bias^ `)`)?
    (`eps` `(` $eps^ `)`)?
    attr-dict `:` functional-type(operands, results)
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    /// Extents of the product's inner and outer dimension.
    int64_t getInFeatures();
    int64_t getOutFeatures();
    /// Is the weight one of integers?
    bool isQuantized() { return bool(getWeightScale()); }
  }];
}

#endif // SYLVITE_DIALECT_GRAPH_CONTRACTION_TD
