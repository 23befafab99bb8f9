// RUN: sylvite-opt %s --sylvite-fusion --verify-fusion | FileCheck %s

// Queries and keys of length 1, and a temperature: x / max(|x|, eps) spelled out.

// CHECK-NOT: graph.softmax
// CHECK: graph.attention %arg0, %arg1, %arg2 similarity(cosine) scale(1.000000e+01) :
// CHECK-NOT: graph.{{attention|softmax|matmul}}

!bhsd = tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>>
!bhtd = tensor<?x4x?x8xf32, #graph.dims<batch, _, keys, _>>
!bhst = tensor<?x4x?x?xf32, #graph.dims<batch, _, seq, keys>>
!bhs1 = tensor<?x4x?x1xf32, #graph.dims<batch, _, seq, _>>
!e = tensor<f32>
!bht1 = tensor<?x4x?x1xf32, #graph.dims<batch, _, keys, _>>

func.func @cosine(%q: !bhsd, %k: !bhtd, %v: !bhtd) -> !bhsd {
  %eps = graph.constant dense<1.0e-12> : !e
  %ten = graph.constant dense<10.0> : !e
  %qq = graph.mul %q, %q : (!bhsd, !bhsd) -> !bhsd
  %qs = graph.reduce sum %qq axes [3] keepdims : (!bhsd) -> !bhs1
  %qr = graph.sqrt %qs : !bhs1
  %qm = graph.maximum %qr, %eps : (!bhs1, !e) -> !bhs1
  %qn = graph.div %q, %qm : (!bhsd, !bhs1) -> !bhsd
  %kk = graph.mul %k, %k : (!bhtd, !bhtd) -> !bhtd
  %ks = graph.reduce sum %kk axes [3] keepdims : (!bhtd) -> !bht1
  %kr = graph.sqrt %ks : !bht1
  %km = graph.maximum %kr, %eps : (!bht1, !e) -> !bht1
  %kn = graph.div %k, %km : (!bhtd, !bht1) -> !bhtd
  %s = graph.matmul %qn, %kn {transpose_rhs} : (!bhsd, !bhtd) -> !bhst
  %s1 = graph.mul %s, %ten : (!bhst, !e) -> !bhst
  %p = graph.softmax %s1 axis(3) : !bhst
  %o = graph.matmul %p, %v : (!bhst, !bhtd) -> !bhsd
  return %o : !bhsd
}
