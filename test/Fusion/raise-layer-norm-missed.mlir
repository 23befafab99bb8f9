// RUN: sylvite-opt --sylvite-raise-layer-norm --sylvite-raise-rms-norm %s | FileCheck %s --implicit-check-not=graph.layer_norm --implicit-check-not=graph.rms_norm
// RUN: sylvite-opt --sylvite-raise-layer-norm --sylvite-raise-rms-norm --remarks-filter=sylvite-fusion %s 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK

// CHECK-LABEL: func.func @first_axis(
// REMARK: remark: [Missed] layer-norm | Category:sylvite-fusion | Function=first_axis
// REMARK-SAME: Reason="the mean is not taken along the last axis alone", Suggestion="transpose the features to the last axis"
func.func @first_axis(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %eps = graph.constant dense<1.0e-05> : tensor<f32>
  %m = graph.reduce mean %x axes [0] keepdims : (tensor<4x8xf32>) -> tensor<1x8xf32>
  %d = graph.sub %x, %m : (tensor<4x8xf32>, tensor<1x8xf32>) -> tensor<4x8xf32>
  %s = graph.mul %d, %d : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  %v = graph.reduce mean %s axes [0] keepdims : (tensor<4x8xf32>) -> tensor<1x8xf32>
  %u = graph.add %v, %eps : (tensor<1x8xf32>, tensor<f32>) -> tensor<1x8xf32>
  %r = graph.rsqrt %u : tensor<1x8xf32>
  %y = graph.mul %d, %r : (tensor<4x8xf32>, tensor<1x8xf32>) -> tensor<4x8xf32>
  return %y : tensor<4x8xf32>
}

// CHECK-LABEL: func.func @dynamic_axis(
// REMARK: remark: [Missed] rms-norm | Category:sylvite-fusion | Function=dynamic_axis
// REMARK-SAME: Reason="the last axis is not static", Suggestion="give the features a static extent"
func.func @dynamic_axis(%x: tensor<4x?xf32, #graph.dims<_, seq>>) -> tensor<4x?xf32, #graph.dims<_, seq>> {
  %eps = graph.constant dense<1.0e-05> : tensor<f32>
  %s = graph.mul %x, %x : (tensor<4x?xf32, #graph.dims<_, seq>>, tensor<4x?xf32, #graph.dims<_, seq>>) -> tensor<4x?xf32, #graph.dims<_, seq>>
  %v = graph.reduce mean %s axes [1] keepdims : (tensor<4x?xf32, #graph.dims<_, seq>>) -> tensor<4x1xf32>
  %u = graph.add %v, %eps : (tensor<4x1xf32>, tensor<f32>) -> tensor<4x1xf32>
  %r = graph.rsqrt %u : tensor<4x1xf32>
  %y = graph.mul %x, %r : (tensor<4x?xf32, #graph.dims<_, seq>>, tensor<4x1xf32>) -> tensor<4x?xf32, #graph.dims<_, seq>>
  return %y : tensor<4x?xf32, #graph.dims<_, seq>>
}

// CHECK-LABEL: func.func @negative_eps(
// REMARK: remark: [Missed] rms-norm | Category:sylvite-fusion | Function=negative_eps
// REMARK-SAME: Other={{.*}}, Reason="eps is negative"
func.func @negative_eps(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %eps = graph.constant dense<-1.0e-05> : tensor<f32>
  %s = graph.mul %x, %x : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  %v = graph.reduce mean %s axes [1] keepdims : (tensor<4x8xf32>) -> tensor<4x1xf32>
  %u = graph.add %v, %eps : (tensor<4x1xf32>, tensor<f32>) -> tensor<4x1xf32>
  %r = graph.rsqrt %u : tensor<4x1xf32>
  %y = graph.mul %x, %r : (tensor<4x8xf32>, tensor<4x1xf32>) -> tensor<4x8xf32>
  return %y : tensor<4x8xf32>
}

// CHECK-LABEL: func.func @eps_behind_the_root(
// REMARK: remark: [Missed] layer-norm | Category:sylvite-fusion | Function=eps_behind_the_root
// REMARK-SAME: Other={{.*}}, Reason="the deviation from the mean is not divided by it", Suggestion="write (x - mean(x)) / sqrt(variance(x) + eps)"
func.func @eps_behind_the_root(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %eps = graph.constant dense<1.0e-05> : tensor<f32>
  %m = graph.reduce mean %x axes [1] keepdims : (tensor<4x8xf32>) -> tensor<4x1xf32>
  %d = graph.sub %x, %m : (tensor<4x8xf32>, tensor<4x1xf32>) -> tensor<4x8xf32>
  %s = graph.mul %d, %d : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  %v = graph.reduce mean %s axes [1] keepdims : (tensor<4x8xf32>) -> tensor<4x1xf32>
  %q = graph.sqrt %v : tensor<4x1xf32>
  %u = graph.add %q, %eps : (tensor<4x1xf32>, tensor<f32>) -> tensor<4x1xf32>
  %y = graph.div %d, %u : (tensor<4x8xf32>, tensor<4x1xf32>) -> tensor<4x8xf32>
  return %y : tensor<4x8xf32>
}

// The deviation of x is divided by that of z.
// CHECK-LABEL: func.func @another_numerator(
// REMARK: remark: [Missed] layer-norm | Category:sylvite-fusion | Function=another_numerator
// REMARK-SAME: Reason="the deviation from the mean is not divided by it"
func.func @another_numerator(%x: tensor<4x8xf32>, %z: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %eps = graph.constant dense<1.0e-05> : tensor<f32>
  %mx = graph.reduce mean %x axes [1] keepdims : (tensor<4x8xf32>) -> tensor<4x1xf32>
  %dx = graph.sub %x, %mx : (tensor<4x8xf32>, tensor<4x1xf32>) -> tensor<4x8xf32>
  %m = graph.reduce mean %z axes [1] keepdims : (tensor<4x8xf32>) -> tensor<4x1xf32>
  %d = graph.sub %z, %m : (tensor<4x8xf32>, tensor<4x1xf32>) -> tensor<4x8xf32>
  %s = graph.mul %d, %d : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  %v = graph.reduce mean %s axes [1] keepdims : (tensor<4x8xf32>) -> tensor<4x1xf32>
  %u = graph.add %v, %eps : (tensor<4x1xf32>, tensor<f32>) -> tensor<4x1xf32>
  %r = graph.rsqrt %u : tensor<4x1xf32>
  %y = graph.mul %dx, %r : (tensor<4x8xf32>, tensor<4x1xf32>) -> tensor<4x8xf32>
  return %y : tensor<4x8xf32>
}

// A mean of squares that is no statistic of what it divides.
// CHECK-LABEL: func.func @rms_of_another(
// REMARK: remark: [Missed] rms-norm | Category:sylvite-fusion | Function=rms_of_another
// REMARK-SAME: Other={{.*}}, Reason="what it is calculated from is not divided by it", Suggestion="write x / sqrt(mean(x * x) + eps)"
func.func @rms_of_another(%x: tensor<4x8xf32>, %z: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %s = graph.mul %x, %x : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  %v = graph.reduce mean %s axes [1] keepdims : (tensor<4x8xf32>) -> tensor<4x1xf32>
  %r = graph.rsqrt %v : tensor<4x1xf32>
  %y = graph.mul %z, %r : (tensor<4x8xf32>, tensor<4x1xf32>) -> tensor<4x8xf32>
  return %y : tensor<4x8xf32>
}

// Deviations are divided by their number less one.
// CHECK-LABEL: func.func @unbiased(
// REMARK: remark: [Missed] layer-norm | Category:sylvite-fusion | Function=unbiased | Reason="the sum of squares is not divided by the number of features", Suggestion="take the mean of the squares"
func.func @unbiased(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %seven = graph.constant dense<7.0> : tensor<f32>
  %m = graph.reduce mean %x axes [1] keepdims : (tensor<4x8xf32>) -> tensor<4x1xf32>
  %d = graph.sub %x, %m : (tensor<4x8xf32>, tensor<4x1xf32>) -> tensor<4x8xf32>
  %s = graph.mul %d, %d : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  %t = graph.reduce sum %s axes [1] keepdims : (tensor<4x8xf32>) -> tensor<4x1xf32>
  %v = graph.div %t, %seven : (tensor<4x1xf32>, tensor<f32>) -> tensor<4x1xf32>
  %r = graph.rsqrt %v : tensor<4x1xf32>
  %y = graph.mul %d, %r : (tensor<4x8xf32>, tensor<4x1xf32>) -> tensor<4x8xf32>
  return %y : tensor<4x8xf32>
}
