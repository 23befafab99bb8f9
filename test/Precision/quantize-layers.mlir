// Layers that int8 quantises, and those that it leaves.
//
// RUN: sylvite-opt %s --sylvite-lower-precision=precision=int8 --split-input-file | FileCheck %s

// CHECK: module attributes {sylvite.precision = "int8"}
// CHECK-LABEL: func @layers
func.func @layers(%x: tensor<?x256xf32, #graph.dims<seq, _>>)
    -> tensor<?x256xf32, #graph.dims<seq, _>> {
  // CHECK: %[[W:.*]] = graph.weight "w"
  // CHECK: %[[B:.*]] = graph.weight "b"
  %w = graph.weight "w" : tensor<512x256xf32>
  %v = graph.weight "v" : tensor<512x256xf16>
  %b = graph.weight "b" : tensor<512xf32>
  // CHECK: %[[Q:.*]], %[[S:.*]] = graph.quantize %[[W]] axis(0)
  // CHECK: graph.linear %{{.*}}, %[[Q]] quantized(%[[S]]) bias(%[[B]]) activation(relu) {transpose_weight}
  %y = graph.linear %x, %w bias(%b) activation(relu) {transpose_weight}
      : (tensor<?x256xf32, #graph.dims<seq, _>>, tensor<512x256xf32>,
         tensor<512xf32>) -> tensor<?x512xf32, #graph.dims<seq, _>>
  // CHECK: graph.quantize %{{.*}} axis(1) : (tensor<512x256xf16>)
  // CHECK: graph.linear {{.*}} quantized({{.*}}) : {{.*}} -> tensor<?x256xf32
  %z = graph.linear %y, %v
      : (tensor<?x512xf32, #graph.dims<seq, _>>, tensor<512x256xf16>)
      -> tensor<?x256xf32, #graph.dims<seq, _>>
  return %z : tensor<?x256xf32, #graph.dims<seq, _>>
}

// -----

// Too small, and calculated in every run.
// CHECK-LABEL: func @others
// CHECK-NOT: quantize
func.func @others(%x: tensor<2x256xf32>, %w: tensor<256x512xf32>)
    -> (tensor<2x512xf32>, tensor<2x31xf32>, tensor<2x64xf32>) {
  %y = graph.linear %x, %w
      : (tensor<2x256xf32>, tensor<256x512xf32>) -> tensor<2x512xf32>
  %n = graph.weight "n" : tensor<256x31xf32>
  %z = graph.linear %x, %n
      : (tensor<2x256xf32>, tensor<256x31xf32>) -> tensor<2x31xf32>
  %m = graph.weight "m" : tensor<256x64xf32>
  %u = graph.linear %x, %m
      : (tensor<2x256xf32>, tensor<256x64xf32>) -> tensor<2x64xf32>
  return %y, %z, %u : tensor<2x512xf32>, tensor<2x31xf32>, tensor<2x64xf32>
}

// -----

// A device has products of integers, too.
// CHECK-LABEL: func @device
// CHECK: graph.quantize
// CHECK: quantized(
module attributes {sylvite.target = "zen4,zen4+opencl"} {
  func.func @device(%x: tensor<2x256xf32>) -> tensor<2x512xf32> {
    %w = graph.weight "w" : tensor<256x512xf32>
    %y = graph.linear %x, %w
        : (tensor<2x256xf32>, tensor<256x512xf32>) -> tensor<2x512xf32>
    return %y : tensor<2x512xf32>
  }
}
