//===- HalideDialect.td - The halide dialect ----------------*- tablegen -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_DIALECT_HALIDE_HALIDEDIALECT_TD
#define SYLVITE_DIALECT_HALIDE_HALIDEDIALECT_TD

include "mlir/IR/OpBase.td"
include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/EnumAttr.td"
include "mlir/IR/OpAsmInterface.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/DestinationStyleOpInterface.td"
include "mlir/Interfaces/FunctionInterfaces.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Halide_Dialect : Dialect {
  let name = "halide";
  let cppNamespace = "::sylvite::halide";
  let summary = "Halide's algorithms and schedules, as IR";
  let description = [{
    One op per concept of Halide. A `halide.pipeline` is one kernel: its
    arguments are input buffers, its body defines functions by `halide.func`
    (a pure definition) and `halide.update`, with scalar expressions from
    `arith` and `math`, and it ends with the functions that are its outputs. A
    `halide.schedule` is its sibling, for one target: a list of directives, each
    of which equals one call of Halide's scheduling API.

    Three ops stand in host programs, outside of pipelines: `halide.weight`, a
    packed constant tensor, `halide.dim`, a dimension by its name, and
    `halide.invoke`, the call of a kernel.

    Indices are i32 and, as in Halide, the first dimension is the innermost:
    the tensor type `tensor<MxKxf32>` is the buffer `!halide.buffer<KxMxf32>`.
  }];
  let useDefaultTypePrinterParser = 1;
  let useDefaultAttributePrinterParser = 1;
  let extraClassDeclaration = [{
    /// Pipeline attribute: the kernel's class, which picks the policy that
    /// schedules it.
    static constexpr llvm::StringLiteral kKernelClass = "halide.class";
    /// Pipeline argument attribute: the buffer's name in schedules and in what
    /// Halide prints.
    static constexpr llvm::StringLiteral kName = "halide.name";
    /// Pipeline argument attribute: alignment of the buffer's host pointer, in
    /// bytes.
    static constexpr llvm::StringLiteral kAlign = "halide.align";
    /// Pipeline result attribute: the kernel keeps what it does not write.
    static constexpr llvm::StringLiteral kInPlace = "halide.in_place";
  }];
}

class Halide_Op<string mnemonic, list<Trait> traits = []>
    : Op<Halide_Dialect, mnemonic, traits>;

class Halide_Type<string name, string typeMnemonic>
    : TypeDef<Halide_Dialect, name> {
  let mnemonic = typeMnemonic;
  let hasCustomAssemblyFormat = 1;
}

def Halide_BufferType : Halide_Type<"Buffer", "buffer"> {
  let summary = "a dense buffer, innermost dimension first";
  let description = [{
    Mirrors `ImageParam` and `OutputImageParam`. A static extent becomes
    `dim(i).set_bounds(0, extent)`; strides are dense, and constant where all
    extents below them are.

    ```
    !halide.buffer<384x?xf32>   // 384 columns, any number of rows
    ```
  }];
  let parameters = (ins ArrayRefParameter<"int64_t">:$shape,
                        "::mlir::Type":$elementType);
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    unsigned getRank() const { return getShape().size(); }
  }];
}

def Halide_FuncType : Halide_Type<"Func", "func"> {
  let summary = "a function from integer coordinates to a scalar";
  let description = [{
    Mirrors `Func`: its number of dimensions and its value's type.

    ```
    !halide.func<2xf32>
    ```
  }];
  let parameters = (ins "unsigned":$rank, "::mlir::Type":$elementType);
  let genVerifyDecl = 1;
}

def Halide_Scalar : AnyTypeOf<[F64, F32, F16, BF16, I64, I32, I16, I8, I1,
                               UI64, UI32, UI16, UI8]>;

class Halide_Enum<string name, string summary, list<I32EnumAttrCase> cases>
    : I32EnumAttr<name, summary, cases> {
  let cppNamespace = "::sylvite::halide";
  let genSpecializedAttr = 0;
}

def Halide_TailStrategy : Halide_Enum<"TailStrategy",
  "what a split does where its factor does not divide the extent", [
    I32EnumAttrCase<"Auto", 0, "auto">,
    I32EnumAttrCase<"RoundUp", 1, "round_up">,
    I32EnumAttrCase<"GuardWithIf", 2, "guard_with_if">,
    I32EnumAttrCase<"ShiftInwards", 3, "shift_inwards">,
    I32EnumAttrCase<"Predicate", 4, "predicate">,
    I32EnumAttrCase<"PredicateLoads", 5, "predicate_loads">,
    I32EnumAttrCase<"PredicateStores", 6, "predicate_stores">]>;
def Halide_TailStrategyAttr
    : EnumAttr<Halide_Dialect, Halide_TailStrategy, "tail">;

def Halide_MemoryType : Halide_Enum<"MemoryType", "where a function is stored", [
    I32EnumAttrCase<"Auto", 0, "auto">,
    I32EnumAttrCase<"Heap", 1, "heap">,
    I32EnumAttrCase<"Stack", 2, "stack">,
    I32EnumAttrCase<"Register", 3, "register">,
    I32EnumAttrCase<"GPUShared", 4, "gpu_shared">]>;
def Halide_MemoryTypeAttr
    : EnumAttr<Halide_Dialect, Halide_MemoryType, "memory">;

def Halide_Partition : Halide_Enum<"Partition", "whether a loop is partitioned", [
    I32EnumAttrCase<"Auto", 0, "auto">,
    I32EnumAttrCase<"Never", 1, "never">,
    I32EnumAttrCase<"Always", 2, "always">]>;
def Halide_PartitionAttr
    : EnumAttr<Halide_Dialect, Halide_Partition, "partitioning">;

def Halide_DotKind : Halide_Enum<"DotKind",
  "what the parts of a word are", [
    I32EnumAttrCase<"U8S8", 0, "u8s8">,
    I32EnumAttrCase<"BF16", 1, "bf16">,
    I32EnumAttrCase<"S16S8", 2, "s16s8">]>;
def Halide_DotKindAttr : EnumAttr<Halide_Dialect, Halide_DotKind, "dot_kind">;

def Halide_QuantizedPart : Halide_Enum<"QuantizedPart",
  "what is kept of a quantised matrix", [
    I32EnumAttrCase<"Values", 0, "values">,
    I32EnumAttrCase<"Scales", 1, "scales">,
    I32EnumAttrCase<"Offsets", 2, "offsets">]>;
def Halide_QuantizedPartAttr
    : EnumAttr<Halide_Dialect, Halide_QuantizedPart, "quantized">;

#endif // SYLVITE_DIALECT_HALIDE_HALIDEDIALECT_TD
