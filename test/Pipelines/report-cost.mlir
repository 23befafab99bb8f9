// The cost of ops, by numbers that can be counted by hand.
//
// RUN: split-file %s %t
//
// A linear layer has 2 * 100 * 4 * 8 FLOP in its product and 100 * 8 in its bias.
// It reads 100 * 4 floats, and 4 * 8 + 8 of weights; it writes 100 * 8, into the
// memory of the caller, so that its arena is empty. JSON has exact numbers.
//
// RUN: sylvite-opt %t/linear.mlir --sylvite-report-cost="dim=rows=100 json" -o %t/same.mlir | FileCheck %s --check-prefix=LINEAR
// RUN: sylvite-opt %t/linear.mlir | diff - %t/same.mlir
//
// LINEAR:      "extents": {
// LINEAR-NEXT:   "rows": 100
// LINEAR:      "ops": [
// LINEAR-NEXT:   {
// LINEAR-NEXT:     "arena_bytes": 0,
// LINEAR-NEXT:     "bytes_of_weights": 160,
// LINEAR-NEXT:     "bytes_read": 1600,
// LINEAR-NEXT:     "bytes_written": 3200,
// LINEAR-NEXT:     "flops": 7200,
// LINEAR-NEXT:     "intensity": 1.4516{{[0-9]+}},
// LINEAR-NEXT:     "masked_flops": 0,
// LINEAR-NEXT:     "name": "linear",
// LINEAR-NEXT:     "padding_flops": 0,
// LINEAR-NEXT:     "place": "{{.*}}linear.mlir:6:10",
// LINEAR-NEXT:     "product_flops": 6400,
// LINEAR-NEXT:     "result": "100x8xf32",
// LINEAR-NEXT:     "runs": 1
//
// The table says the same to people.
//
// RUN: sylvite-opt %t/linear.mlir --sylvite-report-cost="dim=rows=100" -o /dev/null | FileCheck %s --check-prefix=TABLE --match-full-lines
//
// TABLE:      cost of layer at rows = 100
// TABLE-EMPTY:
// TABLE-NEXT: op         result    FLOP  weights     read  written  FLOP/B  padding  masked  arena  place
// TABLE-NEXT: linear  100x8xf32  7.20 k    160 B  1.60 kB  3.20 kB     1.5    0.0 %   0.0 %    0 B  {{.*}}linear.mlir:6:10
// TABLE-NEXT: total              7.20 k    160 B  1.60 kB  3.20 kB     1.5    0.0 %   0.0 %    0 B
// TABLE-NEXT: of 7.20 kFLOP, 88.9 % in matrix products
//
// Of 4 x 4 scores, causal masks hide 6; of 2 x 6 from the end, 1. With lengths 1
// and 4, 3 of 8 queries are padding, and the one of the first sequence does not
// see 3 of its 4 keys.
//
// RUN: sylvite-opt %t/masks.mlir --sylvite-report-cost="dim=batch=2,seq=4:1/4,past=6,new=2" -o /dev/null | FileCheck %s --check-prefix=MASKS
//
// MASKS: cost of causal at seq = 4
// MASKS: attention {{.*}} 0.0 % 37.5 %
// MASKS: cost of to_end at new = 2, past = 6
// MASKS: attention {{.*}} 0.0 % 8.3 %
// MASKS: cost of padded at batch = 2, seq = 4 (lengths 1/4)
// MASKS: attention {{.*}} 37.5 % 9.4 %
//
// A step of a scan is counted as often as there are steps: 3 times 2 * 8 * 8 for
// each sequence of the batch. A function that is called costs what it does, here
// twice; lengths of its masks are known to the caller.
//
// RUN: sylvite-opt %t/loops.mlir --sylvite-report-cost="dim=batch=2,time=3" -o /dev/null | FileCheck %s --check-prefix=LOOPS
//
// LOOPS:      cost of recurrence at batch = 2, time = 3
// LOOPS:      op {{.*}} runs FLOP
// LOOPS-NEXT: matmul 2x8xf32 3 256 256 B 64 B 64 B
// LOOPS-NEXT: add 2x8xf32 3 16 0 B 128 B 64 B
// LOOPS-NEXT: tanh 2x8xf32 3 16
// LOOPS-NEXT: total 864 768 B 768 B 576 B
// LOOPS:      cost of twice at batch = 2
// LOOPS-EMPTY:
// LOOPS-NEXT: op
// LOOPS-NEXT: tanh 2x8xf32 16
// LOOPS-NEXT: tanh 2x8xf32 16
// LOOPS-NEXT: total 32
//
// Masks of any kind hide what a list of all pairs says.
//
// RUN: %python %S/Inputs/count-scores.py
//
// Extents that no machine has take no time either.
//
// RUN: sylvite-opt %t/masks.mlir --sylvite-report-cost="dim=batch=2147483647,seq=2147483647,past=2147483647,new=2147483647" -o /dev/null | FileCheck %s --check-prefix=HUGE
//
// HUGE: cost of causal at seq = 2147483647
// HUGE: attention {{.*}} 0.0 % 50.0 %

//--- linear.mlir
module {
  func.func @layer(%x: tensor<?x4xf32, #graph.dims<rows, _>>)
      -> tensor<?x8xf32, #graph.dims<rows, _>> {
    %w = graph.weight "w" : tensor<4x8xf32>
    %b = graph.weight "b" : tensor<8xf32>
    %y = graph.linear %x, %w bias(%b)
        : (tensor<?x4xf32, #graph.dims<rows, _>>, tensor<4x8xf32>,
           tensor<8xf32>)
        -> tensor<?x8xf32, #graph.dims<rows, _>>
    return %y : tensor<?x8xf32, #graph.dims<rows, _>>
  }
}

//--- masks.mlir
func.func @causal(%x: tensor<1x2x?x4xf32, #graph.dims<_, _, seq, _>>)
    -> tensor<1x2x?x4xf32, #graph.dims<_, _, seq, _>> {
  %o = graph.attention %x, %x, %x mask(causal)
      : (tensor<1x2x?x4xf32, #graph.dims<_, _, seq, _>>,
         tensor<1x2x?x4xf32, #graph.dims<_, _, seq, _>>,
         tensor<1x2x?x4xf32, #graph.dims<_, _, seq, _>>)
      -> tensor<1x2x?x4xf32, #graph.dims<_, _, seq, _>>
  return %o : tensor<1x2x?x4xf32, #graph.dims<_, _, seq, _>>
}
func.func @to_end(%q: tensor<1x2x?x4xf32, #graph.dims<_, _, new, _>>,
                  %k: tensor<1x2x?x4xf32, #graph.dims<_, _, past, _>>)
    -> tensor<1x2x?x4xf32, #graph.dims<_, _, new, _>> {
  %o = graph.attention %q, %k, %k mask(causal_to_end)
      : (tensor<1x2x?x4xf32, #graph.dims<_, _, new, _>>,
         tensor<1x2x?x4xf32, #graph.dims<_, _, past, _>>,
         tensor<1x2x?x4xf32, #graph.dims<_, _, past, _>>)
      -> tensor<1x2x?x4xf32, #graph.dims<_, _, new, _>>
  return %o : tensor<1x2x?x4xf32, #graph.dims<_, _, new, _>>
}
func.func @padded(%x: tensor<?x2x?x4xf32, #graph.dims<batch, _, seq, _>>,
                  %lengths: tensor<?xi64, #graph.dims<batch>>)
    -> tensor<?x2x?x4xf32, #graph.dims<batch, _, seq, _>> {
  %o = graph.attention %x, %x, %x mask(padding(%lengths))
      : (tensor<?x2x?x4xf32, #graph.dims<batch, _, seq, _>>,
         tensor<?x2x?x4xf32, #graph.dims<batch, _, seq, _>>,
         tensor<?x2x?x4xf32, #graph.dims<batch, _, seq, _>>,
         tensor<?xi64, #graph.dims<batch>>)
      -> tensor<?x2x?x4xf32, #graph.dims<batch, _, seq, _>>
  return %o : tensor<?x2x?x4xf32, #graph.dims<batch, _, seq, _>>
}

//--- loops.mlir
func.func @recurrence(%x: tensor<?x?x8xf32, #graph.dims<batch, time, _>>,
                      %h0: tensor<?x8xf32, #graph.dims<batch, _>>)
    -> tensor<?x?x8xf32, #graph.dims<batch, time, _>> {
  %u = graph.weight "u" : tensor<8x8xf32>
  %last, %all = graph.scan carry(%h0) over(%x) axis(1) {
  ^bb0(%t: tensor<i64>, %h: tensor<?x8xf32, #graph.dims<batch, _>>,
       %x_t: tensor<?x8xf32, #graph.dims<batch, _>>):
    %p = graph.matmul %h, %u
        : (tensor<?x8xf32, #graph.dims<batch, _>>, tensor<8x8xf32>)
        -> tensor<?x8xf32, #graph.dims<batch, _>>
    %s = graph.add %x_t, %p
        : (tensor<?x8xf32, #graph.dims<batch, _>>,
           tensor<?x8xf32, #graph.dims<batch, _>>)
        -> tensor<?x8xf32, #graph.dims<batch, _>>
    %n = graph.tanh %s : tensor<?x8xf32, #graph.dims<batch, _>>
    graph.next carry(%n : tensor<?x8xf32, #graph.dims<batch, _>>)
        emit(%n : tensor<?x8xf32, #graph.dims<batch, _>>)
  } : (tensor<?x8xf32, #graph.dims<batch, _>>,
       tensor<?x?x8xf32, #graph.dims<batch, time, _>>)
      -> (tensor<?x8xf32, #graph.dims<batch, _>>,
          tensor<?x?x8xf32, #graph.dims<batch, time, _>>)
  return %all : tensor<?x?x8xf32, #graph.dims<batch, time, _>>
}
func.func private @once(%x: tensor<?x8xf32, #graph.dims<batch, _>>)
    -> tensor<?x8xf32, #graph.dims<batch, _>> {
  %y = graph.tanh %x : tensor<?x8xf32, #graph.dims<batch, _>>
  return %y : tensor<?x8xf32, #graph.dims<batch, _>>
}
func.func @twice(%x: tensor<?x8xf32, #graph.dims<batch, _>>)
    -> tensor<?x8xf32, #graph.dims<batch, _>> {
  %y = call @once(%x) : (tensor<?x8xf32, #graph.dims<batch, _>>)
      -> tensor<?x8xf32, #graph.dims<batch, _>>
  %z = call @once(%y) : (tensor<?x8xf32, #graph.dims<batch, _>>)
      -> tensor<?x8xf32, #graph.dims<batch, _>>
  return %z : tensor<?x8xf32, #graph.dims<batch, _>>
}
