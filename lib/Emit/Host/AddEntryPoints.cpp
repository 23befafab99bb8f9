//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Adds the public functions and the descriptor of a library.
///
/// Public functions hold no logic: each puts its arguments into arrays, where
/// it has to, and calls the runtime. The descriptor repeats the interface as
/// the constants of sylvite/Runtime/Descriptor.h. Of a library for several
/// targets each program gets the descriptor alone; the functions are the
/// library's.
///
//===----------------------------------------------------------------------===//

#include "DescriptorBuilder.h"
#include "LlvmTypes.h"
#include "sylvite/Emit/Host/HostModule.h"
#include "sylvite/Emit/Host/Passes.h"
#include "sylvite/Emit/Host/Symbols.h"

#define DEBUG_TYPE "sylvite-add-entry-points"

namespace sylvite {
#define GEN_PASS_DEF_ADDENTRYPOINTSPASS
#include "sylvite/Emit/Host/Passes.h.inc"
} // namespace sylvite

using namespace mlir;
using namespace sylvite;

namespace {

struct AddEntryPointsPass
    : public sylvite::impl::AddEntryPointsPassBase<AddEntryPointsPass> {
  using Base::Base;
  void runOnOperation() override;
};

/// Adds the functions of one library.
class EntryPoints {
public:
  EntryPoints(ModuleOp host, const ModelInterface &interface,
              const LlvmTypes &types)
      : interface(interface), types(types),
        builder(host.getLoc(), host.getContext()), host(host) {}

  void add();

private:
  /// Makes the public function PREFIX_`name` and moves to its start.
  LLVM::LLVMFuncOp begin(const Twine &name, TypeRange arguments, Type result);
  /// Calls a function of the runtime and returns what it returns.
  void callAndReturn(StringRef name, ValueRange arguments, Type result);
  /// Passes all arguments on to the runtime's function of the same name.
  void addForward(StringRef name, TypeRange arguments, Type result);
  /// PREFIX_open, or PREFIX_open_target where the caller may name a target.
  void addOpen(bool target);
  void addTarget();
  void addDescribe();
  void addFunction(const FunctionInfo &function, unsigned index, bool lengths);
  void addArenaBytes(const FunctionInfo &function, unsigned index);

  /// An array on the stack that holds `values`.
  Value makeArray(Type type, ValueRange values);
  Value makeConstant(Type type, int64_t value);
  Value getAddress(const std::string &global) {
    return LLVM::AddressOfOp::create(builder, types.pointer, global);
  }

  const ModelInterface &interface;
  const LlvmTypes &types;
  ImplicitLocOpBuilder builder;
  ModuleOp host;
};

} // namespace

Value EntryPoints::makeConstant(Type type, int64_t value) {
  return LLVM::ConstantOp::create(builder, type,
                                  builder.getIntegerAttr(type, value));
}

LLVM::LLVMFuncOp EntryPoints::begin(const Twine &name, TypeRange arguments,
                                    Type result) {
  builder.setInsertionPointToEnd(host.getBody());
  auto function = LLVM::LLVMFuncOp::create(
      builder, (interface.prefix + "_" + name).str(),
      LLVM::LLVMFunctionType::get(result, llvm::to_vector(arguments)));
  builder.setInsertionPointToStart(function.addEntryBlock(builder));
  return function;
}

void EntryPoints::callAndReturn(StringRef name, ValueRange arguments,
                                Type result) {
  auto callee = host.lookupSymbol<LLVM::LLVMFuncOp>(name);
  if (!callee) {
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToStart(host.getBody());
    callee = LLVM::LLVMFuncOp::create(
        builder, name,
        LLVM::LLVMFunctionType::get(result,
                                    llvm::to_vector(arguments.getTypes())));
  }
  auto call = LLVM::CallOp::create(builder, callee, arguments);
  LLVM::ReturnOp::create(builder, call->getResults());
}

void EntryPoints::addForward(StringRef name, TypeRange arguments, Type result) {
  LLVM::LLVMFuncOp function = begin(name, arguments, result);
  callAndReturn(("sylvite_" + name).str(), function.getArguments(), result);
}

void EntryPoints::addOpen(bool target) {
  SmallVector<Type> parameters(target ? 3 : 2, types.pointer);
  LLVM::LLVMFuncOp function =
      begin(target ? "open_target" : "open", parameters, types.i32);
  ValueRange given = function.getArguments();
  Value name = target ? given[1] : LLVM::ZeroOp::create(builder, types.pointer);
  callAndReturn("sylvite_open",
                {getAddress(getVariantsName(interface.prefix)), given.front(),
                 name, given.back()},
                types.i32);
}

void EntryPoints::addTarget() {
  LLVM::LLVMFuncOp function = begin("target", types.pointer, types.pointer);
  callAndReturn(
      "sylvite_target",
      {getAddress(getVariantsName(interface.prefix)), function.getArgument(0)},
      types.pointer);
}

void EntryPoints::addDescribe() {
  begin("describe", {}, types.pointer);
  LLVM::ReturnOp::create(builder,
                         getAddress(getDescribeName(interface.prefix)));
}

Value EntryPoints::makeArray(Type type, ValueRange values) {
  Value array = LLVM::AllocaOp::create(
      builder, types.pointer, type,
      makeConstant(types.i32, std::max<size_t>(values.size(), 1)));
  for (auto [index, value] : llvm::enumerate(values)) {
    Value place = LLVM::GEPOp::create(builder, types.pointer, type, array,
                                      ArrayRef<LLVM::GEPArg>{int32_t(index)});
    LLVM::StoreOp::create(builder, value, place);
  }
  return array;
}

void EntryPoints::addFunction(const FunctionInfo &function, unsigned index,
                              bool lengths) {
  // The parameters are those that the header declares: context, dimensions,
  // inputs, outputs.
  SmallVector<Type> parameters = {types.pointer};
  parameters.append(function.dims.size(), types.i64);
  parameters.append(function.inputs.size() + function.outputs.size(),
                    types.pointer);
  LLVM::LLVMFuncOp entry =
      begin(function.name + (lengths ? "_lengths" : ""), parameters, types.i32);
  SmallVector<Value> arguments(entry.getArguments().begin(),
                               entry.getArguments().end());
  ArrayRef<Value> rest = ArrayRef(arguments).drop_front();
  auto take = [&](size_t count) {
    ArrayRef<Value> taken = rest.take_front(count);
    rest = rest.drop_front(count);
    return taken;
  };
  Value dims = makeArray(types.i64, take(function.dims.size()));
  ArrayRef<Value> given = take(function.inputs.size());
  Value inputs = makeArray(types.pointer, given);
  Value outputs = makeArray(types.pointer, rest);
  SmallVector<Value> call = {arguments[0], makeConstant(types.i32, index), dims,
                             inputs};
  if (lengths)
    call.push_back(given[function.lengthsInput]);
  call.push_back(outputs);
  callAndReturn(lengths ? "sylvite_call_lengths" : "sylvite_call", call,
                types.i32);
}

void EntryPoints::addArenaBytes(const FunctionInfo &function, unsigned index) {
  SmallVector<Type> parameters(function.dims.size(), types.i64);
  LLVM::LLVMFuncOp entry =
      begin(function.name + "_arena_bytes", parameters, types.i64);
  Value dims = makeArray(types.i64, entry.getArguments());
  callAndReturn("sylvite_arena_bytes",
                {getAddress(getVariantsName(interface.prefix)),
                 makeConstant(types.i32, index), dims},
                types.i64);
}

void EntryPoints::add() {
  Type ptr = types.pointer, i32 = types.i32;
  Type none = LLVM::LLVMVoidType::get(host.getContext());
  addOpen(/*target=*/false);
  addOpen(/*target=*/true);
  addTarget();
  addForward("close", ptr, none);
  addForward("context_create", {ptr, ptr}, i32);
  addForward("context_destroy", ptr, none);
  addForward("context_set_num_threads", {ptr, i32}, i32);
  addForward("context_set_parallel_for", {ptr, ptr, ptr}, i32);
  addForward("invoke", {ptr, ptr, ptr, ptr, ptr}, i32);
  addForward("last_error", ptr, ptr);
  addForward("error_message", i32, ptr);
  addForward("set_num_threads", i32, none);
  addForward("profile", {ptr, ptr, types.i64}, i32);
  addForward("profile_count", ptr, types.i64);
  if (interface.hasDevice())
    addForward("get_device_counts", {ptr, ptr}, i32);
  addDescribe();
  for (auto [index, function] : llvm::enumerate(interface.functions)) {
    addFunction(function, index, /*lengths=*/false);
    if (function.lengthsInput >= 0)
      addFunction(function, index, /*lengths=*/true);
    addArenaBytes(function, index);
  }
}

void AddEntryPointsPass::runOnOperation() {
  ModuleOp module = getOperation();
  FailureOr<ModelInterface> interface = getInterface(module);
  if (failed(interface))
    return signalPassFailure();
  auto host = module.lookupSymbol<ModuleOp>(kHostModule);
  LlvmTypes types(&getContext());
  if (failed(addDescriptor(host, *interface, types)))
    return signalPassFailure();
  if (variant)
    host->setAttr(kVariantAttr, UnitAttr::get(&getContext()));
  else
    addEntryPoints(host, *interface);
}

void sylvite::addEntryPoints(ModuleOp host, const ModelInterface &interface) {
  LlvmTypes types(host.getContext());
  addLibraryConstants(host, interface, types);
  EntryPoints(host, interface, types).add();
}
