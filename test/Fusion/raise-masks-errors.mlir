// RUN: sylvite-opt %s --sylvite-raise-masks --remarks-filter=sylvite-fusion 2>&1 >/dev/null | FileCheck %s
// RUN: sylvite-opt %s --sylvite-raise-masks | FileCheck %s --check-prefix=IR

// Biases that stay what they are, because they equal no mask, or none that can
// be told from the graph.

// IR-NOT: mask(

!x = tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>>
!y = tensor<?x4x?x8xf32, #graph.dims<batch, _, keys, _>>
!bt = tensor<?x?xi64, #graph.dims<batch, seq>>
!btf = tensor<?x?xf32, #graph.dims<batch, seq>>
!b11t = tensor<?x1x1x?xf32, #graph.dims<batch, _, _, seq>>
!b1st = tensor<?x1x?x?xf32, #graph.dims<batch, _, seq, seq>>
!b1stbool = tensor<?x1x?x?xi1, #graph.dims<batch, _, seq, seq>>
!bst = tensor<?x?x?xf32, #graph.dims<batch, seq, seq>>
!hst = tensor<4x?x?xf32, #graph.dims<_, seq, seq>>
!st = tensor<?x?xf32, #graph.dims<seq, seq>>
!stbool = tensor<?x?xi1, #graph.dims<seq, seq>>
!s1 = tensor<?x1xi64, #graph.dims<seq, _>>
!t = tensor<?xi64, #graph.dims<seq>>
!tbool = tensor<?xi1, #graph.dims<seq>>
!tf = tensor<?xf32, #graph.dims<seq>>
!a = tensor<1x2x3x4xf32>

// CHECK: remark: [Missed] mask | Category:sylvite-fusion | Function=bias_proper
// CHECK-SAME: Reason="a tensor of numbers is not known to hold two different ones"
// CHECK-SAME: Suggestion="calculate the mask in the graph, from booleans, 0/1 integers or positions; a summand that is no mask stays the bias"
func.func @bias_proper(%x: !x, %b: !hst) -> !x {
  %o = graph.attention %x, %x, %x bias(%b) : (!x, !x, !x, !hst) -> !x
  return %o : !x
}

// Keys with a lower score are seen all the same.

// CHECK: Function=low_but_seen
// CHECK-SAME: Reason="it adds 0 or -100, but a mask adds 0 or a number of -10000 or less"
func.func @low_but_seen(%x: !x, %m: !b1stbool) -> !x {
  %shown = graph.constant dense<0.0> : tensor<f32>
  %low = graph.constant dense<-100.0> : tensor<f32>
  %j = graph.iota axis(0) : !t
  %i = graph.reshape %j : !t to !s1
  %a = graph.compare le %j, %i : (!t, !s1) -> !stbool
  %b = graph.select %a, %shown, %low : (!stbool, tensor<f32>, tensor<f32>) -> !st
  %o = graph.attention %x, %x, %x bias(%b) : (!x, !x, !x, !st) -> !x
  return %o : !x
}

// CHECK: Function=not_zero
// CHECK-SAME: Reason="it adds 1 or -inf, but a mask adds 0 or a number of -10000 or less"
func.func @not_zero(%x: !x) -> !x {
  %one = graph.constant dense<1.0> : tensor<f32>
  %hidden = graph.constant dense<0xFF800000> : tensor<f32>
  %j = graph.iota axis(0) : !t
  %i = graph.reshape %j : !t to !s1
  %a = graph.compare le %j, %i : (!t, !s1) -> !stbool
  %b = graph.select %a, %one, %hidden : (!stbool, tensor<f32>, tensor<f32>) -> !st
  %o = graph.attention %x, %x, %x bias(%b) : (!x, !x, !x, !st) -> !x
  return %o : !x
}

// CHECK: Function=zero_times_infinity
// CHECK-SAME: Reason="its elements have more than two values, or none (0 * inf)"
func.func @zero_times_infinity(%x: !x, %m: !bt) -> !x {
  %one = graph.constant dense<1.0> : tensor<f32>
  %hidden = graph.constant dense<0xFF800000> : tensor<f32>
  %a = graph.cast %m : !bt to !btf
  %b = graph.sub %one, %a : (tensor<f32>, !btf) -> !btf
  %c = graph.mul %b, %hidden : (!btf, tensor<f32>) -> !btf
  %d = graph.reshape %c : !btf to !b11t
  %o = graph.attention %x, %x, %x bias(%d) : (!x, !x, !x, !b11t) -> !x
  return %o : !x
}

// CHECK: Function=three_values
// CHECK-SAME: Reason="its elements have more than two values, or none (0 * inf)"
func.func @three_values(%x: !x, %m: !bt, %n: !bt) -> !x {
  %low = graph.constant dense<-1.0e9> : tensor<f32>
  %a = graph.add %m, %n : (!bt, !bt) -> !bt
  %b = graph.cast %a : !bt to !btf
  %c = graph.mul %b, %low : (!btf, tensor<f32>) -> !btf
  %d = graph.reshape %c : !btf to !b11t
  %o = graph.attention %x, %x, %x bias(%d) : (!x, !x, !x, !b11t) -> !x
  return %o : !x
}

// CHECK: Function=other_range
// CHECK-SAME: Reason="an argument holds integers from 0 to 2, not 0 and 1"
func.func @other_range(%x: !x, %m: !bt {graph.range = [0, 3]}) -> !x {
  %one = graph.constant dense<1.0> : tensor<f32>
  %low = graph.constant dense<-1.0e9> : tensor<f32>
  %a = graph.cast %m : !bt to !btf
  %b = graph.sub %one, %a : (tensor<f32>, !btf) -> !btf
  %c = graph.mul %b, %low : (!btf, tensor<f32>) -> !btf
  %d = graph.reshape %c : !btf to !b11t
  %o = graph.attention %x, %x, %x bias(%d) : (!x, !x, !x, !b11t) -> !x
  return %o : !x
}

// CHECK: Function=counts
// CHECK-SAME: Reason="integers are not known to be 0 and 1"
func.func @counts(%x: !x, %m: !bt) -> !x {
  %low = graph.constant dense<-1.0e9> : tensor<f32>
  %s = graph.cumsum %m axis(1) : !bt
  %a = graph.cast %s : !bt to !btf
  %c = graph.mul %a, %low : (!btf, tensor<f32>) -> !btf
  %d = graph.reshape %c : !btf to !b11t
  %o = graph.attention %x, %x, %x bias(%d) : (!x, !x, !x, !b11t) -> !x
  return %o : !x
}

// CHECK: Function=mask_of_pairs
// CHECK-SAME: Reason="booleans are no formula of queries and keys"
func.func @mask_of_pairs(%x: !x, %m: !b1stbool) -> !x {
  %shown = graph.constant dense<0.0> : tensor<f32>
  %hidden = graph.constant dense<0xFF800000> : tensor<f32>
  %b = graph.select %m, %shown, %hidden : (!b1stbool, tensor<f32>, tensor<f32>) -> !b1st
  %o = graph.attention %x, %x, %x bias(%b) : (!x, !x, !x, !b1st) -> !x
  return %o : !x
}

// CHECK: Function=integers_of_pairs
// CHECK-SAME: Reason="a mask of queries and keys is no formula"
func.func @integers_of_pairs(%x: !x, %m: tensor<?x1x?x?xi64, #graph.dims<batch, _, seq, seq>>) -> !x {
  %one = graph.constant dense<1.0> : tensor<f32>
  %low = graph.constant dense<-1.0e9> : tensor<f32>
  %a = graph.cast %m : tensor<?x1x?x?xi64, #graph.dims<batch, _, seq, seq>> to !b1st
  %b = graph.sub %one, %a : (tensor<f32>, !b1st) -> !b1st
  %c = graph.mul %b, %low : (!b1st, tensor<f32>) -> !b1st
  %o = graph.attention %x, %x, %x bias(%c) : (!x, !x, !x, !b1st) -> !x
  return %o : !x
}

// CHECK: Function=integers_of_heads
// CHECK-SAME: Reason="a mask differs by head"
func.func @integers_of_heads(%x: !x, %m: tensor<4x1x?xi64, #graph.dims<_, _, seq>>) -> !x {
  %one = graph.constant dense<1.0> : tensor<f32>
  %low = graph.constant dense<-1.0e9> : tensor<f32>
  %a = graph.cast %m : tensor<4x1x?xi64, #graph.dims<_, _, seq>> to tensor<4x1x?xf32, #graph.dims<_, _, seq>>
  %b = graph.sub %one, %a : (tensor<f32>, tensor<4x1x?xf32, #graph.dims<_, _, seq>>) -> tensor<4x1x?xf32, #graph.dims<_, _, seq>>
  %c = graph.mul %b, %low : (tensor<4x1x?xf32, #graph.dims<_, _, seq>>, tensor<f32>) -> tensor<4x1x?xf32, #graph.dims<_, _, seq>>
  %o = graph.attention %x, %x, %x bias(%c) : (!x, !x, !x, tensor<4x1x?xf32, #graph.dims<_, _, seq>>) -> !x
  return %o : !x
}

// Rows of padding: they may not be dropped, they change the result.

// CHECK: Function=hides_queries
// CHECK-SAME: Reason="a mask hides queries, not keys"
func.func @hides_queries(%x: !x, %m: !bt) -> !x {
  %one = graph.constant dense<1.0> : tensor<f32>
  %low = graph.constant dense<-1.0e9> : tensor<f32>
  %r = graph.reshape %m : !bt to tensor<?x1x?x1xi64, #graph.dims<batch, _, seq, _>>
  %a = graph.cast %r : tensor<?x1x?x1xi64, #graph.dims<batch, _, seq, _>> to tensor<?x1x?x1xf32, #graph.dims<batch, _, seq, _>>
  %b = graph.sub %one, %a : (tensor<f32>, tensor<?x1x?x1xf32, #graph.dims<batch, _, seq, _>>) -> tensor<?x1x?x1xf32, #graph.dims<batch, _, seq, _>>
  %c = graph.mul %b, %low : (tensor<?x1x?x1xf32, #graph.dims<batch, _, seq, _>>, tensor<f32>) -> tensor<?x1x?x1xf32, #graph.dims<batch, _, seq, _>>
  %o = graph.attention %x, %x, %x bias(%c) : (!x, !x, !x, tensor<?x1x?x1xf32, #graph.dims<batch, _, seq, _>>) -> !x
  return %o : !x
}

// CHECK: Function=one_behind
// CHECK-SAME: Reason="a query sees keys up to 1 positions behind it, which is neither its own position nor the end"
func.func @one_behind(%x: !x) -> !x {
  %one = graph.constant dense<1> : tensor<i64>
  %shown = graph.constant dense<0.0> : tensor<f32>
  %hidden = graph.constant dense<0xFF800000> : tensor<f32>
  %j = graph.iota axis(0) : !t
  %i0 = graph.reshape %j : !t to !s1
  %i = graph.add %i0, %one : (!s1, tensor<i64>) -> !s1
  %a = graph.compare le %j, %i : (!t, !s1) -> !stbool
  %b = graph.select %a, %shown, %hidden : (!stbool, tensor<f32>, tensor<f32>) -> !st
  %o = graph.attention %x, %x, %x bias(%b) : (!x, !x, !x, !st) -> !x
  return %o : !x
}

// The last key of a query is at its own position; the window's would be at the
// end of keys that are not as many as queries.

// CHECK: Function=window_of_other_keys
// CHECK-SAME: Reason="a query sees keys up to 0 positions behind it, which is neither its own position nor the end"
func.func @window_of_other_keys(%x: !x, %y: !y) -> !x {
  %three = graph.constant dense<3> : tensor<i64>
  %shown = graph.constant dense<0.0> : tensor<f32>
  %hidden = graph.constant dense<0xFF800000> : tensor<f32>
  %j = graph.iota axis(0) : tensor<?xi64, #graph.dims<keys>>
  %i = graph.iota axis(0) : !s1
  %last = graph.add %j, %three : (tensor<?xi64, #graph.dims<keys>>, tensor<i64>) -> tensor<?xi64, #graph.dims<keys>>
  %a = graph.compare le %j, %i : (tensor<?xi64, #graph.dims<keys>>, !s1) -> tensor<?x?xi1, #graph.dims<seq, keys>>
  %b = graph.compare gt %last, %i : (tensor<?xi64, #graph.dims<keys>>, !s1) -> tensor<?x?xi1, #graph.dims<seq, keys>>
  %c = graph.and %a, %b : (tensor<?x?xi1, #graph.dims<seq, keys>>, tensor<?x?xi1, #graph.dims<seq, keys>>) -> tensor<?x?xi1, #graph.dims<seq, keys>>
  %d = graph.select %c, %shown, %hidden : (tensor<?x?xi1, #graph.dims<seq, keys>>, tensor<f32>, tensor<f32>) -> tensor<?x?xf32, #graph.dims<seq, keys>>
  %o = graph.attention %x, %y, %y bias(%d) : (!x, !y, !y, tensor<?x?xf32, #graph.dims<seq, keys>>) -> !x
  return %o : !x
}

// CHECK: Function=backward
// CHECK-SAME: Reason="keys before a query are hidden, but not those behind it"
func.func @backward(%x: !x) -> !x {
  %shown = graph.constant dense<0.0> : tensor<f32>
  %hidden = graph.constant dense<0xFF800000> : tensor<f32>
  %j = graph.iota axis(0) : !t
  %i = graph.reshape %j : !t to !s1
  %a = graph.compare ge %j, %i : (!t, !s1) -> !stbool
  %b = graph.select %a, %shown, %hidden : (!stbool, tensor<f32>, tensor<f32>) -> !st
  %o = graph.attention %x, %x, %x bias(%b) : (!x, !x, !x, !st) -> !x
  return %o : !x
}

// CHECK: Function=all_but_itself
// CHECK-SAME: Reason="positions are compared in no way that masks have"
func.func @all_but_itself(%x: !x) -> !x {
  %shown = graph.constant dense<0.0> : tensor<f32>
  %hidden = graph.constant dense<0xFF800000> : tensor<f32>
  %j = graph.iota axis(0) : !t
  %i = graph.reshape %j : !t to !s1
  %a = graph.compare ne %j, %i : (!t, !s1) -> !stbool
  %b = graph.select %a, %shown, %hidden : (!stbool, tensor<f32>, tensor<f32>) -> !st
  %o = graph.attention %x, %x, %x bias(%b) : (!x, !x, !x, !st) -> !x
  return %o : !x
}

// CHECK: Function=other_documents
// CHECK-SAME: Reason="a negated condition on queries and keys has no mask"
func.func @other_documents(%x: !x, %d: !bt) -> !x {
  %shown = graph.constant dense<0.0> : tensor<f32>
  %hidden = graph.constant dense<0xFF800000> : tensor<f32>
  %j = graph.reshape %d : !bt to tensor<?x1x?xi64, #graph.dims<batch, _, seq>>
  %i = graph.reshape %d : !bt to tensor<?x?x1xi64, #graph.dims<batch, seq, _>>
  %j4 = graph.reshape %j : tensor<?x1x?xi64, #graph.dims<batch, _, seq>> to tensor<?x1x1x?xi64, #graph.dims<batch, _, _, seq>>
  %i4 = graph.reshape %i : tensor<?x?x1xi64, #graph.dims<batch, seq, _>> to tensor<?x1x?x1xi64, #graph.dims<batch, _, seq, _>>
  %a = graph.compare ne %i4, %j4 : (tensor<?x1x?x1xi64, #graph.dims<batch, _, seq, _>>, tensor<?x1x1x?xi64, #graph.dims<batch, _, _, seq>>) -> !b1stbool
  %b = graph.select %a, %shown, %hidden : (!b1stbool, tensor<f32>, tensor<f32>) -> !b1st
  %o = graph.attention %x, %x, %x bias(%b) : (!x, !x, !x, !b1st) -> !x
  return %o : !x
}

// CHECK: Function=nothing_seen
// CHECK-SAME: Reason="a mask hides everything"
func.func @nothing_seen(%x: !x) -> !x {
  %zero = graph.constant dense<0> : tensor<i64>
  %shown = graph.constant dense<0.0> : tensor<f32>
  %hidden = graph.constant dense<0xFF800000> : tensor<f32>
  %j = graph.iota axis(0) : !t
  %a = graph.compare lt %j, %zero : (!t, tensor<i64>) -> !tbool
  %b = graph.select %a, %shown, %hidden : (!tbool, tensor<f32>, tensor<f32>) -> !tf
  %o = graph.attention %x, %x, %x bias(%b) : (!x, !x, !x, !tf) -> !x
  return %o : !x
}

// A triangle but for one element.

// CHECK: Function=almost_a_triangle
// CHECK-SAME: Reason="a constant is no formula of queries and keys"
func.func @almost_a_triangle(%x: !a) -> !a {
  %b = graph.constant dense<[[0.0, -1.0e9, -1.0e9], [0.0, 0.0, -1.0e9], [-1.0e9, 0.0, 0.0]]> : tensor<3x3xf32>
  %c = graph.constant dense<[[0.0, -1.0e9, -1.0e9], [-1.0e9, 0.0, -1.0e9], [0.0, 0.0, 0.0]]> : tensor<3x3xf32>
  %d = graph.minimum %b, %c : (tensor<3x3xf32>, tensor<3x3xf32>) -> tensor<3x3xf32>
  %o = graph.attention %x, %x, %x bias(%d) : (!a, !a, !a, tensor<3x3xf32>) -> !a
  return %o : !a
}

// CHECK: Function=slopes
// CHECK-SAME: Reason="a constant holds more than two numbers"
func.func @slopes(%x: !a) -> !a {
  %b = graph.constant dense<[[0.0, -1.0, -2.0], [-1.0, 0.0, -1.0], [-2.0, -1.0, 0.0]]> : tensor<3x3xf32>
  %o = graph.attention %x, %x, %x bias(%b) : (!a, !a, !a, tensor<3x3xf32>) -> !a
  return %o : !a
}

// CHECK: Function=constant_by_head
// CHECK-SAME: Reason="a constant differs by batch or head"
func.func @constant_by_head(%x: !a) -> !a {
  %b = graph.constant dense<[[[0.0, 0.0, 0.0]], [[0.0, 0.0, -1.0e9]]]> : tensor<2x1x3xf32>
  %o = graph.attention %x, %x, %x bias(%b) : (!a, !a, !a, tensor<2x1x3xf32>) -> !a
  return %o : !a
}

// Wider than a causal mask, but not as wide as the window to the end.

// CHECK: Function=band
// CHECK-SAME: Reason="a query sees keys up to 1 positions behind it, which is neither its own position nor the end"
func.func @band(%x: !a) -> !a {
  %b = graph.constant dense<[[0.0, 0.0, -1.0e9], [0.0, 0.0, 0.0], [-1.0e9, 0.0, 0.0]]> : tensor<3x3xf32>
  %o = graph.attention %x, %x, %x bias(%b) : (!a, !a, !a, tensor<3x3xf32>) -> !a
  return %o : !a
}

// A part of a buffer that is no triangle.

// CHECK: Function=part_of_a_buffer
// CHECK-SAME: Reason="a constant is no formula of queries and keys"
func.func @part_of_a_buffer(%x: !a) -> !a {
  %b = graph.constant dense<[[0.0, -1.0e9, -1.0e9, 0.0], [0.0, 0.0, -1.0e9, 0.0], [-1.0e9, 0.0, 0.0, 0.0]]> : tensor<3x4xf32>
  %c = graph.slice %b axis(1) [1, 4] : (tensor<3x4xf32>) -> tensor<3x3xf32>
  %o = graph.attention %x, %x, %x bias(%c) : (!a, !a, !a, tensor<3x3xf32>) -> !a
  return %o : !a
}

// CHECK: Function=two_selects
// CHECK-SAME: Reason="a select takes more than two numbers"
func.func @two_selects(%x: !x, %m: !tbool) -> !x {
  %shown = graph.constant dense<0.0> : tensor<f32>
  %some = graph.constant dense<-1.0> : tensor<f32>
  %hidden = graph.constant dense<0xFF800000> : tensor<f32>
  %j = graph.iota axis(0) : !t
  %i = graph.reshape %j : !t to !s1
  %a = graph.compare le %j, %i : (!t, !s1) -> !stbool
  %b = graph.select %a, %shown, %some : (!stbool, tensor<f32>, tensor<f32>) -> !st
  %c = graph.select %m, %b, %hidden : (!tbool, !st, tensor<f32>) -> !st
  %o = graph.attention %x, %x, %x bias(%c) : (!x, !x, !x, !st) -> !x
  return %o : !x
}

// tanh(-inf) is a score that is seen.

// CHECK: Function=formula_behind
// CHECK-SAME: Reason="a formula of the scores comes behind the bias"
func.func @formula_behind(%x: tensor<2x4x5x8xf32>, %m: tensor<5xi1>) -> tensor<2x4x5x8xf32> {
  %zero = graph.constant dense<0.0> : tensor<f32>
  %inf = graph.constant dense<0xFF800000> : tensor<f32>
  %b = graph.select %m, %zero, %inf : (tensor<5xi1>, tensor<f32>, tensor<f32>) -> tensor<5xf32>
  %o = graph.attention %x, %x, %x bias(%b) score {
  ^bb0(%s: f32, %n: index, %h: index, %i: index, %j: index):
    %t = math.tanh %s : f32
    graph.yield %t : f32
  } : (tensor<2x4x5x8xf32>, tensor<2x4x5x8xf32>, tensor<2x4x5x8xf32>, tensor<5xf32>) -> tensor<2x4x5x8xf32>
  return %o : tensor<2x4x5x8xf32>
}
