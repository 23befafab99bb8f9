//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The extents that a call gives to the named dimensions of a function.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_REFERENCE_DIMBINDINGS_H
#define SYLVITE_REFERENCE_DIMBINDINGS_H

#include "mlir/IR/BuiltinTypes.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/Support/Error.h"

#include <map>
#include <string>

namespace sylvite {

/// Extents by name. One name has one extent in the whole function; the shapes
/// of its arguments bind it.
class DimBindings {
public:
  /// Binds the names of a type to the extents of `shape`, and checks the static
  /// extents. A name made of others, such as `batch*seq`, binds nothing: see
  /// `checkComposed`. `what` names the tensor in errors.
  llvm::Error bind(mlir::RankedTensorType type, llvm::ArrayRef<int64_t> shape,
                   llvm::StringRef what);

  /// Checks that names made of others that were met have the extents that these
  /// give. To be called when everything is bound.
  llvm::Error checkComposed() const;

  /// Binds one name; fails if it has another extent already.
  llvm::Error bind(llvm::StringRef name, int64_t extent, llvm::StringRef what);

  /// The extent of a name, also of one made of others, none for an unbound one.
  std::optional<int64_t> lookup(llvm::StringRef name) const;

  /// The shape of a type. Fails for a dynamic dimension that has no name or one
  /// that no argument has bound.
  llvm::Expected<llvm::SmallVector<int64_t>>
  resolve(mlir::RankedTensorType type) const;

  /// `batch = 2, seq = 5`, in the order of binding.
  std::string toString() const;

private:
  struct Binding {
    int64_t extent;
    /// Which tensor gave it, for errors.
    std::string origin;
  };
  using Index = std::map<std::string, unsigned>;
  llvm::MapVector<std::string, Binding, Index> extents;
  llvm::MapVector<std::string, Binding, Index> composed;
};

} // namespace sylvite

#endif // SYLVITE_REFERENCE_DIMBINDINGS_H
