// RUN: sylvite-opt %s --sylvite-fusion --verify-fusion | FileCheck %s

// Positions are running sums of ones.

// CHECK-NOT: graph.softmax
// CHECK: graph.attention %{{.+}}, %{{.+}}, %{{.+}} mask(causal) :
// CHECK-NOT: graph.{{attention|softmax|matmul}}

!bhsd = tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>>
!bhss = tensor<?x4x?x?xf32, #graph.dims<batch, _, seq, seq>>
!ss = tensor<?x?xf32, #graph.dims<seq, seq>>
!ss_b = tensor<?x?xi1, #graph.dims<seq, seq>>
!s_i = tensor<?xi64, #graph.dims<seq>>
!s1_i = tensor<?x1xi64, #graph.dims<seq, _>>
!e = tensor<f32>
!i = tensor<i64>

func.func @causal_by_cumsum(%q: !bhsd, %k: !bhsd, %v: !bhsd) -> !bhsd {
  %one = graph.constant dense<1> : !i
  %low = graph.constant dense<-1.0e9> : !e
  %ones = graph.broadcast %one : !i to !s_i
  %n = graph.cumsum %ones axis(0) : !s_i
  %j = graph.sub %n, %one : (!s_i, !i) -> !s_i
  %i = graph.reshape %j : !s_i to !s1_i
  %m = graph.compare gt %j, %i : (!s_i, !s1_i) -> !ss_b
  %f = graph.cast %m : !ss_b to !ss
  %g = graph.mul %f, %low : (!ss, !e) -> !ss
  %s = graph.matmul %q, %k {transpose_rhs} : (!bhsd, !bhsd) -> !bhss
  %s1 = graph.add %s, %g : (!bhss, !ss) -> !bhss
  %p = graph.softmax %s1 axis(3) : !bhss
  %o = graph.matmul %p, %v : (!bhss, !bhsd) -> !bhsd
  return %o : !bhsd
}
