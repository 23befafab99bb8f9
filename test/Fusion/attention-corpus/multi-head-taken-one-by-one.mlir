// RUN: sylvite-opt %s --sylvite-fusion --verify-fusion | FileCheck %s

// Layers of all heads, whose results are taken apart, and joined one after the
// other.

// CHECK-NOT: graph.softmax
// CHECK: graph.linear {{.+}} -> tensor<?x?x36xf32
// CHECK: graph.attention {{.+}} scale(5.000000e-01) layout(bshd) : {{.+}} -> tensor<?x?x3x4xf32
// CHECK-NOT: graph.{{attention|softmax|matmul|concat|linear}}

!x = tensor<?x?x12xf32, #graph.dims<batch, seq, _>>
!h = tensor<?x?x4xf32, #graph.dims<batch, seq, _>>
!s = tensor<?x?x?xf32, #graph.dims<batch, seq, seq>>
!h1 = tensor<?x1x?x4xf32, #graph.dims<batch, _, seq, _>>
!bhsd = tensor<?x3x?x4xf32, #graph.dims<batch, _, seq, _>>
!bshd = tensor<?x?x3x4xf32, #graph.dims<batch, seq, _, _>>
!two = tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
!w = tensor<12x12xf32>
!e = tensor<f32>

func.func @multi_head_unbound(%x: !x) -> !x {
  %c = graph.constant dense<0.5> : !e
  %wq = graph.weight "q" : !w
  %mq = graph.matmul %x, %wq : (!x, !w) -> !x
  %rq = graph.reshape %mq : !x to !bshd
  %tq = graph.transpose %rq perm [0, 2, 1, 3] : (!bshd) -> !bhsd
  %wk = graph.weight "k" : !w
  %mk = graph.matmul %x, %wk : (!x, !w) -> !x
  %rk = graph.reshape %mk : !x to !bshd
  %tk = graph.transpose %rk perm [0, 2, 1, 3] : (!bshd) -> !bhsd
  %wv = graph.weight "v" : !w
  %mv = graph.matmul %x, %wv : (!x, !w) -> !x
  %rv = graph.reshape %mv : !x to !bshd
  %tv = graph.transpose %rv perm [0, 2, 1, 3] : (!bshd) -> !bhsd
  %uq0 = graph.slice %tq axis(1) [0, 1] : (!bhsd) -> !h1
  %q0 = graph.reshape %uq0 : !h1 to !h
  %uk0 = graph.slice %tk axis(1) [0, 1] : (!bhsd) -> !h1
  %k0 = graph.reshape %uk0 : !h1 to !h
  %uv0 = graph.slice %tv axis(1) [0, 1] : (!bhsd) -> !h1
  %v0 = graph.reshape %uv0 : !h1 to !h
  %s0 = graph.matmul %q0, %k0 {transpose_rhs} : (!h, !h) -> !s
  %d0 = graph.mul %s0, %c : (!s, !e) -> !s
  %p0 = graph.softmax %d0 axis(2) : !s
  %o0 = graph.matmul %p0, %v0 : (!s, !h) -> !h
  %uq1 = graph.slice %tq axis(1) [1, 2] : (!bhsd) -> !h1
  %q1 = graph.reshape %uq1 : !h1 to !h
  %uk1 = graph.slice %tk axis(1) [1, 2] : (!bhsd) -> !h1
  %k1 = graph.reshape %uk1 : !h1 to !h
  %uv1 = graph.slice %tv axis(1) [1, 2] : (!bhsd) -> !h1
  %v1 = graph.reshape %uv1 : !h1 to !h
  %s1 = graph.matmul %q1, %k1 {transpose_rhs} : (!h, !h) -> !s
  %d1 = graph.mul %s1, %c : (!s, !e) -> !s
  %p1 = graph.softmax %d1 axis(2) : !s
  %o1 = graph.matmul %p1, %v1 : (!s, !h) -> !h
  %uq2 = graph.slice %tq axis(1) [2, 3] : (!bhsd) -> !h1
  %q2 = graph.reshape %uq2 : !h1 to !h
  %uk2 = graph.slice %tk axis(1) [2, 3] : (!bhsd) -> !h1
  %k2 = graph.reshape %uk2 : !h1 to !h
  %uv2 = graph.slice %tv axis(1) [2, 3] : (!bhsd) -> !h1
  %v2 = graph.reshape %uv2 : !h1 to !h
  %s2 = graph.matmul %q2, %k2 {transpose_rhs} : (!h, !h) -> !s
  %d2 = graph.mul %s2, %c : (!s, !e) -> !s
  %p2 = graph.softmax %d2 axis(2) : !s
  %o2 = graph.matmul %p2, %v2 : (!s, !h) -> !h
  %two = graph.concat %o0, %o1 axis(2) : (!h, !h) -> !two
  %y = graph.concat %two, %o2 axis(2) : (!two, !h) -> !x
  return %y : !x
}
