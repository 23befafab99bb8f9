// RUN: sylvite-opt %s -split-input-file -verify-diagnostics

// PACK_ROWS-1
func.func @rank(%x: tensor<?xf32, #graph.dims<batch>>, %n: tensor<?xi64, #graph.dims<batch>>) {
  // expected-error @+1 {{takes [batch, sequence, ...] and lengths [batch], not}}
  %0 = graph.pack_rows %x, %n : (tensor<?xf32, #graph.dims<batch>>, tensor<?xi64, #graph.dims<batch>>) -> tensor<?xf32, #graph.dims<rows>>
  return
}

// -----

// PACK_ROWS-1: one length for each sequence.
func.func @lengths(%x: tensor<?x?xf32, #graph.dims<batch, seq>>, %n: tensor<?xi64, #graph.dims<seq>>) {
  // expected-error @+1 {{takes [batch, sequence, ...] and lengths [batch], not}}
  %0 = graph.pack_rows %x, %n : (tensor<?x?xf32, #graph.dims<batch, seq>>, tensor<?xi64, #graph.dims<seq>>) -> tensor<?xf32, #graph.dims<rows>>
  return
}

// -----

// PACK_ROWS-2: the sequence has a name already.
func.func @name(%x: tensor<?x?xf32, #graph.dims<batch, seq>>, %n: tensor<?xi64, #graph.dims<batch>>) {
  // expected-error @+1 {{must give [rows, ...] of 'tensor<?x?xf32, #graph.dims<batch, seq>>' with a name of its own for rows, not 'tensor<?xf32, #graph.dims<seq>>'}}
  %0 = graph.pack_rows %x, %n : (tensor<?x?xf32, #graph.dims<batch, seq>>, tensor<?xi64, #graph.dims<batch>>) -> tensor<?xf32, #graph.dims<seq>>
  return
}

// -----

// PACK_ROWS-2: nobody knows how many there are.
func.func @static(%x: tensor<2x3xf32>, %n: tensor<2xi64>) {
  // expected-error @+1 {{must give [rows, ...] of 'tensor<2x3xf32>' with a name of its own for rows, not 'tensor<6xf32>'}}
  %0 = graph.pack_rows %x, %n : (tensor<2x3xf32>, tensor<2xi64>) -> tensor<6xf32>
  return
}

// -----

// PACK_ROWS-2: other features.
func.func @features(%x: tensor<2x3x4xf32>, %n: tensor<2xi64>) {
  // expected-error @+1 {{must give [rows, ...] of 'tensor<2x3x4xf32>'}}
  %0 = graph.pack_rows %x, %n : (tensor<2x3x4xf32>, tensor<2xi64>) -> tensor<?x5xf32, #graph.dims<rows, _>>
  return
}

// -----

// UNPACK_ROWS-1
func.func @unpack(%x: tensor<?x4xf32, #graph.dims<rows, _>>, %n: tensor<2xi64>) {
  // expected-error @+1 {{must give [batch, sequence, ...] of 'tensor<?x4xf32, #graph.dims<rows, _>>', whose rows have a name of their own, not 'tensor<2x3xf32>'}}
  %0 = graph.unpack_rows %x, %n : (tensor<?x4xf32, #graph.dims<rows, _>>, tensor<2xi64>) -> tensor<2x3xf32>
  return
}

// -----

// UNPACK_ROWS-2
func.func @unpack_lengths(%x: tensor<?x4xf32, #graph.dims<rows, _>>, %n: tensor<3xi64>) {
  // expected-error @+1 {{takes lengths [batch], not 'tensor<3xi64>'}}
  %0 = graph.unpack_rows %x, %n : (tensor<?x4xf32, #graph.dims<rows, _>>, tensor<3xi64>) -> tensor<2x3x4xf32>
  return
}
