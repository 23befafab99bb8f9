//===- Recurrent.td - Recurrent layers ----------------------*- tablegen -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_DIALECT_GRAPH_RECURRENT_TD
#define SYLVITE_DIALECT_GRAPH_RECURRENT_TD

include "sylvite/Dialect/Graph/GraphAttributes.td"

// `states` are further states to begin with besides h, `functions` attributes
// of the cell, `lasts` the last ones of further states.
class Graph_RecurrentOp<string mnemonic, dag states, dag functions, dag lasts,
                        string stateFormat, string functionFormat>
    : Graph_Op<mnemonic, [Pure, AttrSizedOperandSegments]> {
  let arguments = !con(
    (ins Graph_FloatTensor:$input, Graph_FloatTensor:$weight,
         Graph_FloatTensor:$recurrent_weight,
         Optional<Graph_FloatTensor>:$bias,
         Optional<Graph_FloatTensor>:$recurrent_bias,
         Optional<Graph_FloatTensor>:$initial),
    states,
    (ins Optional<Graph_IntTensor>:$lengths,
         DefaultValuedAttr<Graph_DirectionAttr,
                           "::sylvite::graph::Direction::Forward">:$direction,
         DefaultValuedAttr<I64Attr, "1">:$axis),
    functions,
    (ins UnitAttr:$transpose_weights));
  let results = !con(
    (outs Graph_FloatTensor:$states, Graph_FloatTensor:$last), lasts);
  let assemblyFormat =
    "$input `,` $weight `,` $recurrent_weight (`bias` `(` $bias^ `)`)? "
    "(`recurrent_bias` `(` $recurrent_bias^ `)`)? "
    "(`initial` `(` $initial^ `)`)? " # stateFormat #
    "(`lengths` `(` $lengths^ `)`)? "
    "(`direction` `(` custom<Keyword>($direction)^ `)`)? "
    "(`axis` `(` $axis^ `)`)? " # functionFormat #
    "attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

def Graph_RnnOp : Graph_RecurrentOp<"rnn", (ins),
    (ins DefaultValuedAttr<Graph_ActivationAttr,
                           "::sylvite::graph::Activation::Tanh">:$activation),
    (outs), "", "(`activation` `(` custom<Keyword>($activation)^ `)`)? "> {
  let summary = "a recurrent layer of plain cells";
  let description = [{
    h_t = activation(x_t W + b + h_{t-1} U + c)

    with the input weight W, the recurrent weight U, and their biases b and c.
    Source: Elman, "Finding Structure in Time", 1990.

    What follows is true of `graph.gru` and `graph.lstm` as well.

    The input is [batch, time, in], with axis(0) [time, batch, in]. Weights are
    [in, out], with `transpose_weights` both are [out, in] (as PyTorch and ONNX
    store them). Their outputs are those of the cell's gates, one after the
    other in the order of its formula, each of as many features as the state.
    What is left out is zero.

    With `direction(reverse)` the last element is the first to be processed.
    With `direction(both)` there are two layers side by side: weights' outputs,
    biases and states are those of the forward layer, then those of the reverse
    one, along their last axis.

    The results are the states of all steps, [batch, time, hidden], and the state
    after the last one, [batch, hidden]. Each sequence of the batch ends behind
    its length: steps from there on leave the state as it is, and their results
    are zero.

    Rules:
    - RECURRENT-1: the input has rank 3, and the axis is 0 or 1.
    - RECURRENT-2: the weights are static matrices; the input weight takes the
      input's features, and both have hidden x gates (x 2) outputs, where
      hidden is what the recurrent weight takes.
    - RECURRENT-3: biases are vectors of the weights' outputs.
    - RECURRENT-4: initial states have the type of the last ones, and lengths
      are [batch].
    - RECURRENT-5: the results have the input's batch, time and element type,
      and hidden (x 2) features.
    - RECURRENT-6: all float element types are equal.

    ```mlir
    func.func @example(%x: tensor<?x?x6xf32, #graph.dims<batch, seq, _>>,
                       %w: tensor<6x8xf32>, %u: tensor<8x8xf32>,
                       %b: tensor<8xf32>,
                       %h0: tensor<?x8xf32, #graph.dims<batch, _>>)
        -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>> {
      %states, %last = graph.rnn %x, %w, %u bias(%b) initial(%h0)
          : (tensor<?x?x6xf32, #graph.dims<batch, seq, _>>, tensor<6x8xf32>,
             tensor<8x8xf32>, tensor<8xf32>,
             tensor<?x8xf32, #graph.dims<batch, _>>)
          -> (tensor<?x?x8xf32, #graph.dims<batch, seq, _>>,
              tensor<?x8xf32, #graph.dims<batch, _>>)
      return %states : tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
    }
    ```
  }];
}

def Graph_GruOp : Graph_RecurrentOp<"gru", (ins),
    (ins DefaultValuedAttr<Graph_ActivationAttr,
           "::sylvite::graph::Activation::Sigmoid">:$gate_activation,
         DefaultValuedAttr<Graph_ActivationAttr,
           "::sylvite::graph::Activation::Tanh">:$activation,
         UnitAttr:$reset_after),
    (outs), "",
    "(`gates` `(` custom<Keyword>($gate_activation)^ `)`)? "
    "(`activation` `(` custom<Keyword>($activation)^ `)`)? "
    "(`reset_after` $reset_after^)? "> {
  let summary = "a layer of gated recurrent units";
  let description = [{
        r = gates(x_t W_r + b_r + h U_r + c_r)
        z = gates(x_t W_z + b_z + h U_z + c_z)
        n = activation(x_t W_n + b_n + (r * h) U_n + c_n)
        h_t = (1 - z) * n + z * h

    with h = h_{t-1}: reset and update gate, then the new state. With
    `reset_after` the reset gate comes behind the recurrent product, as in
    PyTorch and cuDNN:

        n = activation(x_t W_n + b_n + r * (h U_n + c_n))

    All else is as in `graph.rnn`. Source: Cho et al., "Learning Phrase
    Representations using RNN Encoder-Decoder", 2014.

    Rules: RECURRENT-1 to RECURRENT-6.

    ```mlir
    func.func @example(%x: tensor<?x?x6xf32, #graph.dims<batch, seq, _>>,
                       %w: tensor<24x6xf32>, %u: tensor<24x8xf32>,
                       %lengths: tensor<?xi64, #graph.dims<batch>>)
        -> tensor<?x8xf32, #graph.dims<batch, _>> {
      %states, %last = graph.gru %x, %w, %u lengths(%lengths)
          direction(reverse) reset_after {transpose_weights}
          : (tensor<?x?x6xf32, #graph.dims<batch, seq, _>>, tensor<24x6xf32>,
             tensor<24x8xf32>, tensor<?xi64, #graph.dims<batch>>)
          -> (tensor<?x?x8xf32, #graph.dims<batch, seq, _>>,
              tensor<?x8xf32, #graph.dims<batch, _>>)
      return %last : tensor<?x8xf32, #graph.dims<batch, _>>
    }
    ```
  }];
}

def Graph_LstmOp : Graph_RecurrentOp<"lstm",
    (ins Optional<Graph_FloatTensor>:$initial_cell),
    (ins DefaultValuedAttr<Graph_ActivationAttr,
           "::sylvite::graph::Activation::Sigmoid">:$gate_activation,
         DefaultValuedAttr<Graph_ActivationAttr,
           "::sylvite::graph::Activation::Tanh">:$activation,
         DefaultValuedAttr<Graph_ActivationAttr,
           "::sylvite::graph::Activation::Tanh">:$output_activation),
    (outs Graph_FloatTensor:$last_cell),
    "(`cell` `(` $initial_cell^ `)`)? ",
    "(`gates` `(` custom<Keyword>($gate_activation)^ `)`)? "
    "(`activation` `(` custom<Keyword>($activation)^ `)`)? "
    "(`output` `(` custom<Keyword>($output_activation)^ `)`)? "> {
  let summary = "a layer of long short-term memory";
  let description = [{
        i = gates(x_t W_i + b_i + h U_i + c_i)
        f = gates(x_t W_f + b_f + h U_f + c_f)
        g = activation(x_t W_g + b_g + h U_g + c_g)
        o = gates(x_t W_o + b_o + h U_o + c_o)
        s_t = f * s_{t-1} + i * g
        h_t = o * output(s_t)

    with h = h_{t-1}: input and forget gate, what comes into the cell, output
    gate. The cell s begins with `cell`, and what it is after the last step is
    the third result. All else is as in `graph.rnn`. Source: Hochreiter and
    Schmidhuber, "Long Short-Term Memory", 1997; Gers, Schmidhuber and Cummins,
    "Learning to Forget", 2000.

    Rules: RECURRENT-1 to RECURRENT-6.

    ```mlir
    func.func @example(%x: tensor<?x?x6xf32, #graph.dims<seq, batch, _>>,
                       %w: tensor<6x64xf32>, %u: tensor<8x64xf32>)
        -> tensor<?x?x16xf32, #graph.dims<seq, batch, _>> {
      %states, %last, %cell = graph.lstm %x, %w, %u direction(both) axis(0)
          : (tensor<?x?x6xf32, #graph.dims<seq, batch, _>>, tensor<6x64xf32>,
             tensor<8x64xf32>)
          -> (tensor<?x?x16xf32, #graph.dims<seq, batch, _>>,
              tensor<?x16xf32, #graph.dims<batch, _>>,
              tensor<?x16xf32, #graph.dims<batch, _>>)
      return %states : tensor<?x?x16xf32, #graph.dims<seq, batch, _>>
    }
    ```
  }];
}

#endif // SYLVITE_DIALECT_GRAPH_RECURRENT_TD
