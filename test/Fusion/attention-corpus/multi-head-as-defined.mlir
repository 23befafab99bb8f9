// RUN: sylvite-opt %s --sylvite-fusion --verify-fusion | FileCheck %s

// The definition: for each head matrices and an attention of its own, the
// concatenation, and a matrix for all. The mask is one for all heads.

// CHECK-NOT: graph.softmax
// CHECK: graph.linear {{.+}} bias(%{{.+}}) : {{.+}} -> tensor<?x?x36xf32
// CHECK-NOT: graph.linear
// CHECK: graph.attention {{.+}} scale(5.000000e-01) layout(bshd) bias(%{{.+}}) : {{.+}} -> tensor<?x?x3x4xf32
// CHECK: graph.linear {{.+}} bias(%{{.+}})
// CHECK-NOT: graph.{{attention|softmax|matmul|concat|linear}}

!x = tensor<?x?x12xf32, #graph.dims<batch, seq, _>>
!h = tensor<?x?x4xf32, #graph.dims<batch, seq, _>>
!s = tensor<?x?x?xf32, #graph.dims<batch, seq, seq>>
!ss = tensor<?x?xf32, #graph.dims<seq, seq>>
!w = tensor<12x4xf32>
!b = tensor<4xf32>
!wo = tensor<12x12xf32>
!bo = tensor<12xf32>
!e = tensor<f32>

func.func @multi_head(%x: !x, %mask: !ss) -> !x {
  %c = graph.constant dense<0.5> : !e
  %wq0 = graph.weight "head0.q.weight" : !w
  %bq0 = graph.weight "head0.q.bias" : !b
  %mq0 = graph.matmul %x, %wq0 : (!x, !w) -> !h
  %q0 = graph.add %mq0, %bq0 : (!h, !b) -> !h
  %wk0 = graph.weight "head0.k.weight" : !w
  %bk0 = graph.weight "head0.k.bias" : !b
  %mk0 = graph.matmul %x, %wk0 : (!x, !w) -> !h
  %k0 = graph.add %mk0, %bk0 : (!h, !b) -> !h
  %wv0 = graph.weight "head0.v.weight" : !w
  %bv0 = graph.weight "head0.v.bias" : !b
  %mv0 = graph.matmul %x, %wv0 : (!x, !w) -> !h
  %v0 = graph.add %mv0, %bv0 : (!h, !b) -> !h
  %s0 = graph.matmul %q0, %k0 {transpose_rhs} : (!h, !h) -> !s
  %d0 = graph.mul %s0, %c : (!s, !e) -> !s
  %e0 = graph.add %d0, %mask : (!s, !ss) -> !s
  %p0 = graph.softmax %e0 axis(2) : !s
  %o0 = graph.matmul %p0, %v0 : (!s, !h) -> !h
  %wq1 = graph.weight "head1.q.weight" : !w
  %bq1 = graph.weight "head1.q.bias" : !b
  %mq1 = graph.matmul %x, %wq1 : (!x, !w) -> !h
  %q1 = graph.add %mq1, %bq1 : (!h, !b) -> !h
  %wk1 = graph.weight "head1.k.weight" : !w
  %bk1 = graph.weight "head1.k.bias" : !b
  %mk1 = graph.matmul %x, %wk1 : (!x, !w) -> !h
  %k1 = graph.add %mk1, %bk1 : (!h, !b) -> !h
  %wv1 = graph.weight "head1.v.weight" : !w
  %bv1 = graph.weight "head1.v.bias" : !b
  %mv1 = graph.matmul %x, %wv1 : (!x, !w) -> !h
  %v1 = graph.add %mv1, %bv1 : (!h, !b) -> !h
  %s1 = graph.matmul %q1, %k1 {transpose_rhs} : (!h, !h) -> !s
  %d1 = graph.mul %s1, %c : (!s, !e) -> !s
  %e1 = graph.add %d1, %mask : (!s, !ss) -> !s
  %p1 = graph.softmax %e1 axis(2) : !s
  %o1 = graph.matmul %p1, %v1 : (!s, !h) -> !h
  %wq2 = graph.weight "head2.q.weight" : !w
  %bq2 = graph.weight "head2.q.bias" : !b
  %mq2 = graph.matmul %x, %wq2 : (!x, !w) -> !h
  %q2 = graph.add %mq2, %bq2 : (!h, !b) -> !h
  %wk2 = graph.weight "head2.k.weight" : !w
  %bk2 = graph.weight "head2.k.bias" : !b
  %mk2 = graph.matmul %x, %wk2 : (!x, !w) -> !h
  %k2 = graph.add %mk2, %bk2 : (!h, !b) -> !h
  %wv2 = graph.weight "head2.v.weight" : !w
  %bv2 = graph.weight "head2.v.bias" : !b
  %mv2 = graph.matmul %x, %wv2 : (!x, !w) -> !h
  %v2 = graph.add %mv2, %bv2 : (!h, !b) -> !h
  %s2 = graph.matmul %q2, %k2 {transpose_rhs} : (!h, !h) -> !s
  %d2 = graph.mul %s2, %c : (!s, !e) -> !s
  %e2 = graph.add %d2, %mask : (!s, !ss) -> !s
  %p2 = graph.softmax %e2 axis(2) : !s
  %o2 = graph.matmul %p2, %v2 : (!s, !h) -> !h
  %o = graph.concat %o0, %o1, %o2 axis(2) : (!h, !h, !h) -> !x
  %wo = graph.weight "o.weight" : !wo
  %bo = graph.weight "o.bias" : !bo
  %mo = graph.matmul %o, %wo : (!x, !wo) -> !x
  %y = graph.add %mo, %bo : (!x, !bo) -> !x
  return %y : !x
}
