// RUN: sylvite-opt %s -split-input-file -verify-diagnostics

// ATTENTION-1
func.func @rank(%x: tensor<2x8x32xf32>) {
  // expected-error @+1 {{query, key, value and result must have rank 4 and one element type, not 'tensor<2x8x32xf32>'}}
  %0 = graph.attention %x, %x, %x
      : (tensor<2x8x32xf32>, tensor<2x8x32xf32>, tensor<2x8x32xf32>)
      -> tensor<2x8x32xf32>
  return
}

// -----

// ATTENTION-1
func.func @element_types(%x: tensor<2x4x8x32xf32>, %v: tensor<2x4x8x32xf16>) {
  // expected-error @+1 {{query, key, value and result must have rank 4 and one element type, not 'tensor<2x4x8x32xf16>'}}
  %0 = graph.attention %x, %x, %v
      : (tensor<2x4x8x32xf32>, tensor<2x4x8x32xf32>, tensor<2x4x8x32xf16>)
      -> tensor<2x4x8x32xf32>
  return
}

// -----

// ATTENTION-1
func.func @bias_type(%x: tensor<2x4x8x32xf32>, %b: tensor<8x8xf16>) {
  // expected-error @+1 {{gives elements of type 'f32', but takes 'tensor<8x8xf16>'}}
  %0 = graph.attention %x, %x, %x bias(%b)
      : (tensor<2x4x8x32xf32>, tensor<2x4x8x32xf32>, tensor<2x4x8x32xf32>,
         tensor<8x8xf16>) -> tensor<2x4x8x32xf32>
  return
}

// -----

// ATTENTION-2
func.func @batches(%q: tensor<2x4x8x32xf32>, %k: tensor<1x4x8x32xf32>) {
  // expected-error @+1 {{batches differ: [2, 4, 8, 32], [1, 4, 8, 32], [1, 4, 8, 32]}}
  %0 = graph.attention %q, %k, %k
      : (tensor<2x4x8x32xf32>, tensor<1x4x8x32xf32>, tensor<1x4x8x32xf32>)
      -> tensor<2x4x8x32xf32>
  return
}

// -----

// ATTENTION-2
func.func @key_and_value(%q: tensor<2x4x8x32xf32>, %v: tensor<2x4x9x32xf32>) {
  // expected-error @+1 {{key and value differ in sequence or heads: [2, 4, 8, 32] and [2, 4, 9, 32]}}
  %0 = graph.attention %q, %q, %v
      : (tensor<2x4x8x32xf32>, tensor<2x4x8x32xf32>, tensor<2x4x9x32xf32>)
      -> tensor<2x4x8x32xf32>
  return
}

// -----

// ATTENTION-2
func.func @features(%q: tensor<2x4x8x32xf32>, %k: tensor<2x4x8x16xf32>) {
  // expected-error @+1 {{query and key differ in features: [2, 4, 8, 32] and [2, 4, 8, 16]}}
  %0 = graph.attention %q, %k, %k
      : (tensor<2x4x8x32xf32>, tensor<2x4x8x16xf32>, tensor<2x4x8x16xf32>)
      -> tensor<2x4x8x16xf32>
  return
}

// -----

// ATTENTION-3
func.func @heads(%q: tensor<2x4x8x32xf32>, %k: tensor<2x3x8x32xf32>) {
  // expected-error @+1 {{query heads must be a static multiple of key heads: [4] and [3]}}
  %0 = graph.attention %q, %k, %k
      : (tensor<2x4x8x32xf32>, tensor<2x3x8x32xf32>, tensor<2x3x8x32xf32>)
      -> tensor<2x4x8x32xf32>
  return
}

// -----

// ATTENTION-3: the layout says where the heads stand.
func.func @dynamic_heads(%x: tensor<2x4x?x32xf32, #graph.dims<_, _, seq, _>>) {
  // expected-error @+1 {{query heads must be a static multiple of key heads: [seq] and [seq]}}
  %0 = graph.attention %x, %x, %x layout(bshd)
      : (tensor<2x4x?x32xf32, #graph.dims<_, _, seq, _>>,
         tensor<2x4x?x32xf32, #graph.dims<_, _, seq, _>>,
         tensor<2x4x?x32xf32, #graph.dims<_, _, seq, _>>)
      -> tensor<2x4x?x32xf32, #graph.dims<_, _, seq, _>>
  return
}

// -----

// ATTENTION-3
func.func @no_heads(%q: tensor<2x4x8x32xf32>, %k: tensor<2x0x8x32xf32>) {
  // expected-error @+1 {{query heads must be a static multiple of key heads: [4] and [0]}}
  %0 = graph.attention %q, %k, %k
      : (tensor<2x4x8x32xf32>, tensor<2x0x8x32xf32>, tensor<2x0x8x32xf32>)
      -> tensor<2x4x8x32xf32>
  return
}

// -----

// ATTENTION-4
func.func @result(%q: tensor<2x4x8x32xf32>, %v: tensor<2x4x8x16xf32>) {
  // expected-error @+1 {{result must be [2, 4, 8, 16], not [2, 4, 8, 32]}}
  %0 = graph.attention %q, %q, %v
      : (tensor<2x4x8x32xf32>, tensor<2x4x8x32xf32>, tensor<2x4x8x16xf32>)
      -> tensor<2x4x8x32xf32>
  return
}

// -----

// ATTENTION-5
func.func @mask_shape(%x: tensor<2x4x8x32xf32>, %m: tensor<8x2xi64>) {
  // expected-error @+1 {{mask 'keep' takes a tensor [2, 8], not [8, 2]}}
  %0 = graph.attention %x, %x, %x mask(keep(%m))
      : (tensor<2x4x8x32xf32>, tensor<2x4x8x32xf32>, tensor<2x4x8x32xf32>,
         tensor<8x2xi64>) -> tensor<2x4x8x32xf32>
  return
}

// -----

// ATTENTION-5
func.func @padding_shape(%x: tensor<2x4x8x32xf32>, %l: tensor<2x8xi64>) {
  // expected-error @+1 {{mask 'padding' takes a tensor [2], not [2, 8]}}
  %0 = graph.attention %x, %x, %x mask(causal and padding(%l))
      : (tensor<2x4x8x32xf32>, tensor<2x4x8x32xf32>, tensor<2x4x8x32xf32>,
         tensor<2x8xi64>) -> tensor<2x4x8x32xf32>
  return
}

// -----

// ATTENTION-5
func.func @mask_type(%x: tensor<2x4x8x32xf32>, %m: tensor<2x8xf32>) {
  // expected-error @+1 {{operand #3 must be variadic of ranked tensor of}}
  %0 = graph.attention %x, %x, %x mask(keep(%m))
      : (tensor<2x4x8x32xf32>, tensor<2x4x8x32xf32>, tensor<2x4x8x32xf32>,
         tensor<2x8xf32>) -> tensor<2x4x8x32xf32>
  return
}

// -----

// ATTENTION-5: as generic IR can say it.
func.func @mask_index(%x: tensor<2x4x8x32xf32>, %m: tensor<2x8xi64>) {
  // expected-error @+1 {{mask names operand 1, expected the next one, 0 of 1}}
  %0 = "graph.attention"(%x, %x, %x, %m) <{
      mask = #graph.mask<keep(1)>,
      operandSegmentSizes = array<i32: 1, 1, 1, 0, 1, 0>}> ({})
      : (tensor<2x4x8x32xf32>, tensor<2x4x8x32xf32>, tensor<2x4x8x32xf32>,
         tensor<2x8xi64>) -> tensor<2x4x8x32xf32>
  return
}

// -----

// ATTENTION-5
func.func @mask_operand_twice(%x: tensor<2x4x8x32xf32>, %m: tensor<2x8xi64>) {
  // expected-error @+1 {{mask names operand 0, expected the next one, 1 of 1}}
  %0 = "graph.attention"(%x, %x, %x, %m) <{
      mask = #graph.mask<keep(0) or document(0)>,
      operandSegmentSizes = array<i32: 1, 1, 1, 0, 1, 0>}> ({})
      : (tensor<2x4x8x32xf32>, tensor<2x4x8x32xf32>, tensor<2x4x8x32xf32>,
         tensor<2x8xi64>) -> tensor<2x4x8x32xf32>
  return
}

// -----

// ATTENTION-5
func.func @mask_operand_unused(%x: tensor<2x4x8x32xf32>, %m: tensor<2x8xi64>) {
  // expected-error @+1 {{has 1 mask operands, but the mask names 0}}
  %0 = "graph.attention"(%x, %x, %x, %m) <{
      mask = #graph.mask<causal>,
      operandSegmentSizes = array<i32: 1, 1, 1, 0, 1, 0>}> ({})
      : (tensor<2x4x8x32xf32>, tensor<2x4x8x32xf32>, tensor<2x4x8x32xf32>,
         tensor<2x8xi64>) -> tensor<2x4x8x32xf32>
  return
}

// -----

// ATTENTION-6
func.func @bias(%x: tensor<2x4x8x32xf32>, %b: tensor<2x3x8x8xf32>) {
  // expected-error @+1 {{bias [2, 3, 8, 8] does not broadcast to [2, 4, 8, 8]}}
  %0 = graph.attention %x, %x, %x bias(%b)
      : (tensor<2x4x8x32xf32>, tensor<2x4x8x32xf32>, tensor<2x4x8x32xf32>,
         tensor<2x3x8x8xf32>) -> tensor<2x4x8x32xf32>
  return
}

// -----

// ATTENTION-6: the bias may not be larger than the scores.
func.func @bias_rank(%x: tensor<2x1x8x32xf32>, %b: tensor<5x2x4x8x8xf32>) {
  // expected-error @+1 {{bias [5, 2, 4, 8, 8] does not broadcast to [2, 1, 8, 8]}}
  %0 = graph.attention %x, %x, %x bias(%b)
      : (tensor<2x1x8x32xf32>, tensor<2x1x8x32xf32>, tensor<2x1x8x32xf32>,
         tensor<5x2x4x8x8xf32>) -> tensor<2x1x8x32xf32>
  return
}

// -----

// ATTENTION-7
func.func @dot_operand(%x: tensor<2x4x8x32xf32>, %w: tensor<32x32xf32>) {
  // expected-error @+1 {{similarity 'dot' does not have the operands it needs}}
  %0 = graph.attention %x, %x, %x with(%w)
      : (tensor<2x4x8x32xf32>, tensor<2x4x8x32xf32>, tensor<2x4x8x32xf32>,
         tensor<32x32xf32>) -> tensor<2x4x8x32xf32>
  return
}

// -----

// ATTENTION-7
func.func @general_without_matrix(%x: tensor<2x4x8x32xf32>) {
  // expected-error @+1 {{similarity 'general' does not have the operands it needs}}
  %0 = graph.attention %x, %x, %x similarity(general)
      : (tensor<2x4x8x32xf32>, tensor<2x4x8x32xf32>, tensor<2x4x8x32xf32>)
      -> tensor<2x4x8x32xf32>
  return
}

// -----

// ATTENTION-7
func.func @additive_hidden(%x: tensor<2x4x8x32xf32>, %wq: tensor<32x16xf32>,
                           %wk: tensor<32x8xf32>, %v: tensor<16xf32>) {
  // expected-error @+1 {{similarity 'additive' does not have the operands it needs}}
  %0 = graph.attention %x, %x, %x similarity(additive) with(%wq, %wk, %v)
      : (tensor<2x4x8x32xf32>, tensor<2x4x8x32xf32>, tensor<2x4x8x32xf32>,
         tensor<32x16xf32>, tensor<32x8xf32>, tensor<16xf32>)
      -> tensor<2x4x8x32xf32>
  return
}

// -----

// ATTENTION-8
func.func @score_arguments(%x: tensor<2x4x8x32xf32>) {
  // expected-error @+1 {{score must take ('f32', index, index, index, index) and yield 'f32'}}
  %0 = graph.attention %x, %x, %x score {
  ^bb0(%s: f32, %b: index, %h: index, %i: index):
    graph.yield %s : f32
  } : (tensor<2x4x8x32xf32>, tensor<2x4x8x32xf32>, tensor<2x4x8x32xf32>)
    -> tensor<2x4x8x32xf32>
  return
}

// -----

// ATTENTION-8
func.func @score_yield(%x: tensor<2x4x8x32xf32>) {
  // expected-error @+1 {{score must take ('f32', index, index, index, index) and yield 'f32'}}
  %0 = graph.attention %x, %x, %x score {
  ^bb0(%s: f32, %b: index, %h: index, %i: index, %j: index):
    graph.yield %i : index
  } : (tensor<2x4x8x32xf32>, tensor<2x4x8x32xf32>, tensor<2x4x8x32xf32>)
    -> tensor<2x4x8x32xf32>
  return
}

// -----

// ATTENTION-8: a region that ends with nothing.
func.func @score_empty(%x: tensor<2x4x8x32xf32>) {
  // expected-error @+1 {{score must take ('f32', index, index, index, index) and yield 'f32'}}
  %0 = graph.attention %x, %x, %x score {
  ^bb0(%s: f32, %b: index, %h: index, %i: index, %j: index):
  } : (tensor<2x4x8x32xf32>, tensor<2x4x8x32xf32>, tensor<2x4x8x32xf32>)
    -> tensor<2x4x8x32xf32>
  return
}

// -----

// ATTENTION-9
func.func @weights(%x: tensor<2x8x4x32xf32>) {
  // expected-error @+1 {{weights must be [2, 4, 8, 8] of 'f32', not 'tensor<2x8x4x8xf32>'}}
  %0:2 = graph.attention %x, %x, %x layout(bshd)
    : (tensor<2x8x4x32xf32>, tensor<2x8x4x32xf32>, tensor<2x8x4x32xf32>)
    -> (tensor<2x8x4x32xf32>, tensor<2x8x4x8xf32>)
  return
}

// -----

// ATTENTION-10
func.func @product_type(%x: tensor<2x8x4x32xf32>) {
  // expected-error @+1 {{products of 'f16' are not possible with operands of 'f32'}}
  %0 = graph.attention %x, %x, %x product(f16)
    : (tensor<2x8x4x32xf32>, tensor<2x8x4x32xf32>, tensor<2x8x4x32xf32>)
    -> tensor<2x8x4x32xf32>
  return
}

// -----

// ATTENTION-10
func.func @product_operands(%x: tensor<2x8x4x32xf64>) {
  // expected-error @+1 {{products of 'bf16' are not possible with operands of 'f64'}}
  %0 = graph.attention %x, %x, %x product(bf16)
    : (tensor<2x8x4x32xf64>, tensor<2x8x4x32xf64>, tensor<2x8x4x32xf64>)
    -> tensor<2x8x4x32xf64>
  return
}

// -----

func.func @stray_yield(%x: f32) {
  // expected-error @+1 {{expects parent op to be one of 'graph.attention, graph.derived_weight, graph.positional_encoding'}}
  graph.yield %x : f32
}
