// RUN: sylvite-opt %s | FileCheck %s
// RUN: sylvite-opt %s | sylvite-opt | FileCheck %s
// RUN: sylvite-opt %s --mlir-print-op-generic | sylvite-opt | FileCheck %s
// RUN: sylvite-opt %s --emit-bytecode | sylvite-opt | FileCheck %s

// CHECK-LABEL: func.func private @types
// CHECK-SAME: !halide.buffer<384x?xf32>, !halide.buffer<f16>, !halide.buffer<?x?x4xbf16>, !halide.buffer<3xui8>
// CHECK-SAME: !halide.func<2xf32>, !halide.func<0xi1>
func.func private @types(!halide.buffer<384x?xf32>, !halide.buffer<f16>,
                         !halide.buffer<?x?x4xbf16>, !halide.buffer<3xui8>,
                         !halide.func<2xf32>, !halide.func<0xi1>)

// Buffers keep their attributes; functions and variables give values names.
// CHECK-LABEL: halide.pipeline @pointwise
// CHECK-SAME: (%[[X:.*]]: !halide.buffer<8x?xf32> {halide.align = 64 : i64, halide.name = "x"})
// CHECK-SAME: -> (!halide.buffer<8x?xf32> {halide.name = "y"})
// CHECK-SAME: attributes {halide.class = "elementwise"} {
halide.pipeline @pointwise(%x: !halide.buffer<8x?xf32>
                               {halide.name = "x", halide.align = 64 : i64})
    -> (!halide.buffer<8x?xf32> {halide.name = "y"})
    attributes {halide.class = "elementwise"} {
  // CHECK: %out = halide.func "out"(n = %n, m = %m) : f32 {
  %f = halide.func "out"(n = %i, m = %j) : f32 {
    // CHECK-NEXT: %[[A:.*]] = halide.load %[[X]][%n, %m] : <8x?xf32>
    %a = halide.load %x[%i, %j] : !halide.buffer<8x?xf32>
    // CHECK-NEXT: %[[B:.*]] = math.exp %[[A]] : f32
    %b = math.exp %a : f32
    // CHECK-NEXT: halide.yield %[[B]] : f32
    halide.yield %b : f32
  }
  // CHECK: halide.output %out : !halide.func<2xf32>
  halide.output %f : !halide.func<2xf32>
}

// Without a name before the equal sign, the SSA name serves.
// CHECK-LABEL: halide.pipeline @short
halide.pipeline @short() -> !halide.buffer<?xi32> {
  // CHECK: %f = halide.func "f"(x = %x) : i32 {
  %f = halide.func "f"(%x) : i32 {
    halide.yield %x : i32
  }
  halide.output %f : !halide.func<1xi32>
}

// A name that is no identifier is written as a string.
// CHECK-LABEL: halide.pipeline @strange_names
halide.pipeline @strange_names() -> !halide.buffer<?xi32> {
  // CHECK: halide.func "f.0"("x y" = %{{.*}}) : i32 {
  %f = halide.func "f.0"("x y" = %x) : i32 {
    halide.yield %x : i32
  }
  halide.output %f : !halide.func<1xi32>
}

// A function of no variables is one value; a pipeline may fill several buffers.
// CHECK-LABEL: halide.pipeline @outputs
// CHECK-SAME: -> (!halide.buffer<i32>, !halide.buffer<?xi32>)
halide.pipeline @outputs(%x: !halide.buffer<?xi32>)
    -> (!halide.buffer<i32>, !halide.buffer<?xi32>) {
  // CHECK: %[[N:.*]] = halide.extent %{{.*}}[0] : <?xi32>
  %extent = halide.extent %x[0] : !halide.buffer<?xi32>
  // CHECK: %n = halide.func "n"() : i32 {
  // CHECK-NEXT: halide.yield %[[N]] : i32
  %n = halide.func "n"() : i32 {
    halide.yield %extent : i32
  }
  // CHECK: %f = halide.func "f"(i = %i) : i32 {
  %f = halide.func "f"(i = %i) : i32 {
    // CHECK-NEXT: halide.call %n() : <0xi32>
    %a = halide.call %n() : !halide.func<0xi32>
    halide.yield %a : i32
  }
  // CHECK: halide.output %n, %f : !halide.func<0xi32>, !halide.func<1xi32>
  halide.output %n, %f : !halide.func<0xi32>, !halide.func<1xi32>
}

// CHECK-LABEL: halide.pipeline @updates
halide.pipeline @updates(%x: !halide.buffer<64x?xi32>) -> !halide.buffer<?xi32> {
  // CHECK: %[[LO:.*]] = arith.constant 0 : i32
  %lo = arith.constant 0 : i32
  // CHECK: %[[HI:.*]] = arith.constant 64 : i32
  %hi = arith.constant 64 : i32
  %s = halide.func "s"(m = %m) : i32 {
    halide.yield %lo : i32
  }
  // Without a domain: one more definition.
  // CHECK: halide.update %s(m = %m) : !halide.func<1xi32> {
  halide.update %s(m = %m) : !halide.func<1xi32> {
    halide.yield %m : i32
  }
  // CHECK: halide.update %s(m = %m) over (k = %k in %[[LO]] to %[[HI]], l = %l in %[[LO]] to %[[LO]]) : !halide.func<1xi32> {
  halide.update %s(m = %m) over (k = %k in %lo to %hi, l = %l in %lo to %lo)
      : !halide.func<1xi32> {
    // CHECK-NEXT: %[[BELOW:.*]] = arith.cmpi slt, %k, %m : i32
    %below = arith.cmpi slt, %k, %m : i32
    // CHECK-NEXT: halide.where %[[BELOW]]
    halide.where %below
    %a = halide.load %x[%k, %m] : !halide.buffer<64x?xi32>
    // CHECK: halide.call %s(%m) : <1xi32>
    %b = halide.call %s(%m) : !halide.func<1xi32>
    %c = arith.addi %a, %b : i32
    halide.yield %c : i32
  }
  // A scatter: the value goes to a place of its own.
  // CHECK: halide.update %s(m = %m) over (k = %k in %[[LO]] to %[[HI]]) : !halide.func<1xi32> {
  halide.update %s(m = %m) over (k = %k in %lo to %hi) : !halide.func<1xi32> {
    %place = halide.load %x[%k, %m] : !halide.buffer<64x?xi32>
    // CHECK: halide.yield %k at(%{{.*}}) : i32
    halide.yield %k at(%place) : i32
  }
  halide.output %s : !halide.func<1xi32>
}

// Discardable attributes survive.
// CHECK-LABEL: halide.pipeline @attributes
halide.pipeline @attributes() -> !halide.buffer<?xi32> {
  // CHECK: halide.func "f"(x = %x) : i32 attributes {note = "pure"} {
  %f = halide.func "f"(x = %x) : i32 attributes {note = "pure"} {
    halide.yield %x : i32
  }
  // CHECK: halide.update %f(x = %x) : !halide.func<1xi32> attributes {note = "again"} {
  halide.update %f(x = %x) : !halide.func<1xi32> attributes {note = "again"} {
    halide.yield %x : i32
  }
  halide.output %f : !halide.func<1xi32>
}

// Short products of words.
// CHECK-LABEL: halide.pipeline @dots
halide.pipeline @dots(%x: !halide.buffer<?xi32>, %w: !halide.buffer<?xi32>)
    -> (!halide.buffer<?xi32>, !halide.buffer<?xf32>) {
  %zero = arith.constant 0 : i32
  %none = arith.constant 0.0 : f32
  %f = halide.func "bytes"(i = %i) : i32 {
    %a = halide.load %x[%i] : !halide.buffer<?xi32>
    %b = halide.load %w[%i] : !halide.buffer<?xi32>
    // CHECK: halide.dot u8s8 %{{.*}}, %{{.*}}, %{{.*}} : i32
    %c = halide.dot u8s8 %zero, %a, %b : i32
    halide.yield %c : i32
  }
  %g = halide.func "floats"(i = %i) : f32 {
    %a = halide.load %x[%i] : !halide.buffer<?xi32>
    %b = halide.load %w[%i] : !halide.buffer<?xi32>
    // CHECK: halide.dot bf16 %{{.*}}, %{{.*}}, %{{.*}} : f32
    %c = halide.dot bf16 %none, %a, %b : f32
    halide.yield %c : f32
  }
  halide.output %f, %g : !halide.func<1xi32>, !halide.func<1xf32>
}

// CHECK-LABEL: halide.pipeline @pairs
halide.pipeline @pairs(%x: !halide.buffer<?xi32>, %w: !halide.buffer<?xi16>)
    -> !halide.buffer<?xi32> {
  %zero = arith.constant 0 : i32
  %f = halide.func "pairs"(i = %i) : i32 {
    %a = halide.load %x[%i] : !halide.buffer<?xi32>
    %b = halide.load %w[%i] : !halide.buffer<?xi16>
    // CHECK: halide.dot s16s8 %{{.*}}, %{{.*}}, %{{.*}} : i32
    %c = halide.dot s16s8 %zero, %a, %b : i32
    halide.yield %c : i32
  }
  halide.output %f : !halide.func<1xi32>
}

// A function of several values, which its updates change together.
// CHECK-LABEL: halide.pipeline @range
halide.pipeline @range(%x: !halide.buffer<?xi32>) -> !halide.buffer<1xi32> {
  %zero = arith.constant 0 : i32
  %extent = halide.extent %x[0] : !halide.buffer<?xi32>
  // CHECK: %ends:2 = halide.func "ends"(i = %i) : i32, i32 {
  %ends:2 = halide.func "ends"(i = %i) : i32, i32 {
    %first = halide.load %x[%zero] : !halide.buffer<?xi32>
    // CHECK: halide.yield %[[A:.*]], %[[A]] : i32, i32
    halide.yield %first, %first : i32, i32
  }
  // CHECK: halide.update %ends#0(i = %i) over (k = %k in %{{.*}} to %{{.*}})
  halide.update %ends#0(i = %i) over (k = %k in %zero to %extent)
      : !halide.func<1xi32> {
    %a = halide.load %x[%k] : !halide.buffer<?xi32>
    // CHECK: halide.call %ends#0(%i)
    %low = halide.call %ends#0(%i) : !halide.func<1xi32>
    // CHECK: halide.call %ends#1(%i)
    %high = halide.call %ends#1(%i) : !halide.func<1xi32>
    %min = arith.minsi %low, %a : i32
    %max = arith.maxsi %high, %a : i32
    // CHECK: halide.yield %{{.*}}, %{{.*}} at(%i) : i32, i32
    halide.yield %min, %max at (%i) : i32, i32
  }
  %out = halide.func "out"(i = %i) : i32 {
    %low = halide.call %ends#0(%i) : !halide.func<1xi32>
    %high = halide.call %ends#1(%i) : !halide.func<1xi32>
    %d = arith.subi %high, %low : i32
    halide.yield %d : i32
  }
  halide.output %out : !halide.func<1xi32>
}
