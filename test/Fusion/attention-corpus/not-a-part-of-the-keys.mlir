// RUN: sylvite-opt %s --sylvite-fusion --verify-fusion --remarks-filter=sylvite-fusion 2>&1 | FileCheck %s

// Values are there for the first four keys alone.

// CHECK: [Missed] attention |
// CHECK-SAME: Reason="only a part of the probabilities is multiplied by values"
// CHECK-NOT: graph.attention

func.func @part_of_keys(%q: tensor<2x4x5x8xf32>, %k: tensor<2x4x6x8xf32>, %v: tensor<2x4x4x8xf32>) -> tensor<2x4x5x8xf32> {
  %s = graph.matmul %q, %k {transpose_rhs} : (tensor<2x4x5x8xf32>, tensor<2x4x6x8xf32>) -> tensor<2x4x5x6xf32>
  %p = graph.softmax %s axis(3) : tensor<2x4x5x6xf32>
  %p1 = graph.slice %p axis(3) [0, 4] : (tensor<2x4x5x6xf32>) -> tensor<2x4x5x4xf32>
  %o = graph.matmul %p1, %v : (tensor<2x4x5x4xf32>, tensor<2x4x4x8xf32>) -> tensor<2x4x5x8xf32>
  return %o : tensor<2x4x5x8xf32>
}
