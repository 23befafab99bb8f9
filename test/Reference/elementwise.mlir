// RUN: %python %S/Inputs/against-numpy.py %s

// given x = normal(2, 3)
// expect y = -x
func.func @neg(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %y = graph.neg %x : tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}

// given x = integers(-5, 5, 4)
// expect y = -x
func.func @neg_integers(%x: tensor<4xi64>) -> tensor<4xi64> {
  %y = graph.neg %x : tensor<4xi64>
  return %y : tensor<4xi64>
}

// given x = normal(2, 3)
// expect y = abs(x)
func.func @abs(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %y = graph.abs %x : tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}

// given x = normal(2, 3)
// expect y = np.exp(x)
func.func @exp(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %y = graph.exp %x : tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}

// given x = np.array([0.5, 1, 0, -1, inf])
// expect y = np.log(x)
func.func @log(%x: tensor<5xf32>) -> tensor<5xf32> {
  %y = graph.log %x : tensor<5xf32>
  return %y : tensor<5xf32>
}

// given x = positive(2, 3)
// expect y = np.sqrt(x)
func.func @sqrt(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %y = graph.sqrt %x : tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}

// given x = positive(2, 3)
// expect y = x ** -0.5
func.func @rsqrt(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %y = graph.rsqrt %x : tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}

// given x = np.array([0.5, -4, 0, inf])
// expect y = np.array([2, -0.25, inf, 0])
func.func @reciprocal(%x: tensor<4xf32>) -> tensor<4xf32> {
  %y = graph.reciprocal %x : tensor<4xf32>
  return %y : tensor<4xf32>
}

// given x = normal(2, 3)
// expect y = np.tanh(x)
func.func @tanh(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %y = graph.tanh %x : tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}

// given x = normal(2, 3)
// expect y = erf(x)
func.func @erf(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %y = graph.erf %x : tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}

// given x = normal(2, 3)
// expect y = np.sin(x)
func.func @sin(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %y = graph.sin %x : tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}

// given x = normal(2, 3)
// expect y = np.cos(x)
func.func @cos(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %y = graph.cos %x : tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}

// given x = np.array([-800, -1, 0, 2, 800.0])
// expect y = 0.5 * (1 + np.tanh(x / 2))
func.func @sigmoid(%x: tensor<5xf32>) -> tensor<5xf32> {
  %y = graph.sigmoid %x : tensor<5xf32>
  return %y : tensor<5xf32>
}

// given x = np.array([-1.5, 0, 2, np.nan, inf])
// expect y = np.maximum(x, 0)
func.func @relu(%x: tensor<5xf32>) -> tensor<5xf32> {
  %y = graph.relu %x : tensor<5xf32>
  return %y : tensor<5xf32>
}

// given x = normal(2, 3)
// expect y = x * sigmoid(x)
func.func @silu(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %y = graph.silu %x : tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}

// given x = 3 * normal(2, 3)
// expect y = x * 0.5 * (1 + erf(x / np.sqrt(2)))
func.func @gelu(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %y = graph.gelu %x : tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}

// given x = 3 * normal(2, 3)
// expect y = x * sigmoid(2 * np.sqrt(2 / pi) * (x + 0.044715 * x ** 3))
func.func @gelu_tanh(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %y = graph.gelu %x tanh : tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}

// given x = booleans(5)
// expect y = ~x
func.func @not(%x: tensor<5xi1>) -> tensor<5xi1> {
  %y = graph.not %x : tensor<5xi1>
  return %y : tensor<5xi1>
}

// given a = normal(2, 3)
// given b = normal(3)
// expect y = a + b
func.func @add(%a: tensor<2x3xf32>, %b: tensor<3xf32>) -> tensor<2x3xf32> {
  %y = graph.add %a, %b
      : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}

// given a = normal(2, 1, 3)
// given b = normal(4, 1)
// expect y = a - b
func.func @sub_both_broadcast(%a: tensor<2x1x3xf32>, %b: tensor<4x1xf32>)
    -> tensor<2x4x3xf32> {
  %y = graph.sub %a, %b
      : (tensor<2x1x3xf32>, tensor<4x1xf32>) -> tensor<2x4x3xf32>
  return %y : tensor<2x4x3xf32>
}

// given a = normal(2, 3)
// given b = np.array(2.5)
// expect y = a * b
func.func @mul_scalar(%a: tensor<2x3xf32>, %b: tensor<f32>)
    -> tensor<2x3xf32> {
  %y = graph.mul %a, %b : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}

// given a = np.array([1, -1, 0, 3.0])
// given b = np.array([0, 0, 0, 4.0])
// expect y = a / b
func.func @div(%a: tensor<4xf32>, %b: tensor<4xf32>) -> tensor<4xf32> {
  %y = graph.div %a, %b : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// given a = positive(2, 3)
// given b = normal(2, 3)
// expect y = a ** b
func.func @pow(%a: tensor<2x3xf32>, %b: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %y = graph.pow %a, %b
      : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}

// given a = np.array([1, -1, np.nan, 2])
// given b = np.array([0, inf, 1, np.nan])
// expect y = np.maximum(a, b)
// expect z = np.minimum(a, b)
func.func @maximum_minimum(%a: tensor<4xf32>, %b: tensor<4xf32>)
    -> (tensor<4xf32>, tensor<4xf32>) {
  %y = graph.maximum %a, %b : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %z = graph.minimum %a, %b : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %y, %z : tensor<4xf32>, tensor<4xf32>
}

// given a = integers(-9, 9, 2, 3)
// given b = integers(-9, 9, 3)
// expect s = a + b
// expect d = a - b
// expect p = a * b
// expect y = np.maximum(a, b)
func.func @integers(%a: tensor<2x3xi64>, %b: tensor<3xi64>)
    -> (tensor<2x3xi64>, tensor<2x3xi64>, tensor<2x3xi64>, tensor<2x3xi64>) {
  %s = graph.add %a, %b
      : (tensor<2x3xi64>, tensor<3xi64>) -> tensor<2x3xi64>
  %d = graph.sub %a, %b
      : (tensor<2x3xi64>, tensor<3xi64>) -> tensor<2x3xi64>
  %p = graph.mul %a, %b
      : (tensor<2x3xi64>, tensor<3xi64>) -> tensor<2x3xi64>
  %y = graph.maximum %a, %b
      : (tensor<2x3xi64>, tensor<3xi64>) -> tensor<2x3xi64>
  return %s, %d, %p, %y
      : tensor<2x3xi64>, tensor<2x3xi64>, tensor<2x3xi64>, tensor<2x3xi64>
}

// Up to 2^53, no unit is lost.
// given a = np.array([9007199254740991, -9007199254740991])
// given b = np.array([1, -1])
// expect y = a + b
func.func @integers_are_exact(%a: tensor<2xi64>, %b: tensor<2xi64>)
    -> tensor<2xi64> {
  %y = graph.add %a, %b : (tensor<2xi64>, tensor<2xi64>) -> tensor<2xi64>
  return %y : tensor<2xi64>
}

// given a = np.array([127, -128, 100], np.int8)
// given b = np.array([1, -1, 100], np.int8)
// expect s = a + b
// expect p = a * b
func.func @narrow_integers_wrap(%a: tensor<3xi8>, %b: tensor<3xi8>)
    -> (tensor<3xi8>, tensor<3xi8>) {
  %s = graph.add %a, %b : (tensor<3xi8>, tensor<3xi8>) -> tensor<3xi8>
  %p = graph.mul %a, %b : (tensor<3xi8>, tensor<3xi8>) -> tensor<3xi8>
  return %s, %p : tensor<3xi8>, tensor<3xi8>
}

// given a = booleans(2, 3)
// given b = booleans(3)
// expect y = a & b
// expect z = a | b
func.func @and_or(%a: tensor<2x3xi1>, %b: tensor<3xi1>)
    -> (tensor<2x3xi1>, tensor<2x3xi1>) {
  %y = graph.and %a, %b : (tensor<2x3xi1>, tensor<3xi1>) -> tensor<2x3xi1>
  %z = graph.or %a, %b : (tensor<2x3xi1>, tensor<3xi1>) -> tensor<2x3xi1>
  return %y, %z : tensor<2x3xi1>, tensor<2x3xi1>
}

// given a = np.array([1, 2, 3, np.nan])
// given b = np.array([2, 2, 2, 2.0])
// expect eq = a == b
// expect ne = a != b
// expect lt = a < b
// expect le = a <= b
// expect gt = a > b
// expect ge = a >= b
func.func @compare(%a: tensor<4xf32>, %b: tensor<4xf32>)
    -> (tensor<4xi1>, tensor<4xi1>, tensor<4xi1>, tensor<4xi1>, tensor<4xi1>,
        tensor<4xi1>) {
  %eq = graph.compare eq %a, %b : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xi1>
  %ne = graph.compare ne %a, %b : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xi1>
  %lt = graph.compare lt %a, %b : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xi1>
  %le = graph.compare le %a, %b : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xi1>
  %gt = graph.compare gt %a, %b : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xi1>
  %ge = graph.compare ge %a, %b : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xi1>
  return %eq, %ne, %lt, %le, %gt, %ge
      : tensor<4xi1>, tensor<4xi1>, tensor<4xi1>, tensor<4xi1>, tensor<4xi1>,
        tensor<4xi1>
}

// given c = booleans(4, 1)
// given a = normal(2, 1, 3)
// given b = np.array(-inf)
// expect y = np.where(c, a, b)
func.func @select(%c: tensor<4x1xi1>, %a: tensor<2x1x3xf32>, %b: tensor<f32>)
    -> tensor<2x4x3xf32> {
  %y = graph.select %c, %a, %b
      : (tensor<4x1xi1>, tensor<2x1x3xf32>, tensor<f32>) -> tensor<2x4x3xf32>
  return %y : tensor<2x4x3xf32>
}

// given x = np.array([-2.7, -0.5, 0, 0.5, 2.7])
// expect i = np.array([-2, 0, 0, 0, 2])
// expect b = np.array([True, True, False, True, True])
func.func @cast_floats(%x: tensor<5xf32>) -> (tensor<5xi64>, tensor<5xi1>) {
  %i = graph.cast %x : tensor<5xf32> to tensor<5xi64>
  %b = graph.cast %x : tensor<5xf32> to tensor<5xi1>
  return %i, %b : tensor<5xi64>, tensor<5xi1>
}

// given x = np.array([-3, 0, 300])
// expect f = np.array([-3.0, 0, 300])
// expect n = np.array([-3, 0, 44], np.int8)
// expect b = np.array([True, False, True])
// expect back = np.array([1, 0, 1])
func.func @cast_integers(%x: tensor<3xi64>)
    -> (tensor<3xf32>, tensor<3xi8>, tensor<3xi1>, tensor<3xi64>) {
  %f = graph.cast %x : tensor<3xi64> to tensor<3xf32>
  %n = graph.cast %x : tensor<3xi64> to tensor<3xi8>
  %b = graph.cast %x : tensor<3xi64> to tensor<3xi1>
  %back = graph.cast %b : tensor<3xi1> to tensor<3xi64>
  return %f, %n, %b, %back
      : tensor<3xf32>, tensor<3xi8>, tensor<3xi1>, tensor<3xi64>
}

// Floats of every width are doubles: a cast between them loses nothing.
// given x = np.array([1 / 3])
// expect y = x
func.func @cast_between_floats(%x: tensor<1xf32>) -> tensor<1xf32> {
  %h = graph.cast %x : tensor<1xf32> to tensor<1xf16>
  %y = graph.cast %h : tensor<1xf16> to tensor<1xf32>
  return %y : tensor<1xf32>
}
