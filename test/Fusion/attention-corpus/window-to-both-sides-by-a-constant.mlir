// RUN: sylvite-opt %s --sylvite-fusion --verify-fusion | FileCheck %s

// A band around the diagonal, for which the algebra has no formula: it stays a
// tensor that is added.

// CHECK-NOT: graph.softmax
// CHECK: graph.attention %{{.+}}, %{{.+}}, %{{.+}} bias(%{{.+}}) :
// CHECK-NOT: graph.{{attention|softmax|matmul}}

!q = tensor<2x2x6x8xf32>
!k = tensor<2x2x6x8xf32>
!s = tensor<2x2x6x6xf32>
!m = tensor<6x6xi1>
!a = tensor<6x6xf32>
!e = tensor<f32>

func.func @window_to_both_sides_by_a_constant(%q: !q, %k: !k, %v: !k) -> !q {
  %m = graph.constant dense<[[0.0, 0.0, -1.0e9, -1.0e9, -1.0e9, -1.0e9], [0.0, 0.0, 0.0, -1.0e9, -1.0e9, -1.0e9], [-1.0e9, 0.0, 0.0, 0.0, -1.0e9, -1.0e9], [-1.0e9, -1.0e9, 0.0, 0.0, 0.0, -1.0e9], [-1.0e9, -1.0e9, -1.0e9, 0.0, 0.0, 0.0], [-1.0e9, -1.0e9, -1.0e9, -1.0e9, 0.0, 0.0]]> : !a
  %s = graph.matmul %q, %k {transpose_rhs} : (!q, !k) -> !s
  %t = graph.add %s, %m : (!s, !a) -> !s
  %p = graph.softmax %t axis(3) : !s
  %o = graph.matmul %p, %v : (!s, !k) -> !q
  return %o : !q
}
