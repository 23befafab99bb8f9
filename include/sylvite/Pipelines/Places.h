//===- Places.h - Locations as users know them ------------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_PIPELINES_PLACES_H
#define SYLVITE_PIPELINES_PLACES_H

#include "mlir/IR/Location.h"

#include <string>

namespace sylvite {

/// The places that a location is made of, each once: names of a model's modules
/// and lines of files, for example "encoder.layer.0.output, graph.mlir:7:8".
/// Empty for an unknown location.
std::string describePlaces(mlir::Location location);

} // namespace sylvite

#endif // SYLVITE_PIPELINES_PLACES_H
