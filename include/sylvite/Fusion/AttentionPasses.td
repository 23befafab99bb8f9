//===- AttentionPasses.td - Attention, masks and heads -----*- tablegen -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_FUSION_ATTENTIONPASSES_TD
#define SYLVITE_FUSION_ATTENTIONPASSES_TD

include "mlir/Pass/PassBase.td"

def FuseAttentionPass : Pass<"sylvite-fuse-attention", "::mlir::func::FuncOp"> {
  let summary = "make one op of product, scale, mask, softmax and product";
  let description = [{
    Attention that is spelled out reads and writes a matrix of all queries and
    keys at each step. As one op its scores never leave the cache.

    Found is softmax(q k^T) v, whatever the order and the place of transposes
    and reshapes, with

    - factors that are one number, on queries, keys or scores, and tensors that
      multiply the scores of a query or of a key alike: a factor of that operand;
    - any number of summands of the scores, and selects between scores and a
      number that is -10000 or less at the softmax: they become the bias;
    - other ops on single scores (tanh, bounds, powers): the score region, behind
      which summands have to be masks;
    - heads in a dimension of their own, merged into the batch, or none; keys
      that are repeated, or broadcast by the product, for a group of heads;
    - `graph.l2_normalize` on both queries and keys (similarity `cosine`), and
      v.tanh(Wq q + Wk k) in the place of the product (`additive`);
    - casts between types of floats: the attention has the widest of its operands
      and summands.

    Conditions:

    - the softmax is along the keys;
    - scores have no other use, and probabilities go into one product; where
      something else uses them too, they are the attention's second result, and
      the values do not depend on them;
    - queries, keys and values agree in their batch and heads;
    - all dynamic dimensions have names, and the number of heads is static.

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
  // The score region is made of them.
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::math::MathDialect"];
}

def RaiseMasksPass : Pass<"sylvite-raise-masks", "::mlir::func::FuncOp"> {
  let summary = "recognise masks in the biases of attentions";
  let description = [{
    Models add a mask to the scores: a tensor of queries and keys that holds 0
    where a key is seen and -inf, or a low number, where it is not. As algebra
    (`#graph.mask`) a mask takes no memory, and keys that nobody sees need not
    be calculated. Each summand of a bias is looked at by itself:

    - it must hold 0 and a number of -10000 or less, wherever that comes from:
      (1 - m) * -10000, `select`, products and sums of such tensors, `and`, `or`,
      `not`, constants, casts, reshapes and broadcasts;
    - the condition that tells the two apart must have a formula: comparisons of
      positions (`graph.iota`) are `causal`, `causal_to_end`, `window`, `prefix`
      and `padding`, a tensor of batch and keys is `keep`, equal entries of one
      tensor are `document`; several are joined with `and` and `or`;
    - a constant, or the range of a larger one, must equal such a formula in
      each of its elements: what lies between two diagonals, all of it or within
      documents, with a prefix that all see or with keys that nobody sees.

    An integer argument in arithmetic, as in (1 - m) * -10000, is taken to be 0
    or 1 unless its `graph.range` says otherwise. A query that sees no key gives
    zero, also where a finite number would have given it the mean of all values
    (see the rationale). A summand that is no mask stays in the bias, and a
    remark says why.

    ```mlir
    func.func @example(%x: tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>>,
                       %m: tensor<?x1x1x?xi64, #graph.dims<batch, _, _, seq>>)
        -> tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>> {
      %one = graph.constant dense<1.0> : tensor<f32>
      %low = graph.constant dense<-10000.0> : tensor<f32>
      %f = graph.cast %m : tensor<?x1x1x?xi64, #graph.dims<batch, _, _, seq>>
          to tensor<?x1x1x?xf32, #graph.dims<batch, _, _, seq>>
      %h = graph.sub %one, %f
          : (tensor<f32>, tensor<?x1x1x?xf32, #graph.dims<batch, _, _, seq>>)
          -> tensor<?x1x1x?xf32, #graph.dims<batch, _, _, seq>>
      %b = graph.mul %h, %low
          : (tensor<?x1x1x?xf32, #graph.dims<batch, _, _, seq>>, tensor<f32>)
          -> tensor<?x1x1x?xf32, #graph.dims<batch, _, _, seq>>
      %o = graph.attention %x, %x, %x bias(%b)
          : (tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>>,
             tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>>,
             tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>>,
             tensor<?x1x1x?xf32, #graph.dims<batch, _, _, seq>>)
          -> tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>>
      return %o : tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>>
    }
    ```

    gives the attention `mask(keep(%n))`, where %n is %m as [batch, seq].
  }];
}

def FuseHeadProjectionsPass : Pass<"sylvite-fuse-head-projections",
                                   "::mlir::func::FuncOp"> {
  let summary = "make one product of those with a matrix for each head";
  let description = [{
    Some models store the matrices of all heads in one weight, [heads, in, out].
    Two products with such a weight are plain ones in disguise:

    - x W with one x for all heads, in a tensor with extent 1 in the dimension of
      the heads (or without it): a product with a matrix [in, heads * out], and
      heads and features split behind it. A bias [heads, 1, out] goes along;
    - the sum over all heads of o W: a product of the concatenated heads with a
      matrix [heads * in, out].

    The matrix is calculated at compile time.

    ```mlir
    func.func @example(%x: tensor<2x1x5x8xf32>) -> tensor<2x4x5x3xf32> {
      %w = graph.weight "query" : tensor<4x8x3xf32>
      %q = graph.matmul %x, %w : (tensor<2x1x5x8xf32>, tensor<4x8x3xf32>)
          -> tensor<2x4x5x3xf32>
      return %q : tensor<2x4x5x3xf32>
    }
    ```

    becomes a product of %x as [2, 5, 8] with %w as [8, 12].
  }];
}

def FuseHeadsPass : Pass<"sylvite-fuse-heads", "::mlir::func::FuncOp"> {
  let summary = "make one attention of those of single heads";
  let description = [{
    Multi-head attention as its definition states it has for each head matrices of
    its own, an attention, and a place in the concatenation of all results. The
    attentions become one with that many heads, on projections by all matrices at
    once. A sum of what each head adds to the output, h_1 W_1 + ... + h_n W_n, is
    the concatenation times one matrix.

    Conditions:

    - all that is concatenated, along features or heads, are attentions with one
      head, which nothing else uses;
    - they differ in query, key, value and bias alone: scale, similarity, mask and
      formula of scores are equal;
    - the queries are layers of one input (`graph.linear` without activation,
      residual and norm, with trained weights), or slices of one tensor, of its
      features or of a dimension for the heads, in order;
      so are keys and values, of which several heads in a row may read the same.

    ```mlir
    func.func @example(%x: tensor<1x5x8xf32>) -> tensor<1x5x6xf32> {
      %q = graph.slice %x axis(2) [0, 3] : (tensor<1x5x8xf32>) -> tensor<1x5x3xf32>
      %r = graph.slice %x axis(2) [3, 6] : (tensor<1x5x8xf32>) -> tensor<1x5x3xf32>
      %qh = graph.reshape %q : tensor<1x5x3xf32> to tensor<1x1x5x3xf32>
      %rh = graph.reshape %r : tensor<1x5x3xf32> to tensor<1x1x5x3xf32>
      %a = graph.attention %qh, %qh, %qh : (tensor<1x1x5x3xf32>,
          tensor<1x1x5x3xf32>, tensor<1x1x5x3xf32>) -> tensor<1x1x5x3xf32>
      %b = graph.attention %rh, %rh, %rh : (tensor<1x1x5x3xf32>,
          tensor<1x1x5x3xf32>, tensor<1x1x5x3xf32>) -> tensor<1x1x5x3xf32>
      %c = graph.reshape %a : tensor<1x1x5x3xf32> to tensor<1x5x3xf32>
      %d = graph.reshape %b : tensor<1x1x5x3xf32> to tensor<1x5x3xf32>
      %y = graph.concat %c, %d axis(2) : (tensor<1x5x3xf32>, tensor<1x5x3xf32>) -> tensor<1x5x6xf32>
      return %y : tensor<1x5x6xf32>
    }
    ```

    becomes one attention with two heads.
  }];
}

def FuseQkvPass : Pass<"sylvite-fuse-qkv", "::mlir::func::FuncOp"> {
  let summary = "compute query, key and value in one linear layer";
  let description = [{
    The projections of an attention multiply one input by three weights. One
    layer with the weights and biases one after the other (`graph.concat`, which
    packing writes as one matrix) reads the input once, and has three times the
    columns to divide among threads. Slices stand for the old results; with the
    reshapes behind them they are index arithmetic of the attention's kernel.

    Conditions on two or all three of query, key and value:

    - they are results of `graph.linear` with one input, or slices of them,
      reshaped or transposed;
    - the layers have neither activation, residual nor norm;
    - weights and biases are made of weights and constants alone. One that is
      stored the other way round is transposed, and a missing bias is one of
      zeros, both at compile time.

    Where keys and values come from another input than the queries, these two
    are fused. What is one layer already stays as it is; weights that are slices
    of a packed one become a larger slice of it, or all of it.

    ```mlir
    func.func @example(%x: tensor<?x?x8xf32, #graph.dims<batch, seq, _>>)
        -> tensor<?x?x2x4xf32, #graph.dims<batch, seq, _, _>> {
      %wq = graph.weight "query" : tensor<8x8xf32>
      %wk = graph.weight "key" : tensor<8x8xf32>
      %q = graph.linear %x, %wq
          : (tensor<?x?x8xf32, #graph.dims<batch, seq, _>>, tensor<8x8xf32>)
          -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
      %k = graph.linear %x, %wk
          : (tensor<?x?x8xf32, #graph.dims<batch, seq, _>>, tensor<8x8xf32>)
          -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
      %qh = graph.reshape %q : tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
          to tensor<?x?x2x4xf32, #graph.dims<batch, seq, _, _>>
      %kh = graph.reshape %k : tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
          to tensor<?x?x2x4xf32, #graph.dims<batch, seq, _, _>>
      %o = graph.attention %qh, %kh, %kh layout(bshd)
          : (tensor<?x?x2x4xf32, #graph.dims<batch, seq, _, _>>,
             tensor<?x?x2x4xf32, #graph.dims<batch, seq, _, _>>,
             tensor<?x?x2x4xf32, #graph.dims<batch, seq, _, _>>)
          -> tensor<?x?x2x4xf32, #graph.dims<batch, seq, _, _>>
      return %o : tensor<?x?x2x4xf32, #graph.dims<batch, seq, _, _>>
    }
    ```

    becomes one layer with the weight `graph.concat %wq, %wk axis(1)`.
  }];
}

#endif // SYLVITE_FUSION_ATTENTIONPASSES_TD
