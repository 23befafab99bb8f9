// RUN: sylvite-opt --sylvite-derive-weights %s | FileCheck %s
// RUN: sylvite-opt --sylvite-derive-weights=max-bytes=64 %s | FileCheck %s --check-prefix=LIMIT

// CHECK-LABEL: func.func @factor(
//  CHECK-SAME:     %[[X:.+]]: tensor<2x4xf32>)
//  CHECK-NEXT:   %[[R:.+]] = graph.weight "derived.0" : tensor<4xf32>
//  CHECK-NEXT:   %[[Y:.+]] = graph.mul %[[X]], %[[R]]
//  CHECK-NEXT:   return %[[Y]]
func.func @factor(%x: tensor<2x4xf32>) -> tensor<2x4xf32> {
  %v = graph.weight "variance" : tensor<4xf32>
  %r = graph.rsqrt %v : tensor<4xf32>
  %y = graph.mul %x, %r : (tensor<2x4xf32>, tensor<4xf32>) -> tensor<2x4xf32>
  return %y : tensor<2x4xf32>
}

// Equal expressions are one weight; what comes of another weight is another.
// CHECK-LABEL: func.func @equal(
//       CHECK:   graph.weight "derived.0"
//       CHECK:   graph.weight "derived.1"
//       CHECK:   return
func.func @equal() -> (tensor<4xf32>, tensor<4xf32>) {
  %v = graph.weight "variance" : tensor<4xf32>
  %r = graph.rsqrt %v : tensor<4xf32>
  %w = graph.weight "other" : tensor<4xf32>
  %s = graph.rsqrt %w : tensor<4xf32>
  return %r, %s : tensor<4xf32>, tensor<4xf32>
}

// A value that is read inside and outside of another expression.
// CHECK-LABEL: func.func @twice(
//  CHECK-NEXT:   %[[A:.+]] = graph.weight "derived.2"
//  CHECK-NEXT:   %[[B:.+]] = graph.weight "derived.3"
//  CHECK-NEXT:   return %[[A]], %[[B]]
func.func @twice() -> (tensor<4xf32>, tensor<4xf32>) {
  %v = graph.weight "variance" : tensor<4xf32>
  %a = graph.sqrt %v : tensor<4xf32>
  %b = graph.exp %a : tensor<4xf32>
  return %a, %b : tensor<4xf32>, tensor<4xf32>
}

// Index arithmetic stays, but for what would be packed in each run.
// CHECK-LABEL: func.func @moved(
//       CHECK:   %[[B:.+]] = graph.slice
//       CHECK:   %[[W:.+]] = graph.weight "derived.4" : tensor<4x4xf32>
//       CHECK:   graph.linear %{{.+}}, %[[W]] bias(%[[B]])
func.func @moved(%x: tensor<2x4xf32>) -> tensor<2x4xf32> {
  %v = graph.weight "vector" : tensor<8xf32>
  %b = graph.slice %v axis(0) [4, 8] : (tensor<8xf32>) -> tensor<4xf32>
  %m = graph.weight "matrix" : tensor<8x4xf32>
  %w = graph.slice %m axis(0) [4, 8] : (tensor<8x4xf32>) -> tensor<4x4xf32>
  %y = graph.linear %x, %w bias(%b) : (tensor<2x4xf32>, tensor<4x4xf32>, tensor<4xf32>) -> tensor<2x4xf32>
  return %y : tensor<2x4xf32>
}

// What packing does, and numbers.
// CHECK-LABEL: func.func @stays(
//   CHECK-NOT:   derived
//       CHECK:   graph.transpose
//   CHECK-NOT:   derived
//       CHECK:   return
func.func @stays(%x: tensor<2x4xf32>) -> tensor<2x4xf32> {
  %m = graph.weight "matrix" : tensor<4x4xf32>
  %w = graph.transpose %m perm [1, 0] : (tensor<4x4xf32>) -> tensor<4x4xf32>
  %y = graph.linear %x, %w : (tensor<2x4xf32>, tensor<4x4xf32>) -> tensor<2x4xf32>
  %two = graph.constant dense<2.0> : tensor<f32>
  %root = graph.sqrt %two : tensor<f32>
  %z = graph.mul %y, %root : (tensor<2x4xf32>, tensor<f32>) -> tensor<2x4xf32>
  return %z : tensor<2x4xf32>
}

// Positions come from no file.
// CHECK-LABEL: func.func @positions(
//  CHECK-NEXT:   graph.weight "derived.5" : tensor<32xf32>
// LIMIT-LABEL: func.func @positions(
//       LIMIT:   graph.iota
//       LIMIT:   graph.sin
func.func @positions() -> tensor<32xf32> {
  %i = graph.iota axis(0) : tensor<32xi64>
  %f = graph.cast %i : tensor<32xi64> to tensor<32xf32>
  %y = graph.sin %f : tensor<32xf32>
  return %y : tensor<32xf32>
}

// CHECK-LABEL: graph.derived_weight @derived.0 {
//  CHECK-NEXT:   %[[V:.+]] = graph.weight "variance"
//  CHECK-NEXT:   %[[R:.+]] = graph.rsqrt %[[V]]
//  CHECK-NEXT:   graph.yield %[[R]]
// CHECK-LABEL: graph.derived_weight @derived.1 {
//  CHECK-NEXT:   graph.weight "other"
// CHECK-LABEL: graph.derived_weight @derived.2 {
// CHECK-LABEL: graph.derived_weight @derived.3 {
//       CHECK:   graph.sqrt
//       CHECK:   graph.exp
// CHECK-LABEL: graph.derived_weight @derived.4 {
//       CHECK:   graph.slice
// CHECK-LABEL: graph.derived_weight @derived.5 {
//   CHECK-NOT: graph.derived_weight
