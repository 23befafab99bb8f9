// RUN: sylvite-opt %s -sylvite-lay-out-weights | FileCheck %s

// Weights lie in the order of their use, each at a multiple of 64 bytes. The
// same weight twice is one; another packing of the same tensor is another one.

// CHECK: module attributes {halide.weights = [
// CHECK-SAME: {name = "a", offset = 0 : i64, sources = ["a"], type = tensor<3xf32>},
// CHECK-SAME: {axis = 1 : i64, name = "b+c transposed panels(8)", offset = 64 : i64, panels = 8 : i64, sources = ["b", "c"], transposed, type = tensor<2x4x8xf32>},
// CHECK-SAME: {name = "constant", offset = 320 : i64, type = tensor<2xi64>, value = dense<[1, 2]> : tensor<2xi64>},
// CHECK-SAME: {name = "a 2", offset = 384 : i64, sources = ["a"], type = tensor<1x3xf32>}]}

// CHECK-LABEL: func.func @first(
// CHECK-SAME: %[[X:.*]]: tensor<3xf32>, %[[BLOCK:.*]]: memref<?xi8> {sylvite.role = "weights"})
func.func @first(%x: tensor<3xf32>)
    -> (tensor<3xf32>, tensor<2x4x8xf32>, tensor<2xi64>) {
  // CHECK: %[[AT:.*]] = arith.constant 0 : index
  // CHECK: %[[VIEW:.*]] = memref.view %[[BLOCK]][%[[AT]]][] : memref<?xi8> to memref<3xf32>
  // CHECK: %[[A:.*]] = bufferization.to_tensor %[[VIEW]] restrict : memref<3xf32>
  %a = halide.weight ["a"] : tensor<3xf32>
  // CHECK: %[[AT:.*]] = arith.constant 64 : index
  // CHECK: memref.view %[[BLOCK]][%[[AT]]][] : memref<?xi8> to memref<2x4x8xf32>
  %b = halide.weight ["b", "c"] axis(1) panels(8) transposed
      : tensor<2x4x8xf32>
  // CHECK: %[[AT:.*]] = arith.constant 320 : index
  %c = halide.weight [] value(dense<[1, 2]> : tensor<2xi64>) : tensor<2xi64>
  // CHECK: return %[[A]]
  return %a, %b, %c : tensor<3xf32>, tensor<2x4x8xf32>, tensor<2xi64>
}

// CHECK-LABEL: func.func @second(
// CHECK-SAME: %[[BLOCK:.*]]: memref<?xi8> {sylvite.role = "weights"})
func.func @second() -> (tensor<3xf32>, tensor<1x3xf32>) {
  // CHECK: %[[AT:.*]] = arith.constant 0 : index
  // CHECK: memref.view %[[BLOCK]][%[[AT]]][] : memref<?xi8> to memref<3xf32>
  %a = halide.weight ["a"] : tensor<3xf32>
  // CHECK: %[[AT:.*]] = arith.constant 384 : index
  // CHECK: memref.view %[[BLOCK]][%[[AT]]][] : memref<?xi8> to memref<1x3xf32>
  %row = halide.weight ["a"] : tensor<1x3xf32>
  return %a, %row : tensor<3xf32>, tensor<1x3xf32>
}

// A function without weights has the argument too.
// CHECK-LABEL: func.func @none(
// CHECK-SAME: memref<?xi8> {sylvite.role = "weights"})
func.func @none() {
  return
}
