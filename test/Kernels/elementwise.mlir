// RUN: sylvite-opt --sylvite-form-kernels --split-input-file %s | FileCheck %s

// Dimensions that all operands have are one, broadcast ones stay apart.
// CHECK-LABEL: halide.pipeline @add_f32_2d(
// CHECK-SAME:    !halide.buffer<8x?xf32>, %[[BIAS:.*]]: !halide.buffer<8xf32>)
// CHECK:         halide.func "out"(x = %[[X:.*]], y = %{{.*}}) : f32
// CHECK:           halide.load %[[BIAS]][%[[X]]]
// CHECK-LABEL: func.func @bias
// CHECK:         %[[B:.*]] = halide.weight ["bias"] : tensor<8xf32>
// CHECK:         halide.invoke @add_f32_2d ins(%{{.*}}, %[[B]] : tensor<?x8xf32>, tensor<8xf32>)
!hidden = tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
func.func @bias(%x: !hidden) -> !hidden {
  %b = graph.weight "bias" : tensor<8xf32>
  %y = graph.add %x, %b : (!hidden, tensor<8xf32>) -> !hidden
  return %y : !hidden
}

// -----

// A broadcast in the middle: [batch, heads, query, key] and
// [batch, 1, 1, key]. Heads and queries merge.
// CHECK-LABEL: halide.pipeline @add_f32_3d(
// CHECK-SAME:    %[[S:.*]]: !halide.buffer<?x?x?xf32>, %[[M:.*]]: !halide.buffer<?x1x?xf32>)
// CHECK:         %[[ZERO:.*]] = arith.constant 0 : i32
// CHECK:         halide.func "out"(x = %[[X:.*]], y = %[[Y:.*]], z = %[[Z:.*]]) : f32
// CHECK:           halide.load %[[S]][%[[X]], %[[Y]], %[[Z]]]
// CHECK:           halide.load %[[M]][%[[X]], %[[ZERO]], %[[Z]]]
// CHECK-LABEL: func.func @mask
// CHECK:         tensor.collapse_shape %{{.*}} {{\[\[}}0], [1, 2], [3]]
!scores = tensor<?x12x?x?xf32, #graph.dims<batch, _, seq, seq>>
!mask = tensor<?x1x1x?xf32, #graph.dims<batch, _, _, seq>>
func.func @mask(%s: !scores, %m: !mask) -> !scores {
  %y = graph.add %s, %m : (!scores, !mask) -> !scores
  return %y : !scores
}

// -----

// Links of a chain that have one user are one kernel; scalars are numbers in
// it. Order and location are those of the graph.
// CHECK-LABEL: halide.pipeline @mul_add_tanh_f32_1d(
// CHECK-DAG:     %[[HALF:.*]] = arith.constant 5.000000e-01 : f32
// CHECK-DAG:     %[[THREE:.*]] = arith.constant 3 : i64
// CHECK:         %[[A:.*]] = halide.load
// CHECK:         %[[B:.*]] = arith.mulf %[[A]], %[[HALF]]
// CHECK:         %[[CAST:.*]] = arith.sitofp %[[THREE]]
// CHECK:         %[[C:.*]] = arith.addf %[[B]], %[[CAST]]
// CHECK:         math.tanh %[[C]]
// CHECK-LABEL: func.func @chain
// CHECK-COUNT-1: halide.invoke
func.func @chain(%x: tensor<4xf32>) -> tensor<4xf32> {
  %half = graph.constant dense<0.5> : tensor<f32>
  %three = graph.constant dense<3> : tensor<1xi64>
  %cast = graph.cast %three : tensor<1xi64> to tensor<1xf32>
  %a = graph.mul %x, %half : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  %b = graph.add %a, %cast : (tensor<4xf32>, tensor<1xf32>) -> tensor<4xf32>
  %c = graph.tanh %b : tensor<4xf32>
  return %c : tensor<4xf32>
}

// -----

// A link with two users, and one that its user would evaluate repeatedly, are
// kernels of their own.
// CHECK: halide.pipeline @exp_f32_1d(
// CHECK: halide.pipeline @add_f32_1d(
// CHECK: halide.pipeline @mul_f32_1d(
// CHECK: halide.pipeline @neg_f32_1d(
// CHECK: halide.pipeline @sub_f32_2d(
func.func @apart(%x: tensor<4xf32>, %z: tensor<3x4xf32>)
    -> (tensor<4xf32>, tensor<4xf32>, tensor<3x4xf32>) {
  %e = graph.exp %x : tensor<4xf32>
  %a = graph.add %e, %x : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %b = graph.mul %e, %x : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %n = graph.neg %x : tensor<4xf32>
  %c = graph.sub %z, %n : (tensor<3x4xf32>, tensor<4xf32>) -> tensor<3x4xf32>
  return %a, %b, %c : tensor<4xf32>, tensor<4xf32>, tensor<3x4xf32>
}

// -----

// What callers are given has infinities by their bits.
// CHECK-LABEL: halide.pipeline @compare_select_f32_1d(
// CHECK-DAG:     %[[ZERO:.*]] = arith.constant 0 : i64
// CHECK-DAG:     %[[NONE:.*]] = arith.constant -8388608 : i32
// CHECK:         arith.cmpi ne, %{{.*}}, %[[ZERO]] : i64
// CHECK:         %[[BITS:.*]] = arith.select %{{.*}}, %{{.*}}, %[[NONE]] : i32
// CHECK:         arith.bitcast %[[BITS]] : i32 to f32
!ids = tensor<?xi64, #graph.dims<seq>>
func.func @mask_to_float(%m: !ids) -> tensor<?xf32, #graph.dims<seq>> {
  %zero = graph.constant dense<0> : tensor<i64>
  %nought = graph.constant dense<0.0> : tensor<f32>
  %none = graph.constant dense<0xFF800000> : tensor<f32>
  %c = graph.compare ne %m, %zero
      : (!ids, tensor<i64>) -> tensor<?xi1, #graph.dims<seq>>
  %y = graph.select %c, %nought, %none
      : (tensor<?xi1, #graph.dims<seq>>, tensor<f32>, tensor<f32>)
      -> tensor<?xf32, #graph.dims<seq>>
  return %y : tensor<?xf32, #graph.dims<seq>>
}

// -----

// Narrow floats are calculated with as f32.
// CHECK-LABEL: halide.pipeline @sigmoid_f16_1d(
// CHECK:         %[[WIDE:.*]] = arith.extf %{{.*}} : f16 to f32
// CHECK:         %[[MINUS:.*]] = arith.negf %[[WIDE]]
// CHECK:         %[[EXP:.*]] = math.exp %[[MINUS]]
// CHECK:         %[[SUM:.*]] = arith.addf %{{.*}}, %[[EXP]]
// CHECK:         %[[Y:.*]] = arith.divf %{{.*}}, %[[SUM]]
// CHECK:         arith.truncf %[[Y]] : f32 to f16
func.func @narrow(%x: tensor<4xf16>) -> tensor<4xf16> {
  %y = graph.sigmoid %x : tensor<4xf16>
  return %y : tensor<4xf16>
}

// -----

// The casts: float to integer, number to boolean, boolean to float, integers.
// CHECK-LABEL: halide.pipeline @cast_i32_1d(
// CHECK:         arith.fptosi %{{.*}} : f32 to i32
// CHECK-LABEL: halide.pipeline @cast_i1_1d(
// CHECK:         arith.cmpf une
// CHECK-LABEL: halide.pipeline @cast_f32_1d(
// CHECK:         arith.uitofp %{{.*}} : i1 to f32
// CHECK-LABEL: halide.pipeline @cast_i64_1d(
// CHECK:         arith.extsi %{{.*}} : i32 to i64
func.func @casts(%x: tensor<4xf32>)
    -> (tensor<4xi32>, tensor<4xi1>, tensor<4xf32>, tensor<4xi64>) {
  %i = graph.cast %x : tensor<4xf32> to tensor<4xi32>
  %b = graph.cast %x : tensor<4xf32> to tensor<4xi1>
  %f = graph.cast %b : tensor<4xi1> to tensor<4xf32>
  %l = graph.cast %i : tensor<4xi32> to tensor<4xi64>
  return %i, %b, %f, %l : tensor<4xi32>, tensor<4xi1>, tensor<4xf32>, tensor<4xi64>
}

// -----

// Both forms of gelu, without tanh for the one that is named after it.
// CHECK-LABEL: halide.pipeline @gelu_f32_1d(
// CHECK:         math.erf
// CHECK-LABEL: halide.pipeline @gelu_f32_1d_1(
// CHECK-NOT:     math.tanh
// CHECK:         math.exp
func.func @gelu(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %a = graph.gelu %x : tensor<4xf32>
  %b = graph.gelu %x tanh : tensor<4xf32>
  return %a, %b : tensor<4xf32>, tensor<4xf32>
}
