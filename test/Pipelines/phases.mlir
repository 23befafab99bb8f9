// The phases as pipelines of sylvite-opt.
//
// RUN: sylvite-opt --sylvite-phase-fusion --sylvite-phase-kernels %s | FileCheck %s --check-prefix=KERNELS
// RUN: sylvite-opt --sylvite-phase-kernels --sylvite-phase-schedule %s | FileCheck %s --check-prefix=SCHEDULE
// RUN: sylvite-opt --sylvite-phase-kernels --sylvite-phase-schedule \
// RUN:   "--sylvite-phase-host=prefix=bert" %s | FileCheck %s --check-prefix=HOST
// RUN: echo 'halide.schedule @none for "x86-64-v3" {}' > %t.mlir
// RUN: not sylvite-opt --sylvite-phase-kernels "--sylvite-phase-schedule=schedules=%t.mlir" %s 2>&1 \
// RUN:   | FileCheck %s --check-prefix=SCHEDULES
// RUN: sylvite-opt --help | FileCheck %s --check-prefix=HELP

// KERNELS: halide.pipeline
// KERNELS-NOT: halide.schedule
// SCHEDULE: halide.schedule
// HOST: llvm.func {{.*}}@bert__twice_impl
// SCHEDULES: :1:1: error: no kernel @none in the module
// HELP: --sylvite-phase-fusion
// HELP-SAME: finds what belongs together

module attributes {sylvite.target = "x86-64-v3"} {
  func.func @twice(%x: tensor<?xf32, #graph.dims<n>> {graph.name = "x"})
      -> (tensor<?xf32, #graph.dims<n>> {graph.name = "y"}) {
    %y = graph.add %x, %x
        : (tensor<?xf32, #graph.dims<n>>, tensor<?xf32, #graph.dims<n>>)
        -> tensor<?xf32, #graph.dims<n>>
    return %y : tensor<?xf32, #graph.dims<n>>
  }
}
