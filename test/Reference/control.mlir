// Loops over time, updates of caches, calls.
//
// RUN: sylvite-opt %s --sylvite-evaluate 2>&1 | FileCheck %s

// A running sum: forwards, and from the end.
// CHECK: @sums result0 = tensor<2xf32> [9, 12]
// CHECK: @sums result1 = tensor<3x2xf32> {{\[}}[1, 2], [4, 6], [9, 12]]
// CHECK: @sums result2 = tensor<3x2xf32> {{\[}}[9, 12], [8, 10], [5, 6]]
func.func @sums() -> (tensor<2xf32>, tensor<3x2xf32>, tensor<3x2xf32>) {
  %x = graph.constant dense<[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]> : tensor<3x2xf32>
  %zero = graph.constant dense<0.0> : tensor<2xf32>
  %last, %all = graph.scan carry(%zero) over(%x) {
  ^bb0(%t: tensor<i64>, %c: tensor<2xf32>, %e: tensor<2xf32>):
    %s = graph.add %c, %e : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
    graph.next carry(%s : tensor<2xf32>) emit(%s : tensor<2xf32>)
  } : (tensor<2xf32>, tensor<3x2xf32>) -> (tensor<2xf32>, tensor<3x2xf32>)
  %l, %back = graph.scan carry(%zero) over(%x) reverse {
  ^bb0(%t: tensor<i64>, %c: tensor<2xf32>, %e: tensor<2xf32>):
    %s = graph.add %c, %e : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
    graph.next carry(%s : tensor<2xf32>) emit(%s : tensor<2xf32>)
  } : (tensor<2xf32>, tensor<3x2xf32>) -> (tensor<2xf32>, tensor<3x2xf32>)
  return %last, %all, %back : tensor<2xf32>, tensor<3x2xf32>, tensor<3x2xf32>
}

// Ends behind step 2 of 5; the outputs of the others are zero.
// CHECK: @until result0 = tensor<5xi64> [7, 7, 7, 0, 0]
func.func @until() -> tensor<5xi64> {
  %seven = graph.constant dense<7> : tensor<i64>
  %two = graph.constant dense<2> : tensor<i64>
  %all = graph.scan {
  ^bb0(%t: tensor<i64>):
    %stop = graph.compare ge %t, %two : (tensor<i64>, tensor<i64>) -> tensor<i1>
    graph.next emit(%seven : tensor<i64>) stop(%stop : tensor<i1>)
  } : () -> tensor<5xi64>
  return %all : tensor<5xi64>
}

// A position past the end is clamped.
// CHECK: @update result0 = tensor<2x3xf32> {{\[}}[0, 0, 0], [0, 5, 6]]
// CHECK: @update result1 = tensor<2x3xf32> {{\[}}[0, 5, 6], [0, 0, 0]]
func.func @update() -> (tensor<2x3xf32>, tensor<2x3xf32>) {
  %zeros = graph.constant dense<0.0> : tensor<2x3xf32>
  %rows = graph.constant dense<[[5.0, 6.0]]> : tensor<1x2xf32>
  %far = graph.constant dense<9> : tensor<i64>
  %first = graph.constant dense<-3> : tensor<i64>
  %a = graph.update %zeros, %rows at(%far) axis(0) offsets [0, 1]
      : (tensor<2x3xf32>, tensor<1x2xf32>, tensor<i64>) -> tensor<2x3xf32>
  %b = graph.update %zeros, %rows at(%first) axis(0) offsets [0, 1]
      : (tensor<2x3xf32>, tensor<1x2xf32>, tensor<i64>) -> tensor<2x3xf32>
  return %a, %b : tensor<2x3xf32>, tensor<2x3xf32>
}

// CHECK: @argmax result0 = tensor<2xi64> [1, 0]
func.func @argmax() -> tensor<2xi64> {
  %x = graph.constant dense<[[1.0, 3.0, 3.0], [0.0, -1.0, 0.0]]> : tensor<2x3xf32>
  %i = graph.argmax %x axis(1) : (tensor<2x3xf32>) -> tensor<2xi64>
  return %i : tensor<2xi64>
}

func.func private @double(%x: tensor<2xf32>) -> tensor<2xf32> {
  %y = graph.add %x, %x : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  return %y : tensor<2xf32>
}
// CHECK: @call result0 = tensor<2xf32> [8, 16]
func.func @call() -> tensor<2xf32> {
  %x = graph.constant dense<[1.0, 2.0]> : tensor<2xf32>
  %y = graph.scan carry(%x) steps(3) {
  ^bb0(%t: tensor<i64>, %c: tensor<2xf32>):
    %d = func.call @double(%c) : (tensor<2xf32>) -> tensor<2xf32>
    graph.next carry(%d : tensor<2xf32>)
  } : (tensor<2xf32>) -> tensor<2xf32>
  return %y : tensor<2xf32>
}
