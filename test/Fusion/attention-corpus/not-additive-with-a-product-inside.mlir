// RUN: sylvite-opt %s --sylvite-fusion --verify-fusion --remarks-filter=sylvite-fusion 2>&1 | FileCheck %s

// The tangent of a product of queries and keys is no additive similarity.

// CHECK: [Missed] attention |
// CHECK-SAME: Reason="a tangent is not one of the sum of queries and keys"
// CHECK-NOT: graph.attention

!bsd = tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
!btd = tensor<?x?x8xf32, #graph.dims<batch, keys, _>>
!bst = tensor<?x?x?xf32, #graph.dims<batch, seq, keys>>
!bs1d = tensor<?x?x1x8xf32, #graph.dims<batch, seq, _, _>>
!b1td = tensor<?x1x?x8xf32, #graph.dims<batch, _, keys, _>>
!bstd = tensor<?x?x?x8xf32, #graph.dims<batch, seq, keys, _>>
!bst1 = tensor<?x?x?x1xf32, #graph.dims<batch, seq, keys, _>>

func.func @multiplicative(%q: !bsd, %k: !btd) -> !bsd {
  %wv = graph.weight "energy.weight" : tensor<8x1xf32>
  %q1 = graph.reshape %q : !bsd to !bs1d
  %k1 = graph.reshape %k : !btd to !b1td
  %a = graph.mul %q1, %k1 : (!bs1d, !b1td) -> !bstd
  %t = graph.tanh %a : !bstd
  %e = graph.matmul %t, %wv : (!bstd, tensor<8x1xf32>) -> !bst1
  %s = graph.reshape %e : !bst1 to !bst
  %p = graph.softmax %s axis(2) : !bst
  %o = graph.matmul %p, %k : (!bst, !btd) -> !bsd
  return %o : !bsd
}
