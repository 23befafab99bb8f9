// RUN: sylvite-opt --sylvite-fuse-linear --verify-fusion %s | FileCheck %s
// RUN: sylvite-opt --sylvite-fuse-linear --remarks-filter=sylvite-fusion %s 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK

// CHECK-LABEL: func.func @bias_and_gelu(
//  CHECK-SAME:     %[[X:.+]]: tensor<?x8xf32, #graph.dims<seq, _>>)
//  CHECK-NEXT:   %[[W:.+]] = graph.weight "up.weight"
//  CHECK-NEXT:   %[[B:.+]] = graph.weight "up.bias"
//  CHECK-NEXT:   %[[Y:.+]] = graph.linear %[[X]], %[[W]] bias(%[[B]]) activation(gelu_erf) {transpose_weight}
//  CHECK-NEXT:   return %[[Y]]
// REMARK: remark: [Passed] linear | Category:sylvite-fusion | Function=bias_and_gelu | Remark="matmul, bias, gelu_erf"
func.func @bias_and_gelu(%x: tensor<?x8xf32, #graph.dims<seq, _>>) -> tensor<?x4xf32, #graph.dims<seq, _>> {
  %w = graph.weight "up.weight" : tensor<4x8xf32>
  %b = graph.weight "up.bias" : tensor<4xf32>
  %m = graph.matmul %x, %w {transpose_rhs} : (tensor<?x8xf32, #graph.dims<seq, _>>, tensor<4x8xf32>) -> tensor<?x4xf32, #graph.dims<seq, _>>
  %s = graph.add %b, %m : (tensor<4xf32>, tensor<?x4xf32, #graph.dims<seq, _>>) -> tensor<?x4xf32, #graph.dims<seq, _>>
  %y = graph.gelu %s : tensor<?x4xf32, #graph.dims<seq, _>>
  return %y : tensor<?x4xf32, #graph.dims<seq, _>>
}

// CHECK-LABEL: func.func @product_alone(
//       CHECK:   graph.linear %{{.+}}, %{{.+}} : (
//  CHECK-NEXT:   return
// REMARK: remark: [Passed] linear | Category:sylvite-fusion | Function=product_alone | Remark=matmul
func.func @product_alone(%x: tensor<2x3x8xf32>) -> tensor<2x3x4xf32> {
  %w = graph.weight "w" : tensor<8x4xf32>
  %y = graph.matmul %x, %w : (tensor<2x3x8xf32>, tensor<8x4xf32>) -> tensor<2x3x4xf32>
  return %y : tensor<2x3x4xf32>
}

// A transpose of the weight cancels the product's; the bias is a row that is
// repeated; every activation has its name.
// CHECK-LABEL: func.func @activations(
//       CHECK:   graph.linear %{{.+}}, %{{.+}} bias(%{{.+}}) activation(relu) : (
//       CHECK:   graph.linear %{{.+}}, %{{.+}} activation(silu) {transpose_weight} : (
//       CHECK:   graph.linear %{{.+}}, %{{.+}} activation(tanh) : (
//       CHECK:   graph.linear %{{.+}}, %{{.+}} activation(sigmoid) : (
//       CHECK:   graph.linear %{{.+}}, %{{.+}} activation(gelu_tanh) : (
//  CHECK-NEXT:   return
func.func @activations(%x: tensor<2x4xf32>) -> tensor<2x4xf32> {
  %w = graph.weight "w" : tensor<4x4xf32>
  %b = graph.weight "b" : tensor<4xf32>
  %t = graph.transpose %w perm [1, 0] : (tensor<4x4xf32>) -> tensor<4x4xf32>
  %row = graph.reshape %b : tensor<4xf32> to tensor<1x4xf32>
  %m1 = graph.matmul %x, %t {transpose_rhs} : (tensor<2x4xf32>, tensor<4x4xf32>) -> tensor<2x4xf32>
  %a1 = graph.add %m1, %row : (tensor<2x4xf32>, tensor<1x4xf32>) -> tensor<2x4xf32>
  %y1 = graph.relu %a1 : tensor<2x4xf32>
  %m2 = graph.matmul %y1, %t : (tensor<2x4xf32>, tensor<4x4xf32>) -> tensor<2x4xf32>
  %y2 = graph.silu %m2 : tensor<2x4xf32>
  %m3 = graph.matmul %y2, %w : (tensor<2x4xf32>, tensor<4x4xf32>) -> tensor<2x4xf32>
  %y3 = graph.tanh %m3 : tensor<2x4xf32>
  %m4 = graph.matmul %y3, %w : (tensor<2x4xf32>, tensor<4x4xf32>) -> tensor<2x4xf32>
  %y4 = graph.sigmoid %m4 : tensor<2x4xf32>
  %m5 = graph.matmul %y4, %w : (tensor<2x4xf32>, tensor<4x4xf32>) -> tensor<2x4xf32>
  %y5 = graph.gelu %m5 tanh : tensor<2x4xf32>
  return %y5 : tensor<2x4xf32>
}

// CHECK-LABEL: func.func @packed_weight(
//       CHECK:   %[[W:.+]] = graph.concat
//       CHECK:   %[[B:.+]] = graph.concat
//  CHECK-NEXT:   graph.linear %{{.+}}, %[[W]] bias(%[[B]]) {transpose_weight} : (
//  CHECK-NEXT:   return
func.func @packed_weight(%x: tensor<2x8xf32>) -> tensor<2x6xf32> {
  %q = graph.weight "q.weight" : tensor<4x8xf32>
  %k = graph.weight "k.weight" : tensor<2x8xf32>
  %qb = graph.weight "q.bias" : tensor<4xf32>
  %kb = graph.weight "k.bias" : tensor<2xf32>
  %w = graph.concat %q, %k axis(0) : (tensor<4x8xf32>, tensor<2x8xf32>) -> tensor<6x8xf32>
  %b = graph.concat %qb, %kb axis(0) : (tensor<4xf32>, tensor<2xf32>) -> tensor<6xf32>
  %m = graph.matmul %x, %w {transpose_rhs} : (tensor<2x8xf32>, tensor<6x8xf32>) -> tensor<2x6xf32>
  %y = graph.add %m, %b : (tensor<2x6xf32>, tensor<6xf32>) -> tensor<2x6xf32>
  return %y : tensor<2x6xf32>
}

// CHECK-LABEL: func.func @layer_gets_its_end(
//       CHECK:   graph.linear %{{.+}}, %{{.+}} bias(%{{.+}}) activation(relu) : (
//  CHECK-NEXT:   return
// REMARK: remark: [Passed] linear | Category:sylvite-fusion | Function=layer_gets_its_end | Remark="linear, bias, relu"
func.func @layer_gets_its_end(%x: tensor<2x8xf32>, %w: tensor<8x4xf32>, %b: tensor<4xf32>) -> tensor<2x4xf32> {
  %m = graph.linear %x, %w : (tensor<2x8xf32>, tensor<8x4xf32>) -> tensor<2x4xf32>
  %s = graph.add %m, %b : (tensor<2x4xf32>, tensor<4xf32>) -> tensor<2x4xf32>
  %y = graph.relu %s : tensor<2x4xf32>
  return %y : tensor<2x4xf32>
}

// CHECK-LABEL: func.func @used_before_the_activation(
//       CHECK:   %[[L:.+]] = graph.linear %{{.+}}, %{{.+}} bias(%{{.+}}) : (
//  CHECK-NEXT:   %[[Y:.+]] = graph.relu %[[L]]
//  CHECK-NEXT:   return %[[L]], %[[Y]]
// REMARK: remark: [Missed] linear | Category:sylvite-fusion | Function=used_before_the_activation | Other={{.*}}, Reason="the layer's result before it has a second user"
// REMARK: remark: [Passed] linear | Category:sylvite-fusion | Function=used_before_the_activation | Remark="matmul, bias"
func.func @used_before_the_activation(%x: tensor<2x8xf32>) -> (tensor<2x4xf32>, tensor<2x4xf32>) {
  %w = graph.weight "w" : tensor<8x4xf32>
  %b = graph.weight "b" : tensor<4xf32>
  %m = graph.matmul %x, %w : (tensor<2x8xf32>, tensor<8x4xf32>) -> tensor<2x4xf32>
  %s = graph.add %m, %b : (tensor<2x4xf32>, tensor<4xf32>) -> tensor<2x4xf32>
  %y = graph.relu %s : tensor<2x4xf32>
  return %s, %y : tensor<2x4xf32>, tensor<2x4xf32>
}

// CHECK-LABEL: func.func @used_before_the_bias(
//       CHECK:   %[[L:.+]] = graph.linear %{{.+}}, %{{.+}} : (
//  CHECK-NEXT:   %[[Y:.+]] = graph.add %[[L]]
//  CHECK-NEXT:   return %[[L]], %[[Y]]
// REMARK: remark: [Missed] linear | Category:sylvite-fusion | Function=used_before_the_bias | Other={{.*}}, Reason="the layer's result before it has a second user"
func.func @used_before_the_bias(%x: tensor<2x8xf32>) -> (tensor<2x4xf32>, tensor<2x4xf32>) {
  %w = graph.weight "w" : tensor<8x4xf32>
  %b = graph.weight "b" : tensor<4xf32>
  %m = graph.matmul %x, %w : (tensor<2x8xf32>, tensor<8x4xf32>) -> tensor<2x4xf32>
  %s = graph.add %m, %b : (tensor<2x4xf32>, tensor<4xf32>) -> tensor<2x4xf32>
  return %m, %s : tensor<2x4xf32>, tensor<2x4xf32>
}

// CHECK-LABEL: func.func @weight_on_the_left(
//   CHECK-NOT:   graph.linear
//       CHECK:   return
// REMARK: remark: [Missed] linear | Category:sylvite-fusion | Function=weight_on_the_left | Reason="the weight stands on the left", Suggestion="write x W in place of W x"
func.func @weight_on_the_left(%x: tensor<8x2xf32>) -> tensor<4x2xf32> {
  %w = graph.weight "w" : tensor<4x8xf32>
  %y = graph.matmul %w, %x : (tensor<4x8xf32>, tensor<8x2xf32>) -> tensor<4x2xf32>
  return %y : tensor<4x2xf32>
}

// CHECK-LABEL: func.func @batched_weight(
//   CHECK-NOT:   graph.linear
//       CHECK:   return
// REMARK: remark: [Missed] linear | Category:sylvite-fusion | Function=batched_weight | Other={{.*}}, Reason="the weight has rank 3", Suggestion="reshape it to a matrix"
func.func @batched_weight(%x: tensor<3x2x8xf32>) -> tensor<3x2x4xf32> {
  %w = graph.weight "w" : tensor<3x8x4xf32>
  %y = graph.matmul %x, %w : (tensor<3x2x8xf32>, tensor<3x8x4xf32>) -> tensor<3x2x4xf32>
  return %y : tensor<3x2x4xf32>
}

// CHECK-LABEL: func.func @transposed_input(
//   CHECK-NOT:   graph.linear
//       CHECK:   return
// REMARK: remark: [Missed] linear | Category:sylvite-fusion | Function=transposed_input | Reason="the input is transposed"
func.func @transposed_input(%x: tensor<8x2xf32>) -> tensor<2x4xf32> {
  %w = graph.weight "w" : tensor<8x4xf32>
  %y = graph.matmul %x, %w {transpose_lhs} : (tensor<8x2xf32>, tensor<8x4xf32>) -> tensor<2x4xf32>
  return %y : tensor<2x4xf32>
}

// Two calculated tensors are no layer.
// CHECK-LABEL: func.func @no_weight(
//   CHECK-NOT:   graph.linear
//       CHECK:   return
// REMARK-NOT: no_weight
func.func @no_weight(%x: tensor<2x8xf32>, %z: tensor<8x4xf32>) -> tensor<2x4xf32> {
  %y = graph.matmul %x, %z : (tensor<2x8xf32>, tensor<8x4xf32>) -> tensor<2x4xf32>
  return %y : tensor<2x4xf32>
}

// A gated unit is two layers and a product behind them.

// CHECK-LABEL: func.func @gated(
//       CHECK:   graph.linear
//       CHECK:   graph.linear {{.+}} activation(silu)
//       CHECK:   graph.mul
// REMARK: remark: [Missed] gate | Category:sylvite-fusion | Function=gated
// REMARK-SAME: Reason="a layer has no place for the product with a gate, which is a kernel of its own"
func.func @gated(%x: tensor<4x8xf32>) -> tensor<4x16xf32> {
  %w = graph.weight "w" : tensor<8x16xf32>
  %v = graph.weight "v" : tensor<8x16xf32>
  %a = graph.matmul %x, %w : (tensor<4x8xf32>, tensor<8x16xf32>) -> tensor<4x16xf32>
  %b = graph.matmul %x, %v : (tensor<4x8xf32>, tensor<8x16xf32>) -> tensor<4x16xf32>
  %s = graph.silu %a : tensor<4x16xf32>
  %y = graph.mul %b, %s : (tensor<4x16xf32>, tensor<4x16xf32>) -> tensor<4x16xf32>
  return %y : tensor<4x16xf32>
}
