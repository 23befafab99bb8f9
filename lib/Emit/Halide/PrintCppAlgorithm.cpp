//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Walks a pipeline in order, as Algorithm.cpp does. An expression is printed
/// where it is used; those used several times, and long ones, get a variable
/// where their op stands. What the scalar ops are called stands beside what
/// they build, in Expressions/.
///
//===----------------------------------------------------------------------===//

#include "Expressions.h"
#include "PrintCpp.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace sylvite;
using namespace sylvite::emit;
using llvm::formatv;

/// An operand longer than this is given a name.
static constexpr size_t kLongOperand = 50;

namespace {
class AlgorithmPrinter {
public:
  AlgorithmPrinter(halide::PipelineOp op, CppScope &scope, raw_ostream &os)
      : op(op), scope(scope), os(os) {}
  LogicalResult print();

private:
  void printInput(unsigned i);
  void printConstraints(StringRef buffer, halide::BufferType type,
                        IntegerAttr alignment);
  LogicalResult print(Operation *op);
  LogicalResult printBody(Block &block, ArrayRef<Operation *> except = {});
  LogicalResult printFunc(halide::FuncOp func);
  LogicalResult printUpdate(halide::UpdateOp update);
  void printDomain(halide::UpdateOp update);
  void printOutputs(halide::OutputOp outputs);
  void printStatement(StringRef lhs, StringRef assign, StringRef rhs);

  FailureOr<Text> makeText(Operation *op);
  std::string printList(ValueRange values);
  /// What a definition gives: an expression, or several in a tuple.
  std::string printValues(ValueRange values);
  /// How many indices there are from `from` to `to`.
  std::string printExtent(Value from, Value to);
  StringRef getInput(Value buffer) {
    unsigned i = cast<BlockArgument>(buffer).getArgNumber();
    return scope.inputs[op.getInputName(i)];
  }
  StringRef getFunc(Value func) {
    return scope.funcs[func.getDefiningOp<halide::FuncOp>().getName()];
  }

  halide::PipelineOp op;
  CppScope &scope;
  raw_ostream &os;
  DenseMap<Value, Text> texts;
  /// The domain of the update that is being printed.
  std::string domain;
  /// Its last addition, where it is printed as +=.
  Operation *accumulation = nullptr;
};
} // namespace

static std::string printType(Type type) {
  if (type.isBF16())
    return "BFloat(16)";
  if (type.isInteger(1))
    return "Bool()";
  StringRef kind = isa<FloatType>(type)       ? "Float"
                   : type.isUnsignedInteger() ? "UInt"
                                              : "Int";
  return formatv("{0}({1})", kind, type.getIntOrFloatBitWidth());
}

/// A name for the value of an expression.
static std::string getLocalName(Operation *op, StringRef source) {
  if (!source.empty())
    return (source + "_value").str();
  StringRef name = op->getName().stripDialect();
  StringRef word = llvm::StringSwitch<StringRef>(name)
                       .Cases({"addi", "addf"}, "sum")
                       .Cases({"subi", "subf"}, "difference")
                       .Cases({"muli", "mulf"}, "product")
                       .Cases({"divf", "divsi", "divui"}, "quotient")
                       .Cases({"remf", "remsi", "remui"}, "remainder")
                       .Cases({"cmpi", "cmpf"}, "condition")
                       .Cases({"andi", "ori", "xori"}, "bits")
                       .Cases({"minsi", "minimumf", "minnumf"}, "least")
                       .Cases({"maxsi", "maximumf", "maxnumf"}, "most")
                       .Case("select", "choice")
                       .Default("");
  if (name == "andi" || name == "ori" || name == "xori")
    if (op->getResult(0).getType().isInteger(1))
      return "condition";
  return word.empty() ? (name + "_value").str() : word.str();
}

/// The call in `f(x) = f(x) + y`, which C++ writes as `f(x) += y`, or null.
static halide::CallOp findAccumulation(halide::UpdateOp update) {
  Block &body = update.getBody().front();
  auto yield = cast<halide::YieldOp>(body.getTerminator());
  if (yield.getValues().size() != 1)
    return {};
  Operation *sum = yield.getValue().getDefiningOp();
  // Sums of narrower floats are computed in f32 and rounded.
  bool isSum = isa_and_nonnull<arith::AddIOp>(sum) ||
               (isa_and_nonnull<arith::AddFOp>(sum) &&
                sum->getResult(0).getType().getIntOrFloatBitWidth() >= 32);
  if (!isSum || sum->getBlock() != &body || !sum->hasOneUse())
    return {};
  auto call = sum->getOperand(0).getDefiningOp<halide::CallOp>();
  if (!call || call->getBlock() != &body || !call->hasOneUse() ||
      call.getFunc() != update.getFunc())
    return {};
  SmallVector<Value> place(yield.getIndices());
  if (place.empty())
    llvm::append_range(place,
                       body.getArguments().take_front(update.getVars().size()));
  return llvm::equal(call.getIndices(), place) ? call : halide::CallOp();
}

//===----------------------------------------------------------------------===//
// Buffers
//===----------------------------------------------------------------------===//

/// What the buffer's type says beyond Halide's default, which is that the
/// innermost dimension is dense.
void AlgorithmPrinter::printConstraints(StringRef buffer,
                                        halide::BufferType type,
                                        IntegerAttr alignment) {
  int64_t stride = 1;
  for (auto [i, extent] : llvm::enumerate(type.getShape())) {
    os << "  " << buffer << ".dim(" << i << ')';
    if (ShapedType::isDynamic(extent))
      os << ".set_min(0)";
    else
      os << ".set_bounds(0, " << extent << ')';
    if (i != 0 && !ShapedType::isDynamic(stride))
      os << ".set_stride(" << stride << ')';
    os << ";\n";
    if (ShapedType::isDynamic(extent))
      stride = ShapedType::kDynamic;
    if (!ShapedType::isDynamic(stride))
      stride *= extent;
  }
  if (alignment)
    os << "  " << buffer << ".set_host_alignment(" << alignment.getInt()
       << ");\n";
}

void AlgorithmPrinter::printInput(unsigned i) {
  auto type = cast<halide::BufferType>(op.getArgumentTypes()[i]);
  SmallString<16> name = op.getInputName(i);
  std::string input = scope.makeIdentifier(name);
  scope.inputs[name] = input;
  os << formatv("  ImageParam {0}({1}, {2}, {3});\n", input,
                printType(type.getElementType()), type.getRank(),
                quoteCpp(name));
  printConstraints(
      input, type,
      op.getArgAttrOfType<IntegerAttr>(i, halide::HalideDialect::kAlign));
}

void AlgorithmPrinter::printOutputs(halide::OutputOp outputs) {
  os << '\n';
  for (auto [i, value] : llvm::enumerate(outputs.getOutputs())) {
    scope.outputs.push_back(getFunc(value).str());
    printConstraints(
        (getFunc(value) + ".output_buffer()").str(),
        cast<halide::BufferType>(op.getResultTypes()[i]),
        op.getResultAttrOfType<IntegerAttr>(i, halide::HalideDialect::kAlign));
  }
}

//===----------------------------------------------------------------------===//
// Expressions
//===----------------------------------------------------------------------===//

std::string AlgorithmPrinter::printList(ValueRange values) {
  return llvm::join(
      llvm::map_range(values, [&](Value v) { return texts.lookup(v).text; }),
      ", ");
}

std::string AlgorithmPrinter::printValues(ValueRange values) {
  if (values.size() == 1)
    return texts.lookup(values.front()).text;
  return "Tuple(" + printList(values) + ")";
}

FailureOr<Text> AlgorithmPrinter::makeText(Operation *op) {
  if (auto load = dyn_cast<halide::LoadOp>(op))
    return Text{formatv("{0}({1})", getInput(load.getBuffer()),
                        printList(load.getIndices()))};
  if (auto call = dyn_cast<halide::CallOp>(op)) {
    auto result = cast<OpResult>(call.getFunc());
    std::string text = formatv("{0}({1})", getFunc(call.getFunc()),
                               printList(call.getIndices()));
    if (result.getOwner()->getNumResults() > 1)
      text += formatv("[{0}]", result.getResultNumber());
    return Text{text};
  }
  if (isa<halide::UndefOp>(op))
    return Text{formatv("undef({0})", printType(op->getResult(0).getType()))};
  if (auto extent = dyn_cast<halide::ExtentOp>(op)) {
    int64_t size = extent.getBuffer().getType().getShape()[extent.getDim()];
    if (!ShapedType::isDynamic(size))
      return Text{std::to_string(size), 0, /*isLiteral=*/true};
    return Text{formatv("{0}.dim({1}).extent()", getInput(extent.getBuffer()),
                        int64_t(extent.getDim()))};
  }
  const ExpressionRule *rule = findExpressionRule(op);
  if (!rule)
    return op->emitOpError("cannot be printed as C++: no rule of "
                           "lib/Emit/Halide/Expressions is for it");
  SmallVector<Text> operands;
  for (Value operand : op->getOperands())
    operands.push_back(texts.lookup(operand));
  return rule->print(op, operands);
}

/// True if the value of the op should have a name. `sum` is printed as +=.
static bool shouldBeNamed(Operation *op, const Text &text, Operation *sum) {
  if (op->hasTrait<OpTrait::ConstantLike>() || text.isLiteral)
    return false;
  if (!op->hasOneUse())
    return !op->use_empty();
  Operation *user = *op->user_begin();
  return text.text.size() > kLongOperand && user != sum &&
         !isa<halide::YieldOp, halide::WhereOp>(user);
}

LogicalResult AlgorithmPrinter::print(Operation *op) {
  if (auto func = dyn_cast<halide::FuncOp>(op))
    return printFunc(func);
  if (auto update = dyn_cast<halide::UpdateOp>(op))
    return printUpdate(update);
  if (auto outputs = dyn_cast<halide::OutputOp>(op))
    return printOutputs(outputs), success();
  if (auto where = dyn_cast<halide::WhereOp>(op)) {
    os << "  " << domain << ".where(" << texts.lookup(where.getCondition()).text
       << ");\n";
    return success();
  }
  FailureOr<Text> text = makeText(op);
  if (failed(text))
    return failure();
  if (shouldBeNamed(op, *text, accumulation)) {
    StringRef source;
    if (auto load = dyn_cast<halide::LoadOp>(op))
      source = getInput(load.getBuffer());
    else if (auto call = dyn_cast<halide::CallOp>(op))
      source = getFunc(call.getFunc());
    std::string name = scope.makeIdentifier(getLocalName(op, source));
    if (auto extent = dyn_cast<halide::ExtentOp>(op))
      name = scope.makeIdentifier(formatv("{0}_extent{1}",
                                          getInput(extent.getBuffer()),
                                          int64_t(extent.getDim()))
                                      .str());
    printStatement("Expr " + name, " = ", text->text);
    text = Text{name};
  }
  texts[op->getResult(0)] = *text;
  return success();
}

LogicalResult AlgorithmPrinter::printBody(Block &block,
                                          ArrayRef<Operation *> except) {
  for (Operation &op : block.without_terminator())
    if (!llvm::is_contained(except, &op) && failed(print(&op)))
      return failure();
  return success();
}

//===----------------------------------------------------------------------===//
// Functions
//===----------------------------------------------------------------------===//

/// LHS = RHS;, in two lines where one would be too long.
void AlgorithmPrinter::printStatement(StringRef lhs, StringRef assign,
                                      StringRef rhs) {
  bool fits = 2 + lhs.size() + assign.size() + rhs.size() + 1 <= 80;
  os << "  " << lhs << (fits ? assign : assign.rtrim())
     << (fits ? "" : "\n      ") << rhs << ";\n";
}

LogicalResult AlgorithmPrinter::printFunc(halide::FuncOp func) {
  std::string identifier = scope.makeIdentifier(func.getName());
  scope.funcs[func.getName()] = identifier;
  Block &body = func.getBody().front();
  llvm::StringMap<CppLoop> &loops = scope.stages[func.getName()].emplace_back();
  for (auto [name, argument] : llvm::zip(
           func.getVars().getAsRange<StringAttr>(), body.getArguments())) {
    texts[argument] = {scope.getVar(name.getValue())};
    loops[name.getValue()] = {texts[argument].text, /*isRVar=*/false};
  }
  os << '\n';
  printNewVars(scope, os);
  os << formatv("  Func {0}({1});\n", identifier, quoteCpp(func.getName()));
  if (failed(printBody(body)))
    return failure();
  auto yield = cast<halide::YieldOp>(body.getTerminator());
  printStatement(identifier + "(" + printList(body.getArguments()) + ")", " = ",
                 printValues(yield.getValues()));
  return success();
}

std::string AlgorithmPrinter::printExtent(Value from, Value to) {
  APInt first, last;
  bool isFixed = matchPattern(from, m_ConstantInt(&first));
  if (isFixed && first.isZero())
    return texts.lookup(to).text;
  if (isFixed && matchPattern(to, m_ConstantInt(&last)))
    return std::to_string((last - first).getSExtValue());
  const Text &subtrahend = texts.lookup(from);
  bool isAtom = subtrahend.precedence == 0;
  return texts.lookup(to).text + " - " +
         (isAtom ? subtrahend.text : "(" + subtrahend.text + ")");
}

/// One reduction variable is its own domain; several are parts of one.
void AlgorithmPrinter::printDomain(halide::UpdateOp update) {
  Block &body = update.getBody().front();
  SmallVector<StringRef> names;
  for (auto name : update.getRvars().getAsRange<StringAttr>())
    names.push_back(name.getValue());
  domain.clear();
  if (names.empty())
    return;
  bool isSingle = names.size() == 1;
  StringRef domainName = isSingle ? names.front() : StringRef("r");
  domain = scope.makeIdentifier(domainName);
  std::string ranges;
  for (auto [from, to] : llvm::zip(update.getFrom(), update.getTo()))
    ranges += texts.lookup(from).text + ", " + printExtent(from, to) + ", ";
  os << "  RDom " << domain << '(' << ranges << quoteCpp(domainName) << ");\n";

  llvm::StringMap<CppLoop> &loops =
      scope.stages[update.getFuncOp().getName()].back();
  SmallVector<std::string> parts;
  for (auto [i, name] : llvm::enumerate(names)) {
    std::string identifier = isSingle ? domain : scope.makeIdentifier(name);
    parts.push_back(formatv("{0} = {1}[{2}]", identifier, domain, i));
    texts[body.getArgument(update.getVars().size() + i)] = {identifier};
    loops[name] = {identifier, /*isRVar=*/true};
  }
  if (!isSingle)
    os << "  RVar " << llvm::join(parts, ", ") << ";\n";
}

LogicalResult AlgorithmPrinter::printUpdate(halide::UpdateOp update) {
  Block &body = update.getBody().front();
  ArrayRef<BlockArgument> arguments = body.getArguments();
  ArrayRef<BlockArgument> pure = arguments.take_front(update.getVars().size());
  llvm::StringMap<CppLoop> &loops =
      scope.stages[update.getFuncOp().getName()].emplace_back();
  for (auto [name, argument] :
       llvm::zip(update.getVars().getAsRange<StringAttr>(), pure)) {
    texts[argument] = {scope.getVar(name.getValue())};
    loops[name.getValue()] = {texts[argument].text, /*isRVar=*/false};
  }
  os << '\n';
  printNewVars(scope, os);
  printDomain(update);

  auto yield = cast<halide::YieldOp>(body.getTerminator());
  halide::CallOp accumulator = findAccumulation(update);
  accumulation = accumulator ? yield.getValue().getDefiningOp() : nullptr;
  if (failed(printBody(body, {accumulator, accumulation})))
    return failure();
  ValueRange values = yield.getValues();
  if (accumulation)
    values = accumulation->getOperands().drop_front();
  SmallVector<Value> place(yield.getIndices());
  if (place.empty())
    llvm::append_range(place, pure);
  printStatement(
      formatv("{0}({1})", getFunc(update.getFunc()), printList(place)).str(),
      accumulation ? " += " : " = ", printValues(values));
  return success();
}

LogicalResult AlgorithmPrinter::print() {
  for (unsigned i = 0; i < op.getArgumentTypes().size(); ++i)
    printInput(i);
  for (Operation &op : op.getBody().front())
    if (failed(print(&op)))
      return failure();
  return success();
}

LogicalResult emit::printCppAlgorithm(halide::PipelineOp pipeline,
                                      CppScope &scope, raw_ostream &os) {
  return AlgorithmPrinter(pipeline, scope, os).print();
}
