//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Directives as calls, one rule per directive in the list at the end.
/// Directives on one stage that stand together are one chain. Which loops a
/// stage has at a directive is followed as Halide does, because C++ tells
/// `Var`s from `RVar`s.
///
//===----------------------------------------------------------------------===//

#include "PrintCpp.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace sylvite;
using namespace sylvite::emit;
using llvm::formatv;
using Loops = llvm::StringMap<CppLoop>;

/// An enumerator of Halide's: its name in the IR in camel case.
static std::string getEnumerator(StringRef type, StringRef name) {
  return (type + "::").str() +
         llvm::convertToCamelFromSnakeCase(name, /*capitalizeFirst=*/true);
}

/// The last argument of calls that split.
static std::string printTail(halide::TailStrategy tail) {
  if (tail == halide::TailStrategy::Auto)
    return "";
  return ", " + getEnumerator("TailStrategy", stringifyTailStrategy(tail));
}

/// True if a directive after `op` names the loop.
static bool isNamedLater(Operation *op, StringRef loop) {
  auto names = [&](Attribute attribute) {
    auto string = dyn_cast<StringAttr>(attribute);
    return string && string.getValue() == loop;
  };
  while ((op = op->getNextNode()))
    for (NamedAttribute attribute : op->getAttrDictionary()) {
      auto list = dyn_cast<ArrayAttr>(attribute.getValue());
      if (names(attribute.getValue()) || (list && llvm::any_of(list, names)))
        return true;
    }
  return false;
}

namespace {
class SchedulePrinter {
public:
  SchedulePrinter(CppScope &scope) : scope(scope) {}
  /// The directive's calls, each with its dot; empty for an unknown one.
  std::string print(Operation &op);
  /// What they are called on: the function, or one of its updates.
  std::string printStage(halide::Directive op);

private:
  std::string print(halide::SplitOp op);
  std::string print(halide::FuseOp op);
  std::string print(halide::PrefetchOp op);
  std::string print(halide::SpecializeOp op);

  /// The loops of the directive's stage.
  template <typename StageOp>
  Loops &getLoops(StageOp op) {
    unsigned stage = op.getUpdate() ? *op.getUpdate() + 1 : 0;
    return scope.stages[op.getFunc()][stage];
  }
  template <typename StageOp>
  std::string getLoop(StageOp op, StringRef name) {
    return getLoops(op)[name].identifier;
  }

  /// A loop that the directive makes in place of others.
  std::string addLoop(Loops &loops, StringRef name, bool isRVar);

  std::string printList(ArrayAttr names,
                        function_ref<std::string(StringRef)> print);
  template <typename LoopOp>
  std::string printLoop(LoopOp op, StringRef call, bool inner);
  template <typename AtOp>
  std::string printAt(AtOp op, StringRef call);
  template <typename ExtentOp>
  std::string printExtent(ExtentOp op, StringRef call);

  CppScope &scope;
  /// `RVar`s that directives have made, by their names.
  llvm::StringMap<std::string> rvars;
};
} // namespace

std::string SchedulePrinter::addLoop(Loops &loops, StringRef name,
                                     bool isRVar) {
  // A part may keep the name of the whole.
  auto found = loops.find(name);
  if (found != loops.end())
    return found->second.identifier;
  std::string identifier;
  if (!isRVar) {
    identifier = scope.getVar(name);
  } else {
    auto [rvar, isNew] = rvars.try_emplace(name);
    if (isNew) {
      rvar->second = scope.makeIdentifier(name);
      scope.newRVars.push_back(rvar->second + "(" + quoteCpp(name) + ")");
    }
    identifier = rvar->second;
  }
  loops[name] = {identifier, isRVar};
  return identifier;
}

std::string
SchedulePrinter::printList(ArrayAttr names,
                           function_ref<std::string(StringRef)> print) {
  std::string text;
  for (auto name : names.getAsRange<StringAttr>())
    text += (text.empty() ? "" : ", ") + print(name.getValue());
  return text;
}

std::string SchedulePrinter::print(halide::SplitOp op) {
  Loops &loops = getLoops(op);
  CppLoop loop = loops[op.getVar()];
  std::string outer = addLoop(loops, op.getOuter(), loop.isRVar);
  std::string inner = addLoop(loops, op.getInner(), loop.isRVar);
  return formatv(".split({0}, {1}, {2}, {3}{4})", loop.identifier, outer, inner,
                 int32_t(op.getFactor()), printTail(op.getTail()));
}

std::string SchedulePrinter::print(halide::FuseOp op) {
  Loops &loops = getLoops(op);
  CppLoop inner = loops[op.getInner()], outer = loops[op.getOuter()];
  std::string fused =
      addLoop(loops, op.getFused(), inner.isRVar || outer.isRVar);
  return formatv(".fuse({0}, {1}, {2})", inner.identifier, outer.identifier,
                 fused);
}

std::string SchedulePrinter::print(halide::PrefetchOp op) {
  auto input = scope.inputs.find(op.getSource());
  return formatv(".prefetch({0}, {1}, {2}, {3})",
                 input != scope.inputs.end() ? input->second
                                             : scope.funcs[op.getSource()],
                 getLoop(op, op.getAt()), getLoop(op, op.getFrom()),
                 int32_t(op.getOffset()));
}

/// The stage's loops are as before behind it. Empty for an unknown directive
/// inside.
std::string SchedulePrinter::print(halide::SpecializeOp op) {
  Loops &loops = getLoops(op);
  llvm::StringMap<CppLoop> saved = loops;
  std::string calls =
      formatv(".specialize({0}.output_buffer().dim({1}).extent() <= {2})",
              scope.outputs[op.getOutput()], op.getDim(), op.getMost());
  for (Operation &directive : op.getBody().front()) {
    std::string inner = print(directive);
    if (inner.empty())
      return "";
    calls += "\n      " + inner;
  }
  loops = std::move(saved);
  return calls;
}

/// With a factor, Halide splits first. Its own name for the part will do unless
/// a later directive says ours.
template <typename LoopOp>
std::string SchedulePrinter::printLoop(LoopOp op, StringRef call, bool inner) {
  Loops &loops = getLoops(op);
  CppLoop loop = loops[op.getVar()];
  if (!op.getFactor())
    return formatv(".{0}({1})", call, loop.identifier);
  int32_t factor = *op.getFactor();
  std::string part = (op.getVar() + "_" + call).str();
  if (!isNamedLater(op, part))
    return formatv(".{0}({1}, {2}{3})", call, loop.identifier, factor,
                   printTail(op.getTail()));
  std::string partIdentifier = addLoop(loops, part, loop.isRVar);
  return formatv(".split({0}, {0}, {1}, {2}{3})\n      .{4}({5})",
                 loop.identifier, partIdentifier, factor,
                 printTail(op.getTail()), call,
                 inner ? partIdentifier : loop.identifier);
}

template <typename AtOp>
std::string SchedulePrinter::printAt(AtOp op, StringRef call) {
  unsigned stage = op.getUpdate() ? *op.getUpdate() + 1 : 0;
  std::string consumer = scope.funcs[op.getConsumer()];
  std::string loop =
      scope.stages[op.getConsumer()][stage][op.getVar()].identifier;
  return formatv(".{0}({1}, {2})", call, consumer, loop);
}

template <typename ExtentOp>
std::string SchedulePrinter::printExtent(ExtentOp op, StringRef call) {
  return formatv(".{0}({1}, {2})", call, scope.getVar(op.getVar()),
                 int32_t(op.getValue()));
}

std::string SchedulePrinter::printStage(halide::Directive op) {
  std::string func = scope.funcs[op.getFunc()];
  // What places a function names an update of its consumer.
  auto update = op->getAttrOfType<IntegerAttr>("update");
  if (!update || op->hasAttr("consumer"))
    return func;
  if (update.getInt() == 0)
    return func + ".update()";
  return formatv("{0}.update({1})", func, update.getInt());
}

//===----------------------------------------------------------------------===//
// The list
//===----------------------------------------------------------------------===//

std::string SchedulePrinter::print(Operation &op) {
  auto loop = [&](auto op) { return getLoop(op, op.getVar()); };
  auto var = [&](StringRef name) { return scope.getVar(name); };
  return llvm::TypeSwitch<Operation *, std::string>(&op)
      .Case<halide::SplitOp, halide::FuseOp, halide::PrefetchOp,
            halide::SpecializeOp>([&](auto op) { return print(op); })
      .Case([&](halide::ReorderOp op) {
        return formatv(".reorder({0})",
                       printList(op.getVars(), [&](StringRef name) {
                         return getLoop(op, name);
                       }));
      })
      .Case([&](halide::VectorizeOp op) {
        return printLoop(op, "vectorize", /*inner=*/true);
      })
      .Case([&](halide::UnrollOp op) {
        return printLoop(op, "unroll", /*inner=*/true);
      })
      .Case([&](halide::ParallelOp op) {
        return printLoop(op, "parallel", /*inner=*/false);
      })
      .Case<halide::GpuBlocksOp, halide::GpuThreadsOp, halide::GpuLanesOp>(
          [&](auto op) {
            return formatv(".{0}({1})", op->getName().stripDialect(),
                           printList(op.getVars(), [&](StringRef name) {
                             return getLoop(op, name);
                           }));
          })
      .Case([](halide::GpuSingleThreadOp) { return ".gpu_single_thread()"; })
      .Case([](halide::AtomicOp) { return ".atomic()"; })
      .Case([&](halide::PartitionOp op) {
        StringRef policy = stringifyPartition(op.getPolicy());
        return formatv(".partition({0}, {1})", loop(op),
                       getEnumerator("Partition", policy));
      })
      .Case([&](halide::ComputeAtOp op) { return printAt(op, "compute_at"); })
      .Case([&](halide::StoreAtOp op) { return printAt(op, "store_at"); })
      .Case([&](halide::HoistStorageOp op) {
        return printAt(op, "hoist_storage");
      })
      .Case([](halide::ComputeRootOp) { return ".compute_root()"; })
      .Case([&](halide::StoreInOp op) {
        if (op.getMemory() == halide::MemoryType::GPUShared)
          return std::string(".store_in(MemoryType::GPUShared)");
        StringRef memory = stringifyMemoryType(op.getMemory());
        return formatv(".store_in({0})", getEnumerator("MemoryType", memory))
            .str();
      })
      .Case([&](halide::BoundExtentOp op) {
        return printExtent(op, "bound_extent");
      })
      .Case([&](halide::AlignStorageOp op) {
        return printExtent(op, "align_storage");
      })
      .Case([&](halide::AlignBoundsOp op) {
        return printExtent(op, "align_bounds");
      })
      .Case([&](halide::BoundStorageOp op) {
        return printExtent(op, "bound_storage");
      })
      .Case([&](halide::BoundOp op) {
        return formatv(".bound({0}, {1}, {2})", var(op.getVar()),
                       int32_t(op.getMin()), int32_t(op.getExtent()));
      })
      .Case([&](halide::ReorderStorageOp op) {
        return formatv(".reorder_storage({0})", printList(op.getVars(), var));
      })
      .Default([](Operation *) { return ""; });
}

LogicalResult emit::printCppSchedule(halide::ScheduleOp schedule,
                                     CppScope &scope, raw_ostream &os) {
  SchedulePrinter printer(scope);
  std::string chains, last;
  for (Operation &op : schedule.getBody().front()) {
    std::string stage = printer.printStage(cast<halide::Directive>(op));
    std::string calls = printer.print(op);
    if (calls.empty())
      return op.emitOpError("is a directive that cannot be printed as C++");
    if (stage != last)
      chains += (chains.empty() ? "  " : ";\n  ") + stage;
    // An update begins its chain, a function shares its first line.
    if (stage == last ||
        stage != scope.funcs[cast<halide::Directive>(op).getFunc()])
      chains += "\n      ";
    chains += calls;
    // What follows is not on the specialized stage.
    last = isa<halide::SpecializeOp>(op) ? "" : stage;
  }
  if (chains.empty())
    return success();
  os << '\n';
  printNewVars(scope, os);
  os << chains << ";\n";
  return success();
}
