// RUN: sylvite-opt %s --sylvite-fusion --verify-fusion | FileCheck %s

// Keys [batch, 1, keys, features] that were [batch, keys, features], expanded.

// CHECK-NOT: graph.softmax
// CHECK: graph.attention %arg0, %{{.+}}, %{{.+}} : (tensor<?x4x?x8xf32, {{.+}}>, tensor<?x1x?x8xf32, {{.+}}>, tensor<?x1x?x8xf32, {{.+}}>)
// CHECK-NOT: graph.{{attention|softmax|matmul}}

!bhsd = tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>>
!bhtd = tensor<?x4x?x8xf32, #graph.dims<batch, _, keys, _>>
!bhst = tensor<?x4x?x?xf32, #graph.dims<batch, _, seq, keys>>
!btd = tensor<?x?x8xf32, #graph.dims<batch, keys, _>>
!kv = tensor<?x1x?x8xf32, #graph.dims<batch, _, keys, _>>

func.func @multi_query_expanded(%q: !bhsd, %k: !btd, %v: !btd) -> !bhsd {
  %k0 = graph.reshape %k : !btd to !kv
  %k1 = graph.broadcast %k0 : !kv to !bhtd
  %v0 = graph.reshape %v : !btd to !kv
  %v1 = graph.broadcast %v0 : !kv to !bhtd
  %s = graph.matmul %q, %k1 {transpose_rhs} : (!bhsd, !bhtd) -> !bhst
  %p = graph.softmax %s axis(3) : !bhst
  %o = graph.matmul %p, %v1 : (!bhst, !bhtd) -> !bhsd
  return %o : !bhsd
}
