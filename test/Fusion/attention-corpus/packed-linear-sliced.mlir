// RUN: sylvite-opt %s --sylvite-fusion --verify-fusion | FileCheck %s

// GPT-2: one layer for query, key and value, cut in three along the features.

// CHECK-NOT: graph.softmax
// CHECK: %[[QKV:.+]] = graph.linear
// CHECK-NOT: graph.linear
// CHECK: graph.attention %{{.+}}, %{{.+}}, %{{.+}} scale(0.35355{{[0-9]+}}) layout(bshd) :
// CHECK-NOT: graph.transpose
// CHECK-NOT: graph.{{attention|softmax|matmul}}

!x = tensor<?x?x32xf32, #graph.dims<batch, seq, _>>
!bshd = tensor<?x?x4x8xf32, #graph.dims<batch, seq, _, _>>
!bhsd = tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>>
!bhds = tensor<?x4x8x?xf32, #graph.dims<batch, _, _, seq>>
!bhss = tensor<?x4x?x?xf32, #graph.dims<batch, _, seq, seq>>
!e = tensor<f32>
!w3 = tensor<32x96xf32>
!b3 = tensor<96xf32>
!x3 = tensor<?x?x96xf32, #graph.dims<batch, seq, _>>

func.func @packed_sliced(%x: !x) -> !x {
  %w = graph.weight "c_attn.weight" : !w3
  %b = graph.weight "c_attn.bias" : !b3
  %c = graph.constant dense<0.353553385> : !e
  %m = graph.matmul %x, %w : (!x, !w3) -> !x3
  %a = graph.add %m, %b : (!x3, !b3) -> !x3
  %q = graph.slice %a axis(2) [0, 32] : (!x3) -> !x
  %k = graph.slice %a axis(2) [32, 64] : (!x3) -> !x
  %v = graph.slice %a axis(2) [64, 96] : (!x3) -> !x
  %q0 = graph.reshape %q : !x to !bshd
  %q1 = graph.transpose %q0 perm [0, 2, 1, 3] : (!bshd) -> !bhsd
  %k0 = graph.reshape %k : !x to !bshd
  %k1 = graph.transpose %k0 perm [0, 2, 3, 1] : (!bshd) -> !bhds
  %v0 = graph.reshape %v : !x to !bshd
  %v1 = graph.transpose %v0 perm [0, 2, 1, 3] : (!bshd) -> !bhsd
  %s = graph.matmul %q1, %k1 : (!bhsd, !bhds) -> !bhss
  %s1 = graph.mul %s, %c : (!bhss, !e) -> !bhss
  %p = graph.softmax %s1 axis(3) : !bhss
  %o = graph.matmul %p, %v1 : (!bhss, !bhsd) -> !bhsd
  %o0 = graph.transpose %o perm [0, 2, 1, 3] : (!bhsd) -> !bshd
  %o1 = graph.reshape %o0 : !bshd to !x
  return %o1 : !x
}
