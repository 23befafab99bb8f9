//===- Passes.td - Passes about precision -------------------*- tablegen -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_PRECISION_PASSES_TD
#define SYLVITE_PRECISION_PASSES_TD

include "mlir/Pass/PassBase.td"

def LowerPrecisionPass : Pass<"sylvite-lower-precision", "::mlir::ModuleOp"> {
  let summary = "store weights, and multiply, in a narrower type";
  let description = [{
    Each `graph.linear` whose weight is known at compile time gets it in the
    element type of the precision. Biases and the vectors of norms stay as they
    are: they are small, and added to sums of the wider type. What else reads a
    weight reads it as before.

    | precision | weights |
    | --- | --- |
    | `f32` | as they are |
    | `bf16` | bf16: the range of f32, 8 bits of mantissa |
    | `f16` | f16: 11 bits of mantissa, numbers up to 65504 |

    A weight of a file is read in the new type, so that one which the file holds
    in that type keeps its bits; a concatenation, a slice and what else only
    moves elements becomes one of such weights. What is calculated of weights is
    cast at the end, and calculated when the model is compiled. The module notes
    the precision as `sylvite.precision`.

    With `bf16`, products of `graph.attention` whose operands are f32 may be of bf16
    as well (`product(bf16)`).

    ```mlir
    func.func @example(%x: tensor<?x4xf32, #graph.dims<seq, _>>)
        -> tensor<?x8xf32, #graph.dims<seq, _>> {
      %w = graph.weight "dense.weight" : tensor<4x8xf32>
      %b = graph.weight "dense.bias" : tensor<8xf32>
      %y = graph.linear %x, %w bias(%b)
          : (tensor<?x4xf32, #graph.dims<seq, _>>, tensor<4x8xf32>,
             tensor<8xf32>) -> tensor<?x8xf32, #graph.dims<seq, _>>
      return %y : tensor<?x8xf32, #graph.dims<seq, _>>
    }
    ```

    becomes, for `bf16`,

    ```mlir
    func.func @example(%x: tensor<?x4xf32, #graph.dims<seq, _>>)
        -> tensor<?x8xf32, #graph.dims<seq, _>> {
      %w = graph.weight "dense.weight" : tensor<4x8xbf16>
      %b = graph.weight "dense.bias" : tensor<8xf32>
      %y = graph.linear %x, %w bias(%b)
          : (tensor<?x4xf32, #graph.dims<seq, _>>, tensor<4x8xbf16>,
             tensor<8xf32>) -> tensor<?x8xf32, #graph.dims<seq, _>>
      return %y : tensor<?x8xf32, #graph.dims<seq, _>>
    }
    ```
  }];
  let options = [
    Option<"precision", "precision", "std::string", /*default=*/"\"bf16\"",
           "how weights are stored: f32, bf16, f16">
  ];
  let dependentDialects = ["::sylvite::graph::GraphDialect"];
}

#endif // SYLVITE_PRECISION_PASSES_TD
