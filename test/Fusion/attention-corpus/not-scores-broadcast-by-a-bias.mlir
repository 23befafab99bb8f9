// RUN: sylvite-opt %s --sylvite-fusion --verify-fusion --remarks-filter=sylvite-fusion 2>&1 | FileCheck %s

// A bias for each of a batch that the scores do not have.

// CHECK: [Missed] attention |
// CHECK-SAME: Reason="the scores are broadcast"
// CHECK-NOT: graph.attention

func.func @broadcast_by_bias(%q: tensor<1x4x5x8xf32>, %k: tensor<1x4x6x8xf32>, %v: tensor<2x4x6x8xf32>, %b: tensor<2x1x5x6xf32>) -> tensor<2x4x5x8xf32> {
  %s = graph.matmul %q, %k {transpose_rhs} : (tensor<1x4x5x8xf32>, tensor<1x4x6x8xf32>) -> tensor<1x4x5x6xf32>
  %s1 = graph.add %s, %b : (tensor<1x4x5x6xf32>, tensor<2x1x5x6xf32>) -> tensor<2x4x5x6xf32>
  %p = graph.softmax %s1 axis(3) : tensor<2x4x5x6xf32>
  %o = graph.matmul %p, %v : (tensor<2x4x5x6xf32>, tensor<2x4x6x8xf32>) -> tensor<2x4x5x8xf32>
  return %o : tensor<2x4x5x8xf32>
}
