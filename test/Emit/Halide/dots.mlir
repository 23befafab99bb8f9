// Short products of words: by an instruction each, with the results that NumPy
// has, and as C++.
//
// RUN: sylvite-translate --halide-to-cpp --target=zen4 %s \
// RUN:   | FileCheck %s --check-prefix=CPP
// REQUIRES: avx512vnni, avx512bf16
// RUN: %python %S/Inputs/dots.py make %t.npz
// RUN: sylvite-run-kernel %s --target=zen4 --inputs=%t.npz \
// RUN:     --output-shape=bytes=1000,floats=1000 --outputs=%t.out.npz
// RUN: %python %S/Inputs/dots.py check %t.npz %t.out.npz | FileCheck %s
//
// CHECK: bytes are equal
// CHECK: floats are within 1e-06

// CPP: inline Expr dot_u8s8(Expr sum, Expr a, Expr b) {
// CPP: "dpbusd"
// CPP: inline Expr dot_bf16(Expr sum, Expr a, Expr b) {
// CPP: "dpbf16ps"
// CPP: bytes(i) = dot_u8s8(i, x(i), w(i));
// CPP: floats(i) = dot_bf16(1.f, x(i), w(i));
halide.pipeline @dots(%x: !halide.buffer<?xi32> {halide.name = "x"},
                      %w: !halide.buffer<?xi32> {halide.name = "w"})
    -> (!halide.buffer<?xi32>, !halide.buffer<?xf32>) {
  %one = arith.constant 1.0 : f32
  %bytes = halide.func "bytes"(i = %i) : i32 {
    %a = halide.load %x[%i] : !halide.buffer<?xi32>
    %b = halide.load %w[%i] : !halide.buffer<?xi32>
    %c = halide.dot u8s8 %i, %a, %b : i32
    halide.yield %c : i32
  }
  %floats = halide.func "floats"(i = %i) : f32 {
    %a = halide.load %x[%i] : !halide.buffer<?xi32>
    %b = halide.load %w[%i] : !halide.buffer<?xi32>
    %c = halide.dot bf16 %one, %a, %b : f32
    halide.yield %c : f32
  }
  halide.output %bytes, %floats : !halide.func<1xi32>, !halide.func<1xf32>
}
halide.schedule @dots for "zen4" {
  halide.vectorize "bytes" i by 16 tail(guard_with_if)
  halide.vectorize "floats" i by 8 tail(guard_with_if)
}
