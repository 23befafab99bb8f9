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
    | `int8` | integers of 8 bits with a scale for each output (`graph.quantize`) |

    A weight of a file is read in the new type, so that one which the file holds
    in that type keeps its bits; a concatenation, a slice and what else only
    moves elements becomes one of such weights. What is calculated of weights is
    cast at the end, and calculated when the model is compiled. The module notes
    the precision as `sylvite.precision`.

    With `bf16` and `int8`, products of `graph.attention` whose operands are f32
    may be of bf16 (`product(bf16)`).

    With `int8`, layers of f32 get the product of integers, in which rows of the
    input are quantised as well. These stay as they are:

    - layers that integers would not make faster: those with less than 32
      inputs or 128 outputs, or with less than 65536 numbers in their weight; and
      those with more than 65536 inputs, of which sums would not fit;
    - layers whose relative error is beyond `limit`. With `calibrate`, a file of
      inputs of a function, `FUNCTION=FILE` where there are several, the function
      is evaluated, and the error is that of the layer's product on its inputs
      there: the root of the sum of squares of the differences over that of the
      product. Without it, and for layers that the function does not reach, it
      is that of the weight. Where the weight's numbers are not there to be read,
      the layer is quantised.

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
           "how weights are stored: f32, bf16, f16, int8">,
    Option<"calibrate", "calibrate", "std::string", /*default=*/"",
           "inputs to measure the error of int8 on: [FUNCTION=]FILE.npz">,
    Option<"limit", "limit", "double", /*default=*/"0.05",
           "the relative error beyond which a layer is not quantised">
  ];
  let dependentDialects = ["::sylvite::graph::GraphDialect"];
}

#endif // SYLVITE_PRECISION_PASSES_TD
