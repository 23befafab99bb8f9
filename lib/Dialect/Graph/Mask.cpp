//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Masks as C++ writes them, made attributes.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Dialect/Graph/Mask.h"

using namespace mlir;
using namespace sylvite::graph;

Mask Mask::combine(MaskKind kind, const Mask &lhs, const Mask &rhs) {
  Mask both(kind);
  // As the parser reads them, a run of one sign is one node.
  for (const Mask *side : {&lhs, &rhs}) {
    if (side->kind == kind)
      llvm::append_range(both.children, side->children);
    else
      both.children.push_back(*side);
  }
  return both;
}

FailureOr<MaskAttr> Mask::getAttr(Location loc,
                                  SmallVectorImpl<Value> &operands) const {
  int64_t number = value;
  bool takesOperand = kind == MaskKind::Padding || kind == MaskKind::Keep ||
                      kind == MaskKind::Document;
  if (takesOperand) {
    if (!operand)
      return failure();
    number = operands.size();
    operands.push_back(operand);
  }
  SmallVector<MaskAttr> parts;
  for (const Mask &child : children) {
    FailureOr<MaskAttr> part = child.getAttr(loc, operands);
    if (failed(part))
      return failure();
    parts.push_back(*part);
  }
  MaskAttr attr =
      MaskAttr::getChecked([&] { return emitError(loc); }, loc.getContext(),
                           kind, number, ArrayRef<MaskAttr>(parts));
  if (!attr)
    return failure();
  return attr;
}
