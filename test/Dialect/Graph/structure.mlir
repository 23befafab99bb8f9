// RUN: sylvite-opt %s | FileCheck %s
// RUN: sylvite-opt %s | sylvite-opt | FileCheck %s
// RUN: sylvite-opt %s --mlir-print-op-generic | sylvite-opt | FileCheck %s
// RUN: sylvite-opt %s --emit-bytecode | sylvite-opt | FileCheck %s

// CHECK-LABEL: module attributes {graph.weight_files = ["a.safetensors", "b.safetensors"]}
module attributes {graph.weight_files = ["a.safetensors", "b.safetensors"]} {

// What users see of a function stands at its arguments and results.
// CHECK-LABEL: func @sources
// CHECK-SAME: tensor<?xi64, #graph.dims<seq>> {graph.default = 1 : i64, graph.name = "ids", graph.range = [0, 100]}
// CHECK-SAME: -> (tensor<4xf32> {graph.name = "out"})
// CHECK-SAME: attributes {graph.dim_max = {seq = 512 : i64}}
func.func @sources(%ids: tensor<?xi64, #graph.dims<seq>>
                       {graph.name = "ids", graph.default = 1 : i64,
                        graph.range = [0, 100]})
    -> (tensor<4xf32> {graph.name = "out"})
    attributes {graph.dim_max = {seq = 512 : i64}} {
  // A weight is called by the end of its name, a constant by what it is.
  // CHECK: %query_weight = graph.weight "encoder.layer.0.query.weight" : tensor<4x4xf16>
  %w = graph.weight "encoder.layer.0.query.weight" : tensor<4x4xf16>
  // CHECK: %w = graph.weight "w" : tensor<4xf32>
  %v = graph.weight "w" : tensor<4xf32>
  // CHECK: graph.weight "" : tensor<4xf32>
  %empty = graph.weight "" : tensor<4xf32>
  // CHECK: %cst = graph.constant dense<[1, 2]> : tensor<2xi64>
  %constant = graph.constant dense<[1, 2]> : tensor<2xi64>
  // CHECK: graph.iota axis(1) : tensor<2x?xi64, #graph.dims<_, seq>>
  %iota = graph.iota axis(1) : tensor<2x?xi64, #graph.dims<_, seq>>
  return %v : tensor<4xf32>
}

// CHECK-LABEL: func @moves
func.func @moves(%x: tensor<?x?x384xf32, #graph.dims<batch, seq, _>>,
                 %r: tensor<1x4xf32>, %q: tensor<4x8xf32>) {
  // CHECK: %[[HEADS:.*]] = graph.reshape %{{.*}} : tensor<?x?x384xf32, #graph.dims<batch, seq, _>> to tensor<?x?x12x32xf32, #graph.dims<batch, seq, _, _>>
  %heads = graph.reshape %x : tensor<?x?x384xf32, #graph.dims<batch, seq, _>>
      to tensor<?x?x12x32xf32, #graph.dims<batch, seq, _, _>>
  // CHECK: graph.transpose %[[HEADS]] perm [0, 2, 1, 3] : (tensor<?x?x12x32xf32, #graph.dims<batch, seq, _, _>>) -> tensor<?x12x?x32xf32, #graph.dims<batch, _, seq, _>>
  %t = graph.transpose %heads perm [0, 2, 1, 3]
      : (tensor<?x?x12x32xf32, #graph.dims<batch, seq, _, _>>)
      -> tensor<?x12x?x32xf32, #graph.dims<batch, _, seq, _>>
  // CHECK: graph.broadcast %{{.*}} : tensor<1x4xf32> to tensor<?x8x4xf32, #graph.dims<seq, _, _>>
  %b = graph.broadcast %r : tensor<1x4xf32>
      to tensor<?x8x4xf32, #graph.dims<seq, _, _>>
  // CHECK: graph.slice %{{.*}} axis(1) [2, 5] : (tensor<4x8xf32>) -> tensor<4x3xf32>
  %s = graph.slice %q axis(1) [2, 5] : (tensor<4x8xf32>) -> tensor<4x3xf32>
  // The first element of a named axis always exists.
  // CHECK: graph.slice %{{.*}} axis(1) [0, 1] : (tensor<?x?x384xf32, #graph.dims<batch, seq, _>>) -> tensor<?x1x384xf32, #graph.dims<batch, _, _>>
  %first = graph.slice %x axis(1) [0, 1]
      : (tensor<?x?x384xf32, #graph.dims<batch, seq, _>>)
      -> tensor<?x1x384xf32, #graph.dims<batch, _, _>>
  // CHECK: graph.concat %{{.*}}, %{{.*}}, %{{.*}} axis(1) : (tensor<4x8xf32>, tensor<4x3xf32>, tensor<4x8xf32>) -> tensor<4x19xf32>
  %c = graph.concat %q, %s, %q axis(1)
      : (tensor<4x8xf32>, tensor<4x3xf32>, tensor<4x8xf32>) -> tensor<4x19xf32>
  return
}

}
