// RUN: sylvite-opt %s -verify-diagnostics

halide.pipeline @no_domain() -> !halide.buffer<?xf32> {
  %zero = arith.constant 0.0 : f32
  %three = arith.constant 3 : i32
  %f = halide.func "f"(i = %i) : f32 {
    halide.yield %zero : f32
  }
  halide.update %f(i = %i) : !halide.func<1xf32> {
    %before = arith.cmpi slt, %i, %three : i32
    // WHERE-1
    // expected-error @+1 {{restricts a domain, but the update has no reduction variables}}
    halide.where %before
    halide.yield %zero : f32
  }
  halide.output %f : !halide.func<1xf32>
}
