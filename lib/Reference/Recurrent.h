//===- Recurrent.h - Recurrent layers ---------------------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Evaluates layers that have several results.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_REFERENCE_RECURRENT_H
#define SYLVITE_LIB_REFERENCE_RECURRENT_H

#include "Frame.h"

#include "sylvite/Dialect/Graph/Recurrent.h"

namespace sylvite {

/// Fills the results of a layer, which hold zeros.
void evaluateRecurrent(const graph::RecurrentLayer &layer, const Frame &frame,
                       llvm::MutableArrayRef<Tensor> results);

} // namespace sylvite

#endif // SYLVITE_LIB_REFERENCE_RECURRENT_H
