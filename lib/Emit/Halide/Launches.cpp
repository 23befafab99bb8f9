//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Numbers of blocks are expressions of buffers' extents. Halide's are
/// innermost first.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Emit/Halide/Launches.h"
#include "Assembler.h"
#include "CheckDevice.h"
#include "CompileKernel.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"

using namespace mlir;
using namespace sylvite;
using namespace sylvite::emit;
using namespace Halide::Internal;

namespace {
/// Finds the buffer that an expression is about.
class FindBuffer : public IRVisitor {
public:
  std::string name;

private:
  using IRVisitor::visit;
  void visit(const Variable *variable) override {
    llvm::StringRef buffer = variable->name;
    if (buffer.consume_back(".buffer"))
      name = buffer.str();
  }
};

/// Puts extents in.
class ExtentSetter : public IRMutator {
public:
  ExtentSetter(ArrayRef<std::string> buffers,
               ArrayRef<std::vector<int64_t>> extents) {
    for (auto [name, known] : llvm::zip(buffers, extents))
      byName[name] = known;
  }

private:
  using IRMutator::visit;
  Halide::Expr visit(const Call *call) override {
    if (call->name == Call::buffer_get_min)
      return make_zero(call->type);
    if (call->name != Call::buffer_get_extent)
      return IRMutator::visit(call);
    FindBuffer find;
    call->args[0].accept(&find);
    auto known = byName.find(find.name);
    auto dim = as_const_int(call->args[1]);
    if (known == byName.end() || !dim || size_t(*dim) >= known->second.size())
      return call;
    int64_t extent = known->second[known->second.size() - 1 - *dim];
    return extent < 0 ? Halide::Expr(call) : make_const(call->type, extent);
  }

  llvm::StringMap<std::vector<int64_t>> byName;
};
} // namespace

static KernelLaunch describe(const Launch &launch,
                             const std::vector<std::string> &buffers) {
  KernelLaunch described;
  described.name = launch.name;
  described.threads = launch.threads;
  described.sharedBytes = launch.sharedBytes;
  described.countBlocks =
      [blocks = launch.blocks, buffers](
          ArrayRef<std::vector<int64_t>> extents) -> std::optional<double> {
    Halide::Expr count =
        simplify(ExtentSetter(buffers, extents).mutate(blocks));
    if (auto constant = as_const_int(count))
      return double(*constant);
    return std::nullopt;
  };
  return described;
}

FailureOr<std::vector<KernelLaunches>>
sylvite::describeLaunches(ModuleOp module, const EmitKernelsOptions &options) {
  FailureOr<std::vector<Kernel>> kernels = collectKernels(module, options);
  if (failed(kernels))
    return failure();
  std::vector<KernelLaunches> all;
  for (const Kernel &kernel : *kernels) {
    FailureOr<DeviceKernel> lowered = lowerForDevice(kernel, options);
    if (failed(lowered))
      return failure();
    KernelLaunches &one = all.emplace_back();
    one.kernel = halide::PipelineOp(kernel.pipeline).getName().str();
    for (const Launch &launch : lowered->launches)
      one.launches.push_back(describe(launch, lowered->buffers));
    if (kernel.target->device->api != Device::Api::Cuda)
      continue;
    for (const std::string &program : lowered->programs)
      assemble(program, *kernel.target->device, one.launches);
  }
  return all;
}
