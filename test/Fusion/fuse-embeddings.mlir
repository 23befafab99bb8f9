// RUN: sylvite-opt --sylvite-fuse-embeddings --verify-fusion %s | FileCheck %s
// RUN: sylvite-opt --sylvite-fuse-embeddings --remarks-filter=sylvite-fusion %s 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK
// RUN: sylvite-opt --pass-pipeline='builtin.module(func.func(sylvite-fuse-embeddings{max-norm-features=3}))' --remarks-filter=sylvite-fusion %s 2>&1 >/dev/null | FileCheck %s --check-prefix=LIMIT

// CHECK-LABEL: func.func @three_tables(
//  CHECK-SAME:     %[[WORD:[^:]+]]: tensor<100x8xf32>, %[[KIND:[^:]+]]: tensor<2x8xf32>, %[[POSITION:[^:]+]]: tensor<64x8xf32>, %[[I:[^:]+]]: tensor{{.*}}, %[[T:[^:]+]]: tensor{{.*}}, %[[G:[^:]+]]: tensor<8xf32>, %[[B:[^:]+]]: tensor<8xf32>)
//  CHECK-NEXT:   %[[P:.+]] = graph.iota axis(0)
//  CHECK-NEXT:   %[[Y:.+]] = graph.embeddings tables(%[[WORD]], %[[KIND]], %[[POSITION]]) indices(%[[I]], %[[T]], %[[P]]) norm(layer) scale(%[[G]]) bias(%[[B]]) eps(1.250000e-01) : (
//  CHECK-NEXT:   return %[[Y]]
// REMARK: remark: [Passed] embeddings | Category:sylvite-fusion | Function=three_tables | Remark="3 tables, layer norm"
// LIMIT: remark: [Missed] embeddings | Category:sylvite-fusion | Function=three_tables | Other={{.*}}, Reason="a row of 8 features is longer than the limit of 3", Suggestion="raise max-norm-features"
// LIMIT: remark: [Passed] embeddings | Category:sylvite-fusion | Function=three_tables | Remark="3 tables"
func.func @three_tables(%word: tensor<100x8xf32>, %kind: tensor<2x8xf32>, %position: tensor<64x8xf32>, %i: tensor<?x?xi64, #graph.dims<batch, seq>> {graph.range = [0, 100]}, %t: tensor<?x?xi64, #graph.dims<batch, seq>> {graph.range = [0, 2]}, %g: tensor<8xf32>, %b: tensor<8xf32>) -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>> {
  %p = graph.iota axis(0) : tensor<?xi64, #graph.dims<seq>>
  %1 = graph.embedding %word, %i : (tensor<100x8xf32>, tensor<?x?xi64, #graph.dims<batch, seq>>) -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
  %2 = graph.embedding %kind, %t : (tensor<2x8xf32>, tensor<?x?xi64, #graph.dims<batch, seq>>) -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
  %3 = graph.embedding %position, %p : (tensor<64x8xf32>, tensor<?xi64, #graph.dims<seq>>) -> tensor<?x8xf32, #graph.dims<seq, _>>
  %s = graph.add %1, %2 : (tensor<?x?x8xf32, #graph.dims<batch, seq, _>>, tensor<?x?x8xf32, #graph.dims<batch, seq, _>>) -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
  %u = graph.add %s, %3 : (tensor<?x?x8xf32, #graph.dims<batch, seq, _>>, tensor<?x8xf32, #graph.dims<seq, _>>) -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
  %y = graph.layer_norm %u scale(%g) bias(%b) eps(0.125) : (tensor<?x?x8xf32, #graph.dims<batch, seq, _>>, tensor<8xf32>, tensor<8xf32>) -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
  return %y : tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
}

// Another order, other brackets, no norm.
// CHECK-LABEL: func.func @other_order(
//  CHECK-SAME:     %[[WORD:[^:]+]]: tensor<100x8xf32>, %[[KIND:[^:]+]]: tensor<2x8xf32>, %[[POSITION:[^:]+]]: tensor<64x8xf32>, %[[I:[^:]+]]: tensor{{.*}}, %[[T:[^:]+]]: tensor
//       CHECK:   %[[Y:.+]] = graph.embeddings tables(%[[POSITION]], %[[KIND]], %[[WORD]]) indices(%{{.+}}, %[[T]], %[[I]]) : (
//  CHECK-NEXT:   return %[[Y]]
// REMARK: remark: [Passed] embeddings | Category:sylvite-fusion | Function=other_order | Remark="3 tables"
func.func @other_order(%word: tensor<100x8xf32>, %kind: tensor<2x8xf32>, %position: tensor<64x8xf32>, %i: tensor<?x?xi64, #graph.dims<batch, seq>> {graph.range = [0, 100]}, %t: tensor<?x?xi64, #graph.dims<batch, seq>> {graph.range = [0, 2]}) -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>> {
  %p = graph.iota axis(0) : tensor<?xi64, #graph.dims<seq>>
  %1 = graph.embedding %word, %i : (tensor<100x8xf32>, tensor<?x?xi64, #graph.dims<batch, seq>>) -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
  %2 = graph.embedding %kind, %t : (tensor<2x8xf32>, tensor<?x?xi64, #graph.dims<batch, seq>>) -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
  %3 = graph.embedding %position, %p : (tensor<64x8xf32>, tensor<?xi64, #graph.dims<seq>>) -> tensor<?x8xf32, #graph.dims<seq, _>>
  %s = graph.add %2, %1 : (tensor<?x?x8xf32, #graph.dims<batch, seq, _>>, tensor<?x?x8xf32, #graph.dims<batch, seq, _>>) -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
  %u = graph.add %3, %s : (tensor<?x8xf32, #graph.dims<seq, _>>, tensor<?x?x8xf32, #graph.dims<batch, seq, _>>) -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
  return %u : tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
}

// CHECK-LABEL: func.func @one_table(
//       CHECK:   graph.embeddings tables(%{{.+}}) indices(%{{.+}}) norm(rms) scale(%{{.+}}) : (
//  CHECK-NEXT:   return
// REMARK: remark: [Passed] embeddings | Category:sylvite-fusion | Function=one_table | Remark="1 table, rms norm"
func.func @one_table(%word: tensor<100x8xf32>, %i: tensor<?x?xi64, #graph.dims<batch, seq>> {graph.range = [0, 100]}, %g: tensor<8xf32>) -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>> {
  %1 = graph.embedding %word, %i : (tensor<100x8xf32>, tensor<?x?xi64, #graph.dims<batch, seq>>) -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
  %y = graph.rms_norm %1 scale(%g) : (tensor<?x?x8xf32, #graph.dims<batch, seq, _>>, tensor<8xf32>) -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
  return %y : tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
}

// The stream of a pre-norm model begins with the sum, and goes on.
// CHECK-LABEL: func.func @stream(
//       CHECK:   %[[S:.+]] = graph.embeddings tables(%{{.+}}, %{{.+}}) indices(
//       CHECK:   %[[N:.+]] = graph.rms_norm %[[S]]
//       CHECK:   graph.add %[[S]], %[[N]]
// REMARK: remark: [Missed] embeddings | Category:sylvite-fusion | Function=stream | Other={{.*}}, Reason="the norm's input has a second user"
// REMARK: remark: [Passed] embeddings | Category:sylvite-fusion | Function=stream | Remark="2 tables"
func.func @stream(%word: tensor<100x8xf32>, %position: tensor<64x8xf32>, %i: tensor<?x?xi64, #graph.dims<batch, seq>> {graph.range = [0, 100]}, %g: tensor<8xf32>) -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>> {
  %p = graph.iota axis(0) : tensor<?xi64, #graph.dims<seq>>
  %1 = graph.embedding %word, %i : (tensor<100x8xf32>, tensor<?x?xi64, #graph.dims<batch, seq>>) -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
  %2 = graph.embedding %position, %p : (tensor<64x8xf32>, tensor<?xi64, #graph.dims<seq>>) -> tensor<?x8xf32, #graph.dims<seq, _>>
  %s = graph.add %1, %2 : (tensor<?x?x8xf32, #graph.dims<batch, seq, _>>, tensor<?x8xf32, #graph.dims<seq, _>>) -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
  %n = graph.rms_norm %s scale(%g) : (tensor<?x?x8xf32, #graph.dims<batch, seq, _>>, tensor<8xf32>) -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
  %y = graph.add %s, %n : (tensor<?x?x8xf32, #graph.dims<batch, seq, _>>, tensor<?x?x8xf32, #graph.dims<batch, seq, _>>) -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
  return %y : tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
}

// CHECK-LABEL: func.func @norm_without_scale(
//       CHECK:   graph.embeddings tables(%{{.+}}, %{{.+}}) indices(%{{.+}}, %{{.+}}) : (
//  CHECK-NEXT:   graph.layer_norm
// REMARK: remark: [Missed] embeddings | Category:sylvite-fusion | Function=norm_without_scale | Other={{.*}}, Reason="the norm has no scale"
func.func @norm_without_scale(%word: tensor<100x8xf32>, %i: tensor<?x?xi64, #graph.dims<batch, seq>> {graph.range = [0, 100]}) -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>> {
  %1 = graph.embedding %word, %i : (tensor<100x8xf32>, tensor<?x?xi64, #graph.dims<batch, seq>>) -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
  %2 = graph.embedding %word, %i : (tensor<100x8xf32>, tensor<?x?xi64, #graph.dims<batch, seq>>) -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
  %s = graph.add %1, %2 : (tensor<?x?x8xf32, #graph.dims<batch, seq, _>>, tensor<?x?x8xf32, #graph.dims<batch, seq, _>>) -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
  %y = graph.layer_norm %s : (tensor<?x?x8xf32, #graph.dims<batch, seq, _>>) -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
  return %y : tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
}

// A sum that is used twice is one op, and a summand of another sum.
// CHECK-LABEL: func.func @summand_used_twice(
//       CHECK:   %[[S:.+]] = graph.embeddings tables(%{{.+}}, %{{.+}}) indices(
//       CHECK:   %[[Y:.+]] = graph.add %[[S]]
//  CHECK-NEXT:   return %[[S]], %[[Y]]
// REMARK: remark: [Missed] embeddings | Category:sylvite-fusion | Function=summand_used_twice | Other={{.*}}, Reason="a summand has a second user"
func.func @summand_used_twice(%word: tensor<100x8xf32>, %i: tensor<?x?xi64, #graph.dims<batch, seq>> {graph.range = [0, 100]}, %j: tensor<?x?xi64, #graph.dims<batch, seq>> {graph.range = [0, 100]}) -> (tensor<?x?x8xf32, #graph.dims<batch, seq, _>>, tensor<?x?x8xf32, #graph.dims<batch, seq, _>>) {
  %1 = graph.embedding %word, %i : (tensor<100x8xf32>, tensor<?x?xi64, #graph.dims<batch, seq>>) -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
  %2 = graph.embedding %word, %j : (tensor<100x8xf32>, tensor<?x?xi64, #graph.dims<batch, seq>>) -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
  %3 = graph.embedding %word, %j : (tensor<100x8xf32>, tensor<?x?xi64, #graph.dims<batch, seq>>) -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
  %s = graph.add %1, %2 : (tensor<?x?x8xf32, #graph.dims<batch, seq, _>>, tensor<?x?x8xf32, #graph.dims<batch, seq, _>>) -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
  %y = graph.add %s, %3 : (tensor<?x?x8xf32, #graph.dims<batch, seq, _>>, tensor<?x?x8xf32, #graph.dims<batch, seq, _>>) -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
  return %s, %y : tensor<?x?x8xf32, #graph.dims<batch, seq, _>>, tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
}

// CHECK-LABEL: func.func @plain_weight(
//   CHECK-NOT:   graph.embeddings
//       CHECK:   return
// REMARK: remark: [Missed] embeddings | Category:sylvite-fusion | Function=plain_weight | Other={{.*}}, Reason="a summand is a weight and no lookup", Suggestion="look it up by an index"
func.func @plain_weight(%word: tensor<100x8xf32>, %i: tensor<?x?xi64, #graph.dims<batch, seq>> {graph.range = [0, 100]}) -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>> {
  %w = graph.weight "type" : tensor<8xf32>
  %1 = graph.embedding %word, %i : (tensor<100x8xf32>, tensor<?x?xi64, #graph.dims<batch, seq>>) -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
  %y = graph.add %1, %w : (tensor<?x?x8xf32, #graph.dims<batch, seq, _>>, tensor<8xf32>) -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
  return %y : tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
}

// CHECK-LABEL: func.func @integer_tables(
//   CHECK-NOT:   graph.embeddings
//       CHECK:   return
// REMARK: remark: [Missed] embeddings | Category:sylvite-fusion | Function=integer_tables | Other={{.*}}, Reason="a table is not of floats"
func.func @integer_tables(%word: tensor<100x8xi64>, %i: tensor<4xi64> {graph.range = [0, 100]}) -> tensor<4x8xi64> {
  %1 = graph.embedding %word, %i : (tensor<100x8xi64>, tensor<4xi64>) -> tensor<4x8xi64>
  %2 = graph.embedding %word, %i : (tensor<100x8xi64>, tensor<4xi64>) -> tensor<4x8xi64>
  %y = graph.add %1, %2 : (tensor<4x8xi64>, tensor<4x8xi64>) -> tensor<4x8xi64>
  return %y : tensor<4x8xi64>
}

// CHECK-LABEL: func.func @repeated_feature(
//   CHECK-NOT:   graph.embeddings
//       CHECK:   return
// REMARK: remark: [Missed] embeddings | Category:sylvite-fusion | Function=repeated_feature | Other={{.*}}, Reason="the tables differ in features"
func.func @repeated_feature(%word: tensor<100x8xf32>, %one: tensor<100x1xf32>, %i: tensor<4xi64> {graph.range = [0, 100]}) -> tensor<4x8xf32> {
  %1 = graph.embedding %word, %i : (tensor<100x8xf32>, tensor<4xi64>) -> tensor<4x8xf32>
  %2 = graph.embedding %one, %i : (tensor<100x1xf32>, tensor<4xi64>) -> tensor<4x1xf32>
  %y = graph.add %1, %2 : (tensor<4x8xf32>, tensor<4x1xf32>) -> tensor<4x8xf32>
  return %y : tensor<4x8xf32>
}

// CHECK-LABEL: func.func @lookup_alone(
//       CHECK:   graph.embedding %
// REMARK-NOT: lookup_alone
func.func @lookup_alone(%word: tensor<100x8xf32>, %i: tensor<4xi64> {graph.range = [0, 100]}) -> tensor<4x8xf32> {
  %1 = graph.embedding %word, %i : (tensor<100x8xf32>, tensor<4xi64>) -> tensor<4x8xf32>
  return %1 : tensor<4x8xf32>
}

// The Transformer of the paper: the table is multiplied when the model is
// compiled.
// CHECK-LABEL: func.func @scaled(
//  CHECK-SAME:     %[[POSITION:[^:]+]]: tensor<64x8xf32>, %[[I:[^:]+]]: tensor
//   CHECK-DAG:   %[[W:.+]] = graph.weight "word"
//   CHECK-DAG:   %[[F:.+]] = graph.constant dense<3.000000e+00> : tensor<f32>
//       CHECK:   %[[T:.+]] = graph.mul %[[W]], %[[F]]
//       CHECK:   graph.embeddings tables(%[[T]], %[[POSITION]]) indices(%[[I]], %{{.+}}) : (
//  CHECK-NEXT:   return
// REMARK: remark: [Passed] embeddings | Category:sylvite-fusion | Function=scaled | Remark="2 tables"
func.func @scaled(%position: tensor<64x8xf32>, %i: tensor<?x?xi64, #graph.dims<batch, seq>> {graph.range = [0, 100]}) -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>> {
  %word = graph.weight "word" : tensor<100x8xf32>
  %three = graph.constant dense<3.0> : tensor<f32>
  %p = graph.iota axis(0) : tensor<?xi64, #graph.dims<seq>>
  %1 = graph.embedding %word, %i : (tensor<100x8xf32>, tensor<?x?xi64, #graph.dims<batch, seq>>) -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
  %2 = graph.mul %three, %1 : (tensor<f32>, tensor<?x?x8xf32, #graph.dims<batch, seq, _>>) -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
  %3 = graph.embedding %position, %p : (tensor<64x8xf32>, tensor<?xi64, #graph.dims<seq>>) -> tensor<?x8xf32, #graph.dims<seq, _>>
  %s = graph.add %2, %3 : (tensor<?x?x8xf32, #graph.dims<batch, seq, _>>, tensor<?x8xf32, #graph.dims<seq, _>>) -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
  return %s : tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
}

// A table that is the output's weight too would be stored twice.
// CHECK-LABEL: func.func @scaled_and_shared(
//       CHECK:   graph.embedding
//       CHECK:   graph.div
// REMARK: remark: [Missed] embeddings | Category:sylvite-fusion | Function=scaled_and_shared | {{.*}}Reason="a factor of a lookup stays, as its table has a second user"
func.func @scaled_and_shared(%i: tensor<?xi64, #graph.dims<seq>> {graph.range = [0, 100]}) -> tensor<?x100xf32, #graph.dims<seq, _>> {
  %word = graph.weight "word" : tensor<100x8xf32>
  %three = graph.constant dense<3.0> : tensor<f32>
  %1 = graph.embedding %word, %i : (tensor<100x8xf32>, tensor<?xi64, #graph.dims<seq>>) -> tensor<?x8xf32, #graph.dims<seq, _>>
  %2 = graph.div %1, %three : (tensor<?x8xf32, #graph.dims<seq, _>>, tensor<f32>) -> tensor<?x8xf32, #graph.dims<seq, _>>
  %l = graph.matmul %2, %word {transpose_rhs} : (tensor<?x8xf32, #graph.dims<seq, _>>, tensor<100x8xf32>) -> tensor<?x100xf32, #graph.dims<seq, _>>
  return %l : tensor<?x100xf32, #graph.dims<seq, _>>
}
