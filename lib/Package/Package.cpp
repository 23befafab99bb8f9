//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// From objects to a library.
///
/// The steps: write the weights, because the library must know their hash; link
/// all objects and the runtime into one relocatable object; make every symbol
/// local but the public names; from that one object make the archive and the
/// shared library. So all three forms hold the same code, and a program may
/// link two models.
///
/// Of several targets each is linked and made local by itself before that, but
/// for its descriptor: kernels for different targets may have the same name.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Package/Package.h"
#include "Header.h"
#include "Linker.h"
#include "LocalizeSymbols.h"
#include "Weights.h"

#include "sylvite/Emit/Host/Symbols.h"
#include "sylvite/Support/CIdentifier.h"
#include "sylvite/Support/FileTransaction.h"
#include "sylvite/Support/Target.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Object/ArchiveWriter.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/Path.h"

#include <deque>

using namespace sylvite;
using namespace llvm;
namespace fs = llvm::sys::fs;

//===----------------------------------------------------------------------===//
// Intermediate files
//===----------------------------------------------------------------------===//

namespace {

/// Files that exist while the package is made, in the system's temporary
/// folder.
class Intermediates {
public:
  /// Makes an empty file and returns its path.
  Expected<std::string> add(StringRef suffix);

  /// Makes a file with these bytes.
  Expected<std::string> add(StringRef suffix, StringRef bytes);

private:
  std::deque<FileRemover> removers;
};

} // namespace

Expected<std::string> Intermediates::add(StringRef suffix) {
  SmallString<128> path;
  if (std::error_code code = fs::createTemporaryFile("sylvite", suffix, path))
    return createStringError("cannot make a temporary file: " + code.message());
  removers.emplace_back(path);
  return std::string(path);
}

/// Closes `os` and returns what went wrong while it was written.
static Error finish(raw_fd_ostream &os, StringRef path) {
  os.flush();
  std::error_code code = os.error();
  os.clear_error();
  return code ? makeFileError(path, "cannot be written: " + code.message())
              : Error::success();
}

Expected<std::string> Intermediates::add(StringRef suffix, StringRef bytes) {
  Expected<std::string> path = add(suffix);
  if (!path)
    return path;
  std::error_code code;
  raw_fd_ostream os(*path, code);
  if (code)
    return makeFileError(*path, "cannot be written: " + code.message());
  os << bytes;
  if (Error error = finish(os, *path))
    return std::move(error);
  return path;
}

//===----------------------------------------------------------------------===//
// Steps
//===----------------------------------------------------------------------===//

namespace {

/// One run of the phase.
class Packager {
public:
  Packager(const PackageInput &input, const PackageOptions &options)
      : input(input), options(options) {}

  Expected<std::vector<PackagedFile>> run();

private:
  bool needsCode() const {
    return options.emitObject || options.emitArchive ||
           options.emitSharedLibrary;
  }
  std::string getPath(StringRef suffix) const {
    return options.path + suffix.str();
  }
  /// Path of an output file under its temporary name.
  Expected<std::string> addOutput(StringRef suffix);

  Error check() const;
  Expected<std::string> findRuntime() const;
  Error writeWeights();
  /// Links objects to a relocatable one, in which only `global` is global.
  Error linkRelocatable(ArrayRef<std::string> objects,
                        ArrayRef<std::string> global,
                        SmallVectorImpl<char> &linked);
  Error addVariant(const PackagedVariant &variant);
  Error linkObjects();
  Error writeObject();
  Error writeArchive();
  Error writeSharedLibrary();
  Error writeHeader();

  const PackageInput &input;
  const PackageOptions &options;
  FileTransaction files;
  Intermediates intermediates;
  std::vector<std::string> outputs;
  /// What is linked: objects first, then weights and the runtime.
  std::vector<std::string> objects;
  /// The relocatable object with local symbols.
  SmallVector<char, 0> linked;
};

} // namespace

Error Packager::check() const {
  const std::string &prefix = input.interface.prefix;
  if (!isCIdentifier(prefix))
    return createStringError("'" + prefix +
                             "' cannot begin names in C; choose another name "
                             "for the library");
  if (sys::path::filename(options.path).empty())
    return makeFileError(options.path,
                         "names a folder; add the library's name");
  return Error::success();
}

/// The runtime with what reaches the devices of the targets.
static std::string getRuntimeName(const ModelInterface &interface) {
  std::optional<Device::Api> api;
  for (const VariantInfo &variant : interface.variants) {
    Expected<const Target &> target = getTarget(variant.target);
    if (!target) {
      consumeError(target.takeError());
      continue;
    }
    if (!target->device)
      continue;
    if (api && *api != target->device->api)
      return "runtime-all.o";
    api = target->device->api;
  }
  return api ? "runtime-" + getApiName(*api).str() + ".o" : "runtime.o";
}

Expected<std::string> Packager::findRuntime() const {
  SmallString<256> path(options.runtime);
  if (path.empty()) {
    // The address of any function of this program finds it on every system.
    static const int inThisProgram = 0;
    path = fs::getMainExecutable(nullptr, const_cast<int *>(&inThisProgram));
    sys::path::remove_filename(path);
    sys::path::append(path, "..", "lib", "sylvite",
                      getRuntimeName(input.interface));
  }
  if (!fs::exists(path))
    return makeFileError(path, "the runtime of compiled models is missing; "
                               "build or install Sylvite again");
  return std::string(path);
}

Expected<std::string> Packager::addOutput(StringRef suffix) {
  outputs.push_back(getPath(suffix));
  return files.addFile(outputs.back());
}

Error Packager::writeWeights() {
  WeightsRecord record;
  std::string path = getPath(".safetensors");
  record.fileName = sys::path::filename(path);
  if (input.weights && options.embedWeights) {
    Expected<std::string> object = intermediates.add("o");
    if (!object)
      return object.takeError();
    std::error_code code;
    raw_fd_ostream os(*object, code);
    Error error = writeWeightsObject(
        *input.weights, getWeightDataName(input.interface.prefix), os, record);
    if ((error = joinErrors(std::move(error), finish(os, *object))))
      return error;
    objects.push_back(*object);
  } else if (input.weights) {
    outputs.push_back(path);
    Expected<raw_fd_ostream &> os = files.addStream(path);
    if (!os)
      return os.takeError();
    if (Error error = writeWeightsFile(*input.weights, *os, record))
      return makeFileError(path, toString(std::move(error)));
  }
  if (!needsCode())
    return Error::success();
  Expected<std::unique_ptr<MemoryBuffer>> object =
      emitWeightsRecord(input.interface.prefix, record);
  if (!object)
    return object.takeError();
  Expected<std::string> file = intermediates.add("o", (*object)->getBuffer());
  if (!file)
    return file.takeError();
  objects.push_back(*file);
  return Error::success();
}

Error Packager::linkRelocatable(ArrayRef<std::string> objects,
                                ArrayRef<std::string> global,
                                SmallVectorImpl<char> &linked) {
  Expected<std::string> output = intermediates.add("o");
  if (!output)
    return output.takeError();
  // Section groups would be merged between two models in one program, and the
  // symbols of the one that is dropped are local.
  std::vector<std::string> arguments = {"-r", "--force-group-allocation", "-o",
                                        *output};
  append_range(arguments, objects);
  if (Error error = runLinker(options.linker, arguments))
    return error;

  auto buffer = MemoryBuffer::getFile(*output, /*IsText=*/false,
                                      /*RequiresNullTerminator=*/false);
  if (!buffer)
    return makeFileError(*output, buffer.getError().message());
  raw_svector_ostream os(linked);
  return localizeSymbols(**buffer, global, os);
}

/// Files that hold these objects.
static Error addFiles(ArrayRef<MemoryBufferRef> buffers,
                      Intermediates &intermediates,
                      std::vector<std::string> &files) {
  for (MemoryBufferRef object : buffers) {
    Expected<std::string> file = intermediates.add("o", object.getBuffer());
    if (!file)
      return file.takeError();
    files.push_back(*file);
  }
  return Error::success();
}

Error Packager::addVariant(const PackagedVariant &variant) {
  std::vector<std::string> files;
  if (Error error = addFiles(variant.objects, intermediates, files))
    return error;
  SmallVector<char, 0> object;
  if (Error error = linkRelocatable(files, variant.descriptor, object))
    return error;
  MemoryBufferRef buffer(StringRef(object.data(), object.size()), "variant");
  return addFiles(buffer, intermediates, objects);
}

Error Packager::linkObjects() {
  Expected<std::string> runtime = findRuntime();
  if (!runtime)
    return runtime.takeError();
  for (const PackagedVariant &variant : input.variants)
    if (Error error = addVariant(variant))
      return error;
  std::vector<std::string> files;
  if (Error error = addFiles(input.objects, intermediates, files))
    return error;
  append_range(files, objects);
  files.push_back(*runtime);
  return linkRelocatable(files, getPublicNames(input.interface), linked);
}

Error Packager::writeObject() {
  outputs.push_back(getPath(".o"));
  Expected<raw_fd_ostream &> os = files.addStream(outputs.back());
  if (!os)
    return os.takeError();
  *os << StringRef(linked.data(), linked.size());
  return Error::success();
}

Error Packager::writeArchive() {
  outputs.push_back(getPath(".a"));
  Expected<raw_fd_ostream &> os = files.addStream(outputs.back());
  if (!os)
    return os.takeError();
  std::string member = input.interface.prefix + ".o";
  NewArchiveMember object(
      MemoryBufferRef(StringRef(linked.data(), linked.size()), member));
  return writeArchiveToStream(*os, object, SymtabWritingMode::NormalSymtab,
                              object::Archive::K_GNU, /*Deterministic=*/true,
                              /*Thin=*/false);
}

Error Packager::writeSharedLibrary() {
  Expected<std::string> object =
      intermediates.add("o", StringRef(linked.data(), linked.size()));
  if (!object)
    return object.takeError();
  Expected<std::vector<std::string>> libraries = findCLibraries();
  if (!libraries)
    return libraries.takeError();
  Expected<std::string> output = addOutput(".so");
  if (!output)
    return output.takeError();
  std::vector<std::string> arguments = {
      "-shared", "-o", *output, *object, "-soname",
      sys::path::filename(getPath(".so")).str(),
      // What is missing must be found now and not when a user loads it.
      "--no-undefined", "--gc-sections", "--strip-all", "--hash-style=gnu",
      "--build-id=none", "-z", "relro", "-z", "now", "-z", "noexecstack",
      "--as-needed"};
  append_range(arguments, *libraries);
  return runLinker(options.linker, arguments);
}

Error Packager::writeHeader() {
  outputs.push_back(getPath(".h"));
  Expected<raw_fd_ostream &> os = files.addStream(outputs.back());
  if (!os)
    return os.takeError();
  std::string weights;
  if (input.weights && !options.embedWeights)
    weights = sys::path::filename(getPath(".safetensors"));
  printHeader(input.interface, weights, *os);
  return Error::success();
}

Expected<std::vector<PackagedFile>> Packager::run() {
  if (Error error = check())
    return std::move(error);
  auto step = [&](bool wanted, Error (Packager::*write)()) {
    return wanted ? (this->*write)() : Error::success();
  };
  if (Error error = step(true, &Packager::writeWeights))
    return std::move(error);
  if (Error error = step(needsCode(), &Packager::linkObjects))
    return std::move(error);
  if (Error error =
          step(options.emitSharedLibrary, &Packager::writeSharedLibrary))
    return std::move(error);
  if (Error error = step(options.emitArchive, &Packager::writeArchive))
    return std::move(error);
  if (Error error = step(options.emitObject, &Packager::writeObject))
    return std::move(error);
  if (Error error = step(options.emitHeader, &Packager::writeHeader))
    return std::move(error);
  if (Error error = files.commit())
    return std::move(error);

  std::vector<PackagedFile> packaged;
  for (const std::string &path : outputs) {
    uint64_t bytes = 0;
    if (std::error_code code = fs::file_size(path, bytes))
      return makeFileError(path, code.message());
    packaged.push_back({path, bytes});
  }
  return packaged;
}

Expected<std::vector<PackagedFile>>
sylvite::writePackage(const PackageInput &input,
                      const PackageOptions &options) {
  return Packager(input, options).run();
}
