//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Objects of kernels are the same bytes whenever and however they are made,
/// and the cache of objects gives back what was made, or nothing.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Emit/Halide/EmitKernels.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Parser/Parser.h"
#include "sylvite/Dialect/Halide/HalideDialect.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include <map>

using namespace mlir;
using namespace sylvite;
using testing::AllOf;
using testing::HasSubstr;

/// A kernel with a parallel loop, which Halide makes a function of, and a
/// bound, which has it lowered twice. NAME and WIDTH stand for the kernel's
/// name and the width of its vectors.
static constexpr StringRef kKernel = R"(
  halide.pipeline @NAME(%x: !halide.buffer<64x?xf32>) -> !halide.buffer<64x?xf32> {
    %f = halide.func "f"(i = %i, j = %j) : f32 {
      %a = halide.load %x[%i, %j] : !halide.buffer<64x?xf32>
      %b = arith.mulf %a, %a : f32
      halide.yield %b : f32
    }
    %out = halide.func "out"(i = %i, j = %j) : f32 {
      %a = halide.call %f(%i, %j) : !halide.func<2xf32>
      %b = arith.addf %a, %a : f32
      halide.yield %b : f32
    }
    halide.output %out : !halide.func<2xf32>
  }
  halide.schedule @NAME for "x86-64-v2" {
    halide.parallel "out" j
    halide.vectorize "out" i by WIDTH
    halide.compute_at "f" in "out" at j
    halide.bound_extent "f" i by 64
  })";

/// A kernel for a device: two launches, with loops that do not divide evenly,
/// so that there are values that both the processor and the device need.
static constexpr StringRef kDeviceKernel = R"(
  halide.pipeline @NAME(%x: !halide.buffer<?x?xf32>) -> !halide.buffer<?x?xf32> {
    %f = halide.func "f"(i = %i, j = %j) : f32 {
      %a = halide.load %x[%i, %j] : !halide.buffer<?x?xf32>
      %b = arith.mulf %a, %a : f32
      halide.yield %b : f32
    }
    %out = halide.func "out"(i = %i, j = %j) : f32 {
      %a = halide.call %f(%i, %j) : !halide.func<2xf32>
      %b = arith.addf %a, %a : f32
      halide.yield %b : f32
    }
    halide.output %out : !halide.func<2xf32>
  }
  halide.schedule @NAME for "TARGET" {
    halide.compute_root "f"
    halide.split "f" i into (b, t) by 8 tail(guard_with_if)
    halide.gpu_blocks "f" (b, j)
    halide.gpu_threads "f" (t)
    halide.split "out" i into (b, t) by 8 tail(guard_with_if)
    halide.gpu_blocks "out" (b, j)
    halide.gpu_threads "out" (t)
  })";

/// Replaces words of a text.
static void replace(std::string &text,
                    ArrayRef<std::pair<StringRef, StringRef>> words) {
  for (auto [word, value] : words)
    for (size_t at; (at = text.find(word)) != std::string::npos;)
      text.replace(at, word.size(), value.str());
}

static std::string makeKernel(StringRef name, StringRef width = "4") {
  std::string text = kKernel.str();
  replace(text, {{"NAME", name}, {"WIDTH", width}});
  return text;
}

namespace {
class EmitKernelsTest : public testing::Test {
protected:
  EmitKernelsTest()
      : handler(&context, [this](Diagnostic &diagnostic) {
          messages += diagnostic.str() + "\n";
          return success();
        }) {
    context.loadDialect<halide::HalideDialect, arith::ArithDialect>();
    EXPECT_FALSE(llvm::sys::fs::createUniqueDirectory("sylvite-test", folder));
    options.target = "x86-64-v2";
  }
  ~EmitKernelsTest() override {
    EXPECT_FALSE(llvm::sys::fs::remove_directories(folder));
  }

  std::vector<EmittedKernel> emit(const std::string &text) {
    auto module = parseSourceString<ModuleOp>(text, &context);
    EXPECT_TRUE(module);
    FailureOr<std::vector<EmittedKernel>> kernels =
        emitKernels(*module, options);
    EXPECT_TRUE(succeeded(kernels)) << messages;
    return succeeded(kernels) ? *kernels : std::vector<EmittedKernel>();
  }

  /// The objects by the names of their kernels.
  std::map<std::string, std::string> emitObjects(const std::string &text) {
    std::map<std::string, std::string> objects;
    for (const EmittedKernel &kernel : emit(text))
      objects[kernel.name] = kernel.object;
    return objects;
  }

  /// The files of the cache.
  SmallVector<std::string> listCache() {
    SmallVector<std::string> files;
    std::error_code code;
    for (llvm::sys::fs::directory_iterator it(options.cacheDirectory, code),
         end;
         it != end && !code; it.increment(code))
      files.push_back(it->path());
    return files;
  }

  MLIRContext context;
  std::string messages;
  ScopedDiagnosticHandler handler;
  SmallString<128> folder;
  EmitKernelsOptions options;
};
} // namespace

TEST_F(EmitKernelsTest, BytesDoNotDependOnThreadsOrderOrHistory) {
  std::string a = makeKernel("a"), b = makeKernel("b"), c = makeKernel("c");
  options.threads = 1;
  auto first = emitObjects(a + b + c);
  EXPECT_EQ(first.size(), 3u);
  auto again = emitObjects(a + b + c);
  auto backwards = emitObjects(c + b + a);
  options.threads = 3;
  auto parallel = emitObjects(b + a + c);
  for (auto &[name, object] : first) {
    EXPECT_TRUE(object == again[name]) << name;
    EXPECT_TRUE(object == backwards[name]) << name;
    EXPECT_TRUE(object == parallel[name]) << name;
  }
}

TEST_F(EmitKernelsTest, ProgramsForDevicesDoNotDependOnHistory) {
  for (StringRef target :
       {"x86-64-v2+opencl", "x86-64-v2+vulkan", "x86-64-v2+cuda-sm80"}) {
    auto make = [&](StringRef name) {
      std::string text = kDeviceKernel.str();
      replace(text, {{"NAME", name}, {"TARGET", target}});
      return text;
    };
    options.target = target.str();
    options.threads = 1;
    auto first = emitObjects(make("a") + make("b"));
    EXPECT_EQ(first.size(), 2u);
    // More of them than ten, so that numbers have other lengths and orders.
    std::string many;
    for (char name = 'c'; name < 'p'; ++name)
      many += make(StringRef(&name, 1));
    options.threads = 2;
    auto second = emitObjects(many + make("b") + make("a"));
    for (auto &[name, object] : first)
      EXPECT_TRUE(object == second[name]) << target.str() << " " << name;
  }
}

TEST_F(EmitKernelsTest, ResultsStandInTheOrderOfTheModule) {
  SmallVector<size_t> done;
  options.progress = [&](const EmittedKernel &, size_t number, size_t total) {
    EXPECT_EQ(total, 2u);
    done.push_back(number);
  };
  auto kernels = emit(makeKernel("b") + makeKernel("a"));
  ASSERT_EQ(kernels.size(), 2u);
  EXPECT_EQ(kernels[0].name, "b");
  EXPECT_EQ(kernels[1].name, "a");
  EXPECT_GT(kernels[0].textBytes, 0u);
  EXPECT_LT(kernels[0].textBytes, kernels[0].object.size());
  EXPECT_THAT(done, testing::ElementsAre(1, 2));
}

TEST_F(EmitKernelsTest, CacheGivesBackWhatWasCompiled) {
  options.cacheDirectory = (folder + "/new/cache").str();
  auto first = emit(makeKernel("a"));
  EXPECT_FALSE(first[0].cacheHit);
  EXPECT_EQ(listCache().size(), 1u);
  auto second = emit(makeKernel("a"));
  EXPECT_TRUE(second[0].cacheHit);
  EXPECT_TRUE(first[0].object == second[0].object);
  EXPECT_EQ(first[0].textBytes, second[0].textBytes);
  EXPECT_EQ(messages, "");
}

TEST_F(EmitKernelsTest, CacheTellsApartWhatBytesDependOn) {
  options.cacheDirectory = folder.str();
  emit(makeKernel("a"));
  EXPECT_FALSE(emit(makeKernel("b"))[0].cacheHit);
  // Another schedule.
  EXPECT_FALSE(emit(makeKernel("a", "8"))[0].cacheHit);
  // Other options.
  options.asserts = true;
  EXPECT_FALSE(emit(makeKernel("a"))[0].cacheHit);
  options.asserts = false;
  options.argvWrapper = true;
  EXPECT_FALSE(emit(makeKernel("a"))[0].cacheHit);
  options.argvWrapper = false;
  EXPECT_TRUE(emit(makeKernel("a"))[0].cacheHit);
  EXPECT_EQ(listCache().size(), 5u);
}

TEST_F(EmitKernelsTest, DamagedCacheFilesAreWrittenAnew) {
  options.cacheDirectory = folder.str();
  std::string object = emit(makeKernel("a"))[0].object;
  std::string file = listCache().front();
  uint64_t size;
  ASSERT_FALSE(llvm::sys::fs::file_size(file, size));
  // Cut off, empty, and with one other byte.
  for (StringRef damage : {"cut", "empty", "byte"}) {
    auto buffer = llvm::MemoryBuffer::getFile(file);
    std::string bytes = (*buffer)->getBuffer().str();
    if (damage == "cut")
      bytes.resize(bytes.size() / 2);
    else if (damage == "empty")
      bytes.clear();
    else
      bytes[bytes.size() / 2] ^= 1;
    std::error_code code;
    llvm::raw_fd_ostream(file, code) << bytes;
    ASSERT_FALSE(code);
    auto compiled = emit(makeKernel("a"));
    EXPECT_FALSE(compiled[0].cacheHit) << damage.str();
    EXPECT_TRUE(compiled[0].object == object) << damage.str();
    EXPECT_TRUE(emit(makeKernel("a"))[0].cacheHit) << damage.str();
  }
  EXPECT_EQ(messages, "");
}

TEST_F(EmitKernelsTest, CacheThatCannotBeUsedIsAWarning) {
  // A file stands where the folder should be.
  std::string file = (folder + "/file").str();
  std::error_code code;
  llvm::raw_fd_ostream(file, code) << "not a folder";
  ASSERT_FALSE(code);
  options.cacheDirectory = file + "/cache";
  EXPECT_EQ(emit(makeKernel("a")).size(), 1u);
  EXPECT_THAT(messages, AllOf(HasSubstr("compiled kernels are not kept"),
                              HasSubstr(options.cacheDirectory)));
}

TEST_F(EmitKernelsTest, CacheFileThatCannotBeWrittenIsAWarning) {
  options.cacheDirectory = folder.str();
  std::string object = emit(makeKernel("a"))[0].object;
  // A folder stands where the file should be.
  std::string file = listCache().front();
  ASSERT_FALSE(llvm::sys::fs::remove(file));
  ASSERT_FALSE(llvm::sys::fs::create_directories(file + "/full"));
  auto kernels = emit(makeKernel("a"));
  ASSERT_EQ(kernels.size(), 1u);
  EXPECT_FALSE(kernels[0].cacheHit);
  EXPECT_TRUE(kernels[0].object == object);
  EXPECT_THAT(messages, HasSubstr("the compiled kernel is not kept"));
}

TEST_F(EmitKernelsTest, ErrorsOfAllKernelsComeInOrder) {
  std::string wrong = makeKernel("a", "4 tail(round_up)") + makeKernel("b");
  for (StringRef name : {"c", "d"}) {
    std::string kernel = makeKernel(name);
    size_t at = kernel.find("vectorize \"out\" i");
    wrong += kernel.replace(at, 17, ("vectorize \"out\" " + name).str());
  }
  auto module = parseSourceString<ModuleOp>(wrong, &context);
  ASSERT_TRUE(module);
  EXPECT_TRUE(failed(emitKernels(*module, options)));
  size_t c = messages.find("names no loop of out: 'c'");
  size_t d = messages.find("names no loop of out: 'd'");
  EXPECT_NE(c, std::string::npos) << messages;
  EXPECT_NE(d, std::string::npos) << messages;
  EXPECT_LT(c, d);
}
