//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A container is made of words of 32 bits:
///
///   number of programs
///   for each: bytes of header and module; words of the name; the name
///   for each: the header, then the module
///
/// A header is the number of its words, a one for one entry, the words of the
/// entry's name, the name, and numbers about what is bound. A text ends by a
/// zero at least, and is filled up with zeros.
///
//===----------------------------------------------------------------------===//

#include "SpirvContainer.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;
using namespace sylvite;
using namespace sylvite::emit;

static constexpr uint32_t kMagic = 0x07230203;
/// The first words of a module are no instructions.
static constexpr size_t kModuleHeader = 5;

// Instructions with names, from the unified specification of SPIR-V.
enum Opcode : uint32_t { OpName = 5, OpMemberName = 6, OpEntryPoint = 15 };

/// The text that the words begin with.
static std::string readText(ArrayRef<uint32_t> words) {
  StringRef bytes(reinterpret_cast<const char *>(words.data()),
                  words.size() * sizeof(uint32_t));
  return bytes.substr(0, bytes.find('\0')).str();
}

/// The words of a text.
static std::vector<uint32_t> makeText(StringRef text) {
  std::vector<uint32_t> words(text.size() / sizeof(uint32_t) + 1);
  llvm::copy(text, reinterpret_cast<char *>(words.data()));
  return words;
}

namespace {
/// Takes words from the front, as long as there are any.
class Reader {
public:
  Reader(ArrayRef<uint32_t> words) : words(words) {}
  uint32_t take() {
    ArrayRef<uint32_t> word = take(1);
    return word.empty() ? 0 : word.front();
  }
  ArrayRef<uint32_t> take(size_t count) {
    failed |= count > words.size();
    ArrayRef<uint32_t> front = words.take_front(count);
    words = words.drop_front(front.size());
    return front;
  }
  std::string takeText() { return readText(take(take())); }

  ArrayRef<uint32_t> words;
  bool failed = false;
};
} // namespace

/// One program: header and module.
static std::optional<SpirvProgram> parseProgram(ArrayRef<uint32_t> words) {
  Reader reader(words);
  size_t headerWords = reader.take();
  if (!headerWords || headerWords > words.size() || reader.take() != 1)
    return std::nullopt;
  SpirvProgram program;
  program.name = reader.takeText();
  size_t read = words.size() - reader.words.size();
  if (reader.failed || read > headerWords)
    return std::nullopt;
  program.bindings = reader.take(headerWords - read).vec();
  program.module = reader.words.vec();
  if (program.module.size() < kModuleHeader || program.module.front() != kMagic)
    return std::nullopt;
  return program;
}

std::optional<std::vector<SpirvProgram>>
emit::parseSpirvContainer(StringRef container) {
  if (container.size() % sizeof(uint32_t))
    return std::nullopt;
  std::vector<uint32_t> words(container.size() / sizeof(uint32_t));
  llvm::copy(container, reinterpret_cast<char *>(words.data()));
  Reader reader(words);
  std::vector<size_t> sizes;
  for (size_t count = reader.take(); count > sizes.size();) {
    sizes.push_back(reader.take() / sizeof(uint32_t));
    reader.takeText();
    if (reader.failed)
      return std::nullopt;
  }
  std::vector<SpirvProgram> programs;
  for (size_t size : sizes) {
    std::optional<SpirvProgram> program = parseProgram(reader.take(size));
    if (reader.failed || !program)
      return std::nullopt;
    programs.push_back(std::move(*program));
  }
  if (!reader.words.empty())
    return std::nullopt;
  return programs;
}

std::string
emit::makeSpirvContainer(const std::vector<SpirvProgram> &programs) {
  std::vector<uint32_t> words = {static_cast<uint32_t>(programs.size())};
  std::vector<uint32_t> bodies;
  auto append = [](std::vector<uint32_t> &to, ArrayRef<uint32_t> from) {
    to.insert(to.end(), from.begin(), from.end());
  };
  for (const SpirvProgram &program : programs) {
    std::vector<uint32_t> name = makeText(program.name);
    uint32_t nameWords = name.size();
    uint32_t headerWords = 3 + nameWords + program.bindings.size();
    uint32_t bytes = (headerWords + program.module.size()) * sizeof(uint32_t);
    append(words, {bytes, nameWords});
    append(words, name);
    append(bodies, {headerWords, 1, nameWords});
    append(bodies, name);
    append(bodies, program.bindings);
    append(bodies, program.module);
  }
  append(words, bodies);
  return std::string(reinterpret_cast<const char *>(words.data()),
                     words.size() * sizeof(uint32_t));
}

StringRef SpirvProgram::getModuleBytes() const {
  return StringRef(reinterpret_cast<const char *>(module.data()),
                   module.size() * sizeof(uint32_t));
}

/// How many words of an instruction are before its name, or 0.
static size_t findName(uint32_t opcode) {
  switch (opcode) {
  case OpName:
    return 2;
  case OpMemberName:
  case OpEntryPoint:
    return 3;
  default:
    return 0;
  }
}

void SpirvProgram::rename(function_ref<std::string(StringRef)> newName) {
  name = newName(name);
  Reader reader(module);
  std::vector<uint32_t> renamed = reader.take(kModuleHeader).vec();
  while (!reader.words.empty()) {
    uint32_t first = reader.words.front(), opcode = first & 0xffff;
    ArrayRef<uint32_t> words = reader.take(std::max(first >> 16, 1u));
    size_t before = findName(opcode);
    if (!before || before >= words.size()) {
      renamed.insert(renamed.end(), words.begin(), words.end());
      continue;
    }
    std::string old = readText(words.drop_front(before));
    ArrayRef<uint32_t> rest =
        words.drop_front(std::min(before + makeText(old).size(), words.size()));
    std::vector<uint32_t> text = makeText(newName(old));
    uint32_t count = before + text.size() + rest.size();
    renamed.push_back(count << 16 | opcode);
    renamed.insert(renamed.end(), words.begin() + 1, words.begin() + before);
    renamed.insert(renamed.end(), text.begin(), text.end());
    renamed.insert(renamed.end(), rest.begin(), rest.end());
  }
  module = std::move(renamed);
}
