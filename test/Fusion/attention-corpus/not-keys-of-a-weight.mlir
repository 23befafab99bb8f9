// RUN: sylvite-opt %s --sylvite-fusion --verify-fusion --remarks-filter=sylvite-fusion 2>&1 | FileCheck %s

// Memory slots that are trained: a product with a weight, and no sequence of keys.

// CHECK: [Missed] attention |
// CHECK-SAME: Reason="the scores are a product with a weight"
// CHECK-NOT: graph.attention

!bsd = tensor<?x?x8xf32, #graph.dims<batch, seq, _>>

func.func @memory_slots(%q: !bsd, %v: tensor<?x7x8xf32, #graph.dims<batch, _, _>>) -> !bsd {
  %k = graph.weight "slots" : tensor<7x8xf32>
  %s = graph.matmul %q, %k {transpose_rhs} : (!bsd, tensor<7x8xf32>) -> tensor<?x?x7xf32, #graph.dims<batch, seq, _>>
  %p = graph.softmax %s axis(2) : tensor<?x?x7xf32, #graph.dims<batch, seq, _>>
  %o = graph.matmul %p, %v : (tensor<?x?x7xf32, #graph.dims<batch, seq, _>>, tensor<?x7x8xf32, #graph.dims<batch, _, _>>) -> !bsd
  return %o : !bsd
}
