// RUN: sylvite-opt %s --sylvite-fusion --verify-fusion | FileCheck %s

// Each head takes its rows of one weight; one sequence without a batch. The parts
// are the whole weight again.

// CHECK-NOT: graph.{{softmax|concat}}
// CHECK: %[[W:.+]] = graph.weight "in_proj"
// CHECK-NOT: graph.{{softmax|concat|slice}}
// CHECK: graph.linear %{{.+}}, %[[W]] {transpose_weight}
// CHECK: graph.attention {{.+}} scale(5.000000e-01) layout(bshd) : {{.+}} -> tensor<1x?x3x4xf32
// CHECK-NOT: graph.{{attention|softmax|matmul|concat|linear}}

!x = tensor<?x12xf32, #graph.dims<seq, _>>
!h = tensor<?x4xf32, #graph.dims<seq, _>>
!s = tensor<?x?xf32, #graph.dims<seq, seq>>
!in = tensor<36x12xf32>
!w = tensor<4x12xf32>
!e = tensor<f32>

func.func @multi_head_packed(%x: !x) -> !x {
  %c = graph.constant dense<0.5> : !e
  %w = graph.weight "in_proj" : !in
  %wq0 = graph.slice %w axis(0) [0, 4] : (!in) -> !w
  %q0 = graph.matmul %x, %wq0 {transpose_rhs} : (!x, !w) -> !h
  %wk0 = graph.slice %w axis(0) [12, 16] : (!in) -> !w
  %k0 = graph.matmul %x, %wk0 {transpose_rhs} : (!x, !w) -> !h
  %wv0 = graph.slice %w axis(0) [24, 28] : (!in) -> !w
  %v0 = graph.matmul %x, %wv0 {transpose_rhs} : (!x, !w) -> !h
  %s0 = graph.matmul %q0, %k0 {transpose_rhs} : (!h, !h) -> !s
  %d0 = graph.mul %s0, %c : (!s, !e) -> !s
  %p0 = graph.softmax %d0 axis(1) : !s
  %o0 = graph.matmul %p0, %v0 : (!s, !h) -> !h
  %wq1 = graph.slice %w axis(0) [4, 8] : (!in) -> !w
  %q1 = graph.matmul %x, %wq1 {transpose_rhs} : (!x, !w) -> !h
  %wk1 = graph.slice %w axis(0) [16, 20] : (!in) -> !w
  %k1 = graph.matmul %x, %wk1 {transpose_rhs} : (!x, !w) -> !h
  %wv1 = graph.slice %w axis(0) [28, 32] : (!in) -> !w
  %v1 = graph.matmul %x, %wv1 {transpose_rhs} : (!x, !w) -> !h
  %s1 = graph.matmul %q1, %k1 {transpose_rhs} : (!h, !h) -> !s
  %d1 = graph.mul %s1, %c : (!s, !e) -> !s
  %p1 = graph.softmax %d1 axis(1) : !s
  %o1 = graph.matmul %p1, %v1 : (!s, !h) -> !h
  %wq2 = graph.slice %w axis(0) [8, 12] : (!in) -> !w
  %q2 = graph.matmul %x, %wq2 {transpose_rhs} : (!x, !w) -> !h
  %wk2 = graph.slice %w axis(0) [20, 24] : (!in) -> !w
  %k2 = graph.matmul %x, %wk2 {transpose_rhs} : (!x, !w) -> !h
  %wv2 = graph.slice %w axis(0) [32, 36] : (!in) -> !w
  %v2 = graph.matmul %x, %wv2 {transpose_rhs} : (!x, !w) -> !h
  %s2 = graph.matmul %q2, %k2 {transpose_rhs} : (!h, !h) -> !s
  %d2 = graph.mul %s2, %c : (!s, !e) -> !s
  %p2 = graph.softmax %d2 axis(1) : !s
  %o2 = graph.matmul %p2, %v2 : (!s, !h) -> !h
  %y = graph.concat %o0, %o1, %o2 axis(1) : (!h, !h, !h) -> !x
  return %y : !x
}
