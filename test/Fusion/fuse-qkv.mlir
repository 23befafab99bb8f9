// RUN: sylvite-opt %s --sylvite-fuse-qkv --verify-fusion | FileCheck %s
// RUN: sylvite-opt %s --sylvite-fuse-qkv --remarks-filter=sylvite-fusion 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK

!x = tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
!p = tensor<?x?x24xf32, #graph.dims<batch, seq, _>>
!y = tensor<?x?x8xf32, #graph.dims<batch, keys, _>>
!h = tensor<?x?x2x4xf32, #graph.dims<batch, seq, _, _>>
!hk = tensor<?x?x2x4xf32, #graph.dims<batch, keys, _, _>>
!g = tensor<?x2x?x4xf32, #graph.dims<batch, _, seq, _>>
!w = tensor<8x8xf32>
!b = tensor<8xf32>

// CHECK-LABEL: func.func @self(
//  CHECK-SAME:     %[[X:[a-z0-9]+]]: tensor<?x?x8xf32
//   CHECK-DAG:   %[[WQ:.+]] = graph.weight "wq"
//   CHECK-DAG:   %[[WK:.+]] = graph.weight "wk"
//   CHECK-DAG:   %[[WV:.+]] = graph.weight "wv"
//   CHECK-DAG:   %[[BQ:.+]] = graph.weight "bq"
//   CHECK-DAG:   %[[BK:.+]] = graph.weight "bk"
//   CHECK-DAG:   %[[BV:.+]] = graph.weight "bv"
//   CHECK-DAG:   %[[W:.+]] = graph.concat %[[WQ]], %[[WK]], %[[WV]] axis(0) : {{.+}} -> tensor<24x8xf32>
//   CHECK-DAG:   %[[B:.+]] = graph.concat %[[BQ]], %[[BK]], %[[BV]] axis(0) : {{.+}} -> tensor<24xf32>
//       CHECK:   %[[QKV:.+]] = graph.linear %[[X]], %[[W]] bias(%[[B]]) {transpose_weight} : {{.+}} -> tensor<?x?x24xf32, #graph.dims<batch, seq, _>>
//  CHECK-NEXT:   %[[Q:.+]] = graph.slice %[[QKV]] axis(2) [0, 8]
//  CHECK-NEXT:   %[[K:.+]] = graph.slice %[[QKV]] axis(2) [8, 16]
//  CHECK-NEXT:   %[[V:.+]] = graph.slice %[[QKV]] axis(2) [16, 24]
//   CHECK-NOT:   graph.linear
//   CHECK-DAG:   %[[QH:.+]] = graph.reshape %[[Q]]
//   CHECK-DAG:   %[[KH:.+]] = graph.reshape %[[K]]
//   CHECK-DAG:   %[[VH:.+]] = graph.reshape %[[V]]
//       CHECK:   graph.attention %[[QH]], %[[KH]], %[[VH]] layout(bshd)
// REMARK: remark: [Passed] qkv | Category:sylvite-fusion | Function=self | Remark="query, key, value"
func.func @self(%x: !x) -> !h {
  %wq = graph.weight "wq" : !w
  %bq = graph.weight "bq" : !b
  %q = graph.linear %x, %wq bias(%bq) {transpose_weight} : (!x, !w, !b) -> !x
  %qh = graph.reshape %q : !x to !h
  %wk = graph.weight "wk" : !w
  %bk = graph.weight "bk" : !b
  %k = graph.linear %x, %wk bias(%bk) {transpose_weight} : (!x, !w, !b) -> !x
  %kh = graph.reshape %k : !x to !h
  %wv = graph.weight "wv" : !w
  %bv = graph.weight "bv" : !b
  %v = graph.linear %x, %wv bias(%bv) {transpose_weight} : (!x, !w, !b) -> !x
  %vh = graph.reshape %v : !x to !h
  %o = graph.attention %qh, %kh, %vh layout(bshd) : (!h, !h, !h) -> !h
  return %o : !h
}

// No bias, weights as [in, out], values first, and moved heads.

// CHECK-LABEL: func.func @values_first(
//   CHECK-DAG:   %[[WV:.+]] = graph.weight "wv"
//   CHECK-DAG:   %[[WQ:.+]] = graph.weight "wq"
//   CHECK-DAG:   %[[WK:.+]] = graph.weight "wk"
//       CHECK:   %[[W:.+]] = graph.concat %[[WV]], %[[WQ]], %[[WK]] axis(1) : {{.+}} -> tensor<8x24xf32>
//       CHECK:   graph.linear %{{.+}}, %[[W]] :
// REMARK: Function=values_first | Remark="value, query, key"
func.func @values_first(%x: !x) -> !g {
  %wv = graph.weight "wv" : !w
  %v = graph.linear %x, %wv : (!x, !w) -> !x
  %wq = graph.weight "wq" : !w
  %q = graph.linear %x, %wq : (!x, !w) -> !x
  %wk = graph.weight "wk" : !w
  %k = graph.linear %x, %wk : (!x, !w) -> !x
  %qh = graph.reshape %q : !x to !h
  %kh = graph.reshape %k : !x to !h
  %vh = graph.reshape %v : !x to !h
  %qt = graph.transpose %qh perm [0, 2, 1, 3] : (!h) -> !g
  %kt = graph.transpose %kh perm [0, 2, 1, 3] : (!h) -> !g
  %vt = graph.transpose %vh perm [0, 2, 1, 3] : (!h) -> !g
  %o = graph.attention %qt, %kt, %vt : (!g, !g, !g) -> !g
  return %o : !g
}

// Keys and values of another sequence: only these two have one input.

// CHECK-LABEL: func.func @cross(
//  CHECK-SAME:     %[[X:[a-z0-9]+]]: tensor<?x?x8xf32
//  CHECK-SAME:     %[[Y:[a-z0-9]+]]: tensor<?x?x8xf32
//   CHECK-DAG:   %[[Q:.+]] = graph.linear %[[X]], %{{.+}} -> tensor<?x?x8xf32
//   CHECK-DAG:   %[[KV:.+]] = graph.linear %[[Y]], %{{.+}} -> tensor<?x?x16xf32
//       CHECK:   graph.attention
// REMARK: Function=cross | Remark="key, value"
func.func @cross(%x: !x, %y: !y) -> !h {
  %wq = graph.weight "wq" : !w
  %wk = graph.weight "wk" : !w
  %wv = graph.weight "wv" : !w
  %q = graph.linear %x, %wq : (!x, !w) -> !x
  %k = graph.linear %y, %wk : (!y, !w) -> !y
  %v = graph.linear %y, %wv : (!y, !w) -> !y
  %qh = graph.reshape %q : !x to !h
  %kh = graph.reshape %k : !y to !hk
  %vh = graph.reshape %v : !y to !hk
  %o = graph.attention %qh, %kh, %vh layout(bshd) : (!h, !hk, !hk) -> !h
  return %o : !h
}

// Keys that are values too, and a layer that somebody else reads.

// CHECK-LABEL: func.func @keys_are_values(
//       CHECK:   graph.linear %{{.+}} -> tensor<?x?x16xf32
//       CHECK:   %[[Q:.+]] = graph.slice %{{.+}} [0, 8]
//       CHECK:   %[[K:.+]] = graph.slice %{{.+}} [8, 16]
//       CHECK:   return %{{.+}}, %[[K]]
// REMARK: Function=keys_are_values | Remark="query, key, value"
func.func @keys_are_values(%x: !x) -> (!h, !x) {
  %wq = graph.weight "wq" : !w
  %wk = graph.weight "wk" : !w
  %q = graph.linear %x, %wq : (!x, !w) -> !x
  %k = graph.linear %x, %wk : (!x, !w) -> !x
  %qh = graph.reshape %q : !x to !h
  %kh = graph.reshape %k : !x to !h
  %o = graph.attention %qh, %kh, %kh layout(bshd) : (!h, !h, !h) -> !h
  return %o, %k : !h, !x
}

// One layer for everything: nothing to do.

// CHECK-LABEL: func.func @one_layer(
//       CHECK:   graph.linear
//  CHECK-NEXT:   graph.reshape
// REMARK-NOT: one_layer
func.func @one_layer(%x: !x) -> !h {
  %w = graph.weight "w" : !w
  %q = graph.linear %x, %w : (!x, !w) -> !x
  %qh = graph.reshape %q : !x to !h
  %o = graph.attention %qh, %qh, %qh layout(bshd) : (!h, !h, !h) -> !h
  return %o : !h
}

// Slices of one layer: nothing to do either.

// CHECK-LABEL: func.func @packed(
//       CHECK:   graph.linear
//   CHECK-NOT:   graph.linear
//       CHECK:   return
// REMARK-NOT: Function=packed
func.func @packed(%x: !x) -> !h {
  %w = graph.weight "w" : tensor<24x8xf32>
  %p = graph.linear %x, %w {transpose_weight} : (!x, tensor<24x8xf32>) -> !p
  %q = graph.slice %p axis(2) [0, 8] : (!p) -> !x
  %k = graph.slice %p axis(2) [8, 16] : (!p) -> !x
  %v = graph.slice %p axis(2) [16, 24] : (!p) -> !x
  %qh = graph.reshape %q : !x to !h
  %kh = graph.reshape %k : !x to !h
  %vh = graph.reshape %v : !x to !h
  %o = graph.attention %qh, %kh, %vh layout(bshd) : (!h, !h, !h) -> !h
  return %o : !h
}

// Layers with slices of a packed weight: the whole of it, or, for keys and
// values, the larger part.

// CHECK-LABEL: func.func @packed_weight(
//  CHECK-SAME:     %[[X:[a-z0-9]+]]: tensor<?x?x8xf32
//   CHECK-DAG:   %[[W:.+]] = graph.weight "w"
//   CHECK-DAG:   %[[B:.+]] = graph.weight "b"
//       CHECK:   graph.linear %[[X]], %[[W]] bias(%[[B]]) {transpose_weight} : {{.+}} -> tensor<?x?x24xf32
//   CHECK-NOT:   graph.linear
//       CHECK:   return
// REMARK: Function=packed_weight | Remark="query, key, value"
func.func @packed_weight(%x: !x) -> !h {
  %w = graph.weight "w" : tensor<24x8xf32>
  %b = graph.weight "b" : tensor<24xf32>
  %wq = graph.slice %w axis(0) [0, 8] : (tensor<24x8xf32>) -> !w
  %bq = graph.slice %b axis(0) [0, 8] : (tensor<24xf32>) -> !b
  %q = graph.linear %x, %wq bias(%bq) {transpose_weight} : (!x, !w, !b) -> !x
  %wk = graph.slice %w axis(0) [8, 16] : (tensor<24x8xf32>) -> !w
  %bk = graph.slice %b axis(0) [8, 16] : (tensor<24xf32>) -> !b
  %k = graph.linear %x, %wk bias(%bk) {transpose_weight} : (!x, !w, !b) -> !x
  %wv = graph.slice %w axis(0) [16, 24] : (tensor<24x8xf32>) -> !w
  %bv = graph.slice %b axis(0) [16, 24] : (tensor<24xf32>) -> !b
  %v = graph.linear %x, %wv bias(%bv) {transpose_weight} : (!x, !w, !b) -> !x
  %qh = graph.reshape %q : !x to !h
  %kh = graph.reshape %k : !x to !h
  %vh = graph.reshape %v : !x to !h
  %o = graph.attention %qh, %kh, %vh layout(bshd) : (!h, !h, !h) -> !h
  return %o : !h
}

// CHECK-LABEL: func.func @packed_cross(
//   CHECK-DAG:   %[[W:.+]] = graph.weight "w"
//   CHECK-DAG:   %[[KV:.+]] = graph.slice %[[W]] axis(0) [8, 24]
//       CHECK:   graph.linear %{{.+}}, %[[KV]] {transpose_weight} : {{.+}} -> tensor<?x?x16xf32
//       CHECK:   return
// REMARK: Function=packed_cross | Remark="key, value"
func.func @packed_cross(%x: !x, %y: !y) -> !h {
  %w = graph.weight "w" : tensor<24x8xf32>
  %wq = graph.slice %w axis(0) [0, 8] : (tensor<24x8xf32>) -> !w
  %wk = graph.slice %w axis(0) [8, 16] : (tensor<24x8xf32>) -> !w
  %wv = graph.slice %w axis(0) [16, 24] : (tensor<24x8xf32>) -> !w
  %q = graph.linear %x, %wq {transpose_weight} : (!x, !w) -> !x
  %k = graph.linear %y, %wk {transpose_weight} : (!y, !w) -> !y
  %v = graph.linear %y, %wv {transpose_weight} : (!y, !w) -> !y
  %qh = graph.reshape %q : !x to !h
  %kh = graph.reshape %k : !y to !hk
  %vh = graph.reshape %v : !y to !hk
  %o = graph.attention %qh, %kh, %vh layout(bshd) : (!h, !hk, !hk) -> !h
  return %o : !h
}

// One of the layers has no bias: it gets zeros.

// CHECK-LABEL: func.func @some_bias(
//   CHECK-DAG:   %[[BQ:.+]] = graph.weight "bq"
//   CHECK-DAG:   %[[ZEROS:.+]] = graph.constant dense<0.000000e+00> : tensor<8xf32>
//       CHECK:   %[[B:.+]] = graph.concat %[[BQ]], %[[ZEROS]] axis(0) : {{.+}} -> tensor<16xf32>
//       CHECK:   graph.linear %{{.+}}, %{{.+}} bias(%[[B]]) :
func.func @some_bias(%x: !x) -> !h {
  %wq = graph.weight "wq" : !w
  %bq = graph.weight "bq" : !b
  %wk = graph.weight "wk" : !w
  %q = graph.linear %x, %wq bias(%bq) : (!x, !w, !b) -> !x
  %k = graph.linear %x, %wk : (!x, !w) -> !x
  %qh = graph.reshape %q : !x to !h
  %kh = graph.reshape %k : !x to !h
  %o = graph.attention %qh, %kh, %kh layout(bshd) : (!h, !h, !h) -> !h
  return %o : !h
}

// The first layer's order of the weight is that of all.

// CHECK-LABEL: func.func @two_orders(
//   CHECK-DAG:   %[[WQ:.+]] = graph.weight "wq"
//   CHECK-DAG:   %[[WK:.+]] = graph.weight "wk"
//       CHECK:   %[[T:.+]] = graph.transpose %[[WK]] perm [1, 0]
//       CHECK:   %[[W:.+]] = graph.concat %[[WQ]], %[[T]] axis(0) : {{.+}} -> tensor<16x8xf32>
//       CHECK:   graph.linear %{{.+}}, %[[W]] {transpose_weight}
func.func @two_orders(%x: !x) -> !h {
  %wq = graph.weight "wq" : !w
  %wk = graph.weight "wk" : !w
  %q = graph.linear %x, %wq {transpose_weight} : (!x, !w) -> !x
  %k = graph.linear %x, %wk : (!x, !w) -> !x
  %qh = graph.reshape %q : !x to !h
  %kh = graph.reshape %k : !x to !h
  %o = graph.attention %qh, %kh, %kh layout(bshd) : (!h, !h, !h) -> !h
  return %o : !h
}
