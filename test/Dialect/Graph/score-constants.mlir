// Constants of a formula stay in it: outside there are only tensors, and the
// formula is evaluated and copied into a kernel as it stands.
// RUN: sylvite-opt --canonicalize %s | FileCheck %s

// CHECK-LABEL: func.func @soft_cap
// CHECK-NOT: arith.constant
// CHECK: graph.attention
// CHECK: %[[CAP:.*]] = arith.constant 5.0
// CHECK: arith.divf %{{.*}}, %[[CAP]]
func.func @soft_cap(%x: tensor<?x2x?x8xf32, #graph.dims<batch, _, seq, _>>)
    -> tensor<?x2x?x8xf32, #graph.dims<batch, _, seq, _>> {
  %o = graph.attention %x, %x, %x score {
  ^bb0(%s: f32, %b: index, %h: index, %i: index, %j: index):
    %two = arith.constant 2.0 : f32
    %three = arith.constant 3.0 : f32
    %cap = arith.addf %two, %three : f32
    %y = arith.divf %s, %cap : f32
    graph.yield %y : f32
  }
      : (tensor<?x2x?x8xf32, #graph.dims<batch, _, seq, _>>,
         tensor<?x2x?x8xf32, #graph.dims<batch, _, seq, _>>,
         tensor<?x2x?x8xf32, #graph.dims<batch, _, seq, _>>)
      -> tensor<?x2x?x8xf32, #graph.dims<batch, _, seq, _>>
  return %o : tensor<?x2x?x8xf32, #graph.dims<batch, _, seq, _>>
}
