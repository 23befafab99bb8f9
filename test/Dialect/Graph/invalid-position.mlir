// RUN: sylvite-opt %s -split-input-file -verify-diagnostics

// POSITIONAL_ENCODING-1
func.func @no_position() {
  // expected-error @+1 {{needs static channels, and positions or a result of rank 2 or more}}
  %0 = graph.positional_encoding : () -> tensor<8xf32>
  return
}

// -----

// POSITIONAL_ENCODING-1
func.func @dynamic_channels(%p: tensor<4xi64>) {
  // expected-error @+1 {{needs static channels, and positions or a result of rank 2 or more}}
  %0 = graph.positional_encoding positions(%p) : (tensor<4xi64>) -> tensor<4x?xf32, #graph.dims<_, n>>
  return
}

// -----

// POSITIONAL_ENCODING-2
func.func @other_places(%p: tensor<4xi64>) {
  // expected-error @+1 {{positions must be [2, 4], not [4]}}
  %0 = graph.positional_encoding positions(%p) : (tensor<4xi64>) -> tensor<2x4x8xf32>
  return
}

// -----

// POSITIONAL_ENCODING-3
func.func @no_base() {
  // expected-error @+1 {{needs base > 0}}
  %0 = graph.positional_encoding base(0.0) : () -> tensor<4x8xf32>
  return
}

// -----

// POSITIONAL_ENCODING-4
func.func @one_argument() {
  // expected-error @+1 {{formula must take (index, index) and yield 'f32'}}
  %0 = graph.positional_encoding formula {
  ^bb0(%p: index):
    %c = arith.constant 1.0 : f32
    graph.yield %c : f32
  } : () -> tensor<4x8xf32>
  return
}

// -----

// POSITIONAL_ENCODING-4
func.func @other_element() {
  // expected-error @+1 {{formula must take (index, index) and yield 'f32'}}
  %0 = graph.positional_encoding formula {
  ^bb0(%p: index, %i: index):
    graph.yield %p : index
  } : () -> tensor<4x8xf32>
  return
}

// -----

// ROTARY_EMBEDDING-1
func.func @odd(%x: tensor<4x7xf32>) {
  // expected-error @+1 {{needs rank 2 or more and an even number of static features to rotate}}
  %0 = graph.rotary_embedding %x axis(0) : (tensor<4x7xf32>) -> tensor<4x7xf32>
  return
}

// -----

// ROTARY_EMBEDDING-1
func.func @too_many(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{needs rank 2 or more and an even number of static features to rotate}}
  %0 = graph.rotary_embedding %x axis(0) dims(10) : (tensor<4x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

// ROTARY_EMBEDDING-2
func.func @nothing(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{needs an axis, or positions, or tables of cosines and sines}}
  %0 = graph.rotary_embedding %x : (tensor<4x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

// ROTARY_EMBEDDING-2
func.func @no_sines(%x: tensor<4x8xf32>, %c: tensor<4x4xf32>) {
  // expected-error @+1 {{needs an axis, or positions, or tables of cosines and sines}}
  %0 = graph.rotary_embedding %x axis(0) cos(%c) : (tensor<4x8xf32>, tensor<4x4xf32>) -> tensor<4x8xf32>
  return
}

// -----

// ROTARY_EMBEDDING-3
func.func @features_axis(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{axis 1 is none in front of the features of a tensor of rank 2}}
  %0 = graph.rotary_embedding %x axis(1) : (tensor<4x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

// ROTARY_EMBEDDING-4
func.func @other_positions(%x: tensor<4x8xf32>, %p: tensor<5xi64>) {
  // expected-error @+1 {{positions [5] do not broadcast to [4]}}
  %0 = graph.rotary_embedding %x positions(%p) : (tensor<4x8xf32>, tensor<5xi64>) -> tensor<4x8xf32>
  return
}

// -----

// ROTARY_EMBEDDING-5
func.func @other_tables(%x: tensor<4x8xf32>, %c: tensor<4x3xf32>) {
  // expected-error @+1 {{tables must be of one type, for the input's places and the rotated features or half of them}}
  %0 = graph.rotary_embedding %x cos(%c) sin(%c) : (tensor<4x8xf32>, tensor<4x3xf32>, tensor<4x3xf32>) -> tensor<4x8xf32>
  return
}

// -----

// ROTARY_EMBEDDING-6
func.func @negative_base(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{needs base > 0}}
  %0 = graph.rotary_embedding %x axis(0) base(-1.0) : (tensor<4x8xf32>) -> tensor<4x8xf32>
  return
}
