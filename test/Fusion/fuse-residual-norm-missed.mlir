// RUN: sylvite-opt --sylvite-fuse-residual-norm %s | FileCheck %s
// RUN: sylvite-opt --sylvite-fuse-residual-norm --remarks-filter=sylvite-fusion %s 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK

// CHECK-LABEL: func.func @layer_used_twice(
//       CHECK:   graph.add
// REMARK: remark: [Missed] residual-norm | Category:sylvite-fusion | Function=layer_used_twice | Other={{.*}}, Reason="the layer has a second user"
func.func @layer_used_twice(%x: tensor<2x8xf32>, %r: tensor<2x4xf32>, %w: tensor<8x4xf32>) -> (tensor<2x4xf32>, tensor<2x4xf32>) {
  %l = graph.linear %x, %w : (tensor<2x8xf32>, tensor<8x4xf32>) -> tensor<2x4xf32>
  %y = graph.add %r, %l : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  return %l, %y : tensor<2x4xf32>, tensor<2x4xf32>
}

// CHECK-LABEL: func.func @layer_added_to_itself(
//       CHECK:   graph.add
// REMARK: remark: [Missed] residual-norm | Category:sylvite-fusion | Function=layer_added_to_itself | Reason="the layer is added to itself"
func.func @layer_added_to_itself(%x: tensor<2x8xf32>, %w: tensor<8x4xf32>) -> tensor<2x4xf32> {
  %l = graph.linear %x, %w : (tensor<2x8xf32>, tensor<8x4xf32>) -> tensor<2x4xf32>
  %y = graph.add %l, %l : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  return %y : tensor<2x4xf32>
}

// CHECK-LABEL: func.func @second_residual(
//       CHECK:   graph.add
// REMARK: remark: [Missed] residual-norm | Category:sylvite-fusion | Function=second_residual | Other={{.*}}, Reason="the layer has a residual already"
func.func @second_residual(%x: tensor<2x8xf32>, %r: tensor<2x4xf32>, %w: tensor<8x4xf32>) -> tensor<2x4xf32> {
  %l = graph.linear %x, %w residual(%r) : (tensor<2x8xf32>, tensor<8x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  %y = graph.add %l, %r : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  return %y : tensor<2x4xf32>
}

// CHECK-LABEL: func.func @sum_behind_a_norm(
//       CHECK:   graph.add
// REMARK: remark: [Missed] residual-norm | Category:sylvite-fusion | Function=sum_behind_a_norm | Other={{.*}}, Reason="the layer ends with a norm"
func.func @sum_behind_a_norm(%x: tensor<2x8xf32>, %r: tensor<2x4xf32>, %w: tensor<8x4xf32>, %g: tensor<4xf32>) -> tensor<2x4xf32> {
  %l = graph.linear %x, %w norm(layer) scale(%g) : (tensor<2x8xf32>, tensor<8x4xf32>, tensor<4xf32>) -> tensor<2x4xf32>
  %y = graph.add %l, %r : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  return %y : tensor<2x4xf32>
}

// CHECK-LABEL: func.func @repeated_summand(
//       CHECK:   graph.add
//       CHECK:   graph.add
//       CHECK:   graph.layer_norm
// REMARK: remark: [Missed] residual-norm | Category:sylvite-fusion | Function=repeated_summand | Reason="a summand is repeated along a dimension", Suggestion="add a tensor of the layer's shape"
// REMARK: remark: [Missed] residual-norm | Category:sylvite-fusion | Function=repeated_summand | Other={{.*}}, Reason="a summand is repeated along a dimension", Suggestion="add a tensor of the norm's shape"
func.func @repeated_summand(%x: tensor<2x8xf32>, %r: tensor<1x4xf32>, %w: tensor<8x4xf32>) -> tensor<2x4xf32> {
  %l = graph.linear %x, %w : (tensor<2x8xf32>, tensor<8x4xf32>) -> tensor<2x4xf32>
  %s = graph.add %l, %r : (tensor<2x4xf32>, tensor<1x4xf32>) -> tensor<2x4xf32>
  %t = graph.add %r, %s : (tensor<1x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  %y = graph.layer_norm %t : (tensor<2x4xf32>) -> tensor<2x4xf32>
  return %y : tensor<2x4xf32>
}

// CHECK-LABEL: func.func @norm_without_scale(
//       CHECK:   graph.layer_norm
// REMARK: remark: [Missed] residual-norm | Category:sylvite-fusion | Function=norm_without_scale | Other={{.*}}, Reason="the norm has no scale", Suggestion="give it a scale of ones"
func.func @norm_without_scale(%x: tensor<2x8xf32>, %w: tensor<8x4xf32>) -> tensor<2x4xf32> {
  %l = graph.linear %x, %w : (tensor<2x8xf32>, tensor<8x4xf32>) -> tensor<2x4xf32>
  %y = graph.layer_norm %l : (tensor<2x4xf32>) -> tensor<2x4xf32>
  return %y : tensor<2x4xf32>
}

// CHECK-LABEL: func.func @norm_with_residual(
//       CHECK:   graph.layer_norm
// REMARK: remark: [Missed] residual-norm | Category:sylvite-fusion | Function=norm_with_residual | Other={{.*}}, Reason="the norm has a residual of its own"
func.func @norm_with_residual(%x: tensor<2x8xf32>, %r: tensor<2x4xf32>, %w: tensor<8x4xf32>, %g: tensor<4xf32>) -> tensor<2x4xf32> {
  %l = graph.linear %x, %w : (tensor<2x8xf32>, tensor<8x4xf32>) -> tensor<2x4xf32>
  %y = graph.layer_norm %l residual(%r) scale(%g) : (tensor<2x4xf32>, tensor<2x4xf32>, tensor<4xf32>) -> tensor<2x4xf32>
  return %y : tensor<2x4xf32>
}

// CHECK-LABEL: func.func @norm_of_a_normalised_layer(
//       CHECK:   graph.layer_norm
// REMARK: remark: [Missed] residual-norm | Category:sylvite-fusion | Function=norm_of_a_normalised_layer | Other={{.*}}, Reason="the layer ends with a norm already"
func.func @norm_of_a_normalised_layer(%x: tensor<2x8xf32>, %w: tensor<8x4xf32>, %g: tensor<4xf32>) -> tensor<2x4xf32> {
  %l = graph.linear %x, %w norm(rms) scale(%g) : (tensor<2x8xf32>, tensor<8x4xf32>, tensor<4xf32>) -> tensor<2x4xf32>
  %y = graph.layer_norm %l scale(%g) : (tensor<2x4xf32>, tensor<4xf32>) -> tensor<2x4xf32>
  return %y : tensor<2x4xf32>
}

// CHECK-LABEL: func.func @sum_used_twice(
//       CHECK:   graph.add
//       CHECK:   graph.rms_norm
// REMARK: remark: [Missed] residual-norm | Category:sylvite-fusion | Function=sum_used_twice | Other={{.*}}, Reason="the sum before the norm has a second user"
func.func @sum_used_twice(%x: tensor<2x4xf32>, %r: tensor<2x4xf32>) -> (tensor<2x4xf32>, tensor<2x4xf32>) {
  %s = graph.add %x, %r : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  %y = graph.rms_norm %s : (tensor<2x4xf32>) -> tensor<2x4xf32>
  return %s, %y : tensor<2x4xf32>, tensor<2x4xf32>
}

// CHECK-LABEL: func.func @two_residuals(
//       CHECK:   graph.add
//       CHECK:   graph.rms_norm
// REMARK: remark: [Missed] residual-norm | Category:sylvite-fusion | Function=two_residuals | Other={{.*}}, Reason="the norm has a residual already"
func.func @two_residuals(%x: tensor<2x4xf32>, %r: tensor<2x4xf32>) -> tensor<2x4xf32> {
  %s = graph.add %x, %r : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  %y = graph.rms_norm %s residual(%r) : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  return %y : tensor<2x4xf32>
}
