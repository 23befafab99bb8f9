// RUN: sylvite-opt %s --sylvite-fusion --verify-fusion | FileCheck %s

// Sequences before the batch, [S, B, E], as nn.MultiheadAttention has them, with
// heads and batch folded into one dimension.

// CHECK-NOT: graph.softmax
// CHECK: graph.attention %{{.+}}, %{{.+}}, %{{.+}} scale(0.35355{{[0-9]+}}){{.*}} :
// CHECK-NOT: graph.{{attention|softmax|matmul}}

!e = tensor<f32>

func.func @sequence_first(%q: tensor<6x2x32xf32>, %k: tensor<6x2x32xf32>, %v: tensor<6x2x32xf32>) -> tensor<6x2x32xf32> {
  %c = graph.constant dense<0.353553385> : !e
  %q0 = graph.mul %q, %c : (tensor<6x2x32xf32>, !e) -> tensor<6x2x32xf32>
  %q1 = graph.reshape %q0 : tensor<6x2x32xf32> to tensor<6x8x8xf32>
  %q2 = graph.transpose %q1 perm [1, 0, 2] : (tensor<6x8x8xf32>) -> tensor<8x6x8xf32>
  %k1 = graph.reshape %k : tensor<6x2x32xf32> to tensor<6x8x8xf32>
  %k2 = graph.transpose %k1 perm [1, 2, 0] : (tensor<6x8x8xf32>) -> tensor<8x8x6xf32>
  %v1 = graph.reshape %v : tensor<6x2x32xf32> to tensor<6x8x8xf32>
  %v2 = graph.transpose %v1 perm [1, 0, 2] : (tensor<6x8x8xf32>) -> tensor<8x6x8xf32>
  %s = graph.matmul %q2, %k2 : (tensor<8x6x8xf32>, tensor<8x8x6xf32>) -> tensor<8x6x6xf32>
  %p = graph.softmax %s axis(2) : tensor<8x6x6xf32>
  %o = graph.matmul %p, %v2 : (tensor<8x6x6xf32>, tensor<8x6x8xf32>) -> tensor<8x6x8xf32>
  %o1 = graph.transpose %o perm [1, 0, 2] : (tensor<8x6x8xf32>) -> tensor<6x8x8xf32>
  %o2 = graph.reshape %o1 : tensor<6x8x8xf32> to tensor<6x2x32xf32>
  return %o2 : tensor<6x2x32xf32>
}
