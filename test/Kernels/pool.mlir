// RUN: sylvite-opt --sylvite-form-kernels %s | FileCheck %s

!x = tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
!m = tensor<?x?xi64, #graph.dims<batch, seq>>
!y = tensor<?x8xf32, #graph.dims<batch, _>>

// Four sums, which positions take turns in; those that are left come last. What
// is not kept counts as zero, and a sequence of nothing else is zero.
// CHECK-LABEL: halide.pipeline @pool_mean_normalize_f32(
// CHECK-SAME:    %[[IN:.*]]: !halide.buffer<8x?x?xf32>, %[[MASK:.*]]: !halide.buffer<?x?xi64>) -> !halide.buffer<8x?xf32>
// CHECK-SAME:    {halide.class = "pool"}
// CHECK-DAG:     %[[ZERO:.*]] = arith.constant 0.000000e+00 : f32
// CHECK-DAG:     %[[ONE:.*]] = arith.constant 1 : i32
// CHECK-DAG:     %[[SEQ:.*]] = halide.extent %[[IN]][1]
// CHECK:         %[[PARTS:.*]] = halide.func "parts"(x = %{{.*}}, part = %{{.*}}, y = %{{.*}}) : f32
// CHECK:         halide.update %[[PARTS]](x = %[[X:.*]], part = %[[PART:.*]], y = %[[Y:.*]]) over (step = %{{.*}}
// CHECK:           %[[POSITION:.*]] = arith.addi %{{.*}}, %[[PART]]
// CHECK:           %[[VALUE:.*]] = halide.load %[[IN]][%[[X]], %[[POSITION]], %[[Y]]]
// CHECK:           halide.load %[[MASK]][%[[POSITION]], %[[Y]]]
// CHECK:           %[[KEPT:.*]] = arith.cmpi ne
// CHECK:           arith.select %[[KEPT]], %[[VALUE]], %[[ZERO]]
// CHECK:         halide.update %[[PARTS]](x = %{{.*}}, part = %{{.*}}, y = %{{.*}}) over (rest = %{{.*}}
// CHECK:           arith.cmpi slt, %{{.*}}, %[[SEQ]]
// CHECK:           halide.where
// CHECK:         %[[COUNT:.*]] = halide.func "count"(y = %{{.*}}) : i32
// CHECK:         %[[POOLED:.*]] = halide.func "pooled"(x = %{{.*}}, y = %{{.*}}) : f32
// CHECK-COUNT-4:   halide.call %[[PARTS]]
// CHECK:           halide.call %[[COUNT]]
// CHECK:           arith.maxsi %{{.*}}, %[[ONE]]
// CHECK:           arith.divf
// CHECK:         %[[SQUARES:.*]] = halide.func "squares"(y = %{{.*}}) : f32
// CHECK:         halide.func "out"(x = %{{.*}}, y = %{{.*}}) : f32
// CHECK:           halide.call %[[POOLED]]
// CHECK:           halide.call %[[SQUARES]]
// CHECK:           math.sqrt
func.func @mean(%x: !x, %m: !m) -> !y {
  %y = graph.pool mean %x mask(%m) normalize : (!x, !m) -> !y
  return %y : !y
}

// The maximum of nothing is zero too.
// CHECK-LABEL: halide.pipeline @pool_max_f32(
// CHECK:         %[[LOWEST:.*]] = arith.constant -3.40282347E+38 : f32
// CHECK:         halide.func "parts"
// CHECK-NEXT:      halide.yield %[[LOWEST]]
// CHECK:         halide.func "pooled"
// CHECK:           %[[SOME:.*]] = arith.cmpi sgt
// CHECK:           arith.select %[[SOME]]
func.func @max(%x: !x, %m: !m) -> !y {
  %y = graph.pool max %x mask(%m) : (!x, !m) -> !y
  return %y : !y
}

// The first position, whatever the mask says.
// CHECK-LABEL: halide.pipeline @pool_cls_f32(
// CHECK-SAME:    %[[IN:[^:]*]]: !halide.buffer<8x?x?xf32>) -> !halide.buffer<8x?xf32>
// CHECK:         halide.func "pooled"(x = %[[X:.*]], y = %[[Y:.*]]) : f32
// CHECK:           halide.load %[[IN]][%[[X]], %{{.*}}, %[[Y]]]
// CHECK-NOT:     halide.update
func.func @cls(%x: !x, %m: !m) -> !y {
  %y = graph.pool cls %x mask(%m) : (!x, !m) -> !y
  return %y : !y
}
