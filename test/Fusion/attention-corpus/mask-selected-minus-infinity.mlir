// RUN: sylvite-opt %s --sylvite-fusion --verify-fusion | FileCheck %s

// where(mask, scores, -inf) with a boolean of keys.

// CHECK-NOT: graph.softmax
// CHECK: graph.attention %{{.+}}, %{{.+}}, %{{.+}} mask(keep(%{{.+}})) :
// CHECK-NOT: graph.{{attention|softmax|matmul}}

!bhsd = tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>>
!bhtd = tensor<?x4x?x8xf32, #graph.dims<batch, _, keys, _>>
!bhst = tensor<?x4x?x?xf32, #graph.dims<batch, _, seq, keys>>
!b11t_b = tensor<?x1x1x?xi1, #graph.dims<batch, _, _, keys>>
!e = tensor<f32>

func.func @mask_selected(%q: !bhsd, %k: !bhtd, %v: !bhtd, %m: !b11t_b) -> !bhsd {
  %inf = graph.constant dense<0xFF800000> : !e
  %s = graph.matmul %q, %k {transpose_rhs} : (!bhsd, !bhtd) -> !bhst
  %s1 = graph.select %m, %s, %inf : (!b11t_b, !bhst, !e) -> !bhst
  %p = graph.softmax %s1 axis(3) : !bhst
  %o = graph.matmul %p, %v : (!bhst, !bhtd) -> !bhsd
  return %o : !bhsd
}
