// Elementary functions over the whole range of f32, against Python's; with and
// without an instruction that multiplies and adds (where exp is less exact).
//
// REQUIRES: avx2
// RUN: %python %S/Inputs/functions.py make %t.npz
// RUN: sylvite-run-kernel %s --target=x86-64-v2 --inputs=%t.npz \
// RUN:     --output-shape=exp=500000,tanh=500000,erf=500000 --outputs=%t.out.npz
// RUN: %python %S/Inputs/functions.py check %t.npz %t.out.npz 6e-6 \
// RUN:   | FileCheck %s --check-prefixes=CHECK,V2
// RUN: sylvite-run-kernel %s --target=x86-64-v3 --inputs=%t.npz \
// RUN:     --output-shape=exp=500000,tanh=500000,erf=500000 --outputs=%t.out.npz
// RUN: %python %S/Inputs/functions.py check %t.npz %t.out.npz 5e-7 \
// RUN:   | FileCheck %s --check-prefixes=CHECK,V3
//
// CHECK: erf is within 2e-07
// CHECK: tanh is within 6e-07
// V2: exp is within 6e-06
// V3: exp is within 5e-07
// CHECK: far out erf is right exp is right

halide.pipeline @functions(%x: !halide.buffer<?xf32> {halide.name = "x"})
    -> (!halide.buffer<?xf32>, !halide.buffer<?xf32>, !halide.buffer<?xf32>) {
  %exp = halide.func "exp"(i = %i) : f32 {
    %a = halide.load %x[%i] : !halide.buffer<?xf32>
    %b = math.exp %a : f32
    halide.yield %b : f32
  }
  %tanh = halide.func "tanh"(i = %i) : f32 {
    %a = halide.load %x[%i] : !halide.buffer<?xf32>
    %b = math.tanh %a : f32
    halide.yield %b : f32
  }
  %erf = halide.func "erf"(i = %i) : f32 {
    %a = halide.load %x[%i] : !halide.buffer<?xf32>
    %b = math.erf %a : f32
    halide.yield %b : f32
  }
  halide.output %exp, %tanh, %erf
      : !halide.func<1xf32>, !halide.func<1xf32>, !halide.func<1xf32>
}
halide.schedule @functions for "x86-64-v2" {
  halide.vectorize "exp" i by 4 tail(guard_with_if)
  halide.vectorize "tanh" i by 4 tail(guard_with_if)
  halide.vectorize "erf" i by 4 tail(guard_with_if)
}
halide.schedule @functions for "x86-64-v3" {
  halide.vectorize "exp" i by 8 tail(guard_with_if)
  halide.vectorize "tanh" i by 8 tail(guard_with_if)
  halide.vectorize "erf" i by 8 tail(guard_with_if)
}
