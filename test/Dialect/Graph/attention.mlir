// RUN: sylvite-opt %s | FileCheck %s
// RUN: sylvite-opt %s | sylvite-opt | FileCheck %s
// RUN: sylvite-opt %s --mlir-print-op-generic | sylvite-opt | FileCheck %s
// RUN: sylvite-opt %s --emit-bytecode | sylvite-opt | FileCheck %s

// CHECK-LABEL: func @layouts
func.func @layouts(%x: tensor<?x?x4x32xf32, #graph.dims<batch, seq, _, _>>,
                   %h: tensor<?x4x?x32xf32, #graph.dims<batch, _, seq, _>>) {
  // CHECK: graph.attention %[[X:.*]], %[[X]], %[[X]] scale(2.500000e-01) layout(bshd) :
  %bshd = graph.attention %x, %x, %x scale(0.25) layout(bshd)
      : (tensor<?x?x4x32xf32, #graph.dims<batch, seq, _, _>>,
         tensor<?x?x4x32xf32, #graph.dims<batch, seq, _, _>>,
         tensor<?x?x4x32xf32, #graph.dims<batch, seq, _, _>>)
      -> tensor<?x?x4x32xf32, #graph.dims<batch, seq, _, _>>
  // The default of everything is not written.
  // CHECK: graph.attention %[[H:.*]], %[[H]], %[[H]] :
  %bhsd = graph.attention %h, %h, %h similarity(dot) scale(1.0) layout(bhsd)
      : (tensor<?x4x?x32xf32, #graph.dims<batch, _, seq, _>>,
         tensor<?x4x?x32xf32, #graph.dims<batch, _, seq, _>>,
         tensor<?x4x?x32xf32, #graph.dims<batch, _, seq, _>>)
      -> tensor<?x4x?x32xf32, #graph.dims<batch, _, seq, _>>
  return
}

// More query heads than key heads, another number of keys, and values of
// another width.
// CHECK-LABEL: func @grouped
func.func @grouped(%q: tensor<?x8x?x32xf32, #graph.dims<batch, _, new, _>>,
                   %k: tensor<?x2x?x32xf32, #graph.dims<batch, _, all, _>>,
                   %v: tensor<?x2x?x16xf32, #graph.dims<batch, _, all, _>>) {
  // CHECK: graph.attention %{{.*}}, %{{.*}}, %{{.*}} mask(causal_to_end) : {{.*}} -> tensor<?x8x?x16xf32, #graph.dims<batch, _, new, _>>
  %o = graph.attention %q, %k, %v mask(causal_to_end)
      : (tensor<?x8x?x32xf32, #graph.dims<batch, _, new, _>>,
         tensor<?x2x?x32xf32, #graph.dims<batch, _, all, _>>,
         tensor<?x2x?x16xf32, #graph.dims<batch, _, all, _>>)
      -> tensor<?x8x?x16xf32, #graph.dims<batch, _, new, _>>
  return
}

// CHECK-LABEL: func @similarities
func.func @similarities(%x: tensor<2x4x8x32xf32>, %w: tensor<32x32xf32>,
                        %wq: tensor<32x16xf32>, %wk: tensor<32x16xf32>,
                        %v: tensor<16xf32>) {
  // CHECK: graph.attention %{{.*}}, %{{.*}}, %{{.*}} similarity(cosine) :
  %cosine = graph.attention %x, %x, %x similarity(cosine)
      : (tensor<2x4x8x32xf32>, tensor<2x4x8x32xf32>, tensor<2x4x8x32xf32>)
      -> tensor<2x4x8x32xf32>
  // CHECK: similarity(general) with(%{{.*}}) :
  %general = graph.attention %x, %x, %x similarity(general) with(%w)
      : (tensor<2x4x8x32xf32>, tensor<2x4x8x32xf32>, tensor<2x4x8x32xf32>,
         tensor<32x32xf32>) -> tensor<2x4x8x32xf32>
  // CHECK: similarity(additive) with(%{{.*}}, %{{.*}}, %{{.*}}) scale(5.000000e-01) :
  %additive = graph.attention %x, %x, %x
      similarity(additive) with(%wq, %wk, %v) scale(0.5)
      : (tensor<2x4x8x32xf32>, tensor<2x4x8x32xf32>, tensor<2x4x8x32xf32>,
         tensor<32x16xf32>, tensor<32x16xf32>, tensor<16xf32>)
      -> tensor<2x4x8x32xf32>
  return
}

// CHECK-LABEL: func @score_region
func.func @score_region(%x: tensor<2x4x8x32xf32>, %bias: tensor<4x1x8xf32>) {
  // CHECK: graph.attention %{{.*}}, %{{.*}}, %{{.*}} bias(%{{.*}}) score {
  // CHECK-NEXT: ^bb0(%[[SCORE:.*]]: f32, %{{.*}}: index, %{{.*}}: index, %{{.*}}: index, %{{.*}}: index):
  // CHECK-NEXT: %[[CAPPED:.*]] = math.tanh %[[SCORE]] : f32
  // CHECK-NEXT: graph.yield %[[CAPPED]] : f32
  // CHECK-NEXT: } : (tensor<2x4x8x32xf32>,
  %o = graph.attention %x, %x, %x bias(%bias) score {
  ^bb0(%s: f32, %b: index, %h: index, %i: index, %j: index):
    %capped = math.tanh %s : f32
    graph.yield %capped : f32
  } : (tensor<2x4x8x32xf32>, tensor<2x4x8x32xf32>, tensor<2x4x8x32xf32>,
       tensor<4x1x8xf32>) -> tensor<2x4x8x32xf32>
  return
}
