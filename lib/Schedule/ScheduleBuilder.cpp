//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// One directive a function.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Schedule/ScheduleBuilder.h"

using namespace mlir;
using namespace sylvite;

//===----------------------------------------------------------------------===//
// Directives
//===----------------------------------------------------------------------===//

StageBuilder &StageBuilder::split(StringRef var, StringRef outer,
                                  StringRef inner, int64_t factor, Tail tail) {
  halide::SplitOp::create(schedule->getBuilder(), func, update, var, outer,
                          inner, factor, tail);
  return *this;
}

StageBuilder &StageBuilder::fuse(StringRef inner, StringRef outer,
                                 StringRef fused) {
  halide::FuseOp::create(schedule->getBuilder(), func, update, inner, outer,
                         fused);
  return *this;
}

StageBuilder &StageBuilder::reorder(ArrayRef<StringRef> vars) {
  ImplicitLocOpBuilder &builder = schedule->getBuilder();
  halide::ReorderOp::create(builder, func, update,
                            builder.getStrArrayAttr(vars));
  return *this;
}

/// A factor as an attribute, or none for 0.
static IntegerAttr getFactor(Builder &builder, int64_t factor) {
  return factor ? builder.getI64IntegerAttr(factor) : IntegerAttr();
}

StageBuilder &StageBuilder::vectorize(StringRef var, int64_t factor,
                                      Tail tail) {
  ImplicitLocOpBuilder &builder = schedule->getBuilder();
  halide::VectorizeOp::create(builder, func, update, var,
                              getFactor(builder, factor), tail);
  return *this;
}

StageBuilder &StageBuilder::unroll(StringRef var, int64_t factor, Tail tail) {
  ImplicitLocOpBuilder &builder = schedule->getBuilder();
  halide::UnrollOp::create(builder, func, update, var,
                           getFactor(builder, factor), tail);
  return *this;
}

StageBuilder &StageBuilder::parallel(StringRef var, int64_t factor, Tail tail) {
  ImplicitLocOpBuilder &builder = schedule->getBuilder();
  halide::ParallelOp::create(builder, func, update, var,
                             getFactor(builder, factor), tail);
  return *this;
}

StageBuilder &StageBuilder::gpuBlocks(ArrayRef<StringRef> vars) {
  ImplicitLocOpBuilder &builder = schedule->getBuilder();
  halide::GpuBlocksOp::create(builder, func, update,
                              builder.getStrArrayAttr(vars));
  return *this;
}

StageBuilder &StageBuilder::gpuThreads(ArrayRef<StringRef> vars) {
  ImplicitLocOpBuilder &builder = schedule->getBuilder();
  halide::GpuThreadsOp::create(builder, func, update,
                               builder.getStrArrayAttr(vars));
  return *this;
}

StageBuilder &StageBuilder::gpuSingleThread() {
  halide::GpuSingleThreadOp::create(schedule->getBuilder(), func, update);
  return *this;
}

StageBuilder &StageBuilder::atomic() {
  halide::AtomicOp::create(schedule->getBuilder(), func, update);
  return *this;
}

StageBuilder &StageBuilder::partition(StringRef var, halide::Partition policy) {
  halide::PartitionOp::create(schedule->getBuilder(), func, update, var,
                              policy);
  return *this;
}

StageBuilder &
StageBuilder::specialize(unsigned dim, int64_t most,
                         function_ref<void(StageBuilder &)> directives) {
  ImplicitLocOpBuilder &builder = schedule->getBuilder();
  auto op = halide::SpecializeOp::create(builder, func, update, /*output=*/0,
                                         dim, most);
  OpBuilder::InsertionGuard guard(builder);
  builder.createBlock(&op.getBody());
  directives(*this);
  return *this;
}

StageBuilder &StageBuilder::computeAt(StringRef consumer, StringRef var,
                                      std::optional<unsigned> update) {
  ImplicitLocOpBuilder &builder = schedule->getBuilder();
  halide::ComputeAtOp::create(
      builder, func, consumer,
      update ? builder.getI64IntegerAttr(*update) : IntegerAttr(), var);
  return *this;
}

StageBuilder &StageBuilder::computeRoot() {
  halide::ComputeRootOp::create(schedule->getBuilder(), func);
  return *this;
}

StageBuilder &StageBuilder::hoistStorage(StringRef consumer, StringRef var) {
  halide::HoistStorageOp::create(schedule->getBuilder(), func, consumer,
                                 /*update=*/IntegerAttr(), var);
  return *this;
}

StageBuilder &StageBuilder::reorderStorage(ArrayRef<StringRef> vars) {
  mlir::OpBuilder &builder = schedule->getBuilder();
  halide::ReorderStorageOp::create(schedule->getBuilder(), func,
                                   builder.getStrArrayAttr(vars));
  return *this;
}

StageBuilder &StageBuilder::storeIn(halide::MemoryType memory) {
  halide::StoreInOp::create(schedule->getBuilder(), func, memory);
  return *this;
}

StageBuilder &StageBuilder::alignBounds(StringRef var, int64_t factor) {
  halide::AlignBoundsOp::create(schedule->getBuilder(), func, var, factor);
  return *this;
}

StageBuilder &StageBuilder::boundStorage(StringRef var, int64_t extent) {
  halide::BoundStorageOp::create(schedule->getBuilder(), func, var, extent);
  return *this;
}

StageBuilder &StageBuilder::boundExtent(StringRef var, int64_t extent) {
  halide::BoundExtentOp::create(schedule->getBuilder(), func, var, extent);
  return *this;
}

StageBuilder &StageBuilder::bound(StringRef var, int64_t min, int64_t extent) {
  halide::BoundOp::create(schedule->getBuilder(), func, var, min, extent);
  return *this;
}

//===----------------------------------------------------------------------===//
// The schedule
//===----------------------------------------------------------------------===//

ScheduleBuilder::ScheduleBuilder(halide::PipelineOp pipeline,
                                 const Target &target, const CostModel &costs)
    : pipeline(pipeline), target(target), costs(costs),
      builder(pipeline.getLoc(), pipeline.getContext()) {
  builder.setInsertionPointAfter(pipeline);
  schedule = halide::ScheduleOp::create(
      builder, FlatSymbolRefAttr::get(pipeline.getSymNameAttr()),
      builder.getStringAttr(target.name));
  builder.createBlock(&schedule.getBody());
}

unsigned ScheduleBuilder::getNumUpdates(StringRef func) {
  Value value = pipeline.lookupFunc(func).getResult();
  return llvm::count_if(value.getUsers(), [&](Operation *user) {
    auto update = dyn_cast<halide::UpdateOp>(user);
    return update && update.getFunc() == value;
  });
}

ArrayRef<int64_t> ScheduleBuilder::getOutputShape(unsigned output) {
  return cast<halide::BufferType>(pipeline.getResultTypes()[output]).getShape();
}

StringRef ScheduleBuilder::getClass() {
  auto name =
      pipeline->getAttrOfType<StringAttr>(halide::HalideDialect::kKernelClass);
  return name ? name.getValue() : StringRef();
}

std::optional<int64_t> ScheduleBuilder::getNumber(StringRef attribute) {
  if (auto number = pipeline->getAttrOfType<IntegerAttr>(attribute))
    return number.getInt();
  return std::nullopt;
}

int64_t ScheduleBuilder::getLanes(Type element) {
  return element.getIntOrFloatBitWidth() > 32 ? target.vectorLanes / 2
                                              : target.vectorLanes;
}

int64_t ScheduleBuilder::getDividingLanes(int64_t extent, int64_t lanes) {
  while (lanes > 1 && extent % lanes != 0)
    lanes /= 2;
  return lanes;
}
