// RUN: sylvite-opt --sylvite-evaluate %s -o /dev/null -split-input-file -verify-diagnostics

// expected-error @+1 {{@no_default: needs the input 'x'}}
func.func @no_default(%x: tensor<2xf32> {graph.name = "x"}) -> tensor<2xf32> {
  return %x : tensor<2xf32>
}

// -----

// expected-error @+1 {{input 'arg0' was left out, but no argument binds the dimension 'seq'}}
func.func @unbound_default(
    %x: tensor<?xi64, #graph.dims<seq>> {graph.default = 1 : i64})
    -> tensor<?xi64, #graph.dims<seq>> {
  return %x : tensor<?xi64, #graph.dims<seq>>
}

// -----

// expected-error @+1 {{input 'arg0' holds 2 at [0], outside its range [0, 2)}}
func.func @default_out_of_range(
    %x: tensor<3xi64> {graph.default = 2 : i64, graph.range = [0, 2]})
    -> tensor<3xi64> {
  return %x : tensor<3xi64>
}

// -----

// expected-error @+1 {{takes or returns 'memref<2xf32>'; the reference evaluator knows tensors alone}}
func.func @memref(%x: memref<2xf32>) {
  return
}

// -----

func.func @unknown_op() -> tensor<2xf32> {
  // expected-error @+1 {{'tensor.empty' op is none that the reference evaluator knows}}
  %x = tensor.empty() : tensor<2xf32>
  return %x : tensor<2xf32>
}

// -----

func.func @no_tensor() {
  // expected-error @+1 {{does not give a tensor}}
  %i = arith.constant 1 : index
  return
}

// -----

func.func @endless(%x: tensor<f32> {graph.default = 0.0 : f32}) {
  // expected-error @+1 {{'func.call' op is the 64th call inside of calls: functions must not call themselves}}
  func.call @endless(%x) : (tensor<f32>) -> ()
  return
}

// -----

func.func @unbound() -> tensor<?xi64, #graph.dims<seq>> {
  // expected-error @+1 {{cannot be evaluated: no argument binds the dimension 'seq'}}
  %p = graph.iota axis(0) : tensor<?xi64, #graph.dims<seq>>
  return %p : tensor<?xi64, #graph.dims<seq>>
}

// -----

func.func @unnamed() -> tensor<?xi64> {
  // expected-error @+1 {{cannot be evaluated: dimension 0 has no name}}
  %p = graph.iota axis(0) : tensor<?xi64>
  return %p : tensor<?xi64>
}

// -----

func.func @huge() -> tensor<100000x100000xi64> {
  // expected-error @+1 {{gives [100000, 100000], too large for memory}}
  %p = graph.iota axis(0) : tensor<100000x100000xi64>
  return %p : tensor<100000x100000xi64>
}

// -----

func.func @no_file() -> tensor<2xf32> {
  // expected-error @+1 {{'w'}}
  %w = graph.weight "w" : tensor<2xf32>
  return %w : tensor<2xf32>
}

// -----

func.func @index_below() -> tensor<2x4xf32> {
  %t = graph.constant dense<1.0> : tensor<3x4xf32>
  %i = graph.constant dense<[0, -1]> : tensor<2xi64>
  // expected-error @+1 {{index -1 is outside the table of 3 rows}}
  %y = graph.embedding %t, %i
      : (tensor<3x4xf32>, tensor<2xi64>) -> tensor<2x4xf32>
  return %y : tensor<2x4xf32>
}

// -----

func.func @index_above() -> tensor<2x4xf32> {
  %t = graph.constant dense<1.0> : tensor<3x4xf32>
  %i = graph.constant dense<[0, 3]> : tensor<2xi64>
  // expected-error @+1 {{index 3 is outside the table of 3 rows}}
  %y = graph.embeddings tables(%t) indices(%i)
      : (tensor<3x4xf32>, tensor<2xi64>) -> tensor<2x4xf32>
  return %y : tensor<2x4xf32>
}

// -----

func.func @beyond_exact_integers() -> tensor<2xi64> {
  %x = graph.constant dense<[1, 9007199254740992]> : tensor<2xi64>
  // expected-error @+1 {{overflows: element [1] is 1.80143985e+16, which is no integer within +-2^53}}
  %y = graph.add %x, %x : (tensor<2xi64>, tensor<2xi64>) -> tensor<2xi64>
  return %y : tensor<2xi64>
}

// -----

func.func @no_integer() -> tensor<2xi64> {
  %x = graph.constant dense<[1.0, 0x7FC00000]> : tensor<2xf32>
  // expected-error @+1 {{overflows: element [1] is nan}}
  %y = graph.cast %x : tensor<2xf32> to tensor<2xi64>
  return %y : tensor<2xi64>
}

// -----

func.func @large_constant() -> tensor<i64> {
  // expected-error @+1 {{element [] is 9.22337204e+18}}
  %x = graph.constant dense<9223372036854775807> : tensor<i64>
  return %x : tensor<i64>
}

// -----

func.func @divides_by_zero() -> tensor<1x1x1x1xf32> {
  %x = graph.constant dense<1.0> : tensor<1x1x1x1xf32>
  %o = graph.attention %x, %x, %x score {
  ^bb0(%s: f32, %b: index, %h: index, %i: index, %j: index):
    // expected-error @+1 {{divides by zero}}
    %d = arith.divsi %i, %j : index
    graph.yield %s : f32
  } : (tensor<1x1x1x1xf32>, tensor<1x1x1x1xf32>, tensor<1x1x1x1xf32>)
    -> tensor<1x1x1x1xf32>
  return %o : tensor<1x1x1x1xf32>
}

// -----

func.func @extracts_from_outside() -> tensor<1x1x1x1xf32> {
  %x = graph.constant dense<1.0> : tensor<1x1x1x1xf32>
  %t = graph.constant dense<1.0> : tensor<3xf32>
  %o = graph.attention %x, %x, %x score {
  ^bb0(%s: f32, %b: index, %h: index, %i: index, %j: index):
    %three = arith.constant 3 : index
    // expected-error @+1 {{index [3] is outside 'tensor<3xf32>'}}
    %y = tensor.extract %t[%three] : tensor<3xf32>
    graph.yield %y : f32
  } : (tensor<1x1x1x1xf32>, tensor<1x1x1x1xf32>, tensor<1x1x1x1xf32>)
    -> tensor<1x1x1x1xf32>
  return %o : tensor<1x1x1x1xf32>
}

// -----

func.func @unknown_scalar_op() -> tensor<1x1x1x1xf32> {
  %x = graph.constant dense<1.0> : tensor<1x1x1x1xf32>
  %o = graph.attention %x, %x, %x score {
  ^bb0(%s: f32, %b: index, %h: index, %i: index, %j: index):
    // expected-error @+1 {{'math.atan' op is none that the evaluator of score regions knows}}
    %y = math.atan %s : f32
    graph.yield %y : f32
  } : (tensor<1x1x1x1xf32>, tensor<1x1x1x1xf32>, tensor<1x1x1x1xf32>)
    -> tensor<1x1x1x1xf32>
  return %o : tensor<1x1x1x1xf32>
}
