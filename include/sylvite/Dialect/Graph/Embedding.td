//===- Embedding.td - Tables, positions, pooling ------------*- tablegen -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_DIALECT_GRAPH_EMBEDDING_TD
#define SYLVITE_DIALECT_GRAPH_EMBEDDING_TD

include "sylvite/Dialect/Graph/GraphAttributes.td"

def Graph_EmbeddingOp : Graph_Op<"embedding", [Pure,
    InferTypeOpAdaptor]> {
  let summary = "rows of a table";
  let description = [{
    y[..., :] = table[indices[...], :].

    Rules:
    - EMBEDDING-1: the table has rank 2 and static extents.

    An index outside the table has no meaning; inputs that reach one carry
    `graph.range`, which a compiled model checks.

    ```mlir
    func.func @example(%t: tensor<100x8xf32>,
                       %i: tensor<?xi64, #graph.dims<seq>>)
        -> tensor<?x8xf32, #graph.dims<seq, _>> {
      %y = graph.embedding %t, %i
          : (tensor<100x8xf32>, tensor<?xi64, #graph.dims<seq>>)
          -> tensor<?x8xf32, #graph.dims<seq, _>>
      return %y : tensor<?x8xf32, #graph.dims<seq, _>>
    }
    ```
  }];
  let arguments = (ins Graph_Tensor:$table, Graph_IntTensor:$indices);
  let results = (outs Graph_Tensor:$result);
  let assemblyFormat =
      "$table `,` $indices attr-dict `:` functional-type(operands, results)";
}

def Graph_EmbeddingsOp : Graph_Op<"embeddings", [Pure,
    AttrSizedOperandSegments]> {
  let summary = "sum of several tables' rows, with its norm";
  let description = [{
    y[..., :] = norm(sum_t table_t[indices_t[...], :]): word, position and
    token type embeddings and the layer norm behind them, in one pass over the
    result. The indices broadcast together.

    Rules:
    - EMBEDDINGS-1: there is one index tensor a table, and at least one.
    - EMBEDDINGS-2: the tables have rank 2, static extents, and one extent of
      features; it is that of scale and bias.
    - EMBEDDINGS-3: the result has the indices' broadcast shape (BROADCAST-2)
      and the features.
    - EMBEDDINGS-4: a norm has a scale and eps >= 0, and without norm there is
      neither scale nor bias.
    - EMBEDDINGS-5: the element types of tables, scale, bias and result are
      equal.

    ```mlir
    func.func @example(%word: tensor<100x8xf32>, %position: tensor<64x8xf32>,
                       %i: tensor<?x?xi64, #graph.dims<batch, seq>>,
                       %g: tensor<8xf32>, %b: tensor<8xf32>)
        -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>> {
      %p = graph.iota axis(0) : tensor<?xi64, #graph.dims<seq>>
      %y = graph.embeddings tables(%word, %position) indices(%i, %p)
          norm(layer) scale(%g) bias(%b) eps(1.0e-12)
          : (tensor<100x8xf32>, tensor<64x8xf32>,
             tensor<?x?xi64, #graph.dims<batch, seq>>,
             tensor<?xi64, #graph.dims<seq>>, tensor<8xf32>, tensor<8xf32>)
          -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
      return %y : tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
    }
    ```
  }];
  let arguments = (ins
    Variadic<Graph_FloatTensor>:$tables, Variadic<Graph_IntTensor>:$indices,
    Optional<Graph_FloatTensor>:$scale, Optional<Graph_FloatTensor>:$bias,
    DefaultValuedAttr<Graph_NormKindAttr,
                      "::sylvite::graph::NormKind::None">:$norm,
    DefaultValuedAttr<F64Attr, "1.0e-5">:$eps);
  let results = (outs Graph_FloatTensor:$result);
  let assemblyFormat = [{
    `tables` `(` $tables `)` `indices` `(` $indices `)`
    (`norm` `(` custom<Keyword>($norm)^ `)`)?
    (`scale` `(` $scale^ `)`)? (`bias` `(` $bias^ `)`)? (`eps` `(` $eps^ `)`)?
    attr-dict
    `:` functional-type(operands, results)
  }];
  let hasVerifier = 1;
}

def Graph_PoolOp : Graph_Op<"pool", [Pure]> {
  let summary = "one vector from a sequence of vectors";
  let description = [{
    From [batch, sequence, features] to [batch, features], over the positions
    where the mask is not zero (all without one): `mean` (zero where there are
    none), `max` (zero where there are none), or `cls`, the first position,
    whatever the mask. With `normalize`, divided by max(|y|, eps), |y| the
    Euclidean norm.
    Source: Reimers and Gurevych, "Sentence-BERT", 2019.

    Rules:
    - POOL-1: the input has rank 3, and the result its first and last
      dimension and its element type.
    - POOL-2: the mask has the input's first two dimensions.
    - POOL-3: eps >= 0.

    ```mlir
    func.func @example(%x: tensor<?x?x8xf32, #graph.dims<batch, seq, _>>,
                       %m: tensor<?x?xi64, #graph.dims<batch, seq>>)
        -> tensor<?x8xf32, #graph.dims<batch, _>> {
      %y = graph.pool mean %x mask(%m) normalize
          : (tensor<?x?x8xf32, #graph.dims<batch, seq, _>>,
             tensor<?x?xi64, #graph.dims<batch, seq>>)
          -> tensor<?x8xf32, #graph.dims<batch, _>>
      return %y : tensor<?x8xf32, #graph.dims<batch, _>>
    }
    ```
  }];
  let arguments = (ins Graph_PoolKindAttr:$kind, Graph_FloatTensor:$input,
                       Optional<Graph_IntTensor>:$mask, UnitAttr:$normalize,
                       DefaultValuedAttr<F64Attr, "1.0e-12">:$eps);
  let results = (outs Graph_FloatTensor:$result);
  let assemblyFormat = [{
    custom<Keyword>($kind) $input (`mask` `(` $mask^ `)`)?
    (`normalize` $normalize^)? (`eps` `(` $eps^ `)`)? attr-dict
    `:` functional-type(operands, results)
  }];
  let hasVerifier = 1;
}

#endif // SYLVITE_DIALECT_GRAPH_EMBEDDING_TD
