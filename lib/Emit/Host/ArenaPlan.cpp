//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Who shares memory with whom.
///
/// Buffers are placed one by one, the largest first: large ones decide how much
/// memory is needed, small ones find room beside them. A buffer goes into the
/// slot, among those that are free during its lifetime, that has to grow least
/// for it.
///
//===----------------------------------------------------------------------===//

#include "ArenaPlan.h"

#include "llvm/ADT/STLExtras.h"

#include <numeric>

using namespace sylvite;
using namespace llvm;

static double getMaximum(ArrayRef<DimPolynomial> polynomials,
                         ArrayRef<int64_t> dims) {
  double maximum = 0;
  for (const DimPolynomial &polynomial : polynomials)
    maximum = std::max(maximum, polynomial.evaluate(dims));
  return maximum;
}

void sylvite::addToMaximum(std::vector<DimPolynomial> &maximum,
                           const DimPolynomial &bytes) {
  if (any_of(maximum,
             [&](const DimPolynomial &other) { return other.covers(bytes); }))
    return;
  erase_if(maximum,
           [&](const DimPolynomial &other) { return bytes.covers(other); });
  maximum.push_back(bytes);
}

std::vector<ArenaSlot> sylvite::planArena(ArrayRef<ArenaBuffer> buffers,
                                          ArrayRef<int64_t> likely) {
  std::vector<unsigned> order(buffers.size());
  std::iota(order.begin(), order.end(), 0);
  std::vector<double> sizes;
  for (const ArenaBuffer &buffer : buffers)
    sizes.push_back(buffer.bytes.evaluate(likely));
  // Equal ones in their own order: the plan must not depend on the sort.
  sort(order, [&](unsigned left, unsigned right) {
    return std::pair(-sizes[left], left) < std::pair(-sizes[right], right);
  });

  auto overlap = [&](unsigned left, unsigned right) {
    return buffers[left].first <= buffers[right].last &&
           buffers[right].first <= buffers[left].last;
  };
  std::vector<ArenaSlot> slots;
  for (unsigned buffer : order) {
    ArenaSlot *best = nullptr;
    double leastGrowth = 0;
    for (ArenaSlot &slot : slots) {
      if (any_of(slot.members,
                 [&](unsigned member) { return overlap(member, buffer); }))
        continue;
      double growth =
          std::max(0.0, sizes[buffer] - getMaximum(slot.bytes, likely));
      if (!best || growth < leastGrowth) {
        best = &slot;
        leastGrowth = growth;
      }
    }
    if (!best)
      best = &slots.emplace_back();
    best->members.push_back(buffer);
    addToMaximum(best->bytes, buffers[buffer].bytes);
  }
  return slots;
}

std::string sylvite::printArena(ArrayRef<ArenaSlot> slots,
                                ArrayRef<StringRef> names, int64_t alignment) {
  // Slots of one formula that need no rounding add up.
  DimPolynomial plain;
  std::string rest;
  for (const ArenaSlot &slot : slots) {
    if (slot.bytes.size() == 1 && slot.bytes.front().isMultipleOf(alignment))
      if (std::optional<DimPolynomial> sum = plain.add(slot.bytes.front())) {
        plain = *sum;
        continue;
      }
    std::string text = slot.bytes.front().print(names);
    for (const DimPolynomial &other : drop_begin(slot.bytes))
      text = "max(" + text + ", " + other.print(names) + ")";
    if (!all_of(slot.bytes, [&](const DimPolynomial &bytes) {
          return bytes.isMultipleOf(alignment);
        }))
      text = "round" + std::to_string(alignment) + "(" + text + ")";
    rest += " + " + text;
  }
  if (rest.empty())
    return plain.print(names);
  return plain.isZero() ? rest.substr(3) : plain.print(names) + rest;
}
