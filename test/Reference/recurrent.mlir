// Recurrent layers compute what their formulas say, and so do the loops that
// they are decomposed into.
//
// RUN: %python %S/Inputs/against-numpy.py %s
// RUN: sylvite-opt %s --sylvite-decompose-recurrent -o %t.mlir
// RUN: FileCheck %s < %t.mlir
// RUN: %python %S/Inputs/against-numpy.py %s --evaluate %t.mlir
// RUN: sylvite-opt %s --sylvite-phase-fusion --verify-fusion -o %t.mlir
// RUN: %python %S/Inputs/against-numpy.py %s --evaluate %t.mlir
//
// CHECK-NOT: graph.{{rnn|gru|lstm}}

!x = tensor<?x?x5xf32, #graph.dims<batch, seq, _>>
!timed = tensor<?x?x5xf32, #graph.dims<seq, batch, _>>
!h = tensor<?x4xf32, #graph.dims<batch, _>>
!states = tensor<?x?x4xf32, #graph.dims<batch, seq, _>>
!lengths = tensor<?xi64, #graph.dims<batch>>
!h2 = tensor<?x8xf32, #graph.dims<batch, _>>
!states2 = tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
!timed2 = tensor<?x?x8xf32, #graph.dims<seq, batch, _>>

// given x = normal(3, 6, 5)
// given w = normal(5, 4)
// given u = normal(4, 4)
// let y = recurrent("rnn", x, w, u)
// expect states = y[0]
// expect last = y[1]
func.func @rnn(%x: !x, %w: tensor<5x4xf32>, %u: tensor<4x4xf32>) -> (!states, !h) {
  %states, %last = graph.rnn %x, %w, %u
      : (!x, tensor<5x4xf32>, tensor<4x4xf32>) -> (!states, !h)
  return %states, %last : !states, !h
}

// Everything at once, and a length of 0 and one beyond the end.
// given x = normal(4, 6, 5)
// given w = normal(5, 4)
// given u = normal(4, 4) / 2
// given b = normal(4)
// given c = normal(4)
// given h = normal(4, 4)
// given lengths = np.array([3, 0, 6, 9])
// let y = recurrent("rnn", x, w, u, b, c, h, lengths=lengths, reverse=True,
//     f=lambda x: np.maximum(x, 0))
// expect states = y[0]
// expect last = y[1]
func.func @rnn_all(%x: !x, %w: tensor<5x4xf32>, %u: tensor<4x4xf32>, %b: tensor<4xf32>, %c: tensor<4xf32>, %h: !h, %lengths: !lengths) -> (!states, !h) {
  %states, %last = graph.rnn %x, %w, %u bias(%b) recurrent_bias(%c) initial(%h) lengths(%lengths) direction(reverse) activation(relu)
      : (!x, tensor<5x4xf32>, tensor<4x4xf32>, tensor<4xf32>, tensor<4xf32>, !h, !lengths) -> (!states, !h)
  return %states, %last : !states, !h
}

// given x = normal(3, 6, 5)
// given w = normal(8, 5)
// given u = normal(8, 4)
// given b = normal(8)
// given h = normal(3, 8)
// given lengths = np.array([3, 1, 6])
// let y = both("rnn", x, w.T, u.T, b, None, h, lengths=lengths)
// expect states = y[0]
// expect last = y[1]
func.func @rnn_both(%x: !x, %w: tensor<8x5xf32>, %u: tensor<8x4xf32>, %b: tensor<8xf32>, %h: !h2, %lengths: !lengths) -> (!states2, !h2) {
  %states, %last = graph.rnn %x, %w, %u bias(%b) initial(%h) lengths(%lengths) direction(both) {transpose_weights}
      : (!x, tensor<8x5xf32>, tensor<8x4xf32>, tensor<8xf32>, !h2, !lengths) -> (!states2, !h2)
  return %states, %last : !states2, !h2
}

// given x = normal(3, 6, 5)
// given w = normal(5, 12)
// given u = normal(4, 12)
// let y = recurrent("gru", x, w, u)
// expect states = y[0]
// expect last = y[1]
func.func @gru(%x: !x, %w: tensor<5x12xf32>, %u: tensor<4x12xf32>) -> (!states, !h) {
  %states, %last = graph.gru %x, %w, %u
      : (!x, tensor<5x12xf32>, tensor<4x12xf32>) -> (!states, !h)
  return %states, %last : !states, !h
}

// given x = normal(3, 6, 5)
// given w = normal(12, 5)
// given u = normal(12, 4)
// given b = normal(12)
// given c = normal(12)
// given h = normal(3, 4)
// given lengths = np.array([3, 1, 6])
// let y = recurrent("gru", x, w.T, u.T, b, c, h, lengths=lengths,
//     gate=lambda x: np.maximum(x, 0), f=sigmoid)
// expect states = y[0]
// expect last = y[1]
func.func @gru_reset_before(%x: !x, %w: tensor<12x5xf32>, %u: tensor<12x4xf32>, %b: tensor<12xf32>, %c: tensor<12xf32>, %h: !h, %lengths: !lengths) -> (!states, !h) {
  %states, %last = graph.gru %x, %w, %u bias(%b) recurrent_bias(%c) initial(%h) lengths(%lengths) gates(relu) activation(sigmoid) {transpose_weights}
      : (!x, tensor<12x5xf32>, tensor<12x4xf32>, tensor<12xf32>, tensor<12xf32>, !h, !lengths) -> (!states, !h)
  return %states, %last : !states, !h
}

// given x = normal(3, 6, 5)
// given w = normal(5, 12)
// given u = normal(4, 12)
// given b = normal(12)
// given c = normal(12)
// let y = recurrent("gru", x, w, u, b, c, reverse=True, reset_after=True)
// expect states = y[0]
// expect last = y[1]
func.func @gru_reset_after(%x: !x, %w: tensor<5x12xf32>, %u: tensor<4x12xf32>, %b: tensor<12xf32>, %c: tensor<12xf32>) -> (!states, !h) {
  %states, %last = graph.gru %x, %w, %u bias(%b) recurrent_bias(%c) direction(reverse) reset_after
      : (!x, tensor<5x12xf32>, tensor<4x12xf32>, tensor<12xf32>, tensor<12xf32>) -> (!states, !h)
  return %states, %last : !states, !h
}

// The last states alone, of both directions.
// given x = normal(3, 6, 5)
// given w = normal(5, 24)
// given u = normal(4, 24)
// given c = normal(24)
// given h = normal(3, 8)
// given lengths = np.array([3, 1, 6])
// expect last = both("gru", x, w, u, None, c, h, lengths=lengths, reset_after=True)[1]
func.func @gru_both(%x: !x, %w: tensor<5x24xf32>, %u: tensor<4x24xf32>, %c: tensor<24xf32>, %h: !h2, %lengths: !lengths) -> !h2 {
  %states, %last = graph.gru %x, %w, %u recurrent_bias(%c) initial(%h) lengths(%lengths) direction(both) reset_after
      : (!x, tensor<5x24xf32>, tensor<4x24xf32>, tensor<24xf32>, !h2, !lengths) -> (!states2, !h2)
  return %last : !h2
}

// given x = normal(3, 6, 5)
// given w = normal(5, 16)
// given u = normal(4, 16)
// let y = recurrent("lstm", x, w, u)
// expect states = y[0]
// expect last = y[1]
// expect cell = y[2]
func.func @lstm(%x: !x, %w: tensor<5x16xf32>, %u: tensor<4x16xf32>) -> (!states, !h, !h) {
  %states, %last, %cell = graph.lstm %x, %w, %u
      : (!x, tensor<5x16xf32>, tensor<4x16xf32>) -> (!states, !h, !h)
  return %states, %last, %cell : !states, !h, !h
}

// given x = normal(3, 6, 5)
// given w = normal(16, 5)
// given u = normal(16, 4)
// given b = normal(16)
// given c = normal(16)
// given h = normal(3, 4)
// given s = normal(3, 4)
// let y = recurrent("lstm", x, w.T, u.T, b, c, h, s, reverse=True,
//     gate=lambda x: np.maximum(x, 0), f=sigmoid, g=lambda x: x)
// expect states = y[0]
// expect last = y[1]
// expect cell = y[2]
func.func @lstm_all(%x: !x, %w: tensor<16x5xf32>, %u: tensor<16x4xf32>, %b: tensor<16xf32>, %c: tensor<16xf32>, %h: !h, %s: !h) -> (!states, !h, !h) {
  %states, %last, %cell = graph.lstm %x, %w, %u bias(%b) recurrent_bias(%c) initial(%h) cell(%s) direction(reverse) gates(relu) activation(sigmoid) output(none) {transpose_weights}
      : (!x, tensor<16x5xf32>, tensor<16x4xf32>, tensor<16xf32>, tensor<16xf32>, !h, !h) -> (!states, !h, !h)
  return %states, %last, %cell : !states, !h, !h
}

// Time in front; lengths of another type.
// given x = normal(6, 3, 5)
// given w = normal(5, 32)
// given u = normal(4, 32)
// given b = normal(32)
// given s = normal(3, 8)
// given lengths = np.array([3, 1, 6], np.int32)
// let y = both("lstm", x.swapaxes(0, 1), w, u, b, s=s, lengths=lengths)
// expect states = y[0].swapaxes(0, 1)
// expect last = y[1]
// expect cell = y[2]
func.func @lstm_both(%x: !timed, %w: tensor<5x32xf32>, %u: tensor<4x32xf32>, %b: tensor<32xf32>, %s: !h2, %lengths: tensor<?xi32, #graph.dims<batch>>) -> (!timed2, !h2, !h2) {
  %states, %last, %cell = graph.lstm %x, %w, %u bias(%b) cell(%s) lengths(%lengths) direction(both) axis(0)
      : (!timed, tensor<5x32xf32>, tensor<4x32xf32>, tensor<32xf32>, !h2, tensor<?xi32, #graph.dims<batch>>) -> (!timed2, !h2, !h2)
  return %states, %last, %cell : !timed2, !h2, !h2
}
