// RUN: sylvite-opt %s --sylvite-fusion --verify-fusion | FileCheck %s

// A trained bias for each head and pair of positions, and a mask of keys.

// CHECK-NOT: graph.softmax
// CHECK: graph.attention %arg0, %arg1, %arg2 mask(keep(%arg3)) bias(%{{.+}}) :
// CHECK-NOT: graph.{{attention|softmax|matmul}}

!e = tensor<f32>
!bias = tensor<4x6x6xf32>
!q = tensor<2x4x6x8xf32>
!s = tensor<2x4x6x6xf32>

func.func @relative_bias(%q: !q, %k: !q, %v: !q, %m: tensor<2x6xi1>) -> !q {
  %r = graph.weight "relative_bias" : !bias
  %zero = graph.constant dense<0.0> : !e
  %inf = graph.constant dense<0xFF800000> : !e
  %m0 = graph.reshape %m : tensor<2x6xi1> to tensor<2x1x1x6xi1>
  %m1 = graph.select %m0, %zero, %inf : (tensor<2x1x1x6xi1>, !e, !e) -> tensor<2x1x1x6xf32>
  %b = graph.add %r, %m1 : (!bias, tensor<2x1x1x6xf32>) -> !s
  %s = graph.matmul %q, %k {transpose_rhs} : (!q, !q) -> !s
  %s1 = graph.add %s, %b : (!s, !s) -> !s
  %p = graph.softmax %s1 axis(3) : !s
  %o = graph.matmul %p, %v : (!s, !q) -> !q
  return %o : !q
}
