// RUN: sylvite-opt --sylvite-form-kernels --sylvite-schedule --sylvite-verify-schedules %s | FileCheck %s

!x = tensor<?x12x?x32xf32, #graph.dims<batch, _, seq, _>>
!keep = tensor<?x?xi64, #graph.dims<batch, seq>>
!y = tensor<?x12x?x40xf32, #graph.dims<batch, _, seq, _>>

module attributes {sylvite.target = "x86-64-v4"} {

// Eight blocks of queries are a task, go through one block of keys after the
// other and share memory for scores. Tiles of scores are two vectors of keys by 8
// rows, those of results two vectors of features by as many.

// CHECK-LABEL: halide.schedule @attention_f32 for "x86-64-v4" {
// CHECK:         halide.split "out" m into (mo, mi) by 8 tail(guard_with_if)
// CHECK-NEXT:    halide.split "out" mo into (mt, mo) by 8 tail(guard_with_if)
// CHECK:         halide.fuse "out" (mt, h) into task
// CHECK-NEXT:    halide.fuse "out" (task, b) into task
// CHECK-NEXT:    halide.parallel "out" task
// CHECK:         halide.compute_root "mask"
// CHECK:         halide.compute_root "end"
// CHECK:         halide.compute_at "query" in "part" at qo
// CHECK:         halide.compute_root "key"
// CHECK:         halide.split "key" f into (fo, fi) by 16
// CHECK:         halide.parallel "key" task
// CHECK:         halide.compute_at "key_row4" in "key" at fo
// CHECK:         halide.vectorize "key_row4" i by 32
// CHECK:         halide.compute_at "score" in "part" at qo
// CHECK:         halide.bound_extent "score" qo by 1
// CHECK:         halide.hoist_storage "score" in "out" at task
// CHECK:         halide.reorder_storage "score" (ki, qi, ko, qo, h, b)
// CHECK:         halide.align_bounds "score" ko by 2
// CHECK-NOT:     halide.specialize
// CHECK:         halide.split "score" ko into (kt, kr) by 2
// CHECK:         halide.compute_at "dot" in "score" at qt
// CHECK:         halide.store_in "dot" register
// CHECK:         halide.bound_extent "dot" qi by 8
// CHECK:         halide.reorder "dot" update(0) (ki, qi, kr, f)
// CHECK:         halide.atomic "max" update(0)
// CHECK:         halide.compute_at "weight" in "part" at qo
// CHECK:         halide.reorder "weight" update(0) (ki, qi, kr)
// CHECK:         halide.compute_root "value"
// CHECK:         halide.compute_at "part" in "out" at task
// CHECK:         halide.reorder "part" (d, qi, qo, kb)
// CHECK:         halide.compute_at "merged" in "out" at mo
// CHECK:         halide.compute_at "tile" in "part" at qo
// CHECK:         halide.compute_at "acc" in "tile" at dt
// CHECK:         halide.store_in "acc" register
// CHECK:         halide.bound_extent "acc" d by 32
// CHECK:         halide.bound_extent "acc" qi by 8
// CHECK:         halide.reorder "acc" update(0) (d, qi, ki, ko)
// CHECK:         halide.unroll "acc" update(0) ki by 4
func.func @attention(%x: !x, %keep: !keep) -> !x {
  %o = graph.attention %x, %x, %x mask(keep(%keep)) : (!x, !x, !x, !keep) -> !x
  return %o : !x
}

// Short sequences are not rounded up to two vectors where no mask is read.
// CHECK-LABEL: halide.schedule @attention_f32_1 for "x86-64-v4" {
// CHECK:         halide.specialize "score" where output(0) dim(1) at_most 64 {
// CHECK-NEXT:      halide.split "score" ko into (kt, kr) by 1
// CHECK:         halide.split "score" ko into (kt, kr) by 2
// CHECK:         halide.reorder "dot" update(0) (ki, qi, ko, f)
// CHECK-NOT:     update(0) (ki, qi, kr)
// CHECK:         halide.compute_root "value_bits"
// CHECK:         halide.reorder "acc" update(1)
func.func @causal(%x: !x) -> !x {
  %o = graph.attention %x, %x, %x mask(causal) : (!x, !x, !x) -> !x
  return %o : !x
}

// One query goes key by key, over vectors of features.
// CHECK-LABEL: halide.schedule @attention_f32_2 for "x86-64-v4" {
// CHECK-NOT:     "key"
// CHECK:         halide.compute_at "dot" in "score" at ko
// CHECK:         halide.atomic "dot" update(0)
// CHECK:         halide.compute_at "lane_dot" in "dot" at ki
// CHECK:         halide.vectorize "lane_dot" update(0) fi
func.func @step(%q: tensor<1x12x1x32xf32>,
                %k: tensor<1x12x?x32xf32, #graph.dims<_, _, keys, _>>)
    -> tensor<1x12x1x32xf32> {
  %o = graph.attention %q, %k, %k
      : (tensor<1x12x1x32xf32>,
         tensor<1x12x?x32xf32, #graph.dims<_, _, keys, _>>,
         tensor<1x12x?x32xf32, #graph.dims<_, _, keys, _>>)
      -> tensor<1x12x1x32xf32>
  return %o : tensor<1x12x1x32xf32>
}

// CHECK-LABEL: halide.schedule @attention_f32_3 for "x86-64-v4" {
// CHECK:         halide.vectorize "out" d by 8
// CHECK-NOT:     "mask"
// CHECK:         halide.bound_extent "acc" d by 8
func.func @features_of_no_vector(%y: !y) -> !y {
  %o = graph.attention %y, %y, %y : (!y, !y, !y) -> !y
  return %o : !y
}

}
