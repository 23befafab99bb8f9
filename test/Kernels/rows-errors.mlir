// RUN: sylvite-opt --sylvite-form-kernels -split-input-file -verify-diagnostics %s

// A name stands for the rows of one tensor of lengths.
!x = tensor<?x?xf32, #graph.dims<batch, seq>>
!rows = tensor<?xf32, #graph.dims<rows>>
!lengths = tensor<?xi64, #graph.dims<batch>>
func.func @two_lengths(%x: !x, %n: !lengths, %m: !lengths) -> (!x, !x) {
  %a = graph.pack_rows %x, %n : (!x, !lengths) -> !rows
  // expected-error @+1 {{'rows' names the rows of other lengths or of another sequence as well}}
  %b = graph.pack_rows %x, %m : (!x, !lengths) -> !rows
  %y = graph.unpack_rows %a, %n : (!rows, !lengths) -> !x
  %z = graph.unpack_rows %b, %m : (!rows, !lengths) -> !x
  return %y, %z : !x, !x
}

// -----

// Arguments have the extents that callers give.
!x = tensor<?x?xf32, #graph.dims<batch, seq>>
!rows = tensor<?xf32, #graph.dims<rows>>
!lengths = tensor<?xi64, #graph.dims<batch>>
func.func @argument(%x: !x, %n: !lengths, %r: !rows) -> !x {
  // expected-error @+1 {{rows have the name of a dimension of an argument or a result, 'rows'}}
  %a = graph.pack_rows %x, %n : (!x, !lengths) -> !rows
  %b = graph.add %a, %r : (!rows, !rows) -> !rows
  %y = graph.unpack_rows %b, %n : (!rows, !lengths) -> !x
  return %y : !x
}

// -----

!x = tensor<?x?xf32, #graph.dims<batch, seq>>
!rows = tensor<?xf32, #graph.dims<rows>>
!lengths = tensor<?xi64, #graph.dims<batch>>
func.func @unpack_alone(%r: !rows, %n: !lengths, %x: !x) -> !x {
  // expected-error @+1 {{no graph.pack_rows before it names 'rows'}}
  %y = graph.unpack_rows %r, %n : (!rows, !lengths) -> !x
  return %y : !x
}
