//===- Access.td - Elements by their places -----------------*- tablegen -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_DIALECT_GRAPH_ACCESS_TD
#define SYLVITE_DIALECT_GRAPH_ACCESS_TD

include "sylvite/Dialect/Graph/GraphAttributes.td"

def Graph_ExtentOp : Graph_Op<"extent", [Pure]> {
  let summary = "the extent of a named dimension";
  let description = [{
    The number of elements along the dimension of that name, which may be a
    product.

    Rules:
    - GRAPH_EXTENT-1: the name is not empty.

    ```mlir
    func.func @example(%x: tensor<?x8xf32, #graph.dims<seq, _>>)
        -> tensor<i64> {
      %n = graph.extent "seq" : tensor<i64>
      return %n : tensor<i64>
    }
    ```
  }];
  let arguments = (ins StrAttr:$dim);
  let results = (outs 0DTensorOf<[I64]>:$result);
  let assemblyFormat = "$dim attr-dict `:` type($result)";
  let hasVerifier = 1;
}

def Graph_GatherOp : Graph_Op<"gather", [Pure, InferTypeOpAdaptor]> {
  let summary = "elements at indices along neighbouring axes";
  let description = [{
    With n index tensors, which broadcast together to a shape B, for the axes
    from `axis` on:

        y[p..., b..., s...] = x[p..., i_1[b...], ..., i_n[b...], s...]

    p are the axes in front of `axis`, s those behind the n indexed ones. One
    index tensor takes whole slices along an axis, as many as there are axes
    take single elements.

    An index outside its axis has no meaning; negative ones do not count from
    the end. (Kernels clamp them.)

    An index tensor that counts along an axis of B (`graph.iota`, broadcast) as
    far as the input's axis goes leaves that axis as it is: gathers by such
    alone are folded to broadcasts.

    Rules:
    - GATHER-1: there are indices, and 0 <= axis, axis + n <= rank.
    - GATHER-2: the indices broadcast together (BROADCAST-2).

    ```mlir
    func.func @example(%x: tensor<4x6x8xf32>, %i: tensor<2x3xi64>,
                       %j: tensor<3xi64>) -> tensor<2x3x8xf32> {
      %y = graph.gather %x at(%i, %j) axis(0)
          : (tensor<4x6x8xf32>, tensor<2x3xi64>, tensor<3xi64>)
          -> tensor<2x3x8xf32>
      return %y : tensor<2x3x8xf32>
    }
    ```
  }];
  let arguments = (ins Graph_Tensor:$input, Variadic<Graph_IntTensor>:$indices,
                       I64Attr:$axis);
  let results = (outs Graph_Tensor:$result);
  let assemblyFormat = [{
    $input `at` `(` $indices `)` `axis` `(` $axis `)` attr-dict
    `:` functional-type(operands, results)
  }];
  let hasCanonicalizer = 1;
}

def Graph_ScatterOp : Graph_Op<"scatter", [
    Pure, AllTypesMatch<["input", "result"]>]> {
  let summary = "a tensor with elements at indices replaced";
  let description = [{
    The counterpart of `graph.gather`: with index tensors that broadcast to a
    shape B, and updates [p..., B..., s...],

        y[p..., i_1[b...], ..., i_n[b...], s...] = updates[p..., b..., s...]

    and y is the input elsewhere. With `add`, `mul`, `max` or `min` the update is
    combined with what stands at its place. Updates come one after the other in
    row-major order, so that of several at one place the last one stays.

    An index outside its axis has no meaning. (Kernels clamp them.)

    Rules:
    - SCATTER-1: there are indices, and 0 <= axis, axis + n <= rank.
    - SCATTER-2: the indices broadcast together (BROADCAST-2).
    - SCATTER-3: the updates have the shape [p..., B..., s...] and the input's
      element type.

    ```mlir
    func.func @example(%x: tensor<4x8xf32>, %i: tensor<2xi64>,
                       %u: tensor<2x8xf32>) -> tensor<4x8xf32> {
      %y = graph.scatter add %x, %u at(%i) axis(0)
          : (tensor<4x8xf32>, tensor<2x8xf32>, tensor<2xi64>) -> tensor<4x8xf32>
      return %y : tensor<4x8xf32>
    }
    ```
  }];
  let arguments = (ins Graph_ScatterKindAttr:$kind, Graph_Tensor:$input,
                       Graph_Tensor:$updates,
                       Variadic<Graph_IntTensor>:$indices, I64Attr:$axis);
  let results = (outs Graph_Tensor:$result);
  let assemblyFormat = [{
    custom<Keyword>($kind) $input `,` $updates `at` `(` $indices `)`
    `axis` `(` $axis `)` attr-dict `:` functional-type(operands, results)
  }];
  let hasVerifier = 1;
}

def Graph_PadOp : Graph_Op<"pad", [Pure, InferTypeOpAdaptor]> {
  let summary = "a tensor with a number around it";
  let description = [{
    `low` elements are put in front of each axis and `high` ones behind it, all
    of them `value`.

    Rules:
    - PAD-1: there is a `low` and a `high` for each axis, and none is negative.
    - PAD-2: axes that grow are static.
    - PAD-3: the value has rank 0 and the input's element type.

    ```mlir
    func.func @example(%x: tensor<?x8xf32, #graph.dims<seq, _>>)
        -> tensor<?x11xf32, #graph.dims<seq, _>> {
      %zero = graph.constant dense<0.0> : tensor<f32>
      %y = graph.pad %x, %zero low [0, 1] high [0, 2]
          : (tensor<?x8xf32, #graph.dims<seq, _>>, tensor<f32>)
          -> tensor<?x11xf32, #graph.dims<seq, _>>
      return %y : tensor<?x11xf32, #graph.dims<seq, _>>
    }
    ```
  }];
  let arguments = (ins Graph_Tensor:$input, Graph_Tensor:$value,
                       DenseI64ArrayAttr:$low, DenseI64ArrayAttr:$high);
  let results = (outs Graph_Tensor:$result);
  let assemblyFormat = [{
    $input `,` $value `low` $low `high` $high attr-dict
    `:` functional-type(operands, results)
  }];
}

#endif // SYLVITE_DIALECT_GRAPH_ACCESS_TD
