// Recurrent layers survive printing and parsing, in the custom syntax and the
// generic one.
//
// RUN: sylvite-opt %s | sylvite-opt | FileCheck %s
// RUN: sylvite-opt %s -mlir-print-op-generic | sylvite-opt | FileCheck %s

!x = tensor<?x?x6xf32, #graph.dims<batch, seq, _>>
!h = tensor<?x8xf32, #graph.dims<batch, _>>
!states = tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
!lengths = tensor<?xi64, #graph.dims<batch>>

// CHECK-LABEL: func.func @rnn
func.func @rnn(%x: !x, %w: tensor<6x8xf32>, %u: tensor<8x8xf32>, %b: tensor<8xf32>, %h: !h, %lengths: !lengths) -> (!states, !states) {
  // CHECK: graph.rnn %{{.*}}, %{{.*}}, %{{.*}} : (
  %a, %last_a = graph.rnn %x, %w, %u : (!x, tensor<6x8xf32>, tensor<8x8xf32>) -> (!states, !h)
  // CHECK: graph.rnn %{{.*}}, %{{.*}}, %{{.*}} bias(%{{.*}}) recurrent_bias(%{{.*}}) initial(%{{.*}}) lengths(%{{.*}}) direction(reverse) activation(relu) : (
  %b0, %last_b = graph.rnn %x, %w, %u bias(%b) recurrent_bias(%b) initial(%h) lengths(%lengths) direction(reverse) activation(relu)
      : (!x, tensor<6x8xf32>, tensor<8x8xf32>, tensor<8xf32>, tensor<8xf32>, !h, !lengths) -> (!states, !h)
  return %a, %b0 : !states, !states
}

// CHECK-LABEL: func.func @gru
func.func @gru(%x: !x, %w: tensor<12x6xf32>, %u: tensor<12x4xf32>) -> (tensor<?x?x4xf32, #graph.dims<batch, seq, _>>, tensor<?x4xf32, #graph.dims<batch, _>>) {
  // CHECK: graph.gru %{{.*}}, %{{.*}}, %{{.*}} gates(relu) activation(none) reset_after {transpose_weights} : (
  %states, %last = graph.gru %x, %w, %u gates(relu) activation(none) reset_after {transpose_weights}
      : (!x, tensor<12x6xf32>, tensor<12x4xf32>) -> (tensor<?x?x4xf32, #graph.dims<batch, seq, _>>, tensor<?x4xf32, #graph.dims<batch, _>>)
  return %states, %last : tensor<?x?x4xf32, #graph.dims<batch, seq, _>>, tensor<?x4xf32, #graph.dims<batch, _>>
}

// CHECK-LABEL: func.func @lstm
func.func @lstm(%x: tensor<5x?x6xf32, #graph.dims<_, batch, _>>, %w: tensor<6x32xf32>, %u: tensor<4x32xf32>, %h: !h) -> !h {
  // CHECK: graph.lstm %{{.*}}, %{{.*}}, %{{.*}} initial(%{{.*}}) cell(%{{.*}}) direction(both) axis(0) output(relu) : (
  %states, %last, %cell = graph.lstm %x, %w, %u initial(%h) cell(%h) direction(both) axis(0) output(relu)
      : (tensor<5x?x6xf32, #graph.dims<_, batch, _>>, tensor<6x32xf32>, tensor<4x32xf32>, !h, !h)
      -> (tensor<5x?x8xf32, #graph.dims<_, batch, _>>, !h, !h)
  return %cell : !h
}
