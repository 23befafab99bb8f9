// RUN: sylvite-opt %s --sylvite-fusion --verify-fusion --remarks-filter=sylvite-fusion 2>&1 | FileCheck %s

// What is added behind a formula has to be a mask.

// CHECK: [Missed] attention |
// CHECK-SAME: Reason="what is added behind a formula of the scores is no mask: a tensor of numbers is not known to hold two different ones"
// CHECK-NOT: graph.attention

!bhsd = tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>>
!bhtd = tensor<?x4x?x8xf32, #graph.dims<batch, _, keys, _>>
!bhst = tensor<?x4x?x?xf32, #graph.dims<batch, _, seq, keys>>
!hst = tensor<4x?x?xf32, #graph.dims<_, seq, keys>>

func.func @bias_behind_cap(%q: !bhsd, %k: !bhtd, %v: !bhtd, %b: !hst) -> !bhsd {
  %s = graph.matmul %q, %k {transpose_rhs} : (!bhsd, !bhtd) -> !bhst
  %s1 = graph.tanh %s : !bhst
  %s2 = graph.add %s1, %b : (!bhst, !hst) -> !bhst
  %p = graph.softmax %s2 axis(3) : !bhst
  %o = graph.matmul %p, %v : (!bhst, !bhtd) -> !bhsd
  return %o : !bhsd
}
