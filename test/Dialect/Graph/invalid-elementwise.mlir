// RUN: sylvite-opt %s -split-input-file -verify-diagnostics

// BROADCAST-1
func.func @element_types(%a: tensor<4xf32>, %b: tensor<4xf16>) {
  // expected-error @+2 {{operands' element types differ: 'f32' and 'f16'}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = graph.add %a, %b : (tensor<4xf32>, tensor<4xf16>) -> tensor<4xf32>
  return
}

// -----

// BROADCAST-1
func.func @select_element_types(%c: tensor<i1>, %a: tensor<4xf32>,
                                %b: tensor<4xi64>) {
  // expected-error @+2 {{operands' element types differ: 'f32' and 'i64'}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = graph.select %c, %a, %b
      : (tensor<i1>, tensor<4xf32>, tensor<4xi64>) -> tensor<4xf32>
  return
}

// -----

// BROADCAST-2
func.func @extents(%a: tensor<2x4xf32>, %b: tensor<3xf32>) {
  // expected-error @+2 {{shapes do not broadcast: [2, 4] and [3]}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = graph.mul %a, %b : (tensor<2x4xf32>, tensor<3xf32>) -> tensor<2x4xf32>
  return
}

// -----

// BROADCAST-2: two names are two extents.
func.func @names(%a: tensor<?xf32, #graph.dims<query>>,
                 %b: tensor<?xf32, #graph.dims<key>>) {
  // expected-error @+2 {{shapes do not broadcast: [query] and [key]}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = graph.sub %a, %b
      : (tensor<?xf32, #graph.dims<query>>, tensor<?xf32, #graph.dims<key>>)
      -> tensor<?xf32, #graph.dims<query>>
  return
}

// -----

// BROADCAST-2: a dimension without a name equals nothing, not even its like.
func.func @nameless(%a: tensor<?xf32>) {
  // expected-error @+2 {{shapes do not broadcast: [?] and [?]}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = graph.add %a, %a : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
  return
}

// -----

// BROADCAST-2: a name is no number.
func.func @name_and_number(%a: tensor<?xi1, #graph.dims<seq>>,
                           %b: tensor<4xi1>) {
  // expected-error @+2 {{shapes do not broadcast: [seq] and [4]}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = graph.and %a, %b
      : (tensor<?xi1, #graph.dims<seq>>, tensor<4xi1>)
      -> tensor<?xi1, #graph.dims<seq>>
  return
}

// -----

// BROADCAST-2: the condition of a choice broadcasts too.
func.func @condition(%c: tensor<3xi1>, %a: tensor<4xf32>) {
  // expected-error @+2 {{shapes do not broadcast: [3] and [4]}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = graph.select %c, %a, %a
      : (tensor<3xi1>, tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @wrong_result(%a: tensor<2x4xf32>, %b: tensor<4xf32>) {
  // expected-error @+2 {{'graph.add' op inferred type(s) 'tensor<2x4xf32>' are incompatible with return type(s) of operation 'tensor<4xf32>'}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = graph.add %a, %b : (tensor<2x4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

// A result that forgets the name of its dimension is another type.
func.func @forgotten_name(%a: tensor<?xf32, #graph.dims<seq>>) {
  // expected-error @+2 {{'graph.add' op inferred type(s) 'tensor<?xf32, #graph.dims<seq>>' are incompatible with return type(s) of operation 'tensor<?xf32>'}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = graph.add %a, %a
      : (tensor<?xf32, #graph.dims<seq>>, tensor<?xf32, #graph.dims<seq>>)
      -> tensor<?xf32>
  return
}

// -----

func.func @comparison_is_boolean(%a: tensor<4xf32>) {
  // expected-error @+1 {{result #0 must be ranked tensor of 1-bit signless integer values}}
  %0 = graph.compare lt %a, %a : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @unknown_predicate(%a: tensor<4xf32>) {
  // expected-error @+1 {{expected one of [eq, ne, lt, le, gt, ge] for comparison, got: less}}
  %0 = graph.compare less %a, %a : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xi1>
  return
}

// -----

func.func @exp_of_integers(%a: tensor<4xi64>) {
  // expected-error @+1 {{operand #0 must be ranked tensor of}}
  %0 = graph.exp %a : tensor<4xi64>
  return
}

// -----

func.func @cast_keeps_the_shape(%a: tensor<4xi64>) {
  // expected-error @+1 {{all non-scalar operands/results must have the same shape and base type}}
  %0 = graph.cast %a : tensor<4xi64> to tensor<5xf32>
  return
}

// -----

func.func @unranked(%a: tensor<*xf32>) {
  // expected-error @+1 {{operand #0 must be ranked tensor of}}
  %0 = graph.add %a, %a : (tensor<*xf32>, tensor<*xf32>) -> tensor<4xf32>
  return
}
