// RUN: sylvite-opt %s --sylvite-fusion --verify-fusion | FileCheck %s

// In place of the concatenation, each head has its rows of the output's matrix, and
// what they give is summed up.

// CHECK-NOT: graph.softmax
// CHECK: graph.linear {{.+}} -> tensor<?x?x36xf32
// CHECK-NOT: graph.linear
// CHECK: graph.attention {{.+}} scale(5.000000e-01) layout(bshd) : {{.+}} -> tensor<?x?x3x4xf32
// CHECK: graph.linear {{.+}} bias(
// CHECK-NOT: graph.{{attention|softmax|matmul|concat|linear|add}}

!x = tensor<?x?x12xf32, #graph.dims<batch, seq, _>>
!h = tensor<?x?x4xf32, #graph.dims<batch, seq, _>>
!s = tensor<?x?x?xf32, #graph.dims<batch, seq, seq>>
!w = tensor<12x4xf32>
!wo = tensor<4x12xf32>
!bo = tensor<12xf32>
!e = tensor<f32>

func.func @multi_head_sum(%x: !x) -> !x {
  %c = graph.constant dense<0.5> : !e
  %wq0 = graph.weight "head0.q.weight" : !w
  %q0 = graph.matmul %x, %wq0 : (!x, !w) -> !h
  %wk0 = graph.weight "head0.k.weight" : !w
  %k0 = graph.matmul %x, %wk0 : (!x, !w) -> !h
  %wv0 = graph.weight "head0.v.weight" : !w
  %v0 = graph.matmul %x, %wv0 : (!x, !w) -> !h
  %s0 = graph.matmul %q0, %k0 {transpose_rhs} : (!h, !h) -> !s
  %d0 = graph.mul %s0, %c : (!s, !e) -> !s
  %p0 = graph.softmax %d0 axis(2) : !s
  %o0 = graph.matmul %p0, %v0 : (!s, !h) -> !h
  %wo0 = graph.weight "head0.o" : !wo
  %z0 = graph.matmul %o0, %wo0 : (!h, !wo) -> !x
  %wq1 = graph.weight "head1.q.weight" : !w
  %q1 = graph.matmul %x, %wq1 : (!x, !w) -> !h
  %wk1 = graph.weight "head1.k.weight" : !w
  %k1 = graph.matmul %x, %wk1 : (!x, !w) -> !h
  %wv1 = graph.weight "head1.v.weight" : !w
  %v1 = graph.matmul %x, %wv1 : (!x, !w) -> !h
  %s1 = graph.matmul %q1, %k1 {transpose_rhs} : (!h, !h) -> !s
  %d1 = graph.mul %s1, %c : (!s, !e) -> !s
  %p1 = graph.softmax %d1 axis(2) : !s
  %o1 = graph.matmul %p1, %v1 : (!s, !h) -> !h
  %wo1 = graph.weight "head1.o" : !wo
  %z1 = graph.matmul %o1, %wo1 : (!h, !wo) -> !x
  %wq2 = graph.weight "head2.q.weight" : !w
  %q2 = graph.matmul %x, %wq2 : (!x, !w) -> !h
  %wk2 = graph.weight "head2.k.weight" : !w
  %k2 = graph.matmul %x, %wk2 : (!x, !w) -> !h
  %wv2 = graph.weight "head2.v.weight" : !w
  %v2 = graph.matmul %x, %wv2 : (!x, !w) -> !h
  %s2 = graph.matmul %q2, %k2 {transpose_rhs} : (!h, !h) -> !s
  %d2 = graph.mul %s2, %c : (!s, !e) -> !s
  %p2 = graph.softmax %d2 axis(2) : !s
  %o2 = graph.matmul %p2, %v2 : (!s, !h) -> !h
  %wo2 = graph.weight "head2.o" : !wo
  %z2 = graph.matmul %o2, %wo2 : (!h, !wo) -> !x
  %bo = graph.weight "o.bias" : !bo
  %y0 = graph.add %z0, %z1 : (!x, !x) -> !x
  %y1 = graph.add %y0, %z2 : (!x, !x) -> !x
  %y = graph.add %y1, %bo : (!x, !bo) -> !x
  return %y : !x
}
