// RUN: sylvite-opt %s --sylvite-fusion --verify-fusion | FileCheck %s

// Any pairs of queries and keys: a tensor that is added.

// CHECK-NOT: graph.softmax
// CHECK: graph.attention %{{.+}}, %{{.+}}, %{{.+}} bias(%{{.+}}) :
// CHECK-NOT: graph.{{attention|softmax|matmul}}

!q = tensor<2x2x6x8xf32>
!k = tensor<2x2x6x8xf32>
!s = tensor<2x2x6x6xf32>
!m = tensor<6x6xi1>
!a = tensor<6x6xf32>
!e = tensor<f32>
!mm = tensor<2x1x6x6xi32>
!mf = tensor<2x1x6x6xf32>

func.func @mask_of_integers_for_queries_and_keys(%q: !q, %k: !k, %v: !k, %m: tensor<2x6x6xi32>) -> !q {
  %one = graph.constant dense<1> : tensor<i32>
  %low = graph.constant dense<-1.0e9> : !e
  %m0 = graph.reshape %m : tensor<2x6x6xi32> to !mm
  %n = graph.sub %one, %m0 : (tensor<i32>, !mm) -> !mm
  %f = graph.cast %n : !mm to !mf
  %h = graph.mul %f, %low : (!mf, !e) -> !mf
  %s = graph.matmul %q, %k {transpose_rhs} : (!q, !k) -> !s
  %t = graph.add %s, %h : (!s, !mf) -> !s
  %p = graph.softmax %t axis(3) : !s
  %o = graph.matmul %p, %v : (!s, !k) -> !q
  return %o : !q
}
