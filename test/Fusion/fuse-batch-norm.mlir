// RUN: sylvite-opt --sylvite-fuse-batch-norm --verify-fusion %s | FileCheck %s
// RUN: sylvite-opt --sylvite-fuse-batch-norm --remarks-filter=sylvite-fusion %s 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK

// The layer before takes the norm, and the activation behind it.
// CHECK-LABEL: func.func @before(
//  CHECK-SAME:     %[[X:.+]]: tensor<2x8xf32>)
//   CHECK-DAG:   %[[W:.+]] = graph.weight "w"
//   CHECK-DAG:   %[[LB:.+]] = graph.weight "b"
//   CHECK-DAG:   %[[M:.+]] = graph.weight "mean"
//   CHECK-DAG:   %[[V:.+]] = graph.mul
//   CHECK-DAG:   %[[G:.+]] = graph.weight "scale"
//   CHECK-DAG:   %[[B:.+]] = graph.weight "bias"
//       CHECK:   %[[U:.+]] = graph.add %[[V]], %{{.+}}
//       CHECK:   %[[R:.+]] = graph.rsqrt %[[U]]
//       CHECK:   %[[A:.+]] = graph.mul %[[R]], %[[G]]
//       CHECK:   %[[MA:.+]] = graph.mul %[[M]], %[[A]]
//       CHECK:   %[[C:.+]] = graph.sub %[[B]], %[[MA]]
//       CHECK:   %[[WA:.+]] = graph.mul %[[W]], %[[A]]
//       CHECK:   %[[BA:.+]] = graph.mul %[[LB]], %[[A]]
//       CHECK:   %[[BAC:.+]] = graph.add %[[BA]], %[[C]]
//       CHECK:   %[[Y:.+]] = graph.linear %[[X]], %[[WA]] bias(%[[BAC]]) activation(relu) :
//  CHECK-NEXT:   return %[[Y]]
// REMARK: [Passed] batch-norm | Category:sylvite-fusion | Function=before | Remark="linear, batch norm, relu"
func.func @before(%x: tensor<2x8xf32>) -> tensor<2x4xf32> {
  %w = graph.weight "w" : tensor<8x4xf32>
  %lb = graph.weight "b" : tensor<4xf32>
  %m = graph.weight "mean" : tensor<4xf32>
  %u = graph.weight "variance" : tensor<4xf32>
  %v = graph.mul %u, %u : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %g = graph.weight "scale" : tensor<4xf32>
  %b = graph.weight "bias" : tensor<4xf32>
  %l = graph.linear %x, %w bias(%lb) : (tensor<2x8xf32>, tensor<8x4xf32>, tensor<4xf32>) -> tensor<2x4xf32>
  %n = graph.batch_norm %l mean(%m) variance(%v) scale(%g) bias(%b) axis(1)
      : (tensor<2x4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<2x4xf32>
  %y = graph.relu %n : tensor<2x4xf32>
  return %y : tensor<2x4xf32>
}

// [out, in]: the columns are rows.
// CHECK-LABEL: func.func @before_transposed(
//       CHECK:   %[[A:.+]] = graph.rsqrt
//       CHECK:   %[[MA:.+]] = graph.mul %{{.+}}, %[[A]]
//       CHECK:   %[[C:.+]] = graph.neg %[[MA]]
//       CHECK:   %[[COLUMN:.+]] = graph.reshape %[[A]] : tensor<4xf32> to tensor<4x1xf32>
//       CHECK:   %[[WA:.+]] = graph.mul %{{.+}}, %[[COLUMN]]
//       CHECK:   graph.linear %{{.+}}, %[[WA]] bias(%[[C]]) {transpose_weight}
// REMARK: [Passed] batch-norm | Category:sylvite-fusion | Function=before_transposed | Remark="linear, batch norm"
func.func @before_transposed(%x: tensor<2x8xf32>) -> tensor<2x4xf32> {
  %w = graph.weight "w" : tensor<4x8xf32>
  %m = graph.weight "mean" : tensor<4xf32>
  %u = graph.weight "variance" : tensor<4xf32>
  %v = graph.mul %u, %u : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %l = graph.linear %x, %w {transpose_weight} : (tensor<2x8xf32>, tensor<4x8xf32>) -> tensor<2x4xf32>
  %n = graph.batch_norm %l mean(%m) variance(%v) axis(1)
      : (tensor<2x4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<2x4xf32>
  return %n : tensor<2x4xf32>
}

// Two layers behind: one keeps its epilogue, the other is transposed.
// CHECK-LABEL: func.func @behind(
//  CHECK-SAME:     %[[X:.+]]: tensor<2x8xf32>, %[[S:.+]]: tensor<2x4xf32>)
//   CHECK-NOT:   graph.batch_norm
//   CHECK-DAG:   %[[Y:.+]] = graph.linear %[[X]], %{{.+}} bias(%{{.+}}) activation(relu) residual(%[[S]]) norm(rms)
//   CHECK-DAG:   %[[Z:.+]] = graph.linear %[[X]], %{{.+}} bias(%{{.+}}) {transpose_weight}
//       CHECK:   return %[[Y]], %[[Z]]
// REMARK-DAG: [Passed] batch-norm | Category:sylvite-fusion | Function=behind | Remark="batch norm, linear"
func.func @behind(%x: tensor<2x8xf32>, %s: tensor<2x4xf32>) -> (tensor<2x4xf32>, tensor<2x4xf32>) {
  %w = graph.weight "w" : tensor<8x4xf32>
  %t = graph.weight "t" : tensor<4x8xf32>
  %b = graph.weight "b" : tensor<4xf32>
  %m = graph.weight "mean" : tensor<8xf32>
  %u = graph.weight "variance" : tensor<8xf32>
  %v = graph.mul %u, %u : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
  %g = graph.weight "scale" : tensor<8xf32>
  %n = graph.batch_norm %x mean(%m) variance(%v) scale(%g) axis(1) eps(0.25)
      : (tensor<2x8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>) -> tensor<2x8xf32>
  %y = graph.linear %n, %w activation(relu) residual(%s) norm(rms) scale(%b)
      : (tensor<2x8xf32>, tensor<8x4xf32>, tensor<2x4xf32>, tensor<4xf32>) -> tensor<2x4xf32>
  %z = graph.linear %n, %t bias(%b) {transpose_weight} : (tensor<2x8xf32>, tensor<4x8xf32>, tensor<4xf32>) -> tensor<2x4xf32>
  return %y, %z : tensor<2x4xf32>, tensor<2x4xf32>
}

// CHECK-LABEL: func.func @activation_between(
//       CHECK:   graph.batch_norm
// REMARK: [Missed] batch-norm | Category:sylvite-fusion | Function=activation_between | Other={{.*}}, Reason="the layer before it ends in more than a bias", Suggestion="normalise in front of the activation"
func.func @activation_between(%x: tensor<2x8xf32>) -> tensor<2x4xf32> {
  %w = graph.weight "w" : tensor<8x4xf32>
  %m = graph.weight "mean" : tensor<4xf32>
  %l = graph.linear %x, %w activation(relu) : (tensor<2x8xf32>, tensor<8x4xf32>) -> tensor<2x4xf32>
  %n = graph.batch_norm %l mean(%m) variance(%m) axis(1) eps(2.0) : (tensor<2x4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<2x4xf32>
  return %n : tensor<2x4xf32>
}

// CHECK-LABEL: func.func @second_user(
//       CHECK:   graph.batch_norm
// REMARK: [Missed] batch-norm | Category:sylvite-fusion | Function=second_user | Other={{.*}}, Reason="the layer before it has a second user"
func.func @second_user(%x: tensor<2x8xf32>) -> (tensor<2x4xf32>, tensor<2x4xf32>) {
  %w = graph.weight "w" : tensor<8x4xf32>
  %m = graph.weight "mean" : tensor<4xf32>
  %l = graph.linear %x, %w : (tensor<2x8xf32>, tensor<8x4xf32>) -> tensor<2x4xf32>
  %n = graph.batch_norm %l mean(%m) variance(%m) axis(1) eps(2.0) : (tensor<2x4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<2x4xf32>
  return %l, %n : tensor<2x4xf32>, tensor<2x4xf32>
}

// One of the users behind is no layer.
// CHECK-LABEL: func.func @no_layer(
//       CHECK:   graph.batch_norm
// REMARK: [Missed] batch-norm | Category:sylvite-fusion | Function=no_layer | {{.*}}Reason="no linear layer stands before or behind it"
func.func @no_layer(%x: tensor<2x4xf32>) -> (tensor<2x4xf32>, tensor<2x4xf32>) {
  %w = graph.weight "w" : tensor<4x4xf32>
  %m = graph.weight "mean" : tensor<4xf32>
  %n = graph.batch_norm %x mean(%m) variance(%m) axis(1) eps(2.0) : (tensor<2x4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<2x4xf32>
  %l = graph.linear %n, %w : (tensor<2x4xf32>, tensor<4x4xf32>) -> tensor<2x4xf32>
  %y = graph.relu %n : tensor<2x4xf32>
  return %l, %y : tensor<2x4xf32>, tensor<2x4xf32>
}

// The norm is a layer's residual, and not its input.
// CHECK-LABEL: func.func @residual(
//       CHECK:   graph.batch_norm
// REMARK: [Missed] batch-norm | Category:sylvite-fusion | Function=residual | {{.*}}Reason="no linear layer stands before or behind it"
func.func @residual(%x: tensor<2x4xf32>) -> tensor<2x4xf32> {
  %w = graph.weight "w" : tensor<4x4xf32>
  %m = graph.weight "mean" : tensor<4xf32>
  %n = graph.batch_norm %x mean(%m) variance(%m) axis(1) eps(2.0) : (tensor<2x4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<2x4xf32>
  %l = graph.linear %x, %w residual(%n) : (tensor<2x4xf32>, tensor<4x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  return %l : tensor<2x4xf32>
}

// CHECK-LABEL: func.func @of_the_batch(
//       CHECK:   graph.batch_norm
// REMARK: [Missed] batch-norm | Category:sylvite-fusion | Function=of_the_batch | {{.*}}Reason="its statistics are those of the batch"
func.func @of_the_batch(%x: tensor<2x8xf32>) -> tensor<2x4xf32> {
  %w = graph.weight "w" : tensor<8x4xf32>
  %l = graph.linear %x, %w : (tensor<2x8xf32>, tensor<8x4xf32>) -> tensor<2x4xf32>
  %n = graph.batch_norm %l axis(1) over [0] : (tensor<2x4xf32>) -> tensor<2x4xf32>
  return %n : tensor<2x4xf32>
}

// CHECK-LABEL: func.func @given_statistics(
//       CHECK:   graph.batch_norm
// REMARK: [Missed] batch-norm | Category:sylvite-fusion | Function=given_statistics | {{.*}}Reason="statistics, scale or bias are no weights"
func.func @given_statistics(%x: tensor<2x8xf32>, %m: tensor<4xf32>) -> tensor<2x4xf32> {
  %w = graph.weight "w" : tensor<8x4xf32>
  %l = graph.linear %x, %w : (tensor<2x8xf32>, tensor<8x4xf32>) -> tensor<2x4xf32>
  %n = graph.batch_norm %l mean(%m) variance(%m) axis(1) eps(4.0) : (tensor<2x4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<2x4xf32>
  return %n : tensor<2x4xf32>
}

// CHECK-LABEL: func.func @other_axis(
//       CHECK:   graph.batch_norm
// REMARK: [Missed] batch-norm | Category:sylvite-fusion | Function=other_axis | {{.*}}Reason="the channels are not the last axis"
func.func @other_axis(%x: tensor<2x8xf32>) -> tensor<2x4xf32> {
  %w = graph.weight "w" : tensor<8x4xf32>
  %m = graph.weight "mean" : tensor<2xf32>
  %l = graph.linear %x, %w : (tensor<2x8xf32>, tensor<8x4xf32>) -> tensor<2x4xf32>
  %n = graph.batch_norm %l mean(%m) variance(%m) axis(0) eps(2.0) : (tensor<2x4xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<2x4xf32>
  return %n : tensor<2x4xf32>
}
