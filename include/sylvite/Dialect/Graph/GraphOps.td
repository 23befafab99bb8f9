//===- GraphOps.td - All ops of the graph dialect -----------*- tablegen -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_DIALECT_GRAPH_GRAPHOPS_TD
#define SYLVITE_DIALECT_GRAPH_GRAPHOPS_TD

include "sylvite/Dialect/Graph/Structure.td"
include "sylvite/Dialect/Graph/Access.td"
include "sylvite/Dialect/Graph/Elementwise.td"
include "sylvite/Dialect/Graph/Contraction.td"
include "sylvite/Dialect/Graph/Reduction.td"
include "sylvite/Dialect/Graph/Embedding.td"
include "sylvite/Dialect/Graph/Position.td"
include "sylvite/Dialect/Graph/Attention.td"
include "sylvite/Dialect/Graph/Control.td"
include "sylvite/Dialect/Graph/Recurrent.td"
include "sylvite/Dialect/Graph/Rows.td"

#endif // SYLVITE_DIALECT_GRAPH_GRAPHOPS_TD
