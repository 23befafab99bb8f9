// RUN: sylvite-opt %s --sylvite-fusion --verify-fusion | FileCheck %s

// All heads' matrices are one weight, [heads, in, out], and the results are summed
// up instead of concatenated: einsum(bse,hed->bhsd) and einsum(bhsd,hde->bse).

// CHECK-NOT: graph.softmax
// CHECK: graph.linear {{.+}} bias(%{{.+}}) : {{.+}} -> tensor<?x?x36xf32
// CHECK-NOT: graph.linear
// CHECK: graph.attention {{.+}} scale(5.000000e-01) layout(bshd) : {{.+}} -> tensor<?x?x3x4xf32
// CHECK: graph.linear
// CHECK-NOT: graph.{{attention|softmax|matmul|linear|reduce}}

!x = tensor<?x?x12xf32, #graph.dims<batch, seq, _>>
!x1 = tensor<?x1x?x12xf32, #graph.dims<batch, _, seq, _>>
!bhsd = tensor<?x3x?x4xf32, #graph.dims<batch, _, seq, _>>
!bhss = tensor<?x3x?x?xf32, #graph.dims<batch, _, seq, seq>>
!bhse = tensor<?x3x?x12xf32, #graph.dims<batch, _, seq, _>>
!w = tensor<3x12x4xf32>
!b = tensor<3x1x4xf32>
!wo = tensor<3x4x12xf32>
!e = tensor<f32>

func.func @multi_head_einsum(%x: !x) -> !x {
  %c = graph.constant dense<0.5> : !e
  %x1 = graph.reshape %x : !x to !x1
  %wq = graph.weight "q.weight" : !w
  %bq = graph.weight "q.bias" : !b
  %mq = graph.matmul %x1, %wq : (!x1, !w) -> !bhsd
  %q = graph.add %mq, %bq : (!bhsd, !b) -> !bhsd
  %wk = graph.weight "k.weight" : !w
  %bk = graph.weight "k.bias" : !b
  %mk = graph.matmul %x1, %wk : (!x1, !w) -> !bhsd
  %k = graph.add %mk, %bk : (!bhsd, !b) -> !bhsd
  %wv = graph.weight "v.weight" : !w
  %bv = graph.weight "v.bias" : !b
  %mv = graph.matmul %x1, %wv : (!x1, !w) -> !bhsd
  %v = graph.add %mv, %bv : (!bhsd, !b) -> !bhsd
  %s = graph.matmul %q, %k {transpose_rhs} : (!bhsd, !bhsd) -> !bhss
  %d = graph.mul %s, %c : (!bhss, !e) -> !bhss
  %p = graph.softmax %d axis(3) : !bhss
  %o = graph.matmul %p, %v : (!bhss, !bhsd) -> !bhsd
  %wo = graph.weight "o.weight" : !wo
  %z = graph.matmul %o, %wo : (!bhsd, !wo) -> !bhse
  %y = graph.reduce sum %z axes [1] : (!bhse) -> !x
  return %y : !x
}
