// RUN: %python %S/Inputs/against-numpy.py %s

// given q = normal(2, 3, 5, 4)
// given k = normal(2, 3, 6, 4)
// given v = normal(2, 3, 6, 7)
// expect o = attend(0.5 * q @ k.swapaxes(2, 3), v)
func.func @dot(%q: tensor<2x3x5x4xf32>, %k: tensor<2x3x6x4xf32>,
               %v: tensor<2x3x6x7xf32>) -> tensor<2x3x5x7xf32> {
  %o = graph.attention %q, %k, %v scale(0.5)
      : (tensor<2x3x5x4xf32>, tensor<2x3x6x4xf32>, tensor<2x3x6x7xf32>)
      -> tensor<2x3x5x7xf32>
  return %o : tensor<2x3x5x7xf32>
}

// Four query heads on two key heads: 0 and 1 on the first, 2 and 3 on the other.
// given q = normal(2, 5, 4, 3)
// given k = normal(2, 6, 2, 3)
// given v = normal(2, 6, 2, 7)
// let grouped = lambda x: np.repeat(x.swapaxes(1, 2), 2, axis=1)
// let scores = q.swapaxes(1, 2) @ grouped(k).swapaxes(2, 3)
// expect o = attend(scores, grouped(v)).swapaxes(1, 2)
func.func @grouped_sequence_first(%q: tensor<2x5x4x3xf32>,
                                  %k: tensor<2x6x2x3xf32>,
                                  %v: tensor<2x6x2x7xf32>)
    -> tensor<2x5x4x7xf32> {
  %o = graph.attention %q, %k, %v layout(bshd)
      : (tensor<2x5x4x3xf32>, tensor<2x6x2x3xf32>, tensor<2x6x2x7xf32>)
      -> tensor<2x5x4x7xf32>
  return %o : tensor<2x5x4x7xf32>
}

// A vector of zeros is like no other: its cosine is 0, not NaN.
// given q = np.array([[3, 4], [0, 0.0]]).reshape(1, 1, 2, 2)
// given k = np.array([[0, 0], [3, 4], [4, -3.0]]).reshape(1, 1, 3, 2)
// given v = np.eye(3).reshape(1, 1, 3, 3)
// expect o = softmax(np.array([[0, 2, 0], [0, 0, 0.0]])).reshape(1, 1, 2, 3)
func.func @cosine(%q: tensor<1x1x2x2xf32>, %k: tensor<1x1x3x2xf32>,
                  %v: tensor<1x1x3x3xf32>) -> tensor<1x1x2x3xf32> {
  %o = graph.attention %q, %k, %v similarity(cosine) scale(2.0)
      : (tensor<1x1x2x2xf32>, tensor<1x1x3x2xf32>, tensor<1x1x3x3xf32>)
      -> tensor<1x1x2x3xf32>
  return %o : tensor<1x1x2x3xf32>
}

// given q = normal(2, 3, 5, 4)
// given k = normal(2, 3, 6, 4)
// given v = normal(2, 3, 6, 7)
// given w = normal(4, 4)
// expect o = attend(np.einsum("bhia,ac,bhjc->bhij", q, w, k), v)
func.func @general(%q: tensor<2x3x5x4xf32>, %k: tensor<2x3x6x4xf32>,
                   %v: tensor<2x3x6x7xf32>, %w: tensor<4x4xf32>)
    -> tensor<2x3x5x7xf32> {
  %o = graph.attention %q, %k, %v similarity(general) with(%w)
      : (tensor<2x3x5x4xf32>, tensor<2x3x6x4xf32>, tensor<2x3x6x7xf32>,
         tensor<4x4xf32>) -> tensor<2x3x5x7xf32>
  return %o : tensor<2x3x5x7xf32>
}

// given q = normal(2, 3, 5, 4)
// given k = normal(2, 3, 6, 4)
// given v = normal(2, 3, 6, 7)
// given wq = normal(4, 9)
// given wk = normal(4, 9)
// given va = normal(9)
// let hidden = (q @ wq)[:, :, :, None] + (k @ wk)[:, :, None]
// expect o = attend(np.tanh(hidden) @ va, v)
func.func @additive(%q: tensor<2x3x5x4xf32>, %k: tensor<2x3x6x4xf32>,
                    %v: tensor<2x3x6x7xf32>, %wq: tensor<4x9xf32>,
                    %wk: tensor<4x9xf32>, %va: tensor<9xf32>)
    -> tensor<2x3x5x7xf32> {
  %o = graph.attention %q, %k, %v similarity(additive) with(%wq, %wk, %va)
      : (tensor<2x3x5x4xf32>, tensor<2x3x6x4xf32>, tensor<2x3x6x7xf32>,
         tensor<4x9xf32>, tensor<4x9xf32>, tensor<9xf32>)
      -> tensor<2x3x5x7xf32>
  return %o : tensor<2x3x5x7xf32>
}

// Values of keys that nobody sees do not matter, not even NaN.
// given x = normal(3, 2, 4, 5)
// given v = np.where(np.arange(4)[:, None] == 3, np.nan, normal(3, 2, 4, 5))
// given m = np.array([[1, 0, 5, 0], [0, 0, 0, 0], [0, 1, 1, 0]])
// let scores = x @ x.swapaxes(2, 3)
// expect o = attend(scores, np.nan_to_num(v), (m != 0)[:, None, None])
func.func @keep(%x: tensor<3x2x4x5xf32>, %v: tensor<3x2x4x5xf32>,
                %m: tensor<3x4xi64>) -> tensor<3x2x4x5xf32> {
  %o = graph.attention %x, %x, %v mask(keep(%m))
      : (tensor<3x2x4x5xf32>, tensor<3x2x4x5xf32>, tensor<3x2x4x5xf32>,
         tensor<3x4xi64>) -> tensor<3x2x4x5xf32>
  return %o : tensor<3x2x4x5xf32>
}

// More queries than keys: with both ends together, the first see nothing.
// given q = normal(1, 1, 5, 4)
// given k = normal(1, 1, 3, 4)
// given v = normal(1, 1, 3, 4)
// given d = np.array([[1, 1, 2]])
// let i = np.arange(5)[:, None] - 2
// let j = np.arange(3)
// let scores = q @ k.swapaxes(2, 3)
// expect to_end = attend(scores, v, j <= i)
// expect window = attend(scores, v, (j <= i) & (j > i - 2))
// expect document = attend(scores, v,
//   (i >= 0) & (d[0][np.maximum(i, 0)] == d[0][j]))
func.func @queries_in_front(%q: tensor<1x1x5x4xf32>, %k: tensor<1x1x3x4xf32>,
                            %v: tensor<1x1x3x4xf32>, %d: tensor<1x3xi64>)
    -> (tensor<1x1x5x4xf32>, tensor<1x1x5x4xf32>, tensor<1x1x5x4xf32>) {
  %toEnd = graph.attention %q, %k, %v mask(causal_to_end)
      : (tensor<1x1x5x4xf32>, tensor<1x1x3x4xf32>, tensor<1x1x3x4xf32>)
      -> tensor<1x1x5x4xf32>
  %window = graph.attention %q, %k, %v mask(window(2))
      : (tensor<1x1x5x4xf32>, tensor<1x1x3x4xf32>, tensor<1x1x3x4xf32>)
      -> tensor<1x1x5x4xf32>
  %document = graph.attention %q, %k, %v mask(document(%d))
      : (tensor<1x1x5x4xf32>, tensor<1x1x3x4xf32>, tensor<1x1x3x4xf32>,
         tensor<1x3xi64>) -> tensor<1x1x5x4xf32>
  return %toEnd, %window, %document
      : tensor<1x1x5x4xf32>, tensor<1x1x5x4xf32>, tensor<1x1x5x4xf32>
}

// given x = normal(2, 2, 6, 4)
// given l = np.array([3, 6])
// given m = np.array([[1, 1, 0, 1, 1, 1], [0, 1, 1, 0, 1, 0]])
// let i = np.arange(6)[:, None]
// let j = np.arange(6)
// let near = (j <= i) & (j > i - 2)
// let padding = j < l[:, None, None, None]
// let keep = (m != 0)[:, None, None]
// expect o = attend(x @ x.swapaxes(2, 3), x, (j < 1) | near & (padding | keep))
func.func @mask_algebra(%x: tensor<2x2x6x4xf32>, %l: tensor<2xi64>,
                        %m: tensor<2x6xi64>) -> tensor<2x2x6x4xf32> {
  %o = graph.attention %x, %x, %x
      mask(prefix(1) or window(2) and (padding(%l) or keep(%m)))
      : (tensor<2x2x6x4xf32>, tensor<2x2x6x4xf32>, tensor<2x2x6x4xf32>,
         tensor<2xi64>, tensor<2x6xi64>) -> tensor<2x2x6x4xf32>
  return %o : tensor<2x2x6x4xf32>
}

// given x = normal(2, 3, 4, 5)
// given b = normal(3, 1, 4)
// expect o = attend(2 * x @ x.swapaxes(2, 3) + b, x)
func.func @bias_broadcasts(%x: tensor<2x3x4x5xf32>, %b: tensor<3x1x4xf32>)
    -> tensor<2x3x4x5xf32> {
  %o = graph.attention %x, %x, %x scale(2.0) bias(%b)
      : (tensor<2x3x4x5xf32>, tensor<2x3x4x5xf32>, tensor<2x3x4x5xf32>,
         tensor<3x1x4xf32>) -> tensor<2x3x4x5xf32>
  return %o : tensor<2x3x4x5xf32>
}

// The weights are [batch, heads, queries, keys] whatever the layout; those of a
// query that sees nothing are zero.
// given q = normal(2, 5, 4, 3)
// given k = normal(2, 6, 2, 3)
// given v = normal(2, 6, 2, 7)
// given lengths = np.array([4, 0])
// let grouped = lambda x: np.repeat(x.swapaxes(1, 2), 2, axis=1)
// let scores = q.swapaxes(1, 2) @ grouped(k).swapaxes(2, 3)
// let seen = np.arange(6) < np.array([4, 0]).reshape(2, 1, 1, 1)
// let hidden = np.where(seen, scores, -np.inf)
// expect o = attend(hidden, grouped(v)).swapaxes(1, 2)
// expect p = np.where(seen, softmax(hidden), 0)
func.func @weights(%q: tensor<2x5x4x3xf32>, %k: tensor<2x6x2x3xf32>,
                   %v: tensor<2x6x2x7xf32>, %lengths: tensor<2xi64>)
    -> (tensor<2x5x4x7xf32>, tensor<2x4x5x6xf32>) {
  %o, %p = graph.attention %q, %k, %v layout(bshd) mask(padding(%lengths))
      : (tensor<2x5x4x3xf32>, tensor<2x6x2x3xf32>, tensor<2x6x2x7xf32>,
         tensor<2xi64>) -> (tensor<2x5x4x7xf32>, tensor<2x4x5x6xf32>)
  return %o, %p : tensor<2x5x4x7xf32>, tensor<2x4x5x6xf32>
}
