//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Prints the kernels of a module as one program of Halide: a function per
/// kernel and a main function that calls them all. Only kernels that Halide
/// takes are printed, so that nothing is said in C++ that emission would
/// refuse.
///
//===----------------------------------------------------------------------===//

#include "PrintCpp.h"
#include "CompileKernel.h"
#include "sylvite/Emit/Halide/PrintKernels.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace sylvite;
using namespace sylvite::emit;
using llvm::formatv;

/// How the program is built and what it does.
static constexpr StringRef kUsage =
    R"(// Kernels as a program of Halide {0}. Build it, with HALIDE the folder of the
// wheel, and run it: it writes the object and the loops of each kernel.
//
//   c++ -std=c++17 kernels.cpp -IHALIDE/include -LHALIDE/lib64 -lHalide

)";

/// The kernel's function, under the name `function`.
static LogicalResult printKernel(const Kernel &kernel, StringRef function,
                                 raw_ostream &os) {
  halide::PipelineOp pipeline = kernel.pipeline;
  CppScope scope;
  os << formatv("static void {0}(const Target &target) {{\n", function);
  if (failed(printCppAlgorithm(pipeline, scope, os)) ||
      (kernel.schedule && failed(printCppSchedule(kernel.schedule, scope, os))))
    return failure();

  SmallVector<StringRef> inputs, outputs;
  for (unsigned i = 0; i < pipeline.getNumArguments(); ++i)
    inputs.push_back(scope.inputs[pipeline.getInputName(i)]);
  for (Value output : pipeline.getOutput().getOutputs())
    outputs.push_back(
        scope.funcs[output.getDefiningOp<halide::FuncOp>().getName()]);
  os << formatv("\n  compile({{{0}}, {{{1}}, {2}, target);\n}\n\n",
                llvm::join(outputs, ", "), llvm::join(inputs, ", "),
                quoteCpp(pipeline.getName()));
  return success();
}

/// What all kernels' functions end with.
static constexpr StringRef kCompile =
    R"(static void compile(const std::vector<Func> &outputs,
                    const std::vector<Argument> &inputs,
                    const std::string &name, const Target &target) {
  Module module = Pipeline(outputs).compile_to_module(inputs, name, target,
                                                      LinkageType::External);
  module.compile({{OutputFileType::object, name + ".o"},
                  {OutputFileType::stmt, name + ".stmt"}});
}

)";

LogicalResult sylvite::printHalideCpp(ModuleOp module, raw_ostream &os,
                                      const EmitKernelsOptions &options) {
  FailureOr<std::vector<Kernel>> kernels = collectKernels(module, options);
  if (failed(kernels))
    return failure();
  std::string functions;
  llvm::raw_string_ostream functionsOs(functions);
  CppScope scope;
  SmallVector<std::string> names;
  for (const Kernel &kernel : *kernels) {
    halide::PipelineOp pipeline = kernel.pipeline;
    names.push_back(scope.makeIdentifier(pipeline.getName()));
    if (failed(checkKernel(kernel)) ||
        failed(printKernel(kernel, names.back(), functionsOs)))
      return failure();
  }

  os << formatv(kUsage.data(), getHalideVersion());
  os << "#include \"Halide.h\"\n\nusing namespace Halide;\n\n";
  printCppHelpers(functions, os);
  os << kCompile << functions << "int main() {\n";
  if (!kernels->empty())
    os << formatv("  Target target(\n      {0});\n",
                  quoteCpp(getHalideTarget(*kernels->front().target, options)));
  for (StringRef name : names)
    os << formatv("  {0}(target);\n", name);
  os << "  return 0;\n}\n";
  return success();
}
