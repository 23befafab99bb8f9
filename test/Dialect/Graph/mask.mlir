// RUN: sylvite-opt %s | FileCheck %s
// RUN: sylvite-opt %s | sylvite-opt | FileCheck %s
// RUN: sylvite-opt %s --mlir-print-op-generic | sylvite-opt | FileCheck %s
// RUN: sylvite-opt %s --emit-bytecode | sylvite-opt | FileCheck %s

// The mask algebra: `and` binds tighter than `or`, parentheses group, and what
// is printed has just the parentheses that the tree needs.

// CHECK-LABEL: func private @leaves
// CHECK-SAME: a = #graph.mask<causal>,
// CHECK-SAME: b = #graph.mask<causal_to_end>,
// CHECK-SAME: c = #graph.mask<window(256)>,
// CHECK-SAME: d = #graph.mask<prefix(16)>,
// CHECK-SAME: e = #graph.mask<padding(0)>,
// CHECK-SAME: f = #graph.mask<keep(1)>,
// CHECK-SAME: g = #graph.mask<document(2)>
func.func private @leaves() attributes {
  a = #graph.mask<causal>, b = #graph.mask<causal_to_end>,
  c = #graph.mask<window(256)>, d = #graph.mask<prefix(16)>,
  e = #graph.mask<padding(0)>, f = #graph.mask<keep(1)>,
  g = #graph.mask<document(2)>
}

// CHECK-LABEL: func private @precedence
// CHECK-SAME: a = #graph.mask<causal and keep(0) or prefix(4)>,
// CHECK-SAME: b = #graph.mask<prefix(4) or causal and keep(0)>,
// CHECK-SAME: c = #graph.mask<(prefix(4) or causal) and keep(0)>,
// CHECK-SAME: d = #graph.mask<keep(0) and (prefix(4) or causal)>
func.func private @precedence() attributes {
  a = #graph.mask<causal and keep(0) or prefix(4)>,
  b = #graph.mask<prefix(4) or causal and keep(0)>,
  c = #graph.mask<(prefix(4) or causal) and keep(0)>,
  d = #graph.mask<keep(0) and (prefix(4) or causal)>
}

// CHECK-LABEL: func private @needless_parentheses
// CHECK-SAME: a = #graph.mask<causal>,
// CHECK-SAME: b = #graph.mask<causal and keep(0) or prefix(4)>,
// CHECK-SAME: c = #graph.mask<causal and keep(0) and window(8)>
func.func private @needless_parentheses() attributes {
  a = #graph.mask<((causal))>,
  b = #graph.mask<(causal and (keep(0))) or prefix(4)>,
  c = #graph.mask<causal and keep(0) and window(8)>
}

// A group of the same sign is another tree, and stays one.
// CHECK-LABEL: func private @needed_parentheses
// CHECK-SAME: a = #graph.mask<causal and (keep(0) and window(8))>,
// CHECK-SAME: b = #graph.mask<(causal or keep(0)) or window(8)>
func.func private @needed_parentheses() attributes {
  a = #graph.mask<causal and (keep(0) and window(8))>,
  b = #graph.mask<(causal or keep(0)) or window(8)>
}

// In an op the operands stand in the expression.
// CHECK-LABEL: func @operands
// CHECK-SAME: (%[[X:.*]]: tensor<2x4x8x32xf32>, %[[LENGTHS:.*]]: tensor<2xi32>, %[[KEEP:.*]]: tensor<2x8xi1>)
func.func @operands(%x: tensor<2x4x8x32xf32>, %lengths: tensor<2xi32>,
                    %keep: tensor<2x8xi1>) {
  // CHECK: mask((causal or prefix(2)) and padding(%[[LENGTHS]]) and keep(%[[KEEP]])) :
  %o = graph.attention %x, %x, %x
      mask((causal or prefix(2)) and padding(%lengths) and keep(%keep))
      : (tensor<2x4x8x32xf32>, tensor<2x4x8x32xf32>, tensor<2x4x8x32xf32>,
         tensor<2xi32>, tensor<2x8xi1>) -> tensor<2x4x8x32xf32>
  // One value may stand at two leaves.
  // CHECK: mask(keep(%[[KEEP]]) or causal and keep(%[[KEEP]])) :
  %p = graph.attention %x, %x, %x mask(keep(%keep) or causal and keep(%keep))
      : (tensor<2x4x8x32xf32>, tensor<2x4x8x32xf32>, tensor<2x4x8x32xf32>,
         tensor<2x8xi1>, tensor<2x8xi1>) -> tensor<2x4x8x32xf32>
  return
}
