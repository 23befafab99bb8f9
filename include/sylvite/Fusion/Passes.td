//===- Passes.td - Passes of the fusion phase ---------------*- tablegen -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_FUSION_PASSES_TD
#define SYLVITE_FUSION_PASSES_TD

include "mlir/Pass/PassBase.td"

def RaiseGeluPass : Pass<"sylvite-raise-gelu", "::mlir::func::FuncOp"> {
  let summary = "recognise GELU in its erf and tanh forms";
  let description = [{
    Models spell the Gaussian error linear unit out, in two forms:

    - x/2 (1 + erf(x / sqrt 2)), and
    - x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))).

    Factors may stand in any order and at either side, divisions may be
    products, and constants may be rounded to the precision of the tensor. What
    looks like the beginning of a GELU, but is none, is left with a remark.

    ```mlir
    func.func @example(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
      %root = graph.constant dense<1.41421354> : tensor<f32>
      %one = graph.constant dense<1.0> : tensor<f32>
      %half = graph.constant dense<0.5> : tensor<f32>
      %a = graph.div %x, %root : (tensor<4x8xf32>, tensor<f32>) -> tensor<4x8xf32>
      %b = graph.erf %a : tensor<4x8xf32>
      %c = graph.add %b, %one : (tensor<4x8xf32>, tensor<f32>) -> tensor<4x8xf32>
      %d = graph.mul %x, %half : (tensor<4x8xf32>, tensor<f32>) -> tensor<4x8xf32>
      %y = graph.mul %d, %c : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
      return %y : tensor<4x8xf32>
    }
    ```

    becomes `graph.gelu %x`.
  }];
}

#endif // SYLVITE_FUSION_PASSES_TD
