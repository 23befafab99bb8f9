// RUN: sylvite-opt %s --sylvite-fusion --verify-fusion | FileCheck %s

// exp(log_softmax(s)).

// CHECK-NOT: graph.softmax
// CHECK: graph.attention %arg0, %arg1, %arg2 :
// CHECK-NOT: graph.{{attention|softmax|matmul}}

!bhsd = tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>>
!bhtd = tensor<?x4x?x8xf32, #graph.dims<batch, _, keys, _>>
!bhst = tensor<?x4x?x?xf32, #graph.dims<batch, _, seq, keys>>

func.func @exp_log_softmax(%q: !bhsd, %k: !bhtd, %v: !bhtd) -> !bhsd {
  %s = graph.matmul %q, %k {transpose_rhs} : (!bhsd, !bhtd) -> !bhst
  %l = graph.log_softmax %s axis(3) : !bhst
  %p = graph.exp %l : !bhst
  %o = graph.matmul %p, %v : (!bhst, !bhtd) -> !bhsd
  return %o : !bhsd
}
