// The module's target gives the number of lanes.
//
// RUN: sed 's/TARGET/x86-64-v2/' %s | sylvite-opt --sylvite-schedule \
// RUN:   | FileCheck %s --check-prefixes=CHECK,V2
// RUN: sed 's/TARGET/x86-64-v4/' %s | sylvite-opt --sylvite-schedule \
// RUN:   | FileCheck %s --check-prefixes=CHECK,V4
// RUN: sed 's/TARGET/pdp-11/' %s | not sylvite-opt --sylvite-schedule 2>&1 \
// RUN:   | FileCheck %s --check-prefix=UNKNOWN
//
// CHECK: halide.pipeline @double
// V2: halide.schedule @double for "x86-64-v2" {
// V4: halide.schedule @double for "x86-64-v4" {
// V2: halide.vectorize "out" x by 4 tail(round_up)
// V4: halide.vectorize "out" x by 16 tail(round_up)
// UNKNOWN: error: unknown target 'pdp-11': expected native, x86-64-v2

module attributes {sylvite.target = "TARGET"} {
  halide.pipeline @double(%x: !halide.buffer<64x?xf32>)
      -> !halide.buffer<64x?xf32> attributes {halide.class = "elementwise"} {
    %out = halide.func "out"(x = %i, y = %m) : f32 {
      %a = halide.load %x[%i, %m] : !halide.buffer<64x?xf32>
      %b = arith.addf %a, %a : f32
      halide.yield %b : f32
    }
    halide.output %out : !halide.func<2xf32>
  }
}
