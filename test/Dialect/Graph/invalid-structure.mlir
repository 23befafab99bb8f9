// RUN: sylvite-opt %s -split-input-file -verify-diagnostics

// WEIGHT-1
func.func @weight() {
  // expected-error @+1 {{must have a static type, not 'tensor<?x4xf32, #graph.dims<rows, _>>'}}
  %0 = graph.weight "w" : tensor<?x4xf32, #graph.dims<rows, _>>
  return
}

// -----

// IOTA-1
func.func @iota() {
  // expected-error @+1 {{axis 1 is outside a tensor of rank 1}}
  %0 = graph.iota axis(1) : tensor<4xi64>
  return
}

// -----

// IOTA-1
func.func @iota_negative() {
  // expected-error @+1 {{axis -1 is outside a tensor of rank 1}}
  %0 = graph.iota axis(-1) : tensor<4xi64>
  return
}

// -----

// TRANSPOSE-1
func.func @perm_length(%x: tensor<2x3xf32>) {
  // expected-error @+2 {{perm is not a permutation of the input's 2 dimensions}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = graph.transpose %x perm [0] : (tensor<2x3xf32>) -> tensor<2xf32>
  return
}

// -----

// TRANSPOSE-1
func.func @perm_repeats(%x: tensor<2x3xf32>) {
  // expected-error @+2 {{perm is not a permutation of the input's 2 dimensions}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = graph.transpose %x perm [1, 1] : (tensor<2x3xf32>) -> tensor<3x3xf32>
  return
}

// -----

// TRANSPOSE-1
func.func @perm_outside(%x: tensor<2x3xf32>) {
  // expected-error @+2 {{perm is not a permutation of the input's 2 dimensions}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = graph.transpose %x perm [0, -1] : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return
}

// -----

// RESHAPE-1
func.func @reshape_element(%x: tensor<4xf32>) {
  // expected-error @+1 {{changes the element type from 'f32' to 'f16'}}
  %0 = graph.reshape %x : tensor<4xf32> to tensor<2x2xf16>
  return
}

// -----

// RESHAPE-2
func.func @reshape_count(%x: tensor<4xf32>) {
  // expected-error @+1 {{from [4] to [2, 3] does not provably keep the number of elements}}
  %0 = graph.reshape %x : tensor<4xf32> to tensor<2x3xf32>
  return
}

// -----

// RESHAPE-2
func.func @reshape_names(%x: tensor<?x4xf32, #graph.dims<batch, _>>) {
  // expected-error @+1 {{from [batch, 4] to [seq, 4] does not provably keep the number of elements}}
  %0 = graph.reshape %x : tensor<?x4xf32, #graph.dims<batch, _>>
      to tensor<?x4xf32, #graph.dims<seq, _>>
  return
}

// -----

// RESHAPE-2: a name counts as often as it stands there.
func.func @reshape_multiplicity(%x: tensor<?xf32, #graph.dims<seq>>) {
  // expected-error @+1 {{from [seq] to [seq*seq] does not provably keep the number of elements}}
  %0 = graph.reshape %x : tensor<?xf32, #graph.dims<seq>>
      to tensor<?xf32, #graph.dims<seq*seq>>
  return
}

// -----

// RESHAPE-2: without a name nothing is known.
func.func @reshape_nameless(%x: tensor<?x4xf32>) {
  // expected-error @+1 {{from [?, 4] to [4, ?] does not provably keep the number of elements}}
  %0 = graph.reshape %x : tensor<?x4xf32> to tensor<4x?xf32>
  return
}

// -----

// RESHAPE-2: not even where 64 bits would wrap round.
func.func @reshape_huge(%x: tensor<4294967296x4294967296xi8>) {
  // expected-error @+1 {{from [4294967296, 4294967296] to [0] does not provably keep the number of elements}}
  %0 = graph.reshape %x : tensor<4294967296x4294967296xi8> to tensor<0xi8>
  return
}

// -----

// BROADCAST_TO-1
func.func @broadcast(%x: tensor<2x4xf32>) {
  // expected-error @+1 {{input 'tensor<2x4xf32>' does not broadcast to 'tensor<8x4xf32>'}}
  %0 = graph.broadcast %x : tensor<2x4xf32> to tensor<8x4xf32>
  return
}

// -----

// BROADCAST_TO-1: the result is the larger one.
func.func @broadcast_down(%x: tensor<8x4xf32>) {
  // expected-error @+1 {{input 'tensor<8x4xf32>' does not broadcast to 'tensor<1x4xf32>'}}
  %0 = graph.broadcast %x : tensor<8x4xf32> to tensor<1x4xf32>
  return
}

// -----

// BROADCAST_TO-1
func.func @broadcast_element(%x: tensor<1x4xf32>) {
  // expected-error @+1 {{input 'tensor<1x4xf32>' does not broadcast to 'tensor<8x4xf16>'}}
  %0 = graph.broadcast %x : tensor<1x4xf32> to tensor<8x4xf16>
  return
}

// -----

// SLICE-1
func.func @slice_axis(%x: tensor<4xf32>) {
  // expected-error @+2 {{axis 1 is outside a tensor of rank 1}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = graph.slice %x axis(1) [0, 2] : (tensor<4xf32>) -> tensor<2xf32>
  return
}

// -----

// SLICE-1
func.func @slice_axis_negative(%x: tensor<4xf32>) {
  // expected-error @+2 {{axis -1 is outside a tensor of rank 1}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = graph.slice %x axis(-1) [0, 2] : (tensor<4xf32>) -> tensor<2xf32>
  return
}

// -----

// SLICE-2
func.func @slice_end(%x: tensor<4xf32>) {
  // expected-error @+2 {{range [2, 5) is empty or outside the extent 4 of axis 0}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = graph.slice %x axis(0) [2, 5] : (tensor<4xf32>) -> tensor<3xf32>
  return
}

// -----

// SLICE-2
func.func @slice_empty(%x: tensor<4xf32>) {
  // expected-error @+2 {{range [2, 2) is empty or outside the extent 4 of axis 0}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = graph.slice %x axis(0) [2, 2] : (tensor<4xf32>) -> tensor<0xf32>
  return
}

// -----

// SLICE-2
func.func @slice_begin(%x: tensor<4xf32>) {
  // expected-error @+2 {{range [-1, 2) is empty or outside the extent 4 of axis 0}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = graph.slice %x axis(0) [-1, 2] : (tensor<4xf32>) -> tensor<3xf32>
  return
}

// -----

// SLICE-2: of a named axis, only the first element is sure to exist.
func.func @slice_named(%x: tensor<?xf32, #graph.dims<seq>>) {
  // expected-error @+2 {{range [1, 2) is empty or outside the extent 1 of axis 0}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = graph.slice %x axis(0) [1, 2]
      : (tensor<?xf32, #graph.dims<seq>>) -> tensor<1xf32>
  return
}

// -----

// CONCAT-1
func.func @concat_nothing() {
  // expected-error @+2 {{needs at least one input}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = "graph.concat"() {axis = 0 : i64} : () -> tensor<4xf32>
  return
}

// -----

// CONCAT-1
func.func @concat_ranks(%a: tensor<4xf32>, %b: tensor<4x1xf32>) {
  // expected-error @+2 {{inputs' ranks or element types differ: 'tensor<4xf32>' and 'tensor<4x1xf32>'}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = graph.concat %a, %b axis(0)
      : (tensor<4xf32>, tensor<4x1xf32>) -> tensor<8xf32>
  return
}

// -----

// CONCAT-1
func.func @concat_elements(%a: tensor<4xf32>, %b: tensor<4xf16>) {
  // expected-error @+2 {{inputs' ranks or element types differ: 'tensor<4xf32>' and 'tensor<4xf16>'}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = graph.concat %a, %b axis(0)
      : (tensor<4xf32>, tensor<4xf16>) -> tensor<8xf32>
  return
}

// -----

// CONCAT-2
func.func @concat_axis(%a: tensor<4xf32>) {
  // expected-error @+2 {{axis 1 is outside a tensor of rank 1}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = graph.concat %a, %a axis(1)
      : (tensor<4xf32>, tensor<4xf32>) -> tensor<8xf32>
  return
}

// -----

// CONCAT-2
func.func @concat_dynamic(%a: tensor<4xf32>,
                          %b: tensor<?xf32>) {
  // expected-error @+2 {{extent at axis 0 is neither static nor named}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = graph.concat %a, %b axis(0)
      : (tensor<4xf32>, tensor<?xf32>) -> tensor<8xf32>
  return
}

// -----

// CONCAT-2
func.func @concat_others(%a: tensor<4x2xf32>, %b: tensor<4x3xf32>) {
  // expected-error @+2 {{inputs differ outside axis 0: 'tensor<4x2xf32>' and 'tensor<4x3xf32>'}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = graph.concat %a, %b axis(0)
      : (tensor<4x2xf32>, tensor<4x3xf32>) -> tensor<8x2xf32>
  return
}

// -----

// CONCAT-2: the sum is an extent, too.
func.func @concat_huge(%a: tensor<9223372036854775807xi8>) {
  // expected-error @+2 {{the sum of extents at axis 0 is too large}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = graph.concat %a, %a axis(0)
      : (tensor<9223372036854775807xi8>, tensor<9223372036854775807xi8>)
      -> tensor<4xi8>
  return
}

// -----

func.func @constant_without_value() {
  // expected-error @+1 {{requires attribute 'value'}}
  %0 = "graph.constant"() : () -> tensor<4xf32>
  return
}

// -----

// DERIVED_WEIGHT-1
// expected-error @+1 {{must yield a tensor of a static type}}
graph.derived_weight @dynamic {
  %i = graph.iota axis(0) : tensor<?xi64, #graph.dims<n>>
  graph.yield %i : tensor<?xi64, #graph.dims<n>>
}

// -----

// DERIVED_WEIGHT-2
graph.derived_weight @foreign {
  // expected-error @+1 {{stands in a derived weight, whose ops are those of the graph dialect}}
  %c = arith.constant dense<1.0> : tensor<4xf32>
  graph.yield %c : tensor<4xf32>
}
