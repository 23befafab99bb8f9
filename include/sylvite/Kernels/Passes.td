//===- Passes.td - Passes of the kernels phase --------------*- tablegen -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_KERNELS_PASSES_TD
#define SYLVITE_KERNELS_PASSES_TD

include "mlir/Pass/PassBase.td"

def DecomposeBatchNormPass : Pass<"sylvite-decompose-batch-norm",
                                  "::mlir::func::FuncOp"> {
  let summary = "write batch norms as the ops that they are made of";
  let description = [{
    A batch norm that no layer took is pointwise work beside, for statistics of
    the batch, two reductions; those have kernels. Stored statistics become one
    factor a channel, (variance + eps)^-1/2 scale, which is a weight where they
    are. The mean is taken off first: a x - a mean would lose the digits of
    channels that are far from zero.

    ```mlir
    func.func @example(%x: tensor<4x8xf32>, %g: tensor<8xf32>)
        -> tensor<4x8xf32> {
      %y = graph.batch_norm %x scale(%g) axis(1) over [0]
          : (tensor<4x8xf32>, tensor<8xf32>) -> tensor<4x8xf32>
      return %y : tensor<4x8xf32>
    }
    ```

    becomes

    ```mlir
    func.func @example(%x: tensor<4x8xf32>, %g: tensor<8xf32>)
        -> tensor<4x8xf32> {
      %eps = graph.constant dense<1.0e-5> : tensor<f32>
      %mean = graph.reduce mean %x axes [0] keepdims
          : (tensor<4x8xf32>) -> tensor<1x8xf32>
      %d = graph.sub %x, %mean
          : (tensor<4x8xf32>, tensor<1x8xf32>) -> tensor<4x8xf32>
      %s = graph.mul %d, %d
          : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
      %variance = graph.reduce mean %s axes [0] keepdims
          : (tensor<4x8xf32>) -> tensor<1x8xf32>
      %u = graph.add %variance, %eps
          : (tensor<1x8xf32>, tensor<f32>) -> tensor<1x8xf32>
      %r = graph.rsqrt %u : tensor<1x8xf32>
      %f = graph.mul %r, %g
          : (tensor<1x8xf32>, tensor<8xf32>) -> tensor<1x8xf32>
      %y = graph.mul %d, %f
          : (tensor<4x8xf32>, tensor<1x8xf32>) -> tensor<4x8xf32>
      return %y : tensor<4x8xf32>
    }
    ```
  }];
}

def DropSignsPass : Pass<"sylvite-drop-signs", "::mlir::ModuleOp"> {
  let summary = "write unsigned integers as the bits that they are";
  let description = [{
    Kernels know integers as bits, as LLVM does. Values of `ui8` become values of
    `i8`, and so on; where an op takes bits for numbers, its operands are widened
    first, with zeros: comparisons, extremes, divisions, and casts. Sums and
    products are the same for both. Arguments and results that were unsigned are
    marked `graph.unsigned`.

    Divisions, extremes and floats of `ui64`, which nothing is wider than, are
    refused.

    ```mlir
    func.func @example(%x: tensor<4xui8>, %y: tensor<4xui8>) -> tensor<4xi1> {
      %z = graph.compare lt %x, %y
          : (tensor<4xui8>, tensor<4xui8>) -> tensor<4xi1>
      return %z : tensor<4xi1>
    }
    ```

    becomes

    ```mlir
    func.func @example(%x: tensor<4xi8> {graph.unsigned},
                       %y: tensor<4xi8> {graph.unsigned}) -> tensor<4xi1> {
      %mask = graph.constant dense<255> : tensor<i32>
      %a = graph.cast %x : tensor<4xi8> to tensor<4xi32>
      %b = graph.bitwise and %a, %mask
          : (tensor<4xi32>, tensor<i32>) -> tensor<4xi32>
      %c = graph.cast %y : tensor<4xi8> to tensor<4xi32>
      %d = graph.bitwise and %c, %mask
          : (tensor<4xi32>, tensor<i32>) -> tensor<4xi32>
      %z = graph.compare lt %b, %d
          : (tensor<4xi32>, tensor<4xi32>) -> tensor<4xi1>
      return %z : tensor<4xi1>
    }
    ```
  }];
}

def DeriveWeightsPass : Pass<"sylvite-derive-weights", "::mlir::ModuleOp"> {
  let summary = "calculate what depends on weights alone at compile time";
  let description = [{
    What is calculated from weights and constants is the same in every run: the
    factors of a batch norm that went into a layer, a table of positions of
    bounded length. Each such value that something else reads becomes a
    `graph.weight` of a `graph.derived_weight`, which the package phase
    evaluates. Equal ones are one.

    Conditions:

    - something is calculated. What moves elements only (a slice, a reshape, a
      broadcast) is index arithmetic in the kernels that read it, and stays, but
      for a product's weight, which would be packed in every run;
    - it depends on more than single numbers: those are part of kernels;
    - it is at most `max-bytes` large, or not larger than the weights it comes
      from.

    ```mlir
    func.func @example(%x: tensor<2x4xf32>) -> tensor<2x4xf32> {
      %v = graph.weight "variance" : tensor<4xf32>
      %r = graph.rsqrt %v : tensor<4xf32>
      %y = graph.mul %x, %r : (tensor<2x4xf32>, tensor<4xf32>) -> tensor<2x4xf32>
      return %y : tensor<2x4xf32>
    }
    ```

    becomes

    ```mlir
    func.func @example(%x: tensor<2x4xf32>) -> tensor<2x4xf32> {
      %r = graph.weight "derived.0" : tensor<4xf32>
      %y = graph.mul %x, %r : (tensor<2x4xf32>, tensor<4xf32>) -> tensor<2x4xf32>
      return %y : tensor<2x4xf32>
    }
    graph.derived_weight @derived.0 {
      %v = graph.weight "variance" : tensor<4xf32>
      %r = graph.rsqrt %v : tensor<4xf32>
      graph.yield %r : tensor<4xf32>
    }
    ```
  }];
  let options = [
    Option<"maxBytes", "max-bytes", "int64_t", "67108864",
           "largest weight that may be larger than what it comes from">
  ];
}

def FormKernelsPass : Pass<"sylvite-form-kernels", "::mlir::ModuleOp"> {
  let summary = "cut functions of graph ops into Halide kernels";
  let description = [{
    A function of graph ops says what is computed; a program needs kernels, and
    buffers between them. This pass turns each graph op into the call of a
    kernel, a `halide.pipeline` that it writes next to the functions:

    - Equal kernels are one kernel: six equal layers call the same symbols.
    - Types lose their dimension names; arguments and results keep them in the
      attribute `graph.dims`. Extents come from `tensor.dim` of arguments.
    - Ops that only move or repeat elements (slice, transpose, reshape,
      broadcast, iota, constants of one number) become index arithmetic inside
      the kernels that read them, where these can, and so do chains of
      elementwise ops whose links have a single user.
    - Kernels see as few dimensions as they can: neighbours that all operands
      have become one.
    - Reshapes of tensors are views, `tensor.collapse_shape` and
      `tensor.expand_shape`. Rank 0 is passed to kernels as rank 1.
    - Weights become `halide.weight`, packed as their kernels ask for.
    - Each result of the function has a tensor of its own: arguments, weights
      and values that are returned twice are copied.

    It refuses, with an error at the op: an op without lowering, a dynamic
    dimension whose name no argument binds, and a tensor of 2^31 elements or
    more, because kernels calculate indices in 32 bits. Of dynamic shapes a
    compiled model has to check the latter at each call.

    It does not recognise or reorder anything: that is the fusion phase's work.

    ```mlir
    func.func @double(%x: tensor<?x8xf32, #graph.dims<seq, _>> {graph.name = "x"})
        -> (tensor<?x8xf32, #graph.dims<seq, _>> {graph.name = "y"}) {
      %y = graph.add %x, %x
          : (tensor<?x8xf32, #graph.dims<seq, _>>,
             tensor<?x8xf32, #graph.dims<seq, _>>)
          -> tensor<?x8xf32, #graph.dims<seq, _>>
      return %y : tensor<?x8xf32, #graph.dims<seq, _>>
    }
    ```

    becomes

    ```mlir
    halide.pipeline @add_f32_1d(%x: !halide.buffer<?xf32>)
        -> !halide.buffer<?xf32> attributes {halide.class = "elementwise"} {
      %out = halide.func "out"(x = %i) : f32 {
        %a = halide.load %x[%i] : !halide.buffer<?xf32>
        %b = halide.load %x[%i] : !halide.buffer<?xf32>
        %s = arith.addf %a, %b : f32
        halide.yield %s : f32
      }
      halide.output %out : !halide.func<1xf32>
    }
    func.func @double(%x: tensor<?x8xf32>
                          {graph.dims = ["seq", ""], graph.name = "x"})
        -> (tensor<?x8xf32> {graph.dims = ["seq", ""], graph.name = "y"}) {
      %line = tensor.collapse_shape %x [[0, 1]]
          : tensor<?x8xf32> into tensor<?xf32>
      %c0 = arith.constant 0 : index
      %seq = tensor.dim %x, %c0 : tensor<?x8xf32>
      %c8 = arith.constant 8 : index
      %all = arith.muli %seq, %c8 : index
      %to = tensor.empty(%all) : tensor<?xf32>
      %sum = halide.invoke @add_f32_1d ins(%line : tensor<?xf32>)
          outs(%to : tensor<?xf32>) -> tensor<?xf32>
      %y = tensor.expand_shape %sum [[0, 1]] output_shape [%seq, 8]
          : tensor<?xf32> into tensor<?x8xf32>
      return %y : tensor<?x8xf32>
    }
    ```
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::math::MathDialect",
    "::mlir::scf::SCFDialect", "::mlir::tensor::TensorDialect",
    "::sylvite::halide::HalideDialect"];
}

#endif // SYLVITE_KERNELS_PASSES_TD
