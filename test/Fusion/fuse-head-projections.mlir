// RUN: sylvite-opt %s --sylvite-fuse-head-projections --verify-fusion | FileCheck %s
// RUN: sylvite-opt %s --sylvite-fuse-head-projections --remarks-filter=sylvite-fusion 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK

!x = tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
!x1 = tensor<?x1x?x8xf32, #graph.dims<batch, _, seq, _>>
!x4 = tensor<?x4x?x8xf32, #graph.dims<batch, _, seq, _>>
!h = tensor<?x4x?x3xf32, #graph.dims<batch, _, seq, _>>
!w = tensor<4x8x3xf32>
!b = tensor<4x1x3xf32>

// A bias of each head goes along.

// CHECK-LABEL: func.func @bias(
//  CHECK-SAME:     %[[X1:[a-z0-9]+]]: tensor<?x1x?x8xf32
//   CHECK-DAG:   %[[X:.+]] = graph.reshape %[[X1]] : {{.+}} to tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
//   CHECK-DAG:   %[[T:.+]] = graph.transpose %w perm [1, 0, 2] : (tensor<4x8x3xf32>) -> tensor<8x4x3xf32>
//   CHECK-DAG:   %[[W:.+]] = graph.reshape %[[T]] : tensor<8x4x3xf32> to tensor<8x12xf32>
//       CHECK:   %[[M:.+]] = graph.matmul %[[X]], %[[W]] :
//       CHECK:   %[[B:.+]] = graph.reshape %b : tensor<4x1x3xf32> to tensor<12xf32>
//       CHECK:   %[[S:.+]] = graph.add %[[M]], %[[B]]
//       CHECK:   %[[H:.+]] = graph.reshape %[[S]] : {{.+}} to tensor<?x?x4x3xf32
//       CHECK:   %[[Y:.+]] = graph.transpose %[[H]] perm [0, 2, 1, 3]
//       CHECK:   return %[[Y]]
// REMARK: remark: [Passed] head-projections | Category:sylvite-fusion | Function=bias | Remark="4 heads, one product"
func.func @bias(%x: !x1) -> !h {
  %w = graph.weight "w" : !w
  %b = graph.weight "b" : !b
  %m = graph.matmul %x, %w : (!x1, !w) -> !h
  %y = graph.add %m, %b : (!h, !b) -> !h
  return %y : !h
}

// The input repeated for all heads, and the weight as [heads, out, in].

// CHECK-LABEL: func.func @repeated(
//       CHECK:   graph.transpose %{{.+}} perm [2, 0, 1] : (tensor<4x3x8xf32>) -> tensor<8x4x3xf32>
//       CHECK:   graph.matmul %{{.+}}, %{{.+}} : (tensor<?x?x8xf32, {{.+}}>, tensor<8x12xf32>)
//   CHECK-NOT:   graph.broadcast
//       CHECK:   return
func.func @repeated(%x: !x1) -> !h {
  %w = graph.weight "w" : tensor<1x4x3x8xf32>
  %x4 = graph.broadcast %x : !x1 to !x4
  %y = graph.matmul %x4, %w {transpose_rhs} : (!x4, tensor<1x4x3x8xf32>) -> !h
  return %y : !h
}

// One sequence without a batch.

// CHECK-LABEL: func.func @sequence(
//       CHECK:   graph.matmul %{{.+}}, %{{.+}} : (tensor<5x8xf32>, tensor<8x12xf32>) -> tensor<5x12xf32>
//       CHECK:   graph.transpose %{{.+}} perm [1, 0, 2] : (tensor<5x4x3xf32>) -> tensor<4x5x3xf32>
func.func @sequence(%x: tensor<5x8xf32>) -> tensor<4x5x3xf32> {
  %w = graph.weight "w" : !w
  %y = graph.matmul %x, %w : (tensor<5x8xf32>, !w) -> tensor<4x5x3xf32>
  return %y : tensor<4x5x3xf32>
}

// The way out: the sum over heads.

// CHECK-LABEL: func.func @output(
//  CHECK-SAME:     %[[O:[a-z0-9]+]]: tensor<?x4x?x3xf32
//   CHECK-DAG:   %[[T:.+]] = graph.transpose %[[O]] perm [0, 2, 1, 3]
//   CHECK-DAG:   %[[C:.+]] = graph.reshape %[[T]] : {{.+}} to tensor<?x?x12xf32
//   CHECK-DAG:   %[[W:.+]] = graph.reshape %w : tensor<4x3x8xf32> to tensor<12x8xf32>
//       CHECK:   %[[Y:.+]] = graph.matmul %[[C]], %[[W]]
//       CHECK:   return %[[Y]]
// REMARK: Function=output | Remark="4 heads, one product and sum"
func.func @output(%o: !h) -> !x {
  %w = graph.weight "w" : tensor<4x3x8xf32>
  %z = graph.matmul %o, %w : (!h, tensor<4x3x8xf32>) -> !x4
  %y = graph.reduce sum %z axes [1] : (!x4) -> !x
  return %y : !x
}

// Each head has an input of its own, and the results stay apart.

// CHECK-LABEL: func.func @experts(
//       CHECK:   graph.matmul %{{.+}}, %w :
// REMARK: remark: [Missed] head-projections | Category:sylvite-fusion | Function=experts
// REMARK-SAME: Reason="the input is not one for all heads, and the sum over heads is not taken"
func.func @experts(%x: !x4) -> !h {
  %w = graph.weight "w" : !w
  %y = graph.matmul %x, %w : (!x4, !w) -> !h
  return %y : !h
}

// The largest of all heads instead of the sum.

// CHECK-LABEL: func.func @largest(
//       CHECK:   graph.reduce max
// REMARK: [Missed] {{.+}} Function=largest
func.func @largest(%o: !h) -> !x {
  %w = graph.weight "w" : tensor<4x3x8xf32>
  %z = graph.matmul %o, %w : (!h, tensor<4x3x8xf32>) -> !x4
  %y = graph.reduce max %z axes [1] : (!x4) -> !x
  return %y : !x
}
