// RUN: %python %S/Inputs/against-numpy.py %s

// expect f = np.array([[1, 2.5], [-inf, 0]])
// expect splat = np.full((2, 3), 0.25)
// expect scalar = np.array(7)
// expect flags = np.array([True, False])
// expect all = np.array([True, True, True])
// expect narrow = np.array([-128, 127], np.int8)
// expect half = np.array([0.5, 65504.0])
func.func @constant() -> (tensor<2x2xf32>, tensor<2x3xf64>, tensor<i64>,
                          tensor<2xi1>, tensor<3xi1>, tensor<2xi8>,
                          tensor<2xf16>) {
  %f = graph.constant dense<[[1.0, 2.5], [0xFF800000, 0.0]]> : tensor<2x2xf32>
  %splat = graph.constant dense<0.25> : tensor<2x3xf64>
  %scalar = graph.constant dense<7> : tensor<i64>
  %flags = graph.constant dense<[true, false]> : tensor<2xi1>
  %all = graph.constant dense<true> : tensor<3xi1>
  %narrow = graph.constant dense<[-128, 127]> : tensor<2xi8>
  %half = graph.constant dense<[0.5, 65504.0]> : tensor<2xf16>
  return %f, %splat, %scalar, %flags, %all, %narrow, %half
      : tensor<2x2xf32>, tensor<2x3xf64>, tensor<i64>, tensor<2xi1>,
        tensor<3xi1>, tensor<2xi8>, tensor<2xf16>
}

// given ids = integers(0, 9, 2, 5)
// expect rows = np.repeat(np.arange(2)[:, None], 5, 1)
// expect columns = np.arange(5)
// expect floats = np.arange(5.0)
func.func @iota(%ids: tensor<?x?xi64, #graph.dims<batch, seq>>)
    -> (tensor<?x?xi64, #graph.dims<batch, seq>>,
        tensor<?xi64, #graph.dims<seq>>, tensor<?xf32, #graph.dims<seq>>) {
  %rows = graph.iota axis(0) : tensor<?x?xi64, #graph.dims<batch, seq>>
  %columns = graph.iota axis(0) : tensor<?xi64, #graph.dims<seq>>
  %floats = graph.iota axis(0) : tensor<?xf32, #graph.dims<seq>>
  return %rows, %columns, %floats
      : tensor<?x?xi64, #graph.dims<batch, seq>>,
        tensor<?xi64, #graph.dims<seq>>, tensor<?xf32, #graph.dims<seq>>
}

// given x = normal(2, 3, 4)
// expect y = x.transpose(2, 0, 1)
func.func @transpose(%x: tensor<2x3x4xf32>) -> tensor<4x2x3xf32> {
  %y = graph.transpose %x perm [2, 0, 1]
      : (tensor<2x3x4xf32>) -> tensor<4x2x3xf32>
  return %y : tensor<4x2x3xf32>
}

// given x = normal(3, 5, 4)
// expect y = x.reshape(15, 2, 2)
func.func @reshape(%x: tensor<?x?x4xf32, #graph.dims<batch, seq, _>>)
    -> tensor<?x2x2xf32, #graph.dims<batch*seq, _, _>> {
  %y = graph.reshape %x : tensor<?x?x4xf32, #graph.dims<batch, seq, _>>
      to tensor<?x2x2xf32, #graph.dims<batch*seq, _, _>>
  return %y : tensor<?x2x2xf32, #graph.dims<batch*seq, _, _>>
}

// given x = normal(2, 1, 3)
// given like = normal(5)
// expect y = np.broadcast_to(x, (2, 5, 3))
func.func @broadcast(%x: tensor<2x1x3xf32>,
                     %like: tensor<?xf32, #graph.dims<seq>>)
    -> tensor<2x?x3xf32, #graph.dims<_, seq, _>> {
  %y = graph.broadcast %x
      : tensor<2x1x3xf32> to tensor<2x?x3xf32, #graph.dims<_, seq, _>>
  return %y : tensor<2x?x3xf32, #graph.dims<_, seq, _>>
}

// given x = normal(3, 6, 2)
// expect y = x[:, 2:5]
// expect first = x[:1]
func.func @slice(%x: tensor<?x6x2xf32, #graph.dims<batch, _, _>>)
    -> (tensor<?x3x2xf32, #graph.dims<batch, _, _>>, tensor<1x6x2xf32>) {
  %y = graph.slice %x axis(1) [2, 5]
      : (tensor<?x6x2xf32, #graph.dims<batch, _, _>>)
      -> tensor<?x3x2xf32, #graph.dims<batch, _, _>>
  %first = graph.slice %x axis(0) [0, 1]
      : (tensor<?x6x2xf32, #graph.dims<batch, _, _>>) -> tensor<1x6x2xf32>
  return %y, %first
      : tensor<?x3x2xf32, #graph.dims<batch, _, _>>, tensor<1x6x2xf32>
}

// given a = normal(3, 2, 2)
// given b = normal(3, 4, 2)
// given c = normal(3, 1, 2)
// expect y = np.concatenate([a, b, c], 1)
func.func @concat(%a: tensor<?x2x2xf32, #graph.dims<batch, _, _>>,
                  %b: tensor<?x4x2xf32, #graph.dims<batch, _, _>>,
                  %c: tensor<?x1x2xf32, #graph.dims<batch, _, _>>)
    -> tensor<?x7x2xf32, #graph.dims<batch, _, _>> {
  %y = graph.concat %a, %b, %c axis(1)
      : (tensor<?x2x2xf32, #graph.dims<batch, _, _>>,
         tensor<?x4x2xf32, #graph.dims<batch, _, _>>,
         tensor<?x1x2xf32, #graph.dims<batch, _, _>>)
      -> tensor<?x7x2xf32, #graph.dims<batch, _, _>>
  return %y : tensor<?x7x2xf32, #graph.dims<batch, _, _>>
}

// The extents along the axis are those of a call.
// given a = normal(2, 3)
// given b = normal(2, 2)
// expect y = np.concatenate([a, b, a], 1)
func.func @concat_dynamic(%a: tensor<2x?xf32, #graph.dims<_, past>>,
                          %b: tensor<2x?xf32, #graph.dims<_, seq>>)
    -> tensor<2x?xf32, #graph.dims<_, (2*past+seq)>> {
  %y = graph.concat %a, %b, %a axis(1)
      : (tensor<2x?xf32, #graph.dims<_, past>>,
         tensor<2x?xf32, #graph.dims<_, seq>>,
         tensor<2x?xf32, #graph.dims<_, past>>)
      -> tensor<2x?xf32, #graph.dims<_, (2*past+seq)>>
  return %y : tensor<2x?xf32, #graph.dims<_, (2*past+seq)>>
}

// A value that is used last in a region, or not at all, or returned twice.
// given x = normal(2, 3)
// expect y = x + 1
// expect again = x + 1
func.func @lifetimes(%x: tensor<2x3xf32>)
    -> (tensor<2x3xf32>, tensor<2x3xf32>) {
  %one = graph.constant dense<1.0> : tensor<f32>
  %unused = graph.neg %x : tensor<2x3xf32>
  %y = graph.add %x, %one : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  return %y, %y : tensor<2x3xf32>, tensor<2x3xf32>
}
