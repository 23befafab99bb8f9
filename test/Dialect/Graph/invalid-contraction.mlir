// RUN: sylvite-opt %s -split-input-file -verify-diagnostics

// MATMUL-1
func.func @vector(%a: tensor<4xf32>, %b: tensor<4x8xf32>) {
  // expected-error @+2 {{operands need rank 2 or more and one element type: 'tensor<4xf32>' and 'tensor<4x8xf32>'}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = graph.matmul %a, %b : (tensor<4xf32>, tensor<4x8xf32>) -> tensor<8xf32>
  return
}

// -----

// MATMUL-1
func.func @element_types(%a: tensor<2x4xf32>, %b: tensor<4x8xf16>) {
  // expected-error @+2 {{operands need rank 2 or more and one element type: 'tensor<2x4xf32>' and 'tensor<4x8xf16>'}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = graph.matmul %a, %b
      : (tensor<2x4xf32>, tensor<4x8xf16>) -> tensor<2x8xf32>
  return
}

// -----

// MATMUL-2
func.func @contracted(%a: tensor<2x4xf32>, %b: tensor<5x8xf32>) {
  // expected-error @+2 {{contracted extents differ: [4] and [5]}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = graph.matmul %a, %b
      : (tensor<2x4xf32>, tensor<5x8xf32>) -> tensor<2x8xf32>
  return
}

// -----

// MATMUL-2: transposing swaps the extents that must agree.
func.func @contracted_transposed(%a: tensor<2x4xf32>, %b: tensor<4x8xf32>) {
  // expected-error @+2 {{contracted extents differ: [4] and [8]}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = graph.matmul %a, %b {transpose_rhs}
      : (tensor<2x4xf32>, tensor<4x8xf32>) -> tensor<2x4xf32>
  return
}

// -----

// MATMUL-3
func.func @leading(%a: tensor<2x2x4xf32>, %b: tensor<3x4x8xf32>) {
  // expected-error @+2 {{leading dimensions do not broadcast: [2, 2, 4] and [3, 4, 8]}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = graph.matmul %a, %b
      : (tensor<2x2x4xf32>, tensor<3x4x8xf32>) -> tensor<2x2x8xf32>
  return
}

// -----

// LINEAR-1
func.func @weight_rank(%x: tensor<2x4xf32>, %w: tensor<1x4x8xf32>) {
  // expected-error @+1 {{weight must be a static matrix, not 'tensor<1x4x8xf32>'}}
  %0 = graph.linear %x, %w
      : (tensor<2x4xf32>, tensor<1x4x8xf32>) -> tensor<2x8xf32>
  return
}

// -----

// LINEAR-1
func.func @weight_dynamic(%x: tensor<2x4xf32>,
                          %w: tensor<4x?xf32, #graph.dims<_, out>>) {
  // expected-error @+1 {{weight must be a static matrix, not 'tensor<4x?xf32, #graph.dims<_, out>>'}}
  %0 = graph.linear %x, %w
      : (tensor<2x4xf32>, tensor<4x?xf32, #graph.dims<_, out>>)
      -> tensor<2x?xf32, #graph.dims<_, out>>
  return
}

// -----

// LINEAR-1
func.func @input_features(%x: tensor<2x4xf32>, %w: tensor<8x4xf32>) {
  // expected-error @+1 {{weight takes 8 features, but the input is [2, 4]}}
  %0 = graph.linear %x, %w : (tensor<2x4xf32>, tensor<8x4xf32>) -> tensor<2x8xf32>
  return
}

// -----

// LINEAR-1: a scalar has no features.
func.func @scalar_input(%x: tensor<f32>, %w: tensor<8x4xf32>) {
  // expected-error @+1 {{weight takes 8 features, but the input is []}}
  %0 = graph.linear %x, %w : (tensor<f32>, tensor<8x4xf32>) -> tensor<4xf32>
  return
}

// -----

// LINEAR-2
func.func @result(%x: tensor<?x4xf32, #graph.dims<seq, _>>,
                  %w: tensor<8x4xf32>) {
  // expected-error @+1 {{result must be [seq, 8], not [seq, 4]}}
  %0 = graph.linear %x, %w {transpose_weight}
      : (tensor<?x4xf32, #graph.dims<seq, _>>, tensor<8x4xf32>)
      -> tensor<?x4xf32, #graph.dims<seq, _>>
  return
}

// -----

// LINEAR-3
func.func @bias(%x: tensor<2x4xf32>, %w: tensor<4x8xf32>, %b: tensor<4xf32>) {
  // expected-error @+1 {{expects a vector of 8 elements, not 'tensor<4xf32>'}}
  %0 = graph.linear %x, %w bias(%b)
      : (tensor<2x4xf32>, tensor<4x8xf32>, tensor<4xf32>) -> tensor<2x8xf32>
  return
}

// -----

// LINEAR-3
func.func @norm_scale(%x: tensor<2x4xf32>, %w: tensor<4x8xf32>,
                      %g: tensor<1x8xf32>) {
  // expected-error @+1 {{expects a vector of 8 elements, not 'tensor<1x8xf32>'}}
  %0 = graph.linear %x, %w norm(rms) scale(%g)
      : (tensor<2x4xf32>, tensor<4x8xf32>, tensor<1x8xf32>) -> tensor<2x8xf32>
  return
}

// -----

// LINEAR-4
func.func @residual(%x: tensor<2x4xf32>, %w: tensor<4x8xf32>,
                    %r: tensor<1x8xf32>) {
  // expected-error @+1 {{residual must have the result's type, not 'tensor<1x8xf32>'}}
  %0 = graph.linear %x, %w residual(%r)
      : (tensor<2x4xf32>, tensor<4x8xf32>, tensor<1x8xf32>) -> tensor<2x8xf32>
  return
}

// -----

// LINEAR-5
func.func @norm_without_scale(%x: tensor<2x4xf32>, %w: tensor<4x8xf32>) {
  // expected-error @+1 {{norm needs a scale and eps >= 0}}
  %0 = graph.linear %x, %w norm(layer)
      : (tensor<2x4xf32>, tensor<4x8xf32>) -> tensor<2x8xf32>
  return
}

// -----

// LINEAR-5
func.func @norm_eps(%x: tensor<2x4xf32>, %w: tensor<4x8xf32>,
                    %g: tensor<8xf32>) {
  // expected-error @+1 {{norm needs a scale and eps >= 0}}
  %0 = graph.linear %x, %w norm(layer) scale(%g) eps(-1.0)
      : (tensor<2x4xf32>, tensor<4x8xf32>, tensor<8xf32>) -> tensor<2x8xf32>
  return
}

// -----

// LINEAR-5
func.func @shift_without_norm(%x: tensor<2x4xf32>, %w: tensor<4x8xf32>,
                              %b: tensor<8xf32>) {
  // expected-error @+1 {{scale and shift need a norm}}
  %0 = graph.linear %x, %w shift(%b)
      : (tensor<2x4xf32>, tensor<4x8xf32>, tensor<8xf32>) -> tensor<2x8xf32>
  return
}

// -----

// LINEAR-6
func.func @weight_type(%x: tensor<2x4xf32>, %w: tensor<4x8xf64>) {
  // expected-error @+1 {{gives elements of type 'f32', but takes 'tensor<4x8xf64>'}}
  %0 = graph.linear %x, %w
      : (tensor<2x4xf32>, tensor<4x8xf64>) -> tensor<2x8xf32>
  return
}

// -----

// LINEAR-6
func.func @same_width(%x: tensor<2x4xf16>, %w: tensor<4x8xbf16>) {
  // expected-error @+1 {{gives elements of type 'f16', but takes 'tensor<4x8xbf16>'}}
  %0 = graph.linear %x, %w
      : (tensor<2x4xf16>, tensor<4x8xbf16>) -> tensor<2x8xf16>
  return
}

// -----

// LINEAR-6
func.func @bias_type(%x: tensor<2x4xf32>, %w: tensor<4x8xf32>,
                     %b: tensor<8xbf16>) {
  // expected-error @+1 {{gives elements of type 'f32', but takes 'tensor<8xbf16>'}}
  %0 = graph.linear %x, %w bias(%b)
      : (tensor<2x4xf32>, tensor<4x8xf32>, tensor<8xbf16>) -> tensor<2x8xf32>
  return
}

// -----

// LINEAR-6
func.func @result_type(%x: tensor<2x4xf32>, %w: tensor<4x8xf32>) {
  // expected-error @+1 {{gives elements of type 'f16', but takes 'tensor<2x4xf32>'}}
  %0 = graph.linear %x, %w
      : (tensor<2x4xf32>, tensor<4x8xf32>) -> tensor<2x8xf16>
  return
}

// -----

func.func @unknown_activation(%x: tensor<2x4xf32>, %w: tensor<4x8xf32>) {
  // expected-error @+1 {{expected one of [none, relu, gelu_erf, gelu_tanh, silu, tanh, sigmoid] for activation of an epilogue, got: gelu}}
  %0 = graph.linear %x, %w activation(gelu)
      : (tensor<2x4xf32>, tensor<4x8xf32>) -> tensor<2x8xf32>
  return
}

// -----

// QUANTIZE-1
func.func @quantize_a_vector(%v: tensor<8xf32>) {
  // expected-error @+2 {{failed to infer returned types}}
  // expected-error @+1 {{quantizes a static matrix along axis 0 or 1, not 'tensor<8xf32>' along 0}}
  %q, %s = graph.quantize %v axis(0)
      : (tensor<8xf32>) -> (tensor<8xi8>, tensor<8xf32>)
  return
}

// -----

// QUANTIZE-1
func.func @quantize_along_depth(%w: tensor<4x8xf32>) {
  // expected-error @+2 {{failed to infer returned types}}
  // expected-error @+1 {{quantizes a static matrix along axis 0 or 1, not 'tensor<4x8xf32>' along 2}}
  %q, %s = graph.quantize %w axis(2)
      : (tensor<4x8xf32>) -> (tensor<4x8xi8>, tensor<8xf32>)
  return
}

// -----

// LINEAR-7
func.func @integers_without_scales(%x: tensor<2x4xf32>, %w: tensor<4x8xi8>) {
  // expected-error @+1 {{has a weight of 'i8', which needs quantized(scales)}}
  %y = graph.linear %x, %w
      : (tensor<2x4xf32>, tensor<4x8xi8>) -> tensor<2x8xf32>
  return
}

// -----

// LINEAR-7
func.func @quantized_floats(%x: tensor<2x4xf32>, %w: tensor<4x8xf32>,
                            %s: tensor<8xf32>) {
  // expected-error @+1 {{quantized takes a weight of i8, and f32 for all others}}
  %y = graph.linear %x, %w quantized(%s)
      : (tensor<2x4xf32>, tensor<4x8xf32>, tensor<8xf32>) -> tensor<2x8xf32>
  return
}

// -----

// LINEAR-7
func.func @scales_of_inputs(%x: tensor<2x4xf32>, %w: tensor<4x8xi8>,
                            %s: tensor<4xf32>) {
  // expected-error @+1 {{expects a vector of 8 scales, not 'tensor<4xf32>'}}
  %y = graph.linear %x, %w quantized(%s)
      : (tensor<2x4xf32>, tensor<4x8xi8>, tensor<4xf32>) -> tensor<2x8xf32>
  return
}

// -----

// LINEAR-7
func.func @too_deep(%x: tensor<2x65537xf32>, %w: tensor<65537x1xi8>,
                    %s: tensor<1xf32>) {
  // expected-error @+1 {{quantized takes at most 65536 features, not 65537}}
  %y = graph.linear %x, %w quantized(%s)
      : (tensor<2x65537xf32>, tensor<65537x1xi8>, tensor<1xf32>)
      -> tensor<2x1xf32>
  return
}
