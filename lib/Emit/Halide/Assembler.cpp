//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Reads what `ptxas -v` says:
///
///   ptxas info    : Compiling entry function 'NAME' for 'sm_80'
///   ptxas info    : Function properties for NAME
///       0 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads
///   ptxas info    : Used 40 registers, ...
///
//===----------------------------------------------------------------------===//

#include "Assembler.h"
#include "llvm/ADT/ScopeExit.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace sylvite;

/// The number in front of a word, or none.
static std::optional<int64_t> getNumberBefore(StringRef line, StringRef word) {
  size_t at = line.find(word);
  if (at == StringRef::npos)
    return std::nullopt;
  StringRef number = line.take_front(at).rtrim();
  number = number.take_back(number.size() - 1 - number.find_last_of(' '));
  int64_t value;
  if (number.getAsInteger(10, value))
    return std::nullopt;
  return value;
}

static void readReport(StringRef report, std::vector<KernelLaunch> &launches) {
  KernelLaunch *launch = nullptr;
  for (StringRef line : split(report, '\n')) {
    if (line.contains("Compiling entry function")) {
      StringRef name = line.split('\'').second.split('\'').first;
      auto found = find_if(launches, [&](const KernelLaunch &launch) {
        return launch.name == name;
      });
      launch = found == launches.end() ? nullptr : &*found;
    }
    if (!launch)
      continue;
    if (auto bytes = getNumberBefore(line, "bytes spill stores"))
      launch->spillBytes = bytes;
    if (auto registers = getNumberBefore(line, "registers"))
      launch->registers = registers;
  }
}

void emit::assemble(StringRef program, const Device &device,
                    std::vector<KernelLaunch> &launches) {
  ErrorOr<std::string> ptxas = sys::findProgramByName("ptxas");
  SmallString<128> input, output;
  if (!ptxas || sys::fs::createTemporaryFile("sylvite", "ptx", input))
    return;
  scope_exit removeInput([&] { sys::fs::remove(input); });
  if (sys::fs::createTemporaryFile("sylvite", "txt", output))
    return;
  scope_exit removeOutput([&] { sys::fs::remove(output); });
  std::error_code code;
  raw_fd_ostream os(input, code);
  os << program.rtrim('\0');
  os.close();
  if (os.has_error()) {
    os.clear_error();
    return;
  }
  // "cuda-sm80" is sm_80 there.
  std::string architecture = "-arch=sm_" + device.name.split("sm").second.str();
  std::optional<StringRef> redirects[] = {StringRef(""), output.str(),
                                          output.str()};
  if (sys::ExecuteAndWait(
          *ptxas, {"ptxas", architecture, "-v", input.str(), "-o", "/dev/null"},
          std::nullopt, redirects))
    return;
  if (auto report = MemoryBuffer::getFile(output))
    readReport((*report)->getBuffer(), launches);
}
