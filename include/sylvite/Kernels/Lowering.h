//===- Lowering.h - From ops of the graph to kernels ------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What a lowering of an op works with. A lowering is a function
///
///     LogicalResult lowerSoftmax(graph::SoftmaxOp op, LoweringContext &);
///
/// declared in lib/Kernels/Lowerings.h and named in the list of Lowerings.cpp.
/// It gets operands from the context, as tensors of the host program or, in a
/// kernel, through KernelBuilder::read; it builds kernels; and it calls
/// setResult for each result. On a failure it has emitted an error at the op.
///
/// The ops of a function are lowered in their order. Ops of which
/// LoweringContext::isDeferred holds are passed over: they are written when,
/// and as, a later op needs them.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_KERNELS_LOWERING_H
#define SYLVITE_KERNELS_LOWERING_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/SymbolTable.h"
#include "sylvite/Kernels/KernelBuilder.h"
#include "sylvite/Support/Target.h"
#include "llvm/ADT/DenseSet.h"

namespace sylvite {

/// How a weight is packed; see `halide.weight`.
struct WeightPacking {
  /// Columns of a panel; 0 leaves the rows as they are.
  int64_t panels = 0;
  /// The stored matrix is [N, K] and is wanted as [K, N] (or its panels).
  bool transposed = false;
  /// So many along K stand in one word: two of bf16 in an i32, or of a
  /// quantised weight four in an i32 or two in an i16. 0 for none.
  int64_t words = 0;
  /// Of a quantised weight not the integers, but the offsets of their columns.
  bool offsets = false;
};

/// The kernels of a module, in the order in which they were made. A kernel
/// that equals one that is there already is dropped in favour of it.
class KernelLibrary {
public:
  explicit KernelLibrary(mlir::ModuleOp module)
      : module(module), symbols(module) {}

  /// Adds a kernel under its name or, where a different one has that, the name
  /// with a number. Gives the symbol.
  mlir::FlatSymbolRefAttr add(mlir::OwningOpRef<halide::PipelineOp> kernel);

private:
  mlir::ModuleOp module;
  mlir::SymbolTable symbols;
  /// Kernels by the names they asked for.
  llvm::StringMap<llvm::SmallVector<halide::PipelineOp, 1>> byName;
  halide::PipelineOp last;
};

/// Attribute of an op of the host program that calculates the extent of a
/// dimension which no argument has: its name.
constexpr llvm::StringLiteral kExtentName = "sylvite.dim";

/// The rows of a batch that are no padding; see graph.pack_rows.
struct PackedRows {
  /// A value of the graph; null where nothing has been packed yet.
  mlir::Value lengths;
  Extent batch, sequence;
  /// Host tensors; see lib/Kernels/Rows.cpp.
  mlir::Value ends, places;
};

/// The lowering of one function.
class LoweringContext {
public:
  /// `oldBody` holds the graph's ops; host ops go to the end of `body`, whose
  /// arguments have the converted types.
  LoweringContext(KernelLibrary &library, const Target &target,
                  mlir::Block *oldBody, mlir::Block *body);

  const Target &getTarget() const { return target; }
  KernelLibrary &getLibrary() { return library; }
  mlir::MLIRContext *getMLIRContext() { return host.getContext(); }
  /// Writes at the end of the host function.
  mlir::OpBuilder &getHostBuilder() { return host; }

  //===--- Extents --------------------------------------------------------===//

  /// An extent in the host program, of type index.
  mlir::Value getHostExtent(const Extent &extent);
  /// What is known of a host tensor's dimensions.
  const Extents &getExtents(mlir::Value tensor) const;
  /// A host tensor with a dimension of that name, and the dimension's position:
  /// a function argument, or else one that nothing is ever written to.
  std::pair<mlir::Value, unsigned> findDim(llvm::StringRef name);

  /// Gives a name that no argument has its extent.
  void bindExtent(llvm::StringRef name, mlir::Value extent) {
    hostExtents[name] = extent;
  }
  /// The rows of that name.
  PackedRows &getPackedRows(llvm::StringRef name) { return packedRows[name]; }

  //===--- Loops ----------------------------------------------------------===//

  /// Begins the body of a loop: ops of `body` are lowered next, host ops go to
  /// the end of `hostBody`. What is made there is not known behind the loop,
  /// but values from above are made tensors above.
  void enterLoop(mlir::Block &body, mlir::Block &hostBody);
  /// Ends it: host ops go behind the loop.
  void leaveLoop();
  /// Binds an argument of the body to its tensor.
  void bindArgument(mlir::Value graphArgument, mlir::Value tensor);

  //===--- Values of the graph in the host program ------------------------===//

  /// The tensor of a value of the graph, which is written if it is deferred.
  mlir::FailureOr<mlir::Value> getTensor(mlir::Value graphValue);
  /// The same with all dimensions but the last merged: [rows, features].
  mlir::FailureOr<mlir::Value> getRows(mlir::Value graphValue);
  /// True for a weight, a concatenation of weights, constants, and what
  /// quantising one of them gives.
  static bool isWeight(mlir::Value graphValue);
  /// A weight, packed. `isWeight` holds of the value.
  mlir::Value getWeight(mlir::Value graphValue, WeightPacking packing = {});
  /// A tensor's elements under other extents, without a copy.
  mlir::Value getView(mlir::Value tensor, llvm::ArrayRef<Extent> extents);
  /// The tensor whose view this is, or itself.
  mlir::Value getBase(mlir::Value tensor) const;

  /// What rows have become that a tensor's were rounded to, for products with
  /// weights of that element type, or null: a place to note it at, for the
  /// block that is being lowered.
  mlir::Value &getRoundedRows(mlir::Value tensor, mlir::Type element);

  //===--- Results --------------------------------------------------------===//

  /// A new tensor, as the destination of a kernel.
  mlir::Value makeEmpty(mlir::Location loc, llvm::ArrayRef<Extent> extents,
                        mlir::Type element);
  /// Binds a value of the graph to its tensor, which may have other extents
  /// with the same elements ([rows, features]).
  void setResult(mlir::Value graphValue, mlir::Value tensor);
  /// A copy of a tensor, by a kernel that sees it as one dimension.
  mlir::Value copy(mlir::Location loc, mlir::Value tensor);
  /// A value in a tensor of its own, with dimensions in another order.
  mlir::FailureOr<mlir::Value> transpose(mlir::Value graphValue,
                                         llvm::ArrayRef<int64_t> perm);
  /// A host tensor in another one, with dimensions in another order.
  mlir::Value transposeTensor(mlir::Location loc, mlir::Value tensor,
                              llvm::ArrayRef<int64_t> perm);
  /// Is this tensor the result of a kernel or of a loop, and not a view of an
  /// argument?
  bool isOwned(mlir::Value tensor) const;
  /// Notes a host tensor's extents.
  void setExtents(mlir::Value tensor, llvm::ArrayRef<Extent> extents);

  //===--- Deferred ops ---------------------------------------------------===//

  /// Should this op be written where it is read, not where it stands? True for
  /// ops that only move elements, for constants and weights, and for
  /// elementwise ops whose only user is a reduction, or elementwise and of the
  /// same shape.
  bool isDeferred(mlir::Operation *op) const { return deferred.contains(op); }

  /// Is this deferred and calculated from constants of one number alone?
  bool isDeferredNumber(mlir::Value value) const;

  /// Writes a value into a tensor of its own, by a kernel of class `copy` or
  /// `elementwise` that evaluates the value's op and the deferred ones behind.
  mlir::FailureOr<mlir::Value> materialize(mlir::Value graphValue);

private:
  /// A block of the graph and the one that its ops are lowered into.
  struct Scope {
    mlir::Block *graph, *host;
  };

  void deferOps(mlir::Block &block);
  bool shouldDefer(mlir::Operation *op);
  /// Lets host ops go where values of the scope of that number stand: in front
  /// of the loop that is being lowered there.
  void moveToScope(unsigned number);
  unsigned getScope(mlir::Block *graphOrHost) const;

  KernelLibrary &library;
  const Target &target;
  mlir::OpBuilder host;
  /// The function's body, then those of the loops around.
  llvm::SmallVector<Scope> scopes;
  llvm::DenseMap<mlir::Value, mlir::Value> tensors;
  llvm::DenseMap<mlir::Value, Extents> extents;
  llvm::DenseMap<mlir::Value, mlir::Value> bases;
  llvm::DenseMap<mlir::Value, llvm::SmallVector<mlir::Value, 2>> views;
  llvm::DenseSet<mlir::Operation *> deferred;
  /// How many ops a kernel writes that reads through a deferred op.
  llvm::DenseMap<mlir::Operation *, unsigned> expressionSizes;
  llvm::StringMap<mlir::Value> hostExtents;
  llvm::StringMap<PackedRows> packedRows;
  /// By the tensor, the host block in which they were made, and the type.
  llvm::DenseMap<std::tuple<mlir::Value, mlir::Block *, mlir::Type>,
                 mlir::Value>
      roundedRows;
  llvm::StringMap<std::pair<mlir::Value, unsigned>> namedDims;
  llvm::DenseMap<mlir::Attribute, mlir::Value> weights;
};

/// Lowers the ops of a block but for its terminator.
llvm::LogicalResult lowerOps(mlir::Block &block, LoweringContext &context);

/// The lowerings by op. See Lowerings.cpp for the list.
class Lowerings {
public:
  using Function =
      std::function<llvm::LogicalResult(mlir::Operation *, LoweringContext &)>;

  /// All that there are.
  static const Lowerings &all();

  template <typename OpTy>
  void add(llvm::LogicalResult (*lower)(OpTy, LoweringContext &)) {
    functions[OpTy::getOperationName()] = [lower](mlir::Operation *op,
                                                  LoweringContext &context) {
      return lower(mlir::cast<OpTy>(op), context);
    };
  }
  /// The op's lowering, or null.
  const Function *lookup(mlir::Operation *op) const;

private:
  llvm::StringMap<Function> functions;
};

} // namespace sylvite

#endif // SYLVITE_KERNELS_LOWERING_H
