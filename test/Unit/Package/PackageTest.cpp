//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A library from host program to call. The model is one function,
///
///   ids i64 [n, 4] in [0, 3)  ->  out f32 [n, 2] = table[ids[:, 0]]
///
/// with table [3, 2] as its weights. Its kernel is written in LLVM IR, so that
/// nothing of Halide but its runtime is needed.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Package/Package.h"
#include "TempFolder.h"

#include "sylvite/Emit/Host/EmitObject.h"
#include "sylvite/Emit/Host/HostModule.h"
#include "sylvite/Emit/Host/Symbols.h"
#include "sylvite/Emit/Host/WeightList.h"
#include "sylvite/Package/PackWeights.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Parser/Parser.h"
#include "sylvite/Dialect/Graph/GraphDialect.h"
#include "llvm/AsmParser/Parser.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/Object/Archive.h"
#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Support/SourceMgr.h"
#include <dlfcn.h>
#include <gtest/gtest.h>

#include <map>

using namespace sylvite;
using namespace llvm;

static const char *modelText = R"mlir(
module attributes {sylvite.target = "x86-64-v2"} {
  halide.pipeline @lookup(%ids: !halide.buffer<4x?xi64>,
                          %table: !halide.buffer<2x3xf32>)
      -> !halide.buffer<2x?xf32> {
    %zero = arith.constant 0 : i32
    %out = halide.func "out"(i = %i, m = %m) : f32 {
      %id = halide.load %ids[%zero, %m] : !halide.buffer<4x?xi64>
      %row = arith.trunci %id : i64 to i32
      %a = halide.load %table[%i, %row] : !halide.buffer<2x3xf32>
      halide.yield %a : f32
    }
    halide.output %out : !halide.func<2xf32>
  }
  func.func @run(%ids: tensor<?x4xi64> {graph.dims = ["n", ""],
                                        graph.name = "ids",
                                        graph.range = [0, 3]})
      -> (tensor<?x2xf32> {graph.dims = ["n", ""], graph.name = "out"}) {
    %c0 = arith.constant 0 : index
    %n = tensor.dim %ids, %c0 : tensor<?x4xi64>
    %table = halide.weight ["table"] : tensor<3x2xf32>
    %to = tensor.empty(%n) : tensor<?x2xf32>
    %out = halide.invoke @lookup
        ins(%ids, %table : tensor<?x4xi64>, tensor<3x2xf32>)
        outs(%to : tensor<?x2xf32>) -> tensor<?x2xf32>
    return %out : tensor<?x2xf32>
  }
}
)mlir";

// halide_buffer_t: host is field 2, dim field 6; halide_dimension_t: extent is
// field 1. A negative first id asks for a failure.
static const char *kernelText = R"llvm(
%dimension = type { i32, i32, i32, i32 }
%buffer = type { i64, ptr, ptr, i64, i32, i32, ptr, ptr }
@message = private constant [10 x i8] c"bad luck\0A\00"
declare void @halide_error(ptr, ptr)

define i32 @lookup(ptr %user, ptr %ids, ptr %table, ptr %out) {
entry:
  %ids.host.at = getelementptr %buffer, ptr %ids, i32 0, i32 2
  %ids.host = load ptr, ptr %ids.host.at
  %table.host.at = getelementptr %buffer, ptr %table, i32 0, i32 2
  %table.host = load ptr, ptr %table.host.at
  %out.host.at = getelementptr %buffer, ptr %out, i32 0, i32 2
  %out.host = load ptr, ptr %out.host.at
  %dims.at = getelementptr %buffer, ptr %ids, i32 0, i32 6
  %dims = load ptr, ptr %dims.at
  %n.at = getelementptr %dimension, ptr %dims, i32 1, i32 1
  %n = load i32, ptr %n.at
  %lucky = icmp ne i32 %n, 13
  br i1 %lucky, label %loop, label %fail
loop:
  %m = phi i32 [ 0, %entry ], [ %next, %loop ]
  %id.index = mul i32 %m, 4
  %id.at = getelementptr i64, ptr %ids.host, i32 %id.index
  %id = load i64, ptr %id.at
  %row.at = getelementptr i64, ptr %table.host, i64 %id
  %row = load i64, ptr %row.at, align 4
  %to = getelementptr i64, ptr %out.host, i32 %m
  store i64 %row, ptr %to, align 4
  %next = add i32 %m, 1
  %more = icmp slt i32 %next, %n
  br i1 %more, label %loop, label %done
done:
  ret i32 0
fail:
  call void @halide_error(ptr %user, ptr @message)
  ret i32 -22
}
)llvm";

namespace {

/// Compiles the model once for each test; tests package it as they like.
class Package : public testing::Test {
protected:
  void SetUp() override;

  /// Packages the model as `name` in the folder.
  Expected<std::vector<PackagedFile>> package(StringRef name,
                                              PackageOptions options = {}) {
    options.path = folder.getPath(name);
    options.runtime = SYLVITE_RUNTIME;
    return writePackage(input, options);
  }

  /// The model behind the host phase.
  mlir::OwningOpRef<mlir::ModuleOp> lower(StringRef target, bool variant);

  TempFolder folder;
  mlir::MLIRContext context;
  std::unique_ptr<MemoryBuffer> host, kernel;
  std::optional<WeightStore> store;
  PackageInput input;
};

/// The public functions of a loaded library.
class Library {
public:
  explicit Library(const std::string &path)
      : handle(dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL)) {}
  ~Library() {
    if (handle)
      dlclose(handle);
  }
  explicit operator bool() const { return handle; }

  template <typename Function>
  Function *get(const char *name) {
    return reinterpret_cast<Function *>(dlsym(handle, name));
  }

private:
  void *handle;
};

struct Opaque;

} // namespace

static std::unique_ptr<MemoryBuffer> compileKernel() {
  LLVMContext llvmContext;
  SMDiagnostic error;
  std::unique_ptr<Module> module =
      parseAssemblyString(kernelText, error, llvmContext);
  EXPECT_TRUE(module) << error.getMessage().str();
  return cantFail(emitObject(*module));
}

mlir::OwningOpRef<mlir::ModuleOp> Package::lower(StringRef target,
                                                 bool variant) {
  auto module = mlir::parseSourceString<mlir::ModuleOp>(modelText, &context);
  EXPECT_TRUE(module);
  (*module)->setAttr("sylvite.target", mlir::StringAttr::get(&context, target));
  mlir::PassManager passes(&context);
  populateHostPipeline(passes, {"tiny", variant});
  EXPECT_TRUE(succeeded(passes.run(*module)));
  return module;
}

void Package::SetUp() {
  auto layout = SafeTensorsLayout::create({{"table", DType::F32, {3, 2}}});
  ASSERT_TRUE(bool(layout));
  Error error = writeSafeTensorsFile(
      folder.getPath("source"), *layout, [](size_t, raw_ostream &os) {
        const float table[] = {1, 2, 3, 4, 5, 6};
        os.write(reinterpret_cast<const char *>(table), sizeof table);
        return Error::success();
      });
  ASSERT_FALSE(bool(error)) << toString(std::move(error));
  auto opened = WeightStore::open({folder.getPath("source")});
  ASSERT_TRUE(bool(opened)) << toString(opened.takeError());
  store.emplace(std::move(*opened));

  context.loadDialect<graph::GraphDialect, halide::HalideDialect,
                      mlir::arith::ArithDialect, mlir::func::FuncDialect,
                      mlir::tensor::TensorDialect>();
  auto module = lower("x86-64-v2", /*variant=*/false);
  ASSERT_TRUE(module);
  auto interface = getInterface(*module);
  ASSERT_TRUE(succeeded(interface));
  auto object = emitHost(*module);
  ASSERT_TRUE(succeeded(object));
  host = std::move(*object);
  kernel = compileKernel();
  auto weights = getPackedWeights(*module, *store);
  ASSERT_TRUE(succeeded(weights));
  input = {*interface, {*host, *kernel}, {}, std::move(*weights)};
}

/// Names of the symbols that a library or an object defines for others.
static std::set<std::string> getGlobals(const std::string &path, bool dynamic) {
  std::set<std::string> names;
  auto binary = object::ObjectFile::createObjectFile(path);
  EXPECT_TRUE(bool(binary));
  auto &object = cast<object::ELFObjectFileBase>(*binary->getBinary());
  auto add = [&](object::ELFSymbolRef symbol) {
    uint32_t flags = cantFail(symbol.getFlags());
    if (symbol.getBinding() != ELF::STB_LOCAL &&
        !(flags & object::SymbolRef::SF_Undefined))
      names.insert(cantFail(symbol.getName()).str());
  };
  if (dynamic)
    for (object::ELFSymbolRef symbol : object.getDynamicSymbolIterators())
      add(symbol);
  else
    for (object::ELFSymbolRef symbol : object.symbols())
      add(symbol);
  return names;
}

/// Opens the library and looks up two ids.
static void checkRuns(const std::string &path) {
  Library library(path);
  ASSERT_TRUE(bool(library)) << dlerror();
  auto *open = library.get<int(const char *, Opaque **)>("tiny_open");
  auto *close = library.get<void(Opaque *)>("tiny_close");
  auto *create = library.get<int(Opaque *, Opaque **)>("tiny_context_create");
  auto *destroy = library.get<void(Opaque *)>("tiny_context_destroy");
  auto *lastError = library.get<const char *(Opaque *)>("tiny_last_error");
  auto *arenaBytes = library.get<uint64_t(int64_t)>("tiny_run_arena_bytes");
  auto *run =
      library.get<int(Opaque *, int64_t, const int64_t *, float *)>("tiny_run");
  ASSERT_TRUE(open && close && create && destroy && lastError && arenaBytes &&
              run);

  Opaque *model = nullptr, *context = nullptr;
  ASSERT_EQ(open(nullptr, &model), 0) << lastError(nullptr);
  ASSERT_EQ(create(model, &context), 0);
  int64_t ids[52] = {2, 9, 9, 9, 0, 9, 9, 9};
  // Only the first column is looked up, and all are checked.
  EXPECT_EQ(run(context, 2, ids, nullptr), 4);
  EXPECT_STREQ(lastError(context), "ids[0, 1] = 9 is outside [0, 3)");
  for (int64_t &id : ids)
    id = id == 9 ? 1 : id;
  float out[26] = {};
  ASSERT_EQ(run(context, 2, ids, out), 0) << lastError(context);
  EXPECT_EQ(std::vector<float>(out, out + 4), (std::vector<float>{5, 6, 1, 2}));
  // A kernel's failure comes back with its own words.
  EXPECT_EQ(run(context, 13, ids, out), 12);
  EXPECT_STREQ(lastError(context), "bad luck");
  EXPECT_EQ(arenaBytes(2), 0u);
  EXPECT_EQ(arenaBytes(int64_t(1) << 29), UINT64_MAX);
  EXPECT_EQ(run(context, int64_t(1) << 30, ids, out), 6);
  destroy(context);
  close(model);
}

TEST_F(Package, MakesALibraryThatRuns) {
  auto files = package("tiny");
  ASSERT_TRUE(bool(files)) << toString(files.takeError());
  EXPECT_EQ(folder.list(),
            (std::set<std::string>{"source", "tiny.a", "tiny.h",
                                   "tiny.safetensors", "tiny.so"}));
  ASSERT_EQ(files->size(), 4u);
  for (const PackagedFile &file : *files)
    EXPECT_EQ(file.bytes,
              MemoryBuffer::getFile(file.path)->get()->getBufferSize());
  checkRuns(folder.getPath("tiny.so"));
}

TEST_F(Package, EmbedsWeights) {
  PackageOptions options;
  options.embedWeights = true;
  auto files = package("tiny", options);
  ASSERT_TRUE(bool(files)) << toString(files.takeError());
  EXPECT_FALSE(folder.list().count("tiny.safetensors"));
  checkRuns(folder.getPath("tiny.so"));
}

TEST_F(Package, ExportsOnlyPublicNames) {
  PackageOptions options;
  options.emitObject = true;
  options.embedWeights = true;
  auto files = package("tiny", options);
  ASSERT_TRUE(bool(files)) << toString(files.takeError());
  std::vector<std::string> names = getPublicNames(input.interface);
  std::set<std::string> expected(names.begin(), names.end());
  EXPECT_EQ(getGlobals(folder.getPath("tiny.o"), /*dynamic=*/false), expected);
  EXPECT_EQ(getGlobals(folder.getPath("tiny.so"), /*dynamic=*/true), expected);
}

TEST_F(Package, TargetsMayShareNames) {
  // The same program and the same kernel, as if for two targets.
  std::vector<ModelInterface> interfaces;
  std::vector<std::unique_ptr<MemoryBuffer>> hosts;
  input.variants.clear();
  for (StringRef target : {"x86-64-v2", "zen4"}) {
    auto module = lower(target, /*variant=*/true);
    auto interface = getInterface(*module);
    auto object = emitHost(*module);
    ASSERT_TRUE(succeeded(interface) && succeeded(object));
    interfaces.push_back(*interface);
    hosts.push_back(std::move(*object));
    input.variants.push_back(
        {{*hosts.back(), *kernel}, getDescriptorName("tiny", target)});
  }
  input.interface = cantFail(mergeInterfaces(interfaces));
  auto entryPoints = emitEntryPoints(&context, input.interface);
  ASSERT_TRUE(succeeded(entryPoints));
  input.objects = {**entryPoints};
  PackageOptions options;
  options.emitObject = true;
  auto files = package("tiny", options);
  ASSERT_TRUE(bool(files)) << toString(files.takeError());
  checkRuns(folder.getPath("tiny.so"));
  std::vector<std::string> names = getPublicNames(input.interface);
  std::set<std::string> expected(names.begin(), names.end());
  EXPECT_EQ(getGlobals(folder.getPath("tiny.o"), /*dynamic=*/false), expected);

  // Each of them can be chosen.
  Library library(folder.getPath("tiny.so"));
  auto *open = library.get<int(const char *, const char *, Opaque **)>(
      "tiny_open_target");
  auto *target = library.get<const char *(Opaque *)>("tiny_target");
  auto *close = library.get<void(Opaque *)>("tiny_close");
  Opaque *model = nullptr;
  ASSERT_EQ(open(nullptr, "x86-64-v2", &model), 0);
  EXPECT_STREQ(target(model), "x86-64-v2");
  close(model);
  EXPECT_EQ(open(nullptr, "x86-64-v3", &model), 13);
}

TEST_F(Package, IsTheSameEachTime) {
  PackageOptions options;
  options.emitObject = true;
  ASSERT_TRUE(bool(package("tiny", options)));
  std::map<std::string, std::string> first;
  for (const std::string &name : folder.list())
    first[name] = folder.read(name);
  ASSERT_TRUE(bool(package("tiny", options)));
  for (const auto &[name, bytes] : first)
    EXPECT_TRUE(folder.read(name) == bytes) << name;
}

TEST_F(Package, TheArchiveHoldsTheObject) {
  PackageOptions options;
  options.emitObject = true;
  ASSERT_TRUE(bool(package("tiny", options)));
  auto buffer = MemoryBuffer::getFile(folder.getPath("tiny.a"));
  auto archive = object::Archive::create(**buffer);
  ASSERT_TRUE(bool(archive)) << toString(archive.takeError());
  Error error = Error::success();
  unsigned members = 0;
  for (const object::Archive::Child &child : (*archive)->children(error)) {
    ++members;
    EXPECT_TRUE(cantFail(child.getBuffer()) == folder.read("tiny.o"));
    EXPECT_EQ(cantFail(child.getLastModified()).time_since_epoch().count(), 0);
  }
  EXPECT_FALSE(errorToBool(std::move(error)));
  EXPECT_EQ(members, 1u);
  EXPECT_TRUE(cantFail((*archive)->findSym("tiny_run")).has_value());
}

TEST_F(Package, WeightsOfAnotherLibraryAreRefused) {
  ASSERT_TRUE(bool(package("tiny")));
  std::string path = folder.getPath("tiny.safetensors");
  std::string bytes = folder.read("tiny.safetensors");
  size_t hash = bytes.find("\"sylvite.hash\":\"");
  ASSERT_NE(hash, std::string::npos);
  bytes[hash + 20] ^= 1;
  folder.write("other.safetensors", bytes);
  Library library(folder.getPath("tiny.so"));
  ASSERT_TRUE(bool(library)) << dlerror();
  auto *open = library.get<int(const char *, Opaque **)>("tiny_open");
  Opaque *model = nullptr;
  EXPECT_EQ(open(folder.getPath("other.safetensors").c_str(), &model), 10);
  EXPECT_EQ(open(path.c_str(), &model), 0);
  library.get<void(Opaque *)>("tiny_close")(model);
}

TEST_F(Package, AnotherWeightMakesAnotherHash) {
  ASSERT_TRUE(bool(package("tiny")));
  std::string first = folder.read("tiny.safetensors");
  auto write = input.weights->write;
  input.weights->write = [write](size_t tensor, raw_ostream &os) {
    std::string bytes;
    raw_string_ostream text(bytes);
    Error error = write(tensor, text);
    bytes[3] ^= 1;
    os << bytes;
    return error;
  };
  ASSERT_TRUE(bool(package("tiny")));
  auto getHash = [](const std::string &bytes) {
    return bytes.substr(bytes.find("\"sylvite.hash\":\"") + 16, 32);
  };
  EXPECT_NE(getHash(folder.read("tiny.safetensors")), getHash(first));
}

TEST_F(Package, AFailureLeavesNothing) {
  auto expectFailure = [&](StringRef name, const std::string &message,
                           PackageOptions options = {}) {
    std::set<std::string> before = folder.list();
    auto files = package(name, options);
    ASSERT_FALSE(bool(files));
    std::string text = toString(files.takeError());
    EXPECT_NE(text.find(message), std::string::npos) << text;
    EXPECT_EQ(folder.list(), before);
  };
  expectFailure("none/tiny",
                "none/tiny.safetensors: cannot be written: No such");

  ASSERT_FALSE(sys::fs::create_directory(folder.getPath("tiny.h")));
  expectFailure("tiny", "tiny.h: is a folder, not a file to write");
  sys::fs::remove(folder.getPath("tiny.h"));

  // A weight that cannot be produced.
  auto write = input.weights->write;
  input.weights->write = [](size_t, raw_ostream &) {
    return createStringError("no such weight");
  };
  expectFailure("tiny", "tiny.safetensors: no such weight");
  input.weights->write = write;

  // A kernel that is missing: the linker's words.
  std::vector<MemoryBufferRef> objects = input.objects;
  input.objects.pop_back();
  expectFailure("tiny", "undefined symbol: lookup");
  input.objects = objects;

  PackageOptions options;
  options.linker = folder.getPath("no-linker");
  expectFailure("tiny", "no-linker failed: ", options);

  input.interface.prefix = "7up";
  expectFailure("tiny", "'7up' cannot begin names in C");
}
