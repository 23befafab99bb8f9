// RUN: sylvite-opt %s | FileCheck %s
// RUN: sylvite-opt %s | sylvite-opt | FileCheck %s
// RUN: sylvite-opt %s --mlir-print-op-generic | sylvite-opt | FileCheck %s
// RUN: sylvite-opt %s --emit-bytecode | sylvite-opt | FileCheck %s

// CHECK-LABEL: func @unary
// CHECK-SAME: (%[[X:.*]]: tensor<?x8xf32, #graph.dims<seq, _>>, %[[B:.*]]: tensor<4xi1>)
func.func @unary(%x: tensor<?x8xf32, #graph.dims<seq, _>>, %b: tensor<4xi1>) {
  // CHECK: graph.neg %[[X]] : tensor<?x8xf32, #graph.dims<seq, _>>
  %neg = graph.neg %x : tensor<?x8xf32, #graph.dims<seq, _>>
  // CHECK: graph.abs %[[X]] :
  %abs = graph.abs %x : tensor<?x8xf32, #graph.dims<seq, _>>
  // CHECK: graph.exp %[[X]] :
  %exp = graph.exp %x : tensor<?x8xf32, #graph.dims<seq, _>>
  // CHECK: graph.log %[[X]] :
  %log = graph.log %x : tensor<?x8xf32, #graph.dims<seq, _>>
  // CHECK: graph.sqrt %[[X]] :
  %sqrt = graph.sqrt %x : tensor<?x8xf32, #graph.dims<seq, _>>
  // CHECK: graph.rsqrt %[[X]] :
  %rsqrt = graph.rsqrt %x : tensor<?x8xf32, #graph.dims<seq, _>>
  // CHECK: graph.reciprocal %[[X]] :
  %reciprocal = graph.reciprocal %x : tensor<?x8xf32, #graph.dims<seq, _>>
  // CHECK: graph.tanh %[[X]] :
  %tanh = graph.tanh %x : tensor<?x8xf32, #graph.dims<seq, _>>
  // CHECK: graph.erf %[[X]] :
  %erf = graph.erf %x : tensor<?x8xf32, #graph.dims<seq, _>>
  // CHECK: graph.sin %[[X]] :
  %sin = graph.sin %x : tensor<?x8xf32, #graph.dims<seq, _>>
  // CHECK: graph.cos %[[X]] :
  %cos = graph.cos %x : tensor<?x8xf32, #graph.dims<seq, _>>
  // CHECK: graph.sigmoid %[[X]] :
  %sigmoid = graph.sigmoid %x : tensor<?x8xf32, #graph.dims<seq, _>>
  // CHECK: graph.relu %[[X]] :
  %relu = graph.relu %x : tensor<?x8xf32, #graph.dims<seq, _>>
  // CHECK: graph.silu %[[X]] :
  %silu = graph.silu %x : tensor<?x8xf32, #graph.dims<seq, _>>
  // CHECK: graph.gelu %[[X]] : tensor<?x8xf32, #graph.dims<seq, _>>
  %gelu = graph.gelu %x : tensor<?x8xf32, #graph.dims<seq, _>>
  // CHECK: graph.gelu %[[X]] tanh : tensor<?x8xf32, #graph.dims<seq, _>>
  %gelu_tanh = graph.gelu %x tanh : tensor<?x8xf32, #graph.dims<seq, _>>
  // CHECK: graph.not %[[B]] : tensor<4xi1>
  %not = graph.not %b : tensor<4xi1>
  return
}

// Each element type, each binary op, each way to broadcast.
// CHECK-LABEL: func @binary
func.func @binary(%a: tensor<?x?x8xf32, #graph.dims<batch, seq, _>>,
                  %b: tensor<8xf32>, %s: tensor<f32>,
                  %h: tensor<4x1xf16>, %g: tensor<1x4xf16>,
                  %i: tensor<4xi64>, %j: tensor<1xi64>,
                  %d: tensor<2xf64>, %e: tensor<2xbf16>) {
  // CHECK: graph.add %{{.*}}, %{{.*}} : (tensor<?x?x8xf32, #graph.dims<batch, seq, _>>, tensor<8xf32>) -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
  %add = graph.add %a, %b
      : (tensor<?x?x8xf32, #graph.dims<batch, seq, _>>, tensor<8xf32>)
      -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
  // CHECK: graph.sub %{{.*}}, %{{.*}} : (tensor<f32>, tensor<?x?x8xf32, #graph.dims<batch, seq, _>>) -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
  %sub = graph.sub %s, %a
      : (tensor<f32>, tensor<?x?x8xf32, #graph.dims<batch, seq, _>>)
      -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
  // CHECK: graph.mul %{{.*}}, %{{.*}} : (tensor<4x1xf16>, tensor<1x4xf16>) -> tensor<4x4xf16>
  %mul = graph.mul %h, %g : (tensor<4x1xf16>, tensor<1x4xf16>) -> tensor<4x4xf16>
  // CHECK: graph.div %{{.*}}, %{{.*}} : (tensor<2xf64>, tensor<2xf64>) -> tensor<2xf64>
  %div = graph.div %d, %d : (tensor<2xf64>, tensor<2xf64>) -> tensor<2xf64>
  // CHECK: graph.pow %{{.*}}, %{{.*}} : (tensor<2xbf16>, tensor<2xbf16>) -> tensor<2xbf16>
  %pow = graph.pow %e, %e : (tensor<2xbf16>, tensor<2xbf16>) -> tensor<2xbf16>
  // CHECK: graph.maximum %{{.*}}, %{{.*}} : (tensor<4xi64>, tensor<1xi64>) -> tensor<4xi64>
  %max = graph.maximum %i, %j : (tensor<4xi64>, tensor<1xi64>) -> tensor<4xi64>
  // CHECK: graph.minimum %{{.*}}, %{{.*}} : (tensor<1xi64>, tensor<4xi64>) -> tensor<4xi64>
  %min = graph.minimum %j, %i : (tensor<1xi64>, tensor<4xi64>) -> tensor<4xi64>
  return
}

// CHECK-LABEL: func @compare_and_choose
func.func @compare_and_choose(%a: tensor<2x4xf32>, %b: tensor<4xf32>) {
  // CHECK: %[[EQ:.*]] = graph.compare eq %{{.*}}, %{{.*}} : (tensor<2x4xf32>, tensor<4xf32>) -> tensor<2x4xi1>
  %eq = graph.compare eq %a, %b
      : (tensor<2x4xf32>, tensor<4xf32>) -> tensor<2x4xi1>
  // CHECK: graph.compare ne %
  %ne = graph.compare ne %a, %b
      : (tensor<2x4xf32>, tensor<4xf32>) -> tensor<2x4xi1>
  // CHECK: graph.compare lt %
  %lt = graph.compare lt %a, %b
      : (tensor<2x4xf32>, tensor<4xf32>) -> tensor<2x4xi1>
  // CHECK: graph.compare le %
  %le = graph.compare le %a, %b
      : (tensor<2x4xf32>, tensor<4xf32>) -> tensor<2x4xi1>
  // CHECK: graph.compare gt %
  %gt = graph.compare gt %a, %b
      : (tensor<2x4xf32>, tensor<4xf32>) -> tensor<2x4xi1>
  // CHECK: graph.compare ge %
  %ge = graph.compare ge %a, %b
      : (tensor<2x4xf32>, tensor<4xf32>) -> tensor<2x4xi1>
  // CHECK: graph.and %[[EQ]], %{{.*}} : (tensor<2x4xi1>, tensor<2x4xi1>) -> tensor<2x4xi1>
  %and = graph.and %eq, %ne : (tensor<2x4xi1>, tensor<2x4xi1>) -> tensor<2x4xi1>
  // CHECK: graph.or %[[EQ]], %{{.*}} : (tensor<2x4xi1>, tensor<2x4xi1>) -> tensor<2x4xi1>
  %or = graph.or %eq, %lt : (tensor<2x4xi1>, tensor<2x4xi1>) -> tensor<2x4xi1>
  // CHECK: graph.select %[[EQ]], %{{.*}}, %{{.*}} : (tensor<2x4xi1>, tensor<4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  %select = graph.select %eq, %b, %a
      : (tensor<2x4xi1>, tensor<4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  // CHECK: graph.cast %[[EQ]] : tensor<2x4xi1> to tensor<2x4xf32>
  %cast = graph.cast %eq : tensor<2x4xi1> to tensor<2x4xf32>
  return
}
