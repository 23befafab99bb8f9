//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// How fast the kernels of linear layers are, in parts of what the core can do.
///
///   bench-linear [--target=native] [--rows=16,128,512] [--shapes=384x1536,...]
///
/// Each epilogue of the list below is measured with each shape (out x in) and
/// each number of rows. Calls and the loop that measures the peak take turns,
/// so that both see the same machine; the best of each counts. Prints one line
/// of JSON a measurement. Only products count as operations: what epilogues
/// cost is missing from the peak.
///
//===----------------------------------------------------------------------===//

#include "HalideRuntime.h"
#include "LoadedKernel.h"
#include "Peak.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "sylvite/Dialect/Graph/GraphDialect.h"
#include "sylvite/Dialect/Halide/HalideDialect.h"
#include "sylvite/Kernels/Passes.h"
#include "sylvite/Schedule/Passes.h"
#include "sylvite/Support/Target.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/InitLLVM.h"

#include <chrono>
#include <random>

using namespace mlir;
using namespace sylvite;
namespace cl = llvm::cl;

namespace {
struct Options {
  cl::opt<std::string> target{"target", cl::init("native"),
                              cl::desc("target to compile for")};
  cl::list<int> rows{"rows", cl::CommaSeparated,
                     cl::list_init<int>({16, 128, 512}),
                     cl::desc("numbers of rows")};
  cl::list<std::string> shapes{
      "shapes", cl::CommaSeparated,
      cl::list_init<std::string>(
          {"384x384", "1152x384", "1536x384", "384x1536"}),
      cl::desc("shapes of weights, out x in")};
  cl::opt<int> threads{"threads", cl::init(1), cl::desc("threads that run")};
  cl::opt<double> seconds{"seconds", cl::init(0.3),
                          cl::desc("time for one measurement")};
};

/// What follows a product.
struct Epilogue {
  StringRef name, clauses, types;
};
} // namespace

static constexpr Epilogue kEpilogues[] = {
    {"bias", "", ""},
    {"gelu_erf", "activation(gelu_erf)", ""},
    {"add_layer_norm", "residual(%r) norm(layer) scale(%b) shift(%b)",
     ", !y, !v, !v"},
};

static llvm::ExitOnError exitOnError("bench-linear: ");

static OwningOpRef<ModuleOp> makeKernel(MLIRContext &context, int64_t out,
                                        int64_t in, const Epilogue &epilogue,
                                        const Target &target) {
  std::string text = llvm::formatv(
      R"(!x = tensor<?x{0}xf32, #graph.dims<rows, _>>
         !y = tensor<?x{1}xf32, #graph.dims<rows, _>>
         !w = tensor<{1}x{0}xf32>
         !v = tensor<{1}xf32>
         module attributes {{sylvite.target = "{2}"} {{
           func.func @f(%x: !x, %r: !y) -> !y {{
             %w = graph.weight "w" : !w
             %b = graph.weight "b" : !v
             %y = graph.linear %x, %w bias(%b) {3} {{transpose_weight}
                 : (!x, !w, !v{4}) -> !y
             return %y : !y
           }
         })",
      in, out, target.name, epilogue.clauses, epilogue.types);
  OwningOpRef<ModuleOp> module = parseSourceString<ModuleOp>(text, &context);
  PassManager passes(&context);
  passes.addPass(createFormKernelsPass());
  passes.addPass(createSchedulePass());
  passes.addPass(createVerifySchedulesPass());
  if (!module || failed(passes.run(*module)))
    exitOnError(llvm::createStringError("the kernel was not made"));
  // The host program is not needed.
  for (auto func : llvm::make_early_inc_range(module->getOps<func::FuncOp>()))
    func.erase();
  return module;
}

namespace {
/// A buffer of random numbers.
class Array {
public:
  Array(halide::BufferType type, int64_t rows) {
    int64_t stride = 1;
    for (int64_t extent : type.getShape()) {
      extent = ShapedType::isDynamic(extent) ? rows : extent;
      dims.emplace_back(0, extent, stride);
      stride *= extent;
    }
    numbers.resize(stride + 16);
    static std::mt19937 generator;
    std::normal_distribution<float> normal;
    for (float &number : numbers)
      number = normal(generator);
    auto address = reinterpret_cast<uintptr_t>(numbers.data());
    buffer.host = reinterpret_cast<uint8_t *>((address + 63) & ~uintptr_t(63));
    buffer.type = {halide_type_float, 32, 1};
    buffer.dimensions = dims.size();
    buffer.dim = dims.data();
  }

  halide_buffer_t buffer = {};

private:
  std::vector<float> numbers;
  std::vector<halide_dimension_t> dims;
};
} // namespace

static void measure(ModuleOp module, const LoadedKernel &kernel, int64_t rows,
                    double operations, const Target &target,
                    const Options &options) {
  auto pipeline = *module.getOps<halide::PipelineOp>().begin();
  std::vector<std::unique_ptr<Array>> arrays;
  SmallVector<halide_buffer_t *> buffers;
  auto add = [&](Type type) {
    arrays.push_back(
        std::make_unique<Array>(cast<halide::BufferType>(type), rows));
    buffers.push_back(&arrays.back()->buffer);
  };
  llvm::for_each(pipeline.getArgumentTypes(), add);
  llvm::for_each(pipeline.getResultTypes(), add);

  using Clock = std::chrono::steady_clock;
  using Seconds = std::chrono::duration<double>;
  double best = 1e30, peak = 0;
  auto begin = Clock::now();
  do {
    // About a millisecond of calls, then half of one for the peak.
    auto turn = Clock::now();
    do {
      auto start = Clock::now();
      exitOnError(kernel.call(buffers));
      best = std::min(best, Seconds(Clock::now() - start).count());
    } while (Seconds(Clock::now() - turn).count() < 1e-3);
    peak = std::max(peak, measurePeak(target.vectorLanes));
  } while (Seconds(Clock::now() - begin).count() < options.seconds);
  llvm::outs() << llvm::formatv(
      "{{\"kernel\": \"{0}\", \"target\": \"{1}\", \"rows\": {2}, "
      "\"min_us\": {3:f2}, \"gflops\": {4:f1}, \"peak_gflops\": {5:f1}, "
      "\"percent\": {6:f1}}\n",
      pipeline.getName(), target.name, rows, best * 1e6,
      operations / best / 1e9, peak / 1e9, 100 * operations / best / peak);
  llvm::outs().flush();
}

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  // libLLVM brings a --threads of its own.
  cl::getRegisteredOptions().erase("threads");
  Options options;
  cl::ParseCommandLineOptions(argc, argv, "Measures linear layers\n");
  const Target &target = exitOnError(getTarget(options.target));

  DialectRegistry registry;
  registry
      .insert<graph::GraphDialect, halide::HalideDialect, arith::ArithDialect,
              func::FuncDialect, math::MathDialect, tensor::TensorDialect>();
  MLIRContext context(registry);
  for (StringRef shape : options.shapes) {
    auto [first, second] = shape.split('x');
    int64_t out, in;
    if (first.getAsInteger(10, out) || second.getAsInteger(10, in))
      exitOnError(
          llvm::createStringError("'" + shape + "' is no shape like 384x1536"));
    for (const Epilogue &epilogue : kEpilogues) {
      OwningOpRef<ModuleOp> module =
          makeKernel(context, out, in, epilogue, target);
      EmitKernelsOptions emission;
      emission.argvWrapper = true;
      auto emitted = emitKernels(*module, emission);
      if (failed(emitted))
        exitOnError(llvm::createStringError("the kernel was not compiled"));
      LoadedKernel kernel =
          exitOnError(LoadedKernel::load(emitted->front(), options.threads));
      for (int rows : options.rows)
        measure(*module, kernel, rows, 2.0 * rows * out * in, target, options);
    }
  }
  return 0;
}
