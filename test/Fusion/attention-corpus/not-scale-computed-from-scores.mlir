// RUN: sylvite-opt %s --sylvite-fusion --verify-fusion --remarks-filter=sylvite-fusion 2>&1 | FileCheck %s

// Scores that are divided by their own largest one.

// CHECK: [Missed] attention |
// CHECK-SAME: Reason="the scores have a second user"
// CHECK-NOT: graph.attention

!bhsd = tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>>
!bhtd = tensor<?x4x?x8xf32, #graph.dims<batch, _, keys, _>>
!bhst = tensor<?x4x?x?xf32, #graph.dims<batch, _, seq, keys>>
!bhs1 = tensor<?x4x?x1xf32, #graph.dims<batch, _, seq, _>>

func.func @scaled_by_maximum(%q: !bhsd, %k: !bhtd, %v: !bhtd) -> !bhsd {
  %s = graph.matmul %q, %k {transpose_rhs} : (!bhsd, !bhtd) -> !bhst
  %m = graph.reduce max %s axes [3] keepdims : (!bhst) -> !bhs1
  %s1 = graph.div %s, %m : (!bhst, !bhs1) -> !bhst
  %p = graph.softmax %s1 axis(3) : !bhst
  %o = graph.matmul %p, %v : (!bhst, !bhtd) -> !bhsd
  return %o : !bhsd
}
