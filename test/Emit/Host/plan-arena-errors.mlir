// RUN: sylvite-opt %s -sylvite-plan-arena -split-input-file -verify-diagnostics

func.func @division(%seq: index {graph.name = "seq", sylvite.role = "dim"}) {
  %c2 = arith.constant 2 : index
  %half = arith.divui %seq, %c2 : index
  // expected-error @below {{the size of this buffer is no sum of products of the function's dimensions}}
  %a = memref.alloc(%half) : memref<?xf32>
  return
}

// -----

// expected-error @below {{argument 0 has an axis that no dimension names}}
func.func @unnamed(%x: memref<?xf32> {sylvite.role = "input"}) {
  return
}

// -----

// expected-error @below {{the name run_arena is taken; its size function needs it}}
func.func @run() {
  return
}
func.func @run_arena() {
  return
}
