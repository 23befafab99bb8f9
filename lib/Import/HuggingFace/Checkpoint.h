//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The weights of an encoder, checked against what its configuration asks for.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_IMPORT_HUGGINGFACE_CHECKPOINT_H
#define SYLVITE_LIB_IMPORT_HUGGINGFACE_CHECKPOINT_H

#include "EncoderFamily.h"
#include "sylvite/Import/SafeTensors/WeightStore.h"

namespace sylvite {

class Checkpoint {
public:
  /// Opens the weights in `folder` and checks them: every tensor of the
  /// family's modules is there in its shape, with values that widen to f32, and
  /// there is no other one but those the family passes over. Emits a diagnostic
  /// and fails otherwise.
  static mlir::FailureOr<Checkpoint> open(llvm::StringRef folder,
                                          const EncoderFamily &family,
                                          const EncoderConfig &config,
                                          mlir::MLIRContext *context);

  /// The tensor of a parameter, given by the path of its module and its own
  /// name ("weight" or "bias"). The parameter must be one of the family's.
  const TensorInfo &get(llvm::StringRef path) const {
    return *parameters.at(path);
  }

  std::vector<std::string> getPaths() const { return store.getPaths(); }

private:
  class Checker;

  explicit Checkpoint(WeightStore store) : store(std::move(store)) {}

  WeightStore store;
  llvm::StringMap<const TensorInfo *> parameters;
};

} // namespace sylvite

#endif // SYLVITE_LIB_IMPORT_HUGGINGFACE_CHECKPOINT_H
