// RUN: sylvite-opt --sylvite-raise-layer-norm --verify-fusion %s | FileCheck %s
// RUN: sylvite-opt --sylvite-raise-layer-norm --remarks-filter=sylvite-fusion %s 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK

// CHECK-LABEL: func.func @as_pytorch_exports_it(
//  CHECK-SAME:     %[[X:.+]]: tensor<4x8xf32>, %[[G:.+]]: tensor<8xf32>, %[[B:.+]]: tensor<8xf32>)
//  CHECK-NEXT:   %[[Y:.+]] = graph.layer_norm %[[X]] scale(%[[G]]) bias(%[[B]]) :
//  CHECK-NEXT:   return %[[Y]]
// REMARK: remark: [Passed] layer-norm | Category:sylvite-fusion | Function=as_pytorch_exports_it | Remark="scale, bias"
func.func @as_pytorch_exports_it(%x: tensor<4x8xf32>, %g: tensor<8xf32>, %b: tensor<8xf32>) -> tensor<4x8xf32> {
  %two = graph.constant dense<2.0> : tensor<f32>
  %eps = graph.constant dense<1.0e-05> : tensor<f32>
  %m = graph.reduce mean %x axes [1] keepdims : (tensor<4x8xf32>) -> tensor<4x1xf32>
  %d = graph.sub %x, %m : (tensor<4x8xf32>, tensor<4x1xf32>) -> tensor<4x8xf32>
  %s = graph.pow %d, %two : (tensor<4x8xf32>, tensor<f32>) -> tensor<4x8xf32>
  %v = graph.reduce mean %s axes [1] keepdims : (tensor<4x8xf32>) -> tensor<4x1xf32>
  %u = graph.add %v, %eps : (tensor<4x1xf32>, tensor<f32>) -> tensor<4x1xf32>
  %r = graph.sqrt %u : tensor<4x1xf32>
  %n = graph.div %d, %r : (tensor<4x8xf32>, tensor<4x1xf32>) -> tensor<4x8xf32>
  %p = graph.mul %n, %g : (tensor<4x8xf32>, tensor<8xf32>) -> tensor<4x8xf32>
  %y = graph.add %p, %b : (tensor<4x8xf32>, tensor<8xf32>) -> tensor<4x8xf32>
  return %y : tensor<4x8xf32>
}

// The scale goes to the root first, the variance has a deviation of its own,
// and eps is 1.0e-12 where it is not rounded to f32.
// CHECK-LABEL: func.func @scale_times_root(
//  CHECK-SAME:     %[[X:.+]]: tensor<?x?x8xf32, #graph.dims<batch, seq, _>>, %[[G:.+]]: tensor<8xf32>, %[[B:.+]]: tensor<8xf32>)
//  CHECK-NEXT:   %[[Y:.+]] = graph.layer_norm %[[X]] scale(%[[G]]) bias(%[[B]]) eps(9.9999999999999998E-13) :
//  CHECK-NEXT:   return %[[Y]]
func.func @scale_times_root(%x: tensor<?x?x8xf32, #graph.dims<batch, seq, _>>, %g: tensor<8xf32>, %b: tensor<8xf32>) -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>> {
  %eps = graph.constant dense<9.99999996E-13> : tensor<f32>
  %m = graph.reduce mean %x axes [2] keepdims : (tensor<?x?x8xf32, #graph.dims<batch, seq, _>>) -> tensor<?x?x1xf32, #graph.dims<batch, seq, _>>
  %c = graph.sub %x, %m : (tensor<?x?x8xf32, #graph.dims<batch, seq, _>>, tensor<?x?x1xf32, #graph.dims<batch, seq, _>>) -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
  %d = graph.sub %x, %m : (tensor<?x?x8xf32, #graph.dims<batch, seq, _>>, tensor<?x?x1xf32, #graph.dims<batch, seq, _>>) -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
  %s = graph.mul %d, %d : (tensor<?x?x8xf32, #graph.dims<batch, seq, _>>, tensor<?x?x8xf32, #graph.dims<batch, seq, _>>) -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
  %v = graph.reduce mean %s axes [2] keepdims : (tensor<?x?x8xf32, #graph.dims<batch, seq, _>>) -> tensor<?x?x1xf32, #graph.dims<batch, seq, _>>
  %u = graph.add %eps, %v : (tensor<f32>, tensor<?x?x1xf32, #graph.dims<batch, seq, _>>) -> tensor<?x?x1xf32, #graph.dims<batch, seq, _>>
  %r = graph.rsqrt %u : tensor<?x?x1xf32, #graph.dims<batch, seq, _>>
  %k = graph.mul %r, %g : (tensor<?x?x1xf32, #graph.dims<batch, seq, _>>, tensor<8xf32>) -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
  %p = graph.mul %c, %k : (tensor<?x?x8xf32, #graph.dims<batch, seq, _>>, tensor<?x?x8xf32, #graph.dims<batch, seq, _>>) -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
  %y = graph.add %b, %p : (tensor<8xf32>, tensor<?x?x8xf32, #graph.dims<batch, seq, _>>) -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
  return %y : tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
}

// Sums instead of means, an axis that a reshape puts back, the root as a power,
// its reciprocal, repeated by a broadcast; no scale.
// CHECK-LABEL: func.func @from_sums(
//  CHECK-SAME:     %[[X:.+]]: tensor<4x8xf32>, %[[B:.+]]: tensor<8xf32>)
//  CHECK-NEXT:   %[[Y:.+]] = graph.layer_norm %[[X]] bias(%[[B]]) eps(0.000000e+00)
//  CHECK-NEXT:   return %[[Y]]
// REMARK: remark: [Passed] layer-norm | Category:sylvite-fusion | Function=from_sums | Remark="no scale, bias"
func.func @from_sums(%x: tensor<4x8xf32>, %b: tensor<8xf32>) -> tensor<4x8xf32> {
  %eight = graph.constant dense<8.0> : tensor<f32>
  %eighth = graph.constant dense<0.125> : tensor<f32>
  %half = graph.constant dense<0.5> : tensor<f32>
  %t = graph.reduce sum %x axes [1] : (tensor<4x8xf32>) -> tensor<4xf32>
  %t1 = graph.reshape %t : tensor<4xf32> to tensor<4x1xf32>
  %m = graph.div %t1, %eight : (tensor<4x1xf32>, tensor<f32>) -> tensor<4x1xf32>
  %d = graph.sub %x, %m : (tensor<4x8xf32>, tensor<4x1xf32>) -> tensor<4x8xf32>
  %s = graph.mul %d, %d : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  %q = graph.reduce sum %s axes [1] keepdims : (tensor<4x8xf32>) -> tensor<4x1xf32>
  %v = graph.mul %eighth, %q : (tensor<f32>, tensor<4x1xf32>) -> tensor<4x1xf32>
  %r = graph.pow %v, %half : (tensor<4x1xf32>, tensor<f32>) -> tensor<4x1xf32>
  %i = graph.reciprocal %r : tensor<4x1xf32>
  %e = graph.broadcast %i : tensor<4x1xf32> to tensor<4x8xf32>
  %n = graph.mul %e, %d : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  %y = graph.add %n, %b : (tensor<4x8xf32>, tensor<8xf32>) -> tensor<4x8xf32>
  return %y : tensor<4x8xf32>
}

// CHECK-LABEL: func.func @variance_by_moments(
//  CHECK-SAME:     %[[X:.+]]: tensor<4x8xf32>, %[[G:.+]]: tensor<8xf32>)
//  CHECK-NEXT:   %[[Y:.+]] = graph.layer_norm %[[X]] scale(%[[G]]) eps(1.000000e-03)
//  CHECK-NEXT:   return %[[Y]]
func.func @variance_by_moments(%x: tensor<4x8xf32>, %g: tensor<8xf32>) -> tensor<4x8xf32> {
  %zero = graph.constant dense<0.0> : tensor<f32>
  %eps = graph.constant dense<1.0e-03> : tensor<f32>
  %m = graph.reduce mean %x axes [1] keepdims : (tensor<4x8xf32>) -> tensor<4x1xf32>
  %s = graph.mul %x, %x : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  %q = graph.reduce mean %s axes [1] keepdims : (tensor<4x8xf32>) -> tensor<4x1xf32>
  %mm = graph.mul %m, %m : (tensor<4x1xf32>, tensor<4x1xf32>) -> tensor<4x1xf32>
  %w = graph.sub %q, %mm : (tensor<4x1xf32>, tensor<4x1xf32>) -> tensor<4x1xf32>
  %v = graph.maximum %w, %zero : (tensor<4x1xf32>, tensor<f32>) -> tensor<4x1xf32>
  %u = graph.add %v, %eps : (tensor<4x1xf32>, tensor<f32>) -> tensor<4x1xf32>
  %r = graph.rsqrt %u : tensor<4x1xf32>
  %d = graph.sub %x, %m : (tensor<4x8xf32>, tensor<4x1xf32>) -> tensor<4x8xf32>
  %n = graph.mul %d, %r : (tensor<4x8xf32>, tensor<4x1xf32>) -> tensor<4x8xf32>
  %y = graph.mul %g, %n : (tensor<8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  return %y : tensor<4x8xf32>
}

// One norm's result is the next one's input, and its scale a second user.
// CHECK-LABEL: func.func @two_in_a_row(
//  CHECK-SAME:     %[[X:.+]]: tensor<4x8xf32>, %[[G:.+]]: tensor<8xf32>)
//  CHECK-NEXT:   %[[A:.+]] = graph.layer_norm %[[X]] :
//  CHECK-NEXT:   %[[B:.+]] = graph.layer_norm %[[A]] :
//  CHECK-NEXT:   %[[C:.+]] = graph.mul %[[B]], %[[G]]
//  CHECK-NEXT:   return %[[B]], %[[C]]
// REMARK: remark: [Missed] layer-norm | Category:sylvite-fusion | Function=two_in_a_row
// REMARK-SAME: Other={{.*}}, Reason="a vector stays outside the norm, whose value before it has a second user", Suggestion="use the value behind scale and bias alone"
func.func @two_in_a_row(%x: tensor<4x8xf32>, %g: tensor<8xf32>) -> (tensor<4x8xf32>, tensor<4x8xf32>) {
  %eps = graph.constant dense<1.0e-05> : tensor<f32>
  %m = graph.reduce mean %x axes [1] keepdims : (tensor<4x8xf32>) -> tensor<4x1xf32>
  %d = graph.sub %x, %m : (tensor<4x8xf32>, tensor<4x1xf32>) -> tensor<4x8xf32>
  %s = graph.mul %d, %d : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  %v = graph.reduce mean %s axes [1] keepdims : (tensor<4x8xf32>) -> tensor<4x1xf32>
  %u = graph.add %v, %eps : (tensor<4x1xf32>, tensor<f32>) -> tensor<4x1xf32>
  %r = graph.sqrt %u : tensor<4x1xf32>
  %n = graph.div %d, %r : (tensor<4x8xf32>, tensor<4x1xf32>) -> tensor<4x8xf32>
  %m2 = graph.reduce mean %n axes [1] keepdims : (tensor<4x8xf32>) -> tensor<4x1xf32>
  %d2 = graph.sub %n, %m2 : (tensor<4x8xf32>, tensor<4x1xf32>) -> tensor<4x8xf32>
  %s2 = graph.mul %d2, %d2 : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  %v2 = graph.reduce mean %s2 axes [1] keepdims : (tensor<4x8xf32>) -> tensor<4x1xf32>
  %u2 = graph.add %v2, %eps : (tensor<4x1xf32>, tensor<f32>) -> tensor<4x1xf32>
  %r2 = graph.sqrt %u2 : tensor<4x1xf32>
  %n2 = graph.div %d2, %r2 : (tensor<4x8xf32>, tensor<4x1xf32>) -> tensor<4x8xf32>
  %y = graph.mul %n2, %g : (tensor<4x8xf32>, tensor<8xf32>) -> tensor<4x8xf32>
  return %n2, %y : tensor<4x8xf32>, tensor<4x8xf32>
}

// u^(1/2) u^(-1) is u^(-1/2), from two roots.
// CHECK-LABEL: func.func @two_roots(
//  CHECK-SAME:     %[[X:.+]]: tensor<4x8xf32>)
//  CHECK-NEXT:   %[[Y:.+]] = graph.layer_norm %[[X]] :
//  CHECK-NEXT:   return %[[Y]]
func.func @two_roots(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %eps = graph.constant dense<1.0e-05> : tensor<f32>
  %m = graph.reduce mean %x axes [1] keepdims : (tensor<4x8xf32>) -> tensor<4x1xf32>
  %d = graph.sub %x, %m : (tensor<4x8xf32>, tensor<4x1xf32>) -> tensor<4x8xf32>
  %s = graph.mul %d, %d : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  %v = graph.reduce mean %s axes [1] keepdims : (tensor<4x8xf32>) -> tensor<4x1xf32>
  %u = graph.add %v, %eps : (tensor<4x1xf32>, tensor<f32>) -> tensor<4x1xf32>
  %q = graph.sqrt %u : tensor<4x1xf32>
  %r = graph.rsqrt %u : tensor<4x1xf32>
  %a = graph.mul %d, %q : (tensor<4x8xf32>, tensor<4x1xf32>) -> tensor<4x8xf32>
  %b = graph.mul %a, %r : (tensor<4x8xf32>, tensor<4x1xf32>) -> tensor<4x8xf32>
  %y = graph.mul %b, %r : (tensor<4x8xf32>, tensor<4x1xf32>) -> tensor<4x8xf32>
  return %y : tensor<4x8xf32>
}

// x s + (b - mean s), as batch norm is written, where s is the scale divided by
// the root.

// CHECK-LABEL: func.func @affine(
//  CHECK-SAME:     %[[X:.+]]: tensor<4x8xf32>
//   CHECK-DAG:   %[[G:.+]] = graph.weight "g"
//   CHECK-DAG:   %[[B:.+]] = graph.weight "b"
//       CHECK:   %[[Y:.+]] = graph.layer_norm %[[X]] scale(%[[G]]) bias(%[[B]])
//       CHECK:   return %[[Y]]
func.func @affine(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %g = graph.weight "g" : tensor<8xf32>
  %b = graph.weight "b" : tensor<8xf32>
  %eps = graph.constant dense<1.0e-3> : tensor<f32>
  %m = graph.reduce mean %x axes [1] keepdims : (tensor<4x8xf32>) -> tensor<4x1xf32>
  %d = graph.sub %x, %m : (tensor<4x8xf32>, tensor<4x1xf32>) -> tensor<4x8xf32>
  %q = graph.mul %d, %d : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  %v = graph.reduce mean %q axes [1] keepdims : (tensor<4x8xf32>) -> tensor<4x1xf32>
  %u = graph.add %v, %eps : (tensor<4x1xf32>, tensor<f32>) -> tensor<4x1xf32>
  %r = graph.rsqrt %u : tensor<4x1xf32>
  %s = graph.mul %r, %g : (tensor<4x1xf32>, tensor<8xf32>) -> tensor<4x8xf32>
  %xs = graph.mul %x, %s : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  %ms = graph.mul %m, %s : (tensor<4x1xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  %t = graph.sub %b, %ms : (tensor<8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  %y = graph.add %xs, %t : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  return %y : tensor<4x8xf32>
}

// The same without a scale, whose difference gets one, and a bias, behind it.

// CHECK-LABEL: func.func @affine_of_the_root(
//       CHECK:   %[[Y:.+]] = graph.layer_norm %{{.+}} scale(%{{.+}}) bias(%{{.+}})
//  CHECK-NEXT:   return %[[Y]]
func.func @affine_of_the_root(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %g = graph.weight "g" : tensor<8xf32>
  %b = graph.weight "b" : tensor<8xf32>
  %eps = graph.constant dense<1.0e-3> : tensor<f32>
  %m = graph.reduce mean %x axes [1] keepdims : (tensor<4x8xf32>) -> tensor<4x1xf32>
  %xx = graph.mul %x, %x : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  %e = graph.reduce mean %xx axes [1] keepdims : (tensor<4x8xf32>) -> tensor<4x1xf32>
  %mm = graph.mul %m, %m : (tensor<4x1xf32>, tensor<4x1xf32>) -> tensor<4x1xf32>
  %v = graph.sub %e, %mm : (tensor<4x1xf32>, tensor<4x1xf32>) -> tensor<4x1xf32>
  %u = graph.add %v, %eps : (tensor<4x1xf32>, tensor<f32>) -> tensor<4x1xf32>
  %r = graph.rsqrt %u : tensor<4x1xf32>
  %xs = graph.mul %x, %r : (tensor<4x8xf32>, tensor<4x1xf32>) -> tensor<4x8xf32>
  %ms = graph.mul %r, %m : (tensor<4x1xf32>, tensor<4x1xf32>) -> tensor<4x1xf32>
  %d = graph.sub %xs, %ms : (tensor<4x8xf32>, tensor<4x1xf32>) -> tensor<4x8xf32>
  %dg = graph.mul %d, %g : (tensor<4x8xf32>, tensor<8xf32>) -> tensor<4x8xf32>
  %y = graph.add %b, %dg : (tensor<8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  return %y : tensor<4x8xf32>
}

// What stands behind the bias is a factor of both, and stays.

// CHECK-LABEL: func.func @factor_behind_affine(
//       CHECK:   %[[N:.+]] = graph.layer_norm %{{.+}} bias(%{{.+}})
//       CHECK:   graph.mul %[[N]], %{{.+}}
func.func @factor_behind_affine(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %g = graph.weight "g" : tensor<8xf32>
  %b = graph.weight "b" : tensor<8xf32>
  %eps = graph.constant dense<1.0e-3> : tensor<f32>
  %m = graph.reduce mean %x axes [1] keepdims : (tensor<4x8xf32>) -> tensor<4x1xf32>
  %d = graph.sub %x, %m : (tensor<4x8xf32>, tensor<4x1xf32>) -> tensor<4x8xf32>
  %q = graph.mul %d, %d : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  %v = graph.reduce mean %q axes [1] keepdims : (tensor<4x8xf32>) -> tensor<4x1xf32>
  %u = graph.add %v, %eps : (tensor<4x1xf32>, tensor<f32>) -> tensor<4x1xf32>
  %r = graph.rsqrt %u : tensor<4x1xf32>
  %xs = graph.mul %x, %r : (tensor<4x8xf32>, tensor<4x1xf32>) -> tensor<4x8xf32>
  %ms = graph.mul %m, %r : (tensor<4x1xf32>, tensor<4x1xf32>) -> tensor<4x1xf32>
  %t = graph.sub %b, %ms : (tensor<8xf32>, tensor<4x1xf32>) -> tensor<4x8xf32>
  %n = graph.add %xs, %t : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  %y = graph.mul %n, %g : (tensor<4x8xf32>, tensor<8xf32>) -> tensor<4x8xf32>
  return %y : tensor<4x8xf32>
}
