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

    Elements of narrower types are widened, exactly, and the sum is one of the
    result's type: a weight stored as bf16 changes the weight, and nothing else.

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
    Graph_FloatTensor:$input, Graph_FloatTensor:$weight,
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
    $input `,` $weight (`bias` `(` $bias^ `)`)?
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
  }];
}

#endif // SYLVITE_DIALECT_GRAPH_CONTRACTION_TD
