// RUN: sylvite-opt %s --sylvite-fusion --verify-fusion | FileCheck %s

// Positions are compared in the graph.

// CHECK-NOT: graph.softmax
// CHECK: graph.attention %{{.+}}, %{{.+}}, %{{.+}} mask(causal) :
// CHECK-NOT: graph.{{attention|softmax|matmul}}

!bhsd = tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>>
!bhss = tensor<?x4x?x?xf32, #graph.dims<batch, _, seq, seq>>
!ss_b = tensor<?x?xi1, #graph.dims<seq, seq>>
!ss_i = tensor<?x?xi64, #graph.dims<seq, seq>>
!e = tensor<f32>

func.func @causal_by_iota(%q: !bhsd, %k: !bhsd, %v: !bhsd) -> !bhsd {
  %low = graph.constant dense<-3.40282347E+38> : !e
  %j = graph.iota axis(1) : !ss_i
  %i = graph.iota axis(0) : !ss_i
  %m = graph.compare ge %i, %j : (!ss_i, !ss_i) -> !ss_b
  %s = graph.matmul %q, %k {transpose_rhs} : (!bhsd, !bhsd) -> !bhss
  %s1 = graph.select %m, %s, %low : (!ss_b, !bhss, !e) -> !bhss
  %p = graph.softmax %s1 axis(3) : !bhss
  %o = graph.matmul %p, %v : (!bhss, !bhsd) -> !bhsd
  return %o : !bhsd
}
