// RUN: sylvite-opt %s --sylvite-fusion --verify-fusion --remarks-filter=sylvite-fusion 2>&1 | FileCheck %s

// A masked score of 0 is one that is seen.

// CHECK: [Missed] attention |
// CHECK-SAME: Reason="a select puts a number in the place of scores that is not below -10000 at the softmax"
// CHECK-SAME: Suggestion="mask with -inf"
// CHECK-NOT: graph.attention

!bhsd = tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>>
!bhtd = tensor<?x4x?x8xf32, #graph.dims<batch, _, keys, _>>
!bhst = tensor<?x4x?x?xf32, #graph.dims<batch, _, seq, keys>>
!b11t_b = tensor<?x1x1x?xi1, #graph.dims<batch, _, _, keys>>
!e = tensor<f32>

func.func @masked_with_zero(%q: !bhsd, %k: !bhtd, %v: !bhtd, %m: !b11t_b) -> !bhsd {
  %zero = graph.constant dense<0.0> : !e
  %s = graph.matmul %q, %k {transpose_rhs} : (!bhsd, !bhtd) -> !bhst
  %s1 = graph.select %m, %s, %zero : (!b11t_b, !bhst, !e) -> !bhst
  %p = graph.softmax %s1 axis(3) : !bhst
  %o = graph.matmul %p, %v : (!bhst, !bhtd) -> !bhsd
  return %o : !bhsd
}
