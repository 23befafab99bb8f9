halide.pipeline @gemm(
    %x: !halide.buffer<80x?xf32> {halide.name = "x"},
    %w: !halide.buffer<24x80x4xf32> {halide.name = "w"})
    -> !halide.buffer<96x?xf32> {
  %zero = arith.constant 0.0 : f32
  %first = arith.constant 0 : i32
  %depth = arith.constant 80 : i32
  %panel = arith.constant 24 : i32
  %acc = halide.func "acc"(n = %n, m = %m) : f32 {
    halide.yield %zero : f32
  }
  halide.update %acc(n = %n, m = %m) over (k = %k in %first to %depth)
      : !halide.func<2xf32> {
    %a = halide.load %x[%k, %m] : !halide.buffer<80x?xf32>
    %ni = arith.remsi %n, %panel : i32
    %no = arith.divsi %n, %panel : i32
    %c = halide.load %w[%ni, %k, %no] : !halide.buffer<24x80x4xf32>
    %product = arith.mulf %a, %c : f32
    %before = halide.call %acc(%n, %m) : !halide.func<2xf32>
    %after = arith.addf %before, %product : f32
    halide.yield %after : f32
  }
  %pre = halide.func "pre"(n = %n, m = %m) : f32 {
    %sum = halide.call %acc(%n, %m) : !halide.func<2xf32>
    halide.yield %sum : f32
  }
  %out = halide.func "out"(n = %n, m = %m) : f32 {
    %sum = halide.call %pre(%n, %m) : !halide.func<2xf32>
    halide.yield %sum : f32
  }
  halide.output %out : !halide.func<2xf32>
}

