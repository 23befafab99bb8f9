//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Packed weights on their way out.
///
/// The library and the file must belong together. Both hold a hash of the
/// layout and of all bytes. It is known only when the last byte has passed, so
/// the file's header is written twice: first with zeros in the hash's place,
/// then with the hash, which has the same length.
///
//===----------------------------------------------------------------------===//

#include "Weights.h"
#include "DataObject.h"

#include "sylvite/Emit/Host/EmitObject.h"
#include "sylvite/Emit/Host/Symbols.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/GlobalVariable.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/BLAKE3.h"

using namespace sylvite;
using namespace llvm;

namespace {

/// Passes bytes on and hashes them.
class HashingStream : public raw_ostream {
public:
  explicit HashingStream(raw_ostream &os) : os(os) { SetUnbuffered(); }

  /// The hash so far, as 32 hexadecimal digits.
  std::string getHash() {
    return toHex(hasher.final<16>(), /*LowerCase=*/true);
  }

private:
  void write_impl(const char *bytes, size_t size) override {
    hasher.update(StringRef(bytes, size));
    os.write(bytes, size);
    position += size;
  }
  uint64_t current_pos() const override { return position; }

  raw_ostream &os;
  BLAKE3 hasher;
  uint64_t position = 0;
};

} // namespace

/// The layout with `hash` in its metadata.
static Expected<SafeTensorsLayout> addHash(const PackedWeights &weights,
                                           const std::string &hash) {
  return SafeTensorsLayout::create(weights.layout.getTensors().vec(),
                                   {{"sylvite.hash", hash}});
}

static uint64_t getChecksum(StringRef bytes) {
  // FNV-1a, as lib/Runtime/WeightsHeader.c computes it.
  uint64_t sum = 0xcbf29ce484222325u;
  for (unsigned char c : bytes)
    sum = (sum ^ c) * 0x100000001b3u;
  return sum;
}

Error sylvite::writeWeightsFile(const PackedWeights &weights,
                                raw_fd_ostream &os, WeightsRecord &record) {
  Expected<SafeTensorsLayout> blank = addHash(weights, std::string(32, '0'));
  if (!blank)
    return blank.takeError();
  HashingStream hashing(os);
  if (Error error = writeSafeTensors(*blank, weights.write, hashing))
    return error;
  record.hash = hashing.getHash();
  Expected<SafeTensorsLayout> layout = addHash(weights, record.hash);
  if (!layout)
    return layout.takeError();
  os.seek(0);
  os << layout->getHeader();
  record.bytes = layout->getFileSize() - layout->getDataStart();
  // The checksum is of the JSON text, without its length in front.
  record.headerChecksum = getChecksum(layout->getHeader().drop_front(8));
  return Error::success();
}

Error sylvite::writeWeightsObject(const PackedWeights &weights,
                                  StringRef symbol, raw_ostream &os,
                                  WeightsRecord &record) {
  const SafeTensorsLayout &layout = weights.layout;
  record.embedded = true;
  record.bytes = layout.getFileSize() - layout.getDataStart();
  return writeDataObject(os, symbol, record.bytes, [&](raw_ostream &data) {
    return writeSafeTensorsData(layout, weights.write, data);
  });
}

Expected<std::unique_ptr<MemoryBuffer>>
sylvite::emitWeightsRecord(StringRef prefix, const WeightsRecord &record) {
  LLVMContext context;
  Module module("weights", context);
  module.setSourceFileName("");
  auto *pointer = PointerType::getUnqual(context);
  auto *word = Type::getInt64Ty(context);
  auto makeString = [&](StringRef text) -> Constant * {
    Constant *bytes = ConstantDataArray::getString(context, text);
    auto *global = new GlobalVariable(module, bytes->getType(),
                                      /*isConstant=*/true,
                                      GlobalValue::PrivateLinkage, bytes);
    global->setUnnamedAddr(GlobalValue::UnnamedAddr::Global);
    return global;
  };
  Constant *data = ConstantPointerNull::get(pointer);
  if (record.embedded) {
    auto *global = new GlobalVariable(
        module, Type::getInt8Ty(context), /*isConstant=*/true,
        GlobalValue::ExternalLinkage, nullptr, getWeightDataName(prefix));
    global->setVisibility(GlobalValue::HiddenVisibility);
    data = global;
  }
  // The fields of sylvite_weights, in its order.
  Constant *fields = ConstantStruct::getAnon(
      context,
      {data, ConstantInt::get(word, record.bytes), makeString(record.fileName),
       makeString(record.hash), ConstantInt::get(word, record.headerChecksum)});
  auto *global = new GlobalVariable(
      module, fields->getType(), /*isConstant=*/true,
      GlobalValue::ExternalLinkage, fields, getWeightsName(prefix));
  global->setVisibility(GlobalValue::HiddenVisibility);
  return emitObject(module);
}
