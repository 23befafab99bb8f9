// RUN: sylvite-opt %s --sylvite-fusion --verify-fusion | FileCheck %s

// A float mask that the caller made is a bias: what it holds is not known.

// CHECK-NOT: graph.softmax
// CHECK: graph.attention %{{.+}}, %{{.+}}, %{{.+}} bias(%arg3) :
// CHECK-NOT: graph.{{attention|softmax|matmul}}

!bhsd = tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>>
!bhtd = tensor<?x4x?x8xf32, #graph.dims<batch, _, keys, _>>
!bhst = tensor<?x4x?x?xf32, #graph.dims<batch, _, seq, keys>>
!b1st = tensor<?x1x?x?xf32, #graph.dims<batch, _, seq, keys>>

func.func @mask_added(%q: !bhsd, %k: !bhtd, %v: !bhtd, %m: !b1st) -> !bhsd {
  %s = graph.matmul %q, %k {transpose_rhs} : (!bhsd, !bhtd) -> !bhst
  %s1 = graph.add %s, %m : (!bhst, !b1st) -> !bhst
  %p = graph.softmax %s1 axis(3) : !bhst
  %o = graph.matmul %p, %v : (!bhst, !bhtd) -> !bhsd
  return %o : !bhsd
}
