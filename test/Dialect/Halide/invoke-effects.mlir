// RUN: sylvite-opt %s --canonicalize | FileCheck %s

// On tensors a call has no effect but its results; on memrefs it writes.

halide.pipeline @iota() -> !halide.buffer<?xi32> {
  %out = halide.func "out"(i = %i) : i32 {
    halide.yield %i : i32
  }
  halide.output %out : !halide.func<1xi32>
}

// CHECK-LABEL: func @unused_result
// CHECK-NEXT: return
func.func @unused_result(%n: tensor<5xi32>) {
  %i = halide.invoke @iota outs(%n : tensor<5xi32>) -> tensor<5xi32>
  return
}

// CHECK-LABEL: func @written_memory
// CHECK-NEXT: halide.invoke @iota
func.func @written_memory(%n: memref<5xi32>) {
  halide.invoke @iota outs(%n : memref<5xi32>)
  return
}
