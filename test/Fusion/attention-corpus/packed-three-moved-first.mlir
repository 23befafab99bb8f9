// RUN: sylvite-opt %s --sylvite-fusion --verify-fusion | FileCheck %s

// ViT of timm: [batch, sequence, 3, heads, features], transposed so that the three
// come first, and then cut.

// CHECK-NOT: graph.softmax
// CHECK: graph.linear
// CHECK-NOT: graph.{{linear|transpose}}
// CHECK: graph.attention %{{.+}}, %{{.+}}, %{{.+}} layout(bshd) :
// CHECK-NOT: graph.transpose
// CHECK-NOT: graph.{{attention|softmax|matmul}}

!x = tensor<?x?x32xf32, #graph.dims<batch, seq, _>>
!bshd = tensor<?x?x4x8xf32, #graph.dims<batch, seq, _, _>>
!bhsd = tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>>
!bhds = tensor<?x4x8x?xf32, #graph.dims<batch, _, _, seq>>
!bhss = tensor<?x4x?x?xf32, #graph.dims<batch, _, seq, seq>>
!b3 = tensor<96xf32>
!x3 = tensor<?x?x96xf32, #graph.dims<batch, seq, _>>

func.func @packed_three_first(%x: !x) -> !x {
  %w = graph.weight "qkv.weight" : tensor<96x32xf32>
  %b = graph.weight "qkv.bias" : !b3
  %m = graph.matmul %x, %w {transpose_rhs} : (!x, tensor<96x32xf32>) -> !x3
  %a = graph.add %m, %b : (!x3, !b3) -> !x3
  %r = graph.reshape %a : !x3 to tensor<?x?x3x4x8xf32, #graph.dims<batch, seq, _, _, _>>
  %t = graph.transpose %r perm [2, 0, 3, 1, 4] : (tensor<?x?x3x4x8xf32, #graph.dims<batch, seq, _, _, _>>) -> tensor<3x?x4x?x8xf32, #graph.dims<_, batch, _, seq, _>>
  %q = graph.slice %t axis(0) [0, 1] : (tensor<3x?x4x?x8xf32, #graph.dims<_, batch, _, seq, _>>) -> tensor<1x?x4x?x8xf32, #graph.dims<_, batch, _, seq, _>>
  %k = graph.slice %t axis(0) [1, 2] : (tensor<3x?x4x?x8xf32, #graph.dims<_, batch, _, seq, _>>) -> tensor<1x?x4x?x8xf32, #graph.dims<_, batch, _, seq, _>>
  %v = graph.slice %t axis(0) [2, 3] : (tensor<3x?x4x?x8xf32, #graph.dims<_, batch, _, seq, _>>) -> tensor<1x?x4x?x8xf32, #graph.dims<_, batch, _, seq, _>>
  %q1 = graph.reshape %q : tensor<1x?x4x?x8xf32, #graph.dims<_, batch, _, seq, _>> to !bhsd
  %k1 = graph.reshape %k : tensor<1x?x4x?x8xf32, #graph.dims<_, batch, _, seq, _>> to !bhsd
  %v1 = graph.reshape %v : tensor<1x?x4x?x8xf32, #graph.dims<_, batch, _, seq, _>> to !bhsd
  %k2 = graph.transpose %k1 perm [0, 1, 3, 2] : (!bhsd) -> !bhds
  %s = graph.matmul %q1, %k2 : (!bhsd, !bhds) -> !bhss
  %p = graph.softmax %s axis(3) : !bhss
  %o = graph.matmul %p, %v1 : (!bhss, !bhsd) -> !bhsd
  %o0 = graph.transpose %o perm [0, 2, 1, 3] : (!bhsd) -> !bshd
  %o1 = graph.reshape %o0 : !bshd to !x
  return %o1 : !x
}
