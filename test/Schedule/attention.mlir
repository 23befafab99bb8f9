// RUN: sylvite-opt --sylvite-form-kernels --sylvite-schedule --sylvite-verify-schedules %s | FileCheck %s

!x = tensor<?x12x?x32xf32, #graph.dims<batch, _, seq, _>>
!keep = tensor<?x?xi64, #graph.dims<batch, seq>>
!y = tensor<?x12x?x40xf32, #graph.dims<batch, _, seq, _>>

module attributes {sylvite.target = "x86-64-v4"} {

// Eight blocks of queries are a task and share memory for scores. Both products have 16 vectors of accumulators:
// scores two vectors of keys by 8 rows, results the features of a head by 8.

// CHECK-LABEL: halide.schedule @attention_f32 for "x86-64-v4" {
// CHECK:         halide.split "out" m into (mo, mi) by 8 tail(guard_with_if)
// CHECK-NEXT:    halide.split "out" mo into (mt, mo) by 8 tail(guard_with_if)
// CHECK:         halide.fuse "out" (mt, h) into task
// CHECK-NEXT:    halide.fuse "out" (task, b) into task
// CHECK-NEXT:    halide.parallel "out" task
// CHECK:         halide.compute_root "mask"
// CHECK:         halide.compute_root "end"
// CHECK:         halide.compute_at "query" in "out" at mo
// CHECK:         halide.compute_root "key"
// CHECK:         halide.parallel "key" task
// CHECK:         halide.compute_at "score" in "out" at mo
// CHECK:         halide.bound_extent "score" qo by 1
// CHECK:         halide.hoist_storage "score" in "out" at task
// CHECK:         halide.split "score" ko into (kt, kv) by 2 tail(round_up)
// CHECK:         halide.compute_at "dot" in "score" at
// CHECK:         halide.store_in "dot" register
// CHECK:         halide.bound_extent "dot" ko by 2
// CHECK:         halide.bound_extent "dot" qi by 8
// CHECK:         halide.atomic "max" update(0)
// CHECK:         halide.compute_at "weight" in "out" at mo
// CHECK:         halide.compute_at "mean" in "out" at mo
// CHECK:         halide.compute_at "acc" in "mean" at dt
// CHECK:         halide.store_in "acc" register
// CHECK:         halide.bound_extent "acc" d by 32
// CHECK:         halide.bound_extent "acc" qi by 8
// CHECK:         halide.reorder "acc" update(0) (d, qi, t)
func.func @attention(%x: !x, %keep: !keep) -> !x {
  %o = graph.attention %x, %x, %x mask(keep(%keep)) : (!x, !x, !x, !keep) -> !x
  return %o : !x
}

// CHECK-LABEL: halide.schedule @attention_f32_1 for "x86-64-v4" {
// CHECK:         halide.vectorize "out" d by 8
// CHECK-NOT:     "mask"
// CHECK:         halide.bound_extent "acc" d by 8
func.func @features_of_no_vector(%y: !y) -> !y {
  %o = graph.attention %y, %y, %y : (!y, !y, !y) -> !y
  return %o : !y
}

}
