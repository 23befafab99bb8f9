//===- GraphDialect.td - The graph dialect ------------------*- tablegen -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_DIALECT_GRAPH_GRAPHDIALECT_TD
#define SYLVITE_DIALECT_GRAPH_GRAPHDIALECT_TD

include "mlir/IR/OpBase.td"
include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/BuiltinAttributeInterfaces.td"
include "mlir/IR/TensorEncoding.td"
include "mlir/IR/EnumAttr.td"
include "mlir/IR/OpAsmInterface.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/IR/RegionKindInterface.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/SideEffectInterfaces.td"
include "sylvite/Dialect/Graph/CostInterface.td"

def Graph_Dialect : Dialect {
  let name = "graph";
  let cppNamespace = "::sylvite::graph";
  let summary = "Transformer models as dataflow graphs";
  let description = [{
    One op per concept of the field, on ranked tensors whose dynamic
    dimensions carry names. Two dimensions of one name have one extent in the
    whole function, so no pass ever has to guess that two `?` agree, and the C
    header of a compiled model can call them by name:

    ```
    tensor<?x?x384xf32, #graph.dims<batch, seq, _>>
    ```

    Ops come in two layers. *Plain* ops (`graph.matmul`, `graph.add`,
    `graph.softmax`, ...) say what a model's definition says; importers emit
    these alone. *Fused* ops (`graph.linear`, `graph.attention`,
    `graph.embeddings`, `graph.pool`, ...) say one idea each; the fusion
    passes raise plain ops to them and the kernels phase turns each into one
    Halide pipeline.

    Everything is functional: an op has no effect but its results.
  }];
  let useDefaultAttributePrinterParser = 1;
  let extraClassDeclaration = [{
    /// Module attribute: paths of the safetensors files that hold the weights.
    static constexpr llvm::StringLiteral kWeightFiles = "graph.weight_files";
    /// Argument/result attribute: the name users see.
    static constexpr llvm::StringLiteral kName = "graph.name";
    /// Argument attribute: the value an input takes when a caller omits it.
    static constexpr llvm::StringLiteral kDefault = "graph.default";
    /// Argument attribute `[lo, hi]`: every value satisfies lo <= v < hi.
    static constexpr llvm::StringLiteral kRange = "graph.range";
    /// Result attribute: the number of the argument whose memory it takes.
    static constexpr llvm::StringLiteral kInPlace = "graph.in_place";
    /// Function attribute: a dictionary from dimension names to upper bounds.
    static constexpr llvm::StringLiteral kDimMax = "graph.dim_max";
    /// Argument/result attribute once integers lose their signs: it is of an
    /// unsigned type.
    static constexpr llvm::StringLiteral kUnsigned = "graph.unsigned";
    /// Argument/result attribute once types lose their encoding: dim names.
    static constexpr llvm::StringLiteral kDims = "graph.dims";
  }];
  let hasOperationAttrVerify = 1;
  let hasRegionArgAttrVerify = 1;
  let hasRegionResultAttrVerify = 1;
}

/// Every op tells its cost, by a method beside its rules.
class Graph_Op<string mnemonic, list<Trait> traits = []>
    : Op<Graph_Dialect, mnemonic, !listconcat(traits, [
        DeclareOpInterfaceMethods<Graph_CostOpInterface>])>;

//===----------------------------------------------------------------------===//
// Types used by the ops
//===----------------------------------------------------------------------===//

def Graph_Float : AnyTypeOf<[F64, F32, F16, BF16]>;
def Graph_Int : AnyTypeOf<[I64, I32, I16, I8, I1, UI64, UI32, UI16, UI8]>;
def Graph_Element : AnyTypeOf<[Graph_Float, Graph_Int]>;
def Graph_Tensor : RankedTensorOf<[Graph_Element]>;
def Graph_FloatTensor : RankedTensorOf<[Graph_Float]>;
def Graph_IntTensor : RankedTensorOf<[Graph_Int]>;
def Graph_BoolTensor : RankedTensorOf<[I1]>;

#endif // SYLVITE_DIALECT_GRAPH_GRAPHDIALECT_TD
