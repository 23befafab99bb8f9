//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The kernels of a module, each there once.
///
//===----------------------------------------------------------------------===//

#include "mlir/IR/OperationSupport.h"
#include "sylvite/Kernels/Lowering.h"

using namespace mlir;
using namespace sylvite;

FlatSymbolRefAttr KernelLibrary::add(OwningOpRef<halide::PipelineOp> kernel) {
  std::string name = kernel->getSymName().str();
  auto &sameName = byName[name];
  for (halide::PipelineOp known : sameName) {
    kernel->setSymName(known.getSymName());
    if (OperationEquivalence::isEquivalentTo(
            *kernel, known, OperationEquivalence::IgnoreLocations))
      return FlatSymbolRefAttr::get(known.getSymNameAttr());
  }

  std::string symbol = name;
  for (unsigned i = 1; symbols.lookup(symbol); ++i)
    symbol = (name + "_" + Twine(i)).str();
  halide::PipelineOp added = kernel.release();
  added.setSymName(symbol);
  // Kernels stand before the functions, in the order of their making.
  Block::iterator place =
      last ? std::next(last->getIterator()) : module.getBody()->begin();
  symbols.insert(added, place);
  last = added;
  sameName.push_back(added);
  return FlatSymbolRefAttr::get(added.getSymNameAttr());
}
