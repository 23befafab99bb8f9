// RUN: sylvite-opt %s -split-input-file -verify-diagnostics

// SCAN-1
func.func @axis(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{axis 2 is outside of the sequence or output 'tensor<4x8xf32>'}}
  graph.scan over(%x) axis(2) {
  ^bb0(%t: tensor<i64>, %e: tensor<8xf32>):
    graph.next
  } : (tensor<4x8xf32>) -> ()
  return
}

// -----

// SCAN-2
func.func @steps(%h: tensor<8xf32>) -> tensor<8xf32> {
  // expected-error @+1 {{takes the number of steps from 'steps', at least 1}}
  %0 = graph.scan carry(%h) {
  ^bb0(%t: tensor<i64>, %c: tensor<8xf32>):
    graph.next carry(%c : tensor<8xf32>)
  } : (tensor<8xf32>) -> tensor<8xf32>
  return %0 : tensor<8xf32>
}

// -----

// SCAN-2
func.func @extents(%x: tensor<4x8xf32>, %y: tensor<5x8xf32>) {
  // expected-error @+1 {{sequences and outputs differ in their steps}}
  graph.scan over(%x, %y) {
  ^bb0(%t: tensor<i64>, %a: tensor<8xf32>, %b: tensor<8xf32>):
    graph.next
  } : (tensor<4x8xf32>, tensor<5x8xf32>) -> ()
  return
}

// -----

// SCAN-3
func.func @arguments(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{body must take ('tensor<i64>', 'tensor<8xf32>')}}
  graph.scan over(%x) {
  ^bb0(%t: tensor<i64>, %a: tensor<4xf32>):
    graph.next
  } : (tensor<4x8xf32>) -> ()
  return
}

// -----

// SCAN-4
func.func @carry(%h: tensor<8xf32>) -> tensor<8xf32> {
  %0 = graph.scan carry(%h) steps(3) {
  ^bb0(%t: tensor<i64>, %c: tensor<8xf32>):
    // expected-error @+1 {{must carry ('tensor<8xf32>')}}
    graph.next
  } : (tensor<8xf32>) -> tensor<8xf32>
  return %0 : tensor<8xf32>
}

// -----

// SCAN-4
func.func @emit(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %0 = graph.scan over(%x) {
  ^bb0(%t: tensor<i64>, %e: tensor<8xf32>):
    // expected-error @+1 {{must emit ('tensor<8xf32>')}}
    graph.next
  } : (tensor<4x8xf32>) -> tensor<4x8xf32>
  return %0 : tensor<4x8xf32>
}

// -----

// SCAN-5
func.func @results(%h: tensor<8xf32>) {
  // expected-error @+1 {{results must begin with the types of the carried values}}
  graph.scan carry(%h) steps(3) {
  ^bb0(%t: tensor<i64>, %c: tensor<8xf32>):
    graph.next carry(%c : tensor<8xf32>)
  } : (tensor<8xf32>) -> ()
  return
}

// -----

// GRAPH_UPDATE-1
func.func @rank(%x: tensor<4x8xf32>, %r: tensor<8xf32>, %p: tensor<i64>) {
  // expected-error @+1 {{rows must have the rank and the element type}}
  %0 = graph.update %x, %r at(%p) axis(0) : (tensor<4x8xf32>, tensor<8xf32>, tensor<i64>) -> tensor<4x8xf32>
  return
}

// -----

// GRAPH_UPDATE-2
func.func @offsets(%x: tensor<4x8xf32>, %r: tensor<1x8xf32>, %p: tensor<i64>) {
  // expected-error @+1 {{needs 2 offsets, one per axis}}
  %0 = graph.update %x, %r at(%p) axis(0) offsets [0] : (tensor<4x8xf32>, tensor<1x8xf32>, tensor<i64>) -> tensor<4x8xf32>
  return
}

// -----

// GRAPH_UPDATE-3
func.func @outside(%x: tensor<4x8xf32>, %r: tensor<1x8xf32>, %p: tensor<i64>) {
  // expected-error @+1 {{do not lie inside of 'tensor<4x8xf32>' on axis 1}}
  %0 = graph.update %x, %r at(%p) axis(0) offsets [0, 1] : (tensor<4x8xf32>, tensor<1x8xf32>, tensor<i64>) -> tensor<4x8xf32>
  return
}

// -----

// ARGMAX-1
func.func @argmax(%x: tensor<4x8xf32>) {
  // expected-error @+2 {{axis 2 is outside a tensor of rank 2}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = graph.argmax %x axis(2) : (tensor<4x8xf32>) -> tensor<4xi64>
  return
}

// -----

// expected-error @+1 {{'graph.in_place' must be the number of an argument of the result's type}}
func.func @in_place(%x: tensor<4x8xf32>) -> (tensor<4x8xf32> {graph.in_place = 1 : i64}) {
  return %x : tensor<4x8xf32>
}

// -----

// SCAN-1
func.func @negative_axis(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{axis -1 is outside of the sequence or output 'tensor<4x8xf32>'}}
  graph.scan over(%x) axis(-1) {
  ^bb0(%t: tensor<i64>, %e: tensor<8xf32>):
    graph.next
  } : (tensor<4x8xf32>) -> ()
  return
}

// -----

// GRAPH_UPDATE-1
func.func @negative_update(%x: tensor<4x8xf32>, %r: tensor<1x8xf32>, %p: tensor<i64>) {
  // expected-error @+1 {{axis -1 is outside a tensor of rank 2}}
  %0 = graph.update %x, %r at(%p) axis(-1) : (tensor<4x8xf32>, tensor<1x8xf32>, tensor<i64>) -> tensor<4x8xf32>
  return
}

// -----

// ARGMAX-1
func.func @negative_argmax(%x: tensor<4x8xf32>) {
  // expected-error @+2 {{axis -1 is outside a tensor of rank 2}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = graph.argmax %x axis(-1) : (tensor<4x8xf32>) -> tensor<4xi64>
  return
}
