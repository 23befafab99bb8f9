// RUN: sylvite-opt %s --sylvite-raise-masks --canonicalize --verify-fusion | FileCheck %s
// RUN: sylvite-opt %s --sylvite-raise-masks --remarks-filter=sylvite-fusion 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK

!x = tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>>
!bt = tensor<?x?xi64, #graph.dims<batch, seq>>
!btbool = tensor<?x?xi1, #graph.dims<batch, seq>>
!btf = tensor<?x?xf32, #graph.dims<batch, seq>>
!b11t = tensor<?x1x1x?xf32, #graph.dims<batch, _, _, seq>>
!b11tint = tensor<?x1x1x?xi64, #graph.dims<batch, _, _, seq>>
!b11tbool = tensor<?x1x1x?xi1, #graph.dims<batch, _, _, seq>>
!b1st = tensor<?x1x?x?xf32, #graph.dims<batch, _, seq, seq>>
!b1stbool = tensor<?x1x?x?xi1, #graph.dims<batch, _, seq, seq>>
!b1s1 = tensor<?x1x?x1xi64, #graph.dims<batch, _, seq, _>>
!hst = tensor<4x?x?xf32, #graph.dims<_, seq, seq>>
!st = tensor<?x?xf32, #graph.dims<seq, seq>>
!stbool = tensor<?x?xi1, #graph.dims<seq, seq>>
!s1 = tensor<?x1xi64, #graph.dims<seq, _>>
!t = tensor<?xi64, #graph.dims<seq>>
!tbool = tensor<?xi1, #graph.dims<seq>>
!tf = tensor<?xf32, #graph.dims<seq>>

//===----------------------------------------------------------------------===//
// keep
//===----------------------------------------------------------------------===//

// CHECK-LABEL: func.func @select_of_mask(
//  CHECK-SAME:     %[[X:[a-z0-9]+]]: tensor<?x4x?x8xf32
//  CHECK-SAME:     %[[M:[a-z0-9]+]]: tensor<?x?xi64
//  CHECK-NEXT:   %[[O:.+]] = graph.attention %[[X]], %[[X]], %[[X]] mask(keep(%[[M]])) :
//  CHECK-NEXT:   return %[[O]]
// REMARK: remark: [Passed] mask | Category:sylvite-fusion | Function=select_of_mask | Remark=keep(0)
func.func @select_of_mask(%x: !x, %m: !bt) -> !x {
  %zero = graph.constant dense<0> : tensor<i64>
  %shown = graph.constant dense<0.0> : tensor<f32>
  %hidden = graph.constant dense<0xFF800000> : tensor<f32>
  %a = graph.compare ne %m, %zero : (!bt, tensor<i64>) -> !btbool
  %b = graph.reshape %a : !btbool to !b11tbool
  %c = graph.select %b, %shown, %hidden : (!b11tbool, tensor<f32>, tensor<f32>) -> !b11t
  %o = graph.attention %x, %x, %x bias(%c) : (!x, !x, !x, !b11t) -> !x
  return %o : !x
}

// As BERT does it in TensorFlow, and PyTorch before 2.

// CHECK-LABEL: func.func @one_minus_mask(
//  CHECK-SAME:     %[[M:[a-z0-9]+]]: tensor<?x?xi64
//       CHECK:   graph.attention {{.+}} mask(keep(%[[M]])) :
func.func @one_minus_mask(%x: !x, %m: !bt) -> !x {
  %one = graph.constant dense<1.0> : tensor<f32>
  %low = graph.constant dense<-10000.0> : tensor<f32>
  %a = graph.reshape %m : !bt to !b11tint
  %b = graph.cast %a : !b11tint to !b11t
  %c = graph.sub %one, %b : (tensor<f32>, !b11t) -> !b11t
  %d = graph.mul %c, %low : (!b11t, tensor<f32>) -> !b11t
  %o = graph.attention %x, %x, %x bias(%d) : (!x, !x, !x, !b11t) -> !x
  return %o : !x
}

// (m - 1) * big, with the factor behind the sum.

// CHECK-LABEL: func.func @mask_minus_one(
//  CHECK-SAME:     %[[M:[a-z0-9]+]]: tensor<?x?xi64
//       CHECK:   graph.attention {{.+}} mask(keep(%[[M]])) :
func.func @mask_minus_one(%x: !x, %m: !bt {graph.range = [0, 2]}) -> !x {
  %one = graph.constant dense<1> : tensor<i64>
  %big = graph.constant dense<3.40282347E+38> : tensor<f32>
  %a = graph.sub %m, %one : (!bt, tensor<i64>) -> !bt
  %b = graph.cast %a : !bt to !btf
  %c = graph.mul %big, %b : (tensor<f32>, !btf) -> !btf
  %d = graph.reshape %c : !btf to !b11t
  %o = graph.attention %x, %x, %x bias(%d) : (!x, !x, !x, !b11t) -> !x
  return %o : !x
}

// A boolean that hides.

// CHECK-LABEL: func.func @hides(
//  CHECK-SAME:     %[[M:[a-z0-9]+]]: tensor<?x1x1x?xi1
//   CHECK-DAG:   %[[FLAT:.+]] = graph.reshape
//   CHECK-DAG:   graph.not
//       CHECK:   graph.attention {{.+}} mask(keep(%{{.+}})) :
func.func @hides(%x: !x, %m: !b11tbool) -> !x {
  %shown = graph.constant dense<0.0> : tensor<f32>
  %hidden = graph.constant dense<0xFF800000> : tensor<f32>
  %c = graph.select %m, %hidden, %shown : (!b11tbool, tensor<f32>, tensor<f32>) -> !b11t
  %o = graph.attention %x, %x, %x bias(%c) : (!x, !x, !x, !b11t) -> !x
  return %o : !x
}

// However a boolean of keys is calculated, it says which ones are seen.

// CHECK-LABEL: func.func @token_is_not_pad(
//  CHECK-SAME:     %[[IDS:[a-z0-9]+]]: tensor<?x?xi64
//       CHECK:   %[[SHOWN:.+]] = graph.compare ne %[[IDS]],
//       CHECK:   graph.attention {{.+}} mask(keep(%[[SHOWN]])) :
func.func @token_is_not_pad(%x: !x, %ids: !bt {graph.range = [0, 30]}) -> !x {
  %pad = graph.constant dense<1> : tensor<i64>
  %shown = graph.constant dense<0.0> : tensor<f32>
  %hidden = graph.constant dense<0xFF800000> : tensor<f32>
  %a = graph.compare ne %ids, %pad : (!bt, tensor<i64>) -> !btbool
  %b = graph.reshape %a : !btbool to !b11tbool
  %c = graph.select %b, %shown, %hidden : (!b11tbool, tensor<f32>, tensor<f32>) -> !b11t
  %o = graph.attention %x, %x, %x bias(%c) : (!x, !x, !x, !b11t) -> !x
  return %o : !x
}

// CHECK-LABEL: func.func @token_is_pad_zero(
//  CHECK-SAME:     %[[IDS:[a-z0-9]+]]: tensor<?x?xi64
//       CHECK:   graph.attention {{.+}} mask(keep(%[[IDS]])) :
func.func @token_is_pad_zero(%x: !x, %ids: !bt {graph.range = [0, 30]}) -> !x {
  %pad = graph.constant dense<0> : tensor<i64>
  %shown = graph.constant dense<0.0> : tensor<f32>
  %hidden = graph.constant dense<0xFF800000> : tensor<f32>
  %a = graph.compare eq %ids, %pad : (!bt, tensor<i64>) -> !btbool
  %c = graph.select %a, %hidden, %shown : (!btbool, tensor<f32>, tensor<f32>) -> !btf
  %d = graph.reshape %c : !btf to !b11t
  %o = graph.attention %x, %x, %x bias(%d) : (!x, !x, !x, !b11t) -> !x
  return %o : !x
}

// One mask for the whole batch.

// CHECK-LABEL: func.func @same_for_batch(
//  CHECK-SAME:     %[[M:[a-z0-9]+]]: tensor<?xi1
//       CHECK:   %[[ROW:.+]] = graph.reshape %[[M]] : {{.+}} to tensor<1x?xi1
//       CHECK:   %[[ALL:.+]] = graph.broadcast %[[ROW]] : {{.+}} to tensor<?x?xi1, #graph.dims<batch, seq>>
//       CHECK:   graph.attention {{.+}} mask(keep(%[[ALL]])) :
func.func @same_for_batch(%x: !x, %m: !tbool) -> !x {
  %shown = graph.constant dense<0.0> : tensor<f32>
  %hidden = graph.constant dense<0xFF800000> : tensor<f32>
  %c = graph.select %m, %shown, %hidden : (!tbool, tensor<f32>, tensor<f32>) -> !tf
  %o = graph.attention %x, %x, %x bias(%c) : (!x, !x, !x, !tf) -> !x
  return %o : !x
}

//===----------------------------------------------------------------------===//
// Positions
//===----------------------------------------------------------------------===//

// CHECK-LABEL: func.func @causal(
//  CHECK-SAME:     %[[X:[a-z0-9]+]]: tensor<?x4x?x8xf32
//  CHECK-NEXT:   %[[O:.+]] = graph.attention %[[X]], %[[X]], %[[X]] mask(causal) :
//  CHECK-NEXT:   return %[[O]]
func.func @causal(%x: !x) -> !x {
  %shown = graph.constant dense<0.0> : tensor<f32>
  %hidden = graph.constant dense<-3.40282347E+38> : tensor<f32>
  %j = graph.iota axis(0) : !t
  %i = graph.reshape %j : !t to !s1
  %a = graph.compare le %j, %i : (!t, !s1) -> !stbool
  %b = graph.select %a, %shown, %hidden : (!stbool, tensor<f32>, tensor<f32>) -> !st
  %o = graph.attention %x, %x, %x bias(%b) : (!x, !x, !x, !st) -> !x
  return %o : !x
}

// Hidden where j >= i + 1, in floats.

// CHECK-LABEL: func.func @causal_hides(
//       CHECK:   graph.attention {{.+}} mask(causal) :
func.func @causal_hides(%x: !x) -> !x {
  %one = graph.constant dense<1> : tensor<i64>
  %low = graph.constant dense<-1.0e9> : tensor<f32>
  %j = graph.iota axis(1) : tensor<?x?xi64, #graph.dims<seq, seq>>
  %i = graph.iota axis(0) : tensor<?x?xi64, #graph.dims<seq, seq>>
  %n = graph.add %i, %one : (tensor<?x?xi64, #graph.dims<seq, seq>>, tensor<i64>) -> tensor<?x?xi64, #graph.dims<seq, seq>>
  %jf = graph.cast %j : tensor<?x?xi64, #graph.dims<seq, seq>> to !st
  %nf = graph.cast %n : tensor<?x?xi64, #graph.dims<seq, seq>> to !st
  %a = graph.compare ge %jf, %nf : (!st, !st) -> !stbool
  %b = graph.cast %a : !stbool to !st
  %c = graph.mul %b, %low : (!st, tensor<f32>) -> !st
  %o = graph.attention %x, %x, %x bias(%c) : (!x, !x, !x, !st) -> !x
  return %o : !x
}

// CHECK-LABEL: func.func @causal_to_end(
//       CHECK:   graph.attention {{.+}} mask(causal_to_end) :
func.func @causal_to_end(%q: tensor<1x2x3x4xf32>, %k: tensor<1x2x5x4xf32>) -> tensor<1x2x3x4xf32> {
  %shown = graph.constant dense<0.0> : tensor<f32>
  %hidden = graph.constant dense<0xFF800000> : tensor<f32>
  %past = graph.constant dense<2> : tensor<i64>
  %j = graph.iota axis(1) : tensor<3x5xi64>
  %i0 = graph.iota axis(0) : tensor<3x1xi64>
  %i = graph.add %i0, %past : (tensor<3x1xi64>, tensor<i64>) -> tensor<3x1xi64>
  %a = graph.compare gt %j, %i : (tensor<3x5xi64>, tensor<3x1xi64>) -> tensor<3x5xi1>
  %b = graph.select %a, %hidden, %shown : (tensor<3x5xi1>, tensor<f32>, tensor<f32>) -> tensor<3x5xf32>
  %o = graph.attention %q, %k, %k bias(%b) : (tensor<1x2x3x4xf32>, tensor<1x2x5x4xf32>, tensor<1x2x5x4xf32>, tensor<3x5xf32>) -> tensor<1x2x3x4xf32>
  return %o : tensor<1x2x3x4xf32>
}

// i - 3 < j <= i

// CHECK-LABEL: func.func @window(
//       CHECK:   graph.attention {{.+}} mask(window(3)) :
func.func @window(%x: !x) -> !x {
  %three = graph.constant dense<3> : tensor<i64>
  %shown = graph.constant dense<0.0> : tensor<f32>
  %hidden = graph.constant dense<0xFF800000> : tensor<f32>
  %j = graph.iota axis(0) : !t
  %i = graph.reshape %j : !t to !s1
  %first = graph.sub %i, %three : (!s1, tensor<i64>) -> !s1
  %a = graph.compare le %j, %i : (!t, !s1) -> !stbool
  %b = graph.compare lt %first, %j : (!s1, !t) -> !stbool
  %c = graph.and %a, %b : (!stbool, !stbool) -> !stbool
  %d = graph.select %c, %shown, %hidden : (!stbool, tensor<f32>, tensor<f32>) -> !st
  %o = graph.attention %x, %x, %x bias(%d) : (!x, !x, !x, !st) -> !x
  return %o : !x
}

// CHECK-LABEL: func.func @prefix(
//       CHECK:   graph.attention {{.+}} mask(prefix(2)) :
func.func @prefix(%x: !x) -> !x {
  %two = graph.constant dense<2> : tensor<i64>
  %shown = graph.constant dense<0.0> : tensor<f32>
  %hidden = graph.constant dense<0xFF800000> : tensor<f32>
  %j = graph.iota axis(0) : !t
  %a = graph.compare gt %two, %j : (tensor<i64>, !t) -> !tbool
  %d = graph.select %a, %shown, %hidden : (!tbool, tensor<f32>, tensor<f32>) -> !tf
  %o = graph.attention %x, %x, %x bias(%d) : (!x, !x, !x, !tf) -> !x
  return %o : !x
}

// The first key hidden: no prefix, but a boolean of keys.

// CHECK-LABEL: func.func @all_but_first(
//       CHECK:   %[[SHOWN:.+]] = graph.compare ge
//       CHECK:   %[[ALL:.+]] = graph.broadcast
//       CHECK:   graph.attention {{.+}} mask(keep(%[[ALL]])) :
func.func @all_but_first(%x: !x) -> !x {
  %one = graph.constant dense<1> : tensor<i64>
  %shown = graph.constant dense<0.0> : tensor<f32>
  %hidden = graph.constant dense<0xFF800000> : tensor<f32>
  %j = graph.iota axis(0) : !t
  %a = graph.compare ge %j, %one : (!t, tensor<i64>) -> !tbool
  %d = graph.select %a, %shown, %hidden : (!tbool, tensor<f32>, tensor<f32>) -> !tf
  %o = graph.attention %x, %x, %x bias(%d) : (!x, !x, !x, !tf) -> !x
  return %o : !x
}

// CHECK-LABEL: func.func @padding(
//  CHECK-SAME:     %[[L:[a-z0-9]+]]: tensor<?xi64
//       CHECK:   graph.attention {{.+}} mask(padding(%[[L]])) :
func.func @padding(%x: !x, %lengths: tensor<?xi64, #graph.dims<batch>>) -> !x {
  %shown = graph.constant dense<0.0> : tensor<f32>
  %hidden = graph.constant dense<0xFF800000> : tensor<f32>
  %j = graph.iota axis(0) : !t
  %l = graph.reshape %lengths : tensor<?xi64, #graph.dims<batch>> to tensor<?x1x1x1xi64, #graph.dims<batch, _, _, _>>
  %a = graph.compare lt %j, %l : (!t, tensor<?x1x1x1xi64, #graph.dims<batch, _, _, _>>) -> !b11tbool
  %d = graph.select %a, %shown, %hidden : (!b11tbool, tensor<f32>, tensor<f32>) -> !b11t
  %o = graph.attention %x, %x, %x bias(%d) : (!x, !x, !x, !b11t) -> !x
  return %o : !x
}

// Hidden behind the last position: j > last.

// CHECK-LABEL: func.func @padding_by_last(
//  CHECK-SAME:     %[[LAST:[a-z0-9]+]]: tensor<?xi64
//       CHECK:   %[[L:.+]] = graph.add %[[LAST]], %{{.+}}
//       CHECK:   graph.attention {{.+}} mask(padding(%[[L]])) :
func.func @padding_by_last(%x: !x, %last: tensor<?xi64, #graph.dims<batch>>) -> !x {
  %shown = graph.constant dense<0.0> : tensor<f32>
  %hidden = graph.constant dense<0xFF800000> : tensor<f32>
  %j = graph.iota axis(3) : !b11tint
  %l = graph.reshape %last : tensor<?xi64, #graph.dims<batch>> to tensor<?x1x1x1xi64, #graph.dims<batch, _, _, _>>
  %a = graph.compare lt %l, %j : (tensor<?x1x1x1xi64, #graph.dims<batch, _, _, _>>, !b11tint) -> !b11tbool
  %d = graph.select %a, %hidden, %shown : (!b11tbool, tensor<f32>, tensor<f32>) -> !b11t
  %o = graph.attention %x, %x, %x bias(%d) : (!x, !x, !x, !b11t) -> !x
  return %o : !x
}

// The number does not fit the tensor's own type.

// CHECK-LABEL: func.func @padding_of_bytes(
//  CHECK-SAME:     %[[LENGTHS:[a-z0-9]+]]: tensor<?xi8
//   CHECK-DAG:   %[[MORE:.+]] = graph.constant dense<300> : tensor<i64>
//   CHECK-DAG:   %[[WIDE:.+]] = graph.cast %[[LENGTHS]] : {{.+}} to tensor<?xi64
//       CHECK:   %[[L:.+]] = graph.add %[[WIDE]], %[[MORE]]
//       CHECK:   graph.attention {{.+}} mask(padding(%[[L]])) :
func.func @padding_of_bytes(%x: !x, %lengths: tensor<?xi8, #graph.dims<batch>> {graph.range = [0, 100]}) -> !x {
  %shown = graph.constant dense<0.0> : tensor<f32>
  %hidden = graph.constant dense<0xFF800000> : tensor<f32>
  %more = graph.constant dense<300> : tensor<i64>
  %j = graph.iota axis(0) : !t
  %l = graph.reshape %lengths : tensor<?xi8, #graph.dims<batch>> to tensor<?x1x1x1xi8, #graph.dims<batch, _, _, _>>
  %w = graph.cast %l : tensor<?x1x1x1xi8, #graph.dims<batch, _, _, _>> to tensor<?x1x1x1xi64, #graph.dims<batch, _, _, _>>
  %n = graph.add %w, %more : (tensor<?x1x1x1xi64, #graph.dims<batch, _, _, _>>, tensor<i64>) -> tensor<?x1x1x1xi64, #graph.dims<batch, _, _, _>>
  %a = graph.compare lt %j, %n : (!t, tensor<?x1x1x1xi64, #graph.dims<batch, _, _, _>>) -> !b11tbool
  %d = graph.select %a, %shown, %hidden : (!b11tbool, tensor<f32>, tensor<f32>) -> !b11t
  %o = graph.attention %x, %x, %x bias(%d) : (!x, !x, !x, !b11t) -> !x
  return %o : !x
}

// CHECK-LABEL: func.func @document(
//  CHECK-SAME:     %[[D:[a-z0-9]+]]: tensor<?x?xi64
//       CHECK:   graph.attention {{.+}} mask(document(%[[D]])) :
func.func @document(%x: !x, %d: !bt) -> !x {
  %shown = graph.constant dense<0.0> : tensor<f32>
  %hidden = graph.constant dense<0xFF800000> : tensor<f32>
  %j = graph.reshape %d : !bt to !b11tint
  %i = graph.reshape %d : !bt to !b1s1
  %a = graph.compare eq %i, %j : (!b1s1, !b11tint) -> !b1stbool
  %b = graph.select %a, %shown, %hidden : (!b1stbool, tensor<f32>, tensor<f32>) -> !b1st
  %o = graph.attention %x, %x, %x bias(%b) : (!x, !x, !x, !b1st) -> !x
  return %o : !x
}

//===----------------------------------------------------------------------===//
// Several
//===----------------------------------------------------------------------===//

// GPT's causal mask times the padding, as zeros and ones.

// CHECK-LABEL: func.func @product(
//  CHECK-SAME:     %[[M:[a-z0-9]+]]: tensor<?x?xi64
//       CHECK:   graph.attention {{.+}} mask(causal and keep(%[[M]])) :
// REMARK: Function=product | Remark="causal and keep(0)"
func.func @product(%x: !x, %m: !bt) -> !x {
  %one = graph.constant dense<1.0> : tensor<f32>
  %low = graph.constant dense<-10000.0> : tensor<f32>
  %j = graph.iota axis(0) : !t
  %i = graph.reshape %j : !t to !s1
  %a = graph.compare le %j, %i : (!t, !s1) -> !stbool
  %b = graph.cast %a : !stbool to !st
  %c = graph.reshape %m : !bt to !b11tint
  %d = graph.cast %c : !b11tint to !b11t
  %e = graph.mul %b, %d : (!st, !b11t) -> !b1st
  %f = graph.sub %one, %e : (tensor<f32>, !b1st) -> !b1st
  %g = graph.mul %f, %low : (!b1st, tensor<f32>) -> !b1st
  %o = graph.attention %x, %x, %x bias(%g) : (!x, !x, !x, !b1st) -> !x
  return %o : !x
}

// Two masks and a bias proper: one of the three summands stays.

// CHECK-LABEL: func.func @sum(
//  CHECK-SAME:     %[[M:[a-z0-9]+]]: tensor<?x?xi64
//  CHECK-SAME:     %[[B:[a-z0-9]+]]: tensor<4x?x?xf32
//       CHECK:   graph.attention {{.+}} mask(causal and keep(%[[M]])) bias(%[[B]]) :
func.func @sum(%x: !x, %m: !bt, %bias: !hst) -> !x {
  %one = graph.constant dense<1.0> : tensor<f32>
  %low = graph.constant dense<-10000.0> : tensor<f32>
  %shown = graph.constant dense<0.0> : tensor<f32>
  %j = graph.iota axis(0) : !t
  %i = graph.reshape %j : !t to !s1
  %a = graph.compare le %j, %i : (!t, !s1) -> !stbool
  %b = graph.select %a, %shown, %low : (!stbool, tensor<f32>, tensor<f32>) -> !st
  %c = graph.add %bias, %b : (!hst, !st) -> !hst
  %d = graph.cast %m : !bt to !btf
  %e = graph.sub %one, %d : (tensor<f32>, !btf) -> !btf
  %f = graph.mul %e, %low : (!btf, tensor<f32>) -> !btf
  %g = graph.reshape %f : !btf to !b11t
  %h = graph.add %c, %g : (!hst, !b11t) -> tensor<?x4x?x?xf32, #graph.dims<batch, _, seq, seq>>
  %o = graph.attention %x, %x, %x bias(%h) : (!x, !x, !x, tensor<?x4x?x?xf32, #graph.dims<batch, _, seq, seq>>) -> !x
  return %o : !x
}

// A sum of two masks that is scaled, so that it is no sum of two biases.

// CHECK-LABEL: func.func @scaled_sum(
//  CHECK-SAME:     %[[M:[a-z0-9]+]]: tensor<?x?xi1
//       CHECK:   graph.attention {{.+}} mask(causal and keep(%[[M]])) :
func.func @scaled_sum(%x: !x, %m: !btbool) -> !x {
  %half = graph.constant dense<0.5> : tensor<f32>
  %low = graph.constant dense<-1.0e9> : tensor<f32>
  %shown = graph.constant dense<0.0> : tensor<f32>
  %j = graph.iota axis(0) : !t
  %i = graph.reshape %j : !t to !s1
  %a = graph.compare le %j, %i : (!t, !s1) -> !stbool
  %b = graph.select %a, %shown, %low : (!stbool, tensor<f32>, tensor<f32>) -> !st
  %c = graph.reshape %m : !btbool to !b11tbool
  %d = graph.select %c, %shown, %low : (!b11tbool, tensor<f32>, tensor<f32>) -> !b11t
  %e = graph.add %b, %d : (!st, !b11t) -> !b1st
  %f = graph.mul %e, %half : (!b1st, tensor<f32>) -> !b1st
  %o = graph.attention %x, %x, %x bias(%f) : (!x, !x, !x, !b1st) -> !x
  return %o : !x
}

// A prefix is seen by all queries, what is behind it causally (prefix LM).

// CHECK-LABEL: func.func @either(
//       CHECK:   graph.attention {{.+}} mask(prefix(2) or causal) :
func.func @either(%x: !x) -> !x {
  %two = graph.constant dense<2> : tensor<i64>
  %shown = graph.constant dense<0.0> : tensor<f32>
  %hidden = graph.constant dense<0xFF800000> : tensor<f32>
  %j = graph.iota axis(0) : !t
  %i = graph.reshape %j : !t to !s1
  %a = graph.compare lt %j, %two : (!t, tensor<i64>) -> !tbool
  %b = graph.compare gt %j, %i : (!t, !s1) -> !stbool
  %c = graph.not %b : !stbool
  %d = graph.or %a, %c : (!tbool, !stbool) -> !stbool
  %e = graph.select %d, %shown, %hidden : (!stbool, tensor<f32>, tensor<f32>) -> !st
  %o = graph.attention %x, %x, %x bias(%e) : (!x, !x, !x, !st) -> !x
  return %o : !x
}

// A select in a select, and a mask that is there already.

// CHECK-LABEL: func.func @nested(
//  CHECK-SAME:     %[[M:[a-z0-9]+]]: tensor<?x?xi1
//  CHECK-SAME:     %[[N:[a-z0-9]+]]: tensor<?x?xi64
//       CHECK:   graph.attention {{.+}} mask(keep(%[[N]]) and causal and keep(%[[M]])) :
func.func @nested(%x: !x, %m: !btbool, %n: !bt) -> !x {
  %shown = graph.constant dense<0.0> : tensor<f32>
  %hidden = graph.constant dense<0xFF800000> : tensor<f32>
  %low = graph.constant dense<-1.0e5> : tensor<f32>
  %j = graph.iota axis(0) : !t
  %i = graph.reshape %j : !t to !s1
  %a = graph.compare le %j, %i : (!t, !s1) -> !stbool
  %b = graph.select %a, %shown, %low : (!stbool, tensor<f32>, tensor<f32>) -> !st
  %c = graph.reshape %m : !btbool to !b11tbool
  %d = graph.select %c, %b, %hidden : (!b11tbool, !st, tensor<f32>) -> !b1st
  %o = graph.attention %x, %x, %x mask(keep(%n)) bias(%d) : (!x, !x, !x, !bt, !b1st) -> !x
  return %o : !x
}

// A number for all scores is nothing to a softmax.

// CHECK-LABEL: func.func @hides_nothing(
//       CHECK:   graph.attention %{{.+}}, %{{.+}}, %{{.+}} :
// REMARK: Function=hides_nothing | Remark="a mask that hides nothing"
func.func @hides_nothing(%x: !x) -> !x {
  %two = graph.constant dense<2.0> : tensor<1x1x1x1xf32>
  %o = graph.attention %x, %x, %x bias(%two) : (!x, !x, !x, tensor<1x1x1x1xf32>) -> !x
  return %o : !x
}

//===----------------------------------------------------------------------===//
// Constants
//===----------------------------------------------------------------------===//

// CHECK-LABEL: func.func @constant_triangle(
//       CHECK:   graph.attention {{.+}} mask(causal) :
func.func @constant_triangle(%x: tensor<1x2x3x4xf32>) -> tensor<1x2x3x4xf32> {
  %b = graph.constant dense<[[[[0.0, 0xFF800000, 0xFF800000], [0.0, 0.0, 0xFF800000], [0.0, 0.0, 0.0]]]]> : tensor<1x1x3x3xf32>
  %o = graph.attention %x, %x, %x bias(%b) : (tensor<1x2x3x4xf32>, tensor<1x2x3x4xf32>, tensor<1x2x3x4xf32>, tensor<1x1x3x3xf32>) -> tensor<1x2x3x4xf32>
  return %o : tensor<1x2x3x4xf32>
}

// CHECK-LABEL: func.func @constant_window(
//       CHECK:   graph.attention {{.+}} mask(window(2)) :
func.func @constant_window(%x: tensor<1x2x3x4xf32>) -> tensor<1x2x3x4xf32> {
  %low = graph.constant dense<-1.0e9> : tensor<f32>
  %zero = graph.constant dense<0.0> : tensor<f32>
  %m = graph.constant dense<[[true, false, false], [true, true, false], [false, true, true]]> : tensor<3x3xi1>
  %b = graph.select %m, %zero, %low : (tensor<3x3xi1>, tensor<f32>, tensor<f32>) -> tensor<3x3xf32>
  %o = graph.attention %x, %x, %x bias(%b) : (tensor<1x2x3x4xf32>, tensor<1x2x3x4xf32>, tensor<1x2x3x4xf32>, tensor<3x3xf32>) -> tensor<1x2x3x4xf32>
  return %o : tensor<1x2x3x4xf32>
}

// CHECK-LABEL: func.func @constant_to_end(
//       CHECK:   graph.attention {{.+}} mask(causal_to_end) :
func.func @constant_to_end(%q: tensor<1x2x2x4xf32>, %k: tensor<1x2x3x4xf32>) -> tensor<1x2x2x4xf32> {
  %b = graph.constant dense<[[0.0, 0.0, -1.0e9], [0.0, 0.0, 0.0]]> : tensor<2x3xf32>
  %o = graph.attention %q, %k, %k bias(%b) : (tensor<1x2x2x4xf32>, tensor<1x2x3x4xf32>, tensor<1x2x3x4xf32>, tensor<2x3xf32>) -> tensor<1x2x2x4xf32>
  return %o : tensor<1x2x2x4xf32>
}

// Positions that are written out.

// CHECK-LABEL: func.func @constant_positions(
//       CHECK:   graph.attention {{.+}} mask(causal) :
func.func @constant_positions(%x: tensor<1x2x3x4xf32>) -> tensor<1x2x3x4xf32> {
  %low = graph.constant dense<-1.0e9> : tensor<f32>
  %zero = graph.constant dense<0.0> : tensor<f32>
  %j = graph.constant dense<[[5, 6, 7]]> : tensor<1x3xi32>
  %i = graph.constant dense<[[5], [6], [7]]> : tensor<3x1xi32>
  %a = graph.compare le %j, %i : (tensor<1x3xi32>, tensor<3x1xi32>) -> tensor<3x3xi1>
  %b = graph.select %a, %zero, %low : (tensor<3x3xi1>, tensor<f32>, tensor<f32>) -> tensor<3x3xf32>
  %o = graph.attention %x, %x, %x bias(%b) : (tensor<1x2x3x4xf32>, tensor<1x2x3x4xf32>, tensor<1x2x3x4xf32>, tensor<3x3xf32>) -> tensor<1x2x3x4xf32>
  return %o : tensor<1x2x3x4xf32>
}

// CHECK-LABEL: func.func @constant_prefix(
//       CHECK:   graph.attention {{.+}} mask(prefix(2)) :
func.func @constant_prefix(%x: tensor<1x2x3x4xf32>) -> tensor<1x2x3x4xf32> {
  %b = graph.constant dense<[0.0, 0.0, -1.0e9]> : tensor<3xf32>
  %o = graph.attention %x, %x, %x bias(%b) : (tensor<1x2x3x4xf32>, tensor<1x2x3x4xf32>, tensor<1x2x3x4xf32>, tensor<3xf32>) -> tensor<1x2x3x4xf32>
  return %o : tensor<1x2x3x4xf32>
}

// A key in the middle that nobody sees.

// CHECK-LABEL: func.func @constant_hole(
//   CHECK-DAG:   %[[SEEN:.+]] = graph.constant dense<[true, false, true]> : tensor<3xi1>
//       CHECK:   %[[ROW:.+]] = graph.reshape %[[SEEN]] : tensor<3xi1> to tensor<1x3xi1>
//       CHECK:   graph.attention {{.+}} mask(keep(%[[ROW]])) :
func.func @constant_hole(%x: tensor<1x2x3x4xf32>) -> tensor<1x2x3x4xf32> {
  %b = graph.constant dense<[0.0, -1.0e9, 0.0]> : tensor<3xf32>
  %o = graph.attention %x, %x, %x bias(%b) : (tensor<1x2x3x4xf32>, tensor<1x2x3x4xf32>, tensor<1x2x3x4xf32>, tensor<3xf32>) -> tensor<1x2x3x4xf32>
  return %o : tensor<1x2x3x4xf32>
}

// Causal, but for a key that nobody sees; the first query sees nothing.

// CHECK-LABEL: func.func @constant_triangle_with_hole(
//   CHECK-DAG:   graph.constant dense<[false, true, true]> : tensor<3xi1>
//       CHECK:   graph.attention {{.+}} mask(causal and keep(%{{.+}})) :
func.func @constant_triangle_with_hole(%x: tensor<1x2x3x4xf32>) -> tensor<1x2x3x4xf32> {
  %b = graph.constant dense<[[0xFF800000, 0xFF800000, 0xFF800000], [0xFF800000, 0.0, 0xFF800000], [0xFF800000, 0.0, 0.0]]> : tensor<3x3xf32>
  %o = graph.attention %x, %x, %x bias(%b) : (tensor<1x2x3x4xf32>, tensor<1x2x3x4xf32>, tensor<1x2x3x4xf32>, tensor<3x3xf32>) -> tensor<1x2x3x4xf32>
  return %o : tensor<1x2x3x4xf32>
}

// The last two positions, one in the first document and one in the second.

// CHECK-LABEL: func.func @constant_documents(
//   CHECK-DAG:   %[[D:.+]] = graph.constant dense<[0, 1, 0, 1]> : tensor<4xi64>
//       CHECK:   %[[ROW:.+]] = graph.reshape %[[D]]
//       CHECK:   graph.attention {{.+}} mask(document(%[[ROW]])) :
func.func @constant_documents(%q: tensor<1x2x2x4xf32>, %k: tensor<1x2x4x4xf32>) -> tensor<1x2x2x4xf32> {
  %b = graph.constant dense<[[0.0, -1.0e9, 0.0, -1.0e9], [-1.0e9, 0.0, -1.0e9, 0.0]]> : tensor<2x4xf32>
  %o = graph.attention %q, %k, %k bias(%b) : (tensor<1x2x2x4xf32>, tensor<1x2x4x4xf32>, tensor<1x2x4x4xf32>, tensor<2x4xf32>) -> tensor<1x2x2x4xf32>
  return %o : tensor<1x2x2x4xf32>
}

// CHECK-LABEL: func.func @constant_prefix_or_causal(
//       CHECK:   graph.attention {{.+}} mask(prefix(2) or causal) :
func.func @constant_prefix_or_causal(%x: tensor<1x2x4x4xf32>) -> tensor<1x2x4x4xf32> {
  %b = graph.constant dense<[[0.0, 0.0, -1.0e9, -1.0e9], [0.0, 0.0, -1.0e9, -1.0e9], [0.0, 0.0, 0.0, -1.0e9], [0.0, 0.0, 0.0, 0.0]]> : tensor<4x4xf32>
  %o = graph.attention %x, %x, %x bias(%b) : (tensor<1x2x4x4xf32>, tensor<1x2x4x4xf32>, tensor<1x2x4x4xf32>, tensor<4x4xf32>) -> tensor<1x2x4x4xf32>
  return %o : tensor<1x2x4x4xf32>
}

// A part of a larger buffer.

// CHECK-LABEL: func.func @part_of_a_buffer(
//       CHECK:   graph.attention {{.+}} mask(causal_to_end) :
func.func @part_of_a_buffer(%q: tensor<1x2x2x4xf32>, %k: tensor<1x2x3x4xf32>) -> tensor<1x2x2x4xf32> {
  %zero = graph.constant dense<0.0> : tensor<f32>
  %low = graph.constant dense<-1.0e9> : tensor<f32>
  %buffer = graph.constant dense<[[[[true, false, false, false], [true, true, false, false], [true, true, true, false], [true, true, true, true]]]]> : tensor<1x1x4x4xi1>
  %rows = graph.slice %buffer axis(2) [1, 3] : (tensor<1x1x4x4xi1>) -> tensor<1x1x2x4xi1>
  %m = graph.slice %rows axis(3) [0, 3] : (tensor<1x1x2x4xi1>) -> tensor<1x1x2x3xi1>
  %b = graph.select %m, %zero, %low : (tensor<1x1x2x3xi1>, tensor<f32>, tensor<f32>) -> tensor<1x1x2x3xf32>
  %o = graph.attention %q, %k, %k bias(%b) : (tensor<1x2x2x4xf32>, tensor<1x2x3x4xf32>, tensor<1x2x3x4xf32>, tensor<1x1x2x3xf32>) -> tensor<1x2x2x4xf32>
  return %o : tensor<1x2x2x4xf32>
}

// The last positions of all, and a single one, which is no position of keys.

// CHECK-LABEL: func.func @part_of_positions(
//       CHECK:   graph.attention {{.+}} mask(causal_to_end) :
func.func @part_of_positions(%q: tensor<1x2x2x4xf32>, %k: tensor<1x2x3x4xf32>) -> tensor<1x2x2x4xf32> {
  %zero = graph.constant dense<0.0> : tensor<f32>
  %low = graph.constant dense<-1.0e9> : tensor<f32>
  %j = graph.iota axis(1) : tensor<1x3xi64>
  %all = graph.iota axis(0) : tensor<3x1xi64>
  %i = graph.slice %all axis(0) [1, 3] : (tensor<3x1xi64>) -> tensor<2x1xi64>
  %a = graph.compare le %j, %i : (tensor<1x3xi64>, tensor<2x1xi64>) -> tensor<2x3xi1>
  %b = graph.select %a, %zero, %low : (tensor<2x3xi1>, tensor<f32>, tensor<f32>) -> tensor<2x3xf32>
  %o = graph.attention %q, %k, %k bias(%b) : (tensor<1x2x2x4xf32>, tensor<1x2x3x4xf32>, tensor<1x2x3x4xf32>, tensor<2x3xf32>) -> tensor<1x2x2x4xf32>
  return %o : tensor<1x2x2x4xf32>
}

// CHECK-LABEL: func.func @single_position(
//   CHECK-NOT:   mask(causal
//       CHECK:   return
func.func @single_position(%x: tensor<1x2x3x4xf32>) -> tensor<1x2x3x4xf32> {
  %zero = graph.constant dense<0.0> : tensor<f32>
  %low = graph.constant dense<-1.0e9> : tensor<f32>
  %all = graph.iota axis(0) : tensor<3x1xi64>
  %j = graph.iota axis(1) : tensor<1x3xi64>
  %i = graph.slice %all axis(0) [1, 2] : (tensor<3x1xi64>) -> tensor<1x1xi64>
  %a = graph.compare le %j, %i : (tensor<1x3xi64>, tensor<1x1xi64>) -> tensor<1x3xi1>
  %b = graph.select %a, %zero, %low : (tensor<1x3xi1>, tensor<f32>, tensor<f32>) -> tensor<1x3xf32>
  %o = graph.attention %x, %x, %x bias(%b) : (tensor<1x2x3x4xf32>, tensor<1x2x3x4xf32>, tensor<1x2x3x4xf32>, tensor<1x3xf32>) -> tensor<1x2x3x4xf32>
  return %o : tensor<1x2x3x4xf32>
}
