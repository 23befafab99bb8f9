// RUN: sylvite-opt %s --sylvite-fusion --verify-fusion | FileCheck %s

// An exporter that traces the shape leaves 1 / sqrt(float(d)) as ops.

// CHECK-NOT: graph.softmax
// CHECK: graph.attention %{{.+}}, %{{.+}}, %{{.+}} scale(0.35355{{[0-9]+}}) :
// CHECK-NOT: graph.{{attention|softmax|matmul}}

!bhsd = tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>>
!bhtd = tensor<?x4x?x8xf32, #graph.dims<batch, _, keys, _>>
!bhst = tensor<?x4x?x?xf32, #graph.dims<batch, _, seq, keys>>
!e = tensor<f32>
!i = tensor<i64>

func.func @scale_computed(%q: !bhsd, %k: !bhtd, %v: !bhtd) -> !bhsd {
  %one = graph.constant dense<1.0> : !e
  %d = graph.constant dense<8> : !i
  %f = graph.cast %d : !i to !e
  %r = graph.sqrt %f : !e
  %c = graph.div %one, %r : (!e, !e) -> !e
  %s = graph.matmul %q, %k {transpose_rhs} : (!bhsd, !bhtd) -> !bhst
  %s1 = graph.mul %s, %c : (!bhst, !e) -> !bhst
  %p = graph.softmax %s1 axis(3) : !bhst
  %o = graph.matmul %p, %v : (!bhst, !bhtd) -> !bhsd
  return %o : !bhsd
}
