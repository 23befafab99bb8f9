//===- Control.td - Loops over time, and state --------------*- tablegen -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_DIALECT_GRAPH_CONTROL_TD
#define SYLVITE_DIALECT_GRAPH_CONTROL_TD

include "sylvite/Dialect/Graph/GraphAttributes.td"

def Graph_ScanOp : Graph_Op<"scan", [
    AttrSizedOperandSegments, RecursiveMemoryEffects, SingleBlock]> {
  let summary = "a recurrence: one body, step after step";
  let description = [{
    With carried values c and a sequence x, whose steps lie along `axis`:

        c_t, y_t = body(t, c_{t-1}, x_t)

    The results are the carried values after the last step, then the y of all
    steps, each stacked along `axis`. With `reverse` the last element of the
    sequences is the first to be processed, and its y stands last.

    The body takes the number of the step (0, 1, ... in the order of
    processing), the carried values and, of each sequence, the element of the
    step, without the axis. It ends with `graph.next` and may use values from
    above. If that gives a stop condition, the scan ends behind the first step
    where it holds; elements of outputs that no step wrote are zero.

    The number of steps is the extent of the axis, or `steps` where there is
    neither a sequence nor an output.

    Rules:
    - SCAN-1: 0 <= axis < rank of every sequence and of every output.
    - SCAN-2: all sequences and outputs have one extent at the axis; there is
      `steps`, at least 1, if and only if there are none.
    - SCAN-3: the body takes a tensor<i64>, the carried values' types, and the
      sequences' types without the axis.
    - SCAN-4: the body ends with `graph.next`, which gives values of the
      carried types, and for each output its type without the axis.
    - SCAN-5: the results are of the carried types, then the outputs.

    ```mlir
    func.func @example(%x: tensor<?x?x8xf32, #graph.dims<batch, seq, _>>,
                       %h0: tensor<?x8xf32, #graph.dims<batch, _>>,
                       %u: tensor<8x8xf32>)
        -> (tensor<?x8xf32, #graph.dims<batch, _>>,
            tensor<?x?x8xf32, #graph.dims<batch, seq, _>>) {
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
           tensor<?x?x8xf32, #graph.dims<batch, seq, _>>)
          -> (tensor<?x8xf32, #graph.dims<batch, _>>,
              tensor<?x?x8xf32, #graph.dims<batch, seq, _>>)
      return %last, %all : tensor<?x8xf32, #graph.dims<batch, _>>,
                           tensor<?x?x8xf32, #graph.dims<batch, seq, _>>
    }
    ```
  }];
  let arguments = (ins Variadic<Graph_Tensor>:$inits,
                       Variadic<Graph_Tensor>:$sequences,
                       DefaultValuedAttr<I64Attr, "0">:$axis,
                       UnitAttr:$reverse, OptionalAttr<I64Attr>:$steps);
  let regions = (region SizedRegion<1>:$body);
  let results = (outs Variadic<Graph_Tensor>:$results);
  let assemblyFormat = [{
    (`carry` `(` $inits^ `)`)? (`over` `(` $sequences^ `)`)?
    (`axis` `(` $axis^ `)`)? (`reverse` $reverse^)?
    (`steps` `(` $steps^ `)`)? $body attr-dict
    `:` functional-type(operands, results)
  }];
  let hasVerifier = 1;
  let hasRegionVerifier = 1;
  let extraClassDeclaration = [{
    /// The outputs of all steps: results behind the carried ones.
    ::mlir::ResultRange getStacked() {
      return getResults().drop_front(getInits().size());
    }
    /// Arguments of the body: the step's number, the carried values, the
    /// sequences' elements.
    ::mlir::BlockArgument getStep() { return getBody().getArgument(0); }
    ::mlir::Block::BlockArgListType getCarried() {
      return getBody().getArguments().slice(1, getInits().size());
    }
    ::mlir::Block::BlockArgListType getElements() {
      return getBody().getArguments().drop_front(1 + getInits().size());
    }
    NextOp getNext();
    /// The number of steps as an extent.
    Dim getTimeExtent();
    /// Of the op's cost.
    double getRegionRuns(const Workload &workload);
  }];
}

def Graph_NextOp : Graph_Op<"next", [
    Pure, Terminator, HasParent<"ScanOp">, AttrSizedOperandSegments]> {
  let summary = "end of a step, with what the next one takes";
  let description = [{
    `carry` are the values that the next step takes, `emit` the step's part of
    the outputs, and `stop` ends the scan behind this step where it is true; see
    `graph.scan`.
  }];
  let arguments = (ins Variadic<Graph_Tensor>:$carry,
                       Variadic<Graph_Tensor>:$emit,
                       Optional<0DTensorOf<[I1]>>:$stop);
  let assemblyFormat = [{
    (`carry` `(` $carry^ `:` type($carry) `)`)?
    (`emit` `(` $emit^ `:` type($emit) `)`)?
    (`stop` `(` $stop^ `:` type($stop) `)`)? attr-dict
  }];
}

def Graph_UpdateOp : Graph_Op<"update", [
    Pure, AllTypesMatch<["input", "result"]>]> {
  let summary = "a tensor with a block of it replaced";
  let description = [{
    The input, where the block that begins at `offsets`, and on `axis` at
    `position` besides, is `rows`: how a cache of keys takes the next one. A
    position is clamped so that the block lies inside, as XLA's
    dynamic-update-slice does.

    Rules:
    - GRAPH_UPDATE-1: input and rows have one rank and element type, and 0 <= axis <
      rank.
    - GRAPH_UPDATE-2: there are as many offsets as axes, or none, which are zeros;
      none is negative, and that of `axis` is 0.
    - GRAPH_UPDATE-3: the block lies inside at offset + position 0: either both
      extents are static and offset + extent is at most the input's, or the
      offset is 0 and the extents are equal or that of the rows is 1.

    ```mlir
    func.func @example(%cache: tensor<?x?x64xf32, #graph.dims<batch, past, _>>,
                       %key: tensor<?x1x64xf32, #graph.dims<batch, _, _>>,
                       %position: tensor<i64>)
        -> tensor<?x?x64xf32, #graph.dims<batch, past, _>> {
      %next = graph.update %cache, %key at(%position) axis(1)
          : (tensor<?x?x64xf32, #graph.dims<batch, past, _>>,
             tensor<?x1x64xf32, #graph.dims<batch, _, _>>, tensor<i64>)
          -> tensor<?x?x64xf32, #graph.dims<batch, past, _>>
      return %next : tensor<?x?x64xf32, #graph.dims<batch, past, _>>
    }
    ```
  }];
  let arguments = (ins Graph_Tensor:$input, Graph_Tensor:$rows,
                       0DTensorOf<[I64]>:$position, I64Attr:$axis,
                       OptionalAttr<DenseI64ArrayAttr>:$offsets);
  let results = (outs Graph_Tensor:$result);
  let assemblyFormat = [{
    $input `,` $rows `at` `(` $position `)` `axis` `(` $axis `)`
    (`offsets` $offsets^)? attr-dict `:` functional-type(operands, results)
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    /// The constant part of where the block begins.
    int64_t getOffset(unsigned axis) {
      return getOffsets() ? (*getOffsets())[axis] : 0;
    }
  }];
}

#endif // SYLVITE_DIALECT_GRAPH_CONTROL_TD
