// RUN: sylvite-opt %s --sylvite-fusion --verify-fusion | FileCheck %s

// A trained temperature for each head (as in Swin v2): a factor of the queries.

// CHECK-NOT: graph.softmax
// CHECK: %[[Q:.+]] = graph.mul %arg0, %{{.+}} : (tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>>, tensor<4x1x1xf32>)
// CHECK: graph.attention %[[Q]], %arg1, %arg2 :
// CHECK-NOT: graph.{{attention|softmax|matmul}}

!bhsd = tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>>
!bhtd = tensor<?x4x?x8xf32, #graph.dims<batch, _, keys, _>>
!bhst = tensor<?x4x?x?xf32, #graph.dims<batch, _, seq, keys>>

func.func @scale_by_head(%q: !bhsd, %k: !bhtd, %v: !bhtd) -> !bhsd {
  %c = graph.weight "temperature" : tensor<4x1x1xf32>
  %s = graph.matmul %q, %k {transpose_rhs} : (!bhsd, !bhtd) -> !bhst
  %s1 = graph.mul %s, %c : (!bhst, tensor<4x1x1xf32>) -> !bhst
  %p = graph.softmax %s1 axis(3) : !bhst
  %o = graph.matmul %p, %v : (!bhst, !bhtd) -> !bhsd
  return %o : !bhsd
}
