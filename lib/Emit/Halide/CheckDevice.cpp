//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Reads the calls of `halide_*_run` in what is left for the processor. Their
/// arguments are those of HalideRuntimeOpenCL.h, alike for all devices, but for
/// the context, which is added later.
///
//===----------------------------------------------------------------------===//

#include "CheckDevice.h"

#include "llvm/ADT/StringRef.h"

using namespace mlir;
using namespace sylvite;
using namespace Halide::Internal;

namespace {
class FindLaunches : public IRVisitor {
public:
  std::vector<emit::Launch> launches;
  /// What is wrong, or empty.
  std::string error;

private:
  using IRVisitor::visit;
  void visit(const LetStmt *let) override {
    values[let->name] = let->value;
    IRVisitor::visit(let);
  }
  void visit(const Call *call) override;
  // Of what Halide keeps for itself there are pointers alone.
  void visit(const Load *load) override {
    if (!load->type.is_handle())
      touch(load->name);
    IRVisitor::visit(load);
  }
  void visit(const Store *store) override {
    if (!store->value.type().is_handle())
      touch(store->name);
    IRVisitor::visit(store);
  }
  void touch(const std::string &buffer) {
    if (error.empty())
      error =
          "the processor would read or write \"" + buffer +
          "\", which is on the device: put all loops into gpu_blocks and "
          "gpu_threads, or compute the function inside of one that has them";
  }

  /// An argument without the names of values.
  Halide::Expr resolve(Halide::Expr value) {
    for (Halide::Expr before; !before.same_as(value);) {
      before = value;
      value = substitute(values, value);
    }
    return value;
  }

  /// The value of an argument, where it is constant.
  std::optional<int64_t> evaluate(const Halide::Expr &value) {
    if (auto constant = as_const_int(simplify(resolve(value))))
      return *constant;
    return std::nullopt;
  }

  std::map<std::string, Halide::Expr> values;
};
} // namespace

void FindLaunches::visit(const Call *call) {
  llvm::StringRef name = call->name;
  if (!name.starts_with("halide_") || !name.ends_with("_run") ||
      call->args.size() < 9)
    return IRVisitor::visit(call);
  emit::Launch launch{"", 1, 0, 1};
  if (auto *text = call->args[1].as<StringImm>())
    launch.name = text->value;
  for (int i : {2, 3, 4})
    launch.blocks = launch.blocks * resolve(call->args[i]);
  bool known = true;
  for (int i : {5, 6, 7}) {
    std::optional<int64_t> threads = evaluate(call->args[i]);
    known &= threads.has_value();
    launch.threads *= threads.value_or(1);
  }
  std::optional<int64_t> shared = evaluate(call->args[8]);
  if (error.empty() && !known)
    error = "the number of threads of a block is no constant: split the loop";
  if (error.empty() && !shared)
    error = "the size of what the threads of a block share is no constant: "
            "bound its storage";
  launch.sharedBytes = shared.value_or(0);
  launches.push_back(launch);
}

FailureOr<std::vector<emit::Launch>>
emit::checkDevice(Location loc, const Device &device,
                  const Halide::Module &lowered) {
  FindLaunches finder;
  for (const LoweredFunc &function : lowered.functions())
    function.body.accept(&finder);
  if (!finder.error.empty())
    return emitError(loc, finder.error), failure();
  for (const Launch &launch : finder.launches) {
    if (launch.threads > device.blockThreads)
      return emitError(loc, "a block would have ")
             << launch.threads << " threads, and " << device.name
             << " has no more than " << device.blockThreads
             << ": split its loops by less";
    if (launch.sharedBytes > device.sharedBytes)
      return emitError(loc, "the threads of a block would share ")
             << launch.sharedBytes << " bytes, and " << device.name
             << " has no more than " << device.sharedBytes
             << ": make tiles smaller, or bound their storage";
  }
  return finder.launches;
}

bool emit::isDeviceProgram(const Halide::Buffer<> &buffer) {
  return llvm::StringRef(buffer.name()).contains("_gpu_source_kernels");
}

std::vector<std::string>
emit::getDevicePrograms(const Halide::Module &lowered) {
  std::vector<std::string> programs;
  for (const Halide::Buffer<> &buffer : lowered.buffers()) {
    if (isDeviceProgram(buffer))
      programs.emplace_back(static_cast<const char *>(buffer.data()),
                            buffer.size_in_bytes());
  }
  return programs;
}
