// RUN: sylvite-opt --sylvite-fuse-pool --verify-fusion %s | FileCheck %s
// RUN: sylvite-opt --sylvite-fuse-pool --remarks-filter=sylvite-fusion %s 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK

// CHECK-LABEL: func.func @used_before_normalisation(
//       CHECK:   %[[P:.+]] = graph.pool mean
//  CHECK-NEXT:   %[[Y:.+]] = graph.l2_normalize %[[P]]
//  CHECK-NEXT:   return %[[P]], %[[Y]]
// REMARK: remark: [Missed] pool | Category:sylvite-fusion | Function=used_before_normalisation | Other={{.*}}, Reason="the vector before it has a second user"
func.func @used_before_normalisation(%x: tensor<?x?x8xf32, #graph.dims<batch, seq, _>>) -> (tensor<?x8xf32, #graph.dims<batch, _>>, tensor<?x8xf32, #graph.dims<batch, _>>) {
  %q = graph.reduce mean %x axes [1] : (tensor<?x?x8xf32, #graph.dims<batch, seq, _>>) -> tensor<?x8xf32, #graph.dims<batch, _>>
  %y = graph.l2_normalize %q axis(1) : tensor<?x8xf32, #graph.dims<batch, _>>
  return %q, %y : tensor<?x8xf32, #graph.dims<batch, _>>, tensor<?x8xf32, #graph.dims<batch, _>>
}

// The mask might weigh.
// CHECK-LABEL: func.func @mask_of_any_numbers(
//   CHECK-NOT:   graph.pool
//       CHECK:   return
// REMARK: remark: [Missed] pool | Category:sylvite-fusion | Function=mask_of_any_numbers | Reason="the mask may hold other numbers than 0 and 1", Suggestion="compare it with 0, or give the input graph.range = [0, 2]"
// REMARK: remark: [Missed] pool | Category:sylvite-fusion | Function=calculated_weights | Other={{.*}}, Reason="the mask may hold other numbers than 0 and 1"
func.func @mask_of_any_numbers(%x: tensor<?x?x8xf32, #graph.dims<batch, seq, _>>, %m: tensor<?x?xi64, #graph.dims<batch, seq>> {graph.range = [0, 3]}) -> tensor<?x8xf32, #graph.dims<batch, _>> {
  %eps = graph.constant dense<1.0e-9> : tensor<f32>
  %k = graph.reshape %m : tensor<?x?xi64, #graph.dims<batch, seq>> to tensor<?x?x1xi64, #graph.dims<batch, seq, _>>
  %w = graph.cast %k : tensor<?x?x1xi64, #graph.dims<batch, seq, _>> to tensor<?x?x1xf32, #graph.dims<batch, seq, _>>
  %p = graph.mul %w, %x : (tensor<?x?x1xf32, #graph.dims<batch, seq, _>>, tensor<?x?x8xf32, #graph.dims<batch, seq, _>>) -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
  %s = graph.reduce sum %p axes [1] : (tensor<?x?x8xf32, #graph.dims<batch, seq, _>>) -> tensor<?x8xf32, #graph.dims<batch, _>>
  %n = graph.reduce sum %w axes [1] : (tensor<?x?x1xf32, #graph.dims<batch, seq, _>>) -> tensor<?x1xf32, #graph.dims<batch, _>>
  %d = graph.maximum %n, %eps : (tensor<?x1xf32, #graph.dims<batch, _>>, tensor<f32>) -> tensor<?x1xf32, #graph.dims<batch, _>>
  %q = graph.div %s, %d : (tensor<?x8xf32, #graph.dims<batch, _>>, tensor<?x1xf32, #graph.dims<batch, _>>) -> tensor<?x8xf32, #graph.dims<batch, _>>
  return %q : tensor<?x8xf32, #graph.dims<batch, _>>
}

// CHECK-LABEL: func.func @calculated_weights(
//   CHECK-NOT:   graph.pool
//       CHECK:   return
func.func @calculated_weights(%x: tensor<?x?x8xf32, #graph.dims<batch, seq, _>>, %i: tensor<?x?xi64, #graph.dims<batch, seq>>) -> tensor<?x8xf32, #graph.dims<batch, _>> {
  %m = graph.cumsum %i axis(1) : tensor<?x?xi64, #graph.dims<batch, seq>>
  %eps = graph.constant dense<1.0e-9> : tensor<f32>
  %k = graph.reshape %m : tensor<?x?xi64, #graph.dims<batch, seq>> to tensor<?x?x1xi64, #graph.dims<batch, seq, _>>
  %w = graph.cast %k : tensor<?x?x1xi64, #graph.dims<batch, seq, _>> to tensor<?x?x1xf32, #graph.dims<batch, seq, _>>
  %p = graph.mul %w, %x : (tensor<?x?x1xf32, #graph.dims<batch, seq, _>>, tensor<?x?x8xf32, #graph.dims<batch, seq, _>>) -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
  %s = graph.reduce sum %p axes [1] : (tensor<?x?x8xf32, #graph.dims<batch, seq, _>>) -> tensor<?x8xf32, #graph.dims<batch, _>>
  %n = graph.reduce sum %w axes [1] : (tensor<?x?x1xf32, #graph.dims<batch, seq, _>>) -> tensor<?x1xf32, #graph.dims<batch, _>>
  %d = graph.maximum %n, %eps : (tensor<?x1xf32, #graph.dims<batch, _>>, tensor<f32>) -> tensor<?x1xf32, #graph.dims<batch, _>>
  %q = graph.div %s, %d : (tensor<?x8xf32, #graph.dims<batch, _>>, tensor<?x1xf32, #graph.dims<batch, _>>) -> tensor<?x8xf32, #graph.dims<batch, _>>
  return %q : tensor<?x8xf32, #graph.dims<batch, _>>
}

// CHECK-LABEL: func.func @float_weights(
//   CHECK-NOT:   graph.pool
//       CHECK:   return
// REMARK: remark: [Missed] pool | Category:sylvite-fusion | Function=float_weights | Reason="the weights are made of no mask [batch, sequence]", Suggestion="compare an integer mask with 0"
func.func @float_weights(%x: tensor<?x?x8xf32, #graph.dims<batch, seq, _>>, %w: tensor<?x?x1xf32, #graph.dims<batch, seq, _>>) -> tensor<?x8xf32, #graph.dims<batch, _>> {
  %eps = graph.constant dense<1.0e-9> : tensor<f32>
  %p = graph.mul %x, %w : (tensor<?x?x8xf32, #graph.dims<batch, seq, _>>, tensor<?x?x1xf32, #graph.dims<batch, seq, _>>) -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
  %s = graph.reduce sum %p axes [1] : (tensor<?x?x8xf32, #graph.dims<batch, seq, _>>) -> tensor<?x8xf32, #graph.dims<batch, _>>
  %n = graph.reduce sum %w axes [1] : (tensor<?x?x1xf32, #graph.dims<batch, seq, _>>) -> tensor<?x1xf32, #graph.dims<batch, _>>
  %d = graph.maximum %n, %eps : (tensor<?x1xf32, #graph.dims<batch, _>>, tensor<f32>) -> tensor<?x1xf32, #graph.dims<batch, _>>
  %q = graph.div %s, %d : (tensor<?x8xf32, #graph.dims<batch, _>>, tensor<?x1xf32, #graph.dims<batch, _>>) -> tensor<?x8xf32, #graph.dims<batch, _>>
  return %q : tensor<?x8xf32, #graph.dims<batch, _>>
}

// NaN where nothing is kept.
// CHECK-LABEL: func.func @no_bound(
//   CHECK-NOT:   graph.pool
//       CHECK:   return
// REMARK: remark: [Missed] pool | Category:sylvite-fusion | Function=no_bound | Other={{.*}}, Reason="a sentence without positions is divided by zero", Suggestion="bound the number from below: max(n, 1)"
func.func @no_bound(%x: tensor<?x?x8xf32, #graph.dims<batch, seq, _>>, %m: tensor<?x?xi1, #graph.dims<batch, seq>>) -> tensor<?x8xf32, #graph.dims<batch, _>> {
  %k = graph.reshape %m : tensor<?x?xi1, #graph.dims<batch, seq>> to tensor<?x?x1xi1, #graph.dims<batch, seq, _>>
  %w = graph.cast %k : tensor<?x?x1xi1, #graph.dims<batch, seq, _>> to tensor<?x?x1xf32, #graph.dims<batch, seq, _>>
  %p = graph.mul %x, %w : (tensor<?x?x8xf32, #graph.dims<batch, seq, _>>, tensor<?x?x1xf32, #graph.dims<batch, seq, _>>) -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
  %s = graph.reduce sum %p axes [1] : (tensor<?x?x8xf32, #graph.dims<batch, seq, _>>) -> tensor<?x8xf32, #graph.dims<batch, _>>
  %n = graph.reduce sum %w axes [1] : (tensor<?x?x1xf32, #graph.dims<batch, seq, _>>) -> tensor<?x1xf32, #graph.dims<batch, _>>
  %q = graph.div %s, %n : (tensor<?x8xf32, #graph.dims<batch, _>>, tensor<?x1xf32, #graph.dims<batch, _>>) -> tensor<?x8xf32, #graph.dims<batch, _>>
  return %q : tensor<?x8xf32, #graph.dims<batch, _>>
}

// CHECK-LABEL: func.func @large_bound(
//   CHECK-NOT:   graph.pool
//       CHECK:   return
// REMARK: remark: [Missed] pool | Category:sylvite-fusion | Function=large_bound | Other={{.*}}, Reason="eps = 2 changes numbers of positions"
func.func @large_bound(%x: tensor<?x?x8xf32, #graph.dims<batch, seq, _>>, %m: tensor<?x?xi1, #graph.dims<batch, seq>>) -> tensor<?x8xf32, #graph.dims<batch, _>> {
  %eps = graph.constant dense<2.0> : tensor<f32>
  %k = graph.reshape %m : tensor<?x?xi1, #graph.dims<batch, seq>> to tensor<?x?x1xi1, #graph.dims<batch, seq, _>>
  %w = graph.cast %k : tensor<?x?x1xi1, #graph.dims<batch, seq, _>> to tensor<?x?x1xf32, #graph.dims<batch, seq, _>>
  %p = graph.mul %x, %w : (tensor<?x?x8xf32, #graph.dims<batch, seq, _>>, tensor<?x?x1xf32, #graph.dims<batch, seq, _>>) -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
  %s = graph.reduce sum %p axes [1] : (tensor<?x?x8xf32, #graph.dims<batch, seq, _>>) -> tensor<?x8xf32, #graph.dims<batch, _>>
  %n = graph.reduce sum %w axes [1] : (tensor<?x?x1xf32, #graph.dims<batch, seq, _>>) -> tensor<?x1xf32, #graph.dims<batch, _>>
  %d = graph.maximum %n, %eps : (tensor<?x1xf32, #graph.dims<batch, _>>, tensor<f32>) -> tensor<?x1xf32, #graph.dims<batch, _>>
  %q = graph.div %s, %d : (tensor<?x8xf32, #graph.dims<batch, _>>, tensor<?x1xf32, #graph.dims<batch, _>>) -> tensor<?x8xf32, #graph.dims<batch, _>>
  return %q : tensor<?x8xf32, #graph.dims<batch, _>>
}

// CHECK-LABEL: func.func @large_summand(
//   CHECK-NOT:   graph.pool
//       CHECK:   return
// REMARK: remark: [Missed] pool | Category:sylvite-fusion | Function=large_summand | Other={{.*}}, Reason="eps = 0.001 changes numbers of positions"
func.func @large_summand(%x: tensor<?x?x8xf32, #graph.dims<batch, seq, _>>, %m: tensor<?x?xi1, #graph.dims<batch, seq>>) -> tensor<?x8xf32, #graph.dims<batch, _>> {
  %eps = graph.constant dense<1.0e-3> : tensor<f32>
  %k = graph.reshape %m : tensor<?x?xi1, #graph.dims<batch, seq>> to tensor<?x?x1xi1, #graph.dims<batch, seq, _>>
  %w = graph.cast %k : tensor<?x?x1xi1, #graph.dims<batch, seq, _>> to tensor<?x?x1xf32, #graph.dims<batch, seq, _>>
  %p = graph.mul %x, %w : (tensor<?x?x8xf32, #graph.dims<batch, seq, _>>, tensor<?x?x1xf32, #graph.dims<batch, seq, _>>) -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
  %s = graph.reduce sum %p axes [1] : (tensor<?x?x8xf32, #graph.dims<batch, seq, _>>) -> tensor<?x8xf32, #graph.dims<batch, _>>
  %n = graph.reduce sum %w axes [1] : (tensor<?x?x1xf32, #graph.dims<batch, seq, _>>) -> tensor<?x1xf32, #graph.dims<batch, _>>
  %d = graph.add %n, %eps : (tensor<?x1xf32, #graph.dims<batch, _>>, tensor<f32>) -> tensor<?x1xf32, #graph.dims<batch, _>>
  %q = graph.div %s, %d : (tensor<?x8xf32, #graph.dims<batch, _>>, tensor<?x1xf32, #graph.dims<batch, _>>) -> tensor<?x8xf32, #graph.dims<batch, _>>
  return %q : tensor<?x8xf32, #graph.dims<batch, _>>
}

// CHECK-LABEL: func.func @two_masks(
//   CHECK-NOT:   graph.pool
//       CHECK:   return
// REMARK: remark: [Missed] pool | Category:sylvite-fusion | Function=two_masks | Other={{.*}}, Reason="it is not divided by the number of positions in the mask", Suggestion="divide by the sum of the same mask"
func.func @two_masks(%x: tensor<?x?x8xf32, #graph.dims<batch, seq, _>>, %m: tensor<?x?xi1, #graph.dims<batch, seq>>, %o: tensor<?x?xi1, #graph.dims<batch, seq>>) -> tensor<?x8xf32, #graph.dims<batch, _>> {
  %eps = graph.constant dense<1.0> : tensor<f32>
  %k = graph.reshape %m : tensor<?x?xi1, #graph.dims<batch, seq>> to tensor<?x?x1xi1, #graph.dims<batch, seq, _>>
  %w = graph.cast %k : tensor<?x?x1xi1, #graph.dims<batch, seq, _>> to tensor<?x?x1xf32, #graph.dims<batch, seq, _>>
  %p = graph.mul %x, %w : (tensor<?x?x8xf32, #graph.dims<batch, seq, _>>, tensor<?x?x1xf32, #graph.dims<batch, seq, _>>) -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
  %s = graph.reduce sum %p axes [1] : (tensor<?x?x8xf32, #graph.dims<batch, seq, _>>) -> tensor<?x8xf32, #graph.dims<batch, _>>
  %ok = graph.reshape %o : tensor<?x?xi1, #graph.dims<batch, seq>> to tensor<?x?x1xi1, #graph.dims<batch, seq, _>>
  %ow = graph.cast %ok : tensor<?x?x1xi1, #graph.dims<batch, seq, _>> to tensor<?x?x1xf32, #graph.dims<batch, seq, _>>
  %n = graph.reduce sum %ow axes [1] : (tensor<?x?x1xf32, #graph.dims<batch, seq, _>>) -> tensor<?x1xf32, #graph.dims<batch, _>>
  %d = graph.maximum %n, %eps : (tensor<?x1xf32, #graph.dims<batch, _>>, tensor<f32>) -> tensor<?x1xf32, #graph.dims<batch, _>>
  %q = graph.div %s, %d : (tensor<?x8xf32, #graph.dims<batch, _>>, tensor<?x1xf32, #graph.dims<batch, _>>) -> tensor<?x8xf32, #graph.dims<batch, _>>
  return %q : tensor<?x8xf32, #graph.dims<batch, _>>
}

// CHECK-LABEL: func.func @finite_lowest(
//   CHECK-NOT:   graph.pool
//       CHECK:   return
// REMARK: remark: [Missed] pool | Category:sylvite-fusion | Function=finite_lowest | Other={{.*}}, Reason="what is not kept is not -inf", Suggestion="select -inf there"
func.func @finite_lowest(%x: tensor<?x?x8xf32, #graph.dims<batch, seq, _>>, %m: tensor<?x?xi1, #graph.dims<batch, seq>>) -> tensor<?x8xf32, #graph.dims<batch, _>> {
  %lowest = graph.constant dense<-1.0e9> : tensor<f32>
  %k = graph.reshape %m : tensor<?x?xi1, #graph.dims<batch, seq>> to tensor<?x?x1xi1, #graph.dims<batch, seq, _>>
  %v = graph.select %k, %x, %lowest : (tensor<?x?x1xi1, #graph.dims<batch, seq, _>>, tensor<?x?x8xf32, #graph.dims<batch, seq, _>>, tensor<f32>) -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
  %y = graph.reduce max %v axes [1] : (tensor<?x?x8xf32, #graph.dims<batch, seq, _>>) -> tensor<?x8xf32, #graph.dims<batch, _>>
  return %y : tensor<?x8xf32, #graph.dims<batch, _>>
}

// CHECK-LABEL: func.func @infinite_result(
//   CHECK-NOT:   graph.pool
//       CHECK:   return
// REMARK: remark: [Missed] pool | Category:sylvite-fusion | Function=infinite_result | Reason="a sentence without positions does not give zero", Suggestion="select zero where the number of positions is not above zero"
func.func @infinite_result(%x: tensor<?x?x8xf32, #graph.dims<batch, seq, _>>, %m: tensor<?x?xi1, #graph.dims<batch, seq>>) -> tensor<?x8xf32, #graph.dims<batch, _>> {
  %lowest = graph.constant dense<0xFF800000> : tensor<f32>
  %k = graph.reshape %m : tensor<?x?xi1, #graph.dims<batch, seq>> to tensor<?x?x1xi1, #graph.dims<batch, seq, _>>
  %v = graph.select %k, %x, %lowest : (tensor<?x?x1xi1, #graph.dims<batch, seq, _>>, tensor<?x?x8xf32, #graph.dims<batch, seq, _>>, tensor<f32>) -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
  %y = graph.reduce max %v axes [1] : (tensor<?x?x8xf32, #graph.dims<batch, seq, _>>) -> tensor<?x8xf32, #graph.dims<batch, _>>
  return %y : tensor<?x8xf32, #graph.dims<batch, _>>
}

// The number of a sentence's positions divides a feature, which are as many.
// CHECK-LABEL: func.func @number_at_features(
//   CHECK-NOT:   graph.pool
//       CHECK:   return
// REMARK: remark: [Missed] pool | Category:sylvite-fusion | Function=number_at_features | Reason="sum and number of positions are aligned otherwise"
func.func @number_at_features(%x: tensor<8x3x8xf32>, %m: tensor<8x3xi1>) -> tensor<8x8xf32> {
  %one = graph.constant dense<1.0> : tensor<f32>
  %f = graph.cast %m : tensor<8x3xi1> to tensor<8x3xf32>
  %w = graph.reshape %f : tensor<8x3xf32> to tensor<8x3x1xf32>
  %p = graph.mul %x, %w : (tensor<8x3x8xf32>, tensor<8x3x1xf32>) -> tensor<8x3x8xf32>
  %s = graph.reduce sum %p axes [1] : (tensor<8x3x8xf32>) -> tensor<8x8xf32>
  %n = graph.reduce sum %f axes [1] : (tensor<8x3xf32>) -> tensor<8xf32>
  %d = graph.maximum %n, %one : (tensor<8xf32>, tensor<f32>) -> tensor<8xf32>
  %q = graph.div %s, %d : (tensor<8x8xf32>, tensor<8xf32>) -> tensor<8x8xf32>
  return %q : tensor<8x8xf32>
}

// As many sentences as positions and features: the mask stands at the latter.
// CHECK-LABEL: func.func @mask_at_features(
//   CHECK-NOT:   graph.pool
//       CHECK:   return
// REMARK: remark: [Missed] pool | Category:sylvite-fusion | Function=mask_at_features | Other={{.*}}, Reason="the weights are made of no mask [batch, sequence]"
func.func @mask_at_features(%x: tensor<4x4x4xf32>, %m: tensor<4x4xi1>) -> tensor<4x4xf32> {
  %one = graph.constant dense<1.0> : tensor<f32>
  %f = graph.cast %m : tensor<4x4xi1> to tensor<4x4xf32>
  %w = graph.reshape %f : tensor<4x4xf32> to tensor<4x1x4xf32>
  %p = graph.mul %x, %w : (tensor<4x4x4xf32>, tensor<4x1x4xf32>) -> tensor<4x4x4xf32>
  %s = graph.reduce sum %p axes [1] : (tensor<4x4x4xf32>) -> tensor<4x4xf32>
  %n = graph.reduce sum %f axes [1] keepdims : (tensor<4x4xf32>) -> tensor<4x1xf32>
  %d = graph.maximum %n, %one : (tensor<4x1xf32>, tensor<f32>) -> tensor<4x1xf32>
  %q = graph.div %s, %d : (tensor<4x4xf32>, tensor<4x1xf32>) -> tensor<4x4xf32>
  return %q : tensor<4x4xf32>
}

// The mask is repeated for every sentence.
// CHECK-LABEL: func.func @mask_of_rank_two(
//   CHECK-NOT:   graph.pool
//       CHECK:   return
func.func @mask_of_rank_two(%x: tensor<4x4x4xf32>, %m: tensor<4x4xi1>) -> tensor<4x4xf32> {
  %one = graph.constant dense<1.0> : tensor<f32>
  %f = graph.cast %m : tensor<4x4xi1> to tensor<4x4xf32>
  %p = graph.mul %x, %f : (tensor<4x4x4xf32>, tensor<4x4xf32>) -> tensor<4x4x4xf32>
  %s = graph.reduce sum %p axes [1] : (tensor<4x4x4xf32>) -> tensor<4x4xf32>
  %n = graph.reduce sum %f axes [1] keepdims : (tensor<4x4xf32>) -> tensor<4x1xf32>
  %d = graph.maximum %n, %one : (tensor<4x1xf32>, tensor<f32>) -> tensor<4x1xf32>
  %q = graph.div %s, %d : (tensor<4x4xf32>, tensor<4x1xf32>) -> tensor<4x4xf32>
  return %q : tensor<4x4xf32>
}

// The number of a sentence's positions is repeated for every sentence.
// CHECK-LABEL: func.func @number_repeated_otherwise(
//   CHECK-NOT:   graph.pool
//       CHECK:   return
func.func @number_repeated_otherwise(%x: tensor<4x3x4xf32>, %m: tensor<4x3xi1>) -> tensor<4x4xf32> {
  %one = graph.constant dense<1.0> : tensor<f32>
  %f = graph.cast %m : tensor<4x3xi1> to tensor<4x3xf32>
  %w = graph.reshape %f : tensor<4x3xf32> to tensor<4x3x1xf32>
  %p = graph.mul %x, %w : (tensor<4x3x4xf32>, tensor<4x3x1xf32>) -> tensor<4x3x4xf32>
  %s = graph.reduce sum %p axes [1] : (tensor<4x3x4xf32>) -> tensor<4x4xf32>
  %n = graph.reduce sum %f axes [1] : (tensor<4x3xf32>) -> tensor<4xf32>
  %e = graph.broadcast %n : tensor<4xf32> to tensor<4x4xf32>
  %d = graph.maximum %e, %one : (tensor<4x4xf32>, tensor<f32>) -> tensor<4x4xf32>
  %q = graph.div %s, %d : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
  return %q : tensor<4x4xf32>
}

// Neither a mean nor masked: products of vectors and sums over a sequence have
// other uses.
// CHECK-LABEL: func.func @kept_axis(
//   CHECK-NOT:   graph.pool
//       CHECK:   return
// REMARK-NOT: kept_axis
func.func @kept_axis(%x: tensor<?x?x8xf32, #graph.dims<batch, seq, _>>) -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>> {
  %a = graph.reduce mean %x axes [1] keepdims : (tensor<?x?x8xf32, #graph.dims<batch, seq, _>>) -> tensor<?x1x8xf32, #graph.dims<batch, _, _>>
  %y = graph.sub %x, %a : (tensor<?x?x8xf32, #graph.dims<batch, seq, _>>, tensor<?x1x8xf32, #graph.dims<batch, _, _>>) -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
  return %y : tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
}
