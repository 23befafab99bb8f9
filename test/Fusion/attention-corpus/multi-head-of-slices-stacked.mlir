// RUN: sylvite-opt %s --sylvite-fusion --verify-fusion | FileCheck %s

// One product for everything, of which each head takes its slices; results are
// stacked, and moved.

// CHECK-NOT: graph.softmax
// CHECK: graph.linear {{.+}} -> tensor<?x?x36xf32
// CHECK: graph.attention {{.+}} scale(5.000000e-01) layout(bshd) : {{.+}} -> tensor<?x?x3x4xf32
// CHECK-NOT: graph.{{attention|softmax|matmul|concat|linear}}

!x = tensor<?x?x12xf32, #graph.dims<batch, seq, _>>
!h = tensor<?x?x4xf32, #graph.dims<batch, seq, _>>
!s = tensor<?x?x?xf32, #graph.dims<batch, seq, seq>>
!e = tensor<f32>
!h1 = tensor<?x1x?x4xf32, #graph.dims<batch, _, seq, _>>
!bhsd = tensor<?x3x?x4xf32, #graph.dims<batch, _, seq, _>>
!bshd = tensor<?x?x3x4xf32, #graph.dims<batch, seq, _, _>>
!p = tensor<?x?x36xf32, #graph.dims<batch, seq, _>>
!wp = tensor<12x36xf32>

func.func @multi_head_stacked(%x: !x) -> !x {
  %c = graph.constant dense<0.5> : !e
  %w = graph.weight "qkv.weight" : !wp
  %xp = graph.matmul %x, %w : (!x, !wp) -> !p
  %q0 = graph.slice %xp axis(2) [0, 4] : (!p) -> !h
  %k0 = graph.slice %xp axis(2) [12, 16] : (!p) -> !h
  %v0 = graph.slice %xp axis(2) [24, 28] : (!p) -> !h
  %s0 = graph.matmul %q0, %k0 {transpose_rhs} : (!h, !h) -> !s
  %d0 = graph.mul %s0, %c : (!s, !e) -> !s
  %p0 = graph.softmax %d0 axis(2) : !s
  %o0 = graph.matmul %p0, %v0 : (!s, !h) -> !h
  %u0 = graph.reshape %o0 : !h to !h1
  %q1 = graph.slice %xp axis(2) [4, 8] : (!p) -> !h
  %k1 = graph.slice %xp axis(2) [16, 20] : (!p) -> !h
  %v1 = graph.slice %xp axis(2) [28, 32] : (!p) -> !h
  %s1 = graph.matmul %q1, %k1 {transpose_rhs} : (!h, !h) -> !s
  %d1 = graph.mul %s1, %c : (!s, !e) -> !s
  %p1 = graph.softmax %d1 axis(2) : !s
  %o1 = graph.matmul %p1, %v1 : (!s, !h) -> !h
  %u1 = graph.reshape %o1 : !h to !h1
  %q2 = graph.slice %xp axis(2) [8, 12] : (!p) -> !h
  %k2 = graph.slice %xp axis(2) [20, 24] : (!p) -> !h
  %v2 = graph.slice %xp axis(2) [32, 36] : (!p) -> !h
  %s2 = graph.matmul %q2, %k2 {transpose_rhs} : (!h, !h) -> !s
  %d2 = graph.mul %s2, %c : (!s, !e) -> !s
  %p2 = graph.softmax %d2 axis(2) : !s
  %o2 = graph.matmul %p2, %v2 : (!s, !h) -> !h
  %u2 = graph.reshape %o2 : !h to !h1
  %o = graph.concat %u0, %u1, %u2 axis(1) : (!h1, !h1, !h1) -> !bhsd
  %t = graph.transpose %o perm [0, 2, 1, 3] : (!bhsd) -> !bshd
  %y = graph.reshape %t : !bshd to !x
  return %y : !x
}
