// RUN: sylvite-opt %s -sylvite-bufferize-host -split-input-file -verify-diagnostics

// expected-error @below {{axis 0 of argument 0 is dynamic and has no name in graph.dims}}
func.func @unnamed(%x: tensor<?x8xf32> {graph.name = "x"}) {
  return
}

// -----

// expected-error @below {{no input binds the dimension "rows" of result 0}}
func.func @unbound(%x: tensor<8xf32> {graph.name = "x"}, %n: tensor<1xi64>)
    -> (tensor<?xf32> {graph.dims = ["rows"], graph.name = "y"}) {
  %c4 = arith.constant 4 : index
  %y = tensor.empty(%c4) : tensor<?xf32>
  return %y : tensor<?xf32>
}

// -----

// expected-error @below {{argument 0 is no ranked tensor, but of type 'f32'}}
func.func @scalar(%x: f32) {
  return
}

// -----

func.func @control_flow(%x: tensor<8xf32> {graph.name = "x"}) {
  // expected-error @below {{control flow has no place in a host function}}
  %y = tensor.generate {
  ^bb0(%i: index):
    %zero = arith.constant 0.0 : f32
    tensor.yield %zero : f32
  } : tensor<8xf32>
  return
}
