// RUN: sylvite-opt %s --sylvite-fuse-attention --verify-fusion --split-input-file | FileCheck %s

// Probabilities that are used beside the product with the values are the second
// result.

// CHECK-LABEL: @returned
// CHECK: %[[O:.*]], %[[P:.*]] = graph.attention %arg0, %arg1, %arg2
// CHECK-SAME: -> (tensor<?x4x?x6xf32, #graph.dims<batch, _, seq, _>>, tensor<?x4x?x?xf32, #graph.dims<batch, _, seq, keys>>)
// CHECK-NEXT: return %[[O]], %[[P]]
!bhsd = tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>>
!bhtd = tensor<?x4x?x8xf32, #graph.dims<batch, _, keys, _>>
!bhte = tensor<?x4x?x6xf32, #graph.dims<batch, _, keys, _>>
!bhse = tensor<?x4x?x6xf32, #graph.dims<batch, _, seq, _>>
!bhst = tensor<?x4x?x?xf32, #graph.dims<batch, _, seq, keys>>
func.func @returned(%q: !bhsd, %k: !bhtd, %v: !bhte) -> (!bhse, !bhst) {
  %s = graph.matmul %q, %k {transpose_rhs} : (!bhsd, !bhtd) -> !bhst
  %p = graph.softmax %s axis(3) : !bhst
  %o = graph.matmul %p, %v : (!bhst, !bhte) -> !bhse
  return %o, %p : !bhse, !bhst
}

// -----

// Keys by queries; what uses the weights stands in front of the values.

// CHECK-LABEL: @used_before_the_values
// CHECK: %[[V:.*]] = graph.tanh
// CHECK: %[[O:.*]], %[[P:.*]] = graph.attention %arg0, %arg1, %[[V]]
// CHECK: %[[T:.*]] = graph.transpose %[[P]] perm [0, 1, 3, 2]
// CHECK: graph.reduce max %[[T]] axes [2]
!bhsd = tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>>
!bhtd = tensor<?x4x?x8xf32, #graph.dims<batch, _, keys, _>>
!bhds = tensor<?x4x8x?xf32, #graph.dims<batch, _, _, seq>>
!bhts = tensor<?x4x?x?xf32, #graph.dims<batch, _, keys, seq>>
!bhs = tensor<?x4x?xf32, #graph.dims<batch, _, seq>>
func.func @used_before_the_values(%q: !bhsd, %k: !bhtd) -> (!bhds, !bhs) {
  %s = graph.matmul %k, %q {transpose_rhs} : (!bhtd, !bhsd) -> !bhts
  %p = graph.softmax %s axis(2) : !bhts
  %m = graph.reduce max %p axes [2] : (!bhts) -> !bhs
  %v = graph.tanh %k : !bhtd
  %o = graph.matmul %v, %p {transpose_lhs} : (!bhtd, !bhts) -> !bhds
  return %o, %m : !bhds, !bhs
}

// -----

// Batch and heads in one dimension; the weights are f32, what is used f16.

// CHECK-LABEL: @cast_and_reshaped
// CHECK: %[[O:.*]], %[[P:.*]] = graph.attention
// CHECK: %[[R:.*]] = graph.reshape %[[P]]
// CHECK: %[[H:.*]] = graph.cast %[[R]]
// CHECK: return %{{.*}}, %[[H]]
!q = tensor<6x5x8xf32>
!s = tensor<6x5x5xf32>
!h = tensor<6x5x5xf16>
func.func @cast_and_reshaped(%x: !q) -> (!q, !h) {
  %x4 = graph.reshape %x : !q to tensor<2x3x5x8xf32>
  %s = graph.matmul %x4, %x4 {transpose_rhs} : (tensor<2x3x5x8xf32>, tensor<2x3x5x8xf32>) -> tensor<2x3x5x5xf32>
  %s3 = graph.reshape %s : tensor<2x3x5x5xf32> to !s
  %p = graph.softmax %s3 axis(2) : !s
  %h = graph.cast %p : !s to !h
  %f = graph.cast %h : !h to !s
  %o = graph.matmul %f, %x : (!s, !q) -> !q
  return %o, %h : !q, !h
}
