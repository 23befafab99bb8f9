//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Symbols that only their object sees.
///
//===----------------------------------------------------------------------===//

#include "LocalizeSymbols.h"
#include "TempFolder.h"

#include "llvm/Object/ELFObjectFile.h"
#include <gtest/gtest.h>

#include <map>

using namespace sylvite;
using namespace llvm;

TEST(LocalizeSymbols, KeepsThoseOfTheListAndWhatIsUndefined) {
  auto runtime = MemoryBuffer::getFile(SYLVITE_RUNTIME);
  ASSERT_TRUE(bool(runtime));
  std::string bytes;
  raw_string_ostream os(bytes);
  Error error = localizeSymbols(**runtime, {"sylvite_open"}, os);
  ASSERT_FALSE(bool(error)) << toString(std::move(error));

  auto object =
      object::ObjectFile::createObjectFile(MemoryBufferRef(bytes, "x.o"));
  ASSERT_TRUE(bool(object)) << toString(object.takeError());
  std::map<std::string, uint8_t> bindings;
  for (object::ELFSymbolRef symbol : (*object)->symbols()) {
    bool defined =
        !(cantFail(symbol.getFlags()) & object::SymbolRef::SF_Undefined);
    StringRef name = cantFail(symbol.getName());
    if (defined && symbol.getBinding() != ELF::STB_LOCAL)
      EXPECT_EQ(name, "sylvite_open");
    bindings[name.str()] = symbol.getBinding();
  }
  EXPECT_EQ(bindings["sylvite_open"], ELF::STB_GLOBAL);
  EXPECT_EQ(bindings["sylvite_close"], ELF::STB_LOCAL);
  // Weak in Halide's runtime; two models must not share one thread pool.
  EXPECT_EQ(bindings["halide_do_par_for"], ELF::STB_LOCAL);
  EXPECT_EQ(bindings["pthread_create"], ELF::STB_GLOBAL);
}

TEST(LocalizeSymbols, WhatIsNoObjectIsAnError) {
  std::string bytes;
  raw_string_ostream os(bytes);
  EXPECT_TRUE(errorToBool(
      localizeSymbols(MemoryBufferRef("no object", "x.o"), {}, os)));
}
