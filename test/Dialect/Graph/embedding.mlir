// RUN: sylvite-opt %s | FileCheck %s
// RUN: sylvite-opt %s | sylvite-opt | FileCheck %s
// RUN: sylvite-opt %s --mlir-print-op-generic | sylvite-opt | FileCheck %s
// RUN: sylvite-opt %s --emit-bytecode | sylvite-opt | FileCheck %s

// CHECK-LABEL: func @tables
func.func @tables(%word: tensor<100x8xf32>, %position: tensor<64x8xf32>,
                  %type: tensor<2x8xf32>,
                  %ids: tensor<?x?xi64, #graph.dims<batch, seq>>,
                  %p: tensor<?xi64, #graph.dims<seq>>, %v: tensor<8xf32>) {
  // CHECK: graph.embedding %{{.*}}, %{{.*}} : (tensor<100x8xf32>, tensor<?x?xi64, #graph.dims<batch, seq>>) -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
  %one = graph.embedding %word, %ids
      : (tensor<100x8xf32>, tensor<?x?xi64, #graph.dims<batch, seq>>)
      -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
  // CHECK: graph.embeddings tables(%{{.*}}) indices(%{{.*}}) : (tensor<64x8xf32>, tensor<?xi64, #graph.dims<seq>>) -> tensor<?x8xf32, #graph.dims<seq, _>>
  %plain = graph.embeddings tables(%position) indices(%p)
      : (tensor<64x8xf32>, tensor<?xi64, #graph.dims<seq>>)
      -> tensor<?x8xf32, #graph.dims<seq, _>>
  // CHECK: graph.embeddings tables(%{{.*}}, %{{.*}}, %{{.*}}) indices(%{{.*}}, %{{.*}}, %{{.*}}) norm(layer) scale(%[[V:.*]]) bias(%[[V]]) eps(9.9{{.*}}E-13) :
  %all = graph.embeddings tables(%word, %position, %type)
      indices(%ids, %p, %ids) norm(layer) scale(%v) bias(%v) eps(1.0e-12)
      : (tensor<100x8xf32>, tensor<64x8xf32>, tensor<2x8xf32>,
         tensor<?x?xi64, #graph.dims<batch, seq>>,
         tensor<?xi64, #graph.dims<seq>>,
         tensor<?x?xi64, #graph.dims<batch, seq>>, tensor<8xf32>, tensor<8xf32>)
      -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
  return
}

// CHECK-LABEL: func @pool
func.func @pool(%x: tensor<?x?x8xf32, #graph.dims<batch, seq, _>>,
                %m: tensor<?x?xi64, #graph.dims<batch, seq>>) {
  // CHECK: graph.pool cls %{{.*}} : (tensor<?x?x8xf32, #graph.dims<batch, seq, _>>) -> tensor<?x8xf32, #graph.dims<batch, _>>
  %cls = graph.pool cls %x
      : (tensor<?x?x8xf32, #graph.dims<batch, seq, _>>)
      -> tensor<?x8xf32, #graph.dims<batch, _>>
  // CHECK: graph.pool max %{{.*}} mask(%{{.*}}) :
  %max = graph.pool max %x mask(%m)
      : (tensor<?x?x8xf32, #graph.dims<batch, seq, _>>,
         tensor<?x?xi64, #graph.dims<batch, seq>>)
      -> tensor<?x8xf32, #graph.dims<batch, _>>
  // CHECK: graph.pool mean %{{.*}} mask(%{{.*}}) normalize eps(1.000000e-03) :
  %mean = graph.pool mean %x mask(%m) normalize eps(1.0e-3)
      : (tensor<?x?x8xf32, #graph.dims<batch, seq, _>>,
         tensor<?x?xi64, #graph.dims<batch, seq>>)
      -> tensor<?x8xf32, #graph.dims<batch, _>>
  return
}
