// Algorithms as a program of Halide: buffers, functions, updates, names.
// What it means is checked in print-cpp-means-the-same.test.
//
// RUN: sylvite-translate --halide-to-cpp --target=x86-64-v3 --default-schedule %s \
// RUN:   | FileCheck %s

// Only the helpers that are called, before those who call them.
//
// CHECK: #include "Halide.h"
// CHECK: using namespace Halide;
// CHECK-NOT: exp2_f32
// CHECK: /// a / b, rounded down
// CHECK-NEXT: inline Expr floor_div(Expr a, Expr b) {
// CHECK-NOT: ceil_div
// CHECK: inline Expr minus_ln_two(
// CHECK-NOT: exp_f32
// CHECK: inline Expr tanh_f32(
// CHECK: static void compile(

// Bounds and strides that types fix; Halide's own default is left out.
//
// CHECK-LABEL: static void buffers(const Target &target) {
// CHECK-NEXT: ImageParam x(Float(32), 2, "x");
// CHECK-NEXT: x.dim(0).set_bounds(0, 64);
// CHECK-NEXT: x.dim(1).set_min(0).set_stride(64);
// CHECK-NEXT: x.set_host_alignment(64);
// CHECK-NEXT: ImageParam arg1(BFloat(16), 3, "arg1");
// CHECK-NEXT: arg1.dim(0).set_bounds(0, 8);
// CHECK-NEXT: arg1.dim(1).set_min(0).set_stride(8);
// CHECK-NEXT: arg1.dim(2).set_min(0);
// CHECK-NEXT: ImageParam flags(Bool(), 1, "flags");
// CHECK-NEXT: flags.dim(0).set_min(0);
// CHECK-NEXT: ImageParam bytes(UInt(8), 0, "bytes");
// CHECK-EMPTY:
// CHECK-NEXT: Var i("i"), j("j");
// CHECK-NEXT: Func out("out");
// CHECK-NEXT: out(i, j) = select(flags(i), x(i, j), cast<float>(arg1(i, j, 0)));
// CHECK-EMPTY:
// CHECK-NEXT: Func copy("copy");
// CHECK-NEXT: copy() = bytes();
// CHECK-EMPTY:
// CHECK-NEXT: out.output_buffer().dim(0).set_bounds(0, 64);
// CHECK-NEXT: out.output_buffer().dim(1).set_min(0).set_stride(64);
// CHECK-NEXT: out.output_buffer().set_host_alignment(32);
// CHECK-EMPTY:
// CHECK-NEXT: compile({out, copy}, {x, arg1, flags, bytes}, "buffers", target);
// CHECK-NEXT: }
halide.pipeline @buffers(
    %x: !halide.buffer<64x?xf32> {halide.name = "x", halide.align = 64 : i64},
    %y: !halide.buffer<8x?x?xbf16>, %flags: !halide.buffer<?xi1> {halide.name = "flags"},
    %bytes: !halide.buffer<ui8> {halide.name = "bytes"})
    -> (!halide.buffer<64x?xf32> {halide.align = 32 : i64}, !halide.buffer<ui8>) {
  %first = arith.constant 0 : i32
  %out = halide.func "out"(i = %i, j = %j) : f32 {
    %a = halide.load %x[%i, %j] : !halide.buffer<64x?xf32>
    %b = halide.load %y[%i, %j, %first] : !halide.buffer<8x?x?xbf16>
    %c = arith.extf %b : bf16 to f32
    %d = halide.load %flags[%i] : !halide.buffer<?xi1>
    %e = arith.select %d, %a, %c : f32
    halide.yield %e : f32
  }
  %copy = halide.func "copy"() : ui8 {
    %a = halide.load %bytes[] : !halide.buffer<ui8>
    halide.yield %a : ui8
  }
  halide.output %out, %copy : !halide.func<2xf32>, !halide.func<0xui8>
}

// As few parentheses as keep the order; long operands and values that are used
// twice have names.
//
// CHECK-LABEL: static void expressions(
// CHECK: plain(i) = x(i) - (x(i + 1) - x(i + 2) * 2.f) - -x(i);
// CHECK: integers(i) =
// CHECK-NEXT: ((i - 1) * 3 + floor_div(i, i - 5) + i / 7 % 2) << ((i & 3) | 4);
// CHECK: Expr most = max(x(i), 0.f);
// CHECK-NEXT: shared(i) = select(i < 9 && most < 3.f, tanh_f32(most), most * 0.5f);
// CHECK: Expr sum = tanh_f32(x(i)) + tanh_f32(x(i + 1)) + tanh_f32(x(i + 2));
// CHECK-NEXT: long_(i) = sum * sum;
// CHECK: doubles(i) = Expr(0.10000000000000001) * cast<double>(x(i));
halide.pipeline @expressions(%x: !halide.buffer<?xf32> {halide.name = "x"})
    -> (!halide.buffer<?xf32>, !halide.buffer<?xi32>, !halide.buffer<?xf32>,
        !halide.buffer<?xf32>, !halide.buffer<?xf64>) {
  %one = arith.constant 1 : i32
  %two = arith.constant 2 : i32
  %three = arith.constant 3 : i32
  %four = arith.constant 4 : i32
  %five = arith.constant 5 : i32
  %seven = arith.constant 7 : i32
  %nine = arith.constant 9 : i32
  %zero_f = arith.constant 0.0 : f32
  %half = arith.constant 0.5 : f32
  %two_f = arith.constant 2.0 : f32
  %three_f = arith.constant 3.0 : f32
  %plain = halide.func "plain"(i = %i) : f32 {
    %a0 = halide.load %x[%i] : !halide.buffer<?xf32>
    %i1 = arith.addi %i, %one : i32
    %a1 = halide.load %x[%i1] : !halide.buffer<?xf32>
    %i2 = arith.addi %i, %two : i32
    %a2 = halide.load %x[%i2] : !halide.buffer<?xf32>
    %b = arith.mulf %a2, %two_f : f32
    %c = arith.subf %a1, %b : f32
    %d = arith.subf %a0, %c : f32
    %a3 = halide.load %x[%i] : !halide.buffer<?xf32>
    %e = arith.negf %a3 : f32
    %f = arith.subf %d, %e : f32
    halide.yield %f : f32
  }
  %integers = halide.func "integers"(i = %i) : i32 {
    %a = arith.subi %i, %one : i32
    %b = arith.muli %a, %three : i32
    %c = arith.subi %i, %five : i32
    %d = arith.floordivsi %i, %c : i32
    %e = arith.addi %b, %d : i32
    %f = arith.divsi %i, %seven : i32
    %g = arith.remsi %f, %two : i32
    %h = arith.addi %e, %g : i32
    %j = arith.andi %i, %three : i32
    %k = arith.ori %j, %four : i32
    %l = arith.shli %h, %k : i32
    halide.yield %l : i32
  }
  %shared = halide.func "shared"(i = %i) : f32 {
    %a = halide.load %x[%i] : !halide.buffer<?xf32>
    %b = arith.maximumf %a, %zero_f : f32
    %c = arith.cmpi slt, %i, %nine : i32
    %d = arith.cmpf olt, %b, %three_f : f32
    %e = arith.andi %c, %d : i1
    %f = math.tanh %b : f32
    %g = arith.mulf %b, %half : f32
    %h = arith.select %e, %f, %g : f32
    halide.yield %h : f32
  }
  %long = halide.func "long"(i = %i) : f32 {
    %a0 = halide.load %x[%i] : !halide.buffer<?xf32>
    %i1 = arith.addi %i, %one : i32
    %a1 = halide.load %x[%i1] : !halide.buffer<?xf32>
    %i2 = arith.addi %i, %two : i32
    %a2 = halide.load %x[%i2] : !halide.buffer<?xf32>
    %b0 = math.tanh %a0 : f32
    %b1 = math.tanh %a1 : f32
    %b2 = math.tanh %a2 : f32
    %c = arith.addf %b0, %b1 : f32
    %d = arith.addf %c, %b2 : f32
    %e = arith.mulf %d, %d : f32
    halide.yield %e : f32
  }
  %doubles = halide.func "doubles"(i = %i) : f64 {
    %tenth = arith.constant 0.1 : f64
    %a = halide.load %x[%i] : !halide.buffer<?xf32>
    %b = arith.extf %a : f32 to f64
    %c = arith.mulf %tenth, %b : f64
    halide.yield %c : f64
  }
  halide.output %plain, %integers, %shared, %long, %doubles
    : !halide.func<1xf32>, !halide.func<1xi32>, !halide.func<1xf32>,
      !halide.func<1xf32>, !halide.func<1xf64>
}

// Updates: ranges, conditions, places, and += only where it is one.
//
// CHECK-LABEL: static void reductions(
// CHECK: Expr x_extent0 = x.dim(0).extent();
// CHECK: RDom k(0, x_extent0, "k");
// CHECK-NEXT: k.where(k < i);
// CHECK-NEXT: sums(i) += x(k);
// CHECK: RDom k_1(2, 5, "k");
// CHECK-NEXT: sums(i) = x(k_1) + sums(i);
// CHECK: RDom k_2(x_extent0 - 2, x_extent0 - (x_extent0 - 2), "k");
// CHECK: sums(x_extent0 - 1 - k_2) = 1.f;
// CHECK: sums(i) += 2.f;
halide.pipeline @reductions(%x: !halide.buffer<?xf32> {halide.name = "x"})
    -> !halide.buffer<?xf32> {
  %zero = arith.constant 0.0 : f32
  %one = arith.constant 1.0 : f32
  %two = arith.constant 2.0 : f32
  %first = arith.constant 0 : i32
  %step = arith.constant 1 : i32
  %from = arith.constant 2 : i32
  %to = arith.constant 7 : i32
  %extent = halide.extent %x[0] : !halide.buffer<?xf32>
  %last = arith.subi %extent, %step : i32
  %tail = arith.subi %extent, %from : i32
  %sums = halide.func "sums"(i = %i) : f32 {
    halide.yield %zero : f32
  }
  halide.update %sums(i = %i) over (k = %k in %first to %extent) : !halide.func<1xf32> {
    %a = arith.cmpi slt, %k, %i : i32
    halide.where %a
    %b = halide.load %x[%k] : !halide.buffer<?xf32>
    %c = halide.call %sums(%i) : !halide.func<1xf32>
    %d = arith.addf %c, %b : f32
    halide.yield %d : f32
  }
  halide.update %sums(i = %i) over (k = %k in %from to %to) : !halide.func<1xf32> {
    %b = halide.load %x[%k] : !halide.buffer<?xf32>
    %c = halide.call %sums(%i) : !halide.func<1xf32>
    %d = arith.addf %b, %c : f32
    halide.yield %d : f32
  }
  halide.update %sums(i = %i) over (k = %k in %tail to %extent) : !halide.func<1xf32> {
    %a = arith.subi %last, %k : i32
    halide.yield %one at (%a) : f32
  }
  halide.update %sums(i = %i) : !halide.func<1xf32> {
    %a = halide.call %sums(%i) : !halide.func<1xf32>
    %b = arith.addf %a, %two : f32
    halide.yield %b : f32
  }
  halide.output %sums : !halide.func<1xf32>
}

// Names that C++ or Halide has, or that two things have.
//
// CHECK-LABEL: static void names(
// CHECK: ImageParam float_(Float(32), 1, "float");
// CHECK: Var min_("min");
// CHECK-NEXT: Func a_b("a-b");
// CHECK-NEXT: a_b(min_) = min(float_(min_), 1.f);
// CHECK: Func min_1("min");
// CHECK-NEXT: min_1(min_) = a_b(min_) * 2.f;
halide.pipeline @names(%x: !halide.buffer<?xf32> {halide.name = "float"})
    -> !halide.buffer<?xf32> {
  %one = arith.constant 1.0 : f32
  %two = arith.constant 2.0 : f32
  %f = halide.func "a-b"(min = %i) : f32 {
    %a = halide.load %x[%i] : !halide.buffer<?xf32>
    %b = arith.minimumf %a, %one : f32
    halide.yield %b : f32
  }
  %g = halide.func "min"(min = %i) : f32 {
    %a = halide.call %f(%i) : !halide.func<1xf32>
    %b = arith.mulf %a, %two : f32
    halide.yield %b : f32
  }
  halide.output %g : !halide.func<1xf32>
}

// CHECK-LABEL: int main() {
// CHECK-NEXT: Target target(
// CHECK-NEXT: "x86-64-linux-sse41-avx-avx2-f16c-fma-no_runtime-user_context-no_asserts-no_bounds_query");
// CHECK-NEXT: buffers(target);
// CHECK-NEXT: expressions(target);
// CHECK-NEXT: reductions(target);
// CHECK-NEXT: names(target);
// CHECK-NEXT: return 0;
