//===- Passes.td - Passes of the schedule phase -------------*- tablegen -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_SCHEDULE_PASSES_TD
#define SYLVITE_SCHEDULE_PASSES_TD

include "mlir/Pass/PassBase.td"

def ApplySchedulesPass : Pass<"sylvite-apply-schedules", "::mlir::ModuleOp"> {
  let summary = "put the schedules of a file in place of others";
  let description = [{
    Reads a file of `halide.schedule` ops, as `sylvitec --dump-schedules` writes
    it and a person or a tuner edits it, and puts each behind its kernel, in
    place of one for the same target. `sylvite-schedule` then leaves the kernel
    alone. It is an error, at the line of the file, where the file

    - does not parse, or holds something else;
    - names a kernel that the module does not have, or one twice;
    - has a schedule for another target than the module's and the `others`,
      which the library is compiled for, too;
    - has a directive that `sylvite-verify-schedules` refuses.

    A file with

    ```mlir
    halide.schedule @double for "x86-64-v3" {
      halide.vectorize "out" x by 8
    }
    ```

    puts that schedule behind

    ```mlir
    halide.pipeline @double(%x: !halide.buffer<?xf32>) -> !halide.buffer<?xf32> {
      %out = halide.func "out"(x = %i) : f32 {
        %a = halide.load %x[%i] : !halide.buffer<?xf32>
        %b = arith.addf %a, %a : f32
        halide.yield %b : f32
      }
      halide.output %out : !halide.func<1xf32>
    }
    ```
  }];
  let options = [
    Option<"file", "file", "std::string", /*default=*/"", "the schedules">,
    ListOption<"others", "others", "std::string",
               "targets whose schedules are for other modules">];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::sylvite::halide::HalideDialect"];
}

def SchedulePass : Pass<"sylvite-schedule", "::mlir::ModuleOp"> {
  let summary = "say how kernels run on the target";
  let description = [{
    Writes one `halide.schedule` behind each `halide.pipeline`, for the target
    that the module names (`sylvite.target`). The kernel's class
    (`halide.class`) picks the policy; a class without one, or no class, gets
    the fallback, which is right for every algorithm: functions with updates
    are computed whole before their consumers, innermost loops are vectorized
    and outer ones run in parallel.

    - A kernel that has a schedule for the target keeps it.
    - Numbers come from the target and from the cost model.

    It does not change algorithms. Choices that an algorithm fixes, as the
    width of weight panels, are made where kernels are formed.

    ```mlir
    halide.pipeline @double(%x: !halide.buffer<8x?xf32>) -> !halide.buffer<8x?xf32>
        attributes {halide.class = "elementwise"} {
      %two = arith.constant 2.0 : f32
      %out = halide.func "out"(x = %i, y = %m) : f32 {
        %a = halide.load %x[%i, %m] : !halide.buffer<8x?xf32>
        %b = arith.mulf %a, %two : f32
        halide.yield %b : f32
      }
      halide.output %out : !halide.func<2xf32>
    }
    ```

    is followed by

    ```mlir
    halide.schedule @double for "x86-64-v3" {
      halide.vectorize "out" x by 8 tail(round_up)
      halide.parallel "out" y by 1024 tail(guard_with_if)
    }
    ```
  }];
  let dependentDialects = ["::sylvite::halide::HalideDialect"];
}

def VerifySchedulesPass : Pass<"sylvite-verify-schedules", "::mlir::ModuleOp"> {
  let summary = "check schedules against their kernels' loops";
  let description = [{
    Follows the loops of each function through the directives of each
    `halide.schedule`, and reports at the directive:

    - a kernel, function, update or loop that is not there, with those that are;
    - a loop name that is taken, and a loop that is already vectorized, unrolled
      or parallel and is changed again;
    - loops that are fused though one is not right around the other;
    - a reduction loop that is vectorized or parallel without `atomic`;
    - a function computed at a loop whose body does not use it, and functions
      that are computed inside of each other;
    - a bound on a variable that is none of the function's, and a bound smaller
      than what the loops inside its place go over;
    - a prefetch of what is neither a buffer nor a function;
    - a target that is not known, and two schedules for one kernel and target.

    What it accepts Halide may still refuse; that is an error at the same place
    when the kernel is compiled.
  }];
}

#endif // SYLVITE_SCHEDULE_PASSES_TD
