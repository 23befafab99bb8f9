// RUN: sylvite-opt %s --sylvite-decompose-recurrent --split-input-file | FileCheck %s
// RUN: sylvite-opt %s --sylvite-phase-fusion --verify-fusion --split-input-file | FileCheck %s --check-prefix=FUSED

!x = tensor<?x?x6xf32, #graph.dims<batch, seq, _>>
!h = tensor<?x8xf32, #graph.dims<batch, _>>
!states = tensor<?x?x8xf32, #graph.dims<batch, seq, _>>

// One product for all steps, with both biases, and a loop that emits nothing.
// CHECK-LABEL: func.func @rnn(
//  CHECK-SAME:     %[[X:.+]]: tensor<?x?x6xf32, {{.*}}>, %[[W:.+]]: tensor<6x8xf32>, %[[U:.+]]: tensor<8x8xf32>, %[[B:.+]]: tensor<8xf32>, %[[C:.+]]: tensor<8xf32>, %[[H0:.+]]: tensor<?x8xf32, {{.*}}>)
//       CHECK:   %[[Y:.+]] = graph.transpose %[[X]] perm [1, 0, 2]
//       CHECK:   %[[BIAS:.+]] = graph.add %[[B]], %[[C]]
//       CHECK:   %[[P:.+]] = graph.linear %[[Y]], %[[W]] bias(%[[BIAS]])
//       CHECK:   %[[LAST:.+]] = graph.scan carry(%[[H0]]) over(%[[P]]) {
//       CHECK:   ^bb0(%{{.+}}: tensor<i64>, %[[H:.+]]: tensor<?x8xf32, {{.*}}>, %[[ROW:.+]]: tensor<?x8xf32, {{.*}}>):
//       CHECK:     %[[S:.+]] = graph.linear %[[H]], %[[U]] residual(%[[ROW]])
//       CHECK:     %[[N:.+]] = graph.tanh %[[S]]
//       CHECK:     graph.next carry(%[[N]] : {{[^)]*}})
//   CHECK-NOT:     emit
//       CHECK:   return %[[LAST]]
func.func @rnn(%x: !x, %w: tensor<6x8xf32>, %u: tensor<8x8xf32>, %b: tensor<8xf32>, %c: tensor<8xf32>, %h: !h) -> !h {
  %states, %last = graph.rnn %x, %w, %u bias(%b) recurrent_bias(%c) initial(%h)
      : (!x, tensor<6x8xf32>, tensor<8x8xf32>, tensor<8xf32>, tensor<8xf32>, !h) -> (!states, !h)
  return %last : !h
}

// -----

!x = tensor<?x?x6xf32, #graph.dims<batch, seq, _>>
!h = tensor<?x8xf32, #graph.dims<batch, _>>
!states = tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
!lengths = tensor<?xi64, #graph.dims<batch>>

// The recurrent bias is a part of what the reset gate multiplies; behind the
// lengths the state stays and the results are zero.
// CHECK-LABEL: func.func @gru(
//  CHECK-SAME:     %[[X:.+]]: tensor<?x?x6xf32, {{.*}}>, %[[W:.+]]: tensor<24x6xf32>, %[[U:.+]]: tensor<24x8xf32>, %[[C:.+]]: tensor<24xf32>, %[[L:.+]]: tensor<?xi64, {{.*}}>)
//       CHECK:   %[[Y:.+]] = graph.transpose %[[X]] perm [1, 0, 2]
//       CHECK:   %[[T:.+]] = graph.iota axis(0) : tensor<?x?x1xi64, #graph.dims<seq, batch, _>>
//       CHECK:   %[[L1:.+]] = graph.reshape %[[L]]
//       CHECK:   %[[MASK:.+]] = graph.compare lt %[[T]], %[[L1]]
//       CHECK:   %[[P:.+]] = graph.linear %[[Y]], %[[W]] {transpose_weight}
//       CHECK:   %[[ZERO:.+]] = graph.constant dense<0.000000e+00> : tensor<f32>
//       CHECK:   %[[H0:.+]] = graph.broadcast %[[ZERO]]
//       CHECK:   graph.scan carry(%[[H0]]) over(%[[P]], %[[MASK]]) reverse {
//       CHECK:   ^bb0(%{{.+}}: tensor<i64>, %[[H:.+]]: tensor<?x8xf32, {{.*}}>, %[[ROW:.+]]: tensor<?x24xf32, {{.*}}>, %[[LIVE:.+]]: tensor<?x1xi1, {{.*}}>):
//       CHECK:     %[[S:.+]] = graph.linear %[[H]], %[[U]] bias(%[[C]]) {transpose_weight}
//       CHECK:     graph.sigmoid
//       CHECK:     graph.sigmoid
//       CHECK:     graph.tanh
//       CHECK:     %[[N:.+]] = graph.add
//       CHECK:     %[[EMIT:.+]] = graph.select %[[LIVE]], %[[N]],
//       CHECK:     %[[CARRY:.+]] = graph.select %[[LIVE]], %[[N]], %[[H]]
//       CHECK:     graph.next carry(%[[CARRY]] : {{[^)]*}}) emit(%[[EMIT]] :
func.func @gru(%x: !x, %w: tensor<24x6xf32>, %u: tensor<24x8xf32>, %c: tensor<24xf32>, %l: !lengths) -> !states {
  %states, %last = graph.gru %x, %w, %u recurrent_bias(%c) lengths(%l) direction(reverse) reset_after {transpose_weights}
      : (!x, tensor<24x6xf32>, tensor<24x8xf32>, tensor<24xf32>, !lengths) -> (!states, !h)
  return %states : !states
}

// -----

!x = tensor<?x?x6xf32, #graph.dims<seq, batch, _>>
!h2 = tensor<?x16xf32, #graph.dims<batch, _>>
!states2 = tensor<?x?x16xf32, #graph.dims<seq, batch, _>>

// Two loops side by side; the weights that were joined for them are whole again
// behind the canonicalizer.
// CHECK-LABEL: func.func @lstm(
//       CHECK:   graph.scan carry({{.*}}) over({{.*}}) {
//       CHECK:   graph.scan carry({{.*}}) over({{.*}}) reverse {
//       CHECK:   %[[STATES:.+]] = graph.concat %{{.+}}, %{{.+}} axis(2)
//       CHECK:   %[[LAST:.+]] = graph.concat %{{.+}}, %{{.+}} axis(1)
//       CHECK:   %[[CELL:.+]] = graph.concat %{{.+}}, %{{.+}} axis(1)
//       CHECK:   return %[[STATES]], %[[LAST]], %[[CELL]]
// FUSED-LABEL: func.func @lstm(
//  FUSED-SAME:     %[[X:.+]]: tensor<?x?x6xf32, {{.*}}>, %[[W0:.+]]: tensor<32x6xf32>, %[[W1:.+]]: tensor<32x6xf32>, %[[U:.+]]: tensor<64x8xf32>)
//   FUSED-NOT:   graph.concat %[[W0]]
//   FUSED-DAG:   graph.linear %[[X]], %[[W0]] {transpose_weight}
//   FUSED-DAG:   graph.linear %[[X]], %[[W1]] {transpose_weight}
//   FUSED-DAG:   graph.slice %[[U]] axis(0) [0, 32]
//   FUSED-DAG:   graph.slice %[[U]] axis(0) [32, 64]
func.func @lstm(%x: !x, %w0: tensor<32x6xf32>, %w1: tensor<32x6xf32>, %u: tensor<64x8xf32>) -> (!states2, !h2, !h2) {
  %w = graph.concat %w0, %w1 axis(0) : (tensor<32x6xf32>, tensor<32x6xf32>) -> tensor<64x6xf32>
  %states, %last, %cell = graph.lstm %x, %w, %u direction(both) axis(0) {transpose_weights}
      : (!x, tensor<64x6xf32>, tensor<64x8xf32>) -> (!states2, !h2, !h2)
  return %states, %last, %cell : !states2, !h2, !h2
}

// -----

!x = tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
!h = tensor<?x8xf32, #graph.dims<batch, _>>

// Time stays first between layers.
// FUSED-LABEL: func.func @stack(
//       FUSED:   graph.transpose
//       FUSED:   graph.scan
//   FUSED-NOT:   graph.transpose
//       FUSED:   graph.scan
//       FUSED:   graph.transpose
func.func @stack(%x: !x, %w: tensor<8x8xf32>, %u: tensor<8x8xf32>) -> !x {
  %a, %last_a = graph.rnn %x, %w, %u : (!x, tensor<8x8xf32>, tensor<8x8xf32>) -> (!x, !h)
  %b, %last_b = graph.rnn %a, %w, %u : (!x, tensor<8x8xf32>, tensor<8x8xf32>) -> (!x, !h)
  return %b : !x
}
