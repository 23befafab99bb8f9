// RUN: %python %S/Inputs/against-numpy.py %s

// given x = normal(2, 3, 4)
// expect sum = x.sum(1)
// expect mean = x.mean((0, 2), keepdims=True)
// expect max = x.max(-1, keepdims=True)
// expect min = x.min()
func.func @reduce(%x: tensor<?x3x4xf32, #graph.dims<batch, _, _>>)
    -> (tensor<?x4xf32, #graph.dims<batch, _>>, tensor<1x3x1xf32>,
        tensor<?x3x1xf32, #graph.dims<batch, _, _>>, tensor<f32>) {
  %sum = graph.reduce sum %x axes [1]
      : (tensor<?x3x4xf32, #graph.dims<batch, _, _>>)
      -> tensor<?x4xf32, #graph.dims<batch, _>>
  %mean = graph.reduce mean %x axes [2, 0] keepdims
      : (tensor<?x3x4xf32, #graph.dims<batch, _, _>>) -> tensor<1x3x1xf32>
  %max = graph.reduce max %x axes [2] keepdims
      : (tensor<?x3x4xf32, #graph.dims<batch, _, _>>)
      -> tensor<?x3x1xf32, #graph.dims<batch, _, _>>
  %min = graph.reduce min %x axes [0, 1, 2]
      : (tensor<?x3x4xf32, #graph.dims<batch, _, _>>) -> tensor<f32>
  return %sum, %mean, %max, %min
      : tensor<?x4xf32, #graph.dims<batch, _>>, tensor<1x3x1xf32>,
        tensor<?x3x1xf32, #graph.dims<batch, _, _>>, tensor<f32>
}

// given x = integers(-9, 9, 2, 5)
// expect sum = x.sum(1)
// expect max = x.max(0)
func.func @reduce_integers(%x: tensor<2x5xi64>)
    -> (tensor<2xi64>, tensor<5xi64>) {
  %sum = graph.reduce sum %x axes [1] : (tensor<2x5xi64>) -> tensor<2xi64>
  %max = graph.reduce max %x axes [0] : (tensor<2x5xi64>) -> tensor<5xi64>
  return %sum, %max : tensor<2xi64>, tensor<5xi64>
}

// given x = normal(2, 3, 4)
// given i = integers(0, 2, 2, 5)
// expect y = x.cumsum(1)
// expect j = i.cumsum(1)
func.func @cumsum(%x: tensor<2x3x4xf32>, %i: tensor<2x5xi64>)
    -> (tensor<2x3x4xf32>, tensor<2x5xi64>) {
  %y = graph.cumsum %x axis(1) : tensor<2x3x4xf32>
  %j = graph.cumsum %i axis(1) : tensor<2x5xi64>
  return %y, %j : tensor<2x3x4xf32>, tensor<2x5xi64>
}

// given x = normal(2, 3, 4)
// expect last = np.exp(x) / np.exp(x).sum(-1, keepdims=True)
// expect middle = np.exp(x) / np.exp(x).sum(1, keepdims=True)
func.func @softmax(%x: tensor<2x3x4xf32>)
    -> (tensor<2x3x4xf32>, tensor<2x3x4xf32>) {
  %last = graph.softmax %x axis(2) : tensor<2x3x4xf32>
  %middle = graph.softmax %x axis(1) : tensor<2x3x4xf32>
  return %last, %middle : tensor<2x3x4xf32>, tensor<2x3x4xf32>
}

// exp(1000) is no double; a row that shows nothing has zeros.
// given x = np.array([[1000, 1000, -inf], [-inf, -inf, -inf], [0, -inf, -inf]])
// expect y = np.array([[0.5, 0.5, 0], [0, 0, 0], [1, 0, 0]])
func.func @softmax_of_extremes(%x: tensor<3x3xf32>) -> tensor<3x3xf32> {
  %y = graph.softmax %x axis(1) : tensor<3x3xf32>
  return %y : tensor<3x3xf32>
}

// given x = np.array([[1, 2, 3], [1000, 999, -inf], [-inf, -inf, -inf]])
// let p = softmax(x)
// expect y = np.log(p)
func.func @log_softmax(%x: tensor<3x3xf32>) -> tensor<3x3xf32> {
  %y = graph.log_softmax %x axis(1) : tensor<3x3xf32>
  return %y : tensor<3x3xf32>
}

// given x = np.array([[3, 4], [0, 0], [0.006, 0.008]])
// expect y = np.array([[0.6, 0.8], [0, 0], [0.6, 0.8]])
// expect z = np.array([[0.6, 0.8], [0, 0], [0.06, 0.08]])
func.func @l2_normalize(%x: tensor<3x2xf32>)
    -> (tensor<3x2xf32>, tensor<3x2xf32>) {
  %y = graph.l2_normalize %x axis(1) : tensor<3x2xf32>
  %z = graph.l2_normalize %x axis(1) {eps = 0.1 : f64} : tensor<3x2xf32>
  return %y, %z : tensor<3x2xf32>, tensor<3x2xf32>
}

// given x = normal(2, 3, 8)
// given r = normal(2, 3, 8)
// given g = normal(8)
// given b = normal(8)
// let norm = lambda x, eps: (x - x.mean(-1, keepdims=True)) /
//   np.sqrt(x.var(-1, keepdims=True) + eps)
// expect bare = norm(x, 1e-5)
// expect whole = norm(x + r, 1e-12) * g + b
func.func @layer_norm(%x: tensor<2x3x8xf32>, %r: tensor<2x3x8xf32>,
                      %g: tensor<8xf32>, %b: tensor<8xf32>)
    -> (tensor<2x3x8xf32>, tensor<2x3x8xf32>) {
  %bare = graph.layer_norm %x : (tensor<2x3x8xf32>) -> tensor<2x3x8xf32>
  %whole = graph.layer_norm %x residual(%r) scale(%g) bias(%b) eps(1.0e-12)
      : (tensor<2x3x8xf32>, tensor<2x3x8xf32>, tensor<8xf32>, tensor<8xf32>)
      -> tensor<2x3x8xf32>
  return %bare, %whole : tensor<2x3x8xf32>, tensor<2x3x8xf32>
}

// given x = normal(2, 3, 8)
// given r = normal(2, 3, 8)
// given g = normal(8)
// given b = normal(8)
// let norm = lambda x, eps: x /
//   np.sqrt((x ** 2).mean(-1, keepdims=True) + eps)
// expect bare = norm(x, 1e-5)
// expect whole = norm(x + r, 0.5) * g + b
func.func @rms_norm(%x: tensor<2x3x8xf32>, %r: tensor<2x3x8xf32>,
                    %g: tensor<8xf32>, %b: tensor<8xf32>)
    -> (tensor<2x3x8xf32>, tensor<2x3x8xf32>) {
  %bare = graph.rms_norm %x : (tensor<2x3x8xf32>) -> tensor<2x3x8xf32>
  %whole = graph.rms_norm %x residual(%r) scale(%g) bias(%b) eps(0.5)
      : (tensor<2x3x8xf32>, tensor<2x3x8xf32>, tensor<8xf32>, tensor<8xf32>)
      -> tensor<2x3x8xf32>
  return %bare, %whole : tensor<2x3x8xf32>, tensor<2x3x8xf32>
}

// given x = normal(2, 3, 8) * 2 + 5
// given m = normal(8)
// given v = positive(8)
// given g = normal(8)
// given b = normal(8)
// expect stored = (x - m) / np.sqrt(v + 0.25) * g + b
// let norm = lambda x, a: (x - x.mean(a, keepdims=True)) /
//   np.sqrt(x.var(a, keepdims=True) + 1e-5)
// expect batch = norm(x, (0, 1)) * g
// expect position = norm(x, 0) + b
// expect bare = norm(x, (2, 0))
func.func @batch_norm(%x: tensor<2x3x8xf32>, %m: tensor<8xf32>,
                      %v: tensor<8xf32>, %g: tensor<8xf32>, %b: tensor<8xf32>)
    -> (tensor<2x3x8xf32>, tensor<2x3x8xf32>, tensor<2x3x8xf32>,
        tensor<2x3x8xf32>) {
  %stored = graph.batch_norm %x mean(%m) variance(%v) scale(%g) bias(%b)
      axis(2) eps(0.25)
      : (tensor<2x3x8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>,
         tensor<8xf32>) -> tensor<2x3x8xf32>
  %batch = graph.batch_norm %x scale(%g) axis(2) over [0, 1]
      : (tensor<2x3x8xf32>, tensor<8xf32>) -> tensor<2x3x8xf32>
  %position = graph.batch_norm %x bias(%b) axis(2) over [0]
      : (tensor<2x3x8xf32>, tensor<8xf32>) -> tensor<2x3x8xf32>
  %bare = graph.batch_norm %x axis(1) over [2, 0]
      : (tensor<2x3x8xf32>) -> tensor<2x3x8xf32>
  return %stored, %batch, %position, %bare
      : tensor<2x3x8xf32>, tensor<2x3x8xf32>, tensor<2x3x8xf32>,
        tensor<2x3x8xf32>
}

// Channels that do not stand last.
// given x = normal(2, 3, 8)
// given m = normal(3)
// given v = positive(3)
// given g = normal(3)
// expect y = (x - m[:, None]) / np.sqrt(v[:, None] + 1e-5) * g[:, None]
func.func @batch_norm_axis_1(%x: tensor<2x3x8xf32>, %m: tensor<3xf32>,
                             %v: tensor<3xf32>, %g: tensor<3xf32>)
    -> tensor<2x3x8xf32> {
  %y = graph.batch_norm %x mean(%m) variance(%v) scale(%g) axis(1)
      : (tensor<2x3x8xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>)
      -> tensor<2x3x8xf32>
  return %y : tensor<2x3x8xf32>
}
