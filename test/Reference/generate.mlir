// Inputs and weights that are made up: which extents, masks and numbers.
// RUN: sylvite-opt --sylvite-evaluate=generate %s -o %t | FileCheck %s
// RUN: sylvite-opt --sylvite-evaluate=generate %s -o %t > %t.first
// RUN: sylvite-opt --sylvite-evaluate=generate %s -o %t > %t.second
// RUN: cmp %t.first %t.second

// Every position of a mask is 1, then rows are random, all 0, padded in front
// and padded behind. No extent is more than its maximum.
// CHECK-LABEL: @mask (smallest; batch = 1, seq = 1; m: ones)
// CHECK-NEXT:  tensor<1x1xi64> {{\[}}[1]]
// CHECK-NEXT:  @mask (uneven; batch = 4, seq = 3; m: random, zeros, padding in front, padding behind)
// CHECK-NEXT:  tensor<4x3xi64> {{\[}}[{{[01], [01], [01]}}], [0, 0, 0], [0, {{[01]}}, 1], [1, {{[01]}}, 0]]
// CHECK-NEXT:  @mask (one position; batch = 3, seq = 1; m: zeros, ones)
// CHECK-NEXT:  tensor<3x1xi64> {{\[}}[0], [1], [0]]
// CHECK-NOT:   large numbers
func.func @mask(%m: tensor<?x?xi64, #graph.dims<batch, seq>> {graph.name = "m"})
    -> tensor<?x?xi64, #graph.dims<batch, seq>>
    attributes {graph.dim_max = {seq = 3 : i64}} {
  return %m : tensor<?x?xi64, #graph.dims<batch, seq>>
}

// Indices meet both ends of their range; floats are small, then large.
// CHECK-LABEL: @numbers (smallest)
// CHECK-NEXT:  tensor<4xi64> [-3, 9, {{-?[0-9], -?[0-9]}}]
// CHECK-NEXT:  tensor<2xf32> [{{-?[01]\.[0-9]+, -?[01]\.[0-9]+}}]
// CHECK:       @numbers (large numbers)
// CHECK-NEXT:  tensor<4xi64>
// CHECK-NEXT:  tensor<2xf32> [{{-?[0-9]+[0-9]\.[0-9]+, -?[0-9]+[0-9]\.[0-9]+}}]
func.func @numbers(%i: tensor<4xi64> {graph.range = [-3, 10]},
                   %x: tensor<2xf32>) -> (tensor<4xi64>, tensor<2xf32>) {
  return %i, %x : tensor<4xi64>, tensor<2xf32>
}

// A graph that masks with a finite number: no row of zeros, no padding in
// front, no lengths of 0, no large numbers.
// CHECK-LABEL: @finite_mask (smallest
// CHECK:       @finite_mask (uneven; batch = 4, seq = 5; arg0: random, ones, padding behind)
// CHECK-NEXT:  tensor<4x5xi64> {{\[}}[1, {{.*}}], [1, 1, 1, 1, 1], [1, {{.*}}, 0], [1, {{.*}}]]
// CHECK-NEXT:  tensor<4xi64> [{{[1-5], [1-5], [1-5], [1-5]}}]
// CHECK-NOT:   large numbers
func.func @finite_mask(%m: tensor<?x?xi64, #graph.dims<batch, seq>>,
                       %l: tensor<?xi64, #graph.dims<batch>>, %x: tensor<f32>)
    -> (tensor<?x?xi64, #graph.dims<batch, seq>>,
        tensor<?xi64, #graph.dims<batch>>) {
  %hide = graph.constant dense<-1.0e+04> : tensor<f32>
  return %m, %l
      : tensor<?x?xi64, #graph.dims<batch, seq>>,
        tensor<?xi64, #graph.dims<batch>>
}

// A weight that no file holds has numbers of its own, below 1 / sqrt(16).
// CHECK-LABEL: @weights (smallest)
// CHECK-NEXT:  tensor<16xf32> [{{(-?0\.[012][0-9]+(, )?)+}}]
// CHECK-NEXT:  tensor<i1> 0
func.func @weights() -> (tensor<16xf32>, tensor<i1>) {
  %a = graph.weight "a" : tensor<16xf32>
  %b = graph.weight "b" : tensor<16xf32>
  %same = graph.compare eq %a, %b
      : (tensor<16xf32>, tensor<16xf32>) -> tensor<16xi1>
  %any = graph.reduce max %same axes [0] : (tensor<16xi1>) -> tensor<i1>
  return %a, %any : tensor<16xf32>, tensor<i1>
}
