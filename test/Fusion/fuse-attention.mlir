// RUN: sylvite-opt %s --sylvite-fuse-attention --canonicalize --cse --verify-fusion | FileCheck %s
// RUN: sylvite-opt %s --sylvite-fuse-attention --remarks-filter=sylvite-fusion 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK

!bse = tensor<?x?x32xf32, #graph.dims<batch, seq, _>>
!bte = tensor<?x?x32xf32, #graph.dims<batch, keys, _>>
!bshd = tensor<?x?x4x8xf32, #graph.dims<batch, seq, _, _>>
!bhsd = tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>>
!bhds = tensor<?x4x8x?xf32, #graph.dims<batch, _, _, seq>>
!bhtd = tensor<?x4x?x8xf32, #graph.dims<batch, _, keys, _>>
!bhss = tensor<?x4x?x?xf32, #graph.dims<batch, _, seq, seq>>
!bhst = tensor<?x4x?x?xf32, #graph.dims<batch, _, seq, keys>>
!bhts = tensor<?x4x?x?xf32, #graph.dims<batch, _, keys, seq>>
!bsd = tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
!bds = tensor<?x8x?xf32, #graph.dims<batch, _, seq>>
!bss = tensor<?x?x?xf32, #graph.dims<batch, seq, seq>>
!b11s = tensor<?x1x1x?xf32, #graph.dims<batch, _, _, seq>>
!b11sbool = tensor<?x1x1x?xi1, #graph.dims<batch, _, _, seq>>
!ss = tensor<?x?xf32, #graph.dims<seq, seq>>
!hss = tensor<4x?x?xf32, #graph.dims<_, seq, seq>>

// As PyTorch models spell it: heads split and moved, a factor, a mask.

// CHECK-LABEL: func.func @split_heads(
//  CHECK-SAME:     %[[Q:[a-z0-9]+]]: tensor<?x?x32xf32
//  CHECK-SAME:     %[[K:[a-z0-9]+]]: tensor<?x?x32xf32
//  CHECK-SAME:     %[[V:[a-z0-9]+]]: tensor<?x?x32xf32
//  CHECK-SAME:     %[[M:[a-z0-9]+]]: tensor<?x1x1x?xf32
//  CHECK-NEXT:   %[[QH:.+]] = graph.reshape %[[Q]] :
//  CHECK-NEXT:   %[[KH:.+]] = graph.reshape %[[K]] :
//  CHECK-NEXT:   %[[VH:.+]] = graph.reshape %[[V]] :
//  CHECK-NEXT:   %[[O:.+]] = graph.attention %[[QH]], %[[KH]], %[[VH]] scale(0.35355338454246521) layout(bshd) bias(%[[M]]) :
//  CHECK-NEXT:   %[[Y:.+]] = graph.reshape %[[O]] :
//  CHECK-NEXT:   return %[[Y]]
// REMARK: remark: [Passed] attention | Category:sylvite-fusion | Function=split_heads | Remark="4 heads, layout bshd, 1 summand or mask"
func.func @split_heads(%q: !bse, %k: !bse, %v: !bse, %mask: !b11s) -> !bse {
  %scale = graph.constant dense<0.353553385> : tensor<f32>
  %q0 = graph.reshape %q : !bse to !bshd
  %q1 = graph.transpose %q0 perm [0, 2, 1, 3] : (!bshd) -> !bhsd
  %k0 = graph.reshape %k : !bse to !bshd
  %k1 = graph.transpose %k0 perm [0, 2, 1, 3] : (!bshd) -> !bhsd
  %v0 = graph.reshape %v : !bse to !bshd
  %v1 = graph.transpose %v0 perm [0, 2, 1, 3] : (!bshd) -> !bhsd
  %s0 = graph.matmul %q1, %k1 {transpose_rhs} : (!bhsd, !bhsd) -> !bhss
  %s1 = graph.mul %s0, %scale : (!bhss, tensor<f32>) -> !bhss
  %s2 = graph.add %s1, %mask : (!bhss, !b11s) -> !bhss
  %p = graph.softmax %s2 axis(3) : !bhss
  %o = graph.matmul %p, %v1 : (!bhss, !bhsd) -> !bhsd
  %o0 = graph.transpose %o perm [0, 2, 1, 3] : (!bhsd) -> !bshd
  %o1 = graph.reshape %o0 : !bshd to !bse
  return %o1 : !bse
}

// PyTorch's scaled_dot_product_attention, decomposed: both operands are scaled
// by d^-1/4, and the key is transposed before that.

// CHECK-LABEL: func.func @scaled_twice(
//  CHECK-SAME:     %[[Q:[a-z0-9]+]]: tensor<?x?x4x8xf32
//  CHECK-SAME:     %[[K:[a-z0-9]+]]: tensor<?x?x4x8xf32
//  CHECK-SAME:     %[[V:[a-z0-9]+]]: tensor<?x?x4x8xf32
//  CHECK-NEXT:   %[[O:.+]] = graph.attention %[[Q]], %[[K]], %[[V]] scale(0.35355{{[0-9]+}}) layout(bshd) :
//  CHECK-NEXT:   return %[[O]]
func.func @scaled_twice(%q: !bshd, %k: !bshd, %v: !bshd) -> !bshd {
  %scale = graph.constant dense<0.59460355> : tensor<f32>
  %q0 = graph.transpose %q perm [0, 2, 1, 3] : (!bshd) -> !bhsd
  %q1 = graph.mul %q0, %scale : (!bhsd, tensor<f32>) -> !bhsd
  %k0 = graph.transpose %k perm [0, 2, 1, 3] : (!bshd) -> !bhsd
  %k1 = graph.transpose %k0 perm [0, 1, 3, 2] : (!bhsd) -> !bhds
  %k2 = graph.mul %k1, %scale : (!bhds, tensor<f32>) -> !bhds
  %v0 = graph.transpose %v perm [0, 2, 1, 3] : (!bshd) -> !bhsd
  %s = graph.matmul %q1, %k2 : (!bhsd, !bhds) -> !bhss
  %p = graph.softmax %s axis(3) : !bhss
  %o = graph.matmul %p, %v0 : (!bhss, !bhsd) -> !bhsd
  %y = graph.transpose %o perm [0, 2, 1, 3] : (!bhsd) -> !bshd
  return %y : !bshd
}

// As TensorFlow exports it: one transpose of the key, a division, and a mask
// of -10000 in front of it all.

// CHECK-LABEL: func.func @key_transposed_once(
//  CHECK-SAME:     %[[Q:[a-z0-9]+]]: tensor<?x?x4x8xf32
//  CHECK-SAME:     %[[K:[a-z0-9]+]]: tensor<?x?x4x8xf32
//  CHECK-SAME:     %[[V:[a-z0-9]+]]: tensor<?x?x4x8xf32
//  CHECK-SAME:     %[[M:[a-z0-9]+]]: tensor<?x1x1x?xf32
//       CHECK:   %[[BIAS:.+]] = graph.mul
//  CHECK-NEXT:   %[[O:.+]] = graph.attention %[[Q]], %[[K]], %[[V]] scale(0.35355{{[0-9]+}}) layout(bshd) bias(%[[BIAS]]) :
//  CHECK-NEXT:   return %[[O]]
func.func @key_transposed_once(%q: !bshd, %k: !bshd, %v: !bshd, %m: !b11s) -> !bshd {
  %one = graph.constant dense<1.0> : tensor<f32>
  %big = graph.constant dense<-10000.0> : tensor<f32>
  %root = graph.constant dense<2.82842708> : tensor<f32>
  %m0 = graph.sub %one, %m : (tensor<f32>, !b11s) -> !b11s
  %m1 = graph.mul %m0, %big : (!b11s, tensor<f32>) -> !b11s
  %q0 = graph.transpose %q perm [0, 2, 1, 3] : (!bshd) -> !bhsd
  %q1 = graph.div %q0, %root : (!bhsd, tensor<f32>) -> !bhsd
  %k0 = graph.transpose %k perm [0, 2, 3, 1] : (!bshd) -> !bhds
  %v0 = graph.transpose %v perm [0, 2, 1, 3] : (!bshd) -> !bhsd
  %s0 = graph.matmul %q1, %k0 : (!bhsd, !bhds) -> !bhss
  %s1 = graph.add %m1, %s0 : (!b11s, !bhss) -> !bhss
  %p = graph.softmax %s1 axis(3) : !bhss
  %o = graph.matmul %p, %v0 : (!bhss, !bhsd) -> !bhsd
  %y = graph.transpose %o perm [0, 2, 1, 3] : (!bhsd) -> !bshd
  return %y : !bshd
}

// Queries and keys of different lengths; nothing is transposed, nothing will be.

// CHECK-LABEL: func.func @cross(
//  CHECK-SAME:     %[[Q:[a-z0-9]+]]: tensor<?x4x?x8xf32
//  CHECK-SAME:     %[[K:[a-z0-9]+]]: tensor<?x4x?x8xf32
//  CHECK-NEXT:   %[[O:.+]] = graph.attention %[[Q]], %[[K]], %[[K]] :
//  CHECK-NEXT:   return %[[O]]
// REMARK: Function=cross | Remark="4 heads, layout bhsd"
func.func @cross(%q: !bhsd, %k: !bhtd) -> !bhsd {
  %s = graph.matmul %q, %k {transpose_rhs} : (!bhsd, !bhtd) -> !bhst
  %p = graph.softmax %s axis(3) : !bhst
  %o = graph.matmul %p, %k : (!bhst, !bhtd) -> !bhsd
  return %o : !bhsd
}

// Everything the other way round: keys times queries, values times weights.

// CHECK-LABEL: func.func @transposed(
//  CHECK-SAME:     %[[Q:[a-z0-9]+]]: tensor<?x4x?x8xf32
//  CHECK-SAME:     %[[K:[a-z0-9]+]]: tensor<?x4x?x8xf32
//  CHECK-NEXT:   %[[O:.+]] = graph.attention %[[Q]], %[[K]], %[[K]] :
//  CHECK-NEXT:   %[[Y:.+]] = graph.transpose %[[O]] perm [0, 1, 3, 2]
//  CHECK-NEXT:   return %[[Y]]
func.func @transposed(%q: !bhsd, %k: !bhtd) -> !bhds {
  %s = graph.matmul %k, %q {transpose_rhs} : (!bhtd, !bhsd) -> !bhts
  %p = graph.softmax %s axis(2) : !bhts
  %o = graph.matmul %k, %p {transpose_lhs} : (!bhtd, !bhts) -> !bhds
  return %o : !bhds
}

// CHECK-LABEL: func.func @scores_transposed(
//  CHECK-SAME:     %[[Q:[a-z0-9]+]]: tensor<?x4x?x8xf32
//  CHECK-SAME:     %[[K:[a-z0-9]+]]: tensor<?x4x?x8xf32
//  CHECK-NEXT:   %[[O:.+]] = graph.attention %[[Q]], %[[K]], %[[K]] :
//  CHECK-NEXT:   return %[[O]]
func.func @scores_transposed(%q: !bhsd, %k: !bhtd) -> !bhsd {
  %s0 = graph.matmul %k, %q {transpose_rhs} : (!bhtd, !bhsd) -> !bhts
  %s1 = graph.transpose %s0 perm [0, 1, 3, 2] : (!bhts) -> !bhst
  %p = graph.softmax %s1 axis(3) : !bhst
  %o = graph.matmul %p, %k : (!bhst, !bhtd) -> !bhsd
  return %o : !bhsd
}

// Keys that are stored transposed need their transpose, and no other does.

// CHECK-LABEL: func.func @key_stored_transposed(
//  CHECK-SAME:     %[[Q:[a-z0-9]+]]: tensor<?x4x?x8xf32
//  CHECK-SAME:     %[[K:[a-z0-9]+]]: tensor<?x4x8x?xf32
//  CHECK-SAME:     %[[V:[a-z0-9]+]]: tensor<?x4x8x?xf32
//  CHECK-DAG:    %[[KT:.+]] = graph.transpose %[[K]] perm [0, 1, 3, 2]
//  CHECK-DAG:    %[[VT:.+]] = graph.transpose %[[V]] perm [0, 1, 3, 2]
//      CHECK:    %[[O:.+]] = graph.attention %[[Q]], %[[KT]], %[[VT]] :
//  CHECK-NEXT:   return %[[O]]
func.func @key_stored_transposed(%q: !bhsd, %k: !bhds, %v: !bhds) -> !bhsd {
  %s = graph.matmul %q, %k : (!bhsd, !bhds) -> !bhss
  %p = graph.softmax %s axis(3) : !bhss
  %o = graph.matmul %p, %v {transpose_rhs} : (!bhss, !bhds) -> !bhsd
  return %o : !bhsd
}

// One head, without a dimension for it.

// CHECK-LABEL: func.func @one_head(
//  CHECK-SAME:     %[[Q:[a-z0-9]+]]: tensor<?x?x8xf32
//  CHECK-SAME:     %[[K:[a-z0-9]+]]: tensor<?x?x8xf32
//  CHECK-SAME:     %[[M:[a-z0-9]+]]: tensor<?x?xf32
//   CHECK-DAG:   %[[QH:.+]] = graph.reshape %[[Q]] : {{.+}} to tensor<?x1x?x8xf32
//   CHECK-DAG:   %[[KH:.+]] = graph.reshape %[[K]] : {{.+}} to tensor<?x1x?x8xf32
//       CHECK:   %[[O:.+]] = graph.attention %[[QH]], %[[KH]], %[[KH]] bias(%[[M]]) :
//  CHECK-NEXT:   %[[Y:.+]] = graph.reshape %[[O]] :
//  CHECK-NEXT:   return %[[Y]]
// REMARK: Function=one_head | Remark="1 head, layout bhsd, 1 summand or mask"
func.func @one_head(%q: !bsd, %k: !bsd, %m: !ss) -> !bsd {
  %s0 = graph.matmul %q, %k {transpose_rhs} : (!bsd, !bsd) -> !bss
  %s1 = graph.add %s0, %m : (!bss, !ss) -> !bss
  %p = graph.softmax %s1 axis(2) : !bss
  %o = graph.matmul %p, %k : (!bss, !bsd) -> !bsd
  return %o : !bsd
}

// CHECK-LABEL: func.func @one_head_mask_by_batch(
//  CHECK-SAME:     %[[M:[a-z0-9]+]]: tensor<?x1x?xf32
//       CHECK:   %[[BIAS:.+]] = graph.reshape %[[M]] : {{.+}} to tensor<?x1x1x?xf32
//       CHECK:   graph.attention {{.+}} bias(%[[BIAS]]) :
func.func @one_head_mask_by_batch(%q: !bsd, %m: tensor<?x1x?xf32, #graph.dims<batch, _, seq>>) -> !bsd {
  %s0 = graph.matmul %q, %q {transpose_rhs} : (!bsd, !bsd) -> !bss
  %s1 = graph.add %s0, %m : (!bss, tensor<?x1x?xf32, #graph.dims<batch, _, seq>>) -> !bss
  %p = graph.softmax %s1 axis(2) : !bss
  %o = graph.matmul %p, %q : (!bss, !bsd) -> !bsd
  return %o : !bsd
}

// CHECK-LABEL: func.func @no_batch(
//       CHECK:   graph.attention {{.+}} scale(2.000000e+00) : (tensor<1x1x5x8xf32>, tensor<1x1x7x8xf32>, tensor<1x1x7x3xf32>) -> tensor<1x1x5x3xf32>
func.func @no_batch(%q: tensor<5x8xf32>, %k: tensor<7x8xf32>, %v: tensor<7x3xf32>) -> tensor<5x3xf32> {
  %two = graph.constant dense<2.0> : tensor<f32>
  %s0 = graph.matmul %q, %k {transpose_rhs} : (tensor<5x8xf32>, tensor<7x8xf32>) -> tensor<5x7xf32>
  %s1 = graph.mul %two, %s0 : (tensor<f32>, tensor<5x7xf32>) -> tensor<5x7xf32>
  %p = graph.softmax %s1 axis(1) : tensor<5x7xf32>
  %o = graph.matmul %p, %v : (tensor<5x7xf32>, tensor<7x3xf32>) -> tensor<5x3xf32>
  return %o : tensor<5x3xf32>
}

// Heads without a batch: dimension 0 is the heads, as the transposes tell.

// CHECK-LABEL: func.func @heads_only(
//  CHECK-SAME:     %[[X:[a-z0-9]+]]: tensor<?x32xf32
//  CHECK-NEXT:   %[[H:.+]] = graph.reshape %[[X]] : {{.+}} to tensor<1x?x4x8xf32
//  CHECK-NEXT:   %[[O:.+]] = graph.attention %[[H]], %[[H]], %[[H]] layout(bshd) :
//  CHECK-NEXT:   %[[Y:.+]] = graph.reshape %[[O]] :
//  CHECK-NEXT:   return %[[Y]]
func.func @heads_only(%x: tensor<?x32xf32, #graph.dims<seq, _>>) -> tensor<?x32xf32, #graph.dims<seq, _>> {
  %x0 = graph.reshape %x : tensor<?x32xf32, #graph.dims<seq, _>> to tensor<?x4x8xf32, #graph.dims<seq, _, _>>
  %x1 = graph.transpose %x0 perm [1, 0, 2] : (tensor<?x4x8xf32, #graph.dims<seq, _, _>>) -> tensor<4x?x8xf32, #graph.dims<_, seq, _>>
  %s = graph.matmul %x1, %x1 {transpose_rhs} : (tensor<4x?x8xf32, #graph.dims<_, seq, _>>, tensor<4x?x8xf32, #graph.dims<_, seq, _>>) -> !hss
  %p = graph.softmax %s axis(2) : !hss
  %o = graph.matmul %p, %x1 : (!hss, tensor<4x?x8xf32, #graph.dims<_, seq, _>>) -> tensor<4x?x8xf32, #graph.dims<_, seq, _>>
  %o0 = graph.transpose %o perm [1, 0, 2] : (tensor<4x?x8xf32, #graph.dims<_, seq, _>>) -> tensor<?x4x8xf32, #graph.dims<seq, _, _>>
  %o1 = graph.reshape %o0 : tensor<?x4x8xf32, #graph.dims<seq, _, _>> to tensor<?x32xf32, #graph.dims<seq, _>>
  return %o1 : tensor<?x32xf32, #graph.dims<seq, _>>
}

// Heads merged into the batch, and apart again for the mask (as BART does).

// CHECK-LABEL: func.func @heads_in_batch(
//  CHECK-SAME:     %[[X:[a-z0-9]+]]: tensor<2x5x32xf32>
//  CHECK-SAME:     %[[M:[a-z0-9]+]]: tensor<2x1x5x5xf32>
//  CHECK-NEXT:   %[[H:.+]] = graph.reshape %[[X]] : tensor<2x5x32xf32> to tensor<2x5x4x8xf32>
//  CHECK-NEXT:   %[[O:.+]] = graph.attention %[[H]], %[[H]], %[[H]] scale(5.000000e-01) layout(bshd) bias(%[[M]]) :
//  CHECK-NEXT:   %[[Y:.+]] = graph.reshape %[[O]] : tensor<2x5x4x8xf32> to tensor<2x5x32xf32>
//  CHECK-NEXT:   return %[[Y]]
func.func @heads_in_batch(%x: tensor<2x5x32xf32>, %m: tensor<2x1x5x5xf32>) -> tensor<2x5x32xf32> {
  %scale = graph.constant dense<0.5> : tensor<f32>
  %q0 = graph.mul %x, %scale : (tensor<2x5x32xf32>, tensor<f32>) -> tensor<2x5x32xf32>
  %q1 = graph.reshape %q0 : tensor<2x5x32xf32> to tensor<2x5x4x8xf32>
  %q2 = graph.transpose %q1 perm [0, 2, 1, 3] : (tensor<2x5x4x8xf32>) -> tensor<2x4x5x8xf32>
  %q3 = graph.reshape %q2 : tensor<2x4x5x8xf32> to tensor<8x5x8xf32>
  %k1 = graph.reshape %x : tensor<2x5x32xf32> to tensor<2x5x4x8xf32>
  %k2 = graph.transpose %k1 perm [0, 2, 1, 3] : (tensor<2x5x4x8xf32>) -> tensor<2x4x5x8xf32>
  %k3 = graph.reshape %k2 : tensor<2x4x5x8xf32> to tensor<8x5x8xf32>
  %k4 = graph.transpose %k3 perm [0, 2, 1] : (tensor<8x5x8xf32>) -> tensor<8x8x5xf32>
  %s0 = graph.matmul %q3, %k4 : (tensor<8x5x8xf32>, tensor<8x8x5xf32>) -> tensor<8x5x5xf32>
  %s1 = graph.reshape %s0 : tensor<8x5x5xf32> to tensor<2x4x5x5xf32>
  %s2 = graph.add %s1, %m : (tensor<2x4x5x5xf32>, tensor<2x1x5x5xf32>) -> tensor<2x4x5x5xf32>
  %s3 = graph.reshape %s2 : tensor<2x4x5x5xf32> to tensor<8x5x5xf32>
  %p = graph.softmax %s3 axis(2) : tensor<8x5x5xf32>
  %o = graph.matmul %p, %k3 : (tensor<8x5x5xf32>, tensor<8x5x8xf32>) -> tensor<8x5x8xf32>
  %o0 = graph.reshape %o : tensor<8x5x8xf32> to tensor<2x4x5x8xf32>
  %o1 = graph.transpose %o0 perm [0, 2, 1, 3] : (tensor<2x4x5x8xf32>) -> tensor<2x5x4x8xf32>
  %o2 = graph.reshape %o1 : tensor<2x5x4x8xf32> to tensor<2x5x32xf32>
  return %o2 : tensor<2x5x32xf32>
}

// A summand of the merged scores has batch and heads in one dimension as well.

// CHECK-LABEL: func.func @bias_in_batch(
//  CHECK-SAME:     %[[M:[a-z0-9]+]]: tensor<8x1x5xf32>
//       CHECK:   %[[BIAS:.+]] = graph.reshape %[[M]] : tensor<8x1x5xf32> to tensor<2x4x1x5xf32>
//       CHECK:   graph.attention {{.+}} bias(%[[BIAS]]) :
func.func @bias_in_batch(%x: tensor<2x4x5x8xf32>, %m: tensor<8x1x5xf32>) -> tensor<8x5x8xf32> {
  %x0 = graph.reshape %x : tensor<2x4x5x8xf32> to tensor<8x5x8xf32>
  %s0 = graph.matmul %x0, %x0 {transpose_rhs} : (tensor<8x5x8xf32>, tensor<8x5x8xf32>) -> tensor<8x5x5xf32>
  %s1 = graph.add %s0, %m : (tensor<8x5x5xf32>, tensor<8x1x5xf32>) -> tensor<8x5x5xf32>
  %p = graph.softmax %s1 axis(2) : tensor<8x5x5xf32>
  %o = graph.matmul %p, %x0 : (tensor<8x5x5xf32>, tensor<8x5x8xf32>) -> tensor<8x5x8xf32>
  return %o : tensor<8x5x8xf32>
}

// What is added in front of a factor is multiplied by it; the difference takes
// the scores' sign.

// CHECK-LABEL: func.func @summands(
//  CHECK-SAME:     %[[A:[a-z0-9]+]]: tensor<?x1x1x?xf32
//  CHECK-SAME:     %[[B:[a-z0-9]+]]: tensor<4x?x?xf32
//  CHECK-SAME:     %[[C:[a-z0-9]+]]: tensor<?x?xf32
//   CHECK-DAG:   %[[HALF:.+]] = graph.constant dense<5.0{{.+}}> : tensor<f32>
//   CHECK-DAG:   %[[MINUS:.+]] = graph.constant dense<-5.0{{.+}}> : tensor<f32>
//   CHECK-DAG:   %[[AH:.+]] = graph.mul %[[A]], %[[HALF]]
//   CHECK-DAG:   %[[BH:.+]] = graph.mul %[[B]], %[[MINUS]]
//       CHECK:   %[[AB:.+]] = graph.add %[[AH]], %[[BH]]
//       CHECK:   %[[ABC:.+]] = graph.add %[[AB]], %[[C]]
//       CHECK:   graph.attention {{.+}} scale(-1.500000e+00) bias(%[[ABC]]) :
func.func @summands(%x: !bhsd, %a: !b11s, %b: !hss, %c: !ss) -> !bhsd {
  %half = graph.constant dense<0.5> : tensor<f32>
  %three = graph.constant dense<-3.0> : tensor<f32>
  %s0 = graph.matmul %x, %x {transpose_rhs} : (!bhsd, !bhsd) -> !bhss
  %s1 = graph.mul %s0, %three : (!bhss, tensor<f32>) -> !bhss
  %s2 = graph.add %a, %s1 : (!b11s, !bhss) -> !bhss
  %s3 = graph.sub %s2, %b : (!bhss, !hss) -> !bhss
  %s4 = graph.mul %half, %s3 : (tensor<f32>, !bhss) -> !bhss
  %s5 = graph.add %s4, %c : (!bhss, !ss) -> !bhss
  %p = graph.softmax %s5 axis(3) : !bhss
  %o = graph.matmul %p, %x : (!bhss, !bhsd) -> !bhsd
  return %o : !bhsd
}

// CHECK-LABEL: func.func @subtracted_from(
//  CHECK-SAME:     %[[B:[a-z0-9]+]]: tensor<4x?x?xf32
//       CHECK:   graph.attention {{.+}} scale(-1.000000e+00) bias(%[[B]]) :
func.func @subtracted_from(%x: !bhsd, %b: !hss) -> !bhsd {
  %s0 = graph.matmul %x, %x {transpose_rhs} : (!bhsd, !bhsd) -> !bhss
  %s1 = graph.sub %b, %s0 : (!hss, !bhss) -> !bhss
  %p = graph.softmax %s1 axis(3) : !bhss
  %o = graph.matmul %p, %x : (!bhss, !bhsd) -> !bhsd
  return %o : !bhsd
}

// CHECK-LABEL: func.func @select_shows(
//  CHECK-SAME:     %[[M:[a-z0-9]+]]: tensor<?x1x1x?xi1
//   CHECK-DAG:   %[[ZERO:.+]] = graph.constant dense<0.0{{.+}}> : tensor<f32>
//   CHECK-DAG:   %[[INF:.+]] = graph.constant dense<0xFF800000> : tensor<f32>
//       CHECK:   %[[BIAS:.+]] = graph.select %[[M]], %[[ZERO]], %[[INF]]
//       CHECK:   graph.attention {{.+}} bias(%[[BIAS]]) :
func.func @select_shows(%x: !bhsd, %m: !b11sbool) -> !bhsd {
  %inf = graph.constant dense<0xFF800000> : tensor<f32>
  %s0 = graph.matmul %x, %x {transpose_rhs} : (!bhsd, !bhsd) -> !bhss
  %s1 = graph.select %m, %s0, %inf : (!b11sbool, !bhss, tensor<f32>) -> !bhss
  %p = graph.softmax %s1 axis(3) : !bhss
  %o = graph.matmul %p, %x : (!bhss, !bhsd) -> !bhsd
  return %o : !bhsd
}

// PyTorch's masked_fill, in front of a factor and with a finite number.

// CHECK-LABEL: func.func @select_hides(
//  CHECK-SAME:     %[[M:[a-z0-9]+]]: tensor<?x1x1x?xi1
//   CHECK-DAG:   %[[ZERO:.+]] = graph.constant dense<0.0{{.+}}> : tensor<f32>
//   CHECK-DAG:   %[[INF:.+]] = graph.constant dense<0xFF800000> : tensor<f32>
//   CHECK-DAG:   %[[SHOWN:.+]] = graph.not %[[M]]
//       CHECK:   %[[BIAS:.+]] = graph.select %[[SHOWN]], %[[INF]], %[[ZERO]]
//       CHECK:   graph.attention {{.+}} scale(5.000000e-01) bias(%[[BIAS]]) :
func.func @select_hides(%x: !bhsd, %m: !b11sbool) -> !bhsd {
  %half = graph.constant dense<0.5> : tensor<f32>
  %big = graph.constant dense<-1.0e9> : tensor<f32>
  %hidden = graph.not %m : !b11sbool
  %s0 = graph.matmul %x, %x {transpose_rhs} : (!bhsd, !bhsd) -> !bhss
  %s1 = graph.select %hidden, %big, %s0 : (!b11sbool, tensor<f32>, !bhss) -> !bhss
  %s2 = graph.mul %s1, %half : (!bhss, tensor<f32>) -> !bhss
  %p = graph.softmax %s2 axis(3) : !bhss
  %o = graph.matmul %p, %x : (!bhss, !bhsd) -> !bhsd
  return %o : !bhsd
}

// Some models keep the sum with a mask from becoming -inf.

// CHECK-LABEL: func.func @floor_of_scores(
//  CHECK-SAME:     %[[M:[a-z0-9]+]]: tensor<?x?xf32
//   CHECK-NOT:   graph.maximum
//       CHECK:   graph.attention {{.+}} bias(%[[M]]) :
func.func @floor_of_scores(%x: !bhsd, %m: !ss) -> !bhsd {
  %min = graph.constant dense<-3.40282347E+38> : tensor<f32>
  %s0 = graph.matmul %x, %x {transpose_rhs} : (!bhsd, !bhsd) -> !bhss
  %s1 = graph.add %s0, %m : (!bhss, !ss) -> !bhss
  %s2 = graph.maximum %s1, %min : (!bhss, tensor<f32>) -> !bhss
  %p = graph.softmax %s2 axis(3) : !bhss
  %o = graph.matmul %p, %x : (!bhss, !bhsd) -> !bhsd
  return %o : !bhsd
}

// CHECK-LABEL: func.func @cosine(
//  CHECK-SAME:     %[[Q:[a-z0-9]+]]: tensor<?x?x4x8xf32
//  CHECK-SAME:     %[[K:[a-z0-9]+]]: tensor<?x?x4x8xf32
//  CHECK-NEXT:   %[[O:.+]] = graph.attention %[[Q]], %[[K]], %[[K]] similarity(cosine) scale(1.000000e+01) layout(bshd) :
//  CHECK-NEXT:   return %[[O]]
// REMARK: Function=cosine | Remark="4 heads, layout bshd, cosine"
func.func @cosine(%q: !bshd, %k: !bshd) -> !bshd {
  %ten = graph.constant dense<10.0> : tensor<f32>
  %q0 = graph.transpose %q perm [0, 2, 1, 3] : (!bshd) -> !bhsd
  %q1 = graph.l2_normalize %q0 axis(3) : !bhsd
  %q2 = graph.mul %q1, %ten : (!bhsd, tensor<f32>) -> !bhsd
  %k0 = graph.l2_normalize %k axis(3) : !bshd
  %k1 = graph.transpose %k0 perm [0, 2, 3, 1] : (!bshd) -> !bhds
  %v0 = graph.transpose %k perm [0, 2, 1, 3] : (!bshd) -> !bhsd
  %s = graph.matmul %q2, %k1 : (!bhsd, !bhds) -> !bhss
  %p = graph.softmax %s axis(3) : !bhss
  %o = graph.matmul %p, %v0 : (!bhss, !bhsd) -> !bhsd
  %y = graph.transpose %o perm [0, 2, 1, 3] : (!bhsd) -> !bshd
  return %y : !bshd
}

// Only one of the two is normalised: that is an operand like any other.

// CHECK-LABEL: func.func @half_a_cosine(
//       CHECK:   %[[K:.+]] = graph.l2_normalize
//       CHECK:   graph.attention %{{.+}}, %[[K]], %[[K]] :
func.func @half_a_cosine(%q: !bhsd, %k: !bhsd) -> !bhsd {
  %k0 = graph.l2_normalize %k axis(3) : !bhsd
  %s = graph.matmul %q, %k0 {transpose_rhs} : (!bhsd, !bhsd) -> !bhss
  %p = graph.softmax %s axis(3) : !bhss
  %o = graph.matmul %p, %k0 : (!bhss, !bhsd) -> !bhsd
  return %o : !bhsd
}

// A factor of the values is none of the scores.

// CHECK-LABEL: func.func @scaled_values(
//       CHECK:   %[[V:.+]] = graph.mul
//       CHECK:   graph.attention %{{.+}}, %{{.+}}, %[[V]] :
func.func @scaled_values(%q: !bhsd, %v: !bhtd) -> !bhsd {
  %half = graph.constant dense<0.5> : tensor<f32>
  %v0 = graph.mul %v, %half : (!bhtd, tensor<f32>) -> !bhtd
  %s = graph.matmul %q, %v {transpose_rhs} : (!bhsd, !bhtd) -> !bhst
  %p = graph.softmax %s axis(3) : !bhst
  %o = graph.matmul %p, %v0 : (!bhst, !bhtd) -> !bhsd
  return %o : !bhsd
}

// Keys are there once for two heads, values for each: nothing is shared.

// CHECK-LABEL: func.func @keys_repeated_alone(
//       CHECK:   %[[K:.+]] = graph.broadcast
//       CHECK:   %[[KH:.+]] = graph.reshape %[[K]]
//       CHECK:   graph.attention %arg0, %[[KH]], %arg2 :
// REMARK: Function=keys_repeated_alone | Remark="4 heads, layout bhsd"
func.func @keys_repeated_alone(%q: !bhsd, %k: tensor<?x2x1x?x8xf32, #graph.dims<batch, _, _, keys, _>>, %v: !bhtd) -> !bhsd {
  %k0 = graph.broadcast %k : tensor<?x2x1x?x8xf32, #graph.dims<batch, _, _, keys, _>> to tensor<?x2x2x?x8xf32, #graph.dims<batch, _, _, keys, _>>
  %k1 = graph.reshape %k0 : tensor<?x2x2x?x8xf32, #graph.dims<batch, _, _, keys, _>> to !bhtd
  %s = graph.matmul %q, %k1 {transpose_rhs} : (!bhsd, !bhtd) -> !bhst
  %p = graph.softmax %s axis(3) : !bhst
  %o = graph.matmul %p, %v : (!bhst, !bhtd) -> !bhsd
  return %o : !bhsd
}

// A bias for each head of keys, which the heads of a group share.

// CHECK-LABEL: func.func @bias_of_key_heads(
//  CHECK-SAME:     %[[B:[a-z0-9]+]]: tensor<2x1x1x?xf32
//       CHECK:   %[[R:.+]] = graph.broadcast %{{.+}} to tensor<1x2x2x1x?xf32
//       CHECK:   %[[BIAS:.+]] = graph.reshape %[[R]] : {{.+}} to tensor<1x4x1x?xf32
//       CHECK:   graph.attention {{.+}} bias(%[[BIAS]]) :
// REMARK: Function=bias_of_key_heads | Remark="4 heads on 2 of keys, layout bhsd, 1 summand or mask"
func.func @bias_of_key_heads(%q: tensor<?x2x2x?x8xf32, #graph.dims<batch, _, _, seq, _>>, %k: tensor<?x2x1x?x8xf32, #graph.dims<batch, _, _, keys, _>>, %b: tensor<2x1x1x?xf32, #graph.dims<_, _, _, keys>>) -> tensor<?x2x2x?x8xf32, #graph.dims<batch, _, _, seq, _>> {
  %s = graph.matmul %q, %k {transpose_rhs} : (tensor<?x2x2x?x8xf32, #graph.dims<batch, _, _, seq, _>>, tensor<?x2x1x?x8xf32, #graph.dims<batch, _, _, keys, _>>) -> tensor<?x2x2x?x?xf32, #graph.dims<batch, _, _, seq, keys>>
  %s1 = graph.add %s, %b : (tensor<?x2x2x?x?xf32, #graph.dims<batch, _, _, seq, keys>>, tensor<2x1x1x?xf32, #graph.dims<_, _, _, keys>>) -> tensor<?x2x2x?x?xf32, #graph.dims<batch, _, _, seq, keys>>
  %p = graph.softmax %s1 axis(4) : tensor<?x2x2x?x?xf32, #graph.dims<batch, _, _, seq, keys>>
  %o = graph.matmul %p, %k : (tensor<?x2x2x?x?xf32, #graph.dims<batch, _, _, seq, keys>>, tensor<?x2x1x?x8xf32, #graph.dims<batch, _, _, keys, _>>) -> tensor<?x2x2x?x8xf32, #graph.dims<batch, _, _, seq, _>>
  return %o : tensor<?x2x2x?x8xf32, #graph.dims<batch, _, _, seq, _>>
}

// Scores times a factor of queries and one of keys, with a summand in between:
// what is in front of a factor is multiplied by it.

// CHECK-LABEL: func.func @factors_of_rows_and_columns(
//  CHECK-SAME:     %[[A:[a-z0-9]+]]: tensor<?x1x?x1xf32
//  CHECK-SAME:     %[[B:[a-z0-9]+]]: tensor<?x1x1x?xf32
//  CHECK-SAME:     %[[C:[a-z0-9]+]]: tensor<4x?x?xf32
//   CHECK-DAG:   %[[Q:.+]] = graph.mul %{{.+}}, %[[A]]
//   CHECK-DAG:   %[[K:.+]] = graph.div
//   CHECK-DAG:   %[[BIAS:.+]] = graph.mul %[[C]], %[[A]]
//       CHECK:   graph.attention %[[Q]], %[[K]], %{{.+}} bias(%[[BIAS]]) :
func.func @factors_of_rows_and_columns(%x: !bhsd, %a: tensor<?x1x?x1xf32, #graph.dims<batch, _, seq, _>>, %b: !b11s, %c: !hss) -> !bhsd {
  %s = graph.matmul %x, %x {transpose_rhs} : (!bhsd, !bhsd) -> !bhss
  %s1 = graph.div %s, %b : (!bhss, !b11s) -> !bhss
  %s2 = graph.add %s1, %c : (!bhss, !hss) -> !bhss
  %s3 = graph.mul %a, %s2 : (tensor<?x1x?x1xf32, #graph.dims<batch, _, seq, _>>, !bhss) -> !bhss
  %p = graph.softmax %s3 axis(3) : !bhss
  %o = graph.matmul %p, %x : (!bhss, !bhsd) -> !bhsd
  return %o : !bhsd
}

// A summand in f32 keeps its digits: all of a half-precision attention is f32.

// CHECK-LABEL: func.func @wide_bias(
//   CHECK-DAG:   %[[Q:.+]] = graph.cast %arg0 : tensor<1x4x5x8xf16> to tensor<1x4x5x8xf32>
//       CHECK:   %[[O:.+]] = graph.attention %[[Q]], %[[Q]], %[[Q]] bias(%arg1) :
//       CHECK:   graph.cast %[[O]] : tensor<1x4x5x8xf32> to tensor<1x4x5x8xf16>
func.func @wide_bias(%x: tensor<1x4x5x8xf16>, %b: tensor<5x5xf32>) -> tensor<1x4x5x8xf16> {
  %s = graph.matmul %x, %x {transpose_rhs} : (tensor<1x4x5x8xf16>, tensor<1x4x5x8xf16>) -> tensor<1x4x5x5xf16>
  %s1 = graph.cast %s : tensor<1x4x5x5xf16> to tensor<1x4x5x5xf32>
  %s2 = graph.add %s1, %b : (tensor<1x4x5x5xf32>, tensor<5x5xf32>) -> tensor<1x4x5x5xf32>
  %p = graph.softmax %s2 axis(3) : tensor<1x4x5x5xf32>
  %p1 = graph.cast %p : tensor<1x4x5x5xf32> to tensor<1x4x5x5xf16>
  %o = graph.matmul %p1, %x : (tensor<1x4x5x5xf16>, tensor<1x4x5x8xf16>) -> tensor<1x4x5x8xf16>
  return %o : tensor<1x4x5x8xf16>
}

// No attention: a softmax over classes.

// CHECK-LABEL: func.func @classifier(
//       CHECK:   graph.softmax
// REMARK-NOT: classifier
func.func @classifier(%x: tensor<4x8xf32>) -> tensor<4x3xf32> {
  %w = graph.weight "classifier.weight" : tensor<8x3xf32>
  %s = graph.matmul %x, %w : (tensor<4x8xf32>, tensor<8x3xf32>) -> tensor<4x3xf32>
  %p = graph.softmax %s axis(1) : tensor<4x3xf32>
  return %p : tensor<4x3xf32>
}

// A factor that is no number would be lost in a cosine: the norms stay.
// CHECK-LABEL: func @cosine_temperature
// CHECK: graph.l2_normalize
// CHECK: graph.l2_normalize
// CHECK: graph.attention
// CHECK-NOT: cosine
// CHECK: return
func.func @cosine_temperature(%q: tensor<2x3x5x8xf32>, %k: tensor<2x3x5x8xf32>,
                              %v: tensor<2x3x5x8xf32>,
                              %t: tensor<1x3x1x1xf32>) -> tensor<2x3x5x8xf32> {
  %a = graph.l2_normalize %q axis(3) : tensor<2x3x5x8xf32>
  %b = graph.l2_normalize %k axis(3) : tensor<2x3x5x8xf32>
  %s = graph.matmul %a, %b {transpose_rhs}
      : (tensor<2x3x5x8xf32>, tensor<2x3x5x8xf32>) -> tensor<2x3x5x5xf32>
  %u = graph.mul %s, %t
      : (tensor<2x3x5x5xf32>, tensor<1x3x1x1xf32>) -> tensor<2x3x5x5xf32>
  %p = graph.softmax %u axis(3) : tensor<2x3x5x5xf32>
  %y = graph.matmul %p, %v
      : (tensor<2x3x5x5xf32>, tensor<2x3x5x8xf32>) -> tensor<2x3x5x8xf32>
  return %y : tensor<2x3x5x8xf32>
}
