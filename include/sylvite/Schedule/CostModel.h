//===- CostModel.h - Numbers behind schedules -------------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What policies assume about machines beyond the instruction set, and the
/// numbers they derive from it. A tuner changes schedules, not these.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_SCHEDULE_COSTMODEL_H
#define SYLVITE_SCHEDULE_COSTMODEL_H

#include <cstdint>

namespace sylvite {

struct CostModel {
  /// Caches of one core, in bytes: the smallest of the machines in use.
  int64_t l1Bytes = 32 << 10;
  int64_t l2Bytes = 256 << 10;

  /// Elements of a cheap loop (a few operations each) that outweigh handing
  /// them to another thread: about 2 us of work.
  int64_t taskElements = 8192;

  /// Rows of a block of a linear layer with a norm: all columns of a row have
  /// to be there before the norm. Each block reads the whole weight, which
  /// often is larger than the L2 cache: with 8 rows a layer of 1536 x 384 took
  /// up to half as long again.
  int64_t normRows = 32;

  /// Rows of a tile of a matrix product; 0 for as many as the target's registers
  /// hold well.
  int64_t tileRows = 0;

  /// Rows of a block that is multiplied with all of a weight before the next
  /// one, at most. With 32 x 128 rows of 384 numbers, outputs by outputs for all
  /// rows took 1.1 times as long.
  int64_t cachedRows = 128;

  /// Multiplications and additions of a task of a matrix product: some 10 us.
  int64_t taskFlops = 2 << 20;

  /// Queries of a task of attention. Their blocks use one piece of memory for
  /// scores, one after the other; more blocks make fewer and longer tasks.
  int64_t attentionRows = 64;

  /// Queries up to which tiles of scores have one vector of keys, so that short
  /// sequences are not rounded up to two.
  int64_t attentionShort = 64;

  /// Rows of a task where a row costs well over a microsecond by itself (a row
  /// of attention, of a softmax over a long axis).
  int64_t heavyRows = 1;

  /// How many elements of a cheap loop's rows make one task, in rows.
  int64_t getTaskRows(int64_t rowElements) const {
    int64_t rows = rowElements > 0 ? taskElements / rowElements : 0;
    return rows < 1 ? 1 : rows;
  }

  /// How many rows of a matrix product with these columns and this depth make
  /// one task.
  int64_t getProductRows(int64_t columns, int64_t depth) const {
    int64_t rows = depth > 0 ? taskFlops / (2 * columns * depth) : taskFlops;
    return rows < 1 ? 1 : rows;
  }

  /// How many rows of so many words of 4 bytes stay in the L2 cache while all
  /// of a layer's weight passes by; not so many that a batch is one block.
  int64_t getCachedRows(int64_t words) const {
    int64_t rows = words > 0 ? l2Bytes / 2 / (4 * words) : cachedRows;
    return rows < cachedRows ? rows : cachedRows;
  }
};

} // namespace sylvite

#endif // SYLVITE_SCHEDULE_COSTMODEL_H
