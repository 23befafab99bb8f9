//===- Rows.td - Batches without their padding --------------*- tablegen -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_DIALECT_GRAPH_ROWS_TD
#define SYLVITE_DIALECT_GRAPH_ROWS_TD

include "sylvite/Dialect/Graph/GraphAttributes.td"

def Graph_PackRowsOp : Graph_Op<"pack_rows", [Pure]> {
  let summary = "the rows of a batch that are no padding, one after the other";
  let description = [{
    From [batch, sequence, ...] to [rows, ...]: of each sequence the first
    lengths[b] positions (none of a length below 0, all of one that is longer),
    in the order of the batch. Where there are none at all, the first position
    of the first sequence is the only row: no tensor is empty.

    The first dimension of the result has a name that no argument binds. Its
    extent is known when the lengths are; all tensors with it in one function
    have the rows of the same lengths and the same sequence.

    Rules:
    - PACK_ROWS-1: the input has rank 2 or more, and lengths are a vector of its
      first dimension.
    - PACK_ROWS-2: the result is [rows, ...] with the input's dimensions from the
      third on and its element type; `rows` is dynamic and a name of its own.

    ```mlir
    func.func @example(%x: tensor<?x?x8xf32, #graph.dims<batch, seq, _>>,
                       %lengths: tensor<?xi64, #graph.dims<batch>>)
        -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>> {
      %rows = graph.pack_rows %x, %lengths
          : (tensor<?x?x8xf32, #graph.dims<batch, seq, _>>,
             tensor<?xi64, #graph.dims<batch>>)
          -> tensor<?x8xf32, #graph.dims<rows, _>>
      %y = graph.tanh %rows : tensor<?x8xf32, #graph.dims<rows, _>>
      %back = graph.unpack_rows %y, %lengths
          : (tensor<?x8xf32, #graph.dims<rows, _>>,
             tensor<?xi64, #graph.dims<batch>>)
          -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
      return %back : tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
    }
    ```
  }];
  let arguments = (ins Graph_Tensor:$input, Graph_IntTensor:$lengths);
  let results = (outs Graph_Tensor:$result);
  let assemblyFormat = [{
    $input `,` $lengths attr-dict `:` functional-type(operands, results)
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    /// The name of the rows.
    ::mlir::StringAttr getRows();
    /// The batch and the sequence.
    ::std::pair<Dim, Dim> getPositions();
  }];
}

def Graph_UnpackRowsOp : Graph_Op<"unpack_rows", [Pure]> {
  let summary = "packed rows at their places in a batch, and zero elsewhere";
  let description = [{
    The inverse of `graph.pack_rows`: from [rows, ...] to [batch, sequence, ...],
    where positions past the lengths are zero.

    Rules:
    - UNPACK_ROWS-1: the result is [batch, sequence, ...] with the input's
      dimensions from the second on and its element type; the input's first
      dimension is dynamic and a name of its own.
    - UNPACK_ROWS-2: lengths are a vector of the result's first dimension.

    ```mlir
    func.func @example(%x: tensor<?x?xf32, #graph.dims<batch, seq>>,
                       %lengths: tensor<?xi32, #graph.dims<batch>>)
        -> tensor<?x?xf32, #graph.dims<batch, seq>> {
      %rows = graph.pack_rows %x, %lengths
          : (tensor<?x?xf32, #graph.dims<batch, seq>>,
             tensor<?xi32, #graph.dims<batch>>)
          -> tensor<?xf32, #graph.dims<rows>>
      %zeroed = graph.unpack_rows %rows, %lengths
          : (tensor<?xf32, #graph.dims<rows>>,
             tensor<?xi32, #graph.dims<batch>>)
          -> tensor<?x?xf32, #graph.dims<batch, seq>>
      return %zeroed : tensor<?x?xf32, #graph.dims<batch, seq>>
    }
    ```
  }];
  let arguments = (ins Graph_Tensor:$input, Graph_IntTensor:$lengths);
  let results = (outs Graph_Tensor:$result);
  let assemblyFormat = [{
    $input `,` $lengths attr-dict `:` functional-type(operands, results)
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    /// The name of the rows.
    ::mlir::StringAttr getRows();
    /// The batch and the sequence.
    ::std::pair<Dim, Dim> getPositions();
  }];
}

#endif // SYLVITE_DIALECT_GRAPH_ROWS_TD
