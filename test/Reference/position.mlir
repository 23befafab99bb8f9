// RUN: %python %S/Inputs/against-numpy.py %s

// let angle = np.arange(5)[:, None] / 10000 ** (2 * (np.arange(6) // 2) / 6)
// let even = np.arange(6) % 2 == 0
// expect y = np.where(even, np.sin(angle), np.cos(angle))
func.func @sinusoidal() -> tensor<5x6xf32> {
  %y = graph.positional_encoding : () -> tensor<5x6xf32>
  return %y : tensor<5x6xf32>
}

// Positions of one's own, far ones, an odd number of channels.
// given p = np.array([[16384, 3, 0], [7, 100000, 1]])
// let angle = p[..., None] / 100 ** (2 * (np.arange(5) // 2) / 5)
// let even = np.arange(5) % 2 == 0
// expect y = np.where(even, np.sin(angle), np.cos(angle))
func.func @positions(%p: tensor<2x3xi64>) -> tensor<2x3x5xf32> {
  %y = graph.positional_encoding positions(%p) base(100.0)
      : (tensor<2x3xi64>) -> tensor<2x3x5xf32>
  return %y : tensor<2x3x5xf32>
}

// given t = normal(5)
// let p = np.arange(4)[:, None]
// let i = np.arange(5)
// expect y = np.broadcast_to(np.tanh(p * i) * t, (2, 4, 5))
func.func @formula(%t: tensor<5xf32>) -> tensor<2x4x5xf32> {
  %y = graph.positional_encoding formula {
  ^bb0(%p: index, %i: index):
    %product = arith.muli %p, %i : index
    %integer = arith.index_cast %product : index to i64
    %number = arith.sitofp %integer : i64 to f32
    %tanh = math.tanh %number : f32
    %factor = tensor.extract %t[%i] : tensor<5xf32>
    %v = arith.mulf %tanh, %factor : f32
    graph.yield %v : f32
  } : () -> tensor<2x4x5xf32>
  return %y : tensor<2x4x5xf32>
}

// given x = normal(2, 3, 4, 6)
// let angle = np.arange(4)[:, None] / 10000 ** (2 * np.arange(3) / 6)
// let c = np.cos(angle)
// let s = np.sin(angle)
// let a = x[..., :3]
// let b = x[..., 3:]
// expect half = np.concatenate([a * c - b * s, b * c + a * s], -1)
// let u = x[..., 0::2]
// let v = x[..., 1::2]
// expect interleaved = np.stack([u * c - v * s, v * c + u * s],
//   -1).reshape(x.shape)
func.func @rotary(%x: tensor<2x3x4x6xf32>)
    -> (tensor<2x3x4x6xf32>, tensor<2x3x4x6xf32>) {
  %y = graph.rotary_embedding %x axis(2)
      : (tensor<2x3x4x6xf32>) -> tensor<2x3x4x6xf32>
  %z = graph.rotary_embedding %x axis(2) interleaved
      : (tensor<2x3x4x6xf32>) -> tensor<2x3x4x6xf32>
  return %y, %z : tensor<2x3x4x6xf32>, tensor<2x3x4x6xf32>
}

// Positions of one's own, and features that pass.
// given x = normal(2, 3, 6)
// given p = np.array([[5], [16384]])
// let angle = p[..., None] / 100 ** (2 * np.arange(2) / 4)
// let c = np.cos(angle)
// let s = np.sin(angle)
// let a = x[..., :2]
// let b = x[..., 2:4]
// expect y = np.concatenate([a * c - b * s, b * c + a * s, x[..., 4:]], -1)
func.func @partial(%x: tensor<2x3x6xf32>, %p: tensor<2x1xi64>)
    -> tensor<2x3x6xf32> {
  %y = graph.rotary_embedding %x positions(%p) base(100.0) dims(4)
      : (tensor<2x3x6xf32>, tensor<2x1xi64>) -> tensor<2x3x6xf32>
  return %y : tensor<2x3x6xf32>
}

// One entry a pair, and one a feature.
// given x = normal(2, 3, 4)
// given c = normal(3, 2)
// given s = normal(3, 2)
// given cc = normal(3, 4)
// given ss = normal(3, 4)
// let a = x[..., :2]
// let b = x[..., 2:]
// expect y = np.concatenate([a * c - b * s, b * c + a * s], -1)
// expect z = x * cc + np.concatenate([-b, a], -1) * ss
func.func @tables(%x: tensor<2x3x4xf32>, %c: tensor<3x2xf32>,
                  %s: tensor<3x2xf32>, %cc: tensor<3x4xf32>,
                  %ss: tensor<3x4xf32>)
    -> (tensor<2x3x4xf32>, tensor<2x3x4xf32>) {
  %y = graph.rotary_embedding %x cos(%c) sin(%s)
      : (tensor<2x3x4xf32>, tensor<3x2xf32>, tensor<3x2xf32>)
      -> tensor<2x3x4xf32>
  %z = graph.rotary_embedding %x cos(%cc) sin(%ss)
      : (tensor<2x3x4xf32>, tensor<3x4xf32>, tensor<3x4xf32>)
      -> tensor<2x3x4xf32>
  return %y, %z : tensor<2x3x4xf32>, tensor<2x3x4xf32>
}
