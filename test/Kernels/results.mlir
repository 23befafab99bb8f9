// RUN: sylvite-opt --sylvite-form-kernels --split-input-file %s | FileCheck %s

// Each result is a tensor of its own.

// CHECK-LABEL: halide.pipeline @copy_f32_1d(
// CHECK-SAME:    attributes {halide.class = "copy"}
// CHECK-LABEL: func.func @argument(
// CHECK-SAME:    %[[IN:.*]]: tensor<?x8xf32>
// CHECK:         %[[LINE:.*]] = tensor.collapse_shape %[[IN]]
// CHECK:         %[[COPY:.*]] = halide.invoke @copy_f32_1d ins(%[[LINE]] :
// CHECK:         %[[OUT:.*]] = tensor.expand_shape %[[COPY]]
// CHECK:         return %[[OUT]]
!x = tensor<?x8xf32, #graph.dims<seq, _>>
func.func @argument(%x: !x) -> !x {
  return %x : !x
}

// -----

// CHECK-LABEL: func.func @twice
// CHECK:         %[[Y:.*]] = halide.invoke @exp_f32_1d
// CHECK:         %[[A:.*]] = halide.invoke @copy_f32_1d ins(%[[Y]] :
// CHECK:         %[[B:.*]] = halide.invoke @copy_f32_1d ins(%[[Y]] :
// CHECK:         %[[R:.*]] = tensor.expand_shape %[[B]]
// CHECK:         return %[[Y]], %[[A]], %[[R]]
func.func @twice(%x: tensor<4xf32>)
    -> (tensor<4xf32>, tensor<4xf32>, tensor<2x2xf32>) {
  %y = graph.exp %x : tensor<4xf32>
  %r = graph.reshape %y : tensor<4xf32> to tensor<2x2xf32>
  return %y, %y, %r : tensor<4xf32>, tensor<4xf32>, tensor<2x2xf32>
}

// -----

// Weights, constants, positions; and a scalar, which kernels see as one row.
// CHECK-LABEL: halide.pipeline @iota_i64_1d() -> !halide.buffer<?xi64>
// CHECK:         %[[I:.*]] = arith.extsi %{{.*}} : i32 to i64
// CHECK:         halide.yield %[[I]]
// CHECK-LABEL: func.func @weights
// CHECK:         %[[W:.*]] = halide.weight ["w"] : tensor<4xf32>
// CHECK:         halide.invoke @copy_f32_1d ins(%[[W]] :
// CHECK:         %[[C:.*]] = halide.weight [] value(dense<5.000000e-01> : tensor<f32>) : tensor<f32>
// CHECK:         %[[ROW:.*]] = tensor.expand_shape %[[C]] [] output_shape [1]
// CHECK:         %[[COPY:.*]] = halide.invoke @copy_f32_1d_1 ins(%[[ROW]] : tensor<1xf32>)
// CHECK:         %[[SCALAR:.*]] = tensor.collapse_shape %[[COPY]] [] : tensor<1xf32> into tensor<f32>
// CHECK:         %[[P:.*]] = halide.invoke @iota_i64_1d outs(
// CHECK:         return %{{.*}}, %[[SCALAR]], %[[P]]
!ids = tensor<?xi64, #graph.dims<seq>>
func.func @weights(%ids: !ids) -> (tensor<4xf32>, tensor<f32>, !ids) {
  %w = graph.weight "w" : tensor<4xf32>
  %c = graph.constant dense<0.5> : tensor<f32>
  %p = graph.iota axis(0) : !ids
  return %w, %c, %p : tensor<4xf32>, tensor<f32>, !ids
}

// -----

// A merged name is the product of its parts.
// CHECK-LABEL: func.func @product(
// CHECK-SAME:    -> (tensor<?x8xf32> {graph.dims = ["batch*seq", ""]})
// CHECK:         %[[ALL:.*]] = arith.muli
// CHECK:         tensor.empty(%[[ALL]])
!x = tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
!rows = tensor<?x8xf32, #graph.dims<batch*seq, _>>
func.func @product(%x: !x) -> !rows {
  %r = graph.reshape %x : !x to !rows
  %y = graph.softmax %r axis(1) : !rows
  return %y : !rows
}
