// RUN: sylvite-opt --sylvite-raise-softmax --verify-fusion %s | FileCheck %s
// RUN: sylvite-opt --sylvite-raise-softmax --remarks-filter=sylvite-fusion %s 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK

// CHECK-LABEL: func.func @with_maximum(
//  CHECK-SAME:     %[[X:.+]]: tensor<4x8xf32>)
//  CHECK-NEXT:   %[[Y:.+]] = graph.softmax %[[X]] axis(1)
//  CHECK-NEXT:   return %[[Y]]
// REMARK: remark: [Passed] softmax | Category:sylvite-fusion | Function=with_maximum | Remark="maximum, exponential, sum"
func.func @with_maximum(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %m = graph.reduce max %x axes [1] keepdims : (tensor<4x8xf32>) -> tensor<4x1xf32>
  %u = graph.sub %x, %m : (tensor<4x8xf32>, tensor<4x1xf32>) -> tensor<4x8xf32>
  %e = graph.exp %u : tensor<4x8xf32>
  %s = graph.reduce sum %e axes [1] keepdims : (tensor<4x8xf32>) -> tensor<4x1xf32>
  %y = graph.div %e, %s : (tensor<4x8xf32>, tensor<4x1xf32>) -> tensor<4x8xf32>
  return %y : tensor<4x8xf32>
}

// CHECK-LABEL: func.func @without_maximum(
//  CHECK-SAME:     %[[X:.+]]: tensor<4x8xf32>)
//  CHECK-NEXT:   %[[Y:.+]] = graph.softmax %[[X]] axis(0)
//  CHECK-NEXT:   return %[[Y]]
// REMARK: remark: [Passed] softmax | Category:sylvite-fusion | Function=without_maximum | Remark="exponential, sum"
func.func @without_maximum(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %e = graph.exp %x : tensor<4x8xf32>
  %s = graph.reduce sum %e axes [0] : (tensor<4x8xf32>) -> tensor<8xf32>
  %k = graph.reshape %s : tensor<8xf32> to tensor<1x8xf32>
  %r = graph.reciprocal %k : tensor<1x8xf32>
  %y = graph.mul %r, %e : (tensor<1x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  return %y : tensor<4x8xf32>
}

// The maximum is another one: it only shifts.
// CHECK-LABEL: func.func @maximum_of_all(
//       CHECK:   %[[U:.+]] = graph.sub
//  CHECK-NEXT:   %[[Y:.+]] = graph.softmax %[[U]] axis(1)
//  CHECK-NEXT:   return %[[Y]]
func.func @maximum_of_all(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %m = graph.reduce max %x axes [0, 1] keepdims : (tensor<4x8xf32>) -> tensor<1x1xf32>
  %u = graph.sub %x, %m : (tensor<4x8xf32>, tensor<1x1xf32>) -> tensor<4x8xf32>
  %e = graph.exp %u : tensor<4x8xf32>
  %s = graph.reduce sum %e axes [1] keepdims : (tensor<4x8xf32>) -> tensor<4x1xf32>
  %y = graph.div %e, %s : (tensor<4x8xf32>, tensor<4x1xf32>) -> tensor<4x8xf32>
  return %y : tensor<4x8xf32>
}

// CHECK-LABEL: func.func @log_sum_exp(
//  CHECK-SAME:     %[[X:.+]]: tensor<4x8xf32>)
//  CHECK-NEXT:   %[[Y:.+]] = graph.log_softmax %[[X]] axis(1)
//  CHECK-NEXT:   return %[[Y]]
// REMARK: remark: [Passed] log-softmax | Category:sylvite-fusion | Function=log_sum_exp | Remark="maximum, exponential, sum"
func.func @log_sum_exp(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %m = graph.reduce max %x axes [1] keepdims : (tensor<4x8xf32>) -> tensor<4x1xf32>
  %u = graph.sub %x, %m : (tensor<4x8xf32>, tensor<4x1xf32>) -> tensor<4x8xf32>
  %e = graph.exp %u : tensor<4x8xf32>
  %s = graph.reduce sum %e axes [1] keepdims : (tensor<4x8xf32>) -> tensor<4x1xf32>
  %l = graph.log %s : tensor<4x1xf32>
  %z = graph.add %l, %m : (tensor<4x1xf32>, tensor<4x1xf32>) -> tensor<4x1xf32>
  %y = graph.sub %x, %z : (tensor<4x8xf32>, tensor<4x1xf32>) -> tensor<4x8xf32>
  return %y : tensor<4x8xf32>
}

// Both of one sum.
// CHECK-LABEL: func.func @softmax_and_log(
//  CHECK-SAME:     %[[X:.+]]: tensor<4x8xf32>)
//   CHECK-DAG:   %[[P:.+]] = graph.softmax %[[X]] axis(1)
//   CHECK-DAG:   %[[Y:.+]] = graph.log_softmax %[[X]] axis(1)
//  CHECK-NEXT:   return %[[P]], %[[Y]]
func.func @softmax_and_log(%x: tensor<4x8xf32>) -> (tensor<4x8xf32>, tensor<4x8xf32>) {
  %m = graph.reduce max %x axes [1] keepdims : (tensor<4x8xf32>) -> tensor<4x1xf32>
  %u = graph.sub %x, %m : (tensor<4x8xf32>, tensor<4x1xf32>) -> tensor<4x8xf32>
  %e = graph.exp %u : tensor<4x8xf32>
  %s = graph.reduce sum %e axes [1] keepdims : (tensor<4x8xf32>) -> tensor<4x1xf32>
  %l = graph.log %s : tensor<4x1xf32>
  %p = graph.div %e, %s : (tensor<4x8xf32>, tensor<4x1xf32>) -> tensor<4x8xf32>
  %y = graph.sub %u, %l : (tensor<4x8xf32>, tensor<4x1xf32>) -> tensor<4x8xf32>
  return %p, %y : tensor<4x8xf32>, tensor<4x8xf32>
}

// CHECK-LABEL: func.func @logarithm_of_quotient(
//  CHECK-SAME:     %[[X:.+]]: tensor<4x8xf32>)
//  CHECK-NEXT:   %[[Y:.+]] = graph.log_softmax %[[X]] axis(1)
//  CHECK-NEXT:   return %[[Y]]
// REMARK: remark: [Passed] log-softmax | Category:sylvite-fusion | Function=logarithm_of_quotient | Remark="softmax, logarithm"
func.func @logarithm_of_quotient(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %e = graph.exp %x : tensor<4x8xf32>
  %s = graph.reduce sum %e axes [1] keepdims : (tensor<4x8xf32>) -> tensor<4x1xf32>
  %p = graph.div %e, %s : (tensor<4x8xf32>, tensor<4x1xf32>) -> tensor<4x8xf32>
  %y = graph.log %p : tensor<4x8xf32>
  return %y : tensor<4x8xf32>
}

// CHECK-LABEL: func.func @softmax_used_twice(
//   CHECK-NOT:   graph.log_softmax
//       CHECK:   graph.log %
// REMARK: remark: [Missed] log-softmax | Category:sylvite-fusion | Function=softmax_used_twice | Other={{.*}}, Reason="the softmax has a second user"
func.func @softmax_used_twice(%x: tensor<4x8xf32>) -> (tensor<4x8xf32>, tensor<4x8xf32>) {
  %p = graph.softmax %x axis(1) : tensor<4x8xf32>
  %y = graph.log %p : tensor<4x8xf32>
  return %p, %y : tensor<4x8xf32>, tensor<4x8xf32>
}

// CHECK-LABEL: func.func @several_axes(
//   CHECK-NOT:   graph.softmax
//       CHECK:   graph.div
// REMARK: remark: [Missed] softmax | Category:sylvite-fusion | Function=several_axes | Reason="the sum is taken along several axes", Suggestion="reshape them to one axis"
func.func @several_axes(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %e = graph.exp %x : tensor<4x8xf32>
  %s = graph.reduce sum %e axes [0, 1] keepdims : (tensor<4x8xf32>) -> tensor<1x1xf32>
  %y = graph.div %e, %s : (tensor<4x8xf32>, tensor<1x1xf32>) -> tensor<4x8xf32>
  return %y : tensor<4x8xf32>
}

// CHECK-LABEL: func.func @another_exponential(
//   CHECK-NOT:   graph.softmax
//       CHECK:   graph.div
// REMARK: remark: [Missed] softmax | Category:sylvite-fusion | Function=another_exponential | Other={{.*}}, Reason="the exponential is not divided by its sum"
func.func @another_exponential(%x: tensor<4x8xf32>, %z: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %e = graph.exp %x : tensor<4x8xf32>
  %f = graph.exp %z : tensor<4x8xf32>
  %s = graph.reduce sum %f axes [1] keepdims : (tensor<4x8xf32>) -> tensor<4x1xf32>
  %y = graph.div %e, %s : (tensor<4x8xf32>, tensor<4x1xf32>) -> tensor<4x8xf32>
  return %y : tensor<4x8xf32>
}

// exp(log_softmax(x)), and with the logarithm spelled out.

// CHECK-LABEL: func.func @exponential_of_log(
//  CHECK-NEXT:   %[[P:.+]] = graph.softmax %arg0 axis(1)
//  CHECK-NEXT:   return %[[P]]
func.func @exponential_of_log(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %l = graph.log_softmax %x axis(1) : tensor<4x8xf32>
  %p = graph.exp %l : tensor<4x8xf32>
  return %p : tensor<4x8xf32>
}

// A product with the exponentials, divided by their sum afterwards; e stands on
// the right, and its columns are summed up.

// CHECK-LABEL: func.func @normalized_product(
//       CHECK:   %[[P:.+]] = graph.softmax %arg0 axis(0)
//  CHECK-NEXT:   %[[Y:.+]] = graph.matmul %arg1, %[[P]]
//  CHECK-NEXT:   return %[[Y]]
func.func @normalized_product(%x: tensor<8x4xf32>, %v: tensor<3x8xf32>) -> tensor<3x4xf32> {
  %m = graph.reduce max %x axes [0] keepdims : (tensor<8x4xf32>) -> tensor<1x4xf32>
  %u = graph.sub %x, %m : (tensor<8x4xf32>, tensor<1x4xf32>) -> tensor<8x4xf32>
  %e = graph.exp %u : tensor<8x4xf32>
  %s = graph.reduce sum %e axes [0] keepdims : (tensor<8x4xf32>) -> tensor<1x4xf32>
  %a = graph.matmul %v, %e : (tensor<3x8xf32>, tensor<8x4xf32>) -> tensor<3x4xf32>
  %y = graph.div %a, %s : (tensor<3x4xf32>, tensor<1x4xf32>) -> tensor<3x4xf32>
  return %y : tensor<3x4xf32>
}

// The sum divides the other operand's dimension: that is no softmax.

// CHECK-LABEL: func.func @divided_across(
//   CHECK-NOT:   graph.softmax
// REMARK: Function=divided_across
func.func @divided_across(%x: tensor<4x4xf32>, %v: tensor<4x4xf32>) -> tensor<4x4xf32> {
  %e = graph.exp %x : tensor<4x4xf32>
  %s = graph.reduce sum %e axes [0] keepdims : (tensor<4x4xf32>) -> tensor<1x4xf32>
  %a = graph.matmul %e, %v {transpose_lhs} : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
  %y = graph.div %a, %s : (tensor<4x4xf32>, tensor<1x4xf32>) -> tensor<4x4xf32>
  return %y : tensor<4x4xf32>
}

// What exporters put behind a softmax for rows that see nothing.
// CHECK-LABEL: func @guarded
// CHECK-NEXT: %[[P:.*]] = graph.softmax %{{.*}} axis(1)
// CHECK-NEXT: return %[[P]]
func.func @guarded(%x: tensor<2x8xf32>) -> tensor<2x8xf32> {
  %zero = graph.constant dense<0.0> : tensor<f32>
  %p = graph.softmax %x axis(1) : tensor<2x8xf32>
  %nan = graph.compare ne %p, %p
      : (tensor<2x8xf32>, tensor<2x8xf32>) -> tensor<2x8xi1>
  %y = graph.select %nan, %zero, %p
      : (tensor<2x8xi1>, tensor<f32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  return %y : tensor<2x8xf32>
}

// Of something else, NaN may come from anywhere.
// CHECK-LABEL: func @guarded_other
// CHECK: graph.select
func.func @guarded_other(%x: tensor<2x8xf32>) -> tensor<2x8xf32> {
  %zero = graph.constant dense<0.0> : tensor<f32>
  %nan = graph.compare ne %x, %x
      : (tensor<2x8xf32>, tensor<2x8xf32>) -> tensor<2x8xi1>
  %y = graph.select %nan, %zero, %x
      : (tensor<2x8xi1>, tensor<f32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  return %y : tensor<2x8xf32>
}
