//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The C header of a compiled library.
///
//===----------------------------------------------------------------------===//

#include "Header.h"

#include "sylvite/Support/CIdentifier.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FormatVariadic.h"

using namespace sylvite;
using namespace llvm;

namespace {

/// A function with C names for its dimensions and parameters.
struct Signature {
  explicit Signature(const FunctionInfo &function);

  const FunctionInfo &function;
  std::vector<std::string> dims, inputs, outputs;
};

} // namespace

Signature::Signature(const FunctionInfo &function) : function(function) {
  StringSet<> taken = {"context"};
  if (function.lengthsInput >= 0)
    taken.insert("lengths");
  auto add = [&](StringRef name, std::vector<std::string> &names) {
    std::string base = makeCIdentifier(name), unique = base;
    for (int i = 2; !taken.insert(unique).second; ++i)
      unique = base + "_" + std::to_string(i);
    names.push_back(unique);
  };
  for (const DimInfo &dim : function.dims)
    add(dim.name, dims);
  for (const ParameterInfo &input : function.inputs)
    add(input.name, inputs);
  for (const ParameterInfo &output : function.outputs)
    add(output.name, outputs);
}

//===----------------------------------------------------------------------===//
// Text
//===----------------------------------------------------------------------===//

/// `text` as it may stand in a comment: names come from model files.
static std::string sanitize(StringRef text) {
  std::string result;
  for (char c : text) {
    if (c == '/' && !result.empty() && result.back() == '*')
      result += ' ';
    result += isPrint(c) ? c : '?';
  }
  return result;
}

/// Writes `items` after `start`, separated by commas, in lines of at most 80
/// columns that continue below the first item.
static void printList(raw_ostream &os, const std::string &start,
                      ArrayRef<std::string> items, StringRef end) {
  std::string line = start;
  size_t indent = start.size();
  for (auto [index, item] : enumerate(items)) {
    bool last = index + 1 == items.size();
    std::string text = item + (last ? end.str() : ",");
    if (index && line.size() + 1 + text.size() > 80) {
      os << line << '\n';
      line = std::string(indent, ' ') + text;
    } else {
      line += (index ? " " : "") + text;
    }
  }
  os << line << '\n';
}

/// Writes "NAME  TEXT" with the names in one column.
static void printTable(raw_ostream &os,
                       ArrayRef<std::pair<std::string, std::string>> rows) {
  size_t width = 0;
  for (const auto &[name, text] : rows)
    width = std::max(width, name.size());
  for (const auto &[name, text] : rows)
    os << " *   " << left_justify(name, width) << "  " << text << '\n';
}

//===----------------------------------------------------------------------===//
// Functions
//===----------------------------------------------------------------------===//

static std::string describeDefault(const ParameterInfo &input) {
  return std::visit([](auto value) { return formatv("{0}", value).str(); },
                    *input.defaultValue);
}

static std::string describeParameter(const FunctionInfo &function,
                                     const ParameterInfo &parameter,
                                     StringRef cName) {
  std::string text = (getElementCType(parameter.type) + " " +
                      sanitize(function.getShapeText(parameter)))
                         .str();
  if (getElementCType(parameter.type) == "uint16_t")
    text += (" holding " + getElementName(parameter.type)).str();
  if (parameter.range)
    text += formatv(", {0} <= value < {1}", parameter.range->first,
                    parameter.range->second)
                .str();
  if (parameter.defaultValue)
    text += ", NULL means all " + describeDefault(parameter);
  if (!parameter.inPlace.empty())
    text += parameter.inPlace == parameter.name
                ? ", replaced by its new value"
                : ", replaced by " + sanitize(parameter.inPlace);
  if (parameter.name != cName)
    text += "; called " + sanitize(parameter.name) + " in the model";
  return text;
}

static void printFunctionComment(const ModelInterface &interface,
                                 const Signature &signature, raw_ostream &os) {
  using Rows = std::vector<std::pair<std::string, std::string>>;
  const FunctionInfo &function = signature.function;
  os << "/* Function " << function.name << ".\n *\n";
  Rows rows;
  for (auto [dim, name] : zip(function.dims, signature.dims))
    rows.emplace_back(name, dim.isComposed() ? sanitize(dim.name)
                            : dim.max > 0 ? formatv("1 to {0}", dim.max).str()
                                          : "1 or more");
  if (!rows.empty()) {
    os << " * Dimensions:\n";
    printTable(os, rows);
  }
  rows.clear();
  for (auto [input, name] : zip(function.inputs, signature.inputs))
    rows.emplace_back(name, describeParameter(function, input, name));
  os << " * Inputs:\n";
  printTable(os, rows);
  rows.clear();
  for (auto [output, name] : zip(function.outputs, signature.outputs))
    rows.emplace_back(name, describeParameter(function, output, name));
  if (!rows.empty()) {
    os << " * Outputs, each NULL where it is not wanted:\n";
    printTable(os, rows);
  }
  os << " *\n * Returns one of " << interface.prefix << "_status.\n */\n";
}

/// "const int64_t *input_ids" and so on.
static std::string declare(const ParameterInfo &parameter, StringRef name,
                           bool isInput) {
  return ((isInput && parameter.inPlace.empty() ? "const " : "") +
          getElementCType(parameter.type) + " *" + name)
      .str();
}

/// All parameters of a function; with `lengths` these stand in the place of
/// their input.
static std::vector<std::string>
declareParameters(const ModelInterface &interface, const Signature &signature,
                  bool lengths) {
  const FunctionInfo &function = signature.function;
  std::vector<std::string> items{interface.prefix + "_context *context"};
  for (const std::string &dim : signature.dims)
    items.push_back("int64_t " + dim);
  for (auto [index, input] : enumerate(function.inputs))
    items.push_back(lengths && int32_t(index) == function.lengthsInput
                        ? "const int32_t *lengths"
                        : declare(input, signature.inputs[index], true));
  for (auto [output, name] : zip(function.outputs, signature.outputs))
    items.push_back(declare(output, name, false));
  return items;
}

static void printFunction(const ModelInterface &interface,
                          const FunctionInfo &function, raw_ostream &os) {
  Signature signature(function);
  std::string name = interface.prefix + "_" + function.name;
  os << '\n';
  printFunctionComment(interface, signature, os);
  printList(os, "int " + name + "(",
            declareParameters(interface, signature, false), ");");

  if (function.lengthsInput >= 0) {
    const ParameterInfo &mask = function.inputs[function.lengthsInput];
    FunctionInfo rows = function;
    std::string row = mask.shape[0] < 0 ? signature.dims[-1 - mask.shape[0]]
                                        : std::to_string(mask.shape[0]);
    std::string column = mask.shape[1] < 0 ? signature.dims[-1 - mask.shape[1]]
                                           : std::to_string(mask.shape[1]);
    os << "\n/* The same with lengths, int32_t [" << row << "], each from 0 to "
       << column << ", in the place of\n * "
       << signature.inputs[function.lengthsInput] << ": row i counts to "
       << "lengths[i], the rest is padding.\n */\n";
    printList(os, "int " + name + "_lengths(",
              declareParameters(interface, signature, true), ");");
  }

  os << "\n/* Bytes that a context needs for the intermediate values of a "
        "call:\n"
     << " *   " << sanitize(function.arenaFormula);
  if (std::string part = function.getPartText(); !part.empty())
    os << "\n * for at most " << sanitize(part)
       << ": more is calculated in parts.";
  os << "\n * Inputs and outputs passed as NULL take their own size besides. "
        "UINT64_MAX\n * means that a call refuses the dimensions.\n */\n";
  std::vector<std::string> dims;
  for (const std::string &dim : signature.dims)
    dims.push_back("int64_t " + dim);
  if (dims.empty())
    dims.push_back("void");
  printList(os, "uint64_t " + name + "_arena_bytes(", dims, ");");
}

//===----------------------------------------------------------------------===//
// The parts that all libraries have
//===----------------------------------------------------------------------===//

static void printIntroduction(const ModelInterface &interface,
                              StringRef weightsFile, raw_ostream &os) {
  const std::string &p = interface.prefix;
  os << "/* " << p << ".h - made by Sylvite, for " << interface.getTargetText()
     << "\n"
     << " *\n"
     << " * Arrays are dense, row-major and aligned to their elements. A model "
        "may be\n"
     << " * shared by threads; a context serves one call at a time and keeps "
        "its memory\n"
     << " * for the next. Nothing but the C library is needed.\n"
     << " *\n"
     << " *   " << p << "_model *model;\n"
     << " *   " << p << "_context *context;\n"
     << " *   if (" << p << "_open(NULL, &model))\n"
     << " *     puts(" << p << "_last_error(NULL));\n"
     << " *   if (" << p << "_context_create(model, &context))\n"
     << " *     puts(" << p << "_last_error(NULL));\n";
  if (!interface.functions.empty())
    os << " *   if (" << p << "_" << interface.functions.front().name
       << "(context, ...))\n"
       << " *     puts(" << p << "_last_error(context));\n";
  os << " *   " << p << "_context_destroy(context);\n"
     << " *   " << p << "_close(model);\n"
     << " *\n * Weights: " << interface.weightBytes << " bytes, "
     << (weightsFile.empty() ? "inside the library"
                             : "in " + sanitize(weightsFile))
     << (interface.precision.empty() ? "" : ", of layers as ")
     << interface.precision << ".\n */\n";
}

static void printStatus(const ModelInterface &interface, raw_ostream &os) {
  std::string upper = StringRef(interface.prefix).upper();
  os << "\n/* What functions return. */\nenum " << interface.prefix
     << "_status {\n";
  SmallVector<std::tuple<StringRef, int, StringRef>> rows = {
#define SYLVITE_STATUS(name, number, message) {#name, number, message},
#include "sylvite/Runtime/Status.def"
  };
  for (auto [index, row] : enumerate(rows)) {
    auto [name, number, message] = row;
    os << "  /* " << message << " */\n  " << upper << "_" << name << " = "
       << number << (index + 1 == rows.size() ? "\n" : ",\n");
  }
  os << "};\n";
}

/// The functions that choose among the instruction sets of a library.
static void printTargetFunctions(const ModelInterface &interface,
                                 raw_ostream &os) {
  const std::string &p = interface.prefix;
  os << "\n/* The same with the code for `target`, of those that the library "
        "holds:\n"
     << " *   " << interface.getTargetText() << "\n * NULL, as " << p
     << "_open passes it, means the last one that "
     << (interface.hasDevice() ? "can run here.\n * "
                               : "this processor can\n * run. ")
     << "A target that "
     << (interface.hasDevice() ? "cannot run here" : "it cannot run")
     << " is an error. */\n";
  printList(
      os, "int " + p + "_open_target(",
      {"const char *weights_path", "const char *target", p + "_model **model"},
      ");");
  os << "\n/* The target whose code the model runs; with NULL the one that "
     << p << "_open would\n * choose, NULL where it would fail. */\n"
     << "const char *" << p << "_target(const " << p << "_model *model);\n";
}

/// The functions that say on which threads kernels run.
static void printThreadFunctions(const ModelInterface &interface,
                                 raw_ostream &os) {
  const std::string &p = interface.prefix;
  os << R"(
/* Threads. A kernel divides its rows among threads, and a result has the same
 * bits however many there are. The library has a pool of its own that all calls
 * into it share, and the threads that call work, too. This sets how many there
 * are together; 0, as in the beginning, means one per processor.
 */
)" << "void "
     << p << "_set_num_threads(int threads);\n"
     << R"(
/* Calls on this context use at most so many threads, the calling one among
 * them: with 1 it computes alone. 0, as in the beginning, means all there are.
 */
)";
  printList(os, "int " + p + "_context_set_num_threads(",
            {p + "_context *context", "int threads"}, ");");
  os << R"(
/* A pool of your own, which other libraries may use as well, so that together
 * they have no more threads than there are processors. `parallel_for` calls
 * task(closure, i) for all i from 0 to count - 1, on any threads and in any
 * order, and returns when all have returned. Tasks do not wait for each other,
 * so that they may also run one after the other. It is called by the thread
 * that calls a function, never by a task.
 */
)" << "typedef void (*"
     << p << "_task)(void *closure, int32_t i);\n"
     << "typedef void (*" << p << "_parallel_for)(void *pool, int32_t count,\n"
     << std::string(p.size() + 30, ' ') << p << "_task task, void *closure);\n"
     << R"(
/* Calls on this context run on `pool`, and not on the library's own; NULL for
 * `parallel_for` goes back to that. Say by the function above how many threads
 * the pool has: no loop is then cut into more tasks.
 */
)";
  printList(
      os, "int " + p + "_context_set_parallel_for(",
      {p + "_context *context", p + "_parallel_for parallel_for", "void *pool"},
      ");");
}

/// What there is for devices.
static void printDeviceFunctions(const ModelInterface &interface,
                                 raw_ostream &os) {
  const std::string &p = interface.prefix;
  os << R"(
/* A target with a plus runs its kernels on a device; what is behind the plus
 * names it, too: "opencl". Weights are copied there by the first call that needs
 * them and shared by all contexts, intermediate values never leave it, inputs
 * are copied there and outputs back by each call.
 */

/* What calls on a context have done on the device since it was made: launches of
 * kernels, inputs and outputs that were copied, copies on the device, weights
 * that were copied because no call before had needed them; and the bytes.
 */
typedef struct )"
     << p << R"(_device_counts {
  uint64_t launches;
  uint64_t uploads, upload_bytes;
  uint64_t downloads, download_bytes;
  uint64_t copies;
  uint64_t weights, weight_bytes;
} )" << p
     << "_device_counts;\n\n";
  printList(os, "int " + p + "_get_device_counts(",
            {"const " + p + "_context *context", p + "_device_counts *counts"},
            ");");
}

static void printCommonFunctions(const ModelInterface &interface,
                                 StringRef weightsFile, raw_ostream &os) {
  const std::string &p = interface.prefix;
  std::string weights = weightsFile.empty()
                            ? "the ones inside the library"
                            : sanitize(weightsFile) +
                                  " beside the library (the program, where "
                                  "it was linked\n * statically)";
  os << "\n/* Opens the model. `weights_path` names the weights file; NULL "
        "means\n * "
     << weights << ".\n */\n"
     << "int " << p << "_open(const char *weights_path, " << p
     << "_model **model);\n";
  printTargetFunctions(interface, os);
  os << "\n/* Closes a model whose contexts are gone. */\n"
     << "void " << p << "_close(" << p << "_model *model);\n"
     << "\nint " << p << "_context_create(" << p << "_model *model,\n"
     << std::string(p.size() + 20, ' ') << p << "_context **context);\n"
     << "void " << p << "_context_destroy(" << p << "_context *context);\n"
     << "\n/* What a status means. */\n"
     << "const char *" << p << "_error_message(int status);\n"
     << "\n/* What went wrong in the last call on this context; with NULL, in "
        "this thread's\n * last call without a context. Valid until the next "
        "call.\n */\n"
     << "const char *" << p << "_last_error(const " << p
     << "_context *context);\n";
  printThreadFunctions(interface, os);
  if (interface.hasDevice())
    printDeviceFunctions(interface, os);
  os << "\n/* One call of a kernel: the numbers of the function and, within "
        "it, "
        "of the\n * place in \"calls\" of the description, and nanoseconds of "
        "the system's\n * monotonic clock. What happens between two kernels "
        "counts to the latter.\n */\n"
     << "typedef struct " << p << "_event {\n  uint32_t function, call;\n"
     << "  uint64_t begin, end;\n} " << p << "_event;\n"
     << "\n/* From now on the kernels that calls on this context run are noted "
        "in `events`,\n * which has `capacity` of them and lives until the "
        "next "
        "call of this function;\n * NULL ends it. */\n"
     << "int " << p << "_profile(" << p << "_context *context, " << p
     << "_event *events,\n"
     << std::string(p.size() + 13, ' ') << "uint64_t capacity);\n"
     << "\n/* Kernels that ran since: more than `capacity` where the last ones "
        "found no\n * place. */\n"
     << "uint64_t " << p << "_profile_count(const " << p
     << "_context *context);\n"
     << "\n/* This interface as JSON. */\n"
     << "const char *" << p << "_describe(void);\n"
     << "\n/* Calls a function by name. Dimensions, inputs and outputs are in "
        "the order of\n * the function's parameters. Inputs that a function "
        "replaces are written.\n */\n"
     << "int " << p << "_invoke(" << p
     << "_context *context, const char *function,\n"
     << std::string(p.size() + 12, ' ')
     << "const int64_t *dims, const void *const *inputs,\n"
     << std::string(p.size() + 12, ' ') << "void *const *outputs);\n";
}

void sylvite::printHeader(const ModelInterface &interface,
                          StringRef weightsFile, raw_ostream &os) {
  std::string guard = StringRef(interface.prefix).upper() + "_H";
  printIntroduction(interface, weightsFile, os);
  os << "#ifndef " << guard << "\n#define " << guard
     << "\n\n#include <stdint.h>\n\n#ifdef __cplusplus\nextern \"C\" {\n"
     << "#endif\n\ntypedef struct " << interface.prefix << "_model "
     << interface.prefix << "_model;\ntypedef struct " << interface.prefix
     << "_context " << interface.prefix << "_context;\n";
  printStatus(interface, os);
  printCommonFunctions(interface, weightsFile, os);
  for (const FunctionInfo &function : interface.functions)
    printFunction(interface, function, os);
  os << "\n#ifdef __cplusplus\n}\n#endif\n\n#endif /* " << guard << " */\n";
}
