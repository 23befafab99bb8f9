// Loops: what they carry has one buffer, and elements of sequences and outputs
// are rows of theirs.
//
// RUN: sylvite-opt %s -sylvite-bufferize-host -split-input-file | FileCheck %s

halide.pipeline @next(%h: !halide.buffer<8xf32>, %e: !halide.buffer<8xf32>) -> !halide.buffer<8xf32> {
  %out = halide.func "out"(i = %i) : f32 {
    %a = halide.load %h[%i] : !halide.buffer<8xf32>
    %b = halide.load %e[%i] : !halide.buffer<8xf32>
    %s = arith.addf %a, %b : f32
    halide.yield %s : f32
  }
  halide.output %out : !halide.func<1xf32>
}

// The kernel writes the row of the output; the carried value is a copy of it in
// the place of the last result.
// CHECK-LABEL: func.func @recurrence(
// CHECK-SAME: %[[SEQ:[^:]*]]: index
// CHECK-SAME: %[[X:[^:]*]]: memref<?x8xf32> {{.*}}"x"
// CHECK-SAME: %[[H:[^:]*]]: memref<8xf32> {{.*}}"h"
// CHECK-SAME: %[[LAST:[^:]*]]: memref<8xf32> {{.*}}"last"
// CHECK-SAME: %[[ALL:[^:]*]]: memref<?x8xf32> {{.*}}"all"
// CHECK-NOT: memref.alloc
// CHECK: memref.copy %[[H]], %[[LAST]]
// CHECK: scf.for %[[I:.*]] = %{{.*}} to %[[SEQ]] step %{{[^ ]*}} {
// CHECK: %[[E:.*]] = memref.subview %[[X]][%[[I]], 0] [1, 8] [1, 1]
// CHECK: %[[TO:.*]] = memref.subview %[[ALL]][%[[I]], 0] [1, 8] [1, 1]
// CHECK: halide.invoke @next ins(%[[LAST]], %[[E]] : {{.*}}) outs(%[[TO]]
// CHECK: memref.copy %[[TO]], %[[LAST]]
func.func @recurrence(%x: tensor<?x8xf32> {graph.name = "x", graph.dims = ["seq", ""]},
                      %h: tensor<8xf32> {graph.name = "h"})
    -> (tensor<8xf32> {graph.name = "last"},
        tensor<?x8xf32> {graph.name = "all", graph.dims = ["seq", ""]}) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = tensor.dim %x, %c0 : tensor<?x8xf32>
  %all = tensor.empty(%n) : tensor<?x8xf32>
  %r:2 = scf.for %i = %c0 to %n step %c1 iter_args(%c = %h, %s = %all)
      -> (tensor<8xf32>, tensor<?x8xf32>) {
    %e = tensor.extract_slice %x[%i, 0] [1, 8] [1, 1] : tensor<?x8xf32> to tensor<8xf32>
    %to = tensor.empty() : tensor<8xf32>
    %o = halide.invoke @next ins(%c, %e : tensor<8xf32>, tensor<8xf32>)
        outs(%to : tensor<8xf32>) -> tensor<8xf32>
    %t = tensor.insert_slice %o into %s[%i, 0] [1, 8] [1, 1]
        : tensor<8xf32> into tensor<?x8xf32>
    scf.yield %o, %t : tensor<8xf32>, tensor<?x8xf32>
  }
  return %r#0, %r#1 : tensor<8xf32>, tensor<?x8xf32>
}

// -----

// A cache that is given back where it came from: its kernel writes into it, and
// takes its extents alone.

halide.pipeline @write(%row: !halide.buffer<8xf32>, %cache: !halide.buffer<8x?xf32>)
    -> (!halide.buffer<8x?xf32> {halide.in_place}) {
  %n = halide.extent %cache[1] : !halide.buffer<8x?xf32>
  %c1 = arith.constant 1 : i32
  %last = arith.subi %n, %c1 : i32
  %out = halide.func "out"(i = %i, m = %m) : f32 {
    %u = halide.undef : f32
    halide.yield %u : f32
  }
  halide.update %out(i = %i, m = %m) : !halide.func<2xf32> {
    %a = halide.load %row[%i] : !halide.buffer<8xf32>
    halide.yield %a at (%i, %last) : f32
  }
  halide.output %out : !halide.func<2xf32>
}

// CHECK-LABEL: func.func @state(
// CHECK-SAME: %[[ROW:[^:]*]]: memref<8xf32>
// CHECK-SAME: %[[CACHE:[^:]*]]: memref<?x8xf32> {{.*}}graph.name = "cache"{{.*}}sylvite.in_place = "new"
// CHECK-NOT: memref.copy
// CHECK: halide.invoke @write ins(%[[ROW]], %[[CACHE]] : {{.*}}) outs(%[[CACHE]] :
// CHECK-NOT: memref.copy
// CHECK: return
func.func @state(%row: tensor<8xf32> {graph.name = "row"},
                 %cache: tensor<?x8xf32> {graph.name = "cache", graph.dims = ["past", ""]})
    -> (tensor<?x8xf32> {graph.name = "new", graph.dims = ["past", ""], graph.in_place = 1 : i64}) {
  %new = halide.invoke @write ins(%row, %cache : tensor<8xf32>, tensor<?x8xf32>)
      outs(%cache : tensor<?x8xf32>) -> tensor<?x8xf32>
  return %new : tensor<?x8xf32>
}

// The same where the old cache is read behind: it is copied first.
// CHECK-LABEL: func.func @old_is_read(
// CHECK: memref.copy
// CHECK: halide.invoke @write
func.func @old_is_read(%row: tensor<8xf32> {graph.name = "row"},
                       %cache: tensor<?x8xf32> {graph.name = "cache", graph.dims = ["past", ""]})
    -> (tensor<?x8xf32> {graph.name = "new", graph.dims = ["past", ""], graph.in_place = 1 : i64},
        tensor<?x8xf32> {graph.name = "old", graph.dims = ["past", ""]}) {
  %new = halide.invoke @write ins(%row, %cache : tensor<8xf32>, tensor<?x8xf32>)
      outs(%cache : tensor<?x8xf32>) -> tensor<?x8xf32>
  return %new, %cache : tensor<?x8xf32>, tensor<?x8xf32>
}

// -----

// A dimension that only the result has is a parameter.
// CHECK-LABEL: func.func @capacity(
// CHECK-SAME: %[[N:[^:]*]]: index {graph.name = "capacity", sylvite.role = "dim"}
// CHECK-NOT: halide.dim
func.func @capacity() -> (tensor<?xf32> {graph.name = "y", graph.dims = ["capacity"]}) {
  %n = halide.dim "capacity" : index
  %y = tensor.empty(%n) : tensor<?xf32>
  return %y : tensor<?xf32>
}
