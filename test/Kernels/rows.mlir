// RUN: sylvite-opt --sylvite-form-kernels %s | FileCheck %s

// Where each sequence ends, and how many rows there are.
// CHECK-LABEL: halide.pipeline @row_ends(
// CHECK:         halide.func "out"(b = %{{.*}}) : i32
// CHECK:         halide.update
// CHECK:         halide.func "out1"(x = %{{.*}}) : i64

// Which row of the batch each is.
// CHECK-LABEL: halide.pipeline @row_places(
// CHECK:         halide.update {{.*}}s = %{{.*}}, b = %{{.*}}
// CHECK:           halide.where

// CHECK-LABEL: halide.pipeline @pack_rows_f32_3d(
// CHECK-LABEL: halide.pipeline @unpack_rows_f32_2d(

// The extent of packed tensors is read, and is at most that of the batch. The
// kernels are found once for all tensors of these rows.
// CHECK-LABEL: func.func @rows(
// CHECK:         %[[ENDS:[0-9]+]]:2 = halide.invoke @row_ends ins(
// CHECK:         halide.invoke @row_places ins(%[[ENDS]]#0
// CHECK:         %[[NUMBER:.+]] = tensor.extract %[[ENDS]]#1[%{{.+}}] : tensor<1xi64>
// CHECK:         %[[COUNT:.+]] = arith.index_cast %[[NUMBER]] : i64 to index
// CHECK:         %[[ROWS:.+]] = arith.minui %[[COUNT]], %{{.+}} {sylvite.dim = "rows"} : index
// CHECK:         tensor.empty(%[[ROWS]]) : tensor<?x8xf32>
// CHECK:         halide.invoke @pack_rows_f32_3d ins(
// CHECK-NOT:     halide.invoke @row_
// CHECK:         halide.invoke @unpack_rows_f32_2d ins(
!x = tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
!rows = tensor<?x8xf32, #graph.dims<rows, _>>
!lengths = tensor<?xi64, #graph.dims<batch>>
func.func @rows(%x: !x, %lengths: !lengths) -> !x {
  %rows = graph.pack_rows %x, %lengths : (!x, !lengths) -> !rows
  %y = graph.tanh %rows : !rows
  %back = graph.unpack_rows %y, %lengths : (!rows, !lengths) -> !x
  return %back : !x
}
