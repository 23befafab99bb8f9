//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Arrays of the notes by their keys.
///
//===----------------------------------------------------------------------===//

#include "Notes.h"

#include <cstring>

using namespace sylvite;
using namespace llvm;

Expected<Notes> Notes::read(StringRef path) {
  Expected<NpzArrays> arrays = readNpz(path);
  if (!arrays)
    return arrays.takeError();
  Notes notes;
  notes.arrays = std::move(*arrays);
  return notes;
}

const NpyArray *Notes::find(StringRef key) const {
  auto found = arrays.find(key.str());
  if (found != arrays.end())
    return &found->second;
  if (error.empty())
    error = ("there is no array '" + key + "'").str();
  return nullptr;
}

ArrayRef<int64_t> Notes::shape(StringRef key) const {
  const NpyArray *array = find(key);
  return array ? ArrayRef<int64_t>(array->shape) : ArrayRef<int64_t>();
}

int64_t Notes::extent(StringRef key, int64_t axis) const {
  ArrayRef<int64_t> extents = shape(key);
  if (axis < 0)
    axis += extents.size();
  if (axis >= 0 && size_t(axis) < extents.size())
    return extents[axis];
  if (error.empty())
    error = ("array '" + key + "' has no such axis").str();
  return 1;
}

/// The first element, as a double.
template <typename T>
static double readFirst(const NpyArray &array) {
  T value;
  std::memcpy(&value, array.data.data(), sizeof(T));
  return value;
}

double Notes::number(StringRef key) const {
  const NpyArray *array = find(key);
  if (array && array->getNumElements() == 1) {
    if (array->type == ElementType::F32)
      return readFirst<float>(*array);
    if (array->type == ElementType::F64)
      return readFirst<double>(*array);
    if (array->type == ElementType::I64)
      return readFirst<int64_t>(*array);
  }
  if (error.empty())
    error = ("array '" + key + "' is not one number").str();
  return 1;
}
