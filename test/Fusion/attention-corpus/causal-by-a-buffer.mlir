// RUN: sylvite-opt %s --sylvite-fusion --verify-fusion | FileCheck %s

// GPT-2's buffer of ones on and below the diagonal, of which the last queries and
// the first keys are taken: bias[:, :, k - q:k, :k].

// CHECK-NOT: graph.softmax
// CHECK: graph.attention %{{.+}}, %{{.+}}, %{{.+}} mask(causal_to_end) :
// CHECK-NOT: graph.{{attention|softmax|matmul}}

!q = tensor<2x2x3x8xf32>
!k = tensor<2x2x5x8xf32>
!s = tensor<2x2x3x5xf32>
!m = tensor<3x5xi1>
!a = tensor<3x5xf32>
!e = tensor<f32>
!m1 = tensor<1x1x3x5xi1>

func.func @causal_by_a_buffer(%q: !q, %k: !k, %v: !k) -> !q {
  %low = graph.constant dense<-3.40282347E+38> : !e
  %buffer = graph.constant dense<[[[[true, false, false, false, false, false, false, false], [true, true, false, false, false, false, false, false], [true, true, true, false, false, false, false, false], [true, true, true, true, false, false, false, false], [true, true, true, true, true, false, false, false], [true, true, true, true, true, true, false, false], [true, true, true, true, true, true, true, false], [true, true, true, true, true, true, true, true]]]]> : tensor<1x1x8x8xi1>
  %m0 = graph.slice %buffer axis(2) [2, 5] : (tensor<1x1x8x8xi1>) -> tensor<1x1x3x8xi1>
  %m = graph.slice %m0 axis(3) [0, 5] : (tensor<1x1x3x8xi1>) -> !m1
  %s = graph.matmul %q, %k {transpose_rhs} : (!q, !k) -> !s
  %t = graph.select %m, %s, %low : (!m1, !s, !e) -> !s
  %p = graph.softmax %t axis(3) : !s
  %o = graph.matmul %p, %v : (!s, !k) -> !q
  return %o : !q
}
