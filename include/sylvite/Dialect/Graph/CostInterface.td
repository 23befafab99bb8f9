//===- CostInterface.td - What an op has to do ----------- -*- tablegen -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_DIALECT_GRAPH_COSTINTERFACE_TD
#define SYLVITE_DIALECT_GRAPH_COSTINTERFACE_TD

include "mlir/IR/OpBase.td"

def Graph_CostOpInterface : OpInterface<"CostOpInterface"> {
  let cppNamespace = "::sylvite::graph";
  let description = [{
    What an op has to do at given extents: arithmetic and traffic. All ops of
    the graph have it.
  }];
  let methods = [
    InterfaceMethod<"The work of one evaluation, without that of graph ops in "
                    "the op's regions.",
                    "::sylvite::graph::OpCost", "getCost",
                    (ins "const ::sylvite::graph::Workload &":$workload)>,
    InterfaceMethod<"How often the graph ops in the op's regions are evaluated, "
                    "at most.",
                    "double", "getRegionRuns",
                    (ins "const ::sylvite::graph::Workload &":$workload), [{}],
                    [{ return 1; }]>
  ];
}

#endif // SYLVITE_DIALECT_GRAPH_COSTINTERFACE_TD
