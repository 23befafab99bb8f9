// RUN: sylvite-opt %s --sylvite-fuse-qkv --remarks-filter=sylvite-fusion 2>&1 >/dev/null | FileCheck %s
// RUN: sylvite-opt %s --sylvite-fuse-qkv | FileCheck %s --check-prefix=IR

// Projections that are computed one by one.

// IR-NOT: graph.concat

!x = tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
!h = tensor<?x?x2x4xf32, #graph.dims<batch, seq, _, _>>
!w = tensor<8x8xf32>
!b = tensor<8xf32>

// CHECK: remark: [Missed] qkv | Category:sylvite-fusion | Function=activated
// CHECK-SAME: Reason="a projection has more than a product and a bias"
func.func @activated(%x: !x) -> !h {
  %wq = graph.weight "wq" : !w
  %wk = graph.weight "wk" : !w
  %q = graph.linear %x, %wq activation(relu) : (!x, !w) -> !x
  %k = graph.linear %x, %wk : (!x, !w) -> !x
  %qh = graph.reshape %q : !x to !h
  %kh = graph.reshape %k : !x to !h
  %o = graph.attention %qh, %kh, %kh layout(bshd) : (!h, !h, !h) -> !h
  return %o : !h
}

// CHECK: Function=calculated_weight
// CHECK-SAME: Reason="a weight or bias is calculated"
func.func @calculated_weight(%x: !x, %wk: !w) -> !h {
  %wq = graph.weight "wq" : !w
  %q = graph.linear %x, %wq : (!x, !w) -> !x
  %k = graph.linear %x, %wk : (!x, !w) -> !x
  %qh = graph.reshape %q : !x to !h
  %kh = graph.reshape %k : !x to !h
  %o = graph.attention %qh, %kh, %kh layout(bshd) : (!h, !h, !h) -> !h
  return %o : !h
}

// CHECK: Function=no_layer
// CHECK-SAME: Reason="the key is no result of a linear layer"
func.func @no_layer(%x: !x) -> !h {
  %wq = graph.weight "wq" : !w
  %q = graph.linear %x, %wq : (!x, !w) -> !x
  %qh = graph.reshape %q : !x to !h
  %kh = graph.reshape %x : !x to !h
  %o = graph.attention %qh, %kh, %kh layout(bshd) : (!h, !h, !h) -> !h
  return %o : !h
}

// CHECK: Function=three_inputs
// CHECK-SAME: Reason="the projections have different inputs"
func.func @three_inputs(%x: !x, %y: !x, %z: !x) -> !h {
  %wq = graph.weight "wq" : !w
  %wk = graph.weight "wk" : !w
  %wv = graph.weight "wv" : !w
  %q = graph.linear %x, %wq : (!x, !w) -> !x
  %k = graph.linear %y, %wk : (!x, !w) -> !x
  %v = graph.linear %z, %wv : (!x, !w) -> !x
  %qh = graph.reshape %q : !x to !h
  %kh = graph.reshape %k : !x to !h
  %vh = graph.reshape %v : !x to !h
  %o = graph.attention %qh, %kh, %vh layout(bshd) : (!h, !h, !h) -> !h
  return %o : !h
}

// Plain arguments are no projections, and no matter of this pass.

// CHECK-NOT: Function=arguments
func.func @arguments(%q: !h) -> !h {
  %o = graph.attention %q, %q, %q layout(bshd) : (!h, !h, !h) -> !h
  return %o : !h
}
