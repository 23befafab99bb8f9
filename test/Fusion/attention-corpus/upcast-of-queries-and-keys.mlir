// RUN: sylvite-opt %s --sylvite-fusion --verify-fusion | FileCheck %s

// f16 models that multiply in f32: queries and keys are cast before the product.

// CHECK-NOT: graph.softmax
// CHECK: graph.attention %{{.+}}, %{{.+}}, %{{.+}} :
// CHECK-NOT: graph.{{attention|softmax|matmul}}

!bhsd = tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>>
!bhtd = tensor<?x4x?x8xf32, #graph.dims<batch, _, keys, _>>
!bhst = tensor<?x4x?x?xf32, #graph.dims<batch, _, seq, keys>>
!bhsd16 = tensor<?x4x?x8xf16, #graph.dims<batch, _, seq, _>>
!bhtd16 = tensor<?x4x?x8xf16, #graph.dims<batch, _, keys, _>>
!bhst16 = tensor<?x4x?x?xf16, #graph.dims<batch, _, seq, keys>>

func.func @upcast_operands(%q: !bhsd16, %k: !bhtd16, %v: !bhtd16) -> !bhsd16 {
  %q0 = graph.cast %q : !bhsd16 to !bhsd
  %k0 = graph.cast %k : !bhtd16 to !bhtd
  %s = graph.matmul %q0, %k0 {transpose_rhs} : (!bhsd, !bhtd) -> !bhst
  %p = graph.softmax %s axis(3) : !bhst
  %p1 = graph.cast %p : !bhst to !bhst16
  %o = graph.matmul %p1, %v : (!bhst16, !bhtd16) -> !bhsd16
  return %o : !bhsd16
}
