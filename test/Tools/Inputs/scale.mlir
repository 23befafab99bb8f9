// A model of one function and one kernel, without weights.
func.func @scale(%x: tensor<?x8xf32, #graph.dims<rows, _>> {graph.name = "x"})
    -> (tensor<?x8xf32, #graph.dims<rows, _>> {graph.name = "y"}) {
  %two = graph.constant dense<2.0> : tensor<f32>
  %y = graph.mul %x, %two
      : (tensor<?x8xf32, #graph.dims<rows, _>>, tensor<f32>)
      -> tensor<?x8xf32, #graph.dims<rows, _>>
  return %y : tensor<?x8xf32, #graph.dims<rows, _>>
}
