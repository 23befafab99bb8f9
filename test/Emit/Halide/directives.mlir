// Every directive: the call it is printed as, and the loops that Halide makes.
//
// RUN: sylvite-translate --halide-to-cpp --target=x86-64-v3 %s \
// RUN:   | FileCheck %s --check-prefix=CPP
// RUN: sylvite-translate --halide-to-stmt --target=x86-64-v3 %s \
// RUN:   | FileCheck %s --check-prefix=STMT

// What a split does at the end of a loop.
//
// CPP-LABEL: static void split(
// CPP: Var io("io"), ii("ii");
// CPP-NEXT: guarded.split(i, io, ii, 8, TailStrategy::GuardWithIf);
// CPP-NEXT: rounded.split(i, io, ii, 8, TailStrategy::RoundUp);
// CPP-NEXT: shifted.split(i, io, ii, 8, TailStrategy::ShiftInwards);
// CPP-NEXT: predicated.split(i, io, ii, 8, TailStrategy::Predicate)
// CPP-NEXT:     .vectorize(ii);
// CPP-NEXT: loads.compute_root()
// CPP-NEXT:     .split(i, io, ii, 8, TailStrategy::PredicateLoads)
// CPP-NEXT:     .vectorize(ii);
// CPP-NEXT: stores.split(i, io, ii, 8, TailStrategy::PredicateStores)
// CPP-NEXT:     .vectorize(ii);
//
// STMT-LABEL: module name=split
// STMT: for (guarded.s0.i.io, 0,
// STMT: for (guarded.s0.i.ii, 0, 8) {
// STMT: if ((guarded.extent.0 % 8) != 0) {
// STMT: for (guarded.s0.i.ii, 0, t
// STMT: produce rounded {
// STMT-NOT: if
// STMT: produce shifted {
// STMT: for (shifted.s0.i.io, 0, 7) {
// STMT: shifted[shifted.s0.i.ii + 52] =
// STMT: produce predicated {
// STMT: predicate (
// STMT-NEXT: predicated[{{.*}}] = x[{{.*}}] if
// STMT: produce loads {
// STMT: loads[{{[^=]*}}] = x[{{.*}}] if
// STMT: produce stores {
// STMT: predicate (
// STMT-NEXT: stores[{{.*}}] = loads[{{[^=]*}}]{{$}}
halide.pipeline @split(%x: !halide.buffer<?xf32> {halide.name = "x"})
    -> (!halide.buffer<?xf32>, !halide.buffer<64xf32>, !halide.buffer<60xf32>,
        !halide.buffer<?xf32>, !halide.buffer<?xf32>) {
  %guarded = halide.func "guarded"(i = %i) : f32 {
    %a = halide.load %x[%i] : !halide.buffer<?xf32>
    halide.yield %a : f32
  }
  %rounded = halide.func "rounded"(i = %i) : f32 {
    %a = halide.load %x[%i] : !halide.buffer<?xf32>
    halide.yield %a : f32
  }
  %shifted = halide.func "shifted"(i = %i) : f32 {
    %a = halide.load %x[%i] : !halide.buffer<?xf32>
    halide.yield %a : f32
  }
  %predicated = halide.func "predicated"(i = %i) : f32 {
    %a = halide.load %x[%i] : !halide.buffer<?xf32>
    halide.yield %a : f32
  }
  %loads = halide.func "loads"(i = %i) : f32 {
    %a = halide.load %x[%i] : !halide.buffer<?xf32>
    halide.yield %a : f32
  }
  %stores = halide.func "stores"(i = %i) : f32 {
    %a = halide.call %loads(%i) : !halide.func<1xf32>
    halide.yield %a : f32
  }
  halide.output %guarded, %rounded, %shifted, %predicated, %stores
    : !halide.func<1xf32>, !halide.func<1xf32>, !halide.func<1xf32>,
      !halide.func<1xf32>, !halide.func<1xf32>
}
halide.schedule @split for "x86-64-v3" {
  halide.split "guarded" i into (io, ii) by 8 tail(guard_with_if)
  halide.split "rounded" i into (io, ii) by 8 tail(round_up)
  halide.split "shifted" i into (io, ii) by 8 tail(shift_inwards)
  halide.split "predicated" i into (io, ii) by 8 tail(predicate)
  halide.vectorize "predicated" ii
  halide.compute_root "loads"
  halide.split "loads" i into (io, ii) by 8 tail(predicate_loads)
  halide.vectorize "loads" ii
  halide.split "stores" i into (io, ii) by 8 tail(predicate_stores)
  halide.vectorize "stores" ii
}

// Kinds and orders of loops. A part that a factor makes is named only where
// something names it.
//
// CPP-LABEL: static void kinds(
// CPP: Var i_unroll("i_unroll"), p("p"), j_parallel("j_parallel");
// CPP-NEXT: first.split(i, i, i_unroll, 4)
// CPP-NEXT:     .unroll(i_unroll)
// CPP-NEXT:     .reorder(i_unroll, j, i)
// CPP-NEXT:     .vectorize(j, 8);
// CPP-NEXT: second.fuse(i, j, p)
// CPP-NEXT:     .parallel(p, 16)
// CPP-NEXT:     .partition(p, Partition::Never);
// CPP-NEXT: third.vectorize(i, 8, TailStrategy::GuardWithIf)
// CPP-NEXT:     .split(j, j, j_parallel, 2)
// CPP-NEXT:     .parallel(j)
// CPP-NEXT:     .unroll(j_parallel)
// CPP-NEXT:     .partition(i, Partition::Auto);
//
// STMT-LABEL: module name=kinds
// STMT: internal func kinds_par_for_second
// STMT: for (second.s0.i.p.p_parallel, 0, 16)
// STMT: internal func kinds_par_for_third
// STMT: for (third.s0.i.i, 0, 8) {
// STMT: third[ramp(
// STMT: for (third.s0.i.i, 0, 8) {
// STMT: third[ramp(
// STMT: produce first {
// STMT-NEXT: for (first.s0.i.i, 0, 16) {
// STMT-NEXT: for (first.s0.j.j, 0, 4) {
// STMT-COUNT-4: first[ramp(
// STMT-NOT: first[
// STMT: halide_do_par_for({{.*}}kinds_par_for_second_s0_i_p_p, 0, 128,
// STMT: halide_do_par_for({{.*}}kinds_par_for_third_s0_j_j, 0, 16,
halide.pipeline @kinds(%x: !halide.buffer<64x32xf32> {halide.name = "x"})
    -> (!halide.buffer<64x32xf32>, !halide.buffer<64x32xf32>,
        !halide.buffer<64x32xf32>) {
  %first = halide.func "first"(i = %i, j = %j) : f32 {
    %a = halide.load %x[%i, %j] : !halide.buffer<64x32xf32>
    halide.yield %a : f32
  }
  %second = halide.func "second"(i = %i, j = %j) : f32 {
    %a = halide.load %x[%i, %j] : !halide.buffer<64x32xf32>
    halide.yield %a : f32
  }
  %third = halide.func "third"(i = %i, j = %j) : f32 {
    %a = halide.load %x[%i, %j] : !halide.buffer<64x32xf32>
    halide.yield %a : f32
  }
  halide.output %first, %second, %third
    : !halide.func<2xf32>, !halide.func<2xf32>, !halide.func<2xf32>
}
halide.schedule @kinds for "x86-64-v3" {
  halide.unroll "first" i by 4
  halide.reorder "first" (i_unroll, j, i)
  halide.vectorize "first" j by 8
  halide.fuse "second" (i, j) into p
  halide.parallel "second" p by 16
  halide.partition "second" p never
  halide.vectorize "third" i by 8 tail(guard_with_if)
  halide.parallel "third" j by 2
  halide.unroll "third" j_parallel
  halide.partition "third" i auto
}

// Where functions are computed and stored, and in what memory.
//
// CPP-LABEL: static void places(
// CPP: root.compute_root()
// CPP-NEXT:     .align_storage(j, 16)
// CPP-NEXT:     .reorder_storage(j, i)
// CPP-NEXT:     .store_in(MemoryType::Heap);
// CPP-NEXT: row.compute_at(out, i)
// CPP-NEXT:     .store_at(out, j)
// CPP-NEXT:     .store_in(MemoryType::Stack)
// CPP-NEXT:     .align_bounds(i, 4);
// CPP-NEXT: tile.compute_at(out, i)
// CPP-NEXT:     .hoist_storage(out, j)
// CPP-NEXT:     .bound_extent(i, 1)
// CPP-NEXT:     .store_in(MemoryType::Auto);
// CPP-NEXT: out.bound(i, 0, 64)
// CPP-NEXT:     .prefetch(x, j, j, 2)
// CPP-NEXT:     .prefetch(root, j, j, 1);
//
// STMT-LABEL: module name=places
// STMT: allocate root[float32 * {{.*}}out.extent.1 + 15)/16){{.*}}] in Heap
// STMT: produce root {
// STMT: for (out.s0.j, 0,
// STMT: prefetch(x, 0, 1, 16)
// STMT: prefetch(root,
// STMT: allocate row[float32 * 4] in Stack
// STMT: allocate tile[float32 * 1]
// STMT: for (out.s0.i, 0, 64)
// STMT: produce row {
// STMT: produce tile {
// STMT: tile[0] =
// STMT: out[
halide.pipeline @places(%x: !halide.buffer<64x?xf32> {halide.name = "x"})
    -> !halide.buffer<64x?xf32> {
  %root = halide.func "root"(i = %i, j = %j) : f32 {
    %a = halide.load %x[%i, %j] : !halide.buffer<64x?xf32>
    %b = arith.mulf %a, %a : f32
    halide.yield %b : f32
  }
  %row = halide.func "row"(i = %i, j = %j) : f32 {
    %a = halide.call %root(%i, %j) : !halide.func<2xf32>
    %b = arith.mulf %a, %a : f32
    halide.yield %b : f32
  }
  %tile = halide.func "tile"(i = %i, j = %j) : f32 {
    %a = halide.call %row(%i, %j) : !halide.func<2xf32>
    %b = arith.mulf %a, %a : f32
    halide.yield %b : f32
  }
  %out = halide.func "out"(i = %i, j = %j) : f32 {
    %a = halide.call %tile(%i, %j) : !halide.func<2xf32>
    %b = arith.mulf %a, %a : f32
    halide.yield %b : f32
  }
  halide.output %out : !halide.func<2xf32>
}
halide.schedule @places for "x86-64-v3" {
  halide.compute_root "root"
  halide.align_storage "root" j by 16
  halide.reorder_storage "root" (j, i)
  halide.store_in "root" heap
  halide.compute_at "row" in "out" at i
  halide.store_at "row" in "out" at j
  halide.store_in "row" stack
  halide.align_bounds "row" i by 4
  halide.compute_at "tile" in "out" at i
  halide.hoist_storage "tile" in "out" at j
  halide.bound_extent "tile" i by 1
  halide.store_in "tile" auto
  halide.bound "out" i from 0 extent 64
  halide.prefetch "out" of "x" at j from j by 2
  halide.prefetch "out" of "root" at j from j by 1
}

// Other loops where an output is small; the directives behind it are for both.
//
// CPP-LABEL: static void small(
// CPP: row.compute_at(out, j)
// CPP-NEXT:     .split(i, io, ii, 8)
// CPP-NEXT:     .specialize(out.output_buffer().dim(1).extent() <= 4)
// CPP-NEXT:     .parallel(io)
// CPP-NEXT:     .vectorize(ii);
// CPP-NEXT: row.store_in(MemoryType::Heap);
//
// STMT-LABEL: module name=small
// STMT: internal func small_par_for_row
// STMT: row[ramp(
// STMT: let [[SMALL:t[0-9]+]] = out.extent.1 <= 4
// STMT: if ([[SMALL]]) {
// STMT: halide_do_par_for({{.*}}small_par_for_row
// STMT: } else {
// STMT-NOT: halide_do_par_for
// STMT: row[
halide.pipeline @small(%x: !halide.buffer<64x?xf32> {halide.name = "x"})
    -> !halide.buffer<64x?xf32> {
  %row = halide.func "row"(i = %i, j = %j) : f32 {
    %a = halide.load %x[%i, %j] : !halide.buffer<64x?xf32>
    %b = arith.mulf %a, %a : f32
    halide.yield %b : f32
  }
  %out = halide.func "out"(i = %i, j = %j) : f32 {
    %a = halide.call %row(%i, %j) : !halide.func<2xf32>
    halide.yield %a : f32
  }
  halide.output %out : !halide.func<2xf32>
}
halide.schedule @small for "x86-64-v3" {
  halide.compute_at "row" in "out" at j
  halide.split "row" i into (io, ii) by 8
  halide.specialize "row" where output(0) dim(1) at_most 4 {
    halide.parallel "row" io
    halide.vectorize "row" ii
  }
  halide.store_in "row" heap
}

// Updates and their reduction variables.
//
// CPP-LABEL: static void updates(
// CPP: RDom k_1(0, 64, "k");
// CPP: RDom r(0, 4, 0, 16, "r");
// CPP-NEXT: RVar a = r[0], b = r[1];
//
// CPP: RVar ki("ki"), ab("ab");
// CPP-NEXT: term.compute_at(sum, k_1);
// CPP-NEXT: sum.update()
// CPP-NEXT:     .split(k_1, k_1, ki, 8)
// CPP-NEXT:     .reorder(ki, i, k_1)
// CPP-NEXT:     .atomic()
// CPP-NEXT:     .vectorize(ki);
// CPP-NEXT: sum.update(1)
// CPP-NEXT:     .fuse(a, b, ab)
// CPP-NEXT:     .unroll(ab, 2)
// CPP-NEXT:     .parallel(i);
//
// STMT-LABEL: module name=updates
// STMT: internal func updates_par_for_sum_s2_i
// STMT: for (sum.s2.a.ab.ab, 0, 32) {
// STMT-COUNT-2: sum[sum.s2.i] = max(
// STMT: for (sum.s1.k.k, 0, 8) {
// STMT-NEXT: allocate term[
// STMT: for (sum.s1.i, 0,
// STMT-NEXT: vector_reduce_add(term[ramp(sum.s1.i*8, 1, 8)
// STMT: halide_do_par_for({{.*}}updates_par_for_sum_s2_i, 0, sum.extent.0,
halide.pipeline @updates(%x: !halide.buffer<64x?xf32> {halide.name = "x"})
    -> !halide.buffer<?xf32> {
  %zero = arith.constant 0.0 : f32
  %first = arith.constant 0 : i32
  %four = arith.constant 4 : i32
  %sixteen = arith.constant 16 : i32
  %all = arith.constant 64 : i32
  %term = halide.func "term"(k = %k, i = %i) : f32 {
    %a = halide.load %x[%k, %i] : !halide.buffer<64x?xf32>
    %b = arith.mulf %a, %a : f32
    halide.yield %b : f32
  }
  %sum = halide.func "sum"(i = %i) : f32 {
    halide.yield %zero : f32
  }
  halide.update %sum(i = %i) over (k = %k in %first to %all) : !halide.func<1xf32> {
    %a = halide.call %term(%k, %i) : !halide.func<2xf32>
    %b = halide.call %sum(%i) : !halide.func<1xf32>
    %c = arith.addf %b, %a : f32
    halide.yield %c : f32
  }
  halide.update %sum(i = %i) over (a = %a in %first to %four, b = %b in %first to %sixteen)
      : !halide.func<1xf32> {
    %k = arith.muli %b, %four : i32
    %l = arith.addi %k, %a : i32
    %c = halide.load %x[%l, %i] : !halide.buffer<64x?xf32>
    %d = halide.call %sum(%i) : !halide.func<1xf32>
    %e = arith.maximumf %d, %c : f32
    halide.yield %e : f32
  }
  halide.output %sum : !halide.func<1xf32>
}
halide.schedule @updates for "x86-64-v3" {
  halide.compute_at "term" in "sum" update(0) at k
  halide.split "sum" update(0) k into (k, ki) by 8
  halide.reorder "sum" update(0) (ki, i, k)
  halide.atomic "sum" update(0)
  halide.vectorize "sum" update(0) ki
  halide.fuse "sum" update(1) (a, b) into ab
  halide.unroll "sum" update(1) ab by 2
  halide.parallel "sum" update(1) i
}
