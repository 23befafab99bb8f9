// RUN: sylvite-opt %s -sylvite-lay-out-weights -sylvite-bufferize-host \
// RUN:   -sylvite-plan-arena -sylvite-lower-host=prefix=tiny \
// RUN:   -sylvite-add-entry-points | FileCheck %s
// RUN: sylvite-opt %s -sylvite-lay-out-weights -sylvite-bufferize-host \
// RUN:   -sylvite-plan-arena -sylvite-lower-host=prefix=tiny \
// RUN:   -sylvite-add-entry-points=variant \
// RUN:   | FileCheck %s --check-prefix=VARIANT --implicit-check-not="llvm.func @tiny_open"

// All public functions of a library with one function of everything: a mask
// that lengths can stand for, a default, a range.

module attributes {sylvite.target = "x86-64-v3"} {
  func.func @encode(
      %ids: tensor<?x?xi64> {graph.name = "input_ids", graph.range = [0, 9],
                             graph.dims = ["batch", "seq"]},
      %mask: tensor<?x?xi64> {graph.name = "attention_mask",
                              graph.default = 1 : i64,
                              graph.dims = ["batch", "seq"]})
      -> (tensor<?x?xi64> {graph.name = "out", graph.dims = ["batch", "seq"]})
      attributes {graph.dim_max = {seq = 512 : i64}} {
    return %ids : tensor<?x?xi64>
  }
}

// CHECK: llvm.mlir.global internal constant @tiny__describe("{\22functions\22:[
// The package phase defines the weights.
// CHECK: llvm.mlir.global external constant @tiny__weights()

// CHECK: llvm.mlir.global internal constant @tiny__encode_dims() {{.*}} : !llvm.array<2 x struct<"sylvite_dim", (ptr, i64)>>
// CHECK: llvm.mlir.constant(512 : i64)
// CHECK: llvm.mlir.global internal constant @tiny__encode_inputs() {{.*}} : !llvm.array<2 x struct<"sylvite_tensor"
// CHECK: llvm.mlir.global internal constant @tiny__functions() {{.*}} : !llvm.array<1 x struct<"sylvite_function"
// CHECK: llvm.mlir.addressof @tiny__encode_dims
// CHECK: llvm.mlir.addressof @tiny__encode_inputs
// CHECK: llvm.mlir.addressof @tiny__encode_outputs
// CHECK: llvm.mlir.addressof @tiny__encode_impl
// CHECK: llvm.mlir.addressof @tiny__encode_arena
// CHECK: llvm.mlir.global external constant @tiny__descriptor_x86_64_v3()
// CHECK: llvm.mlir.addressof @tiny__functions
// CHECK: llvm.mlir.addressof @tiny__weights
// CHECK: llvm.mlir.global internal constant @tiny__variants() {{.*}} : !llvm.array<2 x ptr>
// CHECK: llvm.mlir.addressof @tiny__descriptor_x86_64_v3

// CHECK: llvm.func @tiny_open(%[[PATH:.*]]: !llvm.ptr, %[[MODEL:.*]]: !llvm.ptr) -> i32
// CHECK-DAG: %[[VARIANTS:.*]] = llvm.mlir.addressof @tiny__variants
// CHECK-DAG: %[[NONE:.*]] = llvm.mlir.zero
// CHECK: llvm.call @sylvite_open(%[[VARIANTS]], %[[PATH]], %[[NONE]], %[[MODEL]])
// CHECK: llvm.func @tiny_open_target(%[[PATH:.*]]: !llvm.ptr, %[[TARGET:.*]]: !llvm.ptr, %[[MODEL:.*]]: !llvm.ptr) -> i32
// CHECK: llvm.call @sylvite_open(%{{.*}}, %[[PATH]], %[[TARGET]], %[[MODEL]])
// CHECK: llvm.func @tiny_target(
// CHECK: llvm.func @tiny_close(
// CHECK: llvm.func @tiny_context_create(
// CHECK: llvm.func @tiny_context_destroy(
// CHECK: llvm.func @tiny_context_set_num_threads(%{{.*}}: !llvm.ptr, %{{.*}}: i32) -> i32
// CHECK: llvm.func @tiny_context_set_parallel_for(%{{.*}}: !llvm.ptr, %{{.*}}: !llvm.ptr, %{{.*}}: !llvm.ptr) -> i32
// CHECK: llvm.func @tiny_invoke(
// CHECK: llvm.func @tiny_last_error(
// CHECK: llvm.func @tiny_error_message(
// CHECK: llvm.func @tiny_set_num_threads(
// CHECK: llvm.func @tiny_describe(

// CHECK: llvm.func @tiny_encode(%[[CONTEXT:[^:]*]]: !llvm.ptr, %[[BATCH:[^:]*]]: i64, %[[SEQ:[^:]*]]: i64, %[[IDS:[^:]*]]: !llvm.ptr, %[[MASK:[^:]*]]: !llvm.ptr, %[[OUT:[^:]*]]: !llvm.ptr) -> i32
// CHECK: llvm.store %[[BATCH]]
// CHECK: llvm.store %[[SEQ]]
// CHECK: llvm.store %[[IDS]]
// CHECK: llvm.store %[[MASK]]
// CHECK: llvm.store %[[OUT]]
// CHECK: llvm.call @sylvite_call(%[[CONTEXT]],

// CHECK: llvm.func @tiny_encode_lengths(%[[CONTEXT:[^:]*]]: !llvm.ptr, %{{[^:]*}}: i64, %{{[^:]*}}: i64, %{{[^:]*}}: !llvm.ptr, %[[LENGTHS:[^:]*]]: !llvm.ptr, %{{[^:]*}}: !llvm.ptr) -> i32
// CHECK: llvm.call @sylvite_call_lengths(%[[CONTEXT]], %{{.*}}, %{{.*}}, %{{.*}}, %[[LENGTHS]], %{{.*}})

// CHECK: llvm.func @tiny_encode_arena_bytes(%{{.*}}: i64, %{{.*}}: i64) -> i64
// CHECK: llvm.call @sylvite_arena_bytes(

// Of several targets each program has its descriptor alone.
// VARIANT: module @host attributes {{.*}}sylvite.variant
// VARIANT: llvm.mlir.global external constant @tiny__descriptor_x86_64_v3()
