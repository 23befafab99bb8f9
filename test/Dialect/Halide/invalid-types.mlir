// RUN: sylvite-opt %s -split-input-file -verify-diagnostics

// expected-error @+1 {{elements must be numbers, not 'index'}}
func.func private @buffer_of_indices(!halide.buffer<4xindex>)

// -----

// expected-error @+1 {{elements must be numbers, not 'vector<4xf32>'}}
func.func private @func_of_vectors(!halide.func<1xvector<4xf32>>)

// -----

// expected-error @+1 {{expected one number of dimensions, as in 2xf32}}
func.func private @func_without_rank(!halide.func<f32>)

// -----

// expected-error @+1 {{expected one number of dimensions, as in 2xf32}}
func.func private @func_of_shape(!halide.func<2x2xf32>)

// -----

// expected-error @+1 {{expected one number of dimensions, as in 2xf32}}
func.func private @func_rank(!halide.func<4294967297xf32>)
