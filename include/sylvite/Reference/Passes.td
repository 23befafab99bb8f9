//===- Passes.td - Passes of the reference evaluator --------*- tablegen -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_REFERENCE_PASSES_TD
#define SYLVITE_REFERENCE_PASSES_TD

include "mlir/Pass/PassBase.td"

def EvaluatePass : Pass<"sylvite-evaluate", "::mlir::ModuleOp"> {
  let summary = "Print the results of functions, in double precision";
  let description = [{
    Evaluates every public function of graph ops with the reference evaluator
    and prints a line for each result. The module is left as it is.

    - Inputs that are not given take their `graph.default`. There is no way to
      give one here: write inputs as `graph.constant`, or use
      `sylvite-run --reference`, which reads files.
    - With `generate`, every function is evaluated with made-up inputs, several
      calls each, and weights that no file holds are made up as well. They are
      the same in every run.

    ```mlir
    func.func @logistic() -> (tensor<3xf32> {graph.name = "y"}) {
      %x = graph.constant dense<[-1.0, 0.0, 1.0]> : tensor<3xf32>
      %y = graph.sigmoid %x : tensor<3xf32>
      return %y : tensor<3xf32>
    }
    ```

    prints

    ```
    @logistic y = tensor<3xf32> [0.268941421, 0.5, 0.731058579]
    ```
  }];
  let options = [
    Option<"generate", "generate", "bool", "false",
           "make up the inputs, and weights that no file holds">
  ];
}

#endif // SYLVITE_REFERENCE_PASSES_TD
