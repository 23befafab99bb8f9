// RUN: sylvite-opt %s --sylvite-fusion --verify-fusion --remarks-filter=sylvite-fusion 2>&1 | FileCheck %s

// The probabilities are transposed before the product: it sums over queries.

// CHECK: [Missed] attention |
// CHECK-SAME: Reason="the softmax is not along the keys"
// CHECK-NOT: graph.attention

!bhsd = tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>>
!bhtd = tensor<?x4x?x8xf32, #graph.dims<batch, _, keys, _>>
!bhst = tensor<?x4x?x?xf32, #graph.dims<batch, _, seq, keys>>

func.func @over_wrong_axis(%q: !bhsd, %k: !bhtd) -> !bhtd {
  %s = graph.matmul %q, %k {transpose_rhs} : (!bhsd, !bhtd) -> !bhst
  %p = graph.softmax %s axis(3) : !bhst
  %o = graph.matmul %p, %q {transpose_lhs} : (!bhst, !bhsd) -> !bhtd
  return %o : !bhtd
}
