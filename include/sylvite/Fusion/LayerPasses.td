//===- LayerPasses.td - Layers with what surrounds them ----*- tablegen -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_FUSION_LAYERPASSES_TD
#define SYLVITE_FUSION_LAYERPASSES_TD

include "mlir/Pass/PassBase.td"

def FuseEmbeddingsPass : Pass<"sylvite-fuse-embeddings",
                              "::mlir::func::FuncOp"> {
  let summary = "make one op of a sum of embeddings and its norm";
  let description = [{
    A sum of lookups, in any order, becomes `graph.embeddings`, and takes the norm
    behind it with it. So does a single lookup with a norm. Lookups times a number
    become lookups in a table times that number, if the table is made of weights
    and has no other user.

    Conditions:

    - the tables hold floats and have the same number of features;
    - nothing else uses the lookups and the sums between them;
    - for the norm, nothing else uses the sum, it has a scale, no residual, and at
      most `max-norm-features` features.

    ```mlir
    func.func @example(%word: tensor<100x8xf32>, %position: tensor<64x8xf32>,
                       %i: tensor<?x?xi64, #graph.dims<batch, seq>>,
                       %g: tensor<8xf32>)
        -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>> {
      %p = graph.iota axis(0) : tensor<?xi64, #graph.dims<seq>>
      %a = graph.embedding %word, %i : (tensor<100x8xf32>, tensor<?x?xi64, #graph.dims<batch, seq>>) -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
      %b = graph.embedding %position, %p : (tensor<64x8xf32>, tensor<?xi64, #graph.dims<seq>>) -> tensor<?x8xf32, #graph.dims<seq, _>>
      %s = graph.add %a, %b : (tensor<?x?x8xf32, #graph.dims<batch, seq, _>>, tensor<?x8xf32, #graph.dims<seq, _>>) -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
      %y = graph.layer_norm %s scale(%g) : (tensor<?x?x8xf32, #graph.dims<batch, seq, _>>, tensor<8xf32>) -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
      return %y : tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
    }
    ```

    becomes `graph.embeddings tables(%word, %position) indices(%i, %p) norm(layer)
    scale(%g)`.
  }];
  let options = [
    Option<"maxNormFeatures", "max-norm-features", "int64_t", "4096",
           "longest row whose norm becomes a part of the op">
  ];
}

def FuseLinearPass : Pass<"sylvite-fuse-linear", "::mlir::func::FuncOp"> {
  let summary = "make linear layers of products with weights";
  let description = [{
    A product with a trained matrix becomes `graph.linear`, with the bias and the
    activation behind it: ReLU, GELU, SiLU, tanh or sigmoid.

    Conditions:

    - the weight is the right operand, of rank 2, and made of weights and
      constants alone (a transpose is taken into `transpose_weight`);
    - the input is not transposed;
    - for bias and activation, nothing else uses the value before them.

    ```mlir
    func.func @example(%x: tensor<?x8xf32, #graph.dims<seq, _>>)
        -> tensor<?x4xf32, #graph.dims<seq, _>> {
      %w = graph.weight "up.weight" : tensor<4x8xf32>
      %b = graph.weight "up.bias" : tensor<4xf32>
      %m = graph.matmul %x, %w {transpose_rhs} : (tensor<?x8xf32, #graph.dims<seq, _>>, tensor<4x8xf32>) -> tensor<?x4xf32, #graph.dims<seq, _>>
      %s = graph.add %m, %b : (tensor<?x4xf32, #graph.dims<seq, _>>, tensor<4xf32>) -> tensor<?x4xf32, #graph.dims<seq, _>>
      %y = graph.gelu %s : tensor<?x4xf32, #graph.dims<seq, _>>
      return %y : tensor<?x4xf32, #graph.dims<seq, _>>
    }
    ```

    becomes `graph.linear %x, %w bias(%b) activation(gelu_erf)
    {transpose_weight}`.
  }];
}

def FuseBatchNormPass : Pass<"sylvite-fuse-batch-norm",
                             "::mlir::func::FuncOp"> {
  let summary = "fold batch norms with stored statistics into linear layers";
  let description = [{
    With stored statistics a batch norm is a x + c, a factor and a summand a
    channel: a = scale / sqrt(variance + eps) and c = bias - a mean. A layer
    before it takes both into its columns, (x W + b) a + c = x (W a) + (b a + c),
    and with them the activation behind the norm. Layers behind it take them
    into their rows, (a x + c) W + b = x (a W) + (b + c W). The new weights are
    expressions of the old ones, which are calculated at compile time.

    Conditions:

    - the channels are the last axis, and the statistics, scale and bias are made
      of weights and constants alone, as are the layers' weights and biases;
    - a layer before the norm has no other user, and no activation, residual or
      norm of its own;
    - behind the norm there are linear layers alone, which it is the input of.

    ```mlir
    func.func @example(%x: tensor<?x8xf32, #graph.dims<seq, _>>)
        -> tensor<?x4xf32, #graph.dims<seq, _>> {
      %w = graph.weight "w" : tensor<8x4xf32>
      %m = graph.weight "mean" : tensor<4xf32>
      %v = graph.weight "variance" : tensor<4xf32>
      %l = graph.linear %x, %w : (tensor<?x8xf32, #graph.dims<seq, _>>, tensor<8x4xf32>) -> tensor<?x4xf32, #graph.dims<seq, _>>
      %y = graph.batch_norm %l mean(%m) variance(%v) axis(1) : (tensor<?x4xf32, #graph.dims<seq, _>>, tensor<4xf32>, tensor<4xf32>) -> tensor<?x4xf32, #graph.dims<seq, _>>
      return %y : tensor<?x4xf32, #graph.dims<seq, _>>
    }
    ```

    becomes `graph.linear %x, %w2 bias(%b2)`, with %w2 and %b2 made of the weights.
  }];
}

def FusePositionsPass : Pass<"sylvite-fuse-positions", "::mlir::func::FuncOp"> {
  let summary = "look positions up where their number is bounded";
  let description = [{
    A positional encoding is a table of one row a position. Where the positions
    have a bound, the table is made of constants, so that it is calculated at
    compile time, and looked up: what sums lookups then takes it along. Elsewhere
    sine and cosine become arithmetic in double precision, and a formula of one's
    own stays as it is, for a kernel that evaluates it. Rotary embeddings get
    tables of cosines and sines in the same way.

    Bounded are

    - a count along an axis (`graph.iota`, and ops that count by themselves),
      where the axis is static or the function has a `graph.dim_max` for it;
    - an argument with a `graph.range`;
    - sums, reshapes, broadcasts and casts of these.

    Conditions for a table:

    - it has at most `max-bytes`;
    - a formula reads nothing of the function.

    ```mlir
    func.func @example() -> tensor<?x4xf32, #graph.dims<seq, _>>
        attributes {graph.dim_max = {seq = 64 : i64}} {
      %y = graph.positional_encoding : () -> tensor<?x4xf32, #graph.dims<seq, _>>
      return %y : tensor<?x4xf32, #graph.dims<seq, _>>
    }
    ```

    becomes `graph.embedding` of a table of 64 rows.
  }];
  let options = [
    Option<"maxBytes", "max-bytes", "int64_t", "67108864",
           "largest table, in bytes">
  ];
}

def FuseResidualNormPass : Pass<"sylvite-fuse-residual-norm",
                                "::mlir::func::FuncOp"> {
  let summary = "move residual sums and norms to the op before them";
  let description = [{
    A sum of a linear layer with a tensor of its type becomes the layer's residual,
    and a norm behind a layer the end of its epilogue. A sum that no layer takes
    becomes the residual of the norm behind it.

    Conditions:

    - nothing else uses the layer, or the sum before a norm. A model that
      normalises before its layers (pre-norm) needs every sum twice: there the sum
      goes into the layer, and the norm stays;
    - the layer has no residual, or norm, already;
    - the summands have one type;
    - for a norm at the end of a layer, it has a scale, no residual, and at most
      `max-norm-features` features.

    ```mlir
    func.func @example(%x: tensor<?x8xf32, #graph.dims<seq, _>>,
                       %r: tensor<?x4xf32, #graph.dims<seq, _>>,
                       %w: tensor<8x4xf32>, %g: tensor<4xf32>, %b: tensor<4xf32>)
        -> tensor<?x4xf32, #graph.dims<seq, _>> {
      %l = graph.linear %x, %w : (tensor<?x8xf32, #graph.dims<seq, _>>, tensor<8x4xf32>) -> tensor<?x4xf32, #graph.dims<seq, _>>
      %s = graph.add %l, %r : (tensor<?x4xf32, #graph.dims<seq, _>>, tensor<?x4xf32, #graph.dims<seq, _>>) -> tensor<?x4xf32, #graph.dims<seq, _>>
      %y = graph.layer_norm %s scale(%g) bias(%b) : (tensor<?x4xf32, #graph.dims<seq, _>>, tensor<4xf32>, tensor<4xf32>) -> tensor<?x4xf32, #graph.dims<seq, _>>
      return %y : tensor<?x4xf32, #graph.dims<seq, _>>
    }
    ```

    becomes `graph.linear %x, %w residual(%r) norm(layer) scale(%g) shift(%b)`.
  }];
  let options = [
    Option<"maxNormFeatures", "max-norm-features", "int64_t", "4096",
           "longest row whose norm becomes the end of a layer">
  ];
}

def FusePoolPass : Pass<"sylvite-fuse-pool", "::mlir::func::FuncOp"> {
  let summary = "make one op of pooling over a sequence";
  let description = [{
    Sentence encoders make one vector of a sequence of vectors. Recognised are

    - the mean of the positions that a mask keeps: sum(x w) / max(n, eps), with
      w = 1 where the mask keeps a position and 0 elsewhere, and n = sum(w);
    - their maximum: n > 0 ? max(w ? x : -inf) : 0;
    - mean and maximum of all positions;
    - the first position;

    and a normalisation of the vector behind it.

    Conditions:

    - weights and number come from one mask [batch, sequence]: a boolean, an
      integer compared with 0, or an input, which is taken to be 0 or 1 unless its
      `graph.range` says otherwise;
    - eps, in 0 < eps <= 1 as a bound, or so small that it rounds away as a
      summand, keeps the divisor from 0: where nothing is kept the vector is 0;
    - for the normalisation, nothing else uses the vector before it.

    ```mlir
    func.func @example(%x: tensor<?x?x8xf32, #graph.dims<batch, seq, _>>,
                       %m: tensor<?x?xi64, #graph.dims<batch, seq>>)
        -> tensor<?x8xf32, #graph.dims<batch, _>> {
      %zero = graph.constant dense<0> : tensor<i64>
      %eps = graph.constant dense<1.0e-9> : tensor<f32>
      %c = graph.compare ne %m, %zero : (tensor<?x?xi64, #graph.dims<batch, seq>>, tensor<i64>) -> tensor<?x?xi1, #graph.dims<batch, seq>>
      %k = graph.reshape %c : tensor<?x?xi1, #graph.dims<batch, seq>> to tensor<?x?x1xi1, #graph.dims<batch, seq, _>>
      %w = graph.cast %k : tensor<?x?x1xi1, #graph.dims<batch, seq, _>> to tensor<?x?x1xf32, #graph.dims<batch, seq, _>>
      %p = graph.mul %x, %w : (tensor<?x?x8xf32, #graph.dims<batch, seq, _>>, tensor<?x?x1xf32, #graph.dims<batch, seq, _>>) -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
      %s = graph.reduce sum %p axes [1] : (tensor<?x?x8xf32, #graph.dims<batch, seq, _>>) -> tensor<?x8xf32, #graph.dims<batch, _>>
      %n = graph.reduce sum %w axes [1] : (tensor<?x?x1xf32, #graph.dims<batch, seq, _>>) -> tensor<?x1xf32, #graph.dims<batch, _>>
      %d = graph.maximum %n, %eps : (tensor<?x1xf32, #graph.dims<batch, _>>, tensor<f32>) -> tensor<?x1xf32, #graph.dims<batch, _>>
      %y = graph.div %s, %d : (tensor<?x8xf32, #graph.dims<batch, _>>, tensor<?x1xf32, #graph.dims<batch, _>>) -> tensor<?x8xf32, #graph.dims<batch, _>>
      return %y : tensor<?x8xf32, #graph.dims<batch, _>>
    }
    ```

    becomes `graph.pool mean %x mask(%m)`.
  }];
}

def PackRowsPass : Pass<"sylvite-pack-rows", "::mlir::func::FuncOp"> {
  let summary = "compute layers on the rows of a batch that are no padding";
  let description = [{
    A batch of sequences of different lengths is filled up to the longest one.
    Where their lengths are an input, layers need not compute what fills it up:
    this pass packs the rows of all sequences one after the other
    (`graph.pack_rows`), and unpacks them (`graph.unpack_rows`) for ops that need
    them at their places, such as attention.

    The lengths are those of masks `padding(%lengths)` of attentions, an input of
    the function. An op is computed on packed rows if

    - it computes each row from the same row of its operands: layers, norms,
      lookups and elementwise ops;
    - nobody sees rows of its result that are padding. Not seen are keys and
      values that such a mask hides, queries whose results are not seen, what
      pooling by `position < length` leaves out, what a selection by that
      condition does not choose, and operands of ops on rows whose results are
      not seen.

    A selection between rows and zero by that condition becomes the unpacking, so
    that an encoder whose result is zero past the lengths is packed to its end.

    Not done is:

    - to pack where there is no layer: packing and unpacking go over memory;
    - to pack by masks that are data (`keep`): nothing says that what they keep
      is known before anything is computed, or that it is worth it.

    ```mlir
    func.func @example(%x: tensor<?x?x8xf32, #graph.dims<batch, seq, _>>,
                       %w: tensor<8x16xf32>,
                       %lengths: tensor<?xi64, #graph.dims<batch>>)
        -> tensor<?x16xf32, #graph.dims<batch, _>> {
      %position = graph.iota axis(0) : tensor<?xi64, #graph.dims<seq>>
      %column = graph.reshape %lengths : tensor<?xi64, #graph.dims<batch>>
          to tensor<?x1xi64, #graph.dims<batch, _>>
      %within = graph.compare lt %position, %column
          : (tensor<?xi64, #graph.dims<seq>>,
             tensor<?x1xi64, #graph.dims<batch, _>>)
          -> tensor<?x?xi1, #graph.dims<batch, seq>>
      %y = graph.linear %x, %w
          : (tensor<?x?x8xf32, #graph.dims<batch, seq, _>>, tensor<8x16xf32>)
          -> tensor<?x?x16xf32, #graph.dims<batch, seq, _>>
      %heads = graph.reshape %y
          : tensor<?x?x16xf32, #graph.dims<batch, seq, _>>
          to tensor<?x?x2x8xf32, #graph.dims<batch, seq, _, _>>
      %o = graph.attention %heads, %heads, %heads layout(bshd)
          mask(padding(%lengths))
          : (tensor<?x?x2x8xf32, #graph.dims<batch, seq, _, _>>,
             tensor<?x?x2x8xf32, #graph.dims<batch, seq, _, _>>,
             tensor<?x?x2x8xf32, #graph.dims<batch, seq, _, _>>,
             tensor<?xi64, #graph.dims<batch>>)
          -> tensor<?x?x2x8xf32, #graph.dims<batch, seq, _, _>>
      %joined = graph.reshape %o
          : tensor<?x?x2x8xf32, #graph.dims<batch, seq, _, _>>
          to tensor<?x?x16xf32, #graph.dims<batch, seq, _>>
      %mean = graph.pool mean %joined mask(%within)
          : (tensor<?x?x16xf32, #graph.dims<batch, seq, _>>,
             tensor<?x?xi1, #graph.dims<batch, seq>>)
          -> tensor<?x16xf32, #graph.dims<batch, _>>
      return %mean : tensor<?x16xf32, #graph.dims<batch, _>>
    }
    ```

    becomes a `graph.linear` of packed rows, whose result is unpacked for the
    attention.
  }];
}

def FindBatchPass : Pass<"sylvite-find-batch", "::mlir::func::FuncOp"> {
  let summary = "find the dimension along which calls may run in parts";
  let description = [{
    What a large batch gives does not fit into a cache: each layer reads from
    memory what the one before wrote there. Where rows of a batch do not depend on
    each other, a call runs the function on some of them at a time, as many as make
    256 rows of its layers, with an arena for these alone.

    The pass notes the dimension, and how many rows layers have for one of its
    extent. Conditions:

    - it is the first dimension of all results, and of each argument and each
      tensor in between that has it;
    - each op gives a row of its result from the same row of its operands: no
      reduction along it, no loop, no op that asks for its extent or for places in
      it.

    ```mlir
    func.func @example(%x: tensor<?x?x8xf32, #graph.dims<batch, seq, _>>,
                       %w: tensor<8x4xf32>)
        -> tensor<?x?x4xf32, #graph.dims<batch, seq, _>> {
      %y = graph.linear %x, %w
          : (tensor<?x?x8xf32, #graph.dims<batch, seq, _>>, tensor<8x4xf32>)
          -> tensor<?x?x4xf32, #graph.dims<batch, seq, _>>
      return %y : tensor<?x?x4xf32, #graph.dims<batch, seq, _>>
    }
    ```

    gets the attribute `graph.batch = {dim = "batch", rows = "seq"}`.
  }];
}

#endif // SYLVITE_FUSION_LAYERPASSES_TD
