//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Operands, attributes and results of a node.
///
//===----------------------------------------------------------------------===//

#include "Importer.h"
#include "sylvite/Import/Common/FileDiagnostic.h"

using namespace mlir;
using namespace sylvite;

OnnxValue *OnnxScope::lookup(StringRef name) {
  for (OnnxScope *scope = this; scope; scope = scope->parent) {
    auto found = scope->values.find(name);
    if (found != scope->values.end())
      return &found->second;
  }
  return nullptr;
}

Node::Node(Importer &importer, const onnx::NodeProto &proto, OnnxFrame &frame,
           OnnxScope &scope, Location loc, int64_t version)
    : ops(importer.getBuilder(), loc, importer.getNames()), importer(importer),
      proto(proto), frame(frame), scope(scope), version(version) {}

//===----------------------------------------------------------------------===//
// Operands
//===----------------------------------------------------------------------===//

bool Node::has(unsigned i) const {
  return i < getNumInputs() && !proto.input(i).empty();
}

OnnxValue *Node::lookup(unsigned i) {
  if (!has(i))
    return nullptr;
  // The importer has checked that all operands are there.
  OnnxValue *value = scope.lookup(proto.input(i));
  assert(value && "operands are checked first");
  poisoned |= value->poisoned;
  return value;
}

Value Node::get(unsigned i) {
  OnnxValue *value = lookup(i);
  if (!value || value->poisoned)
    return {};
  return importer.materialize(*value, ops);
}

SmallVector<Value> Node::getAll(unsigned first) {
  SmallVector<Value> values;
  for (unsigned i = first; i < getNumInputs(); ++i)
    values.push_back(get(i));
  return values;
}

const KnownTensor *Node::getKnown(unsigned i) {
  OnnxValue *value = lookup(i);
  return value ? value->known.get() : nullptr;
}

Dims Node::getDims(unsigned i) {
  OnnxValue *value = lookup(i);
  if (!value || value->poisoned)
    return {};
  if (value->tensor)
    return graph::getDims(value->tensor);
  return Dims(value->known->shape.begin(), value->known->shape.end());
}

Type Node::getElement(unsigned i) {
  OnnxValue *value = lookup(i);
  if (!value || value->poisoned)
    return {};
  return value->tensor ? sylvite::getElement(value->tensor)
                       : value->known->element;
}

/// The number of a type of the graph, the widest that it stands for.
static int32_t convertType(Type element) {
  using onnx::TensorProto;
  if (element.isF64())
    return TensorProto::DOUBLE;
  if (element.isF32())
    return TensorProto::FLOAT;
  if (element.isF16())
    return TensorProto::FLOAT16;
  if (element.isBF16())
    return TensorProto::BFLOAT16;
  bool isUnsigned = element.isUnsignedInteger();
  switch (element.getIntOrFloatBitWidth()) {
  case 1:
    return TensorProto::BOOL;
  case 8:
    return isUnsigned ? TensorProto::UINT8 : TensorProto::INT8;
  case 16:
    return isUnsigned ? TensorProto::UINT16 : TensorProto::INT16;
  case 32:
    return isUnsigned ? TensorProto::UINT32 : TensorProto::INT32;
  default:
    return isUnsigned ? TensorProto::UINT64 : TensorProto::INT64;
  }
}

int32_t Node::getOnnxType(unsigned i) {
  OnnxValue *value = lookup(i);
  if (!value || value->poisoned)
    return 0;
  return value->onnxType ? value->onnxType : convertType(getElement(i));
}

FailureOr<SmallVector<SymInt>> Node::getSymInts(unsigned i, StringRef what) {
  OnnxValue *value = lookup(i);
  if (!value)
    return invalid(what + " is missing");
  if (value->poisoned)
    return failure();
  if (value->known)
    if (std::optional<SmallVector<SymInt>> integers =
            value->known->getSymInts())
      return *integers;
  return unsupported(what + " that is known at run time alone, by " +
                     importer.describeOrigin(*value));
}

FailureOr<SmallVector<int64_t>> Node::getIntegers(unsigned i, StringRef what) {
  FailureOr<SmallVector<SymInt>> integers = getSymInts(i, what);
  if (failed(integers))
    return failure();
  SmallVector<int64_t> numbers;
  for (const SymInt &integer : *integers) {
    std::optional<int64_t> constant = integer.getConstant();
    if (!constant)
      return unsupported(what + " that depends on a dimension, " +
                         integer.str());
    numbers.push_back(*constant);
  }
  return numbers;
}

FailureOr<double> Node::getNumber(unsigned i, StringRef what) {
  const KnownTensor *known = getKnown(i);
  if (known && known->numbers.size() == 1)
    if (std::optional<double> number = known->numbers.front().toDouble())
      return *number;
  if (poisoned)
    return failure();
  if (!has(i))
    return invalid(what + " is missing");
  return unsupported(what + " that is known at run time alone, by " +
                     importer.describeOrigin(*lookup(i)));
}

//===----------------------------------------------------------------------===//
// Attributes
//===----------------------------------------------------------------------===//

using onnx::AttributeProto;

const AttributeProto *Node::getAttribute(StringRef name,
                                         AttributeProto::AttributeType type) {
  asked.insert(name);
  const AttributeProto *found = nullptr;
  for (const AttributeProto &attribute : proto.attribute())
    if (attribute.name() == name)
      found = attribute.ref_attr_name().empty()
                  ? &attribute
                  : frame.attributes.lookup(attribute.ref_attr_name());
  // Old models tell no types.
  if (!found || type == AttributeProto::UNDEFINED || !found->has_type() ||
      found->type() == AttributeProto::UNDEFINED || found->type() == type)
    return found;
  if (malformed.empty())
    malformed = "attribute " + quoted(name) + " is of the type " +
                AttributeProto::AttributeType_Name(found->type()) +
                "; expected " + AttributeProto::AttributeType_Name(type);
  return nullptr;
}

LogicalResult Node::checkAttributes() {
  if (malformed.empty())
    return success();
  // Where names were merged, the import begins again.
  if (!ops.hasFailed() && !importer.getNames().hasChanged())
    ops.error(malformed);
  return failure();
}

const onnx::TensorProto *Node::getTensor(StringRef name) {
  const AttributeProto *attribute = getAttribute(name, AttributeProto::TENSOR);
  return attribute ? &attribute->t() : nullptr;
}

const onnx::GraphProto *Node::getGraph(StringRef name) {
  const AttributeProto *attribute = getAttribute(name, AttributeProto::GRAPH);
  return attribute ? &attribute->g() : nullptr;
}

int64_t Node::getInt(StringRef name, int64_t otherwise) {
  const AttributeProto *attribute = getAttribute(name, AttributeProto::INT);
  return attribute ? attribute->i() : otherwise;
}

double Node::getFloat(StringRef name, double otherwise) {
  const AttributeProto *attribute = getAttribute(name, AttributeProto::FLOAT);
  return attribute ? attribute->f() : otherwise;
}

std::string Node::getString(StringRef name, StringRef otherwise) {
  const AttributeProto *attribute = getAttribute(name, AttributeProto::STRING);
  return attribute ? attribute->s() : otherwise.str();
}

std::optional<SmallVector<int64_t>> Node::getInts(StringRef name) {
  const AttributeProto *attribute = getAttribute(name, AttributeProto::INTS);
  if (!attribute)
    return std::nullopt;
  return SmallVector<int64_t>(attribute->ints().begin(),
                              attribute->ints().end());
}

std::optional<SmallVector<std::string>> Node::getStrings(StringRef name) {
  const AttributeProto *attribute = getAttribute(name, AttributeProto::STRINGS);
  if (!attribute)
    return std::nullopt;
  return SmallVector<std::string>(attribute->strings().begin(),
                                  attribute->strings().end());
}

std::optional<SmallVector<double>> Node::getFloats(StringRef name) {
  const AttributeProto *attribute = getAttribute(name, AttributeProto::FLOATS);
  if (!attribute)
    return std::nullopt;
  return SmallVector<double>(attribute->floats().begin(),
                             attribute->floats().end());
}

void Node::ignore(ArrayRef<StringRef> names) {
  for (StringRef name : names)
    asked.insert(name);
}

SmallVector<std::string> Node::listUnknownAttributes() const {
  SmallVector<std::string> names;
  for (const AttributeProto &attribute : proto.attribute())
    if (!asked.contains(attribute.name()))
      names.push_back(attribute.name());
  return names;
}

FailureOr<int64_t> Node::checkAxis(int64_t axis, int64_t rank) {
  if (axis < -rank || axis >= rank)
    return invalid("axis " + Twine(axis) + " is outside a tensor of rank " +
                   Twine(rank));
  return axis < 0 ? axis + rank : axis;
}

FailureOr<int64_t> Node::getAxis(int64_t otherwise) {
  int64_t rank = getRank(0);
  if (isPoisoned())
    return failure();
  return getAxis(otherwise, rank);
}

FailureOr<int64_t> Node::getAxis(int64_t otherwise, int64_t rank) {
  return checkAxis(getInt("axis", otherwise), rank);
}

FailureOr<SmallVector<int64_t>> Node::checkAxes(ArrayRef<int64_t> axes,
                                                int64_t rank) {
  SmallVector<int64_t> checked;
  for (int64_t axis : axes) {
    FailureOr<int64_t> counted = checkAxis(axis, rank);
    if (failed(counted))
      return failure();
    if (llvm::is_contained(checked, *counted))
      return invalid("axis " + Twine(axis) + " is there twice");
    checked.push_back(*counted);
  }
  return checked;
}

FailureOr<std::optional<SmallVector<int64_t>>> Node::getAxes(unsigned operand,
                                                             int64_t rank) {
  std::optional<SmallVector<int64_t>> axes = getInts("axes");
  if (has(operand)) {
    FailureOr<SmallVector<int64_t>> given = getIntegers(operand, "axes");
    if (failed(given))
      return failure();
    axes = *given;
  }
  if (!axes)
    return axes;
  FailureOr<SmallVector<int64_t>> checked = checkAxes(*axes, rank);
  if (failed(checked))
    return failure();
  return std::optional<SmallVector<int64_t>>(*checked);
}

//===----------------------------------------------------------------------===//
// Results
//===----------------------------------------------------------------------===//

bool Node::wants(unsigned i) const {
  return i < getNumOutputs() && !proto.output(i).empty();
}

LogicalResult Node::setValue(unsigned i, const OnnxValue &value) {
  if (wants(i))
    scope.values[proto.output(i)] = value;
  return success();
}

LogicalResult Node::set(unsigned i, Value tensor, int32_t onnxType) {
  if (!tensor) {
    // Where names were merged, the import begins again: nothing is said.
    if (!poisoned && !ops.hasFailed() && !importer.getNames().hasChanged())
      return invalid("cannot be imported");
    return failure();
  }
  OnnxValue value;
  value.tensor = tensor;
  value.onnxType = onnxType;
  return setValue(i, value);
}

LogicalResult Node::setKnown(unsigned i, KnownTensor known, int32_t onnxType) {
  for (KnownNumber &number : known.numbers)
    roundToType(number, known.element);
  OnnxValue value;
  value.known = std::make_shared<KnownTensor>(std::move(known));
  value.onnxType = onnxType;
  return setValue(i, value);
}

//===----------------------------------------------------------------------===//
// Messages
//===----------------------------------------------------------------------===//

LogicalResult Node::unsupported(const Twine &what) {
  importer.noteUnsupported(ops.getLoc(), what.str());
  poisoned = true;
  return failure();
}

LogicalResult Node::invalid(const Twine &message) {
  // What follows from a broken attribute is not told.
  if (succeeded(checkAttributes()))
    ops.error(message);
  return failure();
}
