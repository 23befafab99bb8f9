// RUN: sylvite-opt %s | FileCheck %s
// RUN: sylvite-opt %s | sylvite-opt | FileCheck %s
// RUN: sylvite-opt %s --mlir-print-op-generic | sylvite-opt | FileCheck %s
// RUN: sylvite-opt %s --emit-bytecode | sylvite-opt | FileCheck %s

// CHECK-LABEL: func @weights
func.func @weights() {
  // CHECK: halide.weight ["query.weight"] : tensor<384x384xf32>
  %plain = halide.weight ["query.weight"] : tensor<384x384xf32>
  // CHECK: halide.weight ["query.weight", "key.weight"] axis(1) : tensor<384x768xf32>
  %columns = halide.weight ["query.weight", "key.weight"] axis(1)
      : tensor<384x768xf32>
  // The default axis is not written.
  // CHECK: halide.weight ["query.weight", "key.weight"] panels(64) transposed : tensor<12x384x64xf32>
  %panels = halide.weight ["query.weight", "key.weight"] axis(0) panels(64)
      transposed : tensor<12x384x64xf32>
  // CHECK: halide.weight ["query.weight"] panels(64) words(bf16) : tensor<6x192x64xi32>
  %words = halide.weight ["query.weight"] panels(64) words(bf16)
      : tensor<6x192x64xi32>
  // CHECK: halide.weight ["query.weight"] panels(64) transposed words(i8) quantized(values) : tensor<6x96x64xi32>
  %fours = halide.weight ["query.weight"] panels(64) transposed words(i8)
      quantized(values) : tensor<6x96x64xi32>
  // CHECK: halide.weight ["query.weight"] panels(24) words(i8) quantized(values) : tensor<16x192x24xi16>
  %pairs = halide.weight ["query.weight"] panels(24) words(i8)
      quantized(values) : tensor<16x192x24xi16>
  // CHECK: halide.weight ["query.weight"] quantized(scales) : tensor<384xf32>
  %scales = halide.weight ["query.weight"] quantized(scales) : tensor<384xf32>
  // CHECK: halide.weight ["query.weight"] panels(64) quantized(offsets) : tensor<6x1x64xi32>
  %offsets = halide.weight ["query.weight"] panels(64) quantized(offsets)
      : tensor<6x1x64xi32>
  // CHECK: halide.weight [] value(dense<[1, 2]> : tensor<2xi64>) : tensor<2xi64>
  %value = halide.weight [] value(dense<[1, 2]> : tensor<2xi64>) : tensor<2xi64>
  return
}

halide.pipeline @iota() -> !halide.buffer<?xi32> {
  %out = halide.func "out"(i = %i) : i32 {
    halide.yield %i : i32
  }
  halide.output %out : !halide.func<1xi32>
}

halide.pipeline @copy(%x: !halide.buffer<8x?xi32>)
    -> (!halide.buffer<8x?xi32>, !halide.buffer<8x4xi32>) {
  %out = halide.func "out"(i = %i, m = %m) : i32 {
    %a = halide.load %x[%i, %m] : !halide.buffer<8x?xi32>
    halide.yield %a : i32
  }
  halide.output %out, %out : !halide.func<2xi32>, !halide.func<2xi32>
}

// A kernel's dynamic extent takes any extent of the caller's.
// CHECK-LABEL: func @on_tensors
func.func @on_tensors(%x: tensor<4x8xi32>, %d: tensor<?x8xi32>,
                      %n: tensor<5xi32>) -> (tensor<?x8xi32>, tensor<4x8xi32>) {
  // CHECK: halide.invoke @iota outs(%{{.*}} : tensor<5xi32>) -> tensor<5xi32>
  %i = halide.invoke @iota outs(%n : tensor<5xi32>) -> tensor<5xi32>
  // CHECK: %[[Y:.*]]:2 = halide.invoke @copy ins(%{{.*}} : tensor<4x8xi32>) outs(%{{.*}}, %{{.*}} : tensor<?x8xi32>, tensor<4x8xi32>) -> tensor<?x8xi32>, tensor<4x8xi32>
  %y:2 = halide.invoke @copy ins(%x : tensor<4x8xi32>)
      outs(%d, %x : tensor<?x8xi32>, tensor<4x8xi32>)
      -> tensor<?x8xi32>, tensor<4x8xi32>
  // CHECK: return %[[Y]]#0, %[[Y]]#1
  return %y#0, %y#1 : tensor<?x8xi32>, tensor<4x8xi32>
}

// CHECK-LABEL: func @on_memrefs
func.func @on_memrefs(%x: memref<?x8xi32>, %y: memref<?x8xi32>,
                      %z: memref<4x8xi32>) {
  // CHECK: halide.invoke @copy ins(%{{.*}} : memref<?x8xi32>) outs(%{{.*}}, %{{.*}} : memref<?x8xi32>, memref<4x8xi32>){{$}}
  halide.invoke @copy ins(%x : memref<?x8xi32>)
      outs(%y, %z : memref<?x8xi32>, memref<4x8xi32>)
  return
}
