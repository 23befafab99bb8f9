// RUN: sylvite-opt %s -split-input-file -verify-diagnostics

// GRAPH_EXTENT-1
func.func @extent() {
  // expected-error @+1 {{needs the name of a dimension}}
  %n = graph.extent "" : tensor<i64>
  return
}

// -----

// GATHER-1
func.func @gather_none(%x: tensor<4x8xf32>) {
  // expected-error @+2 {{the 0 axes from 0 on are none or outside a tensor of rank 2}}
  // expected-error @+1 {{failed to infer returned types}}
  %y = graph.gather %x at() axis(0) : (tensor<4x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

// GATHER-1
func.func @gather_outside(%x: tensor<4x8xf32>, %i: tensor<3xi64>) {
  // expected-error @+2 {{the 2 axes from 1 on are none or outside a tensor of rank 2}}
  // expected-error @+1 {{failed to infer returned types}}
  %y = graph.gather %x at(%i, %i) axis(1)
      : (tensor<4x8xf32>, tensor<3xi64>, tensor<3xi64>) -> tensor<4x3xf32>
  return
}

// -----

// GATHER-2
func.func @gather_shapes(%x: tensor<4x8xf32>, %i: tensor<3xi64>,
                         %j: tensor<2xi64>) {
  // expected-error @+2 {{the indices do not broadcast together}}
  // expected-error @+1 {{failed to infer returned types}}
  %y = graph.gather %x at(%i, %j) axis(0)
      : (tensor<4x8xf32>, tensor<3xi64>, tensor<2xi64>) -> tensor<3xf32>
  return
}

// -----

// SCATTER-1
func.func @scatter_outside(%x: tensor<4x8xf32>, %i: tensor<3xi64>,
                           %u: tensor<4x3xf32>) {
  // expected-error @+1 {{the 1 axes from 2 on are none or outside a tensor of rank 2}}
  %y = graph.scatter set %x, %u at(%i) axis(2)
      : (tensor<4x8xf32>, tensor<4x3xf32>, tensor<3xi64>) -> tensor<4x8xf32>
  return
}

// -----

// SCATTER-2
func.func @scatter_shapes(%x: tensor<4x8xf32>, %i: tensor<3xi64>,
                          %j: tensor<2xi64>, %u: tensor<3xf32>) {
  // expected-error @+1 {{the indices do not broadcast together}}
  %y = graph.scatter set %x, %u at(%i, %j) axis(0)
      : (tensor<4x8xf32>, tensor<3xf32>, tensor<3xi64>, tensor<2xi64>)
      -> tensor<4x8xf32>
  return
}

// -----

// SCATTER-3
func.func @scatter_updates(%x: tensor<4x8xf32>, %i: tensor<3xi64>,
                           %u: tensor<8x3xf32>) {
  // expected-error @+1 {{updates are 'tensor<8x3xf32>', expected 'tensor<3x8xf32>'}}
  %y = graph.scatter set %x, %u at(%i) axis(0)
      : (tensor<4x8xf32>, tensor<8x3xf32>, tensor<3xi64>) -> tensor<4x8xf32>
  return
}

// -----

// PAD-1
func.func @pad_negative(%x: tensor<4x8xf32>, %v: tensor<f32>) {
  // expected-error @+2 {{low and high must have 2 numbers of 0 or more}}
  // expected-error @+1 {{failed to infer returned types}}
  %y = graph.pad %x, %v low [0, -1] high [0, 0]
      : (tensor<4x8xf32>, tensor<f32>) -> tensor<4x7xf32>
  return
}

// -----

// PAD-1
func.func @pad_rank(%x: tensor<4x8xf32>, %v: tensor<f32>) {
  // expected-error @+2 {{low and high must have 2 numbers of 0 or more}}
  // expected-error @+1 {{failed to infer returned types}}
  %y = graph.pad %x, %v low [0] high [0]
      : (tensor<4x8xf32>, tensor<f32>) -> tensor<4x8xf32>
  return
}

// -----

// PAD-2
func.func @pad_dynamic(%x: tensor<?x8xf32, #graph.dims<seq, _>>,
                       %v: tensor<f32>) {
  // expected-error @+2 {{an axis that grows is not static}}
  // expected-error @+1 {{failed to infer returned types}}
  %y = graph.pad %x, %v low [1, 0] high [0, 0]
      : (tensor<?x8xf32, #graph.dims<seq, _>>, tensor<f32>) -> tensor<5x8xf32>
  return
}

// -----

// PAD-3
func.func @pad_value(%x: tensor<4x8xf32>, %v: tensor<1xf32>) {
  // expected-error @+2 {{the value must be one 'f32', not 'tensor<1xf32>'}}
  // expected-error @+1 {{failed to infer returned types}}
  %y = graph.pad %x, %v low [1, 0] high [0, 0]
      : (tensor<4x8xf32>, tensor<1xf32>) -> tensor<5x8xf32>
  return
}

// -----

// expected-error @+1 {{the number of a product is 2 or more}}
func.func @product(%x: tensor<?xf32, #graph.dims<1*seq>>) {
  return
}
