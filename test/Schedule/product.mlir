// Matrix products, from the graph on: tiles in registers, panels, tasks.
//
// RUN: sylvite-opt --sylvite-form-kernels --sylvite-schedule %s | FileCheck %s
// RUN: sylvite-opt --sylvite-form-kernels --sylvite-schedule \
// RUN:   --sylvite-verify-schedules %s

// A linear layer: tasks are rows of a panel, or panels where there is one row
// only. 40 is no multiple of 24.

// CHECK-LABEL: halide.schedule @linear_f32_512x40 for "x86-64-v3" {
// CHECK-NEXT:    halide.split "out" n into (no, ni) by 24 tail(guard_with_if)
// CHECK-NEXT:    halide.specialize "out" where output(0) dim(1) at_most 1 {
// CHECK-NEXT:      halide.split "out" m into (mo, mi) by 1
// CHECK-NEXT:      halide.reorder "out" (ni, mi, mo, no)
// CHECK-NEXT:      halide.vectorize "out" ni by 8
// CHECK-NEXT:      halide.unroll "out" ni
// CHECK-NEXT:      halide.unroll "out" mi
// CHECK-NEXT:      halide.parallel "out" no
// CHECK-NEXT:    }
// CHECK-NEXT:    halide.split "out" m into (mo, mi) by 4 tail(predicate_stores)
// CHECK-NEXT:    halide.reorder "out" (ni, mi, mo, no)
// CHECK-NEXT:    halide.vectorize "out" ni by 8
// CHECK-NEXT:    halide.unroll "out" ni
// CHECK-NEXT:    halide.unroll "out" mi
// CHECK-NEXT:    halide.compute_at "acc" in "out" at mo
// CHECK-NEXT:    halide.bound_extent "acc" n by 24
// CHECK-NEXT:    halide.store_in "acc" register
// CHECK-NEXT:    halide.vectorize "acc" n by 8
// CHECK-NEXT:    halide.unroll "acc" n
// CHECK-NEXT:    halide.unroll "acc" m
// CHECK-NEXT:    halide.reorder "acc" update(0) (n, m, k)
// CHECK-NEXT:    halide.vectorize "acc" update(0) n by 8
// CHECK-NEXT:    halide.unroll "acc" update(0) n
// CHECK-NEXT:    halide.unroll "acc" update(0) m
// CHECK-NEXT:    halide.split "out" mo into (block, mo) by 21 tail(guard_with_if)
// CHECK-NEXT:    halide.reorder "out" (mo, block, no)
// CHECK-NEXT:    halide.fuse "out" (block, no) into task
// CHECK-NEXT:    halide.parallel "out" task
// CHECK-NEXT:  }
!x = tensor<?x512xf32, #graph.dims<seq, _>>
!y = tensor<?x40xf32, #graph.dims<seq, _>>
func.func @linear(%x: !x) -> !y {
  %w = graph.weight "w" : tensor<512x40xf32>
  %y = graph.linear %x, %w : (!x, tensor<512x40xf32>) -> !y
  return %y : !y
}

// With a norm, tasks are blocks of rows, or the panels of a single block. 48 is a
// multiple of 24, but not of the 32 lanes: a second update adds the rest.

// CHECK-LABEL: halide.schedule @linear_layer_f32_512x48 for "x86-64-v3" {
// CHECK-NEXT:    halide.vectorize "out" n by 8 tail(round_up)
// CHECK-NEXT:    halide.unroll "out" n by 2 tail(round_up)
// CHECK-NEXT:    halide.split "out" m into (task, row) by 32 tail(guard_with_if)
// CHECK-NEXT:    halide.parallel "out" task
// CHECK-NEXT:    halide.compute_at "input" in "out" at task
// CHECK-NEXT:    halide.split "input" n into (no, ni) by 24 tail(round_up)
// CHECK-NEXT:    halide.specialize "input" where output(0) dim(1) at_most 1 {
// CHECK:           halide.parallel "input" no
// CHECK-NEXT:    }
// CHECK:         halide.compute_at "acc" in "input" at mo
// CHECK-NOT:     parallel
// CHECK:         halide.specialize "input" where output(0) dim(1) at_most 512 {
// CHECK-NEXT:      halide.parallel "input" no
// CHECK-NEXT:    }
// CHECK-NEXT:    halide.compute_at "sum" in "out" at row
// CHECK-NEXT:    halide.atomic "sum" update(0)
// CHECK-NEXT:    halide.vectorize "sum" update(0) lane
// CHECK-NEXT:    halide.compute_at "sum_lanes" in "out" at row
// CHECK-NEXT:    halide.store_in "sum_lanes" register
// CHECK-NEXT:    halide.bound_extent "sum_lanes" lane by 32
// CHECK-NEXT:    halide.vectorize "sum_lanes" lane by 8 tail(round_up)
// CHECK-NEXT:    halide.unroll "sum_lanes" lane
// CHECK-NEXT:    halide.reorder "sum_lanes" update(0) (lane, step)
// CHECK-NEXT:    halide.vectorize "sum_lanes" update(0) lane by 8 tail(round_up)
// CHECK-NEXT:    halide.unroll "sum_lanes" update(0) lane
// CHECK-NEXT:    halide.vectorize "sum_lanes" update(1) lane by 8 tail(round_up)
// CHECK-NEXT:    halide.unroll "sum_lanes" update(1) lane
// CHECK-NEXT:    halide.compute_at "squares" in "out" at row
// CHECK:         halide.compute_at "mean" in "out" at row
// CHECK-NEXT:    halide.compute_at "inverse" in "out" at row
// CHECK-NEXT:  }
!z = tensor<?x48xf32, #graph.dims<seq, _>>
func.func @norm(%x: !x) -> !z {
  %w = graph.weight "w" : tensor<512x48xf32>
  %g = graph.weight "g" : tensor<48xf32>
  %y = graph.linear %x, %w norm(layer) scale(%g)
      : (!x, tensor<512x48xf32>, tensor<48xf32>) -> !z
  return %y : !z
}

// Two matrices that are calculated: the right one is packed first. A number of
// columns that is not known stays out of the tasks' loop.

// CHECK-LABEL: halide.schedule @matmul_f32_3d for "x86-64-v3" {
// CHECK-NEXT:    halide.compute_root "rhs"
// CHECK-NEXT:    halide.bound_extent "rhs" ni by 24
// CHECK-NEXT:    halide.vectorize "rhs" ni by 8
// CHECK-NEXT:    halide.fuse "rhs" (no, b0) into task
// CHECK-NEXT:    halide.parallel "rhs" task
// CHECK:         halide.bound_extent "acc" b0 by 1
// CHECK:         halide.split "out" mo into (block, mo) by 32 tail(guard_with_if)
// CHECK-NEXT:    halide.reorder "out" (mo, no, block, b0)
// CHECK-NEXT:    halide.fuse "out" (block, b0) into task
// CHECK-NEXT:    halide.parallel "out" task
// CHECK-NEXT:  }
!q = tensor<12x?x64xf32, #graph.dims<_, seq, _>>
!s = tensor<12x?x?xf32, #graph.dims<_, seq, seq>>
func.func @scores(%q: !q, %k: !q) -> !s {
  %s = graph.matmul %q, %k {transpose_rhs} : (!q, !q) -> !s
  return %s : !s
}

// Sums of f64 take two registers where those of f32 take one.

// CHECK-LABEL: halide.schedule @matmul_f64_2d for "x86-64-v3" {
// CHECK:         halide.split "out" m into (mo, mi) by 2 tail(guard_with_if)
// CHECK:         halide.vectorize "acc" update(0) n by 4
func.func @double(%x: tensor<8x512xf64>, %w: tensor<512x48xf64>)
    -> tensor<8x48xf64> {
  %y = graph.matmul %x, %w
      : (tensor<8x512xf64>, tensor<512x48xf64>) -> tensor<8x48xf64>
  return %y : tensor<8x48xf64>
}

// What has one step stays out of the tasks; a block has two tiles at least.

// CHECK-LABEL: halide.schedule @linear_f32_30000x1 for "x86-64-v3" {
// CHECK:         halide.split "out" mo into (block, mo) by 2 tail(guard_with_if)
// CHECK-NEXT:    halide.reorder "out" (mo, no, block)
// CHECK-NEXT:    halide.parallel "out" block
!deep = tensor<?x30000xf32, #graph.dims<seq, _>>
!one = tensor<?x1xf32, #graph.dims<seq, _>>
func.func @single(%x: !deep) -> !one {
  %w = graph.weight "w" : tensor<30000x1xf32>
  %y = graph.linear %x, %w : (!deep, tensor<30000x1xf32>) -> !one
  return %y : !one
}

// CHECK-LABEL: halide.schedule @matmul_f32_4d for "x86-64-v3" {
// CHECK:         halide.reorder "out" (mo, no, b1, block, b0)
// CHECK-NEXT:    halide.fuse "out" (block, b0) into task
// CHECK-NEXT:    halide.parallel "out" task
!a = tensor<1x12x?x64xf32, #graph.dims<_, _, seq, _>>
!b = tensor<1x12x?x?xf32, #graph.dims<_, _, seq, seq>>
func.func @unit(%q: !a) -> !b {
  %s = graph.matmul %q, %q {transpose_rhs} : (!a, !a) -> !b
  return %s : !b
}
