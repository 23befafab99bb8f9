//===- Attention.td - Attention, the whole family -----------*- tablegen -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_DIALECT_GRAPH_ATTENTION_TD
#define SYLVITE_DIALECT_GRAPH_ATTENTION_TD

include "sylvite/Dialect/Graph/GraphAttributes.td"

def Graph_AttentionOp : Graph_Op<"attention", [Pure,
                                               AttrSizedOperandSegments]> {
  let summary = "score, mask, softmax, weighted sum";
  let description = [{
    For every batch b, head h and query i:

        s_j = score(scale similarity(q_i, k_j) + bias[b, h, i, j])
        o_i = sum_j p_j v_j,   p = softmax of s over the keys the mask shows

    A query that sees no key gives zero, and its weights p are all zero. Query
    heads may be a multiple of the key/value heads (grouped queries): query head
    h reads key head h / (heads / key_heads).

    `layout` gives the order of dimensions of query, key, value and result:
    `bhsd` = [batch, heads, sequence, features] (the default) or `bshd` =
    [batch, sequence, heads, features].

    Similarities and their operands: `dot` q.k; `cosine` q.k / (|q| |k|);
    `general` q.(W k), operand W [features, features]; `additive`
    v.tanh(Wq q + Wk k), operands Wq, Wk [features, hidden] and v [hidden].

    A second result, where there is one, are the weights p, a tensor [batch,
    heads, queries, keys] whatever the layout. Without it no tensor of that size
    is ever made.

    `mask(...)` is the algebra of `#graph.mask`; its operands stand in the
    expression. `score` is a region over (score, batch, head, query, key) for
    formulas of one's own; it yields the new score.

    `product(bf16)` lets a kernel round what both products multiply to bf16, where
    the target multiplies these faster. Sums and the softmax stay as they are.

    Sources: Vaswani et al., "Attention Is All You Need", 2017 (dot); Luong et
    al., 2015 (general); Bahdanau et al., 2014 (additive); Ainslie et al.,
    "GQA", 2023 (grouped).

    Rules:
    - ATTENTION-1: query, key, value and result have rank 4 and one element
      type, which bias and the similarity's operands have as well.
    - ATTENTION-2: one batch extent; key and value agree in sequence and heads;
      query and key agree in features.
    - ATTENTION-3: the head counts are static, and the query's is a multiple of
      the key's.
    - ATTENTION-4: the result has the query's batch, sequence and heads and the
      value's features.
    - ATTENTION-5: every mask operand is named by exactly one leaf, in order,
      and has the leaf's shape and an integer type.
    - ATTENTION-6: the bias broadcasts to [batch, heads, queries, keys].
    - ATTENTION-7: the similarity's operands are those it needs.
    - ATTENTION-8: the score region has arguments (element, index, index,
      index, index) and yields one element.
    - ATTENTION-9: the weights are [batch, heads, queries, keys] and have the
      result's element type.
    - ATTENTION-10: the products are of bf16, and the operands of f32.

    ```mlir
    func.func @example(%x: tensor<?x?x4x32xf32, #graph.dims<batch, seq, _, _>>,
                       %m: tensor<?x?xi64, #graph.dims<batch, seq>>)
        -> tensor<?x?x4x32xf32, #graph.dims<batch, seq, _, _>> {
      %o = graph.attention %x, %x, %x scale(0.17677669529663687) layout(bshd)
          mask(causal and keep(%m))
          : (tensor<?x?x4x32xf32, #graph.dims<batch, seq, _, _>>,
             tensor<?x?x4x32xf32, #graph.dims<batch, seq, _, _>>,
             tensor<?x?x4x32xf32, #graph.dims<batch, seq, _, _>>,
             tensor<?x?xi64, #graph.dims<batch, seq>>)
          -> tensor<?x?x4x32xf32, #graph.dims<batch, seq, _, _>>
      return %o : tensor<?x?x4x32xf32, #graph.dims<batch, seq, _, _>>
    }
    ```
  }];
  let arguments = (ins
    Graph_FloatTensor:$query, Graph_FloatTensor:$key, Graph_FloatTensor:$value,
    Variadic<Graph_FloatTensor>:$similarity_operands,
    Variadic<Graph_IntTensor>:$mask_operands,
    Optional<Graph_FloatTensor>:$bias,
    DefaultValuedAttr<Graph_SimilarityAttr,
                      "::sylvite::graph::Similarity::Dot">:$similarity,
    DefaultValuedAttr<F64Attr, "1.0">:$scale,
    DefaultValuedAttr<Graph_HeadLayoutAttr,
                      "::sylvite::graph::HeadLayout::Bhsd">:$layout,
    OptionalAttr<Graph_MaskAttr>:$mask, OptionalAttr<TypeAttr>:$product);
  let regions = (region MaxSizedRegion<1>:$score);
  let results = (outs Graph_FloatTensor:$result,
                      Optional<Graph_FloatTensor>:$weights);
  let assemblyFormat = [{
    $query `,` $key `,` $value
    (`similarity` `(` custom<Keyword>($similarity)^ `)`)?
    (`with` `(` $similarity_operands^ `)`)?
    (`scale` `(` $scale^ `)`)?
    (`layout` `(` custom<Keyword>($layout)^ `)`)?
    (`product` `(` $product^ `)`)?
    (`mask` `(` custom<MaskExpression>($mask, $mask_operands)^ `)`)?
    (`bias` `(` $bias^ `)`)? (`score` $score^)? attr-dict
    `:` functional-type(operands, results)
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    /// The type of the result, not of the weights.
    ::mlir::RankedTensorType getType() { return getResult().getType(); }
    /// Positions of batch, heads, sequence and features in `layout`.
    struct Axes { unsigned batch, heads, sequence, features; };
    Axes getAxes();
    /// Head counts of the query and of key and value.
    int64_t getHeads();
    int64_t getKeyHeads();
  }];
}

def Graph_YieldOp : Graph_Op<"yield", [Pure, Terminator,
    ParentOneOf<["AttentionOp", "DerivedWeightOp",
                 "PositionalEncodingOp"]>]> {
  let summary = "end of a region, with its value";
  let description = [{
    Ends the score region of `graph.attention`, the formula of
    `graph.positional_encoding` and the body of `graph.derived_weight`.
  }];
  let arguments = (ins AnyType:$value);
  let assemblyFormat = "$value attr-dict `:` type($value)";
}

#endif // SYLVITE_DIALECT_GRAPH_ATTENTION_TD
