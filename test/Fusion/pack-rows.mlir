// RUN: sylvite-opt --sylvite-pack-rows --canonicalize --verify-fusion %s | FileCheck %s
// RUN: sylvite-opt --sylvite-pack-rows --remarks-filter=sylvite-fusion %s 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK

!ids = tensor<?x?xi64, #graph.dims<batch, seq>>
!x = tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
!heads = tensor<?x?x2x4xf32, #graph.dims<batch, seq, _, _>>
!wide = tensor<?x?x24xf32, #graph.dims<batch, seq, _>>
!positions = tensor<?xi64, #graph.dims<seq>>
!lengths = tensor<?xi64, #graph.dims<batch>>
!column = tensor<?x1xi64, #graph.dims<batch, _>>
!kept = tensor<?x?xi1, #graph.dims<batch, seq>>
!kept1 = tensor<?x?x1xi1, #graph.dims<batch, seq, _>>
!one = tensor<?x8xf32, #graph.dims<batch, _>>

// All of an encoder layer: the indices are packed, positions too, and what
// attention reads and the result are unpacked.
// CHECK-LABEL: func.func @encoder(
//  CHECK-SAME:     %[[IDS:[^:]+]]: tensor<?x?xi64, {{.*}}, %[[N:[^:]+]]: tensor<?xi64,
//   CHECK-DAG:   %[[ROWS:.+]] = graph.pack_rows %[[IDS]], %[[N]] : {{.*}} -> tensor<?xi64, #graph.dims<rows>>
//   CHECK-DAG:   %[[ALL:.+]] = graph.broadcast %{{.+}} : tensor<?xi64, #graph.dims<seq>> to tensor<?x?xi64, #graph.dims<batch, seq>>
//   CHECK-DAG:   %[[POSITIONS:.+]] = graph.pack_rows %[[ALL]], %[[N]]
//       CHECK:   %[[X:.+]] = graph.embeddings tables({{.*}}) indices(%[[ROWS]], %[[POSITIONS]]) {{.*}} -> tensor<?x8xf32, #graph.dims<rows, _>>
//       CHECK:   %[[QKV:.+]] = graph.linear %[[X]], {{.*}} -> tensor<?x24xf32, #graph.dims<rows, _>>
//       CHECK:   %[[SEEN:.+]] = graph.unpack_rows %[[QKV]], %[[N]]
//       CHECK:   graph.slice %[[SEEN]]
//       CHECK:   %[[O:.+]] = graph.attention
//       CHECK:   %[[JOINED:.+]] = graph.reshape %[[O]]
//       CHECK:   %[[PACKED:.+]] = graph.pack_rows %[[JOINED]], %[[N]]
//       CHECK:   %[[Y:.+]] = graph.linear %[[PACKED]], {{.*}} residual(%[[X]]) {{.*}} -> tensor<?x8xf32, #graph.dims<rows, _>>
//       CHECK:   %[[RESULT:.+]] = graph.unpack_rows %[[Y]], %[[N]]
//   CHECK-NOT:   graph.select
//       CHECK:   return %[[RESULT]]
// REMARK: remark: [Passed] rows | Category:sylvite-fusion | Function=encoder | Remark="4 ops, 2 layers among them, on rows below their lengths"
func.func @encoder(%ids: !ids {graph.range = [0, 10]}, %lengths: !lengths {graph.range = [0, 9]}) -> !x {
  %words = graph.weight "words" : tensor<10x8xf32>
  %places = graph.weight "places" : tensor<64x8xf32>
  %w = graph.weight "w" : tensor<8x24xf32>
  %u = graph.weight "u" : tensor<8x8xf32>
  %scale = graph.weight "scale" : tensor<8xf32>
  %zero = graph.constant dense<0.0> : tensor<f32>
  %p = graph.iota axis(0) : !positions
  %x = graph.embeddings tables(%words, %places) indices(%ids, %p) : (tensor<10x8xf32>, tensor<64x8xf32>, !ids, !positions) -> !x
  %qkv = graph.linear %x, %w : (!x, tensor<8x24xf32>) -> !wide
  %q0 = graph.slice %qkv axis(2) [0, 8] : (!wide) -> !x
  %k0 = graph.slice %qkv axis(2) [8, 16] : (!wide) -> !x
  %v0 = graph.slice %qkv axis(2) [16, 24] : (!wide) -> !x
  %q = graph.reshape %q0 : !x to !heads
  %k = graph.reshape %k0 : !x to !heads
  %v = graph.reshape %v0 : !x to !heads
  %o = graph.attention %q, %k, %v layout(bshd) mask(padding(%lengths)) : (!heads, !heads, !heads, !lengths) -> !heads
  %joined = graph.reshape %o : !heads to !x
  %y = graph.linear %joined, %u residual(%x) norm(layer) scale(%scale) : (!x, tensor<8x8xf32>, !x, tensor<8xf32>) -> !x
  %column = graph.reshape %lengths : !lengths to !column
  %within = graph.compare lt %p, %column : (!positions, !column) -> !kept
  %kept = graph.reshape %within : !kept to !kept1
  %result = graph.select %kept, %y, %zero : (!kept1, !x, tensor<f32>) -> !x
  return %result : !x
}

// What pooling by the lengths leaves out is seen by nobody either.
// CHECK-LABEL: func.func @pooled(
//       CHECK:   %[[ROWS:.+]] = graph.pack_rows
//       CHECK:   %[[Y:.+]] = graph.linear %[[ROWS]]
//       CHECK:   %[[T:.+]] = graph.gelu %[[Y]] : tensor<?x8xf32, #graph.dims<rows, _>>
//       CHECK:   %[[SEEN:.+]] = graph.unpack_rows %[[T]]
//       CHECK:   graph.pool mean %{{.+}} mask
func.func @pooled(%x: !x, %lengths: !lengths {graph.range = [0, 9]}) -> !one {
  %w = graph.weight "w" : tensor<8x8xf32>
  %p = graph.iota axis(0) : !positions
  %column = graph.reshape %lengths : !lengths to !column
  %within = graph.compare lt %p, %column : (!positions, !column) -> !kept
  %y = graph.linear %x, %w : (!x, tensor<8x8xf32>) -> !x
  %t = graph.gelu %y : !x
  %q = graph.reshape %t : !x to !heads
  %o = graph.attention %q, %q, %q layout(bshd) mask(causal and padding(%lengths)) : (!heads, !heads, !heads, !lengths) -> !heads
  %joined = graph.reshape %o : !heads to !x
  %mean = graph.pool mean %joined mask(%within) : (!x, !kept) -> !one
  return %mean : !one
}

// A result shows all of it, so does a mask that is not hiding, and pooling
// that takes the first position. Weights of attention have rows of queries.
// CHECK-LABEL: func.func @seen(
//   CHECK-NOT:   rows
//       CHECK:   return
func.func @seen(%x: !x, %lengths: !lengths {graph.range = [0, 9]}) -> (!x, !heads, !one) {
  %w = graph.weight "w" : tensor<8x8xf32>
  %y = graph.linear %x, %w : (!x, tensor<8x8xf32>) -> !x
  %z = graph.linear %x, %w : (!x, tensor<8x8xf32>) -> !x
  %u = graph.linear %x, %w : (!x, tensor<8x8xf32>) -> !x
  %q = graph.reshape %z : !x to !heads
  %o = graph.attention %q, %q, %q layout(bshd) mask(prefix(1) or padding(%lengths)) : (!heads, !heads, !heads, !lengths) -> !heads
  %a = graph.attention %o, %o, %o layout(bshd) mask(padding(%lengths)) : (!heads, !heads, !heads, !lengths) -> !heads
  %first = graph.pool cls %u : (!x) -> !one
  return %y, %a, %first : !x, !heads, !one
}

// Without a layer it is not worth it.
// CHECK-LABEL: func.func @no_layer(
//   CHECK-NOT:   rows
//       CHECK:   return
func.func @no_layer(%x: !x, %lengths: !lengths {graph.range = [0, 9]}) -> !one {
  %p = graph.iota axis(0) : !positions
  %column = graph.reshape %lengths : !lengths to !column
  %within = graph.compare lt %p, %column : (!positions, !column) -> !kept
  %t = graph.gelu %x : !x
  %q = graph.reshape %t : !x to !heads
  %o = graph.attention %q, %q, %q layout(bshd) mask(padding(%lengths)) : (!heads, !heads, !heads, !lengths) -> !heads
  %joined = graph.reshape %o : !heads to !x
  %mean = graph.pool mean %joined mask(%within) : (!x, !kept) -> !one
  return %mean : !one
}
