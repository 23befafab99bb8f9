// RUN: sylvite-opt --sylvite-form-kernels --split-input-file %s | FileCheck %s

// Queries, keys and values are parts of one tensor: index arithmetic with
// constant strides, and no division. The scale and log2(e) are one factor.
// CHECK-LABEL: halide.pipeline @attention_f32(
// CHECK-SAME:    %[[X:.*]]: !halide.buffer<96x?x?xf32>) -> !halide.buffer<8x4x?x?xf32>
// CHECK-SAME:    block_rows = 8
// CHECK-SAME:    halide.class = "attention"
// CHECK-SAME:    panel_keys = 8
// CHECK-DAG:     %[[ROWS:.*]] = halide.extent %[[X]][1]
// CHECK-DAG:     %[[EIGHT:.*]] = arith.constant 8 : i32
// CHECK-DAG:     %[[SCALE:.*]] = arith.constant 0.721347{{.*}} : f32
// CHECK-DAG:     %[[K:.*]] = arith.constant 32 : i32
// CHECK-DAG:     %[[V:.*]] = arith.constant 64 : i32
// CHECK-DAG:     %[[MASKED:.*]] = arith.constant -1.000000e+30 : f32
// CHECK-DAG:     %[[LEAST:.*]] = arith.constant -1.000000e+29 : f32
//
// CHECK:         %[[QUERY:.*]] = halide.func "query"(f = %[[F:.*]], qi = %[[QI:.*]], qo = %[[QO:.*]], h = %[[H:.*]], b = %[[B:.*]]) : f32
// CHECK:           %[[FIRST:.*]] = arith.muli %[[QO]], %[[EIGHT]]
// CHECK:           %[[ROW:.*]] = arith.addi %[[FIRST]], %[[QI]]
// CHECK:           %[[CLAMPED:.*]] = arith.minsi %[[ROW]],
// CHECK:           %[[HEAD:.*]] = arith.muli %[[H]], %[[EIGHT]]
// CHECK:           %[[COLUMN:.*]] = arith.addi %[[HEAD]], %[[F]]
// CHECK:           %[[Q:.*]] = halide.load %[[X]][%[[COLUMN]], %[[CLAMPED]], %[[B]]]
// CHECK:           arith.mulf %[[Q]], %[[SCALE]]
//
// CHECK:         halide.func "key_row0"(i = %[[I:.*]], fo = %{{.*}}, ko = %{{.*}}, h = %[[H:.*]], b = %{{.*}}) : f32
// CHECK:           %[[LANE:.*]] = arith.remui %[[I]], %[[EIGHT]]
// CHECK:           %[[F:.*]] = arith.addi %{{.*}}, %[[LANE]]
// CHECK:           arith.floordivsi %[[I]], %[[EIGHT]]
// CHECK:           %[[HEAD:.*]] = arith.muli %[[H]], %[[EIGHT]]
// CHECK:           %[[IN_HEAD:.*]] = arith.addi %[[HEAD]], %[[F]]
// CHECK:           %[[COLUMN:.*]] = arith.addi %[[IN_HEAD]], %[[K]]
// CHECK:           halide.load %[[X]][%[[COLUMN]],
//
// Squares of eight by eight are transposed by three shuffles of halves.
// CHECK:         %[[ROW:.*]] = halide.func "key_row3"(i = %[[I:.*]], fo
// CHECK:           %[[FIRST:.*]] = arith.floordivsi %[[I]], %{{.*}}
// CHECK:           arith.addi %[[FIRST]], %[[K]]
// CHECK:         %[[KEY:.*]] = halide.func "key"(ki = %[[KI:.*]], f = %[[F:.*]], ko
// CHECK:           %[[IN:.*]] = arith.remui %[[F]], %[[EIGHT]]
// CHECK:           %[[LINE:.*]] = arith.muli %[[IN]], %[[EIGHT]]
// CHECK:           %[[PLACE:.*]] = arith.addi %[[LINE]], %[[KI]]
// CHECK:           %[[SQUARE:.*]] = arith.floordivsi %[[F]], %[[EIGHT]]
// CHECK:           halide.call %[[ROW]](%[[PLACE]], %[[SQUARE]],
//
// Values are copied, and zero behind the last key.
// CHECK:         %[[VALUE:.*]] = halide.func "value"(d = %[[D:.*]], ki = %{{.*}}, ko = %{{.*}}, h = %[[H:.*]], b = %[[B:.*]]) : f32
// CHECK:           %[[HEAD:.*]] = arith.muli %[[H]], %[[EIGHT]]
// CHECK:           %[[IN_HEAD:.*]] = arith.addi %[[HEAD]], %[[D]]
// CHECK:           %[[COLUMN:.*]] = arith.addi %[[IN_HEAD]], %[[V]]
// CHECK:           %[[LOADED:.*]] = halide.load %[[X]][%[[COLUMN]], %{{.*}}, %[[B]]]
// CHECK:           %[[LIKELY:.*]] = halide.likely
// CHECK:           arith.select %[[LIKELY]], %[[LOADED]],
//
// CHECK:         halide.update %[[DOT:.*]](ki = %{{.*}}, ko = %{{.*}}, qi = %{{.*}}, qo = %{{.*}}, h = %{{.*}}, b = %{{.*}}) over (f = %{{.*}} in %{{.*}} to %[[EIGHT]])
// CHECK:         %[[SCORE:.*]] = halide.func "score"(ki = %[[KI:.*]], ko = %[[KO:.*]], qi
// CHECK:           %[[PANEL:.*]] = arith.muli %[[KO]], %[[EIGHT]]
// CHECK:           %[[PLACE:.*]] = arith.addi %[[PANEL]], %[[KI]]
// CHECK:           %[[S:.*]] = halide.call %[[DOT]]
// CHECK:           %[[SEEN:.*]] = arith.cmpi slt, %[[PLACE]], %[[ROWS]]
// CHECK:           %[[LIKELY:.*]] = halide.likely %[[SEEN]]
// CHECK:           %[[BITS:.*]] = arith.bitcast %[[S]] : f32 to i32
// CHECK:           %[[ALL:.*]] = arith.select %[[LIKELY]], %{{.*}}, %{{.*}} : i32
// CHECK:           arith.andi %[[BITS]], %[[ALL]]
// CHECK:           %[[HIDDEN:.*]] = arith.bitcast %[[MASKED]] : f32 to i32
// CHECK:           arith.ori
//
// CHECK:         halide.func "lane_max"
// CHECK-NEXT:      halide.yield %[[LEAST]]
// CHECK:         %[[MAX:.*]] = halide.func "max"
// CHECK:         %[[WEIGHT:.*]] = halide.func "weight"
// CHECK:           %[[S:.*]] = halide.call %[[SCORE]]
// CHECK:           %[[M:.*]] = halide.call %[[MAX]]
// CHECK:           %[[DIFFERENCE:.*]] = arith.subf %[[S]], %[[M]]
// CHECK:           math.exp2 %[[DIFFERENCE]]
//
// CHECK:         halide.func "lane_sum"
// CHECK:         %[[SUM:.*]] = halide.func "sum"
// CHECK:         %[[ACC:.*]] = halide.func "acc"(d = %{{.*}}, qi = %{{.*}}, kb = %{{.*}}, qo
// CHECK:         halide.update %[[ACC]](d = %[[D:.*]], qi = %{{.*}}, kb = %[[KB:.*]], qo = %{{.*}}, h = %[[H:.*]], b = %[[B:.*]]) over (ki = %[[KI:.*]] in %{{.*}} to %[[EIGHT]], ko = %[[IN_BLOCK:.*]] in %{{.*}} to %[[PANELS:.*]])
// CHECK:           %[[FIRST:.*]] = arith.muli %[[KB]], %[[PANELS]]
// CHECK:           %[[PANEL:.*]] = arith.addi %[[FIRST]], %[[IN_BLOCK]]
// CHECK:           %[[KEYS:.*]] = arith.muli %[[PANEL]], %[[EIGHT]]
// CHECK:           %[[BEFORE:.*]] = arith.cmpi slt, %[[KEYS]], %[[ROWS]]
// CHECK:           halide.where %[[BEFORE]]
// CHECK:           halide.call %[[WEIGHT]]
// CHECK:           halide.call %[[VALUE]](%[[D]], %[[KI]],
//
// Blocks of keys are put together by the greatest maximum.
// CHECK:         %[[TILE:.*]] = halide.func "tile"
// CHECK:         %[[PART:.*]] = halide.func "part"(d = %[[D:.*]], qi
// CHECK:           arith.cmpi slt, %[[D]], %[[EIGHT]]
// CHECK:           halide.call %[[TILE]]
// CHECK:           halide.call %[[MAX]]
// CHECK:           halide.call %[[SUM]]
// CHECK:         %[[TOP:.*]] = halide.func "top"
// CHECK:         %[[FACTOR:.*]] = halide.func "factor"
// CHECK:           math.exp2
// CHECK:         %[[TOTAL:.*]] = halide.func "total"
// CHECK:         %[[INVERSE:.*]] = halide.func "inverse"
// CHECK:           %[[ANY:.*]] = arith.cmpf ogt
// CHECK:           arith.select %[[ANY]],
// CHECK:         halide.func "merged"
// CHECK:           halide.call %[[FACTOR]]
// CHECK:           halide.call %[[PART]]
// CHECK:         %[[MEAN:.*]] = halide.func "mean"
// CHECK:         halide.func "out"(d = %[[D:.*]], h = %[[H:.*]], m = %[[M:.*]], b = %[[B:.*]]) : f32
// CHECK:           %[[QI:.*]] = arith.remui %[[M]], %[[EIGHT]]
// CHECK:           %[[QO:.*]] = arith.floordivsi %[[M]], %[[EIGHT]]
// CHECK:           halide.call %[[MEAN]](%[[D]], %[[QI]], %[[QO]], %[[H]], %[[B]])
!packed = tensor<?x?x96xf32, #graph.dims<batch, seq, _>>
!part = tensor<?x?x32xf32, #graph.dims<batch, seq, _>>
!heads = tensor<?x?x4x8xf32, #graph.dims<batch, seq, _, _>>
func.func @packed(%x: !packed) -> !heads {
  %0 = graph.slice %x axis(2) [0, 32] : (!packed) -> !part
  %q = graph.reshape %0 : !part to !heads
  %1 = graph.slice %x axis(2) [32, 64] : (!packed) -> !part
  %k = graph.reshape %1 : !part to !heads
  %2 = graph.slice %x axis(2) [64, 96] : (!packed) -> !part
  %v = graph.reshape %2 : !part to !heads
  %o = graph.attention %q, %k, %v scale(0.5) layout(bshd)
      : (!heads, !heads, !heads) -> !heads
  return %o : !heads
}

// -----

// What of a mask depends on the key alone is computed once for all queries and
// heads, and so is the last key that it shows; what depends on the pair shortens
// the loops over keys by block.
// CHECK-LABEL: halide.pipeline @attention_f32(
// CHECK-SAME:    %[[X:.*]]: !halide.buffer<8x?x2x?xf32>, %[[KEEP:.*]]: !halide.buffer<?x?xi64>)
// CHECK:         %[[MASK:.*]] = halide.func "mask"(ki = %{{.*}}, ko = %{{.*}}, b = %[[B:.*]]) : i32
// CHECK:           halide.load %[[KEEP]][%{{.*}}, %[[B]]]
// CHECK:         %[[END:.*]] = halide.func "end"(b = %{{.*}}) : i32
// CHECK:         halide.update %[[END]](b = %[[B:.*]]) over (t = %[[T:.*]] in
// CHECK:           halide.load %[[KEEP]][%[[T]], %[[B]]]
//
// Values that are not kept are zero. Of each panel it is known whether all of
// them are finite.
// CHECK:         %[[VALUE:.*]] = halide.func "value"(
// CHECK:           halide.call %[[MASK]]
// CHECK:         halide.func "lane_bits"(
// CHECK:         %[[BITS:.*]] = halide.func "value_bits"(
//
// Pairs of panels behind the last key that is kept have no scores.
// CHECK:         halide.update %[[DOT:.*]](ki = %{{.*}}, kr = %{{.*}}, kt = %[[KT:.*]], qi
// CHECK:           %[[FIRST:.*]] = arith.muli %[[KT]]
// CHECK:           %[[LAST:.*]] = halide.call %[[END]]
// CHECK:           %[[KEYS:.*]] = arith.muli %[[FIRST]]
// CHECK:           arith.cmpi slt, %[[KEYS]],
// CHECK:           halide.where
// CHECK:         halide.func "score"
// CHECK:           %[[SEEN:.*]] = arith.cmpi sle
// CHECK:           halide.likely %[[SEEN]]
// CHECK:           halide.call %[[MASK]]
// CHECK:         halide.update %{{.*}} over (ko = %[[KO:.*]] in
// CHECK:           arith.addi %{{.*}}, %[[KO]]
// CHECK:           %[[LAST:.*]] = halide.call %[[END]]
// CHECK:           %[[LIMIT:.*]] = arith.minsi %{{.*}}, %[[LAST]]
// CHECK:           arith.cmpi slt
// CHECK:           halide.where
//
// Nor have they weights.
// CHECK:         %[[WEIGHT:.*]] = halide.func "weight"
// CHECK-NEXT:      halide.undef
// CHECK:         halide.update %[[WEIGHT]]({{.*}}) over (kr = %{{.*}} in
// CHECK:           halide.where
//
// Values that are not finite count in a loop of their own, and not by a weight
// of zero.
// CHECK:         halide.update %[[ACC:acc]]({{.*}}) over (ki = %{{.*}} in
// CHECK:           halide.call %[[VALUE]]
// CHECK-NOT:       arith.cmpf
// CHECK:         halide.update %[[ACC]]
// CHECK:           %[[P:.*]] = halide.call %[[WEIGHT]](
// CHECK:           halide.call %[[BITS]]
// CHECK:           arith.cmpf {{.*}} %[[P]],
// CHECK:         halide.func "tile"
!x = tensor<?x2x?x8xf32, #graph.dims<batch, _, seq, _>>
!keep = tensor<?x?xi64, #graph.dims<batch, seq>>
func.func @masks(%x: !x, %m: !keep) -> !x {
  %o = graph.attention %x, %x, %x mask(causal and keep(%m))
      : (!x, !x, !x, !keep) -> !x
  return %o : !x
}

// -----

// A formula works on scores before they become powers of two; `index` is i32,
// and four query heads share a key head.
// CHECK-LABEL: halide.pipeline @attention_f32(
// CHECK-SAME:    %{{.*}}: !halide.buffer<8x?x4x1xf32>, %{{.*}}: !halide.buffer<8x?x1x1xf32>, %[[SLOPES:.*]]: !halide.buffer<4xf32>)
// CHECK-DAG:     %[[LOG2_E:.*]] = arith.constant 1.44269502 : f32
// CHECK-DAG:     %[[FOUR:.*]] = arith.constant 4 : i32
// CHECK:         %[[KEY:.*]] = halide.func "key"
// CHECK:         halide.update %[[DOT:.*]](ki = %{{.*}}, ko = %{{.*}}, qi = %{{.*}}, qo = %{{.*}}, h = %[[H:.*]], b = %{{.*}}) over
// CHECK:           %[[KEY_HEAD:.*]] = arith.floordivsi %[[H]], %[[FOUR]]
// CHECK:           halide.call %[[KEY]](%{{.*}}, %{{.*}}, %{{.*}}, %[[KEY_HEAD]],
// CHECK:         halide.func "score"(ki = %{{.*}}, ko = %{{.*}}, qi = %{{.*}}, qo = %{{.*}}, h = %[[H:.*]], b =
// CHECK:           %[[S:.*]] = halide.call %[[DOT]]
// CHECK:           %[[I:.*]] = arith.minsi
// CHECK:           %[[J:.*]] = arith.minsi
// CHECK:           %[[DISTANCE:.*]] = arith.subi %[[I]], %[[J]] : i32
// CHECK:           %[[NUMBER:.*]] = arith.sitofp %[[DISTANCE]] : i32 to f32
// CHECK:           %[[SLOPE:.*]] = halide.load %[[SLOPES]][%[[H]]]
// CHECK:           %[[PENALTY:.*]] = arith.mulf %[[SLOPE]], %[[NUMBER]]
// CHECK:           %[[NEW:.*]] = arith.subf %[[S]], %[[PENALTY]]
// CHECK:           arith.mulf %[[NEW]], %[[LOG2_E]]
!q = tensor<1x4x?x8xf32, #graph.dims<_, _, seq, _>>
!k = tensor<1x1x?x8xf32, #graph.dims<_, _, keys, _>>
func.func @formula(%q: !q, %k: !k, %slopes: tensor<4xf32>) -> !q {
  %o = graph.attention %q, %k, %k score {
  ^bb0(%s: f32, %b: index, %h: index, %i: index, %j: index):
    %distance = arith.subi %i, %j : index
    %integer = arith.index_cast %distance : index to i32
    %number = arith.sitofp %integer : i32 to f32
    %slope = tensor.extract %slopes[%h] : tensor<4xf32>
    %penalty = arith.mulf %slope, %number : f32
    %y = arith.subf %s, %penalty : f32
    graph.yield %y : f32
  } : (!q, !k, !k) -> !q
  return %o : !q
}

// -----

// Weights that are a result have a kernel of their own; another one multiplies
// values by them, in a layout with heads inside.
// CHECK-LABEL: halide.pipeline @attention_weights_f32(
// CHECK-SAME:    -> !halide.buffer<?x?x4x?xf32>
// CHECK:         %[[WEIGHT:.*]] = halide.func "weight"
// CHECK:         %[[INVERSE:.*]] = halide.func "inverse"
// CHECK:         halide.func "out"(n = %{{.*}}, m = %{{.*}}, h = %{{.*}}, b = %{{.*}}) : f32
// CHECK:           %[[W:.*]] = halide.call %[[WEIGHT]]
// CHECK:           %[[I:.*]] = halide.call %[[INVERSE]]
// CHECK:           arith.mulf %[[W]], %[[I]]
// CHECK-LABEL: halide.pipeline @attention_values_f32(
// CHECK-SAME:    %[[P:.*]]: !halide.buffer<?x?x4x?xf32>, %[[V:.*]]: !halide.buffer<8x2x?x?xf32>)
// CHECK:         halide.update
// CHECK:           halide.load %[[P]][
// CHECK:           halide.load %[[V]][
// CHECK:         func.func @weights(
// CHECK:         %[[T:.*]] = halide.invoke @attention_weights_f32
// CHECK:         %[[O:.*]] = halide.invoke @attention_values_f32 ins(%[[T]], %arg2 :
// CHECK:         return %[[O]], %[[T]]
!q = tensor<?x?x4x8xf32, #graph.dims<batch, seq, _, _>>
!k = tensor<?x?x2x8xf32, #graph.dims<batch, keys, _, _>>
!w = tensor<?x4x?x?xf32, #graph.dims<batch, _, seq, keys>>
func.func @weights(%q: !q, %k: !k, %v: !k) -> (!q, !w) {
  %o, %p = graph.attention %q, %k, %v layout(bshd) : (!q, !k, !k) -> (!q, !w)
  return %o, %p : !q, !w
}
