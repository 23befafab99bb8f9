//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Cuts functions of graph ops into kernels.
///
/// A function's body is rewritten from its first op to its last into a new
/// body. Ops are lowered one at a time by the functions of the list in
/// Lowerings.cpp; those that LoweringContext defers are written where later ops
/// read them. At the end the results are made tensors of their own, and views
/// that nothing uses are dropped. What can be wrong with a function as a whole
/// (dimensions without a name, tensors too large to index) is checked first, so
/// that lowerings need not look at it.
///
//===----------------------------------------------------------------------===//

#include "Lowerings.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Iterators.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "sylvite/Dialect/Graph/SymInt.h"
#include "sylvite/Kernels/Passes.h"
#include "sylvite/Support/ModuleTarget.h"
#include "llvm/ADT/StringSet.h"

#define DEBUG_TYPE "sylvite-form-kernels"

namespace sylvite {
#define GEN_PASS_DEF_FORMKERNELSPASS
#include "sylvite/Kernels/Passes.h.inc"
} // namespace sylvite

using namespace mlir;
using namespace sylvite;

//===----------------------------------------------------------------------===//
// What is refused
//===----------------------------------------------------------------------===//

/// Kernels calculate indices in 32 bits.
static constexpr int64_t kMaxElements = std::numeric_limits<int32_t>::max();
/// Kernels have names for that many variables.
static constexpr int64_t kMaxRank = 12;

/// Checks the shape of a value of the graph. `names` are those that the
/// function's arguments and results bind.
static LogicalResult verifyShape(Value value, const llvm::StringSet<> &names) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  if (!type)
    return emitError(value.getLoc())
           << "no kernel for a value of type " << value.getType();
  if (type.getRank() > kMaxRank)
    return emitError(value.getLoc())
           << "no kernel for a tensor of rank " << type.getRank()
           << ": at most " << kMaxRank << " dimensions";
  int64_t elements = 1;
  for (const graph::Dim &dim : graph::getDims(type)) {
    if (dim.isStatic()) {
      if (llvm::MulOverflow(elements, dim.size, elements) ||
          elements > kMaxElements)
        return emitError(value.getLoc())
               << "no kernel for " << type << ": kernels index with 32 bits, "
               << "and this has 2^31 elements or more";
      continue;
    }
    if (!dim.name)
      return emitError(value.getLoc())
             << "a dynamic dimension of " << type << " has no name";
    for (StringRef name : getLeafNames(dim.name.getValue()))
      if (!names.contains(name))
        return emitError(value.getLoc())
               << "no argument and no result of the function has a dimension '"
               << name << "', so that its extent is unknown";
  }
  return success();
}

/// Checks what lowerings rely on.
static LogicalResult verifyFunction(func::FuncOp function) {
  if (!function.getBody().hasOneBlock())
    return function.emitError("a function of graph ops must have one block");
  llvm::StringSet<> names;
  auto bindNames = [&](TypeRange types) {
    for (Type type : types)
      if (auto tensor = dyn_cast<RankedTensorType>(type))
        for (const graph::Dim &dim : graph::getDims(tensor))
          if (!dim.isStatic() && dim.name)
            names.insert(dim.name.getValue());
  };
  bindNames(function.getArgumentTypes());
  bindNames(function.getResultTypes());
  auto verifyShapes = [&](ValueRange values) {
    return success(llvm::all_of(
        values, [&](Value v) { return succeeded(verifyShape(v, names)); }));
  };
  if (failed(verifyShapes(function.getArguments())))
    return failure();
  // How many rows there are is known only inside.
  llvm::StringSet<> rowNames;
  for (auto pack : function.getBody().front().getOps<graph::PackRowsOp>()) {
    StringRef name = pack.getRows().getValue();
    if (names.contains(name))
      return pack.emitError("rows have the name of a dimension of an argument "
                            "or a result, '")
             << name << "'";
    rowNames.insert(name);
  }
  names.insert_range(rowNames.keys());
  // The numbers of score formulas are no tensors.
  WalkResult walk =
      function.walk<WalkOrder::PreOrder>([&](Operation *op) -> WalkResult {
        if (failed(verifyShapes(op->getResults())))
          return failure();
        if (auto scan = dyn_cast<graph::ScanOp>(op))
          return verifyShapes(scan.getBody().getArguments());
        return op == function ? WalkResult::advance() : WalkResult::skip();
      });
  return failure(walk.wasInterrupted());
}

//===----------------------------------------------------------------------===//
// Types and attributes
//===----------------------------------------------------------------------===//

static Type dropNames(Type type) {
  auto tensor = cast<RankedTensorType>(type);
  return RankedTensorType::get(tensor.getShape(), tensor.getElementType());
}

/// The names of a tensor's dimensions as the attribute `graph.dims`.
static ArrayAttr getNames(Type type) {
  SmallVector<StringRef> names;
  for (const graph::Dim &dim : graph::getDims(cast<RankedTensorType>(type)))
    names.push_back(dim.isStatic() ? StringRef() : dim.name.getValue());
  return Builder(type.getContext()).getStrArrayAttr(names);
}

/// Gives the function its new types, and names in attributes.
static void convertSignature(func::FuncOp function) {
  FunctionType type = function.getFunctionType();
  StringRef attr = graph::GraphDialect::kDims;
  for (auto [i, input] : llvm::enumerate(type.getInputs()))
    function.setArgAttr(i, attr, getNames(input));
  for (auto [i, result] : llvm::enumerate(type.getResults()))
    function.setResultAttr(i, attr, getNames(result));
  auto convert = [](ArrayRef<Type> types) {
    return llvm::map_to_vector(types, dropNames);
  };
  function.setFunctionType(FunctionType::get(function.getContext(),
                                             convert(type.getInputs()),
                                             convert(type.getResults())));
}

/// Is this a function of the graph? One whose types have dimension names, or
/// whose body has graph ops or nothing at all.
static bool isGraphFunction(func::FuncOp function) {
  if (function.isExternal())
    return false;
  auto isNamed = [](Type type) {
    auto tensor = dyn_cast<RankedTensorType>(type);
    return tensor && tensor.getEncoding();
  };
  if (llvm::any_of(function.getArgumentTypes(), isNamed) ||
      llvm::any_of(function.getResultTypes(), isNamed))
    return true;
  return llvm::any_of(function.getOps(), [](Operation &op) {
    return isa<graph::GraphDialect>(op.getDialect());
  });
}

//===----------------------------------------------------------------------===//
// Bodies
//===----------------------------------------------------------------------===//

/// Ends the new body: each result gets a tensor of its own.
static LogicalResult lowerReturn(func::ReturnOp op, LoweringContext &context) {
  SmallVector<Value> results;
  DenseSet<Value> returned;
  for (Value operand : op.getOperands()) {
    FailureOr<Value> tensor = context.getTensor(operand);
    if (failed(tensor))
      return failure();
    if (!context.isOwned(*tensor) ||
        !returned.insert(context.getBase(*tensor)).second)
      tensor = context.copy(op.getLoc(), *tensor);
    results.push_back(*tensor);
  }
  func::ReturnOp::create(context.getHostBuilder(), op.getLoc(), results);
  return success();
}

static LogicalResult lowerBody(Block &oldBody, LoweringContext &context) {
  auto end = dyn_cast<func::ReturnOp>(oldBody.getTerminator());
  if (!end)
    return oldBody.getParentOp()->emitError("a function must end with return");
  if (failed(lowerOps(oldBody, context)))
    return failure();
  return lowerReturn(end, context);
}

/// Drops what nothing uses: views of other shapes, extents.
static void dropDead(func::FuncOp function) {
  function.walk<WalkOrder::PostOrder, ReverseIterator>([](Operation *op) {
    if (isOpTriviallyDead(op))
      op->erase();
  });
}

namespace {
struct FormKernels : sylvite::impl::FormKernelsPassBase<FormKernels> {
  void runOnOperation() override;
  LogicalResult lower(func::FuncOp function, KernelLibrary &library,
                      const Target &target);
};
} // namespace

LogicalResult FormKernels::lower(func::FuncOp function, KernelLibrary &library,
                                 const Target &target) {
  if (failed(verifyFunction(function)))
    return failure();
  Region &region = function.getBody();
  Block &oldBody = region.front();
  Block *body = &region.emplaceBlock();
  for (BlockArgument argument : oldBody.getArguments())
    body->addArgument(dropNames(argument.getType()), argument.getLoc());

  LoweringContext context(library, target, &oldBody, body);
  if (failed(lowerBody(oldBody, context))) {
    body->erase();
    return failure();
  }
  oldBody.erase();
  dropDead(function);
  convertSignature(function);
  return success();
}

void FormKernels::runOnOperation() {
  ModuleOp module = getOperation();
  FailureOr<const Target *> target = findTarget(module);
  if (failed(target))
    return signalPassFailure();
  KernelLibrary library(module);
  for (auto function :
       llvm::make_early_inc_range(module.getOps<func::FuncOp>()))
    if (isGraphFunction(function) && failed(lower(function, library, **target)))
      return signalPassFailure();
}
