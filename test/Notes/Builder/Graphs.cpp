//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Graphs by the file they are for and their names.
///
//===----------------------------------------------------------------------===//

#include "Graphs.h"

using namespace mlir;

void Graphs::add(StringRef file, StringRef name, Build build) {
  bool isNew = graphs.try_emplace({file.str(), name.str()}, build).second;
  assert(isNew && "two graphs of one name");
  (void)isNew;
}

void Graphs::addOne(StringRef file, StringRef name, BuildOne build) {
  add(file, name, [=, name = name.str()](ModuleOp module, const Notes &notes) {
    sylvite::graph::GraphBuilder b(module, name);
    build(b, notes);
    return LogicalResult(b.finish());
  });
}

const Graphs::Build *Graphs::find(StringRef file, StringRef name) const {
  for (const auto &[key, build] : graphs)
    if (file.starts_with(key.first) && key.second == name)
      return &build;
  return nullptr;
}
