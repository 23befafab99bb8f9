// RUN: sylvite-opt %s -sylvite-lay-out-weights -split-input-file -verify-diagnostics

func.func @complex() -> tensor<2xcomplex<f32>> {
  // expected-error @below {{'halide.weight' op has elements that a weights file cannot hold}}
  %w = halide.weight ["w"] : tensor<2xcomplex<f32>>
  return %w : tensor<2xcomplex<f32>>
}

// -----

func.func @large() -> tensor<4611686018427387904xf32> {
  // expected-error @below {{'halide.weight' op cannot write the tensor 'w'}}
  %w = halide.weight ["w"] : tensor<4611686018427387904xf32>
  return %w : tensor<4611686018427387904xf32>
}
