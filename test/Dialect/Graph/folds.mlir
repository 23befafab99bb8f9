// RUN: sylvite-opt %s --canonicalize | FileCheck %s

//===----------------------------------------------------------------------===//
// Neutral elements
//===----------------------------------------------------------------------===//

// CHECK-LABEL: func @add_zero
// CHECK-SAME: (%[[X:.*]]: tensor<?x8xf32, #graph.dims<seq, _>>)
// CHECK-NEXT: return %[[X]], %[[X]]
func.func @add_zero(%x: tensor<?x8xf32, #graph.dims<seq, _>>)
    -> (tensor<?x8xf32, #graph.dims<seq, _>>,
        tensor<?x8xf32, #graph.dims<seq, _>>) {
  %zero = graph.constant dense<0.0> : tensor<8xf32>
  %right = graph.add %x, %zero
      : (tensor<?x8xf32, #graph.dims<seq, _>>, tensor<8xf32>)
      -> tensor<?x8xf32, #graph.dims<seq, _>>
  %left = graph.add %zero, %x
      : (tensor<8xf32>, tensor<?x8xf32, #graph.dims<seq, _>>)
      -> tensor<?x8xf32, #graph.dims<seq, _>>
  return %right, %left
      : tensor<?x8xf32, #graph.dims<seq, _>>,
        tensor<?x8xf32, #graph.dims<seq, _>>
}

// CHECK-LABEL: func @mul_one
// CHECK-SAME: (%[[X:.*]]: tensor<4xi64>)
// CHECK-NEXT: return %[[X]], %[[X]]
func.func @mul_one(%x: tensor<4xi64>) -> (tensor<4xi64>, tensor<4xi64>) {
  %one = graph.constant dense<1> : tensor<i64>
  %right = graph.mul %x, %one : (tensor<4xi64>, tensor<i64>) -> tensor<4xi64>
  %left = graph.mul %one, %x : (tensor<i64>, tensor<4xi64>) -> tensor<4xi64>
  return %right, %left : tensor<4xi64>, tensor<4xi64>
}

// x - 0 -> x, but 0 - x stays.
// CHECK-LABEL: func @sub_zero
// CHECK-SAME: (%[[X:.*]]: tensor<4xf32>)
func.func @sub_zero(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %zero = graph.constant dense<0.0> : tensor<4xf32>
  %right = graph.sub %x, %zero : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  // CHECK: %[[NEGATED:.*]] = graph.sub %{{.*}}, %[[X]]
  %left = graph.sub %zero, %x : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  // CHECK: return %[[X]], %[[NEGATED]]
  return %right, %left : tensor<4xf32>, tensor<4xf32>
}

// x / 1 -> x, but 1 / x stays.
// CHECK-LABEL: func @div_one
// CHECK-SAME: (%[[X:.*]]: tensor<4xf32>)
func.func @div_one(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %one = graph.constant dense<1.0> : tensor<f32>
  %right = graph.div %x, %one : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  // CHECK: %[[INVERSE:.*]] = graph.div %{{.*}}, %[[X]]
  %left = graph.div %one, %x : (tensor<f32>, tensor<4xf32>) -> tensor<4xf32>
  // CHECK: return %[[X]], %[[INVERSE]]
  return %right, %left : tensor<4xf32>, tensor<4xf32>
}

// A sum that makes the shape larger is more than its operand.
// CHECK-LABEL: func @add_zero_broadcasts
// CHECK: graph.add
func.func @add_zero_broadcasts(%x: tensor<4xf32>) -> tensor<2x4xf32> {
  %zero = graph.constant dense<0.0> : tensor<2x4xf32>
  %y = graph.add %x, %zero : (tensor<4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  return %y : tensor<2x4xf32>
}

// CHECK-LABEL: func @other_constants
// CHECK: graph.add
// CHECK: graph.mul
// CHECK: graph.add
func.func @other_constants(%x: tensor<2xf32>)
    -> (tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) {
  %one = graph.constant dense<1.0> : tensor<2xf32>
  %zero = graph.constant dense<0.0> : tensor<2xf32>
  %mixed = graph.constant dense<[0.0, 1.0]> : tensor<2xf32>
  %a = graph.add %x, %one : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  %b = graph.mul %x, %zero : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  %c = graph.add %x, %mixed : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  return %a, %b, %c : tensor<2xf32>, tensor<2xf32>, tensor<2xf32>
}

// A constant of no elements holds no number.
// CHECK-LABEL: func @no_elements
// CHECK: graph.add
func.func @no_elements(%x: tensor<0xf32>) -> tensor<0xf32> {
  %none = graph.constant dense<> : tensor<0xf32>
  %y = graph.add %x, %none : (tensor<0xf32>, tensor<0xf32>) -> tensor<0xf32>
  return %y : tensor<0xf32>
}

// A number is found behind ops that only repeat or convert it ...
// CHECK-LABEL: func @behind_ops
// CHECK-SAME: (%[[X:.*]]: tensor<2x4xf32>)
// CHECK-NEXT: return %[[X]]
func.func @behind_ops(%x: tensor<2x4xf32>) -> tensor<2x4xf32> {
  %one = graph.constant dense<1> : tensor<1xi64>
  %float = graph.cast %one : tensor<1xi64> to tensor<1xf32>
  %row = graph.broadcast %float : tensor<1xf32> to tensor<4xf32>
  %matrix = graph.reshape %row : tensor<4xf32> to tensor<1x4xf32>
  %y = graph.mul %x, %matrix
      : (tensor<2x4xf32>, tensor<1x4xf32>) -> tensor<2x4xf32>
  return %y : tensor<2x4xf32>
}

// ... as they convert it: 1.5 to 1, 0.9999 to f16's 1, 2 to true.
// CHECK-LABEL: func @behind_casts
// CHECK-SAME: (%[[I:.*]]: tensor<4xi64>, %[[H:.*]]: tensor<4xf16>, %[[F:.*]]: tensor<4xf32>)
// CHECK-NEXT: return %[[I]], %[[H]], %[[F]]
func.func @behind_casts(%i: tensor<4xi64>, %h: tensor<4xf16>, %f: tensor<4xf32>)
    -> (tensor<4xi64>, tensor<4xf16>, tensor<4xf32>) {
  %one_and_half = graph.constant dense<1.5> : tensor<f32>
  %whole = graph.cast %one_and_half : tensor<f32> to tensor<i64>
  %a = graph.mul %i, %whole : (tensor<4xi64>, tensor<i64>) -> tensor<4xi64>
  %nearly_one = graph.constant dense<0.9999> : tensor<f32>
  %rounded = graph.cast %nearly_one : tensor<f32> to tensor<f16>
  %b = graph.mul %h, %rounded : (tensor<4xf16>, tensor<f16>) -> tensor<4xf16>
  %two = graph.constant dense<2> : tensor<i64>
  %true = graph.cast %two : tensor<i64> to tensor<i1>
  %one = graph.cast %true : tensor<i1> to tensor<f32>
  %c = graph.mul %f, %one : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  return %a, %b, %c : tensor<4xi64>, tensor<4xf16>, tensor<4xf32>
}

// What an integer type does not hold is no number to rely on.
// CHECK-LABEL: func @cast_overflows
// CHECK: graph.add
func.func @cast_overflows(%x: tensor<4xi8>) -> tensor<4xi8> {
  %large = graph.constant dense<256> : tensor<i64>
  %narrow = graph.cast %large : tensor<i64> to tensor<i8>
  %y = graph.add %x, %narrow : (tensor<4xi8>, tensor<i8>) -> tensor<4xi8>
  return %y : tensor<4xi8>
}

//===----------------------------------------------------------------------===//
// Ops that change nothing
//===----------------------------------------------------------------------===//

// CHECK-LABEL: func @nothing_changes
// CHECK-SAME: (%[[X:.*]]: tensor<?x8xf32, #graph.dims<seq, _>>)
// CHECK-NEXT: return %[[X]]
func.func @nothing_changes(%x: tensor<?x8xf32, #graph.dims<seq, _>>)
    -> tensor<?x8xf32, #graph.dims<seq, _>> {
  %a = graph.cast %x : tensor<?x8xf32, #graph.dims<seq, _>>
      to tensor<?x8xf32, #graph.dims<seq, _>>
  %b = graph.transpose %a perm [0, 1]
      : (tensor<?x8xf32, #graph.dims<seq, _>>)
      -> tensor<?x8xf32, #graph.dims<seq, _>>
  %c = graph.reshape %b : tensor<?x8xf32, #graph.dims<seq, _>>
      to tensor<?x8xf32, #graph.dims<seq, _>>
  %d = graph.broadcast %c : tensor<?x8xf32, #graph.dims<seq, _>>
      to tensor<?x8xf32, #graph.dims<seq, _>>
  %e = graph.slice %d axis(1) [0, 8]
      : (tensor<?x8xf32, #graph.dims<seq, _>>)
      -> tensor<?x8xf32, #graph.dims<seq, _>>
  %f = graph.concat %e axis(1)
      : (tensor<?x8xf32, #graph.dims<seq, _>>)
      -> tensor<?x8xf32, #graph.dims<seq, _>>
  return %f : tensor<?x8xf32, #graph.dims<seq, _>>
}

// Results are made without encodings that mean nothing to the dialect, so that
// an op on such a tensor is not its operand.
// CHECK-LABEL: func @foreign_encoding
// CHECK: graph.transpose
// CHECK: graph.concat
func.func @foreign_encoding(%x: tensor<2x8xf32, "mine">)
    -> (tensor<2x8xf32>, tensor<2x8xf32>) {
  %a = graph.transpose %x perm [0, 1]
      : (tensor<2x8xf32, "mine">) -> tensor<2x8xf32>
  %b = graph.concat %x axis(0) : (tensor<2x8xf32, "mine">) -> tensor<2x8xf32>
  return %a, %b : tensor<2x8xf32>, tensor<2x8xf32>
}

//===----------------------------------------------------------------------===//
// Two of a kind
//===----------------------------------------------------------------------===//

// transpose(transpose(x)) -> transpose(x)
// CHECK-LABEL: func @transposes
// CHECK-SAME: (%[[X:.*]]: tensor<2x3x4xf32>)
// CHECK-NEXT: %[[Y:.*]] = graph.transpose %[[X]] perm [2, 1, 0]
// CHECK-NEXT: return %[[Y]]
func.func @transposes(%x: tensor<2x3x4xf32>) -> tensor<4x3x2xf32> {
  %inner = graph.transpose %x perm [1, 2, 0]
      : (tensor<2x3x4xf32>) -> tensor<3x4x2xf32>
  %outer = graph.transpose %inner perm [1, 0, 2]
      : (tensor<3x4x2xf32>) -> tensor<4x3x2xf32>
  return %outer : tensor<4x3x2xf32>
}

// CHECK-LABEL: func @inverse_transposes
// CHECK-SAME: (%[[X:.*]]: tensor<2x3x4xf32>)
// CHECK-NEXT: return %[[X]]
func.func @inverse_transposes(%x: tensor<2x3x4xf32>) -> tensor<2x3x4xf32> {
  %inner = graph.transpose %x perm [1, 2, 0]
      : (tensor<2x3x4xf32>) -> tensor<3x4x2xf32>
  %outer = graph.transpose %inner perm [2, 0, 1]
      : (tensor<3x4x2xf32>) -> tensor<2x3x4xf32>
  return %outer : tensor<2x3x4xf32>
}

// reshape(reshape(x)) -> reshape(x)
// CHECK-LABEL: func @reshapes
// CHECK-SAME: (%[[X:.*]]: tensor<?x?x8xf32, #graph.dims<batch, seq, _>>)
// CHECK-NEXT: %[[Y:.*]] = graph.reshape %[[X]]
// CHECK-NEXT: return %[[Y]]
func.func @reshapes(%x: tensor<?x?x8xf32, #graph.dims<batch, seq, _>>)
    -> tensor<?x?x2x4xf32, #graph.dims<batch, seq, _, _>> {
  %inner = graph.reshape %x : tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
      to tensor<?x8xf32, #graph.dims<batch*seq, _>>
  %outer = graph.reshape %inner : tensor<?x8xf32, #graph.dims<batch*seq, _>>
      to tensor<?x?x2x4xf32, #graph.dims<batch, seq, _, _>>
  return %outer : tensor<?x?x2x4xf32, #graph.dims<batch, seq, _, _>>
}

// There and back is nothing.
// CHECK-LABEL: func @inverse_reshapes
// CHECK-SAME: (%[[X:.*]]: tensor<4x8xf32>)
// CHECK-NEXT: return %[[X]]
func.func @inverse_reshapes(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %inner = graph.reshape %x : tensor<4x8xf32> to tensor<32xf32>
  %outer = graph.reshape %inner : tensor<32xf32> to tensor<4x8xf32>
  return %outer : tensor<4x8xf32>
}

// A slice moves in front of a transpose: what is cut away need not be moved.

// CHECK-LABEL: func.func @slice_of_transpose(
//  CHECK-NEXT:   %[[S:.+]] = graph.slice %arg0 axis(2) [1, 2] : (tensor<4x5x3xf32>) -> tensor<4x5x1xf32>
//  CHECK-NEXT:   %[[T:.+]] = graph.transpose %[[S]] perm [2, 0, 1]
//  CHECK-NEXT:   return %[[T]]
func.func @slice_of_transpose(%x: tensor<4x5x3xf32>) -> tensor<1x4x5xf32> {
  %t = graph.transpose %x perm [2, 0, 1] : (tensor<4x5x3xf32>) -> tensor<3x4x5xf32>
  %y = graph.slice %t axis(0) [1, 2] : (tensor<3x4x5xf32>) -> tensor<1x4x5xf32>
  return %y : tensor<1x4x5xf32>
}

// slice(concat(x, y)) -> slice(x), where nothing of y is in it; a slice over
// both, or along another axis, stays.
// CHECK-LABEL: func @slice_of_concat
// CHECK-SAME: (%[[X:.*]]: tensor<2x4xf32>, %[[Y:.*]]: tensor<3x4xf32>)
// CHECK-NEXT: %[[C:.*]] = graph.concat
// CHECK-NEXT: %[[A:.*]] = graph.slice %[[Y]] axis(0) [1, 3]
// CHECK-NEXT: %[[B:.*]] = graph.slice %[[C]] axis(0) [1, 3]
// CHECK-NEXT: %[[D:.*]] = graph.slice %[[C]] axis(1) [0, 2]
// CHECK-NEXT: return %[[X]], %[[A]], %[[B]], %[[D]]
func.func @slice_of_concat(%x: tensor<2x4xf32>, %y: tensor<3x4xf32>)
    -> (tensor<2x4xf32>, tensor<2x4xf32>, tensor<2x4xf32>, tensor<5x2xf32>) {
  %c = graph.concat %x, %y axis(0)
      : (tensor<2x4xf32>, tensor<3x4xf32>) -> tensor<5x4xf32>
  %first = graph.slice %c axis(0) [0, 2] : (tensor<5x4xf32>) -> tensor<2x4xf32>
  %part = graph.slice %c axis(0) [3, 5] : (tensor<5x4xf32>) -> tensor<2x4xf32>
  %both = graph.slice %c axis(0) [1, 3] : (tensor<5x4xf32>) -> tensor<2x4xf32>
  %other = graph.slice %c axis(1) [0, 2] : (tensor<5x4xf32>) -> tensor<5x2xf32>
  return %first, %part, %both, %other
      : tensor<2x4xf32>, tensor<2x4xf32>, tensor<2x4xf32>, tensor<5x2xf32>
}

//===----------------------------------------------------------------------===//
// Gathers
//===----------------------------------------------------------------------===//

// An index that counts along a whole axis leaves it as it is: what torch.export
// makes of a padding mask.
// CHECK-LABEL: func @gather_counted
// CHECK-SAME: (%[[MASK:.*]]: tensor<?x?xi64, #graph.dims<batch, seq>>)
// CHECK-NEXT: %[[ONE:.*]] = graph.reshape %[[MASK]] : {{.*}} to tensor<?x1x?xi64, #graph.dims<batch, _, seq>>
// CHECK-NEXT: %[[ALL:.*]] = graph.broadcast %[[ONE]]
// CHECK-NEXT: return %[[ALL]]
func.func @gather_counted(%mask: tensor<?x?xi64, #graph.dims<batch, seq>>)
    -> tensor<?x5x?xi64, #graph.dims<batch, _, seq>> {
  %b = graph.iota axis(0) : tensor<?xi64, #graph.dims<batch>>
  %row = graph.reshape %b : tensor<?xi64, #graph.dims<batch>>
      to tensor<?x1x1xi64, #graph.dims<batch, _, _>>
  %rows = graph.broadcast %row : tensor<?x1x1xi64, #graph.dims<batch, _, _>>
      to tensor<?x5x?xi64, #graph.dims<batch, _, seq>>
  %s = graph.iota axis(0) : tensor<?xi64, #graph.dims<seq>>
  %y = graph.gather %mask at(%rows, %s) axis(0)
      : (tensor<?x?xi64, #graph.dims<batch, seq>>,
         tensor<?x5x?xi64, #graph.dims<batch, _, seq>>,
         tensor<?xi64, #graph.dims<seq>>)
      -> tensor<?x5x?xi64, #graph.dims<batch, _, seq>>
  return %y : tensor<?x5x?xi64, #graph.dims<batch, _, seq>>
}

// CHECK-LABEL: func @gather_transposed
// CHECK: graph.transpose %{{.*}} perm [1, 0]
func.func @gather_transposed(%x: tensor<4x6xf32>) -> tensor<6x4xf32> {
  %i = graph.iota axis(1) : tensor<1x4xi64>
  %j = graph.iota axis(0) : tensor<6x1xi64>
  %y = graph.gather %x at(%i, %j) axis(0)
      : (tensor<4x6xf32>, tensor<1x4xi64>, tensor<6x1xi64>) -> tensor<6x4xf32>
  return %y : tensor<6x4xf32>
}

// A part of an axis, and two indices along one, stay.
// CHECK-LABEL: func @gather_stays
// CHECK: graph.gather
// CHECK: graph.gather
func.func @gather_stays(%x: tensor<4x6xf32>, %s: tensor<4x4xf32>)
    -> (tensor<3x6xf32>, tensor<4xf32>) {
  %i = graph.iota axis(0) : tensor<3xi64>
  %part = graph.gather %x at(%i) axis(0)
      : (tensor<4x6xf32>, tensor<3xi64>) -> tensor<3x6xf32>
  %j = graph.iota axis(0) : tensor<4xi64>
  %diagonal = graph.gather %s at(%j, %j) axis(0)
      : (tensor<4x4xf32>, tensor<4xi64>, tensor<4xi64>) -> tensor<4xf32>
  return %part, %diagonal : tensor<3x6xf32>, tensor<4xf32>
}
