// RUN: sylvite-opt --sylvite-form-kernels --sylvite-schedule \
// RUN:   --sylvite-verify-schedules --split-input-file %s | FileCheck %s

// A sequence a task; the four parts of a tile of features are all registers but
// those for loads.
// CHECK-LABEL: halide.schedule @pool_mean_normalize_f32 for "x86-64-v3" {
// CHECK-NEXT:      halide.vectorize "out" x by 8 tail(round_up)
// CHECK-NEXT:      halide.unroll "out" x by 4 tail(round_up)
// CHECK-NEXT:      halide.parallel "out" y
// CHECK-NEXT:      halide.compute_at "pooled" in "out" at y
// CHECK-NEXT:      halide.split "pooled" x into (tile, x) by 16 tail(round_up)
// CHECK-NEXT:      halide.compute_at "parts" in "pooled" at tile
// CHECK-NEXT:      halide.store_in "parts" register
// CHECK-NEXT:      halide.bound_extent "parts" x by 16
// CHECK-NEXT:      halide.bound_extent "parts" part by 4
// CHECK-NEXT:      halide.reorder "parts" update(0) (x, part, step)
// CHECK-NEXT:      halide.reorder "parts" update(1) (x, part, rest)
// CHECK-NEXT:      halide.vectorize "pooled" x by 8 tail(round_up)
// CHECK-NEXT:      halide.unroll "pooled" x
// CHECK-NEXT:      halide.vectorize "parts" x by 8 tail(round_up)
// CHECK-NEXT:      halide.unroll "parts" x
// CHECK-NEXT:      halide.vectorize "parts" update(0) x by 8 tail(round_up)
// CHECK-NEXT:      halide.unroll "parts" update(0) x
// CHECK-NEXT:      halide.vectorize "parts" update(1) x by 8 tail(round_up)
// CHECK-NEXT:      halide.unroll "parts" update(1) x
// CHECK-NEXT:      halide.unroll "parts" part
// CHECK-NEXT:      halide.unroll "parts" update(0) part
// CHECK-NEXT:      halide.unroll "parts" update(1) part
// CHECK-NEXT:      halide.compute_at "count" in "out" at y
// CHECK-NEXT:      halide.atomic "count" update(0)
// CHECK-NEXT:      halide.vectorize "count" update(0) lane
// CHECK-NEXT:      halide.compute_at "count_lanes" in "out" at y
// CHECK-NEXT:      halide.store_in "count_lanes" register
// CHECK-NEXT:      halide.bound_extent "count_lanes" lane by 16
// CHECK-NEXT:      halide.vectorize "count_lanes" lane by 8 tail(round_up)
// CHECK-NEXT:      halide.unroll "count_lanes" lane
// CHECK-NEXT:      halide.reorder "count_lanes" update(0) (lane, step)
// CHECK-NEXT:      halide.vectorize "count_lanes" update(0) lane by 8 tail(round_up)
// CHECK-NEXT:      halide.unroll "count_lanes" update(0) lane
// CHECK-NEXT:      halide.reorder "count_lanes" update(1) (lane, rest)
// CHECK-NEXT:      halide.vectorize "count_lanes" update(1) lane
// CHECK-NEXT:      halide.compute_at "squares" in "out" at y
// CHECK-NEXT:      halide.atomic "squares" update(0)
// CHECK-NEXT:      halide.vectorize "squares" update(0) lane
// CHECK-NEXT:      halide.compute_at "squares_lanes" in "out" at y
// CHECK-NEXT:      halide.store_in "squares_lanes" register
// CHECK-NEXT:      halide.bound_extent "squares_lanes" lane by 32
// CHECK-NEXT:      halide.vectorize "squares_lanes" lane by 8 tail(round_up)
// CHECK-NEXT:      halide.unroll "squares_lanes" lane
// CHECK-NEXT:      halide.reorder "squares_lanes" update(0) (lane, step)
// CHECK-NEXT:      halide.vectorize "squares_lanes" update(0) lane by 8 tail(round_up)
// CHECK-NEXT:      halide.unroll "squares_lanes" update(0) lane
// CHECK-NEXT:    }
!x = tensor<?x?x384xf32, #graph.dims<batch, seq, _>>
!m = tensor<?x?xi64, #graph.dims<batch, seq>>
!y = tensor<?x384xf32, #graph.dims<batch, _>>
func.func @mean(%x: !x, %m: !m) -> !y {
  %y = graph.pool mean %x mask(%m) normalize : (!x, !m) -> !y
  return %y : !y
}

// -----

// Fewer features than a tile, and no whole vector at the end.
// CHECK-LABEL: halide.schedule @pool_max_f32 for "x86-64-v3" {
// CHECK-NEXT:      halide.vectorize "out" x by 8 tail(shift_inwards)
// CHECK-NEXT:      halide.parallel "out" y
// CHECK-NEXT:      halide.compute_at "pooled" in "out" at y
// CHECK-NEXT:      halide.split "pooled" x into (tile, x) by 8 tail(shift_inwards)
// CHECK-NEXT:      halide.compute_at "parts" in "pooled" at tile
// CHECK-NEXT:      halide.store_in "parts" register
// CHECK-NEXT:      halide.bound_extent "parts" x by 8
// CHECK-NEXT:      halide.bound_extent "parts" part by 4
// CHECK-NEXT:      halide.reorder "parts" update(0) (x, part, step)
// CHECK-NEXT:      halide.reorder "parts" update(1) (x, part, rest)
// CHECK-NEXT:      halide.vectorize "pooled" x by 8 tail(round_up)
// CHECK-NEXT:      halide.unroll "pooled" x
// CHECK-NEXT:      halide.vectorize "parts" x by 8 tail(round_up)
// CHECK-NEXT:      halide.unroll "parts" x
// CHECK-NEXT:      halide.vectorize "parts" update(0) x by 8 tail(round_up)
// CHECK-NEXT:      halide.unroll "parts" update(0) x
// CHECK-NEXT:      halide.vectorize "parts" update(1) x by 8 tail(round_up)
// CHECK-NEXT:      halide.unroll "parts" update(1) x
// CHECK-NEXT:      halide.unroll "parts" part
// CHECK-NEXT:      halide.unroll "parts" update(0) part
// CHECK-NEXT:      halide.unroll "parts" update(1) part
// CHECK-NEXT:    }
!x = tensor<?x?x10xf32, #graph.dims<batch, seq, _>>
!y = tensor<?x10xf32, #graph.dims<batch, _>>
func.func @max(%x: !x) -> !y {
  %y = graph.pool max %x : (!x) -> !y
  return %y : !y
}

// -----

// The first position is only read.
// CHECK-LABEL: halide.schedule @pool_cls_f32 for "x86-64-v3" {
// CHECK-NEXT:      halide.vectorize "out" x by 8 tail(round_up)
// CHECK-NEXT:      halide.unroll "out" x by 4 tail(round_up)
// CHECK-NEXT:      halide.parallel "out" y
// CHECK-NEXT:    }
!x = tensor<?x?x64xf32, #graph.dims<batch, seq, _>>
!y = tensor<?x64xf32, #graph.dims<batch, _>>
func.func @cls(%x: !x) -> !y {
  %y = graph.pool cls %x : (!x) -> !y
  return %y : !y
}
