// RUN: sylvite-opt %s --sylvite-fusion --verify-fusion | FileCheck %s

// The first BERT's -10000, from a boolean, added on the left.

// CHECK-NOT: graph.softmax
// CHECK: graph.attention %{{.+}}, %{{.+}}, %{{.+}} scale(0.35355{{[0-9]+}}) mask(keep(%arg3)) :
// CHECK-NOT: graph.{{attention|softmax|matmul}}

!bhsd = tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>>
!bhtd = tensor<?x4x?x8xf32, #graph.dims<batch, _, keys, _>>
!bhst = tensor<?x4x?x?xf32, #graph.dims<batch, _, seq, keys>>
!b11t = tensor<?x1x1x?xf32, #graph.dims<batch, _, _, keys>>
!bt_b = tensor<?x?xi1, #graph.dims<batch, keys>>
!e = tensor<f32>

func.func @mask_minus_10000(%q: !bhsd, %k: !bhtd, %v: !bhtd, %m: !bt_b) -> !bhsd {
  %low = graph.constant dense<-10000.0> : !e
  %c = graph.constant dense<0.353553385> : !e
  %m0 = graph.not %m : !bt_b
  %m1 = graph.cast %m0 : !bt_b to tensor<?x?xf32, #graph.dims<batch, keys>>
  %m2 = graph.mul %m1, %low : (tensor<?x?xf32, #graph.dims<batch, keys>>, !e) -> tensor<?x?xf32, #graph.dims<batch, keys>>
  %m3 = graph.reshape %m2 : tensor<?x?xf32, #graph.dims<batch, keys>> to !b11t
  %s = graph.matmul %q, %k {transpose_rhs} : (!bhsd, !bhtd) -> !bhst
  %s1 = graph.mul %s, %c : (!bhst, !e) -> !bhst
  %s2 = graph.add %m3, %s1 : (!b11t, !bhst) -> !bhst
  %p = graph.softmax %s2 axis(3) : !bhst
  %o = graph.matmul %p, %v : (!bhst, !bhtd) -> !bhsd
  return %o : !bhsd
}
