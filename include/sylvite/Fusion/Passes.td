//===- Passes.td - Passes of the fusion phase ---------------*- tablegen -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_FUSION_PASSES_TD
#define SYLVITE_FUSION_PASSES_TD

include "mlir/Pass/PassBase.td"

def RaiseGeluPass : Pass<"sylvite-raise-gelu", "::mlir::func::FuncOp"> {
  let summary = "recognise GELU in its erf and tanh forms";
  let description = [{
    Models spell the Gaussian error linear unit out, in two forms:

    - x/2 (1 + erf(x / sqrt 2)), and
    - x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))).

    Factors may stand in any order and at either side, divisions may be
    products, and constants may be rounded to the precision of the tensor. What
    looks like the beginning of a GELU, but is none, is left with a remark.

    ```mlir
    func.func @example(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
      %root = graph.constant dense<1.41421354> : tensor<f32>
      %one = graph.constant dense<1.0> : tensor<f32>
      %half = graph.constant dense<0.5> : tensor<f32>
      %a = graph.div %x, %root : (tensor<4x8xf32>, tensor<f32>) -> tensor<4x8xf32>
      %b = graph.erf %a : tensor<4x8xf32>
      %c = graph.add %b, %one : (tensor<4x8xf32>, tensor<f32>) -> tensor<4x8xf32>
      %d = graph.mul %x, %half : (tensor<4x8xf32>, tensor<f32>) -> tensor<4x8xf32>
      %y = graph.mul %d, %c : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
      return %y : tensor<4x8xf32>
    }
    ```

    becomes `graph.gelu %x`.
  }];
}

def FuseAttentionPass : Pass<"sylvite-fuse-attention", "::mlir::func::FuncOp"> {
  let summary = "make one op of product, scale, mask, softmax and product";
  let description = [{
    Attention that is spelled out reads and writes a matrix of all queries and
    keys at each step. As one op its scores never leave the cache.

    Found is softmax(q k^T) v, whatever the order and the place of transposes
    and reshapes, with

    - factors that are one number, on queries, keys or scores;
    - any number of summands of the scores, and selects between scores and a
      number that is -10000 or less at the softmax: they become the bias;
    - heads in a dimension of their own, merged into the batch, or none;
    - `graph.l2_normalize` on both queries and keys (similarity `cosine`).

    Conditions:

    - the softmax is along the keys;
    - scores and probabilities have no other use;
    - queries, keys and values agree in their batch and heads;
    - all dynamic dimensions have names, and the number of heads is static;
    - there is one element type throughout.

    The layout is the one with fewer transposes, so that those of the usual
    [batch, sequence, heads, features] vanish. A select becomes a summand of
    -inf, by which a query that sees no key gives zero (see the rationale).

    ```mlir
    func.func @example(%q: tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>>,
                       %k: tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>>)
        -> tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>> {
      %root = graph.constant dense<2.82842708> : tensor<f32>
      %s = graph.matmul %q, %k {transpose_rhs}
          : (tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>>,
             tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>>)
          -> tensor<?x4x?x?xf32, #graph.dims<batch, _, seq, seq>>
      %t = graph.div %s, %root
          : (tensor<?x4x?x?xf32, #graph.dims<batch, _, seq, seq>>, tensor<f32>)
          -> tensor<?x4x?x?xf32, #graph.dims<batch, _, seq, seq>>
      %p = graph.softmax %t axis(3)
          : tensor<?x4x?x?xf32, #graph.dims<batch, _, seq, seq>>
      %o = graph.matmul %p, %k
          : (tensor<?x4x?x?xf32, #graph.dims<batch, _, seq, seq>>,
             tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>>)
          -> tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>>
      return %o : tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>>
    }
    ```

    becomes `graph.attention %q, %k, %k scale(0.35355339...)`.
  }];
}

#endif // SYLVITE_FUSION_PASSES_TD
