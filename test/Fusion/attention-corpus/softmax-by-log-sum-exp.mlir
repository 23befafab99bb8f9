// RUN: sylvite-opt %s --sylvite-fusion --verify-fusion | FileCheck %s

// exp(s - lse(s)), with lse = max + log(sum(exp(s - max))).

// CHECK-NOT: graph.softmax
// CHECK: graph.attention %arg0, %arg1, %arg2 :
// CHECK-NOT: graph.{{attention|softmax|matmul}}

!bhsd = tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>>
!bhtd = tensor<?x4x?x8xf32, #graph.dims<batch, _, keys, _>>
!bhst = tensor<?x4x?x?xf32, #graph.dims<batch, _, seq, keys>>
!bhs1 = tensor<?x4x?x1xf32, #graph.dims<batch, _, seq, _>>

func.func @log_sum_exp(%q: !bhsd, %k: !bhtd, %v: !bhtd) -> !bhsd {
  %s = graph.matmul %q, %k {transpose_rhs} : (!bhsd, !bhtd) -> !bhst
  %m = graph.reduce max %s axes [3] keepdims : (!bhst) -> !bhs1
  %u = graph.sub %s, %m : (!bhst, !bhs1) -> !bhst
  %e = graph.exp %u : !bhst
  %z = graph.reduce sum %e axes [3] keepdims : (!bhst) -> !bhs1
  %l = graph.log %z : !bhs1
  %lse = graph.add %m, %l : (!bhs1, !bhs1) -> !bhs1
  %d = graph.sub %s, %lse : (!bhst, !bhs1) -> !bhst
  %p = graph.exp %d : !bhst
  %o = graph.matmul %p, %v : (!bhst, !bhtd) -> !bhsd
  return %o : !bhsd
}
