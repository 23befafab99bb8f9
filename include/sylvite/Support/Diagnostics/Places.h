//===- Places.h - Locations as users know them ------------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Locations as users know them: names of a model's modules and lines of files.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_SUPPORT_DIAGNOSTICS_PLACES_H
#define SYLVITE_SUPPORT_DIAGNOSTICS_PLACES_H

#include "mlir/IR/Location.h"
#include "llvm/ADT/SmallVector.h"

#include <string>

namespace sylvite {

/// The places that a location is made of, each once: names of modules, files,
/// and lines of files as "graph.mlir:7:8". Empty for an unknown location.
llvm::SmallVector<std::string> listPlaces(mlir::Location location);

/// All places in one line, for example "encoder.layer.0.output,
/// graph.mlir:7:8".
std::string describePlaces(mlir::Location location);

/// The module that all places are in, "layer.0.attention" of
/// "layer.0.attention.query, layer.0.attention.key"; else the first place, and
/// nothing for an unknown location.
std::string findCommonPlace(mlir::Location location);

/// The same of names alone: nothing where there are only files and lines.
std::string findModule(mlir::Location location);

} // namespace sylvite

#endif // SYLVITE_SUPPORT_DIAGNOSTICS_PLACES_H
