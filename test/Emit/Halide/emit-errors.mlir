// What Halide refuses is an error at the directive or at the schedule, in
// Halide's words; what it only finds while a kernel runs is refused as well.
//
// RUN: not sylvite-translate --halide-to-stmt --target=x86-64-v3 %s \
// RUN:     -split-input-file 2>&1 | FileCheck %s

// A tail strategy that an update does not take.
//
// CHECK: error: Halide: {{.*}}ShiftInwards
// CHECK-NEXT: {{^ *}}halide.split "f" update(0)
halide.pipeline @tail(%x: !halide.buffer<64x?xf32>) -> !halide.buffer<?xf32> {
  %zero = arith.constant 0.0 : f32
  %first = arith.constant 0 : i32
  %last = arith.constant 64 : i32
  %f = halide.func "f"(i = %i) : f32 {
    halide.yield %zero : f32
  }
  halide.update %f(i = %i) over (k = %k in %first to %last) : !halide.func<1xf32> {
    %a = halide.load %x[%k, %i] : !halide.buffer<64x?xf32>
    %b = halide.call %f(%i) : !halide.func<1xf32>
    %c = arith.addf %b, %a : f32
    halide.yield %c : f32
  }
  halide.output %f : !halide.func<1xf32>
}
halide.schedule @tail for "x86-64-v3" {
  halide.split "f" update(0) k into (ko, ki) by 5 tail(shift_inwards)
}

// -----

// The order of a reduction that is not known to be associative.
//
// CHECK: error: Halide: {{.*}}race condition
// CHECK-NEXT: {{^ *}}halide.parallel "f" update(0) k
halide.pipeline @order(%x: !halide.buffer<64x?xf32>) -> !halide.buffer<?xf32> {
  %zero = arith.constant 0.0 : f32
  %first = arith.constant 0 : i32
  %last = arith.constant 64 : i32
  %f = halide.func "f"(i = %i) : f32 {
    halide.yield %zero : f32
  }
  halide.update %f(i = %i) over (k = %k in %first to %last) : !halide.func<1xf32> {
    %a = halide.load %x[%k, %i] : !halide.buffer<64x?xf32>
    %b = halide.call %f(%i) : !halide.func<1xf32>
    %c = arith.subf %a, %b : f32
    halide.yield %c : f32
  }
  halide.output %f : !halide.func<1xf32>
}
halide.schedule @order for "x86-64-v3" {
  halide.parallel "f" update(0) k
}

// -----

// A place outside of the loops that use the function: found while lowering, an
// error of the schedule.
//
// CHECK: error: Halide: {{.*}}computed at the following invalid location
// CHECK: halide.schedule @place
halide.pipeline @place(%x: !halide.buffer<64xf32>)
    -> (!halide.buffer<64xf32>, !halide.buffer<64xf32>) {
  %f = halide.func "f"(i = %i) : f32 {
    %a = halide.load %x[%i] : !halide.buffer<64xf32>
    halide.yield %a : f32
  }
  %g = halide.func "g"(i = %i) : f32 {
    %a = halide.call %f(%i) : !halide.func<1xf32>
    halide.yield %a : f32
  }
  %h = halide.func "h"(i = %i) : f32 {
    %a = halide.call %f(%i) : !halide.func<1xf32>
    halide.yield %a : f32
  }
  halide.output %g, %h : !halide.func<1xf32>, !halide.func<1xf32>
}
halide.schedule @place for "x86-64-v3" {
  halide.compute_at "f" in "g" at i
}

// -----

// Bounds that are too small wherever: Halide warns only, and without its checks
// the kernel would be fast and wrong.
//
// CHECK: error: Halide: This pipeline is guaranteed to fail an assertion
// CHECK-NOT: guaranteed
halide.pipeline @small(%x: !halide.buffer<64x?xf32>) -> !halide.buffer<64x?xf32> {
  %f = halide.func "f"(i = %i, j = %j) : f32 {
    %a = halide.load %x[%i, %j] : !halide.buffer<64x?xf32>
    halide.yield %a : f32
  }
  %out = halide.func "out"(i = %i, j = %j) : f32 {
    %a = halide.call %f(%i, %j) : !halide.func<2xf32>
    halide.yield %a : f32
  }
  halide.output %out : !halide.func<2xf32>
}
halide.schedule @small for "x86-64-v3" {
  halide.compute_at "f" in "out" at j
  halide.bound_extent "f" i by 32
}

// -----

// Bounds that hold for some extents only.
//
// CHECK: error: 'halide.bound_extent' op is not known to cover what consumers need of "f" in j
// CHECK-NEXT: {{^ *}}halide.bound_extent "f" j by 4
halide.pipeline @unproven(%x: !halide.buffer<64x?xf32>) -> !halide.buffer<64x?xf32> {
  %f = halide.func "f"(i = %i, j = %j) : f32 {
    %a = halide.load %x[%i, %j] : !halide.buffer<64x?xf32>
    halide.yield %a : f32
  }
  %out = halide.func "out"(i = %i, j = %j) : f32 {
    %a = halide.call %f(%i, %j) : !halide.func<2xf32>
    halide.yield %a : f32
  }
  halide.output %out : !halide.func<2xf32>
}
halide.schedule @unproven for "x86-64-v3" {
  halide.compute_root "f"
  halide.bound_extent "f" j by 4
}

// -----

// Tails that leave the output, for a short one, for one of odd length, and for
// the length that it has.
//
// CHECK: error: the kernel would write outside of output "out" where its extent in i is 1: guard the tail of its loop, as by tail(guard_with_if)
// CHECK-NEXT: {{^ *}}halide.vectorize "out" i by 8
// CHECK: error: the kernel would write outside of output "out" where its extent in j is 1:
// CHECK-NEXT: {{^ *}}halide.split "out" j into (jo, ji) by 4 tail(round_up)
// CHECK: error: {{.*}}extent in i is 60
// CHECK-NEXT: {{^ *}}halide.schedule @fixed
halide.pipeline @short(%x: !halide.buffer<?xf32>) -> !halide.buffer<?xf32> {
  %out = halide.func "out"(i = %i) : f32 {
    %a = halide.load %x[%i] : !halide.buffer<?xf32>
    halide.yield %a : f32
  }
  halide.output %out : !halide.func<1xf32>
}
halide.schedule @short for "x86-64-v3" {
  halide.vectorize "out" i by 8
}

// -----

halide.pipeline @odd(%x: !halide.buffer<64x?xf32>) -> !halide.buffer<64x?xf32> {
  %out = halide.func "out"(i = %i, j = %j) : f32 {
    %a = halide.load %x[%i, %j] : !halide.buffer<64x?xf32>
    halide.yield %a : f32
  }
  halide.output %out : !halide.func<2xf32>
}
halide.schedule @odd for "x86-64-v3" {
  halide.split "out" i into (io, ii) by 8 tail(guard_with_if)
  halide.split "out" j into (jo, ji) by 4 tail(round_up)
}

// -----

halide.pipeline @fixed(%x: !halide.buffer<64x60xf32>) -> !halide.buffer<60x64xf32> {
  %out = halide.func "out"(i = %i, j = %j) : f32 {
    %a = halide.load %x[%j, %i] : !halide.buffer<64x60xf32>
    halide.yield %a : f32
  }
  halide.output %out : !halide.func<2xf32>
}
halide.schedule @fixed for "x86-64-v3" {
  halide.split "out" i into (io, ii) by 8 tail(round_up)
  halide.split "out" j into (jo, ji) by 8 tail(round_up)
}

// -----

// Names, each with those there are.
//
// CHECK: error: 'halide.vectorize' op names no function of the pipeline: "g"; it has f
// CHECK: error: 'halide.vectorize' op names update 1 of "f", which has 0
// CHECK: error: 'halide.reorder' op names no loop of f: 'k'; its loops are i, j
halide.pipeline @function(%x: !halide.buffer<64xf32>) -> !halide.buffer<64xf32> {
  %f = halide.func "f"(i = %i) : f32 {
    %a = halide.load %x[%i] : !halide.buffer<64xf32>
    halide.yield %a : f32
  }
  halide.output %f : !halide.func<1xf32>
}
halide.schedule @function for "x86-64-v3" {
  halide.vectorize "g" i by 8
}

// -----

halide.pipeline @update(%x: !halide.buffer<64xf32>) -> !halide.buffer<64xf32> {
  %f = halide.func "f"(i = %i) : f32 {
    %a = halide.load %x[%i] : !halide.buffer<64xf32>
    halide.yield %a : f32
  }
  halide.output %f : !halide.func<1xf32>
}
halide.schedule @update for "x86-64-v3" {
  halide.vectorize "f" update(1) i by 8
}

// -----

halide.pipeline @loops(%x: !halide.buffer<64x8xf32>) -> !halide.buffer<64x8xf32> {
  %f = halide.func "f"(i = %i, j = %j) : f32 {
    %a = halide.load %x[%i, %j] : !halide.buffer<64x8xf32>
    halide.yield %a : f32
  }
  halide.output %f : !halide.func<2xf32>
}
halide.schedule @loops for "x86-64-v3" {
  halide.reorder "f" (j, k)
}

// -----

// One schedule for a kernel and a target.
//
// CHECK: error: kernel @twice has a schedule for "x86-64-v3" already
// CHECK: note: here
halide.pipeline @twice(%x: !halide.buffer<64xf32>) -> !halide.buffer<64xf32> {
  %f = halide.func "f"(i = %i) : f32 {
    %a = halide.load %x[%i] : !halide.buffer<64xf32>
    halide.yield %a : f32
  }
  halide.output %f : !halide.func<1xf32>
}
halide.schedule @twice for "x86-64-v3" {}
halide.schedule @twice for "x86-64-v2" {}
halide.schedule @twice for "x86-64-v3" {}

// -----

// CHECK: error: kernel @never has no schedule for "x86-64-v3"
// CHECK-NEXT: {{^}}halide.pipeline @never
halide.pipeline @never(%x: !halide.buffer<64xf32>) -> !halide.buffer<64xf32> {
  %f = halide.func "f"(i = %i) : f32 {
    %a = halide.load %x[%i] : !halide.buffer<64xf32>
    halide.yield %a : f32
  }
  halide.output %f : !halide.func<1xf32>
}
halide.schedule @never for "x86-64-v2" {}

// -----

// A type that Halide does not have.
//
// CHECK: error: 'arith.extsi' op has a result of type 'i128', which Halide does not have
halide.pipeline @type(%x: !halide.buffer<64xi32>) -> !halide.buffer<64xi32> {
  %f = halide.func "f"(i = %i) : i32 {
    %a = halide.load %x[%i] : !halide.buffer<64xi32>
    %b = arith.extsi %a : i32 to i128
    %c = arith.trunci %b : i128 to i32
    halide.yield %c : i32
  }
  halide.output %f : !halide.func<1xi32>
}
halide.schedule @type for "x86-64-v3" {}

// -----

// A condition on a domain whose variable nothing uses.
//
// CHECK: error: has a condition but uses no reduction variable; Halide would run it everywhere
// CHECK-NEXT: {{^ *}}halide.update
halide.pipeline @lost(%x: !halide.buffer<?xf32>) -> !halide.buffer<?xf32> {
  %zero = arith.constant 0.0 : f32
  %first = arith.constant 0 : i32
  %last = arith.constant 1 : i32
  %f = halide.func "f"(i = %i) : f32 {
    halide.yield %zero : f32
  }
  halide.update %f(i = %i) over (k = %k in %first to %last) : !halide.func<1xf32> {
    %n = halide.extent %x[0] : !halide.buffer<?xf32>
    %inside = arith.cmpi slt, %i, %n : i32
    halide.where %inside
    %a = halide.load %x[%i] : !halide.buffer<?xf32>
    halide.yield %a : f32
  }
  halide.output %f : !halide.func<1xf32>
}
halide.schedule @lost for "x86-64-v3" {}
