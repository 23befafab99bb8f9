// RUN: sylvite-opt --sylvite-form-kernels --sylvite-schedule \
// RUN:   --sylvite-verify-schedules --split-input-file %s | FileCheck %s

// Rows become numbers, by lanes in registers.
// CHECK-LABEL: halide.schedule @reduce_mean_f32_2d for "x86-64-v3" {
// CHECK-NEXT:      halide.split "out" x into (task, row) by 21 tail(guard_with_if)
// CHECK-NEXT:      halide.parallel "out" task
// CHECK-NEXT:      halide.compute_at "acc" in "out" at row
// CHECK-NEXT:      halide.atomic "acc" update(0)
// CHECK-NEXT:      halide.vectorize "acc" update(0) lane
// CHECK-NEXT:      halide.compute_at "acc_lanes" in "out" at row
// CHECK-NEXT:      halide.store_in "acc_lanes" register
// CHECK-NEXT:      halide.bound_extent "acc_lanes" lane by 32
// CHECK-NEXT:      halide.vectorize "acc_lanes" lane by 8 tail(round_up)
// CHECK-NEXT:      halide.unroll "acc_lanes" lane
// CHECK-NEXT:      halide.reorder "acc_lanes" update(0) (lane, step)
// CHECK-NEXT:      halide.vectorize "acc_lanes" update(0) lane by 8 tail(round_up)
// CHECK-NEXT:      halide.unroll "acc_lanes" update(0) lane
// CHECK-NEXT:    }
!x = tensor<?x384xf32, #graph.dims<seq, _>>
!y = tensor<?xf32, #graph.dims<seq>>
func.func @rows(%x: !x) -> !y {
  %y = graph.reduce mean %x axes [1] : (!x) -> !y
  return %y : !y
}

// -----

// Neighbours are kept: a tile of them in registers, beside the next one.
// CHECK-LABEL: halide.schedule @reduce_sum_f32_3d for "x86-64-v3" {
// CHECK-NEXT:      halide.split "out" x into (x, inner) by 32 tail(round_up)
// CHECK-NEXT:      halide.vectorize "out" inner by 8 tail(round_up)
// CHECK-NEXT:      halide.fuse "out" (x, y) into rows
// CHECK-NEXT:      halide.split "out" rows into (task, row) by 2 tail(guard_with_if)
// CHECK-NEXT:      halide.parallel "out" task
// CHECK-NEXT:      halide.compute_at "acc" in "out" at row
// CHECK-NEXT:      halide.store_in "acc" register
// CHECK-NEXT:      halide.bound_extent "acc" x by 32
// CHECK-NEXT:      halide.reorder "acc" update(0) (x, k0)
// CHECK-NEXT:      halide.vectorize "acc" x by 8 tail(round_up)
// CHECK-NEXT:      halide.unroll "acc" x
// CHECK-NEXT:      halide.vectorize "acc" update(0) x by 8 tail(round_up)
// CHECK-NEXT:      halide.unroll "acc" update(0) x
// CHECK-NEXT:    }
!x = tensor<?x?x384xf32, #graph.dims<batch, seq, _>>
!y = tensor<?x384xf32, #graph.dims<batch, _>>
func.func @columns(%x: !x) -> !y {
  %y = graph.reduce sum %x axes [1] : (!x) -> !y
  return %y : !y
}

// -----

// Any number of neighbours, in blocks. Vectors of i64 are half as many.
// CHECK-LABEL: halide.schedule @reduce_max_i64_2d for "x86-64-v3" {
// CHECK-NEXT:      halide.vectorize "out" x by 4 tail(guard_with_if)
// CHECK-NEXT:      halide.split "out" x into (x, inner) by 128 tail(guard_with_if)
// CHECK-NEXT:      halide.parallel "out" x
// CHECK-NEXT:      halide.compute_at "acc" in "out" at x
// CHECK-NEXT:      halide.reorder "acc" update(0) (x, k0)
// CHECK-NEXT:      halide.vectorize "acc" x by 4 tail(guard_with_if)
// CHECK-NEXT:      halide.vectorize "acc" update(0) x by 4 tail(guard_with_if)
// CHECK-NEXT:    }
!x = tensor<?x?xi64, #graph.dims<batch, seq>>
!y = tensor<?xi64, #graph.dims<seq>>
func.func @blocks(%x: !x) -> !y {
  %y = graph.reduce max %x axes [0] : (!x) -> !y
  return %y : !y
}

// -----

// One number: there is no loop for it to stand in.
// CHECK-LABEL: halide.schedule @reduce_sum_f32_1d for "x86-64-v3" {
// CHECK-NEXT:      halide.compute_root "acc"
// CHECK-NEXT:      halide.atomic "acc" update(0)
// CHECK-NEXT:      halide.vectorize "acc" update(0) lane
// CHECK-NEXT:      halide.compute_root "acc_lanes"
// CHECK-NEXT:      halide.store_in "acc_lanes" register
// CHECK-NEXT:      halide.bound_extent "acc_lanes" lane by 16
// CHECK-NEXT:      halide.vectorize "acc_lanes" lane by 8 tail(round_up)
// CHECK-NEXT:      halide.unroll "acc_lanes" lane
// CHECK-NEXT:      halide.reorder "acc_lanes" update(0) (lane, step)
// CHECK-NEXT:      halide.vectorize "acc_lanes" update(0) lane by 8 tail(round_up)
// CHECK-NEXT:      halide.unroll "acc_lanes" update(0) lane
// CHECK-NEXT:      halide.reorder "acc_lanes" update(1) (lane, rest)
// CHECK-NEXT:      halide.vectorize "acc_lanes" update(1) lane
// CHECK-NEXT:    }
!x = tensor<?xf32, #graph.dims<seq>>
func.func @all(%x: !x) -> tensor<f32> {
  %y = graph.reduce sum %x axes [0] : (!x) -> tensor<f32>
  return %y : tensor<f32>
}
