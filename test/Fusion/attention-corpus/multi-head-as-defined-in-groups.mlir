// RUN: sylvite-opt %s --sylvite-fusion --verify-fusion | FileCheck %s

// As defined, where two heads each have the same keys and values.

// CHECK-NOT: graph.softmax
// CHECK: graph.linear {{.+}} -> tensor<?x?x32xf32
// CHECK-NOT: graph.linear
// CHECK: graph.attention {{.+}} scale(5.000000e-01) layout(bshd) : (tensor<?x?x4x4xf32, {{.+}}>, tensor<?x?x2x4xf32,
// CHECK: graph.linear
// CHECK-NOT: graph.{{attention|softmax|matmul|concat|linear}}

!x = tensor<?x?x12xf32, #graph.dims<batch, seq, _>>
!h = tensor<?x?x4xf32, #graph.dims<batch, seq, _>>
!s = tensor<?x?x?xf32, #graph.dims<batch, seq, seq>>
!w = tensor<12x4xf32>
!wo = tensor<16x12xf32>
!c = tensor<?x?x16xf32, #graph.dims<batch, seq, _>>
!e = tensor<f32>

func.func @multi_head_grouped(%x: !x) -> !x {
  %c = graph.constant dense<0.5> : !e
  %wk0 = graph.weight "group0.k" : !w
  %k0 = graph.matmul %x, %wk0 : (!x, !w) -> !h
  %wv0 = graph.weight "group0.v" : !w
  %v0 = graph.matmul %x, %wv0 : (!x, !w) -> !h
  %wk1 = graph.weight "group1.k" : !w
  %k1 = graph.matmul %x, %wk1 : (!x, !w) -> !h
  %wv1 = graph.weight "group1.v" : !w
  %v1 = graph.matmul %x, %wv1 : (!x, !w) -> !h
  %wq0 = graph.weight "head0.q" : !w
  %q0 = graph.matmul %x, %wq0 : (!x, !w) -> !h
  %s0 = graph.matmul %q0, %k0 {transpose_rhs} : (!h, !h) -> !s
  %d0 = graph.mul %s0, %c : (!s, !e) -> !s
  %p0 = graph.softmax %d0 axis(2) : !s
  %o0 = graph.matmul %p0, %v0 : (!s, !h) -> !h
  %wq1 = graph.weight "head1.q" : !w
  %q1 = graph.matmul %x, %wq1 : (!x, !w) -> !h
  %s1 = graph.matmul %q1, %k0 {transpose_rhs} : (!h, !h) -> !s
  %d1 = graph.mul %s1, %c : (!s, !e) -> !s
  %p1 = graph.softmax %d1 axis(2) : !s
  %o1 = graph.matmul %p1, %v0 : (!s, !h) -> !h
  %wq2 = graph.weight "head2.q" : !w
  %q2 = graph.matmul %x, %wq2 : (!x, !w) -> !h
  %s2 = graph.matmul %q2, %k1 {transpose_rhs} : (!h, !h) -> !s
  %d2 = graph.mul %s2, %c : (!s, !e) -> !s
  %p2 = graph.softmax %d2 axis(2) : !s
  %o2 = graph.matmul %p2, %v1 : (!s, !h) -> !h
  %wq3 = graph.weight "head3.q" : !w
  %q3 = graph.matmul %x, %wq3 : (!x, !w) -> !h
  %s3 = graph.matmul %q3, %k1 {transpose_rhs} : (!h, !h) -> !s
  %d3 = graph.mul %s3, %c : (!s, !e) -> !s
  %p3 = graph.softmax %d3 axis(2) : !s
  %o3 = graph.matmul %p3, %v1 : (!s, !h) -> !h
  %o = graph.concat %o0, %o1, %o2, %o3 axis(2) : (!h, !h, !h, !h) -> !c
  %wo = graph.weight "o" : !wo
  %y = graph.matmul %o, %wo : (!c, !wo) -> !x
  return %y : !x
}
