// RUN: sylvite-opt %s --sylvite-fusion --verify-fusion | FileCheck %s

// The keys are scaled, behind their transpose.

// CHECK-NOT: graph.softmax
// CHECK: graph.attention %{{.+}}, %{{.+}}, %{{.+}} scale(0.35355{{[0-9]+}}) :
// CHECK-NOT: graph.{{attention|softmax|matmul}}

!bhsd = tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>>
!bhtd = tensor<?x4x?x8xf32, #graph.dims<batch, _, keys, _>>
!bhdt = tensor<?x4x8x?xf32, #graph.dims<batch, _, _, keys>>
!bhst = tensor<?x4x?x?xf32, #graph.dims<batch, _, seq, keys>>
!e = tensor<f32>

func.func @scale_on_key(%q: !bhsd, %k: !bhtd, %v: !bhtd) -> !bhsd {
  %c = graph.constant dense<0.353553385> : !e
  %k0 = graph.transpose %k perm [0, 1, 3, 2] : (!bhtd) -> !bhdt
  %k1 = graph.mul %k0, %c : (!bhdt, !e) -> !bhdt
  %s = graph.matmul %q, %k1 : (!bhsd, !bhdt) -> !bhst
  %p = graph.softmax %s axis(3) : !bhst
  %o = graph.matmul %p, %v : (!bhst, !bhtd) -> !bhsd
  return %o : !bhsd
}
