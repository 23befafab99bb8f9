// RUN: sylvite-opt --sylvite-form-kernels --split-input-file --verify-diagnostics %s

func.func @foreign(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @below {{no kernel for 'arith.addf'}}
  %y = arith.addf %x, %x : tensor<4xf32>
  %z = graph.neg %y : tensor<4xf32>
  return %z : tensor<4xf32>
}

// -----

func.func @no_tensor(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @below {{no kernel for a value of type 'index'}}
  %i = arith.constant 0 : index
  %y = graph.neg %x : tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

// expected-error @below {{a dynamic dimension of 'tensor<?xf32>' has no name}}
func.func @nameless(%x: tensor<?xf32>) -> tensor<?xf32> {
  %y = graph.neg %x : tensor<?xf32>
  return %y : tensor<?xf32>
}

// -----

func.func @unbound(%x: tensor<?xf32, #graph.dims<seq>>) -> tensor<i64> {
  // expected-error @below {{no argument and no result of the function has a dimension 'past', so that its extent is unknown}}
  %y = graph.iota axis(0) : tensor<?xi64, #graph.dims<past>>
  %z = graph.reduce max %y axes [0]
      : (tensor<?xi64, #graph.dims<past>>) -> tensor<i64>
  return %z : tensor<i64>
}

// -----

func.func @huge(%x: tensor<65536x1xf32>) -> tensor<65536x32768xf32> {
  // expected-error @below {{no kernel for 'tensor<65536x32768xf32>': kernels index with 32 bits, and this has 2^31 elements or more}}
  %y = graph.broadcast %x : tensor<65536x1xf32> to tensor<65536x32768xf32>
  return %y : tensor<65536x32768xf32>
}

// -----

!deep = tensor<1x1x1x1x1x1x1x1x1x1x1x1x4xf32>
// expected-error @below {{no kernel for a tensor of rank 13: at most 12 dimensions}}
func.func @deep(%x: !deep) -> !deep {
  %y = graph.neg %x : !deep
  return %y : !deep
}

// -----

func.func @mean_of_integers(%x: tensor<4xi64>) -> tensor<i64> {
  // expected-error @below {{no kernel for the mean of 'i64' elements; cast them to a float first}}
  %y = graph.reduce mean %x axes [0] : (tensor<4xi64>) -> tensor<i64>
  return %y : tensor<i64>
}

// -----

func.func @sum_of_booleans(%x: tensor<4xi1>) -> tensor<4xi1> {
  // expected-error @below {{no kernel for the running sum of i1 elements; cast them to an integer first}}
  %y = graph.cumsum %x axis(0) : tensor<4xi1>
  return %y : tensor<4xi1>
}

// -----

// expected-error @below {{unknown target 'pdp-11'}}
module attributes {sylvite.target = "pdp-11"} {
  func.func @f(%x: tensor<4xf32>) -> tensor<4xf32> {
    %y = graph.neg %x : tensor<4xf32>
    return %y : tensor<4xf32>
  }
}

// -----

// expected-error @below {{a function of graph ops must have one block}}
func.func @blocks(%x: tensor<4xf32>) -> tensor<4xf32> {
  %y = graph.neg %x : tensor<4xf32>
  llvm.br ^end
^end:
  return %y : tensor<4xf32>
}

// -----

!x = tensor<?x2x?x?xf32, #graph.dims<batch, _, seq, features>>
func.func @dynamic_features(%x: !x) -> !x {
  // expected-error @below {{has no kernel for a dynamic number of features}}
  %y = graph.attention %x, %x, %x : (!x, !x, !x) -> !x
  return %y : !x
}

// -----

!x = tensor<?x2x?x8xf32, #graph.dims<batch, _, seq, _>>
func.func @loop_in_formula(%x: !x) -> !x {
  %y = graph.attention %x, %x, %x score {
  ^bb0(%s: f32, %b: index, %h: index, %i: index, %j: index):
    %n = arith.constant 4 : index
    // expected-error @below {{no kernel for 'tensor.generate' in a score region: ops on scalars and tensor.extract can stand there}}
    %t = tensor.generate %n {
    ^bb0(%k: index):
      tensor.yield %s : f32
    } : tensor<?xf32>
    %z = tensor.extract %t[%i] : tensor<?xf32>
    graph.yield %z : f32
  } : (!x, !x, !x) -> !x
  return %y : !x
}

// -----

// Scales that are not the outputs', and integers that come at run time.
func.func @scales_of_inputs(%x: tensor<2x8xf32>) -> tensor<2x8xf32> {
  %w = graph.weight "w" : tensor<8x8xf32>
  %q, %s = graph.quantize %w axis(1)
      : (tensor<8x8xf32>) -> (tensor<8x8xi8>, tensor<8xf32>)
  // expected-error @below {{has no kernel: its quantised weight must be what graph.quantize makes, along the outputs, of a matrix that is known when the model is compiled}}
  %y = graph.linear %x, %q quantized(%s) {transpose_weight}
      : (tensor<2x8xf32>, tensor<8x8xi8>, tensor<8xf32>) -> tensor<2x8xf32>
  return %y : tensor<2x8xf32>
}

// -----

func.func @integers_at_run_time(%x: tensor<2x8xf32>, %q: tensor<8x8xi8>,
                                %s: tensor<8xf32>) -> tensor<2x8xf32> {
  // expected-error @below {{has no kernel: its quantised weight must be}}
  %y = graph.linear %x, %q quantized(%s)
      : (tensor<2x8xf32>, tensor<8x8xi8>, tensor<8xf32>) -> tensor<2x8xf32>
  return %y : tensor<2x8xf32>
}

// -----

func.func @integers_elsewhere() -> tensor<8x8xi8> {
  %w = graph.weight "w" : tensor<8x8xf32>
  // expected-error @below {{gives integers that are no weight of a graph.linear: no kernel reads them}}
  %q, %s = graph.quantize %w axis(0)
      : (tensor<8x8xf32>) -> (tensor<8x8xi8>, tensor<8xf32>)
  return %q : tensor<8x8xi8>
}
