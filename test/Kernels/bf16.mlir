// Products with weights of bf16: two neighbours along the depth in one word.
//
// RUN: sylvite-opt --sylvite-form-kernels --split-input-file %s | FileCheck %s

// Without a fast instruction for it, as on a processor that has a slow one, both elements of a word are made f32.
// CHECK-LABEL: halide.pipeline @linear_bf16_8x16(%{{.*}}: !halide.buffer<8x?xf32>, %{{.*}}: !halide.buffer<64x4x1xi32> {halide.align = 64 : i64})
// CHECK-DAG:     %[[HIGH:.*]] = arith.constant -65536 : i32
// CHECK-DAG:     %[[SIXTEEN:.*]] = arith.constant 16 : i32
// CHECK:         %[[ACC:.*]] = halide.func "acc"(n = %{{.*}}, m = %{{.*}}) : f32
// CHECK:         halide.update %[[ACC]](n = %{{.*}}, m = %{{.*}}) over (k = %[[K:.*]] in %{{.*}} to %c4
// CHECK:         %[[WORD:.*]] = halide.load %{{.*}} : <64x4x1xi32>
// CHECK:         arith.shli %[[WORD]], %[[SIXTEEN]]
// CHECK:         arith.andi %[[WORD]], %[[HIGH]]
// CHECK-LABEL: func.func @generic
// CHECK-NOT:     round
// CHECK:         halide.weight ["w"] panels(64) transposed words(bf16) : tensor<1x4x64xi32>
!x = tensor<?x8xf32, #graph.dims<seq, _>>
!y = tensor<?x16xf32, #graph.dims<seq, _>>
module attributes {sylvite.target = "sapphirerapids"} {
  func.func @generic(%x: !x) -> !y {
    %w = graph.weight "w" : tensor<16x8xbf16>
    %y = graph.linear %x, %w {transpose_weight} : (!x, tensor<16x8xbf16>) -> !y
    return %y : !y
  }
}

// -----

// With 16 registers, each half has a loop of its own.
// CHECK-LABEL: halide.pipeline @linear_bf16_8x16(
// CHECK:         halide.update %[[ACC:[a-z]*]](
// CHECK:         arith.shli
// CHECK-NOT:     arith.andi
// CHECK:         halide.update %[[ACC]](
// CHECK-NOT:     arith.shli
// CHECK:         arith.andi
!x = tensor<?x8xf32, #graph.dims<seq, _>>
!y = tensor<?x16xf32, #graph.dims<seq, _>>
module attributes {sylvite.target = "x86-64-v3"} {
  func.func @halves_apart(%x: !x) -> !y {
    %w = graph.weight "w" : tensor<16x8xbf16>
    %y = graph.linear %x, %w {transpose_weight} : (!x, tensor<16x8xbf16>) -> !y
    return %y : !y
  }
}

// -----

// With one, rows are rounded once for all products that read them.
// CHECK-LABEL: halide.pipeline @round_bf16_7(%{{.*}}: !halide.buffer<7x?xf32>) -> !halide.buffer<4x?xi32>
// CHECK-LABEL: halide.pipeline @linear_bf16_7x16(%{{.*}}: !halide.buffer<4x?xi32>, %{{.*}}: !halide.buffer<64x4x1xi32> {halide.align = 64 : i64})
// CHECK:         halide.dot bf16
// CHECK-LABEL: func.func @dots
// CHECK:         %[[ROUNDED:.*]] = halide.invoke @round_bf16_7
// CHECK-NOT:     @round_bf16_7
// CHECK:         halide.invoke @linear_bf16_7x16 ins(%[[ROUNDED]],
// CHECK:         halide.invoke @linear_bf16_7x16 ins(%[[ROUNDED]],
!x = tensor<?x7xf32, #graph.dims<seq, _>>
!y = tensor<?x16xf32, #graph.dims<seq, _>>
module attributes {sylvite.target = "zen4"} {
  func.func @dots(%x: !x) -> (!y, !y) {
    %w = graph.weight "w" : tensor<16x7xbf16>
    %v = graph.weight "v" : tensor<16x7xbf16>
    %y = graph.linear %x, %w {transpose_weight} : (!x, tensor<16x7xbf16>) -> !y
    %z = graph.linear %x, %v {transpose_weight} : (!x, tensor<16x7xbf16>) -> !y
    return %y, %z : !y, !y
  }
}

// -----

// Halves stand in panels as they are, and are widened where they are read.
// CHECK-LABEL: halide.pipeline @linear_f16_8x16(%{{.*}}: !halide.buffer<8x?xf32>, %{{.*}}: !halide.buffer<64x8x1xf16> {halide.align = 64 : i64})
// CHECK:         arith.extf %{{.*}} : f16 to f32
!x = tensor<?x8xf32, #graph.dims<seq, _>>
!y = tensor<?x16xf32, #graph.dims<seq, _>>
module attributes {sylvite.target = "zen4"} {
  func.func @halves(%x: !x) -> !y {
    %w = graph.weight "w" : tensor<16x8xf16>
    %y = graph.linear %x, %w {transpose_weight} : (!x, tensor<16x8xf16>) -> !y
    return %y : !y
  }
}

// -----

// Attention of words of two features, and of weights of two panels' keys.
// CHECK-LABEL: halide.pipeline @attention_f32_bf16(
// CHECK:         halide.func "query"({{.*}}) : i32
// CHECK:         halide.func "key"({{.*}}) : i32
// CHECK:         halide.func "value"({{.*}}) : i32
// CHECK:         halide.func "dot"({{.*}}) : f32
// CHECK:         halide.dot bf16
// CHECK:         halide.func "weight"({{.*}}) : i32
// CHECK:         halide.func "acc"({{.*}}) : f32
// CHECK:         halide.dot bf16
!h = tensor<?x4x?x32xf32, #graph.dims<batch, _, seq, _>>
module attributes {sylvite.target = "zen4"} {
  func.func @attention(%x: !h) -> !h {
    %o = graph.attention %x, %x, %x product(bf16) : (!h, !h, !h) -> !h
    return %o : !h
  }
}

// -----

// Where words are not faster, and for a single query, which multiplies nothing
// twice, products are those of the operands.
// CHECK-LABEL: halide.pipeline @attention_f32(
// CHECK-NOT:     halide.dot
!h = tensor<?x4x?x32xf32, #graph.dims<batch, _, seq, _>>
module attributes {sylvite.target = "sapphirerapids"} {
  func.func @attention_elsewhere(%x: !h) -> !h {
    %o = graph.attention %x, %x, %x product(bf16) : (!h, !h, !h) -> !h
    return %o : !h
  }
}

// -----

// CHECK-LABEL: halide.pipeline @attention_f32(
// CHECK-NOT:     halide.dot
!q = tensor<?x4x1x32xf32, #graph.dims<batch, _, _, _>>
!k = tensor<?x4x?x32xf32, #graph.dims<batch, _, seq, _>>
module attributes {sylvite.target = "zen4"} {
  func.func @single_query(%q: !q, %k: !k) -> !q {
    %o = graph.attention %q, %k, %k product(bf16) : (!q, !k, !k) -> !q
    return %o : !q
  }
}
