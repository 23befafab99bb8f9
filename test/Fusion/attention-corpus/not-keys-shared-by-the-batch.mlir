// RUN: sylvite-opt %s --sylvite-fusion --verify-fusion --remarks-filter=sylvite-fusion 2>&1 | FileCheck %s

// One sequence of keys for all of a batch, broadcast by the product.

// CHECK: [Missed] attention |
// CHECK-SAME: Reason="the operands of the product differ in batch or heads"
// CHECK-NOT: graph.attention

func.func @shared_keys(%q: tensor<2x4x5x8xf32>, %k: tensor<1x4x6x8xf32>, %v: tensor<1x4x6x8xf32>) -> tensor<2x4x5x8xf32> {
  %s = graph.matmul %q, %k {transpose_rhs} : (tensor<2x4x5x8xf32>, tensor<1x4x6x8xf32>) -> tensor<2x4x5x6xf32>
  %p = graph.softmax %s axis(3) : tensor<2x4x5x6xf32>
  %o = graph.matmul %p, %v : (tensor<2x4x5x6xf32>, tensor<1x4x6x8xf32>) -> tensor<2x4x5x8xf32>
  return %o : tensor<2x4x5x8xf32>
}
