// RUN: sylvite-opt %s --sylvite-fusion --verify-fusion --remarks-filter=sylvite-fusion 2>&1 | FileCheck %s

// Dropout of training: a random mask that comes in, and the factor 1 / (1 - p).

// CHECK: [Missed] attention |
// CHECK-SAME: Reason="the probabilities are multiplied by a tensor, and are not normalized again"
// CHECK-NOT: graph.attention

!bhsd = tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>>
!bhtd = tensor<?x4x?x8xf32, #graph.dims<batch, _, keys, _>>
!bhst = tensor<?x4x?x?xf32, #graph.dims<batch, _, seq, keys>>
!bhst_b = tensor<?x4x?x?xi1, #graph.dims<batch, _, seq, keys>>
!e = tensor<f32>

func.func @dropout(%q: !bhsd, %k: !bhtd, %v: !bhtd, %kept: !bhst_b) -> !bhsd {
  %c = graph.constant dense<1.11111111> : !e
  %s = graph.matmul %q, %k {transpose_rhs} : (!bhsd, !bhtd) -> !bhst
  %p = graph.softmax %s axis(3) : !bhst
  %f = graph.cast %kept : !bhst_b to !bhst
  %g = graph.mul %f, %c : (!bhst, !e) -> !bhst
  %p1 = graph.mul %p, %g : (!bhst, !bhst) -> !bhst
  %o = graph.matmul %p1, %v : (!bhst, !bhtd) -> !bhsd
  return %o : !bhsd
}
