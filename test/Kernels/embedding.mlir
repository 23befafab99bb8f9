// RUN: sylvite-opt --sylvite-form-kernels %s | FileCheck %s

// Rows of a table, by an index that cannot leave it.
// CHECK-LABEL: halide.pipeline @embedding_f32_3d(
// CHECK-SAME:    %[[TABLE:.*]]: !halide.buffer<8x100xf32>, %[[IDS:.*]]: !halide.buffer<?x?xi64>)
// CHECK-SAME:    {halide.class = "gather"}
// CHECK-DAG:     %[[ZERO:.*]] = arith.constant 0 : i32
// CHECK-DAG:     %[[LAST:.*]] = arith.constant 99 : i32
// CHECK:         halide.func "out"(x = %[[X:.*]], y = %[[Y:.*]], z = %[[Z:.*]]) : f32
// CHECK:           %[[ID64:.*]] = halide.load %[[IDS]][%[[Y]], %[[Z]]]
// CHECK:           %[[ID:.*]] = arith.trunci %[[ID64]] : i64 to i32
// CHECK:           %[[LOW:.*]] = arith.maxsi %[[ID]], %[[ZERO]]
// CHECK:           %[[ROW:.*]] = arith.minsi %[[LOW]], %[[LAST]]
// CHECK:           halide.load %[[TABLE]][%[[X]], %[[ROW]]]

// Positions are no tensor.
// CHECK-LABEL: halide.pipeline @embedding_f32_2d(
// CHECK-SAME:    %[[TABLE:.*]]: !halide.buffer<8x64xf32>) -> !halide.buffer<8x?xf32>
!ids = tensor<?x?xi64, #graph.dims<batch, seq>>
!hidden = tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
!row = tensor<?x8xf32, #graph.dims<seq, _>>
func.func @embed(%ids: !ids) -> (!hidden, !row) {
  %word = graph.weight "word" : tensor<100x8xf32>
  %position = graph.weight "position" : tensor<64x8xf32>
  %p = graph.iota axis(0) : tensor<?xi64, #graph.dims<seq>>
  %x = graph.embedding %word, %ids : (tensor<100x8xf32>, !ids) -> !hidden
  %y = graph.embedding %position, %p
      : (tensor<64x8xf32>, tensor<?xi64, #graph.dims<seq>>) -> !row
  return %x, %y : !hidden, !row
}

// Tables in one pass with their norm. Positions are no tensor: a broadcast iota
// is a coordinate, and rows that a slice leaves out an offset, behind which the
// index is clamped to the slice.
// CHECK-LABEL: halide.pipeline @embeddings_f32_3d(
// CHECK-SAME:    %[[WORDS:.*]]: !halide.buffer<8x100xf32>, %[[PLACES:.*]]: !halide.buffer<8x64xf32>, %[[IDS:.*]]: !halide.buffer<?x?xi64>, %[[SCALE:.*]]: !halide.buffer<8xf32>)
// CHECK-SAME:    {halide.class = "embeddings"}
// CHECK-DAG:     %[[LAST:.*]] = arith.constant 61 : i32
// CHECK-DAG:     %[[TWO:.*]] = arith.constant 2 : i32
// CHECK:         %[[INPUT:.*]] = halide.func "input"(x = %[[X:.*]], y = %[[Y:.*]], z = %[[Z:.*]]) : f32
// CHECK:           halide.load %[[IDS]][%[[Y]], %[[Z]]]
// CHECK:           halide.load %[[WORDS]][%[[X]],
// CHECK:           arith.extsi %[[Y]]
// CHECK:           %[[PLACE:.*]] = arith.minsi %{{.*}}, %[[LAST]]
// CHECK:           %[[ROW:.*]] = arith.addi %[[PLACE]], %[[TWO]]
// CHECK:           halide.load %[[PLACES]][%[[X]], %[[ROW]]]
// CHECK:           arith.addf
// CHECK:         halide.func "sum"(y = %{{.*}}, z = %{{.*}}) : f32
// CHECK:         halide.func "out"(x = %{{.*}}, y = %{{.*}}, z = %{{.*}}) : f32
// CHECK:           halide.load %[[SCALE]]
func.func @embeddings(%ids: !ids) -> !hidden {
  %word = graph.weight "word" : tensor<100x8xf32>
  %places = graph.weight "position" : tensor<64x8xf32>
  %place = graph.slice %places axis(0) [2, 64]
      : (tensor<64x8xf32>) -> tensor<62x8xf32>
  %i = graph.iota axis(0) : tensor<?xi64, #graph.dims<seq>>
  %p = graph.broadcast %i : tensor<?xi64, #graph.dims<seq>> to !ids
  %g = graph.weight "scale" : tensor<8xf32>
  %y = graph.embeddings tables(%word, %place) indices(%ids, %p) norm(layer)
      scale(%g)
      : (tensor<100x8xf32>, tensor<62x8xf32>, !ids, !ids, tensor<8xf32>)
      -> !hidden
  return %y : !hidden
}
