//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Fusion remarks, on top of MLIR's.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Fusion/FusionRemarks.h"
#include "mlir/IR/Remarks.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

using namespace mlir;
using namespace sylvite;

/// Options of a remark at an op: the family and the function around it.
static remark::RemarkOpts getOptions(Operation *op, StringRef family) {
  auto options = remark::RemarkOpts::name(family).category(kFusionCategory);
  if (auto function = op->getParentOfType<FunctionOpInterface>())
    options = options.function(function.getName());
  return options;
}

void sylvite::remarkFused(Operation *result, StringRef family,
                          const Twine &what) {
  if (remark::detail::InFlightRemark remark =
          remark::passed(result->getLoc(), getOptions(result, family)))
    remark << what.str();
}

void sylvite::remarkMissed(Operation *candidate, StringRef family,
                           const MissedFusion &why) {
  remark::detail::InFlightRemark remark =
      remark::missed(candidate->getLoc(), getOptions(candidate, family));
  if (!remark)
    return;
  using Arg = remark::detail::Remark::Arg;
  remark << Arg(kRemarkReason, why.reason);
  if (why.other) {
    std::string place;
    llvm::raw_string_ostream(place) << why.other->getLoc();
    remark << Arg(kRemarkOther, place);
  }
  if (!why.suggestion.empty())
    remark << Arg(kRemarkSuggestion, why.suggestion);
}
