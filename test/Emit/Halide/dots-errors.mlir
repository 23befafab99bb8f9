// Where a short product of words cannot be compiled.
//
// RUN: not sylvite-translate --halide-to-stmt --target=zen4 %s \
// RUN:     -split-input-file 2>&1 | FileCheck %s --check-prefix=SCALAR
// RUN: not sylvite-translate --halide-to-stmt --target=x86-64-v4 %s \
// RUN:     -split-input-file 2>&1 | FileCheck %s --check-prefix=TARGET

// SCALAR: error: a halide.dot is not in vectors of 4, 8 or 16: vectorize a loop around it by one of these
// TARGET: error: VPDPBUSD is not an instruction of x86-64-v4: compile for zen4, or write the product out
// TARGET: halide.dot u8s8
halide.pipeline @bytes(%x: !halide.buffer<?xi32>) -> !halide.buffer<?xi32> {
  %zero = arith.constant 0 : i32
  %f = halide.func "f"(i = %i) : i32 {
    %a = halide.load %x[%i] : !halide.buffer<?xi32>
    %b = halide.dot u8s8 %zero, %a, %a : i32
    halide.yield %b : i32
  }
  halide.output %f : !halide.func<1xi32>
}
halide.schedule @bytes for "zen4" {}
halide.schedule @bytes for "x86-64-v4" {
  halide.vectorize "f" i by 16
}

// -----

// SCALAR: error: a halide.dot is not in vectors of 4, 8 or 16
// TARGET: error: VDPBF16PS is not an instruction of x86-64-v4
halide.pipeline @floats(%x: !halide.buffer<?xi32>) -> !halide.buffer<?xf32> {
  %zero = arith.constant 0.0 : f32
  %f = halide.func "f"(i = %i) : f32 {
    %a = halide.load %x[%i] : !halide.buffer<?xi32>
    %b = halide.dot bf16 %zero, %a, %a : f32
    halide.yield %b : f32
  }
  halide.output %f : !halide.func<1xf32>
}
halide.schedule @floats for "zen4" {}
halide.schedule @floats for "x86-64-v4" {
  halide.vectorize "f" i by 16
}
