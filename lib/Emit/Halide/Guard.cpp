//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Halide reports errors and warnings through one reporter for the whole
/// process. Ours throws errors and collects warnings by thread, because several
/// kernels are compiled at once.
///
//===----------------------------------------------------------------------===//

#include "Guard.h"
#include "Halide.h"

#include <mutex>

using namespace mlir;
using namespace sylvite;

namespace {
/// What Halide warned of during one call.
struct Warnings {
  /// Each once: simplification meets the same expression many times.
  SmallVector<std::string> texts;
  Warnings *outer;
};
} // namespace

/// The innermost call of this thread, or null outside of all.
static thread_local Warnings *currentWarnings = nullptr;

namespace {
class Reporter : public Halide::CompileTimeErrorReporter {
public:
  void warning(const char *message) override {
    if (!currentWarnings)
      llvm::errs() << message;
    else if (!llvm::is_contained(currentWarnings->texts, message))
      currentWarnings->texts.push_back(message);
  }

  [[noreturn]] void error(const char *message) override {
    throw Halide::CompileError(message);
  }
};
} // namespace

/// Halide's message without the word in front and the newline at the end.
static StringRef trim(StringRef message) {
  message.consume_front("Error: ");
  message.consume_front("Warning: ");
  return message.trim();
}

static LogicalResult report(Location loc, const Warnings &warnings) {
  bool failed = false;
  for (StringRef text : warnings.texts) {
    // Halide goes on after this one. Without the assertion, the kernel would
    // compute something else than the algorithm says.
    if (text.contains("guaranteed to fail an assertion")) {
      failed = true;
      emitError(loc, "Halide: ") << trim(text);
      continue;
    }
    // Every operation on 16-bit floats is computed in f32 anyway.
    if (!text.contains("float16"))
      emitWarning(loc, "Halide: ") << trim(text);
  }
  return failure(failed);
}

LogicalResult emit::callHalide(Location loc, function_ref<void()> body) {
  static std::once_flag installed;
  static Reporter reporter;
  std::call_once(installed, [] {
    Halide::set_custom_compile_time_error_reporter(&reporter);
  });

  Warnings warnings{{}, currentWarnings};
  currentWarnings = &warnings;
  std::string error;
  // Halide::Error is a std::exception only in some versions.
  try {
    body();
  } catch (const Halide::Error &caught) {
    error = caught.what();
  } catch (const std::exception &caught) {
    error = caught.what();
  } catch (...) {
    error = "an unknown exception";
  }
  currentWarnings = warnings.outer;
  if (!error.empty())
    return emitError(loc, "Halide: ") << trim(error);
  return report(loc, warnings);
}
