// RUN: sylvite-opt %s --sylvite-fusion --verify-fusion | FileCheck %s

// BART: folded products, and scores unfolded to add the mask.

// CHECK-NOT: graph.softmax
// CHECK: graph.attention %{{.+}}, %{{.+}}, %{{.+}} bias(%arg3) :
// CHECK-NOT: graph.{{attention|softmax|matmul}}

func.func @folded_mask(%q: tensor<8x6x8xf32>, %k: tensor<8x7x8xf32>, %v: tensor<8x7x8xf32>, %m: tensor<2x1x6x7xf32>) -> tensor<8x6x8xf32> {
  %s = graph.matmul %q, %k {transpose_rhs} : (tensor<8x6x8xf32>, tensor<8x7x8xf32>) -> tensor<8x6x7xf32>
  %s1 = graph.reshape %s : tensor<8x6x7xf32> to tensor<2x4x6x7xf32>
  %s2 = graph.add %s1, %m : (tensor<2x4x6x7xf32>, tensor<2x1x6x7xf32>) -> tensor<2x4x6x7xf32>
  %s3 = graph.reshape %s2 : tensor<2x4x6x7xf32> to tensor<8x6x7xf32>
  %p = graph.softmax %s3 axis(2) : tensor<8x6x7xf32>
  %o = graph.matmul %p, %v : (tensor<8x6x7xf32>, tensor<8x7x8xf32>) -> tensor<8x6x8xf32>
  return %o : tensor<8x6x8xf32>
}
