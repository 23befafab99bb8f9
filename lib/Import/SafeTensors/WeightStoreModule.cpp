//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The weight store of a module.
///
/// An import's weights fit its graph by construction, but IR is also read from
/// files that a person has edited, with weight files that may have changed
/// since. So each `graph.weight` is checked, once, where the store is opened.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Dialect/Graph/GraphDialect.h"
#include "sylvite/Import/Common/FileDiagnostic.h"
#include "sylvite/Import/SafeTensors/WeightStore.h"

using namespace sylvite;

/// Fails if the stored tensor does not have the op's type, or cannot be read as
/// one: floats are widened, integers must be stored as they are.
static mlir::LogicalResult checkWeight(graph::WeightOp op,
                                       const WeightStore &store) {
  llvm::Expected<WeightStore::Entry> entry = store.get(op.getName());
  if (!entry)
    return op.emitOpError() << llvm::toString(entry.takeError());
  const TensorInfo &tensor = *entry->tensor;
  mlir::RankedTensorType type = op.getType();
  if (type.getShape() != llvm::ArrayRef(tensor.shape))
    return op.emitOpError("has the type ")
           << type << ", but the tensor in " << entry->file->getPath() << " is "
           << describe(tensor.dtype, tensor.shape);
  if (mlir::isa<mlir::FloatType>(type.getElementType()) &&
      !widensToF32(tensor.dtype))
    return op.emitOpError("has the type ")
           << type << ", but the tensor in " << entry->file->getPath()
           << " holds " << getName(tensor.dtype)
           << "; weights must be F32, F16 or BF16";
  return mlir::success();
}

/// Fails if a weight of the graph has another type than the one derived.
static mlir::LogicalResult checkDerived(graph::WeightOp op,
                                        graph::DerivedWeightOp derived) {
  if (derived.getYielded().getType() == op.getType())
    return mlir::success();
  mlir::InFlightDiagnostic error = op.emitOpError("has the type ")
                                   << op.getType()
                                   << ", but the derived weight is "
                                   << derived.getYielded().getType();
  error.attachNote(derived.getLoc()) << "it is derived here";
  return error;
}

mlir::FailureOr<WeightStore> WeightStore::fromModule(mlir::ModuleOp module) {
  std::vector<std::string> paths;
  // The dialect's verifier has checked that these are strings.
  if (auto files = module->getAttrOfType<mlir::ArrayAttr>(
          graph::GraphDialect::kWeightFiles))
    for (auto file : files.getAsRange<mlir::StringAttr>())
      paths.push_back(file.str());
  llvm::Expected<WeightStore> store = open(paths);
  if (!store)
    return emitFileErrors(store.takeError(), module.getLoc());
  mlir::WalkResult result = module.walk([&](graph::WeightOp op) {
    // What is derived is checked by its own weights.
    if (auto derived =
            module.lookupSymbol<graph::DerivedWeightOp>(op.getName()))
      return mlir::WalkResult(checkDerived(op, derived));
    return mlir::WalkResult(checkWeight(op, *store));
  });
  if (result.wasInterrupted())
    return mlir::failure();
  return std::move(*store);
}
