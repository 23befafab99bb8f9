// RUN: sylvite-opt --sylvite-form-kernels --sylvite-schedule \
// RUN:   --sylvite-verify-schedules --split-input-file %s | FileCheck %s

// Running sums along rows, a row a task.
// CHECK-LABEL: halide.schedule @cumsum_i64_2d for "x86-64-v3" {
// CHECK-NEXT:      halide.vectorize "out" x by 4 tail(guard_with_if)
// CHECK-NEXT:      halide.reorder "out" (x, y)
// CHECK-NEXT:      halide.parallel "out" y
// CHECK-NEXT:      halide.compute_at "acc" in "out" at y
// CHECK-NEXT:      halide.vectorize "acc" x by 4 tail(guard_with_if)
// CHECK-NEXT:      halide.partition "acc" update(0) k auto
// CHECK-NEXT:    }
!x = tensor<?x?xi64, #graph.dims<batch, seq>>
func.func @along(%x: !x) -> !x {
  %y = graph.cumsum %x axis(1) : !x
  return %y : !x
}

// -----

// Across them: vectors of neighbouring lines.
// CHECK-LABEL: halide.schedule @cumsum_f32_3d for "x86-64-v3" {
// CHECK-NEXT:      halide.vectorize "out" x by 8 tail(round_up)
// CHECK-NEXT:      halide.unroll "out" x by 4 tail(round_up)
// CHECK-NEXT:      halide.reorder "out" (x, y, z)
// CHECK-NEXT:      halide.parallel "out" z
// CHECK-NEXT:      halide.compute_at "acc" in "out" at z
// CHECK-NEXT:      halide.vectorize "acc" x by 8 tail(round_up)
// CHECK-NEXT:      halide.unroll "acc" x by 4 tail(round_up)
// CHECK-NEXT:      halide.reorder "acc" update(0) (x, k)
// CHECK-NEXT:      halide.vectorize "acc" update(0) x by 8 tail(guard_with_if)
// CHECK-NEXT:    }
!x = tensor<?x?x64xf32, #graph.dims<batch, seq, _>>
func.func @across(%x: !x) -> !x {
  %y = graph.cumsum %x axis(1) : !x
  return %y : !x
}
