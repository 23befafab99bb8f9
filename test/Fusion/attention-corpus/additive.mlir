// RUN: sylvite-opt %s --sylvite-fusion --verify-fusion | FileCheck %s

// Bahdanau: v . tanh(Wq q + Wk k) for each pair, as a product with v.

// CHECK-NOT: graph.softmax
// CHECK: graph.attention %{{.+}}, %{{.+}}, %{{.+}} similarity(additive) with(%{{.+}}, %{{.+}}, %{{.+}}) mask(keep(%arg2)) :
// CHECK-NOT: graph.{{attention|softmax|matmul}}

!bsd = tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
!btd = tensor<?x?x8xf32, #graph.dims<batch, keys, _>>
!bst = tensor<?x?x?xf32, #graph.dims<batch, seq, keys>>
!bt_b = tensor<?x?xi1, #graph.dims<batch, keys>>
!e = tensor<f32>
!bth = tensor<?x?x16xf32, #graph.dims<batch, keys, _>>
!bsh = tensor<?x?x16xf32, #graph.dims<batch, seq, _>>
!bs1h = tensor<?x?x1x16xf32, #graph.dims<batch, seq, _, _>>
!b1th = tensor<?x1x?x16xf32, #graph.dims<batch, _, keys, _>>
!bsth = tensor<?x?x?x16xf32, #graph.dims<batch, seq, keys, _>>
!bst1 = tensor<?x?x?x1xf32, #graph.dims<batch, seq, keys, _>>
!b1t_b = tensor<?x1x?xi1, #graph.dims<batch, _, keys>>

func.func @additive(%q: !bsd, %k: !btd, %m: !bt_b) -> !bsd {
  %wq = graph.weight "query.weight" : tensor<8x16xf32>
  %wk = graph.weight "key.weight" : tensor<8x16xf32>
  %wv = graph.weight "energy.weight" : tensor<16x1xf32>
  %inf = graph.constant dense<0xFF800000> : !e
  %q0 = graph.matmul %q, %wq : (!bsd, tensor<8x16xf32>) -> !bsh
  %q1 = graph.reshape %q0 : !bsh to !bs1h
  %k0 = graph.matmul %k, %wk : (!btd, tensor<8x16xf32>) -> !bth
  %k1 = graph.reshape %k0 : !bth to !b1th
  %a = graph.add %q1, %k1 : (!bs1h, !b1th) -> !bsth
  %t = graph.tanh %a : !bsth
  %e = graph.matmul %t, %wv : (!bsth, tensor<16x1xf32>) -> !bst1
  %s = graph.reshape %e : !bst1 to !bst
  %m0 = graph.reshape %m : !bt_b to !b1t_b
  %s1 = graph.select %m0, %s, %inf : (!b1t_b, !bst, !e) -> !bst
  %p = graph.softmax %s1 axis(2) : !bst
  %o = graph.matmul %p, %k : (!bst, !btd) -> !bsd
  return %o : !bsd
}
