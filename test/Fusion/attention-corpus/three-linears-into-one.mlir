// RUN: sylvite-opt %s --sylvite-fusion --verify-fusion | FileCheck %s

// Three layers of one input, with biases: one product in the end.

// CHECK-NOT: graph.softmax
// CHECK: graph.linear {{.+}} -> tensor<?x?x96xf32
// CHECK-NOT: graph.linear
// CHECK: graph.attention %{{.+}}, %{{.+}}, %{{.+}} layout(bshd) :
// CHECK: graph.linear {{.+}} bias(%{{.+}}) {transpose_weight}
// CHECK-NOT: graph.{{attention|softmax|matmul}}

!x = tensor<?x?x32xf32, #graph.dims<batch, seq, _>>
!bshd = tensor<?x?x4x8xf32, #graph.dims<batch, seq, _, _>>
!bhsd = tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>>
!bhds = tensor<?x4x8x?xf32, #graph.dims<batch, _, _, seq>>
!bhss = tensor<?x4x?x?xf32, #graph.dims<batch, _, seq, seq>>
!w = tensor<32x32xf32>
!b = tensor<32xf32>

func.func @three_linears(%x: !x) -> !x {
  %wq = graph.weight "q.weight" : !w
  %bq = graph.weight "q.bias" : !b
  %wk = graph.weight "k.weight" : !w
  %bk = graph.weight "k.bias" : !b
  %wv = graph.weight "v.weight" : !w
  %bv = graph.weight "v.bias" : !b
  %wo = graph.weight "o.weight" : !w
  %bo = graph.weight "o.bias" : !b
  %mq = graph.matmul %x, %wq {transpose_rhs} : (!x, !w) -> !x
  %q = graph.add %mq, %bq : (!x, !b) -> !x
  %mk = graph.matmul %x, %wk {transpose_rhs} : (!x, !w) -> !x
  %k = graph.add %mk, %bk : (!x, !b) -> !x
  %mv = graph.matmul %x, %wv {transpose_rhs} : (!x, !w) -> !x
  %v = graph.add %mv, %bv : (!x, !b) -> !x
  %q0 = graph.reshape %q : !x to !bshd
  %q1 = graph.transpose %q0 perm [0, 2, 1, 3] : (!bshd) -> !bhsd
  %k0 = graph.reshape %k : !x to !bshd
  %k1 = graph.transpose %k0 perm [0, 2, 3, 1] : (!bshd) -> !bhds
  %v0 = graph.reshape %v : !x to !bshd
  %v1 = graph.transpose %v0 perm [0, 2, 1, 3] : (!bshd) -> !bhsd
  %s = graph.matmul %q1, %k1 : (!bhsd, !bhds) -> !bhss
  %p = graph.softmax %s axis(3) : !bhss
  %c = graph.matmul %p, %v1 : (!bhss, !bhsd) -> !bhsd
  %c0 = graph.transpose %c perm [0, 2, 1, 3] : (!bhsd) -> !bshd
  %c1 = graph.reshape %c0 : !bshd to !x
  %mo = graph.matmul %c1, %wo {transpose_rhs} : (!x, !w) -> !x
  %o = graph.add %mo, %bo : (!x, !b) -> !x
  return %o : !x
}
