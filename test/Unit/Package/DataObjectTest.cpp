//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Bytes as an object file, read back by LLVM.
///
//===----------------------------------------------------------------------===//

#include "DataObject.h"

#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Support/MemoryBuffer.h"
#include <gtest/gtest.h>

using namespace sylvite;
using namespace llvm;

TEST(DataObject, DefinesTheBytesAsOneSymbol) {
  std::string bytes, data = "0123456789";
  raw_string_ostream os(bytes);
  Error error = writeDataObject(os, "model__weight_data", data.size(),
                                [&](raw_ostream &out) {
                                  out << data;
                                  return Error::success();
                                });
  ASSERT_FALSE(bool(error)) << toString(std::move(error));

  auto object =
      object::ObjectFile::createObjectFile(MemoryBufferRef(bytes, "weights.o"));
  ASSERT_TRUE(bool(object)) << toString(object.takeError());
  EXPECT_EQ((*object)->getArch(), Triple::x86_64);
  unsigned symbols = 0;
  for (object::ELFSymbolRef symbol : (*object)->symbols()) {
    ++symbols;
    EXPECT_EQ(cantFail(symbol.getName()), "model__weight_data");
    EXPECT_EQ(symbol.getSize(), data.size());
    EXPECT_EQ(symbol.getBinding(), ELF::STB_GLOBAL);
    EXPECT_EQ(symbol.getOther(), ELF::STV_HIDDEN);
    object::section_iterator section = cantFail(symbol.getSection());
    EXPECT_EQ(cantFail(section->getContents()), data);
    EXPECT_EQ(section->getAlignment(), Align(64));
    EXPECT_FALSE(object::ELFSectionRef(*section).getFlags() & ELF::SHF_WRITE);
  }
  EXPECT_EQ(symbols, 1u);
}

TEST(DataObject, AnotherSizeThanPromisedIsAnError) {
  std::string bytes;
  raw_string_ostream os(bytes);
  Error error = writeDataObject(os, "x", 3, [](raw_ostream &out) {
    out << "four";
    return Error::success();
  });
  EXPECT_EQ(toString(std::move(error)),
            "the weights' size and their data differ");
}
