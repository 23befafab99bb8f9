// RUN: sylvite-opt %s | FileCheck %s
// RUN: sylvite-opt %s | sylvite-opt | FileCheck %s
// RUN: sylvite-opt %s --mlir-print-op-generic | sylvite-opt | FileCheck %s
// RUN: sylvite-opt %s --emit-bytecode | sylvite-opt | FileCheck %s

// CHECK-LABEL: func @reduce
func.func @reduce(%x: tensor<?x4x8xf32, #graph.dims<seq, _, _>>) {
  // CHECK: graph.reduce sum %{{.*}} axes [2] : (tensor<?x4x8xf32, #graph.dims<seq, _, _>>) -> tensor<?x4xf32, #graph.dims<seq, _>>
  %sum = graph.reduce sum %x axes [2]
      : (tensor<?x4x8xf32, #graph.dims<seq, _, _>>)
      -> tensor<?x4xf32, #graph.dims<seq, _>>
  // CHECK: graph.reduce mean %{{.*}} axes [1, 2] keepdims : (tensor<?x4x8xf32, #graph.dims<seq, _, _>>) -> tensor<?x1x1xf32, #graph.dims<seq, _, _>>
  %mean = graph.reduce mean %x axes [1, 2] keepdims
      : (tensor<?x4x8xf32, #graph.dims<seq, _, _>>)
      -> tensor<?x1x1xf32, #graph.dims<seq, _, _>>
  // A result without dynamic dimensions has no names either.
  // CHECK: graph.reduce max %{{.*}} axes [0] : (tensor<?x4x8xf32, #graph.dims<seq, _, _>>) -> tensor<4x8xf32>
  %max = graph.reduce max %x axes [0]
      : (tensor<?x4x8xf32, #graph.dims<seq, _, _>>) -> tensor<4x8xf32>
  // CHECK: graph.reduce min %{{.*}} axes [2, 0, 1] : (tensor<?x4x8xf32, #graph.dims<seq, _, _>>) -> tensor<f32>
  %min = graph.reduce min %x axes [2, 0, 1]
      : (tensor<?x4x8xf32, #graph.dims<seq, _, _>>) -> tensor<f32>
  return
}

// CHECK-LABEL: func @along_an_axis
func.func @along_an_axis(%x: tensor<2x8xf32>, %i: tensor<2x8xi64>) {
  // CHECK: graph.cumsum %{{.*}} axis(1) : tensor<2x8xi64>
  %cumsum = graph.cumsum %i axis(1) : tensor<2x8xi64>
  // CHECK: graph.softmax %{{.*}} axis(0) : tensor<2x8xf32>
  %softmax = graph.softmax %x axis(0) : tensor<2x8xf32>
  // CHECK: graph.log_softmax %{{.*}} axis(1) : tensor<2x8xf32>
  %log_softmax = graph.log_softmax %x axis(1) : tensor<2x8xf32>
  // CHECK: graph.l2_normalize %{{.*}} axis(1) : tensor<2x8xf32>
  %plain = graph.l2_normalize %x axis(1) : tensor<2x8xf32>
  // CHECK: graph.l2_normalize %{{.*}} axis(1) {eps = 1.000000e-03 : f64} : tensor<2x8xf32>
  %eps = graph.l2_normalize %x axis(1) {eps = 1.0e-3 : f64} : tensor<2x8xf32>
  return
}

// CHECK-LABEL: func @norms
func.func @norms(%x: tensor<?x8xf32, #graph.dims<seq, _>>, %v: tensor<8xf32>) {
  // CHECK: graph.layer_norm %[[X:.*]] : (tensor<?x8xf32, #graph.dims<seq, _>>) -> tensor<?x8xf32, #graph.dims<seq, _>>
  %plain = graph.layer_norm %x
      : (tensor<?x8xf32, #graph.dims<seq, _>>)
      -> tensor<?x8xf32, #graph.dims<seq, _>>
  // CHECK: graph.layer_norm %[[X]] residual(%[[X]]) scale(%[[V:.*]]) bias(%[[V]]) eps(1.000000e-03) :
  %all = graph.layer_norm %x residual(%x) scale(%v) bias(%v) eps(1.0e-3)
      : (tensor<?x8xf32, #graph.dims<seq, _>>,
         tensor<?x8xf32, #graph.dims<seq, _>>, tensor<8xf32>, tensor<8xf32>)
      -> tensor<?x8xf32, #graph.dims<seq, _>>
  // CHECK: graph.rms_norm %[[X]] scale(%[[V]]) :
  %scale = graph.rms_norm %x scale(%v)
      : (tensor<?x8xf32, #graph.dims<seq, _>>, tensor<8xf32>)
      -> tensor<?x8xf32, #graph.dims<seq, _>>
  // CHECK: graph.rms_norm %[[X]] bias(%[[V]]) eps(0.000000e+00) :
  %bias = graph.rms_norm %x bias(%v) eps(0.0)
      : (tensor<?x8xf32, #graph.dims<seq, _>>, tensor<8xf32>)
      -> tensor<?x8xf32, #graph.dims<seq, _>>
  return
}
