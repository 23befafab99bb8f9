// RUN: sylvite-opt %s --sylvite-fusion --verify-fusion --remarks-filter=sylvite-fusion 2>&1 | FileCheck %s

// The scores are a result of their own.

// CHECK: [Missed] attention |
// CHECK-SAME: Reason="the scores have a second user"
// CHECK-SAME: Suggestion="return the scores from a function of their own"
// CHECK-NOT: graph.attention

!bhsd = tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>>
!bhtd = tensor<?x4x?x8xf32, #graph.dims<batch, _, keys, _>>
!bhst = tensor<?x4x?x?xf32, #graph.dims<batch, _, seq, keys>>

func.func @scores_returned(%q: !bhsd, %k: !bhtd, %v: !bhtd) -> (!bhsd, !bhst) {
  %s = graph.matmul %q, %k {transpose_rhs} : (!bhsd, !bhtd) -> !bhst
  %p = graph.softmax %s axis(3) : !bhst
  %o = graph.matmul %p, %v : (!bhst, !bhtd) -> !bhsd
  return %o, %s : !bhsd, !bhst
}
