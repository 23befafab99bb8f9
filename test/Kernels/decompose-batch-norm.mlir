// RUN: sylvite-opt --sylvite-decompose-batch-norm %s | FileCheck %s

// CHECK-LABEL: func.func @stored(
//  CHECK-SAME:     %[[X:.+]]: tensor<2x3x8xf32>, %[[M:.+]]: tensor<3xf32>, %[[V:.+]]: tensor<3xf32>, %[[G:.+]]: tensor<3xf32>, %[[B:.+]]: tensor<3xf32>)
//   CHECK-DAG:   %[[MEAN:.+]] = graph.reshape %[[M]] : tensor<3xf32> to tensor<3x1xf32>
//       CHECK:   %[[D:.+]] = graph.sub %[[X]], %[[MEAN]]
//       CHECK:   %[[EPS:.+]] = graph.constant dense<2.500000e-01>
//       CHECK:   %[[U:.+]] = graph.add %[[V]], %[[EPS]]
//       CHECK:   %[[R:.+]] = graph.rsqrt %[[U]] : tensor<3xf32>
//       CHECK:   %[[F:.+]] = graph.mul %[[R]], %[[G]]
//       CHECK:   %[[FACTOR:.+]] = graph.reshape %[[F]] : tensor<3xf32> to tensor<3x1xf32>
//       CHECK:   %[[Y:.+]] = graph.mul %[[D]], %[[FACTOR]]
//       CHECK:   %[[BIAS:.+]] = graph.reshape %[[B]] : tensor<3xf32> to tensor<3x1xf32>
//       CHECK:   %[[Z:.+]] = graph.add %[[Y]], %[[BIAS]]
//       CHECK:   return %[[Z]]
func.func @stored(%x: tensor<2x3x8xf32>, %m: tensor<3xf32>, %v: tensor<3xf32>, %g: tensor<3xf32>, %b: tensor<3xf32>) -> tensor<2x3x8xf32> {
  %y = graph.batch_norm %x mean(%m) variance(%v) scale(%g) bias(%b) axis(1) eps(0.25)
      : (tensor<2x3x8xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) -> tensor<2x3x8xf32>
  return %y : tensor<2x3x8xf32>
}

// Statistics of each position across the batch.
// CHECK-LABEL: func.func @of_the_batch(
//  CHECK-SAME:     %[[X:.+]]: tensor<?x?x8xf32, #graph.dims<batch, seq, _>>)
//       CHECK:   %[[M:.+]] = graph.reduce mean %[[X]] axes [0] keepdims : {{.*}} -> tensor<1x?x8xf32, #graph.dims<_, seq, _>>
//       CHECK:   %[[D:.+]] = graph.sub %[[X]], %[[M]]
//       CHECK:   %[[S:.+]] = graph.mul %[[D]], %[[D]]
//       CHECK:   %[[V:.+]] = graph.reduce mean %[[S]] axes [0] keepdims
//       CHECK:   %[[U:.+]] = graph.add %[[V]]
//       CHECK:   %[[R:.+]] = graph.rsqrt %[[U]]
//       CHECK:   %[[Y:.+]] = graph.mul %[[D]], %[[R]]
//       CHECK:   return %[[Y]]
func.func @of_the_batch(%x: tensor<?x?x8xf32, #graph.dims<batch, seq, _>>) -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>> {
  %y = graph.batch_norm %x axis(2) over [0] : (tensor<?x?x8xf32, #graph.dims<batch, seq, _>>) -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
  return %y : tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
}
