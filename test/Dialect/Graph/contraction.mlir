// RUN: sylvite-opt %s | FileCheck %s
// RUN: sylvite-opt %s | sylvite-opt | FileCheck %s
// RUN: sylvite-opt %s --mlir-print-op-generic | sylvite-opt | FileCheck %s
// RUN: sylvite-opt %s --emit-bytecode | sylvite-opt | FileCheck %s

// CHECK-LABEL: func @matmul
func.func @matmul(%x: tensor<?x?x384xf32, #graph.dims<batch, seq, _>>,
                  %w: tensor<384x1536xf32>, %wt: tensor<1536x384xf32>,
                  %heads: tensor<?x12x?x32xf32, #graph.dims<batch, _, seq, _>>) {
  // CHECK: graph.matmul %{{.*}}, %{{.*}} : (tensor<?x?x384xf32, #graph.dims<batch, seq, _>>, tensor<384x1536xf32>) -> tensor<?x?x1536xf32, #graph.dims<batch, seq, _>>
  %plain = graph.matmul %x, %w
      : (tensor<?x?x384xf32, #graph.dims<batch, seq, _>>, tensor<384x1536xf32>)
      -> tensor<?x?x1536xf32, #graph.dims<batch, seq, _>>
  // CHECK: graph.matmul %{{.*}}, %{{.*}} {transpose_rhs} : (tensor<?x?x384xf32, #graph.dims<batch, seq, _>>, tensor<1536x384xf32>) -> tensor<?x?x1536xf32, #graph.dims<batch, seq, _>>
  %rhs = graph.matmul %x, %wt {transpose_rhs}
      : (tensor<?x?x384xf32, #graph.dims<batch, seq, _>>, tensor<1536x384xf32>)
      -> tensor<?x?x1536xf32, #graph.dims<batch, seq, _>>
  // CHECK: graph.matmul %{{.*}}, %{{.*}} {transpose_lhs} : (tensor<384x1536xf32>, tensor<384x1536xf32>) -> tensor<1536x1536xf32>
  %lhs = graph.matmul %w, %w {transpose_lhs}
      : (tensor<384x1536xf32>, tensor<384x1536xf32>) -> tensor<1536x1536xf32>
  // Scores: two dimensions of one name.
  // CHECK: -> tensor<?x12x?x?xf32, #graph.dims<batch, _, seq, seq>>
  %scores = graph.matmul %heads, %heads {transpose_rhs}
      : (tensor<?x12x?x32xf32, #graph.dims<batch, _, seq, _>>,
         tensor<?x12x?x32xf32, #graph.dims<batch, _, seq, _>>)
      -> tensor<?x12x?x?xf32, #graph.dims<batch, _, seq, seq>>
  return
}

// Every part of the epilogue, alone and together.
// CHECK-LABEL: func @linear
func.func @linear(%x: tensor<?x4xf32, #graph.dims<seq, _>>, %w: tensor<4x8xf32>,
                  %wt: tensor<8x4xf32>, %v: tensor<8xf32>,
                  %r: tensor<?x8xf32, #graph.dims<seq, _>>) {
  // CHECK: graph.linear %[[X:.*]], %[[W:.*]] : (tensor<?x4xf32, #graph.dims<seq, _>>, tensor<4x8xf32>) -> tensor<?x8xf32, #graph.dims<seq, _>>
  %plain = graph.linear %x, %w
      : (tensor<?x4xf32, #graph.dims<seq, _>>, tensor<4x8xf32>)
      -> tensor<?x8xf32, #graph.dims<seq, _>>
  // CHECK: graph.linear %[[X]], %{{.*}} {transpose_weight} :
  %transposed = graph.linear %x, %wt {transpose_weight}
      : (tensor<?x4xf32, #graph.dims<seq, _>>, tensor<8x4xf32>)
      -> tensor<?x8xf32, #graph.dims<seq, _>>
  // CHECK: graph.linear %[[X]], %[[W]] bias(%[[V:.*]]) :
  %bias = graph.linear %x, %w bias(%v)
      : (tensor<?x4xf32, #graph.dims<seq, _>>, tensor<4x8xf32>, tensor<8xf32>)
      -> tensor<?x8xf32, #graph.dims<seq, _>>
  // CHECK: graph.linear %[[X]], %[[W]] activation(relu) :
  %activation = graph.linear %x, %w activation(relu)
      : (tensor<?x4xf32, #graph.dims<seq, _>>, tensor<4x8xf32>)
      -> tensor<?x8xf32, #graph.dims<seq, _>>
  // CHECK: graph.linear %[[X]], %[[W]] residual(%{{.*}}) :
  %residual = graph.linear %x, %w residual(%r)
      : (tensor<?x4xf32, #graph.dims<seq, _>>, tensor<4x8xf32>,
         tensor<?x8xf32, #graph.dims<seq, _>>)
      -> tensor<?x8xf32, #graph.dims<seq, _>>
  // CHECK: graph.linear %[[X]], %[[W]] norm(rms) scale(%[[V]]) :
  %norm = graph.linear %x, %w norm(rms) scale(%v)
      : (tensor<?x4xf32, #graph.dims<seq, _>>, tensor<4x8xf32>, tensor<8xf32>)
      -> tensor<?x8xf32, #graph.dims<seq, _>>
  // CHECK: graph.linear %[[X]], %[[W]] bias(%[[V]]) activation(gelu_tanh) residual(%{{.*}}) norm(layer) scale(%[[V]]) shift(%[[V]]) eps(9.9{{.*}}E-13) :
  %all = graph.linear %x, %w bias(%v) activation(gelu_tanh) residual(%r)
      norm(layer) scale(%v) shift(%v) eps(1.0e-12)
      : (tensor<?x4xf32, #graph.dims<seq, _>>, tensor<4x8xf32>, tensor<8xf32>,
         tensor<?x8xf32, #graph.dims<seq, _>>, tensor<8xf32>, tensor<8xf32>)
      -> tensor<?x8xf32, #graph.dims<seq, _>>
  return
}

// Factors may be stored narrower than what is calculated with.
// CHECK-LABEL: func @narrow_factors
func.func @narrow_factors(%x: tensor<2x4xf32>, %w: tensor<4x8xf16>,
                          %xb: tensor<2x4xbf16>, %wb: tensor<4x8xbf16>,
                          %r: tensor<2x8xf32>) {
  // CHECK: graph.linear %{{.*}}, %{{.*}} : (tensor<2x4xf32>, tensor<4x8xf16>) -> tensor<2x8xf32>
  %weight = graph.linear %x, %w
      : (tensor<2x4xf32>, tensor<4x8xf16>) -> tensor<2x8xf32>
  // CHECK: graph.linear %{{.*}}, %{{.*}} residual(%{{.*}}) : (tensor<2x4xbf16>, tensor<4x8xbf16>, tensor<2x8xf32>) -> tensor<2x8xf32>
  %both = graph.linear %xb, %wb residual(%r)
      : (tensor<2x4xbf16>, tensor<4x8xbf16>, tensor<2x8xf32>)
      -> tensor<2x8xf32>
  return
}

// CHECK-LABEL: func @activations
func.func @activations(%x: tensor<2x4xf32>, %w: tensor<4x8xf32>) {
  // A value that is the default is not written.
  // CHECK: graph.linear %{{.*}}, %{{.*}} :
  %none = graph.linear %x, %w activation(none) norm(none)
      : (tensor<2x4xf32>, tensor<4x8xf32>) -> tensor<2x8xf32>
  // CHECK: activation(gelu_erf)
  %gelu_erf = graph.linear %x, %w activation(gelu_erf)
      : (tensor<2x4xf32>, tensor<4x8xf32>) -> tensor<2x8xf32>
  // CHECK: activation(silu)
  %silu = graph.linear %x, %w activation(silu)
      : (tensor<2x4xf32>, tensor<4x8xf32>) -> tensor<2x8xf32>
  // CHECK: activation(tanh)
  %tanh = graph.linear %x, %w activation(tanh)
      : (tensor<2x4xf32>, tensor<4x8xf32>) -> tensor<2x8xf32>
  // CHECK: activation(sigmoid)
  %sigmoid = graph.linear %x, %w activation(sigmoid)
      : (tensor<2x4xf32>, tensor<4x8xf32>) -> tensor<2x8xf32>
  return
}

// CHECK-LABEL: func @quantized
func.func @quantized(%x: tensor<2x4xf32>, %b: tensor<8xf32>) -> tensor<2x8xf32> {
  %w = graph.weight "w" : tensor<8x4xf16>
  // CHECK: %[[Q:.*]], %[[S:.*]] = graph.quantize %{{.*}} axis(0) : (tensor<8x4xf16>) -> (tensor<8x4xi8>, tensor<8xf32>)
  %q, %s = graph.quantize %w axis(0)
      : (tensor<8x4xf16>) -> (tensor<8x4xi8>, tensor<8xf32>)
  // CHECK: graph.linear %{{.*}}, %[[Q]] quantized(%[[S]]) bias(%{{.*}}) {transpose_weight} : (tensor<2x4xf32>, tensor<8x4xi8>, tensor<8xf32>, tensor<8xf32>) -> tensor<2x8xf32>
  %y = graph.linear %x, %q quantized(%s) bias(%b) {transpose_weight}
      : (tensor<2x4xf32>, tensor<8x4xi8>, tensor<8xf32>, tensor<8xf32>)
      -> tensor<2x8xf32>
  return %y : tensor<2x8xf32>
}
