// RUN: sylvite-opt %s --sylvite-fusion --verify-fusion | FileCheck %s

// A mask that is repeated over heads and queries before it is used.

// CHECK-NOT: graph.softmax
// CHECK: graph.attention %{{.+}}, %{{.+}}, %{{.+}} mask(keep(%arg3)) :
// CHECK-NOT: graph.{{attention|softmax|matmul}}

!bhsd = tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>>
!bhtd = tensor<?x4x?x8xf32, #graph.dims<batch, _, keys, _>>
!bhst = tensor<?x4x?x?xf32, #graph.dims<batch, _, seq, keys>>
!bt_b = tensor<?x?xi1, #graph.dims<batch, keys>>
!b11t_b = tensor<?x1x1x?xi1, #graph.dims<batch, _, _, keys>>
!bhst_b = tensor<?x4x?x?xi1, #graph.dims<batch, _, seq, keys>>
!e = tensor<f32>

func.func @mask_broadcast(%q: !bhsd, %k: !bhtd, %v: !bhtd, %m: !bt_b) -> !bhsd {
  %zero = graph.constant dense<0.0> : !e
  %inf = graph.constant dense<0xFF800000> : !e
  %m0 = graph.reshape %m : !bt_b to !b11t_b
  %m1 = graph.broadcast %m0 : !b11t_b to !bhst_b
  %m2 = graph.select %m1, %zero, %inf : (!bhst_b, !e, !e) -> !bhst
  %s = graph.matmul %q, %k {transpose_rhs} : (!bhsd, !bhtd) -> !bhst
  %s1 = graph.add %s, %m2 : (!bhst, !bhst) -> !bhst
  %p = graph.softmax %s1 axis(3) : !bhst
  %o = graph.matmul %p, %v : (!bhst, !bhtd) -> !bhsd
  return %o : !bhsd
}
