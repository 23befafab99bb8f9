//===- Structure.td - Weights, constants, shapes ------------*- tablegen -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_DIALECT_GRAPH_STRUCTURE_TD
#define SYLVITE_DIALECT_GRAPH_STRUCTURE_TD

include "sylvite/Dialect/Graph/GraphAttributes.td"

def Graph_WeightOp : Graph_Op<"weight", [Pure,
    DeclareOpInterfaceMethods<OpAsmOpInterface, ["getAsmResultNames"]>]> {
  let summary = "a trained tensor, by its name in the model's files";
  let description = [{
    The bytes stay in the files that the module lists in `graph.weight_files`
    and are mapped when needed; the stored element type may be narrower
    (f16, bf16) than the one the op gives. Where the op's type is a narrower
    float than the file's, elements are rounded to the nearest, ties to even.

    Rules:
    - WEIGHT-1: the type is static.

    ```mlir
    func.func @example() -> tensor<384x384xf32> {
      %w = graph.weight "encoder.layer.0.attention.self.query.weight"
          : tensor<384x384xf32>
      return %w : tensor<384x384xf32>
    }
    ```
  }];
  let arguments = (ins StrAttr:$name);
  let results = (outs Graph_Tensor:$result);
  let assemblyFormat = "$name attr-dict `:` type($result)";
  let hasVerifier = 1;
}

def Graph_DerivedWeightOp : Graph_Op<"derived_weight", [Symbol,
    IsolatedFromAbove, SingleBlock, NoRegionArguments]> {
  let summary = "a weight calculated from others when a model is compiled";
  let description = [{
    A `graph.weight` of this name stands for what the body yields. The package
    phase evaluates it once, in double precision, and stores the result beside
    the weights of the files; a program never sees how it came about.

    Rules:
    - DERIVED_WEIGHT-1: the body ends by yielding one tensor of a static type.
    - DERIVED_WEIGHT-2: the body holds ops of this dialect alone.

    ```mlir
    graph.derived_weight @scaled {
      %w = graph.weight "dense.weight" : tensor<384x384xf32>
      %half = graph.constant dense<0.5> : tensor<f32>
      %y = graph.mul %w, %half
          : (tensor<384x384xf32>, tensor<f32>) -> tensor<384x384xf32>
      graph.yield %y : tensor<384x384xf32>
    }
    func.func @example() -> tensor<384x384xf32> {
      %w = graph.weight "scaled" : tensor<384x384xf32>
      return %w : tensor<384x384xf32>
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$sym_name attr-dict-with-keyword $body";
  let hasRegionVerifier = 1;
  let extraClassDeclaration = [{
    /// What the body yields.
    ::mlir::Value getYielded();
  }];
}

def Graph_ConstantOp : Graph_Op<"constant", [Pure, ConstantLike,
    DeclareOpInterfaceMethods<InferTypeOpInterface>,
    DeclareOpInterfaceMethods<OpAsmOpInterface, ["getAsmResultNames"]>]> {
  let summary = "a small tensor written in the graph";
  let description = [{
    ```mlir
    func.func @example() -> tensor<f32> {
      %half = graph.constant dense<5.0e-01> : tensor<f32>
      return %half : tensor<f32>
    }
    ```
  }];
  let arguments = (ins ElementsAttr:$value);
  let results = (outs Graph_Tensor:$result);
  let assemblyFormat = "attr-dict $value";
  let hasFolder = 1;
}

def Graph_IotaOp : Graph_Op<"iota", [Pure]> {
  let summary = "0, 1, 2, ... along one axis";
  let description = [{
    y[..., i, ...] = i where i stands at `axis`.

    Rules:
    - IOTA-1: 0 <= axis < rank.

    ```mlir
    func.func @example(%ids: tensor<?xi64, #graph.dims<seq>>)
        -> tensor<?xi64, #graph.dims<seq>> {
      %p = graph.iota axis(0) : tensor<?xi64, #graph.dims<seq>>
      return %p : tensor<?xi64, #graph.dims<seq>>
    }
    ```
  }];
  let arguments = (ins I64Attr:$axis);
  let results = (outs Graph_Tensor:$result);
  let assemblyFormat = "`axis` `(` $axis `)` attr-dict `:` type($result)";
  let hasVerifier = 1;
}

def Graph_TransposeOp : Graph_Op<"transpose", [Pure,
    InferTypeOpAdaptor]> {
  let summary = "dimensions in another order";
  let description = [{
    Dimension d of the result is dimension perm[d] of the input.

    Rules:
    - TRANSPOSE-1: perm is a permutation of the input's dimensions.

    ```mlir
    func.func @example(%x: tensor<?x12x64xf32, #graph.dims<seq, _, _>>)
        -> tensor<12x?x64xf32, #graph.dims<_, seq, _>> {
      %y = graph.transpose %x perm [1, 0, 2]
          : (tensor<?x12x64xf32, #graph.dims<seq, _, _>>)
          -> tensor<12x?x64xf32, #graph.dims<_, seq, _>>
      return %y : tensor<12x?x64xf32, #graph.dims<_, seq, _>>
    }
    ```
  }];
  let arguments = (ins Graph_Tensor:$input, DenseI64ArrayAttr:$perm);
  let results = (outs Graph_Tensor:$result);
  let assemblyFormat = [{
    $input `perm` $perm attr-dict `:` functional-type(operands, results)
  }];
  let hasFolder = 1;
}

def Graph_ReshapeOp : Graph_Op<"reshape", [Pure]> {
  let summary = "the same elements, row-major, under other dimensions";
  let description = [{
    Rules:
    - RESHAPE-1: the element types are equal.
    - RESHAPE-2: the number of elements is equal: the static extents have one
      product, and the names (factors of a product name counted singly) are
      the same with the same multiplicity.

    ```mlir
    func.func @example(%x: tensor<?x?x384xf32, #graph.dims<batch, seq, _>>)
        -> tensor<?x?x12x32xf32, #graph.dims<batch, seq, _, _>> {
      %y = graph.reshape %x
          : tensor<?x?x384xf32, #graph.dims<batch, seq, _>>
          to tensor<?x?x12x32xf32, #graph.dims<batch, seq, _, _>>
      return %y : tensor<?x?x12x32xf32, #graph.dims<batch, seq, _, _>>
    }
    ```
  }];
  let arguments = (ins Graph_Tensor:$input);
  let results = (outs Graph_Tensor:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `to` type($result)";
  let hasVerifier = 1;
  let hasFolder = 1;
}

def Graph_BroadcastToOp : Graph_Op<"broadcast", [Pure]> {
  let summary = "repeat along dimensions of extent 1";
  let description = [{
    Rules:
    - BROADCAST_TO-1: the input broadcasts to the result as an operand of
      `graph.add` would (BROADCAST-1, BROADCAST-2) and the result is not
      changed by it.

    ```mlir
    func.func @example(%x: tensor<1x4xf32>)
        -> tensor<8x4xf32> {
      %y = graph.broadcast %x : tensor<1x4xf32> to tensor<8x4xf32>
      return %y : tensor<8x4xf32>
    }
    ```
  }];
  let arguments = (ins Graph_Tensor:$input);
  let results = (outs Graph_Tensor:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `to` type($result)";
  let hasVerifier = 1;
  let hasFolder = 1;
}

def Graph_SliceOp : Graph_Op<"slice", [Pure,
    InferTypeOpAdaptor]> {
  let summary = "a range along one axis";
  let description = [{
    Elements begin, begin + 1, ..., end - 1 of `axis`.

    Rules:
    - SLICE-1: 0 <= axis < rank.
    - SLICE-2: 0 <= begin < end, and end is at most the extent where that is
      static.

    On a named axis the range must be inside at run time; a compiled model
    checks that by the axis' minimum, so a slice of a named axis is accepted
    only as `[0, 1)` (every axis has at least one element).

    ```mlir
    func.func @example(%x: tensor<4x1152xf32>) -> tensor<4x384xf32> {
      %k = graph.slice %x axis(1) [384, 768]
          : (tensor<4x1152xf32>) -> tensor<4x384xf32>
      return %k : tensor<4x384xf32>
    }
    ```
  }];
  let arguments = (ins Graph_Tensor:$input, I64Attr:$axis, I64Attr:$begin,
                       I64Attr:$end);
  let results = (outs Graph_Tensor:$result);
  let assemblyFormat = [{
    $input `axis` `(` $axis `)` `[` $begin `,` $end `]` attr-dict
    `:` functional-type(operands, results)
  }];
  let hasFolder = 1;
  let hasCanonicalizer = 1;
}

def Graph_ConcatOp : Graph_Op<"concat", [Pure,
    InferTypeOpAdaptor]> {
  let summary = "tensors one after the other along one axis";
  let description = [{
    Rules:
    - CONCAT-1: there is at least one input, and all have one rank and element
      type.
    - CONCAT-2: 0 <= axis < rank, all extents at axis are static or named, and
      all other extents are equal. The result's extent is their sum, which may
      be a name such as `(past+seq)`.

    ```mlir
    func.func @example(%q: tensor<4x8xf32>, %k: tensor<2x8xf32>)
        -> tensor<6x8xf32> {
      %w = graph.concat %q, %k axis(0)
          : (tensor<4x8xf32>, tensor<2x8xf32>) -> tensor<6x8xf32>
      return %w : tensor<6x8xf32>
    }
    ```
  }];
  let arguments = (ins Variadic<Graph_Tensor>:$inputs, I64Attr:$axis);
  let results = (outs Graph_Tensor:$result);
  let assemblyFormat = [{
    $inputs `axis` `(` $axis `)` attr-dict
    `:` functional-type(operands, results)
  }];
  let hasFolder = 1;
}

#endif // SYLVITE_DIALECT_GRAPH_STRUCTURE_TD
