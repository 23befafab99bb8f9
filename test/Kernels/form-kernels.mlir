// RUN: sylvite-opt --sylvite-form-kernels %s | FileCheck %s

// The example of the pass.

// CHECK-LABEL: halide.pipeline @add_f32_1d(
// CHECK-SAME:    %[[BUFFER:.*]]: !halide.buffer<?xf32>) -> !halide.buffer<?xf32>
// CHECK-SAME:    attributes {halide.class = "elementwise"}
// CHECK:         halide.func "out"(x = %[[X:.*]]) : f32 {
// CHECK-COUNT-2:   halide.load %[[BUFFER]][%[[X]]]
// CHECK:           arith.addf

// CHECK-LABEL: func.func @double(
// CHECK-SAME:    %[[IN:.*]]: tensor<?x8xf32> {graph.dims = ["seq", ""], graph.name = "x"})
// CHECK-SAME:    -> (tensor<?x8xf32> {graph.dims = ["seq", ""], graph.name = "y"})
// CHECK:         %[[LINE:.*]] = tensor.collapse_shape %[[IN]] {{\[\[}}0, 1]]
// CHECK:         %[[SEQ:.*]] = tensor.dim %[[IN]]
// CHECK:         %[[ALL:.*]] = arith.muli %[[SEQ]], %{{.*}} : index
// CHECK:         %[[TO:.*]] = tensor.empty(%[[ALL]])
// CHECK:         %[[OUT:.*]] = halide.invoke @add_f32_1d ins(%[[LINE]] : tensor<?xf32>) outs(%[[TO]] : tensor<?xf32>)
// CHECK:         %[[Y:.*]] = tensor.expand_shape %[[OUT]] {{\[\[}}0, 1]] output_shape [%[[SEQ]], 8]
// CHECK:         return %[[Y]]
func.func @double(%x: tensor<?x8xf32, #graph.dims<seq, _>> {graph.name = "x"})
    -> (tensor<?x8xf32, #graph.dims<seq, _>> {graph.name = "y"}) {
  %y = graph.add %x, %x
      : (tensor<?x8xf32, #graph.dims<seq, _>>,
         tensor<?x8xf32, #graph.dims<seq, _>>)
      -> tensor<?x8xf32, #graph.dims<seq, _>>
  return %y : tensor<?x8xf32, #graph.dims<seq, _>>
}
