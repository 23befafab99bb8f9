// RUN: sylvite-opt %s | FileCheck %s
// RUN: sylvite-opt %s | sylvite-opt | FileCheck %s
// RUN: sylvite-opt %s --mlir-print-op-generic | sylvite-opt | FileCheck %s
// RUN: sylvite-opt %s --emit-bytecode | sylvite-opt | FileCheck %s

// CHECK-LABEL: func @places
func.func @places(%x: tensor<?x6x8xf32, #graph.dims<seq, _, _>>,
                  %i: tensor<2x1xi64>, %j: tensor<3xi32>,
                  %v: tensor<f32>) {
  // CHECK: graph.extent "batch*seq" : tensor<i64>
  %n = graph.extent "batch*seq" : tensor<i64>
  // CHECK: graph.gather %{{.*}} at(%{{.*}}, %{{.*}}) axis(1) : (tensor<?x6x8xf32, #graph.dims<seq, _, _>>, tensor<2x1xi64>, tensor<3xi32>) -> tensor<?x2x3xf32, #graph.dims<seq, _, _>>
  %g = graph.gather %x at(%i, %j) axis(1)
      : (tensor<?x6x8xf32, #graph.dims<seq, _, _>>, tensor<2x1xi64>,
         tensor<3xi32>) -> tensor<?x2x3xf32, #graph.dims<seq, _, _>>
  // CHECK: graph.scatter max %{{.*}}, %{{.*}} at(%{{.*}}, %{{.*}}) axis(1) : (tensor<?x6x8xf32, #graph.dims<seq, _, _>>, tensor<?x2x3xf32, #graph.dims<seq, _, _>>, tensor<2x1xi64>, tensor<3xi32>) -> tensor<?x6x8xf32, #graph.dims<seq, _, _>>
  %s = graph.scatter max %x, %g at(%i, %j) axis(1)
      : (tensor<?x6x8xf32, #graph.dims<seq, _, _>>,
         tensor<?x2x3xf32, #graph.dims<seq, _, _>>, tensor<2x1xi64>,
         tensor<3xi32>) -> tensor<?x6x8xf32, #graph.dims<seq, _, _>>
  // CHECK: graph.pad %{{.*}}, %{{.*}} low [0, 1, 0] high [0, 0, 2] : (tensor<?x6x8xf32, #graph.dims<seq, _, _>>, tensor<f32>) -> tensor<?x7x10xf32, #graph.dims<seq, _, _>>
  %p = graph.pad %x, %v low [0, 1, 0] high [0, 0, 2]
      : (tensor<?x6x8xf32, #graph.dims<seq, _, _>>, tensor<f32>)
      -> tensor<?x7x10xf32, #graph.dims<seq, _, _>>
  return
}

// A product may have a number.
// CHECK-LABEL: func @product
// CHECK-SAME: tensor<?x8xf32, #graph.dims<6*seq, _>>
func.func @product(%x: tensor<?x6x8xf32, #graph.dims<seq, _, _>>)
    -> tensor<?x8xf32, #graph.dims<6*seq, _>> {
  %y = graph.reshape %x : tensor<?x6x8xf32, #graph.dims<seq, _, _>>
      to tensor<?x8xf32, #graph.dims<6*seq, _>>
  return %y : tensor<?x8xf32, #graph.dims<6*seq, _>>
}
