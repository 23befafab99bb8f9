// RUN: sylvite-opt %s --sylvite-fusion --verify-fusion | FileCheck %s

// Causal, but for two keys that nobody sees.

// CHECK-NOT: graph.softmax
// CHECK: graph.attention %{{.+}}, %{{.+}}, %{{.+}} mask(causal and keep(%{{.+}})) :
// CHECK-NOT: graph.{{attention|softmax|matmul}}

!q = tensor<2x2x6x8xf32>
!k = tensor<2x2x6x8xf32>
!s = tensor<2x2x6x6xf32>
!m = tensor<6x6xi1>
!a = tensor<6x6xf32>
!e = tensor<f32>

func.func @causal_with_hidden_keys_by_a_constant(%q: !q, %k: !k, %v: !k) -> !q {
  %low = graph.constant dense<-3.40282347E+38> : !e
  %m = graph.constant dense<[[true, false, false, false, false, false], [true, false, false, false, false, false], [true, false, true, false, false, false], [true, false, true, true, false, false], [true, false, true, true, false, false], [true, false, true, true, false, true]]> : !m
  %s = graph.matmul %q, %k {transpose_rhs} : (!q, !k) -> !s
  %t = graph.select %m, %s, %low : (!m, !s, !e) -> !s
  %p = graph.softmax %t axis(3) : !s
  %o = graph.matmul %p, %v : (!s, !k) -> !q
  return %o : !q
}
