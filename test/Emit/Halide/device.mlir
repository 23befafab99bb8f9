// Kernels as programs for a device. What a block takes is checked against what
// all such devices have.
//
// RUN: split-file %s %t
// RUN: sylvite-translate --halide-to-device --target=x86-64-v3+opencl %t/double.mlir | FileCheck %s --check-prefix=OPENCL
// RUN: sylvite-translate --halide-to-device --target=x86-64-v3+cuda-sm80 %t/double.mlir | FileCheck %s --check-prefix=PTX
// RUN: sylvite-translate --halide-to-cpp --target=x86-64-v3+opencl %t/double.mlir | FileCheck %s --check-prefix=CPP
// RUN: sylvite-translate --halide-to-device --target=x86-64-v3+opencl --device-folder=%t/out %t/double.mlir
// RUN: FileCheck %s --check-prefix=OPENCL --input-file=%t/out/double.cl
// RUN: %if spirv-tools %{ sylvite-translate --halide-to-device --target=x86-64-v3+vulkan %t/double.mlir | FileCheck %s --check-prefix=SPIRV %}
// RUN: %if spirv-tools %{ sylvite-translate --halide-to-device --target=x86-64-v3+vulkan --device-folder=%t/out %t/double.mlir %}
// RUN: %if spirv-tools %{ spirv-val --target-env vulkan1.1 %t/out/double.0.spv %}
// RUN: %if ptxas %{ sylvite-translate --halide-to-device --target=x86-64-v3+cuda-sm86 --device-folder=%t/out %t/double.mlir %}
// RUN: %if ptxas %{ ptxas -arch=sm_90a %t/out/double.ptx -o %t/out/double.cubin %}
// RUN: not sylvite-translate --halide-to-device --target=x86-64-v3+opencl %t/threads.mlir 2>&1 | FileCheck %s --check-prefix=THREADS
// RUN: not sylvite-translate --halide-to-device --target=x86-64-v3+opencl %t/shared.mlir 2>&1 | FileCheck %s --check-prefix=SHARED
// RUN: not sylvite-translate --halide-to-device --target=x86-64-v3+opencl %t/processor.mlir 2>&1 | FileCheck %s --check-prefix=PROCESSOR
// RUN: not sylvite-translate --halide-to-device --target=x86-64-v3 --default-schedule %t/double.mlir 2>&1 | FileCheck %s --check-prefix=DEVICE

// OPENCL: __kernel void _kernel_out
// OPENCL: get_group_id(0)
// PTX: .target sm_80
// PTX: .entry
// SPIRV: OpEntryPoint GLCompute
// CPP: out.split(x, b, t, 8)
// CPP-NEXT: .gpu_blocks(b, y)
// CPP-NEXT: .gpu_threads(t);
// DEVICE: error: the target x86-64-v3 has no device: name one, as in native+opencl

//--- double.mlir
halide.pipeline @double(%x: !halide.buffer<8x?xf32>) -> !halide.buffer<8x?xf32> {
  %two = arith.constant 2.0 : f32
  %out = halide.func "out"(x = %i, y = %m) : f32 {
    %a = halide.load %x[%i, %m] : !halide.buffer<8x?xf32>
    %b = arith.mulf %a, %two : f32
    halide.yield %b : f32
  }
  halide.output %out : !halide.func<2xf32>
}
halide.schedule @double for "x86-64-v3+opencl" {
  halide.split "out" x into (b, t) by 8
  halide.gpu_blocks "out" (b, y)
  halide.gpu_threads "out" (t)
}
halide.schedule @double for "x86-64-v3+vulkan" {
  halide.gpu_blocks "out" (y)
  halide.gpu_threads "out" (x)
}
halide.schedule @double for "x86-64-v3+cuda-sm80" {
  halide.gpu_blocks "out" (y)
  halide.gpu_threads "out" (x)
}
halide.schedule @double for "x86-64-v3+cuda-sm86" {
  halide.gpu_blocks "out" (y)
  halide.gpu_threads "out" (x)
}

// THREADS: threads.mlir:10:1: error: a block would have 512 threads, and opencl has no more than 256: split its loops by less
//--- threads.mlir
halide.pipeline @copy(%x: !halide.buffer<1024x?xf32>)
    -> !halide.buffer<1024x?xf32> {
  %out = halide.func "out"(x = %i, y = %m) : f32 {
    %a = halide.load %x[%i, %m] : !halide.buffer<1024x?xf32>
    halide.yield %a : f32
  }
  halide.output %out : !halide.func<2xf32>
}

halide.schedule @copy for "x86-64-v3+opencl" {
  halide.split "out" x into (b, t) by 512
  halide.gpu_blocks "out" (b, y)
  halide.gpu_threads "out" (t)
}

// SHARED: shared.mlir:15:1: error: the threads of a block would share 65536 bytes, and opencl has no more than 32768: make tiles smaller, or bound their storage
//--- shared.mlir
halide.pipeline @twice(%x: !halide.buffer<16384x?xf32>)
    -> !halide.buffer<16384x?xf32> {
  %row = halide.func "row"(x = %i, y = %m) : f32 {
    %a = halide.load %x[%i, %m] : !halide.buffer<16384x?xf32>
    %b = arith.mulf %a, %a : f32
    halide.yield %b : f32
  }
  %out = halide.func "out"(x = %i, y = %m) : f32 {
    %a = halide.call %row(%i, %m) : !halide.func<2xf32>
    halide.yield %a : f32
  }
  halide.output %out : !halide.func<2xf32>
}

halide.schedule @twice for "x86-64-v3+opencl" {
  halide.split "out" x into (b, t) by 64
  halide.reorder "out" (t, b, y)
  halide.gpu_blocks "out" (y)
  halide.gpu_threads "out" (t)
  halide.compute_at "row" in "out" at y
  halide.split "row" x into (b, t) by 64
  halide.gpu_threads "row" (t)
}

// PROCESSOR: processor.mlir:14:1: error: the processor would read or write "{{.*}}", which is on the device
//--- processor.mlir
halide.pipeline @twice(%x: !halide.buffer<64x?xf32>) -> !halide.buffer<64x?xf32> {
  %row = halide.func "row"(x = %i, y = %m) : f32 {
    %a = halide.load %x[%i, %m] : !halide.buffer<64x?xf32>
    %b = arith.mulf %a, %a : f32
    halide.yield %b : f32
  }
  %out = halide.func "out"(x = %i, y = %m) : f32 {
    %a = halide.call %row(%i, %m) : !halide.func<2xf32>
    halide.yield %a : f32
  }
  halide.output %out : !halide.func<2xf32>
}

halide.schedule @twice for "x86-64-v3+opencl" {
  halide.gpu_blocks "out" (y)
  halide.gpu_threads "out" (x)
  halide.compute_root "row"
}
