//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Compiles one kernel and runs it on arrays: the way to see whether a schedule
/// is right before it is fast.
///
///   sylvite-run-kernel KERNELS.mlir --kernel=NAME --inputs=IN.npz \
///       --output-shape=out=4x384 --outputs=OUT.npz
///
/// The kernel is compiled twice, with Halide's checks and without, and both
/// must give the same bits. Every buffer ends at a page that cannot be touched.
/// Shapes are those of tensors, outermost dimension first; the names of arrays
/// are those of the pipeline's arguments (`halide.name`, else arg0, arg1, ...)
/// and of its output functions.
///
/// Compiling takes longer than running: with several files of inputs the kernel
/// runs on each of them. There are as many files of outputs then, and the i-th
/// shape of an output is for the i-th file.
///
//===----------------------------------------------------------------------===//

#include "GuardedBuffer.h"
#include "HalideRuntime.h"
#include "sylvite/Measure/LoadedKernel.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Parser/Parser.h"
#include "sylvite/Dialect/Halide/HalideDialect.h"
#include "sylvite/Emit/Halide/EmitKernels.h"
#include "sylvite/Support/Npz/Npz.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/SourceMgr.h"

#include <chrono>

using namespace mlir;
using namespace sylvite;
namespace cl = llvm::cl;

namespace {
struct Options {
  cl::OptionCategory category{"Options of sylvite-run-kernel"};
  cl::opt<std::string> input{cl::Positional, cl::Required,
                             cl::desc("<file with the kernel>"),
                             cl::cat(category)};
  cl::opt<std::string> kernel{
      "kernel", cl::desc("the kernel, where the file has several"),
      cl::cat(category)};
  cl::opt<std::string> schedules{
      "schedules",
      cl::desc("file whose schedules take the place of those "
               "beside the kernel"),
      cl::cat(category)};
  cl::opt<bool> defaultSchedule{
      "default-schedule", cl::desc("leave the schedule to Halide's default"),
      cl::cat(category)};
  cl::opt<std::string> target{"target", cl::init("native"),
                              cl::desc("target to compile for"),
                              cl::cat(category)};
  cl::list<std::string> inputs{"inputs", cl::CommaSeparated,
                               cl::desc(".npz file with the inputs"),
                               cl::cat(category)};
  cl::list<std::string> outputs{"outputs", cl::CommaSeparated,
                                cl::desc(".npz file to write"),
                                cl::cat(category)};
  cl::list<std::string> shapes{
      "output-shape", cl::CommaSeparated, cl::value_desc("NAME=2x384"),
      cl::desc("extents of outputs whose type leaves some open"),
      cl::cat(category)};
  cl::opt<int> threads{"threads", cl::init(0),
                       cl::desc("threads that run the kernel"),
                       cl::cat(category)};
  cl::opt<unsigned> repeat{
      "repeat", cl::init(0),
      cl::desc("time this many calls, without Halide's checks, and print one "
               "line of JSON"),
      cl::cat(category)};
};
} // namespace

static llvm::ExitOnError exitOnError("sylvite-run-kernel: ");

/// An argument of the kernel: what it is, where it lies, how Halide sees it.
namespace {
struct KernelBuffer {
  std::string name;
  ElementType type;
  /// As a tensor: outermost first.
  std::vector<int64_t> shape;
  GuardedBuffer memory;
  std::vector<halide_dimension_t> dims;
  halide_buffer_t buffer = {};
};
} // namespace

static halide_type_t getHalideType(Type type) {
  uint8_t bits = type.getIntOrFloatBitWidth();
  if (type.isBF16())
    return {halide_type_bfloat, bits, 1};
  if (isa<FloatType>(type))
    return {halide_type_float, bits, 1};
  if (bits == 1 || type.isUnsignedInteger())
    return {halide_type_uint, bits, 1};
  return {halide_type_int, bits, 1};
}

/// "2x384" as extents.
static llvm::Expected<std::vector<int64_t>> parseShape(StringRef text) {
  std::vector<int64_t> shape;
  SmallVector<StringRef> parts;
  if (!text.empty())
    text.split(parts, 'x');
  for (StringRef part : parts)
    if (part.getAsInteger(10, shape.emplace_back()) || shape.back() < 0)
      return llvm::createStringError("'" + text + "' is no shape like 2x384");
  return shape;
}

/// Lays out memory and Halide's description of a dense buffer.
static llvm::Expected<KernelBuffer> makeBuffer(std::string name,
                                               halide::BufferType type,
                                               std::vector<int64_t> shape,
                                               IntegerAttr alignment) {
  auto inner = llvm::to_vector(llvm::reverse(shape));
  bool fits = inner.size() == type.getRank();
  for (auto [have, want] : llvm::zip(inner, type.getShape()))
    fits &= have == want || ShapedType::isDynamic(want);
  if (!fits) {
    std::string expected;
    llvm::raw_string_ostream(expected) << type;
    return llvm::createStringError("the shape of " + name + " does not fit " +
                                   expected);
  }
  std::optional<ElementType> element = getElementType(type.getElementType());
  if (!element) {
    std::string name;
    llvm::raw_string_ostream(name) << type.getElementType();
    return llvm::createStringError(".npy files have no type " + name);
  }
  std::vector<halide_dimension_t> dims;
  int64_t stride = 1;
  for (int64_t extent : inner) {
    dims.emplace_back(0, extent, stride);
    stride *= extent;
  }
  int64_t bytes = getElementBytes(*element);
  llvm::Expected<GuardedBuffer> memory = GuardedBuffer::create(
      stride * bytes, alignment ? alignment.getInt() : bytes);
  if (!memory)
    return memory.takeError();
  return KernelBuffer{std::move(name), *element, std::move(shape),
                      std::move(*memory), std::move(dims)};
}

/// Completes the description once the buffer has its final place.
static void describe(KernelBuffer &buffer, halide::BufferType type) {
  buffer.buffer.host =
      reinterpret_cast<uint8_t *>(buffer.memory.getData().data());
  buffer.buffer.type = getHalideType(type.getElementType());
  buffer.buffer.dimensions = buffer.dims.size();
  buffer.buffer.dim = buffer.dims.data();
}

static llvm::Expected<std::vector<KernelBuffer>>
makeInputs(halide::PipelineOp kernel, const std::string &path) {
  NpzArrays arrays;
  if (!path.empty()) {
    llvm::Expected<NpzArrays> read = readNpz(path);
    if (!read)
      return read.takeError();
    arrays = std::move(*read);
  }
  std::vector<KernelBuffer> inputs;
  for (auto [i, type] : llvm::enumerate(kernel.getArgumentTypes())) {
    std::string name = kernel.getInputName(i).str().str();
    auto found = arrays.find(name);
    if (found == arrays.end())
      return llvm::createStringError(path + ": no array is called " + name);
    auto alignment =
        kernel.getArgAttrOfType<IntegerAttr>(i, halide::HalideDialect::kAlign);
    llvm::Expected<KernelBuffer> input = makeBuffer(
        name, cast<halide::BufferType>(type), found->second.shape, alignment);
    if (!input)
      return input.takeError();
    if (input->type != found->second.type)
      return llvm::createStringError(
          path + ": " + name + " holds " + getElementName(found->second.type) +
          ", the kernel takes " + getElementName(input->type));
    llvm::copy(found->second.data, input->memory.getData().begin());
    inputs.push_back(std::move(*input));
  }
  return inputs;
}

static llvm::Expected<std::vector<KernelBuffer>>
makeOutputs(halide::PipelineOp kernel, unsigned number,
            const Options &options) {
  llvm::StringMap<std::vector<std::vector<int64_t>>> shapes;
  for (StringRef text : options.shapes) {
    auto [name, extents] = text.split('=');
    llvm::Expected<std::vector<int64_t>> shape = parseShape(extents);
    if (!shape)
      return shape.takeError();
    shapes[name].push_back(*shape);
  }
  std::vector<KernelBuffer> outputs;
  for (auto [i, value] : llvm::enumerate(kernel.getOutput().getOutputs())) {
    auto type = cast<halide::BufferType>(kernel.getResultTypes()[i]);
    StringRef name = value.getDefiningOp<halide::FuncOp>().getName();
    auto shape = llvm::to_vector(llvm::reverse(type.getShape()));
    ArrayRef<std::vector<int64_t>> given = shapes[name];
    if (number >= given.size() && !ShapedType::isStaticShape(shape))
      return llvm::createStringError(
          "--output-shape must tell the extents of " + name +
          (number ? " for each file of inputs" : ""));
    llvm::Expected<KernelBuffer> output =
        makeBuffer(name.str(), type,
                   number >= given.size()
                       ? std::vector<int64_t>(shape.begin(), shape.end())
                       : given[number],
                   kernel.getResultAttrOfType<IntegerAttr>(
                       i, halide::HalideDialect::kAlign));
    if (!output)
      return output.takeError();
    outputs.push_back(std::move(*output));
  }
  return outputs;
}

/// Compiles the kernel in one way and loads it.
static llvm::Expected<LoadedKernel> load(ModuleOp module,
                                         const Options &options, bool asserts) {
  EmitKernelsOptions emission;
  emission.target = options.target;
  emission.asserts = asserts;
  emission.argvWrapper = true;
  emission.allowUnscheduled = options.defaultSchedule;
  FailureOr<std::vector<EmittedKernel>> emitted = emitKernels(module, emission);
  if (failed(emitted))
    return llvm::createStringError("the kernel was not compiled");
  return LoadedKernel::load(emitted->front(), options.threads);
}

/// The arrays that the kernel calculates from one file of inputs. Times it with
/// `repeat`.
static llvm::Expected<NpzArrays> run(LoadedKernel &loaded,
                                     halide::PipelineOp kernel, unsigned number,
                                     const Options &options, unsigned repeat) {
  llvm::Expected<std::vector<KernelBuffer>> inputs =
      makeInputs(kernel, options.inputs.empty() ? "" : options.inputs[number]);
  if (!inputs)
    return inputs.takeError();
  llvm::Expected<std::vector<KernelBuffer>> outputs =
      makeOutputs(kernel, number, options);
  if (!outputs)
    return outputs.takeError();
  SmallVector<halide_buffer_t *> buffers;
  for (auto [buffer, type] : llvm::zip(*inputs, kernel.getArgumentTypes())) {
    describe(buffer, cast<halide::BufferType>(type));
    buffers.push_back(&buffer.buffer);
  }
  for (auto [buffer, type] : llvm::zip(*outputs, kernel.getResultTypes())) {
    describe(buffer, cast<halide::BufferType>(type));
    buffers.push_back(&buffer.buffer);
  }

  if (llvm::Error error = loaded.call(buffers))
    return std::move(error);
  NpzArrays result;
  for (auto *group : {&*inputs, &*outputs})
    for (const KernelBuffer &buffer : *group)
      if (!buffer.memory.isIntact())
        return llvm::createStringError("the kernel wrote past the end of " +
                                       buffer.name);
  for (KernelBuffer &output : *outputs) {
    llvm::MutableArrayRef<char> data = output.memory.getData();
    result[output.name] =
        NpyArray{output.type, output.shape, {data.begin(), data.end()}};
  }

  if (repeat) {
    std::vector<double> times;
    for (unsigned i = 0; i < repeat; ++i) {
      auto start = std::chrono::steady_clock::now();
      if (llvm::Error error = loaded.call(buffers))
        return std::move(error);
      times.push_back(std::chrono::duration<double, std::micro>(
                          std::chrono::steady_clock::now() - start)
                          .count());
    }
    llvm::sort(times);
    llvm::outs() << llvm::formatv(
        "{{\"kernel\": \"{0}\", \"median_us\": {1:f3}, \"min_us\": {2:f3}, "
        "\"runs\": {3}, \"threads\": {4}}\n",
        kernel.getName(), times[times.size() / 2], times.front(), repeat,
        options.threads);
  }
  return result;
}

/// Leaves one kernel of the module and the schedules that are for it.
static FailureOr<halide::PipelineOp> selectKernel(ModuleOp module,
                                                  StringRef name) {
  SmallVector<Operation *> others;
  halide::PipelineOp kernel;
  for (Operation &op : module.getOps()) {
    auto pipeline = dyn_cast<halide::PipelineOp>(op);
    bool wanted = pipeline && (name.empty() || pipeline.getName() == name);
    if (wanted && kernel)
      return module.emitError("there are several kernels: name one by "
                              "--kernel");
    if (wanted)
      kernel = pipeline;
    else if (!isa<halide::ScheduleOp>(op))
      others.push_back(&op);
  }
  if (!kernel)
    return module.emitError("no kernel is called '") << name << "'";
  for (Operation *op : llvm::reverse(others))
    op->erase();
  return kernel;
}

/// Puts the schedules of another file in place of the module's.
static LogicalResult replaceSchedules(ModuleOp module, ModuleOp schedules) {
  for (auto schedule :
       llvm::make_early_inc_range(module.getOps<halide::ScheduleOp>()))
    schedule.erase();
  for (auto schedule :
       llvm::make_early_inc_range(schedules.getOps<halide::ScheduleOp>()))
    schedule->moveBefore(module.getBody(), module.getBody()->end());
  return success();
}

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  // LLVM's libraries register options of their own, also one called threads.
  cl::ResetCommandLineParser();
  Options options;
  cl::ParseCommandLineOptions(argc, argv, "Compiles and runs one kernel\n");

  DialectRegistry registry;
  registry.insert<halide::HalideDialect, arith::ArithDialect, func::FuncDialect,
                  math::MathDialect, tensor::TensorDialect>();
  MLIRContext context(registry);
  context.printOpOnDiagnostic(false);
  llvm::SourceMgr sources;
  SourceMgrDiagnosticHandler handler(sources, &context);
  OwningOpRef<ModuleOp> module =
      parseSourceFile<ModuleOp>(options.input, sources, &context);
  if (!module)
    return 1;
  if (!options.schedules.empty()) {
    OwningOpRef<ModuleOp> schedules =
        parseSourceFile<ModuleOp>(options.schedules, sources, &context);
    if (!schedules || failed(replaceSchedules(*module, *schedules)))
      return 1;
  }
  FailureOr<halide::PipelineOp> kernel = selectKernel(*module, options.kernel);
  if (failed(kernel))
    return 1;
  if (options.defaultSchedule)
    for (auto schedule :
         llvm::make_early_inc_range(module->getOps<halide::ScheduleOp>()))
      schedule.erase();

  if (!options.outputs.empty() &&
      options.outputs.size() != std::max<size_t>(options.inputs.size(), 1))
    exitOnError(llvm::createStringError(
        "there must be as many files of outputs as of inputs"));
  LoadedKernel checked = exitOnError(load(*module, options, /*asserts=*/true));
  LoadedKernel fast = exitOnError(load(*module, options, /*asserts=*/false));
  unsigned number = 0;
  do {
    NpzArrays wanted =
        exitOnError(run(checked, *kernel, number, options, /*repeat=*/0));
    NpzArrays arrays =
        exitOnError(run(fast, *kernel, number, options, options.repeat));
    for (auto &[name, array] : wanted)
      if (array.data != arrays[name].data)
        exitOnError(llvm::createStringError(
            "with and without Halide's checks, " + name + " is not the same"));
    if (!options.outputs.empty())
      exitOnError(writeNpz(options.outputs[number], arrays));
  } while (++number < options.inputs.size());
  return 0;
}
