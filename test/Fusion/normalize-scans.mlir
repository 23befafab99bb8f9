// RUN: sylvite-opt %s --sylvite-normalize-scans --verify-fusion --split-input-file | FileCheck %s

!x = tensor<?x?xi64, #graph.dims<batch, seq>>
!h = tensor<?x8xf32, #graph.dims<batch, _>>
!e = tensor<?x6xf32, #graph.dims<batch, _>>
!states = tensor<?x?x8xf32, #graph.dims<batch, seq, _>>

// A lookup for the sake of a product, the product and its bias are done for all
// steps; what is the same in all is done once. The tokens themselves are read by
// nothing any more. Time comes first.
// CHECK-LABEL: func.func @decoder(
//  CHECK-SAME:     %[[X:.+]]: tensor<?x?xi64, {{.*}}>, %[[H0:.+]]: tensor<?x8xf32, {{.*}}>, %[[C:.+]]: tensor<?x8xf32, {{.*}}>, %[[T:.+]]: tensor<11x6xf32>, %[[W:.+]]: tensor<6x8xf32>, %[[U:.+]]: tensor<8x8xf32>, %[[B:.+]]: tensor<8xf32>)
//   CHECK-DAG:   %[[Y:.+]] = graph.transpose %[[X]] perm [1, 0]
//   CHECK-DAG:   %[[E:.+]] = graph.embedding %[[T]], %[[Y]] : {{.*}} -> tensor<?x?x6xf32, #graph.dims<seq, batch, _>>
//   CHECK-DAG:   %[[P:.+]] = graph.matmul %[[E]], %[[W]] : {{.*}} -> tensor<?x?x8xf32, #graph.dims<seq, batch, _>>
//   CHECK-DAG:   %[[PB:.+]] = graph.add %[[P]], %[[B]]
//   CHECK-DAG:   %[[CU:.+]] = graph.matmul %[[C]], %[[U]]
//       CHECK:   %[[LOOP:.+]]:2 = graph.scan carry(%[[H0]]) over(%[[PB]]) {
//       CHECK:   ^bb0(%{{.+}}: tensor<i64>, %[[H:.+]]: tensor<?x8xf32, {{.*}}>, %[[ROW:.+]]: tensor<?x8xf32, {{.*}}>):
//  CHECK-NEXT:     %[[HU:.+]] = graph.matmul %[[H]], %[[U]]
//  CHECK-NEXT:     %[[S:.+]] = graph.add %[[ROW]], %[[HU]]
//  CHECK-NEXT:     %[[R:.+]] = graph.add %[[S]], %[[CU]]
//  CHECK-NEXT:     %[[N:.+]] = graph.tanh %[[R]]
//  CHECK-NEXT:     graph.next carry(%[[N]] : {{[^)]*}}) emit(%[[N]] :
//       CHECK:   %[[STATES:.+]] = graph.transpose %[[LOOP]]#1 perm [1, 0, 2] : {{.*}} -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
//       CHECK:   return %[[STATES]]
func.func @decoder(%x: !x, %h0: !h, %c: !h, %t: tensor<11x6xf32>, %w: tensor<6x8xf32>, %u: tensor<8x8xf32>, %b: tensor<8xf32>) -> !states {
  %last, %states = graph.scan carry(%h0) over(%x) axis(1) {
  ^bb0(%step: tensor<i64>, %h: !h, %token: tensor<?xi64, #graph.dims<batch>>):
    %e = graph.embedding %t, %token : (tensor<11x6xf32>, tensor<?xi64, #graph.dims<batch>>) -> !e
    %p = graph.matmul %e, %w : (!e, tensor<6x8xf32>) -> !h
    %pb = graph.add %p, %b : (!h, tensor<8xf32>) -> !h
    %cu = graph.matmul %c, %u : (!h, tensor<8x8xf32>) -> !h
    %hu = graph.matmul %h, %u : (!h, tensor<8x8xf32>) -> !h
    %s = graph.add %pb, %hu : (!h, !h) -> !h
    %r = graph.add %s, %cu : (!h, !h) -> !h
    %n = graph.tanh %r : !h
    graph.next carry(%n : !h) emit(%n : !h)
  } : (!h, !x) -> (!h, !states)
  return %states : !states
}

// -----

!x = tensor<?x?x8xf32, #graph.dims<seq, batch, _>>
!h = tensor<?x8xf32, #graph.dims<batch, _>>

// The body still reads the elements themselves; a pointwise op alone stays; the
// weight that is transposed in every step takes its transpose along.
// CHECK-LABEL: func.func @reverse(
//  CHECK-SAME:     %[[X:.+]]: tensor<?x?x8xf32, {{.*}}>, %[[H0:.+]]: tensor<?x8xf32, {{.*}}>)
//       CHECK:   %[[W:.+]] = graph.weight "w"
//       CHECK:   %[[V:.+]] = graph.transpose %[[W]]
//       CHECK:   %[[P:.+]] = graph.matmul %[[X]], %[[V]]
//       CHECK:   graph.scan carry(%[[H0]]) over(%[[X]], %[[P]]) reverse {
//       CHECK:   ^bb0(%{{.+}}: tensor<i64>, %[[H:.+]]: {{.+}}, %[[E:.+]]: tensor<?x8xf32, {{.*}}>, %[[ROW:.+]]: tensor<?x8xf32, {{.*}}>):
//  CHECK-NEXT:     %[[T:.+]] = graph.tanh %[[E]]
//  CHECK-NEXT:     %[[A:.+]] = graph.mul %[[H]], %[[T]]
//  CHECK-NEXT:     %[[N:.+]] = graph.add %[[A]], %[[ROW]]
func.func @reverse(%x: !x, %h0: !h) -> !h {
  %last = graph.scan carry(%h0) over(%x) reverse {
  ^bb0(%step: tensor<i64>, %h: !h, %e: !h):
    %w = graph.weight "w" : tensor<8x8xf32>
    %v = graph.transpose %w perm [1, 0] : (tensor<8x8xf32>) -> tensor<8x8xf32>
    %p = graph.matmul %e, %v : (!h, tensor<8x8xf32>) -> !h
    %t = graph.tanh %e : !h
    %a = graph.mul %h, %t : (!h, !h) -> !h
    %n = graph.add %a, %p : (!h, !h) -> !h
    graph.next carry(%n : !h)
  } : (!h, !x) -> !h
  return %last : !h
}

// -----

!x = tensor<?x?x8xf32, #graph.dims<seq, batch, _>>
!h = tensor<?x8xf32, #graph.dims<batch, _>>

// Steps behind the stop condition may never come; products of rows with rows,
// and those with the step's number, have no one matrix.
// CHECK-LABEL: func.func @stays(
//       CHECK:   graph.scan carry(%{{.+}}) over(%{{.+}}) {
//       CHECK:     graph.matmul
//       CHECK:   graph.scan carry(%{{.+}}) over(%{{.+}}) {
//       CHECK:     graph.matmul
//       CHECK:     graph.cast
func.func @stays(%x: !x, %h0: !h, %w: tensor<8x8xf32>) -> (!h, !h) {
  %zero = graph.constant dense<0.0> : tensor<f32>
  %a = graph.scan carry(%h0) over(%x) {
  ^bb0(%step: tensor<i64>, %h: !h, %e: !h):
    %p = graph.matmul %e, %w : (!h, tensor<8x8xf32>) -> !h
    %n = graph.add %h, %p : (!h, !h) -> !h
    %largest = graph.reduce max %n axes [0, 1] : (!h) -> tensor<f32>
    %stop = graph.compare lt %largest, %zero : (tensor<f32>, tensor<f32>) -> tensor<i1>
    graph.next carry(%n : !h) stop(%stop : tensor<i1>)
  } : (!h, !x) -> !h
  %b = graph.scan carry(%h0) over(%x) {
  ^bb0(%step: tensor<i64>, %h: !h, %e: !h):
    %s = graph.matmul %e, %e {transpose_rhs} : (!h, !h) -> tensor<?x?xf32, #graph.dims<batch, batch>>
    %number = graph.cast %step : tensor<i64> to tensor<f32>
    %scaled = graph.mul %s, %number : (tensor<?x?xf32, #graph.dims<batch, batch>>, tensor<f32>) -> tensor<?x?xf32, #graph.dims<batch, batch>>
    %n = graph.matmul %scaled, %h : (tensor<?x?xf32, #graph.dims<batch, batch>>, !h) -> !h
    graph.next carry(%n : !h)
  } : (!h, !x) -> !h
  return %a, %b : !h, !h
}

// -----

!x = tensor<3x4x8xf32>

// From an inner loop, and from the outer one.
// CHECK-LABEL: func.func @nested(
//  CHECK-SAME:     %[[X:.+]]: tensor<3x4x8xf32>, %[[W:.+]]: tensor<8x8xf32>
//       CHECK:   %[[P:.+]] = graph.matmul %[[X]], %[[W]]
//       CHECK:   graph.scan carry(%{{.+}}) over(%[[P]]) {
//       CHECK:   ^bb0(%{{.+}}, %{{.+}}, %[[ROWS:.+]]: tensor<4x8xf32>):
//       CHECK:     graph.scan carry(%{{.+}}) over(%[[ROWS]]) {
//   CHECK-NOT:       graph.matmul
func.func @nested(%x: !x, %w: tensor<8x8xf32>, %h0: tensor<1x8xf32>) -> tensor<1x8xf32> {
  %last = graph.scan carry(%h0) over(%x) {
  ^bb0(%i: tensor<i64>, %h: tensor<1x8xf32>, %rows: tensor<4x8xf32>):
    %p = graph.matmul %rows, %w : (tensor<4x8xf32>, tensor<8x8xf32>) -> tensor<4x8xf32>
    %inner = graph.scan carry(%h) over(%p) {
    ^bb0(%j: tensor<i64>, %g: tensor<1x8xf32>, %row: tensor<8xf32>):
      %n = graph.add %g, %row : (tensor<1x8xf32>, tensor<8xf32>) -> tensor<1x8xf32>
      graph.next carry(%n : tensor<1x8xf32>)
    } : (tensor<1x8xf32>, tensor<4x8xf32>) -> tensor<1x8xf32>
    graph.next carry(%inner : tensor<1x8xf32>)
  } : (tensor<1x8xf32>, !x) -> tensor<1x8xf32>
  return %last : tensor<1x8xf32>
}

// -----

// Where no element moves, time comes first by a reshape.
// CHECK-LABEL: func.func @single(
//  CHECK-SAME:     %[[X:.+]]: tensor<1x?x8xf32, #graph.dims<_, seq, _>>, %[[H0:.+]]: tensor<1x8xf32>)
//       CHECK:   %[[Y:.+]] = graph.reshape %[[X]] : {{.*}} to tensor<?x1x8xf32, #graph.dims<seq, _, _>>
//       CHECK:   %[[LOOP:.+]]:2 = graph.scan carry(%[[H0]]) over(%[[Y]]) {
//       CHECK:   %[[Z:.+]] = graph.reshape %[[LOOP]]#1 : {{.*}} to tensor<1x?x8xf32, #graph.dims<_, seq, _>>
//       CHECK:   return %[[Z]]
func.func @single(%x: tensor<1x?x8xf32, #graph.dims<_, seq, _>>, %h0: tensor<1x8xf32>) -> tensor<1x?x8xf32, #graph.dims<_, seq, _>> {
  %last, %all = graph.scan carry(%h0) over(%x) axis(1) {
  ^bb0(%t: tensor<i64>, %h: tensor<1x8xf32>, %e: tensor<1x8xf32>):
    %n = graph.add %h, %e : (tensor<1x8xf32>, tensor<1x8xf32>) -> tensor<1x8xf32>
    graph.next carry(%n : tensor<1x8xf32>) emit(%n : tensor<1x8xf32>)
  } : (tensor<1x8xf32>, tensor<1x?x8xf32, #graph.dims<_, seq, _>>) -> (tensor<1x8xf32>, tensor<1x?x8xf32, #graph.dims<_, seq, _>>)
  return %all : tensor<1x?x8xf32, #graph.dims<_, seq, _>>
}

// -----

// A loop of one step is its body.
// CHECK-LABEL: func.func @one_step(
//  CHECK-SAME:     %[[X:.+]]: tensor<4x1x8xf32>, %[[H:.+]]: tensor<4x8xf32>)
//       CHECK:   %[[N:.+]] = graph.constant dense<0> : tensor<i64>
//       CHECK:   %[[ROW:.+]] = graph.reshape %[[X]] : tensor<4x1x8xf32> to tensor<4x8xf32>
//       CHECK:   %[[F:.+]] = graph.cast %[[N]]
//       CHECK:   %[[S:.+]] = graph.add %[[H]], %[[F]]
//       CHECK:   %[[Y:.+]] = graph.mul %[[S]], %[[ROW]]
//       CHECK:   %[[OUT:.+]] = graph.reshape %[[Y]] : tensor<4x8xf32> to tensor<4x1x8xf32>
//       CHECK:   return %[[S]], %[[OUT]]
func.func @one_step(%x: tensor<4x1x8xf32>, %h: tensor<4x8xf32>)
    -> (tensor<4x8xf32>, tensor<4x1x8xf32>) {
  %last, %rows = graph.scan carry(%h) over(%x) axis(1) {
  ^bb0(%step: tensor<i64>, %state: tensor<4x8xf32>, %row: tensor<4x8xf32>):
    %f = graph.cast %step : tensor<i64> to tensor<f32>
    %s = graph.add %state, %f : (tensor<4x8xf32>, tensor<f32>) -> tensor<4x8xf32>
    %y = graph.mul %s, %row : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
    graph.next carry(%s : tensor<4x8xf32>) emit(%y : tensor<4x8xf32>)
  } : (tensor<4x8xf32>, tensor<4x1x8xf32>) -> (tensor<4x8xf32>, tensor<4x1x8xf32>)
  return %last, %rows : tensor<4x8xf32>, tensor<4x1x8xf32>
}
