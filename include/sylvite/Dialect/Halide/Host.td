//===- Host.td - Kernels and weights in host programs -------*- tablegen -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_DIALECT_HALIDE_HOST_TD
#define SYLVITE_DIALECT_HALIDE_HOST_TD

include "sylvite/Dialect/Halide/HalideDialect.td"

def Halide_WeightOp : Halide_Op<"weight", [Pure]> {
  let summary = "a constant tensor, packed as kernels want it";
  let description = [{
    The named tensors of the model's files, concatenated along `axis`, then
    packed; or, with `value`, a constant of the graph.

    `panels(w)` turns a matrix [K, N] (with `transposed`, [N, K]) into panels of
    w columns, [ceil(N/w), K, w], the last one padded with zeros: the order in
    which a GEMM kernel reads them.

    `words(bf16)` puts neighbours along K into one i32, the first into its low
    half: [ceil(N/w), ceil(K/2), w], as `halide.dot bf16` takes them. A file
    holds such a tensor with elements of bf16, which are as many bytes.

    `quantized` is a part of what `graph.quantize` makes of a matrix of floats,
    with a scale for each column of [K, N]:

    | part | packed tensor |
    | --- | --- |
    | `values` | the integers, in words of i8 |
    | `scales` | the scales, as a vector of N elements of f32 |
    | `offsets` | -128 times the sum of the column's integers, as a matrix of one row of i32 in panels |

    `words(i8)` puts integers that stand K' places apart along K into one word,
    the first into its lowest bits: four into an i32, [ceil(N/w), K', w] with
    K' = ceil(K/4), as `halide.dot u8s8` takes them, or two into an i16 with
    K' = ceil(K/2), as `s16s8` does. What is beyond K is zero.

    Rules:
    - HALIDE_WEIGHT-1: the type is static, and there are sources or a value, not
      both.
    - HALIDE_WEIGHT-2: panels have a positive width, and the result has rank 3
      and that width as its last extent.
    - HALIDE_WEIGHT-3: words are in panels, and of bf16 in a result of i32, or of
      i8 in one of i32 or i16.
    - HALIDE_WEIGHT-4: `values`, and no others, are in words of i8; `scales` are
      a vector of f32; `offsets` are of i32, in panels of one row.

    ```mlir
    func.func @example() -> tensor<6x384x64xf32> {
      %w = halide.weight ["query.weight", "key.weight"] axis(0) panels(64)
          transposed : tensor<6x384x64xf32>
      return %w : tensor<6x384x64xf32>
    }
    ```
  }];
  let arguments = (ins StrArrayAttr:$sources,
                       DefaultValuedAttr<I64Attr, "0">:$axis,
                       OptionalAttr<I64Attr>:$panels, UnitAttr:$transposed,
                       OptionalAttr<TypeAttr>:$words,
                       OptionalAttr<Halide_QuantizedPartAttr>:$quantized,
                       OptionalAttr<ElementsAttr>:$value);
  let results = (outs AnyStaticShapeTensor:$result);
  let assemblyFormat = [{
    $sources (`axis` `(` $axis^ `)`)? (`panels` `(` $panels^ `)`)?
    (`transposed` $transposed^)? (`words` `(` $words^ `)`)?
    (`quantized` `(` custom<Keyword>($quantized)^ `)`)? (`value` `(` $value^ `)`)? attr-dict
    `:` type($result)
  }];
  let hasVerifier = 1;
}

def Halide_DimOp : Halide_Op<"dim", [Pure]> {
  let summary = "a dimension of the function by its name";
  let description = [{
    For dimensions that no input has, such as the capacity of a result: their
    extents are parameters of the compiled function. The host phase replaces the
    op by the parameter.

    Rules:
    - HALIDE_DIM-1: the name is not empty.

    ```mlir
    func.func @example() -> index {
      %capacity = halide.dim "capacity" : index
      return %capacity : index
    }
    ```
  }];
  let arguments = (ins StrAttr:$name);
  let results = (outs Index:$result);
  let assemblyFormat = "$name attr-dict `:` type($result)";
  let hasVerifier = 1;
}

def Halide_InvokeOp : Halide_Op<"invoke", [AttrSizedOperandSegments,
    DestinationStyleOpInterface,
    DeclareOpInterfaceMethods<SymbolUserOpInterface>,
    DeclareOpInterfaceMethods<MemoryEffectsOpInterface>]> {
  let summary = "the call of a kernel";
  let description = [{
    In destination style: the outputs' tensors say where the results go. Their
    contents are overwritten whole and never read, but for an output that the
    kernel has as `halide.in_place`: of that, it keeps what it does not write.

    Rules:
    - INVOKE-1: the callee is a pipeline, and operands are as many as it has
      buffers, with their element types and extents in reverse order.
    - INVOKE-2: outputs are all tensors, and the results have their types; or
      all memrefs, and there are no results.

    ```mlir
    halide.pipeline @copy(%x: !halide.buffer<8x?xf32>) -> !halide.buffer<8x?xf32> {
      %out = halide.func "out"(i = %i, m = %m) : f32 {
        %a = halide.load %x[%i, %m] : !halide.buffer<8x?xf32>
        halide.yield %a : f32
      }
      halide.output %out : !halide.func<2xf32>
    }
    func.func @example(%x: tensor<?x8xf32>, %o: tensor<?x8xf32>) -> tensor<?x8xf32> {
      %y = halide.invoke @copy ins(%x : tensor<?x8xf32>)
          outs(%o : tensor<?x8xf32>) -> tensor<?x8xf32>
      return %y : tensor<?x8xf32>
    }
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$kernel, Variadic<AnyShaped>:$inputs,
                       Variadic<AnyShaped>:$outputs);
  let results = (outs Variadic<AnyRankedTensor>:$results);
  let assemblyFormat = [{
    $kernel (`ins` `(` $inputs^ `:` type($inputs) `)`)?
    `outs` `(` $outputs `:` type($outputs) `)` attr-dict
    (`->` type($results)^)?
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    ::mlir::MutableOperandRange getDpsInitsMutable() {
      return getOutputsMutable();
    }
    /// Does the kernel read elements of this operand? Of some inputs it takes
    /// extents alone; outputs are read where it leaves elements as they are.
    bool readsElements(::mlir::OpOperand &operand);
  }];
}

#endif // SYLVITE_DIALECT_HALIDE_HOST_TD
