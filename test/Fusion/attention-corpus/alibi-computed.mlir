// RUN: sylvite-opt %s --sylvite-fusion --verify-fusion | FileCheck %s

// ALiBi: a slope for each head times the distance, calculated in the graph.

// CHECK-NOT: graph.softmax
// CHECK: graph.attention %arg0, %arg1, %arg2 {{.*}}mask(causal)
// CHECK-NOT: graph.{{attention|softmax|matmul}}

!bhsd = tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>>
!bhss = tensor<?x4x?x?xf32, #graph.dims<batch, _, seq, seq>>
!ss = tensor<?x?xf32, #graph.dims<seq, seq>>
!hss = tensor<4x?x?xf32, #graph.dims<_, seq, seq>>
!ss_b = tensor<?x?xi1, #graph.dims<seq, seq>>
!s_i = tensor<?xi64, #graph.dims<seq>>
!s1_i = tensor<?x1xi64, #graph.dims<seq, _>>
!ss_i = tensor<?x?xi64, #graph.dims<seq, seq>>
!e = tensor<f32>

func.func @alibi(%q: !bhsd, %k: !bhsd, %v: !bhsd) -> !bhsd {
  %slopes = graph.constant dense<[[[0.25]], [[0.0625]], [[0.015625]], [[0.00390625]]]> : tensor<4x1x1xf32>
  %inf = graph.constant dense<0xFF800000> : !e
  %j = graph.iota axis(0) : !s_i
  %i = graph.reshape %j : !s_i to !s1_i
  %d = graph.sub %j, %i : (!s_i, !s1_i) -> !ss_i
  %f = graph.cast %d : !ss_i to !ss
  %a = graph.mul %slopes, %f : (tensor<4x1x1xf32>, !ss) -> !hss
  %m = graph.compare le %j, %i : (!s_i, !s1_i) -> !ss_b
  %s = graph.matmul %q, %k {transpose_rhs} : (!bhsd, !bhsd) -> !bhss
  %s1 = graph.add %s, %a : (!bhss, !hss) -> !bhss
  %s2 = graph.select %m, %s1, %inf : (!ss_b, !bhss, !e) -> !bhss
  %p = graph.softmax %s2 axis(3) : !bhss
  %o = graph.matmul %p, %v : (!bhss, !bhsd) -> !bhsd
  return %o : !bhsd
}
