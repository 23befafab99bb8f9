// RUN: sylvite-opt --sylvite-form-kernels --split-input-file %s | FileCheck %s

// Leading dimensions are rows; rows beyond the last one repeat it; the weight
// is in panels of the target's width.
// CHECK-LABEL: halide.pipeline @linear_relu_f32_8x40(
// CHECK-SAME:    %[[X:.*]]: !halide.buffer<8x?xf32>, %[[W:.*]]: !halide.buffer<24x8x2xf32> {halide.align = 64 : i64}, %[[B:.*]]: !halide.buffer<40xf32>) -> !halide.buffer<40x?xf32>
// CHECK-SAME:    attributes {halide.class = "linear"}
// CHECK-DAG:     %[[FIRST:.*]] = arith.constant 0 : i32
// CHECK-DAG:     %[[DEPTH:.*]] = arith.constant 8 : i32
// CHECK-DAG:     %[[ONE:.*]] = arith.constant 1 : i32
// CHECK-DAG:     %[[PANEL:.*]] = arith.constant 24 : i32
// CHECK-DAG:     %[[ROWS:.*]] = halide.extent %[[X]][1]
// CHECK:         %[[LAST:.*]] = arith.subi %[[ROWS]], %[[ONE]]
// CHECK:         %[[ACC:.*]] = halide.func "acc"(n = %{{.*}}, m = %{{.*}}) : f32
// CHECK:         halide.update %[[ACC]](n = %[[N:.*]], m = %[[M:.*]]) over (k = %[[K:.*]] in %[[FIRST]] to %[[DEPTH]])
// CHECK:           %[[ROW:.*]] = arith.minsi %[[M]], %[[LAST]]
// CHECK:           %[[A:.*]] = halide.load %[[X]][%[[K]], %[[ROW]]]
// CHECK:           %[[NI:.*]] = arith.remui %[[N]], %[[PANEL]]
// CHECK:           %[[NO:.*]] = arith.floordivsi %[[N]], %[[PANEL]]
// CHECK:           %[[C:.*]] = halide.load %[[W]][%[[NI]], %[[K]], %[[NO]]]
// CHECK:           arith.mulf %[[A]], %[[C]]
// CHECK:         halide.func "out"(n = %[[N:.*]], m = %[[M:.*]]) : f32
// CHECK:           %[[SUM:.*]] = halide.call %[[ACC]](%[[N]], %[[M]])
// CHECK:           %[[BIAS:.*]] = halide.load %[[B]][%[[N]]]
// CHECK:           %[[BIASED:.*]] = arith.addf %[[SUM]], %[[BIAS]]
// CHECK:           arith.maximumf %[[BIASED]], %{{.*}}
// CHECK-LABEL: func.func @leading
// CHECK:         %[[INPUT:.*]] = tensor.collapse_shape %{{.*}} {{\[\[}}0, 1], [2]]
// CHECK:         %[[WEIGHT:.*]] = halide.weight ["w"] panels(24) transposed : tensor<2x8x24xf32>
// CHECK:         %[[Y:.*]] = halide.invoke @linear_relu_f32_8x40 ins(%[[INPUT]], %[[WEIGHT]],
// CHECK:         tensor.expand_shape %[[Y]] {{\[\[}}0, 1], [2]]
!x = tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
!y = tensor<?x?x40xf32, #graph.dims<batch, seq, _>>
func.func @leading(%x: !x) -> !y {
  %w = graph.weight "w" : tensor<40x8xf32>
  %b = graph.weight "b" : tensor<40xf32>
  %y = graph.linear %x, %w bias(%b) activation(relu) {transpose_weight}
      : (!x, tensor<40x8xf32>, tensor<40xf32>) -> !y
  return %y : !y
}

// -----

// The panels' width is the target's.
// CHECK-LABEL: halide.pipeline @linear_f32_8x40(
// CHECK-LABEL: func.func @wide
// CHECK:         halide.weight ["w"] panels(64) : tensor<1x8x64xf32>
module attributes {sylvite.target = "x86-64-v4"} {
  func.func @wide(%x: tensor<4x8xf32>) -> tensor<4x40xf32> {
    %w = graph.weight "w" : tensor<8x40xf32>
    %y = graph.linear %x, %w
        : (tensor<4x8xf32>, tensor<8x40xf32>) -> tensor<4x40xf32>
    return %y : tensor<4x40xf32>
  }
}

// -----

// A layer norm: sums of a row in 32 lanes and of its rest, the mean subtracted,
// squares in the same way. The residual is added before.
// CHECK-LABEL: halide.pipeline @linear_add_layer_f32_8x70(
// CHECK-SAME:    %[[RESIDUAL:[^:]*]]: !halide.buffer<70x?xf32>)
// CHECK-SAME:    attributes {halide.class = "linear_norm"}
// CHECK:         %[[INPUT:.*]] = halide.func "input"(n = %[[N:.*]], m = %[[M:.*]]) : f32
// CHECK:           %[[ROW:.*]] = arith.minsi %[[M]], %{{.*}}
// CHECK:           halide.load %[[RESIDUAL]][%[[N]], %[[ROW]]]
// CHECK:         %[[LANES:.*]] = halide.func "sum_lanes"(lane = %{{.*}}, m = %{{.*}}) : f32
// CHECK:         halide.update %[[LANES]](lane = %[[LANE:.*]], m = %[[M:.*]]) over (step = %[[STEP:.*]] in %c0_i32 to %c2_i32)
// CHECK:           %[[FIRST:.*]] = arith.muli %[[STEP]], %c32_i32
// CHECK:           %[[N:.*]] = arith.addi %[[FIRST]], %[[LANE]]
// CHECK:           halide.call %[[INPUT]](%[[N]], %[[M]])
// CHECK:         halide.update %[[LANES]](lane = %[[LANE:.*]], m = %[[M:.*]]) : !halide.func<2xf32>
// CHECK:           %[[N:.*]] = arith.addi %[[LANE]], %c38_i32
// CHECK:           halide.call %[[INPUT]](%[[N]], %[[M]])
// CHECK:           %[[SEEN:.*]] = arith.cmpi slt, %[[N]], %c64_i32
// CHECK:           arith.select %[[SEEN]]
// CHECK:         %[[SUM:.*]] = halide.func "sum"(m = %{{.*}}) : f32
// CHECK:         halide.update %[[SUM]](m = %[[M:.*]]) over (lane = %[[LANE:.*]] in %c0_i32 to %c32_i32)
// CHECK:           halide.call %[[LANES]](%[[LANE]], %[[M]])
// CHECK:         %[[MEAN:.*]] = halide.func "mean"
// CHECK:         %[[LANES:.*]] = halide.func "squares_lanes"
// CHECK:         halide.update %[[LANES]]
// CHECK:           %[[OFF:.*]] = halide.call %[[MEAN]]
// CHECK:           arith.subf %{{.*}}, %[[OFF]]
// CHECK:         halide.func "squares"
// CHECK:         %[[INVERSE:.*]] = halide.func "inverse"
// CHECK:           math.sqrt
// CHECK:         halide.func "out"
// CHECK:           halide.call %[[INVERSE]]
!x = tensor<?x8xf32, #graph.dims<seq, _>>
!y = tensor<?x70xf32, #graph.dims<seq, _>>
!v = tensor<70xf32>
func.func @layer(%x: !x, %residual: !y) -> !y {
  %w = graph.weight "w" : tensor<8x70xf32>
  %g = graph.weight "g" : !v
  %b = graph.weight "b" : !v
  %y = graph.linear %x, %w residual(%residual) norm(layer) scale(%g) shift(%b)
      : (!x, tensor<8x70xf32>, !y, !v, !v) -> !y
  return %y : !y
}

// -----

// An RMS norm has no mean. Narrow floats are calculated with as f32.
// CHECK-LABEL: halide.pipeline @linear_rms_bf16_8x32(
// CHECK:         halide.func "acc"(n = %{{.*}}, m = %{{.*}}) : f32
// CHECK:         arith.extf %{{.*}} : bf16 to f32
// CHECK-NOT:     halide.func "sum_lanes"
// CHECK:         halide.func "squares_lanes"(lane = %{{.*}}, m = %{{.*}}) : f32
// CHECK:         halide.func "out"(n = %{{.*}}, m = %{{.*}}) : bf16
// CHECK:         arith.truncf %{{.*}} : f32 to bf16
func.func @rms(%x: tensor<4x8xbf16>) -> tensor<4x32xbf16> {
  %w = graph.weight "w" : tensor<8x32xbf16>
  %g = graph.weight "g" : tensor<32xbf16>
  %y = graph.linear %x, %w norm(rms) scale(%g)
      : (tensor<4x8xbf16>, tensor<8x32xbf16>, tensor<32xbf16>)
      -> tensor<4x32xbf16>
  return %y : tensor<4x32xbf16>
}

// -----

// A weight that is calculated is packed by the kernel.
// CHECK-LABEL: halide.pipeline @linear_f32_8x40(
// CHECK-SAME:    %{{.*}}: !halide.buffer<8x4xf32>, %[[W:.*]]: !halide.buffer<40x8xf32>)
// CHECK:         halide.func "rhs"(ni = %{{.*}}, k = %[[K:.*]], no = %{{.*}}) : f32
// CHECK:           %[[N:.*]] = arith.minsi %{{.*}}, %c39_i32
// CHECK:           halide.load %[[W]][%[[N]], %[[K]]]
func.func @calculated(%x: tensor<4x8xf32>, %w: tensor<8x40xf32>)
    -> tensor<4x40xf32> {
  %y = graph.linear %x, %w
      : (tensor<4x8xf32>, tensor<8x40xf32>) -> tensor<4x40xf32>
  return %y : tensor<4x40xf32>
}
