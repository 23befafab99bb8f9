// RUN: sylvite-opt --sylvite-raise-gelu --verify-fusion %s | FileCheck %s
// RUN: sylvite-opt --sylvite-raise-gelu --remarks-filter=sylvite-fusion %s 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK

// CHECK-LABEL: func.func @erf_half_first(
//  CHECK-SAME:     %[[X:.+]]: tensor<4x8xf32>
//  CHECK-NEXT:   %[[Y:.+]] = graph.gelu %[[X]] : tensor<4x8xf32>
//  CHECK-NEXT:   return %[[Y]]
// REMARK: remark: [Passed] gelu | Category:sylvite-fusion | Function=erf_half_first | Remark="erf form"
func.func @erf_half_first(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %root = graph.constant dense<1.41421354> : tensor<f32>
  %one = graph.constant dense<1.0> : tensor<f32>
  %half = graph.constant dense<0.5> : tensor<f32>
  %a = graph.div %x, %root : (tensor<4x8xf32>, tensor<f32>) -> tensor<4x8xf32>
  %b = graph.erf %a : tensor<4x8xf32>
  %c = graph.add %b, %one : (tensor<4x8xf32>, tensor<f32>) -> tensor<4x8xf32>
  %d = graph.mul %x, %half : (tensor<4x8xf32>, tensor<f32>) -> tensor<4x8xf32>
  %y = graph.mul %d, %c : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  return %y : tensor<4x8xf32>
}

// CHECK-LABEL: func.func @erf_half_last(
//  CHECK-SAME:     %[[X:.+]]: tensor<4x8xf32>
//  CHECK-NEXT:   %[[Y:.+]] = graph.gelu %[[X]] : tensor<4x8xf32>
//  CHECK-NEXT:   return %[[Y]]
func.func @erf_half_last(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %root = graph.constant dense<0.707106769> : tensor<f32>
  %one = graph.constant dense<1.0> : tensor<f32>
  %half = graph.constant dense<0.5> : tensor<f32>
  %a = graph.mul %root, %x : (tensor<f32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  %b = graph.erf %a : tensor<4x8xf32>
  %c = graph.add %one, %b : (tensor<f32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  %d = graph.mul %c, %x : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  %y = graph.mul %d, %half : (tensor<4x8xf32>, tensor<f32>) -> tensor<4x8xf32>
  return %y : tensor<4x8xf32>
}

// The input is a product itself, whose factors are no candidates.
// CHECK-LABEL: func.func @erf_of_product(
//  CHECK-NEXT:   %[[X:.+]] = graph.mul
//  CHECK-NEXT:   graph.gelu %[[X]] : tensor<4x8xf32>
//  CHECK-NEXT:   return
func.func @erf_of_product(%p: tensor<4x8xf32>, %q: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %x = graph.mul %p, %q : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  %root = graph.constant dense<1.41421354> : tensor<f32>
  %one = graph.constant dense<1.0> : tensor<f32>
  %two = graph.constant dense<2.0> : tensor<f32>
  %a = graph.div %x, %root : (tensor<4x8xf32>, tensor<f32>) -> tensor<4x8xf32>
  %b = graph.erf %a : tensor<4x8xf32>
  %c = graph.add %b, %one : (tensor<4x8xf32>, tensor<f32>) -> tensor<4x8xf32>
  %d = graph.mul %x, %c : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  %y = graph.div %d, %two : (tensor<4x8xf32>, tensor<f32>) -> tensor<4x8xf32>
  return %y : tensor<4x8xf32>
}

// CHECK-LABEL: func.func @tanh_cube_by_pow(
//  CHECK-SAME:     %[[X:.+]]: tensor<4x8xf32>
//  CHECK-NEXT:   %[[Y:.+]] = graph.gelu %[[X]] tanh : tensor<4x8xf32>
//  CHECK-NEXT:   return %[[Y]]
// REMARK: remark: [Passed] gelu | Category:sylvite-fusion | Function=tanh_cube_by_pow | Remark="tanh form"
func.func @tanh_cube_by_pow(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %three = graph.constant dense<3.0> : tensor<f32>
  %k = graph.constant dense<4.471500e-02> : tensor<f32>
  %s = graph.constant dense<0.797884583> : tensor<f32>
  %one = graph.constant dense<1.0> : tensor<f32>
  %half = graph.constant dense<0.5> : tensor<f32>
  %a = graph.pow %x, %three : (tensor<4x8xf32>, tensor<f32>) -> tensor<4x8xf32>
  %b = graph.mul %a, %k : (tensor<4x8xf32>, tensor<f32>) -> tensor<4x8xf32>
  %c = graph.add %x, %b : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  %d = graph.mul %c, %s : (tensor<4x8xf32>, tensor<f32>) -> tensor<4x8xf32>
  %t = graph.tanh %d : tensor<4x8xf32>
  %e = graph.add %t, %one : (tensor<4x8xf32>, tensor<f32>) -> tensor<4x8xf32>
  %f = graph.mul %x, %half : (tensor<4x8xf32>, tensor<f32>) -> tensor<4x8xf32>
  %y = graph.mul %f, %e : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  return %y : tensor<4x8xf32>
}

// x s (1 + k x x), and 1/2 distributed over the sum.
// CHECK-LABEL: func.func @tanh_factored(
//  CHECK-SAME:     %[[X:.+]]: tensor<4x8xf32>
//  CHECK-NEXT:   %[[Y:.+]] = graph.gelu %[[X]] tanh : tensor<4x8xf32>
//  CHECK-NEXT:   return %[[Y]]
func.func @tanh_factored(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %k = graph.constant dense<4.471500e-02> : tensor<f32>
  %s = graph.constant dense<0.797884583> : tensor<f32>
  %one = graph.constant dense<1.0> : tensor<f32>
  %half = graph.constant dense<0.5> : tensor<f32>
  %a = graph.mul %x, %x : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  %b = graph.mul %a, %k : (tensor<4x8xf32>, tensor<f32>) -> tensor<4x8xf32>
  %c = graph.add %b, %one : (tensor<4x8xf32>, tensor<f32>) -> tensor<4x8xf32>
  %d = graph.mul %x, %s : (tensor<4x8xf32>, tensor<f32>) -> tensor<4x8xf32>
  %u = graph.mul %d, %c : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  %t = graph.tanh %u : tensor<4x8xf32>
  %e = graph.mul %t, %half : (tensor<4x8xf32>, tensor<f32>) -> tensor<4x8xf32>
  %f = graph.add %e, %half : (tensor<4x8xf32>, tensor<f32>) -> tensor<4x8xf32>
  %y = graph.mul %x, %f : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  return %y : tensor<4x8xf32>
}

// CHECK-LABEL: func.func @other_factor(
//   CHECK-NOT:   graph.gelu
//       CHECK:   graph.erf
// REMARK: remark: [Missed] gelu | Category:sylvite-fusion | Function=other_factor
// REMARK-SAME: Reason="erf is not applied to x / sqrt 2"
func.func @other_factor(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %root = graph.constant dense<1.5> : tensor<f32>
  %one = graph.constant dense<1.0> : tensor<f32>
  %a = graph.div %x, %root : (tensor<4x8xf32>, tensor<f32>) -> tensor<4x8xf32>
  %b = graph.erf %a : tensor<4x8xf32>
  %c = graph.add %b, %one : (tensor<4x8xf32>, tensor<f32>) -> tensor<4x8xf32>
  %y = graph.mul %x, %c : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  return %y : tensor<4x8xf32>
}

// CHECK-LABEL: func.func @no_half(
//   CHECK-NOT:   graph.gelu
//       CHECK:   graph.erf
// REMARK: remark: [Missed] gelu | Category:sylvite-fusion | Function=no_half
// REMARK-SAME: Reason="its result is not used as x / 2 * (1 + result)"
// REMARK-SAME: Suggestion="check the factor 1/2 and the summand 1"
func.func @no_half(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %root = graph.constant dense<1.41421354> : tensor<f32>
  %one = graph.constant dense<1.0> : tensor<f32>
  %a = graph.div %x, %root : (tensor<4x8xf32>, tensor<f32>) -> tensor<4x8xf32>
  %b = graph.erf %a : tensor<4x8xf32>
  %c = graph.add %b, %one : (tensor<4x8xf32>, tensor<f32>) -> tensor<4x8xf32>
  %y = graph.mul %x, %c : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  return %y : tensor<4x8xf32>
}

// CHECK-LABEL: func.func @plain_tanh(
//       CHECK:   graph.tanh
// REMARK-NOT: plain_tanh
func.func @plain_tanh(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %y = graph.tanh %x : tensor<4x8xf32>
  return %y : tensor<4x8xf32>
}
