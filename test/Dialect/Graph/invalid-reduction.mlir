// RUN: sylvite-opt %s -split-input-file -verify-diagnostics

// REDUCE-1
func.func @outside(%x: tensor<2x8xf32>) {
  // expected-error @+2 {{axis 2 is repeated or outside a tensor of rank 2}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = graph.reduce sum %x axes [2] : (tensor<2x8xf32>) -> tensor<2xf32>
  return
}

// -----

// REDUCE-1: axes do not count from the end.
func.func @negative(%x: tensor<2x8xf32>) {
  // expected-error @+2 {{axis -1 is repeated or outside a tensor of rank 2}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = graph.reduce max %x axes [-1] : (tensor<2x8xf32>) -> tensor<2xf32>
  return
}

// -----

// REDUCE-1
func.func @repeated(%x: tensor<2x8xf32>) {
  // expected-error @+2 {{axis 1 is repeated or outside a tensor of rank 2}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = graph.reduce mean %x axes [1, 1] : (tensor<2x8xf32>) -> tensor<2xf32>
  return
}

// -----

// AXIS-1
func.func @softmax_axis(%x: tensor<2x8xf32>) {
  // expected-error @+1 {{axis -1 is outside a tensor of rank 2}}
  %0 = graph.softmax %x axis(-1) : tensor<2x8xf32>
  return
}

// -----

// AXIS-1
func.func @log_softmax_axis(%x: tensor<2x8xf32>) {
  // expected-error @+1 {{axis 2 is outside a tensor of rank 2}}
  %0 = graph.log_softmax %x axis(2) : tensor<2x8xf32>
  return
}

// -----

// AXIS-1: a scalar has no axis.
func.func @cumsum_axis(%x: tensor<i64>) {
  // expected-error @+1 {{axis 0 is outside a tensor of rank 0}}
  %0 = graph.cumsum %x axis(0) : tensor<i64>
  return
}

// -----

// AXIS-1
func.func @l2_normalize_axis(%x: tensor<2x8xf32>) {
  // expected-error @+1 {{axis 7 is outside a tensor of rank 2}}
  %0 = graph.l2_normalize %x axis(7) : tensor<2x8xf32>
  return
}

// -----

// L2_NORMALIZE-1
func.func @l2_normalize_eps(%x: tensor<2x8xf32>) {
  // expected-error @+1 {{needs eps >= 0}}
  %0 = graph.l2_normalize %x axis(1) {eps = -1.0e-12 : f64} : tensor<2x8xf32>
  return
}

// -----

// NORM-1
func.func @scale(%x: tensor<4x8xf32>, %g: tensor<4xf32>) {
  // expected-error @+1 {{expects a vector of 8 elements, not 'tensor<4xf32>'}}
  %0 = graph.layer_norm %x scale(%g)
      : (tensor<4x8xf32>, tensor<4xf32>) -> tensor<4x8xf32>
  return
}

// -----

// NORM-1
func.func @bias(%x: tensor<4x8xf32>, %b: tensor<f32>) {
  // expected-error @+1 {{expects a vector of 8 elements, not 'tensor<f32>'}}
  %0 = graph.rms_norm %x bias(%b)
      : (tensor<4x8xf32>, tensor<f32>) -> tensor<4x8xf32>
  return
}

// -----

// NORM-1
func.func @scale_type(%x: tensor<4x8xf32>, %g: tensor<8xbf16>) {
  // expected-error @+1 {{gives elements of type 'f32', but takes 'tensor<8xbf16>'}}
  %0 = graph.layer_norm %x scale(%g)
      : (tensor<4x8xf32>, tensor<8xbf16>) -> tensor<4x8xf32>
  return
}

// -----

// NORM-2
func.func @residual(%x: tensor<4x8xf32>, %r: tensor<8xf32>) {
  // expected-error @+1 {{residual must have the input's type, not 'tensor<8xf32>'}}
  %0 = graph.layer_norm %x residual(%r)
      : (tensor<4x8xf32>, tensor<8xf32>) -> tensor<4x8xf32>
  return
}

// -----

// NORM-3
func.func @negative_eps(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{needs a static last axis and eps >= 0}}
  %0 = graph.rms_norm %x eps(-1.0e-5) : (tensor<4x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

// NORM-3
func.func @dynamic_axis(%x: tensor<?xf32, #graph.dims<seq>>) {
  // expected-error @+1 {{needs a static last axis and eps >= 0}}
  %0 = graph.layer_norm %x
      : (tensor<?xf32, #graph.dims<seq>>) -> tensor<?xf32, #graph.dims<seq>>
  return
}

// -----

// NORM-3
func.func @no_axis(%x: tensor<f32>) {
  // expected-error @+1 {{needs a static last axis and eps >= 0}}
  %0 = graph.layer_norm %x : (tensor<f32>) -> tensor<f32>
  return
}

// -----

// BATCH_NORM-1
func.func @batch_norm_axis(%x: tensor<2x8xf32>) {
  // expected-error @+1 {{axis 2 is outside a tensor of rank 2}}
  %0 = graph.batch_norm %x axis(2) over [0] : (tensor<2x8xf32>) -> tensor<2x8xf32>
  return
}

// -----

// BATCH_NORM-2
func.func @no_statistics(%x: tensor<2x8xf32>) {
  // expected-error @+1 {{needs a mean and a variance, or axes to go over, and not both}}
  %0 = graph.batch_norm %x axis(1) : (tensor<2x8xf32>) -> tensor<2x8xf32>
  return
}

// -----

// BATCH_NORM-2
func.func @no_variance(%x: tensor<2x8xf32>, %m: tensor<8xf32>) {
  // expected-error @+1 {{needs a mean and a variance, or axes to go over, and not both}}
  %0 = graph.batch_norm %x mean(%m) axis(1) : (tensor<2x8xf32>, tensor<8xf32>) -> tensor<2x8xf32>
  return
}

// -----

// BATCH_NORM-2
func.func @half_stored(%x: tensor<2x8xf32>, %m: tensor<8xf32>) {
  // expected-error @+1 {{needs a mean and a variance, or axes to go over, and not both}}
  %0 = graph.batch_norm %x mean(%m) axis(1) over [0] : (tensor<2x8xf32>, tensor<8xf32>) -> tensor<2x8xf32>
  return
}

// -----

// BATCH_NORM-3
func.func @over_channels(%x: tensor<2x8xf32>) {
  // expected-error @+1 {{axis 1 is repeated, the channels' own, or outside a tensor of rank 2}}
  %0 = graph.batch_norm %x axis(1) over [0, 1] : (tensor<2x8xf32>) -> tensor<2x8xf32>
  return
}

// -----

// BATCH_NORM-3
func.func @over_outside(%x: tensor<2x8xf32>) {
  // expected-error @+1 {{axis -1 is repeated, the channels' own, or outside a tensor of rank 2}}
  %0 = graph.batch_norm %x axis(1) over [-1] : (tensor<2x8xf32>) -> tensor<2x8xf32>
  return
}

// -----

// BATCH_NORM-4
func.func @other_channels(%x: tensor<2x8xf32>, %g: tensor<2xf32>) {
  // expected-error @+1 {{expects vectors of the channels' extent, not 'tensor<2xf32>'}}
  %0 = graph.batch_norm %x scale(%g) axis(1) over [0] : (tensor<2x8xf32>, tensor<2xf32>) -> tensor<2x8xf32>
  return
}

// -----

// BATCH_NORM-4
func.func @other_type(%x: tensor<2x8xf32>, %g: tensor<8xf16>) {
  // expected-error @+1 {{gives elements of type 'f32', but takes 'tensor<8xf16>'}}
  %0 = graph.batch_norm %x scale(%g) axis(1) over [0] : (tensor<2x8xf32>, tensor<8xf16>) -> tensor<2x8xf32>
  return
}

// -----

// BATCH_NORM-5
func.func @negative_eps(%x: tensor<2x8xf32>) {
  // expected-error @+1 {{needs eps >= 0}}
  %0 = graph.batch_norm %x axis(1) over [0] eps(-1.0) : (tensor<2x8xf32>) -> tensor<2x8xf32>
  return
}
