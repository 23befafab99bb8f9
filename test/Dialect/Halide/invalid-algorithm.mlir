// RUN: sylvite-opt %s -split-input-file -verify-diagnostics

// PIPELINE-1
// expected-error @+1 {{takes and gives buffers, and gives at least one}}
halide.pipeline @argument(%x: tensor<4xf32>) -> !halide.buffer<4xi32> {
  %f = halide.func "f"(x = %x0) : i32 {
    halide.yield %x0 : i32
  }
  halide.output %f : !halide.func<1xi32>
}

// -----

// PIPELINE-1
// expected-error @+1 {{takes and gives buffers, and gives at least one}}
halide.pipeline @no_result(%x: !halide.buffer<4xf32>) {
  "halide.output"() : () -> ()
}

// -----

// PIPELINE-2
// expected-error @+1 {{body must be one block that ends with halide.output}}
halide.pipeline @no_output(%x: !halide.buffer<4xf32>) -> !halide.buffer<4xf32> {
  %one = arith.constant 1 : i32
}

// -----

// PIPELINE-2
// expected-error @+1 {{body must be one block that ends with halide.output}}
halide.pipeline @empty(%x: !halide.buffer<4xf32>) -> !halide.buffer<4xf32> {
}

// -----

// PIPELINE-2
// expected-error @+1 {{region #0 ('body') failed to verify constraint: region with 1 blocks}}
halide.pipeline @declared(!halide.buffer<4xf32>) -> !halide.buffer<4xf32>

// -----

// PIPELINE-3
halide.pipeline @names() -> !halide.buffer<4xi32> {
  %f = halide.func "f"(x = %x) : i32 {
    halide.yield %x : i32
  }
  // expected-error @+1 {{name "f" is taken}}
  %g = halide.func "f"(x = %x) : i32 {
    halide.yield %x : i32
  }
  halide.output %g : !halide.func<1xi32>
}

// -----

// OUTPUT-1
halide.pipeline @rank() -> !halide.buffer<4x4xi32> {
  %f = halide.func "f"(x = %x) : i32 {
    halide.yield %x : i32
  }
  // expected-error @+1 {{functions do not fit the pipeline's output buffers}}
  halide.output %f : !halide.func<1xi32>
}

// -----

// OUTPUT-1
halide.pipeline @element() -> !halide.buffer<4xf32> {
  %f = halide.func "f"(x = %x) : i32 {
    halide.yield %x : i32
  }
  // expected-error @+1 {{functions do not fit the pipeline's output buffers}}
  halide.output %f : !halide.func<1xi32>
}

// -----

// OUTPUT-1
halide.pipeline @count() -> !halide.buffer<4xi32> {
  %f = halide.func "f"(x = %x) : i32 {
    halide.yield %x : i32
  }
  // expected-error @+1 {{functions do not fit the pipeline's output buffers}}
  halide.output %f, %f : !halide.func<1xi32>, !halide.func<1xi32>
}

// -----

// OUTPUT-2
halide.pipeline @output_from_elsewhere(%x: !halide.buffer<4xi32>)
    -> !halide.buffer<4xi32> {
  %f = builtin.unrealized_conversion_cast %x
      : !halide.buffer<4xi32> to !halide.func<1xi32>
  // expected-error @+1 {{has an output that no halide.func defines}}
  halide.output %f : !halide.func<1xi32>
}

// -----

func.func @stray_output() {
  // expected-error @+1 {{expects parent op 'halide.pipeline'}}
  "halide.output"() : () -> ()
}

// -----

// FUNC-1
halide.pipeline @one_name_twice() -> !halide.buffer<4x4xi32> {
  // expected-error @+1 {{needs 2 distinct variables of type i32}}
  %f = halide.func "f"(x = %x, x = %y) : i32 {
    halide.yield %x : i32
  }
  halide.output %f : !halide.func<2xi32>
}

// -----

// FUNC-1: as generic IR can say it.
halide.pipeline @too_few_names() -> !halide.buffer<4x4xi32> {
  // expected-error @+1 {{needs 2 distinct variables of type i32}}
  %f = "halide.func"() <{name = "f", vars = ["x"]}> ({
  ^bb0(%x: i32, %y: i32):
    halide.yield %x : i32
  }) : () -> !halide.func<2xi32>
  halide.output %f : !halide.func<2xi32>
}

// -----

// FUNC-1
halide.pipeline @index_type() -> !halide.buffer<4xi64> {
  // expected-error @+1 {{needs 1 distinct variables of type i32}}
  %f = "halide.func"() <{name = "f", vars = ["x"]}> ({
  ^bb0(%x: i64):
    halide.yield %x : i64
  }) : () -> !halide.func<1xi64>
  halide.output %f : !halide.func<1xi64>
}

// -----

halide.pipeline @element_type() -> !halide.buffer<4xi32> {
  // expected-error @+1 {{elements must be numbers, not 'tensor<4xi32>'}}
  %f = halide.func "f"(x = %x) : tensor<4xi32> {
    halide.yield %x : i32
  }
}

// -----

// FUNC-2
halide.pipeline @yielded_type() -> !halide.buffer<4xf32> {
  // expected-error @+1 {{must yield 'f32', without a place}}
  %f = halide.func "f"(x = %x) : f32 {
    halide.yield %x : i32
  }
  halide.output %f : !halide.func<1xf32>
}

// -----

// FUNC-2: only an update may say where its value goes.
halide.pipeline @place() -> !halide.buffer<4xi32> {
  // expected-error @+1 {{must yield 'i32', without a place}}
  %f = halide.func "f"(x = %x) : i32 {
    halide.yield %x at(%x) : i32
  }
  halide.output %f : !halide.func<1xi32>
}

// -----

// FUNC-2
halide.pipeline @no_value() -> !halide.buffer<4xi32> {
  // expected-error @+1 {{expects a non-empty block}}
  %f = halide.func "f"(x = %x) : i32 {
  }
  halide.output %f : !halide.func<1xi32>
}

// -----

func.func @stray_func() {
  // expected-error @+1 {{expects parent op 'halide.pipeline'}}
  %f = halide.func "f"(x = %x) : i32 {
    halide.yield %x : i32
  }
  return
}

// -----

halide.pipeline @func_in_func() -> !halide.buffer<4xi32> {
  %f = halide.func "f"(x = %x) : i32 {
    // expected-error @+1 {{expects parent op 'halide.pipeline'}}
    %g = halide.func "g"(y = %y) : i32 {
      halide.yield %y : i32
    }
    halide.yield %x : i32
  }
  halide.output %f : !halide.func<1xi32>
}

// -----

// UPDATE-1
halide.pipeline @update_vars() -> !halide.buffer<4x4xi32> {
  %f = halide.func "f"(x = %x, y = %y) : i32 {
    halide.yield %x : i32
  }
  // expected-error @+1 {{needs 2 pure variables of type i32, and distinct names}}
  halide.update %f(x = %x) : !halide.func<2xi32> {
    halide.yield %x : i32
  }
  halide.output %f : !halide.func<2xi32>
}

// -----

// UPDATE-1: a reduction variable needs a name of its own.
halide.pipeline @update_names() -> !halide.buffer<4xi32> {
  %lo = arith.constant 0 : i32
  %hi = arith.constant 4 : i32
  %f = halide.func "f"(x = %x) : i32 {
    halide.yield %x : i32
  }
  // expected-error @+1 {{needs 1 pure variables of type i32, and distinct names}}
  halide.update %f(x = %x) over (x = %r in %lo to %hi) : !halide.func<1xi32> {
    halide.yield %r : i32
  }
  halide.output %f : !halide.func<1xi32>
}

// -----

// UPDATE-2: as generic IR can say it.
halide.pipeline @update_ranges() -> !halide.buffer<4xi32> {
  %lo = arith.constant 0 : i32
  %f = halide.func "f"(x = %x) : i32 {
    halide.yield %x : i32
  }
  // expected-error @+1 {{needs a range for each reduction variable}}
  "halide.update"(%f, %lo) <{vars = ["x"], rvars = ["r"],
      operandSegmentSizes = array<i32: 1, 1, 0>}> ({
  ^bb0(%x: i32, %r: i32):
    halide.yield %r : i32
  }) : (!halide.func<1xi32>, i32) -> ()
  halide.output %f : !halide.func<1xi32>
}

// -----

// UPDATE-3
halide.pipeline @update_type() -> !halide.buffer<4xi32> {
  %one = arith.constant 1.0 : f32
  %f = halide.func "f"(x = %x) : i32 {
    halide.yield %x : i32
  }
  // expected-error @+1 {{must yield 'i32'}}
  halide.update %f(x = %x) : !halide.func<1xi32> {
    halide.yield %one : f32
  }
  halide.output %f : !halide.func<1xi32>
}

// -----

// UPDATE-3: a place has as many coordinates as the function.
halide.pipeline @update_place() -> !halide.buffer<4xi32> {
  %f = halide.func "f"(x = %x) : i32 {
    halide.yield %x : i32
  }
  // expected-error @+1 {{yields at 2 coordinates, expected 1}}
  halide.update %f(x = %x) : !halide.func<1xi32> {
    halide.yield %x at(%x, %x) : i32
  }
  halide.output %f : !halide.func<1xi32>
}

// -----

halide.pipeline @update_of_nothing() -> !halide.buffer<4xi32> {
  %f = builtin.unrealized_conversion_cast to !halide.func<1xi32>
  // expected-error @+1 {{must follow the function it updates}}
  halide.update %f(x = %x) : !halide.func<1xi32> {
    halide.yield %x : i32
  }
  halide.output %f : !halide.func<1xi32>
}

// -----

// LOAD-1
halide.pipeline @load(%b: !halide.buffer<4x4xi32>) -> !halide.buffer<4xi32> {
  %f = halide.func "f"(x = %x) : i32 {
    // expected-error @+1 {{has 1 indices for '!halide.buffer<4x4xi32>'}}
    %a = halide.load %b[%x] : !halide.buffer<4x4xi32>
    halide.yield %a : i32
  }
  halide.output %f : !halide.func<1xi32>
}

// -----

// CALL-1
halide.pipeline @call() -> !halide.buffer<4xi32> {
  %f = halide.func "f"(x = %x) : i32 {
    halide.yield %x : i32
  }
  %g = halide.func "g"(x = %x) : i32 {
    // expected-error @+1 {{has 2 indices for '!halide.func<1xi32>'}}
    %a = halide.call %f(%x, %x) : !halide.func<1xi32>
    halide.yield %a : i32
  }
  halide.output %g : !halide.func<1xi32>
}

// -----

// CALL-2
halide.pipeline @call_of_something_else(%x: !halide.buffer<4xi32>)
    -> !halide.buffer<4xi32> {
  %f = builtin.unrealized_conversion_cast %x
      : !halide.buffer<4xi32> to !halide.func<1xi32>
  %g = halide.func "g"(x = %i) : i32 {
    // expected-error @+1 {{calls what no halide.func defines}}
    %a = halide.call %f(%i) : !halide.func<1xi32>
    halide.yield %a : i32
  }
  halide.output %g : !halide.func<1xi32>
}

// -----

// EXTENT-1
halide.pipeline @extent(%b: !halide.buffer<4xi32>) -> !halide.buffer<4xi32> {
  // expected-error @+1 {{dimension 1 is outside '!halide.buffer<4xi32>'}}
  %n = halide.extent %b[1] : !halide.buffer<4xi32>
  %f = halide.func "f"(x = %x) : i32 {
    halide.yield %n : i32
  }
  halide.output %f : !halide.func<1xi32>
}

// -----

// EXTENT-1
halide.pipeline @extent_negative(%b: !halide.buffer<4xi32>)
    -> !halide.buffer<4xi32> {
  // expected-error @+1 {{dimension -1 is outside '!halide.buffer<4xi32>'}}
  %n = halide.extent %b[-1] : !halide.buffer<4xi32>
  %f = halide.func "f"(x = %x) : i32 {
    halide.yield %n : i32
  }
  halide.output %f : !halide.func<1xi32>
}

// -----

halide.pipeline @where_in_func(%b: !halide.buffer<4xi32>)
    -> !halide.buffer<4xi32> {
  %true = arith.constant true
  %f = halide.func "f"(x = %x) : i32 {
    // expected-error @+1 {{expects parent op 'halide.update'}}
    halide.where %true
    halide.yield %x : i32
  }
  halide.output %f : !halide.func<1xi32>
}

// -----

// PIPELINE-4
// expected-error @+1 {{output 0 and its attribute halide.in_place disagree: "f" is not defined everywhere}}
halide.pipeline @undefined(%b: !halide.buffer<4xi32>)
    -> !halide.buffer<4xi32> {
  %f = halide.func "f"(x = %x) : i32 {
    %u = halide.undef : i32
    halide.yield %u : i32
  }
  halide.output %f : !halide.func<1xi32>
}

// -----

// PIPELINE-4
// expected-error @+1 {{output 0 and its attribute halide.in_place disagree: "f" is defined everywhere}}
halide.pipeline @defined(%b: !halide.buffer<4xi32>)
    -> (!halide.buffer<4xi32> {halide.in_place}) {
  %f = halide.func "f"(x = %x) : i32 {
    halide.yield %x : i32
  }
  halide.output %f : !halide.func<1xi32>
}

// -----

// UNDEF-1
halide.pipeline @undef_used(%b: !halide.buffer<4xi32>)
    -> !halide.buffer<4xi32> {
  %f = halide.func "f"(x = %x) : i32 {
    // expected-error @+1 {{is no value to calculate with: only the pure definition of a function yields it}}
    %u = halide.undef : i32
    %v = arith.addi %u, %x : i32
    halide.yield %v : i32
  }
  halide.output %f : !halide.func<1xi32>
}

// -----

// DOT-1
halide.pipeline @dot_sum(%b: !halide.buffer<4xi32>) -> !halide.buffer<4xi32> {
  %f = halide.func "f"(x = %x) : i32 {
    // expected-error @+1 {{adds bf16 products to an f32, not to 'i32'}}
    %s = halide.dot bf16 %x, %x, %x : i32
    halide.yield %s : i32
  }
  halide.output %f : !halide.func<1xi32>
}

// -----

// DOT-1
halide.pipeline @dot_sum(%b: !halide.buffer<4xf32>) -> !halide.buffer<4xf32> {
  %zero = arith.constant 0.0 : f32
  %f = halide.func "f"(x = %x) : f32 {
    // expected-error @+1 {{adds u8s8 products to an i32, not to 'f32'}}
    %s = halide.dot u8s8 %zero, %x, %x : f32
    halide.yield %s : f32
  }
  halide.output %f : !halide.func<1xf32>
}

// -----

// DOT-2
halide.pipeline @dot_words(%b: !halide.buffer<4xi32>) -> !halide.buffer<4xi32> {
  %f = halide.func "f"(x = %x) : i32 {
    // expected-error @+1 {{takes an i16 as the right word of s16s8, not 'i32'}}
    %s = "halide.dot"(%x, %x, %x) <{kind = #halide<dot_kind s16s8>}> : (i32, i32, i32) -> i32
    halide.yield %s : i32
  }
  halide.output %f : !halide.func<1xi32>
}

// -----

halide.pipeline @dot_kind(%b: !halide.buffer<4xi32>) -> !halide.buffer<4xi32> {
  %f = halide.func "f"(x = %x) : i32 {
    // expected-error @+1 {{expected u8s8, bf16 or s16s8}}
    %s = halide.dot f16 %x, %x, %x : i32
    halide.yield %s : i32
  }
  halide.output %f : !halide.func<1xi32>
}

// -----

// OUTPUT-2
halide.pipeline @output_of_two() -> !halide.buffer<4xi32> {
  %f:2 = halide.func "f"(x = %x) : i32, i32 {
    halide.yield %x, %x : i32, i32
  }
  // expected-error @+1 {{has an output of several values}}
  halide.output %f#0 : !halide.func<1xi32>
}

// -----

// FUNC-2
halide.pipeline @too_few_values() -> !halide.buffer<4xi32> {
  // expected-error @+1 {{must yield 'i32', 'f32', without a place}}
  %f:2 = halide.func "f"(x = %x) : i32, f32 {
    halide.yield %x : i32
  }
  halide.output %f#0 : !halide.func<1xi32>
}

// -----

// FUNC-3: as generic IR can say it.
halide.pipeline @no_value() -> !halide.buffer<4xi32> {
  // expected-error @+1 {{has no value}}
  "halide.func"() <{name = "f", vars = ["x"]}> ({
  ^bb0(%x: i32):
    halide.yield %x : i32
  }) : () -> ()
  %g = halide.func "g"(x = %x) : i32 {
    halide.yield %x : i32
  }
  halide.output %g : !halide.func<1xi32>
}

// -----

// FUNC-3: as generic IR can say it.
halide.pipeline @ranks() -> !halide.buffer<4xi32> {
  // expected-error @+1 {{has values of different ranks}}
  %f:2 = "halide.func"() <{name = "f", vars = ["x"]}> ({
  ^bb0(%x: i32):
    halide.yield %x, %x : i32, i32
  }) : () -> (!halide.func<1xi32>, !halide.func<2xi32>)
  halide.output %f#0 : !halide.func<1xi32>
}

// -----

// UPDATE-3
halide.pipeline @update_of_one_value() -> !halide.buffer<4xi32> {
  %f:2 = halide.func "f"(x = %x) : i32, i32 {
    halide.yield %x, %x : i32, i32
  }
  // expected-error @+1 {{must yield 'i32', 'i32'}}
  halide.update %f#0(x = %x) : !halide.func<1xi32> {
    halide.yield %x : i32
  }
  halide.output %f#0 : !halide.func<1xi32>
}

// -----

// UPDATE-4
halide.pipeline @update_of_second() -> !halide.buffer<4xi32> {
  %f:2 = halide.func "f"(x = %x) : i32, i32 {
    halide.yield %x, %x : i32, i32
  }
  // expected-error @+1 {{must name the function by its first value}}
  halide.update %f#1(x = %x) : !halide.func<1xi32> {
    halide.yield %x, %x : i32, i32
  }
  halide.output %f#0 : !halide.func<1xi32>
}
