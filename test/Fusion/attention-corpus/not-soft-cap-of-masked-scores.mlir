// RUN: sylvite-opt %s --sylvite-fusion --verify-fusion --remarks-filter=sylvite-fusion 2>&1 | FileCheck %s

// The bound comes behind the mask: tanh(-inf) = -1 is a score that is seen.

// CHECK: [Missed] attention |
// CHECK-SAME: Reason="a formula of the scores is applied to masked ones"
// CHECK-SAME: Suggestion="mask the scores behind the formula"
// CHECK-NOT: graph.attention

!bhsd = tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>>
!bhtd = tensor<?x4x?x8xf32, #graph.dims<batch, _, keys, _>>
!bhst = tensor<?x4x?x?xf32, #graph.dims<batch, _, seq, keys>>
!b11t_b = tensor<?x1x1x?xi1, #graph.dims<batch, _, _, keys>>
!e = tensor<f32>

func.func @cap_of_masked(%q: !bhsd, %k: !bhtd, %v: !bhtd, %m: !b11t_b) -> !bhsd {
  %inf = graph.constant dense<0xFF800000> : !e
  %s = graph.matmul %q, %k {transpose_rhs} : (!bhsd, !bhtd) -> !bhst
  %s1 = graph.select %m, %s, %inf : (!b11t_b, !bhst, !e) -> !bhst
  %s2 = graph.tanh %s1 : !bhst
  %p = graph.softmax %s2 axis(3) : !bhst
  %o = graph.matmul %p, %v : (!bhst, !bhtd) -> !bhsd
  return %o : !bhsd
}
