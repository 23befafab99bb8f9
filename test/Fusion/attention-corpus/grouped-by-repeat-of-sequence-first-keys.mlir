// RUN: sylvite-opt %s --sylvite-fusion --verify-fusion | FileCheck %s

// The repeat comes before the transpose: [batch, keys, heads, features].

// CHECK-NOT: graph.softmax
// CHECK: graph.attention %arg0, %arg1, %arg2 layout(bshd) mask(causal) : (tensor<?x?x4x8xf32, {{.+}}>, tensor<?x?x2x8xf32, {{.+}}>, tensor<?x?x2x8xf32, {{.+}}>)
// CHECK-NOT: graph.{{attention|softmax|matmul}}

!bshd = tensor<?x?x4x8xf32, #graph.dims<batch, seq, _, _>>
!bhsd = tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>>
!bhss = tensor<?x4x?x?xf32, #graph.dims<batch, _, seq, seq>>
!ss = tensor<?x?xf32, #graph.dims<seq, seq>>
!ss_b = tensor<?x?xi1, #graph.dims<seq, seq>>
!s_i = tensor<?xi64, #graph.dims<seq>>
!s1_i = tensor<?x1xi64, #graph.dims<seq, _>>
!e = tensor<f32>
!kv = tensor<?x?x2x8xf32, #graph.dims<batch, seq, _, _>>
!kv1 = tensor<?x?x2x1x8xf32, #graph.dims<batch, seq, _, _, _>>
!kv2 = tensor<?x?x2x2x8xf32, #graph.dims<batch, seq, _, _, _>>

func.func @grouped_sequence_first(%q: !bshd, %k: !kv, %v: !kv) -> !bshd {
  %inf = graph.constant dense<0xFF800000> : !e
  %zero = graph.constant dense<0.0> : !e
  %j = graph.iota axis(0) : !s_i
  %i = graph.reshape %j : !s_i to !s1_i
  %m = graph.compare le %j, %i : (!s_i, !s1_i) -> !ss_b
  %m1 = graph.select %m, %zero, %inf : (!ss_b, !e, !e) -> !ss
  %k0 = graph.reshape %k : !kv to !kv1
  %k1 = graph.broadcast %k0 : !kv1 to !kv2
  %k2 = graph.reshape %k1 : !kv2 to !bshd
  %v0 = graph.reshape %v : !kv to !kv1
  %v1 = graph.broadcast %v0 : !kv1 to !kv2
  %v2 = graph.reshape %v1 : !kv2 to !bshd
  %qt = graph.transpose %q perm [0, 2, 1, 3] : (!bshd) -> !bhsd
  %kt = graph.transpose %k2 perm [0, 2, 1, 3] : (!bshd) -> !bhsd
  %vt = graph.transpose %v2 perm [0, 2, 1, 3] : (!bshd) -> !bhsd
  %s = graph.matmul %qt, %kt {transpose_rhs} : (!bhsd, !bhsd) -> !bhss
  %s1 = graph.add %s, %m1 : (!bhss, !ss) -> !bhss
  %p = graph.softmax %s1 axis(3) : !bhss
  %o = graph.matmul %p, %vt : (!bhss, !bhsd) -> !bhsd
  %y = graph.transpose %o perm [0, 2, 1, 3] : (!bhsd) -> !bshd
  return %y : !bshd
}
