// RUN: sylvite-opt --sylvite-raise-l2-normalize --verify-fusion %s | FileCheck %s
// RUN: sylvite-opt --sylvite-raise-l2-normalize --remarks-filter=sylvite-fusion %s 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK

// CHECK-LABEL: func.func @bound_behind_the_root(
//  CHECK-SAME:     %[[X:.+]]: tensor<4x8xf32>)
//  CHECK-NEXT:   %[[Y:.+]] = graph.l2_normalize %[[X]] axis(1) {eps = 1.250000e-01 : f64}
//  CHECK-NEXT:   return %[[Y]]
// REMARK: remark: [Passed] l2-normalize | Category:sylvite-fusion | Function=bound_behind_the_root | Remark="squares, sum, root, division"
func.func @bound_behind_the_root(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %two = graph.constant dense<2.0> : tensor<f32>
  %eps = graph.constant dense<0.125> : tensor<f32>
  %q = graph.pow %x, %two : (tensor<4x8xf32>, tensor<f32>) -> tensor<4x8xf32>
  %s = graph.reduce sum %q axes [1] keepdims : (tensor<4x8xf32>) -> tensor<4x1xf32>
  %r = graph.sqrt %s : tensor<4x1xf32>
  %d = graph.maximum %eps, %r : (tensor<f32>, tensor<4x1xf32>) -> tensor<4x1xf32>
  %e = graph.broadcast %d : tensor<4x1xf32> to tensor<4x8xf32>
  %y = graph.div %x, %e : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  return %y : tensor<4x8xf32>
}

// CHECK-LABEL: func.func @bound_before_the_root(
//  CHECK-SAME:     %[[X:.+]]: tensor<4x8xf32>)
//  CHECK-NEXT:   %[[Y:.+]] = graph.l2_normalize %[[X]] axis(0) {eps = 2.500000e-01 : f64}
//  CHECK-NEXT:   return %[[Y]]
func.func @bound_before_the_root(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %eps = graph.constant dense<0.0625> : tensor<f32>
  %q = graph.mul %x, %x : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  %s = graph.reduce sum %q axes [0] : (tensor<4x8xf32>) -> tensor<8xf32>
  %k = graph.reshape %s : tensor<8xf32> to tensor<1x8xf32>
  %d = graph.maximum %k, %eps : (tensor<1x8xf32>, tensor<f32>) -> tensor<1x8xf32>
  %r = graph.rsqrt %d : tensor<1x8xf32>
  %y = graph.mul %x, %r : (tensor<4x8xf32>, tensor<1x8xf32>) -> tensor<4x8xf32>
  return %y : tensor<4x8xf32>
}

// CHECK-LABEL: func.func @no_bound(
//  CHECK-SAME:     %[[X:.+]]: tensor<4x8xf32>)
//  CHECK-NEXT:   %[[Y:.+]] = graph.l2_normalize %[[X]] axis(1) {eps = 0.000000e+00 : f64}
//  CHECK-NEXT:   return %[[Y]]
func.func @no_bound(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %q = graph.mul %x, %x : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  %s = graph.reduce sum %q axes [1] keepdims : (tensor<4x8xf32>) -> tensor<4x1xf32>
  %r = graph.sqrt %s : tensor<4x1xf32>
  %i = graph.reciprocal %r : tensor<4x1xf32>
  %y = graph.mul %i, %x : (tensor<4x1xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  return %y : tensor<4x8xf32>
}

// CHECK-LABEL: func.func @eps_added(
//   CHECK-NOT:   graph.l2_normalize
//       CHECK:   graph.div
// REMARK: remark: [Missed] l2-normalize | Category:sylvite-fusion | Function=eps_added | Other={{.*}}, Reason="a number is added to the norm", Suggestion="bound the norm from below: max(norm, eps)"
func.func @eps_added(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %eps = graph.constant dense<1.0e-6> : tensor<f32>
  %q = graph.mul %x, %x : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  %s = graph.reduce sum %q axes [1] keepdims : (tensor<4x8xf32>) -> tensor<4x1xf32>
  %r = graph.sqrt %s : tensor<4x1xf32>
  %d = graph.add %r, %eps : (tensor<4x1xf32>, tensor<f32>) -> tensor<4x1xf32>
  %y = graph.div %x, %d : (tensor<4x8xf32>, tensor<4x1xf32>) -> tensor<4x8xf32>
  return %y : tensor<4x8xf32>
}

// CHECK-LABEL: func.func @several_axes(
//   CHECK-NOT:   graph.l2_normalize
//       CHECK:   graph.div
// REMARK: remark: [Missed] l2-normalize | Category:sylvite-fusion | Function=several_axes | Reason="the sum is taken along several axes"
func.func @several_axes(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %q = graph.mul %x, %x : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  %s = graph.reduce sum %q axes [0, 1] keepdims : (tensor<4x8xf32>) -> tensor<1x1xf32>
  %r = graph.sqrt %s : tensor<1x1xf32>
  %y = graph.div %x, %r : (tensor<4x8xf32>, tensor<1x1xf32>) -> tensor<4x8xf32>
  return %y : tensor<4x8xf32>
}

// CHECK-LABEL: func.func @norm_of_another(
//   CHECK-NOT:   graph.l2_normalize
//       CHECK:   graph.div
// REMARK: remark: [Missed] l2-normalize | Category:sylvite-fusion | Function=norm_of_another | Other={{.*}}, Reason="what it is calculated from is not divided by it"
func.func @norm_of_another(%x: tensor<4x8xf32>, %z: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %q = graph.mul %x, %x : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  %s = graph.reduce sum %q axes [1] keepdims : (tensor<4x8xf32>) -> tensor<4x1xf32>
  %r = graph.sqrt %s : tensor<4x1xf32>
  %y = graph.div %z, %r : (tensor<4x8xf32>, tensor<4x1xf32>) -> tensor<4x8xf32>
  return %y : tensor<4x8xf32>
}
