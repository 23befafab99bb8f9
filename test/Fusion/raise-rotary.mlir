// RUN: sylvite-opt --sylvite-raise-rotary --verify-fusion %s | FileCheck %s
// RUN: sylvite-opt --sylvite-raise-rotary --remarks-filter=sylvite-fusion %s 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK

// x c + r s.
// CHECK-LABEL: func.func @sum(
//  CHECK-SAME:     %[[X:.+]]: tensor<2x8xf32>, %[[C:.+]]: tensor<2x8xf32>, %[[S:.+]]: tensor<2x8xf32>)
//  CHECK-NEXT:   %[[Y:.+]] = graph.rotary_embedding %[[X]] cos(%[[C]]) sin(%[[S]]) :
//  CHECK-NEXT:   return %[[Y]]
// REMARK: [Passed] rotary | Category:sylvite-fusion | Function=sum | Remark=halves
func.func @sum(%x: tensor<2x8xf32>, %c: tensor<2x8xf32>, %s: tensor<2x8xf32>) -> tensor<2x8xf32> {
  %a = graph.slice %x axis(1) [0, 4] : (tensor<2x8xf32>) -> tensor<2x4xf32>
  %b = graph.slice %x axis(1) [4, 8] : (tensor<2x8xf32>) -> tensor<2x4xf32>
  %n = graph.neg %b : tensor<2x4xf32>
  %r = graph.concat %n, %a axis(1) : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x8xf32>
  %p = graph.mul %c, %x : (tensor<2x8xf32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  %q = graph.mul %s, %r : (tensor<2x8xf32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  %y = graph.add %q, %p : (tensor<2x8xf32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  return %y : tensor<2x8xf32>
}

// As models compute it, for queries and keys: the tables repeat their first
// half, and are scaled and spread over heads.
// CHECK-LABEL: func.func @tables_of_halves(
//  CHECK-SAME:     %[[Q:[^:]+]]: tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>>, %[[K:[^:]+]]: {{.*}}, %[[F:[^:]+]]: tensor<?x4xf32, #graph.dims<seq, _>>)
//   CHECK-DAG:   %[[C:.+]] = graph.cos %[[F]] : tensor<?x4xf32, #graph.dims<seq, _>>
//   CHECK-DAG:   %[[CS:.+]] = graph.mul %[[C]], %{{.+}} : (tensor<?x4xf32, #graph.dims<seq, _>>, tensor<f32>)
//   CHECK-DAG:   %[[CH:.+]] = graph.reshape %[[CS]] : tensor<?x4xf32, #graph.dims<seq, _>> to tensor<1x1x?x4xf32, #graph.dims<_, _, seq, _>>
//   CHECK-DAG:   %[[S:.+]] = graph.sin %[[F]] : tensor<?x4xf32, #graph.dims<seq, _>>
//       CHECK:   graph.rotary_embedding %[[Q]] cos(%[[CH]]) sin(%{{.+}})
//       CHECK:   graph.rotary_embedding %[[K]] cos(%{{.+}}) sin(%{{.+}})
//  CHECK-NEXT:   return
func.func @tables_of_halves(%q: tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>>, %k: tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>>, %f: tensor<?x4xf32, #graph.dims<seq, _>>) -> (tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>>, tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>>) {
  %two = graph.constant dense<2.0> : tensor<f32>
  %ff = graph.concat %f, %f axis(1) : (tensor<?x4xf32, #graph.dims<seq, _>>, tensor<?x4xf32, #graph.dims<seq, _>>) -> tensor<?x8xf32, #graph.dims<seq, _>>
  %c0 = graph.cos %ff : tensor<?x8xf32, #graph.dims<seq, _>>
  %c1 = graph.mul %c0, %two : (tensor<?x8xf32, #graph.dims<seq, _>>, tensor<f32>) -> tensor<?x8xf32, #graph.dims<seq, _>>
  %c = graph.reshape %c1 : tensor<?x8xf32, #graph.dims<seq, _>> to tensor<1x1x?x8xf32, #graph.dims<_, _, seq, _>>
  %s0 = graph.sin %ff : tensor<?x8xf32, #graph.dims<seq, _>>
  %s1 = graph.mul %two, %s0 : (tensor<f32>, tensor<?x8xf32, #graph.dims<seq, _>>) -> tensor<?x8xf32, #graph.dims<seq, _>>
  %s = graph.reshape %s1 : tensor<?x8xf32, #graph.dims<seq, _>> to tensor<1x1x?x8xf32, #graph.dims<_, _, seq, _>>

  %qa = graph.slice %q axis(3) [0, 4] : (tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>>) -> tensor<?x3x?x4xf32, #graph.dims<batch, _, seq, _>>
  %qb = graph.slice %q axis(3) [4, 8] : (tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>>) -> tensor<?x3x?x4xf32, #graph.dims<batch, _, seq, _>>
  %qn = graph.neg %qb : tensor<?x3x?x4xf32, #graph.dims<batch, _, seq, _>>
  %qr = graph.concat %qn, %qa axis(3) : (tensor<?x3x?x4xf32, #graph.dims<batch, _, seq, _>>, tensor<?x3x?x4xf32, #graph.dims<batch, _, seq, _>>) -> tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>>
  %qc = graph.mul %q, %c : (tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>>, tensor<1x1x?x8xf32, #graph.dims<_, _, seq, _>>) -> tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>>
  %qs = graph.mul %qr, %s : (tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>>, tensor<1x1x?x8xf32, #graph.dims<_, _, seq, _>>) -> tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>>
  %qy = graph.add %qc, %qs : (tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>>, tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>>) -> tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>>

  %ka = graph.slice %k axis(3) [0, 4] : (tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>>) -> tensor<?x3x?x4xf32, #graph.dims<batch, _, seq, _>>
  %kb = graph.slice %k axis(3) [4, 8] : (tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>>) -> tensor<?x3x?x4xf32, #graph.dims<batch, _, seq, _>>
  %kn = graph.neg %kb : tensor<?x3x?x4xf32, #graph.dims<batch, _, seq, _>>
  %kr = graph.concat %kn, %ka axis(3) : (tensor<?x3x?x4xf32, #graph.dims<batch, _, seq, _>>, tensor<?x3x?x4xf32, #graph.dims<batch, _, seq, _>>) -> tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>>
  %kc = graph.mul %k, %c : (tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>>, tensor<1x1x?x8xf32, #graph.dims<_, _, seq, _>>) -> tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>>
  %ks = graph.mul %kr, %s : (tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>>, tensor<1x1x?x8xf32, #graph.dims<_, _, seq, _>>) -> tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>>
  %ky = graph.add %kc, %ks : (tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>>, tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>>) -> tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>>
  return %qy, %ky : tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>>, tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>>
}

// The parts, put side by side.
// CHECK-LABEL: func.func @parts(
//  CHECK-NEXT:   %[[Y:.+]] = graph.rotary_embedding %{{.+}} cos(%{{.+}}) sin(%{{.+}}) : (tensor<2x8xf32>, tensor<2x4xf32>, tensor<2x4xf32>)
//  CHECK-NEXT:   return %[[Y]]
// REMARK: [Passed] rotary | Category:sylvite-fusion | Function=parts | Remark=halves
func.func @parts(%x: tensor<2x8xf32>, %c: tensor<2x4xf32>, %s: tensor<2x4xf32>) -> tensor<2x8xf32> {
  %a = graph.slice %x axis(1) [0, 4] : (tensor<2x8xf32>) -> tensor<2x4xf32>
  %b = graph.slice %x axis(1) [4, 8] : (tensor<2x8xf32>) -> tensor<2x4xf32>
  %ac = graph.mul %a, %c : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  %bs = graph.mul %s, %b : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  %bc = graph.mul %b, %c : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  %as = graph.mul %a, %s : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  %u = graph.sub %ac, %bs : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  %v = graph.add %as, %bc : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  %y = graph.concat %u, %v axis(1) : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x8xf32>
  return %y : tensor<2x8xf32>
}

// Neighbours, calculated as [pairs] and as [pairs, 1].
// CHECK-LABEL: func.func @neighbours(
//  CHECK-NEXT:   %[[Y:.+]] = graph.rotary_embedding %{{.+}} cos(%{{.+}}) sin(%{{.+}}) interleaved : (tensor<2x8xf32>, tensor<2x4xf32>, tensor<2x4xf32>)
//  CHECK-NEXT:   return %[[Y]]
// REMARK: [Passed] rotary | Category:sylvite-fusion | Function=neighbours | Remark=neighbours
func.func @neighbours(%x: tensor<2x8xf32>, %c: tensor<2x4xf32>, %s: tensor<2x4xf32>) -> tensor<2x8xf32> {
  %p = graph.reshape %x : tensor<2x8xf32> to tensor<2x4x2xf32>
  %a1 = graph.slice %p axis(2) [0, 1] : (tensor<2x4x2xf32>) -> tensor<2x4x1xf32>
  %b1 = graph.slice %p axis(2) [1, 2] : (tensor<2x4x2xf32>) -> tensor<2x4x1xf32>
  %a = graph.reshape %a1 : tensor<2x4x1xf32> to tensor<2x4xf32>
  %b = graph.reshape %b1 : tensor<2x4x1xf32> to tensor<2x4xf32>
  %ac = graph.mul %a, %c : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  %bs = graph.mul %b, %s : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  %bc = graph.mul %b, %c : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  %as = graph.mul %a, %s : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  %u = graph.sub %ac, %bs : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  %v = graph.add %bc, %as : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  %u1 = graph.reshape %u : tensor<2x4xf32> to tensor<2x4x1xf32>
  %v1 = graph.reshape %v : tensor<2x4xf32> to tensor<2x4x1xf32>
  %w = graph.concat %u1, %v1 axis(2) : (tensor<2x4x1xf32>, tensor<2x4x1xf32>) -> tensor<2x4x2xf32>
  %y = graph.reshape %w : tensor<2x4x2xf32> to tensor<2x8xf32>
  return %y : tensor<2x8xf32>
}

// CHECK-LABEL: func.func @columns(
//   CHECK-DAG:   %[[C:.+]] = graph.reshape %arg1 : tensor<2x4x1xf32> to tensor<2x4xf32>
//   CHECK-DAG:   %[[S:.+]] = graph.reshape %arg2 : tensor<2x4x1xf32> to tensor<2x4xf32>
//       CHECK:   graph.rotary_embedding %arg0 cos(%[[C]]) sin(%[[S]]) interleaved
func.func @columns(%x: tensor<2x8xf32>, %c: tensor<2x4x1xf32>, %s: tensor<2x4x1xf32>) -> tensor<2x8xf32> {
  %p = graph.reshape %x : tensor<2x8xf32> to tensor<2x4x2xf32>
  %a = graph.slice %p axis(2) [0, 1] : (tensor<2x4x2xf32>) -> tensor<2x4x1xf32>
  %b = graph.slice %p axis(2) [1, 2] : (tensor<2x4x2xf32>) -> tensor<2x4x1xf32>
  %ac = graph.mul %a, %c : (tensor<2x4x1xf32>, tensor<2x4x1xf32>) -> tensor<2x4x1xf32>
  %bs = graph.mul %b, %s : (tensor<2x4x1xf32>, tensor<2x4x1xf32>) -> tensor<2x4x1xf32>
  %bc = graph.mul %b, %c : (tensor<2x4x1xf32>, tensor<2x4x1xf32>) -> tensor<2x4x1xf32>
  %as = graph.mul %a, %s : (tensor<2x4x1xf32>, tensor<2x4x1xf32>) -> tensor<2x4x1xf32>
  %u = graph.sub %ac, %bs : (tensor<2x4x1xf32>, tensor<2x4x1xf32>) -> tensor<2x4x1xf32>
  %v = graph.add %bc, %as : (tensor<2x4x1xf32>, tensor<2x4x1xf32>) -> tensor<2x4x1xf32>
  %w = graph.concat %u, %v axis(2) : (tensor<2x4x1xf32>, tensor<2x4x1xf32>) -> tensor<2x4x2xf32>
  %y = graph.reshape %w : tensor<2x4x2xf32> to tensor<2x8xf32>
  return %y : tensor<2x8xf32>
}

// Neighbours as a sum: x c + r s, with a table entry a feature.
// CHECK-LABEL: func.func @neighbours_sum(
//  CHECK-NEXT:   graph.rotary_embedding %{{.+}} cos(%{{.+}}) sin(%{{.+}}) interleaved : (tensor<2x8xf32>, tensor<2x8xf32>, tensor<2x8xf32>)
func.func @neighbours_sum(%x: tensor<2x8xf32>, %c: tensor<2x8xf32>, %s: tensor<2x8xf32>) -> tensor<2x8xf32> {
  %p = graph.reshape %x : tensor<2x8xf32> to tensor<2x4x2xf32>
  %a = graph.slice %p axis(2) [0, 1] : (tensor<2x4x2xf32>) -> tensor<2x4x1xf32>
  %b = graph.slice %p axis(2) [1, 2] : (tensor<2x4x2xf32>) -> tensor<2x4x1xf32>
  %n = graph.neg %b : tensor<2x4x1xf32>
  %w = graph.concat %n, %a axis(2) : (tensor<2x4x1xf32>, tensor<2x4x1xf32>) -> tensor<2x4x2xf32>
  %r = graph.reshape %w : tensor<2x4x2xf32> to tensor<2x8xf32>
  %xc = graph.mul %x, %c : (tensor<2x8xf32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  %rs = graph.mul %r, %s : (tensor<2x8xf32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  %y = graph.add %xc, %rs : (tensor<2x8xf32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  return %y : tensor<2x8xf32>
}

// Features that pass.
// CHECK-LABEL: func.func @partial(
//  CHECK-SAME:     %[[X:[^:]+]]: tensor<2x12xf32>
//  CHECK-NEXT:   %[[Y:.+]] = graph.rotary_embedding %[[X]] cos(%{{.+}}) sin(%{{.+}}) dims(8) : (tensor<2x12xf32>
//  CHECK-NEXT:   return %[[Y]]
// REMARK: [Passed] rotary | Category:sylvite-fusion | Function=partial | Remark="halves, features that pass"
func.func @partial(%all: tensor<2x12xf32>, %c: tensor<2x8xf32>, %s: tensor<2x8xf32>) -> tensor<2x12xf32> {
  %x = graph.slice %all axis(1) [0, 8] : (tensor<2x12xf32>) -> tensor<2x8xf32>
  %rest = graph.slice %all axis(1) [8, 12] : (tensor<2x12xf32>) -> tensor<2x4xf32>
  %a = graph.slice %x axis(1) [0, 4] : (tensor<2x8xf32>) -> tensor<2x4xf32>
  %b = graph.slice %x axis(1) [4, 8] : (tensor<2x8xf32>) -> tensor<2x4xf32>
  %n = graph.neg %b : tensor<2x4xf32>
  %r = graph.concat %n, %a axis(1) : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x8xf32>
  %p = graph.mul %x, %c : (tensor<2x8xf32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  %q = graph.mul %r, %s : (tensor<2x8xf32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  %t = graph.add %p, %q : (tensor<2x8xf32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  %y = graph.concat %t, %rest axis(1) : (tensor<2x8xf32>, tensor<2x4xf32>) -> tensor<2x12xf32>
  return %y : tensor<2x12xf32>
}

// One behind the other.
// CHECK-LABEL: func.func @twice(
//  CHECK-NEXT:   %[[Y:.+]] = graph.rotary_embedding
//  CHECK-NEXT:   %[[Z:.+]] = graph.rotary_embedding %[[Y]]
//  CHECK-NEXT:   return %[[Z]]
func.func @twice(%x: tensor<2x4xf32>, %c: tensor<2x4xf32>, %s: tensor<2x4xf32>) -> tensor<2x4xf32> {
  %a = graph.slice %x axis(1) [0, 2] : (tensor<2x4xf32>) -> tensor<2x2xf32>
  %b = graph.slice %x axis(1) [2, 4] : (tensor<2x4xf32>) -> tensor<2x2xf32>
  %n = graph.neg %b : tensor<2x2xf32>
  %r = graph.concat %n, %a axis(1) : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x4xf32>
  %p = graph.mul %x, %c : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  %q = graph.mul %r, %s : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  %y = graph.add %p, %q : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  %a2 = graph.slice %y axis(1) [0, 2] : (tensor<2x4xf32>) -> tensor<2x2xf32>
  %b2 = graph.slice %y axis(1) [2, 4] : (tensor<2x4xf32>) -> tensor<2x2xf32>
  %n2 = graph.neg %b2 : tensor<2x2xf32>
  %r2 = graph.concat %n2, %a2 axis(1) : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x4xf32>
  %p2 = graph.mul %y, %c : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  %q2 = graph.mul %r2, %s : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  %z = graph.add %p2, %q2 : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  return %z : tensor<2x4xf32>
}

//===----------------------------------------------------------------------===//
// What is none
//===----------------------------------------------------------------------===//

// The second half is negated: a rotation the other way round, by other tables.
// CHECK-LABEL: func.func @other_half(
//   CHECK-NOT:   graph.rotary_embedding
//       CHECK:   return
func.func @other_half(%x: tensor<2x8xf32>, %c: tensor<2x8xf32>, %s: tensor<2x8xf32>) -> tensor<2x8xf32> {
  %a = graph.slice %x axis(1) [0, 4] : (tensor<2x8xf32>) -> tensor<2x4xf32>
  %b = graph.slice %x axis(1) [4, 8] : (tensor<2x8xf32>) -> tensor<2x4xf32>
  %n = graph.neg %a : tensor<2x4xf32>
  %r = graph.concat %b, %n axis(1) : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x8xf32>
  %p = graph.mul %x, %c : (tensor<2x8xf32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  %q = graph.mul %r, %s : (tensor<2x8xf32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  %y = graph.add %p, %q : (tensor<2x8xf32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  return %y : tensor<2x8xf32>
}

// CHECK-LABEL: func.func @other_tensor(
//   CHECK-NOT:   graph.rotary_embedding
//       CHECK:   return
// REMARK: [Missed] rotary | Category:sylvite-fusion | Function=other_tensor | Other={{.*}}, Reason="the other summand is no product of the same tensor"
func.func @other_tensor(%x: tensor<2x8xf32>, %z: tensor<2x8xf32>, %c: tensor<2x8xf32>, %s: tensor<2x8xf32>) -> tensor<2x8xf32> {
  %a = graph.slice %x axis(1) [0, 4] : (tensor<2x8xf32>) -> tensor<2x4xf32>
  %b = graph.slice %x axis(1) [4, 8] : (tensor<2x8xf32>) -> tensor<2x4xf32>
  %n = graph.neg %b : tensor<2x4xf32>
  %r = graph.concat %n, %a axis(1) : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x8xf32>
  %p = graph.mul %z, %c : (tensor<2x8xf32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  %q = graph.mul %r, %s : (tensor<2x8xf32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  %y = graph.add %p, %q : (tensor<2x8xf32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  return %y : tensor<2x8xf32>
}

// The parts have tables of their own.
// CHECK-LABEL: func.func @other_table(
//   CHECK-NOT:   graph.rotary_embedding
//       CHECK:   return
func.func @other_table(%x: tensor<2x8xf32>, %c: tensor<2x4xf32>, %s: tensor<2x4xf32>, %t: tensor<2x4xf32>) -> tensor<2x8xf32> {
  %a = graph.slice %x axis(1) [0, 4] : (tensor<2x8xf32>) -> tensor<2x4xf32>
  %b = graph.slice %x axis(1) [4, 8] : (tensor<2x8xf32>) -> tensor<2x4xf32>
  %ac = graph.mul %a, %c : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  %bs = graph.mul %b, %s : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  %bc = graph.mul %b, %c : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  %as = graph.mul %a, %t : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  %u = graph.sub %ac, %bs : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  %v = graph.add %as, %bc : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  %y = graph.concat %u, %v axis(1) : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x8xf32>
  return %y : tensor<2x8xf32>
}

// One number for all features is no table.
// CHECK-LABEL: func.func @number(
//   CHECK-NOT:   graph.rotary_embedding
//       CHECK:   return
// REMARK: [Missed] rotary | Category:sylvite-fusion | Function=number | {{.*}}Reason="the tables do not broadcast to the features"
func.func @number(%x: tensor<2x8xf32>, %c: tensor<2x1xf32>, %s: tensor<2x8xf32>) -> tensor<2x8xf32> {
  %a = graph.slice %x axis(1) [0, 4] : (tensor<2x8xf32>) -> tensor<2x4xf32>
  %b = graph.slice %x axis(1) [4, 8] : (tensor<2x8xf32>) -> tensor<2x4xf32>
  %n = graph.neg %b : tensor<2x4xf32>
  %r = graph.concat %n, %a axis(1) : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x8xf32>
  %p = graph.mul %x, %c : (tensor<2x8xf32>, tensor<2x1xf32>) -> tensor<2x8xf32>
  %q = graph.mul %r, %s : (tensor<2x8xf32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  %y = graph.add %p, %q : (tensor<2x8xf32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  return %y : tensor<2x8xf32>
}
