// RUN: sylvite-opt %s --sylvite-fusion --verify-fusion | FileCheck %s

// [batch, sequence, features]: attention with one head.

// CHECK-NOT: graph.softmax
// CHECK: graph.attention %{{.+}}, %{{.+}}, %{{.+}} scale(0.35355{{[0-9]+}}) :
// CHECK-NOT: graph.{{attention|softmax|matmul}}

!bsd = tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
!btd = tensor<?x?x8xf32, #graph.dims<batch, keys, _>>
!bst = tensor<?x?x?xf32, #graph.dims<batch, seq, keys>>
!e = tensor<f32>

func.func @one_head(%q: !bsd, %k: !btd, %v: !btd) -> !bsd {
  %c = graph.constant dense<0.353553385> : !e
  %s = graph.matmul %q, %k {transpose_rhs} : (!bsd, !btd) -> !bst
  %s1 = graph.mul %s, %c : (!bst, !e) -> !bst
  %p = graph.softmax %s1 axis(2) : !bst
  %o = graph.matmul %p, %v : (!bst, !btd) -> !bsd
  return %o : !bsd
}
