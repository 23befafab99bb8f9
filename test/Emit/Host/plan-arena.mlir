// RUN: sylvite-opt %s -sylvite-plan-arena -split-input-file \
// RUN:   -allow-unregistered-dialect | FileCheck %s

// Lifetimes decide: a is dead when c is first used, so both are in one slot; b
// overlaps with both. The slots are as large as their largest member.

// CHECK-LABEL: func.func @share(
// CHECK-SAME: %[[SEQ:[^:]*]]: index {graph.name = "seq", sylvite.role = "dim"},
// CHECK-SAME: %[[ARENA:[^:]*]]: memref<?xi8> {sylvite.role = "arena"})
// CHECK-SAME: attributes {sylvite.arena = "192 * seq"}
func.func @share(%seq: index {graph.name = "seq", sylvite.role = "dim"}) {
  // CHECK: %[[ZERO:.*]] = arith.constant 0 : index
  // CHECK: %[[BYTES:.*]] = arith.constant 128 : index
  // CHECK: %[[SLOT:.*]] = arith.muli %[[SEQ]], %[[BYTES]]
  // CHECK: %[[SECOND:.*]] = arith.addi %[[ZERO]], %[[SLOT]]
  // CHECK: memref.view %[[ARENA]][%[[ZERO]]][%[[SEQ]]] : memref<?xi8> to memref<?x32xf32>
  // CHECK: memref.view %[[ARENA]][%[[SECOND]]][%[[SEQ]]] : memref<?xi8> to memref<?x16xf32>
  // CHECK: memref.view %[[ARENA]][%[[ZERO]]][%[[SEQ]]] : memref<?xi8> to memref<?x8xf32>
  // CHECK-NOT: memref.alloc
  %a = memref.alloc(%seq) : memref<?x32xf32>
  %b = memref.alloc(%seq) : memref<?x16xf32>
  %c = memref.alloc(%seq) : memref<?x8xf32>
  "test.use"(%a, %b) : (memref<?x32xf32>, memref<?x16xf32>) -> ()
  "test.use"(%b, %c) : (memref<?x16xf32>, memref<?x8xf32>) -> ()
  return
}
// The function that tells the size saturates, and looks at every tensor.
// CHECK-LABEL: func.func private @share_arena(
// CHECK-SAME: %[[SEQ:.*]]: index) -> index
// CHECK: %[[ZERO:.*]] = arith.constant 0 : index
// CHECK: %[[C128:.*]] = arith.constant 128 : index
// CHECK: %[[A:.*]] = call @sylvite_multiply(%[[SEQ]], %[[C128]])
// CHECK: %[[A64:.*]] = call @sylvite_align(%[[A]])
// CHECK: %[[FIRST:.*]] = call @sylvite_add(%[[ZERO]], %[[A64]])
// CHECK: %[[C64:.*]] = arith.constant 64 : index
// CHECK: %[[B:.*]] = call @sylvite_multiply(%[[SEQ]], %[[C64]])
// CHECK: %[[B64:.*]] = call @sylvite_align(%[[B]])
// CHECK: %[[BOTH:.*]] = call @sylvite_add(%[[FIRST]], %[[B64]])
// CHECK: %[[C32:.*]] = arith.constant 32 : index
// CHECK: %[[ELEMENTS:.*]] = call @sylvite_multiply(%[[SEQ]], %[[C32]])
// CHECK: %[[FITS:.*]] = call @sylvite_check_elements(%[[ELEMENTS]])
// CHECK: %[[ALL:.*]] = call @sylvite_add(%[[BOTH]], %[[FITS]])
// CHECK: return %[[ALL]]

// -----

// A view keeps its buffer alive.

// CHECK-LABEL: func.func @view(
// CHECK-SAME: sylvite.arena = "128"
func.func @view() {
  %a = memref.alloc() : memref<4x4xf32>
  %flat = memref.collapse_shape %a [[0, 1]] : memref<4x4xf32> into memref<16xf32>
  "test.use"(%a) : (memref<4x4xf32>) -> ()
  %b = memref.alloc() : memref<16xf32>
  "test.use"(%b) : (memref<16xf32>) -> ()
  "test.use"(%flat) : (memref<16xf32>) -> ()
  return
}

// -----

// Which of two is larger may depend on the dimensions; and sizes that are no
// multiple of 64 are rounded at run time.

// CHECK-LABEL: func.func @maximum(
// CHECK-SAME: %[[BATCH:[^:]*]]: index {graph.name = "batch", sylvite.role = "dim"},
// CHECK-SAME: %[[SEQ:[^:]*]]: index {graph.name = "seq", sylvite.role = "dim"},
// CHECK-SAME: sylvite.arena = "round64(max(400 * batch, 4 * batch * seq)) + round64(4 * batch * seq)"
func.func @maximum(%batch: index {graph.name = "batch", sylvite.role = "dim"},
                   %seq: index {graph.name = "seq", sylvite.role = "dim"}) {
  // CHECK: %[[MAX:.*]] = arith.maxui
  // CHECK: %[[C63:.*]] = arith.constant 63 : index
  // CHECK: %[[SUM:.*]] = arith.addi %[[MAX]], %[[C63]]
  // CHECK: %[[MASK:.*]] = arith.constant -64 : index
  // CHECK: arith.andi %[[SUM]], %[[MASK]]
  %a = memref.alloc(%batch, %seq) : memref<?x?xf32>
  %b = memref.alloc(%batch) : memref<?x100xf32>
  %c = memref.alloc(%batch, %seq) : memref<?x?xf32>
  "test.use"(%a, %c) : (memref<?x?xf32>, memref<?x?xf32>) -> ()
  "test.use"(%b, %c) : (memref<?x100xf32>, memref<?x?xf32>) -> ()
  return
}

// -----

// Callers' tensors must have indices of 32 bits too.

// CHECK-LABEL: func.func @arguments(
// CHECK-LABEL: func.func private @arguments_arena(
// CHECK-SAME: %[[SEQ:.*]]: index) -> index
// CHECK: %[[C24:.*]] = arith.constant 24 : index
// CHECK: %[[ELEMENTS:.*]] = call @sylvite_multiply(%[[SEQ]], %[[C24]])
// CHECK: call @sylvite_check_elements(%[[ELEMENTS]])
// CHECK-NOT: sylvite_check_elements
func.func @arguments(
    %seq: index {graph.name = "seq", sylvite.role = "dim"},
    %x: memref<?x24xf32> {graph.dims = ["seq", ""], graph.name = "x",
                          sylvite.role = "input"},
    %y: memref<?x8xf32> {graph.dims = ["seq", ""], graph.name = "y",
                         sylvite.role = "output"})
    attributes {graph.dim_max = {seq = 64 : i64}} {
  return
}
