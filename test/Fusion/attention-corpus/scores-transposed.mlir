// RUN: sylvite-opt %s --sylvite-fusion --verify-fusion | FileCheck %s

// Keys times queries, a softmax down the columns, values times probabilities.

// CHECK-NOT: graph.softmax
// CHECK: graph.attention %arg0, %arg1, %arg2 :
// CHECK-NOT: graph.{{attention|softmax|matmul}}

!bhsd = tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>>
!bhtd = tensor<?x4x?x8xf32, #graph.dims<batch, _, keys, _>>
!bhds = tensor<?x4x8x?xf32, #graph.dims<batch, _, _, seq>>
!bhts = tensor<?x4x?x?xf32, #graph.dims<batch, _, keys, seq>>

func.func @scores_transposed(%q: !bhsd, %k: !bhtd, %v: !bhtd) -> !bhds {
  %s = graph.matmul %k, %q {transpose_rhs} : (!bhtd, !bhsd) -> !bhts
  %p = graph.softmax %s axis(2) : !bhts
  %o = graph.matmul %v, %p {transpose_lhs} : (!bhtd, !bhts) -> !bhds
  return %o : !bhds
}
