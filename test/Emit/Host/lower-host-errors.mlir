// RUN: sylvite-opt %s -sylvite-lower-host -split-input-file -verify-diagnostics

// expected-error @below {{the module has no sylvite.target}}
module {
}

// -----

module attributes {sylvite.target = "x86-64-v3"} {
  // expected-error @below {{'_start' cannot be the name of a C function}}
  func.func @_start() attributes {sylvite.arena = "0"} {
    return
  }
}

// -----

module attributes {sylvite.target = "x86-64-v3"} {
  // expected-error @below {{the library would have two functions model_open; choose another name than 'open'}}
  func.func @open() attributes {sylvite.arena = "0"} {
    return
  }
}

// -----

module attributes {sylvite.target = "x86-64-v3"} {
  // expected-error @below {{has no planned arena}}
  func.func @run() {
    return
  }
}

// -----

module attributes {sylvite.target = "x86-64-v3"} {
  // expected-error @below {{has no function that tells the arena's size}}
  func.func @run() attributes {sylvite.arena = "0"} {
    return
  }
}

// -----

module attributes {sylvite.target = "x86-64-v3"} {
  // expected-error @below {{argument 0 has no name in graph.name}}
  func.func @run(%x: memref<4xf32> {sylvite.role = "input"})
      attributes {sylvite.arena = "0"} {
    return
  }
}

// -----

module attributes {sylvite.target = "x86-64-v3"} {
  // expected-error @below {{argument 'x' has elements of type 'i24', which C callers do not have}}
  func.func @run(%x: memref<4xi24> {graph.name = "x", sylvite.role = "input"})
      attributes {sylvite.arena = "0"} {
    return
  }
}

// -----

module attributes {sylvite.target = "x86-64-v3"} {
  // expected-error @below {{argument 'x' has a range, but its elements are no integers}}
  func.func @run(%x: memref<4xf32> {graph.name = "x", graph.range = [0, 7],
                                    sylvite.role = "input"})
      attributes {sylvite.arena = "0"} {
    return
  }
}

// -----

module attributes {sylvite.target = "x86-64-v3"} {
  // expected-error @below {{argument 'x' has the name of another one}}
  func.func @run(%x: memref<4xf32> {graph.name = "x", sylvite.role = "input"},
                 %y: memref<4xf32> {graph.name = "x", sylvite.role = "output"})
      attributes {sylvite.arena = "0"} {
    return
  }
}

// -----

module attributes {sylvite.target = "x86-64-v3"} {
  func.func @run(%x: memref<4xf32> {graph.name = "x", sylvite.role = "input"})
      attributes {sylvite.arena = "0"} {
    // expected-error @below {{'memref.alloc' op is no part of a planned host function}}
    %a = memref.alloc() : memref<4xf32>
    return
  }
  func.func private @run_arena() -> index {
    %c0 = arith.constant 0 : index
    return %c0 : index
  }
}

// -----

// Callers align to elements only.
module attributes {sylvite.target = "x86-64-v3"} {
  halide.pipeline @copy(%x: !halide.buffer<8xf32> {halide.align = 64 : i64})
      -> !halide.buffer<8xf32> {
    %out = halide.func "out"(i = %i) : f32 {
      %a = halide.load %x[%i] : !halide.buffer<8xf32>
      halide.yield %a : f32
    }
    halide.output %out : !halide.func<1xf32>
  }
  func.func @run(%x: memref<8xf32> {graph.name = "x", sylvite.role = "input"},
                 %y: memref<8xf32> {graph.name = "y", sylvite.role = "output"})
      attributes {sylvite.arena = "0"} {
    // expected-error @below {{'halide.invoke' op passes operand 0, aligned to 4 bytes, where @copy wants 64}}
    halide.invoke @copy ins(%x : memref<8xf32>) outs(%y : memref<8xf32>)
    return
  }
  func.func private @run_arena() -> index {
    %c0 = arith.constant 0 : index
    return %c0 : index
  }
}
