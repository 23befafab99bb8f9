// RUN: sylvite-opt %s --sylvite-fusion --verify-fusion | FileCheck %s

// unsqueeze and squeeze wherever an exporter had a place for them, and what is left
// of dropout at inference: a product with 1.

// CHECK-NOT: graph.softmax
// CHECK: graph.attention %arg0, %arg1, %arg2 :
// CHECK-NOT: graph.{{attention|softmax|matmul}}

!bhsd = tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>>
!bhtd = tensor<?x4x?x8xf32, #graph.dims<batch, _, keys, _>>
!bhst = tensor<?x4x?x?xf32, #graph.dims<batch, _, seq, keys>>
!e = tensor<f32>

func.func @size_one(%q: !bhsd, %k: !bhtd, %v: !bhtd) -> !bhsd {
  %one = graph.constant dense<1.0> : !e
  %s = graph.matmul %q, %k {transpose_rhs} : (!bhsd, !bhtd) -> !bhst
  %s1 = graph.reshape %s : !bhst to tensor<?x1x4x?x?xf32, #graph.dims<batch, _, _, seq, keys>>
  %p = graph.softmax %s1 axis(4) : tensor<?x1x4x?x?xf32, #graph.dims<batch, _, _, seq, keys>>
  %p1 = graph.reshape %p : tensor<?x1x4x?x?xf32, #graph.dims<batch, _, _, seq, keys>> to !bhst
  %p2 = graph.mul %p1, %one : (!bhst, !e) -> !bhst
  %o = graph.matmul %p2, %v : (!bhst, !bhtd) -> !bhsd
  return %o : !bhsd
}
