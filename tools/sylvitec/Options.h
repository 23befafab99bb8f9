//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The command line of sylvitec, read and checked as a whole.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_TOOLS_SYLVITEC_OPTIONS_H
#define SYLVITE_TOOLS_SYLVITEC_OPTIONS_H

#include "sylvite/Import/ONNX/ImportONNX.h"
#include "sylvite/Pipelines/CostReport.h"
#include "sylvite/Pipelines/DeviceModel.h"
#include "sylvite/Pipelines/FusionReport.h"
#include "sylvite/Pipelines/Phases.h"

#include <optional>
#include <string>
#include <vector>

namespace sylvite {

struct Options {
  /// A model folder, or a file of IR.
  std::string model;
  /// Of an ONNX model.
  OnnxOptions onnx;
  /// Path of the library without suffix; where a phase is stopped after, the
  /// file of its IR. Empty where that goes to the standard output.
  std::string output;
  /// A list as the user named it; empty for the file's targets, else native.
  std::string target;
  /// Empty for one made from `output`.
  std::string prefix;
  /// How weights of layers are stored; empty for as the model has them.
  std::string precision;
  /// Inputs to measure the error of quantised layers on, [FUNCTION=]FILE, and
  /// the error beyond which a layer is not quantised.
  std::string calibrate;
  double precisionLimit = 0;
  Phase startAt = Phase::Import, stopAfter = Phase::Package;

  bool emitObject = false, emitArchive = true;
  bool emitSharedLibrary = true, emitHeader = true;
  bool embedWeights = false;

  std::string dumpPhases, dumpSchedules, schedules;
  /// How to tell what was fused: in words and a table, as the table alone, or
  /// as YAML.
  enum class Explain { No, Text, Table, Yaml };
  Explain explainFusion = Explain::No;
  bool verifyFusion = false;
  std::vector<FusionExpectation> expectFused;
  /// What an earlier build fused, and where to write what this one does; empty
  /// for nowhere.
  std::string fusionManifest, writeFusionManifest;

  bool reportPrecision = false;
  bool reportCost = false;
  bool costJson = false;
  /// Nothing but reports is asked for.
  bool onlyReports = false;
  /// Where the report of costs goes; empty for where all reports go.
  std::string costFile;
  CostOptions cost;
  /// What kernels are judged for by the report.
  std::optional<DeviceModel> device;

  /// Where compiled kernels are kept; empty for nowhere.
  std::string cache;
  /// 0 for as many as the machine runs at once.
  unsigned threads = 0;
  bool timing = false, quiet = false;

  /// Whether the phase is part of the compilation. Reading the model always
  /// is.
  bool runs(Phase phase) const {
    return phase == Phase::Import || (phase >= startAt && phase <= stopAfter);
  }
  /// Whether the result is IR on the standard output.
  bool printsIR() const {
    return stopAfter != Phase::Package && output.empty() && !onlyReports;
  }
};

/// Reads the command line. Ends the program after --help and --version, and
/// where there is no such option.
llvm::Expected<Options> parseOptions(int argc, char **argv);

} // namespace sylvite

#endif // SYLVITE_TOOLS_SYLVITEC_OPTIONS_H
