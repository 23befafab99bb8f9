// RUN: sylvite-opt --sylvite-form-kernels %s | FileCheck %s

// The example of the pass.

// CHECK-LABEL: halide.pipeline @add_f32_2d(
// CHECK-SAME:    %[[BUFFER:.*]]: !halide.buffer<8x?xf32>) -> !halide.buffer<8x?xf32>
// CHECK-SAME:    attributes {halide.class = "elementwise"}
// CHECK:         halide.func "out"(x = %[[X:.*]], y = %[[Y:.*]]) : f32 {
// CHECK-COUNT-2:   halide.load %[[BUFFER]][%[[X]], %[[Y]]]
// CHECK:           arith.addf

// CHECK-LABEL: func.func @double(
// CHECK-SAME:    %[[IN:.*]]: tensor<?x8xf32> {graph.dims = ["seq", ""], graph.name = "x"})
// CHECK-SAME:    -> (tensor<?x8xf32> {graph.dims = ["seq", ""], graph.name = "y"})
// CHECK:         %[[SEQ:.*]] = tensor.dim %[[IN]]
// CHECK:         %[[TO:.*]] = tensor.empty(%[[SEQ]])
// CHECK:         %[[OUT:.*]] = halide.invoke @add_f32_2d ins(%[[IN]] : tensor<?x8xf32>) outs(%[[TO]] : tensor<?x8xf32>)
// CHECK:         return %[[OUT]]
func.func @double(%x: tensor<?x8xf32, #graph.dims<seq, _>> {graph.name = "x"})
    -> (tensor<?x8xf32, #graph.dims<seq, _>> {graph.name = "y"}) {
  %y = graph.add %x, %x
      : (tensor<?x8xf32, #graph.dims<seq, _>>,
         tensor<?x8xf32, #graph.dims<seq, _>>)
      -> tensor<?x8xf32, #graph.dims<seq, _>>
  return %y : tensor<?x8xf32, #graph.dims<seq, _>>
}
