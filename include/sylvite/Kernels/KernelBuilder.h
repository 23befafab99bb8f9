//===- KernelBuilder.h - Writes one kernel ----------------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A kernel builder writes one `halide.pipeline`: its arguments, its functions
/// and updates, and at the end the call of it. A lowering reads like a Halide
/// program:
///
///     KernelBuilder kernel(context, op.getLoc(), "matmul_f32", "matmul");
///     FailureOr<Operand> a = kernel.read(op.getLhs());
///     FailureOr<Operand> b = kernel.read(op.getRhs());
///     if (failed(a) || failed(b))
///       return failure();
///     auto acc = kernel.func("acc", {"n", "m"}, f32, [&](Vars) {
///       return kernel.constant(f32, 0);
///     });
///     kernel.update(acc, {{"k", kernel.index(0), kernel.extent(depth)}},
///                   [&](Vars v, Vars r) {
///       return acc(v) + a->at({v[1], r[0]}) * b->at({r[0], v[0]});
///     });
///     auto out = kernel.func("out", {"n", "m"}, f32, [&](Vars v) {
///       return acc(v);
///     });
///     context.setResult(op.getResult(), kernel.finish(out, extents));
///
/// Two orders of coordinates meet here. Functions, buffers and calls take them
/// as Halide does, innermost first; `Operand::at` and extents take them as
/// tensors do, outermost first. `reversed` goes from one to the other.
///
/// What schedules may rely on: every kernel has a class (the attribute
/// `halide.class`) that names the policy to schedule it, its outputs are
/// functions called "out" (a second one "out1", ...), and functions appear
/// before their users. The first variable of a function is its innermost.
///
/// | class | functions |
/// | --- | --- |
/// | `copy`, `elementwise` | `out` alone |
/// | `gather` | `out` alone, which loads rows by an index that is loaded |
/// | `matmul` | `acc`(n, m, ...) with one update over k, and `out` |
/// | `linear` | the same, of (n, m); of bf16 perhaps two updates |
/// | `quantize` | row reductions `largest`, `place`, `rest`; `inverse`, `out` |
/// | `linear_norm` | `acc` likewise, `input`(n, m) and what its norm has |
/// | `reduce` | `acc`, and `out` |
/// | `softmax` | `max`, `exps`, `sum`, `inverse` of a line, and `out`; of |
/// | | log-softmax `max`, `sum`, `log` and `out` |
/// | `normalize` | `squares` and `inverse` of a line, and `out` |
/// | `layer_norm` | `input`, `sum`, `mean`, `squares`, `inverse`, and `out` |
/// | `rms_norm` | `input`, `squares`, `inverse`, and `out` |
/// | `embeddings` | `input` and what its norm has |
/// | `pool` | `parts`(x, part, y), `count`, `pooled`, `squares`, and `out` |
/// | `attention` | those listed in lib/Kernels/Attention.cpp; for devices |
/// | | those of AttentionOnline.cpp |
/// | `scan` | `acc` with one update over k, along its own axis, and `out` |
/// | `scatter` | `out`, a copy, and one update of it in a fixed order |
/// | `argmax` | `max`, `first` (row reductions), and `out` |
/// | `update` | `out`, undefined but for one update |
///
/// For devices `acc` of a product is made of the functions that
/// lib/Kernels/DeviceProduct.h lists.
///
/// `acc`, `max`, `sum`, `squares` and `count` are row reductions where they go
/// along the innermost dimension: they reduce a function of the same name with
/// `_lanes` (see lib/Kernels/RowReduction.h). Elsewhere they have one update.
///
/// Products whose right side is no weight have a function `rhs`(ni, k, no, ...)
/// that packs it.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_KERNELS_KERNELBUILDER_H
#define SYLVITE_KERNELS_KERNELBUILDER_H

#include "mlir/IR/Builders.h"
#include "mlir/IR/OwningOpRef.h"
#include "sylvite/Dialect/Halide/HalideDialect.h"
#include "sylvite/Kernels/Expr.h"
#include "sylvite/Kernels/Extent.h"

namespace sylvite {

class LoweringContext;

/// Coordinates, in the order that the function which takes them tells.
using Vars = llvm::ArrayRef<Expr>;

/// The other order of coordinates.
llvm::SmallVector<Expr> reversed(Vars coordinates);

/// A function of a kernel; calling it gives its value at a place, or the first
/// one of several.
class Func {
public:
  Func() = default;
  Func(KernelBuilder &kernel, halide::FuncOp op) : kernel(&kernel), op(op) {}
  halide::FuncOp getOp() const { return op; }
  /// The i-th of its values. Coordinates innermost first.
  Expr get(unsigned i, Vars coordinates) const;
  Expr operator()(Vars coordinates) const;
  Expr operator()(std::initializer_list<Expr> coordinates) const {
    return (*this)(Vars(coordinates));
  }

private:
  KernelBuilder *kernel = nullptr;
  halide::FuncOp op;
};

/// An input buffer of a kernel.
class Buffer {
public:
  Buffer() = default;
  Buffer(KernelBuilder &kernel, mlir::Value value)
      : kernel(&kernel), value(value) {}
  halide::BufferType getType() const {
    return mlir::cast<halide::BufferType>(value.getType());
  }
  mlir::Value getValue() const { return value; }
  /// Coordinates innermost first.
  Expr operator()(Vars coordinates) const;
  Expr operator()(std::initializer_list<Expr> coordinates) const {
    return (*this)(Vars(coordinates));
  }
  /// The extent at run time; `dim` counts from the innermost.
  Expr extent(unsigned dim) const;

private:
  KernelBuilder *kernel = nullptr;
  mlir::Value value;
};

/// A value of the graph as a kernel reads it: a buffer with an index map, or
/// an expression of several.
class Operand {
public:
  /// Writes the element at these coordinates, outermost first.
  using Access = std::function<Expr(Vars)>;

  Operand(Extents extents, mlir::Type element, Access access,
          Buffer buffer = {})
      : extents(std::move(extents)), element(element),
        access(std::move(access)), buffer(buffer) {}

  const Extents &getExtents() const { return extents; }
  unsigned getRank() const { return extents.size(); }
  mlir::Type getElementType() const { return element; }
  /// The buffer where the value is one with nothing in between, else null.
  Buffer getBuffer() const { return buffer; }

  /// The element at these coordinates, outermost first, one a dimension.
  Expr at(Vars coordinates) const;
  Expr at(std::initializer_list<Expr> coordinates) const {
    return at(Vars(coordinates));
  }
  /// The element that broadcasting by numpy's rules reads for an element of a
  /// result with these extents and coordinates, outermost first.
  Expr atBroadcast(Vars coordinates) const;

private:
  Extents extents;
  mlir::Type element;
  Access access;
  Buffer buffer;
};

/// A reduction variable and its range [from, to).
struct Range {
  llvm::StringRef name;
  Expr from, to;
};

/// The new value of an update, or values, and their place where that is not the
/// pure variables (innermost first).
struct Placed {
  Placed(Expr value, llvm::SmallVector<Expr> at = {})
      : values({value}), at(std::move(at)) {}
  Placed(llvm::SmallVector<Expr> values) : values(std::move(values)) {}
  llvm::SmallVector<Expr> values;
  llvm::SmallVector<Expr> at;
};

/// An output of a kernel: the function and the extents of its tensor,
/// outermost first. One that writes only a part goes into a tensor that has the
/// rest. The kernel takes the extent of an open axis as it comes, also where it
/// is constant.
struct Output {
  Func func;
  Extents extents;
  mlir::Value into = {};
  std::optional<unsigned> openAxis = {};
};

class KernelBuilder {
public:
  /// A kernel of that name (made unique where another kernel has it) and class.
  KernelBuilder(LoweringContext &context, mlir::Location loc,
                const llvm::Twine &name, llvm::StringRef kernelClass);

  LoweringContext &getContext() { return context; }
  mlir::OpBuilder &getBuilder() { return builder; }
  mlir::Location getLoc() const { return loc; }
  void setName(const llvm::Twine &newName) { name = newName.str(); }
  void setClass(llvm::StringRef newClass) { kernelClass = newClass; }
  /// A number that the algorithm has fixed and the policy has to know, as an
  /// attribute of the pipeline.
  void setNumber(llvm::StringRef attribute, int64_t number);

  //===--- Arguments ------------------------------------------------------===//

  /// The buffer of a host tensor: one argument for each distinct tensor. With
  /// `align`, its host pointer is a multiple of that many bytes (weights are
  /// of 64).
  Buffer addInput(mlir::Value tensor, int64_t align = 0);

  /// How to read a value of the graph. Look-through ops (slices, transposes,
  /// splits of axes, constants, ...) become index arithmetic; all else is made
  /// a tensor in the host program and an argument here.
  mlir::FailureOr<Operand> read(mlir::Value graphValue);

  /// A host tensor as an operand; one of rank 0 as a scalar.
  Operand readTensor(mlir::Value tensor);

  //===--- Expressions ----------------------------------------------------===//

  Expr constant(mlir::TypedAttr value);
  /// A number of a float or integer type, rounded to it.
  Expr constant(mlir::Type type, double number);
  /// An i32.
  Expr index(int64_t number);
  /// An extent as an i32. A dynamic one is that of an argument with such a
  /// dimension, or a product of them; arguments added so far come first, and
  /// if none of them will do, a function argument that has the name is added.
  Expr extent(const Extent &extent);

  //===--- Functions ------------------------------------------------------===//

  /// A pure definition. Variables innermost first.
  Func func(llvm::StringRef name, llvm::ArrayRef<llvm::StringRef> vars,
            mlir::Type element, llvm::function_ref<Expr(Vars)> body);
  /// With the default names of variables.
  Func func(llvm::StringRef name, unsigned rank, mlir::Type element,
            llvm::function_ref<Expr(Vars)> body) {
    return func(name, getVarNames(rank), element, body);
  }
  /// A pure definition of several values.
  Func tuple(llvm::StringRef name, llvm::ArrayRef<llvm::StringRef> vars,
             mlir::TypeRange elements,
             llvm::function_ref<llvm::SmallVector<Expr>(Vars)> body);
  /// An update; the body gets the pure variables, then the reduction's.
  void update(Func func, llvm::ArrayRef<Range> ranges,
              llvm::function_ref<Placed(Vars, Vars)> body);
  /// What a function is that only its updates define.
  Expr undefined(mlir::Type element);
  /// Inside an update: restricts the reduction domain.
  void where(Expr condition);

  /// "x", "y", "z", "w", "v4", ...: names of variables, innermost first.
  static llvm::ArrayRef<llvm::StringRef> getVarNames(unsigned rank);

  //===--- The end --------------------------------------------------------===//

  /// Ends the kernel: shares it with an equal one or adds it to the module, and
  /// calls it with new tensors as destinations. Gives the results' tensors.
  llvm::SmallVector<mlir::Value> finish(llvm::ArrayRef<Output> outputs);
  /// The same with one output.
  mlir::Value finish(Func func, llvm::ArrayRef<Extent> extents);

private:
  friend class Buffer;

  /// The extent of an argument's dimension.
  Expr extentOf(mlir::Value buffer, unsigned dim);
  /// The extent of an argument that has such a dimension.
  std::optional<Expr> findExtent(const Extent &extent);
  /// Writes at the start of the pipeline, behind what was written so before:
  /// constants and extents, which all functions may use.
  mlir::Value writeAtStart(llvm::function_ref<mlir::Value()> write);

  LoweringContext &context;
  mlir::Location loc;
  std::string name;
  llvm::StringRef kernelClass;
  mlir::OwningOpRef<halide::PipelineOp> pipeline;
  mlir::OpBuilder builder;
  mlir::Operation *startEnd = nullptr;
  /// The host tensors behind the arguments, and those.
  llvm::SmallVector<mlir::Value> inputs;
  llvm::SmallVector<int64_t> alignments;
  llvm::DenseMap<mlir::Attribute, mlir::Value> constants;
  llvm::DenseMap<std::pair<unsigned, unsigned>, mlir::Value> extents;
};

} // namespace sylvite

#endif // SYLVITE_KERNELS_KERNELBUILDER_H
