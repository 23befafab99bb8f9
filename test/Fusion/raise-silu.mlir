// RUN: sylvite-opt --sylvite-raise-silu --verify-fusion %s | FileCheck %s
// RUN: sylvite-opt --sylvite-raise-silu --remarks-filter=sylvite-fusion %s 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK

// CHECK-LABEL: func.func @of_sigmoid(
//  CHECK-SAME:     %[[X:.+]]: tensor<4x8xf32>)
//  CHECK-NEXT:   %[[Y:.+]] = graph.silu %[[X]]
//  CHECK-NEXT:   return %[[Y]]
// REMARK: remark: [Passed] silu | Category:sylvite-fusion | Function=of_sigmoid | Remark="sigmoid, product"
func.func @of_sigmoid(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %s = graph.sigmoid %x : tensor<4x8xf32>
  %y = graph.mul %s, %x : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  return %y : tensor<4x8xf32>
}

// CHECK-LABEL: func.func @of_exponential(
//  CHECK-SAME:     %[[X:.+]]: tensor<4x8xf32>)
//  CHECK-NEXT:   %[[Y:.+]] = graph.silu %[[X]]
//  CHECK-NEXT:   return %[[Y]]
func.func @of_exponential(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %one = graph.constant dense<1.0> : tensor<f32>
  %n = graph.neg %x : tensor<4x8xf32>
  %e = graph.exp %n : tensor<4x8xf32>
  %d = graph.add %one, %e : (tensor<f32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  %y = graph.div %x, %d : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  return %y : tensor<4x8xf32>
}

// CHECK-LABEL: func.func @of_reciprocal(
//  CHECK-SAME:     %[[X:.+]]: tensor<4x8xf32>)
//  CHECK-NEXT:   %[[Y:.+]] = graph.silu %[[X]]
//  CHECK-NEXT:   return %[[Y]]
func.func @of_reciprocal(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %one = graph.constant dense<1.0> : tensor<f32>
  %minus = graph.constant dense<-1.0> : tensor<f32>
  %n = graph.mul %x, %minus : (tensor<4x8xf32>, tensor<f32>) -> tensor<4x8xf32>
  %e = graph.exp %n : tensor<4x8xf32>
  %d = graph.add %e, %one : (tensor<4x8xf32>, tensor<f32>) -> tensor<4x8xf32>
  %s = graph.div %one, %d : (tensor<f32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  %y = graph.mul %x, %s : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  return %y : tensor<4x8xf32>
}

// CHECK-LABEL: func.func @gate(
//   CHECK-NOT:   graph.silu
//       CHECK:   graph.mul
// REMARK: remark: [Missed] silu | Category:sylvite-fusion | Function=gate | Reason="the sigmoid of another value is the factor"
func.func @gate(%x: tensor<4x8xf32>, %z: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %s = graph.sigmoid %z : tensor<4x8xf32>
  %y = graph.mul %s, %x : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  return %y : tensor<4x8xf32>
}

// The sigmoid form of GELU is none of the dialect's.
// CHECK-LABEL: func.func @scaled(
//   CHECK-NOT:   graph.silu
//       CHECK:   graph.div
// REMARK: remark: [Missed] silu | Category:sylvite-fusion | Function=scaled | Other={{.*}}, Reason="the sigmoid of another value is the factor"
func.func @scaled(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %one = graph.constant dense<1.0> : tensor<f32>
  %k = graph.constant dense<1.702> : tensor<f32>
  %z = graph.mul %x, %k : (tensor<4x8xf32>, tensor<f32>) -> tensor<4x8xf32>
  %n = graph.neg %z : tensor<4x8xf32>
  %e = graph.exp %n : tensor<4x8xf32>
  %d = graph.add %e, %one : (tensor<4x8xf32>, tensor<f32>) -> tensor<4x8xf32>
  %y = graph.div %x, %d : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  return %y : tensor<4x8xf32>
}

// REMARK-NOT: plain_sigmoid
func.func @plain_sigmoid(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %one = graph.constant dense<1.0> : tensor<f32>
  %s = graph.sigmoid %x : tensor<4x8xf32>
  %n = graph.neg %s : tensor<4x8xf32>
  %e = graph.exp %n : tensor<4x8xf32>
  %d = graph.add %e, %one : (tensor<4x8xf32>, tensor<f32>) -> tensor<4x8xf32>
  %y = graph.div %one, %d : (tensor<f32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  return %y : tensor<4x8xf32>
}
