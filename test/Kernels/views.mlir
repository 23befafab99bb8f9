// RUN: sylvite-opt --sylvite-form-kernels --split-input-file %s | FileCheck %s

// Queries, keys and values are read straight out of the packed buffer:
// slice, heads and transposition are index arithmetic.
// CHECK-LABEL: halide.pipeline @matmul_f32_4d(
// CHECK-SAME:    %[[QKV:[^:]*]]: !halide.buffer<1152x?x?xf32>) -> !halide.buffer<?x?x12x?xf32>
// CHECK:         %[[HEAD:.*]] = arith.constant 32 : i32
// CHECK:         %[[KEYS:.*]] = arith.constant 384 : i32
// CHECK:         halide.func "rhs"(ni = %{{.*}}, k = %[[K:.*]], no = %{{.*}}, b0 = %[[H:.*]], b1 = %[[B:.*]])
// CHECK:           %[[N:.*]] = arith.minsi
// CHECK:           %[[HK:.*]] = arith.muli %[[H]], %[[HEAD]]
// CHECK:           %[[IN:.*]] = arith.addi %[[HK]], %[[K]]
// CHECK:           %[[KEY:.*]] = arith.addi %[[IN]], %[[KEYS]]
// CHECK:           halide.load %[[QKV]][%[[KEY]], %[[N]], %[[B]]]
// CHECK:         halide.update %{{.*}}(n = %{{.*}}, m = %{{.*}}, b0 = %[[H:.*]], b1 = %[[B:.*]]) over (k = %[[K:.*]] in
// CHECK:           %[[M:.*]] = arith.minsi
// CHECK:           %[[HQ:.*]] = arith.muli %[[H]], %[[HEAD]]
// CHECK:           %[[Q:.*]] = arith.addi %[[HQ]], %[[K]]
// CHECK:           halide.load %[[QKV]][%[[Q]], %[[M]], %[[B]]]
// CHECK-LABEL: func.func @packed
// CHECK-COUNT-1: halide.invoke
// CHECK-NOT:     tensor.expand_shape
!qkv = tensor<?x?x1152xf32, #graph.dims<batch, seq, _>>
!x = tensor<?x?x384xf32, #graph.dims<batch, seq, _>>
!split = tensor<?x?x12x32xf32, #graph.dims<batch, seq, _, _>>
!heads = tensor<?x12x?x32xf32, #graph.dims<batch, _, seq, _>>
!scores = tensor<?x12x?x?xf32, #graph.dims<batch, _, seq, seq>>
func.func @packed(%qkv: !qkv) -> !scores {
  %q0 = graph.slice %qkv axis(2) [0, 384] : (!qkv) -> !x
  %k0 = graph.slice %qkv axis(2) [384, 768] : (!qkv) -> !x
  %q1 = graph.reshape %q0 : !x to !split
  %k1 = graph.reshape %k0 : !x to !split
  %q = graph.transpose %q1 perm [0, 2, 1, 3] : (!split) -> !heads
  %k = graph.transpose %k1 perm [0, 2, 1, 3] : (!split) -> !heads
  %s = graph.matmul %q, %k {transpose_rhs} : (!heads, !heads) -> !scores
  return %s : !scores
}

// -----

// Heads that are put together are copied once, then viewed.
// CHECK-LABEL: halide.pipeline @transpose_f32_4d(
// CHECK-SAME:    %[[IN:.*]]: !halide.buffer<32x?x12x?xf32>) -> !halide.buffer<32x12x?x?xf32>
// CHECK-SAME:    {halide.class = "copy"}
// CHECK:         halide.func "out"(x = %[[X:.*]], y = %[[Y:.*]], z = %[[Z:.*]], w = %[[W:.*]])
// CHECK:           halide.load %[[IN]][%[[X]], %[[Z]], %[[Y]], %[[W]]]
// CHECK-LABEL: func.func @merge
// CHECK:         %[[COPY:.*]] = halide.invoke @transpose_f32_4d
// CHECK:         tensor.collapse_shape %[[COPY]] {{\[\[}}0], [1], [2, 3]]
!heads = tensor<?x12x?x32xf32, #graph.dims<batch, _, seq, _>>
!split = tensor<?x?x12x32xf32, #graph.dims<batch, seq, _, _>>
!x = tensor<?x?x384xf32, #graph.dims<batch, seq, _>>
func.func @merge(%c: !heads) -> !x {
  %t = graph.transpose %c perm [0, 2, 1, 3] : (!heads) -> !split
  %y = graph.reshape %t : !split to !x
  return %y : !x
}

// -----

// A reshape of what an argument or a kernel gives is a view, through the
// merged form where dimensions do not correspond.
// CHECK-LABEL: func.func @reshape
// CHECK:         %[[LINE:.*]] = tensor.collapse_shape %{{.*}} {{\[\[}}0, 1]] : tensor<4x6xf32> into tensor<24xf32>
// CHECK:         halide.invoke @exp_f32_1d ins(%[[LINE]] : tensor<24xf32>)
// CHECK:         tensor.expand_shape %{{.*}} {{\[\[}}0, 1, 2]] output_shape [3, 4, 2] : tensor<24xf32> into tensor<3x4x2xf32>
func.func @reshape(%x: tensor<4x6xf32>) -> tensor<3x4x2xf32> {
  %r = graph.reshape %x : tensor<4x6xf32> to tensor<3x4x2xf32>
  %y = graph.exp %r : tensor<3x4x2xf32>
  return %y : tensor<3x4x2xf32>
}

// -----

// Dimensions of 1 come and go.
// CHECK-LABEL: func.func @ones
// CHECK:         tensor.collapse_shape %{{.*}} {{\[\[}}0, 1]] : tensor<1x1xf32> into tensor<1xf32>
// CHECK:         tensor.expand_shape %{{.*}} {{\[\[}}0, 1, 2, 3]] output_shape [1, 1, %{{.*}}, 4] : tensor<?xf32> into tensor<1x1x?x4xf32>
!r = tensor<?x4xf32, #graph.dims<seq, _>>
!r1 = tensor<?x1x4xf32, #graph.dims<seq, _, _>>
!r2 = tensor<1x1x?x4xf32, #graph.dims<_, _, seq, _>>
func.func @ones(%s: tensor<1x1xf32>, %x: !r) -> !r2 {
  %c = graph.reshape %s : tensor<1x1xf32> to tensor<f32>
  %a = graph.reshape %x : !r to !r1
  %b = graph.reshape %a : !r1 to !r2
  %e = graph.exp %b : !r2
  %y = graph.softmax %e axis(3) : !r2
  %d = graph.mul %y, %c : (!r2, tensor<f32>) -> !r2
  return %d : !r2
}

// -----

// A concatenation chooses by index, and clamps the indices of what it does not
// choose.
// CHECK-LABEL: halide.pipeline @concat_f32_2d(
// CHECK-SAME:    %[[A:.*]]: !halide.buffer<3x?xf32>, %[[B:.*]]: !halide.buffer<5x?xf32>)
// CHECK:         halide.func "out"(x = %[[X:.*]], y = %[[Y:.*]])
// CHECK:           %[[IA0:.*]] = arith.maxsi %[[X]], %{{.*}} : i32
// CHECK:           %[[IA:.*]] = arith.minsi %[[IA0]], %{{.*}} : i32
// CHECK:           %[[VA:.*]] = halide.load %[[A]][%[[IA]], %[[Y]]]
// CHECK:           %[[VB:.*]] = halide.load %[[B]]
// CHECK:           %[[FIRST:.*]] = arith.cmpi slt, %[[X]], %{{.*}}
// CHECK:           arith.select %[[FIRST]], %[[VA]], %[[VB]]
!a = tensor<?x3xf32, #graph.dims<seq, _>>
!b = tensor<?x5xf32, #graph.dims<seq, _>>
!c = tensor<?x8xf32, #graph.dims<seq, _>>
func.func @concat(%a: !a, %b: !b) -> !c {
  %y = graph.concat %a, %b axis(1) : (!a, !b) -> !c
  return %y : !c
}

// -----

// The first position of a sequence, and a broadcast that is written out.
// CHECK-LABEL: halide.pipeline @slice_f32_3d(
// CHECK-SAME:    %[[IN:.*]]: !halide.buffer<8x?x?xf32>) -> !halide.buffer<8x1x?xf32>
// CHECK-LABEL: halide.pipeline @broadcast_f32_2d(%{{.*}}: !halide.buffer<8xf32>) -> !halide.buffer<8x?xf32>
!x = tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
!first = tensor<?x1x8xf32, #graph.dims<batch, _, _>>
func.func @first(%x: !x, %b: tensor<8xf32>) -> (!first, !x) {
  %f = graph.slice %x axis(1) [0, 1] : (!x) -> !first
  %w = graph.broadcast %b : tensor<8xf32> to !x
  return %f, %w : !first, !x
}

// -----

// A chain longer than what one kernel is given: it is cut, not refused.
// CHECK: halide.pipeline @elementwise33_f32_1d(
// CHECK: halide.pipeline @neg_neg_f32_1d(
// CHECK-LABEL: func.func @long
// CHECK-COUNT-2: halide.invoke
func.func @long(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = graph.neg %x : tensor<4xf32>
  %1 = graph.abs %0 : tensor<4xf32>
  %2 = graph.neg %1 : tensor<4xf32>
  %3 = graph.neg %2 : tensor<4xf32>
  %4 = graph.neg %3 : tensor<4xf32>
  %5 = graph.neg %4 : tensor<4xf32>
  %6 = graph.neg %5 : tensor<4xf32>
  %7 = graph.neg %6 : tensor<4xf32>
  %8 = graph.neg %7 : tensor<4xf32>
  %9 = graph.neg %8 : tensor<4xf32>
  %10 = graph.neg %9 : tensor<4xf32>
  %11 = graph.neg %10 : tensor<4xf32>
  %12 = graph.neg %11 : tensor<4xf32>
  %13 = graph.neg %12 : tensor<4xf32>
  %14 = graph.neg %13 : tensor<4xf32>
  %15 = graph.neg %14 : tensor<4xf32>
  %16 = graph.neg %15 : tensor<4xf32>
  %17 = graph.neg %16 : tensor<4xf32>
  %18 = graph.neg %17 : tensor<4xf32>
  %19 = graph.neg %18 : tensor<4xf32>
  %20 = graph.neg %19 : tensor<4xf32>
  %21 = graph.neg %20 : tensor<4xf32>
  %22 = graph.neg %21 : tensor<4xf32>
  %23 = graph.neg %22 : tensor<4xf32>
  %24 = graph.neg %23 : tensor<4xf32>
  %25 = graph.neg %24 : tensor<4xf32>
  %26 = graph.neg %25 : tensor<4xf32>
  %27 = graph.neg %26 : tensor<4xf32>
  %28 = graph.neg %27 : tensor<4xf32>
  %29 = graph.neg %28 : tensor<4xf32>
  %30 = graph.neg %29 : tensor<4xf32>
  %31 = graph.neg %30 : tensor<4xf32>
  %32 = graph.neg %31 : tensor<4xf32>
  %33 = graph.neg %32 : tensor<4xf32>
  %34 = graph.neg %33 : tensor<4xf32>
  return %34 : tensor<4xf32>
}
