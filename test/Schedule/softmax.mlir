// RUN: sylvite-opt --sylvite-form-kernels --sylvite-schedule \
// RUN:   --sylvite-verify-schedules --split-input-file %s | FileCheck %s

// Rows whose length is not known: masked vectors at the end, and the
// exponentials of one row at a time in the memory of a task.
// CHECK-LABEL: halide.schedule @softmax_f32_2d for "x86-64-v3" {
// CHECK-NEXT:      halide.vectorize "out" x by 8 tail(guard_with_if)
// CHECK-NEXT:      halide.split "out" y into (task, row) by 16 tail(guard_with_if)
// CHECK-NEXT:      halide.parallel "out" task
// CHECK-NEXT:      halide.compute_at "max" in "out" at row
// CHECK-NEXT:      halide.atomic "max" update(0)
// CHECK-NEXT:      halide.vectorize "max" update(0) lane
// CHECK-NEXT:      halide.compute_at "max_lanes" in "out" at row
// CHECK-NEXT:      halide.store_in "max_lanes" register
// CHECK-NEXT:      halide.bound_extent "max_lanes" lane by 16
// CHECK-NEXT:      halide.vectorize "max_lanes" lane by 8 tail(round_up)
// CHECK-NEXT:      halide.unroll "max_lanes" lane
// CHECK-NEXT:      halide.reorder "max_lanes" update(0) (lane, step)
// CHECK-NEXT:      halide.vectorize "max_lanes" update(0) lane by 8 tail(round_up)
// CHECK-NEXT:      halide.unroll "max_lanes" update(0) lane
// CHECK-NEXT:      halide.reorder "max_lanes" update(1) (lane, rest)
// CHECK-NEXT:      halide.vectorize "max_lanes" update(1) lane
// CHECK-NEXT:      halide.compute_at "sum" in "out" at row
// CHECK-NEXT:      halide.atomic "sum" update(0)
// CHECK-NEXT:      halide.vectorize "sum" update(0) lane
// CHECK-NEXT:      halide.compute_at "sum_lanes" in "out" at row
// CHECK-NEXT:      halide.store_in "sum_lanes" register
// CHECK-NEXT:      halide.bound_extent "sum_lanes" lane by 16
// CHECK-NEXT:      halide.vectorize "sum_lanes" lane by 8 tail(round_up)
// CHECK-NEXT:      halide.unroll "sum_lanes" lane
// CHECK-NEXT:      halide.reorder "sum_lanes" update(0) (lane, step)
// CHECK-NEXT:      halide.vectorize "sum_lanes" update(0) lane by 8 tail(round_up)
// CHECK-NEXT:      halide.unroll "sum_lanes" update(0) lane
// CHECK-NEXT:      halide.reorder "sum_lanes" update(1) (lane, rest)
// CHECK-NEXT:      halide.vectorize "sum_lanes" update(1) lane
// CHECK-NEXT:      halide.compute_at "inverse" in "out" at row
// CHECK-NEXT:      halide.compute_at "exps" in "out" at row
// CHECK-NEXT:      halide.vectorize "exps" x by 8 tail(guard_with_if)
// CHECK-NEXT:      halide.hoist_storage "exps" in "out" at task
// CHECK-NEXT:    }
!x = tensor<?x?xf32, #graph.dims<batch, seq>>
func.func @softmax(%x: !x) -> !x {
  %y = graph.softmax %x axis(1) : !x
  return %y : !x
}

// -----

// Lines that lie side by side: vectors across them.
// CHECK-LABEL: halide.schedule @softmax_f32_3d for "x86-64-v3" {
// CHECK-NEXT:      halide.vectorize "out" x by 8 tail(round_up)
// CHECK-NEXT:      halide.unroll "out" x by 4 tail(round_up)
// CHECK-NEXT:      halide.reorder "out" (x, y, z)
// CHECK-NEXT:      halide.parallel "out" z
// CHECK-NEXT:      halide.compute_at "max" in "out" at z
// CHECK-NEXT:      halide.vectorize "max" x by 8 tail(round_up)
// CHECK-NEXT:      halide.unroll "max" x by 4 tail(round_up)
// CHECK-NEXT:      halide.reorder "max" update(0) (x, k)
// CHECK-NEXT:      halide.vectorize "max" update(0) x by 8 tail(guard_with_if)
// CHECK-NEXT:      halide.compute_at "sum" in "out" at z
// CHECK-NEXT:      halide.vectorize "sum" x by 8 tail(round_up)
// CHECK-NEXT:      halide.unroll "sum" x by 4 tail(round_up)
// CHECK-NEXT:      halide.reorder "sum" update(0) (x, k)
// CHECK-NEXT:      halide.vectorize "sum" update(0) x by 8 tail(guard_with_if)
// CHECK-NEXT:      halide.compute_at "inverse" in "out" at z
// CHECK-NEXT:      halide.vectorize "inverse" x by 8 tail(round_up)
// CHECK-NEXT:      halide.unroll "inverse" x by 4 tail(round_up)
// CHECK-NEXT:    }
!x = tensor<?x?x64xf32, #graph.dims<batch, seq, _>>
func.func @across(%x: !x) -> !x {
  %y = graph.softmax %x axis(1) : !x
  return %y : !x
}

// -----

// One number a row.
// CHECK-LABEL: halide.schedule @l2_normalize_f32_2d for "x86-64-v3" {
// CHECK-NEXT:      halide.vectorize "out" x by 8 tail(round_up)
// CHECK-NEXT:      halide.unroll "out" x by 4 tail(round_up)
// CHECK-NEXT:      halide.split "out" y into (task, row) by 128 tail(guard_with_if)
// CHECK-NEXT:      halide.parallel "out" task
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
// CHECK-NEXT:      halide.compute_at "inverse" in "out" at row
// CHECK-NEXT:    }
!x = tensor<?x64xf32, #graph.dims<batch, _>>
func.func @normalize(%x: !x) -> !x {
  %y = graph.l2_normalize %x axis(1) : !x
  return %y : !x
}
