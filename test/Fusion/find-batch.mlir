// RUN: sylvite-opt --sylvite-find-batch %s | FileCheck %s
//
// Along which dimension calls may run in parts, and why not along others.

// CHECK-LABEL: func.func @layers(
//  CHECK-SAME: attributes {graph.batch = {dim = "batch", rows = "seq"}}
func.func @layers(%x: tensor<?x?x8xf32, #graph.dims<batch, seq, _>>,
                  %mask: tensor<?x?xi64, #graph.dims<batch, seq>>,
                  %w: tensor<8x8xf32>, %table: tensor<16x8xf32>)
    -> (tensor<?x?x8xf32, #graph.dims<batch, seq, _>>,
        tensor<?x8xf32, #graph.dims<batch, _>>) {
  %e = graph.embedding %table, %mask
      : (tensor<16x8xf32>, tensor<?x?xi64, #graph.dims<batch, seq>>)
      -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
  %s = graph.add %x, %e
      : (tensor<?x?x8xf32, #graph.dims<batch, seq, _>>,
         tensor<?x?x8xf32, #graph.dims<batch, seq, _>>)
      -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
  %y = graph.linear %s, %w
      : (tensor<?x?x8xf32, #graph.dims<batch, seq, _>>, tensor<8x8xf32>)
      -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
  %h = graph.reshape %y : tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
      to tensor<?x?x2x4xf32, #graph.dims<batch, seq, _, _>>
  %a = graph.attention %h, %h, %h layout(bshd) mask(keep(%mask))
      : (tensor<?x?x2x4xf32, #graph.dims<batch, seq, _, _>>,
         tensor<?x?x2x4xf32, #graph.dims<batch, seq, _, _>>,
         tensor<?x?x2x4xf32, #graph.dims<batch, seq, _, _>>,
         tensor<?x?xi64, #graph.dims<batch, seq>>)
      -> tensor<?x?x2x4xf32, #graph.dims<batch, seq, _, _>>
  %j = graph.reshape %a
      : tensor<?x?x2x4xf32, #graph.dims<batch, seq, _, _>>
      to tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
  %p = graph.pool mean %j mask(%mask)
      : (tensor<?x?x8xf32, #graph.dims<batch, seq, _>>,
         tensor<?x?xi64, #graph.dims<batch, seq>>)
      -> tensor<?x8xf32, #graph.dims<batch, _>>
  return %j, %p : tensor<?x?x8xf32, #graph.dims<batch, seq, _>>,
      tensor<?x8xf32, #graph.dims<batch, _>>
}

// Most of the products are of rows that are 3 for one of the batch.

// CHECK-LABEL: func.func @constant_rows(
//  CHECK-SAME: attributes {graph.batch = {dim = "batch", rows = 3 : i64}}
func.func @constant_rows(%x: tensor<?x3x8xf32, #graph.dims<batch, _, _>>,
                         %z: tensor<?x?x8xf32, #graph.dims<batch, seq, _>>,
                         %w: tensor<8x16xf32>, %u: tensor<8x8xf32>)
    -> (tensor<?x3x16xf32, #graph.dims<batch, _, _>>,
        tensor<?x?x8xf32, #graph.dims<batch, seq, _>>) {
  %y = graph.linear %x, %w
      : (tensor<?x3x8xf32, #graph.dims<batch, _, _>>, tensor<8x16xf32>)
      -> tensor<?x3x16xf32, #graph.dims<batch, _, _>>
  %v = graph.linear %z, %u
      : (tensor<?x?x8xf32, #graph.dims<batch, seq, _>>, tensor<8x8xf32>)
      -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
  return %y, %v : tensor<?x3x16xf32, #graph.dims<batch, _, _>>,
      tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
}

// What each row gives is put together.

// CHECK-LABEL: func.func @reduction(
//   CHECK-NOT: graph.batch
func.func @reduction(%x: tensor<?x8xf32, #graph.dims<batch, _>>,
                     %w: tensor<8x8xf32>)
    -> tensor<?x8xf32, #graph.dims<batch, _>> {
  %y = graph.linear %x, %w
      : (tensor<?x8xf32, #graph.dims<batch, _>>, tensor<8x8xf32>)
      -> tensor<?x8xf32, #graph.dims<batch, _>>
  %mean = graph.reduce mean %y axes [0] keepdims
      : (tensor<?x8xf32, #graph.dims<batch, _>>) -> tensor<1x8xf32>
  %d = graph.sub %y, %mean
      : (tensor<?x8xf32, #graph.dims<batch, _>>, tensor<1x8xf32>)
      -> tensor<?x8xf32, #graph.dims<batch, _>>
  return %d : tensor<?x8xf32, #graph.dims<batch, _>>
}

// CHECK-LABEL: func.func @softmax(
//   CHECK-NOT: graph.batch
func.func @softmax(%x: tensor<?x8xf32, #graph.dims<batch, _>>,
                   %w: tensor<8x8xf32>)
    -> tensor<?x8xf32, #graph.dims<batch, _>> {
  %y = graph.linear %x, %w
      : (tensor<?x8xf32, #graph.dims<batch, _>>, tensor<8x8xf32>)
      -> tensor<?x8xf32, #graph.dims<batch, _>>
  %d = graph.softmax %y axis(0) : tensor<?x8xf32, #graph.dims<batch, _>>
  return %d : tensor<?x8xf32, #graph.dims<batch, _>>
}

// Its extent is asked for.

// CHECK-LABEL: func.func @extent(
//   CHECK-NOT: graph.batch
func.func @extent(%x: tensor<?x8xf32, #graph.dims<batch, _>>,
                  %w: tensor<8x8xf32>)
    -> tensor<?x8xf32, #graph.dims<batch, _>> {
  %y = graph.linear %x, %w
      : (tensor<?x8xf32, #graph.dims<batch, _>>, tensor<8x8xf32>)
      -> tensor<?x8xf32, #graph.dims<batch, _>>
  %i = graph.extent "batch" : tensor<i64>
  %n = graph.cast %i : tensor<i64> to tensor<f32>
  %d = graph.div %y, %n : (tensor<?x8xf32, #graph.dims<batch, _>>, tensor<f32>)
      -> tensor<?x8xf32, #graph.dims<batch, _>>
  return %d : tensor<?x8xf32, #graph.dims<batch, _>>
}

// Its places are counted.

// CHECK-LABEL: func.func @iota(
//   CHECK-NOT: graph.batch
func.func @iota(%x: tensor<?x8xf32, #graph.dims<batch, _>>, %w: tensor<8x8xf32>)
    -> tensor<?x8xf32, #graph.dims<batch, _>> {
  %y = graph.linear %x, %w
      : (tensor<?x8xf32, #graph.dims<batch, _>>, tensor<8x8xf32>)
      -> tensor<?x8xf32, #graph.dims<batch, _>>
  %n = graph.iota axis(0) : tensor<?x8xf32, #graph.dims<batch, _>>
  %d = graph.add %y, %n
      : (tensor<?x8xf32, #graph.dims<batch, _>>,
         tensor<?x8xf32, #graph.dims<batch, _>>)
      -> tensor<?x8xf32, #graph.dims<batch, _>>
  return %d : tensor<?x8xf32, #graph.dims<batch, _>>
}

// Rows meet each other.

// CHECK-LABEL: func.func @product(
//   CHECK-NOT: graph.batch
func.func @product(%x: tensor<?x8xf32, #graph.dims<batch, _>>,
                   %w: tensor<8x8xf32>)
    -> tensor<?x?xf32, #graph.dims<batch, batch>> {
  %y = graph.linear %x, %w
      : (tensor<?x8xf32, #graph.dims<batch, _>>, tensor<8x8xf32>)
      -> tensor<?x8xf32, #graph.dims<batch, _>>
  %d = graph.matmul %y, %y {transpose_rhs}
      : (tensor<?x8xf32, #graph.dims<batch, _>>,
         tensor<?x8xf32, #graph.dims<batch, _>>)
      -> tensor<?x?xf32, #graph.dims<batch, batch>>
  return %d : tensor<?x?xf32, #graph.dims<batch, batch>>
}

// Another axis comes first.

// CHECK-LABEL: func.func @moved(
//   CHECK-NOT: graph.batch
func.func @moved(%x: tensor<?x?x8xf32, #graph.dims<seq, batch, _>>,
                 %w: tensor<8x8xf32>)
    -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>> {
  %t = graph.transpose %x perm [1, 0, 2]
      : (tensor<?x?x8xf32, #graph.dims<seq, batch, _>>)
      -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
  %y = graph.linear %t, %w
      : (tensor<?x?x8xf32, #graph.dims<batch, seq, _>>, tensor<8x8xf32>)
      -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
  return %y : tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
}

// Nothing is as heavy as a layer: a part would gain nothing.

// CHECK-LABEL: func.func @no_layer(
//   CHECK-NOT: graph.batch
func.func @no_layer(%x: tensor<?x8xf32, #graph.dims<batch, _>>)
    -> tensor<?x8xf32, #graph.dims<batch, _>> {
  %y = graph.exp %x : tensor<?x8xf32, #graph.dims<batch, _>>
  return %y : tensor<?x8xf32, #graph.dims<batch, _>>
}
