// RUN: sylvite-opt %s --sylvite-fusion --verify-fusion | FileCheck %s

// As defined, with keys and values of another sequence, and the last head first.

// CHECK-NOT: graph.softmax
// CHECK-DAG: graph.concat %{{.+}}, %{{.+}}, %{{.+}} axis(1)
// CHECK-DAG: graph.linear {{.+}} -> tensor<?x?x24xf32
// CHECK: graph.attention {{.+}} scale(5.000000e-01) layout(bshd) : {{.+}} -> tensor<?x?x3x4xf32
// CHECK: graph.linear
// CHECK-NOT: graph.{{attention|softmax|matmul|concat|linear}}

!x = tensor<?x?x12xf32, #graph.dims<batch, seq, _>>
!h = tensor<?x?x4xf32, #graph.dims<batch, seq, _>>
!y = tensor<?x?x12xf32, #graph.dims<batch, keys, _>>
!k = tensor<?x?x4xf32, #graph.dims<batch, keys, _>>
!s = tensor<?x?x?xf32, #graph.dims<batch, seq, keys>>
!w = tensor<12x4xf32>
!wo = tensor<12x12xf32>
!e = tensor<f32>

func.func @multi_head_cross(%x: !x, %memory: !y) -> !x {
  %c = graph.constant dense<0.5> : !e
  %wq0 = graph.weight "head0.q.weight" : !w
  %q0 = graph.matmul %x, %wq0 : (!x, !w) -> !h
  %wk0 = graph.weight "head0.k.weight" : !w
  %k0 = graph.matmul %memory, %wk0 : (!y, !w) -> !k
  %wv0 = graph.weight "head0.v.weight" : !w
  %v0 = graph.matmul %memory, %wv0 : (!y, !w) -> !k
  %s0 = graph.matmul %q0, %k0 {transpose_rhs} : (!h, !k) -> !s
  %d0 = graph.mul %s0, %c : (!s, !e) -> !s
  %p0 = graph.softmax %d0 axis(2) : !s
  %o0 = graph.matmul %p0, %v0 : (!s, !k) -> !h
  %wq1 = graph.weight "head1.q.weight" : !w
  %q1 = graph.matmul %x, %wq1 : (!x, !w) -> !h
  %wk1 = graph.weight "head1.k.weight" : !w
  %k1 = graph.matmul %memory, %wk1 : (!y, !w) -> !k
  %wv1 = graph.weight "head1.v.weight" : !w
  %v1 = graph.matmul %memory, %wv1 : (!y, !w) -> !k
  %s1 = graph.matmul %q1, %k1 {transpose_rhs} : (!h, !k) -> !s
  %d1 = graph.mul %s1, %c : (!s, !e) -> !s
  %p1 = graph.softmax %d1 axis(2) : !s
  %o1 = graph.matmul %p1, %v1 : (!s, !k) -> !h
  %wq2 = graph.weight "head2.q.weight" : !w
  %q2 = graph.matmul %x, %wq2 : (!x, !w) -> !h
  %wk2 = graph.weight "head2.k.weight" : !w
  %k2 = graph.matmul %memory, %wk2 : (!y, !w) -> !k
  %wv2 = graph.weight "head2.v.weight" : !w
  %v2 = graph.matmul %memory, %wv2 : (!y, !w) -> !k
  %s2 = graph.matmul %q2, %k2 {transpose_rhs} : (!h, !k) -> !s
  %d2 = graph.mul %s2, %c : (!s, !e) -> !s
  %p2 = graph.softmax %d2 axis(2) : !s
  %o2 = graph.matmul %p2, %v2 : (!s, !k) -> !h
  %o = graph.concat %o2, %o0, %o1 axis(2) : (!h, !h, !h) -> !x
  %wo = graph.weight "o.weight" : !wo
  %z = graph.matmul %o, %wo : (!x, !wo) -> !x
  return %z : !x
}
