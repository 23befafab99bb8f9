// RUN: sylvite-opt %s --sylvite-fusion --verify-fusion | FileCheck %s

// (1 - mask) * finfo.min, as Hugging Face extends a mask.

// CHECK-NOT: graph.softmax
// CHECK: graph.attention %{{.+}}, %{{.+}}, %{{.+}} mask(keep(%arg3)) :
// CHECK-NOT: graph.{{attention|softmax|matmul}}

!bhsd = tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>>
!bhtd = tensor<?x4x?x8xf32, #graph.dims<batch, _, keys, _>>
!bhst = tensor<?x4x?x?xf32, #graph.dims<batch, _, seq, keys>>
!b11t = tensor<?x1x1x?xf32, #graph.dims<batch, _, _, keys>>
!bt_i = tensor<?x?xi64, #graph.dims<batch, keys>>
!e = tensor<f32>

func.func @mask_lowest(%q: !bhsd, %k: !bhtd, %v: !bhtd, %m: !bt_i {graph.range = [0, 2]}) -> !bhsd {
  %one = graph.constant dense<1.0> : !e
  %low = graph.constant dense<-3.40282347E+38> : !e
  %m0 = graph.reshape %m : !bt_i to tensor<?x1x1x?xi64, #graph.dims<batch, _, _, keys>>
  %m1 = graph.cast %m0 : tensor<?x1x1x?xi64, #graph.dims<batch, _, _, keys>> to !b11t
  %m2 = graph.sub %one, %m1 : (!e, !b11t) -> !b11t
  %m3 = graph.mul %m2, %low : (!b11t, !e) -> !b11t
  %s = graph.matmul %q, %k {transpose_rhs} : (!bhsd, !bhtd) -> !bhst
  %s1 = graph.add %s, %m3 : (!bhst, !b11t) -> !bhst
  %p = graph.softmax %s1 axis(3) : !bhst
  %o = graph.matmul %p, %v : (!bhst, !bhtd) -> !bhsd
  return %o : !bhsd
}
