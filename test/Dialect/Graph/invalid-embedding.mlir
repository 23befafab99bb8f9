// RUN: sylvite-opt %s -split-input-file -verify-diagnostics

// EMBEDDING-1
func.func @table(%t: tensor<?x8xf32, #graph.dims<vocab, _>>, %i: tensor<4xi64>) {
  // expected-error @+2 {{table must be a static matrix, not 'tensor<?x8xf32, #graph.dims<vocab, _>>'}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = graph.embedding %t, %i
      : (tensor<?x8xf32, #graph.dims<vocab, _>>, tensor<4xi64>)
      -> tensor<4x8xf32>
  return
}

// -----

// EMBEDDING-1
func.func @table_rank(%t: tensor<100xf32>, %i: tensor<4xi64>) {
  // expected-error @+2 {{table must be a static matrix, not 'tensor<100xf32>'}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = graph.embedding %t, %i
      : (tensor<100xf32>, tensor<4xi64>) -> tensor<4xf32>
  return
}

// -----

// EMBEDDINGS-1
func.func @one_index_a_table(%t: tensor<100x8xf32>, %i: tensor<4xi64>) {
  // expected-error @+1 {{has 2 tables and 1 index tensors}}
  %0 = graph.embeddings tables(%t, %t) indices(%i)
      : (tensor<100x8xf32>, tensor<100x8xf32>, tensor<4xi64>) -> tensor<4x8xf32>
  return
}

// -----

// EMBEDDINGS-1
func.func @no_table() {
  // expected-error @+1 {{has 0 tables and 0 index tensors}}
  %0 = graph.embeddings tables() indices() : () -> tensor<8xf32>
  return
}

// -----

// EMBEDDINGS-2
func.func @widths(%t: tensor<100x8xf32>, %u: tensor<64x4xf32>,
                  %i: tensor<4xi64>) {
  // expected-error @+1 {{tables must be static matrices of one width, not 'tensor<64x4xf32>'}}
  %0 = graph.embeddings tables(%t, %u) indices(%i, %i)
      : (tensor<100x8xf32>, tensor<64x4xf32>, tensor<4xi64>, tensor<4xi64>)
      -> tensor<4x8xf32>
  return
}

// -----

// EMBEDDINGS-2
func.func @scalar_table(%t: tensor<f32>, %i: tensor<4xi64>) {
  // expected-error @+1 {{tables must be static matrices of one width, not 'tensor<f32>'}}
  %0 = graph.embeddings tables(%t) indices(%i)
      : (tensor<f32>, tensor<4xi64>) -> tensor<4xf32>
  return
}

// -----

// EMBEDDINGS-2
func.func @scale_width(%t: tensor<100x8xf32>, %i: tensor<4xi64>,
                       %g: tensor<4xf32>) {
  // expected-error @+1 {{expects a vector of 8 elements, not 'tensor<4xf32>'}}
  %0 = graph.embeddings tables(%t) indices(%i) norm(layer) scale(%g)
      : (tensor<100x8xf32>, tensor<4xi64>, tensor<4xf32>) -> tensor<4x8xf32>
  return
}

// -----

// EMBEDDINGS-3
func.func @indices(%t: tensor<100x8xf32>, %i: tensor<4xi64>,
                   %j: tensor<5xi64>) {
  // expected-error @+1 {{indices do not broadcast: [4] and [5]}}
  %0 = graph.embeddings tables(%t, %t) indices(%i, %j)
      : (tensor<100x8xf32>, tensor<100x8xf32>, tensor<4xi64>, tensor<5xi64>)
      -> tensor<4x8xf32>
  return
}

// -----

// EMBEDDINGS-3
func.func @result(%t: tensor<100x8xf32>, %i: tensor<?xi64, #graph.dims<seq>>) {
  // expected-error @+1 {{result must be [seq, 8], not [8, seq]}}
  %0 = graph.embeddings tables(%t) indices(%i)
      : (tensor<100x8xf32>, tensor<?xi64, #graph.dims<seq>>)
      -> tensor<8x?xf32, #graph.dims<_, seq>>
  return
}

// -----

// EMBEDDINGS-4
func.func @norm_without_scale(%t: tensor<100x8xf32>, %i: tensor<4xi64>) {
  // expected-error @+1 {{norm needs a scale and eps >= 0}}
  %0 = graph.embeddings tables(%t) indices(%i) norm(rms)
      : (tensor<100x8xf32>, tensor<4xi64>) -> tensor<4x8xf32>
  return
}

// -----

// EMBEDDINGS-4
func.func @bias_without_norm(%t: tensor<100x8xf32>, %i: tensor<4xi64>,
                             %b: tensor<8xf32>) {
  // expected-error @+1 {{scale and bias need a norm}}
  %0 = graph.embeddings tables(%t) indices(%i) bias(%b)
      : (tensor<100x8xf32>, tensor<4xi64>, tensor<8xf32>) -> tensor<4x8xf32>
  return
}

// -----

// EMBEDDINGS-4
func.func @norm_eps(%t: tensor<100x8xf32>, %i: tensor<4xi64>,
                    %g: tensor<8xf32>) {
  // expected-error @+1 {{norm needs a scale and eps >= 0}}
  %0 = graph.embeddings tables(%t) indices(%i) norm(rms) scale(%g)
      eps(0x7FF8000000000000)
      : (tensor<100x8xf32>, tensor<4xi64>, tensor<8xf32>) -> tensor<4x8xf32>
  return
}

// -----

// EMBEDDINGS-5
func.func @table_types(%t: tensor<100x8xf32>, %u: tensor<64x8xf16>,
                       %i: tensor<4xi64>) {
  // expected-error @+1 {{gives elements of type 'f32', but takes 'tensor<64x8xf16>'}}
  %0 = graph.embeddings tables(%t, %u) indices(%i, %i)
      : (tensor<100x8xf32>, tensor<64x8xf16>, tensor<4xi64>, tensor<4xi64>)
      -> tensor<4x8xf32>
  return
}

// -----

// POOL-1
func.func @input_rank(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{input must be [batch, sequence, features], not [4, 8]}}
  %0 = graph.pool mean %x : (tensor<4x8xf32>) -> tensor<8xf32>
  return
}

// -----

// POOL-1
func.func @pool_result(%x: tensor<?x?x8xf32, #graph.dims<batch, seq, _>>) {
  // expected-error @+1 {{result must be [batch, 8], not [seq, 8]}}
  %0 = graph.pool cls %x
      : (tensor<?x?x8xf32, #graph.dims<batch, seq, _>>)
      -> tensor<?x8xf32, #graph.dims<seq, _>>
  return
}

// -----

// POOL-1
func.func @pool_type(%x: tensor<2x4x8xf32>) {
  // expected-error @+1 {{gives elements of type 'f16', but takes 'tensor<2x4x8xf32>'}}
  %0 = graph.pool mean %x : (tensor<2x4x8xf32>) -> tensor<2x8xf16>
  return
}

// -----

// POOL-2
func.func @pool_mask(%x: tensor<?x?x8xf32, #graph.dims<batch, seq, _>>,
                     %m: tensor<?x?xi64, #graph.dims<seq, batch>>) {
  // expected-error @+1 {{mask must be [batch, seq], not [seq, batch]}}
  %0 = graph.pool max %x mask(%m)
      : (tensor<?x?x8xf32, #graph.dims<batch, seq, _>>,
         tensor<?x?xi64, #graph.dims<seq, batch>>)
      -> tensor<?x8xf32, #graph.dims<batch, _>>
  return
}

// -----

// POOL-3
func.func @pool_eps(%x: tensor<2x4x8xf32>) {
  // expected-error @+1 {{needs eps >= 0}}
  %0 = graph.pool mean %x normalize eps(-1.0e-12)
      : (tensor<2x4x8xf32>) -> tensor<2x8xf32>
  return
}
