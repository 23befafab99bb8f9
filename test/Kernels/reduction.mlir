// RUN: sylvite-opt --sylvite-form-kernels --split-input-file %s | FileCheck %s

// The mean along the last axis: rows, by lanes, with the chain that makes the
// elements inside the update. Eight elements have eight lanes and one step.
// CHECK-LABEL: halide.pipeline @mul_reduce_mean_f32_2d(
// CHECK-SAME:    %[[IN:.*]]: !halide.buffer<8x?xf32>) -> !halide.buffer<?xf32>
// CHECK-SAME:    {halide.class = "reduce"}
// CHECK-DAG:     %[[ZERO:.*]] = arith.constant 0.000000e+00 : f32
// CHECK-DAG:     %[[COUNT:.*]] = arith.constant 8 : i32
// CHECK-DAG:     %[[ONE:.*]] = arith.constant 1 : i32
// CHECK:         %[[LANES:.*]] = halide.func "acc_lanes"(lane = %{{.*}}, x = %{{.*}}) : f32 {
// CHECK-NEXT:      halide.yield %[[ZERO]]
// CHECK:         halide.update %[[LANES]](lane = %[[LANE:.*]], x = %[[X:.*]]) over (step = %[[STEP:.*]] in %{{.*}} to %[[ONE]])
// CHECK:           %[[FIRST:.*]] = arith.muli %[[STEP]], %[[COUNT]]
// CHECK:           %[[K:.*]] = arith.addi %[[FIRST]], %[[LANE]]
// CHECK-NOT:       halide.where
// CHECK:           halide.load %[[IN]][%[[K]], %[[X]]]
// CHECK:           arith.mulf
// CHECK:           arith.addf
// CHECK:         %[[ACC:.*]] = halide.func "acc"(x = %{{.*}}) : f32 {
// CHECK-NEXT:      halide.yield %[[ZERO]]
// CHECK:         halide.update %[[ACC]](x = %[[X:.*]]) over (lane = %[[LANE:.*]] in %{{.*}} to %[[COUNT]])
// CHECK:           %[[PART:.*]] = halide.call %[[LANES]](%[[LANE]], %[[X]])
// CHECK:           arith.addf %{{.*}}, %[[PART]]
// CHECK:         halide.func "out"
// CHECK:           arith.sitofp %[[COUNT]]
// CHECK:           arith.divf
!x = tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
!m = tensor<?x?x1xf32, #graph.dims<batch, seq, _>>
func.func @mean_of_squares(%x: !x) -> !m {
  %s = graph.mul %x, %x : (!x, !x) -> !x
  %y = graph.reduce mean %s axes [2] keepdims : (!x) -> !m
  return %y : !m
}

// -----

// Axes apart, and one that is dynamic: its extent is that of the buffer. The
// innermost one has lanes.
// CHECK-LABEL: halide.pipeline @reduce_max_f32_3d(
// CHECK-SAME:    %[[IN:.*]]: !halide.buffer<8x?x?xf32>) -> !halide.buffer<?xf32>
// CHECK:         %[[LOW:.*]] = arith.constant 0xFF800000 : f32
// CHECK:         %[[BATCH:.*]] = halide.extent %[[IN]][2]
// CHECK:         halide.update %{{.*}}(lane = %{{.*}}, x = %[[X:.*]]) over (step = %{{.*}} in %{{.*}} to %{{.*}}, k1 = %[[K1:.*]] in %{{.*}} to %[[BATCH]])
// CHECK:           halide.load %[[IN]][%{{.*}}, %[[X]], %[[K1]]]
// CHECK:           arith.maximumf
!x = tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
!m = tensor<?xf32, #graph.dims<seq>>
func.func @max_apart(%x: !x) -> !m {
  %y = graph.reduce max %x axes [0, 2] : (!x) -> !m
  return %y : !m
}

// -----

// An axis that is not the innermost has none: neighbours lie side by side.
// CHECK-LABEL: halide.pipeline @reduce_sum_f32_3d(
// CHECK-SAME:    %[[IN:.*]]: !halide.buffer<8x?x?xf32>) -> !halide.buffer<8x?xf32>
// CHECK-NOT:     lane
// CHECK:         halide.update %{{.*}}(x = %[[X:.*]], y = %[[Y:.*]]) over (k0 = %[[K:.*]] in
// CHECK:           halide.load %[[IN]][%[[X]], %[[K]], %[[Y]]]
!x = tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
!m = tensor<?x8xf32, #graph.dims<batch, _>>
func.func @sum_middle(%x: !x) -> !m {
  %y = graph.reduce sum %x axes [1] : (!x) -> !m
  return %y : !m
}

// -----

// 20 elements: 16 lanes go once over the first 16, and then over the last 16,
// of which 12 have been counted.
// CHECK-LABEL: halide.pipeline @reduce_sum_f32_2d(
// CHECK-DAG:     %[[ZERO:.*]] = arith.constant 0.000000e+00 : f32
// CHECK-DAG:     %[[LANES:.*]] = arith.constant 16 : i32
// CHECK-DAG:     %[[FOUR:.*]] = arith.constant 4 : i32
// CHECK:         halide.update %[[ACC:.*]](lane = %{{.*}}, x = %{{.*}}) over (step =
// CHECK:         halide.update %[[ACC]](lane = %[[LANE:.*]], x = %[[X:.*]]) :
// CHECK:           %[[K:.*]] = arith.addi %[[LANE]], %[[FOUR]]
// CHECK:           %[[ELEMENT:.*]] = halide.load %{{.*}}[%[[K]], %[[X]]]
// CHECK:           %[[COUNTED:.*]] = arith.cmpi slt, %[[K]], %[[LANES]]
// CHECK:           arith.select %[[COUNTED]], %[[ZERO]], %[[ELEMENT]]
!x = tensor<?x20xf32, #graph.dims<seq, _>>
!m = tensor<?xf32, #graph.dims<seq>>
func.func @sum_20(%x: !x) -> !m {
  %y = graph.reduce sum %x axes [1] : (!x) -> !m
  return %y : !m
}

// -----

// Booleans have no lanes.
// CHECK-LABEL: halide.pipeline @reduce_max_i1_2d(
// CHECK-NOT:     lane
// CHECK:         arith.ori
!x = tensor<?x20xi1, #graph.dims<seq, _>>
!m = tensor<?xi1, #graph.dims<seq>>
func.func @any(%x: !x) -> !m {
  %y = graph.reduce max %x axes [1] : (!x) -> !m
  return %y : !m
}

// -----

// Everything, of integers: the result has rank 0.
// CHECK-LABEL: halide.pipeline @reduce_sum_i64_1d(%{{.*}}: !halide.buffer<?xi64>) -> !halide.buffer<1xi64>
// CHECK:         arith.addi
// CHECK-LABEL: halide.pipeline @reduce_min_i64_1d(
// CHECK:         arith.constant 9223372036854775807 : i64
// CHECK:         arith.minsi
!ids = tensor<?x?xi64, #graph.dims<batch, seq>>
func.func @all(%x: !ids) -> (tensor<i64>, tensor<1x1xi64>) {
  %s = graph.reduce sum %x axes [0, 1] : (!ids) -> tensor<i64>
  %m = graph.reduce min %x axes [0, 1] keepdims : (!ids) -> tensor<1x1xi64>
  return %s, %m : tensor<i64>, tensor<1x1xi64>
}

// -----

// Softmax starts above what stands for -inf in masks, so that a row of it gives
// a sum of zero, and then zeros. What no whole number of steps covers comes
// last, under a condition.
// CHECK-LABEL: halide.pipeline @softmax_f32_2d(
// CHECK-SAME:    %[[IN:.*]]: !halide.buffer<?x?xf32>)
// CHECK-SAME:    {halide.class = "softmax"}
// CHECK-DAG:     %[[LOWEST:.*]] = arith.constant -1.000000e+29 : f32
// CHECK-DAG:     %[[ZERO:.*]] = arith.constant 0.000000e+00 : f32
// CHECK-DAG:     %[[N:.*]] = halide.extent %[[IN]][0]
// CHECK:         %[[STEPS:.*]] = arith.floordivsi %[[N]]
// CHECK:         %[[LANES:.*]] = halide.func "max_lanes"(lane = %{{.*}}, y = %{{.*}}) : f32
// CHECK-NEXT:      halide.yield %[[LOWEST]]
// CHECK:         halide.update %[[LANES]](lane = %{{.*}}, y = %{{.*}}) over (step = %{{.*}} in %{{.*}} to %[[STEPS]])
// CHECK-NOT:       halide.where
// CHECK:           arith.maximumf
// CHECK:         halide.update %[[LANES]](lane = %{{.*}}, y = %{{.*}}) over (rest = %{{.*}} in %[[STEPS]] to
// CHECK:           %[[INSIDE:.*]] = arith.cmpi slt, %{{.*}}, %[[N]]
// CHECK:           halide.where %[[INSIDE]]
// CHECK:         %[[MAX:.*]] = halide.func "max"(y = %{{.*}}) : f32
// CHECK:         %[[EXPS:.*]] = halide.func "exps"(x = %{{.*}}, y = %{{.*}}) : f32
// CHECK:           math.exp
// CHECK:         halide.func "sum_lanes"
// CHECK:           halide.call %[[EXPS]]
// CHECK:         %[[SUM:.*]] = halide.func "sum"
// CHECK:         %[[INVERSE:.*]] = halide.func "inverse"(y = %{{.*}}) : f32
// CHECK:           %[[TOTAL:.*]] = halide.call %[[SUM]]
// CHECK:           %[[SOME:.*]] = arith.cmpf ogt, %[[TOTAL]], %[[ZERO]]
// CHECK:           arith.select %[[SOME]], %{{.*}}, %[[ZERO]]
// CHECK:         halide.func "out"(x = %{{.*}}, y = %{{.*}}) : f32
// CHECK:           halide.call %[[EXPS]]
// CHECK:           halide.call %[[INVERSE]]
!s = tensor<?x12x?x?xf32, #graph.dims<batch, _, seq, seq>>
func.func @softmax(%x: !s) -> !s {
  %y = graph.softmax %x axis(3) : !s
  return %y : !s
}

// -----

// Along another axis than the last, lines are not rows.
// CHECK-LABEL: halide.pipeline @log_softmax_f32_3d(
// CHECK-SAME:    %[[IN:.*]]: !halide.buffer<8x?x?xf32>)
// CHECK:         halide.update %{{.*}}(x = %[[X:.*]], z = %[[Z:.*]]) over (k = %[[K:.*]] in
// CHECK:           halide.load %[[IN]][%[[X]], %[[K]], %[[Z]]]
// CHECK:         halide.func "log"(x = %{{.*}}, z = %{{.*}}) : f32
// CHECK:           math.log
!x = tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
func.func @log_softmax(%x: !x) -> !x {
  %y = graph.log_softmax %x axis(1) : !x
  return %y : !x
}

// -----

// CHECK-LABEL: halide.pipeline @l2_normalize_f32_2d(
// CHECK-SAME:    {halide.class = "normalize"}
// CHECK:         %[[EPS:.*]] = arith.constant 9.99999996E-13 : f32
// CHECK:         halide.func "inverse"
// CHECK:           %[[NORM:.*]] = math.sqrt
// CHECK:           %[[BOUND:.*]] = arith.maximumf %[[NORM]], %[[EPS]]
// CHECK:           arith.divf %{{.*}}, %[[BOUND]]
!x = tensor<?x8xf32, #graph.dims<batch, _>>
func.func @l2_normalize(%x: !x) -> !x {
  %y = graph.l2_normalize %x axis(1) : !x
  return %y : !x
}

// -----

// A running sum starts with the elements and adds from the second one on.
// CHECK-LABEL: halide.pipeline @cumsum_i64_2d(
// CHECK-SAME:    %[[IN:.*]]: !halide.buffer<?x?xi64>)
// CHECK-SAME:    {halide.class = "scan"}
// CHECK-DAG:     %[[ONE:.*]] = arith.constant 1 : i32
// CHECK-DAG:     %[[N:.*]] = halide.extent %[[IN]][0]
// CHECK:         %[[ACC:.*]] = halide.func "acc"(x = %{{.*}}, y = %{{.*}}) : i64
// CHECK:         halide.update %[[ACC]](x = %{{.*}}, y = %[[Y:.*]]) over (k = %[[K:.*]] in %[[ONE]] to %[[N]])
// CHECK:           %[[BEFORE:.*]] = arith.subi %[[K]], %[[ONE]]
// CHECK:           %[[SUM:.*]] = halide.call %[[ACC]](%[[BEFORE]], %[[Y]])
// CHECK:           %[[HERE:.*]] = halide.load %[[IN]][%[[K]], %[[Y]]]
// CHECK:           %[[NEXT:.*]] = arith.addi %[[SUM]], %[[HERE]]
// CHECK:           halide.yield %[[NEXT]] at(%[[K]], %[[Y]])
!ids = tensor<?x?xi64, #graph.dims<batch, seq>>
func.func @cumsum(%x: !ids) -> !ids {
  %y = graph.cumsum %x axis(1) : !ids
  return %y : !ids
}
