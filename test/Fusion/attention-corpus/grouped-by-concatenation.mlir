// RUN: sylvite-opt %s --sylvite-fusion --verify-fusion | FileCheck %s

// repeat_interleave of two: each head stacked with itself.

// CHECK-NOT: graph.softmax
// CHECK: graph.attention %arg0, %{{.+}}, %{{.+}} : (tensor<?x4x?x8xf32, {{.+}}>, tensor<?x2x?x8xf32, {{.+}}>, tensor<?x2x?x8xf32, {{.+}}>)
// CHECK-NOT: graph.{{attention|softmax|matmul}}

!bhsd = tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>>
!bhtd = tensor<?x4x?x8xf32, #graph.dims<batch, _, keys, _>>
!bhst = tensor<?x4x?x?xf32, #graph.dims<batch, _, seq, keys>>
!kv = tensor<?x2x?x8xf32, #graph.dims<batch, _, keys, _>>
!kv1 = tensor<?x2x1x?x8xf32, #graph.dims<batch, _, _, keys, _>>
!kv2 = tensor<?x2x2x?x8xf32, #graph.dims<batch, _, _, keys, _>>

func.func @grouped_concat(%q: !bhsd, %k: !kv, %v: !kv) -> !bhsd {
  %k0 = graph.reshape %k : !kv to !kv1
  %k1 = graph.concat %k0, %k0 axis(2) : (!kv1, !kv1) -> !kv2
  %k2 = graph.reshape %k1 : !kv2 to !bhtd
  %v0 = graph.reshape %v : !kv to !kv1
  %v1 = graph.concat %v0, %v0 axis(2) : (!kv1, !kv1) -> !kv2
  %v2 = graph.reshape %v1 : !kv2 to !bhtd
  %s = graph.matmul %q, %k2 {transpose_rhs} : (!bhsd, !bhtd) -> !bhst
  %p = graph.softmax %s axis(3) : !bhst
  %o = graph.matmul %p, %v2 : (!bhst, !bhtd) -> !bhsd
  return %o : !bhsd
}
