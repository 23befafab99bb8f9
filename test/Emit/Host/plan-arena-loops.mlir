// RUN: sylvite-opt %s -sylvite-plan-arena -split-input-file \
// RUN:   -allow-unregistered-dialect | FileCheck %s

// A loop: what is made outside and used inside lives as long as the loop, what
// is made inside shares memory with what is dead by then, and each of two
// buffers that do not live at once shares the other's.

// CHECK-LABEL: func.func @loop(
// CHECK-SAME: attributes {sylvite.arena = "384"}
// CHECK: scf.for
// CHECK-NOT: memref.alloc
func.func @loop(%seq: index {graph.name = "seq", sylvite.role = "dim"}) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %before = memref.alloc() : memref<32xf32>
  %state = memref.alloc() : memref<64xf32>
  "test.use"(%before, %state) : (memref<32xf32>, memref<64xf32>) -> ()
  scf.for %i = %c0 to %seq step %c1 {
    %a = memref.alloc() : memref<32xf32>
    "test.use"(%state, %a) : (memref<64xf32>, memref<32xf32>) -> ()
    %b = memref.alloc() : memref<16xf32>
    "test.use"(%b) : (memref<16xf32>) -> ()
  }
  return
}

// -----

// Two values that a loop needs from above keep their places in every step,
// though one is last used before the other is first.

// CHECK-LABEL: func.func @kept(
// CHECK-SAME: attributes {sylvite.arena = "256"}
func.func @kept(%seq: index {graph.name = "seq", sylvite.role = "dim"}) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %a = memref.alloc() : memref<32xf32>
  %b = memref.alloc() : memref<32xf32>
  scf.for %i = %c0 to %seq step %c1 {
    "test.use"(%a) : (memref<32xf32>) -> ()
    "test.use"(%b) : (memref<32xf32>) -> ()
  }
  return
}

// -----

// Extents that are asked of buffers are followed to the dimensions.

// CHECK-LABEL: func.func @extents(
// CHECK-SAME: attributes {sylvite.arena = "round64(96 * seq) + round64(4 * seq)"}
func.func @extents(%seq: index {graph.name = "seq", sylvite.role = "dim"},
                   %x: memref<?x24xf32> {graph.dims = ["seq", ""],
                                         graph.name = "x", sylvite.role = "input"}) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %flat = memref.collapse_shape %x [[0, 1]] : memref<?x24xf32> into memref<?xf32>
  %n = memref.dim %flat, %c0 : memref<?xf32>
  %a = memref.alloc(%n) : memref<?xf32>
  %wide = memref.expand_shape %a [[0, 1]] output_shape [%seq, 24]
      : memref<?xf32> into memref<?x24xf32>
  %m = memref.dim %wide, %c0 : memref<?x24xf32>
  %b = memref.alloc(%m) : memref<?xf32>
  "test.use"(%a, %b) : (memref<?xf32>, memref<?xf32>) -> ()
  return
}
