//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Structures of Halide and of the runtime.
///
//===----------------------------------------------------------------------===//

#include "LlvmTypes.h"

using namespace mlir;
using namespace sylvite;

LlvmTypes::LlvmTypes(MLIRContext *context)
    : pointer(LLVM::LLVMPointerType::get(context)),
      i8(IntegerType::get(context, 8)), i32(IntegerType::get(context, 32)),
      i64(IntegerType::get(context, 64)) {
  auto make = [&](StringRef name, ArrayRef<Type> fields) {
    auto type = LLVM::LLVMStructType::getIdentified(context, name);
    // Fails only where the name has other fields, which nobody gives it.
    LogicalResult defined = type.setBody(fields, /*isPacked=*/false);
    assert(succeeded(defined) && "a structure has one definition");
    (void)defined;
    return type;
  };
  // halide_buffer_t: device, device_interface, host, flags, type (code, bits
  // and lanes in one word), dimensions, dim, padding.
  halideBuffer = make("halide_buffer_t",
                      {i64, pointer, pointer, i64, i32, i32, pointer, pointer});
  // halide_dimension_t: min, extent, stride, flags.
  halideDimension = make("halide_dimension_t", {i32, i32, i32, i32});

  // sylvite_dim: name, max.
  dim = make("sylvite_dim", {pointer, i64});
  // sylvite_tensor: name, element_type, flags, shape, rank, default_bits,
  // range_low, range_high.
  tensor =
      make("sylvite_tensor", {pointer, i32, i32, pointer, i64, i64, i64, i64});
  // sylvite_function: name, dims, inputs, outputs, num_dims, num_inputs,
  // num_outputs, lengths_input, batch_dim, batch_rows, impl, arena.
  function =
      make("sylvite_function", {pointer, pointer, pointer, pointer, i32, i32,
                                i32, i32, i32, i64, pointer, pointer});
  // sylvite_descriptor: abi_version, num_functions, functions, weights, target,
  // cpu_features, device.
  descriptor = make("sylvite_descriptor",
                    {i32, i32, pointer, pointer, pointer, i64, pointer});
}
