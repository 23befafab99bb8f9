// RUN: sylvite-opt --sylvite-fuse-residual-norm --verify-fusion %s | FileCheck %s
// RUN: sylvite-opt --sylvite-fuse-residual-norm --remarks-filter=sylvite-fusion %s 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK
// RUN: sylvite-opt --pass-pipeline='builtin.module(func.func(sylvite-fuse-residual-norm{max-norm-features=3}))' --remarks-filter=sylvite-fusion %s 2>&1 >/dev/null | FileCheck %s --check-prefix=LIMIT

// CHECK-LABEL: func.func @post_norm(
//  CHECK-SAME:     %[[X:.+]]: tensor<2x8xf32>, %[[R:.+]]: tensor<2x4xf32>, %[[W:.+]]: tensor<8x4xf32>, %[[G:.+]]: tensor<4xf32>, %[[B:.+]]: tensor<4xf32>)
//  CHECK-NEXT:   %[[Y:.+]] = graph.linear %[[X]], %[[W]] bias(%[[B]]) residual(%[[R]]) norm(layer) scale(%[[G]]) shift(%[[B]]) eps(1.250000e-01) : (
//  CHECK-NEXT:   return %[[Y]]
// REMARK: remark: [Passed] residual-norm | Category:sylvite-fusion | Function=post_norm | Remark="linear, residual"
// REMARK: remark: [Passed] residual-norm | Category:sylvite-fusion | Function=post_norm | Remark="linear, residual, layer norm"
// LIMIT: remark: [Missed] residual-norm | Category:sylvite-fusion | Function=post_norm | Other={{.*}}, Reason="a row of 4 features is longer than the limit of 3", Suggestion="raise max-norm-features"
func.func @post_norm(%x: tensor<2x8xf32>, %r: tensor<2x4xf32>, %w: tensor<8x4xf32>, %g: tensor<4xf32>, %b: tensor<4xf32>) -> tensor<2x4xf32> {
  %l = graph.linear %x, %w bias(%b) : (tensor<2x8xf32>, tensor<8x4xf32>, tensor<4xf32>) -> tensor<2x4xf32>
  %s = graph.add %r, %l : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  %y = graph.layer_norm %s scale(%g) bias(%b) eps(0.125) : (tensor<2x4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<2x4xf32>
  return %y : tensor<2x4xf32>
}

// What is added comes behind the layer, and is needed for nothing else.
// CHECK-LABEL: func.func @residual_calculated_later(
//       CHECK:   %[[R:.+]] = graph.relu
//  CHECK-NEXT:   %[[Y:.+]] = graph.linear %{{.+}}, %{{.+}} residual(%[[R]]) norm(rms) scale(%{{.+}}) : (
//  CHECK-NEXT:   return %[[Y]]
// REMARK: remark: [Passed] residual-norm | Category:sylvite-fusion | Function=residual_calculated_later | Remark="linear, residual, rms norm"
func.func @residual_calculated_later(%x: tensor<2x8xf32>, %z: tensor<2x4xf32>, %w: tensor<8x4xf32>, %g: tensor<4xf32>) -> tensor<2x4xf32> {
  %l = graph.linear %x, %w : (tensor<2x8xf32>, tensor<8x4xf32>) -> tensor<2x4xf32>
  %r = graph.relu %z : tensor<2x4xf32>
  %s = graph.add %l, %r : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  %y = graph.rms_norm %s scale(%g) : (tensor<2x4xf32>, tensor<4xf32>) -> tensor<2x4xf32>
  return %y : tensor<2x4xf32>
}

// CHECK-LABEL: func.func @norm_without_residual(
//       CHECK:   graph.linear %{{.+}}, %{{.+}} activation(relu) norm(layer) scale(%{{.+}}) : (
//  CHECK-NEXT:   return
// REMARK: remark: [Passed] residual-norm | Category:sylvite-fusion | Function=norm_without_residual | Remark="linear, layer norm"
func.func @norm_without_residual(%x: tensor<2x8xf32>, %w: tensor<8x4xf32>, %g: tensor<4xf32>) -> tensor<2x4xf32> {
  %l = graph.linear %x, %w activation(relu) : (tensor<2x8xf32>, tensor<8x4xf32>) -> tensor<2x4xf32>
  %y = graph.layer_norm %l scale(%g) : (tensor<2x4xf32>, tensor<4xf32>) -> tensor<2x4xf32>
  return %y : tensor<2x4xf32>
}

// The sum is needed twice: by the norm, and behind the layers.
// CHECK-LABEL: func.func @pre_norm(
//       CHECK:   %[[S:.+]] = graph.linear %{{.+}}, %{{.+}} residual(%{{.+}}) : (
//  CHECK-NEXT:   %[[N:.+]] = graph.rms_norm %[[S]] scale(
//  CHECK-NEXT:   %[[Y:.+]] = graph.linear %[[N]], %{{.+}} residual(%[[S]]) : (
//  CHECK-NEXT:   return %[[Y]]
// REMARK: remark: [Missed] residual-norm | Category:sylvite-fusion | Function=pre_norm | Other={{.*}}, Reason="the norm's input has a second user", Suggestion="a model that normalises behind the sum
func.func @pre_norm(%x: tensor<2x4xf32>, %r: tensor<2x4xf32>, %w: tensor<4x4xf32>, %g: tensor<4xf32>) -> tensor<2x4xf32> {
  %l = graph.linear %x, %w : (tensor<2x4xf32>, tensor<4x4xf32>) -> tensor<2x4xf32>
  %s = graph.add %l, %r : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  %n = graph.rms_norm %s scale(%g) : (tensor<2x4xf32>, tensor<4xf32>) -> tensor<2x4xf32>
  %l2 = graph.linear %n, %w : (tensor<2x4xf32>, tensor<4x4xf32>) -> tensor<2x4xf32>
  %y = graph.add %s, %l2 : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  return %y : tensor<2x4xf32>
}

// Two layers are added: the first takes the second's result.
// CHECK-LABEL: func.func @two_layers(
//       CHECK:   %[[B:.+]] = graph.linear %{{.+}}, %{{.+}} activation(relu) : (
//  CHECK-NEXT:   %[[Y:.+]] = graph.linear %{{.+}}, %{{.+}} residual(%[[B]]) : (
//  CHECK-NEXT:   return %[[Y]]
func.func @two_layers(%x: tensor<2x8xf32>, %w: tensor<8x4xf32>) -> tensor<2x4xf32> {
  %a = graph.linear %x, %w : (tensor<2x8xf32>, tensor<8x4xf32>) -> tensor<2x4xf32>
  %b = graph.linear %x, %w activation(relu) : (tensor<2x8xf32>, tensor<8x4xf32>) -> tensor<2x4xf32>
  %y = graph.add %a, %b : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  return %y : tensor<2x4xf32>
}

// CHECK-LABEL: func.func @sum_of_others(
//  CHECK-SAME:     %[[X:.+]]: tensor<2x4xf32>, %[[R:.+]]: tensor<2x4xf32>, %[[G:.+]]: tensor<4xf32>)
//  CHECK-NEXT:   %[[Y:.+]] = graph.layer_norm %[[X]] residual(%[[R]]) scale(%[[G]]) : (
//  CHECK-NEXT:   return %[[Y]]
// REMARK: remark: [Passed] residual-norm | Category:sylvite-fusion | Function=sum_of_others | Remark="residual, layer norm"
func.func @sum_of_others(%x: tensor<2x4xf32>, %r: tensor<2x4xf32>, %g: tensor<4xf32>) -> tensor<2x4xf32> {
  %s = graph.add %x, %r : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  %y = graph.layer_norm %s scale(%g) : (tensor<2x4xf32>, tensor<4xf32>) -> tensor<2x4xf32>
  return %y : tensor<2x4xf32>
}

// The same tensor twice, and a norm without scale.
// CHECK-LABEL: func.func @doubled(
//  CHECK-SAME:     %[[X:.+]]: tensor<2x4xf32>)
//  CHECK-NEXT:   %[[Y:.+]] = graph.rms_norm %[[X]] residual(%[[X]]) : (
//  CHECK-NEXT:   return %[[Y]]
// REMARK: remark: [Passed] residual-norm | Category:sylvite-fusion | Function=doubled | Remark="residual, rms norm"
func.func @doubled(%x: tensor<2x4xf32>) -> tensor<2x4xf32> {
  %s = graph.add %x, %x : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  %y = graph.rms_norm %s : (tensor<2x4xf32>) -> tensor<2x4xf32>
  return %y : tensor<2x4xf32>
}
