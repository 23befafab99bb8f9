// RUN: sylvite-opt %s --sylvite-fusion --verify-fusion | FileCheck %s

// The queries are divided by sqrt(d) before the product.

// CHECK-NOT: graph.softmax
// CHECK: graph.attention %{{.+}}, %{{.+}}, %{{.+}} scale(0.35355{{[0-9]+}}) :
// CHECK-NOT: graph.{{attention|softmax|matmul}}

!bhsd = tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>>
!bhtd = tensor<?x4x?x8xf32, #graph.dims<batch, _, keys, _>>
!bhst = tensor<?x4x?x?xf32, #graph.dims<batch, _, seq, keys>>
!e = tensor<f32>

func.func @scale_on_query(%q: !bhsd, %k: !bhtd, %v: !bhtd) -> !bhsd {
  %c = graph.constant dense<0.353553385> : !e
  %q0 = graph.mul %q, %c : (!bhsd, !e) -> !bhsd
  %s = graph.matmul %q0, %k {transpose_rhs} : (!bhsd, !bhtd) -> !bhst
  %p = graph.softmax %s axis(3) : !bhst
  %o = graph.matmul %p, %v : (!bhst, !bhtd) -> !bhsd
  return %o : !bhsd
}
