// Loops over time, updates and calls survive printing and parsing, and calls
// can be inlined.
//
// RUN: sylvite-opt %s | sylvite-opt | FileCheck %s
// RUN: sylvite-opt %s --inline | FileCheck %s --check-prefix=INLINE

func.func private @step(%h: tensor<?x8xf32, #graph.dims<batch, _>>) -> tensor<?x8xf32, #graph.dims<batch, _>> {
  %n = graph.tanh %h : tensor<?x8xf32, #graph.dims<batch, _>>
  return %n : tensor<?x8xf32, #graph.dims<batch, _>>
}

// CHECK-LABEL: func.func @scan
// CHECK: graph.scan carry(%{{.*}}) over(%{{.*}}) axis(1) reverse {
// CHECK: graph.next carry(%{{.*}} : {{.*}}) emit(%{{.*}} : {{.*}})
// INLINE-LABEL: func.func @scan
// INLINE-NOT: call
// INLINE: graph.scan
// INLINE: graph.tanh
func.func @scan(%h: tensor<?x8xf32, #graph.dims<batch, _>>,
                %x: tensor<?x?x8xf32, #graph.dims<batch, seq, _>>)
    -> (tensor<?x8xf32, #graph.dims<batch, _>>, tensor<?x?x8xf32, #graph.dims<batch, seq, _>>) {
  %last, %all = graph.scan carry(%h) over(%x) axis(1) reverse {
  ^bb0(%t: tensor<i64>, %c: tensor<?x8xf32, #graph.dims<batch, _>>, %e: tensor<?x8xf32, #graph.dims<batch, _>>):
    %s = graph.add %c, %e
        : (tensor<?x8xf32, #graph.dims<batch, _>>, tensor<?x8xf32, #graph.dims<batch, _>>)
        -> tensor<?x8xf32, #graph.dims<batch, _>>
    %n = func.call @step(%s) : (tensor<?x8xf32, #graph.dims<batch, _>>) -> tensor<?x8xf32, #graph.dims<batch, _>>
    graph.next carry(%n : tensor<?x8xf32, #graph.dims<batch, _>>) emit(%n : tensor<?x8xf32, #graph.dims<batch, _>>)
  } : (tensor<?x8xf32, #graph.dims<batch, _>>, tensor<?x?x8xf32, #graph.dims<batch, seq, _>>)
      -> (tensor<?x8xf32, #graph.dims<batch, _>>, tensor<?x?x8xf32, #graph.dims<batch, seq, _>>)
  return %last, %all : tensor<?x8xf32, #graph.dims<batch, _>>, tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
}

// CHECK-LABEL: func.func @update
// CHECK: graph.update %{{.*}}, %{{.*}} at(%{{.*}}) axis(1) offsets [2, 0]
func.func @update(%c: tensor<3x?xf32, #graph.dims<_, past>>, %r: tensor<1x1xf32>, %p: tensor<i64>)
    -> (tensor<3x?xf32, #graph.dims<_, past>> {graph.in_place = 0 : i64}) {
  %n = graph.update %c, %r at(%p) axis(1) offsets [2, 0]
      : (tensor<3x?xf32, #graph.dims<_, past>>, tensor<1x1xf32>, tensor<i64>)
      -> tensor<3x?xf32, #graph.dims<_, past>>
  return %n : tensor<3x?xf32, #graph.dims<_, past>>
}
