// Kernels on a device, each of few launches, whose blocks of threads share what
// they read several times.
//
// RUN: sylvite-opt --sylvite-form-kernels --sylvite-schedule \
// RUN:   --sylvite-verify-schedules --split-input-file %s | FileCheck %s

// A block of queries goes through the blocks of keys, with its state in shared
// memory; threads have tiles of both products in registers.
// CHECK-LABEL: halide.schedule @attention_f32 for "x86-64-v3+opencl" {
// CHECK-NEXT:    halide.split "out" d into (d, di) by 4 tail(guard_with_if)
// CHECK-NEXT:    halide.split "out" m into (m, mi) by 16 tail(guard_with_if)
// CHECK-NEXT:    halide.split "out" mi into (mt, mr) by 4 tail(guard_with_if)
// CHECK-NEXT:    halide.reorder "out" (di, mr, d, mt, m, h, b)
// CHECK-NEXT:    halide.unroll "out" di
// CHECK-NEXT:    halide.unroll "out" mr
// CHECK-NEXT:    halide.gpu_threads "out" (d, mt)
// CHECK-NEXT:    halide.fuse "out" (h, b) into batch
// CHECK-NEXT:    halide.gpu_blocks "out" (m, batch)
// CHECK-NEXT:    halide.compute_at "state" in "out" at m
// CHECK-NEXT:    halide.bound_extent "state" qi by 16
// CHECK-NEXT:    halide.bound_storage "state" qo by 1
// CHECK-NEXT:    halide.bound_storage "state" h by 1
// CHECK-NEXT:    halide.bound_storage "state" b by 1
// CHECK-NEXT:    halide.split "state" qi into (qt, qr) by 4 tail(round_up)
// CHECK-NEXT:    halide.unroll "state" qr
// CHECK-NEXT:    halide.reorder "state" (qr, d, qt)
// CHECK-NEXT:    halide.gpu_threads "state" (d, qt)
// CHECK-NEXT:    halide.split "state" update(0) qi into (qt, qr) by 4 tail(round_up)
// CHECK-NEXT:    halide.unroll "state" update(0) qr
// CHECK-NEXT:    halide.reorder "state" update(0) (qr, d, qt, kb)
// CHECK-NEXT:    halide.partition "state" update(0) kb never
// CHECK-NEXT:    halide.gpu_threads "state" update(0) (d, qt)
// CHECK-NEXT:    halide.bound_storage "acc" kb by 1
// CHECK-NEXT:    halide.bound_storage "acc" qo by 1
// CHECK-NEXT:    halide.bound_storage "acc" h by 1
// CHECK-NEXT:    halide.bound_storage "acc" b by 1
// CHECK-NEXT:    halide.compute_at "acc" in "state" update(0) at d
// CHECK-NEXT:    halide.bound_extent "acc" d by 4
// CHECK-NEXT:    halide.bound_extent "acc" qi by 4
// CHECK-NEXT:    halide.store_in "acc" register
// CHECK-NEXT:    halide.unroll "acc" d
// CHECK-NEXT:    halide.unroll "acc" qi
// CHECK-NEXT:    halide.reorder "acc" update(0) (d, qi, ki)
// CHECK-NEXT:    halide.unroll "acc" update(0) d
// CHECK-NEXT:    halide.unroll "acc" update(0) qi
// CHECK-NEXT:    halide.compute_at "query" in "state" update(0) at kb
// CHECK-NEXT:    halide.bound_extent "query" qi by 16
// CHECK-NEXT:    halide.bound_storage "query" qo by 1
// CHECK-NEXT:    halide.bound_storage "query" h by 1
// CHECK-NEXT:    halide.bound_storage "query" b by 1
// CHECK-NEXT:    halide.split "query" f into (f, ft) by 16 tail(guard_with_if)
// CHECK-NEXT:    halide.split "query" qi into (qt, qr) by 4 tail(round_up)
// CHECK-NEXT:    halide.reorder "query" (qr, f, ft, qt)
// CHECK-NEXT:    halide.unroll "query" qr
// CHECK-NEXT:    halide.gpu_threads "query" (ft, qt)
// CHECK-NEXT:    halide.compute_at "key" in "state" update(0) at kb
// CHECK-NEXT:    halide.bound_storage "key" ko by 1
// CHECK-NEXT:    halide.bound_storage "key" h by 1
// CHECK-NEXT:    halide.bound_storage "key" b by 1
// CHECK-NEXT:    halide.bound "key" ki from 0 extent 32
// CHECK-NEXT:    halide.bound_storage "key" ki by 33
// CHECK-NEXT:    halide.split "key" f into (f, ft) by 16 tail(guard_with_if)
// CHECK-NEXT:    halide.split "key" ki into (kt, kr) by 8 tail(round_up)
// CHECK-NEXT:    halide.reorder "key" (kr, f, ft, kt)
// CHECK-NEXT:    halide.unroll "key" kr
// CHECK-NEXT:    halide.gpu_threads "key" (ft, kt)
// CHECK-NEXT:    halide.compute_at "score" in "state" update(0) at kb
// CHECK-NEXT:    halide.bound_extent "score" qi by 16
// CHECK-NEXT:    halide.bound_storage "score" ko by 1
// CHECK-NEXT:    halide.bound_storage "score" qo by 1
// CHECK-NEXT:    halide.bound_storage "score" h by 1
// CHECK-NEXT:    halide.bound_storage "score" b by 1
// CHECK-NEXT:    halide.bound "score" ki from 0 extent 32
// CHECK-NEXT:    halide.bound_storage "score" ki by 33
// CHECK-NEXT:    halide.split "score" ki into (kt, kr) by 2 tail(round_up)
// CHECK-NEXT:    halide.unroll "score" kr
// CHECK-NEXT:    halide.split "score" qi into (qt, qr) by 4 tail(round_up)
// CHECK-NEXT:    halide.unroll "score" qr
// CHECK-NEXT:    halide.reorder "score" (kr, qr, kt, qt, ko)
// CHECK-NEXT:    halide.gpu_threads "score" (kt, qt)
// CHECK-NEXT:    halide.bound_storage "dot" ko by 1
// CHECK-NEXT:    halide.bound_storage "dot" qo by 1
// CHECK-NEXT:    halide.bound_storage "dot" h by 1
// CHECK-NEXT:    halide.bound_storage "dot" b by 1
// CHECK-NEXT:    halide.compute_at "dot" in "score" at kt
// CHECK-NEXT:    halide.bound_extent "dot" ki by 2
// CHECK-NEXT:    halide.bound_extent "dot" qi by 4
// CHECK-NEXT:    halide.store_in "dot" register
// CHECK-NEXT:    halide.unroll "dot" ki
// CHECK-NEXT:    halide.unroll "dot" qi
// CHECK-NEXT:    halide.reorder "dot" update(0) (ki, qi, f)
// CHECK-NEXT:    halide.unroll "dot" update(0) ki
// CHECK-NEXT:    halide.unroll "dot" update(0) qi
// CHECK-NEXT:    halide.compute_at "max" in "state" update(0) at kb
// CHECK-NEXT:    halide.bound_extent "max" qi by 16
// CHECK-NEXT:    halide.bound_storage "max" kb by 1
// CHECK-NEXT:    halide.bound_storage "max" qo by 1
// CHECK-NEXT:    halide.bound_storage "max" h by 1
// CHECK-NEXT:    halide.bound_storage "max" b by 1
// CHECK-NEXT:    halide.gpu_threads "max" (qi)
// CHECK-NEXT:    halide.reorder "max" update(0) (ki, qi)
// CHECK-NEXT:    halide.gpu_threads "max" update(0) (qi)
// CHECK-NEXT:    halide.compute_at "weight" in "state" update(0) at kb
// CHECK-NEXT:    halide.bound_extent "weight" qi by 16
// CHECK-NEXT:    halide.bound_storage "weight" kb by 1
// CHECK-NEXT:    halide.bound_storage "weight" qo by 1
// CHECK-NEXT:    halide.bound_storage "weight" h by 1
// CHECK-NEXT:    halide.bound_storage "weight" b by 1
// CHECK-NEXT:    halide.bound "weight" ki from 0 extent 32
// CHECK-NEXT:    halide.bound_storage "weight" ki by 33
// CHECK-NEXT:    halide.split "weight" ki into (kt, kr) by 2 tail(round_up)
// CHECK-NEXT:    halide.unroll "weight" kr
// CHECK-NEXT:    halide.split "weight" qi into (qt, qr) by 4 tail(round_up)
// CHECK-NEXT:    halide.unroll "weight" qr
// CHECK-NEXT:    halide.reorder "weight" (kr, qr, kt, qt)
// CHECK-NEXT:    halide.gpu_threads "weight" (kt, qt)
// CHECK-NEXT:    halide.compute_at "sum" in "state" update(0) at kb
// CHECK-NEXT:    halide.bound_extent "sum" qi by 16
// CHECK-NEXT:    halide.bound_storage "sum" kb by 1
// CHECK-NEXT:    halide.bound_storage "sum" qo by 1
// CHECK-NEXT:    halide.bound_storage "sum" h by 1
// CHECK-NEXT:    halide.bound_storage "sum" b by 1
// CHECK-NEXT:    halide.gpu_threads "sum" (qi)
// CHECK-NEXT:    halide.reorder "sum" update(0) (ki, qi)
// CHECK-NEXT:    halide.gpu_threads "sum" update(0) (qi)
// CHECK-NEXT:    }

!q = tensor<?x12x?x32xf32, #graph.dims<batch, _, seq, _>>
module attributes {sylvite.target = "x86-64-v3+opencl"} {
func.func @attention(%q: !q, %k: !q, %v: !q) -> !q {
  %o = graph.attention %q, %k, %v scale(0.17677669529663687) mask(causal)
      : (!q, !q, !q) -> !q
  return %o : !q
}
}

// -----

// Sums are shared and go on by steps along k, of which both sides are shared.
// CHECK-LABEL: halide.schedule @linear_f32_384x384 for "x86-64-v3+opencl" {
// CHECK-NEXT:    halide.split "out" n into (n, nt) by 64 tail(guard_with_if)
// CHECK-NEXT:    halide.split "out" m into (m, mt) by 32 tail(guard_with_if)
// CHECK-NEXT:    halide.split "out" nt into (nt, ni) by 4 tail(guard_with_if)
// CHECK-NEXT:    halide.split "out" mt into (mt, mi) by 4 tail(guard_with_if)
// CHECK-NEXT:    halide.reorder "out" (ni, mi, nt, mt, n, m)
// CHECK-NEXT:    halide.unroll "out" ni
// CHECK-NEXT:    halide.unroll "out" mi
// CHECK-NEXT:    halide.gpu_threads "out" (nt, mt)
// CHECK-NEXT:    halide.gpu_blocks "out" (n, m)
// CHECK-NEXT:    halide.compute_at "acc" in "out" at n
// CHECK-NEXT:    halide.bound_extent "acc" n by 64
// CHECK-NEXT:    halide.bound_extent "acc" m by 32
// CHECK-NEXT:    halide.split "acc" n into (n, ni) by 4 tail(round_up)
// CHECK-NEXT:    halide.split "acc" m into (m, mi) by 4 tail(round_up)
// CHECK-NEXT:    halide.reorder "acc" (ni, mi, n, m)
// CHECK-NEXT:    halide.unroll "acc" ni
// CHECK-NEXT:    halide.unroll "acc" mi
// CHECK-NEXT:    halide.gpu_threads "acc" (n, m)
// CHECK-NEXT:    halide.split "acc" update(0) n into (n, ni) by 4 tail(round_up)
// CHECK-NEXT:    halide.split "acc" update(0) m into (m, mi) by 4 tail(round_up)
// CHECK-NEXT:    halide.reorder "acc" update(0) (ni, mi, n, m, ko)
// CHECK-NEXT:    halide.unroll "acc" update(0) ni
// CHECK-NEXT:    halide.unroll "acc" update(0) mi
// CHECK-NEXT:    halide.gpu_threads "acc" update(0) (n, m)
// CHECK-NEXT:    halide.compute_at "part" in "acc" update(0) at n
// CHECK-NEXT:    halide.bound_extent "part" n by 4
// CHECK-NEXT:    halide.bound_extent "part" m by 4
// CHECK-NEXT:    halide.store_in "part" register
// CHECK-NEXT:    halide.unroll "part" n
// CHECK-NEXT:    halide.unroll "part" m
// CHECK-NEXT:    halide.reorder "part" update(0) (n, m, ki)
// CHECK-NEXT:    halide.unroll "part" update(0) n
// CHECK-NEXT:    halide.unroll "part" update(0) m
// CHECK-NEXT:    halide.unroll "part" update(0) ki
// CHECK-NEXT:    halide.compute_at "left" in "acc" update(0) at ko
// CHECK-NEXT:    halide.bound "left" ki from 0 extent 16
// CHECK-NEXT:    halide.bound_extent "left" m by 32
// CHECK-NEXT:    halide.bound_storage "left" ko by 1
// CHECK-NEXT:    halide.bound_storage "left" ki by 17
// CHECK-NEXT:    halide.split "left" m into (m, mt) by 8 tail(round_up)
// CHECK-NEXT:    halide.reorder "left" (m, ki, mt)
// CHECK-NEXT:    halide.gpu_threads "left" (ki, mt)
// CHECK-NEXT:    halide.compute_at "right" in "acc" update(0) at ko
// CHECK-NEXT:    halide.bound_extent "right" n by 64
// CHECK-NEXT:    halide.bound "right" ki from 0 extent 16
// CHECK-NEXT:    halide.bound_storage "right" ko by 1
// CHECK-NEXT:    halide.split "right" n into (n, ni) by 4 tail(round_up)
// CHECK-NEXT:    halide.split "right" ki into (ki, kt) by 8 tail(round_up)
// CHECK-NEXT:    halide.reorder "right" (ni, ki, n, kt)
// CHECK-NEXT:    halide.unroll "right" ni
// CHECK-NEXT:    halide.gpu_threads "right" (n, kt)
// CHECK-NEXT:    }

!x = tensor<?x384xf32, #graph.dims<rows, _>>
!w = tensor<384x384xf32>
!b = tensor<384xf32>
module attributes {sylvite.target = "x86-64-v3+opencl"} {
func.func @linear(%x: !x) -> !x {
  %w = graph.weight "w" : !w
  %b = graph.weight "b" : !b
  %y = graph.linear %x, %w bias(%b) : (!x, !w, !b) -> !x
  return %y : !x
}
}

// -----

// One row: threads share the depth of a column.
// CHECK-LABEL: halide.schedule @linear_f32_384x384 for "x86-64-v3+opencl" {
// CHECK-NEXT:    halide.split "out" n into (n, ni) by 32 tail(guard_with_if)
// CHECK-NEXT:    halide.gpu_threads "out" (ni)
// CHECK-NEXT:    halide.gpu_blocks "out" (n, m)
// CHECK-NEXT:    halide.compute_at "acc" in "out" at n
// CHECK-NEXT:    halide.bound_storage "acc" m by 1
// CHECK-NEXT:    halide.bound_extent "acc" n by 32
// CHECK-NEXT:    halide.gpu_threads "acc" (n)
// CHECK-NEXT:    halide.reorder "acc" update(0) (ki, n)
// CHECK-NEXT:    halide.gpu_threads "acc" update(0) (n)
// CHECK-NEXT:    halide.compute_at "lane" in "out" at n
// CHECK-NEXT:    halide.bound_storage "lane" m by 1
// CHECK-NEXT:    halide.bound_extent "lane" n by 32
// CHECK-NEXT:    halide.bound "lane" ki from 0 extent 8
// CHECK-NEXT:    halide.gpu_threads "lane" (n, ki)
// CHECK-NEXT:    halide.reorder "lane" update(0) (ko, n, ki)
// CHECK-NEXT:    halide.gpu_threads "lane" update(0) (n, ki)
// CHECK-NEXT:    }

!x = tensor<1x384xf32>
!w = tensor<384x384xf32>
!b = tensor<384xf32>
module attributes {sylvite.target = "x86-64-v3+opencl"} {
func.func @step(%x: !x) -> !x {
  %w = graph.weight "w" : !w
  %b = graph.weight "b" : !b
  %y = graph.linear %x, %w bias(%b) : (!x, !w, !b) -> !x
  return %y : !x
}
}

// -----

// A block of threads pools a sequence; a thread has some features.
// CHECK-LABEL: halide.schedule @pool_mean_normalize_f32 for "x86-64-v3+opencl" {
// CHECK-NEXT:    halide.split "out" x into (x, thread) by 64 tail(guard_with_if)
// CHECK-NEXT:    halide.gpu_threads "out" (thread)
// CHECK-NEXT:    halide.reorder "out" (thread, x, y)
// CHECK-NEXT:    halide.gpu_blocks "out" (y)
// CHECK-NEXT:    halide.compute_at "count" in "out" at y
// CHECK-NEXT:    halide.compute_at "count_lanes" in "out" at y
// CHECK-NEXT:    halide.bound_extent "count_lanes" lane by 32
// CHECK-NEXT:    halide.gpu_threads "count_lanes" (lane)
// CHECK-NEXT:    halide.reorder "count_lanes" update(0) (step, lane)
// CHECK-NEXT:    halide.gpu_threads "count_lanes" update(0) (lane)
// CHECK-NEXT:    halide.reorder "count_lanes" update(1) (rest, lane)
// CHECK-NEXT:    halide.gpu_threads "count_lanes" update(1) (lane)
// CHECK-NEXT:    halide.compute_at "pooled" in "out" at y
// CHECK-NEXT:    halide.split "pooled" x into (x, thread) by 64 tail(guard_with_if)
// CHECK-NEXT:    halide.gpu_threads "pooled" (thread)
// CHECK-NEXT:    halide.compute_at "parts" in "pooled" at thread
// CHECK-NEXT:    halide.store_in "parts" register
// CHECK-NEXT:    halide.bound_extent "parts" x by 1
// CHECK-NEXT:    halide.bound_extent "parts" part by 4
// CHECK-NEXT:    halide.unroll "parts" part
// CHECK-NEXT:    halide.reorder "parts" update(0) (part, x, step)
// CHECK-NEXT:    halide.unroll "parts" update(0) part
// CHECK-NEXT:    halide.reorder "parts" update(1) (part, x, rest)
// CHECK-NEXT:    halide.unroll "parts" update(1) part
// CHECK-NEXT:    halide.compute_at "squares" in "out" at y
// CHECK-NEXT:    halide.compute_at "squares_lanes" in "out" at y
// CHECK-NEXT:    halide.bound_extent "squares_lanes" lane by 64
// CHECK-NEXT:    halide.gpu_threads "squares_lanes" (lane)
// CHECK-NEXT:    halide.reorder "squares_lanes" update(0) (step, lane)
// CHECK-NEXT:    halide.gpu_threads "squares_lanes" update(0) (lane)
// CHECK-NEXT:    }

!x = tensor<?x?x384xf32, #graph.dims<batch, seq, _>>
!m = tensor<?x?xi64, #graph.dims<batch, seq>>
!y = tensor<?x384xf32, #graph.dims<batch, _>>
module attributes {sylvite.target = "x86-64-v3+opencl"} {
func.func @pool(%x: !x, %m: !m) -> !y {
  %y = graph.pool mean %x mask(%m) normalize : (!x, !m) -> !y
  return %y : !y
}
}
