// RUN: sylvite-opt --sylvite-schedule %s | FileCheck %s
// RUN: sylvite-opt --sylvite-schedule --sylvite-verify-schedules %s

// The example of the pass.

// CHECK-LABEL: halide.schedule @double for "x86-64-v3" {
// CHECK-NEXT:    halide.vectorize "out" x by 8 tail(round_up)
// CHECK-NEXT:    halide.parallel "out" y by 1024 tail(guard_with_if)
// CHECK-NEXT:  }
halide.pipeline @double(%x: !halide.buffer<8x?xf32>) -> !halide.buffer<8x?xf32>
    attributes {halide.class = "elementwise"} {
  %two = arith.constant 2.0 : f32
  %out = halide.func "out"(x = %i, y = %m) : f32 {
    %a = halide.load %x[%i, %m] : !halide.buffer<8x?xf32>
    %b = arith.mulf %a, %two : f32
    halide.yield %b : f32
  }
  halide.output %out : !halide.func<2xf32>
}

// Rows that no whole number of vectors fills, and several dimensions of them.

// CHECK-LABEL: halide.schedule @copy for "x86-64-v3" {
// CHECK-NEXT:    halide.vectorize "out" x by 8 tail(guard_with_if)
// CHECK-NEXT:    halide.fuse "out" (y, z) into rows
// CHECK-NEXT:    halide.parallel "out" rows by 819 tail(guard_with_if)
// CHECK-NEXT:  }
halide.pipeline @copy(%x: !halide.buffer<10x?x?xf32>)
    -> !halide.buffer<10x?x?xf32> attributes {halide.class = "copy"} {
  %out = halide.func "out"(x = %i, y = %j, z = %k) : f32 {
    %a = halide.load %x[%i, %j, %k] : !halide.buffer<10x?x?xf32>
    halide.yield %a : f32
  }
  halide.output %out : !halide.func<3xf32>
}

// A class without a policy: sums are computed whole; vectors of f64 have half
// as many lanes. A task is a number of vectors, not of elements: the last one
// ends where the elements do.

// CHECK-LABEL: halide.schedule @unknown for "x86-64-v3" {
// CHECK-NEXT:    halide.compute_root "sum"
// CHECK-NEXT:    halide.vectorize "sum" m by 4 tail(guard_with_if)
// CHECK-NEXT:    halide.split "sum" m into (task, m) by 2048 tail(guard_with_if)
// CHECK-NEXT:    halide.parallel "sum" task
// CHECK-NEXT:    halide.reorder "sum" update(0) (m, k)
// CHECK-NEXT:    halide.vectorize "sum" update(0) m by 4 tail(guard_with_if)
// CHECK-NEXT:    halide.vectorize "out" x by 4 tail(round_up)
// CHECK-NEXT:    halide.parallel "out" y by 128 tail(guard_with_if)
// CHECK-NEXT:  }
halide.pipeline @unknown(%x: !halide.buffer<64x?xf64>) -> !halide.buffer<64x?xf64>
    attributes {halide.class = "unknown"} {
  %zero = arith.constant 0.0 : f64
  %lo = arith.constant 0 : i32
  %hi = arith.constant 64 : i32
  %s = halide.func "sum"(m = %m) : f64 {
    halide.yield %zero : f64
  }
  halide.update %s(m = %m) over (k = %k in %lo to %hi) : !halide.func<1xf64> {
    %a = halide.load %x[%k, %m] : !halide.buffer<64x?xf64>
    %b = halide.call %s(%m) : !halide.func<1xf64>
    %c = arith.addf %a, %b : f64
    halide.yield %c : f64
  }
  %out = halide.func "out"(x = %i, y = %m) : f64 {
    %a = halide.load %x[%i, %m] : !halide.buffer<64x?xf64>
    %b = halide.call %s(%m) : !halide.func<1xf64>
    %c = arith.divf %a, %b : f64
    halide.yield %c : f64
  }
  halide.output %out : !halide.func<2xf64>
}

// A running sum: the update's place does not follow y, so that only x and the
// outer variable have loops beside the reduction's.

// CHECK-LABEL: halide.schedule @scan for "x86-64-v3" {
// CHECK:         halide.reorder "out" update(0) (x, k)
// CHECK-NEXT:    halide.vectorize "out" update(0) x by 8 tail(guard_with_if)
// CHECK-NEXT:    halide.parallel "out" update(0) z
// CHECK-NEXT:  }
halide.pipeline @scan(%x: !halide.buffer<16x4x?xf32>) -> !halide.buffer<16x4x?xf32>
    attributes {halide.class = "scan"} {
  %lo = arith.constant 1 : i32
  %hi = arith.constant 4 : i32
  %out = halide.func "out"(x = %i, y = %j, z = %k) : f32 {
    %a = halide.load %x[%i, %j, %k] : !halide.buffer<16x4x?xf32>
    halide.yield %a : f32
  }
  halide.update %out(x = %i, y = %j, z = %k) over (k = %n in %lo to %hi)
      : !halide.func<3xf32> {
    %one = arith.constant 1 : i32
    %before = arith.subi %n, %one : i32
    %a = halide.call %out(%i, %before, %k) : !halide.func<3xf32>
    %b = halide.call %out(%i, %n, %k) : !halide.func<3xf32>
    %c = arith.addf %a, %b : f32
    halide.yield %c at (%i, %n, %k) : f32
  }
  halide.output %out : !halide.func<3xf32>
}

// A schedule that is there is kept.

// CHECK-LABEL: halide.pipeline @mine
// CHECK:       halide.schedule @mine for "x86-64-v3" {
// CHECK-NEXT:    halide.unroll "out" x
// CHECK-NEXT:  }
// CHECK-NOT:   halide.schedule
halide.pipeline @mine() -> !halide.buffer<4xi32> {
  %out = halide.func "out"(x = %i) : i32 {
    halide.yield %i : i32
  }
  halide.output %out : !halide.func<1xi32>
}
halide.schedule @mine for "x86-64-v3" {
  halide.unroll "out" x
}
