// RUN: sylvite-opt --sylvite-fuse-pool --verify-fusion %s | FileCheck %s
// RUN: sylvite-opt --sylvite-fuse-pool --remarks-filter=sylvite-fusion %s 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK

// CHECK-LABEL: func.func @masked_mean(
//  CHECK-SAME:     %[[X:[^:]+]]: tensor<?x?x8xf32, {{.*}}>, %[[M:[^:]+]]: tensor<?x?xi64
//  CHECK-NEXT:   %[[Y:.+]] = graph.pool mean %[[X]] mask(%[[M]]) normalize eps(1.250000e-01) : (
//  CHECK-NEXT:   return %[[Y]]
// REMARK: remark: [Passed] pool | Category:sylvite-fusion | Function=masked_mean | Remark="mean, mask, normalize"
func.func @masked_mean(%x: tensor<?x?x8xf32, #graph.dims<batch, seq, _>>, %m: tensor<?x?xi64, #graph.dims<batch, seq>>) -> tensor<?x8xf32, #graph.dims<batch, _>> {
  %zero = graph.constant dense<0> : tensor<i64>
  %eps = graph.constant dense<1.0e-9> : tensor<f32>
  %c = graph.compare ne %m, %zero : (tensor<?x?xi64, #graph.dims<batch, seq>>, tensor<i64>) -> tensor<?x?xi1, #graph.dims<batch, seq>>
  %k = graph.reshape %c : tensor<?x?xi1, #graph.dims<batch, seq>> to tensor<?x?x1xi1, #graph.dims<batch, seq, _>>
  %w = graph.cast %k : tensor<?x?x1xi1, #graph.dims<batch, seq, _>> to tensor<?x?x1xf32, #graph.dims<batch, seq, _>>
  %p = graph.mul %x, %w : (tensor<?x?x8xf32, #graph.dims<batch, seq, _>>, tensor<?x?x1xf32, #graph.dims<batch, seq, _>>) -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
  %s = graph.reduce sum %p axes [1] : (tensor<?x?x8xf32, #graph.dims<batch, seq, _>>) -> tensor<?x8xf32, #graph.dims<batch, _>>
  %n = graph.reduce sum %w axes [1] : (tensor<?x?x1xf32, #graph.dims<batch, seq, _>>) -> tensor<?x1xf32, #graph.dims<batch, _>>
  %d = graph.maximum %n, %eps : (tensor<?x1xf32, #graph.dims<batch, _>>, tensor<f32>) -> tensor<?x1xf32, #graph.dims<batch, _>>
  %q = graph.div %s, %d : (tensor<?x8xf32, #graph.dims<batch, _>>, tensor<?x1xf32, #graph.dims<batch, _>>) -> tensor<?x8xf32, #graph.dims<batch, _>>
  %y = graph.l2_normalize %q axis(1) {eps = 0.125 : f64} : tensor<?x8xf32, #graph.dims<batch, _>>
  return %y : tensor<?x8xf32, #graph.dims<batch, _>>
}

// As sentence-transformers writes it: the mask is cast and repeated for every
// feature. It is taken to be 0 or 1.
// CHECK-LABEL: func.func @mean_of_repeated_mask(
//  CHECK-SAME:     %[[X:[^:]+]]: tensor<?x?x8xf32, {{.*}}>, %[[M:[^:]+]]: tensor<?x?xi64
//  CHECK-NEXT:   %[[Y:.+]] = graph.pool mean %[[X]] mask(%[[M]]) : (
//  CHECK-NEXT:   return %[[Y]]
// REMARK: remark: [Passed] pool | Category:sylvite-fusion | Function=mean_of_repeated_mask | Remark="mean, mask"
func.func @mean_of_repeated_mask(%x: tensor<?x?x8xf32, #graph.dims<batch, seq, _>>, %m: tensor<?x?xi64, #graph.dims<batch, seq>>) -> tensor<?x8xf32, #graph.dims<batch, _>> {
  %eps = graph.constant dense<1.0e-9> : tensor<f32>
  %k = graph.reshape %m : tensor<?x?xi64, #graph.dims<batch, seq>> to tensor<?x?x1xi64, #graph.dims<batch, seq, _>>
  %f = graph.cast %k : tensor<?x?x1xi64, #graph.dims<batch, seq, _>> to tensor<?x?x1xf32, #graph.dims<batch, seq, _>>
  %w = graph.broadcast %f : tensor<?x?x1xf32, #graph.dims<batch, seq, _>> to tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
  %p = graph.mul %w, %x : (tensor<?x?x8xf32, #graph.dims<batch, seq, _>>, tensor<?x?x8xf32, #graph.dims<batch, seq, _>>) -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
  %s = graph.reduce sum %p axes [1] : (tensor<?x?x8xf32, #graph.dims<batch, seq, _>>) -> tensor<?x8xf32, #graph.dims<batch, _>>
  %n = graph.reduce sum %w axes [1] : (tensor<?x?x8xf32, #graph.dims<batch, seq, _>>) -> tensor<?x8xf32, #graph.dims<batch, _>>
  %d = graph.maximum %n, %eps : (tensor<?x8xf32, #graph.dims<batch, _>>, tensor<f32>) -> tensor<?x8xf32, #graph.dims<batch, _>>
  %q = graph.div %s, %d : (tensor<?x8xf32, #graph.dims<batch, _>>, tensor<?x8xf32, #graph.dims<batch, _>>) -> tensor<?x8xf32, #graph.dims<batch, _>>
  return %q : tensor<?x8xf32, #graph.dims<batch, _>>
}

// A selection in place of a product, the number counted without the features
// and with a summand that rounds away, the axis kept.
// CHECK-LABEL: func.func @mean_of_selection(
//  CHECK-SAME:     %[[X:[^:]+]]: tensor<?x?x8xf32, {{.*}}>, %[[M:[^:]+]]: tensor<?x?xi1
//  CHECK-NEXT:   %[[P:.+]] = graph.pool mean %[[X]] mask(%[[M]]) : (
//  CHECK-NEXT:   %[[Y:.+]] = graph.reshape %[[P]]
//  CHECK-NEXT:   return %[[Y]]
func.func @mean_of_selection(%x: tensor<?x?x8xf32, #graph.dims<batch, seq, _>>, %m: tensor<?x?xi1, #graph.dims<batch, seq>>) -> tensor<?x1x8xf32, #graph.dims<batch, _, _>> {
  %zero = graph.constant dense<0.0> : tensor<f32>
  %one = graph.constant dense<1.0> : tensor<f32>
  %k = graph.reshape %m : tensor<?x?xi1, #graph.dims<batch, seq>> to tensor<?x?x1xi1, #graph.dims<batch, seq, _>>
  %p = graph.select %k, %x, %zero : (tensor<?x?x1xi1, #graph.dims<batch, seq, _>>, tensor<?x?x8xf32, #graph.dims<batch, seq, _>>, tensor<f32>) -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
  %s = graph.reduce sum %p axes [1] keepdims : (tensor<?x?x8xf32, #graph.dims<batch, seq, _>>) -> tensor<?x1x8xf32, #graph.dims<batch, _, _>>
  %f = graph.cast %m : tensor<?x?xi1, #graph.dims<batch, seq>> to tensor<?x?xf32, #graph.dims<batch, seq>>
  %n = graph.reduce sum %f axes [1] : (tensor<?x?xf32, #graph.dims<batch, seq>>) -> tensor<?xf32, #graph.dims<batch>>
  %d = graph.maximum %n, %one : (tensor<?xf32, #graph.dims<batch>>, tensor<f32>) -> tensor<?xf32, #graph.dims<batch>>
  %r = graph.reshape %d : tensor<?xf32, #graph.dims<batch>> to tensor<?x1x1xf32, #graph.dims<batch, _, _>>
  %i = graph.reciprocal %r : tensor<?x1x1xf32, #graph.dims<batch, _, _>>
  %y = graph.mul %s, %i : (tensor<?x1x8xf32, #graph.dims<batch, _, _>>, tensor<?x1x1xf32, #graph.dims<batch, _, _>>) -> tensor<?x1x8xf32, #graph.dims<batch, _, _>>
  return %y : tensor<?x1x8xf32, #graph.dims<batch, _, _>>
}

// CHECK-LABEL: func.func @tiny_summand(
//  CHECK-NEXT:   graph.pool mean %{{.+}} mask(%{{.+}}) : (
//  CHECK-NEXT:   return
func.func @tiny_summand(%x: tensor<?x?x8xf32, #graph.dims<batch, seq, _>>, %m: tensor<?x?xi64, #graph.dims<batch, seq>> {graph.range = [0, 2]}) -> tensor<?x8xf32, #graph.dims<batch, _>> {
  %eps = graph.constant dense<1.0e-9> : tensor<f32>
  %k = graph.reshape %m : tensor<?x?xi64, #graph.dims<batch, seq>> to tensor<?x?x1xi64, #graph.dims<batch, seq, _>>
  %w = graph.cast %k : tensor<?x?x1xi64, #graph.dims<batch, seq, _>> to tensor<?x?x1xf32, #graph.dims<batch, seq, _>>
  %p = graph.mul %w, %x : (tensor<?x?x1xf32, #graph.dims<batch, seq, _>>, tensor<?x?x8xf32, #graph.dims<batch, seq, _>>) -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
  %s = graph.reduce sum %p axes [1] : (tensor<?x?x8xf32, #graph.dims<batch, seq, _>>) -> tensor<?x8xf32, #graph.dims<batch, _>>
  %n = graph.reduce sum %w axes [1] : (tensor<?x?x1xf32, #graph.dims<batch, seq, _>>) -> tensor<?x1xf32, #graph.dims<batch, _>>
  %d = graph.add %eps, %n : (tensor<f32>, tensor<?x1xf32, #graph.dims<batch, _>>) -> tensor<?x1xf32, #graph.dims<batch, _>>
  %q = graph.div %s, %d : (tensor<?x8xf32, #graph.dims<batch, _>>, tensor<?x1xf32, #graph.dims<batch, _>>) -> tensor<?x8xf32, #graph.dims<batch, _>>
  return %q : tensor<?x8xf32, #graph.dims<batch, _>>
}

// CHECK-LABEL: func.func @masked_max(
//  CHECK-SAME:     %[[X:[^:]+]]: tensor<?x?x8xf32, {{.*}}>, %[[M:[^:]+]]: tensor<?x?xi64
//  CHECK-NEXT:   %[[Y:.+]] = graph.pool max %[[X]] mask(%[[M]]) : (
//  CHECK-NEXT:   return %[[Y]]
// REMARK: remark: [Passed] pool | Category:sylvite-fusion | Function=masked_max | Remark="max, mask"
func.func @masked_max(%x: tensor<?x?x8xf32, #graph.dims<batch, seq, _>>, %m: tensor<?x?xi64, #graph.dims<batch, seq>>) -> tensor<?x8xf32, #graph.dims<batch, _>> {
  %none = graph.constant dense<0> : tensor<i64>
  %zero = graph.constant dense<0.0> : tensor<f32>
  %lowest = graph.constant dense<0xFF800000> : tensor<f32>
  %c = graph.compare ne %m, %none : (tensor<?x?xi64, #graph.dims<batch, seq>>, tensor<i64>) -> tensor<?x?xi1, #graph.dims<batch, seq>>
  %k = graph.reshape %c : tensor<?x?xi1, #graph.dims<batch, seq>> to tensor<?x?x1xi1, #graph.dims<batch, seq, _>>
  %w = graph.cast %k : tensor<?x?x1xi1, #graph.dims<batch, seq, _>> to tensor<?x?x1xf32, #graph.dims<batch, seq, _>>
  %v = graph.select %k, %x, %lowest : (tensor<?x?x1xi1, #graph.dims<batch, seq, _>>, tensor<?x?x8xf32, #graph.dims<batch, seq, _>>, tensor<f32>) -> tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
  %t = graph.reduce max %v axes [1] : (tensor<?x?x8xf32, #graph.dims<batch, seq, _>>) -> tensor<?x8xf32, #graph.dims<batch, _>>
  %n = graph.reduce sum %w axes [1] : (tensor<?x?x1xf32, #graph.dims<batch, seq, _>>) -> tensor<?x1xf32, #graph.dims<batch, _>>
  %h = graph.compare gt %n, %zero : (tensor<?x1xf32, #graph.dims<batch, _>>, tensor<f32>) -> tensor<?x1xi1, #graph.dims<batch, _>>
  %y = graph.select %h, %t, %zero : (tensor<?x1xi1, #graph.dims<batch, _>>, tensor<?x8xf32, #graph.dims<batch, _>>, tensor<f32>) -> tensor<?x8xf32, #graph.dims<batch, _>>
  return %y : tensor<?x8xf32, #graph.dims<batch, _>>
}

// CHECK-LABEL: func.func @first_position(
//  CHECK-SAME:     %[[X:[^:]+]]: tensor<?x?x8xf32
//  CHECK-NEXT:   %[[Y:.+]] = graph.pool cls %[[X]] normalize : (
//  CHECK-NEXT:   return %[[Y]]
// REMARK: remark: [Passed] pool | Category:sylvite-fusion | Function=first_position | Remark="cls, normalize"
func.func @first_position(%x: tensor<?x?x8xf32, #graph.dims<batch, seq, _>>) -> tensor<?x8xf32, #graph.dims<batch, _>> {
  %s = graph.slice %x axis(1) [0, 1] : (tensor<?x?x8xf32, #graph.dims<batch, seq, _>>) -> tensor<?x1x8xf32, #graph.dims<batch, _, _>>
  %r = graph.reshape %s : tensor<?x1x8xf32, #graph.dims<batch, _, _>> to tensor<?x8xf32, #graph.dims<batch, _>>
  %y = graph.l2_normalize %r axis(1) : tensor<?x8xf32, #graph.dims<batch, _>>
  return %y : tensor<?x8xf32, #graph.dims<batch, _>>
}

// CHECK-LABEL: func.func @all_positions(
//  CHECK-NEXT:   graph.pool mean %{{.+}} : (
//  CHECK-NEXT:   graph.pool max %{{.+}} : (
//  CHECK-NEXT:   return
func.func @all_positions(%x: tensor<?x?x8xf32, #graph.dims<batch, seq, _>>) -> (tensor<?x8xf32, #graph.dims<batch, _>>, tensor<?x8xf32, #graph.dims<batch, _>>) {
  %a = graph.reduce mean %x axes [1] : (tensor<?x?x8xf32, #graph.dims<batch, seq, _>>) -> tensor<?x8xf32, #graph.dims<batch, _>>
  %b = graph.reduce max %x axes [1] : (tensor<?x?x8xf32, #graph.dims<batch, seq, _>>) -> tensor<?x8xf32, #graph.dims<batch, _>>
  return %a, %b : tensor<?x8xf32, #graph.dims<batch, _>>, tensor<?x8xf32, #graph.dims<batch, _>>
}
