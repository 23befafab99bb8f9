// RUN: sylvite-opt %s | FileCheck %s
// RUN: sylvite-opt %s --mlir-print-op-generic | sylvite-opt | FileCheck %s

// Two dimensions of one name have one extent, and results inherit names.

// CHECK-LABEL: func private @spelling
// CHECK-SAME: tensor<?x8xf32, #graph.dims<seq, _>>
// CHECK-SAME: tensor<?x?xf32, #graph.dims<_, seq>>
// CHECK-SAME: tensor<?x?xf32, #graph.dims<seq, seq>>
// CHECK-SAME: tensor<?xf32, #graph.dims<batch*seq*seq>>
// A dimension without a name, in a tensor without names, is MLIR's own.
// CHECK-SAME: tensor<?xf32>
func.func private @spelling(tensor<?x8xf32, #graph.dims<seq, _>>,
                            tensor<?x?xf32, #graph.dims<_, seq>>,
                            tensor<?x?xf32, #graph.dims<seq, seq>>,
                            tensor<?xf32, #graph.dims<batch*seq*seq>>,
                            tensor<?xf32>)

// A name broadcasts against itself and against 1, at any distance from the end.
// CHECK-LABEL: func @broadcast
func.func @broadcast(%a: tensor<?x1xf32, #graph.dims<batch, _>>,
                     %b: tensor<?xf32, #graph.dims<seq>>,
                     %c: tensor<1x1x?xf32, #graph.dims<_, _, seq>>) {
  // CHECK: -> tensor<?x?xf32, #graph.dims<batch, seq>>
  %outer = graph.add %a, %b
      : (tensor<?x1xf32, #graph.dims<batch, _>>,
         tensor<?xf32, #graph.dims<seq>>)
      -> tensor<?x?xf32, #graph.dims<batch, seq>>
  // CHECK: -> tensor<1x?x?xf32, #graph.dims<_, batch, seq>>
  %all = graph.add %outer, %c
      : (tensor<?x?xf32, #graph.dims<batch, seq>>,
         tensor<1x1x?xf32, #graph.dims<_, _, seq>>)
      -> tensor<1x?x?xf32, #graph.dims<_, batch, seq>>
  return
}

// Merging and splitting dimensions multiplies names; order does not matter.
// CHECK-LABEL: func @products
func.func @products(%x: tensor<?x?x8xf32, #graph.dims<batch, seq, _>>) {
  // CHECK: to tensor<?x8xf32, #graph.dims<batch*seq, _>>
  %rows = graph.reshape %x : tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
      to tensor<?x8xf32, #graph.dims<batch*seq, _>>
  // CHECK: to tensor<2x?x?x4xf32, #graph.dims<_, seq, batch, _>>
  %back = graph.reshape %rows : tensor<?x8xf32, #graph.dims<batch*seq, _>>
      to tensor<2x?x?x4xf32, #graph.dims<_, seq, batch, _>>
  return
}

// Tensors one after the other sum names up, whatever the order.
// CHECK-LABEL: func @sums
func.func @sums(%past: tensor<?x?xf32, #graph.dims<batch, past>>,
                %seq: tensor<?x?xf32, #graph.dims<batch, seq>>,
                %one: tensor<?x1xf32, #graph.dims<batch, _>>) {
  // CHECK: -> tensor<?x?xf32, #graph.dims<batch, (past+seq+1)>>
  %all = graph.concat %seq, %one, %past axis(1)
      : (tensor<?x?xf32, #graph.dims<batch, seq>>,
         tensor<?x1xf32, #graph.dims<batch, _>>,
         tensor<?x?xf32, #graph.dims<batch, past>>)
      -> tensor<?x?xf32, #graph.dims<batch, (past+seq+1)>>
  // CHECK: -> tensor<?x?xf32, #graph.dims<batch, 2*(past+seq+1)>>
  %twice = graph.concat %all, %all axis(1)
      : (tensor<?x?xf32, #graph.dims<batch, (past+seq+1)>>,
         tensor<?x?xf32, #graph.dims<batch, (past+seq+1)>>)
      -> tensor<?x?xf32, #graph.dims<batch, 2*(past+seq+1)>>
  // CHECK: to tensor<?x2xf32, #graph.dims<batch*(past+seq+1), _>>
  %rows = graph.reshape %twice
      : tensor<?x?xf32, #graph.dims<batch, 2*(past+seq+1)>>
      to tensor<?x2xf32, #graph.dims<batch*(past+seq+1), _>>
  return
}

// A product is a name like others: it contracts and broadcasts with itself.
// CHECK-LABEL: func @product_as_name
func.func @product_as_name(%x: tensor<8x?xf32, #graph.dims<_, batch*seq>>) {
  // CHECK: -> tensor<8x8xf32>
  %gram = graph.matmul %x, %x {transpose_rhs}
      : (tensor<8x?xf32, #graph.dims<_, batch*seq>>,
         tensor<8x?xf32, #graph.dims<_, batch*seq>>) -> tensor<8x8xf32>
  return
}

// Contraction drops names, a table's rows keep those of the indices.
// CHECK-LABEL: func @inherited
func.func @inherited(%p: tensor<?x?x?xf32, #graph.dims<batch, query, key>>,
                     %v: tensor<?x?x8xf32, #graph.dims<batch, key, _>>,
                     %t: tensor<100x8xf32>,
                     %i: tensor<?x?xi64, #graph.dims<batch, query>>) {
  // CHECK: -> tensor<?x?x8xf32, #graph.dims<batch, query, _>>
  %context = graph.matmul %p, %v
      : (tensor<?x?x?xf32, #graph.dims<batch, query, key>>,
         tensor<?x?x8xf32, #graph.dims<batch, key, _>>)
      -> tensor<?x?x8xf32, #graph.dims<batch, query, _>>
  // CHECK: -> tensor<?x?x8xf32, #graph.dims<batch, query, _>>
  %rows = graph.embedding %t, %i
      : (tensor<100x8xf32>, tensor<?x?xi64, #graph.dims<batch, query>>)
      -> tensor<?x?x8xf32, #graph.dims<batch, query, _>>
  return
}
