//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The package phase. Compiling kernels takes most of the time, on as many
/// threads as there are; the host program is compiled meanwhile.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Pipelines/PackagePhase.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "sylvite/Emit/Host/HostModule.h"
#include "sylvite/Package/PackWeights.h"
#include "sylvite/Reference/DerivedWeights.h"
#include "llvm/ADT/StringSet.h"

#include <future>

using namespace mlir;
using namespace sylvite;

/// How often the host program calls a kernel, by its text.
static size_t countCalls(ModuleOp module, const ModelInterface &interface) {
  llvm::StringSet<> kernels;
  for (const std::string &kernel : interface.kernels)
    kernels.insert(kernel);
  size_t calls = 0;
  module.walk([&](LLVM::CallOp call) {
    std::optional<StringRef> callee = call.getCallee();
    calls += callee && kernels.contains(*callee);
  });
  return calls;
}

/// The objects of a model.
namespace {
struct Objects {
  std::vector<EmittedKernel> kernels;
  std::unique_ptr<llvm::MemoryBuffer> host;
};
} // namespace

/// Compiles kernels and host program.
static FailureOr<Objects> emitObjects(ModuleOp module,
                                      const EmitKernelsOptions &options,
                                      TimingScope &timing) {
  TimingScope hostTiming = timing.nest("host program");
  TimingScope kernelTiming = timing.nest("kernels");
  // A context without threads is not safe to share.
  bool isThreaded =
      module.getContext()->isMultithreadingEnabled() && options.threads != 1;
  auto host =
      std::async(isThreaded ? std::launch::async : std::launch::deferred, [&] {
        FailureOr<std::unique_ptr<llvm::MemoryBuffer>> object =
            emitHost(module);
        hostTiming.stop();
        return object;
      });
  FailureOr<std::vector<EmittedKernel>> kernels = emitKernels(module, options);
  kernelTiming.stop();
  FailureOr<std::unique_ptr<llvm::MemoryBuffer>> object = host.get();
  if (failed(kernels) || failed(object))
    return failure();
  return Objects{std::move(*kernels), std::move(*object)};
}

FailureOr<PackagedModel>
sylvite::runPackagePhase(ModuleOp module, const PackagePhaseOptions &options,
                         TimingScope &timing) {
  PackagedModel model;
  FailureOr<ModelInterface> interface = getInterface(module);
  if (failed(interface))
    return failure();
  model.interface = *interface;
  // Before the kernels, so that a missing weight is told at once.
  FailureOr<WeightStore> store = WeightStore::fromModule(module);
  if (failed(store) || failed(addDerivedWeights(module, *store)))
    return failure();
  FailureOr<std::optional<PackedWeights>> weights =
      getPackedWeights(module, *store);
  if (failed(weights))
    return failure();

  FailureOr<Objects> objects = emitObjects(module, options.kernels, timing);
  if (failed(objects))
    return failure();
  model.kernels = objects->kernels.size();
  model.calls = countCalls(module, *interface);
  model.cached =
      llvm::count_if(objects->kernels, [](const EmittedKernel &kernel) {
        return kernel.cacheHit;
      });

  PackageInput input{std::move(*interface), {}, std::move(*weights)};
  input.objects.push_back(objects->host->getMemBufferRef());
  for (const EmittedKernel &kernel : objects->kernels)
    input.objects.emplace_back(kernel.object, kernel.name);
  TimingScope packageTiming = timing.nest("weights and linking");
  llvm::Expected<std::vector<PackagedFile>> files =
      writePackage(input, options.package);
  if (!files) {
    emitError(UnknownLoc::get(module.getContext()))
        << llvm::toString(files.takeError());
    return failure();
  }
  model.files = std::move(*files);
  return model;
}
