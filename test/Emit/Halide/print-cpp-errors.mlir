// What cannot be printed is what cannot be compiled, with the same messages.
//
// RUN: not sylvite-translate --halide-to-cpp --target=x86-64-v3 %s \
// RUN:     -split-input-file 2>&1 | FileCheck %s

halide.pipeline @op(%x: !halide.buffer<?xf32>) -> !halide.buffer<?xf32> {
  %out = halide.func "out"(i = %i) : f32 {
    %a = halide.load %x[%i] : !halide.buffer<?xf32>
    // CHECK: error: 'math.cbrt' op cannot be said in Halide: no rule of lib/Emit/Halide/Expressions is for it
    // CHECK-NEXT: {{^ *}}%b = math.cbrt %a : f32
    %b = math.cbrt %a : f32
    halide.yield %b : f32
  }
  halide.output %out : !halide.func<1xf32>
}
halide.schedule @op for "x86-64-v3" {}

// -----

halide.pipeline @loop(%x: !halide.buffer<?xf32>) -> !halide.buffer<?xf32> {
  %out = halide.func "out"(i = %i) : f32 {
    %a = halide.load %x[%i] : !halide.buffer<?xf32>
    halide.yield %a : f32
  }
  halide.output %out : !halide.func<1xf32>
}
halide.schedule @loop for "x86-64-v3" {
  // CHECK: error: 'halide.unroll' op names no loop of out: 'j'; its loops are i
  // CHECK-NEXT: {{^ *}}halide.unroll "out" j by 4
  halide.unroll "out" j by 4
}

// -----

// CHECK: error: kernel @none has no schedule for "x86-64-v3"
// CHECK-NEXT: {{^ *}}halide.pipeline @none
halide.pipeline @none(%x: !halide.buffer<?xf32>) -> !halide.buffer<?xf32> {
  %out = halide.func "out"(i = %i) : f32 {
    %a = halide.load %x[%i] : !halide.buffer<?xf32>
    halide.yield %a : f32
  }
  halide.output %out : !halide.func<1xf32>
}
