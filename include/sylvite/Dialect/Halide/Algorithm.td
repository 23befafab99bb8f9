//===- Algorithm.td - Pipelines, functions, expressions -----*- tablegen -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_DIALECT_HALIDE_ALGORITHM_TD
#define SYLVITE_DIALECT_HALIDE_ALGORITHM_TD

include "sylvite/Dialect/Halide/HalideDialect.td"

def Halide_PipelineOp : Halide_Op<"pipeline", [IsolatedFromAbove, Symbol,
                                               FunctionOpInterface]> {
  let summary = "one kernel: its buffers and its algorithm";
  let description = [{
    Mirrors `Pipeline`. Arguments are input buffers; the types behind the arrow
    are those of the output buffers, which `halide.output` fills.

    Rules:
    - PIPELINE-1: arguments and results are buffers, and there is a result.
    - PIPELINE-2: the body is one block that ends with `halide.output`.
    - PIPELINE-3: functions have distinct names.
    - PIPELINE-4: outputs whose pure definition is `halide.undef`, and no others,
      have the result attribute `halide.in_place`: the buffer keeps what updates
      do not write.

    ```mlir
    halide.pipeline @double(%x: !halide.buffer<?xf32>) -> !halide.buffer<?xf32> {
      %two = arith.constant 2.0 : f32
      %out = halide.func "out"(i = %i) : f32 {
        %a = halide.load %x[%i] : !halide.buffer<?xf32>
        %b = arith.mulf %a, %two : f32
        halide.yield %b : f32
      }
      halide.output %out : !halide.func<1xf32>
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name,
                       TypeAttrOf<FunctionType>:$function_type,
                       OptionalAttr<DictArrayAttr>:$arg_attrs,
                       OptionalAttr<DictArrayAttr>:$res_attrs);
  let regions = (region SizedRegion<1>:$body);
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
  let hasRegionVerifier = 1;
  let extraClassDeclaration = [{
    /// FunctionOpInterface.
    ::mlir::Type cloneTypeWith(::mlir::TypeRange inputs,
                               ::mlir::TypeRange results) {
      return ::mlir::FunctionType::get(getContext(), inputs, results);
    }
    ::llvm::ArrayRef<::mlir::Type> getArgumentTypes() {
      return getFunctionType().getInputs();
    }
    ::llvm::ArrayRef<::mlir::Type> getResultTypes() {
      return getFunctionType().getResults();
    }
    ::mlir::Region *getCallableRegion() { return &getBody(); }

    OutputOp getOutput();
    /// The name of the i-th argument: its `halide.name`, else arg<i>.
    ::llvm::SmallString<16> getInputName(unsigned i);
    /// The function of that name, or null.
    FuncOp lookupFunc(::llvm::StringRef name);
  }];
}

def Halide_OutputOp : Halide_Op<"output", [Pure, Terminator,
                                           HasParent<"PipelineOp">]> {
  let summary = "the functions that fill a pipeline's output buffers";
  let description = [{
    Rules:
    - OUTPUT-1: the functions' ranks and element types are those of the
      pipeline's output buffers.
    - OUTPUT-2: they are results of `halide.func`, with one value each.
  }];
  let arguments = (ins Variadic<Halide_FuncType>:$outputs);
  let assemblyFormat = "$outputs attr-dict `:` type($outputs)";
  let hasVerifier = 1;
}

def Halide_FuncOp : Halide_Op<"func", [SingleBlock, HasParent<"PipelineOp">,
    DeclareOpInterfaceMethods<OpAsmOpInterface, ["getAsmResultNames",
                                                 "getAsmBlockArgumentNames"]>]> {
  let summary = "a function, by its pure definition";
  let description = [{
    Mirrors `Func f; f(x, y) = ...;`. The region's arguments are the pure
    variables (i32), innermost first; schedules call them by the names before
    the equal signs. A function of several values mirrors one of a `Tuple`; it
    has a result for each of them, and its updates change them together.

    Rules:
    - FUNC-1: there is one name a variable, and they are distinct.
    - FUNC-2: the region yields the function's element types, at no place of its
      own.
    - FUNC-3: there is a value, and all have the same rank.

    ```mlir
    halide.pipeline @iota() -> !halide.buffer<?xi32> {
      %f = halide.func "f"(x = %x) : i32 {
        halide.yield %x : i32
      }
      halide.output %f : !halide.func<1xi32>
    }
    ```

    The least and the greatest element, in one loop:

    ```mlir
    halide.pipeline @range(%x: !halide.buffer<?xi32>) -> !halide.buffer<1xi32> {
      %zero = arith.constant 0 : i32
      %extent = halide.extent %x[0] : !halide.buffer<?xi32>
      %ends:2 = halide.func "ends"(i = %i) : i32, i32 {
        %first = halide.load %x[%zero] : !halide.buffer<?xi32>
        halide.yield %first, %first : i32, i32
      }
      halide.update %ends#0(i = %i) over (k = %k in %zero to %extent)
          : !halide.func<1xi32> {
        %a = halide.load %x[%k] : !halide.buffer<?xi32>
        %low = halide.call %ends#0(%i) : !halide.func<1xi32>
        %high = halide.call %ends#1(%i) : !halide.func<1xi32>
        %min = arith.minsi %low, %a : i32
        %max = arith.maxsi %high, %a : i32
        halide.yield %min, %max : i32, i32
      }
      %out = halide.func "out"(i = %i) : i32 {
        %low = halide.call %ends#0(%i) : !halide.func<1xi32>
        %high = halide.call %ends#1(%i) : !halide.func<1xi32>
        %d = arith.subi %high, %low : i32
        halide.yield %d : i32
      }
      halide.output %out : !halide.func<1xi32>
    }
    ```
  }];
  let arguments = (ins StrAttr:$name, StrArrayAttr:$vars);
  let regions = (region SizedRegion<1>:$body);
  let results = (outs Variadic<Halide_FuncType>:$values);
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
  let skipDefaultBuilders = 1;
  let builders = [OpBuilder<(ins "::llvm::StringRef":$name,
    "::llvm::ArrayRef<::llvm::StringRef>":$vars, "::mlir::TypeRange":$elements,
    "::llvm::function_ref<void(::mlir::OpBuilder &, ::mlir::Location, "
    "::mlir::ValueRange)>":$body)>];
  let extraClassDeclaration = [{
    /// Its first value, which is the only one of most functions.
    ::mlir::TypedValue<FuncType> getResult() {
      return ::llvm::cast<::mlir::TypedValue<FuncType>>(
          (*this)->getResult(0));
    }
    FuncType getType() { return getResult().getType(); }
    /// The element types of all values.
    ::llvm::SmallVector<::mlir::Type> getElementTypes();
    /// Is its pure definition `halide.undef`?
    bool isUndefined();
  }];
}

def Halide_UpdateOp : Halide_Op<"update", [SingleBlock, AttrSizedOperandSegments,
    HasParent<"PipelineOp">,
    DeclareOpInterfaceMethods<OpAsmOpInterface, ["getAsmBlockArgumentNames"]>]> {
  let summary = "an update definition, over a reduction domain";
  let description = [{
    Mirrors `RDom r(...); f(x, y) = ...;`. The region's arguments are the pure
    variables, then the reduction variables with their ranges [from, to). The
    region says the new value at (x, y), or at the place that its `halide.yield`
    names; what it reads of the function itself is the value so far.
    `halide.where` restricts the domain.

    Rules:
    - UPDATE-1: the variables' names are distinct, and the pure ones are as many
      as the function has dimensions.
    - UPDATE-2: every reduction variable has a range.
    - UPDATE-3: the region yields the function's element types, at one
      coordinate a dimension if at a place of its own.
    - UPDATE-4: the function is named by its first value.

    ```mlir
    halide.pipeline @sum(%x: !halide.buffer<64x?xf32>) -> !halide.buffer<?xf32> {
      %zero = arith.constant 0.0 : f32
      %lo = arith.constant 0 : i32
      %hi = arith.constant 64 : i32
      %s = halide.func "s"(m = %m) : f32 {
        halide.yield %zero : f32
      }
      halide.update %s(m = %m) over (k = %k in %lo to %hi) : !halide.func<1xf32> {
        %a = halide.load %x[%k, %m] : !halide.buffer<64x?xf32>
        %b = halide.call %s(%m) : !halide.func<1xf32>
        %c = arith.addf %a, %b : f32
        halide.yield %c : f32
      }
      halide.output %s : !halide.func<1xf32>
    }
    ```
  }];
  let arguments = (ins Halide_FuncType:$func, Variadic<I32>:$from,
                       Variadic<I32>:$to, StrArrayAttr:$vars,
                       StrArrayAttr:$rvars);
  let regions = (region SizedRegion<1>:$body);
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
  let skipDefaultBuilders = 1;
  let builders = [OpBuilder<(ins "::mlir::Value":$func,
    "::llvm::ArrayRef<::llvm::StringRef>":$rvars, "::mlir::ValueRange":$from,
    "::mlir::ValueRange":$to,
    "::llvm::function_ref<void(::mlir::OpBuilder &, ::mlir::Location, "
    "::mlir::ValueRange)>":$body)>];
  let extraClassDeclaration = [{
    FuncOp getFuncOp();
    /// This update's place among its function's updates, from 0.
    unsigned getIndex();
  }];
}

def Halide_YieldOp : Halide_Op<"yield", [Pure, Terminator,
    AttrSizedOperandSegments, ParentOneOf<["FuncOp", "UpdateOp"]>]> {
  let summary = "the values of a definition, and their place";
  let description = [{
    `at` gives an update's left-hand side where it is not the pure variables in
    order: `f(x, i) = ...` with i an expression.
  }];
  let arguments = (ins Variadic<Halide_Scalar>:$values, Variadic<I32>:$indices);
  let assemblyFormat =
      "$values (`at` `(` $indices^ `)`)? attr-dict `:` type($values)";
  let extraClassDeclaration = [{
    /// The first value, which is the only one of most definitions.
    ::mlir::Value getValue() { return getValues().front(); }
  }];
}

def Halide_WhereOp : Halide_Op<"where", [HasParent<"UpdateOp">]> {
  let summary = "a restriction of the reduction domain";
  let description = [{
    Mirrors `RDom::where`: the update runs only where the condition holds, and
    a condition linear in a reduction variable shortens its loop.

    Rules:
    - WHERE-1: the update has reduction variables.
  }];
  let arguments = (ins I1:$condition);
  let assemblyFormat = "$condition attr-dict";
  let hasVerifier = 1;
}

def Halide_LikelyOp : Halide_Op<"likely", [Pure, SameOperandsAndResultType]> {
  let summary = "a condition that holds for most of a loop";
  let description = [{
    Mirrors `likely`: the value is the operand's. A loop in whose steps a choice
    or a minimum depends on it is cut into parts, of which the longest takes the
    condition for granted.

    ```mlir
    halide.pipeline @first(%x: !halide.buffer<?xf32>) -> !halide.buffer<?xf32> {
      %zero = arith.constant 0.0 : f32
      %hundred = arith.constant 100 : i32
      %out = halide.func "out"(i = %i) : f32 {
        %a = halide.load %x[%i] : !halide.buffer<?xf32>
        %c = arith.cmpi slt, %i, %hundred : i32
        %l = halide.likely %c
        %b = arith.select %l, %a, %zero : f32
        halide.yield %b : f32
      }
      halide.output %out : !halide.func<1xf32>
    }
    ```
  }];
  let arguments = (ins I1:$condition);
  let results = (outs I1:$result);
  let assemblyFormat = "$condition attr-dict";
}

def Halide_LoadOp : Halide_Op<"load", [Pure,
    DeclareOpInterfaceMethods<InferTypeOpInterface>]> {
  let summary = "an element of an input buffer";
  let description = [{
    Mirrors `ImageParam::operator()`.

    Rules:
    - LOAD-1: there is one index a dimension.
  }];
  let arguments = (ins Halide_BufferType:$buffer, Variadic<I32>:$indices);
  let results = (outs Halide_Scalar:$result);
  let assemblyFormat =
      "$buffer `[` $indices `]` attr-dict `:` type($buffer)";
  let hasVerifier = 1;
}

def Halide_UndefOp : Halide_Op<"undef", [Pure]> {
  let summary = "no value: what lies in the buffer stays";
  let description = [{
    Mirrors `undef`. A function with this pure definition writes nothing but by
    its updates.

    Rules:
    - UNDEF-1: only the pure definition of a function yields it.

    ```mlir
    halide.pipeline @first_row(%row: !halide.buffer<?xf32>)
        -> (!halide.buffer<?x?xf32> {halide.in_place}) {
      %zero = arith.constant 0 : i32
      %out = halide.func "out"(x = %x, y = %y) : f32 {
        %old = halide.undef : f32
        halide.yield %old : f32
      }
      halide.update %out(x = %x, y = %y) : !halide.func<2xf32> {
        %a = halide.load %row[%x] : !halide.buffer<?xf32>
        halide.yield %a at (%x, %zero) : f32
      }
      halide.output %out : !halide.func<2xf32>
    }
    ```
  }];
  let results = (outs Halide_Scalar:$result);
  let assemblyFormat = "attr-dict `:` type($result)";
  let hasVerifier = 1;
}

def Halide_CallOp : Halide_Op<"call", [Pure,
    DeclareOpInterfaceMethods<InferTypeOpInterface>]> {
  let summary = "the value of a function at a place";
  let description = [{
    Mirrors `Func::operator()` in an expression.

    Rules:
    - CALL-1: there is one index a dimension.
    - CALL-2: the function is a result of `halide.func`: its only value, or the
      one to be read.
  }];
  let arguments = (ins Halide_FuncType:$func, Variadic<I32>:$indices);
  let results = (outs Halide_Scalar:$result);
  let assemblyFormat = "$func `(` $indices `)` attr-dict `:` type($func)";
  let hasVerifier = 1;
}

def Halide_ExtentOp : Halide_Op<"extent", [Pure]> {
  let summary = "a buffer's extent at run time";
  let description = [{
    Mirrors `ImageParam::dim(i).extent()`.

    Rules:
    - EXTENT-1: 0 <= dim < rank.
  }];
  let arguments = (ins Halide_BufferType:$buffer, I64Attr:$dim);
  let results = (outs I32:$result);
  let assemblyFormat = "$buffer `[` $dim `]` attr-dict `:` type($buffer)";
  let hasVerifier = 1;
}

def Halide_DotOp : Halide_Op<"dot", [Pure,
    AllTypesMatch<["accumulator", "result"]>]> {
  let summary = "a short product of two words that hold several numbers";
  let description = [{
    accumulator + sum_i lhs_i rhs_i over the parts of two words of 32 bits, by
    one instruction a vector. Parts stand in a word from the lowest bits up.

    | kind | parts of `lhs` and `rhs` | accumulator | instruction |
    | --- | --- | --- | --- |
    | `u8s8` | four u8, four i8 | i32, wraps | VPDPBUSD (AVX-512 VNNI) |
    | `bf16` | two bf16, two bf16 | f32 | VDPBF16PS (AVX-512 BF16) |
    | `s16s8` | two i16, two i8 in an i16 | i32, wraps | PMADDWD (SSE2) |

    For the first two Halide has no function: the op is a call of the vector
    function that its x86 runtime has for the instruction, so that it needs a
    target with the instruction and a schedule that makes vectors of 4, 8 or 16
    of it. The third is a sum of two lanes in Halide, for which it knows the
    instruction, of what another one has widened.

    Rules:
    - DOT-1: the accumulator is an f32 with `bf16` and an i32 with all others.
    - DOT-2: the words are of i32, but for the right one of `s16s8`, an i16.

    ```mlir
    halide.pipeline @dots(%x: !halide.buffer<?xi32>, %w: !halide.buffer<?xi32>)
        -> !halide.buffer<?xi32> {
      %zero = arith.constant 0 : i32
      %out = halide.func "out"(i = %i) : i32 {
        %a = halide.load %x[%i] : !halide.buffer<?xi32>
        %b = halide.load %w[%i] : !halide.buffer<?xi32>
        %c = halide.dot u8s8 %zero, %a, %b : i32
        halide.yield %c : i32
      }
      halide.output %out : !halide.func<1xi32>
    }
    ```
  }];
  let arguments = (ins Halide_DotKindAttr:$kind,
                       AnyTypeOf<[I32, F32]>:$accumulator, I32:$lhs,
                       AnyTypeOf<[I32, I16]>:$rhs);
  let results = (outs AnyTypeOf<[I32, F32]>:$result);
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
}

#endif // SYLVITE_DIALECT_HALIDE_ALGORITHM_TD
