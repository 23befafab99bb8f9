// RUN: sylvite-opt %s --sylvite-fusion --verify-fusion | FileCheck %s

// One key head for all query heads, by the product's own broadcasting.

// CHECK-NOT: graph.softmax
// CHECK: graph.attention %arg0, %arg1, %arg2 : (tensor<?x4x?x8xf32, {{.+}}>, tensor<?x1x?x8xf32, {{.+}}>, tensor<?x1x?x8xf32, {{.+}}>)
// CHECK-NOT: graph.{{attention|softmax|matmul}}

!bhsd = tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>>
!bhst = tensor<?x4x?x?xf32, #graph.dims<batch, _, seq, keys>>
!kv = tensor<?x1x?x8xf32, #graph.dims<batch, _, keys, _>>

func.func @multi_query(%q: !bhsd, %k: !kv, %v: !kv) -> !bhsd {
  %s = graph.matmul %q, %k {transpose_rhs} : (!bhsd, !kv) -> !bhst
  %p = graph.softmax %s axis(3) : !bhst
  %o = graph.matmul %p, %v : (!bhst, !kv) -> !bhsd
  return %o : !bhsd
}
