//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Kernels as a device gets them. Texts end with zeros, which go. Modules of
/// SPIR-V are taken out of their container.
///
//===----------------------------------------------------------------------===//

#include "CheckDevice.h"
#include "CompileKernel.h"
#include "SpirvContainer.h"
#include "sylvite/Emit/Halide/PrintKernels.h"
#include "sylvite/Support/FileTransaction.h"
#include "llvm/ADT/ScopeExit.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"

using namespace mlir;
using namespace sylvite;
using namespace sylvite::emit;

/// SPIR-V as text. Fails where nothing can print it.
static FailureOr<std::string> disassemble(Location loc, StringRef module) {
  llvm::ErrorOr<std::string> program =
      llvm::sys::findProgramByName("spirv-dis");
  if (!program)
    return emitError(loc, "SPIR-V is printed by spirv-dis, which is not "
                          "installed (spirv-tools); --device-folder writes it "
                          "as it is");
  SmallString<128> input, output;
  if (llvm::sys::fs::createTemporaryFile("sylvite", "spv", input) ||
      llvm::sys::fs::createTemporaryFile("sylvite", "spvasm", output))
    return emitError(loc, "cannot make a temporary file");
  llvm::scope_exit remove([&] {
    llvm::sys::fs::remove(input);
    llvm::sys::fs::remove(output);
  });
  std::error_code code;
  llvm::raw_fd_ostream os(input, code);
  os << module;
  os.close();
  if (llvm::sys::ExecuteAndWait(*program,
                                {"spirv-dis", input.str(), "-o", output.str()}))
    return emitError(loc, "spirv-dis cannot read what Halide has made");
  auto text = llvm::MemoryBuffer::getFile(output);
  if (!text)
    return emitError(loc, "what spirv-dis has printed cannot be read");
  return (*text)->getBuffer().str();
}

namespace {
/// Prints kernels for one kind of device.
class DevicePrinter {
public:
  DevicePrinter(const Device &device, raw_ostream &os, StringRef folder)
      : device(device), os(os), folder(folder) {}
  LogicalResult print(halide::PipelineOp kernel,
                      ArrayRef<std::string> programs);

private:
  /// One program under a name with its suffix.
  LogicalResult print(Location loc, const Twine &name, StringRef program);
  bool isSpirv() const { return device.api == Device::Api::Vulkan; }

  const Device &device;
  raw_ostream &os;
  StringRef folder;
};
} // namespace

LogicalResult DevicePrinter::print(Location loc, const Twine &name,
                                   StringRef program) {
  if (folder.empty()) {
    os << (isSpirv() ? "; " : "// ") << name << '\n';
    if (!isSpirv()) {
      os << program << '\n';
      return success();
    }
    FailureOr<std::string> text = disassemble(loc, program);
    if (failed(text))
      return failure();
    os << *text;
    return success();
  }
  SmallString<128> path(folder);
  llvm::sys::path::append(path, name);
  FileTransaction transaction;
  llvm::Expected<llvm::raw_fd_ostream &> file = transaction.addStream(path);
  if (!file)
    return emitError(loc, llvm::toString(file.takeError()));
  *file << program;
  if (llvm::Error error = transaction.commit())
    return emitError(loc, llvm::toString(std::move(error)));
  return success();
}

LogicalResult DevicePrinter::print(halide::PipelineOp kernel,
                                   ArrayRef<std::string> programs) {
  Location loc = kernel.getLoc();
  for (StringRef program : programs) {
    if (!isSpirv()) {
      bool isPtx = device.api == Device::Api::Cuda;
      if (failed(print(loc, kernel.getName() + (isPtx ? ".ptx" : ".cl"),
                       program.rtrim('\0'))))
        return failure();
      continue;
    }
    auto modules = parseSpirvContainer(program);
    if (!modules)
      return emitError(loc, "what Halide has made of @")
             << kernel.getName() << " for Vulkan cannot be read";
    for (auto [i, module] : llvm::enumerate(*modules))
      if (failed(print(loc, kernel.getName() + "." + Twine(i) + ".spv",
                       module.getModuleBytes())))
        return failure();
  }
  return success();
}

LogicalResult sylvite::printDevicePrograms(ModuleOp module, raw_ostream &os,
                                           StringRef folder,
                                           const EmitKernelsOptions &options) {
  FailureOr<std::vector<Kernel>> kernels = collectKernels(module, options);
  if (failed(kernels))
    return failure();
  if (!folder.empty())
    if (std::error_code code = llvm::sys::fs::create_directories(folder))
      return module.emitError()
             << folder << ": cannot be made: " << code.message();
  for (const Kernel &kernel : *kernels) {
    if (!kernel.target->device)
      return module.emitError("the target ")
             << kernel.target->name
             << " has no device: name one, as in native+opencl";
    FailureOr<DeviceKernel> lowered = lowerForDevice(kernel, options);
    if (failed(lowered) ||
        failed(DevicePrinter(*kernel.target->device, os, folder)
                   .print(kernel.pipeline, lowered->programs)))
      return failure();
  }
  return success();
}
