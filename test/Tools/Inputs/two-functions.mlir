// Two functions: named dimensions, a default, ranges, several outputs; and none
// of that.
func.func @encode(
    %ids: tensor<?x?xi64, #graph.dims<batch, seq>>
        {graph.name = "ids", graph.range = [0, 4]},
    %mask: tensor<?x?xi64, #graph.dims<batch, seq>>
        {graph.name = "mask", graph.default = 1 : i64, graph.range = [0, 2]},
    %x: tensor<?x2xf32, #graph.dims<batch, _>> {graph.name = "x"})
    -> (tensor<?x?x2xf32, #graph.dims<batch, seq, _>> {graph.name = "rows"},
        tensor<?x2xf32, #graph.dims<batch, _>> {graph.name = "sum"})
    attributes {graph.dim_max = {seq = 8 : i64}} {
  %table = graph.constant dense<[[0.0, 1.0], [2.0, 3.0], [4.0, 5.0], [6.0, 7.0]]>
      : tensor<4x2xf32>
  %rows = graph.embedding %table, %ids
      : (tensor<4x2xf32>, tensor<?x?xi64, #graph.dims<batch, seq>>)
      -> tensor<?x?x2xf32, #graph.dims<batch, seq, _>>
  %keep = graph.cast %mask : tensor<?x?xi64, #graph.dims<batch, seq>>
      to tensor<?x?xf32, #graph.dims<batch, seq>>
  %column = graph.reshape %keep : tensor<?x?xf32, #graph.dims<batch, seq>>
      to tensor<?x?x1xf32, #graph.dims<batch, seq, _>>
  %kept = graph.mul %rows, %column
      : (tensor<?x?x2xf32, #graph.dims<batch, seq, _>>,
         tensor<?x?x1xf32, #graph.dims<batch, seq, _>>)
      -> tensor<?x?x2xf32, #graph.dims<batch, seq, _>>
  %pooled = graph.reduce max %kept axes [1]
      : (tensor<?x?x2xf32, #graph.dims<batch, seq, _>>)
      -> tensor<?x2xf32, #graph.dims<batch, _>>
  %sum = graph.add %pooled, %x
      : (tensor<?x2xf32, #graph.dims<batch, _>>,
         tensor<?x2xf32, #graph.dims<batch, _>>)
      -> tensor<?x2xf32, #graph.dims<batch, _>>
  return %rows, %sum : tensor<?x?x2xf32, #graph.dims<batch, seq, _>>,
                       tensor<?x2xf32, #graph.dims<batch, _>>
}
func.func @scale(%x: tensor<3xf32> {graph.name = "x"})
    -> (tensor<3xf32> {graph.name = "y"}) {
  %two = graph.constant dense<2.0> : tensor<f32>
  %y = graph.mul %x, %two : (tensor<3xf32>, tensor<f32>) -> tensor<3xf32>
  return %y : tensor<3xf32>
}
