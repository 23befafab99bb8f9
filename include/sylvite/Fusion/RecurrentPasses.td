//===- RecurrentPasses.td - Loops and recurrent layers -----*- tablegen -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_FUSION_RECURRENTPASSES_TD
#define SYLVITE_FUSION_RECURRENTPASSES_TD

include "mlir/Pass/PassBase.td"

def DecomposeRecurrentPass : Pass<"sylvite-decompose-recurrent",
                                  "::mlir::func::FuncOp"> {
  let summary = "write recurrent layers as a product and a loop over time";
  let description = [{
    The inputs of all steps are known in front, so that their products with the
    input weight are one linear layer, large enough to be fast. What is left to
    the loop, a `graph.scan`, is the product with the state and the gates:

    - Time becomes the first axis, so that a step reads and writes one run of
      memory. Transposes between layers cancel out.
    - Biases are added where they cost least: both in front of the loop, but for
      that of a GRU whose reset gate comes behind the recurrent product.
    - The directions of one layer are two loops, each with its part of weights
      and states; their states are joined at the end.
    - Of lengths a mask over steps is made, by which a step keeps the state.
    - States of steps that nothing reads are not stored.

    ```mlir
    func.func @example(%x: tensor<?x?x6xf32, #graph.dims<batch, seq, _>>,
                       %w: tensor<6x8xf32>, %u: tensor<8x8xf32>,
                       %b: tensor<8xf32>,
                       %h0: tensor<?x8xf32, #graph.dims<batch, _>>)
        -> tensor<?x8xf32, #graph.dims<batch, _>> {
      %states, %last = graph.rnn %x, %w, %u bias(%b) initial(%h0)
          : (tensor<?x?x6xf32, #graph.dims<batch, seq, _>>, tensor<6x8xf32>,
             tensor<8x8xf32>, tensor<8xf32>,
             tensor<?x8xf32, #graph.dims<batch, _>>)
          -> (tensor<?x?x8xf32, #graph.dims<batch, seq, _>>,
              tensor<?x8xf32, #graph.dims<batch, _>>)
      return %last : tensor<?x8xf32, #graph.dims<batch, _>>
    }
    ```

    becomes

    ```mlir
    func.func @example(%x: tensor<?x?x6xf32, #graph.dims<batch, seq, _>>,
                       %w: tensor<6x8xf32>, %u: tensor<8x8xf32>,
                       %b: tensor<8xf32>,
                       %h0: tensor<?x8xf32, #graph.dims<batch, _>>)
        -> tensor<?x8xf32, #graph.dims<batch, _>> {
      %y = graph.transpose %x perm [1, 0, 2]
          : (tensor<?x?x6xf32, #graph.dims<batch, seq, _>>)
          -> tensor<?x?x6xf32, #graph.dims<seq, batch, _>>
      %p = graph.linear %y, %w bias(%b)
          : (tensor<?x?x6xf32, #graph.dims<seq, batch, _>>, tensor<6x8xf32>,
             tensor<8xf32>) -> tensor<?x?x8xf32, #graph.dims<seq, batch, _>>
      %last = graph.scan carry(%h0) over(%p) {
      ^bb0(%t: tensor<i64>, %h: tensor<?x8xf32, #graph.dims<batch, _>>,
           %p_t: tensor<?x8xf32, #graph.dims<batch, _>>):
        %s = graph.linear %h, %u residual(%p_t)
            : (tensor<?x8xf32, #graph.dims<batch, _>>, tensor<8x8xf32>,
               tensor<?x8xf32, #graph.dims<batch, _>>)
            -> tensor<?x8xf32, #graph.dims<batch, _>>
        %n = graph.tanh %s : tensor<?x8xf32, #graph.dims<batch, _>>
        graph.next carry(%n : tensor<?x8xf32, #graph.dims<batch, _>>)
      } : (tensor<?x8xf32, #graph.dims<batch, _>>,
           tensor<?x?x8xf32, #graph.dims<seq, batch, _>>)
          -> tensor<?x8xf32, #graph.dims<batch, _>>
      return %last : tensor<?x8xf32, #graph.dims<batch, _>>
    }
    ```
  }];
}

def NormalizeScansPass : Pass<"sylvite-normalize-scans",
                              "::mlir::func::FuncOp"> {
  let summary = "take out of loops what does not depend on their state";
  let description = [{
    Loops go along the first axis, so that a step reads and writes one run of
    memory; transposes in front and behind cancel out between loops.

    Whoever writes the body of a loop writes all that a step needs, and not where
    it is done best. This pass moves two kinds of work in front of the loop:

    - what is the same in all steps, but for ops that only move elements;
    - products of a step's elements with a matrix that is the same in all steps,
      with what they are made of and what follows on them alone. One product for
      all steps reads the matrix once. Its rows are a sequence of the loop.

    Conditions of the second kind:

    - the loop has no stop condition: it might never come to the other steps;
    - ops are products with one matrix, lookups in a table, pointwise ops, and
      softmax, argmax and the like; beside rows of a step they read what is the
      same in all steps.

    ```mlir
    func.func @example(%x: tensor<?x?x6xf32, #graph.dims<seq, batch, _>>,
                       %h0: tensor<?x8xf32, #graph.dims<batch, _>>,
                       %w: tensor<6x8xf32>)
        -> tensor<?x8xf32, #graph.dims<batch, _>> {
      %last = graph.scan carry(%h0) over(%x) {
      ^bb0(%t: tensor<i64>, %h: tensor<?x8xf32, #graph.dims<batch, _>>,
           %e: tensor<?x6xf32, #graph.dims<batch, _>>):
        %p = graph.matmul %e, %w
            : (tensor<?x6xf32, #graph.dims<batch, _>>, tensor<6x8xf32>)
            -> tensor<?x8xf32, #graph.dims<batch, _>>
        %s = graph.mul %h, %p
            : (tensor<?x8xf32, #graph.dims<batch, _>>,
               tensor<?x8xf32, #graph.dims<batch, _>>)
            -> tensor<?x8xf32, #graph.dims<batch, _>>
        graph.next carry(%s : tensor<?x8xf32, #graph.dims<batch, _>>)
      } : (tensor<?x8xf32, #graph.dims<batch, _>>,
           tensor<?x?x6xf32, #graph.dims<seq, batch, _>>)
          -> tensor<?x8xf32, #graph.dims<batch, _>>
      return %last : tensor<?x8xf32, #graph.dims<batch, _>>
    }
    ```

    becomes

    ```mlir
    func.func @example(%x: tensor<?x?x6xf32, #graph.dims<seq, batch, _>>,
                       %h0: tensor<?x8xf32, #graph.dims<batch, _>>,
                       %w: tensor<6x8xf32>)
        -> tensor<?x8xf32, #graph.dims<batch, _>> {
      %all = graph.matmul %x, %w
          : (tensor<?x?x6xf32, #graph.dims<seq, batch, _>>, tensor<6x8xf32>)
          -> tensor<?x?x8xf32, #graph.dims<seq, batch, _>>
      %last = graph.scan carry(%h0) over(%all) {
      ^bb0(%t: tensor<i64>, %h: tensor<?x8xf32, #graph.dims<batch, _>>,
           %p: tensor<?x8xf32, #graph.dims<batch, _>>):
        %s = graph.mul %h, %p
            : (tensor<?x8xf32, #graph.dims<batch, _>>,
               tensor<?x8xf32, #graph.dims<batch, _>>)
            -> tensor<?x8xf32, #graph.dims<batch, _>>
        graph.next carry(%s : tensor<?x8xf32, #graph.dims<batch, _>>)
      } : (tensor<?x8xf32, #graph.dims<batch, _>>,
           tensor<?x?x8xf32, #graph.dims<seq, batch, _>>)
          -> tensor<?x8xf32, #graph.dims<batch, _>>
      return %last : tensor<?x8xf32, #graph.dims<batch, _>>
    }
    ```
  }];
}

def NormalizeScanOutputsPass : Pass<"sylvite-normalize-scan-outputs",
                                    "::mlir::func::FuncOp"> {
  let summary = "take out of loops what only makes their outputs";
  let description = [{
    A decoder that is told its inputs makes logits of each state, which no later
    step reads. Behind the loop they are one product for all steps, which reads
    its matrix once. This pass moves products behind the loop, with all that
    follows them; the loop emits what they read.

    Conditions:

    - the loop goes along the first axis and has no stop condition: steps that
      never come have outputs of zero;
    - no carried value is made of the op's result;
    - ops are those that `sylvite-normalize-scans` does for all steps at once.

    ```mlir
    func.func @example(%x: tensor<?x?x8xf32, #graph.dims<seq, batch, _>>,
                       %h0: tensor<?x8xf32, #graph.dims<batch, _>>,
                       %w: tensor<8x74xf32>)
        -> tensor<?x?x74xf32, #graph.dims<seq, batch, _>> {
      %last, %y = graph.scan carry(%h0) over(%x) {
      ^bb0(%t: tensor<i64>, %h: tensor<?x8xf32, #graph.dims<batch, _>>,
           %e: tensor<?x8xf32, #graph.dims<batch, _>>):
        %n = graph.mul %h, %e
            : (tensor<?x8xf32, #graph.dims<batch, _>>,
               tensor<?x8xf32, #graph.dims<batch, _>>)
            -> tensor<?x8xf32, #graph.dims<batch, _>>
        %p = graph.matmul %n, %w
            : (tensor<?x8xf32, #graph.dims<batch, _>>, tensor<8x74xf32>)
            -> tensor<?x74xf32, #graph.dims<batch, _>>
        graph.next carry(%n : tensor<?x8xf32, #graph.dims<batch, _>>)
            emit(%p : tensor<?x74xf32, #graph.dims<batch, _>>)
      } : (tensor<?x8xf32, #graph.dims<batch, _>>,
           tensor<?x?x8xf32, #graph.dims<seq, batch, _>>)
          -> (tensor<?x8xf32, #graph.dims<batch, _>>,
              tensor<?x?x74xf32, #graph.dims<seq, batch, _>>)
      return %y : tensor<?x?x74xf32, #graph.dims<seq, batch, _>>
    }
    ```

    becomes

    ```mlir
    func.func @example(%x: tensor<?x?x8xf32, #graph.dims<seq, batch, _>>,
                       %h0: tensor<?x8xf32, #graph.dims<batch, _>>,
                       %w: tensor<8x74xf32>)
        -> tensor<?x?x74xf32, #graph.dims<seq, batch, _>> {
      %last, %states = graph.scan carry(%h0) over(%x) {
      ^bb0(%t: tensor<i64>, %h: tensor<?x8xf32, #graph.dims<batch, _>>,
           %e: tensor<?x8xf32, #graph.dims<batch, _>>):
        %n = graph.mul %h, %e
            : (tensor<?x8xf32, #graph.dims<batch, _>>,
               tensor<?x8xf32, #graph.dims<batch, _>>)
            -> tensor<?x8xf32, #graph.dims<batch, _>>
        graph.next carry(%n : tensor<?x8xf32, #graph.dims<batch, _>>)
            emit(%n : tensor<?x8xf32, #graph.dims<batch, _>>)
      } : (tensor<?x8xf32, #graph.dims<batch, _>>,
           tensor<?x?x8xf32, #graph.dims<seq, batch, _>>)
          -> (tensor<?x8xf32, #graph.dims<batch, _>>,
              tensor<?x?x8xf32, #graph.dims<seq, batch, _>>)
      %y = graph.matmul %states, %w
          : (tensor<?x?x8xf32, #graph.dims<seq, batch, _>>, tensor<8x74xf32>)
          -> tensor<?x?x74xf32, #graph.dims<seq, batch, _>>
      return %y : tensor<?x?x74xf32, #graph.dims<seq, batch, _>>
    }
    ```
  }];
}

#endif // SYLVITE_FUSION_RECURRENTPASSES_TD
