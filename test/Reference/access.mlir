// RUN: %python %S/Inputs/against-numpy.py %s

// given x = normal(5, 4, 3)
// expect n = np.array(20)
// expect m = np.array(40)
func.func @extent(%x: tensor<?x?x3xf32, #graph.dims<batch, seq, _>>)
    -> (tensor<i64>, tensor<i64>) {
  %n = graph.extent "batch*seq" : tensor<i64>
  %m = graph.extent "2*batch*seq" : tensor<i64>
  return %n, %m : tensor<i64>, tensor<i64>
}

// given x = normal(4, 6, 3)
// given i = integers(0, 4, 2, 1)
// given j = integers(0, 6, 5)
// expect rows = x[i[:, 0]]
// expect places = x[i, j]
// expect inner = x[:, j]
func.func @gather(%x: tensor<4x6x3xf32>, %i: tensor<2x1xi64>,
                  %j: tensor<5xi64>)
    -> (tensor<2x6x3xf32>, tensor<2x5x3xf32>, tensor<4x5x3xf32>) {
  %v = graph.reshape %i : tensor<2x1xi64> to tensor<2xi64>
  %rows = graph.gather %x at(%v) axis(0)
      : (tensor<4x6x3xf32>, tensor<2xi64>) -> tensor<2x6x3xf32>
  %places = graph.gather %x at(%i, %j) axis(0)
      : (tensor<4x6x3xf32>, tensor<2x1xi64>, tensor<5xi64>) -> tensor<2x5x3xf32>
  %inner = graph.gather %x at(%j) axis(1)
      : (tensor<4x6x3xf32>, tensor<5xi64>) -> tensor<4x5x3xf32>
  return %rows, %places, %inner
      : tensor<2x6x3xf32>, tensor<2x5x3xf32>, tensor<4x5x3xf32>
}

// given x = normal(4, 3)
// given u = normal(2, 3)
// expect set = np.stack([x[0], u[1], x[2], x[3]])
// expect add = np.stack([x[0], x[1] + u[0] + u[1], x[2], x[3]])
// expect mul = np.stack([x[0], x[1] * u[0] * u[1], x[2], x[3]])
// expect max = np.stack([x[0], np.maximum(np.maximum(x[1], u[0]), u[1]), x[2], x[3]])
// expect min = np.stack([x[0], np.minimum(np.minimum(x[1], u[0]), u[1]), x[2], x[3]])
func.func @scatter(%x: tensor<4x3xf32>, %u: tensor<2x3xf32>)
    -> (tensor<4x3xf32>, tensor<4x3xf32>, tensor<4x3xf32>, tensor<4x3xf32>,
        tensor<4x3xf32>) {
  // Twice the same row: the last one stays.
  %i = graph.constant dense<1> : tensor<2xi64>
  %set = graph.scatter set %x, %u at(%i) axis(0)
      : (tensor<4x3xf32>, tensor<2x3xf32>, tensor<2xi64>) -> tensor<4x3xf32>
  %add = graph.scatter add %x, %u at(%i) axis(0)
      : (tensor<4x3xf32>, tensor<2x3xf32>, tensor<2xi64>) -> tensor<4x3xf32>
  %mul = graph.scatter mul %x, %u at(%i) axis(0)
      : (tensor<4x3xf32>, tensor<2x3xf32>, tensor<2xi64>) -> tensor<4x3xf32>
  %max = graph.scatter max %x, %u at(%i) axis(0)
      : (tensor<4x3xf32>, tensor<2x3xf32>, tensor<2xi64>) -> tensor<4x3xf32>
  %min = graph.scatter min %x, %u at(%i) axis(0)
      : (tensor<4x3xf32>, tensor<2x3xf32>, tensor<2xi64>) -> tensor<4x3xf32>
  return %set, %add, %mul, %max, %min
      : tensor<4x3xf32>, tensor<4x3xf32>, tensor<4x3xf32>, tensor<4x3xf32>,
        tensor<4x3xf32>
}

// given x = normal(2, 3)
// expect y = np.pad(x, [(1, 0), (0, 2)], constant_values=7)
func.func @pad(%x: tensor<2x3xf32>) -> tensor<3x5xf32> {
  %v = graph.constant dense<7.0> : tensor<f32>
  %y = graph.pad %x, %v low [1, 0] high [0, 2]
      : (tensor<2x3xf32>, tensor<f32>) -> tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}

// given x = normal(2, 3)
// given i = integers(-9, 9, 2, 3)
// expect asin = np.arcsin(np.tanh(x))
// expect acos = np.arccos(np.tanh(x))
// expect atan = np.arctan(x)
// expect floor = np.floor(x)
// expect ceil = np.ceil(x)
// expect round = np.rint(x)
// expect quotient = np.trunc(i / 4).astype(np.int64)
// expect rest = i % 4
// expect fraction = x % 1.5
// expect xor = i ^ 5
// expect product = np.prod(x, 1)
func.func @numbers(%x: tensor<2x3xf32>, %i: tensor<2x3xi64>)
    -> (tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>,
        tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xi64>, tensor<2x3xi64>,
        tensor<2x3xf32>, tensor<2x3xi64>, tensor<2xf32>) {
  %t = graph.tanh %x : tensor<2x3xf32>
  %asin = graph.asin %t : tensor<2x3xf32>
  %acos = graph.acos %t : tensor<2x3xf32>
  %atan = graph.atan %x : tensor<2x3xf32>
  %floor = graph.floor %x : tensor<2x3xf32>
  %ceil = graph.ceil %x : tensor<2x3xf32>
  %round = graph.round %x : tensor<2x3xf32>
  %four = graph.constant dense<4> : tensor<i64>
  %five = graph.constant dense<5> : tensor<i64>
  %half = graph.constant dense<1.5> : tensor<f32>
  %quotient = graph.div %i, %four
      : (tensor<2x3xi64>, tensor<i64>) -> tensor<2x3xi64>
  %rest = graph.mod %i, %four
      : (tensor<2x3xi64>, tensor<i64>) -> tensor<2x3xi64>
  %fraction = graph.mod %x, %half
      : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %xor = graph.bitwise xor %i, %five
      : (tensor<2x3xi64>, tensor<i64>) -> tensor<2x3xi64>
  %product = graph.reduce product %x axes [1]
      : (tensor<2x3xf32>) -> tensor<2xf32>
  return %asin, %acos, %atan, %floor, %ceil, %round, %quotient, %rest,
         %fraction, %xor, %product
      : tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>,
        tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xi64>, tensor<2x3xi64>,
        tensor<2x3xf32>, tensor<2x3xi64>, tensor<2xf32>
}
