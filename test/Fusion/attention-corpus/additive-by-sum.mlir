// RUN: sylvite-opt %s --sylvite-fusion --verify-fusion | FileCheck %s

// The same as a product with the vector v and a sum; weights stored [out, in].

// CHECK-NOT: graph.softmax
// CHECK: graph.attention %{{.+}}, %{{.+}}, %{{.+}} similarity(additive) with(%{{.+}}, %{{.+}}, %{{.+}}) :
// CHECK-NOT: graph.{{attention|softmax|matmul}}

!bsd = tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
!btd = tensor<?x?x8xf32, #graph.dims<batch, keys, _>>
!bst = tensor<?x?x?xf32, #graph.dims<batch, seq, keys>>
!bth = tensor<?x?x16xf32, #graph.dims<batch, keys, _>>
!bsh = tensor<?x?x16xf32, #graph.dims<batch, seq, _>>
!bs1h = tensor<?x?x1x16xf32, #graph.dims<batch, seq, _, _>>
!b1th = tensor<?x1x?x16xf32, #graph.dims<batch, _, keys, _>>
!bsth = tensor<?x?x?x16xf32, #graph.dims<batch, seq, keys, _>>

func.func @additive_by_sum(%q: !bsd, %k: !btd) -> !bsd {
  %wq = graph.weight "query.weight" : tensor<16x8xf32>
  %wk = graph.weight "key.weight" : tensor<16x8xf32>
  %wv = graph.weight "energy.weight" : tensor<16xf32>
  %q0 = graph.matmul %q, %wq {transpose_rhs} : (!bsd, tensor<16x8xf32>) -> !bsh
  %q1 = graph.reshape %q0 : !bsh to !bs1h
  %k0 = graph.matmul %k, %wk {transpose_rhs} : (!btd, tensor<16x8xf32>) -> !bth
  %k1 = graph.reshape %k0 : !bth to !b1th
  %a = graph.add %k1, %q1 : (!b1th, !bs1h) -> !bsth
  %t = graph.tanh %a : !bsth
  %e = graph.mul %wv, %t : (tensor<16xf32>, !bsth) -> !bsth
  %s = graph.reduce sum %e axes [3] : (!bsth) -> !bst
  %p = graph.softmax %s axis(2) : !bst
  %o = graph.matmul %p, %k : (!bst, !btd) -> !bsd
  return %o : !bsd
}
