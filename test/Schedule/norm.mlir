// RUN: sylvite-opt --sylvite-form-kernels --sylvite-schedule \
// RUN:   --sylvite-verify-schedules --split-input-file %s | FileCheck %s

// Features in whole vectors, the row in the cache, sums in registers.
// CHECK-LABEL: halide.schedule @layer_norm_f32 for "x86-64-v3" {
// CHECK-NEXT:      halide.vectorize "out" x by 8 tail(round_up)
// CHECK-NEXT:      halide.unroll "out" x by 4 tail(round_up)
// CHECK-NEXT:      halide.split "out" y into (task, row) by 21 tail(guard_with_if)
// CHECK-NEXT:      halide.parallel "out" task
// CHECK-NEXT:      halide.compute_at "input" in "out" at row
// CHECK-NEXT:      halide.vectorize "input" x by 8 tail(round_up)
// CHECK-NEXT:      halide.unroll "input" x by 4 tail(round_up)
// CHECK-NEXT:      halide.compute_at "sum" in "out" at row
// CHECK-NEXT:      halide.atomic "sum" update(0)
// CHECK-NEXT:      halide.vectorize "sum" update(0) lane
// CHECK-NEXT:      halide.compute_at "sum_lanes" in "out" at row
// CHECK-NEXT:      halide.store_in "sum_lanes" register
// CHECK-NEXT:      halide.bound_extent "sum_lanes" lane by 32
// CHECK-NEXT:      halide.vectorize "sum_lanes" lane by 8 tail(round_up)
// CHECK-NEXT:      halide.unroll "sum_lanes" lane
// CHECK-NEXT:      halide.reorder "sum_lanes" update(0) (lane, step)
// CHECK-NEXT:      halide.vectorize "sum_lanes" update(0) lane by 8 tail(round_up)
// CHECK-NEXT:      halide.unroll "sum_lanes" update(0) lane
// CHECK-NEXT:      halide.compute_at "squares" in "out" at row
// CHECK-NEXT:      halide.atomic "squares" update(0)
// CHECK-NEXT:      halide.vectorize "squares" update(0) lane
// CHECK-NEXT:      halide.compute_at "squares_lanes" in "out" at row
// CHECK-NEXT:      halide.store_in "squares_lanes" register
// CHECK-NEXT:      halide.bound_extent "squares_lanes" lane by 32
// CHECK-NEXT:      halide.vectorize "squares_lanes" lane by 8 tail(round_up)
// CHECK-NEXT:      halide.unroll "squares_lanes" lane
// CHECK-NEXT:      halide.reorder "squares_lanes" update(0) (lane, step)
// CHECK-NEXT:      halide.vectorize "squares_lanes" update(0) lane by 8 tail(round_up)
// CHECK-NEXT:      halide.unroll "squares_lanes" update(0) lane
// CHECK-NEXT:      halide.compute_at "mean" in "out" at row
// CHECK-NEXT:      halide.compute_at "inverse" in "out" at row
// CHECK-NEXT:    }
!x = tensor<?x384xf32, #graph.dims<seq, _>>
!v = tensor<384xf32>
func.func @layer_norm(%x: !x, %r: !x, %g: !v, %b: !v) -> !x {
  %y = graph.layer_norm %x residual(%r) scale(%g) bias(%b)
      : (!x, !x, !v, !v) -> !x
  return %y : !x
}

// -----

// 20 features: the last vector overlaps the one before. The input is a plain
// load, which is not worth a buffer.
// CHECK-LABEL: halide.schedule @rms_norm_f32 for "x86-64-v3" {
// CHECK-NEXT:      halide.vectorize "out" x by 8 tail(shift_inwards)
// CHECK-NEXT:      halide.split "out" y into (task, row) by 409 tail(guard_with_if)
// CHECK-NEXT:      halide.parallel "out" task
// CHECK-NEXT:      halide.compute_at "squares" in "out" at row
// CHECK-NEXT:      halide.atomic "squares" update(0)
// CHECK-NEXT:      halide.vectorize "squares" update(0) lane
// CHECK-NEXT:      halide.compute_at "squares_lanes" in "out" at row
// CHECK-NEXT:      halide.store_in "squares_lanes" register
// CHECK-NEXT:      halide.bound_extent "squares_lanes" lane by 16
// CHECK-NEXT:      halide.vectorize "squares_lanes" lane by 8 tail(round_up)
// CHECK-NEXT:      halide.unroll "squares_lanes" lane
// CHECK-NEXT:      halide.reorder "squares_lanes" update(0) (lane, step)
// CHECK-NEXT:      halide.vectorize "squares_lanes" update(0) lane by 8 tail(round_up)
// CHECK-NEXT:      halide.unroll "squares_lanes" update(0) lane
// CHECK-NEXT:      halide.vectorize "squares_lanes" update(1) lane by 8 tail(round_up)
// CHECK-NEXT:      halide.unroll "squares_lanes" update(1) lane
// CHECK-NEXT:      halide.compute_at "inverse" in "out" at row
// CHECK-NEXT:    }
!x = tensor<?x20xf32, #graph.dims<seq, _>>
func.func @rms_norm(%x: !x) -> !x {
  %y = graph.rms_norm %x : (!x) -> !x
  return %y : !x
}

// -----

// Rows of several dimensions are one loop. Without a norm there is nothing to
// keep.
// CHECK-LABEL: halide.schedule @embeddings_f32_3d for "x86-64-v3" {
// CHECK-NEXT:      halide.vectorize "out" x by 8 tail(round_up)
// CHECK-NEXT:      halide.unroll "out" x by 4 tail(round_up)
// CHECK-NEXT:      halide.fuse "out" (y, z) into rows
// CHECK-NEXT:      halide.split "out" rows into (task, row) by 128 tail(guard_with_if)
// CHECK-NEXT:      halide.parallel "out" task
// CHECK-NEXT:    }
!ids = tensor<?x?xi64, #graph.dims<batch, seq>>
!x = tensor<?x?x64xf32, #graph.dims<batch, seq, _>>
func.func @embeddings(%ids: !ids) -> !x {
  %w = graph.weight "word" : tensor<100x64xf32>
  %p = graph.weight "position" : tensor<32x64xf32>
  %i = graph.iota axis(1) : !ids
  %y = graph.embeddings tables(%w, %p) indices(%ids, %i)
      : (tensor<100x64xf32>, tensor<32x64xf32>, !ids, !ids) -> !x
  return %y : !x
}
