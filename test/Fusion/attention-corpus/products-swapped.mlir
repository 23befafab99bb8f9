// RUN: sylvite-opt %s --sylvite-fusion --verify-fusion | FileCheck %s

// Values on the left, probabilities on the right.

// CHECK-NOT: graph.softmax
// CHECK: graph.attention %arg0, %arg1, %arg2 :
// CHECK-NOT: graph.{{attention|softmax|matmul}}

!bhsd = tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>>
!bhtd = tensor<?x4x?x8xf32, #graph.dims<batch, _, keys, _>>
!bhds = tensor<?x4x8x?xf32, #graph.dims<batch, _, _, seq>>
!bhst = tensor<?x4x?x?xf32, #graph.dims<batch, _, seq, keys>>
!bhts = tensor<?x4x?x?xf32, #graph.dims<batch, _, keys, seq>>

func.func @swapped(%q: !bhsd, %k: !bhtd, %v: !bhtd) -> !bhds {
  %s = graph.matmul %k, %q {transpose_rhs} : (!bhtd, !bhsd) -> !bhts
  %s1 = graph.transpose %s perm [0, 1, 3, 2] : (!bhts) -> !bhst
  %p = graph.softmax %s1 axis(3) : !bhst
  %o = graph.matmul %v, %p {transpose_lhs, transpose_rhs} : (!bhtd, !bhst) -> !bhds
  return %o : !bhds
}
