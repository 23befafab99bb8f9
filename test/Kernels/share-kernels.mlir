// RUN: sylvite-opt --sylvite-form-kernels %s | FileCheck %s

// Equal kernels are one, in one function and across functions, whatever the
// names of dimensions. Different ones with one name get numbers.

// CHECK:      halide.pipeline @neg_f32_1d(
// CHECK:      halide.pipeline @neg_f32_1d_1(%{{.*}}: !halide.buffer<4xf32>)
// CHECK-NOT:  halide.pipeline

!rows = tensor<?x8xf32, #graph.dims<seq, _>>
!lines = tensor<?xf32, #graph.dims<length>>

// CHECK-LABEL: func.func @twice(
// CHECK:         halide.invoke @neg_f32_1d ins
// CHECK:         halide.invoke @neg_f32_1d ins
// CHECK:         halide.invoke @neg_f32_1d_1 ins
func.func @twice(%x: !rows, %z: tensor<4xf32>)
    -> (!rows, !rows, tensor<4xf32>) {
  %a = graph.neg %x : !rows
  %b = graph.neg %a : !rows
  %c = graph.neg %z : tensor<4xf32>
  return %a, %b, %c : !rows, !rows, tensor<4xf32>
}

// CHECK-LABEL: func.func @again(
// CHECK:         halide.invoke @neg_f32_1d ins
func.func @again(%x: !lines) -> !lines {
  %a = graph.neg %x : !lines
  return %a : !lines
}

// A function that has no part in the graph stays what it is.
// CHECK-LABEL: func.func @host(
// CHECK-NEXT:    return %{{.*}} : index
func.func @host(%i: index) -> index {
  return %i : index
}
