// Products with quantised weights: rows are quantised by a kernel of their own.
//
// RUN: sylvite-opt --sylvite-form-kernels --split-input-file %s | FileCheck %s

// With VPDPBUSD, words hold four integers, 8 of a row of 30, and a vector of the
// row's scale follows. Sums begin with what 128 in each of the row's adds.
// CHECK-LABEL: halide.pipeline @quantize_i8_30(%{{.*}}: !halide.buffer<30x?xf32>) -> !halide.buffer<24x?xi32>
// CHECK-SAME:    halide.class = "quantize"
// CHECK:         %[[LARGEST:.*]] = halide.func "largest"
// CHECK:         halide.func "out"(k = %{{.*}}, m = %{{.*}}) : i32
// CHECK-COUNT-4: arith.mulf
// CHECK:         halide.likely
// CHECK-LABEL: halide.pipeline @linear_i8_30x16(%{{.*}}: !halide.buffer<24x?xi32>, %{{.*}}: !halide.buffer<64x8x1xi32> {halide.align = 64 : i64}, %{{.*}}: !halide.buffer<64x1x1xi32> {halide.align = 64 : i64}, %{{.*}}: !halide.buffer<16xf32>)
// CHECK:         halide.func "acc"(n = %{{.*}}, m = %{{.*}}) : i32
// CHECK:         halide.load %{{.*}} : <64x1x1xi32>
// CHECK:         halide.update
// CHECK:         halide.dot u8s8
// CHECK:         halide.func "out"
// CHECK:         arith.sitofp
// CHECK-LABEL: func.func @fours
// CHECK:         %[[ROWS:.*]] = halide.invoke @quantize_i8_30
// CHECK-DAG:     halide.weight ["w"] panels(64) transposed words(i8) quantized(values) : tensor<1x8x64xi32>
// CHECK-DAG:     halide.weight ["w"] panels(64) transposed quantized(offsets) : tensor<1x1x64xi32>
// CHECK-DAG:     halide.weight ["w"] transposed quantized(scales) : tensor<16xf32>
// CHECK-NOT:     @quantize_i8
// CHECK:         halide.invoke @linear_i8_30x16 ins(%[[ROWS]],
// CHECK:         halide.invoke @linear_i8_30x16 ins(%[[ROWS]],
!x = tensor<?x30xf32, #graph.dims<seq, _>>
!y = tensor<?x16xf32, #graph.dims<seq, _>>
module attributes {sylvite.target = "zen4"} {
  func.func @fours(%x: !x) -> (!y, !y) {
    %w = graph.weight "w" : tensor<16x30xf32>
    %v = graph.weight "v" : tensor<16x30xf32>
    %p, %s = graph.quantize %w axis(0)
        : (tensor<16x30xf32>) -> (tensor<16x30xi8>, tensor<16xf32>)
    %q, %t = graph.quantize %v axis(0)
        : (tensor<16x30xf32>) -> (tensor<16x30xi8>, tensor<16xf32>)
    %y = graph.linear %x, %p quantized(%s) {transpose_weight}
        : (!x, tensor<16x30xi8>, tensor<16xf32>) -> !y
    %z = graph.linear %x, %q quantized(%t) {transpose_weight}
        : (!x, tensor<16x30xi8>, tensor<16xf32>) -> !y
    return %y, %z : !y, !y
  }
}

// -----

// Without it, pairs; weights side by side are one weight.
// CHECK-LABEL: halide.pipeline @quantize_i8_8(%{{.*}}: !halide.buffer<8x?xf32>) -> !halide.buffer<12x?xi32>
// CHECK-LABEL: halide.pipeline @linear_i8_8x24(%{{.*}}: !halide.buffer<12x?xi32>, %{{.*}}: !halide.buffer<24x4x1xi16> {halide.align = 64 : i64}, %{{.*}}: !halide.buffer<24xf32>)
// CHECK:         halide.dot s16s8
// CHECK-LABEL: func.func @pairs
// CHECK-DAG:     halide.weight ["u", "v"] axis(1) panels(24) words(i8) quantized(values) : tensor<1x4x24xi16>
// CHECK-DAG:     halide.weight ["u", "v"] axis(1) quantized(scales) : tensor<24xf32>
!x = tensor<?x8xf32, #graph.dims<seq, _>>
!y = tensor<?x24xf32, #graph.dims<seq, _>>
module attributes {sylvite.target = "x86-64-v3"} {
  func.func @pairs(%x: !x) -> !y {
    %u = graph.weight "u" : tensor<8x16xf32>
    %v = graph.weight "v" : tensor<8x8xf32>
    %w = graph.concat %u, %v axis(1)
        : (tensor<8x16xf32>, tensor<8x8xf32>) -> tensor<8x24xf32>
    %q, %s = graph.quantize %w axis(1)
        : (tensor<8x24xf32>) -> (tensor<8x24xi8>, tensor<24xf32>)
    %y = graph.linear %x, %q quantized(%s)
        : (!x, tensor<8x24xi8>, tensor<24xf32>) -> !y
    return %y : !y
  }
}
