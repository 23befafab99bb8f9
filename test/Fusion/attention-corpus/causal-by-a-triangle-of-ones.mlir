// RUN: sylvite-opt %s --sylvite-fusion --verify-fusion | FileCheck %s

// A triangle of ones and zeros: scores - 1e9 (1 - b).

// CHECK-NOT: graph.softmax
// CHECK: graph.attention %{{.+}}, %{{.+}}, %{{.+}} mask(causal) :
// CHECK-NOT: graph.{{attention|softmax|matmul}}

!q = tensor<2x2x6x8xf32>
!k = tensor<2x2x6x8xf32>
!s = tensor<2x2x6x6xf32>
!m = tensor<6x6xi1>
!a = tensor<6x6xf32>
!e = tensor<f32>

func.func @causal_by_a_triangle_of_ones(%q: !q, %k: !k, %v: !k) -> !q {
  %one = graph.constant dense<1.0> : !e
  %big = graph.constant dense<1.0e9> : !e
  %b = graph.constant dense<[[1, 0, 0, 0, 0, 0], [1, 1, 0, 0, 0, 0], [1, 1, 1, 0, 0, 0], [1, 1, 1, 1, 0, 0], [1, 1, 1, 1, 1, 0], [1, 1, 1, 1, 1, 1]]> : tensor<6x6xi64>
  %bf = graph.cast %b : tensor<6x6xi64> to !a
  %n = graph.sub %one, %bf : (!e, !a) -> !a
  %h = graph.mul %n, %big : (!a, !e) -> !a
  %s = graph.matmul %q, %k {transpose_rhs} : (!q, !k) -> !s
  %t = graph.sub %s, %h : (!s, !a) -> !s
  %p = graph.softmax %t axis(3) : !s
  %o = graph.matmul %p, %v : (!s, !k) -> !q
  return %o : !q
}
