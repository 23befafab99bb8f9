// RUN: sylvite-opt %s --sylvite-fusion --verify-fusion | FileCheck %s

// PyTorch 2 takes the square root of a computed scale and gives it to both sides.

// CHECK-NOT: graph.softmax
// CHECK: graph.attention %{{.+}}, %{{.+}}, %{{.+}} scale(0.35355{{[0-9]+}}) :
// CHECK-NOT: graph.{{attention|softmax|matmul}}

!bhsd = tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>>
!bhtd = tensor<?x4x?x8xf32, #graph.dims<batch, _, keys, _>>
!bhst = tensor<?x4x?x?xf32, #graph.dims<batch, _, seq, keys>>
!e = tensor<f32>

func.func @scale_computed_split(%q: !bhsd, %k: !bhtd, %v: !bhtd) -> !bhsd {
  %d = graph.constant dense<8.0> : tensor<1x1x1x1xf32>
  %h = graph.constant dense<-0.5> : !e
  %r = graph.pow %d, %h : (tensor<1x1x1x1xf32>, !e) -> tensor<1x1x1x1xf32>
  %c = graph.sqrt %r : tensor<1x1x1x1xf32>
  %q0 = graph.mul %q, %c : (!bhsd, tensor<1x1x1x1xf32>) -> !bhsd
  %k0 = graph.mul %k, %c : (!bhtd, tensor<1x1x1x1xf32>) -> !bhtd
  %s = graph.matmul %q0, %k0 {transpose_rhs} : (!bhsd, !bhtd) -> !bhst
  %p = graph.softmax %s axis(3) : !bhst
  %o = graph.matmul %p, %v : (!bhst, !bhtd) -> !bhsd
  return %o : !bhsd
}
