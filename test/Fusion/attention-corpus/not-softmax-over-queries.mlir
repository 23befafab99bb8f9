// RUN: sylvite-opt %s --sylvite-fusion --verify-fusion --remarks-filter=sylvite-fusion 2>&1 | FileCheck %s

// Probabilities of queries for each key (slot attention) are no attention.

// CHECK: [Missed] attention |
// CHECK-SAME: Reason="the softmax is not along the keys"
// CHECK-NOT: graph.attention

!bhsd = tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>>
!bhtd = tensor<?x4x?x8xf32, #graph.dims<batch, _, keys, _>>
!bhst = tensor<?x4x?x?xf32, #graph.dims<batch, _, seq, keys>>

func.func @over_queries(%q: !bhsd, %k: !bhtd, %v: !bhtd) -> !bhsd {
  %s = graph.matmul %q, %k {transpose_rhs} : (!bhsd, !bhtd) -> !bhst
  %p = graph.softmax %s axis(2) : !bhst
  %o = graph.matmul %p, %v : (!bhst, !bhtd) -> !bhsd
  return %o : !bhsd
}
