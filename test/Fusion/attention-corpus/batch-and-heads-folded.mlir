// RUN: sylvite-opt %s --sylvite-fusion --verify-fusion | FileCheck %s

// torch.bmm: batch and heads are one dimension from the split to the merge.

// CHECK-NOT: graph.softmax
// CHECK: graph.attention %{{.+}}, %{{.+}}, %{{.+}} layout(bshd) :
// CHECK-NOT: graph.transpose
// CHECK-NOT: graph.{{attention|softmax|matmul}}

func.func @folded(%q: tensor<2x6x32xf32>, %k: tensor<2x7x32xf32>, %v: tensor<2x7x32xf32>) -> tensor<2x6x32xf32> {
  %q0 = graph.reshape %q : tensor<2x6x32xf32> to tensor<2x6x4x8xf32>
  %q1 = graph.transpose %q0 perm [0, 2, 1, 3] : (tensor<2x6x4x8xf32>) -> tensor<2x4x6x8xf32>
  %q2 = graph.reshape %q1 : tensor<2x4x6x8xf32> to tensor<8x6x8xf32>
  %k0 = graph.reshape %k : tensor<2x7x32xf32> to tensor<2x7x4x8xf32>
  %k1 = graph.transpose %k0 perm [0, 2, 3, 1] : (tensor<2x7x4x8xf32>) -> tensor<2x4x8x7xf32>
  %k2 = graph.reshape %k1 : tensor<2x4x8x7xf32> to tensor<8x8x7xf32>
  %v0 = graph.reshape %v : tensor<2x7x32xf32> to tensor<2x7x4x8xf32>
  %v1 = graph.transpose %v0 perm [0, 2, 1, 3] : (tensor<2x7x4x8xf32>) -> tensor<2x4x7x8xf32>
  %v2 = graph.reshape %v1 : tensor<2x4x7x8xf32> to tensor<8x7x8xf32>
  %s = graph.matmul %q2, %k2 : (tensor<8x6x8xf32>, tensor<8x8x7xf32>) -> tensor<8x6x7xf32>
  %p = graph.softmax %s axis(2) : tensor<8x6x7xf32>
  %o = graph.matmul %p, %v2 : (tensor<8x6x7xf32>, tensor<8x7x8xf32>) -> tensor<8x6x8xf32>
  %o0 = graph.reshape %o : tensor<8x6x8xf32> to tensor<2x4x6x8xf32>
  %o1 = graph.transpose %o0 perm [0, 2, 1, 3] : (tensor<2x4x6x8xf32>) -> tensor<2x6x4x8xf32>
  %o2 = graph.reshape %o1 : tensor<2x6x4x8xf32> to tensor<2x6x32xf32>
  return %o2 : tensor<2x6x32xf32>
}
