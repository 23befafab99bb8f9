// RUN: sylvite-opt --sylvite-verify-schedules %s | FileCheck %s

// Every directive once, on loops that other directives made. (It is not meant
// to be a good schedule.)

// CHECK: halide.schedule @gemm for "x86-64-v3"
halide.pipeline @gemm(
    %x: !halide.buffer<80x?xf32> {halide.name = "x"},
    %w: !halide.buffer<24x80x4xf32> {halide.name = "w"})
    -> !halide.buffer<96x?xf32> {
  %zero = arith.constant 0.0 : f32
  %first = arith.constant 0 : i32
  %depth = arith.constant 80 : i32
  %panel = arith.constant 24 : i32
  %acc = halide.func "acc"(n = %n, m = %m) : f32 {
    halide.yield %zero : f32
  }
  halide.update %acc(n = %n, m = %m) over (k = %k in %first to %depth)
      : !halide.func<2xf32> {
    %a = halide.load %x[%k, %m] : !halide.buffer<80x?xf32>
    %ni = arith.remsi %n, %panel : i32
    %no = arith.divsi %n, %panel : i32
    %c = halide.load %w[%ni, %k, %no] : !halide.buffer<24x80x4xf32>
    %product = arith.mulf %a, %c : f32
    %before = halide.call %acc(%n, %m) : !halide.func<2xf32>
    %after = arith.addf %before, %product : f32
    halide.yield %after : f32
  }
  %out = halide.func "out"(n = %n, m = %m) : f32 {
    %sum = halide.call %acc(%n, %m) : !halide.func<2xf32>
    halide.yield %sum : f32
  }
  halide.output %out : !halide.func<2xf32>
}

halide.schedule @gemm for "x86-64-v3" {
  halide.split "out" n into (no, ni) by 24
  halide.split "out" m into (mo, mi) by 4 tail(guard_with_if)
  halide.split "out" mo into (block, mo) by 16 tail(guard_with_if)
  halide.reorder "out" (ni, mi, mo, no, block)
  halide.fuse "out" (no, block) into task
  halide.vectorize "out" ni by 8
  halide.unroll "out" ni
  halide.unroll "out" mi
  halide.parallel "out" task
  halide.partition "out" mo never
  halide.prefetch "out" of "x" at mo from mo by 2
  halide.compute_at "acc" in "out" at mo
  halide.store_at "acc" in "out" at task
  halide.hoist_storage "acc" in "out" at task
  halide.bound_extent "acc" m by 4
  halide.bound "acc" n from 0 extent 96
  halide.align_storage "acc" n by 8
  halide.align_bounds "acc" n by 24
  halide.reorder_storage "acc" (n, m)
  halide.store_in "acc" register
  halide.vectorize "acc" n by 8
  halide.unroll "acc" n
  halide.reorder "acc" update(0) (n, m, k)
  halide.unroll "acc" update(0) k by 2
  halide.atomic "acc" update(0)
  halide.vectorize "acc" update(0) n by 8
}

// Another target, the loops of an update, and a function at the root.

// CHECK: halide.schedule @gemm for "x86-64-v4"
halide.schedule @gemm for "x86-64-v4" {
  halide.compute_root "acc"
  halide.atomic "acc" update(0)
  halide.vectorize "acc" update(0) k by 16
  halide.parallel "acc" update(0) m
}
