// RUN: sylvite-opt %s --sylvite-fusion --verify-fusion | FileCheck %s

// scaled_dot_product_attention, decomposed by PyTorch's exporter.

// CHECK-NOT: graph.softmax
// CHECK: graph.attention %{{.+}}, %{{.+}}, %{{.+}} scale(0.35355{{[0-9]+}}) layout(bshd) :
// CHECK-NOT: graph.{{attention|softmax|matmul}}

!bshd = tensor<?x?x4x8xf32, #graph.dims<batch, seq, _, _>>
!bthd = tensor<?x?x4x8xf32, #graph.dims<batch, keys, _, _>>
!bhsd = tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>>
!bhtd = tensor<?x4x?x8xf32, #graph.dims<batch, _, keys, _>>
!bhdt = tensor<?x4x8x?xf32, #graph.dims<batch, _, _, keys>>
!bhst = tensor<?x4x?x?xf32, #graph.dims<batch, _, seq, keys>>
!e = tensor<f32>

func.func @scale_on_both(%q: !bshd, %k: !bthd, %v: !bthd) -> !bshd {
  %c = graph.constant dense<0.59460355> : !e
  %q0 = graph.transpose %q perm [0, 2, 1, 3] : (!bshd) -> !bhsd
  %q1 = graph.mul %q0, %c : (!bhsd, !e) -> !bhsd
  %k0 = graph.transpose %k perm [0, 2, 3, 1] : (!bthd) -> !bhdt
  %k1 = graph.mul %k0, %c : (!bhdt, !e) -> !bhdt
  %v0 = graph.transpose %v perm [0, 2, 1, 3] : (!bthd) -> !bhtd
  %s = graph.matmul %q1, %k1 : (!bhsd, !bhdt) -> !bhst
  %p = graph.softmax %s axis(3) : !bhst
  %o = graph.matmul %p, %v0 : (!bhst, !bhtd) -> !bhsd
  %y = graph.transpose %o perm [0, 2, 1, 3] : (!bhsd) -> !bshd
  return %y : !bshd
}
