// RUN: sylvite-opt %s --sylvite-fusion --verify-fusion | FileCheck %s

// einsum("bqhd,bkhd->bhqk"), whose operands come transposed each in its own way.

// CHECK-NOT: graph.softmax
// CHECK: graph.attention %{{.+}}, %{{.+}}, %{{.+}} layout(bshd) :
// CHECK-NOT: graph.transpose
// CHECK-NOT: graph.{{attention|softmax|matmul}}

!bshd = tensor<?x?x4x8xf32, #graph.dims<batch, seq, _, _>>
!bthd = tensor<?x?x4x8xf32, #graph.dims<batch, keys, _, _>>
!bhtd = tensor<?x4x?x8xf32, #graph.dims<batch, _, keys, _>>
!bhds = tensor<?x4x8x?xf32, #graph.dims<batch, _, _, seq>>
!bhdt = tensor<?x4x8x?xf32, #graph.dims<batch, _, _, keys>>
!bhst = tensor<?x4x?x?xf32, #graph.dims<batch, _, seq, keys>>

func.func @einsum(%q: !bshd, %k: !bthd, %v: !bthd) -> !bshd {
  %q0 = graph.transpose %q perm [0, 2, 3, 1] : (!bshd) -> !bhds
  %k0 = graph.transpose %k perm [0, 2, 1, 3] : (!bthd) -> !bhtd
  %v0 = graph.transpose %v perm [0, 2, 3, 1] : (!bthd) -> !bhdt
  %s = graph.matmul %q0, %k0 {transpose_lhs, transpose_rhs} : (!bhds, !bhtd) -> !bhst
  %p = graph.softmax %s axis(3) : !bhst
  %o = graph.matmul %v0, %p {transpose_rhs} : (!bhdt, !bhst) -> !bhds
  %y = graph.transpose %o perm [0, 3, 1, 2] : (!bhds) -> !bshd
  return %y : !bshd
}
