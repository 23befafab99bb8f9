// Loops of the host program, updates where the tensor is, places of the largest
// element.
//
// RUN: sylvite-opt --sylvite-form-kernels --split-input-file %s | FileCheck %s

// The kernel writes the block and reads the extent of the axis.
// CHECK-LABEL: halide.pipeline @update_f32_3d(
// CHECK-SAME: -> (!halide.buffer<8x?x2xf32> {halide.in_place})
// CHECK-SAME: halide.class = "update"
// CHECK: halide.extent %{{.*}}[1]
// CHECK: halide.undef : f32
// CHECK: halide.update
// CHECK-LABEL: func.func @update(
// CHECK-SAME: %[[C:[^:]*]]: tensor<2x?x8xf32>
// CHECK: halide.invoke @update_f32_3d ins({{.*}}, %[[C]] : {{.*}}) outs(%[[C]] :
func.func @update(%c: tensor<2x?x8xf32, #graph.dims<_, past, _>>, %r: tensor<2x1x8xf32>, %p: tensor<i64>)
    -> tensor<2x?x8xf32, #graph.dims<_, past, _>> {
  %n = graph.update %c, %r at(%p) axis(1)
      : (tensor<2x?x8xf32, #graph.dims<_, past, _>>, tensor<2x1x8xf32>, tensor<i64>)
      -> tensor<2x?x8xf32, #graph.dims<_, past, _>>
  return %n : tensor<2x?x8xf32, #graph.dims<_, past, _>>
}

// -----

// CHECK-LABEL: halide.pipeline @argmax_f32_2d(
// CHECK: halide.func "max_lanes"
// CHECK: halide.func "max"
// CHECK: halide.func "first_lanes"
// CHECK: halide.func "first"
// CHECK: halide.func "out"
func.func @argmax(%x: tensor<?x100xf32, #graph.dims<batch, _>>) -> tensor<?xi64, #graph.dims<batch>> {
  %i = graph.argmax %x axis(1) : (tensor<?x100xf32, #graph.dims<batch, _>>) -> tensor<?xi64, #graph.dims<batch>>
  return %i : tensor<?xi64, #graph.dims<batch>>
}

// -----

// Time comes first while the loop runs: that of a sequence is moved there, but
// not where all before it are ones.
// CHECK-LABEL: func.func @scan(
// CHECK-SAME: %[[X:[^:]*]]: tensor<?x?x8xf32>
// CHECK-SAME: %[[Y:[^:]*]]: tensor<1x?x4xf32>
// CHECK: %[[XT:.*]] = halide.invoke @transpose_f32_3d ins(%[[X]]
// CHECK: %[[Y2:.*]] = tensor.collapse_shape %[[Y]]
// CHECK: %[[ALL:.*]] = tensor.empty
// CHECK: scf.for %[[I:.*]] = {{.*}} iter_args(%{{.*}} = %{{.*}}, %[[S:.*]] = %[[ALL]])
// CHECK: tensor.extract_slice %[[XT]][%[[I]], 0, 0] [1, %{{.*}}, 8] [1, 1, 1]
// CHECK: tensor.insert_slice %{{.*}} into %[[S]][%[[I]], 0, 0]
// CHECK: scf.yield
func.func @scan(%x: tensor<?x?x8xf32, #graph.dims<batch, seq, _>>,
                %y: tensor<1x?x4xf32, #graph.dims<_, seq, _>>,
                %h: tensor<?x8xf32, #graph.dims<batch, _>>)
    -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>> {
  %last, %all = graph.scan carry(%h) over(%x, %y) axis(1) {
  ^bb0(%t: tensor<i64>, %c: tensor<?x8xf32, #graph.dims<batch, _>>,
       %e: tensor<?x8xf32, #graph.dims<batch, _>>, %f: tensor<1x4xf32>):
    %s = graph.add %c, %e
        : (tensor<?x8xf32, #graph.dims<batch, _>>, tensor<?x8xf32, #graph.dims<batch, _>>)
        -> tensor<?x8xf32, #graph.dims<batch, _>>
    %m = graph.reduce max %f axes [0, 1] : (tensor<1x4xf32>) -> tensor<f32>
    %n = graph.mul %s, %m
        : (tensor<?x8xf32, #graph.dims<batch, _>>, tensor<f32>)
        -> tensor<?x8xf32, #graph.dims<batch, _>>
    graph.next carry(%n : tensor<?x8xf32, #graph.dims<batch, _>>)
        emit(%n : tensor<?x8xf32, #graph.dims<batch, _>>)
  } : (tensor<?x8xf32, #graph.dims<batch, _>>, tensor<?x?x8xf32, #graph.dims<batch, seq, _>>,
       tensor<1x?x4xf32, #graph.dims<_, seq, _>>)
      -> (tensor<?x8xf32, #graph.dims<batch, _>>, tensor<?x?x8xf32, #graph.dims<batch, seq, _>>)
  return %all : tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
}

// -----

// A scan that may stop is a loop with a condition, whose outputs are zero
// before; a dimension that only the result has is asked for by its name.
// CHECK-LABEL: func.func @until()
// CHECK: %[[N:.*]] = halide.dim "steps" : index
// CHECK: halide.invoke @zeros_i64
// CHECK: scf.while (%[[I:.*]] = %{{.*}}, %[[GO:.*]] = %true
// CHECK: %[[MORE:.*]] = arith.cmpi ult, %[[I]], %[[N]]
// CHECK: %[[BOTH:.*]] = arith.andi %[[MORE]], %[[GO]]
// CHECK: scf.condition(%[[BOTH]])
// CHECK: tensor.from_elements
// CHECK: tensor.extract
func.func @until() -> tensor<?xi64, #graph.dims<steps>> {
  %two = graph.constant dense<2> : tensor<i64>
  %all = graph.scan {
  ^bb0(%t: tensor<i64>):
    %n = graph.mul %t, %t : (tensor<i64>, tensor<i64>) -> tensor<i64>
    %stop = graph.compare ge %t, %two : (tensor<i64>, tensor<i64>) -> tensor<i1>
    graph.next emit(%n : tensor<i64>) stop(%stop : tensor<i1>)
  } : () -> tensor<?xi64, #graph.dims<steps>>
  return %all : tensor<?xi64, #graph.dims<steps>>
}
