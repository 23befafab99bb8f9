// RUN: %python %S/Inputs/against-numpy.py %s

// given t = normal(10, 4)
// given i = integers(0, 10, 2, 3)
// expect y = t[i]
func.func @embedding(%t: tensor<10x4xf32>,
                     %i: tensor<?x?xi64, #graph.dims<batch, seq>>)
    -> tensor<?x?x4xf32, #graph.dims<batch, seq, _>> {
  %y = graph.embedding %t, %i
      : (tensor<10x4xf32>, tensor<?x?xi64, #graph.dims<batch, seq>>)
      -> tensor<?x?x4xf32, #graph.dims<batch, seq, _>>
  return %y : tensor<?x?x4xf32, #graph.dims<batch, seq, _>>
}

// given t = integers(-99, 99, 10, 4)
// given i = np.array(3)
// expect y = t[3]
func.func @embedding_of_one_index(%t: tensor<10x4xi64>, %i: tensor<i64>)
    -> tensor<4xi64> {
  %y = graph.embedding %t, %i : (tensor<10x4xi64>, tensor<i64>) -> tensor<4xi64>
  return %y : tensor<4xi64>
}

// given word = normal(10, 4)
// given place = normal(8, 4)
// given kind = normal(2, 4)
// given i = integers(0, 10, 2, 3)
// given k = integers(0, 2, 2, 3)
// given g = normal(4)
// given b = normal(4)
// let sum = word[i] + place[np.arange(3)] + kind[k]
// expect bare = sum
// expect whole = (sum - sum.mean(-1, keepdims=True)) /
//   np.sqrt(sum.var(-1, keepdims=True) + 1e-12) * g + b
func.func @embeddings(%word: tensor<10x4xf32>, %place: tensor<8x4xf32>,
                      %kind: tensor<2x4xf32>,
                      %i: tensor<?x?xi64, #graph.dims<batch, seq>>,
                      %k: tensor<?x?xi64, #graph.dims<batch, seq>>,
                      %g: tensor<4xf32>, %b: tensor<4xf32>)
    -> (tensor<?x?x4xf32, #graph.dims<batch, seq, _>>,
        tensor<?x?x4xf32, #graph.dims<batch, seq, _>>) {
  %p = graph.iota axis(0) : tensor<?xi64, #graph.dims<seq>>
  %bare = graph.embeddings tables(%word, %place, %kind) indices(%i, %p, %k)
      : (tensor<10x4xf32>, tensor<8x4xf32>, tensor<2x4xf32>,
         tensor<?x?xi64, #graph.dims<batch, seq>>,
         tensor<?xi64, #graph.dims<seq>>,
         tensor<?x?xi64, #graph.dims<batch, seq>>)
      -> tensor<?x?x4xf32, #graph.dims<batch, seq, _>>
  %whole = graph.embeddings tables(%word, %place, %kind) indices(%i, %p, %k)
      norm(layer) scale(%g) bias(%b) eps(1.0e-12)
      : (tensor<10x4xf32>, tensor<8x4xf32>, tensor<2x4xf32>,
         tensor<?x?xi64, #graph.dims<batch, seq>>,
         tensor<?xi64, #graph.dims<seq>>,
         tensor<?x?xi64, #graph.dims<batch, seq>>, tensor<4xf32>, tensor<4xf32>)
      -> tensor<?x?x4xf32, #graph.dims<batch, seq, _>>
  return %bare, %whole
      : tensor<?x?x4xf32, #graph.dims<batch, seq, _>>,
        tensor<?x?x4xf32, #graph.dims<batch, seq, _>>
}

// given x = normal(3, 4, 2)
// given m = np.array([[1, 0, 1, 1], [0, 0, 0, 0], [0, 7, 0, 0]])
// let shown = m != 0
// expect mean = (x * shown[:, :, None]).sum(1) /
//   np.maximum(shown.sum(1), 1)[:, None]
// expect max = np.where(shown.any(1)[:, None],
//   np.where(shown[:, :, None], x, -inf).max(1), 0)
// expect first = x[:, 0]
func.func @pool(%x: tensor<?x?x2xf32, #graph.dims<batch, seq, _>>,
                %m: tensor<?x?xi64, #graph.dims<batch, seq>>)
    -> (tensor<?x2xf32, #graph.dims<batch, _>>,
        tensor<?x2xf32, #graph.dims<batch, _>>,
        tensor<?x2xf32, #graph.dims<batch, _>>) {
  %mean = graph.pool mean %x mask(%m)
      : (tensor<?x?x2xf32, #graph.dims<batch, seq, _>>,
         tensor<?x?xi64, #graph.dims<batch, seq>>)
      -> tensor<?x2xf32, #graph.dims<batch, _>>
  %max = graph.pool max %x mask(%m)
      : (tensor<?x?x2xf32, #graph.dims<batch, seq, _>>,
         tensor<?x?xi64, #graph.dims<batch, seq>>)
      -> tensor<?x2xf32, #graph.dims<batch, _>>
  %first = graph.pool cls %x mask(%m)
      : (tensor<?x?x2xf32, #graph.dims<batch, seq, _>>,
         tensor<?x?xi64, #graph.dims<batch, seq>>)
      -> tensor<?x2xf32, #graph.dims<batch, _>>
  return %mean, %max, %first
      : tensor<?x2xf32, #graph.dims<batch, _>>,
        tensor<?x2xf32, #graph.dims<batch, _>>,
        tensor<?x2xf32, #graph.dims<batch, _>>
}

// Without a mask every position counts; a vector of zeros stays.
// given x = np.array([[[3.0, 4.0], [3.0, 4.0]], [[1, 2], [-1, -2]]])
// expect y = np.array([[0.6, 0.8], [0, 0]])
// expect large = np.array([[0.03, 0.04], [0, 0]])
func.func @pool_normalized(%x: tensor<2x2x2xf32>)
    -> (tensor<2x2xf32>, tensor<2x2xf32>) {
  %y = graph.pool mean %x normalize : (tensor<2x2x2xf32>) -> tensor<2x2xf32>
  %large = graph.pool mean %x normalize eps(100.0)
      : (tensor<2x2x2xf32>) -> tensor<2x2xf32>
  return %y, %large : tensor<2x2xf32>, tensor<2x2xf32>
}
