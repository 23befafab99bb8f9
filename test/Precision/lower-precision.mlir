// RUN: sylvite-opt %s --sylvite-lower-precision --split-input-file | FileCheck %s
// RUN: sylvite-opt %s --sylvite-lower-precision=precision=f16 --split-input-file | FileCheck %s --check-prefix=F16
// RUN: sylvite-opt %s --sylvite-lower-precision=precision=f32 --split-input-file | FileCheck %s --check-prefix=F32
// RUN: not sylvite-opt %s --sylvite-lower-precision=precision=bf8 2>&1 | FileCheck %s --check-prefix=UNKNOWN

// UNKNOWN: error: unknown precision 'bf8': expected f32, bf16, f16, int8

// The module tells; biases and the vectors of norms stay.
// CHECK: module attributes {sylvite.precision = "bf16"}
// CHECK-LABEL: func @layer
// F16: module attributes {sylvite.precision = "f16"}
// F32-NOT: sylvite.precision
// F32: graph.weight "w" : tensor<8x4xf32>
func.func @layer(%x: tensor<?x4xf32, #graph.dims<seq, _>>,
                 %r: tensor<?x8xf32, #graph.dims<seq, _>>)
    -> tensor<?x8xf32, #graph.dims<seq, _>> {
  %w = graph.weight "w" : tensor<8x4xf32>
  %b = graph.weight "b" : tensor<8xf32>
  // CHECK-NOT: tensor<8x4xf32>
  // CHECK: %[[W:.*]] = graph.weight "w" : tensor<8x4xbf16>
  // CHECK: %[[B:.*]] = graph.weight "b" : tensor<8xf32>
  // CHECK: graph.linear %{{.*}}, %[[W]] bias(%[[B]]) activation(relu) residual(%{{.*}}) norm(layer) scale(%[[B]]) shift(%[[B]]) {transpose_weight} : ({{.*}}) -> tensor<?x8xf32, #graph.dims<seq, _>>
  // F16: graph.weight "w" : tensor<8x4xf16>
  %y = graph.linear %x, %w bias(%b) activation(relu) residual(%r) norm(layer)
      scale(%b) shift(%b) {transpose_weight}
      : (tensor<?x4xf32, #graph.dims<seq, _>>, tensor<8x4xf32>, tensor<8xf32>,
         tensor<?x8xf32, #graph.dims<seq, _>>, tensor<8xf32>, tensor<8xf32>)
      -> tensor<?x8xf32, #graph.dims<seq, _>>
  return %y : tensor<?x8xf32, #graph.dims<seq, _>>
}

// -----

// Products of attention may be of bf16, where its operands are wider.
// CHECK-LABEL: func @attention
// CHECK: graph.attention {{.*}} product(bf16) mask(causal)
// CHECK-NOT: product
// F16-LABEL: func @attention
// F16-NOT: product
func.func @attention(%x: tensor<2x4x8x32xf32>, %d: tensor<2x4x8x32xf64>)
    -> (tensor<2x4x8x32xf32>, tensor<2x4x8x32xf64>) {
  %y = graph.attention %x, %x, %x scale(0.5) mask(causal)
      : (tensor<2x4x8x32xf32>, tensor<2x4x8x32xf32>, tensor<2x4x8x32xf32>)
      -> tensor<2x4x8x32xf32>
  %z = graph.attention %d, %d, %d
      : (tensor<2x4x8x32xf64>, tensor<2x4x8x32xf64>, tensor<2x4x8x32xf64>)
      -> tensor<2x4x8x32xf64>
  return %y, %z : tensor<2x4x8x32xf32>, tensor<2x4x8x32xf64>
}

// -----

// Parts of weights are parts of narrow ones, in loops as well.
// CHECK-LABEL: func @parts
// CHECK: %[[U:.*]] = graph.weight "u" : tensor<24x8xbf16>
// CHECK-NOT: tensor<24x8xf32>
// CHECK: graph.slice %[[U]] axis(0) [8, 16] : (tensor<24x8xbf16>) -> tensor<8x8xbf16>
// CHECK-NOT: cast
func.func @parts(%x: tensor<2x8xf32>) -> tensor<2x8xf32> {
  %u = graph.weight "u" : tensor<24x8xf32>
  %p = graph.slice %u axis(0) [8, 16] : (tensor<24x8xf32>) -> tensor<8x8xf32>
  %y = graph.linear %x, %p {transpose_weight}
      : (tensor<2x8xf32>, tensor<8x8xf32>) -> tensor<2x8xf32>
  return %y : tensor<2x8xf32>
}

// -----

// Weights side by side stay weights, and so do transposed ones.
// CHECK-LABEL: func @joined
func.func @joined(%x: tensor<2x4xf32>) -> tensor<2x12xf32> {
  %q = graph.weight "q" : tensor<4x8xf32>
  %k = graph.weight "k" : tensor<4x4xf32>
  %t = graph.transpose %k perm [1, 0] : (tensor<4x4xf32>) -> tensor<4x4xf32>
  // CHECK: %[[Q:.*]] = graph.weight "q" : tensor<4x8xbf16>
  // CHECK: %[[K:.*]] = graph.weight "k" : tensor<4x4xbf16>
  // CHECK: %[[T:.*]] = graph.transpose %[[K]] perm [1, 0] : (tensor<4x4xbf16>)
  // CHECK: %[[W:.*]] = graph.concat %[[Q]], %[[T]] axis(1) : (tensor<4x8xbf16>, tensor<4x4xbf16>)
  // CHECK: graph.linear %{{.*}}, %[[W]]
  %w = graph.concat %q, %t axis(1)
      : (tensor<4x8xf32>, tensor<4x4xf32>) -> tensor<4x12xf32>
  %y = graph.linear %x, %w
      : (tensor<2x4xf32>, tensor<4x12xf32>) -> tensor<2x12xf32>
  return %y : tensor<2x12xf32>
}

// -----

// Constants are rounded here: 1.00390625 lies between two bf16, of which the
// even one is 1.
// CHECK-LABEL: func @constant
func.func @constant(%x: tensor<2x1xf32>) -> tensor<2x3xf32> {
  // CHECK: graph.constant dense<{{\[\[}}1.000000e+00, 1.015630e+00, -2.500000e-01]]> : tensor<1x3xbf16>
  %w = graph.constant dense<[[1.00390625, 1.01171875, -0.25]]> : tensor<1x3xf32>
  %y = graph.linear %x, %w
      : (tensor<2x1xf32>, tensor<1x3xf32>) -> tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}

// -----

// What is calculated of weights is rounded at its end.
// CHECK-LABEL: func @calculated
func.func @calculated(%x: tensor<2x4xf32>) -> tensor<2x8xf32> {
  %w = graph.weight "w" : tensor<4x8xf32>
  %s = graph.weight "s" : tensor<8xf32>
  // CHECK: %[[P:.*]] = graph.mul
  // CHECK: %[[W:.*]] = graph.cast %[[P]] : tensor<4x8xf32> to tensor<4x8xbf16>
  // CHECK: graph.linear %{{.*}}, %[[W]]
  %p = graph.mul %w, %s
      : (tensor<4x8xf32>, tensor<8xf32>) -> tensor<4x8xf32>
  %y = graph.linear %x, %p
      : (tensor<2x4xf32>, tensor<4x8xf32>) -> tensor<2x8xf32>
  return %y : tensor<2x8xf32>
}

// -----

// Another reader has the weight as it was.
// CHECK-LABEL: func @tied
func.func @tied(%x: tensor<2x4xf32>, %ids: tensor<2xi64>)
    -> (tensor<2x4xf32>, tensor<2x8xf32>) {
  // CHECK: %[[TABLE:.*]] = graph.weight "w" : tensor<8x4xf32>
  // CHECK: %[[W:.*]] = graph.weight "w" : tensor<8x4xbf16>
  // CHECK: graph.embedding %[[TABLE]],
  // CHECK: graph.linear %{{.*}}, %[[W]]
  %w = graph.weight "w" : tensor<8x4xf32>
  %e = graph.embedding %w, %ids
      : (tensor<8x4xf32>, tensor<2xi64>) -> tensor<2x4xf32>
  %y = graph.linear %e, %w {transpose_weight}
      : (tensor<2x4xf32>, tensor<8x4xf32>) -> tensor<2x8xf32>
  return %e, %y : tensor<2x4xf32>, tensor<2x8xf32>
}

// -----

// What comes at run time stays, and what is as narrow already.
// CHECK-LABEL: func @others
func.func @others(%x: tensor<2x4xf32>, %w: tensor<4x8xf32>)
    -> (tensor<2x8xf32>, tensor<2x8xf32>) {
  // CHECK: graph.linear {{.*}} : (tensor<2x4xf32>, tensor<4x8xf32>)
  // CHECK: graph.weight "half" : tensor<4x8xf16>
  // CHECK: graph.linear {{.*}} : (tensor<2x4xf32>, tensor<4x8xf16>)
  %y = graph.linear %x, %w
      : (tensor<2x4xf32>, tensor<4x8xf32>) -> tensor<2x8xf32>
  %h = graph.weight "half" : tensor<4x8xf16>
  %z = graph.linear %x, %h
      : (tensor<2x4xf32>, tensor<4x8xf16>) -> tensor<2x8xf32>
  return %y, %z : tensor<2x8xf32>, tensor<2x8xf32>
}
