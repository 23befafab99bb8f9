// Each part of this file, behind the kernel.
//
// RUN: split-file %s %t
// RUN: cat %S/Inputs/gemm.mlir %t/kernel.mlir | sylvite-opt \
// RUN:   --sylvite-verify-schedules --verify-diagnostics
// RUN: cat %S/Inputs/gemm.mlir %t/target.mlir | sylvite-opt \
// RUN:   --sylvite-verify-schedules --verify-diagnostics
// RUN: cat %S/Inputs/gemm.mlir %t/twice.mlir | sylvite-opt \
// RUN:   --sylvite-verify-schedules --verify-diagnostics
// RUN: cat %S/Inputs/gemm.mlir %t/function.mlir | sylvite-opt \
// RUN:   --sylvite-verify-schedules --verify-diagnostics
// RUN: cat %S/Inputs/gemm.mlir %t/update.mlir | sylvite-opt \
// RUN:   --sylvite-verify-schedules --verify-diagnostics
// RUN: cat %S/Inputs/gemm.mlir %t/loop.mlir | sylvite-opt \
// RUN:   --sylvite-verify-schedules --verify-diagnostics
// RUN: cat %S/Inputs/gemm.mlir %t/update-loop.mlir | sylvite-opt \
// RUN:   --sylvite-verify-schedules --verify-diagnostics
// RUN: cat %S/Inputs/gemm.mlir %t/name.mlir | sylvite-opt \
// RUN:   --sylvite-verify-schedules --verify-diagnostics
// RUN: cat %S/Inputs/gemm.mlir %t/names.mlir | sylvite-opt \
// RUN:   --sylvite-verify-schedules --verify-diagnostics
// RUN: cat %S/Inputs/gemm.mlir %t/kind.mlir | sylvite-opt \
// RUN:   --sylvite-verify-schedules --verify-diagnostics
// RUN: cat %S/Inputs/gemm.mlir %t/fuse.mlir | sylvite-opt \
// RUN:   --sylvite-verify-schedules --verify-diagnostics
// RUN: cat %S/Inputs/gemm.mlir %t/fuse-reduction.mlir | sylvite-opt \
// RUN:   --sylvite-verify-schedules --verify-diagnostics
// RUN: cat %S/Inputs/gemm.mlir %t/atomic.mlir | sylvite-opt \
// RUN:   --sylvite-verify-schedules --verify-diagnostics
// RUN: cat %S/Inputs/gemm.mlir %t/atomic-pure.mlir | sylvite-opt \
// RUN:   --sylvite-verify-schedules --verify-diagnostics
// RUN: cat %S/Inputs/gemm.mlir %t/place-loop.mlir | sylvite-opt \
// RUN:   --sylvite-verify-schedules --verify-diagnostics
// RUN: cat %S/Inputs/gemm.mlir %t/place-later.mlir | sylvite-opt \
// RUN:   --sylvite-verify-schedules --verify-diagnostics
// RUN: cat %S/Inputs/gemm.mlir %t/place-unused.mlir | sylvite-opt \
// RUN:   --sylvite-verify-schedules --verify-diagnostics
// RUN: cat %S/Inputs/gemm.mlir %t/place-update.mlir | sylvite-opt \
// RUN:   --sylvite-verify-schedules --verify-diagnostics
// RUN: cat %S/Inputs/gemm.mlir %t/variable.mlir | sylvite-opt \
// RUN:   --sylvite-verify-schedules --verify-diagnostics
// RUN: cat %S/Inputs/gemm.mlir %t/bound.mlir | sylvite-opt \
// RUN:   --sylvite-verify-schedules --verify-diagnostics
// RUN: cat %S/Inputs/gemm.mlir %t/bound-static.mlir | sylvite-opt \
// RUN:   --sylvite-verify-schedules --verify-diagnostics
// RUN: cat %S/Inputs/gemm.mlir %t/prefetch.mlir | sylvite-opt \
// RUN:   --sylvite-verify-schedules --verify-diagnostics
// RUN: cat %S/Inputs/gemm.mlir %t/specialize.mlir | sylvite-opt \
// RUN:   --sylvite-verify-schedules --verify-diagnostics
// RUN: cat %S/Inputs/gemm.mlir %t/specialize-loop.mlir | sylvite-opt \
// RUN:   --sylvite-verify-schedules --verify-diagnostics
// RUN: cat %S/Inputs/gemm.mlir %t/specialize-output.mlir | sylvite-opt \
// RUN:   --sylvite-verify-schedules --verify-diagnostics
// RUN: cat %S/Inputs/gemm.mlir %t/copies.mlir | sylvite-opt \
// RUN:   --sylvite-verify-schedules --verify-diagnostics
// RUN: cat %S/Inputs/gemm.mlir %t/copies-together.mlir | sylvite-opt \
// RUN:   --sylvite-verify-schedules --verify-diagnostics
// RUN: cat %S/Inputs/gemm.mlir %t/lanes.mlir | sylvite-opt \
// RUN:   --sylvite-verify-schedules --verify-diagnostics

//--- kernel.mlir

// expected-error @below {{no kernel @conv}}
halide.schedule @conv for "x86-64-v3" {
}

//--- target.mlir

// expected-error @below {{unknown target 'sparc': expected native, x86-64-v2}}
halide.schedule @gemm for "sparc" {
}

//--- twice.mlir

// expected-note @below {{the first one}}
halide.schedule @gemm for "x86-64-v3" {
}
// expected-error @below {{a second schedule of @gemm for x86-64-v3}}
halide.schedule @gemm for "x86-64-v3" {
}

//--- function.mlir

halide.schedule @gemm for "x86-64-v3" {
  // expected-error @below {{no function 'ac' in @gemm; its functions are 'acc', 'pre', 'out'}}
  halide.compute_root "ac"
}

//--- update.mlir

halide.schedule @gemm for "x86-64-v3" {
  // expected-error @below {{no update 1 of 'acc', which has 1}}
  halide.unroll "acc" update(1) n by 2
}

//--- loop.mlir

halide.schedule @gemm for "x86-64-v3" {
  halide.split "out" n into (no, ni) by 24
  // expected-error @below {{no loop 'n' in 'out'; its loops are ni, no, m}}
  halide.vectorize "out" n by 8
}

//--- update-loop.mlir

halide.schedule @gemm for "x86-64-v3" {
  // expected-error @below {{no loop 'x' in update 0 of 'acc'; its loops are k, n, m}}
  halide.vectorize "acc" update(0) x by 8
}

//--- name.mlir

halide.schedule @gemm for "x86-64-v3" {
  // expected-error @below {{a loop of 'out' is called 'm' already; its loops are n, m}}
  halide.split "out" n into (m, ni) by 24
}

//--- names.mlir

halide.schedule @gemm for "x86-64-v3" {
  // expected-error @below {{both loops are called 'i'}}
  halide.split "out" n into (i, i) by 24
}

//--- kind.mlir

halide.schedule @gemm for "x86-64-v3" {
  halide.vectorize "out" n by 8
  halide.parallel "out" m
  // expected-error @below {{loop 'm' of 'out' is parallel already}}
  halide.split "out" m into (mo, mi) by 4
}

//--- fuse.mlir

halide.schedule @gemm for "x86-64-v3" {
  halide.split "out" n into (no, ni) by 24
  // expected-error @below {{loop 'm' is not right around 'ni'; the loops of 'out' are ni, no, m}}
  halide.fuse "out" (ni, m) into t
}

//--- fuse-reduction.mlir

halide.schedule @gemm for "x86-64-v3" {
  // expected-error @below {{a loop of the reduction cannot be fused with one that is not}}
  halide.fuse "acc" update(0) (k, n) into t
}

//--- atomic.mlir

halide.schedule @gemm for "x86-64-v3" {
  // expected-error @below {{the steps of loop 'k' of update 0 of 'acc' write one place; to make it vectorized in spite of that, the stage has to be atomic}}
  halide.vectorize "acc" update(0) k by 8
}

//--- atomic-pure.mlir

halide.schedule @gemm for "x86-64-v3" {
  // expected-error @below {{'out' is a pure definition; only updates can be atomic}}
  halide.atomic "out"
}

//--- place-loop.mlir

halide.schedule @gemm for "x86-64-v3" {
  // expected-error @below {{no loop 'mo' in 'out'; its loops are n, m}}
  halide.compute_at "acc" in "out" at mo
}

//--- place-later.mlir

halide.schedule @gemm for "x86-64-v3" {
  // expected-error @below {{no loop 'm' in 'out'; its loops are n, mi, mo}}
  halide.compute_at "acc" in "out" at m
  halide.split "out" m into (mo, mi) by 4
}

//--- place-unused.mlir

halide.schedule @gemm for "x86-64-v3" {
  // expected-error @below {{'acc' does not use 'out'}}
  halide.compute_at "out" in "acc" at m
}

//--- place-update.mlir

halide.schedule @gemm for "x86-64-v3" {
  // expected-error @below {{'acc' does not use 'pre'}}
  halide.compute_at "pre" in "acc" update(0) at k
}

//--- variable.mlir

halide.schedule @gemm for "x86-64-v3" {
  // expected-error @below {{no variable 'ni' of 'acc'; its variables are n, m}}
  halide.bound_extent "acc" ni by 24
}

//--- bound.mlir

halide.schedule @gemm for "x86-64-v3" {
  halide.split "out" m into (mo, mi) by 16 tail(guard_with_if)
  halide.split "pre" m into (mo, mi) by 16 tail(guard_with_if)
  halide.compute_at "pre" in "out" at mo
  halide.compute_at "acc" in "pre" at mo
  // expected-error @below {{a bound of 8 on 'm' does not cover the 16 steps in m that 'pre' makes inside of 'mo'}}
  halide.bound_extent "acc" m by 8
}

//--- bound-static.mlir

halide.schedule @gemm for "x86-64-v3" {
  halide.reorder "pre" (n, m)
  halide.compute_at "pre" in "out" at m
  halide.compute_root "acc"
  // expected-error @below {{a bound of 48 on 'n' does not cover the 96 steps in n that 'out' makes inside of 'm'}}
  halide.bound_extent "pre" n by 48
}

//--- prefetch.mlir

halide.schedule @gemm for "x86-64-v3" {
  // expected-error @below {{no buffer or function 'v' in @gemm; its buffers are x, w}}
  halide.prefetch "out" of "v" at m from m by 1
}

//--- specialize.mlir

halide.schedule @gemm for "x86-64-v3" {
  halide.specialize "out" where output(0) dim(1) at_most 8 {
    halide.split "out" m into (mo, mi) by 4 tail(guard_with_if)
  }
  // expected-error @below {{no loop 'mo' in 'out'; its loops are n, m}}
  halide.parallel "out" mo
}

//--- specialize-loop.mlir

halide.schedule @gemm for "x86-64-v3" {
  halide.specialize "out" where output(0) dim(1) at_most 8 {
    // expected-error @below {{no loop 'mo' in 'out'; its loops are n, m}}
    halide.parallel "out" mo
  }
}

//--- specialize-output.mlir

halide.schedule @gemm for "x86-64-v3" {
  // expected-error @below {{no dimension 2 of the output}}
  halide.specialize "out" where output(0) dim(2) at_most 8 {
  }
}

//--- copies.mlir

halide.schedule @gemm for "x86-64-v3" {
  // expected-error @below {{'out' would have more than 256 steps unrolled, which takes too long to compile}}
  halide.unroll "out" n by 100000
}

//--- copies-together.mlir

halide.schedule @gemm for "x86-64-v3" {
  halide.split "out" m into (mo, mi) by 64
  halide.unroll "out" n by 4
  halide.unroll "out" mi
  // expected-error @below {{'out' would have more than 256 steps unrolled, which takes too long to compile}}
  halide.unroll "out" mo by 2
}

//--- lanes.mlir

halide.schedule @gemm for "x86-64-v3" {
  // expected-error @below {{'out' would have more than 1024 steps vectorized, which takes too long to compile}}
  halide.vectorize "out" n by 2048
}
