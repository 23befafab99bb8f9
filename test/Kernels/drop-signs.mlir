// RUN: sylvite-opt --sylvite-drop-signs --split-input-file --verify-diagnostics %s | FileCheck %s

// A comparison reads numbers.
// CHECK-LABEL: func @example
// CHECK-SAME: (%[[X:.*]]: tensor<4xi8> {graph.unsigned}, %[[Y:.*]]: tensor<4xi8> {graph.unsigned})
// CHECK: %[[A:.*]] = graph.cast %[[X]] : tensor<4xi8> to tensor<4xi32>
// CHECK: %[[MASK:.*]] = graph.constant dense<255> : tensor<i32>
// CHECK: %[[B:.*]] = graph.bitwise and %[[A]], %[[MASK]]
// CHECK: %[[C:.*]] = graph.cast %[[Y]] : tensor<4xi8> to tensor<4xi32>
// CHECK: %[[D:.*]] = graph.bitwise and %[[C]],
// CHECK: graph.compare lt %[[B]], %[[D]]
func.func @example(%x: tensor<4xui8>, %y: tensor<4xui8>) -> tensor<4xi1> {
  %z = graph.compare lt %x, %y
      : (tensor<4xui8>, tensor<4xui8>) -> tensor<4xi1>
  return %z : tensor<4xi1>
}

// -----

// A sum is the same for both, and constants keep their bits.
// CHECK-LABEL: func @sum
// CHECK-SAME: -> (tensor<4xi8> {graph.unsigned})
// CHECK-NEXT: %[[C:.*]] = graph.constant dense<-1> : tensor<i8>
// CHECK-NEXT: graph.add %{{.*}}, %[[C]] : (tensor<4xi8>, tensor<i8>) -> tensor<4xi8>
// CHECK-NEXT: return
func.func @sum(%x: tensor<4xui8>) -> tensor<4xui8> {
  %c = graph.constant dense<255> : tensor<ui8>
  %y = graph.add %x, %c : (tensor<4xui8>, tensor<ui8>) -> tensor<4xui8>
  return %y : tensor<4xui8>
}

// -----

// A quotient is narrowed again.
// CHECK-LABEL: func @quotient
// CHECK: %[[Q:.*]] = graph.div %{{.*}}, %{{.*}} : (tensor<4xi64>, tensor<4xi64>) -> tensor<4xi64>
// CHECK: graph.cast %[[Q]] : tensor<4xi64> to tensor<4xi32>
func.func @quotient(%x: tensor<4xui32>, %y: tensor<4xui32>) -> tensor<4xui32> {
  %z = graph.div %x, %y
      : (tensor<4xui32>, tensor<4xui32>) -> tensor<4xui32>
  return %z : tensor<4xui32>
}

// -----

// Casts: with zeros to a wider type, by way of i64 from a float.
// CHECK-LABEL: func @casts
// CHECK: graph.bitwise and
// CHECK: graph.cast %{{.*}} : tensor<4xi32> to tensor<4xf32>
// CHECK: %[[I:.*]] = graph.cast %{{.*}} : tensor<4xf32> to tensor<4xi64>
// CHECK: graph.cast %[[I]] : tensor<4xi64> to tensor<4xi8>
func.func @casts(%x: tensor<4xui8>, %f: tensor<4xf32>)
    -> (tensor<4xf32>, tensor<4xui8>) {
  %y = graph.cast %x : tensor<4xui8> to tensor<4xf32>
  %z = graph.cast %f : tensor<4xf32> to tensor<4xui8>
  return %y, %z : tensor<4xf32>, tensor<4xui8>
}

// -----

func.func @widest(%x: tensor<4xui64>, %y: tensor<4xui64>) -> tensor<4xui64> {
  // expected-error @+1 {{no kernel for 'graph.maximum' of ui64 elements; cast them to i64 first}}
  %z = graph.maximum %x, %y
      : (tensor<4xui64>, tensor<4xui64>) -> tensor<4xui64>
  return %z : tensor<4xui64>
}
