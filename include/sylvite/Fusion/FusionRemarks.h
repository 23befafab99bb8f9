//===- FusionRemarks.h - What was fused and what was not --------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Every candidate of a fusion leaves one remark, so that nothing stays unfused
/// in silence. A remark's category is `sylvite-fusion`, its name the family
/// ("attention", "gelu", ...); what was missed tells the first condition that
/// failed, the other op involved and what to change.
///
/// Remarks cost nothing unless somebody listens (`sylvitec --explain-fusion`,
/// `sylvite-opt --remarks-filter=sylvite-fusion`).
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_FUSION_FUSIONREMARKS_H
#define SYLVITE_FUSION_FUSIONREMARKS_H

#include "mlir/IR/Operation.h"

namespace sylvite {

constexpr llvm::StringLiteral kFusionCategory = "sylvite-fusion";

/// Keys of a remark's arguments.
constexpr llvm::StringLiteral kRemarkReason = "Reason";
constexpr llvm::StringLiteral kRemarkSuggestion = "Suggestion";
/// The location of the other op that a missed fusion is about.
constexpr llvm::StringLiteral kRemarkOther = "Other";

/// Notes that `result` is now one op of the family. `what` says of what it was
/// made, in a few words: "matmul, scale, softmax, matmul".
void remarkFused(mlir::Operation *result, llvm::StringRef family,
                 const llvm::Twine &what);

/// Why a candidate was left as it is.
struct MissedFusion {
  /// The first condition that failed: "the scores have a second user".
  std::string reason;
  /// The op that it failed at, where that is not the candidate itself.
  mlir::Operation *other = nullptr;
  /// What to change in the model or the options, if there is something.
  std::string suggestion;
};

/// Notes that `candidate`, which looks like the root of a fusion, stays.
void remarkMissed(mlir::Operation *candidate, llvm::StringRef family,
                  const MissedFusion &why);

} // namespace sylvite

#endif // SYLVITE_FUSION_FUSIONREMARKS_H
