// Packed rows survive printing and parsing, in the custom syntax and the
// generic one.
//
// RUN: sylvite-opt %s | sylvite-opt | FileCheck %s
// RUN: sylvite-opt %s -mlir-print-op-generic | sylvite-opt | FileCheck %s

!x = tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
!rows = tensor<?x8xf32, #graph.dims<rows, _>>
!lengths = tensor<?xi64, #graph.dims<batch>>

// CHECK-LABEL: func.func @rows
func.func @rows(%x: !x, %lengths: !lengths) -> !x {
  // CHECK: %[[ROWS:.+]] = graph.pack_rows %{{.*}}, %{{.*}} : (tensor<?x?x8xf32, #graph.dims<batch, seq, _>>, tensor<?xi64, #graph.dims<batch>>) -> tensor<?x8xf32, #graph.dims<rows, _>>
  %rows = graph.pack_rows %x, %lengths : (!x, !lengths) -> !rows
  // CHECK: graph.unpack_rows %[[ROWS]], %{{.*}} : (tensor<?x8xf32, #graph.dims<rows, _>>, tensor<?xi64, #graph.dims<batch>>) -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
  %back = graph.unpack_rows %rows, %lengths : (!rows, !lengths) -> !x
  return %back : !x
}
