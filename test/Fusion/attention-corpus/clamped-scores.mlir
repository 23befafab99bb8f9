// RUN: sylvite-opt %s --sylvite-fusion --verify-fusion | FileCheck %s

// Scores between two bounds, so that nothing overflows in half precision.

// CHECK-NOT: graph.softmax
// CHECK: graph.attention %arg0, %arg1, %arg2 score {
// CHECK: arith.maximumf
// CHECK: arith.minimumf
// CHECK-NOT: graph.{{attention|softmax|matmul}}

!bhsd = tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>>
!bhtd = tensor<?x4x?x8xf32, #graph.dims<batch, _, keys, _>>
!bhst = tensor<?x4x?x?xf32, #graph.dims<batch, _, seq, keys>>
!e = tensor<f32>

func.func @clamped(%q: !bhsd, %k: !bhtd, %v: !bhtd) -> !bhsd {
  %low = graph.constant dense<-2.0> : !e
  %high = graph.constant dense<2.0> : !e
  %s = graph.matmul %q, %k {transpose_rhs} : (!bhsd, !bhtd) -> !bhst
  %s1 = graph.maximum %s, %low : (!bhst, !e) -> !bhst
  %s2 = graph.minimum %s1, %high : (!bhst, !e) -> !bhst
  %p = graph.softmax %s2 axis(3) : !bhst
  %o = graph.matmul %p, %v : (!bhst, !bhtd) -> !bhsd
  return %o : !bhsd
}
