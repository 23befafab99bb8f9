// Rows without their padding.
//
// RUN: sylvite-opt %s --sylvite-evaluate 2>&1 | FileCheck %s

// Of lengths 2, 0 and more than there is, the rows of the first and the last;
// their places again, with zeros elsewhere.
// CHECK: @rows result0 = tensor<3x3xf32> {{\[}}[-1, -2, 0], [0, 0, 0], [-7, -8, -9]]
// CHECK: @rows result1 = tensor<1x9xf32> {{\[}}[1, 2, 3, 4, 5, 6, 7, 8, 9]]
func.func @rows() -> (tensor<3x3xf32>, tensor<1x9xf32>) {
  %x = graph.constant dense<[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]]> : tensor<3x3xf32>
  %lengths = graph.constant dense<[2, 0, 4]> : tensor<3xi64>
  %rows = graph.pack_rows %x, %lengths : (tensor<3x3xf32>, tensor<3xi64>) -> tensor<?xf32, #graph.dims<rows>>
  %negative = graph.neg %rows : tensor<?xf32, #graph.dims<rows>>
  %back = graph.unpack_rows %negative, %lengths : (tensor<?xf32, #graph.dims<rows>>, tensor<3xi64>) -> tensor<3x3xf32>
  %flat = graph.reshape %x : tensor<3x3xf32> to tensor<1x9xf32>
  %nine = graph.constant dense<9> : tensor<1xi64>
  %all = graph.pack_rows %flat, %nine : (tensor<1x9xf32>, tensor<1xi64>) -> tensor<?xf32, #graph.dims<all>>
  %same = graph.unpack_rows %all, %nine : (tensor<?xf32, #graph.dims<all>>, tensor<1xi64>) -> tensor<1x9xf32>
  return %back, %same : tensor<3x3xf32>, tensor<1x9xf32>
}

// Without any row there is one, which nothing shows.
// CHECK: @none result0 = tensor<2x2xf32> {{\[}}[0, 0], [0, 0]]
func.func @none() -> tensor<2x2xf32> {
  %x = graph.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>
  %lengths = graph.constant dense<[0, -1]> : tensor<2xi64>
  %rows = graph.pack_rows %x, %lengths : (tensor<2x2xf32>, tensor<2xi64>) -> tensor<?xf32, #graph.dims<rows>>
  %back = graph.unpack_rows %rows, %lengths : (tensor<?xf32, #graph.dims<rows>>, tensor<2xi64>) -> tensor<2x2xf32>
  return %back : tensor<2x2xf32>
}
