//===- Schedule.td - Schedules as ops -----------------------*- tablegen -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_DIALECT_HALIDE_SCHEDULE_TD
#define SYLVITE_DIALECT_HALIDE_SCHEDULE_TD

include "sylvite/Dialect/Halide/HalideDialect.td"

def Halide_ScheduleOp : Halide_Op<"schedule", [NoTerminator, SingleBlock,
                                               NoRegionArguments,
                                               IsolatedFromAbove]> {
  let summary = "how a kernel's loops run on one target";
  let description = [{
    A list of directives, applied in order. Functions are called by their names;
    `update(i)` after a function's name picks its i-th update instead of the
    pure definition. Variables are those of the algorithm and those that splits
    and fuses have made so far.

    Rules:
    - SCHEDULE-1: the body holds directives only.

    ```mlir
    halide.schedule @double for "x86-64-v4" {
      halide.split "out" i into (io, ii) by 64 tail(guard_with_if)
      halide.vectorize "out" ii by 16
      halide.parallel "out" io
    }
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$kernel, StrAttr:$target);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$kernel `for` $target $body attr-dict-with-keyword";
  let hasVerifier = 1;
}

def Halide_Directive : OpInterface<"Directive"> {
  let cppNamespace = "::sylvite::halide";
  let description = [{A directive of a schedule, on one stage of a function.}];
  let methods = [
    InterfaceMethod<"The function's name.", "::llvm::StringRef", "getFunc">,
  ];
}

/// Where directives stand: in a schedule, those on loops also in a part of it.
defvar Halide_InSchedule = HasParent<"ScheduleOp">;
defvar Halide_InLoops = ParentOneOf<["ScheduleOp", "SpecializeOp"]>;

/// A directive on a whole function.
class Halide_FuncDirective<string mnemonic, dag extra = (ins)>
    : Halide_Op<mnemonic, [Halide_Directive, Halide_InSchedule]> {
  let arguments = !con((ins StrAttr:$func), extra);
}

/// A directive on one stage of a function.
class Halide_StageDirective<string mnemonic, dag extra = (ins)>
    : Halide_Op<mnemonic, [Halide_Directive, Halide_InLoops]> {
  let arguments = !con((ins StrAttr:$func, OptionalAttr<I64Attr>:$update),
                       extra);
  string stage = "$func (`update` `(` $update^ `)`)? ";
}

//===----------------------------------------------------------------------===//
// Loops
//===----------------------------------------------------------------------===//

def Halide_SplitOp : Halide_StageDirective<"split", (ins
    StrAttr:$var, StrAttr:$outer, StrAttr:$inner, I64Attr:$factor,
    DefaultValuedAttr<Halide_TailStrategyAttr,
        "::sylvite::halide::TailStrategy::Auto">:$tail)> {
  let summary = "one loop becomes two";
  let description = [{
    Equals `Stage::split(var, outer, inner, factor, tail)`.

    ```
    before: for v in 0..n           after: for o in 0..ceil(n / factor)
                                             for i in 0..factor
    ```

    Requires a loop `var`; refused by Halide where the tail strategy does not
    fit (an update takes no `shift_inwards`).

    Rules:
    - SPLIT-1: factor is from 1 to 2^31 - 1.
  }];
  let assemblyFormat = stage # [{
    custom<Var>($var) `into` ` ` `(` custom<Var>($outer) `,` custom<Var>($inner) `)`
    `by` $factor (`tail` `(` custom<Keyword>($tail)^ `)`)? attr-dict
  }];
  let hasVerifier = 1;
}

def Halide_FuseOp : Halide_StageDirective<"fuse", (ins
    StrAttr:$inner, StrAttr:$outer, StrAttr:$fused)> {
  let summary = "two loops become one";
  let description = [{
    Equals `Stage::fuse(inner, outer, fused)`.

    ```
    before: for o in 0..m           after: for f in 0..m * n
              for i in 0..n
    ```

    Requires that `outer` stands right around `inner`.
  }];
  let assemblyFormat = stage # [{
    `(` custom<Var>($inner) `,` custom<Var>($outer) `)` `into`
    custom<Var>($fused) attr-dict
  }];
}

def Halide_ReorderOp : Halide_StageDirective<"reorder", (ins
    StrArrayAttr:$vars)> {
  let summary = "loops in another order, innermost first";
  let description = [{
    Equals `Stage::reorder(vars)`.

    ```
    before: for y ; for x           after `(y, x)`: for x ; for y
    ```

    Refused by Halide where the order of a reduction would change its result.

    Rules:
    - REORDER-1: the loops are distinct.
  }];
  let assemblyFormat = stage # "`(` custom<Vars>($vars) `)` attr-dict";
  let hasVerifier = 1;
}

class Halide_LoopOp<string mnemonic, string what, string call>
    : Halide_StageDirective<mnemonic, (ins
        StrAttr:$var, OptionalAttr<I64Attr>:$factor,
        DefaultValuedAttr<Halide_TailStrategyAttr,
            "::sylvite::halide::TailStrategy::Auto">:$tail)> {
  let summary = what;
  let description = [{
    Equals `Stage::}] # call # [{(var)`, and with `by`
    `Stage::}] # call # [{(var, factor, tail)`, which splits first and keeps
    the loop's name for the outer part.

    ```
    before: for v in 0..n          after `v by k`: for v in 0..ceil(n / k)
                                                     one step of k elements
    ```

    Requires a loop `var`, and without a factor a constant extent where the loop
    is vectorized or unrolled.

    Rules:
    - LOOP-1: factor is from 1 to 2^31 - 1.
  }];
  let assemblyFormat = stage # [{
    custom<Var>($var) (`by` $factor^)?
    (`tail` `(` custom<Keyword>($tail)^ `)`)? attr-dict
  }];
  let hasVerifier = 1;
}
def Halide_VectorizeOp
    : Halide_LoopOp<"vectorize", "a loop's steps become vector lanes", "vectorize">;
def Halide_UnrollOp
    : Halide_LoopOp<"unroll", "a loop's body is repeated", "unroll">;
def Halide_ParallelOp
    : Halide_LoopOp<"parallel", "a loop's steps run on several threads", "parallel">;

class Halide_GpuLoopsOp<string mnemonic, string what, string call>
    : Halide_StageDirective<mnemonic, (ins StrArrayAttr:$vars)> {
  let summary = what;
  let description = [{
    Equals `Stage::}] # call # [{(vars)`, innermost first.

    ```
    before: for y ; for x           after `(x, y)`: one launch for all x and y
    ```

    Requires loops that are plain, and a target with a device.

    Rules:
    - GPU_LOOPS-1: the loops are distinct, and from 1 to 3.
  }];
  let assemblyFormat = stage # "`(` custom<Vars>($vars) `)` attr-dict";
  let hasVerifier = 1;
}
def Halide_GpuBlocksOp
    : Halide_GpuLoopsOp<"gpu_blocks", "loops' steps become blocks of threads",
                        "gpu_blocks">;
def Halide_GpuThreadsOp
    : Halide_GpuLoopsOp<"gpu_threads",
                        "loops' steps become the threads of a block",
                        "gpu_threads">;
def Halide_GpuLanesOp
    : Halide_GpuLoopsOp<"gpu_lanes",
                        "a loop's steps become the lanes of a warp, of CUDA",
                        "gpu_lanes">;

def Halide_GpuSingleThreadOp : Halide_StageDirective<"gpu_single_thread"> {
  let summary = "one thread of the device runs all loops";
  let description = [{Equals `Stage::gpu_single_thread()`.}];
  let assemblyFormat = stage # "attr-dict";
}

def Halide_AtomicOp : Halide_StageDirective<"atomic"> {
  let summary = "an associative update may be reordered";
  let description = [{
    Equals `Stage::atomic()`: what lets a reduction loop be vectorized. Requires
    an update.
  }];
  let assemblyFormat = stage # "attr-dict";
}

def Halide_PartitionOp : Halide_StageDirective<"partition", (ins
    StrAttr:$var, Halide_PartitionAttr:$policy)> {
  let summary = "whether a loop's first and last steps get code of their own";
  let description = [{
    Equals `Stage::partition(var, policy)`.
  }];
  let assemblyFormat =
      stage # "custom<Var>($var) custom<Keyword>($policy) attr-dict";
}

def Halide_PrefetchOp : Halide_StageDirective<"prefetch", (ins
    StrAttr:$source, StrAttr:$at, StrAttr:$from, I64Attr:$offset)> {
  let summary = "ask for data ahead of its use";
  let description = [{
    Equals `Stage::prefetch(source, at, from, offset)`; `source` is a buffer
    (`arg<i>`, the pipeline's i-th argument) or a function.

    Rules:
    - PREFETCH-1: offset is from 0 to 2^31 - 1.
  }];
  let assemblyFormat = stage # [{
    `of` $source `at` custom<Var>($at) `from` custom<Var>($from) `by` $offset
    attr-dict
  }];
  let hasVerifier = 1;
}

def Halide_SpecializeOp : Halide_Op<"specialize", [
    Halide_Directive, Halide_InSchedule, NoTerminator, SingleBlock,
    NoRegionArguments]> {
  let summary = "other loops where an output is small";
  let description = [{
    Equals `Stage::specialize(output.dim(d).extent() <= n)`: the stage's loops as
    they are at this place, changed by the directives inside, for calls whose
    output is that small. Other conditions are not mirrored.

    ```
    before: for v in 0..n          after: if extent <= 8:  parallel for v in 0..n
                                          else:            for v in 0..n
    ```

    Rules:
    - SPECIALIZE-1: the body holds directives on loops of the same stage.
    - SPECIALIZE-2: the output's number is not negative, its dimension is from 0
      to 15, and the largest extent from 1 to 2^31 - 1.

    ```mlir
    halide.schedule @double for "x86-64-v4" {
      halide.specialize "out" where output(0) dim(1) at_most 8 {
        halide.parallel "out" i
      }
    }
    ```
  }];
  let arguments = (ins StrAttr:$func, OptionalAttr<I64Attr>:$update,
                       I64Attr:$output, I64Attr:$dim, I64Attr:$most);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    $func (`update` `(` $update^ `)`)? `where` `output` `(` $output `)`
    `dim` `(` $dim `)` `at_most` $most $body attr-dict-with-keyword
  }];
  let hasVerifier = 1;
}

//===----------------------------------------------------------------------===//
// Where functions are computed and stored
//===----------------------------------------------------------------------===//

class Halide_AtOp<string mnemonic, string what, string call>
    : Halide_FuncDirective<mnemonic, (ins
        StrAttr:$consumer, OptionalAttr<I64Attr>:$update, StrAttr:$var)> {
  let summary = what;
  let description = [{
    Equals `Func::}] # call # [{(consumer, var)`.

    ```
    for v of the consumer:
      (here) what the consumer's step at v needs
      the consumer's step
    ```

    Requires that the consumer, or what is computed inside it, uses the function
    and has the loop. `update(i)` says which stage of the consumer the loop is
    looked up in; stages that use the function in a loop of the same name each
    compute what they need there.
  }];
  let assemblyFormat = [{
    $func `in` $consumer (`update` `(` $update^ `)`)? `at` custom<Var>($var)
    attr-dict
  }];
}
def Halide_ComputeAtOp
    : Halide_AtOp<"compute_at", "compute where a consumer's loop needs it",
                  "compute_at">;
def Halide_StoreAtOp
    : Halide_AtOp<"store_at", "allocate at a consumer's loop", "store_at">;
def Halide_HoistStorageOp
    : Halide_AtOp<"hoist_storage", "allocate outside, in a consumer's loop",
                  "hoist_storage">;

def Halide_ComputeRootOp : Halide_FuncDirective<"compute_root"> {
  let summary = "compute all of it before its consumers";
  let description = [{Equals `Func::compute_root()`.}];
  let assemblyFormat = "$func attr-dict";
}

def Halide_StoreInOp : Halide_FuncDirective<"store_in", (ins
    Halide_MemoryTypeAttr:$memory)> {
  let summary = "which kind of memory holds it";
  let description = [{Equals `Func::store_in(memory)`.}];
  let assemblyFormat = "$func custom<Keyword>($memory) attr-dict";
}

//===----------------------------------------------------------------------===//
// Bounds and layout
//===----------------------------------------------------------------------===//

class Halide_ExtentDirective<string mnemonic, string what, string call>
    : Halide_FuncDirective<mnemonic, (ins StrAttr:$var, I64Attr:$value)> {
  let summary = what;
  let description = [{
    Equals `Func::}] # call # [{(var, value)`. Requires a pure variable.

    Rules:
    - EXTENT_DIRECTIVE-1: value is from 1 to 2^31 - 1.
  }];
  let assemblyFormat = "$func custom<Var>($var) `by` $value attr-dict";
  let hasVerifier = 1;
}
def Halide_BoundExtentOp : Halide_ExtentDirective<"bound_extent",
    "the extent that is computed", "bound_extent">;
def Halide_AlignStorageOp : Halide_ExtentDirective<"align_storage",
    "storage padded to a multiple", "align_storage">;
def Halide_AlignBoundsOp : Halide_ExtentDirective<"align_bounds",
    "computed bounds rounded to a multiple", "align_bounds">;
def Halide_BoundStorageOp : Halide_ExtentDirective<"bound_storage",
    "the most that is stored at a time", "bound_storage">;

def Halide_BoundOp : Halide_FuncDirective<"bound", (ins
    StrAttr:$var, I64Attr:$min, I64Attr:$extent)> {
  let summary = "the range that is computed";
  let description = [{
    Equals `Func::bound(var, min, extent)`.

    Rules:
    - BOUND-1: min fits in 32 bits.
    - BOUND-2: extent is from 1 to 2^31 - 1.
  }];
  let assemblyFormat = [{
    $func custom<Var>($var) `from` $min `extent` $extent attr-dict
  }];
  let hasVerifier = 1;
}

def Halide_ReorderStorageOp : Halide_FuncDirective<"reorder_storage", (ins
    StrArrayAttr:$vars)> {
  let summary = "the order of dimensions in memory, innermost first";
  let description = [{Equals `Func::reorder_storage(vars)`.}];
  let assemblyFormat = "$func ` ` `(` custom<Vars>($vars) `)` attr-dict";
}

#endif // SYLVITE_DIALECT_HALIDE_SCHEDULE_TD
