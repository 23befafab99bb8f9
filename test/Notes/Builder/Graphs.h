//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The list of graphs: those of a file of the notes, by their names.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_TEST_NOTES_BUILDER_GRAPHS_H
#define SYLVITE_TEST_NOTES_BUILDER_GRAPHS_H

#include "Notes.h"
#include "sylvite/Dialect/Graph/GraphBuilder.h"

#include <map>

class Graphs {
public:
  /// Adds the functions of a graph to a module. Fails after an error.
  using Build =
      std::function<mlir::LogicalResult(mlir::ModuleOp, const Notes &)>;
  /// Builds the one function of a graph, which has the graph's name.
  using BuildOne =
      std::function<void(sylvite::graph::GraphBuilder &, const Notes &)>;

  /// `file` is how the file's name begins: transformer for transformer_*.npz.
  void add(llvm::StringRef file, llvm::StringRef name, Build build);
  void addOne(llvm::StringRef file, llvm::StringRef name, BuildOne build);

  /// The graph of that name for a file of that name; null without one.
  const Build *find(llvm::StringRef file, llvm::StringRef name) const;

private:
  std::map<std::pair<std::string, std::string>, Build> graphs;
};

// Each file's graphs.
void addAttentionGraphs(Graphs &graphs);
void addMultiHeadGraphs(Graphs &graphs);
void addNormsGraphs(Graphs &graphs);
void addPositionsGraphs(Graphs &graphs);
void addRecurrentGraphs(Graphs &graphs);
void addG2pGraphs(Graphs &graphs);

#endif // SYLVITE_TEST_NOTES_BUILDER_GRAPHS_H
