// RUN: sylvite-opt %s --sylvite-fusion --verify-fusion | FileCheck %s

// bf16 with scores, scale and a mask of -inf in f32.

// CHECK-NOT: graph.softmax
// CHECK: graph.attention %arg0, %arg1, %arg2 scale(0.35355{{[0-9]+}}) mask(keep(%{{.+}})) : (tensor<?x4x?x8xbf16, {{.+}}>,
// CHECK-NOT: graph.{{attention|softmax|matmul}}

!bhst = tensor<?x4x?x?xf32, #graph.dims<batch, _, seq, keys>>
!b11t_b = tensor<?x1x1x?xi1, #graph.dims<batch, _, _, keys>>
!e = tensor<f32>
!bhsd16 = tensor<?x4x?x8xbf16, #graph.dims<batch, _, seq, _>>
!bhtd16 = tensor<?x4x?x8xbf16, #graph.dims<batch, _, keys, _>>
!bhst16 = tensor<?x4x?x?xbf16, #graph.dims<batch, _, seq, keys>>

func.func @upcast_mask(%q: !bhsd16, %k: !bhtd16, %v: !bhtd16, %m: !b11t_b) -> !bhsd16 {
  %c = graph.constant dense<0.353553385> : !e
  %inf = graph.constant dense<0xFF800000> : !e
  %s = graph.matmul %q, %k {transpose_rhs} : (!bhsd16, !bhtd16) -> !bhst16
  %s1 = graph.cast %s : !bhst16 to !bhst
  %s2 = graph.mul %s1, %c : (!bhst, !e) -> !bhst
  %s3 = graph.select %m, %s2, %inf : (!b11t_b, !bhst, !e) -> !bhst
  %p = graph.softmax %s3 axis(3) : !bhst
  %p1 = graph.cast %p : !bhst to !bhst16
  %o = graph.matmul %p1, %v : (!bhst16, !bhtd16) -> !bhsd16
  return %o : !bhsd16
}
