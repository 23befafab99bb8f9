// RUN: sylvite-opt %s --sylvite-fuse-heads --verify-fusion | FileCheck %s
// RUN: sylvite-opt %s --sylvite-fuse-heads --remarks-filter=sylvite-fusion 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK

!x = tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
!p = tensor<?x?x6xf32, #graph.dims<batch, seq, _>>
!h = tensor<?x?x3xf32, #graph.dims<batch, seq, _>>
!a = tensor<?x1x?x3xf32, #graph.dims<batch, _, seq, _>>
!all = tensor<?x2x?x3xf32, #graph.dims<batch, _, seq, _>>
!s = tensor<?x?x1x3xf32, #graph.dims<batch, seq, _, _>>
!last = tensor<?x?x2x3xf32, #graph.dims<batch, seq, _, _>>
!l = tensor<?xi64, #graph.dims<batch>>
!w = tensor<8x3xf32>
!t = tensor<3x8xf32>
!t0 = tensor<?xf32, #graph.dims<time>>
!one = tensor<?x1x1x3xf32, #graph.dims<batch, _, _, _>>
!pairs = tensor<?x1x?x?xf32, #graph.dims<batch, _, seq, seq>>
!bias = tensor<1x1x?x?xf32, #graph.dims<_, _, seq, seq>>
!square = tensor<?x?xf32, #graph.dims<seq, seq>>
!first = tensor<1x?x?x3xf32, #graph.dims<_, batch, seq, _>>
!b = tensor<3xf32>

// A layer for each operand of each head. One weight is stored the other way
// round, and one layer has no bias. The mask is one for all.

// CHECK-LABEL: func.func @layers(
//  CHECK-SAME:     %[[X:[a-z0-9]+]]: tensor<?x?x8xf32, {{.+}}>, %[[L:.+]]: tensor<?xi64
//       CHECK:   %[[TRANSPOSED:.+]] = graph.transpose %wq1 perm [1, 0] : (tensor<3x8xf32>) -> tensor<8x3xf32>
//       CHECK:   %[[W:.+]] = graph.concat %wq0, %[[TRANSPOSED]] axis(1) : {{.+}} -> tensor<8x6xf32>
//       CHECK:   %[[Q:.+]] = graph.linear %[[X]], %[[W]] : {{.+}} -> tensor<?x?x6xf32
//       CHECK:   %[[QH:.+]] = graph.reshape %[[Q]] : {{.+}} to tensor<?x?x2x3xf32
//       CHECK:   %[[ZERO:.+]] = graph.constant dense<0.000000e+00> : tensor<3xf32>
//       CHECK:   %[[B:.+]] = graph.concat %bk0, %[[ZERO]] axis(0)
//       CHECK:   %[[K:.+]] = graph.linear %[[X]], %{{.+}} bias(%[[B]])
//       CHECK:   %[[KH:.+]] = graph.reshape %[[K]]
//       CHECK:   %[[VH:.+]] = graph.reshape %{{.+}}
//       CHECK:   %[[A:.+]] = graph.attention %[[QH]], %[[KH]], %[[VH]] scale(5.000000e-01) layout(bshd) mask(padding(%[[L]])) : {{.+}} -> tensor<?x?x2x3xf32
//  CHECK-NEXT:   %[[Y:.+]] = graph.reshape %[[A]] : {{.+}} to tensor<?x?x6xf32
//  CHECK-NEXT:   return %[[Y]]
// REMARK: remark: [Passed] heads | Category:sylvite-fusion | Function=layers | Remark="2 heads"
func.func @layers(%x: !x, %l: !l) -> !p {
  %wq0 = graph.weight "wq0" : !w
  %q0 = graph.linear %x, %wq0 : (!x, !w) -> !h
  %wk0 = graph.weight "wk0" : !w
  %bk0 = graph.weight "bk0" : !b
  %k0 = graph.linear %x, %wk0 bias(%bk0) : (!x, !w, !b) -> !h
  %wv0 = graph.weight "wv0" : !w
  %v0 = graph.linear %x, %wv0 : (!x, !w) -> !h
  %qa0 = graph.reshape %q0 : !h to !a
  %ka0 = graph.reshape %k0 : !h to !a
  %va0 = graph.reshape %v0 : !h to !a
  %a0 = graph.attention %qa0, %ka0, %va0 scale(0.5) mask(padding(%l)) : (!a, !a, !a, !l) -> !a
  %y0 = graph.reshape %a0 : !a to !h
  %wq1 = graph.weight "wq1" : !t
  %q1 = graph.linear %x, %wq1 {transpose_weight} : (!x, !t) -> !h
  %wk1 = graph.weight "wk1" : !w
  %k1 = graph.linear %x, %wk1 : (!x, !w) -> !h
  %wv1 = graph.weight "wv1" : !w
  %v1 = graph.linear %x, %wv1 : (!x, !w) -> !h
  %qa1 = graph.reshape %q1 : !h to !a
  %ka1 = graph.reshape %k1 : !h to !a
  %va1 = graph.reshape %v1 : !h to !a
  %a1 = graph.attention %qa1, %ka1, %va1 scale(0.5) mask(padding(%l)) : (!a, !a, !a, !l) -> !a
  %y1 = graph.reshape %a1 : !a to !h
  %y = graph.concat %y0, %y1 axis(2) : (!h, !h) -> !p
  return %y : !p
}

// Slices of tensors, of which they are all or a part, and results that are
// stacked before the sequence.

// CHECK-LABEL: func.func @slices(
//  CHECK-SAME:     %[[Q:[a-z0-9]+]]: tensor<?x?x6xf32, {{.+}}>, %[[K:[a-z0-9]+]]: tensor<?x?x8xf32
//       CHECK:   %[[QH:.+]] = graph.reshape %[[Q]] : {{.+}} to tensor<?x?x2x3xf32
//       CHECK:   %[[PART:.+]] = graph.slice %[[K]] axis(2) [2, 8]
//       CHECK:   %[[KH:.+]] = graph.reshape %[[PART]] : {{.+}} to tensor<?x?x2x3xf32
//       CHECK:   %[[A:.+]] = graph.attention %[[QH]], %[[KH]],
//  CHECK-NEXT:   %[[T:.+]] = graph.transpose %[[A]] perm [0, 2, 1, 3] : {{.+}} -> tensor<?x2x?x3xf32
//  CHECK-NEXT:   return %[[T]]
func.func @slices(%q: !p, %k: !x) -> !all {
  %q0 = graph.slice %q axis(2) [0, 3] : (!p) -> !h
  %q1 = graph.slice %q axis(2) [3, 6] : (!p) -> !h
  %k0 = graph.slice %k axis(2) [2, 5] : (!x) -> !h
  %k1 = graph.slice %k axis(2) [5, 8] : (!x) -> !h
  %qa0 = graph.reshape %q0 : !h to !a
  %qa1 = graph.reshape %q1 : !h to !a
  %ka0 = graph.reshape %k0 : !h to !a
  %ka1 = graph.reshape %k1 : !h to !a
  %a0 = graph.attention %qa0, %ka0, %ka0 : (!a, !a, !a) -> !a
  %a1 = graph.attention %qa1, %ka1, %ka1 : (!a, !a, !a) -> !a
  %y = graph.concat %a0, %a1 axis(1) : (!a, !a) -> !all
  return %y : !all
}

// Stacked behind the sequence, with one key and value for all heads.

// CHECK-LABEL: func.func @one_key(
//       CHECK:   %[[A:.+]] = graph.attention %{{.+}}, %{{.+}}, %{{.+}} layout(bshd) mask(causal) : (tensor<?x?x2x3xf32, {{.+}}>, tensor<?x?x1x3xf32, {{.+}}>, tensor<?x?x1x3xf32, {{.+}}>)
//  CHECK-NEXT:   return %[[A]]
// REMARK: Function=one_key | Remark="2 heads on 1 of keys"
func.func @one_key(%q: !p, %k: !s) -> !last {
  %q0 = graph.slice %q axis(2) [0, 3] : (!p) -> !h
  %q1 = graph.slice %q axis(2) [3, 6] : (!p) -> !h
  %qa0 = graph.reshape %q0 : !h to !s
  %qa1 = graph.reshape %q1 : !h to !s
  %a0 = graph.attention %qa0, %k, %k layout(bshd) mask(causal) : (!s, !s, !s) -> !s
  %a1 = graph.attention %qa1, %k, %k layout(bshd) mask(causal) : (!s, !s, !s) -> !s
  %y = graph.concat %a0, %a1 axis(2) : (!s, !s) -> !last
  return %y : !last
}

// A formula of scores is taken along, and all heads are one group in pairs.

// CHECK-LABEL: func.func @pairs(
//       CHECK:   graph.attention %{{.+}}, %{{.+}}, %{{.+}} layout(bshd) score {
//       CHECK:     math.tanh
//       CHECK:   } : (tensor<?x?x4x3xf32, {{.+}}>, tensor<?x?x2x3xf32,
// REMARK: Function=pairs | Remark="4 heads on 2 of keys"
func.func @pairs(%q: tensor<?x?x12xf32, #graph.dims<batch, seq, _>>, %k: !p) -> tensor<?x?x12xf32, #graph.dims<batch, seq, _>> {
  %q0 = graph.slice %q axis(2) [0, 3] : (tensor<?x?x12xf32, #graph.dims<batch, seq, _>>) -> !h
  %q1 = graph.slice %q axis(2) [3, 6] : (tensor<?x?x12xf32, #graph.dims<batch, seq, _>>) -> !h
  %q2 = graph.slice %q axis(2) [6, 9] : (tensor<?x?x12xf32, #graph.dims<batch, seq, _>>) -> !h
  %q3 = graph.slice %q axis(2) [9, 12] : (tensor<?x?x12xf32, #graph.dims<batch, seq, _>>) -> !h
  %k0 = graph.slice %k axis(2) [0, 3] : (!p) -> !h
  %k1 = graph.slice %k axis(2) [3, 6] : (!p) -> !h
  %qa0 = graph.reshape %q0 : !h to !a
  %qa1 = graph.reshape %q1 : !h to !a
  %qa2 = graph.reshape %q2 : !h to !a
  %qa3 = graph.reshape %q3 : !h to !a
  %ka0 = graph.reshape %k0 : !h to !a
  %ka1 = graph.reshape %k1 : !h to !a
  %a0 = graph.attention %qa0, %ka0, %ka0 score {
  ^bb0(%s: f32, %b: index, %h: index, %i: index, %j: index):
    %y = math.tanh %s : f32
    graph.yield %y : f32
  } : (!a, !a, !a) -> !a
  %a1 = graph.attention %qa1, %ka0, %ka0 score {
  ^bb0(%s: f32, %b: index, %h: index, %i: index, %j: index):
    %y = math.tanh %s : f32
    graph.yield %y : f32
  } : (!a, !a, !a) -> !a
  %a2 = graph.attention %qa2, %ka1, %ka1 score {
  ^bb0(%s: f32, %b: index, %h: index, %i: index, %j: index):
    %y = math.tanh %s : f32
    graph.yield %y : f32
  } : (!a, !a, !a) -> !a
  %a3 = graph.attention %qa3, %ka1, %ka1 score {
  ^bb0(%s: f32, %b: index, %h: index, %i: index, %j: index):
    %y = math.tanh %s : f32
    graph.yield %y : f32
  } : (!a, !a, !a) -> !a
  %y0 = graph.reshape %a0 : !a to !h
  %y1 = graph.reshape %a1 : !a to !h
  %y2 = graph.reshape %a2 : !a to !h
  %y3 = graph.reshape %a3 : !a to !h
  %y = graph.concat %y0, %y1, %y2, %y3 axis(2) : (!h, !h, !h, !h) -> tensor<?x?x12xf32, #graph.dims<batch, seq, _>>
  return %y : tensor<?x?x12xf32, #graph.dims<batch, seq, _>>
}

// One attention beside something else is no matter of heads.

// CHECK-LABEL: func.func @context_and_state(
//       CHECK:   graph.attention
//       CHECK:   graph.concat
// REMARK-NOT: Function=context_and_state
func.func @context_and_state(%q: !h) -> !p {
  %qa = graph.reshape %q : !h to !a
  %a = graph.attention %qa, %qa, %qa : (!a, !a, !a) -> !a
  %c = graph.reshape %a : !a to !h
  %y = graph.concat %c, %q axis(2) : (!h, !h) -> !p
  return %y : !p
}

// A bias of each head, of which all are one tensor; the results are stacked in
// front of everything.

// CHECK-LABEL: func.func @biases(
//  CHECK-SAME:     %[[B:[a-z0-9]+]]: tensor<1x2x?x?xf32
//       CHECK:   %[[A:.+]] = graph.attention %{{.+}}, %{{.+}}, %{{.+}} layout(bshd) bias(%[[B]]) :
//  CHECK-NEXT:   %[[T:.+]] = graph.transpose %[[A]] perm [2, 0, 1, 3] : {{.+}} -> tensor<2x?x?x3xf32, #graph.dims<_, batch, seq, _>>
//  CHECK-NEXT:   return %[[T]]
func.func @biases(%q: !p, %b: tensor<1x2x?x?xf32, #graph.dims<_, _, seq, seq>>) -> tensor<2x?x?x3xf32, #graph.dims<_, batch, seq, _>> {
  %q0 = graph.slice %q axis(2) [0, 3] : (!p) -> !h
  %q1 = graph.slice %q axis(2) [3, 6] : (!p) -> !h
  %b0 = graph.slice %b axis(1) [0, 1] : (tensor<1x2x?x?xf32, #graph.dims<_, _, seq, seq>>) -> !bias
  %b1 = graph.slice %b axis(1) [1, 2] : (tensor<1x2x?x?xf32, #graph.dims<_, _, seq, seq>>) -> !bias
  %qa0 = graph.reshape %q0 : !h to !a
  %qa1 = graph.reshape %q1 : !h to !a
  %a0 = graph.attention %qa0, %qa0, %qa0 bias(%b0) : (!a, !a, !a, !bias) -> !a
  %a1 = graph.attention %qa1, %qa1, %qa1 bias(%b1) : (!a, !a, !a, !bias) -> !a
  %y0 = graph.reshape %a0 : !a to !first
  %y1 = graph.reshape %a1 : !a to !first
  %y = graph.concat %y0, %y1 axis(0) : (!first, !first) -> tensor<2x?x?x3xf32, #graph.dims<_, batch, seq, _>>
  return %y : tensor<2x?x?x3xf32, #graph.dims<_, batch, seq, _>>
}

// Biases of their own get a dimension for the heads.

// CHECK-LABEL: func.func @separate_biases(
//       CHECK:   %[[B0:.+]] = graph.reshape %{{.+}} : {{.+}} to tensor<1x?x?xf32, #graph.dims<_, seq, seq>>
//       CHECK:   %[[B1:.+]] = graph.reshape %{{.+}} : {{.+}} to tensor<1x?x?xf32, #graph.dims<_, seq, seq>>
//       CHECK:   %[[B:.+]] = graph.concat %[[B0]], %[[B1]] axis(0) : {{.+}} -> tensor<2x?x?xf32
//       CHECK:   graph.attention {{.+}} bias(%[[B]]) :
func.func @separate_biases(%q: !p, %b0: !square, %b1: !square) -> !p {
  %q0 = graph.slice %q axis(2) [0, 3] : (!p) -> !h
  %q1 = graph.slice %q axis(2) [3, 6] : (!p) -> !h
  %qa0 = graph.reshape %q0 : !h to !a
  %qa1 = graph.reshape %q1 : !h to !a
  %a0 = graph.attention %qa0, %qa0, %qa0 bias(%b0) : (!a, !a, !a, !square) -> !a
  %a1 = graph.attention %qa1, %qa1, %qa1 bias(%b1) : (!a, !a, !a, !square) -> !a
  %y0 = graph.reshape %a0 : !a to !h
  %y1 = graph.reshape %a1 : !a to !h
  %y = graph.concat %y0, %y1 axis(2) : (!h, !h) -> !p
  return %y : !p
}

// Keys and values of a loop that stand in front of it stay there.

// CHECK-LABEL: func.func @in_a_loop(
//       CHECK:   %[[K:.+]] = graph.linear %{{.+}} : {{.+}} -> tensor<?x?x6xf32
//       CHECK:   graph.scan
//   CHECK-NOT:   graph.linear
//       CHECK:   %[[KH:.+]] = graph.reshape %[[K]] : {{.+}} to tensor<?x?x2x3xf32
//       CHECK:   graph.attention %{{.+}}, %[[KH]], %[[KH]] layout(bshd)
//   CHECK-NOT:   graph.attention
//       CHECK:   graph.next
func.func @in_a_loop(%x: !x, %q: tensor<?x6xf32, #graph.dims<batch, _>>, %steps: !t0) -> tensor<?x6xf32, #graph.dims<batch, _>> {
  %w0 = graph.weight "w0" : !w
  %w1 = graph.weight "w1" : !w
  %k0 = graph.linear %x, %w0 : (!x, !w) -> !h
  %k1 = graph.linear %x, %w1 : (!x, !w) -> !h
  %ka0 = graph.reshape %k0 : !h to !a
  %ka1 = graph.reshape %k1 : !h to !a
  %y = graph.scan carry(%q) over(%steps) axis(0) {
  ^bb0(%t: tensor<i64>, %c: tensor<?x6xf32, #graph.dims<batch, _>>, %e: tensor<f32>):
    %q0 = graph.slice %c axis(1) [0, 3] : (tensor<?x6xf32, #graph.dims<batch, _>>) -> tensor<?x3xf32, #graph.dims<batch, _>>
    %q1 = graph.slice %c axis(1) [3, 6] : (tensor<?x6xf32, #graph.dims<batch, _>>) -> tensor<?x3xf32, #graph.dims<batch, _>>
    %qa0 = graph.reshape %q0 : tensor<?x3xf32, #graph.dims<batch, _>> to !one
    %qa1 = graph.reshape %q1 : tensor<?x3xf32, #graph.dims<batch, _>> to !one
    %a0 = graph.attention %qa0, %ka0, %ka0 : (!one, !a, !a) -> !one
    %a1 = graph.attention %qa1, %ka1, %ka1 : (!one, !a, !a) -> !one
    %y0 = graph.reshape %a0 : !one to tensor<?x3xf32, #graph.dims<batch, _>>
    %y1 = graph.reshape %a1 : !one to tensor<?x3xf32, #graph.dims<batch, _>>
    %n = graph.concat %y0, %y1 axis(1) : (tensor<?x3xf32, #graph.dims<batch, _>>, tensor<?x3xf32, #graph.dims<batch, _>>) -> tensor<?x6xf32, #graph.dims<batch, _>>
    graph.next carry(%n : tensor<?x6xf32, #graph.dims<batch, _>>)
  } : (tensor<?x6xf32, #graph.dims<batch, _>>, !t0) -> tensor<?x6xf32, #graph.dims<batch, _>>
  return %y : tensor<?x6xf32, #graph.dims<batch, _>>
}

// The weights of all heads are no heads.

// CHECK-LABEL: func.func @weights(
// CHECK-COUNT-2: graph.attention
//       CHECK:   graph.concat
//       CHECK:   return
// REMARK-NOT: Function=weights
func.func @weights(%q: !p) -> tensor<?x2x?x?xf32, #graph.dims<batch, _, seq, seq>> {
  %q0 = graph.slice %q axis(2) [0, 3] : (!p) -> !h
  %q1 = graph.slice %q axis(2) [3, 6] : (!p) -> !h
  %qa0 = graph.reshape %q0 : !h to !a
  %qa1 = graph.reshape %q1 : !h to !a
  %a0, %p0 = graph.attention %qa0, %qa0, %qa0 : (!a, !a, !a) -> (!a, !pairs)
  %a1, %p1 = graph.attention %qa1, %qa1, %qa1 : (!a, !a, !a) -> (!a, !pairs)
  %y = graph.concat %p0, %p1 axis(1) : (!pairs, !pairs) -> tensor<?x2x?x?xf32, #graph.dims<batch, _, seq, seq>>
  return %y : tensor<?x2x?x?xf32, #graph.dims<batch, _, seq, seq>>
}

// The output's matrix is taken apart by heads as well: a sum of layers, with a
// bias twice and a residual.

// CHECK-LABEL: func.func @sum(
//  CHECK-SAME:     %[[X:[a-z0-9]+]]: tensor<?x?x8xf32
//   CHECK-DAG:   %[[T:.+]] = graph.transpose %{{.+}} perm [1, 0] : (tensor<8x3xf32>) -> tensor<3x8xf32>
//   CHECK-DAG:   %[[B:.+]] = graph.add %{{.+}}, %{{.+}} : (tensor<8xf32>, tensor<8xf32>)
//       CHECK:   %[[A:.+]] = graph.attention {{.+}} -> tensor<?x?x2x3xf32
//       CHECK:   %[[C:.+]] = graph.reshape %[[A]] : {{.+}} to tensor<?x?x6xf32
//       CHECK:   %[[W:.+]] = graph.concat %{{.+}}, %[[T]] axis(0) : {{.+}} -> tensor<6x8xf32>
//       CHECK:   %[[L:.+]] = graph.linear %[[C]], %[[W]] bias(%[[B]])
//       CHECK:   %[[Y:.+]] = graph.add %[[L]], %[[X]]
//       CHECK:   return %[[Y]]
// REMARK: Function=sum | Remark="2 heads"
func.func @sum(%x: !x, %q: !p) -> !x {
  %w0 = graph.weight "w0" : tensor<3x8xf32>
  %w1 = graph.weight "w1" : tensor<8x3xf32>
  %c0 = graph.weight "b0" : tensor<8xf32>
  %c1 = graph.weight "b1" : tensor<8xf32>
  %q0 = graph.slice %q axis(2) [0, 3] : (!p) -> !h
  %q1 = graph.slice %q axis(2) [3, 6] : (!p) -> !h
  %qa0 = graph.reshape %q0 : !h to !a
  %qa1 = graph.reshape %q1 : !h to !a
  %a0 = graph.attention %qa0, %qa0, %qa0 : (!a, !a, !a) -> !a
  %a1 = graph.attention %qa1, %qa1, %qa1 : (!a, !a, !a) -> !a
  %y0 = graph.reshape %a0 : !a to !h
  %y1 = graph.reshape %a1 : !a to !h
  %z0 = graph.linear %y0, %w0 bias(%c0) : (!h, tensor<3x8xf32>, tensor<8xf32>) -> !x
  %z1 = graph.linear %y1, %w1 bias(%c1) {transpose_weight} : (!h, tensor<8x3xf32>, tensor<8xf32>) -> !x
  %r = graph.add %x, %z0 : (!x, !x) -> !x
  %y = graph.add %r, %z1 : (!x, !x) -> !x
  return %y : !x
}

// A static batch, which heads without a dimension of theirs are taken for.

// CHECK-LABEL: func.func @static_batch(
//       CHECK:   graph.attention {{.+}} layout(bshd) mask(causal) : {{.+}} -> tensor<2x5x2x3xf32>
//   CHECK-NOT:   graph.attention
//       CHECK:   return
func.func @static_batch(%q: tensor<2x5x6xf32>) -> tensor<2x5x6xf32> {
  %q0 = graph.slice %q axis(2) [0, 3] : (tensor<2x5x6xf32>) -> tensor<2x5x3xf32>
  %q1 = graph.slice %q axis(2) [3, 6] : (tensor<2x5x6xf32>) -> tensor<2x5x3xf32>
  %qa0 = graph.reshape %q0 : tensor<2x5x3xf32> to tensor<1x2x5x3xf32>
  %qa1 = graph.reshape %q1 : tensor<2x5x3xf32> to tensor<1x2x5x3xf32>
  %a0 = graph.attention %qa0, %qa0, %qa0 mask(causal) : (tensor<1x2x5x3xf32>, tensor<1x2x5x3xf32>, tensor<1x2x5x3xf32>) -> tensor<1x2x5x3xf32>
  %a1 = graph.attention %qa1, %qa1, %qa1 mask(causal) : (tensor<1x2x5x3xf32>, tensor<1x2x5x3xf32>, tensor<1x2x5x3xf32>) -> tensor<1x2x5x3xf32>
  %y0 = graph.reshape %a0 : tensor<1x2x5x3xf32> to tensor<2x5x3xf32>
  %y1 = graph.reshape %a1 : tensor<1x2x5x3xf32> to tensor<2x5x3xf32>
  %y = graph.concat %y0, %y1 axis(2) : (tensor<2x5x3xf32>, tensor<2x5x3xf32>) -> tensor<2x5x6xf32>
  return %y : tensor<2x5x6xf32>
}
