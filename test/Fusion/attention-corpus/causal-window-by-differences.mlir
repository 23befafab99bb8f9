// RUN: sylvite-opt %s --sylvite-fusion --verify-fusion | FileCheck %s

// i - j between 0 and 2: a window of 3 keys.

// CHECK-NOT: graph.softmax
// CHECK: graph.attention %{{.+}}, %{{.+}}, %{{.+}} mask(window(3)) :
// CHECK-NOT: graph.{{attention|softmax|matmul}}

!bhsd = tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>>
!bhss = tensor<?x4x?x?xf32, #graph.dims<batch, _, seq, seq>>
!ss_b = tensor<?x?xi1, #graph.dims<seq, seq>>
!s_i = tensor<?xi64, #graph.dims<seq>>
!s1_i = tensor<?x1xi64, #graph.dims<seq, _>>
!ss_i = tensor<?x?xi64, #graph.dims<seq, seq>>
!e = tensor<f32>
!i = tensor<i64>

func.func @window_by_differences(%q: !bhsd, %k: !bhsd, %v: !bhsd) -> !bhsd {
  %zero = graph.constant dense<0> : !i
  %two = graph.constant dense<2> : !i
  %inf = graph.constant dense<0xFF800000> : !e
  %j = graph.iota axis(0) : !s_i
  %i = graph.reshape %j : !s_i to !s1_i
  %d = graph.sub %i, %j : (!s1_i, !s_i) -> !ss_i
  %a = graph.compare ge %d, %zero : (!ss_i, !i) -> !ss_b
  %b = graph.compare gt %d, %two : (!ss_i, !i) -> !ss_b
  %c = graph.not %b : !ss_b
  %m = graph.and %a, %c : (!ss_b, !ss_b) -> !ss_b
  %s = graph.matmul %q, %k {transpose_rhs} : (!bhsd, !bhsd) -> !bhss
  %s1 = graph.select %m, %s, %inf : (!ss_b, !bhss, !e) -> !bhss
  %p = graph.softmax %s1 axis(3) : !bhss
  %o = graph.matmul %p, %v : (!bhss, !bhsd) -> !bhsd
  return %o : !bhsd
}
