// RUN: sylvite-opt --sylvite-drop-signs --split-input-file %s | FileCheck %s

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

// Of 64 bits, which no type holds: ordered with the first bit the other way.
// CHECK-LABEL: func @widest
// CHECK: %[[BIT:.*]] = graph.constant dense<-9223372036854775808> : tensor<i64>
// CHECK: %[[A:.*]] = graph.bitwise xor %{{.*}}, %[[BIT]]
// CHECK: %[[B:.*]] = graph.bitwise xor
// CHECK: %[[M:.*]] = graph.maximum %[[A]], %[[B]]
// CHECK: graph.bitwise xor %[[M]],
func.func @widest(%x: tensor<4xui64>, %y: tensor<4xui64>) -> tensor<4xui64> {
  %z = graph.maximum %x, %y
      : (tensor<4xui64>, tensor<4xui64>) -> tensor<4xui64>
  return %z : tensor<4xui64>
}

// -----

// And divided by way of half of the dividend.
// CHECK-LABEL: func @widest_quotient
// CHECK: %[[HALF:.*]] = graph.bitwise shr %arg0,
// CHECK: graph.div %[[HALF]], %arg1 : (tensor<4xi64>, tensor<4xi64>) -> tensor<4xi64>
func.func @widest_quotient(%x: tensor<4xui64>, %y: tensor<4xui64>)
    -> tensor<4xui64> {
  %z = graph.div %x, %y
      : (tensor<4xui64>, tensor<4xui64>) -> tensor<4xui64>
  return %z : tensor<4xui64>
}
