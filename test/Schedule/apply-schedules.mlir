// A schedule from a file takes the place of the policy's; the kernel next to it
// keeps what the policy says.
//
// RUN: split-file %s %t
// RUN: sylvite-opt --sylvite-schedule "--sylvite-apply-schedules=file=%t/edited.mlir" \
// RUN:   %t/kernels.mlir | FileCheck %s
// Applied first, it is what the policy leaves alone.
// RUN: sylvite-opt "--sylvite-apply-schedules=file=%t/edited.mlir" --sylvite-schedule \
// RUN:   %t/kernels.mlir | FileCheck %s
// RUN: not sylvite-opt "--sylvite-apply-schedules=file=%t/unknown.mlir" %t/kernels.mlir 2>&1 \
// RUN:   | FileCheck %s --check-prefix=UNKNOWN
// RUN: not sylvite-opt "--sylvite-apply-schedules=file=%t/other.mlir" %t/kernels.mlir 2>&1 \
// RUN:   | FileCheck %s --check-prefix=OTHER
// RUN: not sylvite-opt "--sylvite-apply-schedules=file=%t/twice.mlir" %t/kernels.mlir 2>&1 \
// RUN:   | FileCheck %s --check-prefix=TWICE
// RUN: not sylvite-opt "--sylvite-apply-schedules=file=%t/loop.mlir" %t/kernels.mlir 2>&1 \
// RUN:   | FileCheck %s --check-prefix=LOOP
// RUN: not sylvite-opt "--sylvite-apply-schedules=file=%t/kernels.mlir" %t/kernels.mlir 2>&1 \
// RUN:   | FileCheck %s --check-prefix=KERNELS
// RUN: not sylvite-opt "--sylvite-apply-schedules=file=%t/missing.mlir" %t/kernels.mlir 2>&1 \
// RUN:   | FileCheck %s --check-prefix=MISSING

// CHECK: halide.pipeline @double
// CHECK: halide.schedule @double for "x86-64-v3" {
// CHECK-NEXT: halide.vectorize "out" x by 4
// CHECK-NEXT: }
// CHECK: halide.pipeline @square
// CHECK: halide.schedule @square for "x86-64-v3" {
// CHECK-NEXT: halide.{{.*}} "out"
// CHECK-NOT: halide.schedule

// UNKNOWN: unknown.mlir:1:1: error: no kernel @cube in the module
// OTHER: other.mlir:1:1: error: is for "x86-64-v4", but the module is compiled for "x86-64-v3"
// TWICE: twice.mlir:4:1: error: a second schedule of @double
// TWICE: twice.mlir:1:1: note: the first one
// LOOP: loop.mlir:2:3: error: {{.*}}y
// KERNELS: kernels.mlir:2:1: error: a schedules file holds halide.schedule ops only
// MISSING: missing.mlir

//--- kernels.mlir
module attributes {sylvite.target = "x86-64-v3"} {
halide.pipeline @double(%x: !halide.buffer<?xf32>) -> !halide.buffer<?xf32> {
  %out = halide.func "out"(x = %i) : f32 {
    %a = halide.load %x[%i] : !halide.buffer<?xf32>
    %b = arith.addf %a, %a : f32
    halide.yield %b : f32
  }
  halide.output %out : !halide.func<1xf32>
}
halide.pipeline @square(%x: !halide.buffer<?xf32>) -> !halide.buffer<?xf32> {
  %out = halide.func "out"(x = %i) : f32 {
    %a = halide.load %x[%i] : !halide.buffer<?xf32>
    %b = arith.mulf %a, %a : f32
    halide.yield %b : f32
  }
  halide.output %out : !halide.func<1xf32>
}
}
//--- edited.mlir
halide.schedule @double for "x86-64-v3" {
  halide.vectorize "out" x by 4
}
//--- unknown.mlir
halide.schedule @cube for "x86-64-v3" {
}
//--- other.mlir
halide.schedule @double for "x86-64-v4" {
}
//--- twice.mlir
halide.schedule @double for "x86-64-v3" {
  halide.vectorize "out" x by 4
}
halide.schedule @double for "x86-64-v3" {
  halide.vectorize "out" x by 8
}
//--- loop.mlir
halide.schedule @double for "x86-64-v3" {
  halide.vectorize "out" y by 4
}
