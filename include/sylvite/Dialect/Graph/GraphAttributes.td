//===- GraphAttributes.td - Attributes of the graph dialect -*- tablegen -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_DIALECT_GRAPH_GRAPHATTRIBUTES_TD
#define SYLVITE_DIALECT_GRAPH_GRAPHATTRIBUTES_TD

include "sylvite/Dialect/Graph/GraphDialect.td"

class Graph_Attr<string name, string attrMnemonic, list<Trait> traits = []>
    : AttrDef<Graph_Dialect, name, traits> {
  let mnemonic = attrMnemonic;
}

def Graph_DimsAttr : Graph_Attr<"Dims", "dims",
    [DeclareAttrInterfaceMethods<VerifiableTensorEncoding>]> {
  let summary = "names of a tensor's dimensions";
  let description = [{
    The encoding of a ranked tensor: one entry a dimension, `_` where the
    dimension has no name (a static one never needs one). A name may be a
    product, `batch*seq`, where a reshape has merged dimensions, and a sum in
    parentheses, `(past+seq)`, where tensors were put one after the other. A sum
    has one spelling: what all terms have in common stands in front, the terms
    stand in alphabetical order, and a number stands last.

    ```
    tensor<?x?x384xf32, #graph.dims<batch, seq, _>>
    ```
  }];
  let parameters = (ins ArrayRefParameter<"::mlir::StringAttr">:$names);
  let hasCustomAssemblyFormat = 1;
}

def Graph_MaskKind : I32EnumAttr<"MaskKind", "a node of the mask algebra", [
    I32EnumAttrCase<"Causal", 0, "causal">,
    I32EnumAttrCase<"CausalToEnd", 1, "causal_to_end">,
    I32EnumAttrCase<"Window", 2, "window">,
    I32EnumAttrCase<"Prefix", 3, "prefix">,
    I32EnumAttrCase<"Padding", 4, "padding">,
    I32EnumAttrCase<"Keep", 5, "keep">,
    I32EnumAttrCase<"Document", 6, "document">,
    I32EnumAttrCase<"And", 7, "and">,
    I32EnumAttrCase<"Or", 8, "or">]> {
  let cppNamespace = "::sylvite::graph";
}

def Graph_MaskAttr : Graph_Attr<"Mask", "mask"> {
  let summary = "which keys a query sees, as algebra";
  let description = [{
    With query i of S and key j of T, a key is seen where the mask is true:

    | mask | true where |
    | --- | --- |
    | `causal` | j <= i |
    | `causal_to_end` | j <= i + T - S |
    | `window(n)` | i + T - S - n < j <= i + T - S |
    | `prefix(n)` | j < n |
    | `padding(%l)` | j < l[b], l an integer tensor [batch] |
    | `keep(%m)` | m[b, j] != 0, m an integer or boolean tensor [batch, T] |
    | `document(%d)` | d[b, i + T - S] == d[b, j], d an integer tensor [batch, T] |
    | `a and b`, `a or b` | both, either |

    `and` binds tighter than `or`; parentheses group. In the attribute, operands
    are indices into the op's mask operands: `#graph.mask<causal and keep(0)>`.
  }];
  let parameters = (ins
    "::sylvite::graph::MaskKind":$kind,
    // Window/prefix: the length; padding/keep/document: the operand's index.
    DefaultValuedParameter<"int64_t", "0">:$value,
    OptionalArrayRefParameter<"::sylvite::graph::MaskAttr">:$children);
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    /// True if this node refers to a mask operand.
    bool takesOperand() const {
      return getKind() == MaskKind::Padding || getKind() == MaskKind::Keep ||
             getKind() == MaskKind::Document;
    }
    /// Leaves in order of appearance.
    void walkLeaves(llvm::function_ref<void(MaskAttr)> visit) const;
    /// `lhs & rhs`, or the other one where one is null.
    static MaskAttr conjunction(MaskAttr lhs, MaskAttr rhs);
  }];
}

//===----------------------------------------------------------------------===//
// Enumerations
//===----------------------------------------------------------------------===//

class Graph_Enum<string name, string summary, list<I32EnumAttrCase> cases>
    : I32EnumAttr<name, summary, cases> {
  let cppNamespace = "::sylvite::graph";
  let genSpecializedAttr = 0;
}
// Ops write these as custom<Keyword>($attr): the generated printer puts a blank
// in front, which generic IR needs and `layout(bshd)` does not.
class Graph_EnumAttr<EnumAttrInfo info, string mnemonic>
    : EnumAttr<Graph_Dialect, info, mnemonic>;

def Graph_Activation : Graph_Enum<"Activation", "activation of an epilogue", [
    I32EnumAttrCase<"None", 0, "none">,
    I32EnumAttrCase<"Relu", 1, "relu">,
    I32EnumAttrCase<"GeluErf", 2, "gelu_erf">,
    I32EnumAttrCase<"GeluTanh", 3, "gelu_tanh">,
    I32EnumAttrCase<"Silu", 4, "silu">,
    I32EnumAttrCase<"Tanh", 5, "tanh">,
    I32EnumAttrCase<"Sigmoid", 6, "sigmoid">]>;
def Graph_ActivationAttr : Graph_EnumAttr<Graph_Activation, "activation">;

def Graph_NormKind : Graph_Enum<"NormKind", "norm of an epilogue", [
    I32EnumAttrCase<"None", 0, "none">,
    I32EnumAttrCase<"Layer", 1, "layer">,
    I32EnumAttrCase<"Rms", 2, "rms">]>;
def Graph_NormKindAttr : Graph_EnumAttr<Graph_NormKind, "norm">;

def Graph_ReduceKind : Graph_Enum<"ReduceKind", "reduction", [
    I32EnumAttrCase<"Sum", 0, "sum">,
    I32EnumAttrCase<"Mean", 1, "mean">,
    I32EnumAttrCase<"Max", 2, "max">,
    I32EnumAttrCase<"Min", 3, "min">,
    I32EnumAttrCase<"Product", 4, "product">]>;
def Graph_ReduceKindAttr : Graph_EnumAttr<Graph_ReduceKind, "reduction">;

def Graph_BitKind : Graph_Enum<"BitKind", "operation on bits", [
    I32EnumAttrCase<"And", 0, "and">, I32EnumAttrCase<"Or", 1, "or">,
    I32EnumAttrCase<"Xor", 2, "xor">, I32EnumAttrCase<"Shl", 3, "shl">,
    I32EnumAttrCase<"Shr", 4, "shr">]>;
def Graph_BitKindAttr : Graph_EnumAttr<Graph_BitKind, "bits">;

def Graph_ScatterKind : Graph_Enum<"ScatterKind", "what an update does", [
    I32EnumAttrCase<"Set", 0, "set">, I32EnumAttrCase<"Add", 1, "add">,
    I32EnumAttrCase<"Mul", 2, "mul">, I32EnumAttrCase<"Max", 3, "max">,
    I32EnumAttrCase<"Min", 4, "min">]>;
def Graph_ScatterKindAttr : Graph_EnumAttr<Graph_ScatterKind, "scatter">;

def Graph_ComparePredicate : Graph_Enum<"ComparePredicate", "comparison", [
    I32EnumAttrCase<"Eq", 0, "eq">, I32EnumAttrCase<"Ne", 1, "ne">,
    I32EnumAttrCase<"Lt", 2, "lt">, I32EnumAttrCase<"Le", 3, "le">,
    I32EnumAttrCase<"Gt", 4, "gt">, I32EnumAttrCase<"Ge", 5, "ge">]>;
def Graph_ComparePredicateAttr
    : Graph_EnumAttr<Graph_ComparePredicate, "predicate">;

def Graph_Similarity : Graph_Enum<"Similarity", "score of a query and a key", [
    I32EnumAttrCase<"Dot", 0, "dot">,
    I32EnumAttrCase<"Cosine", 1, "cosine">,
    I32EnumAttrCase<"Additive", 2, "additive">,
    I32EnumAttrCase<"General", 3, "general">]>;
def Graph_SimilarityAttr : Graph_EnumAttr<Graph_Similarity, "similarity">;

def Graph_HeadLayout : Graph_Enum<"HeadLayout", "order of attention's dims", [
    I32EnumAttrCase<"Bhsd", 0, "bhsd">,
    I32EnumAttrCase<"Bshd", 1, "bshd">]>;
def Graph_HeadLayoutAttr : Graph_EnumAttr<Graph_HeadLayout, "layout">;

def Graph_PoolKind : Graph_Enum<"PoolKind", "pooling over a sequence", [
    I32EnumAttrCase<"Mean", 0, "mean">,
    I32EnumAttrCase<"Cls", 1, "cls">,
    I32EnumAttrCase<"Max", 2, "max">]>;
def Graph_PoolKindAttr : Graph_EnumAttr<Graph_PoolKind, "pooling">;

def Graph_Direction : Graph_Enum<"Direction", "order of a sequence", [
    I32EnumAttrCase<"Forward", 0, "forward">,
    I32EnumAttrCase<"Reverse", 1, "reverse">,
    I32EnumAttrCase<"Both", 2, "both">]>;
def Graph_DirectionAttr : Graph_EnumAttr<Graph_Direction, "direction">;

#endif // SYLVITE_DIALECT_GRAPH_GRAPHATTRIBUTES_TD
