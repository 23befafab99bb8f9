// RUN: sylvite-opt %s --sylvite-fusion --verify-fusion --remarks-filter=sylvite-fusion 2>&1 | FileCheck %s

// A gate for each pair of query and key is neither a factor nor a mask.

// CHECK: [Missed] attention |
// CHECK-SAME: Reason="the scores are multiplied by a tensor"
// CHECK-NOT: graph.attention

!bhsd = tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>>
!bhtd = tensor<?x4x?x8xf32, #graph.dims<batch, _, keys, _>>
!bhst = tensor<?x4x?x?xf32, #graph.dims<batch, _, seq, keys>>
!st = tensor<?x?xf32, #graph.dims<seq, keys>>

func.func @gated(%q: !bhsd, %k: !bhtd, %v: !bhtd, %g: !st) -> !bhsd {
  %s = graph.matmul %q, %k {transpose_rhs} : (!bhsd, !bhtd) -> !bhst
  %s1 = graph.mul %s, %g : (!bhst, !st) -> !bhst
  %p = graph.softmax %s1 axis(3) : !bhst
  %o = graph.matmul %p, %v : (!bhst, !bhtd) -> !bhsd
  return %o : !bhsd
}
