// RUN: sylvite-opt %s --sylvite-fusion --verify-fusion | FileCheck %s

// PyTorch's modules: heads split by a reshape, moved by a transpose, and back.

// CHECK-NOT: graph.softmax
// CHECK: graph.attention %{{.+}}, %{{.+}}, %{{.+}} layout(bshd) :
// CHECK-NOT: graph.transpose
// CHECK-NOT: graph.{{attention|softmax|matmul}}

!x = tensor<?x?x32xf32, #graph.dims<batch, seq, _>>
!y = tensor<?x?x32xf32, #graph.dims<batch, keys, _>>
!bshd = tensor<?x?x4x8xf32, #graph.dims<batch, seq, _, _>>
!bthd = tensor<?x?x4x8xf32, #graph.dims<batch, keys, _, _>>
!bhsd = tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>>
!bhtd = tensor<?x4x?x8xf32, #graph.dims<batch, _, keys, _>>
!bhdt = tensor<?x4x8x?xf32, #graph.dims<batch, _, _, keys>>
!bhst = tensor<?x4x?x?xf32, #graph.dims<batch, _, seq, keys>>

func.func @heads_split(%q: !x, %k: !y, %v: !y) -> !x {
  %q0 = graph.reshape %q : !x to !bshd
  %q1 = graph.transpose %q0 perm [0, 2, 1, 3] : (!bshd) -> !bhsd
  %k0 = graph.reshape %k : !y to !bthd
  %k1 = graph.transpose %k0 perm [0, 2, 1, 3] : (!bthd) -> !bhtd
  %k2 = graph.transpose %k1 perm [0, 1, 3, 2] : (!bhtd) -> !bhdt
  %v0 = graph.reshape %v : !y to !bthd
  %v1 = graph.transpose %v0 perm [0, 2, 1, 3] : (!bthd) -> !bhtd
  %s = graph.matmul %q1, %k2 : (!bhsd, !bhdt) -> !bhst
  %p = graph.softmax %s axis(3) : !bhst
  %o = graph.matmul %p, %v1 : (!bhst, !bhtd) -> !bhsd
  %o0 = graph.transpose %o perm [0, 2, 1, 3] : (!bhsd) -> !bshd
  %o1 = graph.reshape %o0 : !bshd to !x
  return %o1 : !x
}
