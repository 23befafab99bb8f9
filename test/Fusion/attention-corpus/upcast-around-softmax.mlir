// RUN: sylvite-opt %s --sylvite-fusion --verify-fusion | FileCheck %s

// Half precision, with the softmax in f32: softmax(s.float()).half().

// CHECK-NOT: graph.softmax
// CHECK: graph.attention %arg0, %arg1, %arg2 scale(0.35{{[0-9]+}}) : (tensor<?x4x?x8xf16, {{.+}}>,
// CHECK-NOT: f32
// CHECK-NOT: graph.{{attention|softmax|matmul}}

!bhst = tensor<?x4x?x?xf32, #graph.dims<batch, _, seq, keys>>
!bhsd16 = tensor<?x4x?x8xf16, #graph.dims<batch, _, seq, _>>
!bhtd16 = tensor<?x4x?x8xf16, #graph.dims<batch, _, keys, _>>
!bhst16 = tensor<?x4x?x?xf16, #graph.dims<batch, _, seq, keys>>

func.func @upcast(%q: !bhsd16, %k: !bhtd16, %v: !bhtd16) -> !bhsd16 {
  %c = graph.constant dense<0.3535> : tensor<f16>
  %s = graph.matmul %q, %k {transpose_rhs} : (!bhsd16, !bhtd16) -> !bhst16
  %s1 = graph.mul %s, %c : (!bhst16, tensor<f16>) -> !bhst16
  %s2 = graph.cast %s1 : !bhst16 to !bhst
  %p = graph.softmax %s2 axis(3) : !bhst
  %p1 = graph.cast %p : !bhst to !bhst16
  %o = graph.matmul %p1, %v : (!bhst16, !bhtd16) -> !bhsd16
  return %o : !bhsd16
}
