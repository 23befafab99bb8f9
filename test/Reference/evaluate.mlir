// RUN: sylvite-opt --sylvite-evaluate %s -o /dev/null | FileCheck %s
// RUN: sylvite-opt --sylvite-evaluate %s | FileCheck %s --check-prefix=MODULE

// The module is printed behind the results, as it was.
// MODULE: @elements
// MODULE: func.func @elements

// CHECK-LABEL: @elements floats = tensor<2x2xf32> {{\[}}[0.333333333, -inf], [nan, -0]]
// CHECK-NEXT:  @elements result1 = tensor<3xi64> [-7, 0, 7]
// CHECK-NEXT:  @elements result2 = tensor<i1> 1
// CHECK-NEXT:  @elements small = tensor<2xf64> [1e-300, 1.5e+20]
func.func @elements()
    -> (tensor<2x2xf32> {graph.name = "floats"}, tensor<3xi64>, tensor<i1>,
        tensor<2xf64> {graph.name = "small"}) {
  %one = graph.constant dense<[[1.0, 0xFF800000], [0x7FC00000, -0.0]]>
      : tensor<2x2xf32>
  %three = graph.constant dense<3.0> : tensor<f32>
  %f = graph.div %one, %three
      : (tensor<2x2xf32>, tensor<f32>) -> tensor<2x2xf32>
  %i = graph.constant dense<[-7, 0, 7]> : tensor<3xi64>
  %b = graph.constant dense<true> : tensor<i1>
  %s = graph.constant dense<[1.0e-300, 1.5e20]> : tensor<2xf64>
  return %f, %i, %b, %s : tensor<2x2xf32>, tensor<3xi64>, tensor<i1>, tensor<2xf64>
}

// An input takes its default, in the shape that other arguments bind.
// CHECK-LABEL: @defaults result0 = tensor<2xi64> [3, 3]
func.func @defaults(%x: tensor<2xi64> {graph.default = 3 : i64})
    -> tensor<2xi64> {
  return %x : tensor<2xi64>
}

// Only public functions are evaluated.
// CHECK-NOT: @hidden
func.func private @hidden(%x: tensor<2xf32>) -> tensor<2xf32> {
  return %x : tensor<2xf32>
}
