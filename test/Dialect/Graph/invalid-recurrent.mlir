// RUN: sylvite-opt %s -split-input-file -verify-diagnostics

// RECURRENT-1
func.func @rank(%x: tensor<5x6xf32>, %w: tensor<6x8xf32>, %u: tensor<8x8xf32>) {
  // expected-error @+1 {{takes a sequence of rank 3 with time at axis 0 or 1, not [5, 6] with axis 1}}
  %0:2 = graph.rnn %x, %w, %u : (tensor<5x6xf32>, tensor<6x8xf32>, tensor<8x8xf32>) -> (tensor<5x8xf32>, tensor<8xf32>)
  return
}

// -----

// RECURRENT-1
func.func @axis(%x: tensor<2x5x6xf32>, %w: tensor<6x8xf32>, %u: tensor<8x8xf32>) {
  // expected-error @+1 {{not [2, 5, 6] with axis 2}}
  %0:2 = graph.rnn %x, %w, %u axis(2) : (tensor<2x5x6xf32>, tensor<6x8xf32>, tensor<8x8xf32>) -> (tensor<2x5x8xf32>, tensor<2x8xf32>)
  return
}

// -----

// RECURRENT-2
func.func @matrices(%x: tensor<2x5x6xf32>, %w: tensor<6x8xf32>, %u: tensor<8xf32>) {
  // expected-error @+1 {{weights must be static matrices, not 'tensor<8xf32>'}}
  %0:2 = graph.rnn %x, %w, %u : (tensor<2x5x6xf32>, tensor<6x8xf32>, tensor<8xf32>) -> (tensor<2x5x8xf32>, tensor<2x8xf32>)
  return
}

// -----

// RECURRENT-2
func.func @features(%x: tensor<2x5x7xf32>, %w: tensor<6x8xf32>, %u: tensor<8x8xf32>) {
  // expected-error @+1 {{weights must take [7] features and 8 of the state, and give 1 x 8 both; they are 'tensor<6x8xf32>' and 'tensor<8x8xf32>'}}
  %0:2 = graph.rnn %x, %w, %u : (tensor<2x5x7xf32>, tensor<6x8xf32>, tensor<8x8xf32>) -> (tensor<2x5x8xf32>, tensor<2x8xf32>)
  return
}

// -----

// RECURRENT-2: three gates in two directions.
func.func @gates(%x: tensor<2x5x6xf32>, %w: tensor<6x24xf32>, %u: tensor<8x24xf32>) {
  // expected-error @+1 {{and give 6 x 8 both}}
  %0:2 = graph.gru %x, %w, %u direction(both) : (tensor<2x5x6xf32>, tensor<6x24xf32>, tensor<8x24xf32>) -> (tensor<2x5x16xf32>, tensor<2x16xf32>)
  return
}

// -----

// RECURRENT-2: four gates.
func.func @lstm(%x: tensor<2x5x6xf32>, %w: tensor<6x32xf32>, %u: tensor<8x24xf32>) {
  // expected-error @+1 {{and give 4 x 8 both}}
  %0:3 = graph.lstm %x, %w, %u : (tensor<2x5x6xf32>, tensor<6x32xf32>, tensor<8x24xf32>) -> (tensor<2x5x8xf32>, tensor<2x8xf32>, tensor<2x8xf32>)
  return
}

// -----

// RECURRENT-3
func.func @bias(%x: tensor<2x5x6xf32>, %w: tensor<6x24xf32>, %u: tensor<8x24xf32>, %b: tensor<8xf32>) {
  // expected-error @+1 {{biases must be vectors of 24 elements, not 'tensor<8xf32>'}}
  %0:2 = graph.gru %x, %w, %u recurrent_bias(%b) : (tensor<2x5x6xf32>, tensor<6x24xf32>, tensor<8x24xf32>, tensor<8xf32>) -> (tensor<2x5x8xf32>, tensor<2x8xf32>)
  return
}

// -----

// RECURRENT-4
func.func @cell(%x: tensor<2x5x6xf32>, %w: tensor<6x32xf32>, %u: tensor<8x32xf32>, %s: tensor<5x8xf32>) {
  // expected-error @+1 {{initial states must be [2, 8], not [5, 8]}}
  %0:3 = graph.lstm %x, %w, %u cell(%s) : (tensor<2x5x6xf32>, tensor<6x32xf32>, tensor<8x32xf32>, tensor<5x8xf32>) -> (tensor<2x5x8xf32>, tensor<2x8xf32>, tensor<2x8xf32>)
  return
}

// -----

// RECURRENT-4
func.func @lengths(%x: tensor<5x2x6xf32>, %w: tensor<6x8xf32>, %u: tensor<8x8xf32>, %l: tensor<5xi64>) {
  // expected-error @+1 {{lengths must be [2], not [5]}}
  %0:2 = graph.rnn %x, %w, %u lengths(%l) axis(0) : (tensor<5x2x6xf32>, tensor<6x8xf32>, tensor<8x8xf32>, tensor<5xi64>) -> (tensor<5x2x8xf32>, tensor<2x8xf32>)
  return
}

// -----

// RECURRENT-5
func.func @results(%x: tensor<2x5x6xf32>, %w: tensor<6x16xf32>, %u: tensor<8x16xf32>) {
  // expected-error @+1 {{must give ('tensor<2x5x16xf32>', 'tensor<2x16xf32>')}}
  %0:2 = graph.rnn %x, %w, %u direction(both) : (tensor<2x5x6xf32>, tensor<6x16xf32>, tensor<8x16xf32>) -> (tensor<2x5x16xf32>, tensor<2x8xf32>)
  return
}

// -----

// RECURRENT-6
func.func @elements(%x: tensor<2x5x6xf32>, %w: tensor<6x8xf64>, %u: tensor<8x8xf32>) {
  // expected-error @+1 {{gives elements of type 'f32', but takes 'tensor<6x8xf64>'}}
  %0:2 = graph.rnn %x, %w, %u : (tensor<2x5x6xf32>, tensor<6x8xf64>, tensor<8x8xf32>) -> (tensor<2x5x8xf32>, tensor<2x8xf32>)
  return
}
