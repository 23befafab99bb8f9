// The attention of the notes, in all its forms: numbers from another framework.
// REQUIRES: reference-data
// RUN: %python %S/Inputs/against-numpy.py %s --data %data

// let notes = notes("attention")
// given q = notes["q"]
// given k = notes["k"]
// given v = notes["v"]
// expect o = notes["out_dot"]
func.func @dot(
    %q: tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>>,
    %k: tensor<?x3x?x8xf32, #graph.dims<batch, _, keys, _>>,
    %v: tensor<?x3x?x8xf32, #graph.dims<batch, _, keys, _>>)
    -> tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>> {
  %o = graph.attention %q, %k, %v
      : (tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>>,
         tensor<?x3x?x8xf32, #graph.dims<batch, _, keys, _>>,
         tensor<?x3x?x8xf32, #graph.dims<batch, _, keys, _>>)
      -> tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>>
  return %o : tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>>
}

// let notes = notes("attention")
// given q = notes["q"]
// given k = notes["k"]
// given v = notes["v"]
// expect o = notes["out_scaled"]
func.func @scaled(
    %q: tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>>,
    %k: tensor<?x3x?x8xf32, #graph.dims<batch, _, keys, _>>,
    %v: tensor<?x3x?x8xf32, #graph.dims<batch, _, keys, _>>)
    -> tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>> {
  %o = graph.attention %q, %k, %v scale(0.35355339059327379)
      : (tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>>,
         tensor<?x3x?x8xf32, #graph.dims<batch, _, keys, _>>,
         tensor<?x3x?x8xf32, #graph.dims<batch, _, keys, _>>)
      -> tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>>
  return %o : tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>>
}

// let notes = notes("attention")
// given q = notes["q"]
// given k = notes["k"]
// given v = notes["v"]
// expect o = notes["out_cosine"]
func.func @cosine(
    %q: tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>>,
    %k: tensor<?x3x?x8xf32, #graph.dims<batch, _, keys, _>>,
    %v: tensor<?x3x?x8xf32, #graph.dims<batch, _, keys, _>>)
    -> tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>> {
  %o = graph.attention %q, %k, %v similarity(cosine) scale(10.0)
      : (tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>>,
         tensor<?x3x?x8xf32, #graph.dims<batch, _, keys, _>>,
         tensor<?x3x?x8xf32, #graph.dims<batch, _, keys, _>>)
      -> tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>>
  return %o : tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>>
}

// let notes = notes("attention")
// given q = notes["q"]
// given k = notes["k"]
// given v = notes["v"]
// given lengths = notes["lengths"]
// expect o = notes["out_mask_padding"]
func.func @padding(
    %q: tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>>,
    %k: tensor<?x3x?x8xf32, #graph.dims<batch, _, keys, _>>,
    %v: tensor<?x3x?x8xf32, #graph.dims<batch, _, keys, _>>,
    %lengths: tensor<?xi64, #graph.dims<batch>>)
    -> tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>> {
  %o = graph.attention %q, %k, %v scale(0.35355339059327379)
      mask(padding(%lengths))
      : (tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>>,
         tensor<?x3x?x8xf32, #graph.dims<batch, _, keys, _>>,
         tensor<?x3x?x8xf32, #graph.dims<batch, _, keys, _>>,
         tensor<?xi64, #graph.dims<batch>>)
      -> tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>>
  return %o : tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>>
}

// let notes = notes("attention")
// given q = notes["q"]
// given k = notes["k"]
// given v = notes["v"]
// expect o = notes["out_mask_causal_from_start"]
func.func @causal_from_start(
    %q: tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>>,
    %k: tensor<?x3x?x8xf32, #graph.dims<batch, _, keys, _>>,
    %v: tensor<?x3x?x8xf32, #graph.dims<batch, _, keys, _>>)
    -> tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>> {
  %o = graph.attention %q, %k, %v scale(0.35355339059327379) mask(causal)
      : (tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>>,
         tensor<?x3x?x8xf32, #graph.dims<batch, _, keys, _>>,
         tensor<?x3x?x8xf32, #graph.dims<batch, _, keys, _>>)
      -> tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>>
  return %o : tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>>
}

// let notes = notes("attention")
// given q = notes["q"]
// given k = notes["k"]
// given v = notes["v"]
// expect o = notes["out_mask_causal_to_end"]
func.func @causal_to_end(
    %q: tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>>,
    %k: tensor<?x3x?x8xf32, #graph.dims<batch, _, keys, _>>,
    %v: tensor<?x3x?x8xf32, #graph.dims<batch, _, keys, _>>)
    -> tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>> {
  %o = graph.attention %q, %k, %v scale(0.35355339059327379) mask(causal_to_end)
      : (tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>>,
         tensor<?x3x?x8xf32, #graph.dims<batch, _, keys, _>>,
         tensor<?x3x?x8xf32, #graph.dims<batch, _, keys, _>>)
      -> tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>>
  return %o : tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>>
}

// let notes = notes("attention")
// given q = notes["q"]
// given k = notes["k"]
// given v = notes["v"]
// expect o = notes["out_mask_window4_to_end"]
func.func @window4_to_end(
    %q: tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>>,
    %k: tensor<?x3x?x8xf32, #graph.dims<batch, _, keys, _>>,
    %v: tensor<?x3x?x8xf32, #graph.dims<batch, _, keys, _>>)
    -> tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>> {
  %o = graph.attention %q, %k, %v scale(0.35355339059327379) mask(window(4))
      : (tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>>,
         tensor<?x3x?x8xf32, #graph.dims<batch, _, keys, _>>,
         tensor<?x3x?x8xf32, #graph.dims<batch, _, keys, _>>)
      -> tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>>
  return %o : tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>>
}

// let notes = notes("attention")
// given q = notes["q"]
// given k = notes["k"]
// given v = notes["v"]
// expect o = notes["out_mask_prefix5_to_end"]
func.func @prefix5_to_end(
    %q: tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>>,
    %k: tensor<?x3x?x8xf32, #graph.dims<batch, _, keys, _>>,
    %v: tensor<?x3x?x8xf32, #graph.dims<batch, _, keys, _>>)
    -> tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>> {
  %o = graph.attention %q, %k, %v scale(0.35355339059327379)
      mask(prefix(5) or causal_to_end)
      : (tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>>,
         tensor<?x3x?x8xf32, #graph.dims<batch, _, keys, _>>,
         tensor<?x3x?x8xf32, #graph.dims<batch, _, keys, _>>)
      -> tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>>
  return %o : tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>>
}

// let notes = notes("attention")
// given q = notes["q"]
// given k = notes["k"]
// given v = notes["v"]
// given documents = notes["documents"]
// expect o = notes["out_mask_document"]
func.func @document(
    %q: tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>>,
    %k: tensor<?x3x?x8xf32, #graph.dims<batch, _, keys, _>>,
    %v: tensor<?x3x?x8xf32, #graph.dims<batch, _, keys, _>>,
    %documents: tensor<?x?xi64, #graph.dims<batch, keys>>)
    -> tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>> {
  %o = graph.attention %q, %k, %v scale(0.35355339059327379)
      mask(document(%documents))
      : (tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>>,
         tensor<?x3x?x8xf32, #graph.dims<batch, _, keys, _>>,
         tensor<?x3x?x8xf32, #graph.dims<batch, _, keys, _>>,
         tensor<?x?xi64, #graph.dims<batch, keys>>)
      -> tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>>
  return %o : tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>>
}

// let notes = notes("attention")
// given q = notes["q"]
// given k = notes["k"]
// given v = notes["v"]
// given lengths = notes["lengths"]
// expect o = notes["out_mask_causal_and_padding"]
func.func @causal_and_padding(
    %q: tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>>,
    %k: tensor<?x3x?x8xf32, #graph.dims<batch, _, keys, _>>,
    %v: tensor<?x3x?x8xf32, #graph.dims<batch, _, keys, _>>,
    %lengths: tensor<?xi64, #graph.dims<batch>>)
    -> tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>> {
  %o = graph.attention %q, %k, %v scale(0.35355339059327379)
      mask(causal_to_end and padding(%lengths))
      : (tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>>,
         tensor<?x3x?x8xf32, #graph.dims<batch, _, keys, _>>,
         tensor<?x3x?x8xf32, #graph.dims<batch, _, keys, _>>,
         tensor<?xi64, #graph.dims<batch>>)
      -> tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>>
  return %o : tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>>
}

// let notes = notes("attention")
// given q = notes["q"]
// given k = notes["k"]
// given v = notes["v"]
// expect o = notes["out_large"]
func.func @large(
    %q: tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>>,
    %k: tensor<?x3x?x8xf32, #graph.dims<batch, _, keys, _>>,
    %v: tensor<?x3x?x8xf32, #graph.dims<batch, _, keys, _>>)
    -> tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>> {
  %o = graph.attention %q, %k, %v scale(106.06601717798213)
      : (tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>>,
         tensor<?x3x?x8xf32, #graph.dims<batch, _, keys, _>>,
         tensor<?x3x?x8xf32, #graph.dims<batch, _, keys, _>>)
      -> tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>>
  return %o : tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>>
}

// let notes = notes("attention")
// given q = notes["q"]
// given k = notes["k"]
// given v = notes["v"]
// given bias = notes["bias"]
// expect o = notes["out_bias"]
func.func @bias(
    %q: tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>>,
    %k: tensor<?x3x?x8xf32, #graph.dims<batch, _, keys, _>>,
    %v: tensor<?x3x?x8xf32, #graph.dims<batch, _, keys, _>>,
    %bias: tensor<3x?x?xf32, #graph.dims<_, seq, keys>>)
    -> tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>> {
  %o = graph.attention %q, %k, %v scale(0.35355339059327379) bias(%bias)
      : (tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>>,
         tensor<?x3x?x8xf32, #graph.dims<batch, _, keys, _>>,
         tensor<?x3x?x8xf32, #graph.dims<batch, _, keys, _>>,
         tensor<3x?x?xf32, #graph.dims<_, seq, keys>>)
      -> tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>>
  return %o : tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>>
}

// 5 tanh(s / 5)
// let notes = notes("attention")
// given q = notes["q"]
// given k = notes["k"]
// given v = notes["v"]
// expect o = notes["out_softcap"]
func.func @softcap(
    %q: tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>>,
    %k: tensor<?x3x?x8xf32, #graph.dims<batch, _, keys, _>>,
    %v: tensor<?x3x?x8xf32, #graph.dims<batch, _, keys, _>>)
    -> tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>> {
  %o = graph.attention %q, %k, %v scale(0.35355339059327379) score {
  ^bb0(%s: f32, %b: index, %h: index, %i: index, %j: index):
    %cap = arith.constant 5.0 : f32
    %x = arith.divf %s, %cap : f32
    %t = math.tanh %x : f32
    %y = arith.mulf %t, %cap : f32
    graph.yield %y : f32
  }
      : (tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>>,
         tensor<?x3x?x8xf32, #graph.dims<batch, _, keys, _>>,
         tensor<?x3x?x8xf32, #graph.dims<batch, _, keys, _>>)
      -> tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>>
  return %o : tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>>
}

// score - slope[h] (i + T - S - j); the notes have rounded the slopes.
// let notes = notes("attention")
// given q = notes["q"]
// given k = notes["k"]
// given v = notes["v"]
// given slopes = notes["alibi_slopes"]
// expect o = notes["out_alibi_causal"]
// within 1e-7
func.func @alibi_causal(
    %q: tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>>,
    %k: tensor<?x3x?x8xf32, #graph.dims<batch, _, keys, _>>,
    %v: tensor<?x3x?x8xf32, #graph.dims<batch, _, keys, _>>,
    %slopes: tensor<3xf32>)
    -> tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>> {
  %o = graph.attention %q, %k, %v scale(0.35355339059327379)
      mask(causal_to_end) score {
  ^bb0(%s: f32, %b: index, %h: index, %i: index, %j: index):
    %later = arith.constant 3 : index
    %end = arith.addi %i, %later : index
    %distance = arith.subi %end, %j : index
    %integer = arith.index_cast %distance : index to i64
    %number = arith.sitofp %integer : i64 to f32
    %slope = tensor.extract %slopes[%h] : tensor<3xf32>
    %penalty = arith.mulf %slope, %number : f32
    %y = arith.subf %s, %penalty : f32
    graph.yield %y : f32
  }
      : (tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>>,
         tensor<?x3x?x8xf32, #graph.dims<batch, _, keys, _>>,
         tensor<?x3x?x8xf32, #graph.dims<batch, _, keys, _>>)
      -> tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>>
  return %o : tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>>
}

// Six query heads on three key heads.
// let notes = notes("attention")
// given q = notes["q_grouped"]
// given k = notes["k"]
// given v = notes["v"]
// expect o = notes["out_grouped"]
func.func @grouped(
    %q: tensor<?x6x?x8xf32, #graph.dims<batch, _, seq, _>>,
    %k: tensor<?x3x?x8xf32, #graph.dims<batch, _, keys, _>>,
    %v: tensor<?x3x?x8xf32, #graph.dims<batch, _, keys, _>>)
    -> tensor<?x6x?x8xf32, #graph.dims<batch, _, seq, _>> {
  %o = graph.attention %q, %k, %v scale(0.35355339059327379)
      : (tensor<?x6x?x8xf32, #graph.dims<batch, _, seq, _>>,
         tensor<?x3x?x8xf32, #graph.dims<batch, _, keys, _>>,
         tensor<?x3x?x8xf32, #graph.dims<batch, _, keys, _>>)
      -> tensor<?x6x?x8xf32, #graph.dims<batch, _, seq, _>>
  return %o : tensor<?x6x?x8xf32, #graph.dims<batch, _, seq, _>>
}

// Padding, and queries 0 and 1 see nothing: a bias hides all keys from them.
// let notes = notes("attention")
// given q = notes["q"]
// given k = notes["k"]
// given v = notes["v"]
// given lengths = notes["lengths"]
// given bias = np.where(np.arange(7) < 2, -inf, 0)[:, None]
// expect o = notes["out_mask_dead_rows"]
func.func @dead_rows(
    %q: tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>>,
    %k: tensor<?x3x?x8xf32, #graph.dims<batch, _, keys, _>>,
    %v: tensor<?x3x?x8xf32, #graph.dims<batch, _, keys, _>>,
    %lengths: tensor<?xi64, #graph.dims<batch>>,
    %bias: tensor<?x1xf32, #graph.dims<seq, _>>)
    -> tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>> {
  %o = graph.attention %q, %k, %v scale(0.35355339059327379)
      mask(padding(%lengths)) bias(%bias)
      : (tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>>,
         tensor<?x3x?x8xf32, #graph.dims<batch, _, keys, _>>,
         tensor<?x3x?x8xf32, #graph.dims<batch, _, keys, _>>,
         tensor<?xi64, #graph.dims<batch>>,
         tensor<?x1xf32, #graph.dims<seq, _>>)
      -> tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>>
  return %o : tensor<?x3x?x8xf32, #graph.dims<batch, _, seq, _>>
}

// The notes have weights for each head, the op has one for all.
// let notes = notes("attention")
// given q = notes["q"][:, 0:1]
// given k = notes["k"][:, 0:1]
// given v = notes["v"][:, 0:1]
// given w = notes["w_general"][0]
// expect o = notes["out_general"][:, 0:1]
func.func @general_head0(
    %q: tensor<?x1x?x8xf32, #graph.dims<batch, _, seq, _>>,
    %k: tensor<?x1x?x8xf32, #graph.dims<batch, _, keys, _>>,
    %v: tensor<?x1x?x8xf32, #graph.dims<batch, _, keys, _>>,
    %w: tensor<8x8xf32>)
    -> tensor<?x1x?x8xf32, #graph.dims<batch, _, seq, _>> {
  %o = graph.attention %q, %k, %v similarity(general) with(%w)
      : (tensor<?x1x?x8xf32, #graph.dims<batch, _, seq, _>>,
         tensor<?x1x?x8xf32, #graph.dims<batch, _, keys, _>>,
         tensor<?x1x?x8xf32, #graph.dims<batch, _, keys, _>>,
         tensor<8x8xf32>)
      -> tensor<?x1x?x8xf32, #graph.dims<batch, _, seq, _>>
  return %o : tensor<?x1x?x8xf32, #graph.dims<batch, _, seq, _>>
}

// let notes = notes("attention")
// given q = notes["q"][:, 2:3]
// given k = notes["k"][:, 2:3]
// given v = notes["v"][:, 2:3]
// given w = notes["w_general"][2]
// expect o = notes["out_general"][:, 2:3]
func.func @general_head2(
    %q: tensor<?x1x?x8xf32, #graph.dims<batch, _, seq, _>>,
    %k: tensor<?x1x?x8xf32, #graph.dims<batch, _, keys, _>>,
    %v: tensor<?x1x?x8xf32, #graph.dims<batch, _, keys, _>>,
    %w: tensor<8x8xf32>)
    -> tensor<?x1x?x8xf32, #graph.dims<batch, _, seq, _>> {
  %o = graph.attention %q, %k, %v similarity(general) with(%w)
      : (tensor<?x1x?x8xf32, #graph.dims<batch, _, seq, _>>,
         tensor<?x1x?x8xf32, #graph.dims<batch, _, keys, _>>,
         tensor<?x1x?x8xf32, #graph.dims<batch, _, keys, _>>,
         tensor<8x8xf32>)
      -> tensor<?x1x?x8xf32, #graph.dims<batch, _, seq, _>>
  return %o : tensor<?x1x?x8xf32, #graph.dims<batch, _, seq, _>>
}

// The notes have weights for each head, the op has one for all.
// let notes = notes("attention")
// given q = notes["q"][:, 0:1]
// given k = notes["k"][:, 0:1]
// given v = notes["v"][:, 0:1]
// given wq = notes["additive_wq"][0]
// given wk = notes["additive_wk"][0]
// given va = notes["additive_v"][0]
// expect o = notes["out_additive"][:, 0:1]
func.func @additive_head0(
    %q: tensor<?x1x?x8xf32, #graph.dims<batch, _, seq, _>>,
    %k: tensor<?x1x?x8xf32, #graph.dims<batch, _, keys, _>>,
    %v: tensor<?x1x?x8xf32, #graph.dims<batch, _, keys, _>>,
    %wq: tensor<8x5xf32>,
    %wk: tensor<8x5xf32>,
    %va: tensor<5xf32>)
    -> tensor<?x1x?x8xf32, #graph.dims<batch, _, seq, _>> {
  %o = graph.attention %q, %k, %v similarity(additive) with(%wq, %wk, %va)
      : (tensor<?x1x?x8xf32, #graph.dims<batch, _, seq, _>>,
         tensor<?x1x?x8xf32, #graph.dims<batch, _, keys, _>>,
         tensor<?x1x?x8xf32, #graph.dims<batch, _, keys, _>>,
         tensor<8x5xf32>,
         tensor<8x5xf32>,
         tensor<5xf32>)
      -> tensor<?x1x?x8xf32, #graph.dims<batch, _, seq, _>>
  return %o : tensor<?x1x?x8xf32, #graph.dims<batch, _, seq, _>>
}

// let notes = notes("attention")
// given q = notes["q"][:, 2:3]
// given k = notes["k"][:, 2:3]
// given v = notes["v"][:, 2:3]
// given wq = notes["additive_wq"][2]
// given wk = notes["additive_wk"][2]
// given va = notes["additive_v"][2]
// expect o = notes["out_additive"][:, 2:3]
func.func @additive_head2(
    %q: tensor<?x1x?x8xf32, #graph.dims<batch, _, seq, _>>,
    %k: tensor<?x1x?x8xf32, #graph.dims<batch, _, keys, _>>,
    %v: tensor<?x1x?x8xf32, #graph.dims<batch, _, keys, _>>,
    %wq: tensor<8x5xf32>,
    %wk: tensor<8x5xf32>,
    %va: tensor<5xf32>)
    -> tensor<?x1x?x8xf32, #graph.dims<batch, _, seq, _>> {
  %o = graph.attention %q, %k, %v similarity(additive) with(%wq, %wk, %va)
      : (tensor<?x1x?x8xf32, #graph.dims<batch, _, seq, _>>,
         tensor<?x1x?x8xf32, #graph.dims<batch, _, keys, _>>,
         tensor<?x1x?x8xf32, #graph.dims<batch, _, keys, _>>,
         tensor<8x5xf32>,
         tensor<8x5xf32>,
         tensor<5xf32>)
      -> tensor<?x1x?x8xf32, #graph.dims<batch, _, seq, _>>
  return %o : tensor<?x1x?x8xf32, #graph.dims<batch, _, seq, _>>
}
