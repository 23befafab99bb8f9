// RUN: sylvite-opt %s --sylvite-fusion --verify-fusion --remarks-filter=sylvite-fusion 2>&1 | FileCheck %s

// A mask behind the softmax: what is left does not sum up to 1.

// CHECK: [Missed] attention |
// CHECK-SAME: Reason="the probabilities are multiplied by a tensor, and are not normalized again"
// CHECK-SAME: Suggestion="mask the scores instead, with -inf"
// CHECK-NOT: graph.attention

!bhsd = tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>>
!bhtd = tensor<?x4x?x8xf32, #graph.dims<batch, _, keys, _>>
!bhst = tensor<?x4x?x?xf32, #graph.dims<batch, _, seq, keys>>
!b11t = tensor<?x1x1x?xf32, #graph.dims<batch, _, _, keys>>

func.func @masked_late(%q: !bhsd, %k: !bhtd, %v: !bhtd, %m: !b11t) -> !bhsd {
  %s = graph.matmul %q, %k {transpose_rhs} : (!bhsd, !bhtd) -> !bhst
  %p = graph.softmax %s axis(3) : !bhst
  %p1 = graph.mul %p, %m : (!bhst, !b11t) -> !bhst
  %o = graph.matmul %p1, %v : (!bhst, !bhtd) -> !bhsd
  return %o : !bhsd
}
