// RUN: sylvite-opt %s --sylvite-fusion --verify-fusion | FileCheck %s

// Exponentials over their sum, by a reciprocal.

// CHECK-NOT: graph.softmax
// CHECK: graph.attention %arg0, %arg1, %arg2 scale(0.001{{0*}}{{.*}}) :
// CHECK-NOT: graph.{{attention|softmax|matmul}}

!bhsd = tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>>
!bhtd = tensor<?x4x?x8xf32, #graph.dims<batch, _, keys, _>>
!bhst = tensor<?x4x?x?xf32, #graph.dims<batch, _, seq, keys>>
!bhs1 = tensor<?x4x?x1xf32, #graph.dims<batch, _, seq, _>>
!e = tensor<f32>

func.func @softmax_no_maximum(%q: !bhsd, %k: !bhtd, %v: !bhtd) -> !bhsd {
  %c = graph.constant dense<0.001> : !e
  %s = graph.matmul %q, %k {transpose_rhs} : (!bhsd, !bhtd) -> !bhst
  %s1 = graph.mul %s, %c : (!bhst, !e) -> !bhst
  %e = graph.exp %s1 : !bhst
  %z = graph.reduce sum %e axes [3] keepdims : (!bhst) -> !bhs1
  %r = graph.reciprocal %z : !bhs1
  %p = graph.mul %e, %r : (!bhst, !bhs1) -> !bhst
  %o = graph.matmul %p, %v : (!bhst, !bhtd) -> !bhsd
  return %o : !bhsd
}
