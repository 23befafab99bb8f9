// RUN: sylvite-opt %s --sylvite-fuse-attention --remarks-filter=sylvite-fusion 2>&1 >/dev/null | FileCheck %s
// RUN: sylvite-opt %s --sylvite-fuse-attention | FileCheck %s --check-prefix=IR

// What keeps an attention from becoming one op; nothing here is fused.

// IR-NOT: graph.attention

!bhsd = tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>>
!bhss = tensor<?x4x?x?xf32, #graph.dims<batch, _, seq, seq>>

// CHECK: [Missed] attention | Category:sylvite-fusion | Function=two_values
// CHECK-SAME: Other=loc({{.+}}), Reason="the probabilities are multiplied by several values", Suggestion="concatenate the values"
func.func @two_values(%x: !bhsd, %y: !bhsd) -> (!bhsd, !bhsd) {
  %s = graph.matmul %x, %x {transpose_rhs} : (!bhsd, !bhsd) -> !bhss
  %p = graph.softmax %s axis(3) : !bhss
  %o = graph.matmul %p, %x : (!bhss, !bhsd) -> !bhsd
  %o1 = graph.matmul %p, %y : (!bhss, !bhsd) -> !bhsd
  return %o, %o1 : !bhsd, !bhsd
}

// CHECK: Function=values_of_weights
// CHECK-SAME: Reason="the values depend on the probabilities"
func.func @values_of_weights(%x: !bhsd) -> !bhsd {
  %s = graph.matmul %x, %x {transpose_rhs} : (!bhsd, !bhsd) -> !bhss
  %p = graph.softmax %s axis(3) : !bhss
  %m = graph.reduce max %p axes [3] keepdims : (!bhss) -> tensor<?x4x?x1xf32, #graph.dims<batch, _, seq, _>>
  %v = graph.mul %x, %m : (!bhsd, tensor<?x4x?x1xf32, #graph.dims<batch, _, seq, _>>) -> !bhsd
  %o = graph.matmul %p, %v : (!bhss, !bhsd) -> !bhsd
  return %o : !bhsd
}

// CHECK: Function=scores_returned
// CHECK-SAME: Reason="the scores have a second user"
func.func @scores_returned(%x: !bhsd) -> (!bhsd, !bhss) {
  %s = graph.matmul %x, %x {transpose_rhs} : (!bhsd, !bhsd) -> !bhss
  %p = graph.softmax %s axis(3) : !bhss
  %o = graph.matmul %p, %x : (!bhss, !bhsd) -> !bhsd
  return %o, %s : !bhsd, !bhss
}

// CHECK: Function=no_values
// CHECK-SAME: Reason="the probabilities are not multiplied by values"
func.func @no_values(%x: !bhsd) -> !bhss {
  %s = graph.matmul %x, %x {transpose_rhs} : (!bhsd, !bhsd) -> !bhss
  %p = graph.softmax %s axis(3) : !bhss
  return %p : !bhss
}

// CHECK: Function=weights_changed
// CHECK-SAME: Reason="the probabilities are not multiplied by values"
// CHECK-SAME: Suggestion="feed the softmax directly to the product with the values"
func.func @weights_changed(%x: !bhsd) -> !bhsd {
  %half = graph.constant dense<0.5> : tensor<f32>
  %s = graph.matmul %x, %x {transpose_rhs} : (!bhsd, !bhsd) -> !bhss
  %p = graph.softmax %s axis(3) : !bhss
  %p1 = graph.mul %p, %half : (!bhss, tensor<f32>) -> !bhss
  %o = graph.matmul %p1, %x : (!bhss, !bhsd) -> !bhsd
  return %o : !bhsd
}

// CHECK: Function=along_queries
// CHECK-SAME: Reason="the softmax is not along the keys"
func.func @along_queries(%x: !bhsd) -> !bhsd {
  %s = graph.matmul %x, %x {transpose_rhs} : (!bhsd, !bhsd) -> !bhss
  %p = graph.softmax %s axis(2) : !bhss
  %o = graph.matmul %p, %x : (!bhss, !bhsd) -> !bhsd
  return %o : !bhsd
}

// CHECK: Function=gated_scores
// CHECK-SAME: Reason="the scores are multiplied by a tensor"
func.func @gated_scores(%x: !bhsd, %g: !bhss) -> !bhsd {
  %s = graph.matmul %x, %x {transpose_rhs} : (!bhsd, !bhsd) -> !bhss
  %s1 = graph.mul %s, %g : (!bhss, !bhss) -> !bhss
  %p = graph.softmax %s1 axis(3) : !bhss
  %o = graph.matmul %p, %x : (!bhss, !bhsd) -> !bhsd
  return %o : !bhsd
}

// CHECK: Function=divided_by_tensor
// CHECK-SAME: Reason="the scores are divided by a tensor"
func.func @divided_by_tensor(%x: !bhsd, %g: !bhss) -> !bhsd {
  %s = graph.matmul %x, %x {transpose_rhs} : (!bhsd, !bhsd) -> !bhss
  %s1 = graph.div %s, %g : (!bhss, !bhss) -> !bhss
  %p = graph.softmax %s1 axis(3) : !bhss
  %o = graph.matmul %p, %x : (!bhss, !bhsd) -> !bhsd
  return %o : !bhsd
}

// CHECK: Function=sum_of_scores
// CHECK-SAME: Reason="'graph.cumsum' on the scores is no part of an attention"
// CHECK-SAME: Suggestion="scale, add to, or mask the scores"
func.func @sum_of_scores(%x: !bhsd) -> !bhsd {
  %s = graph.matmul %x, %x {transpose_rhs} : (!bhsd, !bhsd) -> !bhss
  %s1 = graph.cumsum %s axis(3) : !bhss
  %p = graph.softmax %s1 axis(3) : !bhss
  %o = graph.matmul %p, %x : (!bhss, !bhsd) -> !bhsd
  return %o : !bhsd
}

// CHECK: Function=whole_scores
// CHECK-SAME: Reason="the scores are cast to integers and back"
func.func @whole_scores(%x: tensor<1x4x5x8xf32>) -> tensor<1x4x5x8xf32> {
  %s = graph.matmul %x, %x {transpose_rhs} : (tensor<1x4x5x8xf32>, tensor<1x4x5x8xf32>) -> tensor<1x4x5x5xf32>
  %s1 = graph.cast %s : tensor<1x4x5x5xf32> to tensor<1x4x5x5xi32>
  %s2 = graph.cast %s1 : tensor<1x4x5x5xi32> to tensor<1x4x5x5xf32>
  %p = graph.softmax %s2 axis(3) : tensor<1x4x5x5xf32>
  %o = graph.matmul %p, %x : (tensor<1x4x5x5xf32>, tensor<1x4x5x8xf32>) -> tensor<1x4x5x8xf32>
  return %o : tensor<1x4x5x8xf32>
}

// CHECK: Function=two_scores
// CHECK-SAME: Reason="a select takes scores from two places"
func.func @two_scores(%x: !bhsd, %c: tensor<i1>, %t: !bhss) -> !bhsd {
  %s = graph.matmul %x, %x {transpose_rhs} : (!bhsd, !bhsd) -> !bhss
  %s1 = graph.select %c, %s, %t : (tensor<i1>, !bhss, !bhss) -> !bhss
  %p = graph.softmax %s1 axis(3) : !bhss
  %o = graph.matmul %p, %x : (!bhss, !bhsd) -> !bhsd
  return %o : !bhsd
}

// A key with a score of zero is seen.

// CHECK: Function=masked_by_zero
// CHECK-SAME: Reason="a select puts a number in the place of scores that is not below -10000 at the softmax"
// CHECK-SAME: Suggestion="mask with -inf"
func.func @masked_by_zero(%x: !bhsd, %c: tensor<i1>) -> !bhsd {
  %zero = graph.constant dense<0.0> : tensor<f32>
  %s = graph.matmul %x, %x {transpose_rhs} : (!bhsd, !bhsd) -> !bhss
  %s1 = graph.select %c, %s, %zero : (tensor<i1>, !bhss, tensor<f32>) -> !bhss
  %p = graph.softmax %s1 axis(3) : !bhss
  %o = graph.matmul %p, %x : (!bhss, !bhsd) -> !bhsd
  return %o : !bhsd
}

// The factor behind a mask makes it one that hides nothing.

// CHECK: Function=scaled_mask
// CHECK-SAME: Reason="a select puts a number in the place of scores that is not below -10000 at the softmax"
func.func @scaled_mask(%x: !bhsd, %c: tensor<i1>) -> !bhsd {
  %big = graph.constant dense<-10000.0> : tensor<f32>
  %small = graph.constant dense<0.125> : tensor<f32>
  %s = graph.matmul %x, %x {transpose_rhs} : (!bhsd, !bhsd) -> !bhss
  %s1 = graph.select %c, %s, %big : (tensor<i1>, !bhss, tensor<f32>) -> !bhss
  %s2 = graph.mul %s1, %small : (!bhss, tensor<f32>) -> !bhss
  %p = graph.softmax %s2 axis(3) : !bhss
  %o = graph.matmul %p, %x : (!bhss, !bhsd) -> !bhsd
  return %o : !bhsd
}

// CHECK: Function=sign_of_mask
// CHECK-SAME: Reason="masked scores change their sign"
func.func @sign_of_mask(%x: !bhsd, %c: tensor<i1>) -> !bhsd {
  %big = graph.constant dense<1.0e9> : tensor<f32>
  %s = graph.matmul %x, %x {transpose_rhs} : (!bhsd, !bhsd) -> !bhss
  %s1 = graph.select %c, %s, %big : (tensor<i1>, !bhss, tensor<f32>) -> !bhss
  %s2 = graph.neg %s1 : !bhss
  %p = graph.softmax %s2 axis(3) : !bhss
  %o = graph.matmul %p, %x : (!bhss, !bhsd) -> !bhsd
  return %o : !bhsd
}

// CHECK: Function=shared_keys
// CHECK-SAME: Reason="the operands of the product differ in batch or heads"
// CHECK-SAME: Suggestion="repeat keys and values, or bring them to one rank"
func.func @shared_keys(%q: tensor<2x4x5x8xf32>, %k: tensor<1x4x5x8xf32>) -> tensor<2x4x5x8xf32> {
  %s = graph.matmul %q, %k {transpose_rhs} : (tensor<2x4x5x8xf32>, tensor<1x4x5x8xf32>) -> tensor<2x4x5x5xf32>
  %p = graph.softmax %s axis(3) : tensor<2x4x5x5xf32>
  %o = graph.matmul %p, %q : (tensor<2x4x5x5xf32>, tensor<2x4x5x8xf32>) -> tensor<2x4x5x8xf32>
  return %o : tensor<2x4x5x8xf32>
}

// CHECK: Function=broadcast_scores
// CHECK-SAME: Reason="the scores are broadcast"
func.func @broadcast_scores(%q: tensor<1x4x5x8xf32>, %b: tensor<2x1x5x5xf32>, %v: tensor<2x4x5x8xf32>) -> tensor<2x4x5x8xf32> {
  %s = graph.matmul %q, %q {transpose_rhs} : (tensor<1x4x5x8xf32>, tensor<1x4x5x8xf32>) -> tensor<1x4x5x5xf32>
  %s1 = graph.add %s, %b : (tensor<1x4x5x5xf32>, tensor<2x1x5x5xf32>) -> tensor<2x4x5x5xf32>
  %p = graph.softmax %s1 axis(3) : tensor<2x4x5x5xf32>
  %o = graph.matmul %p, %v : (tensor<2x4x5x5xf32>, tensor<2x4x5x8xf32>) -> tensor<2x4x5x8xf32>
  return %o : tensor<2x4x5x8xf32>
}

// CHECK: Function=no_scores
// CHECK-SAME: Reason="the scores are no product of queries and keys"
func.func @no_scores(%s: !bhss, %v: !bhsd) -> !bhsd {
  %p = graph.softmax %s axis(3) : !bhss
  %o = graph.matmul %p, %v : (!bhss, !bhsd) -> !bhsd
  return %o : !bhsd
}

// CHECK: Function=learned_keys
// CHECK-SAME: Reason="the scores are a product with a weight"
func.func @learned_keys(%q: tensor<2x5x8xf32>, %v: tensor<2x7x8xf32>) -> tensor<2x5x8xf32> {
  %k = graph.weight "keys" : tensor<7x8xf32>
  %s = graph.matmul %q, %k {transpose_rhs} : (tensor<2x5x8xf32>, tensor<7x8xf32>) -> tensor<2x5x7xf32>
  %p = graph.softmax %s axis(2) : tensor<2x5x7xf32>
  %o = graph.matmul %p, %v : (tensor<2x5x7xf32>, tensor<2x7x8xf32>) -> tensor<2x5x8xf32>
  return %o : tensor<2x5x8xf32>
}

// CHECK: Function=unnamed
// CHECK-SAME: Reason="a dimension has no name"
// CHECK-SAME: Suggestion="name dynamic dimensions with #graph.dims"
func.func @unnamed(%q: tensor<1x4x?x8xf32>, %k: tensor<1x4x5x8xf32>) -> tensor<1x4x?x8xf32> {
  %s = graph.matmul %q, %k {transpose_rhs} : (tensor<1x4x?x8xf32>, tensor<1x4x5x8xf32>) -> tensor<1x4x?x5xf32>
  %p = graph.softmax %s axis(3) : tensor<1x4x?x5xf32>
  %o = graph.matmul %p, %k : (tensor<1x4x?x5xf32>, tensor<1x4x5x8xf32>) -> tensor<1x4x?x8xf32>
  return %o : tensor<1x4x?x8xf32>
}

// CHECK: Function=dynamic_heads
// CHECK-SAME: Reason="the number of heads is dynamic"
func.func @dynamic_heads(%x: tensor<2x?x5x8xf32, #graph.dims<_, heads, _, _>>) -> tensor<2x?x5x8xf32, #graph.dims<_, heads, _, _>> {
  %s = graph.matmul %x, %x {transpose_rhs} : (tensor<2x?x5x8xf32, #graph.dims<_, heads, _, _>>, tensor<2x?x5x8xf32, #graph.dims<_, heads, _, _>>) -> tensor<2x?x5x5xf32, #graph.dims<_, heads, _, _>>
  %p = graph.softmax %s axis(3) : tensor<2x?x5x5xf32, #graph.dims<_, heads, _, _>>
  %o = graph.matmul %p, %x : (tensor<2x?x5x5xf32, #graph.dims<_, heads, _, _>>, tensor<2x?x5x8xf32, #graph.dims<_, heads, _, _>>) -> tensor<2x?x5x8xf32, #graph.dims<_, heads, _, _>>
  return %o : tensor<2x?x5x8xf32, #graph.dims<_, heads, _, _>>
}

// CHECK: Function=rank_6
// CHECK-SAME: Reason="the scores have more than 5 dimensions"
func.func @rank_6(%x: tensor<2x1x3x4x5x8xf32>) -> tensor<2x1x3x4x5x8xf32> {
  %s = graph.matmul %x, %x {transpose_rhs} : (tensor<2x1x3x4x5x8xf32>, tensor<2x1x3x4x5x8xf32>) -> tensor<2x1x3x4x5x5xf32>
  %p = graph.softmax %s axis(5) : tensor<2x1x3x4x5x5xf32>
  %o = graph.matmul %p, %x : (tensor<2x1x3x4x5x5xf32>, tensor<2x1x3x4x5x8xf32>) -> tensor<2x1x3x4x5x8xf32>
  return %o : tensor<2x1x3x4x5x8xf32>
}

// CHECK: Function=mixed_scores
// CHECK-SAME: Reason="a reshape of the scores mixes their dimensions"
func.func @mixed_scores(%q: tensor<2x6x8xf32>, %k: tensor<2x4x8xf32>, %v: tensor<2x3x8xf32>) -> tensor<2x8x8xf32> {
  %s = graph.matmul %q, %k {transpose_rhs} : (tensor<2x6x8xf32>, tensor<2x4x8xf32>) -> tensor<2x6x4xf32>
  %s1 = graph.reshape %s : tensor<2x6x4xf32> to tensor<2x8x3xf32>
  %p = graph.softmax %s1 axis(2) : tensor<2x8x3xf32>
  %o = graph.matmul %p, %v : (tensor<2x8x3xf32>, tensor<2x3x8xf32>) -> tensor<2x8x8xf32>
  return %o : tensor<2x8x8xf32>
}

// CHECK: Function=mixed_probabilities
// CHECK-SAME: Reason="a reshape behind the softmax mixes its dimensions"
func.func @mixed_probabilities(%q: tensor<2x6x8xf32>, %k: tensor<2x4x8xf32>, %v: tensor<2x3x8xf32>) -> tensor<2x8x8xf32> {
  %s = graph.matmul %q, %k {transpose_rhs} : (tensor<2x6x8xf32>, tensor<2x4x8xf32>) -> tensor<2x6x4xf32>
  %p = graph.softmax %s axis(2) : tensor<2x6x4xf32>
  %p1 = graph.reshape %p : tensor<2x6x4xf32> to tensor<2x8x3xf32>
  %o = graph.matmul %p1, %v : (tensor<2x8x3xf32>, tensor<2x3x8xf32>) -> tensor<2x8x8xf32>
  return %o : tensor<2x8x8xf32>
}

// Heads are moved into the batch's place between the product and the softmax.

// CHECK: Function=heads_moved
// CHECK-SAME: Reason="the scores are not [batch, heads, queries, keys]"
func.func @heads_moved(%x: tensor<2x4x5x8xf32>, %v: tensor<4x2x5x8xf32>) -> tensor<4x2x5x8xf32> {
  %s = graph.matmul %x, %x {transpose_rhs} : (tensor<2x4x5x8xf32>, tensor<2x4x5x8xf32>) -> tensor<2x4x5x5xf32>
  %s1 = graph.transpose %s perm [1, 0, 2, 3] : (tensor<2x4x5x5xf32>) -> tensor<4x2x5x5xf32>
  %p = graph.softmax %s1 axis(3) : tensor<4x2x5x5xf32>
  %o = graph.matmul %p, %v : (tensor<4x2x5x5xf32>, tensor<4x2x5x8xf32>) -> tensor<4x2x5x8xf32>
  return %o : tensor<4x2x5x8xf32>
}
