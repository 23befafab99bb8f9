// RUN: %python %S/Inputs/against-numpy.py %s

// given a = normal(3, 4)
// given b = normal(4, 5)
// expect y = a @ b
func.func @matmul(%a: tensor<3x4xf32>, %b: tensor<4x5xf32>) -> tensor<3x5xf32> {
  %y = graph.matmul %a, %b
      : (tensor<3x4xf32>, tensor<4x5xf32>) -> tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}

// given a = normal(4, 3)
// given b = normal(4, 5)
// expect y = a.T @ b
func.func @transpose_lhs(%a: tensor<4x3xf32>, %b: tensor<4x5xf32>)
    -> tensor<3x5xf32> {
  %y = graph.matmul %a, %b {transpose_lhs}
      : (tensor<4x3xf32>, tensor<4x5xf32>) -> tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}

// given a = normal(4, 3)
// given b = normal(5, 4)
// expect y = a.T @ b.T
func.func @transpose_both(%a: tensor<4x3xf32>, %b: tensor<5x4xf32>)
    -> tensor<3x5xf32> {
  %y = graph.matmul %a, %b {transpose_lhs, transpose_rhs}
      : (tensor<4x3xf32>, tensor<5x4xf32>) -> tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}

// given a = normal(2, 6, 3, 4)
// given b = normal(2, 1, 5, 4)
// expect y = np.einsum("bhmk,bgnk->bhmn", a, b)
func.func @matmul_broadcasts(
    %a: tensor<?x6x?x4xf32, #graph.dims<batch, _, seq, _>>,
    %b: tensor<?x1x?x4xf32, #graph.dims<batch, _, keys, _>>)
    -> tensor<?x6x?x?xf32, #graph.dims<batch, _, seq, keys>> {
  %y = graph.matmul %a, %b {transpose_rhs}
      : (tensor<?x6x?x4xf32, #graph.dims<batch, _, seq, _>>,
         tensor<?x1x?x4xf32, #graph.dims<batch, _, keys, _>>)
      -> tensor<?x6x?x?xf32, #graph.dims<batch, _, seq, keys>>
  return %y : tensor<?x6x?x?xf32, #graph.dims<batch, _, seq, keys>>
}

// given a = normal(3, 4)
// given b = normal(2, 5, 4, 6)
// expect y = np.einsum("mk,ijkn->ijmn", a, b)
func.func @matmul_of_lower_rank(%a: tensor<3x4xf32>, %b: tensor<2x5x4x6xf32>)
    -> tensor<2x5x3x6xf32> {
  %y = graph.matmul %a, %b
      : (tensor<3x4xf32>, tensor<2x5x4x6xf32>) -> tensor<2x5x3x6xf32>
  return %y : tensor<2x5x3x6xf32>
}

// given x = normal(2, 3, 4)
// given w = normal(4, 6)
// expect y = x @ w
func.func @linear(%x: tensor<?x3x4xf32, #graph.dims<batch, _, _>>,
                  %w: tensor<4x6xf32>)
    -> tensor<?x3x6xf32, #graph.dims<batch, _, _>> {
  %y = graph.linear %x, %w
      : (tensor<?x3x4xf32, #graph.dims<batch, _, _>>, tensor<4x6xf32>)
      -> tensor<?x3x6xf32, #graph.dims<batch, _, _>>
  return %y : tensor<?x3x6xf32, #graph.dims<batch, _, _>>
}

// given x = normal(4)
// given w = normal(6, 4)
// given b = normal(6)
// expect y = w @ x + b
func.func @linear_of_a_vector(%x: tensor<4xf32>, %w: tensor<6x4xf32>,
                              %b: tensor<6xf32>) -> tensor<6xf32> {
  %y = graph.linear %x, %w bias(%b) {transpose_weight}
      : (tensor<4xf32>, tensor<6x4xf32>, tensor<6xf32>) -> tensor<6xf32>
  return %y : tensor<6xf32>
}

// given x = normal(3, 4)
// given w = normal(6, 4)
// given b = normal(6)
// let z = x @ w.T + b
// expect relu = np.maximum(z, 0)
// expect gelu_erf = z / 2 * (1 + erf(z / np.sqrt(2)))
// expect gelu_tanh = z * sigmoid(2 * np.sqrt(2 / pi) * (z + 0.044715 * z ** 3))
// expect silu = z * sigmoid(z)
// expect tanh = np.tanh(z)
// expect sigmoid = sigmoid(z)
func.func @linear_activations(%x: tensor<3x4xf32>, %w: tensor<6x4xf32>,
                              %b: tensor<6xf32>)
    -> (tensor<3x6xf32>, tensor<3x6xf32>, tensor<3x6xf32>, tensor<3x6xf32>,
        tensor<3x6xf32>, tensor<3x6xf32>) {
  %relu = graph.linear %x, %w bias(%b) activation(relu) {transpose_weight}
      : (tensor<3x4xf32>, tensor<6x4xf32>, tensor<6xf32>) -> tensor<3x6xf32>
  %erf = graph.linear %x, %w bias(%b) activation(gelu_erf) {transpose_weight}
      : (tensor<3x4xf32>, tensor<6x4xf32>, tensor<6xf32>) -> tensor<3x6xf32>
  %approximate = graph.linear %x, %w bias(%b) activation(gelu_tanh)
      {transpose_weight}
      : (tensor<3x4xf32>, tensor<6x4xf32>, tensor<6xf32>) -> tensor<3x6xf32>
  %silu = graph.linear %x, %w bias(%b) activation(silu) {transpose_weight}
      : (tensor<3x4xf32>, tensor<6x4xf32>, tensor<6xf32>) -> tensor<3x6xf32>
  %tanh = graph.linear %x, %w bias(%b) activation(tanh) {transpose_weight}
      : (tensor<3x4xf32>, tensor<6x4xf32>, tensor<6xf32>) -> tensor<3x6xf32>
  %sigmoid = graph.linear %x, %w bias(%b) activation(sigmoid) {transpose_weight}
      : (tensor<3x4xf32>, tensor<6x4xf32>, tensor<6xf32>) -> tensor<3x6xf32>
  return %relu, %erf, %approximate, %silu, %tanh, %sigmoid
      : tensor<3x6xf32>, tensor<3x6xf32>, tensor<3x6xf32>, tensor<3x6xf32>,
        tensor<3x6xf32>, tensor<3x6xf32>
}

// The residual is added behind the activation and before the norm.
// given x = normal(2, 3, 4)
// given w = normal(4, 6)
// given b = normal(6)
// given r = normal(2, 3, 6)
// given g = normal(6)
// given s = normal(6)
// let z = np.maximum(x @ w + b, 0) + r
// expect layer = (z - z.mean(-1, keepdims=True)) /
//   np.sqrt(z.var(-1, keepdims=True) + 0.25) * g + s
// expect rms = z / np.sqrt((z ** 2).mean(-1, keepdims=True) + 1e-5) * g
func.func @linear_with_everything(
    %x: tensor<2x3x4xf32>, %w: tensor<4x6xf32>, %b: tensor<6xf32>,
    %r: tensor<2x3x6xf32>, %g: tensor<6xf32>, %s: tensor<6xf32>)
    -> (tensor<2x3x6xf32>, tensor<2x3x6xf32>) {
  %layer = graph.linear %x, %w bias(%b) activation(relu) residual(%r)
      norm(layer) scale(%g) shift(%s) eps(0.25)
      : (tensor<2x3x4xf32>, tensor<4x6xf32>, tensor<6xf32>, tensor<2x3x6xf32>,
         tensor<6xf32>, tensor<6xf32>) -> tensor<2x3x6xf32>
  %rms = graph.linear %x, %w bias(%b) activation(relu) residual(%r)
      norm(rms) scale(%g)
      : (tensor<2x3x4xf32>, tensor<4x6xf32>, tensor<6xf32>, tensor<2x3x6xf32>,
         tensor<6xf32>) -> tensor<2x3x6xf32>
  return %layer, %rms : tensor<2x3x6xf32>, tensor<2x3x6xf32>
}
