// RUN: sylvite-opt %s --sylvite-fusion --verify-fusion --remarks-filter=sylvite-fusion 2>&1 | FileCheck %s

// Probabilities below a bound are dropped behind the softmax.

// CHECK: [Missed] attention |
// CHECK-SAME: Reason="the probabilities have a second user"
// CHECK-NOT: graph.attention

!bhsd = tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>>
!bhtd = tensor<?x4x?x8xf32, #graph.dims<batch, _, keys, _>>
!bhst = tensor<?x4x?x?xf32, #graph.dims<batch, _, seq, keys>>
!bhst_b = tensor<?x4x?x?xi1, #graph.dims<batch, _, seq, keys>>
!e = tensor<f32>

func.func @thresholded(%q: !bhsd, %k: !bhtd, %v: !bhtd) -> !bhsd {
  %least = graph.constant dense<0.01> : !e
  %zero = graph.constant dense<0.0> : !e
  %s = graph.matmul %q, %k {transpose_rhs} : (!bhsd, !bhtd) -> !bhst
  %p = graph.softmax %s axis(3) : !bhst
  %c = graph.compare gt %p, %least : (!bhst, !e) -> !bhst_b
  %p1 = graph.select %c, %p, %zero : (!bhst_b, !bhst, !e) -> !bhst
  %o = graph.matmul %p1, %v : (!bhst, !bhtd) -> !bhsd
  return %o : !bhsd
}
