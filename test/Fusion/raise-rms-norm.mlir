// RUN: sylvite-opt --sylvite-raise-rms-norm --verify-fusion %s | FileCheck %s
// RUN: sylvite-opt --sylvite-raise-rms-norm --remarks-filter=sylvite-fusion %s 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK

// CHECK-LABEL: func.func @as_llama_writes_it(
//  CHECK-SAME:     %[[X:.+]]: tensor<?x8xf32, #graph.dims<seq, _>>, %[[G:.+]]: tensor<8xf32>)
//  CHECK-NEXT:   %[[Y:.+]] = graph.rms_norm %[[X]] scale(%[[G]]) eps(
//  CHECK-NEXT:   return %[[Y]]
// REMARK: remark: [Passed] rms-norm | Category:sylvite-fusion | Function=as_llama_writes_it | Remark="scale, no bias"
func.func @as_llama_writes_it(%x: tensor<?x8xf32, #graph.dims<seq, _>>, %g: tensor<8xf32>) -> tensor<?x8xf32, #graph.dims<seq, _>> {
  %two = graph.constant dense<2.0> : tensor<f32>
  %eps = graph.constant dense<1.0e-06> : tensor<f32>
  %s = graph.pow %x, %two : (tensor<?x8xf32, #graph.dims<seq, _>>, tensor<f32>) -> tensor<?x8xf32, #graph.dims<seq, _>>
  %v = graph.reduce mean %s axes [1] keepdims : (tensor<?x8xf32, #graph.dims<seq, _>>) -> tensor<?x1xf32, #graph.dims<seq, _>>
  %u = graph.add %v, %eps : (tensor<?x1xf32, #graph.dims<seq, _>>, tensor<f32>) -> tensor<?x1xf32, #graph.dims<seq, _>>
  %r = graph.rsqrt %u : tensor<?x1xf32, #graph.dims<seq, _>>
  %n = graph.mul %x, %r : (tensor<?x8xf32, #graph.dims<seq, _>>, tensor<?x1xf32, #graph.dims<seq, _>>) -> tensor<?x8xf32, #graph.dims<seq, _>>
  %y = graph.mul %g, %n : (tensor<8xf32>, tensor<?x8xf32, #graph.dims<seq, _>>) -> tensor<?x8xf32, #graph.dims<seq, _>>
  return %y : tensor<?x8xf32, #graph.dims<seq, _>>
}

// The input is a product itself, with a vector that is no scale.
// CHECK-LABEL: func.func @of_a_product(
//  CHECK-SAME:     %[[P:.+]]: tensor<4x8xf32>, %[[G:.+]]: tensor<8xf32>, %[[B:.+]]: tensor<8xf32>)
//  CHECK-NEXT:   %[[X:.+]] = graph.mul %[[P]], %[[G]]
//  CHECK-NEXT:   %[[Y:.+]] = graph.rms_norm %[[X]] bias(%[[B]]) eps(
//  CHECK-NEXT:   return %[[Y]]
// REMARK: remark: [Passed] rms-norm | Category:sylvite-fusion | Function=of_a_product | Remark="no scale, bias"
func.func @of_a_product(%p: tensor<4x8xf32>, %g: tensor<8xf32>, %b: tensor<8xf32>) -> tensor<4x8xf32> {
  %eps = graph.constant dense<1.0e-06> : tensor<f32>
  %x = graph.mul %p, %g : (tensor<4x8xf32>, tensor<8xf32>) -> tensor<4x8xf32>
  %s = graph.mul %x, %x : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  %v = graph.reduce mean %s axes [1] keepdims : (tensor<4x8xf32>) -> tensor<4x1xf32>
  %u = graph.add %v, %eps : (tensor<4x1xf32>, tensor<f32>) -> tensor<4x1xf32>
  %r = graph.sqrt %u : tensor<4x1xf32>
  %n = graph.div %x, %r : (tensor<4x8xf32>, tensor<4x1xf32>) -> tensor<4x8xf32>
  %y = graph.add %n, %b : (tensor<4x8xf32>, tensor<8xf32>) -> tensor<4x8xf32>
  return %y : tensor<4x8xf32>
}

// The mean is taken away: layer norm.
// CHECK-LABEL: func.func @centred(
//   CHECK-NOT:   graph.rms_norm
//       CHECK:   return
// REMARK-NOT: centred
func.func @centred(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %m = graph.reduce mean %x axes [1] keepdims : (tensor<4x8xf32>) -> tensor<4x1xf32>
  %d = graph.sub %x, %m : (tensor<4x8xf32>, tensor<4x1xf32>) -> tensor<4x8xf32>
  %s = graph.mul %d, %d : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  %v = graph.reduce mean %s axes [1] keepdims : (tensor<4x8xf32>) -> tensor<4x1xf32>
  %r = graph.sqrt %v : tensor<4x1xf32>
  %y = graph.div %d, %r : (tensor<4x8xf32>, tensor<4x1xf32>) -> tensor<4x8xf32>
  return %y : tensor<4x8xf32>
}

// In f32 between casts from and to f16, and a scale in f16.

// CHECK-LABEL: func.func @between_casts(
//  CHECK-SAME:     %[[X:.+]]: tensor<4x8xf16>
//       CHECK:   %[[Y:.+]] = graph.rms_norm %[[X]] scale(%{{.+}}) : (tensor<4x8xf16>, tensor<8xf16>) -> tensor<4x8xf16>
//  CHECK-NEXT:   return %[[Y]]
func.func @between_casts(%x: tensor<4x8xf16>) -> tensor<4x8xf16> {
  %g = graph.weight "g" : tensor<8xf16>
  %eps = graph.constant dense<1.0e-5> : tensor<f32>
  %f = graph.cast %x : tensor<4x8xf16> to tensor<4x8xf32>
  %q = graph.mul %f, %f : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  %v = graph.reduce mean %q axes [1] keepdims : (tensor<4x8xf32>) -> tensor<4x1xf32>
  %u = graph.add %v, %eps : (tensor<4x1xf32>, tensor<f32>) -> tensor<4x1xf32>
  %r = graph.rsqrt %u : tensor<4x1xf32>
  %n = graph.mul %f, %r : (tensor<4x8xf32>, tensor<4x1xf32>) -> tensor<4x8xf32>
  %h = graph.cast %n : tensor<4x8xf32> to tensor<4x8xf16>
  %y = graph.mul %h, %g : (tensor<4x8xf16>, tensor<8xf16>) -> tensor<4x8xf16>
  return %y : tensor<4x8xf16>
}

// The scale is cast as well, before it is used.

// CHECK-LABEL: func.func @scale_cast(
//       CHECK:   graph.rms_norm %{{.+}} scale(%{{.+}}) : (tensor<4x8xbf16>, tensor<8xbf16>) -> tensor<4x8xbf16>
//  CHECK-NEXT:   return
func.func @scale_cast(%x: tensor<4x8xbf16>) -> tensor<4x8xbf16> {
  %g = graph.weight "g" : tensor<8xbf16>
  %w = graph.cast %g : tensor<8xbf16> to tensor<8xf32>
  %eps = graph.constant dense<1.0e-5> : tensor<f32>
  %f = graph.cast %x : tensor<4x8xbf16> to tensor<4x8xf32>
  %q = graph.mul %f, %f : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  %v = graph.reduce mean %q axes [1] keepdims : (tensor<4x8xf32>) -> tensor<4x1xf32>
  %u = graph.add %v, %eps : (tensor<4x1xf32>, tensor<f32>) -> tensor<4x1xf32>
  %r = graph.rsqrt %u : tensor<4x1xf32>
  %n = graph.mul %f, %r : (tensor<4x8xf32>, tensor<4x1xf32>) -> tensor<4x8xf32>
  %y = graph.mul %n, %w : (tensor<4x8xf32>, tensor<8xf32>) -> tensor<4x8xf32>
  %h = graph.cast %y : tensor<4x8xf32> to tensor<4x8xbf16>
  return %h : tensor<4x8xbf16>
}

// A scale in f32 keeps the norm in f32.

// CHECK-LABEL: func.func @wide_scale(
//       CHECK:   graph.rms_norm %{{.+}} scale(%{{.+}}) : (tensor<4x8xf32>, tensor<8xf32>) -> tensor<4x8xf32>
//  CHECK-NEXT:   graph.cast
func.func @wide_scale(%x: tensor<4x8xf16>) -> tensor<4x8xf16> {
  %w = graph.weight "g" : tensor<8xf32>
  %eps = graph.constant dense<1.0e-5> : tensor<f32>
  %f = graph.cast %x : tensor<4x8xf16> to tensor<4x8xf32>
  %q = graph.mul %f, %f : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  %v = graph.reduce mean %q axes [1] keepdims : (tensor<4x8xf32>) -> tensor<4x1xf32>
  %u = graph.add %v, %eps : (tensor<4x1xf32>, tensor<f32>) -> tensor<4x1xf32>
  %r = graph.rsqrt %u : tensor<4x1xf32>
  %n = graph.mul %f, %r : (tensor<4x8xf32>, tensor<4x1xf32>) -> tensor<4x8xf32>
  %y = graph.mul %n, %w : (tensor<4x8xf32>, tensor<8xf32>) -> tensor<4x8xf32>
  %h = graph.cast %y : tensor<4x8xf32> to tensor<4x8xf16>
  return %h : tensor<4x8xf16>
}
