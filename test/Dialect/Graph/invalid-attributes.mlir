// RUN: sylvite-opt %s -split-input-file -verify-diagnostics

//===----------------------------------------------------------------------===//
// #graph.dims
//===----------------------------------------------------------------------===//

// expected-error @+1 {{#graph.dims has 1 entries, but the tensor's rank is 2}}
func.func private @rank(tensor<?x?xf32, #graph.dims<seq>>)

// -----

// expected-error @+1 {{dimension 1 is static, so it takes no name: write _ for 'hidden'}}
func.func private @static(tensor<?x8xf32, #graph.dims<seq, hidden>>)

// -----

// expected-error @+1 {{#graph.dims names no dimension: leave it out}}
func.func private @no_name(tensor<?x8xf32, #graph.dims<_, _>>)

// -----

// expected-error @+1 {{expected '*'}}
func.func private @number(tensor<?x8xf32, #graph.dims<seq, 8>>)

// -----

// expected-error @+1 {{expected valid keyword}}
func.func private @no_factor(tensor<?xf32, #graph.dims<batch*>>)

// -----

// expected-error @+1 {{a factor of a product needs a name}}
func.func private @nameless_factor(tensor<?xf32, #graph.dims<batch*_>>)

// -----

// expected-error @+1 {{a term of a sum needs a name}}
func.func private @nameless_term(tensor<?xf32, #graph.dims<(past+_)>>)

// -----

// expected-error @+1 {{expected '+'}}
func.func private @no_sum(tensor<?xf32, #graph.dims<(past)>>)

// -----

// expected-error @+1 {{the number of a sum is 1 or more}}
func.func private @negative_term(tensor<?xf32, #graph.dims<(past+-1)>>)

// -----

// One extent has one name.
// expected-error @+1 {{this sum is written "(past+seq)"}}
func.func private @order_of_terms(tensor<?xf32, #graph.dims<(seq+past)>>)

// -----

// expected-error @+2 {{this sum is written "2*batch*(past+1)"}}
func.func private @common_factors(
    tensor<?xf32, #graph.dims<batch*(2*past+2)>>)

// -----

// expected-error @+2 {{a sum that is too large}}
func.func private @large_sum(
    tensor<?xf32, #graph.dims<(4611686018427387904*a+4611686018427387904*a)>>)

// -----

//===----------------------------------------------------------------------===//
// #graph.mask
//===----------------------------------------------------------------------===//

// expected-error @+1 {{unknown mask 'acausal': expected causal, causal_to_end, window, prefix, padding, keep or document}}
func.func private @unknown() attributes {m = #graph.mask<acausal>}

// -----

// expected-error @+1 {{unknown mask 'and': expected causal,}}
func.func private @no_left_side() attributes {m = #graph.mask<and causal>}

// -----

// expected-error @+1 {{expected valid keyword}}
func.func private @no_right_side() attributes {m = #graph.mask<causal or>}

// -----

// expected-error @+1 {{expected '('}}
func.func private @no_length() attributes {m = #graph.mask<window>}

// -----

// expected-error @+1 {{mask 'window' takes a positive length, not 0}}
func.func private @no_window() attributes {m = #graph.mask<window(0)>}

// -----

// expected-error @+1 {{mask 'prefix' takes a positive length, not -1}}
func.func private @prefix() attributes {m = #graph.mask<causal or prefix(-1)>}

// -----

// expected-error @+1 {{unbalanced '('}}
func.func private @open() attributes {m = #graph.mask<(causal or window(4)>}

// -----

// expected-error @+1 {{expected '>'}}
func.func private @too_much() attributes {m = #graph.mask<causal window(4)>}

// -----

// expected-error @+1 {{expected integer value}}
func.func private @operand() attributes {m = #graph.mask<keep(%m)>}

// -----

//===----------------------------------------------------------------------===//
// Attributes of functions, their arguments and results, and of modules
//===----------------------------------------------------------------------===//

// expected-error @+1 {{unknown attribute 'graph.dim_min'}}
func.func private @function() attributes {graph.dim_min = {seq = 1 : i64}}

// -----

// expected-error @+1 {{'graph.dim_max' must be a dictionary}}
func.func private @dim_max() attributes {graph.dim_max = 512 : i64}

// -----

// expected-error @+1 {{'graph.dim_max' of 'seq' must be a positive integer}}
func.func private @dim_max_zero() attributes {graph.dim_max = {seq = 0 : i64}}

// -----

// expected-error @+1 {{'graph.dim_max' of 'seq' must be a positive integer}}
func.func private @dim_max_float() attributes {graph.dim_max = {seq = 1.0 : f32}}

// -----

// expected-error @+1 {{'graph.batch' must tell 'dim', a name, and 'rows'}}
func.func private @batch() attributes {graph.batch = "batch"}

// -----

// expected-error @+1 {{'graph.batch' must tell 'dim', a name, and 'rows'}}
func.func private @batch_alone() attributes {graph.batch = {dim = "batch"}}

// -----

// expected-error @+1 {{'graph.batch' must tell 'dim', a name, and 'rows'}}
func.func private @batch_zero() attributes {graph.batch = {dim = "batch", rows = 0 : i64}}

// -----

// expected-error @+1 {{'graph.weight_files' must be an array of strings}}
module attributes {graph.weight_files = "model.safetensors"} {
}

// -----

// expected-error @+1 {{unknown attribute 'graph.nam'}}
func.func private @argument(tensor<4xf32> {graph.nam = "x"})

// -----

// expected-error @+1 {{unknown attribute 'graph.nam'}}
func.func private @result() -> (tensor<4xf32> {graph.nam = "x"})

// -----

// expected-error @+1 {{'graph.name' must be a string}}
func.func private @name(tensor<4xf32> {graph.name = 1 : i64})

// -----

// expected-error @+1 {{'graph.default' must be a number}}
func.func private @default(tensor<4xf32> {graph.default = "0"})

// -----

// expected-error @+1 {{'graph.range' must be two integers, [lo, hi] with lo < hi}}
func.func private @range_order(tensor<4xi64> {graph.range = [5, 5]})

// -----

// expected-error @+1 {{'graph.range' must be two integers, [lo, hi] with lo < hi}}
func.func private @range_size(tensor<4xi64> {graph.range = [5]})

// -----

// expected-error @+1 {{'graph.range' must be two integers, [lo, hi] with lo < hi}}
func.func private @range_type(tensor<4xi64> {graph.range = [0.0, 5.0]})

// -----

// expected-error @+1 {{'graph.dims' must be an array of strings}}
func.func private @dims(tensor<?xi64> {graph.dims = "seq"})
