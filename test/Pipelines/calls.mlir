// A function that is called in a loop becomes a part of it. What it makes of its
// weights alone is made when the model is compiled, not in every step.
//
// RUN: sylvite-opt --sylvite-phase-kernels %s | FileCheck %s --implicit-check-not=func.call

// CHECK-NOT:   @scale(
// CHECK-LABEL: func.func @repeat(
// CHECK:         halide.weight ["derived.0"]
// CHECK:         scf.
// CHECK-NOT:     @mul
// CHECK:         halide.invoke @add
// CHECK-NOT:     halide.invoke
// CHECK:         return
!x = tensor<8xf32>
module attributes {sylvite.target = "x86-64-v3"} {
  func.func private @scale(%x: !x) -> !x {
    %w = graph.weight "w" : !x
    %two = graph.constant dense<2.0> : tensor<f32>
    %v = graph.mul %w, %two : (!x, tensor<f32>) -> !x
    %y = graph.add %x, %v : (!x, !x) -> !x
    return %y : !x
  }
  func.func @repeat(%x: !x {graph.name = "x"}) -> (!x {graph.name = "y"}) {
    %y = graph.scan carry(%x) steps(3) {
    ^bb0(%t: tensor<i64>, %c: !x):
      %d = func.call @scale(%c) : (!x) -> !x
      graph.next carry(%d : !x)
    } : (!x) -> !x
    return %y : !x
  }
}
