// RUN: sylvite-opt %s --sylvite-normalize-scan-outputs --verify-fusion --split-input-file | FileCheck %s

!x = tensor<?x?x8xf32, #graph.dims<seq, batch, _>>
!h = tensor<?x8xf32, #graph.dims<batch, _>>
!row = tensor<?x11xf32, #graph.dims<batch, _>>
!rows = tensor<?x?x11xf32, #graph.dims<seq, batch, _>>
!tokens = tensor<?x?xi64, #graph.dims<seq, batch>>
!token = tensor<?xi64, #graph.dims<batch>>

// The products of state and element, their sum, softmax and argmax leave; what is
// emitted besides and what the products read stays. Axes are one further behind.
// CHECK-LABEL: func.func @decoder(
//  CHECK-SAME:     %[[X:.+]]: tensor<?x?x8xf32, {{.*}}>, %[[H0:.+]]: tensor<?x8xf32, {{.*}}>, %[[C:.+]]: tensor<?x11xf32, {{.*}}>, %[[W:.+]]: tensor<8x11xf32>, %[[V:.+]]: tensor<8x11xf32>)
//       CHECK:   %[[LOOP:.+]]:4 = graph.scan carry(%[[H0]]) over(%[[X]]) reverse {
//       CHECK:   ^bb0(%{{.+}}: tensor<i64>, %[[H:.+]]: {{.+}}, %[[E:.+]]: tensor<?x8xf32, {{.*}}>):
//  CHECK-NEXT:     %[[A:.+]] = graph.mul %[[H]], %[[E]]
//  CHECK-NEXT:     %[[N:.+]] = graph.tanh %[[A]]
//  CHECK-NEXT:     %[[R:.+]] = graph.relu %[[N]]
//  CHECK-NEXT:     graph.next carry(%[[N]] : {{[^)]*}}) emit(%[[C]], %[[N]], %[[R]] :
//   CHECK-DAG:   %[[P:.+]] = graph.matmul %[[LOOP]]#3, %[[W]] : {{.*}} -> tensor<?x?x11xf32, #graph.dims<seq, batch, _>>
//   CHECK-DAG:   %[[Q:.+]] = graph.matmul %[[X]], %[[V]]
//       CHECK:   %[[S:.+]] = graph.add %[[P]], %[[Q]]
//       CHECK:   %[[T:.+]] = graph.add %[[S]], %[[C]]
//       CHECK:   %[[Y:.+]] = graph.softmax %[[T]] axis(2)
//       CHECK:   %[[Z:.+]] = graph.argmax %[[T]] axis(2) : {{.*}} -> tensor<?x?xi64, #graph.dims<seq, batch>>
//       CHECK:   return %[[Y]], %[[Z]], %[[LOOP]]#1, %[[LOOP]]#2
func.func @decoder(%x: !x, %h0: !h, %c: !row, %w: tensor<8x11xf32>, %v: tensor<8x11xf32>) -> (!rows, !tokens, !rows, !x) {
  %last, %y, %z, %same, %states = graph.scan carry(%h0) over(%x) reverse {
  ^bb0(%t: tensor<i64>, %h: !h, %e: !h):
    %a = graph.mul %h, %e : (!h, !h) -> !h
    %n = graph.tanh %a : !h
    %r = graph.relu %n : !h
    %p = graph.matmul %r, %w : (!h, tensor<8x11xf32>) -> !row
    %q = graph.matmul %e, %v : (!h, tensor<8x11xf32>) -> !row
    %s = graph.add %p, %q : (!row, !row) -> !row
    %u = graph.add %s, %c : (!row, !row) -> !row
    %y_t = graph.softmax %u axis(1) : !row
    %z_t = graph.argmax %u axis(1) : (!row) -> !token
    graph.next carry(%n : !h) emit(%y_t, %z_t, %c, %n : !row, !token, !row, !h)
  } : (!h, !x) -> (!h, !rows, !tokens, !rows, !x)
  return %y, %z, %same, %states : !rows, !tokens, !rows, !x
}

// -----

!x = tensor<?x?x8xf32, #graph.dims<seq, batch, _>>
!h = tensor<?x8xf32, #graph.dims<batch, _>>

// What the next step takes stays, and what is no product; and all of a loop that
// may end early.
// CHECK-LABEL: func.func @stays(
//       CHECK:   graph.scan
//       CHECK:     graph.matmul
//       CHECK:     graph.tanh
//       CHECK:   graph.scan
//       CHECK:     graph.matmul
//       CHECK:     stop
//   CHECK-NOT:   graph.matmul
func.func @stays(%x: !x, %h0: !h, %w: tensor<8x8xf32>) -> (!x, !x) {
  %last, %a = graph.scan carry(%h0) over(%x) {
  ^bb0(%t: tensor<i64>, %h: !h, %e: !h):
    %s = graph.add %h, %e : (!h, !h) -> !h
    %p = graph.matmul %s, %w : (!h, tensor<8x8xf32>) -> !h
    %y = graph.tanh %s : !h
    graph.next carry(%p : !h) emit(%y : !h)
  } : (!h, !x) -> (!h, !x)
  %one = graph.constant dense<1> : tensor<i64>
  %b = graph.scan over(%x) {
  ^bb0(%t: tensor<i64>, %e: !h):
    %p = graph.matmul %e, %w : (!h, tensor<8x8xf32>) -> !h
    %stop = graph.compare eq %t, %one : (tensor<i64>, tensor<i64>) -> tensor<i1>
    graph.next emit(%p : !h) stop(%stop : tensor<i1>)
  } : (!x) -> !x
  return %a, %b : !x, !x
}
