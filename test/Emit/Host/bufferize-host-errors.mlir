// RUN: sylvite-opt %s -sylvite-bufferize-host -split-input-file -verify-diagnostics

// expected-error @below {{axis 0 of argument 0 is dynamic and has no name in graph.dims}}
func.func @unnamed(%x: tensor<?x8xf32> {graph.name = "x"}) {
  return
}

// -----

func.func @unbound(%x: tensor<8xf32> {graph.name = "x"}) {
  // expected-error @below {{no input and no result of the function has a dimension "rows"}}
  %n = halide.dim "rows" : index
  return
}

// -----

// expected-error @below {{results 0 and 1 are both in place of argument 0}}
func.func @one_place(%x: tensor<8xf32> {graph.name = "x"})
    -> (tensor<8xf32> {graph.in_place = 0, graph.name = "y"},
        tensor<8xf32> {graph.in_place = 0, graph.name = "z"}) {
  return %x, %x : tensor<8xf32>, tensor<8xf32>
}

// -----

// expected-error @below {{argument 0 is no ranked tensor, but of type 'f32'}}
func.func @scalar(%x: f32) {
  return
}

// -----

func.func @control_flow(%x: tensor<8xf32> {graph.name = "x"}) {
  // expected-error @below {{control flow other than loops has no place in a host function}}
  %y = tensor.generate {
  ^bb0(%i: index):
    %zero = arith.constant 0.0 : f32
    tensor.yield %zero : f32
  } : tensor<8xf32>
  return
}
