// RUN: sylvite-opt %s --sylvite-fusion --verify-fusion | FileCheck %s

// The softmax is along axis 1 of [batch, keys, heads, queries].

// CHECK-NOT: graph.softmax
// CHECK: graph.attention %arg0, %arg1, %arg2 :
// CHECK-NOT: graph.{{attention|softmax|matmul}}

!bhsd = tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>>
!bhtd = tensor<?x4x?x8xf32, #graph.dims<batch, _, keys, _>>
!bhst = tensor<?x4x?x?xf32, #graph.dims<batch, _, seq, keys>>

func.func @scores_moved(%q: !bhsd, %k: !bhtd, %v: !bhtd) -> !bhsd {
  %s = graph.matmul %q, %k {transpose_rhs} : (!bhsd, !bhtd) -> !bhst
  %s1 = graph.transpose %s perm [0, 3, 1, 2] : (!bhst) -> tensor<?x?x4x?xf32, #graph.dims<batch, keys, _, seq>>
  %p = graph.softmax %s1 axis(1) : tensor<?x?x4x?xf32, #graph.dims<batch, keys, _, seq>>
  %p1 = graph.transpose %p perm [0, 2, 3, 1] : (tensor<?x?x4x?xf32, #graph.dims<batch, keys, _, seq>>) -> !bhst
  %o = graph.matmul %p1, %v : (!bhst, !bhtd) -> !bhsd
  return %o : !bhsd
}
