// RUN: sylvite-opt %s | FileCheck %s
// RUN: sylvite-opt %s | sylvite-opt | FileCheck %s
// RUN: sylvite-opt %s --mlir-print-op-generic | sylvite-opt | FileCheck %s
// RUN: sylvite-opt %s --emit-bytecode | sylvite-opt | FileCheck %s

// Every directive, for the pure definition and for an update, with each of its
// optional parts and without.

// CHECK-LABEL: halide.schedule @kernel for "x86-64-v4" {
halide.schedule @kernel for "x86-64-v4" {
  // CHECK-NEXT: halide.split "out" n into (no, ni) by 64{{$}}
  halide.split "out" n into (no, ni) by 64
  // CHECK-NEXT: halide.split "acc" update(1) m into (mo, mi) by 4 tail(guard_with_if)
  halide.split "acc" update(1) m into (mo, mi) by 4 tail(guard_with_if)
  // CHECK-NEXT: halide.fuse "out" (no, mo) into task{{$}}
  halide.fuse "out" (no, mo) into task
  // CHECK-NEXT: halide.fuse "acc" update(0) (no, mo) into task
  halide.fuse "acc" update(0) (no, mo) into task
  // CHECK-NEXT: halide.reorder "out" (ni, mi, task)
  halide.reorder "out" (ni, mi, task)
  // CHECK-NEXT: halide.reorder "acc" update(0) (ni, k)
  halide.reorder "acc" update(0) (ni, k)
  // CHECK-NEXT: halide.vectorize "out" ni{{$}}
  halide.vectorize "out" ni
  // CHECK-NEXT: halide.vectorize "acc" update(0) ni by 16 tail(predicate)
  halide.vectorize "acc" update(0) ni by 16 tail(predicate)
  // CHECK-NEXT: halide.unroll "out" mi by 2
  halide.unroll "out" mi by 2
  // CHECK-NEXT: halide.parallel "out" task
  halide.parallel "out" task
  // CHECK-NEXT: halide.atomic "acc" update(0)
  halide.atomic "acc" update(0)
  // CHECK-NEXT: halide.partition "out" task never
  halide.partition "out" task never
  // CHECK-NEXT: halide.partition "acc" update(0) k always
  halide.partition "acc" update(0) k always
  // CHECK-NEXT: halide.prefetch "acc" update(0) of "arg1" at k from k by 8
  halide.prefetch "acc" update(0) of "arg1" at k from k by 8
  // CHECK-NEXT: halide.compute_at "acc" in "out" at task
  halide.compute_at "acc" in "out" at task
  // CHECK-NEXT: halide.store_at "acc" in "sum" update(2) at task
  halide.store_at "acc" in "sum" update(2) at task
  // CHECK-NEXT: halide.hoist_storage "acc" in "out" at task
  halide.hoist_storage "acc" in "out" at task
  // CHECK-NEXT: halide.compute_root "mean"
  halide.compute_root "mean"
  // CHECK-NEXT: halide.store_in "acc" register
  halide.store_in "acc" register
  // CHECK-NEXT: halide.bound_extent "acc" m by 4
  halide.bound_extent "acc" m by 4
  // CHECK-NEXT: halide.align_storage "acc" n by 16
  halide.align_storage "acc" n by 16
  // CHECK-NEXT: halide.align_bounds "acc" n by 16
  halide.align_bounds "acc" n by 16
  // CHECK-NEXT: halide.bound "out" n from 0 extent 384
  halide.bound "out" n from 0 extent 384
  // CHECK-NEXT: halide.reorder_storage "acc" (m, n)
  halide.reorder_storage "acc" (m, n)
// CHECK-NEXT: }
}

// CHECK-LABEL: halide.schedule @tails
halide.schedule @tails for "x86-64-v3" {
  // The default is not written.
  // CHECK-NEXT: by 8{{$}}
  halide.split "f" x into (xo, xi) by 8 tail(auto)
  // CHECK-NEXT: tail(round_up)
  halide.split "f" x into (xo, xi) by 8 tail(round_up)
  // CHECK-NEXT: tail(shift_inwards)
  halide.split "f" x into (xo, xi) by 8 tail(shift_inwards)
  // CHECK-NEXT: tail(predicate_loads)
  halide.split "f" x into (xo, xi) by 8 tail(predicate_loads)
  // CHECK-NEXT: tail(predicate_stores)
  halide.split "f" x into (xo, xi) by 8 tail(predicate_stores)
}

// CHECK-LABEL: halide.schedule @memories
halide.schedule @memories for "x86-64-v3" {
  // CHECK-NEXT: halide.store_in "f" auto
  halide.store_in "f" auto
  // CHECK-NEXT: halide.store_in "f" heap
  halide.store_in "f" heap
  // CHECK-NEXT: halide.store_in "f" stack
  halide.store_in "f" stack
  // CHECK-NEXT: halide.partition "f" x auto
  halide.partition "f" x auto
}

// Other loops where an output is small.
// CHECK-LABEL: halide.schedule @small
halide.schedule @small for "x86-64-v3" {
  // CHECK-NEXT: halide.specialize "f" where output(0) dim(1) at_most 8 {
  // CHECK-NEXT:   halide.split "f" y into (yo, yi) by 4
  // CHECK-NEXT:   halide.parallel "f" yo
  // CHECK-NEXT: }
  halide.specialize "f" where output(0) dim(1) at_most 8 {
    halide.split "f" y into (yo, yi) by 4
    halide.parallel "f" yo
  }
  // CHECK-NEXT: halide.specialize "f" update(1) where output(2) dim(0) at_most 1 {
  // CHECK-NEXT: }
  halide.specialize "f" update(1) where output(2) dim(0) at_most 1 {
  }
}

// Loops of any name, and a schedule that does nothing.
// CHECK-LABEL: halide.schedule @names
halide.schedule @names for "x86-64-v3" {
  // CHECK-NEXT: halide.reorder "f" ("x y", x.0, update, by)
  halide.reorder "f" ("x y", "x.0", "update", by)
}
// CHECK-LABEL: halide.schedule @empty for "x86-64-v2" {
// CHECK-NEXT: }
halide.schedule @empty for "x86-64-v2" {
}
// CHECK-LABEL: halide.schedule @attributes for "x86-64-v2" {
// CHECK-NEXT: } attributes {source = "tuner"}
halide.schedule @attributes for "x86-64-v2" {
} attributes {source = "tuner"}

// Loops of a device.
// CHECK-LABEL: halide.schedule @device for "x86-64-v3+opencl"
halide.schedule @device for "x86-64-v3+opencl" {
  // CHECK-NEXT: halide.gpu_blocks "f" (x, y)
  halide.gpu_blocks "f" (x, y)
  // CHECK-NEXT: halide.gpu_threads "f" update(0) (z)
  halide.gpu_threads "f" update(0) (z)
  // CHECK-NEXT: halide.gpu_lanes "f" (z)
  halide.gpu_lanes "f" (z)
  // CHECK-NEXT: halide.gpu_single_thread "g"
  halide.gpu_single_thread "g"
  // CHECK-NEXT: halide.store_in "f" gpu_shared
  halide.store_in "f" gpu_shared
  // CHECK-NEXT: halide.bound_storage "f" x by 8
  halide.bound_storage "f" x by 8
}
