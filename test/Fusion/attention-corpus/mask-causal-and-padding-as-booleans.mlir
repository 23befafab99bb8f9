// RUN: sylvite-opt %s --sylvite-fusion --verify-fusion | FileCheck %s

// Booleans with not, and, or: causal, and a padding that is said twice.

// CHECK-NOT: graph.softmax
// CHECK: graph.attention %{{.+}}, %{{.+}}, %{{.+}} mask(causal and keep(%{{.+}})) :
// CHECK-NOT: graph.{{attention|softmax|matmul}}

!bhsd = tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>>
!bhss = tensor<?x4x?x?xf32, #graph.dims<batch, _, seq, seq>>
!bs_b = tensor<?x?xi1, #graph.dims<batch, seq>>
!b11s_b = tensor<?x1x1x?xi1, #graph.dims<batch, _, _, seq>>
!b1ss_b = tensor<?x1x?x?xi1, #graph.dims<batch, _, seq, seq>>
!ss_b = tensor<?x?xi1, #graph.dims<seq, seq>>
!s_i = tensor<?xi64, #graph.dims<seq>>
!s1_i = tensor<?x1xi64, #graph.dims<seq, _>>
!e = tensor<f32>

func.func @mask_logic(%q: !bhsd, %k: !bhsd, %v: !bhsd, %pad: !bs_b) -> !bhsd {
  %inf = graph.constant dense<0xFF800000> : !e
  %j = graph.iota axis(0) : !s_i
  %i = graph.reshape %j : !s_i to !s1_i
  %future = graph.compare gt %j, %i : (!s_i, !s1_i) -> !ss_b
  %p4 = graph.reshape %pad : !bs_b to !b11s_b
  %hidden = graph.or %future, %p4 : (!ss_b, !b11s_b) -> !b1ss_b
  %shown = graph.not %hidden : !b1ss_b
  %s = graph.matmul %q, %k {transpose_rhs} : (!bhsd, !bhsd) -> !bhss
  %s1 = graph.select %shown, %s, %inf : (!b1ss_b, !bhss, !e) -> !bhss
  %p = graph.softmax %s1 axis(3) : !bhss
  %o = graph.matmul %p, %v : (!bhss, !bhsd) -> !bhsd
  return %o : !bhsd
}
