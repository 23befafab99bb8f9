// RUN: sylvite-opt %s --sylvite-fusion --verify-fusion | FileCheck %s

// (1 - m) in integers, cast, times the lowest number, and a mask [1, 1, S, T] of
// integers for causal, multiplied with it.

// CHECK-NOT: graph.softmax
// CHECK: graph.attention %{{.+}}, %{{.+}}, %{{.+}} mask(causal and keep(%arg3)) :
// CHECK-NOT: graph.{{attention|softmax|matmul}}

!q = tensor<2x2x6x8xf32>
!k = tensor<2x2x6x8xf32>
!s = tensor<2x2x6x6xf32>
!m = tensor<6x6xi1>
!a = tensor<6x6xf32>
!e = tensor<f32>
!mi = tensor<2x1x1x6xi32>
!mm = tensor<2x1x6x6xi32>
!mf = tensor<2x1x6x6xf32>

func.func @mask_of_integers(%q: !q, %k: !k, %v: !k, %m: tensor<2x6xi32> {graph.range = [0, 2]}) -> !q {
  %one = graph.constant dense<1> : tensor<i32>
  %low = graph.constant dense<-3.40282347E+38> : !e
  %c = graph.constant dense<[[[[1, 0, 0, 0, 0, 0], [1, 1, 0, 0, 0, 0], [1, 1, 1, 0, 0, 0], [1, 1, 1, 1, 0, 0], [1, 1, 1, 1, 1, 0], [1, 1, 1, 1, 1, 1]]]]> : tensor<1x1x6x6xi32>
  %m0 = graph.reshape %m : tensor<2x6xi32> to !mi
  %m1 = graph.mul %m0, %c : (!mi, tensor<1x1x6x6xi32>) -> !mm
  %n = graph.sub %one, %m1 : (tensor<i32>, !mm) -> !mm
  %f = graph.cast %n : !mm to !mf
  %h = graph.mul %f, %low : (!mf, !e) -> !mf
  %s = graph.matmul %q, %k {transpose_rhs} : (!q, !k) -> !s
  %t = graph.add %s, %h : (!s, !mf) -> !s
  %p = graph.softmax %t axis(3) : !s
  %o = graph.matmul %p, %v : (!s, !k) -> !q
  return %o : !q
}
