//===- Importer.h - The import of one model ---------------------*- C++ -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What the importers of operators work with. An operator is imported by a
/// function
///
///     LogicalResult importSoftmax(Node &node);
///
/// in the file of its family, which lists it in a table (Operators.h). It reads
/// operands and attributes from the node, writes ops through `node.ops`, and
/// sets the results. What it cannot do it says by `node.unsupported`, and the
/// import goes on, so that one message lists all of it; what is no valid model
/// it says by `node.invalid`.
///
/// A value of the model is a tensor of the graph, or known when compiled
/// (KnownTensor.h), or both: a tensor is written only when an operator asks for
/// it.
///
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_LIB_IMPORT_ONNX_IMPORTER_H
#define SYLVITE_LIB_IMPORT_ONNX_IMPORTER_H

#include "GraphWriter.h"
#include "KnownTensor.h"
#include "onnx.pb.h"
#include "sylvite/Import/ONNX/ImportONNX.h"
#include "sylvite/Import/ONNX/OnnxWeightFile.h"
#include "llvm/ADT/StringSet.h"

namespace sylvite {

class Importer;

using OnnxNodes = google::protobuf::RepeatedPtrField<onnx::NodeProto>;

/// A value of the model.
struct OnnxValue {
  mlir::Value tensor;
  std::shared_ptr<const KnownTensor> known;
  /// Its element type as ONNX numbers it: two types of less than 8 bits are one
  /// in the graph.
  int32_t onnxType = 0;
  /// Made by an operator that is not supported: its users are passed over.
  bool poisoned = false;
};

/// Values by their names; those of graphs around are visible.
struct OnnxScope {
  OnnxScope *parent = nullptr;
  llvm::StringMap<OnnxValue> values;

  OnnxValue *lookup(llvm::StringRef name);
};

/// What nodes are imported in: the model's graph, or a function's body.
struct OnnxFrame {
  /// Versions of operator sets by domain.
  llvm::StringMap<int64_t> opsets;
  /// Attributes that nodes of a function's body refer to.
  llvm::StringMap<const onnx::AttributeProto *> attributes;
  /// In front of locations: the calls that led here.
  std::string path;
  unsigned depth = 0;
};

/// A node that is being imported.
class Node {
public:
  Node(Importer &importer, const onnx::NodeProto &proto, OnnxFrame &frame,
       OnnxScope &scope, mlir::Location loc, int64_t version);

  /// Writes ops at the node's location.
  GraphWriter ops;

  Importer &getImporter() { return importer; }
  OnnxFrame &getFrame() { return frame; }
  OnnxScope &getScope() { return scope; }
  const onnx::NodeProto &getProto() const { return proto; }
  llvm::StringRef getType() const { return proto.op_type(); }
  /// The version of the operator set that the model asks for.
  int64_t getVersion() const { return version; }
  mlir::MLIRContext *getContext() { return ops.getContext(); }

  //===--- Operands -------------------------------------------------------===//

  unsigned getNumInputs() const { return proto.input_size(); }
  /// Is there such an operand?
  bool has(unsigned i) const;
  /// The operand as a tensor. Null where there is none.
  mlir::Value get(unsigned i);
  /// All operands from the given one on.
  llvm::SmallVector<mlir::Value> getAll(unsigned first = 0);
  /// What is known of the operand, or null.
  const KnownTensor *getKnown(unsigned i);
  /// Its type, also where no tensor has been written.
  Dims getDims(unsigned i);
  mlir::Type getElement(unsigned i);
  int32_t getOnnxType(unsigned i);
  int64_t getRank(unsigned i) { return getDims(i).size(); }
  /// An operand that must be known; an error that says what decides it
  /// otherwise. `what` is its role: "the shape".
  mlir::FailureOr<llvm::SmallVector<SymInt>> getSymInts(unsigned i,
                                                        llvm::StringRef what);
  mlir::FailureOr<llvm::SmallVector<int64_t>> getIntegers(unsigned i,
                                                          llvm::StringRef what);
  mlir::FailureOr<double> getNumber(unsigned i, llvm::StringRef what);

  //===--- Attributes -----------------------------------------------------===//

  /// The attribute, with references resolved, or null. Those that nobody asks
  /// for are reported, and so is one of another type than the given one.
  const onnx::AttributeProto *
  getAttribute(llvm::StringRef name, onnx::AttributeProto::AttributeType type =
                                         onnx::AttributeProto::UNDEFINED);
  bool hasAttribute(llvm::StringRef name) { return getAttribute(name); }
  int64_t getInt(llvm::StringRef name, int64_t otherwise);
  double getFloat(llvm::StringRef name, double otherwise);
  std::string getString(llvm::StringRef name, llvm::StringRef otherwise);
  std::optional<llvm::SmallVector<int64_t>> getInts(llvm::StringRef name);
  std::optional<llvm::SmallVector<std::string>>
  getStrings(llvm::StringRef name);
  std::optional<llvm::SmallVector<double>> getFloats(llvm::StringRef name);
  const onnx::TensorProto *getTensor(llvm::StringRef name);
  const onnx::GraphProto *getGraph(llvm::StringRef name);
  /// Marks attributes that change nothing.
  void ignore(llvm::ArrayRef<llvm::StringRef> names);
  /// The attribute `axis`, of the first operand's or those of a result's rank;
  /// a failure also where an operand that was asked for cannot be had.
  mlir::FailureOr<int64_t> getAxis(int64_t otherwise);
  mlir::FailureOr<int64_t> getAxis(int64_t otherwise, int64_t rank);
  /// An axis, counted from the end where it is negative.
  mlir::FailureOr<int64_t> checkAxis(int64_t axis, int64_t rank);
  /// The same of several.
  mlir::FailureOr<llvm::SmallVector<int64_t>>
  checkAxes(llvm::ArrayRef<int64_t> axes, int64_t rank);
  /// Axes as an attribute or, in later versions, as an operand.
  mlir::FailureOr<std::optional<llvm::SmallVector<int64_t>>>
  getAxes(unsigned operand, int64_t rank);

  //===--- Results --------------------------------------------------------===//

  unsigned getNumOutputs() const { return proto.output_size(); }
  /// Does anybody ask for that result?
  bool wants(unsigned i) const;
  /// Null gives a failure.
  llvm::LogicalResult set(unsigned i, mlir::Value tensor, int32_t onnxType = 0);
  llvm::LogicalResult set(mlir::Value tensor) { return set(0, tensor); }
  llvm::LogicalResult setKnown(unsigned i, KnownTensor known,
                               int32_t onnxType = 0);
  llvm::LogicalResult setValue(unsigned i, const OnnxValue &value);

  //===--- Messages -------------------------------------------------------===//

  /// Notes something that is not supported, and poisons the results.
  llvm::LogicalResult unsupported(const llvm::Twine &what);
  /// Emits an error: the model is not valid.
  llvm::LogicalResult invalid(const llvm::Twine &message);

  /// Fails where an operand is missing that the standard asks for, or there
  /// are more operands or results than it has.
  llvm::LogicalResult checkArity();
  bool hasPoisonedOperand();
  /// Fails where an attribute was asked for that is of another type.
  llvm::LogicalResult checkAttributes();
  /// Attributes that nobody asked for.
  llvm::SmallVector<std::string> listUnknownAttributes() const;
  /// Has an operand that cannot be had been asked for, or something been noted?
  bool isPoisoned() const { return poisoned; }
  /// A value inside of it cannot be had, which has been noted.
  void poison() { poisoned = true; }

private:
  OnnxValue *lookup(unsigned i);

  Importer &importer;
  const onnx::NodeProto &proto;
  OnnxFrame &frame;
  OnnxScope &scope;
  int64_t version;
  bool poisoned = false;
  llvm::StringSet<> asked;
  /// What is wrong with an attribute.
  std::string malformed;
};

class Importer {
public:
  Importer(const OnnxWeightFile &weights, const onnx::ModelProto &model,
           llvm::StringRef fileName, DimNames &names,
           const OnnxOptions &options, mlir::MLIRContext *context);

  /// Null after a failure, and where names were merged.
  mlir::OwningOpRef<mlir::ModuleOp> run();
  /// Emits an error at the node that could not be imported, for a failure that
  /// nobody has told of.
  void emitFailure();

  mlir::OpBuilder &getBuilder() { return builder; }
  DimNames &getNames() { return names; }
  /// A location in the file as a whole.
  mlir::Location getFileLoc();
  mlir::Location getInputLoc(llvm::StringRef name);

  /// The type of the graph for elements, null where there is none.
  mlir::Type convertType(int64_t onnxType);

  /// Imports nodes in an order in which each finds its operands.
  llvm::LogicalResult importNodes(const OnnxNodes &nodes, OnnxFrame &frame,
                                  OnnxScope &scope);
  /// Imports the body of a branch or a loop, whose inputs are in the scope.
  llvm::LogicalResult importSubgraph(const onnx::GraphProto &graph,
                                     OnnxFrame &frame, OnnxScope &scope);

  /// A tensor that stands in the model as a value.
  mlir::FailureOr<OnnxValue> convertTensor(const onnx::TensorProto &tensor,
                                           mlir::Location loc);
  /// The tensor of a value, written now where it is only known.
  mlir::Value materialize(OnnxValue &value, GraphWriter &ops);
  /// How a dimension can be told by names of inputs that a value depends on.
  std::string describeOrigin(const OnnxValue &value);

  /// Holds callers to indices of a table of so many rows.
  void limitRange(mlir::BlockArgument argument, int64_t rows);

  void noteUnsupported(mlir::Location loc, std::string what);
  const onnx::FunctionProto *lookupFunction(llvm::StringRef domain,
                                            llvm::StringRef name,
                                            llvm::StringRef overload);
  mlir::Location getNodeLoc(const onnx::NodeProto &node, size_t index,
                            const OnnxFrame &frame);

private:
  llvm::LogicalResult importModel();
  llvm::LogicalResult importInputs(const onnx::GraphProto &graph,
                                   OnnxScope &scope);
  llvm::LogicalResult importInitializers(const onnx::GraphProto &graph,
                                         OnnxScope &scope);
  llvm::LogicalResult importOutputs(const onnx::GraphProto &graph,
                                    OnnxScope &scope);
  llvm::LogicalResult importNode(const onnx::NodeProto &node, size_t index,
                                 OnnxFrame &frame, OnnxScope &scope);
  /// Notes where the import ends, and fails.
  llvm::LogicalResult failNode(mlir::Location loc);
  llvm::LogicalResult importFunction(const onnx::FunctionProto &function,
                                     Node &node);
  mlir::FailureOr<mlir::RankedTensorType>
  convertInputType(const onnx::ValueInfoProto &input);
  llvm::LogicalResult readOperatorSets(OnnxFrame &frame);
  llvm::LogicalResult readFunctions();
  /// Fails where a node contradicts itself or what is there already.
  llvm::LogicalResult checkNode(const onnx::NodeProto &node, mlir::Location loc,
                                OnnxScope &scope);
  void emitUnsupported();

  const OnnxWeightFile &weights;
  const onnx::ModelProto &model;
  std::string fileName;
  DimNames &names;
  const OnnxOptions &options;
  mlir::MLIRContext *context;
  mlir::OpBuilder builder;
  mlir::OwningOpRef<mlir::ModuleOp> module;
  mlir::Block *body = nullptr;
  /// By the number of the argument.
  llvm::SmallVector<std::string> argumentNames;
  llvm::DenseMap<unsigned, int64_t> ranges;
  struct Unsupported {
    mlir::Location loc;
    std::string what;
  };
  std::vector<Unsupported> unsupported;
  llvm::StringMap<const onnx::FunctionProto *> functions;
  /// The innermost node that failed.
  std::optional<mlir::Location> failedNode;
  /// Nodes so far, with those of functions that were written out.
  size_t numNodes = 0;
};

} // namespace sylvite

#endif // SYLVITE_LIB_IMPORT_ONNX_IMPORTER_H
