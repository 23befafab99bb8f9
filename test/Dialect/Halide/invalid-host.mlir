// RUN: sylvite-opt %s -split-input-file -verify-diagnostics

// HALIDE_WEIGHT-1
func.func @neither() {
  // expected-error @+1 {{needs either sources or a value}}
  %0 = halide.weight [] : tensor<4xf32>
  return
}

// -----

// HALIDE_WEIGHT-1
func.func @both() {
  // expected-error @+1 {{needs either sources or a value}}
  %0 = halide.weight ["w"] value(dense<1.0> : tensor<4xf32>) : tensor<4xf32>
  return
}

// -----

// HALIDE_WEIGHT-1
func.func @dynamic() {
  // expected-error @+1 {{result #0 must be statically shaped tensor}}
  %0 = halide.weight ["w"] : tensor<?xf32>
  return
}

// -----

// HALIDE_WEIGHT-3
func.func @words_of_f16() {
  // expected-error @+1 {{words need panels, and elements of bf16 and a result of i32, or elements of i8 and one of i32 or i16}}
  %0 = halide.weight ["w"] panels(8) words(f16) : tensor<2x4x8xi32>
  return
}

// -----

// HALIDE_WEIGHT-3
func.func @words_without_panels() {
  // expected-error @+1 {{words need panels, and elements of bf16 and a result of i32, or elements of i8 and one of i32 or i16}}
  %0 = halide.weight ["w"] words(bf16) : tensor<2x4x8xi32>
  return
}

// -----

// HALIDE_WEIGHT-3
func.func @words_in_floats() {
  // expected-error @+1 {{words need panels, and elements of bf16 and a result of i32, or elements of i8 and one of i32 or i16}}
  %0 = halide.weight ["w"] panels(8) words(bf16) : tensor<2x4x8xf32>
  return
}

// -----

// HALIDE_WEIGHT-3
func.func @words_of_six() {
  // expected-error @+1 {{words need panels}}
  %0 = halide.weight ["w"] panels(8) words(i8) quantized(values) : tensor<2x4x8xi64>
  return
}

// -----

// HALIDE_WEIGHT-4
func.func @values_without_words() {
  // expected-error @+1 {{quantized(values) and words(i8) need each other}}
  %0 = halide.weight ["w"] panels(8) quantized(values) : tensor<2x4x8xi8>
  return
}

// -----

// HALIDE_WEIGHT-4
func.func @words_without_values() {
  // expected-error @+1 {{quantized(values) and words(i8) need each other}}
  %0 = halide.weight ["w"] panels(8) words(i8) : tensor<2x4x8xi32>
  return
}

// -----

// HALIDE_WEIGHT-4
func.func @scales_of_rows() {
  // expected-error @+1 {{quantized(scales) is a vector of f32, not 'tensor<2x8xf32>'}}
  %0 = halide.weight ["w"] quantized(scales) : tensor<2x8xf32>
  return
}

// -----

// HALIDE_WEIGHT-4
func.func @offsets_of_rows() {
  // expected-error @+1 {{quantized(offsets) is one row of i32 in panels, not 'tensor<2x4x8xi32>'}}
  %0 = halide.weight ["w"] panels(8) quantized(offsets) : tensor<2x4x8xi32>
  return
}

// -----

// HALIDE_WEIGHT-2
func.func @panel_width() {
  // expected-error @+1 {{panels need a positive width and a result of rank 3 that ends with it}}
  %0 = halide.weight ["w"] panels(0) : tensor<2x8x1xf32>
  return
}

// -----

// HALIDE_WEIGHT-2
func.func @panel_rank() {
  // expected-error @+1 {{panels need a positive width and a result of rank 3 that ends with it}}
  %0 = halide.weight ["w"] panels(16) : tensor<8x32xf32>
  return
}

// -----

// HALIDE_WEIGHT-2
func.func @panel_extent() {
  // expected-error @+1 {{panels need a positive width and a result of rank 3 that ends with it}}
  %0 = halide.weight ["w"] panels(16) : tensor<2x8x32xf32>
  return
}

// -----

// INVOKE-1
func.func @no_such_kernel(%x: tensor<4xf32>) {
  // expected-error @+1 {{no halide.pipeline is called @missing}}
  %0 = halide.invoke @missing outs(%x : tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

// INVOKE-1
func.func @callee(%x: tensor<4xf32>) {
  // expected-error @+1 {{no halide.pipeline is called @callee}}
  %0 = halide.invoke @callee outs(%x : tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

halide.pipeline @kernel(%x: !halide.buffer<8x?xf32>) -> !halide.buffer<8x?xf32> {
  %out = halide.func "out"(i = %i, m = %m) : f32 {
    %a = halide.load %x[%i, %m] : !halide.buffer<8x?xf32>
    halide.yield %a : f32
  }
  halide.output %out : !halide.func<2xf32>
}

// INVOKE-1
func.func @operand_count(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{passes 0 inputs, @kernel has 1}}
  %0 = halide.invoke @kernel outs(%x : tensor<4x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

halide.pipeline @kernel(%x: !halide.buffer<8x?xf32>) -> !halide.buffer<8x?xf32> {
  %out = halide.func "out"(i = %i, m = %m) : f32 {
    %a = halide.load %x[%i, %m] : !halide.buffer<8x?xf32>
    halide.yield %a : f32
  }
  halide.output %out : !halide.func<2xf32>
}

// INVOKE-1: a tensor's first extent is a buffer's last one.
func.func @operand_order(%x: tensor<8x4xf32>, %y: tensor<4x8xf32>) {
  // expected-error @+1 {{input 'tensor<8x4xf32>' does not fit '!halide.buffer<8x?xf32>'}}
  %0 = halide.invoke @kernel ins(%x : tensor<8x4xf32>)
      outs(%y : tensor<4x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

halide.pipeline @kernel(%x: !halide.buffer<8x?xf32>) -> !halide.buffer<8x?xf32> {
  %out = halide.func "out"(i = %i, m = %m) : f32 {
    %a = halide.load %x[%i, %m] : !halide.buffer<8x?xf32>
    halide.yield %a : f32
  }
  halide.output %out : !halide.func<2xf32>
}

// INVOKE-1: what the kernel knows, the caller must know.
func.func @dynamic_operand(%x: tensor<4x?xf32>, %y: tensor<4x8xf32>) {
  // expected-error @+1 {{input 'tensor<4x?xf32>' does not fit '!halide.buffer<8x?xf32>'}}
  %0 = halide.invoke @kernel ins(%x : tensor<4x?xf32>)
      outs(%y : tensor<4x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

halide.pipeline @kernel(%x: !halide.buffer<8x?xf32>) -> !halide.buffer<8x?xf32> {
  %out = halide.func "out"(i = %i, m = %m) : f32 {
    %a = halide.load %x[%i, %m] : !halide.buffer<8x?xf32>
    halide.yield %a : f32
  }
  halide.output %out : !halide.func<2xf32>
}

// INVOKE-1
func.func @operand_element(%x: tensor<4x8xf16>, %y: tensor<4x8xf32>) {
  // expected-error @+1 {{input 'tensor<4x8xf16>' does not fit '!halide.buffer<8x?xf32>'}}
  %0 = halide.invoke @kernel ins(%x : tensor<4x8xf16>)
      outs(%y : tensor<4x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

halide.pipeline @kernel(%x: !halide.buffer<8x?xf32>) -> !halide.buffer<8x?xf32> {
  %out = halide.func "out"(i = %i, m = %m) : f32 {
    %a = halide.load %x[%i, %m] : !halide.buffer<8x?xf32>
    halide.yield %a : f32
  }
  halide.output %out : !halide.func<2xf32>
}

// INVOKE-1
func.func @output_rank(%x: tensor<4x8xf32>, %y: tensor<32xf32>) {
  // expected-error @+1 {{output 'tensor<32xf32>' does not fit '!halide.buffer<8x?xf32>'}}
  %0 = halide.invoke @kernel ins(%x : tensor<4x8xf32>)
      outs(%y : tensor<32xf32>) -> tensor<32xf32>
  return
}

// -----

halide.pipeline @kernel() -> !halide.buffer<4xi32> {
  %out = halide.func "out"(i = %i) : i32 {
    halide.yield %i : i32
  }
  halide.output %out : !halide.func<1xi32>
}

// INVOKE-2
func.func @no_result(%y: tensor<4xi32>) {
  // expected-error @+1 {{results must be the outputs' types on tensors}}
  halide.invoke @kernel outs(%y : tensor<4xi32>)
  return
}

// INVOKE-2
func.func @result_of_memref(%y: memref<4xi32>) {
  // expected-error @+1 {{results must be the outputs' types on tensors}}
  %0 = halide.invoke @kernel outs(%y : memref<4xi32>) -> tensor<4xi32>
  return
}

// -----

halide.pipeline @kernel() -> (!halide.buffer<4xi32>, !halide.buffer<4xi32>) {
  %out = halide.func "out"(i = %i) : i32 {
    halide.yield %i : i32
  }
  halide.output %out, %out : !halide.func<1xi32>, !halide.func<1xi32>
}

// INVOKE-2
func.func @tensor_and_memref(%x: tensor<4xi32>, %y: memref<4xi32>) {
  // expected-error @+1 {{results must be the outputs' types on tensors}}
  halide.invoke @kernel outs(%x, %y : tensor<4xi32>, memref<4xi32>)
  return
}

// -----

// HALIDE_DIM-1
func.func @dim_without_name() -> index {
  // expected-error @below {{needs the name of a dimension}}
  %n = halide.dim "" : index
  return %n : index
}
