// RUN: sylvite-opt --sylvite-form-kernels --split-input-file %s | FileCheck %s

// A weight is packed as its kernel reads it: [out, in] becomes [in, out] in
// panels, as wide as a tile of the target and filled up.
// CHECK-LABEL: halide.pipeline @matmul_f32_2d(%{{.*}}: !halide.buffer<8x?xf32>, %{{.*}}: !halide.buffer<24x8x1xf32> {halide.align = 64 : i64}) -> !halide.buffer<16x?xf32>
// CHECK-SAME:    {halide.class = "matmul"}
// CHECK-LABEL: func.func @linear
// CHECK:         %[[ROWS:.*]] = tensor.collapse_shape %{{.*}} {{\[\[}}0, 1], [2]]
// CHECK:         %[[W:.*]] = halide.weight ["w"] panels(24) transposed : tensor<1x8x24xf32>
// CHECK:         halide.invoke @matmul_f32_2d ins(%[[ROWS]], %[[W]] :
!x = tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
!y = tensor<?x?x16xf32, #graph.dims<batch, seq, _>>
func.func @linear(%x: !x) -> !y {
  %w = graph.weight "w" : tensor<16x8xf32>
  %y = graph.matmul %x, %w {transpose_rhs} : (!x, tensor<16x8xf32>) -> !y
  return %y : !y
}

// -----

// A transposed weight and one whose product transposes it again is itself;
// equal weights are one.
// CHECK-LABEL: func.func @transposed
// CHECK:         halide.weight ["w"] panels(24) : tensor<1x8x24xf32>
// CHECK-NOT:     halide.weight
!x = tensor<?x8xf32, #graph.dims<seq, _>>
!y = tensor<?x16xf32, #graph.dims<seq, _>>
func.func @transposed(%x: !x) -> (!y, !y) {
  %w = graph.weight "w" : tensor<8x16xf32>
  %t = graph.transpose %w perm [1, 0] : (tensor<8x16xf32>) -> tensor<16x8xf32>
  %y = graph.matmul %x, %t {transpose_rhs} : (!x, tensor<16x8xf32>) -> !y
  %z = graph.matmul %x, %w : (!x, tensor<8x16xf32>) -> !y
  return %y, %z : !y, !y
}

// -----

// Concatenated weights are one.
// CHECK-LABEL: func.func @packed
// CHECK:         halide.weight ["q", "k"] axis(1) panels(24) : tensor<1x8x24xf32>
// CHECK:         halide.weight ["q.bias", "k.bias"] : tensor<16xf32>
!x = tensor<?x8xf32, #graph.dims<seq, _>>
!y = tensor<?x16xf32, #graph.dims<seq, _>>
func.func @packed(%x: !x) -> (!y, !y) {
  %q = graph.weight "q" : tensor<8x8xf32>
  %k = graph.weight "k" : tensor<8x8xf32>
  %w = graph.concat %q, %k axis(1)
      : (tensor<8x8xf32>, tensor<8x8xf32>) -> tensor<8x16xf32>
  %qb = graph.weight "q.bias" : tensor<8xf32>
  %kb = graph.weight "k.bias" : tensor<8xf32>
  %b = graph.concat %qb, %kb axis(0)
      : (tensor<8xf32>, tensor<8xf32>) -> tensor<16xf32>
  %bias = graph.broadcast %b : tensor<16xf32> to !y
  %y = graph.matmul %x, %w : (!x, tensor<8x16xf32>) -> !y
  return %bias, %y : !y, !y
}

// -----

// Constants of several numbers are weights, of one number are numbers.
// CHECK-LABEL: halide.pipeline @mul_add_f32_1d(
// CHECK:         arith.constant 2.000000e+00 : f32
// CHECK-LABEL: func.func @constants
// CHECK:         %[[C:.*]] = halide.weight [] value(dense<[1.000000e+00, 2.000000e+00]> : tensor<2xf32>) : tensor<2xf32>
// CHECK:         halide.invoke @mul_add_f32_1d ins(%{{.*}}, %[[C]] :
func.func @constants(%x: tensor<2xf32>) -> tensor<2xf32> {
  %c = graph.constant dense<[1.0, 2.0]> : tensor<2xf32>
  %two = graph.constant dense<2.0> : tensor<2xf32>
  %a = graph.mul %x, %two : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  %y = graph.add %a, %c : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  return %y : tensor<2xf32>
}
