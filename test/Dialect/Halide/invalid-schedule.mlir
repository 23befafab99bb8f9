// RUN: sylvite-opt %s -split-input-file -verify-diagnostics

// SCHEDULE-1
halide.schedule @kernel for "x86-64-v4" {
  // expected-error @+1 {{is not a directive of a schedule}}
  %one = arith.constant 1 : i32
}

// -----

func.func @stray_directive() {
  // expected-error @+1 {{expects parent op 'halide.schedule'}}
  halide.compute_root "out"
  return
}

// -----

// SPLIT-1
halide.schedule @kernel for "x86-64-v4" {
  // expected-error @+1 {{factor must be from 1 to 2147483647, not 0}}
  halide.split "out" i into (io, ii) by 0
}

// -----

// SPLIT-1
halide.schedule @kernel for "x86-64-v4" {
  // expected-error @+1 {{factor must be from 1 to 2147483647, not 4294967304}}
  halide.split "out" i into (io, ii) by 4294967304
}

// -----

// BOUND-1
halide.schedule @kernel for "x86-64-v4" {
  // expected-error @+1 {{minimum must be from -2147483648 to 2147483647, not -2147483649}}
  halide.bound "out" i from -2147483649 extent 8
}

// -----

// BOUND-2
halide.schedule @kernel for "x86-64-v4" {
  // expected-error @+1 {{extent must be from 1 to 2147483647, not 0}}
  halide.bound "out" i from 0 extent 0
}

// -----

// PREFETCH-1
halide.schedule @kernel for "x86-64-v4" {
  // expected-error @+1 {{offset must be from 0 to 2147483647, not -1}}
  halide.prefetch "out" of "arg0" at i from i by -1
}

// -----

// SPECIALIZE-1
halide.schedule @kernel for "x86-64-v4" {
  halide.specialize "out" where output(0) dim(0) at_most 8 {
    // expected-error @+1 {{is not a directive on loops}}
    halide.specialize "out" where output(0) dim(0) at_most 4 {
    }
  }
}

// -----

// SPECIALIZE-1
halide.schedule @kernel for "x86-64-v4" {
  halide.specialize "out" where output(0) dim(0) at_most 8 {
    // expected-error @+1 {{is not a directive on loops}}
    halide.compute_root "out"
  }
}

// -----

// SPECIALIZE-1
halide.schedule @kernel for "x86-64-v4" {
  halide.specialize "out" where output(0) dim(0) at_most 8 {
    // expected-error @+1 {{is on another stage than what holds it}}
    halide.parallel "other" i
  }
}

// -----

// SPECIALIZE-1
halide.schedule @kernel for "x86-64-v4" {
  halide.specialize "out" update(0) where output(0) dim(0) at_most 8 {
    // expected-error @+1 {{is on another stage than what holds it}}
    halide.parallel "out" update(1) i
  }
}

// -----

// SPECIALIZE-2
halide.schedule @kernel for "x86-64-v4" {
  // expected-error @+1 {{names output -1}}
  halide.specialize "out" where output(-1) dim(0) at_most 8 {
  }
}

// -----

// SPECIALIZE-2
halide.schedule @kernel for "x86-64-v4" {
  // expected-error @+1 {{dimension must be from 0 to 15, not 16}}
  halide.specialize "out" where output(0) dim(16) at_most 8 {
  }
}

// -----

// SPECIALIZE-2
halide.schedule @kernel for "x86-64-v4" {
  // expected-error @+1 {{extent must be from 1 to 2147483647, not 0}}
  halide.specialize "out" where output(0) dim(0) at_most 0 {
  }
}

// -----

// GPU_LOOPS-1
halide.schedule @kernel for "x86-64-v4+opencl" {
  // expected-error @+1 {{names loop 'i' twice}}
  halide.gpu_blocks "out" (i, i)
}

// -----

// GPU_LOOPS-1
halide.schedule @kernel for "x86-64-v4+opencl" {
  // expected-error @+1 {{must name from 1 to 3 loops, not 4}}
  halide.gpu_threads "out" (i, j, k, l)
}

// -----

// REORDER-1
halide.schedule @kernel for "x86-64-v4" {
  // expected-error @+1 {{names loop 'i' twice}}
  halide.reorder "out" (i, m, i)
}

// -----

// LOOP-1
halide.schedule @kernel for "x86-64-v4" {
  // expected-error @+1 {{factor must be from 1 to 2147483647, not -8}}
  halide.vectorize "out" i by -8
}

// -----

// LOOP-1
halide.schedule @kernel for "x86-64-v4" {
  // expected-error @+1 {{factor must be from 1 to 2147483647, not 0}}
  halide.unroll "out" i by 0
}

// -----

// LOOP-1
halide.schedule @kernel for "x86-64-v4" {
  // expected-error @+1 {{factor must be from 1 to 2147483647, not 0}}
  halide.parallel "out" i by 0
}

// -----

// EXTENT_DIRECTIVE-1
halide.schedule @kernel for "x86-64-v4" {
  // expected-error @+1 {{value must be from 1 to 2147483647, not 0}}
  halide.bound_extent "out" i by 0
}

// -----

// EXTENT_DIRECTIVE-1
halide.schedule @kernel for "x86-64-v4" {
  // expected-error @+1 {{value must be from 1 to 2147483647, not -1}}
  halide.align_storage "out" i by -1
}

// -----

// EXTENT_DIRECTIVE-1
halide.schedule @kernel for "x86-64-v4" {
  // expected-error @+1 {{value must be from 1 to 2147483647, not 0}}
  halide.align_bounds "out" i by 0
}

// -----

halide.schedule @kernel for "x86-64-v4" {
  // expected-error @+1 {{expected one of [auto, round_up, guard_with_if, shift_inwards, predicate, predicate_loads, predicate_stores] for}}
  halide.split "out" i into (io, ii) by 8 tail(round_down)
}
