// RUN: sylvite-opt %s -sylvite-lower-host=prefix=tiny | FileCheck %s

module attributes {sylvite.target = "x86-64-v3"} {

halide.pipeline @scale(%x: !halide.buffer<8x?xf32>, %w: !halide.buffer<8xi64>)
    -> !halide.buffer<8x?xf32> {
  %out = halide.func "out"(i = %i, m = %m) : f32 {
    %a = halide.load %x[%i, %m] : !halide.buffer<8x?xf32>
    halide.yield %a : f32
  }
  halide.output %out : !halide.func<2xf32>
}

func.func @run(
    %seq: index {graph.name = "seq", sylvite.role = "dim"},
    %weights: memref<?xi8> {sylvite.role = "weights"},
    %x: memref<?x2x4xf32> {graph.dims = ["seq", "", ""], graph.name = "x",
                           sylvite.role = "input"},
    %y: memref<?x8xf32> {graph.dims = ["seq", ""], graph.name = "y",
                         sylvite.role = "output"},
    %z: memref<?x8xf32> {graph.dims = ["seq", ""], graph.name = "z",
                         sylvite.role = "output"},
    %arena: memref<?xi8> {sylvite.role = "arena"})
    attributes {sylvite.arena = "0", graph.dim_max = {seq = 64 : i64}} {
  %c128 = arith.constant 128 : index
  %w = memref.view %weights[%c128][] : memref<?xi8> to memref<8xi64>
  %x2 = memref.collapse_shape %x [[0], [1, 2]]
      : memref<?x2x4xf32> into memref<?x8xf32>
  halide.invoke @scale ins(%x2, %w : memref<?x8xf32>, memref<8xi64>)
      outs(%y : memref<?x8xf32>)
  memref.copy %y, %z : memref<?x8xf32> to memref<?x8xf32>
  return
}
func.func private @run_arena(%seq: index) -> index {
  %c64 = arith.constant 64 : index
  %bytes = func.call @sylvite_multiply(%seq, %c64) : (index, index) -> index
  return %bytes : index
}
func.func private @sylvite_multiply(index, index) -> index

}

// CHECK-NOT: func.func
// CHECK: module @host attributes {sylvite.interface = "{
// CHECK-SAME: \22max\22:64,\22name\22:\22seq\22
// CHECK-SAME: \22prefix\22:\22tiny\22,\22targets\22:[{\22calls\22:{\22run\22:[{\22kernel\22:\22scale\22}]},\22kernels\22:[\22scale\22],\22name\22:\22x86-64-v3\22}]

// The helper writes one halide_buffer_t: extents innermost first, dense strides.
// CHECK: llvm.func internal @sylvite_fill_buffer_2(
// CHECK-SAME: %[[BUFFER:[^:]*]]: !llvm.ptr, %[[DIMS:[^:]*]]: !llvm.ptr, %[[DATA:[^:]*]]: !llvm.ptr, %[[TYPE:[^:]*]]: i32, %[[OUTER:[^:]*]]: i64, %[[INNER:[^:]*]]: i64)
// CHECK: %[[INNER32:.*]] = llvm.trunc %[[INNER]]
// CHECK: %[[AT:.*]] = llvm.getelementptr %[[DIMS]][0, 1]
// CHECK: llvm.store %[[INNER32]], %[[AT]]
// CHECK: %[[STRIDE:.*]] = llvm.mul %{{.*}}, %[[INNER32]]
// CHECK: %[[OUTER32:.*]] = llvm.trunc %[[OUTER]]
// CHECK: %[[AT:.*]] = llvm.getelementptr %[[DIMS]][1, 1]
// CHECK: llvm.store %[[OUTER32]], %[[AT]]
// CHECK: %[[AT:.*]] = llvm.getelementptr %[[DIMS]][1, 2]
// CHECK: llvm.store %[[STRIDE]], %[[AT]]

// CHECK-LABEL: llvm.func hidden @tiny__run_impl(
// CHECK-SAME: %[[CONTEXT:[^:]*]]: !llvm.ptr, %[[DIMS:[^:]*]]: !llvm.ptr, %[[WEIGHTS:[^:]*]]: !llvm.ptr, %[[ARENA:[^:]*]]: !llvm.ptr, %[[INPUTS:[^:]*]]: !llvm.ptr, %[[OUTPUTS:[^:]*]]: !llvm.ptr) -> i32
// CHECK: %[[AT:.*]] = llvm.getelementptr %[[DIMS]][0]
// CHECK: %[[SEQ:.*]] = llvm.load %[[AT]] : !llvm.ptr -> i64
// CHECK: %[[AT:.*]] = llvm.getelementptr %[[INPUTS]][0]
// CHECK: %[[X:.*]] = llvm.load %[[AT]] : !llvm.ptr -> !llvm.ptr
// CHECK: %[[AT:.*]] = llvm.getelementptr %[[OUTPUTS]][0]
// CHECK: %[[Y:.*]] = llvm.load %[[AT]] : !llvm.ptr -> !llvm.ptr
// CHECK: %[[AT:.*]] = llvm.getelementptr %[[OUTPUTS]][1]
// CHECK: %[[Z:.*]] = llvm.load %[[AT]] : !llvm.ptr -> !llvm.ptr
// CHECK: %[[OFFSET:.*]] = llvm.mlir.constant(128 : i64)
// CHECK: %[[W:.*]] = llvm.getelementptr %[[WEIGHTS]][%[[OFFSET]]]
// CHECK: %[[COLUMNS:.*]] = llvm.mul
// CHECK: %[[F32:.*]] = llvm.mlir.constant(73730 : i32)
// CHECK: llvm.call @sylvite_fill_buffer_2(%[[B0:.*]], %{{.*}}, %[[X]], %[[F32]], %[[SEQ]], %[[COLUMNS]])
// CHECK: %[[I64:.*]] = llvm.mlir.constant(81920 : i32)
// CHECK: llvm.call @sylvite_fill_buffer_1(%[[B1:.*]], %{{.*}}, %[[W]], %[[I64]], %{{.*}})
// CHECK: llvm.call @sylvite_fill_buffer_2(%[[B2:.*]], %{{.*}}, %[[Y]], %{{.*}}, %[[SEQ]], %{{.*}})
// CHECK: %[[CODE:.*]] = llvm.call @scale(%[[CONTEXT]], %[[B0]], %[[B1]], %[[B2]])
// CHECK: %[[FAILED:.*]] = llvm.icmp "ne" %[[CODE]], %{{.*}} : i32
// CHECK: llvm.cond_br %[[FAILED]], ^[[END:.*]](%[[CODE]] : i32), ^[[NEXT:.*]]
// CHECK: ^[[NEXT]]:
// CHECK: %[[FOUR:.*]] = llvm.mlir.constant(4 : i64)
// CHECK: %[[ELEMENTS:.*]] = llvm.mul %[[SEQ]], %{{.*}}
// CHECK: %[[BYTES:.*]] = llvm.mul %[[ELEMENTS]], %[[FOUR]]
// CHECK: "llvm.intr.memcpy"(%[[Z]], %[[Y]], %[[BYTES]])
// CHECK: %[[OK:.*]] = llvm.mlir.constant(0 : i32)
// CHECK: llvm.return %[[OK]]
// CHECK: ^[[END]](%[[RESULT:.*]]: i32):
// CHECK: llvm.return %[[RESULT]]

// CHECK-LABEL: llvm.func hidden @tiny__run_arena(
// CHECK-SAME: %[[DIMS:.*]]: !llvm.ptr) -> i64
// CHECK: %[[AT:.*]] = llvm.getelementptr %[[DIMS]][0]
// CHECK: %[[SEQ:.*]] = llvm.load %[[AT]]
// CHECK: %[[BYTES:.*]] = llvm.call @sylvite_multiply(%[[SEQ]], %{{.*}})
// CHECK: llvm.return %[[BYTES]]
