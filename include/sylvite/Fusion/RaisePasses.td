//===- RaisePasses.td - Ops of the field, from plain ones --*- tablegen -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_FUSION_RAISEPASSES_TD
#define SYLVITE_FUSION_RAISEPASSES_TD

include "mlir/Pass/PassBase.td"

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

#endif // SYLVITE_FUSION_RAISEPASSES_TD
