// RUN: sylvite-opt %s --sylvite-fusion --verify-fusion | FileCheck %s

// FlashAttention's order: exponentials times values first, divided by the sum last.

// CHECK-NOT: graph.softmax
// CHECK: graph.attention %arg0, %arg1, %arg2 :
// CHECK-NOT: graph.{{attention|softmax|matmul}}

!bhsd = tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>>
!bhtd = tensor<?x4x?x8xf32, #graph.dims<batch, _, keys, _>>
!bhst = tensor<?x4x?x?xf32, #graph.dims<batch, _, seq, keys>>
!bhs1 = tensor<?x4x?x1xf32, #graph.dims<batch, _, seq, _>>

func.func @normalized_last(%q: !bhsd, %k: !bhtd, %v: !bhtd) -> !bhsd {
  %s = graph.matmul %q, %k {transpose_rhs} : (!bhsd, !bhtd) -> !bhst
  %m = graph.reduce max %s axes [3] keepdims : (!bhst) -> !bhs1
  %u = graph.sub %s, %m : (!bhst, !bhs1) -> !bhst
  %e = graph.exp %u : !bhst
  %z = graph.reduce sum %e axes [3] keepdims : (!bhst) -> !bhs1
  %a = graph.matmul %e, %v : (!bhst, !bhtd) -> !bhsd
  %o = graph.div %a, %z : (!bhsd, !bhs1) -> !bhsd
  return %o : !bhsd
}
