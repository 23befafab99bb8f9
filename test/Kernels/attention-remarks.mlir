// RUN: sylvite-opt %s --sylvite-form-kernels --remarks-filter=sylvite-kernels 2>&1 >/dev/null | FileCheck %s

// What the mask leaves to be calculated.

module attributes {sylvite.target = "x86-64-v4"} {

// CHECK: [Passed] attention | Category:sylvite-kernels | Function=full | Remark="blocks of 8 queries by 512 keys"
func.func @full(%x: tensor<?x2x?x8xf32, #graph.dims<b, _, s, _>>)
    -> tensor<?x2x?x8xf32, #graph.dims<b, _, s, _>> {
  %o = graph.attention %x, %x, %x
      : (tensor<?x2x?x8xf32, #graph.dims<b, _, s, _>>,
         tensor<?x2x?x8xf32, #graph.dims<b, _, s, _>>,
         tensor<?x2x?x8xf32, #graph.dims<b, _, s, _>>)
      -> tensor<?x2x?x8xf32, #graph.dims<b, _, s, _>>
  return %o : tensor<?x2x?x8xf32, #graph.dims<b, _, s, _>>
}

// CHECK: Function=causal | Remark="blocks of 8 queries by 512 keys; of 1024 x 1024 scores the mask skips 49 %, 49 % need no mask, 2 % are mixed"
func.func @causal(%x: tensor<?x2x?x8xf32, #graph.dims<b, _, s, _>>)
    -> tensor<?x2x?x8xf32, #graph.dims<b, _, s, _>> {
  %o = graph.attention %x, %x, %x mask(causal)
      : (tensor<?x2x?x8xf32, #graph.dims<b, _, s, _>>,
         tensor<?x2x?x8xf32, #graph.dims<b, _, s, _>>,
         tensor<?x2x?x8xf32, #graph.dims<b, _, s, _>>)
      -> tensor<?x2x?x8xf32, #graph.dims<b, _, s, _>>
  return %o : tensor<?x2x?x8xf32, #graph.dims<b, _, s, _>>
}

// A window, in a static shape whose scores fit.
// CHECK: Function=window | Remark="blocks of 8 queries; of 128 x 256 scores the mask skips 88 %, 0 % need no mask, 13 % are mixed"
func.func @window(%x: tensor<1x2x128x8xf32>, %y: tensor<1x2x256x8xf32>)
    -> tensor<1x2x128x8xf32> {
  %o = graph.attention %x, %y, %y mask(window(16))
      : (tensor<1x2x128x8xf32>, tensor<1x2x256x8xf32>, tensor<1x2x256x8xf32>)
      -> tensor<1x2x128x8xf32>
  return %o : tensor<1x2x128x8xf32>
}

// One query on a cache.
// CHECK: Function=step | Remark="blocks of 1 query by 4096 keys; of 1 x 1024 scores the mask skips 0 %, 0 % need no mask, 100 % are mixed"
func.func @step(%x: tensor<1x2x1x8xf32>,
                %y: tensor<1x2x?x8xf32, #graph.dims<_, _, capacity, _>>,
                %n: tensor<1xi64>) -> tensor<1x2x1x8xf32> {
  %o = graph.attention %x, %y, %y mask(padding(%n))
      : (tensor<1x2x1x8xf32>,
         tensor<1x2x?x8xf32, #graph.dims<_, _, capacity, _>>,
         tensor<1x2x?x8xf32, #graph.dims<_, _, capacity, _>>, tensor<1xi64>)
      -> tensor<1x2x1x8xf32>
  return %o : tensor<1x2x1x8xf32>
}
}
