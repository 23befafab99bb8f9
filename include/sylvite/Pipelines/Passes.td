//===- Passes.td - Passes that report -----------------------*- tablegen -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_PIPELINES_PASSES_TD
#define SYLVITE_PIPELINES_PASSES_TD

include "mlir/Pass/PassBase.td"

def ReportCostPass : Pass<"sylvite-report-cost", "::mlir::ModuleOp"> {
  let summary = "Print what the ops of functions have to do";
  let description = [{
    Prints for each op of the public functions its FLOP, the bytes that it reads
    and writes, and the shares of FLOP that are spent on padding and on scores
    that a mask hides. The module is left as it is. Ops that only move elements
    have no row. `sylvitec --report=cost` prints the same, and the kernels
    besides; docs/Rationale/Cost.md tells what counts as what.

    ```mlir
    func.func @layer(%x: tensor<?x4xf32, #graph.dims<rows, _>>,
                     %w: tensor<4x8xf32>)
        -> tensor<?x8xf32, #graph.dims<rows, _>> {
      %y = graph.matmul %x, %w
          : (tensor<?x4xf32, #graph.dims<rows, _>>, tensor<4x8xf32>)
          -> tensor<?x8xf32, #graph.dims<rows, _>>
      return %y : tensor<?x8xf32, #graph.dims<rows, _>>
    }
    ```

    has, with `dim=rows=100`, 2 * 100 * 4 * 8 = 6400 FLOP.
  }];
  let options = [
    ListOption<"dims", "dim", "std::string",
               "extents, for example seq=128, or with lengths seq=128:64/100; "
               "by default those of a usual call">,
    Option<"json", "json", "bool", "false", "print JSON, with exact numbers">
  ];
}

#endif // SYLVITE_PIPELINES_PASSES_TD
