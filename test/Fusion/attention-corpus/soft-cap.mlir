// RUN: sylvite-opt %s --sylvite-fusion --verify-fusion | FileCheck %s

// Gemma 2: scores bounded by c tanh(s / c), and masked behind that.

// CHECK-NOT: graph.softmax
// CHECK: graph.attention %arg0, %arg1, %arg2 scale(0.00707{{[0-9]+}}) mask(causal) score {
// CHECK: math.tanh
// CHECK-NOT: graph.{{attention|softmax|matmul}}

!bhsd = tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>>
!bhss = tensor<?x4x?x?xf32, #graph.dims<batch, _, seq, seq>>
!ss_b = tensor<?x?xi1, #graph.dims<seq, seq>>
!s_i = tensor<?xi64, #graph.dims<seq>>
!s1_i = tensor<?x1xi64, #graph.dims<seq, _>>
!e = tensor<f32>

func.func @soft_cap(%q: !bhsd, %k: !bhsd, %v: !bhsd) -> !bhsd {
  %c = graph.constant dense<0.353553385> : !e
  %cap = graph.constant dense<50.0> : !e
  %inf = graph.constant dense<0xFF800000> : !e
  %j = graph.iota axis(0) : !s_i
  %i = graph.reshape %j : !s_i to !s1_i
  %m = graph.compare le %j, %i : (!s_i, !s1_i) -> !ss_b
  %s = graph.matmul %q, %k {transpose_rhs} : (!bhsd, !bhsd) -> !bhss
  %s1 = graph.mul %s, %c : (!bhss, !e) -> !bhss
  %s2 = graph.div %s1, %cap : (!bhss, !e) -> !bhss
  %s3 = graph.tanh %s2 : !bhss
  %s4 = graph.mul %s3, %cap : (!bhss, !e) -> !bhss
  %s5 = graph.select %m, %s4, %inf : (!ss_b, !bhss, !e) -> !bhss
  %p = graph.softmax %s5 axis(3) : !bhss
  %o = graph.matmul %p, %v : (!bhss, !bhsd) -> !bhsd
  return %o : !bhsd
}
