// RUN: sylvite-opt --sylvite-form-kernels %s | FileCheck %s

!x = tensor<?x?x64xf32, #graph.dims<batch, seq, _>>
!narrow = tensor<?x64xf16, #graph.dims<seq, _>>
!v = tensor<64xf32>

// Two passes: the squares are of what the mean leaves.
// CHECK-LABEL: halide.pipeline @layer_norm_f32(
// CHECK-SAME:    %[[X:.*]]: !halide.buffer<64x?xf32>, %[[R:.*]]: !halide.buffer<64x?xf32>, %[[G:.*]]: !halide.buffer<64xf32>, %[[B:.*]]: !halide.buffer<64xf32>) -> !halide.buffer<64x?xf32>
// CHECK-SAME:    {halide.class = "layer_norm"}
// CHECK:         %[[EPS:.*]] = arith.constant 9.99999996E-13 : f32
// CHECK:         %[[INPUT:.*]] = halide.func "input"(x = %{{.*}}, y = %{{.*}}) : f32 {
// CHECK:           arith.addf
// CHECK:         halide.func "sum_lanes"(lane = %{{.*}}, y = %{{.*}}) : f32
// CHECK:           halide.call %[[INPUT]]
// CHECK:         %[[SUM:.*]] = halide.func "sum"(y = %{{.*}}) : f32
// CHECK:         %[[MEAN:.*]] = halide.func "mean"(y = %{{.*}}) : f32
// CHECK:           halide.call %[[SUM]]
// CHECK:           arith.divf
// CHECK:         halide.func "squares_lanes"(lane = %{{.*}}, y = %{{.*}}) : f32
// CHECK:           halide.call %[[INPUT]]
// CHECK:           halide.call %[[MEAN]]
// CHECK:           %[[D:.*]] = arith.subf
// CHECK:           arith.mulf %[[D]], %[[D]]
// CHECK:         %[[SQUARES:.*]] = halide.func "squares"
// CHECK:         %[[INVERSE:.*]] = halide.func "inverse"(y = %{{.*}}) : f32
// CHECK:           halide.call %[[SQUARES]]
// CHECK:           arith.addf %{{.*}}, %[[EPS]]
// CHECK:           math.sqrt
// CHECK:         halide.func "out"(x = %[[I:.*]], y = %{{.*}}) : f32
// CHECK:           halide.call %[[INVERSE]]
// CHECK:           halide.load %[[G]][%[[I]]]
// CHECK:           arith.mulf
// CHECK:           halide.load %[[B]][%[[I]]]
// CHECK:           arith.addf
func.func @layer_norm(%x: !x, %r: !x, %g: !v, %b: !v) -> !x {
  %y = graph.layer_norm %x residual(%r) scale(%g) bias(%b) eps(1.0e-12)
      : (!x, !x, !v, !v) -> !x
  return %y : !x
}

// One pass, no mean; narrow floats are widened, and rounded at the end. There
// need be no scale.
// CHECK-LABEL: halide.pipeline @rms_norm_f16(
// CHECK-SAME:    {halide.class = "rms_norm"}
// CHECK:         halide.func "input"(x = %{{.*}}, y = %{{.*}}) : f32
// CHECK:           arith.extf %{{.*}} : f16 to f32
// CHECK-NOT:     "mean"
// CHECK:         halide.func "squares_lanes"(lane = %{{.*}}, y = %{{.*}}) : f32
// CHECK:         halide.func "out"(x = %{{.*}}, y = %{{.*}}) : f16
// CHECK:           arith.truncf
// CHECK-NEXT:      halide.yield
func.func @rms_norm(%x: !narrow) -> !narrow {
  %y = graph.rms_norm %x : (!narrow) -> !narrow
  return %y : !narrow
}
