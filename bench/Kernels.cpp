//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// How fast the kernels of a compiled model are, each by itself.
///
///   sylvitec MODEL --stop-after=schedule -o kernels.mlir
///   bench-kernels kernels.mlir [--shapes=1x16,1x128] [--threads=1]
///
/// These are the kernels that users get, with the shapes that the host program
/// calls them with. Google Benchmark takes the time; its options begin with
/// --benchmark_. One thread is measured by the time that it had the processor,
/// so that other programs take nothing from it but caches. Every repetition is
/// followed by the loop that measures the peak, for as long as the repetition
/// took, so that both see the same clock. A kernel finds its weights in the
/// cache as far as they fit; in a whole model other layers use the cache in
/// between.
///
/// Beside the time there are the kernel's class, as the label, and counters:
///
///   flops    a second, multiplications and additions of matrix products
///   percent  of the peak: what the target's vectors could do in that time
///   calls    of the kernel in one run of the model
///
//===----------------------------------------------------------------------===//

#include "sylvite/Measure/CallArray.h"
#include "sylvite/Measure/KernelCalls.h"
#include "sylvite/Measure/LoadedKernel.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Parser/Parser.h"
#include "sylvite/Dialect/Graph/GraphDialect.h"
#include "sylvite/Support/Limits.h"
#include "sylvite/Support/Target.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FormatVariadic.h"

#include <benchmark/benchmark.h>
#include <chrono>

using namespace mlir;
using namespace sylvite;
namespace cl = llvm::cl;

static llvm::ExitOnError exitOnError("bench-kernels: ");

/// printUsage() describes them: Google Benchmark answers --help.
namespace {
struct Options {
  cl::opt<std::string> input{cl::Positional, cl::Required, cl::desc("FILE")};
  cl::list<std::string> shapes{
      "shapes", cl::CommaSeparated,
      cl::list_init<std::string>({"1x16", "1x128", "8x128", "1x512"})};
  cl::opt<int> threads{"threads", cl::init(1)};
  cl::opt<std::string> cache{"cache"};
};
} // namespace

static void printUsage() {
  llvm::outs() << R"(bench-kernels FILE [options]

  Measures the kernels in FILE, which sylvitec MODEL --stop-after=schedule wrote

  --shapes=1x16,8x128    batch and tokens of the model's inputs
  --threads=1            threads that run a kernel
  --cache=FOLDER         where compiled kernels are kept

Google Benchmark's options work too, for example
--benchmark_filter=REGEX, --benchmark_list_tests, --benchmark_format=json.
)";
}

/// "8x128" as the extents of the dimensions that models have.
static llvm::StringMap<int64_t> parseShape(StringRef text) {
  auto [first, second] = text.split('x');
  int64_t batch, tokens;
  if (first.getAsInteger(10, batch) || second.getAsInteger(10, tokens) ||
      batch < 1 || tokens < 1)
    exitOnError(
        llvm::createStringError("'" + text + "' is no shape like 8x128"));
  return {{"batch", batch}, {"seq", tokens}};
}

/// One repetition: the loop whose time counts, then the peak.
static void measure(benchmark::State &state, const KernelCall &call,
                    const LoadedKernel &kernel, int threads, int lanes) {
  std::vector<CallArray> arrays;
  for (const CallBuffer &buffer : call.buffers)
    arrays.push_back(exitOnError(CallArray::create(buffer)));
  SmallVector<halide_buffer_t *> buffers;
  for (CallArray &array : arrays)
    buffers.push_back(array.describe());
  exitOnError(kernel.call(buffers));

  auto begin = std::chrono::steady_clock::now();
  for (auto _ : state)
    exitOnError(kernel.call(buffers));
  std::chrono::duration<double> time = std::chrono::steady_clock::now() - begin;

  using benchmark::Counter;
  if (auto name = call.kernel->getAttrOfType<StringAttr>(
          halide::HalideDialect::kKernelClass))
    state.SetLabel(name.str());
  state.counters["calls"] = call.count;
  if (double flop = countProductFlop(call)) {
    double peak =
        limits_fma(threads, std::clamp(time.count(), 0.02, 0.2), lanes);
    if (peak < 0)
      exitOnError(llvm::createStringError("the peak cannot be measured here"));
    state.counters["flops"] = Counter(flop, Counter::kIsIterationInvariantRate);
    state.counters["percent"] =
        Counter(100 * flop / peak, Counter::kIsIterationInvariantRate);
  }
}

int main(int argc, char **argv) {
  // What the user says comes later and counts.
  std::vector<char *> arguments(argv, argv + argc);
  static char defaults[][64] = {"--benchmark_repetitions=7",
                                "--benchmark_min_time=0.05",
                                "--benchmark_enable_random_interleaving=true",
                                "--benchmark_report_aggregates_only=true"};
  for (auto [i, argument] : llvm::enumerate(defaults))
    arguments.insert(arguments.begin() + 1 + i, argument);
  argc = arguments.size();
  arguments.push_back(nullptr);
  benchmark::Initialize(&argc, arguments.data(), printUsage);
  // libLLVM brings options of its own, one called --threads among them.
  cl::ResetCommandLineParser();
  Options options;
  cl::ParseCommandLineOptions(argc, arguments.data(),
                              "Measures the kernels of a model\n");

  DialectRegistry registry;
  registry
      .insert<graph::GraphDialect, halide::HalideDialect, arith::ArithDialect,
              func::FuncDialect, math::MathDialect, tensor::TensorDialect>();
  MLIRContext context(registry);
  context.printOpOnDiagnostic(false);
  auto module = parseSourceFile<ModuleOp>(options.input, &context);
  if (!module)
    return 1;
  auto targetName = (*module)->getAttrOfType<StringAttr>("sylvite.target");
  const Target &target =
      exitOnError(getTarget(targetName ? targetName.getValue() : "native"));

  EmitKernelsOptions emission;
  emission.target = target.name;
  emission.argvWrapper = true;
  emission.cacheDirectory = options.cache;
  auto emitted = emitKernels(*module, emission);
  if (failed(emitted))
    return 1;
  std::map<std::string, LoadedKernel> kernels;
  for (const EmittedKernel &kernel : *emitted)
    kernels.emplace(kernel.name,
                    exitOnError(LoadedKernel::load(kernel, options.threads)));

  for (const std::string &shape : options.shapes)
    for (auto function : module->getOps<func::FuncOp>()) {
      auto calls = findKernelCalls(function, parseShape(shape));
      if (failed(calls))
        return 1;
      for (KernelCall &call : *calls) {
        StringRef name = call.kernel.getName();
        const LoadedKernel &kernel = kernels.at(name.str());
        auto *registered = benchmark::RegisterBenchmark(
            (name + "/" + shape).str().c_str(),
            [=, &kernel, threads = options.threads.getValue(),
             lanes = int(target.vectorLanes)](benchmark::State &state) {
              measure(state, call, kernel, threads, lanes);
            });
        registered->Unit(benchmark::kMicrosecond);
        if (options.threads != 1)
          registered->UseRealTime();
      }
    }
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
