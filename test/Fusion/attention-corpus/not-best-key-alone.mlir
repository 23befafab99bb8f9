// RUN: sylvite-opt %s --sylvite-fusion --verify-fusion --remarks-filter=sylvite-fusion 2>&1 | FileCheck %s

// Only the highest score of each query is kept (top 1): the mask comes from the
// scores themselves.

// CHECK: [Missed] attention |
// CHECK-SAME: Reason="the scores have a second user"
// CHECK-NOT: graph.attention

!bhsd = tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>>
!bhtd = tensor<?x4x?x8xf32, #graph.dims<batch, _, keys, _>>
!bhst = tensor<?x4x?x?xf32, #graph.dims<batch, _, seq, keys>>
!bhs1 = tensor<?x4x?x1xf32, #graph.dims<batch, _, seq, _>>
!bhst_b = tensor<?x4x?x?xi1, #graph.dims<batch, _, seq, keys>>
!e = tensor<f32>

func.func @top_one(%q: !bhsd, %k: !bhtd, %v: !bhtd) -> !bhsd {
  %inf = graph.constant dense<0xFF800000> : !e
  %s = graph.matmul %q, %k {transpose_rhs} : (!bhsd, !bhtd) -> !bhst
  %m = graph.reduce max %s axes [3] keepdims : (!bhst) -> !bhs1
  %c = graph.compare ge %s, %m : (!bhst, !bhs1) -> !bhst_b
  %s1 = graph.select %c, %s, %inf : (!bhst_b, !bhst, !e) -> !bhst
  %p = graph.softmax %s1 axis(3) : !bhst
  %o = graph.matmul %p, %v : (!bhst, !bhtd) -> !bhsd
  return %o : !bhsd
}
