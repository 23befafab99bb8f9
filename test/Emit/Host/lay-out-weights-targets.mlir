// RUN: sylvite-opt %s -sylvite-lay-out-weights | FileCheck %s

// The weights of another target stand before. What both pack alike is one
// weight, and places that were given stay.

// CHECK: module attributes {halide.weights = [
// CHECK-SAME: {name = "a", offset = 0 : i64, sources = ["a"], type = tensor<3xf32>},
// CHECK-SAME: {name = "b panels(8)", offset = 64 : i64, panels = 8 : i64, sources = ["b"], type = tensor<1x4x8xf32>},
// CHECK-SAME: {name = "b panels(24)", offset = 192 : i64, panels = 24 : i64, sources = ["b"], type = tensor<1x4x24xf32>}]}
module attributes {halide.weights = [
    {name = "a", offset = 0 : i64, sources = ["a"], type = tensor<3xf32>},
    {name = "b panels(8)", offset = 64 : i64, panels = 8 : i64,
     sources = ["b"], type = tensor<1x4x8xf32>}]} {
  func.func @run() -> (tensor<1x4x24xf32>, tensor<3xf32>) {
    // CHECK: arith.constant 192 : index
    %b = halide.weight ["b"] panels(24) : tensor<1x4x24xf32>
    // CHECK: arith.constant 0 : index
    %a = halide.weight ["a"] : tensor<3xf32>
    return %b, %a : tensor<1x4x24xf32>, tensor<3xf32>
  }
}
