//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What a compiled library offers: its functions with their named dimensions,
/// inputs and outputs. The host phase makes it from the module; the descriptor,
/// the C header and the JSON text that P_describe() returns are made from it,
/// and sylvite-run reads that text back.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_SUPPORT_MODELINTERFACE_H
#define SYLVITE_SUPPORT_MODELINTERFACE_H

#include "sylvite/Support/ElementType.h"

#include "llvm/Support/Error.h"

#include <map>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace sylvite {

/// A dynamic dimension that callers choose.
struct DimInfo {
  std::string name;
  /// Largest extent; 0 where there is no limit.
  int64_t max = 0;

  /// Whether others decide it, as of `2*batch*(past+seq)`: it has to be what
  /// its name tells.
  bool isComposed() const {
    return name.find_first_of("*(") != std::string::npos;
  }
};

/// An input or an output: dense and row-major.
struct ParameterInfo {
  std::string name;
  ElementType type = ElementType::F32;
  /// Per axis a constant extent, or -1-i for the function's dimension i.
  std::vector<int64_t> shape;
  /// The element that fills an input the caller leaves out.
  std::optional<std::variant<int64_t, double>> defaultValue;
  /// Every value v of an integer input has first <= v < second.
  std::optional<std::pair<int64_t, int64_t>> range;
  /// Of an input that is written as well: the name of the result that it holds
  /// after a call. Empty for all others.
  std::string inPlace;

  /// The bit pattern of `defaultValue` in this type, in the low bytes; 0
  /// without one.
  uint64_t getDefaultBits() const;
};

/// A place in a function where a kernel is called.
struct KernelCallInfo {
  std::string kernel;
  /// The module of the model that it is part of, "layer.0.attention"; may be
  /// empty.
  std::string place;
  /// FLOP and bytes of one call, as formulas like `arenaFormula`; empty where
  /// nobody knows. Bytes are distinct ones: what is read once, what is written.
  std::string flops, bytes;
  /// "bf16", "u8s8" or "s16s8" where products are of such numbers, by an
  /// instruction that multiplies several; else empty.
  std::string product;
};

struct FunctionInfo {
  std::string name;
  std::vector<DimInfo> dims;
  std::vector<ParameterInfo> inputs, outputs;
  /// The input that lengths can stand for, or -1. See sylvite_function.
  int32_t lengthsInput = -1;
  /// The dimension along which a call is run in parts, or -1, and the rows of
  /// layers for one of its extent, coded as in a shape. See sylvite_function.
  int32_t batchDim = -1;
  int64_t batchRows = 0;
  /// Bytes of arena as a C expression in the dimensions' names; of several
  /// targets the most that one of them needs.
  std::string arenaFormula;

  /// How much of `batchDim` a call with these dimensions runs at a time; 0
  /// where a call is not run in parts.
  int64_t getPart(llvm::ArrayRef<int64_t> extents) const;
  /// The same as text, for example "max(1, 256 / seq) of batch"; empty where a
  /// call is not run in parts.
  std::string getPartText() const;

  /// The shape as text, for example "[batch, seq, 384]".
  std::string getShapeText(const ParameterInfo &tensor) const;
};

/// The code for one instruction set.
struct VariantInfo {
  /// What the kernels were compiled for, for example "x86-64-v3".
  std::string target;
  /// Names of the distinct kernels.
  std::vector<std::string> kernels;
  /// By the function's name, in the order of their numbers in a profile.
  std::map<std::string, std::vector<KernelCallInfo>> calls;
};

struct ModelInterface {
  /// All public C names begin with this and an underscore.
  std::string prefix;
  /// One for each target, weakest first.
  std::vector<VariantInfo> variants;
  /// Bytes of packed weights, of all targets.
  uint64_t weightBytes = 0;
  std::vector<FunctionInfo> functions;
  /// How weights of layers are stored, for example "bf16"; empty for as the
  /// model had them.
  std::string precision;

  /// Do kernels of a target run on a device?
  bool hasDevice() const;

  /// The names of all targets, for example "x86-64-v3, zen4".
  std::string getTargetText() const;
};

/// The interface of a library that holds the code of several, which were made
/// for one target each, weakest first. Fails where callers would see a
/// difference between them.
llvm::Expected<ModelInterface>
mergeInterfaces(llvm::ArrayRef<ModelInterface> interfaces);

/// The C names that a library exports: the fixed ones (PREFIX_open ...), then
/// those of each function. Two equal ones mean that a function's name is taken.
std::vector<std::string> getPublicNames(const ModelInterface &interface);

/// The interface as one line of JSON.
std::string printInterface(const ModelInterface &interface);

/// Reads what printInterface wrote.
llvm::Expected<ModelInterface> parseInterface(llvm::StringRef json);

} // namespace sylvite

#endif // SYLVITE_SUPPORT_MODELINTERFACE_H
