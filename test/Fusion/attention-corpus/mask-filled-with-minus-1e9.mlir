// RUN: sylvite-opt %s --sylvite-fusion --verify-fusion | FileCheck %s

// masked_fill(mask == 0, -1e9), as the Annotated Transformer writes it.

// CHECK-NOT: graph.softmax
// CHECK: graph.attention %{{.+}}, %{{.+}}, %{{.+}} scale(0.35355{{[0-9]+}}) mask(keep(%arg3)) :
// CHECK-NOT: graph.{{attention|softmax|matmul}}

!bhsd = tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>>
!bhtd = tensor<?x4x?x8xf32, #graph.dims<batch, _, keys, _>>
!bhst = tensor<?x4x?x?xf32, #graph.dims<batch, _, seq, keys>>
!bt_i = tensor<?x?xi64, #graph.dims<batch, keys>>
!b11t_b = tensor<?x1x1x?xi1, #graph.dims<batch, _, _, keys>>
!e = tensor<f32>
!i = tensor<i64>

func.func @mask_filled(%q: !bhsd, %k: !bhtd, %v: !bhtd, %m: !bt_i {graph.range = [0, 2]}) -> !bhsd {
  %zero = graph.constant dense<0> : !i
  %big = graph.constant dense<-1.0e9> : !e
  %root = graph.constant dense<2.82842708> : !e
  %m0 = graph.reshape %m : !bt_i to tensor<?x1x1x?xi64, #graph.dims<batch, _, _, keys>>
  %m1 = graph.compare eq %m0, %zero : (tensor<?x1x1x?xi64, #graph.dims<batch, _, _, keys>>, !i) -> !b11t_b
  %s = graph.matmul %q, %k {transpose_rhs} : (!bhsd, !bhtd) -> !bhst
  %s1 = graph.div %s, %root : (!bhst, !e) -> !bhst
  %s2 = graph.select %m1, %big, %s1 : (!b11t_b, !e, !bhst) -> !bhst
  %p = graph.softmax %s2 axis(3) : !bhst
  %o = graph.matmul %p, %v : (!bhst, !bhtd) -> !bhsd
  return %o : !bhsd
}
