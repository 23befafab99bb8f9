//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The package phase. Compiling kernels takes most of the time, on as many
/// threads as there are; the host programs are compiled meanwhile.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Pipelines/PackagePhase.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "sylvite/Dialect/Graph/GraphDialect.h"
#include "sylvite/Emit/Host/HostModule.h"
#include "sylvite/Emit/Host/Symbols.h"
#include "sylvite/Package/PackWeights.h"
#include "sylvite/Reference/DerivedWeights.h"
#include "sylvite/Support/ModuleTarget.h"
#include "llvm/ADT/StringSet.h"

#include <future>

using namespace mlir;
using namespace sylvite;

/// How often the host program calls a kernel, by its text.
static size_t countCalls(ModuleOp module, const VariantInfo &variant) {
  llvm::StringSet<> kernels;
  for (const std::string &kernel : variant.kernels)
    kernels.insert(kernel);
  size_t calls = 0;
  module.walk([&](LLVM::CallOp call) {
    std::optional<StringRef> callee = call.getCallee();
    calls += callee && kernels.contains(*callee);
  });
  return calls;
}

/// The objects of a model: kernels and a program for each target.
namespace {
struct Objects {
  std::vector<std::vector<EmittedKernel>> kernels;
  std::vector<std::unique_ptr<llvm::MemoryBuffer>> hosts;
  /// The public functions, where no program has them.
  std::unique_ptr<llvm::MemoryBuffer> entryPoints;
};
} // namespace

/// Compiles the host programs, and the public functions of several.
static LogicalResult emitHosts(ArrayRef<ModuleOp> modules,
                               const ModelInterface &interface,
                               Objects &objects) {
  for (ModuleOp module : modules) {
    FailureOr<std::unique_ptr<llvm::MemoryBuffer>> object = emitHost(module);
    if (failed(object))
      return failure();
    objects.hosts.push_back(std::move(*object));
  }
  if (modules.size() == 1)
    return success();
  ModuleOp first = modules.front();
  FailureOr<std::unique_ptr<llvm::MemoryBuffer>> object =
      emitEntryPoints(first.getContext(), interface);
  if (failed(object))
    return failure();
  objects.entryPoints = std::move(*object);
  return success();
}

/// Compiles kernels and host programs.
static FailureOr<Objects> emitObjects(ArrayRef<ModuleOp> modules,
                                      const ModelInterface &interface,
                                      const EmitKernelsOptions &options,
                                      TimingScope &timing) {
  TimingScope hostTiming = timing.nest("host program");
  TimingScope kernelTiming = timing.nest("kernels");
  Objects objects;
  // A context without threads is not safe to share.
  ModuleOp first = modules.front();
  bool isThreaded =
      first.getContext()->isMultithreadingEnabled() && options.threads != 1;
  auto host =
      std::async(isThreaded ? std::launch::async : std::launch::deferred, [&] {
        LogicalResult emitted = emitHosts(modules, interface, objects);
        hostTiming.stop();
        return emitted;
      });
  FailureOr<std::vector<std::vector<EmittedKernel>>> kernels =
      emitKernels(modules, options);
  kernelTiming.stop();
  if (failed(host.get()) || failed(kernels))
    return failure();
  objects.kernels = std::move(*kernels);
  return objects;
}

/// The interface of the library that the modules make.
static FailureOr<ModelInterface> getLibrary(ArrayRef<ModuleOp> modules) {
  std::vector<ModelInterface> interfaces;
  for (ModuleOp module : modules) {
    FailureOr<ModelInterface> interface = getInterface(module);
    if (failed(interface))
      return failure();
    interfaces.push_back(std::move(*interface));
  }
  llvm::Expected<ModelInterface> merged = mergeInterfaces(interfaces);
  if (!merged) {
    ModuleOp first = modules.front();
    return first.emitError(llvm::toString(merged.takeError()));
  }
  return *merged;
}

/// What the derived weights of a module are, as text.
static std::string printDerivedWeights(ModuleOp module) {
  std::string text;
  llvm::raw_string_ostream os(text);
  for (auto weight : module.getOps<graph::DerivedWeightOp>())
    os << weight << '\n';
  return text;
}

/// The files of weights and what is derived of them. All targets share one
/// store: the graph is theirs together.
static FailureOr<WeightStore> openStore(ArrayRef<ModuleOp> modules) {
  ModuleOp first = modules.front();
  std::string derived = printDerivedWeights(first);
  for (ModuleOp module : modules.drop_front())
    if (printDerivedWeights(module) != derived)
      return module.emitError("derives other weights than ")
             << getTargetName(first) << " does";
  return WeightStore::fromModule(first);
}

/// Names the objects that are linked.
static void addObjects(const Objects &objects, PackageInput &input) {
  bool isSeveral = objects.entryPoints != nullptr;
  if (isSeveral)
    input.objects.push_back(objects.entryPoints->getMemBufferRef());
  for (auto [index, variant] : llvm::enumerate(input.interface.variants)) {
    std::vector<llvm::MemoryBufferRef> own = {
        objects.hosts[index]->getMemBufferRef()};
    for (const EmittedKernel &kernel : objects.kernels[index])
      own.emplace_back(kernel.object, kernel.name);
    if (isSeveral)
      input.variants.push_back(
          {std::move(own),
           getDescriptorName(input.interface.prefix, variant.target)});
    else
      input.objects = std::move(own);
  }
}

FailureOr<PackagedModel>
sylvite::runPackagePhase(ArrayRef<ModuleOp> modules,
                         const PackagePhaseOptions &options,
                         TimingScope &timing) {
  PackagedModel model;
  FailureOr<ModelInterface> interface = getLibrary(modules);
  if (failed(interface))
    return failure();
  model.interface = *interface;
  // Before the kernels, so that a missing weight is told at once.
  FailureOr<WeightStore> store = openStore(modules);
  if (failed(store) || failed(addDerivedWeights(modules.front(), *store)))
    return failure();
  // The last one knows the weights of all.
  FailureOr<std::optional<PackedWeights>> weights =
      getPackedWeights(modules.back(), *store);
  if (failed(weights))
    return failure();

  FailureOr<Objects> objects =
      emitObjects(modules, *interface, options.kernels, timing);
  if (failed(objects))
    return failure();
  for (auto [index, kernels] : llvm::enumerate(objects->kernels)) {
    size_t cached = llvm::count_if(
        kernels, [](const EmittedKernel &kernel) { return kernel.cacheHit; });
    size_t calls = countCalls(modules[index], interface->variants[index]);
    model.counts.push_back({kernels.size(), cached, calls});
  }

  PackageInput input{std::move(*interface), {}, {}, std::move(*weights)};
  addObjects(*objects, input);
  TimingScope packageTiming = timing.nest("weights and linking");
  llvm::Expected<std::vector<PackagedFile>> files =
      writePackage(input, options.package);
  if (!files) {
    ModuleOp first = modules.front();
    emitError(UnknownLoc::get(first.getContext()))
        << llvm::toString(files.takeError());
    return failure();
  }
  model.files = std::move(*files);
  return model;
}
