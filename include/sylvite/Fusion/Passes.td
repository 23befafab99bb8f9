//===- Passes.td - Passes of the fusion phase ---------------*- tablegen -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_FUSION_PASSES_TD
#define SYLVITE_FUSION_PASSES_TD

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

def RaiseGeluPass : Pass<"sylvite-raise-gelu", "::mlir::func::FuncOp"> {
  let summary = "recognise GELU in its erf and tanh forms";
  let description = [{
    Models spell the Gaussian error linear unit out, in two forms:

    - x/2 (1 + erf(x / sqrt 2)), and
    - x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))).

    Factors may stand in any order and at either side, divisions may be
    products, and constants may be rounded to the precision of the tensor. What
    looks like the beginning of a GELU, but is none, is left with a remark.

    ```mlir
    func.func @example(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
      %root = graph.constant dense<1.41421354> : tensor<f32>
      %one = graph.constant dense<1.0> : tensor<f32>
      %half = graph.constant dense<0.5> : tensor<f32>
      %a = graph.div %x, %root : (tensor<4x8xf32>, tensor<f32>) -> tensor<4x8xf32>
      %b = graph.erf %a : tensor<4x8xf32>
      %c = graph.add %b, %one : (tensor<4x8xf32>, tensor<f32>) -> tensor<4x8xf32>
      %d = graph.mul %x, %half : (tensor<4x8xf32>, tensor<f32>) -> tensor<4x8xf32>
      %y = graph.mul %d, %c : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
      return %y : tensor<4x8xf32>
    }
    ```

    becomes `graph.gelu %x`.
  }];
}

def RaiseLayerNormPass : Pass<"sylvite-raise-layer-norm",
                              "::mlir::func::FuncOp"> {
  let summary = "recognise layer normalisation";
  let description = [{
    Models spell layer norm out: (x - mean(x)) / sqrt(variance(x) + eps), times a
    scale, plus a bias. Recognised are

    - the variance as mean((x - mean(x))^2) or as mean(x^2) - mean(x)^2, bounded
      by 0 or not;
    - means as such, or as sums times or divided by the number of features;
    - roots as `sqrt`, `rsqrt` or `pow`, and products and quotients in any order;
    - the same multiplied out: x s + (b - mean(x) s), s the scale over the root;
    - casts from and to a narrower type around all of it;
    - scale and bias, both optional, where they are vectors and nothing else
      uses the value before them.

    Conditions:

    - all means are along the last axis alone, and it is static;
    - eps is a constant of one number, 0 or more, added to the variance.

    ```mlir
    func.func @example(%x: tensor<4x8xf32>, %g: tensor<8xf32>, %b: tensor<8xf32>)
        -> tensor<4x8xf32> {
      %eps = graph.constant dense<1.0e-12> : tensor<f32>
      %m = graph.reduce mean %x axes [1] keepdims : (tensor<4x8xf32>) -> tensor<4x1xf32>
      %d = graph.sub %x, %m : (tensor<4x8xf32>, tensor<4x1xf32>) -> tensor<4x8xf32>
      %s = graph.mul %d, %d : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
      %v = graph.reduce mean %s axes [1] keepdims : (tensor<4x8xf32>) -> tensor<4x1xf32>
      %u = graph.add %v, %eps : (tensor<4x1xf32>, tensor<f32>) -> tensor<4x1xf32>
      %r = graph.rsqrt %u : tensor<4x1xf32>
      %n = graph.mul %d, %r : (tensor<4x8xf32>, tensor<4x1xf32>) -> tensor<4x8xf32>
      %p = graph.mul %n, %g : (tensor<4x8xf32>, tensor<8xf32>) -> tensor<4x8xf32>
      %y = graph.add %p, %b : (tensor<4x8xf32>, tensor<8xf32>) -> tensor<4x8xf32>
      return %y : tensor<4x8xf32>
    }
    ```

    becomes `graph.layer_norm %x scale(%g) bias(%b) eps(1.0e-12)`.
  }];
}

def RaiseRmsNormPass : Pass<"sylvite-raise-rms-norm", "::mlir::func::FuncOp"> {
  let summary = "recognise root-mean-square normalisation";
  let description = [{
    The norm x / sqrt(mean(x^2) + eps), times a scale, plus a bias: what
    `sylvite-raise-layer-norm` recognises, under its conditions, without the
    mean of x. Roots of a variance are left to that pass.

    ```mlir
    func.func @example(%x: tensor<4x8xf32>, %g: tensor<8xf32>) -> tensor<4x8xf32> {
      %two = graph.constant dense<2.0> : tensor<f32>
      %eps = graph.constant dense<1.0e-06> : tensor<f32>
      %s = graph.pow %x, %two : (tensor<4x8xf32>, tensor<f32>) -> tensor<4x8xf32>
      %v = graph.reduce mean %s axes [1] keepdims : (tensor<4x8xf32>) -> tensor<4x1xf32>
      %u = graph.add %v, %eps : (tensor<4x1xf32>, tensor<f32>) -> tensor<4x1xf32>
      %r = graph.rsqrt %u : tensor<4x1xf32>
      %n = graph.mul %x, %r : (tensor<4x8xf32>, tensor<4x1xf32>) -> tensor<4x8xf32>
      %y = graph.mul %g, %n : (tensor<8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
      return %y : tensor<4x8xf32>
    }
    ```

    becomes `graph.rms_norm %x scale(%g) eps(1.0e-06)`.
  }];
}

def RaiseSoftmaxPass : Pass<"sylvite-raise-softmax", "::mlir::func::FuncOp"> {
  let summary = "recognise softmax and log-softmax";
  let description = [{
    Recognised are, with s = sum(e^u) along one axis,

    - e^u / s, a softmax of u;
    - u - ln s, and x - (m + ln s) where u = x - m, a log-softmax of u;
    - the logarithm of a softmax that has no other user.

    Where u is x - max(x) along the axis, the op takes x. Without the maximum the
    op still computes the same, and does not overflow.

    A slice that is -inf throughout gives NaN where it is spelled out, and zeros
    as an op: see `graph.softmax`. A `graph.select` behind a softmax that puts
    zeros in the place of NaN, as PyTorch's exporters write it, is therefore
    dropped.

    ```mlir
    func.func @example(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
      %m = graph.reduce max %x axes [1] keepdims : (tensor<4x8xf32>) -> tensor<4x1xf32>
      %u = graph.sub %x, %m : (tensor<4x8xf32>, tensor<4x1xf32>) -> tensor<4x8xf32>
      %e = graph.exp %u : tensor<4x8xf32>
      %s = graph.reduce sum %e axes [1] keepdims : (tensor<4x8xf32>) -> tensor<4x1xf32>
      %y = graph.div %e, %s : (tensor<4x8xf32>, tensor<4x1xf32>) -> tensor<4x8xf32>
      return %y : tensor<4x8xf32>
    }
    ```

    becomes `graph.softmax %x axis(1)`.
  }];
}

def RaiseL2NormalizePass : Pass<"sylvite-raise-l2-normalize",
                                "::mlir::func::FuncOp"> {
  let summary = "recognise the division by the Euclidean norm";
  let description = [{
    Recognised are x / max(sqrt(s), eps), x / sqrt(max(s, eps^2)) and x / sqrt(s)
    with s = sum(x^2), with roots as `sqrt` or `rsqrt`.

    Conditions:

    - the sum is along one axis;
    - eps is a lower bound, a constant of one number. Where it is added, the
      result differs by more than rounding for small norms, and it stays.

    ```mlir
    func.func @example(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
      %eps = graph.constant dense<1.0e-12> : tensor<f32>
      %q = graph.mul %x, %x : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
      %s = graph.reduce sum %q axes [1] keepdims : (tensor<4x8xf32>) -> tensor<4x1xf32>
      %r = graph.sqrt %s : tensor<4x1xf32>
      %d = graph.maximum %r, %eps : (tensor<4x1xf32>, tensor<f32>) -> tensor<4x1xf32>
      %y = graph.div %x, %d : (tensor<4x8xf32>, tensor<4x1xf32>) -> tensor<4x8xf32>
      return %y : tensor<4x8xf32>
    }
    ```

    becomes `graph.l2_normalize %x axis(1)`.
  }];
}

def RaiseSiluPass : Pass<"sylvite-raise-silu", "::mlir::func::FuncOp"> {
  let summary = "recognise SiLU";
  let description = [{
    x sigmoid(x) and x / (1 + e^-x) become `graph.silu`. The sigmoid of another
    value is a gate, and stays with a remark.

    ```mlir
    func.func @example(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
      %s = graph.sigmoid %x : tensor<4x8xf32>
      %y = graph.mul %x, %s : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
      return %y : tensor<4x8xf32>
    }
    ```
  }];
}

def RaiseRotaryPass : Pass<"sylvite-raise-rotary", "::mlir::func::FuncOp"> {
  let summary = "recognise rotary embeddings";
  let description = [{
    Models rotate pairs of features in one of these ways, with tables c and s of
    cosines and sines:

    - x c + r s, with r the halves of x exchanged and the first one negated, or
      the same of neighbours (x reshaped to [..., pairs, 2]);
    - the parts a c - b s and b c + a s, put together again: halves side by side,
      or neighbours by a reshape of [..., pairs, 2].

    Products may stand in any order. Tables that repeat their first half (a
    concatenation of a value with itself, under cosine, sine, casts, products with
    numbers and reshapes in front of the last axis) are taken as that half. Where
    the features that pass are put behind the rotated ones, the op takes these
    along.

    Conditions:

    - both products of a sum are of one tensor, cut in its middle, and the tables
      are the same in both parts;
    - the tables broadcast to the tensor.

    ```mlir
    func.func @example(%x: tensor<2x8xf32>, %c: tensor<2x8xf32>,
                       %s: tensor<2x8xf32>) -> tensor<2x8xf32> {
      %a = graph.slice %x axis(1) [0, 4] : (tensor<2x8xf32>) -> tensor<2x4xf32>
      %b = graph.slice %x axis(1) [4, 8] : (tensor<2x8xf32>) -> tensor<2x4xf32>
      %n = graph.neg %b : tensor<2x4xf32>
      %r = graph.concat %n, %a axis(1) : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x8xf32>
      %p = graph.mul %x, %c : (tensor<2x8xf32>, tensor<2x8xf32>) -> tensor<2x8xf32>
      %q = graph.mul %r, %s : (tensor<2x8xf32>, tensor<2x8xf32>) -> tensor<2x8xf32>
      %y = graph.add %p, %q : (tensor<2x8xf32>, tensor<2x8xf32>) -> tensor<2x8xf32>
      return %y : tensor<2x8xf32>
    }
    ```

    becomes `graph.rotary_embedding %x cos(%c) sin(%s)`.
  }];
}

def FuseEmbeddingsPass : Pass<"sylvite-fuse-embeddings",
                              "::mlir::func::FuncOp"> {
  let summary = "make one op of a sum of embeddings and its norm";
  let description = [{
    A sum of lookups, in any order, becomes `graph.embeddings`, and takes the norm
    behind it with it. So does a single lookup with a norm. Lookups times a number
    become lookups in a table times that number, if the table is made of weights
    and has no other user.

    Conditions:

    - the tables hold floats and have the same number of features;
    - nothing else uses the lookups and the sums between them;
    - for the norm, nothing else uses the sum, it has a scale, no residual, and at
      most `max-norm-features` features.

    ```mlir
    func.func @example(%word: tensor<100x8xf32>, %position: tensor<64x8xf32>,
                       %i: tensor<?x?xi64, #graph.dims<batch, seq>>,
                       %g: tensor<8xf32>)
        -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>> {
      %p = graph.iota axis(0) : tensor<?xi64, #graph.dims<seq>>
      %a = graph.embedding %word, %i : (tensor<100x8xf32>, tensor<?x?xi64, #graph.dims<batch, seq>>) -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
      %b = graph.embedding %position, %p : (tensor<64x8xf32>, tensor<?xi64, #graph.dims<seq>>) -> tensor<?x8xf32, #graph.dims<seq, _>>
      %s = graph.add %a, %b : (tensor<?x?x8xf32, #graph.dims<batch, seq, _>>, tensor<?x8xf32, #graph.dims<seq, _>>) -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
      %y = graph.layer_norm %s scale(%g) : (tensor<?x?x8xf32, #graph.dims<batch, seq, _>>, tensor<8xf32>) -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
      return %y : tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
    }
    ```

    becomes `graph.embeddings tables(%word, %position) indices(%i, %p) norm(layer)
    scale(%g)`.
  }];
  let options = [
    Option<"maxNormFeatures", "max-norm-features", "int64_t", "4096",
           "longest row whose norm becomes a part of the op">
  ];
}

def FuseLinearPass : Pass<"sylvite-fuse-linear", "::mlir::func::FuncOp"> {
  let summary = "make linear layers of products with weights";
  let description = [{
    A product with a trained matrix becomes `graph.linear`, with the bias and the
    activation behind it: ReLU, GELU, SiLU, tanh or sigmoid.

    Conditions:

    - the weight is the right operand, of rank 2, and made of weights and
      constants alone (a transpose is taken into `transpose_weight`);
    - the input is not transposed;
    - for bias and activation, nothing else uses the value before them.

    ```mlir
    func.func @example(%x: tensor<?x8xf32, #graph.dims<seq, _>>)
        -> tensor<?x4xf32, #graph.dims<seq, _>> {
      %w = graph.weight "up.weight" : tensor<4x8xf32>
      %b = graph.weight "up.bias" : tensor<4xf32>
      %m = graph.matmul %x, %w {transpose_rhs} : (tensor<?x8xf32, #graph.dims<seq, _>>, tensor<4x8xf32>) -> tensor<?x4xf32, #graph.dims<seq, _>>
      %s = graph.add %m, %b : (tensor<?x4xf32, #graph.dims<seq, _>>, tensor<4xf32>) -> tensor<?x4xf32, #graph.dims<seq, _>>
      %y = graph.gelu %s : tensor<?x4xf32, #graph.dims<seq, _>>
      return %y : tensor<?x4xf32, #graph.dims<seq, _>>
    }
    ```

    becomes `graph.linear %x, %w bias(%b) activation(gelu_erf)
    {transpose_weight}`.
  }];
}

def FuseBatchNormPass : Pass<"sylvite-fuse-batch-norm",
                             "::mlir::func::FuncOp"> {
  let summary = "fold batch norms with stored statistics into linear layers";
  let description = [{
    With stored statistics a batch norm is a x + c, a factor and a summand a
    channel: a = scale / sqrt(variance + eps) and c = bias - a mean. A layer
    before it takes both into its columns, (x W + b) a + c = x (W a) + (b a + c),
    and with them the activation behind the norm. Layers behind it take them
    into their rows, (a x + c) W + b = x (a W) + (b + c W). The new weights are
    expressions of the old ones, which are calculated at compile time.

    Conditions:

    - the channels are the last axis, and the statistics, scale and bias are made
      of weights and constants alone, as are the layers' weights and biases;
    - a layer before the norm has no other user, and no activation, residual or
      norm of its own;
    - behind the norm there are linear layers alone, which it is the input of.

    ```mlir
    func.func @example(%x: tensor<?x8xf32, #graph.dims<seq, _>>)
        -> tensor<?x4xf32, #graph.dims<seq, _>> {
      %w = graph.weight "w" : tensor<8x4xf32>
      %m = graph.weight "mean" : tensor<4xf32>
      %v = graph.weight "variance" : tensor<4xf32>
      %l = graph.linear %x, %w : (tensor<?x8xf32, #graph.dims<seq, _>>, tensor<8x4xf32>) -> tensor<?x4xf32, #graph.dims<seq, _>>
      %y = graph.batch_norm %l mean(%m) variance(%v) axis(1) : (tensor<?x4xf32, #graph.dims<seq, _>>, tensor<4xf32>, tensor<4xf32>) -> tensor<?x4xf32, #graph.dims<seq, _>>
      return %y : tensor<?x4xf32, #graph.dims<seq, _>>
    }
    ```

    becomes `graph.linear %x, %w2 bias(%b2)`, with %w2 and %b2 made of the weights.
  }];
}

def FusePositionsPass : Pass<"sylvite-fuse-positions", "::mlir::func::FuncOp"> {
  let summary = "look positions up where their number is bounded";
  let description = [{
    A positional encoding is a table of one row a position. Where the positions
    have a bound, the table is made of constants, so that it is calculated at
    compile time, and looked up: what sums lookups then takes it along. Elsewhere
    sine and cosine become arithmetic in double precision, and a formula of one's
    own stays as it is, for a kernel that evaluates it. Rotary embeddings get
    tables of cosines and sines in the same way.

    Bounded are

    - a count along an axis (`graph.iota`, and ops that count by themselves),
      where the axis is static or the function has a `graph.dim_max` for it;
    - an argument with a `graph.range`;
    - sums, reshapes, broadcasts and casts of these.

    Conditions for a table:

    - it has at most `max-bytes`;
    - a formula reads nothing of the function.

    ```mlir
    func.func @example() -> tensor<?x4xf32, #graph.dims<seq, _>>
        attributes {graph.dim_max = {seq = 64 : i64}} {
      %y = graph.positional_encoding : () -> tensor<?x4xf32, #graph.dims<seq, _>>
      return %y : tensor<?x4xf32, #graph.dims<seq, _>>
    }
    ```

    becomes `graph.embedding` of a table of 64 rows.
  }];
  let options = [
    Option<"maxBytes", "max-bytes", "int64_t", "67108864",
           "largest table, in bytes">
  ];
}

def FuseResidualNormPass : Pass<"sylvite-fuse-residual-norm",
                                "::mlir::func::FuncOp"> {
  let summary = "move residual sums and norms to the op before them";
  let description = [{
    A sum of a linear layer with a tensor of its type becomes the layer's residual,
    and a norm behind a layer the end of its epilogue. A sum that no layer takes
    becomes the residual of the norm behind it.

    Conditions:

    - nothing else uses the layer, or the sum before a norm. A model that
      normalises before its layers (pre-norm) needs every sum twice: there the sum
      goes into the layer, and the norm stays;
    - the layer has no residual, or norm, already;
    - the summands have one type;
    - for a norm at the end of a layer, it has a scale, no residual, and at most
      `max-norm-features` features.

    ```mlir
    func.func @example(%x: tensor<?x8xf32, #graph.dims<seq, _>>,
                       %r: tensor<?x4xf32, #graph.dims<seq, _>>,
                       %w: tensor<8x4xf32>, %g: tensor<4xf32>, %b: tensor<4xf32>)
        -> tensor<?x4xf32, #graph.dims<seq, _>> {
      %l = graph.linear %x, %w : (tensor<?x8xf32, #graph.dims<seq, _>>, tensor<8x4xf32>) -> tensor<?x4xf32, #graph.dims<seq, _>>
      %s = graph.add %l, %r : (tensor<?x4xf32, #graph.dims<seq, _>>, tensor<?x4xf32, #graph.dims<seq, _>>) -> tensor<?x4xf32, #graph.dims<seq, _>>
      %y = graph.layer_norm %s scale(%g) bias(%b) : (tensor<?x4xf32, #graph.dims<seq, _>>, tensor<4xf32>, tensor<4xf32>) -> tensor<?x4xf32, #graph.dims<seq, _>>
      return %y : tensor<?x4xf32, #graph.dims<seq, _>>
    }
    ```

    becomes `graph.linear %x, %w residual(%r) norm(layer) scale(%g) shift(%b)`.
  }];
  let options = [
    Option<"maxNormFeatures", "max-norm-features", "int64_t", "4096",
           "longest row whose norm becomes the end of a layer">
  ];
}

def FusePoolPass : Pass<"sylvite-fuse-pool", "::mlir::func::FuncOp"> {
  let summary = "make one op of pooling over a sequence";
  let description = [{
    Sentence encoders make one vector of a sequence of vectors. Recognised are

    - the mean of the positions that a mask keeps: sum(x w) / max(n, eps), with
      w = 1 where the mask keeps a position and 0 elsewhere, and n = sum(w);
    - their maximum: n > 0 ? max(w ? x : -inf) : 0;
    - mean and maximum of all positions;
    - the first position;

    and a normalisation of the vector behind it.

    Conditions:

    - weights and number come from one mask [batch, sequence]: a boolean, an
      integer compared with 0, or an input, which is taken to be 0 or 1 unless its
      `graph.range` says otherwise;
    - eps, in 0 < eps <= 1 as a bound, or so small that it rounds away as a
      summand, keeps the divisor from 0: where nothing is kept the vector is 0;
    - for the normalisation, nothing else uses the vector before it.

    ```mlir
    func.func @example(%x: tensor<?x?x8xf32, #graph.dims<batch, seq, _>>,
                       %m: tensor<?x?xi64, #graph.dims<batch, seq>>)
        -> tensor<?x8xf32, #graph.dims<batch, _>> {
      %zero = graph.constant dense<0> : tensor<i64>
      %eps = graph.constant dense<1.0e-9> : tensor<f32>
      %c = graph.compare ne %m, %zero : (tensor<?x?xi64, #graph.dims<batch, seq>>, tensor<i64>) -> tensor<?x?xi1, #graph.dims<batch, seq>>
      %k = graph.reshape %c : tensor<?x?xi1, #graph.dims<batch, seq>> to tensor<?x?x1xi1, #graph.dims<batch, seq, _>>
      %w = graph.cast %k : tensor<?x?x1xi1, #graph.dims<batch, seq, _>> to tensor<?x?x1xf32, #graph.dims<batch, seq, _>>
      %p = graph.mul %x, %w : (tensor<?x?x8xf32, #graph.dims<batch, seq, _>>, tensor<?x?x1xf32, #graph.dims<batch, seq, _>>) -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
      %s = graph.reduce sum %p axes [1] : (tensor<?x?x8xf32, #graph.dims<batch, seq, _>>) -> tensor<?x8xf32, #graph.dims<batch, _>>
      %n = graph.reduce sum %w axes [1] : (tensor<?x?x1xf32, #graph.dims<batch, seq, _>>) -> tensor<?x1xf32, #graph.dims<batch, _>>
      %d = graph.maximum %n, %eps : (tensor<?x1xf32, #graph.dims<batch, _>>, tensor<f32>) -> tensor<?x1xf32, #graph.dims<batch, _>>
      %y = graph.div %s, %d : (tensor<?x8xf32, #graph.dims<batch, _>>, tensor<?x1xf32, #graph.dims<batch, _>>) -> tensor<?x8xf32, #graph.dims<batch, _>>
      return %y : tensor<?x8xf32, #graph.dims<batch, _>>
    }
    ```

    becomes `graph.pool mean %x mask(%m)`.
  }];
}

def PackRowsPass : Pass<"sylvite-pack-rows", "::mlir::func::FuncOp"> {
  let summary = "compute layers on the rows of a batch that are no padding";
  let description = [{
    A batch of sequences of different lengths is filled up to the longest one.
    Where their lengths are an input, layers need not compute what fills it up:
    this pass packs the rows of all sequences one after the other
    (`graph.pack_rows`), and unpacks them (`graph.unpack_rows`) for ops that need
    them at their places, such as attention.

    The lengths are those of masks `padding(%lengths)` of attentions, an input of
    the function. An op is computed on packed rows if

    - it computes each row from the same row of its operands: layers, norms,
      lookups and elementwise ops;
    - nobody sees rows of its result that are padding. Not seen are keys and
      values that such a mask hides, queries whose results are not seen, what
      pooling by `position < length` leaves out, what a selection by that
      condition does not choose, and operands of ops on rows whose results are
      not seen.

    A selection between rows and zero by that condition becomes the unpacking, so
    that an encoder whose result is zero past the lengths is packed to its end.

    Not done is:

    - to pack where there is no layer: packing and unpacking go over memory;
    - to pack by masks that are data (`keep`): nothing says that what they keep
      is known before anything is computed, or that it is worth it.

    ```mlir
    func.func @example(%x: tensor<?x?x8xf32, #graph.dims<batch, seq, _>>,
                       %w: tensor<8x16xf32>,
                       %lengths: tensor<?xi64, #graph.dims<batch>>)
        -> tensor<?x16xf32, #graph.dims<batch, _>> {
      %position = graph.iota axis(0) : tensor<?xi64, #graph.dims<seq>>
      %column = graph.reshape %lengths : tensor<?xi64, #graph.dims<batch>>
          to tensor<?x1xi64, #graph.dims<batch, _>>
      %within = graph.compare lt %position, %column
          : (tensor<?xi64, #graph.dims<seq>>,
             tensor<?x1xi64, #graph.dims<batch, _>>)
          -> tensor<?x?xi1, #graph.dims<batch, seq>>
      %y = graph.linear %x, %w
          : (tensor<?x?x8xf32, #graph.dims<batch, seq, _>>, tensor<8x16xf32>)
          -> tensor<?x?x16xf32, #graph.dims<batch, seq, _>>
      %heads = graph.reshape %y
          : tensor<?x?x16xf32, #graph.dims<batch, seq, _>>
          to tensor<?x?x2x8xf32, #graph.dims<batch, seq, _, _>>
      %o = graph.attention %heads, %heads, %heads layout(bshd)
          mask(padding(%lengths))
          : (tensor<?x?x2x8xf32, #graph.dims<batch, seq, _, _>>,
             tensor<?x?x2x8xf32, #graph.dims<batch, seq, _, _>>,
             tensor<?x?x2x8xf32, #graph.dims<batch, seq, _, _>>,
             tensor<?xi64, #graph.dims<batch>>)
          -> tensor<?x?x2x8xf32, #graph.dims<batch, seq, _, _>>
      %joined = graph.reshape %o
          : tensor<?x?x2x8xf32, #graph.dims<batch, seq, _, _>>
          to tensor<?x?x16xf32, #graph.dims<batch, seq, _>>
      %mean = graph.pool mean %joined mask(%within)
          : (tensor<?x?x16xf32, #graph.dims<batch, seq, _>>,
             tensor<?x?xi1, #graph.dims<batch, seq>>)
          -> tensor<?x16xf32, #graph.dims<batch, _>>
      return %mean : tensor<?x16xf32, #graph.dims<batch, _>>
    }
    ```

    becomes a `graph.linear` of packed rows, whose result is unpacked for the
    attention.
  }];
}

def FuseAttentionPass : Pass<"sylvite-fuse-attention", "::mlir::func::FuncOp"> {
  let summary = "make one op of product, scale, mask, softmax and product";
  let description = [{
    Attention that is spelled out reads and writes a matrix of all queries and
    keys at each step. As one op its scores never leave the cache.

    Found is softmax(q k^T) v, whatever the order and the place of transposes
    and reshapes, with

    - factors that are one number, on queries, keys or scores, and tensors that
      multiply the scores of a query or of a key alike: a factor of that operand;
    - any number of summands of the scores, and selects between scores and a
      number that is -10000 or less at the softmax: they become the bias;
    - other ops on single scores (tanh, bounds, powers): the score region, behind
      which summands have to be masks;
    - heads in a dimension of their own, merged into the batch, or none; keys
      that are repeated, or broadcast by the product, for a group of heads;
    - `graph.l2_normalize` on both queries and keys (similarity `cosine`), and
      v.tanh(Wq q + Wk k) in the place of the product (`additive`);
    - casts between types of floats: the attention has the widest of its operands
      and summands.

    Conditions:

    - the softmax is along the keys;
    - scores have no other use, and probabilities go into one product; where
      something else uses them too, they are the attention's second result, and
      the values do not depend on them;
    - queries, keys and values agree in their batch and heads;
    - all dynamic dimensions have names, and the number of heads is static.

    The layout is the one with fewer transposes, so that those of the usual
    [batch, sequence, heads, features] vanish. A select becomes a summand of
    -inf, by which a query that sees no key gives zero (see the rationale).

    ```mlir
    func.func @example(%q: tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>>,
                       %k: tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>>)
        -> tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>> {
      %root = graph.constant dense<2.82842708> : tensor<f32>
      %s = graph.matmul %q, %k {transpose_rhs}
          : (tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>>,
             tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>>)
          -> tensor<?x4x?x?xf32, #graph.dims<batch, _, seq, seq>>
      %t = graph.div %s, %root
          : (tensor<?x4x?x?xf32, #graph.dims<batch, _, seq, seq>>, tensor<f32>)
          -> tensor<?x4x?x?xf32, #graph.dims<batch, _, seq, seq>>
      %p = graph.softmax %t axis(3)
          : tensor<?x4x?x?xf32, #graph.dims<batch, _, seq, seq>>
      %o = graph.matmul %p, %k
          : (tensor<?x4x?x?xf32, #graph.dims<batch, _, seq, seq>>,
             tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>>)
          -> tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>>
      return %o : tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>>
    }
    ```

    becomes `graph.attention %q, %k, %k scale(0.35355339...)`.
  }];
  // The score region is made of them.
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::math::MathDialect"];
}

def RaiseMasksPass : Pass<"sylvite-raise-masks", "::mlir::func::FuncOp"> {
  let summary = "recognise masks in the biases of attentions";
  let description = [{
    Models add a mask to the scores: a tensor of queries and keys that holds 0
    where a key is seen and -inf, or a low number, where it is not. As algebra
    (`#graph.mask`) a mask takes no memory, and keys that nobody sees need not
    be calculated. Each summand of a bias is looked at by itself:

    - it must hold 0 and a number of -10000 or less, wherever that comes from:
      (1 - m) * -10000, `select`, products and sums of such tensors, `and`, `or`,
      `not`, constants, casts, reshapes and broadcasts;
    - the condition that tells the two apart must have a formula: comparisons of
      positions (`graph.iota`) are `causal`, `causal_to_end`, `window`, `prefix`
      and `padding`, a tensor of batch and keys is `keep`, equal entries of one
      tensor are `document`; several are joined with `and` and `or`;
    - a constant, or the range of a larger one, must equal such a formula in
      each of its elements: what lies between two diagonals, all of it or within
      documents, with a prefix that all see or with keys that nobody sees.

    An integer argument in arithmetic, as in (1 - m) * -10000, is taken to be 0
    or 1 unless its `graph.range` says otherwise. A query that sees no key gives
    zero, also where a finite number would have given it the mean of all values
    (see the rationale). A summand that is no mask stays in the bias, and a
    remark says why.

    ```mlir
    func.func @example(%x: tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>>,
                       %m: tensor<?x1x1x?xi64, #graph.dims<batch, _, _, seq>>)
        -> tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>> {
      %one = graph.constant dense<1.0> : tensor<f32>
      %low = graph.constant dense<-10000.0> : tensor<f32>
      %f = graph.cast %m : tensor<?x1x1x?xi64, #graph.dims<batch, _, _, seq>>
          to tensor<?x1x1x?xf32, #graph.dims<batch, _, _, seq>>
      %h = graph.sub %one, %f
          : (tensor<f32>, tensor<?x1x1x?xf32, #graph.dims<batch, _, _, seq>>)
          -> tensor<?x1x1x?xf32, #graph.dims<batch, _, _, seq>>
      %b = graph.mul %h, %low
          : (tensor<?x1x1x?xf32, #graph.dims<batch, _, _, seq>>, tensor<f32>)
          -> tensor<?x1x1x?xf32, #graph.dims<batch, _, _, seq>>
      %o = graph.attention %x, %x, %x bias(%b)
          : (tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>>,
             tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>>,
             tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>>,
             tensor<?x1x1x?xf32, #graph.dims<batch, _, _, seq>>)
          -> tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>>
      return %o : tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>>
    }
    ```

    gives the attention `mask(keep(%n))`, where %n is %m as [batch, seq].
  }];
}

def FuseHeadProjectionsPass : Pass<"sylvite-fuse-head-projections",
                                   "::mlir::func::FuncOp"> {
  let summary = "make one product of those with a matrix for each head";
  let description = [{
    Some models store the matrices of all heads in one weight, [heads, in, out].
    Two products with such a weight are plain ones in disguise:

    - x W with one x for all heads, in a tensor with extent 1 in the dimension of
      the heads (or without it): a product with a matrix [in, heads * out], and
      heads and features split behind it. A bias [heads, 1, out] goes along;
    - the sum over all heads of o W: a product of the concatenated heads with a
      matrix [heads * in, out].

    The matrix is calculated at compile time.

    ```mlir
    func.func @example(%x: tensor<2x1x5x8xf32>) -> tensor<2x4x5x3xf32> {
      %w = graph.weight "query" : tensor<4x8x3xf32>
      %q = graph.matmul %x, %w : (tensor<2x1x5x8xf32>, tensor<4x8x3xf32>)
          -> tensor<2x4x5x3xf32>
      return %q : tensor<2x4x5x3xf32>
    }
    ```

    becomes a product of %x as [2, 5, 8] with %w as [8, 12].
  }];
}

def FuseHeadsPass : Pass<"sylvite-fuse-heads", "::mlir::func::FuncOp"> {
  let summary = "make one attention of those of single heads";
  let description = [{
    Multi-head attention as its definition states it has for each head matrices of
    its own, an attention, and a place in the concatenation of all results. The
    attentions become one with that many heads, on projections by all matrices at
    once. A sum of what each head adds to the output, h_1 W_1 + ... + h_n W_n, is
    the concatenation times one matrix.

    Conditions:

    - all that is concatenated, along features or heads, are attentions with one
      head, which nothing else uses;
    - they differ in query, key, value and bias alone: scale, similarity, mask and
      formula of scores are equal;
    - the queries are layers of one input (`graph.linear` without activation,
      residual and norm, with trained weights), or slices of one tensor, of its
      features or of a dimension for the heads, in order;
      so are keys and values, of which several heads in a row may read the same.

    ```mlir
    func.func @example(%x: tensor<1x5x8xf32>) -> tensor<1x5x6xf32> {
      %q = graph.slice %x axis(2) [0, 3] : (tensor<1x5x8xf32>) -> tensor<1x5x3xf32>
      %r = graph.slice %x axis(2) [3, 6] : (tensor<1x5x8xf32>) -> tensor<1x5x3xf32>
      %qh = graph.reshape %q : tensor<1x5x3xf32> to tensor<1x1x5x3xf32>
      %rh = graph.reshape %r : tensor<1x5x3xf32> to tensor<1x1x5x3xf32>
      %a = graph.attention %qh, %qh, %qh : (tensor<1x1x5x3xf32>,
          tensor<1x1x5x3xf32>, tensor<1x1x5x3xf32>) -> tensor<1x1x5x3xf32>
      %b = graph.attention %rh, %rh, %rh : (tensor<1x1x5x3xf32>,
          tensor<1x1x5x3xf32>, tensor<1x1x5x3xf32>) -> tensor<1x1x5x3xf32>
      %c = graph.reshape %a : tensor<1x1x5x3xf32> to tensor<1x5x3xf32>
      %d = graph.reshape %b : tensor<1x1x5x3xf32> to tensor<1x5x3xf32>
      %y = graph.concat %c, %d axis(2) : (tensor<1x5x3xf32>, tensor<1x5x3xf32>) -> tensor<1x5x6xf32>
      return %y : tensor<1x5x6xf32>
    }
    ```

    becomes one attention with two heads.
  }];
}

def FuseQkvPass : Pass<"sylvite-fuse-qkv", "::mlir::func::FuncOp"> {
  let summary = "compute query, key and value in one linear layer";
  let description = [{
    The projections of an attention multiply one input by three weights. One
    layer with the weights and biases one after the other (`graph.concat`, which
    packing writes as one matrix) reads the input once, and has three times the
    columns to divide among threads. Slices stand for the old results; with the
    reshapes behind them they are index arithmetic of the attention's kernel.

    Conditions on two or all three of query, key and value:

    - they are results of `graph.linear` with one input, or slices of them,
      reshaped or transposed;
    - the layers have neither activation, residual nor norm;
    - weights and biases are made of weights and constants alone. One that is
      stored the other way round is transposed, and a missing bias is one of
      zeros, both at compile time.

    Where keys and values come from another input than the queries, these two
    are fused. What is one layer already stays as it is; weights that are slices
    of a packed one become a larger slice of it, or all of it.

    ```mlir
    func.func @example(%x: tensor<?x?x8xf32, #graph.dims<batch, seq, _>>)
        -> tensor<?x?x2x4xf32, #graph.dims<batch, seq, _, _>> {
      %wq = graph.weight "query" : tensor<8x8xf32>
      %wk = graph.weight "key" : tensor<8x8xf32>
      %q = graph.linear %x, %wq
          : (tensor<?x?x8xf32, #graph.dims<batch, seq, _>>, tensor<8x8xf32>)
          -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
      %k = graph.linear %x, %wk
          : (tensor<?x?x8xf32, #graph.dims<batch, seq, _>>, tensor<8x8xf32>)
          -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
      %qh = graph.reshape %q : tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
          to tensor<?x?x2x4xf32, #graph.dims<batch, seq, _, _>>
      %kh = graph.reshape %k : tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
          to tensor<?x?x2x4xf32, #graph.dims<batch, seq, _, _>>
      %o = graph.attention %qh, %kh, %kh layout(bshd)
          : (tensor<?x?x2x4xf32, #graph.dims<batch, seq, _, _>>,
             tensor<?x?x2x4xf32, #graph.dims<batch, seq, _, _>>,
             tensor<?x?x2x4xf32, #graph.dims<batch, seq, _, _>>)
          -> tensor<?x?x2x4xf32, #graph.dims<batch, seq, _, _>>
      return %o : tensor<?x?x2x4xf32, #graph.dims<batch, seq, _, _>>
    }
    ```

    becomes one layer with the weight `graph.concat %wq, %wk axis(1)`.
  }];
}

#endif // SYLVITE_FUSION_PASSES_TD
