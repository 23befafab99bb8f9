// RUN: sylvite-opt %s --sylvite-fusion --verify-fusion | FileCheck %s

// Query heads as [key heads, group]; the product broadcasts the keys.

// CHECK-NOT: graph.softmax
// CHECK: graph.attention %{{.+}}, %{{.+}}, %{{.+}} : (tensor<?x4x?x8xf32, {{.+}}>, tensor<?x2x?x8xf32, {{.+}}>, tensor<?x2x?x8xf32, {{.+}}>)
// CHECK-NOT: graph.{{attention|softmax|matmul}}

!bhsd = tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>>
!q = tensor<?x2x2x?x8xf32, #graph.dims<batch, _, _, seq, _>>
!kv = tensor<?x2x1x?x8xf32, #graph.dims<batch, _, _, keys, _>>
!s = tensor<?x2x2x?x?xf32, #graph.dims<batch, _, _, seq, keys>>

func.func @grouped_five(%q: !bhsd, %k: !kv, %v: !kv) -> !bhsd {
  %q0 = graph.reshape %q : !bhsd to !q
  %s = graph.matmul %q0, %k {transpose_rhs} : (!q, !kv) -> !s
  %p = graph.softmax %s axis(4) : !s
  %o = graph.matmul %p, %v : (!s, !kv) -> !q
  %y = graph.reshape %o : !q to !bhsd
  return %y : !bhsd
}
