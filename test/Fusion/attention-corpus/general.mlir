// RUN: sylvite-opt %s --sylvite-fusion --verify-fusion | FileCheck %s

// Luong: q W k, where q W is a layer like any other.

// CHECK-NOT: graph.softmax
// CHECK: %[[Q:.+]] = graph.linear %arg0
// CHECK: graph.attention %{{.+}}, %{{.+}}, %{{.+}} :
// CHECK-NOT: graph.{{attention|softmax|matmul}}

!bsd = tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
!btd = tensor<?x?x8xf32, #graph.dims<batch, keys, _>>
!bst = tensor<?x?x?xf32, #graph.dims<batch, seq, keys>>

func.func @general(%q: !bsd, %k: !btd) -> !bsd {
  %w = graph.weight "score.weight" : tensor<8x8xf32>
  %q0 = graph.matmul %q, %w : (!bsd, tensor<8x8xf32>) -> !bsd
  %s = graph.matmul %q0, %k {transpose_rhs} : (!bsd, !btd) -> !bst
  %p = graph.softmax %s axis(2) : !bst
  %o = graph.matmul %p, %k : (!bst, !btd) -> !bsd
  return %o : !bsd
}
