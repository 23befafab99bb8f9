// A model with weights and several kernels, for a file beside model/, which
// model-folder.py makes.
module attributes {graph.weight_files = ["model/model.safetensors"]} {
  func.func @encode(
      %ids: tensor<?x?xi64, #graph.dims<batch, seq>>
          {graph.name = "input_ids", graph.range = [0, 23]})
      -> (tensor<?x?x8xf32, #graph.dims<batch, seq, _>> {graph.name = "words"},
          tensor<?x8xf32, #graph.dims<batch, _>> {graph.name = "most"}) {
    %table = graph.weight "embeddings.word_embeddings.weight" : tensor<23x8xf32>
    %scale = graph.weight "embeddings.LayerNorm.weight" : tensor<8xf32>
    %e = graph.embedding %table, %ids
        : (tensor<23x8xf32>, tensor<?x?xi64, #graph.dims<batch, seq>>)
        -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
    %y = graph.mul %e, %scale
        : (tensor<?x?x8xf32, #graph.dims<batch, seq, _>>, tensor<8xf32>)
        -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
    %most = graph.reduce max %y axes [1]
        : (tensor<?x?x8xf32, #graph.dims<batch, seq, _>>)
        -> tensor<?x8xf32, #graph.dims<batch, _>>
    return %y, %most : tensor<?x?x8xf32, #graph.dims<batch, seq, _>>,
                       tensor<?x8xf32, #graph.dims<batch, _>>
  }
}
