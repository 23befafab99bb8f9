// A function of several values: one loop for the greatest element and its place.
//
// REQUIRES: avx2
// RUN: %python %S/../../Inputs/npz.py random %t.npz x=f4:1000
// RUN: sylvite-run-kernel %s --target=x86-64-v3 --inputs=%t.npz --default-schedule \
// RUN:     --output-shape=out=1,place=1 --outputs=%t.out.npz
// RUN: %python -c "import numpy as np; x = np.load(r'%t.npz')['x']; o = np.load(r'%t.out.npz'); assert o['out'][0] == x.max() and o['place'][0] == x.argmax(), dict(o)"
// RUN: sylvite-translate --halide-to-cpp --target=x86-64-v3 --default-schedule %s \
// RUN:   | FileCheck %s
//
// CHECK: best(i) = Tuple(x(0), 0);
// CHECK: Expr best_value = best(i)[0];
// CHECK: Tuple(max(best_value, x_value), select({{.*}}, k, best(i)[1]));
// CHECK: out(i) = best(i)[0]
// CHECK: place(i) = best(i)[1]

halide.pipeline @greatest(%x: !halide.buffer<?xf32> {halide.name = "x"})
    -> (!halide.buffer<?xf32>, !halide.buffer<?xi32>) {
  %zero = arith.constant 0 : i32
  %extent = halide.extent %x[0] : !halide.buffer<?xf32>
  %best:2 = halide.func "best"(i = %i) : f32, i32 {
    %first = halide.load %x[%zero] : !halide.buffer<?xf32>
    halide.yield %first, %zero : f32, i32
  }
  halide.update %best#0(i = %i) over (k = %k in %zero to %extent)
      : !halide.func<1xf32> {
    %a = halide.load %x[%k] : !halide.buffer<?xf32>
    %b = halide.call %best#0(%i) : !halide.func<1xf32>
    %at = halide.call %best#1(%i) : !halide.func<1xi32>
    %max = arith.maximumf %b, %a : f32
    %more = arith.cmpf ogt, %a, %b : f32
    %place = arith.select %more, %k, %at : i32
    halide.yield %max, %place : f32, i32
  }
  %out = halide.func "out"(i = %i) : f32 {
    %b = halide.call %best#0(%i) : !halide.func<1xf32>
    halide.yield %b : f32
  }
  %place = halide.func "place"(i = %i) : i32 {
    %at = halide.call %best#1(%i) : !halide.func<1xi32>
    halide.yield %at : i32
  }
  halide.output %out, %place : !halide.func<1xf32>, !halide.func<1xi32>
}
