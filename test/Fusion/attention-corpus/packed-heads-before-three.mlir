// RUN: sylvite-opt %s --sylvite-fusion --verify-fusion | FileCheck %s

// BLOOM: one layer as [batch, sequence, heads, 3, features].

// CHECK-NOT: graph.softmax
// CHECK: graph.linear
// CHECK-NOT: graph.linear
// CHECK: graph.attention %{{.+}}, %{{.+}}, %{{.+}} layout(bshd) :
// CHECK-NOT: graph.transpose
// CHECK-NOT: graph.{{attention|softmax|matmul}}

!x = tensor<?x?x32xf32, #graph.dims<batch, seq, _>>
!bshd = tensor<?x?x4x8xf32, #graph.dims<batch, seq, _, _>>
!bhsd = tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>>
!bhds = tensor<?x4x8x?xf32, #graph.dims<batch, _, _, seq>>
!bhss = tensor<?x4x?x?xf32, #graph.dims<batch, _, seq, seq>>
!w3 = tensor<32x96xf32>
!x3 = tensor<?x?x96xf32, #graph.dims<batch, seq, _>>

func.func @packed_heads_first(%x: !x) -> !x {
  %w = graph.weight "query_key_value.weight" : !w3
  %m = graph.matmul %x, %w : (!x, !w3) -> !x3
  %a = graph.reshape %m : !x3 to tensor<?x?x4x3x8xf32, #graph.dims<batch, seq, _, _, _>>
  %q = graph.slice %a axis(3) [0, 1] : (tensor<?x?x4x3x8xf32, #graph.dims<batch, seq, _, _, _>>) -> tensor<?x?x4x1x8xf32, #graph.dims<batch, seq, _, _, _>>
  %k = graph.slice %a axis(3) [1, 2] : (tensor<?x?x4x3x8xf32, #graph.dims<batch, seq, _, _, _>>) -> tensor<?x?x4x1x8xf32, #graph.dims<batch, seq, _, _, _>>
  %v = graph.slice %a axis(3) [2, 3] : (tensor<?x?x4x3x8xf32, #graph.dims<batch, seq, _, _, _>>) -> tensor<?x?x4x1x8xf32, #graph.dims<batch, seq, _, _, _>>
  %q0 = graph.reshape %q : tensor<?x?x4x1x8xf32, #graph.dims<batch, seq, _, _, _>> to !bshd
  %q1 = graph.transpose %q0 perm [0, 2, 1, 3] : (!bshd) -> !bhsd
  %k0 = graph.reshape %k : tensor<?x?x4x1x8xf32, #graph.dims<batch, seq, _, _, _>> to !bshd
  %k1 = graph.transpose %k0 perm [0, 2, 3, 1] : (!bshd) -> !bhds
  %v0 = graph.reshape %v : tensor<?x?x4x1x8xf32, #graph.dims<batch, seq, _, _, _>> to !bshd
  %v1 = graph.transpose %v0 perm [0, 2, 1, 3] : (!bshd) -> !bhsd
  %s = graph.matmul %q1, %k1 : (!bhsd, !bhds) -> !bhss
  %p = graph.softmax %s axis(3) : !bhss
  %o = graph.matmul %p, %v1 : (!bhss, !bhsd) -> !bhsd
  %o0 = graph.transpose %o perm [0, 2, 1, 3] : (!bhsd) -> !bshd
  %o1 = graph.reshape %o0 : !bshd to !x
  return %o1 : !x
}
