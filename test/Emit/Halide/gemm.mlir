// A GEMM with bias and SiLU under a schedule that tiles, vectorises and guards,
// against NumPy; rows that fill tiles and rows that do not.
//
// REQUIRES: avx2
// RUN: %python %S/Inputs/gemm.py make 1 %t.1.npz
// RUN: sylvite-run-kernel %s --target=x86-64-v3 --inputs=%t.1.npz \
// RUN:     --output-shape=out=1x96 --outputs=%t.out.npz
// RUN: %python %S/Inputs/gemm.py check %t.1.npz %t.out.npz | FileCheck %s
// RUN: %python %S/Inputs/gemm.py make 37 %t.37.npz
// RUN: sylvite-run-kernel %s --target=x86-64-v3 --inputs=%t.37.npz \
// RUN:     --output-shape=out=37x96 --outputs=%t.out.npz
// RUN: %python %S/Inputs/gemm.py check %t.37.npz %t.out.npz | FileCheck %s
//
// CHECK: largest error is below 2e-6

halide.pipeline @gemm(
    %x: !halide.buffer<80x?xf32> {halide.name = "x"},
    %w: !halide.buffer<24x80x4xf32> {halide.name = "w"},
    %b: !halide.buffer<96xf32> {halide.name = "b"})
    -> !halide.buffer<96x?xf32> {
  %zero = arith.constant 0.0 : f32
  %one = arith.constant 1.0 : f32
  %first = arith.constant 0 : i32
  %depth = arith.constant 80 : i32
  %panel = arith.constant 24 : i32
  %row_step = arith.constant 1 : i32
  %rows = halide.extent %x[1] : !halide.buffer<80x?xf32>
  %last = arith.subi %rows, %row_step : i32

  %acc = halide.func "acc"(n = %n, m = %m) : f32 {
    halide.yield %zero : f32
  }
  halide.update %acc(n = %n, m = %m) over (k = %k in %first to %depth)
      : !halide.func<2xf32> {
    %row = arith.minsi %m, %last : i32
    %a = halide.load %x[%k, %row] : !halide.buffer<80x?xf32>
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
    %bias = halide.load %b[%n] : !halide.buffer<96xf32>
    %linear = arith.addf %sum, %bias : f32
    %minus = arith.negf %linear : f32
    %power = math.exp %minus : f32
    %denominator = arith.addf %one, %power : f32
    %silu = arith.divf %linear, %denominator : f32
    halide.yield %silu : f32
  }
  halide.output %out : !halide.func<2xf32>
}

halide.schedule @gemm for "x86-64-v3" {
  halide.split "out" n into (no, ni) by 24
  halide.split "out" m into (mo, mi) by 4 tail(guard_with_if)
  halide.reorder "out" (ni, mi, mo, no)
  halide.vectorize "out" ni by 8
  halide.unroll "out" mi
  halide.parallel "out" no
  halide.compute_at "acc" in "out" at mo
  halide.bound_extent "acc" m by 4
  halide.store_in "acc" register
  halide.vectorize "acc" n by 8
  halide.unroll "acc" n
  halide.unroll "acc" m
  halide.reorder "acc" update(0) (n, m, k)
  halide.vectorize "acc" update(0) n by 8
  halide.unroll "acc" update(0) n
  halide.unroll "acc" update(0) m
}
