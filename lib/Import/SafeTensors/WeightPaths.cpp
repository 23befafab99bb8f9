//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Paths of weight files, to and from files of IR.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Import/SafeTensors/WeightPaths.h"

#include "sylvite/Dialect/Graph/GraphDialect.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using namespace sylvite;
namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;

/// The module's list with each relative path replaced. The dialect's verifier
/// has checked that they are strings.
static ArrayAttr
mapWeightFiles(ModuleOp module,
               llvm::function_ref<std::string(StringRef)> convert) {
  auto files =
      module->getAttrOfType<ArrayAttr>(graph::GraphDialect::kWeightFiles);
  if (!files)
    return nullptr;
  SmallVector<Attribute> converted;
  for (auto file : files.getAsRange<StringAttr>())
    converted.push_back(
        path::is_absolute(file.getValue())
            ? file
            : StringAttr::get(module.getContext(), convert(file)));
  return ArrayAttr::get(module.getContext(), converted);
}

/// `folder` as an absolute path without links, from which the way to another
/// one can be read.
static std::string makeReal(StringRef folder) {
  SmallString<256> real;
  if (folder.empty())
    folder = ".";
  // A folder that is not there has no links either.
  if (fs::real_path(folder, real)) {
    real = folder;
    (void)fs::make_absolute(real);
    path::remove_dots(real, /*remove_dot_dot=*/true);
  }
  return std::string(real);
}

/// `file` as seen from `folder`. Where the file itself is a link, its name is
/// what the user knows.
static std::string makeRelative(StringRef file, StringRef folder) {
  std::string to = makeReal(path::parent_path(file));
  std::string from = makeReal(folder);
  auto a = path::begin(to), b = path::begin(from);
  while (a != path::end(to) && b != path::end(from) && *a == *b)
    ++a, ++b;
  SmallString<256> relative;
  for (; b != path::end(from); ++b)
    path::append(relative, "..");
  for (; a != path::end(to); ++a)
    path::append(relative, *a);
  path::append(relative, path::filename(file));
  return std::string(relative);
}

void sylvite::resolveWeightFiles(ModuleOp module, StringRef folder) {
  if (folder.empty())
    return;
  if (ArrayAttr files = mapWeightFiles(module, [&](StringRef file) {
        SmallString<256> joined(folder);
        path::append(joined, file);
        path::remove_dots(joined);
        return std::string(joined);
      }))
    module->setAttr(graph::GraphDialect::kWeightFiles, files);
}

ArrayAttr sylvite::getWeightFilesFrom(ModuleOp module, StringRef folder) {
  return mapWeightFiles(
      module, [&](StringRef file) { return makeRelative(file, folder); });
}
