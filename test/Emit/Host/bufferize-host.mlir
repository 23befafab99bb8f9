// RUN: sylvite-opt %s -sylvite-bufferize-host -split-input-file | FileCheck %s

halide.pipeline @copy(%x: !halide.buffer<8x?xf32>) -> !halide.buffer<8x?xf32> {
  %out = halide.func "out"(i = %i, m = %m) : f32 {
    %a = halide.load %x[%i, %m] : !halide.buffer<8x?xf32>
    halide.yield %a : f32
  }
  halide.output %out : !halide.func<2xf32>
}

// The last kernel writes into the caller's buffer, through the reshape; what is
// between the two has a buffer of its own.

// CHECK-LABEL: func.func @chain(
// CHECK-SAME: %[[BATCH:[^:]*]]: index {graph.name = "batch", sylvite.role = "dim"},
// CHECK-SAME: %[[SEQ:[^:]*]]: index {graph.name = "seq", sylvite.role = "dim"},
// CHECK-SAME: %[[WEIGHTS:[^:]*]]: memref<?xi8> {sylvite.role = "weights"},
// CHECK-SAME: %[[X:[^:]*]]: memref<?x?x8xf32> {graph.dims = ["batch", "seq", ""], graph.name = "x", sylvite.role = "input"},
// CHECK-SAME: %[[Y:[^:]*]]: memref<?x?x8xf32> {graph.dims = ["batch", "seq", ""], graph.name = "y", sylvite.role = "output"})
func.func @chain(
    %x: tensor<?x?x8xf32> {graph.dims = ["batch", "seq", ""], graph.name = "x"},
    %weights: memref<?xi8> {sylvite.role = "weights"})
    -> (tensor<?x?x8xf32> {graph.dims = ["batch", "seq", ""], graph.name = "y"}) {
  // CHECK: %[[ROWS:.*]] = arith.muli %[[BATCH]], %[[SEQ]]
  // CHECK: %[[X2:.*]] = memref.collapse_shape %[[X]] {{\[\[}}0, 1], [2]]
  // CHECK: %[[A:.*]] = memref.alloc(%[[ROWS]])
  // CHECK: halide.invoke @copy ins(%[[X2]] : memref<?x8xf32>) outs(%[[A]] : memref<?x8xf32>)
  // CHECK: %[[Y2:.*]] = memref.collapse_shape %[[Y]]
  // CHECK: halide.invoke @copy ins(%[[A]] : memref<?x8xf32>) outs(%[[Y2]] : memref<?x8xf32>)
  // CHECK-NOT: memref.copy
  // CHECK: return
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %batch = tensor.dim %x, %c0 : tensor<?x?x8xf32>
  %seq = tensor.dim %x, %c1 : tensor<?x?x8xf32>
  %rows = arith.muli %batch, %seq : index
  %x2 = tensor.collapse_shape %x [[0, 1], [2]]
      : tensor<?x?x8xf32> into tensor<?x8xf32>
  %to_a = tensor.empty(%rows) : tensor<?x8xf32>
  %a = halide.invoke @copy ins(%x2 : tensor<?x8xf32>)
      outs(%to_a : tensor<?x8xf32>) -> tensor<?x8xf32>
  %to_b = tensor.empty(%rows) : tensor<?x8xf32>
  %b = halide.invoke @copy ins(%a : tensor<?x8xf32>)
      outs(%to_b : tensor<?x8xf32>) -> tensor<?x8xf32>
  %y = tensor.expand_shape %b [[0, 1], [2]] output_shape [%batch, %seq, 8]
      : tensor<?x8xf32> into tensor<?x?x8xf32>
  return %y : tensor<?x?x8xf32>
}

// A result that is read again is in the caller's buffer all the same.

// CHECK-LABEL: func.func @read_again(
// CHECK-SAME: %[[X:[^:]*]]: memref<?x8xf32> {{.*}}, %[[Y:[^:]*]]: memref<?x8xf32> {{.*}}, %[[Z:[^:]*]]: memref<?x8xf32> {{[^,]*}},
func.func @read_again(
    %x: tensor<?x8xf32> {graph.dims = ["seq", ""], graph.name = "x"})
    -> (tensor<?x8xf32> {graph.dims = ["seq", ""], graph.name = "y"},
        tensor<?x8xf32> {graph.dims = ["seq", ""], graph.name = "z"}) {
  // CHECK-NOT: memref.alloc
  // CHECK: halide.invoke @copy ins(%[[X]] : memref<?x8xf32>) outs(%[[Y]] : memref<?x8xf32>)
  // CHECK: halide.invoke @copy ins(%[[Y]] : memref<?x8xf32>) outs(%[[Z]] : memref<?x8xf32>)
  %c0 = arith.constant 0 : index
  %seq = tensor.dim %x, %c0 : tensor<?x8xf32>
  %to_y = tensor.empty(%seq) : tensor<?x8xf32>
  %y = halide.invoke @copy ins(%x : tensor<?x8xf32>)
      outs(%to_y : tensor<?x8xf32>) -> tensor<?x8xf32>
  %to_z = tensor.empty(%seq) : tensor<?x8xf32>
  %z = halide.invoke @copy ins(%y : tensor<?x8xf32>)
      outs(%to_z : tensor<?x8xf32>) -> tensor<?x8xf32>
  return %y, %z : tensor<?x8xf32>, tensor<?x8xf32>
}

// An input that is returned, and a result that is returned twice, are copied.

// CHECK-LABEL: func.func @returned(
// CHECK-SAME: %[[X:[^:]*]]: memref<4x8xf32> {{.*}}, %[[A:[^:]*]]: memref<4x8xf32> {{.*}}, %[[B:[^:]*]]: memref<4x8xf32> {{.*}}, %[[C:[^:]*]]: memref<4x8xf32>
func.func @returned(%x: tensor<4x8xf32> {graph.name = "x"})
    -> (tensor<4x8xf32> {graph.name = "a"}, tensor<4x8xf32> {graph.name = "b"},
        tensor<4x8xf32> {graph.name = "c"}) {
  // CHECK: halide.invoke @copy ins(%[[X]] : memref<4x8xf32>) outs(%[[B]] : memref<4x8xf32>)
  // CHECK-DAG: memref.copy %[[X]], %[[A]]
  // CHECK-DAG: memref.copy %[[B]], %[[C]]
  %to = tensor.empty() : tensor<4x8xf32>
  %y = halide.invoke @copy ins(%x : tensor<4x8xf32>)
      outs(%to : tensor<4x8xf32>) -> tensor<4x8xf32>
  return %x, %y, %y : tensor<4x8xf32>, tensor<4x8xf32>, tensor<4x8xf32>
}

// -----

// A kernel that wants its buffer aligned does not get the caller's.

halide.pipeline @aligned(%x: !halide.buffer<8xf32>)
    -> (!halide.buffer<8xf32> {halide.align = 64 : i64}) {
  %out = halide.func "out"(i = %i) : f32 {
    %a = halide.load %x[%i] : !halide.buffer<8xf32>
    halide.yield %a : f32
  }
  halide.output %out : !halide.func<1xf32>
}

// CHECK-LABEL: func.func @keeps_copy(
// CHECK-SAME: %[[X:[^:]*]]: memref<8xf32> {{.*}}, %[[Y:[^:]*]]: memref<8xf32>
func.func @keeps_copy(%x: tensor<8xf32> {graph.name = "x"})
    -> (tensor<8xf32> {graph.name = "y"}) {
  // CHECK: %[[A:.*]] = memref.alloc()
  // CHECK: halide.invoke @aligned ins(%[[X]] : memref<8xf32>) outs(%[[A]] : memref<8xf32>)
  // CHECK: memref.copy %[[A]], %[[Y]]
  %to = tensor.empty() : tensor<8xf32>
  %y = halide.invoke @aligned ins(%x : tensor<8xf32>)
      outs(%to : tensor<8xf32>) -> tensor<8xf32>
  return %y : tensor<8xf32>
}

// -----

// A destination that is read later is not written over.

halide.pipeline @copy(%x: !halide.buffer<8xf32>) -> !halide.buffer<8xf32> {
  %out = halide.func "out"(i = %i) : f32 {
    %a = halide.load %x[%i] : !halide.buffer<8xf32>
    halide.yield %a : f32
  }
  halide.output %out : !halide.func<1xf32>
}

// CHECK-LABEL: func.func @destination(
// CHECK-SAME: %[[X:[^:]*]]: memref<8xf32> {{.*}}, %[[Y:[^:]*]]: memref<8xf32> {{.*}}, %[[Z:[^:]*]]: memref<8xf32>
func.func @destination(%x: tensor<8xf32> {graph.name = "x"})
    -> (tensor<8xf32> {graph.name = "y"}, tensor<8xf32> {graph.name = "z"}) {
  // CHECK-DAG: halide.invoke @copy ins(%[[X]] : memref<8xf32>) outs(%[[Y]] : memref<8xf32>)
  // CHECK-DAG: memref.copy %[[X]], %[[Z]]
  %y = halide.invoke @copy ins(%x : tensor<8xf32>)
      outs(%x : tensor<8xf32>) -> tensor<8xf32>
  return %y, %x : tensor<8xf32>, tensor<8xf32>
}

// -----

// Two reshapes of one type do not undo each other where they cut the elements
// otherwise.

halide.pipeline @rows(%x: !halide.buffer<?x?xf32>) -> !halide.buffer<?x?xf32> {
  %out = halide.func "out"(i = %i, m = %m) : f32 {
    %a = halide.load %x[%i, %m] : !halide.buffer<?x?xf32>
    halide.yield %a : f32
  }
  halide.output %out : !halide.func<2xf32>
}

// CHECK-LABEL: func.func @cut_otherwise(
// CHECK-SAME: %[[A:[^:]*]]: index {graph.name = "a"{{.*}}, %[[B:[^:]*]]: index {graph.name = "b"
// CHECK: halide.invoke @rows ins({{.*}}) outs(%[[FIRST:.*]] : memref<?x?xf32>)
// CHECK: %[[FLAT:.*]] = memref.collapse_shape %[[FIRST]] {{\[}}[0, 1]]
// CHECK: %[[SECOND:.*]] = memref.expand_shape %[[FLAT]] {{\[}}[0, 1]] output_shape [%[[B]], %[[A]]]
// CHECK: halide.invoke @rows ins(%[[SECOND]] :
func.func @cut_otherwise(%x: tensor<?x?xf32> {graph.name = "x", graph.dims = ["a", "b"]})
    -> (tensor<?x?xf32> {graph.name = "y", graph.dims = ["b", "a"]}) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %a = tensor.dim %x, %c0 : tensor<?x?xf32>
  %b = tensor.dim %x, %c1 : tensor<?x?xf32>
  %to = tensor.empty(%a, %b) : tensor<?x?xf32>
  %first = halide.invoke @rows ins(%x : tensor<?x?xf32>)
      outs(%to : tensor<?x?xf32>) -> tensor<?x?xf32>
  %flat = tensor.collapse_shape %first [[0, 1]] : tensor<?x?xf32> into tensor<?xf32>
  %second = tensor.expand_shape %flat [[0, 1]] output_shape [%b, %a]
      : tensor<?xf32> into tensor<?x?xf32>
  %to2 = tensor.empty(%b, %a) : tensor<?x?xf32>
  %y = halide.invoke @rows ins(%second : tensor<?x?xf32>)
      outs(%to2 : tensor<?x?xf32>) -> tensor<?x?xf32>
  return %y : tensor<?x?xf32>
}
