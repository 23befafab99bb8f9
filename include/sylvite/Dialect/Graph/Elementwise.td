//===- Elementwise.td - Pointwise ops of the graph dialect --*- tablegen -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_DIALECT_GRAPH_ELEMENTWISE_TD
#define SYLVITE_DIALECT_GRAPH_ELEMENTWISE_TD

include "sylvite/Dialect/Graph/GraphAttributes.td"

/// y = f(x), shape and element type kept.
class Graph_UnaryOp<string mnemonic, string formula, Type type = Graph_FloatTensor>
    : Graph_Op<mnemonic, [Pure, Elementwise, SameOperandsAndResultType]> {
  let summary = "y = " # formula;
  let arguments = (ins type:$input);
  let results = (outs type:$result);
  let assemblyFormat = "$input attr-dict `:` type($input)";
  let description = [{
    Pointwise }] # formula # [{.

    ```mlir
    func.func @example(%x: tensor<?x8xf32, #graph.dims<seq, _>>)
        -> tensor<?x8xf32, #graph.dims<seq, _>> {
      %y = graph.}] # mnemonic # [{ %x : tensor<?x8xf32, #graph.dims<seq, _>>
      return %y : tensor<?x8xf32, #graph.dims<seq, _>>
    }
    ```
  }];
}

def Graph_NegOp : Graph_UnaryOp<"neg", "-x", Graph_Tensor>;
def Graph_AbsOp : Graph_UnaryOp<"abs", "|x|", Graph_Tensor>;
def Graph_ExpOp : Graph_UnaryOp<"exp", "exp(x)">;
def Graph_LogOp : Graph_UnaryOp<"log", "ln(x)">;
def Graph_SqrtOp : Graph_UnaryOp<"sqrt", "sqrt(x)">;
def Graph_RsqrtOp : Graph_UnaryOp<"rsqrt", "1 / sqrt(x)">;
def Graph_ReciprocalOp : Graph_UnaryOp<"reciprocal", "1 / x">;
def Graph_TanhOp : Graph_UnaryOp<"tanh", "tanh(x)">;
def Graph_ErfOp : Graph_UnaryOp<"erf", "erf(x)">;
def Graph_SinOp : Graph_UnaryOp<"sin", "sin(x)">;
def Graph_CosOp : Graph_UnaryOp<"cos", "cos(x)">;
def Graph_AsinOp : Graph_UnaryOp<"asin", "arcsin(x)">;
def Graph_AcosOp : Graph_UnaryOp<"acos", "arccos(x)">;
def Graph_AtanOp : Graph_UnaryOp<"atan", "arctan(x)">;
def Graph_FloorOp : Graph_UnaryOp<"floor", "the largest integer up to x">;
def Graph_CeilOp : Graph_UnaryOp<"ceil", "the smallest integer from x on">;
def Graph_RoundOp : Graph_UnaryOp<"round",
    "the integer nearest to x, of two the even one">;
def Graph_SigmoidOp : Graph_UnaryOp<"sigmoid", "1 / (1 + exp(-x))">;
def Graph_ReluOp : Graph_UnaryOp<"relu", "max(x, 0)">;
def Graph_SiluOp : Graph_UnaryOp<"silu", "x / (1 + exp(-x))">;
def Graph_NotOp : Graph_UnaryOp<"not", "not x", Graph_BoolTensor> {
  let description = [{
    Pointwise not x of booleans.

    ```mlir
    func.func @example(%x: tensor<4x8xi1>) -> tensor<4x8xi1> {
      %y = graph.not %x : tensor<4x8xi1>
      return %y : tensor<4x8xi1>
    }
    ```
  }];
}

def Graph_GeluOp : Graph_Op<"gelu",
    [Pure, Elementwise, SameOperandsAndResultType]> {
  let summary = "Gaussian error linear unit";
  let description = [{
    y = x/2 (1 + erf(x/sqrt 2)), or with `tanh` the approximation
    y = x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))).
    Source: Hendrycks and Gimpel, "Gaussian Error Linear Units", 2016.

    ```mlir
    func.func @example(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
      %y = graph.gelu %x tanh : tensor<4x8xf32>
      return %y : tensor<4x8xf32>
    }
    ```
  }];
  let arguments = (ins Graph_FloatTensor:$input, UnitAttr:$approximate_tanh);
  let results = (outs Graph_FloatTensor:$result);
  let assemblyFormat = [{
    $input (`tanh` $approximate_tanh^)? attr-dict `:` type($input)
  }];
}

/// Pointwise with numpy's broadcasting; `resultElement` picks the element type.
class Graph_BroadcastOp<string mnemonic, list<Trait> traits = []>
    : Graph_Op<mnemonic, !listconcat(traits,
        [Pure, InferTypeOpAdaptor])>;

class Graph_BinaryOp<string mnemonic, string formula, Type type = Graph_Tensor,
                     list<Trait> traits = []>
    : Graph_BroadcastOp<mnemonic, traits> {
  let summary = "y = " # formula;
  let arguments = (ins type:$lhs, type:$rhs);
  let results = (outs type:$result);
  let assemblyFormat =
      "$lhs `,` $rhs attr-dict `:` functional-type(operands, results)";
  let description = [{
    Pointwise }] # formula # [{, with broadcasting.

    Rules:
    - BROADCAST-1: both element types are equal.
    - BROADCAST-2: aligned at the last dimension, two extents are equal or one
      of them is 1; equal means the same number or the same name.

    ```mlir
    func.func @example(%x: tensor<?x8xf32, #graph.dims<seq, _>>,
                       %b: tensor<8xf32>)
        -> tensor<?x8xf32, #graph.dims<seq, _>> {
      %y = graph.}] # mnemonic # [{ %x, %b
          : (tensor<?x8xf32, #graph.dims<seq, _>>, tensor<8xf32>)
          -> tensor<?x8xf32, #graph.dims<seq, _>>
      return %y : tensor<?x8xf32, #graph.dims<seq, _>>
    }
    ```
  }];
}

def Graph_AddOp : Graph_BinaryOp<"add", "a + b", Graph_Tensor, [Commutative]> {
  let hasFolder = 1;
}
def Graph_SubOp : Graph_BinaryOp<"sub", "a - b"> { let hasFolder = 1; }
def Graph_MulOp : Graph_BinaryOp<"mul", "a b", Graph_Tensor, [Commutative]> {
  let hasFolder = 1;
}
def Graph_DivOp : Graph_BinaryOp<"div",
    "a / b (of integers rounded toward zero)"> {
  let hasFolder = 1;
}
def Graph_ModOp : Graph_BinaryOp<"mod", "a - b floor(a / b)">;
def Graph_PowOp : Graph_BinaryOp<"pow", "a ^ b", Graph_FloatTensor>;
def Graph_MaximumOp : Graph_BinaryOp<"maximum", "max(a, b)", Graph_Tensor,
                                     [Commutative]>;
def Graph_MinimumOp : Graph_BinaryOp<"minimum", "min(a, b)", Graph_Tensor,
                                     [Commutative]>;

def Graph_BitwiseOp : Graph_BroadcastOp<"bitwise"> {
  let summary = "and, or, xor and shifts of bits";
  let description = [{
    Pointwise on the bits of integers, with broadcasting as in `graph.add`
    (rules BROADCAST-1 and BROADCAST-2). `shl` and `shr` shift the bits of a by
    b places, which is not negative and less than the width; zeros come in.

    ```mlir
    func.func @example(%a: tensor<2x4xi32>, %b: tensor<4xi32>)
        -> tensor<2x4xi32> {
      %y = graph.bitwise xor %a, %b
          : (tensor<2x4xi32>, tensor<4xi32>) -> tensor<2x4xi32>
      return %y : tensor<2x4xi32>
    }
    ```
  }];
  let arguments = (ins Graph_BitKindAttr:$kind, Graph_IntTensor:$lhs,
                       Graph_IntTensor:$rhs);
  let results = (outs Graph_IntTensor:$result);
  let assemblyFormat = [{
    custom<Keyword>($kind) $lhs `,` $rhs attr-dict
    `:` functional-type(operands, results)
  }];
}

class Graph_LogicOp<string mnemonic, string formula>
    : Graph_BroadcastOp<mnemonic, [Commutative]> {
  let summary = "y = " # formula;
  let description = [{
    Pointwise }] # formula # [{ of booleans, with broadcasting
    as in `graph.add` (rules BROADCAST-1 and BROADCAST-2).

    ```mlir
    func.func @example(%a: tensor<2x4xi1>, %b: tensor<4xi1>) -> tensor<2x4xi1> {
      %y = graph.}] # mnemonic # [{ %a, %b
          : (tensor<2x4xi1>, tensor<4xi1>) -> tensor<2x4xi1>
      return %y : tensor<2x4xi1>
    }
    ```
  }];
  let arguments = (ins Graph_BoolTensor:$lhs, Graph_BoolTensor:$rhs);
  let results = (outs Graph_BoolTensor:$result);
  let assemblyFormat =
      "$lhs `,` $rhs attr-dict `:` functional-type(operands, results)";
}
def Graph_AndOp : Graph_LogicOp<"and", "a and b">;
def Graph_OrOp : Graph_LogicOp<"or", "a or b">;

def Graph_CompareOp : Graph_BroadcastOp<"compare"> {
  let summary = "y = a <predicate> b";
  let description = [{
    Pointwise comparison with broadcasting as in `graph.add` (rules
    BROADCAST-1 and BROADCAST-2).

    ```mlir
    func.func @example(%m: tensor<?xi64, #graph.dims<seq>>)
        -> tensor<?xi1, #graph.dims<seq>> {
      %zero = graph.constant dense<0> : tensor<i64>
      %y = graph.compare ne %m, %zero
          : (tensor<?xi64, #graph.dims<seq>>, tensor<i64>)
          -> tensor<?xi1, #graph.dims<seq>>
      return %y : tensor<?xi1, #graph.dims<seq>>
    }
    ```
  }];
  let arguments = (ins Graph_ComparePredicateAttr:$predicate, Graph_Tensor:$lhs,
                       Graph_Tensor:$rhs);
  let results = (outs Graph_BoolTensor:$result);
  let assemblyFormat = [{
    custom<Keyword>($predicate) $lhs `,` $rhs attr-dict
    `:` functional-type(operands, results)
  }];
}

def Graph_SelectOp : Graph_BroadcastOp<"select"> {
  let summary = "y = condition ? a : b";
  let description = [{
    Pointwise choice; the three operands broadcast together (rules BROADCAST-1
    for the two choices and BROADCAST-2).

    ```mlir
    func.func @example(%c: tensor<4xi1>, %a: tensor<2x4xf32>) -> tensor<2x4xf32> {
      %z = graph.constant dense<0.0> : tensor<f32>
      %y = graph.select %c, %a, %z
          : (tensor<4xi1>, tensor<2x4xf32>, tensor<f32>) -> tensor<2x4xf32>
      return %y : tensor<2x4xf32>
    }
    ```
  }];
  let arguments = (ins Graph_BoolTensor:$condition, Graph_Tensor:$on_true,
                       Graph_Tensor:$on_false);
  let results = (outs Graph_Tensor:$result);
  let assemblyFormat = [{
    $condition `,` $on_true `,` $on_false attr-dict
    `:` functional-type(operands, results)
  }];
}

def Graph_CastOp : Graph_Op<"cast", [Pure, Elementwise,
                                     SameOperandsAndResultShape]> {
  let summary = "another element type";
  let description = [{
    Float to integer rounds toward zero, any number to i1 asks whether it is
    not zero, i1 to a number gives 0 or 1, float to a narrower float rounds to
    nearest even.

    ```mlir
    func.func @example(%m: tensor<4xi64>) -> tensor<4xf32> {
      %y = graph.cast %m : tensor<4xi64> to tensor<4xf32>
      return %y : tensor<4xf32>
    }
    ```
  }];
  let arguments = (ins Graph_Tensor:$input);
  let results = (outs Graph_Tensor:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `to` type($result)";
  let hasFolder = 1;
}

#endif // SYLVITE_DIALECT_GRAPH_ELEMENTWISE_TD
