//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Three kinds of names have numbers of the process: entries, in all programs;
/// values of OpenCL C, "_137"; and what a module of SPIR-V keeps for those who
/// read it. A program gets no longer by new names, so that its buffer stays;
/// its size stands where the kernel hands the program to the driver.
///
//===----------------------------------------------------------------------===//

#include "ProgramNames.h"
#include "CheckDevice.h"
#include "SpirvContainer.h"
#include "StableNames.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"

using namespace sylvite;
using namespace sylvite::emit;
using namespace Halide::Internal;
using llvm::StringRef;

namespace {
/// Renames the entries that are launched, and finds what they were called.
class LaunchRenamer : public IRMutator {
public:
  /// New names by Halide's.
  llvm::StringMap<std::string> names;

private:
  using IRMutator::visit;
  Halide::Expr visit(const Call *call) override {
    StringRef callee = call->name;
    if (!callee.starts_with("halide_") || !callee.ends_with("_run") ||
        call->args.size() < 2 || !call->args[1].as<StringImm>())
      return IRMutator::visit(call);
    const std::string &old = call->args[1].as<StringImm>()->value;
    auto [name, isNew] = names.try_emplace(old);
    if (isNew)
      name->second = stable.add(old);
    std::vector<Halide::Expr> args = call->args;
    args[1] = StringImm::make(name->second);
    return Call::make(call->type, call->name, args, call->call_type);
  }

  StableNames stable;
};

/// Writes the size of a program where it is handed over.
class SizeSetter : public IRMutator {
public:
  SizeSetter(const std::string &buffer, int size)
      : buffer(buffer + ".buffer"), size(size) {}

private:
  using IRMutator::visit;
  Halide::Expr visit(const Call *call) override {
    StringRef callee = call->name;
    if (!callee.ends_with("_initialize_kernels") || call->args.size() != 3 ||
        !uses(call->args[1]))
      return IRMutator::visit(call);
    return Call::make(
        call->type, call->name,
        {call->args[0], call->args[1], make_const(call->args[2].type(), size)},
        call->call_type);
  }
  bool uses(const Halide::Expr &expr) { return expr_uses_var(expr, buffer); }

  std::string buffer;
  int size;
};

/// Passes the names of a text through a table.
class TextRenamer {
public:
  TextRenamer(const llvm::StringMap<std::string> &entries) : entries(entries) {}
  std::string rename(StringRef text);

private:
  static bool isOfName(char c) {
    return llvm::isAlnum(c) || c == '_' || c == '$';
  }
  std::string renameOne(StringRef name);

  const llvm::StringMap<std::string> &entries;
  /// Of numbered values, by their old numbers.
  llvm::StringMap<int> values;
};
} // namespace

std::string TextRenamer::renameOne(StringRef name) {
  // PTX calls what entries get by the entry.
  size_t end = name.rfind("_param_");
  StringRef entry = name.substr(0, end);
  if (auto found = entries.find(entry); found != entries.end())
    return found->second + name.substr(entry.size()).str();
  StringRef number = name;
  if (!number.consume_front("_") || number.empty() ||
      !llvm::all_of(number, llvm::isDigit))
    return name.str();
  int next = values.size();
  return "_" + std::to_string(values.try_emplace(number, next).first->second);
}

std::string TextRenamer::rename(StringRef text) {
  std::string renamed;
  renamed.reserve(text.size());
  while (!text.empty()) {
    StringRef other = text.take_until(isOfName);
    renamed += other;
    text = text.drop_front(other.size());
    StringRef name = text.take_while(isOfName);
    renamed += renameOne(name);
    text = text.drop_front(name.size());
  }
  return renamed;
}

/// A name without the numbers that follow dollars.
static std::string dropDollars(StringRef name) {
  std::string rest;
  while (!name.empty()) {
    auto [text, after] = name.split('$');
    rest += text;
    if (text.size() == name.size())
      break;
    StringRef kept = after.drop_while(llvm::isDigit);
    if (kept.size() == after.size())
      rest += '$';
    name = kept;
  }
  return rest;
}

static std::string renameProgram(StringRef program,
                                 const llvm::StringMap<std::string> &entries) {
  auto spirv = parseSpirvContainer(program);
  if (!spirv)
    return TextRenamer(entries).rename(program);
  for (SpirvProgram &one : *spirv)
    one.rename([&](StringRef name) {
      auto found = entries.find(name);
      return found != entries.end() ? found->second : dropDollars(name);
    });
  return makeSpirvContainer(*spirv);
}

void emit::renamePrograms(Halide::Module &module) {
  LaunchRenamer launches;
  for (LoweredFunc &function : module.functions())
    function.body = launches.mutate(function.body);
  if (launches.names.empty())
    return;
  for (Halide::Buffer<> buffer : module.buffers()) {
    if (!isDeviceProgram(buffer))
      continue;
    auto *bytes = static_cast<char *>(buffer.data());
    std::string renamed =
        renameProgram(StringRef(bytes, buffer.size_in_bytes()), launches.names);
    llvm::copy(renamed, bytes);
    buffer.crop(0, 0, renamed.size());
    SizeSetter setter(buffer.name(), renamed.size());
    for (LoweredFunc &function : module.functions())
      function.body = setter.mutate(function.body);
  }
}
