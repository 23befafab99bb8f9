// RUN: sylvite-opt %s --sylvite-fuse-heads --remarks-filter=sylvite-fusion 2>&1 >/dev/null | FileCheck %s
// RUN: sylvite-opt %s --sylvite-fuse-heads | FileCheck %s --check-prefix=IR

// Heads that stay attentions of their own.

// IR-COUNT-26: graph.attention
//      IR-NOT: graph.attention

!p = tensor<?x?x6xf32, #graph.dims<batch, seq, _>>
!h = tensor<?x?x3xf32, #graph.dims<batch, seq, _>>
!a = tensor<?x1x?x3xf32, #graph.dims<batch, _, seq, _>>
!b = tensor<?x1x?x?xf32, #graph.dims<batch, _, seq, seq>>
!static = tensor<2x1x5x3xf32>
!w = tensor<3x3xf32>

// CHECK: Function=scale
// CHECK-SAME: Reason="the heads differ in their scale"
func.func @scale(%x: !p) -> !p {
  %q0 = graph.slice %x axis(2) [0, 3] : (!p) -> !h
  %q1 = graph.slice %x axis(2) [3, 6] : (!p) -> !h
  %qa0 = graph.reshape %q0 : !h to !a
  %qa1 = graph.reshape %q1 : !h to !a
  %a0 = graph.attention %qa0, %qa0, %qa0 scale(0.5) : (!a, !a, !a) -> !a
  %a1 = graph.attention %qa1, %qa1, %qa1 scale(0.25) : (!a, !a, !a) -> !a
  %y0 = graph.reshape %a0 : !a to !h
  %y1 = graph.reshape %a1 : !a to !h
  %y = graph.concat %y0, %y1 axis(2) : (!h, !h) -> !p
  return %y : !p
}

// CHECK: Function=mask
// CHECK-SAME: Reason="the heads differ in their mask"
func.func @mask(%x: !p) -> !p {
  %q0 = graph.slice %x axis(2) [0, 3] : (!p) -> !h
  %q1 = graph.slice %x axis(2) [3, 6] : (!p) -> !h
  %qa0 = graph.reshape %q0 : !h to !a
  %qa1 = graph.reshape %q1 : !h to !a
  %a0 = graph.attention %qa0, %qa0, %qa0 mask(causal) : (!a, !a, !a) -> !a
  %a1 = graph.attention %qa1, %qa1, %qa1 mask(window(3)) : (!a, !a, !a) -> !a
  %y0 = graph.reshape %a0 : !a to !h
  %y1 = graph.reshape %a1 : !a to !h
  %y = graph.concat %y0, %y1 axis(2) : (!h, !h) -> !p
  return %y : !p
}

// CHECK: Function=lengths
// CHECK-SAME: Reason="the heads differ in their mask"
func.func @lengths(%x: !p, %l: tensor<?xi64, #graph.dims<batch>>, %m: tensor<?xi64, #graph.dims<batch>>) -> !p {
  %q0 = graph.slice %x axis(2) [0, 3] : (!p) -> !h
  %q1 = graph.slice %x axis(2) [3, 6] : (!p) -> !h
  %qa0 = graph.reshape %q0 : !h to !a
  %qa1 = graph.reshape %q1 : !h to !a
  %a0 = graph.attention %qa0, %qa0, %qa0 mask(padding(%l)) : (!a, !a, !a, tensor<?xi64, #graph.dims<batch>>) -> !a
  %a1 = graph.attention %qa1, %qa1, %qa1 mask(padding(%m)) : (!a, !a, !a, tensor<?xi64, #graph.dims<batch>>) -> !a
  %y0 = graph.reshape %a0 : !a to !h
  %y1 = graph.reshape %a1 : !a to !h
  %y = graph.concat %y0, %y1 axis(2) : (!h, !h) -> !p
  return %y : !p
}

// CHECK: Function=bias
// CHECK-SAME: Reason="the heads differ in their bias"
func.func @bias(%x: !p, %b: !b) -> !p {
  %q0 = graph.slice %x axis(2) [0, 3] : (!p) -> !h
  %q1 = graph.slice %x axis(2) [3, 6] : (!p) -> !h
  %qa0 = graph.reshape %q0 : !h to !a
  %qa1 = graph.reshape %q1 : !h to !a
  %a0 = graph.attention %qa0, %qa0, %qa0 bias(%b) : (!a, !a, !a, !b) -> !a
  %a1 = graph.attention %qa1, %qa1, %qa1 : (!a, !a, !a) -> !a
  %y0 = graph.reshape %a0 : !a to !h
  %y1 = graph.reshape %a1 : !a to !h
  %y = graph.concat %y0, %y1 axis(2) : (!h, !h) -> !p
  return %y : !p
}

// CHECK: Function=similarity
// CHECK-SAME: Reason="the heads differ in their similarity"
func.func @similarity(%x: !p) -> !p {
  %q0 = graph.slice %x axis(2) [0, 3] : (!p) -> !h
  %q1 = graph.slice %x axis(2) [3, 6] : (!p) -> !h
  %qa0 = graph.reshape %q0 : !h to !a
  %qa1 = graph.reshape %q1 : !h to !a
  %a0 = graph.attention %qa0, %qa0, %qa0 : (!a, !a, !a) -> !a
  %a1 = graph.attention %qa1, %qa1, %qa1 similarity(cosine) : (!a, !a, !a) -> !a
  %y0 = graph.reshape %a0 : !a to !h
  %y1 = graph.reshape %a1 : !a to !h
  %y = graph.concat %y0, %y1 axis(2) : (!h, !h) -> !p
  return %y : !p
}

// CHECK: Function=formula
// CHECK-SAME: Reason="the heads differ in their formula of scores"
func.func @formula(%x: !p) -> !p {
  %q0 = graph.slice %x axis(2) [0, 3] : (!p) -> !h
  %q1 = graph.slice %x axis(2) [3, 6] : (!p) -> !h
  %qa0 = graph.reshape %q0 : !h to !a
  %qa1 = graph.reshape %q1 : !h to !a
  %a0 = graph.attention %qa0, %qa0, %qa0 score {
  ^bb0(%s: f32, %b: index, %h: index, %i: index, %j: index):
    %t = math.tanh %s : f32
    graph.yield %t : f32
  } : (!a, !a, !a) -> !a
  %a1 = graph.attention %qa1, %qa1, %qa1 score {
  ^bb0(%s: f32, %b: index, %h: index, %i: index, %j: index):
    %t = math.sin %s : f32
    graph.yield %t : f32
  } : (!a, !a, !a) -> !a
  %y0 = graph.reshape %a0 : !a to !h
  %y1 = graph.reshape %a1 : !a to !h
  %y = graph.concat %y0, %y1 axis(2) : (!h, !h) -> !p
  return %y : !p
}

// CHECK: Function=number_of_the_head
// CHECK-SAME: Reason="a formula of scores reads the number of the head"
func.func @number_of_the_head(%x: !p) -> !p {
  %q0 = graph.slice %x axis(2) [0, 3] : (!p) -> !h
  %q1 = graph.slice %x axis(2) [3, 6] : (!p) -> !h
  %qa0 = graph.reshape %q0 : !h to !a
  %qa1 = graph.reshape %q1 : !h to !a
  %a0 = graph.attention %qa0, %qa0, %qa0 score {
  ^bb0(%s: f32, %b: index, %h: index, %i: index, %j: index):
    %n = arith.index_cast %h : index to i32
    %f = arith.sitofp %n : i32 to f32
    %t = arith.addf %s, %f : f32
    graph.yield %t : f32
  } : (!a, !a, !a) -> !a
  %a1 = graph.attention %qa1, %qa1, %qa1 score {
  ^bb0(%s: f32, %b: index, %h: index, %i: index, %j: index):
    %n = arith.index_cast %h : index to i32
    %f = arith.sitofp %n : i32 to f32
    %t = arith.addf %s, %f : f32
    graph.yield %t : f32
  } : (!a, !a, !a) -> !a
  %y0 = graph.reshape %a0 : !a to !h
  %y1 = graph.reshape %a1 : !a to !h
  %y = graph.concat %y0, %y1 axis(2) : (!h, !h) -> !p
  return %y : !p
}

// CHECK: Function=order
// CHECK-SAME: Reason="the queries of the heads are neither layers of one input nor parts of one tensor, in order"
func.func @order(%x: !p) -> !p {
  %q0 = graph.slice %x axis(2) [3, 6] : (!p) -> !h
  %q1 = graph.slice %x axis(2) [0, 3] : (!p) -> !h
  %qa0 = graph.reshape %q0 : !h to !a
  %qa1 = graph.reshape %q1 : !h to !a
  %a0 = graph.attention %qa0, %qa0, %qa0 : (!a, !a, !a) -> !a
  %a1 = graph.attention %qa1, %qa1, %qa1 : (!a, !a, !a) -> !a
  %y0 = graph.reshape %a0 : !a to !h
  %y1 = graph.reshape %a1 : !a to !h
  %y = graph.concat %y0, %y1 axis(2) : (!h, !h) -> !p
  return %y : !p
}

// CHECK: Function=second_user
// CHECK-SAME: Reason="a head has a second user"
func.func @second_user(%x: !p) -> (!p, !a) {
  %q0 = graph.slice %x axis(2) [0, 3] : (!p) -> !h
  %q1 = graph.slice %x axis(2) [3, 6] : (!p) -> !h
  %qa0 = graph.reshape %q0 : !h to !a
  %qa1 = graph.reshape %q1 : !h to !a
  %a0 = graph.attention %qa0, %qa0, %qa0 : (!a, !a, !a) -> !a
  %a1 = graph.attention %qa1, %qa1, %qa1 : (!a, !a, !a) -> !a
  %y0 = graph.reshape %a0 : !a to !h
  %y1 = graph.reshape %a1 : !a to !h
  %y = graph.concat %y0, %y1 axis(2) : (!h, !h) -> !p
  return %y, %a0 : !p, !a
}

// CHECK: Function=inputs
// CHECK-SAME: Reason="the projections have different inputs"
func.func @inputs(%x: !h, %z: !h) -> !p {
  %w0 = graph.weight "w0" : !w
  %w1 = graph.weight "w1" : !w
  %q0 = graph.linear %x, %w0 : (!h, !w) -> !h
  %q1 = graph.linear %z, %w1 : (!h, !w) -> !h
  %qa0 = graph.reshape %q0 : !h to !a
  %qa1 = graph.reshape %q1 : !h to !a
  %a0 = graph.attention %qa0, %qa0, %qa0 : (!a, !a, !a) -> !a
  %a1 = graph.attention %qa1, %qa1, %qa1 : (!a, !a, !a) -> !a
  %y0 = graph.reshape %a0 : !a to !h
  %y1 = graph.reshape %a1 : !a to !h
  %y = graph.concat %y0, %y1 axis(2) : (!h, !h) -> !p
  return %y : !p
}

// CHECK: Function=batch
// CHECK-SAME: Reason="the heads are not joined along features or heads"
func.func @batch(%x: tensor<2x5x6xf32>) -> tensor<4x1x5x3xf32> {
  %q0 = graph.slice %x axis(2) [0, 3] : (tensor<2x5x6xf32>) -> tensor<2x5x3xf32>
  %q1 = graph.slice %x axis(2) [3, 6] : (tensor<2x5x6xf32>) -> tensor<2x5x3xf32>
  %qa0 = graph.reshape %q0 : tensor<2x5x3xf32> to !static
  %qa1 = graph.reshape %q1 : tensor<2x5x3xf32> to !static
  %a0 = graph.attention %qa0, %qa0, %qa0 : (!static, !static, !static) -> !static
  %a1 = graph.attention %qa1, %qa1, %qa1 : (!static, !static, !static) -> !static
  %y = graph.concat %a0, %a1 axis(0) : (!static, !static) -> tensor<4x1x5x3xf32>
  return %y : tensor<4x1x5x3xf32>
}

// CHECK: Function=residual
// CHECK-SAME: Reason="some of what is joined is no attention"
func.func @residual(%x: !p, %z: !h) -> tensor<?x?x9xf32, #graph.dims<batch, seq, _>> {
  %q0 = graph.slice %x axis(2) [0, 3] : (!p) -> !h
  %q1 = graph.slice %x axis(2) [3, 6] : (!p) -> !h
  %qa0 = graph.reshape %q0 : !h to !a
  %qa1 = graph.reshape %q1 : !h to !a
  %a0 = graph.attention %qa0, %qa0, %qa0 : (!a, !a, !a) -> !a
  %a1 = graph.attention %qa1, %qa1, %qa1 : (!a, !a, !a) -> !a
  %y0 = graph.reshape %a0 : !a to !h
  %y1 = graph.reshape %a1 : !a to !h
  %y = graph.concat %y0, %y1, %z axis(2) : (!h, !h, !h) -> tensor<?x?x9xf32, #graph.dims<batch, seq, _>>
  return %y : tensor<?x?x9xf32, #graph.dims<batch, seq, _>>
}

// Several heads, of which each has a bias of its own: no batch.

// CHECK: Function=several_heads
// CHECK-SAME: Reason="an attention has several heads"
func.func @several_heads(%x: tensor<2x5x6xf32>, %b: tensor<2x5x5xf32>) -> tensor<2x5x6xf32> {
  %q0 = graph.slice %x axis(2) [0, 3] : (tensor<2x5x6xf32>) -> tensor<2x5x3xf32>
  %q1 = graph.slice %x axis(2) [3, 6] : (tensor<2x5x6xf32>) -> tensor<2x5x3xf32>
  %qa0 = graph.reshape %q0 : tensor<2x5x3xf32> to tensor<1x2x5x3xf32>
  %qa1 = graph.reshape %q1 : tensor<2x5x3xf32> to tensor<1x2x5x3xf32>
  %a0 = graph.attention %qa0, %qa0, %qa0 bias(%b) : (tensor<1x2x5x3xf32>, tensor<1x2x5x3xf32>, tensor<1x2x5x3xf32>, tensor<2x5x5xf32>) -> tensor<1x2x5x3xf32>
  %a1 = graph.attention %qa1, %qa1, %qa1 bias(%b) : (tensor<1x2x5x3xf32>, tensor<1x2x5x3xf32>, tensor<1x2x5x3xf32>, tensor<2x5x5xf32>) -> tensor<1x2x5x3xf32>
  %y0 = graph.reshape %a0 : tensor<1x2x5x3xf32> to tensor<2x5x3xf32>
  %y1 = graph.reshape %a1 : tensor<1x2x5x3xf32> to tensor<2x5x3xf32>
  %y = graph.concat %y0, %y1 axis(2) : (tensor<2x5x3xf32>, tensor<2x5x3xf32>) -> tensor<2x5x6xf32>
  return %y : tensor<2x5x6xf32>
}
