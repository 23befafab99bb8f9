//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Control flow: branches are settled when a model is compiled, and loops of a
/// known number of steps are scans, or are written step by step.
///
//===----------------------------------------------------------------------===//

#include "Operators.h"

using namespace mlir;
using namespace sylvite;

/// The branch of a known condition is written in place of the node.
static LogicalResult importIf(Node &node) {
  const onnx::GraphProto *thenBranch = node.getGraph("then_branch"),
                         *elseBranch = node.getGraph("else_branch");
  if (!thenBranch || !elseBranch)
    return node.invalid("needs two branches");
  FailureOr<SmallVector<int64_t>> condition =
      node.getIntegers(0, "a condition");
  if (failed(condition))
    return failure();
  if (condition->size() != 1)
    return node.invalid("takes one condition");
  const onnx::GraphProto &graph =
      condition->front() ? *thenBranch : *elseBranch;
  OnnxScope scope;
  scope.parent = &node.getScope();
  if (failed(node.getImporter().importSubgraph(graph, node.getFrame(), scope)))
    return failure();
  if (graph.output_size() != int(node.getNumOutputs()))
    return node.invalid("the branch gives another number of results");
  for (int i = 0; i != graph.output_size(); ++i) {
    OnnxValue *value = scope.lookup(graph.output(i).name());
    if (!value)
      return node.invalid("the branch does not make its result");
    if (failed(node.setValue(i, *value)))
      return failure();
  }
  return success();
}

/// Loops of up to so many steps are written step by step: what their bodies
/// calculate of the step's number is known then.
static constexpr int64_t kMaxWrittenSteps = 8;

/// Imports the body of a loop on these values: its results; none after a
/// failure.
static SmallVector<OnnxValue> importBodyValues(Node &node,
                                               const onnx::GraphProto &body,
                                               ArrayRef<OnnxValue> inputs) {
  OnnxScope scope;
  scope.parent = &node.getScope();
  for (auto [input, value] : llvm::zip(body.input(), inputs)) {
    scope.values[input.name()] = value;
    scope.values[input.name()].onnxType =
        input.type().tensor_type().elem_type();
  }
  if (failed(node.getImporter().importSubgraph(body, node.getFrame(), scope)))
    return {};
  SmallVector<OnnxValue> results;
  for (const onnx::ValueInfoProto &output : body.output()) {
    OnnxValue *value = scope.lookup(output.name());
    if (!value) {
      (void)node.invalid("the body does not make its result");
      return {};
    }
    if (value->poisoned)
      node.poison();
    results.push_back(*value);
  }
  return results;
}

/// The same as tensors, null where one cannot be had.
static SmallVector<Value> importBody(Node &node, const onnx::GraphProto &body,
                                     ArrayRef<OnnxValue> inputs) {
  SmallVector<Value> results;
  for (OnnxValue &value : importBodyValues(node, body, inputs))
    results.push_back(value.poisoned
                          ? Value()
                          : node.getImporter().materialize(value, node.ops));
  return results;
}

static OnnxValue ofTensor(Value tensor) {
  OnnxValue value;
  value.tensor = tensor;
  return value;
}

/// The axis moved to the front, or back from there.
static Value moveAxis(GraphWriter &ops, Value x, int64_t axis, bool back) {
  if (!x)
    return {};
  SmallVector<int64_t> perm;
  for (int64_t i = 0, rank = graph::getDims(x).size(); i != rank; ++i)
    if (i != (back ? 0 : axis))
      perm.push_back(i);
  perm.insert(back ? perm.begin() + axis : perm.begin(), back ? 0 : axis);
  return ops.transpose(x, perm);
}

/// The axes of a Scan's sequences or outputs, and which go backward.
static LogicalResult getScanAxes(Node &node, StringRef what, size_t count,
                                 SmallVector<int64_t> &axes,
                                 SmallVector<int64_t> &directions) {
  axes = node.getInts(("scan_" + what + "_axes").str())
             .value_or(SmallVector<int64_t>(count, 0));
  directions = node.getInts(("scan_" + what + "_directions").str())
                   .value_or(SmallVector<int64_t>(count, 0));
  if (axes.size() != count || directions.size() != count)
    return node.invalid("has axes or directions of another number");
  return success();
}

static LogicalResult importScan(Node &node) {
  GraphWriter &ops = node.ops;
  if (node.getVersion() < 9)
    return node.unsupported("Scan of opsets before 9");
  const onnx::GraphProto *graph = node.getGraph("body");
  if (!graph)
    return node.invalid("has no body");
  const onnx::GraphProto &body = *graph;
  int64_t count = node.getInt("num_scan_inputs", 0);
  int64_t inits = int64_t(node.getNumInputs()) - count;
  int64_t outputs = int64_t(node.getNumOutputs()) - inits;
  if (count < 1 || inits < 0 || outputs < 0 ||
      body.input_size() != int(node.getNumInputs()) ||
      body.output_size() != int(node.getNumOutputs()))
    return node.invalid("its body takes or gives another number of values");
  SmallVector<int64_t> axes, directions, outputAxes, outputDirections;
  if (failed(getScanAxes(node, "input", count, axes, directions)) ||
      failed(
          getScanAxes(node, "output", outputs, outputAxes, outputDirections)))
    return failure();
  SmallVector<Value> carried, sequences;
  for (int64_t i = 0; i != inits; ++i)
    carried.push_back(node.get(i));
  for (int64_t i = 0; i != count; ++i) {
    FailureOr<int64_t> axis = node.checkAxis(axes[i], node.getRank(inits + i));
    if (failed(axis))
      return failure();
    Value sequence = moveAxis(ops, node.get(inits + i), *axis, false);
    sequences.push_back(directions[i] ? ops.flip(sequence, 0) : sequence);
  }
  if (!llvm::all_of(carried, [](Value v) { return bool(v); }) ||
      !llvm::all_of(sequences, [](Value v) { return bool(v); }))
    return node.set(Value());
  SmallVector<Value> results = ops.scan(
      carried, sequences, /*axis=*/0, [&](const GraphWriter::ScanStep &step) {
        SmallVector<OnnxValue> inputs;
        for (Value value : step.carried)
          inputs.push_back(ofTensor(value));
        for (Value value : step.elements)
          inputs.push_back(ofTensor(value));
        SmallVector<Value> made = importBody(node, body, inputs);
        size_t split = std::min<size_t>(inits, made.size());
        return std::pair(SmallVector<Value>(made.begin(), made.begin() + split),
                         SmallVector<Value>(made.begin() + split, made.end()));
      });
  if (results.size() != size_t(inits + outputs))
    return node.set(Value());
  for (auto [i, result] : llvm::enumerate(results)) {
    if (int64_t(i) >= inits) {
      size_t own = i - inits;
      FailureOr<int64_t> axis =
          node.checkAxis(outputAxes[own], graph::getDims(result).size());
      if (failed(axis))
        return failure();
      if (outputDirections[own])
        result = ops.flip(result, 0);
      result = moveAxis(ops, result, *axis, true);
    }
    if (failed(node.set(i, result)))
      return failure();
  }
  return success();
}

static OnnxValue ofInteger(Type element, int64_t number) {
  KnownTensor known;
  known.element = element;
  known.numbers.push_back(SymInt(number));
  OnnxValue value;
  value.known = std::make_shared<KnownTensor>(std::move(known));
  return value;
}

/// Writes a loop step by step, up to one that is known to end it.
static LogicalResult writeSteps(Node &node, const onnx::GraphProto &body,
                                int64_t steps, int64_t count) {
  GraphWriter &ops = node.ops;
  SmallVector<OnnxValue> carried;
  for (int64_t i = 0; i != count; ++i)
    carried.push_back(
        *node.getScope().lookup(node.getProto().input(int(i + 2))));
  SmallVector<SmallVector<Value>> rows(node.getNumOutputs() - count);
  for (int64_t step = 0; step != steps; ++step) {
    SmallVector<OnnxValue> inputs = {ofInteger(ops.i64(), step),
                                     ofInteger(ops.i1(), 1)};
    llvm::append_range(inputs, carried);
    SmallVector<OnnxValue> made = importBodyValues(node, body, inputs);
    if (made.empty() || node.isPoisoned())
      return failure();
    const OnnxValue &condition = made.front();
    std::optional<SmallVector<int64_t>> goesOn;
    if (condition.known)
      goesOn = condition.known->getIntegers();
    if (!goesOn || goesOn->size() != 1)
      return node.unsupported("a loop that a condition ends");
    carried.assign(made.begin() + 1, made.begin() + 1 + count);
    for (auto [row, value] :
         llvm::zip(rows, MutableArrayRef(made).drop_front(1 + count)))
      row.push_back(
          ops.insertDim(node.getImporter().materialize(value, ops), 0));
    if (!goesOn->front())
      break;
  }
  for (auto [i, value] : llvm::enumerate(carried))
    if (failed(node.setValue(i, value)))
      return failure();
  for (auto [i, row] : llvm::enumerate(rows))
    if (node.wants(count + i) &&
        failed(node.set(count + i, ops.concat(row, 0))))
      return failure();
  return success();
}

/// A loop of a number of steps that is known, none of which ends it.
static LogicalResult importLoop(Node &node) {
  GraphWriter &ops = node.ops;
  const onnx::GraphProto *graph = node.getGraph("body");
  if (!graph)
    return node.invalid("has no body");
  const onnx::GraphProto &body = *graph;
  if (!node.has(0))
    return node.unsupported("a loop without a number of steps");
  FailureOr<SmallVector<int64_t>> steps =
      node.getIntegers(0, "a number of steps");
  if (failed(steps))
    return failure();
  if (node.has(1)) {
    FailureOr<SmallVector<int64_t>> condition =
        node.getIntegers(1, "a condition");
    if (failed(condition))
      return failure();
    if (condition->size() != 1 || !condition->front())
      return node.unsupported("a loop that does not begin");
  }
  int64_t count = int64_t(node.getNumInputs()) - 2;
  if (steps->size() != 1 || steps->front() < 1 || count < 0 ||
      body.input_size() != int(count + 2) ||
      body.output_size() != int(node.getNumOutputs()) + 1)
    return node.unsupported("a loop without steps, or with a body of other "
                            "values");
  SmallVector<Value> carried;
  for (int64_t i = 0; i != count; ++i) {
    if (!node.has(i + 2))
      return node.invalid("has a value to begin with that is left out");
    (void)node.getDims(i + 2);
    if (node.isPoisoned())
      return failure();
  }
  if (steps->front() <= kMaxWrittenSteps)
    return writeSteps(node, body, steps->front(), count);
  for (int64_t i = 0; i != count; ++i) {
    carried.push_back(node.get(i + 2));
    if (!carried.back())
      return node.set(Value());
  }
  bool mayStop = false;
  SmallVector<Value> results = ops.scan(
      carried, {}, /*axis=*/0,
      [&](const GraphWriter::ScanStep &step) {
        using Values = SmallVector<Value>;
        // The condition is true in every step that there is.
        SmallVector<OnnxValue> inputs = {ofTensor(step.number),
                                         ofInteger(ops.i1(), 1)};
        for (Value value : step.carried)
          inputs.push_back(ofTensor(value));
        Values made = importBody(node, body, inputs);
        if (made.empty() || !made.front())
          return std::pair<Values, Values>();
        mayStop = graph::getSplatConstant(made.front()) != 1.0;
        made.erase(made.begin());
        size_t split = std::min<size_t>(count, made.size());
        return std::pair(Values(made.begin(), made.begin() + split),
                         Values(made.begin() + split, made.end()));
      },
      graph::Dim(steps->front()));
  if (mayStop)
    return node.unsupported("a loop that a condition ends");
  if (results.size() != node.getNumOutputs())
    return node.set(Value());
  for (auto [i, result] : llvm::enumerate(results))
    if (failed(node.set(i, result)))
      return failure();
  return success();
}

void sylvite::addControl(Operators &operators) {
  operators.add("If", importIf);
  operators.add("Loop", importLoop);
  operators.add("Scan", importScan);
}
