//===- Position.td - Encodings of positions -----------------*- tablegen -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_DIALECT_GRAPH_POSITION_TD
#define SYLVITE_DIALECT_GRAPH_POSITION_TD

include "sylvite/Dialect/Graph/GraphAttributes.td"

def Graph_PositionalEncodingOp : Graph_Op<"positional_encoding", [Pure]> {
  let summary = "a vector for each position, by a formula";
  let description = [{
    y[..., i] = f(p, i), with p the position and i the channel of D. The positions
    are those of an integer tensor, whose shape the result has before its
    channels; without one they are 0, 1, 2, ... along the result's last axis but
    one. The formula is

        f(p, 2k) = sin(p / base^(2k/D)),   f(p, 2k + 1) = cos(p / base^(2k/D))

    or, with `formula`, a region over position and channel. Angles are calculated
    in double precision: in single precision those of late positions would have
    no correct digits behind the point.
    Source: Vaswani et al., "Attention Is All You Need", 2017.

    Rules:
    - POSITIONAL_ENCODING-1: the result's channels are static, and there are
      positions, or the result has rank 2 or more.
    - POSITIONAL_ENCODING-2: positions have the result's dimensions without the
      channels.
    - POSITIONAL_ENCODING-3: base > 0.
    - POSITIONAL_ENCODING-4: the formula takes (index, index) and yields one
      element.

    ```mlir
    func.func @example(%ids: tensor<?xi64, #graph.dims<seq>>)
        -> (tensor<?x8xf32, #graph.dims<seq, _>>,
            tensor<?x8xf32, #graph.dims<seq, _>>) {
      %y = graph.positional_encoding positions(%ids) base(1.0e4)
          : (tensor<?xi64, #graph.dims<seq>>)
          -> tensor<?x8xf32, #graph.dims<seq, _>>
      %z = graph.positional_encoding formula {
      ^bb0(%p: index, %i: index):
        %sum = arith.addi %p, %i : index
        %integer = arith.index_cast %sum : index to i64
        %number = arith.sitofp %integer : i64 to f32
        %v = math.tanh %number : f32
        graph.yield %v : f32
      } : () -> tensor<?x8xf32, #graph.dims<seq, _>>
      return %y, %z : tensor<?x8xf32, #graph.dims<seq, _>>,
                      tensor<?x8xf32, #graph.dims<seq, _>>
    }
    ```
  }];
  let arguments = (ins Optional<Graph_IntTensor>:$positions,
                       DefaultValuedAttr<F64Attr, "1.0e4">:$base);
  let regions = (region MaxSizedRegion<1>:$formula);
  let results = (outs Graph_FloatTensor:$result);
  let assemblyFormat = [{
    (`positions` `(` $positions^ `)`)? (`base` `(` $base^ `)`)?
    (`formula` $formula^)? attr-dict `:` functional-type(operands, results)
  }];
  let hasVerifier = 1;
}

def Graph_RotaryEmbeddingOp : Graph_Op<"rotary_embedding", [Pure,
    AttrSizedOperandSegments, AllTypesMatch<["input", "result"]>]> {
  let summary = "features rotated by their position";
  let description = [{
    The first `dims` features (all of them unless told) are R/2 pairs, and pair k
    at position p is rotated by the angle p / base^(2k/R):

        y_a = x_a cos - x_b sin,   y_b = x_b cos + x_a sin

    Pair k is features k and k + R/2, or with `interleaved` 2k and 2k + 1. All
    other features pass. The position is the index at `axis`; or that of an
    integer tensor, which broadcasts to the input's dimensions without the
    features. In place of positions and base there may be tables `cos` and `sin`,
    with one element a pair, or one a feature: then y_a takes those at a.
    Source: Su et al., "RoFormer", 2021.

    Rules:
    - ROTARY_EMBEDDING-1: the rank is at least 2, the features are static, and an
      even number of them is rotated.
    - ROTARY_EMBEDDING-2: there is an axis, or positions, or tables of both
      functions, and nothing else.
    - ROTARY_EMBEDDING-3: 0 <= axis < rank - 1.
    - ROTARY_EMBEDDING-4: positions broadcast to the input without its features.
    - ROTARY_EMBEDDING-5: both tables have one shape, whose last extent is that
      of the rotated features or half of it, and which without it broadcasts to
      the input without its features; and the input's element type.
    - ROTARY_EMBEDDING-6: base > 0.

    ```mlir
    func.func @example(%q: tensor<?x4x?x32xf32, #graph.dims<batch, _, seq, _>>,
                       %p: tensor<?xi64, #graph.dims<seq>>)
        -> tensor<?x4x?x32xf32, #graph.dims<batch, _, seq, _>> {
      %y = graph.rotary_embedding %q axis(2)
          : (tensor<?x4x?x32xf32, #graph.dims<batch, _, seq, _>>)
          -> tensor<?x4x?x32xf32, #graph.dims<batch, _, seq, _>>
      %z = graph.rotary_embedding %y positions(%p) base(5.0e5) dims(16)
          interleaved
          : (tensor<?x4x?x32xf32, #graph.dims<batch, _, seq, _>>,
             tensor<?xi64, #graph.dims<seq>>)
          -> tensor<?x4x?x32xf32, #graph.dims<batch, _, seq, _>>
      return %z : tensor<?x4x?x32xf32, #graph.dims<batch, _, seq, _>>
    }
    ```
  }];
  let arguments = (ins Graph_FloatTensor:$input,
                       Optional<Graph_IntTensor>:$positions,
                       Optional<Graph_FloatTensor>:$cos,
                       Optional<Graph_FloatTensor>:$sin,
                       OptionalAttr<I64Attr>:$axis,
                       DefaultValuedAttr<F64Attr, "1.0e4">:$base,
                       OptionalAttr<I64Attr>:$rotary_dims,
                       UnitAttr:$interleaved);
  let results = (outs Graph_FloatTensor:$result);
  let assemblyFormat = [{
    $input (`axis` `(` $axis^ `)`)? (`positions` `(` $positions^ `)`)?
    (`cos` `(` $cos^ `)`)? (`sin` `(` $sin^ `)`)? (`base` `(` $base^ `)`)?
    (`dims` `(` $rotary_dims^ `)`)? (`interleaved` $interleaved^)? attr-dict
    `:` functional-type(operands, results)
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    /// How many features are rotated.
    int64_t getRotated();
  }];
}

#endif // SYLVITE_DIALECT_GRAPH_POSITION_TD
