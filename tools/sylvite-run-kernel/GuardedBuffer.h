//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Memory whose end is the end of the world: the page behind it cannot be
/// touched, and neither can the one before. A kernel that reads or writes past
/// its buffer is ended by the system instead of being right by luck.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_TOOLS_RUNKERNEL_GUARDEDBUFFER_H
#define SYLVITE_TOOLS_RUNKERNEL_GUARDEDBUFFER_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/Memory.h"

namespace sylvite {

class GuardedBuffer {
public:
  /// Memory for `bytes` bytes that begins at a multiple of `alignment` and ends
  /// as close to the untouchable page as that allows.
  static llvm::Expected<GuardedBuffer> create(size_t bytes, size_t alignment);

  GuardedBuffer(GuardedBuffer &&) = default;
  GuardedBuffer &operator=(GuardedBuffer &&) = default;

  llvm::MutableArrayRef<char> getData() { return data; }

  /// True if the bytes between the end and the page are as they were.
  bool isIntact() const;

private:
  GuardedBuffer() = default;

  llvm::sys::OwningMemoryBlock block;
  llvm::MutableArrayRef<char> data;
  /// What lies between the data and the page.
  llvm::MutableArrayRef<char> slack;
};

} // namespace sylvite

#endif // SYLVITE_TOOLS_RUNKERNEL_GUARDEDBUFFER_H
