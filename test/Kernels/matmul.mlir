// RUN: sylvite-opt --sylvite-form-kernels --split-input-file %s | FileCheck %s

// Batched, with leading dimensions that broadcast and a transposed left side.
// Rows and columns beyond the last one repeat it; the kernel packs panels.
// CHECK-LABEL: halide.pipeline @matmul_f32_3d(
// CHECK-SAME:    %[[A:.*]]: !halide.buffer<4x?x?xf32>, %[[B:.*]]: !halide.buffer<8x?x1xf32>) -> !halide.buffer<8x4x?xf32>
// CHECK-DAG:     %[[ZERO:.*]] = arith.constant 0 : i32
// CHECK-DAG:     %[[LAST:.*]] = arith.constant 7 : i32
// CHECK-DAG:     %[[LAST_ROW:.*]] = arith.constant 3 : i32
// CHECK-DAG:     %[[PANEL:.*]] = arith.constant 24 : i32
// CHECK-DAG:     %[[DEPTH:.*]] = halide.extent %[[A]][1]
// CHECK:         %[[RHS:.*]] = halide.func "rhs"(ni = %[[NI:.*]], k = %[[K:.*]], no = %[[NO:.*]], b0 = %{{.*}}) : f32
// CHECK:           %[[START:.*]] = arith.muli %[[NO]], %[[PANEL]]
// CHECK:           %[[N:.*]] = arith.addi %[[START]], %[[NI]]
// CHECK:           %[[COLUMN:.*]] = arith.minsi %[[N]], %[[LAST]]
// CHECK:           halide.load %[[B]][%[[COLUMN]], %[[K]], %[[ZERO]]]
// CHECK:         halide.update %{{.*}}(n = %[[N:.*]], m = %[[M:.*]], b0 = %[[BATCH:.*]]) over (k = %[[K:.*]] in %[[ZERO]] to %[[DEPTH]])
// CHECK:           %[[ROW:.*]] = arith.minsi %[[M]], %[[LAST_ROW]]
// CHECK:           halide.load %[[A]][%[[ROW]], %[[K]], %[[BATCH]]]
// CHECK:           %[[NI:.*]] = arith.remui %[[N]], %[[PANEL]]
// CHECK:           %[[NO:.*]] = arith.floordivsi %[[N]], %[[PANEL]]
// CHECK:           halide.call %[[RHS]](%[[NI]], %[[K]], %[[NO]], %[[BATCH]])
!a = tensor<?x?x4xf32, #graph.dims<batch, seq, _>>
!b = tensor<1x?x8xf32, #graph.dims<_, seq, _>>
!y = tensor<?x4x8xf32, #graph.dims<batch, _, _>>
func.func @batched(%a: !a, %b: !b) -> !y {
  %y = graph.matmul %a, %b {transpose_lhs} : (!a, !b) -> !y
  return %y : !y
}

// -----

// Narrow floats are summed up as f32.
// CHECK-LABEL: halide.pipeline @matmul_bf16_2d(
// CHECK:         halide.func "acc"(n = %{{.*}}, m = %{{.*}}) : f32
// CHECK:         arith.extf %{{.*}} : bf16 to f32
// CHECK:         halide.func "out"(n = %{{.*}}, m = %{{.*}}) : bf16
// CHECK:         arith.truncf %{{.*}} : f32 to bf16
func.func @narrow(%a: tensor<4x8xbf16>, %b: tensor<8x2xbf16>)
    -> tensor<4x2xbf16> {
  %y = graph.matmul %a, %b
      : (tensor<4x8xbf16>, tensor<8x2xbf16>) -> tensor<4x2xbf16>
  return %y : tensor<4x2xbf16>
}
