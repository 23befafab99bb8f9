// RUN: sylvite-opt --sylvite-fuse-positions --verify-fusion %s | FileCheck %s
// RUN: sylvite-opt --sylvite-fuse-positions --remarks-filter=sylvite-fusion %s 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK
// RUN: sylvite-opt --pass-pipeline='builtin.module(func.func(sylvite-fuse-positions{max-bytes=64}))' --remarks-filter=sylvite-fusion %s 2>&1 >/dev/null | FileCheck %s --check-prefix=LIMIT
// RUN: sylvite-opt --sylvite-fuse-positions --sylvite-fuse-embeddings %s | FileCheck %s --check-prefix=EMBEDDINGS

// A length with a maximum: a table, looked up by a count.
// CHECK-LABEL: func.func @bounded(
//       CHECK:   %[[COUNT:.+]] = graph.iota axis(0) : tensor<?xi64, #graph.dims<seq>>
//       CHECK:   %[[ROWS:.+]] = graph.iota axis(0) : tensor<64xi64>
//       CHECK:   graph.cast %[[ROWS]] : tensor<64xi64> to tensor<64xf64>
//       CHECK:   graph.mul %{{.+}}, %{{.+}} : (tensor<64x1xf64>, tensor<4xf64>) -> tensor<64x4xf64>
//       CHECK:   graph.sin
//       CHECK:   %[[TABLE:.+]] = graph.cast %{{.+}} : tensor<64x4xf64> to tensor<64x4xf32>
//       CHECK:   %[[Y:.+]] = graph.embedding %[[TABLE]], %[[COUNT]]
//       CHECK:   return %[[Y]]
// REMARK: [Passed] positions | Category:sylvite-fusion | Function=bounded | Remark="table of 64 positions"
// LIMIT: [Missed] positions | Category:sylvite-fusion | Function=bounded | {{.*}}Reason="a table of 64 positions is larger than the limit of 64 bytes", Suggestion="raise max-bytes"
func.func @bounded(%x: tensor<?xi64, #graph.dims<seq>>) -> tensor<?x4xf32, #graph.dims<seq, _>> attributes {graph.dim_max = {seq = 64 : i64}} {
  %y = graph.positional_encoding : () -> tensor<?x4xf32, #graph.dims<seq, _>>
  return %y : tensor<?x4xf32, #graph.dims<seq, _>>
}

// A sum of lookups takes the table along.
// EMBEDDINGS-LABEL: func.func @with_words(
//       EMBEDDINGS:   graph.embeddings tables(%{{.+}}, %{{.+}}) indices(%{{.+}}, %{{.+}})
func.func @with_words(%ids: tensor<?x?xi64, #graph.dims<batch, seq>> {graph.range = [0, 9]}, %words: tensor<9x4xf32>) -> tensor<?x?x4xf32, #graph.dims<batch, seq, _>> attributes {graph.dim_max = {seq = 64 : i64}} {
  %w = graph.embedding %words, %ids : (tensor<9x4xf32>, tensor<?x?xi64, #graph.dims<batch, seq>>) -> tensor<?x?x4xf32, #graph.dims<batch, seq, _>>
  %p = graph.positional_encoding : () -> tensor<?x4xf32, #graph.dims<seq, _>>
  %y = graph.add %w, %p : (tensor<?x?x4xf32, #graph.dims<batch, seq, _>>, tensor<?x4xf32, #graph.dims<seq, _>>) -> tensor<?x?x4xf32, #graph.dims<batch, seq, _>>
  return %y : tensor<?x?x4xf32, #graph.dims<batch, seq, _>>
}

// Without a maximum: arithmetic.
// CHECK-LABEL: func.func @unbounded(
//   CHECK-NOT:   graph.embedding
//       CHECK:   graph.sin %{{.+}} : tensor<?x4xf64, #graph.dims<seq, _>>
//       CHECK:   graph.cast
//       CHECK:   graph.broadcast %{{.+}} : tensor<?x4xf32, #graph.dims<seq, _>> to tensor<2x?x4xf32, #graph.dims<_, seq, _>>
// REMARK: [Missed] positions | Category:sylvite-fusion | Function=unbounded | Other={{.*}}, Reason="the positions have no bound", Suggestion="give the dimension a maximum (graph.dim_max) or the positions a range (graph.range)"
func.func @unbounded(%x: tensor<?xi64, #graph.dims<seq>>) -> tensor<2x?x4xf32, #graph.dims<_, seq, _>> {
  %y = graph.positional_encoding : () -> tensor<2x?x4xf32, #graph.dims<_, seq, _>>
  return %y : tensor<2x?x4xf32, #graph.dims<_, seq, _>>
}

// All positions of a static length are the table itself.
// CHECK-LABEL: func.func @static(
//   CHECK-NOT:   graph.embedding
//       CHECK:   graph.cast %{{.+}} : tensor<5x4xf64> to tensor<5x4xf32>
//  CHECK-NEXT:   return
func.func @static() -> tensor<5x4xf32> {
  %y = graph.positional_encoding base(100.0) : () -> tensor<5x4xf32>
  return %y : tensor<5x4xf32>
}

// The position of a step: a given one, behind a cache of a known capacity.
// CHECK-LABEL: func.func @given(
//       CHECK:   graph.embedding %{{.+}}, %{{.+}} : (tensor<23x4xf32>, tensor<?x3xi64, #graph.dims<batch, _>>)
func.func @given(%p: tensor<?xi64, #graph.dims<batch>> {graph.range = [0, 20]}) -> tensor<?x3x4xf32, #graph.dims<batch, _, _>> {
  %column = graph.reshape %p : tensor<?xi64, #graph.dims<batch>> to tensor<?x1xi64, #graph.dims<batch, _>>
  %i = graph.iota axis(0) : tensor<3xi64>
  %one = graph.constant dense<1> : tensor<i64>
  %next = graph.add %i, %one : (tensor<3xi64>, tensor<i64>) -> tensor<3xi64>
  %at = graph.add %column, %next : (tensor<?x1xi64, #graph.dims<batch, _>>, tensor<3xi64>) -> tensor<?x3xi64, #graph.dims<batch, _>>
  %y = graph.positional_encoding positions(%at) : (tensor<?x3xi64, #graph.dims<batch, _>>) -> tensor<?x3x4xf32, #graph.dims<batch, _, _>>
  return %y : tensor<?x3x4xf32, #graph.dims<batch, _, _>>
}

// A range that holds negative numbers is no bound.
// CHECK-LABEL: func.func @negative(
//   CHECK-NOT:   graph.embedding
//       CHECK:   return
func.func @negative(%p: tensor<3xi64> {graph.range = [-2, 20]}) -> tensor<3x4xf32> {
  %y = graph.positional_encoding positions(%p) : (tensor<3xi64>) -> tensor<3x4xf32>
  return %y : tensor<3x4xf32>
}

// A formula: its table is evaluated as it stands.
// CHECK-LABEL: func.func @formula(
//       CHECK:   %[[TABLE:.+]] = graph.positional_encoding formula
//       CHECK:   : () -> tensor<64x4xf32>
//       CHECK:   graph.embedding %[[TABLE]]
func.func @formula(%x: tensor<?xi64, #graph.dims<seq>>) -> tensor<?x4xf32, #graph.dims<seq, _>> attributes {graph.dim_max = {seq = 64 : i64}} {
  %y = graph.positional_encoding formula {
  ^bb0(%p: index, %i: index):
    %s = arith.addi %p, %i : index
    %n = arith.index_cast %s : index to i64
    %v = arith.sitofp %n : i64 to f32
    graph.yield %v : f32
  } : () -> tensor<?x4xf32, #graph.dims<seq, _>>
  return %y : tensor<?x4xf32, #graph.dims<seq, _>>
}

// Without a bound, or where it reads what is not known yet, it stays.
// CHECK-LABEL: func.func @formula_stays(
//   CHECK-NOT:   graph.embedding
//       CHECK:   graph.positional_encoding formula
//       CHECK:   : () -> tensor<?x4xf32, #graph.dims<seq, _>>
//       CHECK:   graph.positional_encoding formula
//       CHECK:   : () -> tensor<?x4xf32, #graph.dims<n, _>>
func.func @formula_stays(%x: tensor<?x?xi64, #graph.dims<seq, n>>, %t: tensor<4xf32>) -> (tensor<?x4xf32, #graph.dims<seq, _>>, tensor<?x4xf32, #graph.dims<n, _>>) attributes {graph.dim_max = {seq = 64 : i64}} {
  %y = graph.positional_encoding formula {
  ^bb0(%p: index, %i: index):
    %v = tensor.extract %t[%i] : tensor<4xf32>
    graph.yield %v : f32
  } : () -> tensor<?x4xf32, #graph.dims<seq, _>>
  %z = graph.positional_encoding formula {
  ^bb0(%p: index, %i: index):
    %v = arith.constant 1.0 : f32
    graph.yield %v : f32
  } : () -> tensor<?x4xf32, #graph.dims<n, _>>
  return %y, %z : tensor<?x4xf32, #graph.dims<seq, _>>, tensor<?x4xf32, #graph.dims<n, _>>
}

// Tables of cosines and sines, in front of the heads where these stand last.
// CHECK-LABEL: func.func @rotary(
//       CHECK:   %[[C:.+]] = graph.embedding %{{.+}}, %{{.+}} : (tensor<64x2xf32>, {{.*}}) -> tensor<?x2xf32
//       CHECK:   %[[S:.+]] = graph.embedding %{{.+}}, %{{.+}} : (tensor<64x2xf32>, {{.*}}) -> tensor<?x2xf32
//       CHECK:   %[[C1:.+]] = graph.reshape %[[C]] : tensor<?x2xf32, #graph.dims<seq, _>> to tensor<?x1x2xf32, #graph.dims<seq, _, _>>
//       CHECK:   %[[S1:.+]] = graph.reshape %[[S]]
//       CHECK:   graph.rotary_embedding %{{.+}} cos(%[[C1]]) sin(%[[S1]]) dims(4) interleaved
func.func @rotary(%x: tensor<?x?x3x6xf32, #graph.dims<batch, seq, _, _>>) -> tensor<?x?x3x6xf32, #graph.dims<batch, seq, _, _>> attributes {graph.dim_max = {seq = 64 : i64}} {
  %y = graph.rotary_embedding %x axis(1) dims(4) interleaved : (tensor<?x?x3x6xf32, #graph.dims<batch, seq, _, _>>) -> tensor<?x?x3x6xf32, #graph.dims<batch, seq, _, _>>
  return %y : tensor<?x?x3x6xf32, #graph.dims<batch, seq, _, _>>
}

// Tables of one's own stay as they are.
// CHECK-LABEL: func.func @own_tables(
//  CHECK-NEXT:   graph.rotary_embedding %{{.+}} cos(%{{.+}}) sin(%{{.+}}) :
//  CHECK-NEXT:   return
func.func @own_tables(%x: tensor<2x4xf32>, %c: tensor<2x2xf32>) -> tensor<2x4xf32> {
  %y = graph.rotary_embedding %x cos(%c) sin(%c) : (tensor<2x4xf32>, tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x4xf32>
  return %y : tensor<2x4xf32>
}
