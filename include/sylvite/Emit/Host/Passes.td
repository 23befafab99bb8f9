//===- Passes.td - Passes of the host phase -----------------*- tablegen -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_EMIT_HOST_PASSES_TD
#define SYLVITE_EMIT_HOST_PASSES_TD

include "mlir/Pass/PassBase.td"

def LayOutWeightsPass : Pass<"sylvite-lay-out-weights", "::mlir::ModuleOp"> {
  let summary = "give every packed weight a place in one block of bytes";
  let description = [{
    A compiled model finds all weights in one block, mapped from a file or part
    of the library. This pass decides where in it each `halide.weight` lies:

    - Weights come in the order of their first use; equal ones are one. Behind
      a list that the module has already, of another target's weights, come
      those that are not in it.
    - Each begins at a multiple of 64 bytes.
    - The list is kept in the module's attribute `halide.weights`, from which the
      package phase packs them. Functions get an argument, the block, and each
      weight becomes a view of it.

    Nothing is read or packed here.

    ```mlir
    func.func @example() -> tensor<4x8xf32> {
      %w = halide.weight ["dense.weight"] : tensor<4x8xf32>
      return %w : tensor<4x8xf32>
    }
    ```

    becomes

    ```mlir
    module attributes {halide.weights = [{name = "dense.weight",
        offset = 0 : i64, sources = ["dense.weight"], type = tensor<4x8xf32>} ]} {
      func.func @example(%weights: memref<?xi8> {sylvite.role = "weights"})
          -> tensor<4x8xf32> {
        %offset = arith.constant 0 : index
        %bytes = memref.view %weights[%offset][]
            : memref<?xi8> to memref<4x8xf32>
        %w = bufferization.to_tensor %bytes restrict
            : memref<4x8xf32> to tensor<4x8xf32>
        return %w : tensor<4x8xf32>
      }
    }
    ```
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::bufferization::BufferizationDialect",
    "::mlir::memref::MemRefDialect"];
}

def BufferizeHostPass : Pass<"sylvite-bufferize-host", "::mlir::ModuleOp"> {
  let summary = "turn the tensors of host functions into buffers";
  let description = [{
    Gives host functions the signature of a program: the named dimensions first,
    as `index`, then the weights, the inputs and the outputs, as dense memrefs.
    Each argument tells by `sylvite.role` what it is. Then tensors become buffers
    by one-shot bufferization, where `halide.invoke` writes into its destination.

    - A result that a kernel has written into a new buffer is written into the
      caller's buffer at once, also through reshapes; only where the kernel wants
      an alignment that callers do not promise is there a copy.
    - `tensor.dim` of an argument becomes the dimension.

    Functions need the attributes that the kernels phase leaves: `graph.name` and
    `graph.dims` on every argument and result. It is an error where a dynamic
    dimension has no name, or one that no input binds, and where control flow is
    left in the function.

    ```mlir
    halide.pipeline @double(%x: !halide.buffer<8x?xf32>)
        -> !halide.buffer<8x?xf32> {
      %two = arith.constant 2.0 : f32
      %out = halide.func "out"(i = %i, m = %m) : f32 {
        %a = halide.load %x[%i, %m] : !halide.buffer<8x?xf32>
        %b = arith.mulf %a, %two : f32
        halide.yield %b : f32
      }
      halide.output %out : !halide.func<2xf32>
    }
    func.func @run(%x: tensor<?x8xf32>
                       {graph.dims = ["seq", ""], graph.name = "x"})
        -> (tensor<?x8xf32> {graph.dims = ["seq", ""], graph.name = "y"}) {
      %c0 = arith.constant 0 : index
      %seq = tensor.dim %x, %c0 : tensor<?x8xf32>
      %to = tensor.empty(%seq) : tensor<?x8xf32>
      %y = halide.invoke @double ins(%x : tensor<?x8xf32>)
          outs(%to : tensor<?x8xf32>) -> tensor<?x8xf32>
      return %y : tensor<?x8xf32>
    }
    ```

    where `@run` becomes

    ```mlir
    halide.pipeline @double(%x: !halide.buffer<8x?xf32>)
        -> !halide.buffer<8x?xf32> {
      %two = arith.constant 2.0 : f32
      %out = halide.func "out"(i = %i, m = %m) : f32 {
        %a = halide.load %x[%i, %m] : !halide.buffer<8x?xf32>
        %b = arith.mulf %a, %two : f32
        halide.yield %b : f32
      }
      halide.output %out : !halide.func<2xf32>
    }
    func.func @run(
        %seq: index {graph.name = "seq", sylvite.role = "dim"},
        %x: memref<?x8xf32> {graph.dims = ["seq", ""], graph.name = "x",
                             sylvite.role = "input"},
        %y: memref<?x8xf32> {graph.dims = ["seq", ""], graph.name = "y",
                             sylvite.role = "output"}) {
      halide.invoke @double ins(%x : memref<?x8xf32>)
          outs(%y : memref<?x8xf32>)
      return
    }
    ```
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::bufferization::BufferizationDialect",
    "::mlir::memref::MemRefDialect", "::mlir::scf::SCFDialect"];
}

def PlanArenaPass : Pass<"sylvite-plan-arena", "::mlir::ModuleOp"> {
  let summary = "give all buffers of a host function places in one arena";
  let description = [{
    A call should allocate nothing. All `memref.alloc` of a function become views
    of one block that the caller brings, the arena:

    - Buffers that are never alive at the same time may share a slot. Lifetimes
      are from the first to the last op that uses the buffer or a view of it.
    - Sizes are products of the named dimensions. A slot is as large as its
      largest member at run time, so that the plan is right for all dimensions;
      who shares with whom is chosen by the sizes at likely ones: largest first,
      into the slot that grows least.
    - Slots begin at multiples of 64 bytes.

    For each function `F` a function `F_arena` is added that computes the bytes
    from the dimensions, without overflow: it gives -1 (as unsigned, the largest
    number) where the arena, or any tensor of the function, is too large to
    address. The attribute `sylvite.arena` holds the sum as text.

    ```mlir
    func.func @run(%seq: index {graph.name = "seq", sylvite.role = "dim"}) {
      %a = memref.alloc(%seq) : memref<?x16xf32>
      return
    }
    ```

    becomes, with the size function left out,

    ```mlir
    func.func @run(%seq: index {graph.name = "seq", sylvite.role = "dim"},
                   %arena: memref<?xi8> {sylvite.role = "arena"})
        attributes {sylvite.arena = "64 * seq"} {
      %offset = arith.constant 0 : index
      %a = memref.view %arena[%offset][%seq]
          : memref<?xi8> to memref<?x16xf32>
      return
    }
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::memref::MemRefDialect"];
}

def LowerHostPass : Pass<"sylvite-lower-host", "::mlir::ModuleOp"> {
  let summary = "translate host functions to the LLVM dialect";
  let description = [{
    Host functions become functions of the LLVM dialect, in a module of their own
    (`@host`), because kernels keep their names beside it. Each function `F` of a
    library with prefix `P` becomes `P__F_impl` and `P__F_arena`, which the
    runtime calls (see sylvite/Runtime/Descriptor.h).

    - A buffer is a pointer and its extents. For a call, a `halide_buffer_t` per
      operand is filled in on the stack; all calls use the same ones.
    - A kernel that returns another code than 0 ends the function with this code.
    - The interface of the library, as JSON, is left in the attribute
      `sylvite.interface`.

    It is an error where a function's name is no name in C or is one of the
    library's own, and at any op that is no part of a planned host function.

    ```mlir
    module attributes {sylvite.target = "x86-64-v3"} {
      func.func @run(
          %seq: index {graph.name = "seq", sylvite.role = "dim"},
          %x: memref<?x8xf32> {graph.dims = ["seq", ""], graph.name = "x",
                               sylvite.role = "input"},
          %y: memref<?x8xf32> {graph.dims = ["seq", ""], graph.name = "y",
                               sylvite.role = "output"},
          %arena: memref<?xi8> {sylvite.role = "arena"})
          attributes {sylvite.arena = "0"} {
        memref.copy %x, %y : memref<?x8xf32> to memref<?x8xf32>
        return
      }
      func.func private @run_arena(%seq: index) -> index {
        %zero = arith.constant 0 : index
        return %zero : index
      }
    }
    ```
  }];
  let options = [
    Option<"prefix", "prefix", "std::string", /*default=*/"\"model\"",
           "with which all names of the library begin">];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
}

def AddEntryPointsPass : Pass<"sylvite-add-entry-points", "::mlir::ModuleOp"> {
  let summary = "add the public functions and the descriptor of a library";
  let description = [{
    Completes the module `@host` that `sylvite-lower-host` left: the constant
    `sylvite_descriptor`, by which the runtime knows dimensions, inputs, outputs
    and weights, and the public functions, `P_open` to `P_F`, each of which calls
    the runtime. All of it is made from `sylvite.interface`.

    Of a library for several targets each program gets its descriptor alone, and
    the attribute `sylvite.variant`; the package phase makes the functions.

    ```mlir
    module @host attributes {sylvite.interface = "{\22functions\22:[],\22prefix\22:\22model\22,\22targets\22:[{\22kernels\22:[],\22name\22:\22x86-64-v3\22} ],\22weight_bytes\22:0}"} {
    }
    ```
  }];
  let options = [
    Option<"variant", "variant", "bool", /*default=*/"false",
           "whether the library has programs for other targets, too">];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
}

#endif // SYLVITE_EMIT_HOST_PASSES_TD
