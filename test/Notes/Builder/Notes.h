//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Sizes of the notes' arrays, from an .npz file.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_TEST_NOTES_BUILDER_NOTES_H
#define SYLVITE_TEST_NOTES_BUILDER_NOTES_H

#include "sylvite/Support/Npz/Npz.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

/// What is missing gives 1, and the first error.
class Notes {
public:
  static llvm::Expected<Notes> read(llvm::StringRef path);

  bool has(llvm::StringRef key) const { return arrays.count(key.str()); }
  /// The extents of an array.
  llvm::ArrayRef<int64_t> shape(llvm::StringRef key) const;
  /// One of them; a negative axis counts from the end.
  int64_t extent(llvm::StringRef key, int64_t axis) const;
  /// The value of an array with one element.
  double number(llvm::StringRef key) const;

  /// What was asked for in vain.
  llvm::StringRef getError() const { return error; }

private:
  const sylvite::NpyArray *find(llvm::StringRef key) const;

  sylvite::NpzArrays arrays;
  mutable std::string error;
};

#endif // SYLVITE_TEST_NOTES_BUILDER_NOTES_H
