//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Pages between two that may not be touched.
///
//===----------------------------------------------------------------------===//

#include "GuardedBuffer.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/Process.h"

#include <sys/mman.h>

using namespace sylvite;
using llvm::sys::Memory;

/// Fills memory that a kernel should leave alone, and outputs before the call.
static constexpr char kFill = char(0xA5);

llvm::Expected<GuardedBuffer> GuardedBuffer::create(size_t bytes,
                                                    size_t alignment) {
  llvm::Expected<unsigned> page = llvm::sys::Process::getPageSize();
  if (!page)
    return page.takeError();
  size_t room = llvm::alignTo(bytes + alignment, *page);

  constexpr unsigned usable = Memory::MF_READ | Memory::MF_WRITE;
  std::error_code error;
  llvm::sys::MemoryBlock block =
      Memory::allocateMappedMemory(room + 2 * *page, nullptr, usable, error);
  if (error)
    return llvm::errorCodeToError(error);
  GuardedBuffer buffer;
  buffer.block = llvm::sys::OwningMemoryBlock(block);

  auto *begin = static_cast<char *>(block.base()) + *page;
  char *end = begin + room;
  for (char *guard : {begin - *page, end})
    if (mprotect(guard, *page, PROT_NONE))
      return llvm::errorCodeToError(
          std::error_code(errno, std::generic_category()));

  char *data = begin + llvm::alignDown(room - bytes, alignment);
  std::fill(begin, end, kFill);
  buffer.data = {data, bytes};
  buffer.slack = {data + bytes, end};
  return buffer;
}

bool GuardedBuffer::isIntact() const {
  return llvm::all_of(slack, [](char byte) { return byte == kFill; });
}
