// RUN: sylvite-opt %s --sylvite-fusion --verify-fusion --remarks-filter=sylvite-fusion 2>&1 | FileCheck %s

// exp(s) / (1 + sum(exp(s))): a query may look at nothing, and no softmax does.

// CHECK: [Missed] softmax |
// CHECK-SAME: Reason="the exponential is not divided by its sum"
// CHECK-NOT: graph.attention

!bhsd = tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>>
!bhtd = tensor<?x4x?x8xf32, #graph.dims<batch, _, keys, _>>
!bhst = tensor<?x4x?x?xf32, #graph.dims<batch, _, seq, keys>>
!bhs1 = tensor<?x4x?x1xf32, #graph.dims<batch, _, seq, _>>
!e = tensor<f32>

func.func @off_by_one(%q: !bhsd, %k: !bhtd, %v: !bhtd) -> !bhsd {
  %one = graph.constant dense<1.0> : !e
  %c = graph.constant dense<0.001> : !e
  %s = graph.matmul %q, %k {transpose_rhs} : (!bhsd, !bhtd) -> !bhst
  %s1 = graph.mul %s, %c : (!bhst, !e) -> !bhst
  %e = graph.exp %s1 : !bhst
  %z = graph.reduce sum %e axes [3] keepdims : (!bhst) -> !bhs1
  %z1 = graph.add %z, %one : (!bhs1, !e) -> !bhs1
  %p = graph.div %e, %z1 : (!bhst, !bhs1) -> !bhst
  %o = graph.matmul %p, %v : (!bhst, !bhtd) -> !bhsd
  return %o : !bhsd
}
